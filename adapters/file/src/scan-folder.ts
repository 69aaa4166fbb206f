import { readdir, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import type { FrozenColumn, InputFile, ScannableInput, StageRequest } from "@sluice/core";
import type { FileAddress } from "./config.ts";
import { partitionsOf } from "./hive-paths.ts";

/** The Parquet files of a folder that was just written, with what their folders say as columns. */
export async function scanFolder(
  folder: string,
  {
    address,
    request,
    columns,
  }: { readonly address: FileAddress; readonly request: StageRequest; readonly columns: readonly string[] },
): Promise<ScannableInput> {
  const { partitions = [], path } = address;
  const { schema, commitId } = request;
  const keys = schema.columns.map(({ name }) => name).filter((name) => partitions.includes(name));
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files: InputFile[] = [];
  for (const entry of entries.filter((one) => one.isFile())) {
    const file = join(entry.parentPath, entry.name);
    const said = new Map(partitionsOf(relative(folder, file)));
    const values = keys.map((key) => said.get(key) ?? null);
    const { size } = await stat(file);
    files.push({ path: file, origin: path, bytes: size, ...(keys.length === 0 ? {} : { values }) });
  }
  const order = schema.columns.map(({ name }) => name).filter((name) => !partitions.includes(name));
  return {
    format: "parquet",
    groups: [{ order, files }],
    columns: schema.columns
      .filter(({ name }) => columns.includes(name) || partitions.includes(name))
      .map((column): FrozenColumn => (partitions.includes(column.name) ? { ...column, partition: true } : column)),
    validate: "used",
    identity: commitId,
  };
}
