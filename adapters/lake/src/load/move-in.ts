import { randomUUID } from "node:crypto";
import { copyFile, mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { WrittenFile } from "@sluice/core";
import { joinLocation, pathOf } from "../format/location.ts";
import type { DataFile, Field, PartitionSpec } from "../format/model.ts";
import type { Table } from "../format/table.ts";
import { dataFileOf } from "./data-file.ts";

/** Moves files from scratch space into the table's folder, onto the disk and under names that nothing has. */
export async function moveIn(
  added: readonly WrittenFile[],
  table: Table,
  shape: { readonly fields: readonly Field[]; readonly spec: PartitionSpec },
): Promise<readonly DataFile[]> {
  const folder = joinLocation(table.metadata.location, "data");
  const files = added.map((file) => dataFileOf(file, joinLocation(folder, `${randomUUID()}.parquet`), shape));
  if (files.length === 0) return files;
  await mkdir(pathOf(folder), { recursive: true });
  try {
    for (const [index, file] of files.entries()) {
      const to = pathOf(file.path);
      await moveFile(added[index]?.path ?? "", to);
      await sync(to);
    }
    await sync(pathOf(folder));
    await sync(join(pathOf(folder), ".."));
    return files;
  } catch (error) {
    await removeFiles(files);
    throw error;
  }
}

/** Undoes a move: a load that others were before may be tried again with the same files. */
export async function moveBack(files: readonly DataFile[], added: readonly WrittenFile[]): Promise<void> {
  for (const [index, { path }] of files.entries()) {
    const to = added[index]?.path;
    if (to !== undefined) await moveFile(pathOf(path), to).catch(() => rm(pathOf(path), { force: true }));
  }
}

/** Takes files away that no table knows. */
export async function removeFiles(files: readonly DataFile[]): Promise<void> {
  for (const { path } of files) await rm(pathOf(path), { force: true });
}

async function moveFile(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    // Scratch space may lie on another disk.
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    await copyFile(from, to);
    await rm(from);
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
