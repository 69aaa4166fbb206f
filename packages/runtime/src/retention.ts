import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { remove } from "./durable.ts";
import type { RunContext } from "./run-context.ts";

const KEPT_RUNS = 10;

/**
 * Removes landed files and quarantines of old runs of this pipeline; those of the newest runs stay, also of failed ones,
 * so that they can be resumed. Called while the lease is held: no other run of the pipeline is under way.
 */
export async function removeOldRuns(context: RunContext): Promise<void> {
  const { request, pipeline, run, folder } = context;
  await remove(folder.scratch);
  const stage = join(request.stateFolder, "stage");
  const found = (await readdir(stage, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory() && entry.name !== "persistent" && entry.name !== run)
    .map((entry) => entry.name);
  const limit = request.keepRuns ?? KEPT_RUNS;
  if (found.length < limit) return;
  const { project, store } = request;
  const kept = new Set((await store.listRuns({ project, pipeline, limit })).map((record) => record.id));
  for (const id of found) {
    if (kept.has(id)) continue;
    const record = await store.getRun(project, id);
    if (record?.id === id && record.pipeline === pipeline) await remove(join(stage, id));
  }
}
