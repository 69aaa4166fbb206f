// Tables of the lake, read back without sluice: the catalog by the driver, manifests by avsc, files by DuckDB.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import avro from "avsc";
import Database from "libsql";
import { rowsOfParquet } from "../duckdb.mjs";

export const modes = ["append", "replace", "merge", "insert-only", "delete+insert", "overwrite"];
/** Tables know where they lie, so that a copy of the project would write into the original. */
export const isRooted = true;

export const into = (target) => `{ lake: chaos.${target}, partitions: [kind] }`;

/** The rows of a target; none where it was never written. */
export async function read(folder, target) {
  const catalog = join(folder, "lake/catalog.db");
  if (!existsSync(catalog)) return [];
  const database = new Database(catalog);
  const row = database
    .prepare("select metadata_location as place from iceberg_tables where table_namespace = 'chaos' and table_name = ?")
    .get(target);
  database.close();
  if (row === undefined) return [];
  const metadata = JSON.parse(
    readFileSync(pathOf(row.place), "utf8").replaceAll(/("current-snapshot-id"|"snapshot-id"):\s*(-?\d+)/g, '$1:"$2"'),
  );
  const snapshot = metadata.snapshots?.find((one) => one["snapshot-id"] === metadata["current-snapshot-id"]);
  if (snapshot === undefined) return [];
  const files = [];
  for (const manifest of await recordsOf(snapshot["manifest-list"])) {
    if (manifest.content !== 0) throw new Error("a manifest of deletes");
    for (const { status, data_file: file } of await recordsOf(manifest.manifest_path)) {
      if (status !== 2) files.push(pathOf(file.file_path));
    }
  }
  return files.length === 0 ? [] : rowsOfParquet(files);
}

const pathOf = (location) => (location.startsWith("file:") ? fileURLToPath(location) : location);

/** Numbers of 64 bits as JavaScript has them: the ids of snapshots are not compared here. */
const long = avro.types.LongType.__with({
  fromBuffer: (bytes) => bytes.readBigInt64LE(),
  toBuffer: (value) => Buffer.from(value),
  fromJSON: BigInt,
  toJSON: Number,
  isValid: (value) => typeof value === "bigint" || typeof value === "number",
  compare: (a, b) => Number(a - b),
});

function recordsOf(location) {
  return new Promise((resolve, reject) => {
    const records = [];
    const typeHook = (schema) => (schema === "long" || schema.type === "long" ? long : undefined);
    avro
      .createFileDecoder(pathOf(location), {
        parseHook: (schema) => avro.Type.forSchema(schema, { typeHook, wrapUnions: true }),
      })
      .on("data", (record) => records.push(record))
      .on("end", () => resolve(records))
      .on("error", reject);
  });
}
