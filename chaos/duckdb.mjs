// DuckDB alone, to read files that sluice has written.
import { DuckDBInstance } from "@duckdb/node-api";

let instance;

/** The rows of Parquet files: a glob, or a list of paths. */
export async function rowsOfParquet(paths, options = "") {
  instance ??= await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  try {
    const files = [paths].flat().map((path) => `'${path.replaceAll("'", "''")}'`);
    const reader = await connection.runAndReadAll(
      `select id::int as id, kind::int as kind, version::int as version from read_parquet([${files.join(", ")}]${options})`,
    );
    return reader.getRowObjectsJson();
  } finally {
    connection.closeSync();
  }
}
