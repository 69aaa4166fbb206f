import { join, relative } from "node:path";
import type { PlannedStage } from "@sluice/core";
import { makeFolder, publishFile, remove } from "./durable.ts";
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

/** Forgets what an earlier attempt of a stage took out: this one finds its own. */
export async function emptyQuarantine(context: RunContext, stage: PlannedStage): Promise<void> {
  const datasets = stage.reads.flatMap((read) => ("dataset" in read ? [read.dataset] : []));
  for (const name of [stage.name, ...datasets]) await remove(pathOf(context, name));
}

function pathOf({ folder }: RunContext, name: string): string {
  return join(folder.quarantine, `${fileNameOf(name)}.parquet`);
}
