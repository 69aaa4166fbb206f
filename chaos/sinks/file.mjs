// Folders of Parquet, read back by DuckDB alone.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(new URL("../../adapters/duckdb/package.json", import.meta.url));

export const modes = ["replace"];
export const isPartitioned = true;

export const config = () => "";
export const into = (target) => `{ file: out/${target}, format: parquet, partitions: [kind] }`;

let instance;

/** The rows of a target; none where it was never written. */
export async function read(folder, target) {
  const path = join(folder, "out", target);
  if (!existsSync(path)) return [];
  const { DuckDBInstance } = require("@duckdb/node-api");
  instance ??= await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  try {
    const reader = await connection.runAndReadAll(
      `select id::int as id, kind::int as kind, version::int as version from read_parquet('${path}/**/*.parquet', hive_partitioning = true)`,
    );
    return reader.getRowObjectsJson();
  } finally {
    connection.closeSync();
  }
}
