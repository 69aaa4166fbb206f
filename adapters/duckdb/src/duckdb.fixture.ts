import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { Engine } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { afterAll } from "vitest";

/** A folder, the engine, and DuckDB as others use it, which writes the files that the engine reads; gone after the tests. */
export async function openDuckDb(): Promise<{
  readonly folder: string;
  readonly engine: Engine;
  readonly duckdb: DuckDBConnection;
}> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-duckdb-"));
  const engine = createDuckDbEngine({ threads: 2 });
  const instance = await DuckDBInstance.create(":memory:");
  const duckdb = await instance.connect();
  afterAll(async () => {
    duckdb.closeSync();
    instance.closeSync();
    await engine[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });
  return { folder, engine, duckdb };
}
