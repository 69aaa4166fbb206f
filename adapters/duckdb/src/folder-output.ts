import { readdir, rm, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import type { OutputSpec, Schema } from "@sluice/core";
import type { RunOptions, Session } from "./client.ts";
import { copySql } from "./output.ts";
import { quotePaths } from "./sql-text.ts";

/** The files below a folder, with their sizes. */
export async function filesBelow(
  folder: string,
): Promise<readonly { readonly path: string; readonly bytes: number }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(files.sort().map(async (path) => ({ path, bytes: (await stat(path)).size })));
}

/**
 * Cuts the Parquet files of a partitioned output that are too large: DuckDB 1.5.6 writes files of a size, and partitions, but
 * not both at once.
 */
export async function cutLargeFiles(
  output: OutputSpec,
  schema: Schema,
  session: Session,
  { memoryBytes, run }: { readonly memoryBytes: number | undefined; readonly run: RunOptions },
): Promise<void> {
  const { folder } = output;
  if (folder?.targetBytes === undefined || folder.partitions.length === 0) return;
  const columns = schema.columns.filter(({ name }) => !folder.partitions.includes(name));
  for (const { path, bytes } of await filesBelow(output.path)) {
    // A little above is no reason to write it all once more.
    if (bytes <= folder.targetBytes * 1.25) continue;
    const number = /-(\d+)\.[^/]*$/.exec(relative(output.path, path))?.[1] ?? "0";
    const pieces: OutputSpec = {
      ...output,
      path: join(path, ".."),
      folder: { ...folder, partitions: [], name: `${folder.name}-${number}` },
    };
    const scan = `select * from read_parquet(${quotePaths([path])}, hive_partitioning = false)`;
    await session.run(copySql(scan, pieces, { columns }, memoryBytes), run);
    await rm(path);
  }
}
