import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { testProject } from "../cli/sluice.ts";
import { query } from "../end-to-end/reading.ts";
import { openPyIceberg } from "../interop/pyiceberg.ts";
import { pythonEnvironment } from "../interop/python-environment.ts";
import { loadDump } from "./dump.ts";
import { openServer, type TestServer } from "./server.ts";

type Row = readonly (string | null)[];
interface Column {
  readonly name: string;
  readonly type: string;
}

const folder = join(process.env.SLUICE_TEST_DATA ?? "/nowhere", "sql");

/** `dumps`: files of SQL, in order; `views`: those whose rows are always written the same. */
const DATABASES = [
  { name: "northwind", dumps: ["northwind.sql"], views: [], tables: 14, rows: 3362 },
  {
    name: "sakila",
    dumps: ["sakila-schema.sql", "sakila-data-copy.sql"],
    views: ["customer_list", "sales_by_film_category", "sales_by_store", "staff_list"],
    tables: 21,
    rows: 46_273,
  },
] as const;

const config = (name: string, relations: readonly string[]): string => `import {
  defineConfig,
  postgres,
  secret,
} from "sluice";
const relations = ${JSON.stringify(relations)};
export default defineConfig({
  project: "${name}",
  datasets: Object.fromEntries(relations.map((one) => [one, postgres("server").table("public." + one)])),
  connections: { server: { type: "postgres", url: secret("URL") } },
});
`;

describe.each(DATABASES)("$name, whole", ({ name, dumps, views, tables, rows }) => {
  it.skipIf(dumps.some((dump) => !existsSync(join(folder, dump))))(
    "goes from PostgreSQL to the lake, each table equal to what another reader finds there",
    async ({ skip }) => {
      await using server = (await openServer()) ?? skip("there is no PostgreSQL");
      for (const dump of dumps) await loadDump(server.url, readFileSync(join(folder, dump), "utf8"));
      const found = await server.query("select tablename::text from pg_tables where schemaname = 'public' order by 1");
      const relations = [...found.map(([table]) => String(table)), ...views];
      expect(found).toHaveLength(tables);

      const loads = relations.map(
        (one) => `  load_${one}: { load: { from: ${one}, into: lake.${name}.${one}, mode: append } }\n`,
      );
      using project = testProject({
        "sluice.config.ts": config(name, relations),
        "pipelines/all.yaml": `name: all\nsteps:\n${loads.join("")}`,
      });
      for (const words of [["sync"], ["run", "--json"]]) {
        const { status, error } = project.run(words, { URL: server.url });
        expect([words[0], error, status]).toEqual([words[0], "", 0]);
      }

      await using reader = await openReader(project.root);
      let counted = 0;
      for (const one of relations) {
        const columns = await columnsOf(server, one);
        const expected = await rowsOf(server, one, columns);
        expect([one, ordered(await reader.rows(`${name}.${one}`, columns))]).toEqual([one, ordered(expected)]);
        if (!(views as readonly string[]).includes(one)) counted += expected.length;
      }
      expect(counted).toBe(rows);
    },
  );
});

interface Reader extends AsyncDisposable {
  rows(table: string, columns: readonly Column[]): Promise<readonly Row[]>;
}

/** PyIceberg; where there is none, a DuckDB of the test's own over the Parquet files of tables that were written once. */
async function openReader(root: string): Promise<Reader> {
  const environment = await pythonEnvironment();
  const lake = join(root, "lake");
  if ("python" in environment) {
    const other = openPyIceberg(environment.python, `sqlite:///${lake}/catalog.db`, lake);
    return {
      rows: async (table, columns) => {
        const rows = await other.ask<readonly Readonly<Record<string, unknown>>[]>("rows", { table });
        return rows.map((row) => {
          expect(Object.keys(row)).toEqual(columns.map(({ name }) => name));
          return columns.map((column) => textOf(row[column.name], column));
        });
      },
      [Symbol.asyncDispose]: () => other[Symbol.asyncDispose](),
    };
  }
  return {
    rows: async (table, columns) => {
      const data = join(lake, table.replace(".", "/"), "data");
      if (!existsSync(data)) return [];
      const list = columns.map(({ name, type }) => (type === "bytea" ? `lower(hex("${name}"))` : `"${name}"::text`));
      const rows = await query(`select ${list.join(", ")} from '${data}/*.parquet'`);
      return rows.map((row) => columns.map((column, index) => textOf(row[index], column)));
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

async function columnsOf(server: TestServer, table: string): Promise<readonly Column[]> {
  const rows = await server.query(
    `select attname::text, format_type(atttypid, null) from pg_attribute
     where attrelid = '"${table}"'::regclass and attnum > 0 and not attisdropped order by attnum`,
  );
  return rows.map(([name, type]) => ({ name: String(name), type: String(type) }));
}

/** What is in PostgreSQL, by its own means. */
async function rowsOf(server: TestServer, table: string, columns: readonly Column[]): Promise<readonly Row[]> {
  const list = columns.map(({ name, type }) => {
    if (type === "bytea") return `encode("${name}", 'hex')`;
    return type.endsWith("[]") ? `to_json("${name}")::text` : `"${name}"::text`;
  });
  const rows = await server.query(`select ${list.join(", ")} from "${table}"`);
  return rows.map((row) => columns.map((column, index) => textOf(row[index], column)));
}

/** `14` and `14.0` are one number, and `0.02` and `0.019999999552965164` are one real. */
function textOf(value: unknown, { type }: Column): string | null {
  if (value === null) return null;
  return type === "real" ? String(Math.fround(Number(value))) : String(value);
}

const ordered = (rows: readonly Row[]): readonly string[] => rows.map((row) => JSON.stringify(row)).toSorted();
