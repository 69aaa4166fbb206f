import { randomUUID } from "node:crypto";
import { rename, rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ColumnStatistics, OutputSpec, Schema, TableOutput, WrittenFile } from "@sluice/core";
import type { RunOptions, Session } from "./client.ts";
import { copySql } from "./output.ts";
import { type PartitionTerm, partitionTerm } from "./partition-sql.ts";
import { quoteName, quotePaths, quoteText } from "./sql-text.ts";
import { PARTITION_KEY } from "./table-sql.ts";

type Written = Omit<WrittenFile, "partition">;

/** Takes the files of a COPY into the output's folder under names of their own, and tells the partition of each. */
export async function finishTable(
  rows: readonly (readonly unknown[])[],
  output: OutputSpec,
  table: TableOutput,
  schema: Schema,
  session: Session,
  { memoryBytes, run }: { readonly memoryBytes: number | undefined; readonly run: RunOptions },
): Promise<readonly WrittenFile[]> {
  const flat: Written[] = [];
  const folders = new Set<string>();
  for (const row of rows) {
    const written = writtenFile(row);
    if (table.partitions.length > 0) folders.add(dirname(written.path));
    for (const piece of await pieces(written, output, table, schema, session, { memoryBytes, run })) {
      if (piece.rows === 0) {
        await rm(piece.path);
        continue;
      }
      const path = join(output.path, `${randomUUID()}.parquet`);
      await rename(piece.path, path);
      flat.push({ ...piece, path });
    }
  }
  for (const folder of folders) await rmdir(folder);
  const values = await partitionsOf(flat, table, schema, session, run);
  return flat.map((file) => ({ ...file, partition: values.get(file.path) ?? [] }));
}

/** DuckDB 1.5.6 writes files of a size, and partitions, but not both at once: what is too large is cut afterwards. */
async function pieces(
  written: Written,
  output: OutputSpec,
  { targetBytes, partitions, ...table }: TableOutput,
  schema: Schema,
  session: Session,
  { memoryBytes, run }: { readonly memoryBytes: number | undefined; readonly run: RunOptions },
): Promise<readonly Written[]> {
  if (targetBytes === undefined || partitions.length === 0 || written.bytes <= targetBytes * 1.25) return [written];
  const spec: OutputSpec = { ...output, path: output.path, table: { ...table, targetBytes, partitions: [] } };
  const { signal } = run;
  const scan = `select * from read_parquet(${quotePaths([written.path])}, hive_partitioning = false)`;
  const { rows } = await session.run(copySql(scan, spec, schema, memoryBytes), signal === undefined ? {} : { signal });
  await rm(written.path);
  return rows.map(writtenFile);
}

/** All rows of a file are of one partition: the first tells which. */
async function partitionsOf(
  files: readonly Written[],
  { partitions }: TableOutput,
  schema: Schema,
  session: Session,
  { signal }: RunOptions,
): Promise<ReadonlyMap<string, readonly (string | null)[]>> {
  if (partitions.length === 0 || files.length === 0) return new Map();
  const terms: readonly PartitionTerm[] = partitions.map((partition) => partitionTerm(partition, schema));
  const texts = terms.map(({ sql }, index) => `cast(${sql} as varchar) as v${index}`);
  const paths = quotePaths(files.map(({ path }) => path));
  const { rows } = await session.run(
    `select ${quoteName(PARTITION_KEY)}, ${texts.join(", ")} from read_parquet(${paths}, hive_partitioning = false, filename = ${quoteText(PARTITION_KEY)}, file_row_number = true) where file_row_number = 0`,
    signal === undefined ? {} : { signal },
  );
  return new Map(
    rows.map(([path, ...printed]) => [
      String(path),
      printed.map((text, index) => (text === null ? null : (terms[index]?.textOf(String(text)) ?? null))),
    ]),
  );
}

/** A row of `return_stats`: filename, count, file_size_bytes, footer_size_bytes, column_statistics, partition_keys. */
function writtenFile([path, count, bytes, , statistics]: readonly unknown[]): Written {
  const columns = mapEntries(statistics).map(([key, values]) => columnStatistics(String(key), values));
  return { path: String(path), format: "parquet", rows: Number(count), bytes: Number(bytes), columns };
}

function columnStatistics(key: string, values: unknown): ColumnStatistics {
  const found = new Map(mapEntries(values).map(([name, value]) => [String(name), String(value)]));
  const [min, max, hasNan] = [found.get("min"), found.get("max"), found.get("has_nan")];
  return {
    path: pathOf(key),
    bytes: Number(found.get("column_size_bytes") ?? 0),
    values: Number(found.get("num_values") ?? 0),
    nulls: Number(found.get("null_count") ?? 0),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(hasNan === undefined ? {} : { hasNan: hasNan === "true" }),
  };
}

/** `"st"."x"`: quotes inside of a name are doubled. */
function pathOf(key: string): readonly string[] {
  return (key.match(/"(?:[^"]|"")*"/g) ?? []).map((part) => part.slice(1, -1).replaceAll('""', '"'));
}

/** A map as the driver gives it. */
function mapEntries(value: unknown): readonly (readonly [unknown, unknown])[] {
  const { entries = [] } = value as {
    readonly entries?: readonly { readonly key: unknown; readonly value: unknown }[];
  };
  return entries.map((entry) => [entry.key, entry.value]);
}
