import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { testProject } from "../cli/sluice.ts";
import { query, querySqlite } from "../end-to-end/reading.ts";
import { openServer } from "./server.ts";

const chinook = join(process.env.SLUICE_TEST_DATA ?? "/nowhere", "sqlite/Chinook_Sqlite.sqlite");
const server = await openServer();
afterAll(() => server?.[Symbol.asyncDispose]());

const TABLES = [
  "Album",
  "Artist",
  "Customer",
  "Employee",
  "Genre",
  "Invoice",
  "InvoiceLine",
  "MediaType",
  "Playlist",
  "PlaylistTrack",
  "Track",
] as const;

/** Each pipeline takes every table one place further; a place's datasets can be synced when its tables are there. */
const STAGES = [
  { name: "to_server", from: "music", into: (table: string) => `postgres.server.chinook.${table}` },
  { name: "to_lake", from: "server", into: (table: string) => `lake.chinook.${table}` },
  { name: "to_files", from: "lake", into: (table: string) => `{ file: out/${table}.parquet }` },
  { name: "to_sqlite", from: "files", into: (table: string) => `sqlite.back.${table}` },
] as const;

/** What a column of Chinook is declared as, and what it is when it comes back. Nothing else changes. */
const DECLARED: readonly (readonly [pattern: RegExp, after: string])[] = [
  [/^INTEGER$/, "INTEGER"],
  [/^NVARCHAR\(\d+\)$/, "TEXT"],
  [/^DATETIME$/, "TIMESTAMP"],
  // SQLite has binary fractions and no decimals: every digit is kept as text.
  [/^NUMERIC\(10,2\)$/, "TEXT DECIMAL(10,2)"],
];

const CONFIG = `import { defineConfig, lake, parquet, postgres, secret, sqlite } from "sluice";
const tables = ${JSON.stringify(TABLES)};
const each = (place, source) => Object.fromEntries(tables.map((table) => [place + "_" + table, source(table)]));
export default defineConfig({
  project: "chinook",
  datasets: {
    ...each("music", (table) => sqlite("music").table(table)),
    ...each("server", (table) => postgres("server").table("chinook." + table)),
    ...each("lake", (table) => lake.table("chinook." + table)),
    ...each("files", (table) => parquet("out/" + table + ".parquet")),
  },
  connections: {
    music: { type: "sqlite", path: ${JSON.stringify(chinook)} },
    back: { type: "sqlite", path: "back.db" },
    server: { type: "postgres", url: secret("URL") },
  },
});
`;

describe.skipIf(server === undefined || !existsSync(chinook))("Chinook, whole", () => {
  if (server === undefined) return;

  it("goes from SQLite to PostgreSQL, the lake, Parquet and SQLite, and is equal at each place", async () => {
    const pipelines = STAGES.map(({ name, from, into }) => {
      const loads = TABLES.map(
        (table) => `  load_${table}: { load: { from: ${from}_${table}, into: ${into(table)}, mode: replace } }\n`,
      );
      return [`pipelines/${name}.yaml`, `name: ${name}\nsteps:\n${loads.join("")}`];
    });
    using project = testProject({ "sluice.config.ts": CONFIG, ...Object.fromEntries(pipelines) });
    for (const { name, from } of STAGES) {
      for (const words of [
        ["sync", ...TABLES.map((table) => `${from}_${table}`)],
        ["run", name],
      ]) {
        const { status, error } = project.run(words, { URL: server.url });
        expect([words[0], words[1], error, status]).toEqual([words[0], words[1], "", 0]);
      }
    }

    const back = join(project.root, "back.db");
    for (const table of TABLES) {
      const columns = columnsOf(chinook, table);
      const names = columns.map(([name]) => name);
      expect([table, columnsOf(back, table)]).toEqual([table, columns.map(([name, type]) => [name, declared(type)])]);

      // Each place is read by its own client, as text; a decimal of Chinook has two places.
      const places = ordered(names);
      const texts = columns.map(([name, type]) =>
        type.startsWith("NUMERIC") ? `printf('%.2f', "${name}")` : `cast("${name}" as text)`,
      );
      const rows = querySqlite(chinook, `select ${texts.join(", ")} from "${table}" t ${places}`);
      expect(rows.length).toBeGreaterThan(0);
      const plain = names.map((name) => `cast("${name}" as text)`).join(", ");
      expect(await server.query(`select ${plain} from chinook."${table}" t ${places}`)).toEqual(rows);
      expect(await query(`select ${plain} from '${project.root}/out/${table}.parquet' t ${places}`)).toEqual(rows);
      expect(querySqlite(back, `select ${plain} from "${table}" t ${places}`)).toEqual(rows);

      // The same values, and stored the same way: decimals alone are text where they were binary fractions.
      const kinds = names.map((name) => `typeof("${name}")`).join(", ");
      const stored = querySqlite(chinook, `select ${kinds} from "${table}" t ${places}`);
      expect(querySqlite(back, `select ${kinds} from "${table}" t ${places}`)).toEqual(
        stored.map((row) =>
          row.map((kind, index) => (columns[index]?.[1].startsWith("NUMERIC") === true ? "text" : kind)),
        ),
      );

      // sluice's own types stay from place to place; whether a column may be null is told by SQLite and PostgreSQL alone.
      const types = STAGES.map(({ from }) => typesOf(project.root, `${from}_${table}`));
      expect(types).toEqual(types.map(() => types[0]));
    }
  });
});

/** All tables begin with the columns that tell their rows apart; `t.` takes their values and not the texts of them. */
function ordered(names: readonly string[]): string {
  return `order by ${names
    .slice(0, 2)
    .map((name) => `t."${name}"`)
    .join(", ")}`;
}

function columnsOf(path: string, table: string): readonly (readonly [name: string, type: string])[] {
  return querySqlite(path, `select name, type from pragma_table_info('${table}')`).map(([name, type]) => [
    String(name),
    String(type),
  ]);
}

function declared(type: string): string {
  const after = DECLARED.find(([pattern]) => pattern.test(type))?.[1];
  if (after === undefined) throw new Error(`no column of Chinook is declared as ${type}`);
  return after;
}

function typesOf(root: string, dataset: string): readonly (readonly [name: string, type: string])[] {
  const { columns } = JSON.parse(readFileSync(join(root, `schemas/${dataset}.json`), "utf8")) as {
    readonly columns: readonly { readonly name: string; readonly type: string }[];
  };
  return columns.map(({ name, type }) => [name, type]);
}
