import { DuckDBInstance } from "@duckdb/node-api";
import Database from "libsql";

/** Rows of a query over files, by a DuckDB of the test's own: an independent reader of what sluice wrote. */
export async function query(sql: string): Promise<readonly (readonly unknown[])[]> {
  const connection = await (await DuckDBInstance.fromCache(":memory:")).connect();
  try {
    const reader = await connection.runAndReadAll(sql);
    return reader.getRowsJson();
  } finally {
    connection.closeSync();
  }
}

/** Rows of a query over a SQLite file, as arrays. */
export function querySqlite(path: string, sql: string): readonly (readonly unknown[])[] {
  const database = new Database(path, { readonly: true });
  try {
    return database.prepare(sql).raw().all() as readonly (readonly unknown[])[];
  } finally {
    database.close();
  }
}
