// What a load into the lake does to one Parquet file, by hand: the rows are written once and put onto the disk, and nothing is
// checked, counted or kept of what was there.
import { closeSync, fsyncSync, openSync, renameSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";
import { wideQuery } from "./wide-query.mjs";

const [operation, source, target] = process.argv.slice(2);
const rows = `read_parquet('${source}')`;
const stored = `read_parquet('${target}')`;
const QUERIES = {
  csv: () => wideQuery(source, "all"),
  "csv-unchecked": () => wideQuery(source, "none"),
  parquet: () => `select * from ${rows}`,
  merge: () => `select s.* from ${stored} s anti join ${rows} b using (id) union all select * from ${rows}`,
  delete: () => `select s.* from ${stored} s anti join ${rows} b using (id)`,
};

const instance = await DuckDBInstance.create(":memory:", { preserve_insertion_order: "false" });
const connection = await instance.connect();
const aside = `${target}.new`;
await connection.run(
  `copy (${QUERIES[operation]()}) to '${aside}' (format parquet, compression zstd, compression_level 1)`,
);
const file = openSync(aside, "r+");
fsyncSync(file);
closeSync(file);
renameSync(aside, target);
