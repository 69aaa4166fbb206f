// A text of ten columns to Parquet by hand: one statement. With validation every typed value is checked exactly by one expression
// per record, as sluice does; `none` trusts the casts.
import { closeSync, fsyncSync, mkdirSync, openSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";
import { wideQuery } from "./wide-query.mjs";

const [folder, format, runs, validate] = [process.argv[2], process.argv[3], Number(process.argv[4]), process.argv[5]];
const out = `${folder}/hand`;
mkdirSync(out, { recursive: true });

const instance = await DuckDBInstance.create(":memory:", { preserve_insertion_order: "false" });
const connection = await instance.connect();
const seconds = [];
for (let index = 0; index <= runs; index += 1) {
  const started = performance.now();
  const path = `${out}/wide.parquet`;
  await connection.run(
    `copy (${wideQuery(`${folder}/data/wide.${format}`, validate)}) to '${path}' (format parquet, compression zstd, compression_level 1)`,
  );
  const file = openSync(path, "r+");
  fsyncSync(file);
  closeSync(file);
  if (index > 0) seconds.push((performance.now() - started) / 1000);
}
console.log(JSON.stringify({ seconds, memoryMb: process.resourceUsage().maxRSS / 1024 }));
