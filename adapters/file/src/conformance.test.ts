import { existsSync } from "node:fs";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  createPlaces,
  describeSink,
  describeSource,
  readInput,
  type TextRow,
  tracesIn,
  writeRows,
} from "@sluice/conformance";
import { createRecordSplitter, parseFields, type Schema } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { adapter } from "@sluice/file";
import { afterAll } from "vitest";

const places = createPlaces("sluice-file-");
afterAll(places.remove);

const engine = createDuckDbEngine({ threads: 2 });
afterAll(() => engine[Symbol.asyncDispose]());

const NAME = "a'b [1] ü";
const dialect = { delimiter: ",", quote: '"', escape: '"', newline: "lf" } as const;

describeSource({
  name: "file, csv",
  adapter,
  openContext: () => places.newContext(engine),
  create: async (schema, rows) => {
    const path = join(await places.newFolder(), `${NAME}.csv`);
    await writeFile(path, csvText(schema, rows));
    return { address: { type: "file", path, header: true } };
  },
  missing: async () => ({ address: { type: "file", path: join(await places.newFolder(), "absent.csv") } }),
  foundAs: { "decimal(10,2)": "float64" },
  mostColumns: 2000,
});

describeSource({
  name: "file, parquet",
  adapter,
  openContext: () => places.newContext(engine),
  create: async (schema, rows) => {
    const path = join(await places.newFolder(), `${NAME}.parquet`);
    await writeRows(engine, schema, rows, { format: "parquet", path, ordered: true });
    return { address: { type: "file", path } };
  },
  missing: async () => ({ address: { type: "file", path: join(await places.newFolder(), "absent.parquet") } }),
  mostColumns: 2000,
  gaps: {
    "source.discover.declared": {
      status: "notYet",
      reason: "a Parquet file has types of its own; a step may cast them",
    },
  },
});

describeSink({
  name: "file, csv",
  adapter,
  openContext: () => places.newContext(engine),
  createTarget: async () => {
    const folder = await places.newFolder();
    const path = join(folder, `${NAME}.csv`);
    return {
      address: { type: "file", path },
      rows: async () => (existsSync(path) ? csvRows(await readFile(path)) : undefined),
      traces: () => tracesIn(folder),
    };
  },
  mostColumns: 2000,
});

describeSink({
  name: "file, parquet",
  adapter,
  openContext: () => places.newContext(engine),
  createTarget: async () => {
    const folder = await places.newFolder();
    const path = join(folder, `${NAME}.parquet`);
    return {
      address: { type: "file", path },
      rows: async (schema) => (existsSync(path) ? await parquetRows(path, schema) : undefined),
      traces: () => tracesIn(folder),
    };
  },
  mostColumns: 2000,
});

async function parquetRows(path: string, schema: Schema) {
  const order = schema.columns.map((column) => column.name);
  const files = [{ path, origin: path, bytes: (await stat(path)).size }];
  return await readInput(engine, {
    format: "parquet",
    groups: [{ order, files }],
    columns: schema.columns,
    validate: "all",
    identity: null,
  });
}

function csvRows(bytes: Buffer): (string | null)[][] {
  const rows: (string | null)[][] = [];
  const splitter = createRecordSplitter({ dialect, header: true });
  const keep = (record: Parameters<Parameters<typeof splitter.push>[1]>[0]): void => {
    if (record.problem !== undefined) throw new Error(`line ${record.line} ${record.problem}`);
    if (record.record === 0) return;
    const fields = parseFields(record.bytes(), dialect);
    rows.push(fields.map(({ text, quoted }) => (text === "" && !quoted ? null : text)));
  };
  splitter.push(bytes, keep);
  splitter.end(keep);
  return rows;
}

/** As a careful program writes it: text in quotes, times with all their digits, null as nothing at all. */
function csvText(schema: Schema, rows: readonly TextRow[]): string {
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const field = (value: string | boolean | null, type: string): string => {
    if (value === null) return "";
    if (type === "string" || type === "json") return quoted(String(value));
    if (!type.startsWith("time")) return String(value);
    const [, clock = "", fraction = "", zone = ""] =
      /^(.*?:\d\d:\d\d)(?:\.(\d+))?([+-]\d\d)?$/.exec(String(value)) ?? [];
    return `${clock}.${fraction.padEnd(6, "0")}${zone}`;
  };
  const lines = rows.map((row) => row.map((value, index) => field(value, schema.columns[index]?.type ?? "")).join(","));
  return [schema.columns.map((column) => quoted(column.name)).join(","), ...lines].map((line) => `${line}\n`).join("");
}
