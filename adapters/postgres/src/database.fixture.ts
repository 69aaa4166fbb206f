import type { Json, Schema } from "@sluice/core";
import pg from "pg";
import { afterAll } from "vitest";
import { quoted, quotedText } from "./names.ts";
import { declaredType } from "./types.ts";

/** A session of a test's own, beside the adapter: all values are text. */
export interface TestDatabase extends AsyncDisposable {
  readonly url: string;
  readonly client: pg.Client;
  query(sql: string, values?: readonly unknown[]): Promise<readonly (readonly (string | null)[])[]>;
  /** A name that no other test of the file has. */
  newName(): string;
}

export async function openDatabase(url: string): Promise<TestDatabase> {
  const client = new pg.Client({
    connectionString: url,
    types: { getTypeParser: () => (text: unknown) => text } as unknown as pg.CustomTypesConfig,
  });
  client.on("error", () => undefined);
  await client.connect();
  await client.query("set timezone = 'UTC'");
  let names = 0;
  return {
    url,
    client,
    query: async (sql, values = []) => {
      const { rows } = await client.query<(string | null)[]>({ text: sql, values: [...values], rowMode: "array" });
      return rows;
    },
    newName: () => {
      names += 1;
      return `table ${names}"ü.x`;
    },
    [Symbol.asyncDispose]: () => client.end(),
  };
}

/** A session with the server, where there is one; after the tests it is gone, and so is what else they opened. */
export async function databaseForTests({
  url,
  engine,
  places,
}: {
  readonly url: string | undefined;
  readonly engine: AsyncDisposable;
  readonly places: { remove(): Promise<void> };
}): Promise<TestDatabase | undefined> {
  const database = url === undefined ? undefined : await openDatabase(url);
  afterAll(async () => {
    await database?.[Symbol.asyncDispose]();
    await engine[Symbol.asyncDispose]();
    await places.remove();
  });
  return database;
}

/** A table made without the adapter, its values given as text. */
export async function createTable(
  database: TestDatabase,
  table: string,
  schema: Schema,
  rows: readonly (readonly (string | boolean | null)[])[],
): Promise<void> {
  const columns = schema.columns.map(({ name, type }) => `${quoted(name)} ${declaredType(type)}`);
  await database.query(`create table ${quoted(table)} (${columns.join(", ")})`);
  const literalOf = (value: string | boolean | null, type: string): string => {
    if (value === null) return "null";
    const text = type === "bytes" ? `\\x${String(value)}` : String(value);
    return `${quotedText(text)}::${declaredType(type)}`;
  };
  for (let from = 0; from < rows.length; from += 500) {
    const tuples = rows
      .slice(from, from + 500)
      .map(
        (row) => `(${row.map((value, index) => literalOf(value, schema.columns[index]?.type ?? "string")).join(", ")})`,
      );
    await database.query(`insert into ${quoted(table)} values ${tuples.join(", ")}`);
  }
}

/** All tables of a schema with their columns, indexes and rows, to compare before and after. */
export async function tracesOf(database: TestDatabase, schema: string): Promise<Json> {
  const tables = await database.query("select tablename from pg_tables where schemaname = $1 order by 1", [schema]);
  const columns = await database.query(
    "select table_name, column_name, data_type, is_nullable from information_schema.columns where table_schema = $1 order by 1, ordinal_position",
    [schema],
  );
  const indexes = await database.query("select indexdef from pg_indexes where schemaname = $1 order by 1", [schema]);
  const rows = tables.map(([table]) =>
    database.query(`select t::text from ${quoted(schema)}.${quoted(table ?? "")} t order by 1`),
  );
  return [tables, columns, indexes, await Promise.all(rows)] as unknown as Json;
}
