import { writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { PlannedStage, ScannableInput } from "@sluice/core";
import { makeFolder, publishFile, remove, sizeOf } from "./durable.ts";
import { parquetInput } from "./landed-output.ts";
import type { RunContext } from "./run-context.ts";
import { fileNameOf } from "./run-folder.ts";

/** Keeps a finished Parquet file of rows that were taken out of an extract or a step; gives its path. */
export async function quarantine(
  context: RunContext,
  name: string,
  file: string,
): Promise<{ readonly path: string; readonly shown: string }> {
  const { folder, request } = context;
  await makeFolder(folder.quarantine);
  const path = pathOf(context, name);
  await publishFile(file, path);
  return { path, shown: relative(request.root, path).replaceAll("\\", "/") };
}

/** The names of the fields of raw records, for the files that have them in this order; for all files where none is named. */
export interface FieldOrder {
  readonly order: readonly string[];
  readonly files?: readonly string[];
}

/** What the fields of the records of an input are, so that their raw text can be read once more. */
export function fieldOrders({ groups }: Pick<ScannableInput, "groups">): readonly FieldOrder[] {
  const [only] = groups;
  if (only !== undefined && groups.length === 1) return [{ order: only.order }];
  return groups.map(({ order, files }) => ({ order, files: files.map(({ origin }) => origin) }));
}

/** Keeps rejects, and beside them what the fields of their raw text are. */
export async function quarantineRejects(
  context: RunContext,
  name: string,
  { file, orders }: { readonly file: string; readonly orders: readonly FieldOrder[] },
): Promise<{ readonly path: string; readonly shown: string }> {
  const aside = `${file}.orders`;
  await writeFile(aside, `${JSON.stringify({ version: 1, orders })}\n`);
  await makeFolder(context.folder.quarantine);
  await publishFile(aside, `${pathOf(context, name).slice(0, -".parquet".length)}.json`);
  return quarantine(context, name, file);
}

/** The name under which the wrong rows of a task or a command are kept, beside rows that its checks diverted. */
export function contractName(step: string): string {
  return `${step}.rejects`;
}

/** Forgets what an earlier attempt of a stage took out: this one finds its own. */
export async function emptyQuarantine(context: RunContext, stage: PlannedStage): Promise<void> {
  const datasets = stage.reads.flatMap((read) => ("dataset" in read ? [read.dataset] : []));
  for (const name of [stage.name, contractName(stage.name), ...datasets]) await remove(pathOf(context, name));
}

/** How many records of its datasets a stage has taken out, by what is kept of them. */
export async function keptRejects(context: RunContext, { reads }: PlannedStage): Promise<number> {
  let rejected = 0;
  for (const read of reads) {
    if (!("dataset" in read)) continue;
    const path = pathOf(context, read.dataset);
    const bytes = await sizeOf(path);
    if (bytes === undefined) continue;
    const input = parquetInput({ columns: [] }, { path, origin: path, bytes }, read.dataset);
    rejected += await context.request.engine.validate(input, context.signal);
  }
  return rejected;
}

function pathOf({ folder }: RunContext, name: string): string {
  return join(folder.quarantine, quarantineFile(name));
}

/** The file of what was taken out of an extract or a step, in the folder of its run. */
export function quarantineFile(name: string): string {
  return `${fileNameOf(name)}.parquet`;
}
