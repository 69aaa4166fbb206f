import { existsSync } from "node:fs";
import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
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
import { createRecordSplitter, JsonScanner, parseFields, type Schema, textOfToken } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { adapter } from "@sluice/file";
import { afterAll } from "vitest";
import { partitionsOf } from "./hive-paths.ts";

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
  report: "file, csv",
  adapter,
  openContext: () => places.newContext(engine),
  takeAway: ({ address }) => rm(String(address.path), { recursive: true }),
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
  report: "file, parquet",
  adapter,
  openContext: () => places.newContext(engine),
  takeAway: ({ address }) => rm(String(address.path), { recursive: true }),
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

for (const format of ["ndjson", "json"] as const) {
  describeSource({
    name: `file, ${format}`,
    adapter,
    openContext: () => places.newContext(engine),
    create: async (schema, rows) => {
      const path = join(await places.newFolder(), `${NAME}.${format}`);
      const lines = rows.map((row) => jsonText(schema, row));
      await writeFile(path, format === "json" ? `[${lines.join(",\n")}]\n` : lines.map((line) => `${line}\n`).join(""));
      return { address: { type: "file", path } };
    },
    missing: async () => ({ address: { type: "file", path: join(await places.newFolder(), `absent.${format}`) } }),
    foundAs: { "decimal(10,2)": "float64" },
    mostColumns: 2000,
    gaps: {
      "source.read.empty": { status: "notYet", reason: "columns of JSON are the keys of its records: none has none" },
      "source.drift.removed": {
        status: "notYet",
        reason: "a key that is absent is a null; a renamed one is drift since it is new, and `required` rejects",
      },
    },
  });

  describeSink({
    name: `file, ${format}`,
    report: `file, ${format}`,
    adapter,
    openContext: () => places.newContext(engine),
    takeAway: ({ address }) => rm(String(address.path), { recursive: true }),
    createTarget: async () => {
      const folder = await places.newFolder();
      const path = join(folder, `${NAME}.${format}`);
      return {
        address: { type: "file", path },
        rows: async (schema) => (existsSync(path) ? jsonRows(await readFile(path, "utf8"), format, schema) : undefined),
        traces: () => tracesIn(folder),
      };
    },
    mostColumns: 2000,
  });
}

describeSink({
  name: "file, parquet in a folder",
  report: "file, parquet in a folder",
  adapter,
  capabilities: { modes: ["replace", "append", "overwrite"], evolve: ["fail"], ordered: false },
  openContext: () => places.newContext(engine),
  takeAway: ({ address }) => rm(String(address.path), { recursive: true }),
  createTarget: async (partitions) => {
    const folder = await places.newFolder();
    const path = join(folder, NAME);
    // Those that the suite names none for need not have any.
    const parted = partitions === undefined ? { targetSize: "64MB" } : { partitions };
    return {
      address: { type: "file", path, format: "parquet", ...parted },
      rows: async (schema) => (existsSync(path) ? await folderRows(path, schema, partitions) : undefined),
      traces: () => tracesIn(folder),
    };
  },
  mostColumns: 2000,
});

/** The values as JSON has them, each as its text; times and bytes as the suite writes them. */
function jsonRows(text: string, format: "json" | "ndjson", schema: Schema): (string | null)[][] {
  const lines = text.split("\n").filter((line) => line.startsWith("{"));
  return lines.map((line) => {
    const scanner = new JsonScanner(format === "json" ? line.replace(/,$/, "") : line);
    scanner.take("{");
    const row = schema.columns.map(({ type }) => {
      scanner.string();
      scanner.take(":");
      const kind = scanner.kind() ?? "null";
      const token = (kind === "string" ? scanner.string() : scanner.value()) ?? "";
      scanner.take(",");
      if (kind === "null") return null;
      const value = kind === "string" && type !== "json" ? textOfToken(token) : token;
      if (type === "bytes") return Buffer.from(value, "base64").toString("hex");
      return type.startsWith("timestamp") ? value.replace("T", " ").replace("Z", "+00") : value;
    });
    // JSON has one null: where there are other values beside it, the suite means that of type json.
    const isNothing = row.filter((value) => value !== null).length < row.length / 2;
    return row.map((value, index) =>
      value === null && !isNothing && schema.columns[index]?.type === "json" ? "null" : value,
    );
  });
}

/** As a careful program writes it: times with all their digits. */
function jsonText(schema: Schema, row: TextRow): string {
  const members = schema.columns.map(({ name, type }, index) => {
    const value = row[index] ?? null;
    const isBare = value === null || /^(?:u?int|float|decimal|bool)/.test(type);
    const [, clock = "", fraction = "", zone = ""] =
      /^(.*?:\d\d:\d\d)(?:\.(\d+))?([+-]\d\d)?$/.exec(String(value)) ?? [];
    const text = type.startsWith("time") ? `${clock}.${fraction.padEnd(6, "0")}${zone}` : String(value);
    return `${JSON.stringify(name)}:${isBare ? String(value) : JSON.stringify(text)}`;
  });
  return `{${members.join(",")}}`;
}

async function folderRows(folder: string, schema: Schema, partitions: readonly string[] = []) {
  const rows: TextRow[] = [];
  const stored = { columns: schema.columns.filter((column) => !partitions.includes(column.name)) };
  for (const name of (await readdir(folder, { recursive: true })).sort()) {
    if (!name.endsWith(".parquet")) continue;
    const said = new Map(partitionsOf(name));
    for (const row of await parquetRows(join(folder, name), stored)) {
      const values = new Map(stored.columns.map((column, index) => [column.name, row[index] ?? null]));
      rows.push(schema.columns.map((column) => values.get(column.name) ?? said.get(column.name) ?? null));
    }
  }
  return rows;
}

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
