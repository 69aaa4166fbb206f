// Folders of Parquet, read back by DuckDB alone.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { rowsOfParquet } from "../duckdb.mjs";

export const modes = ["append", "replace", "overwrite"];
export const isPartitioned = true;

export const into = (target) => `{ file: out/${target}, format: parquet, partitions: [kind] }`;

/** The rows of a target; none where it was never written. */
export async function read(folder, target) {
  const path = join(folder, "out", target);
  if (!existsSync(path)) return [];
  return rowsOfParquet(`${path}/**/*.parquet`, ", hive_partitioning = true");
}
