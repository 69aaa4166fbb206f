import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  createPlaces,
  createRowsEngine,
  describeSink,
  describeSource,
  describeStore,
  type TextRow,
  tracesIn,
} from "@sluice/conformance";
import { type Engine, parseType, type Schema } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { adapter, openStore } from "@sluice/sqlite";
import Database from "libsql";
import { afterAll } from "vitest";
import { declaredType } from "./types.ts";

const places = createPlaces("sluice-sqlite-");
afterAll(places.remove);

const duckDb = createDuckDbEngine({ threads: 2 });
afterAll(() => duckDb[Symbol.asyncDispose]());

// The rows engine hands over values as they were written; DuckDB is what loads use.
const engines: readonly (readonly [name: string, engine: Engine])[] = [
  ["rows engine", createRowsEngine()],
  ["DuckDB", duckDb],
];
const TABLE = 'the "table"';
const QUOTED = '"the ""table"""';

for (const [name, engine] of engines) {
  describeSink({
    name: `sqlite, ${name}`,
    ...(name === "DuckDB" ? { report: "sqlite" } : {}),
    adapter,
    openContext: () => places.newContext(engine),
    createTarget: async () => {
      const folder = await places.newFolder();
      const path = join(folder, "target's [1] ü%41?.db");
      return {
        address: { type: "sqlite", path, table: TABLE },
        rows: async (schema) => (existsSync(path) ? readTable(path, schema) : undefined),
        traces: () => tracesIn(folder),
      };
    },
    takeAway: async ({ address }) => {
      const database = new Database(String(address.path)) as unknown as Driver;
      database.exec(`drop table ${QUOTED}`);
      database.close();
    },
  });

  describeSource({
    name: `sqlite, ${name}`,
    adapter,
    openContext: () => places.newContext(engine),
    create: async (schema, rows) => {
      const path = join(await places.newFolder(), "source.db");
      createTable(path, schema, rows);
      return { address: { type: "sqlite", connection: "main", table: TABLE }, connection: { type: "sqlite", path } };
    },
    missing: async () => ({
      address: { type: "sqlite", path: join(await places.newFolder(), "absent.db"), table: TABLE },
    }),
  });
}

describeStore({
  name: "sqlite",
  create: async () => {
    const path = join(await places.newFolder(), "state.db");
    return () => openStore({ path });
  },
});

/** What the driver's own types leave out. */
interface Driver {
  exec(sql: string): void;
  prepare(sql: string): {
    raw(on: boolean): { safeIntegers(on: boolean): { all(parameters: readonly unknown[]): unknown[][] } };
    run(parameters: readonly unknown[]): void;
  };
  close(): void;
}

function readTable(path: string, schema: Schema): readonly (readonly unknown[])[] | undefined {
  const database = new Database(path) as unknown as Driver;
  const all = (sql: string): unknown[][] => database.prepare(sql).raw(true).safeIntegers(true).all([]);
  try {
    if (all(`select 1 from sqlite_master where name = '${TABLE}'`).length === 0) return undefined;
    return all(
      `select ${schema.columns.map((column) => quoted(column.name)).join(", ")} from ${QUOTED} order by rowid`,
    );
  } finally {
    database.close();
  }
}

/** A table as people make it, with the types that the sink would declare, filled by the driver itself. */
function createTable(path: string, schema: Schema, rows: readonly TextRow[]): void {
  const database = new Database(path) as unknown as Driver;
  const columns = schema.columns.map((column) => `${quoted(column.name)} ${declaredType(column.type)}`);
  database.exec(`create table ${QUOTED} (${columns.join(", ")}); begin`);
  const insert = database.prepare(`insert into ${QUOTED} values (${columns.map(() => "?").join(", ")})`);
  for (const row of rows) insert.run(row.map((value, index) => stored(schema.columns[index]?.type ?? "string", value)));
  database.exec("commit");
  database.close();
}

function stored(type: string, value: string | boolean | null): string | number | bigint | Uint8Array | null {
  if (value === null) return null;
  const { kind } = parseType(type);
  if (kind === "bool") return value === true ? 1 : 0;
  if (kind === "bytes") return Buffer.from(String(value), "hex");
  if (kind === "float32" || kind === "float64") return Number(value);
  if (kind === "uint64") return String(value);
  return /^u?int/.test(kind) ? BigInt(String(value)) : String(value).replace(/\+00$/, "+00:00");
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
