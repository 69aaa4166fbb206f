import { type RunRecord, SluiceError } from "@sluice/core";
import type { RunRequest } from "./run-request.ts";

/**
 * Refuses to resume a run after which another one of its pipeline has begun to work. Targets remember the last commit of
 * each load, so those of this run may be forgotten, and would be made twice; and a replace would bring older rows back.
 * A run that has never held the lease has committed nothing: it begins only now.
 */
export async function assertNotSuperseded(request: RunRequest, record: RunRecord): Promise<void> {
  const { id, pipeline, epoch } = record;
  if (epoch === undefined) return;
  const later = await request.store.latestRun(request.project, pipeline);
  if (later === undefined || later.id === id || (later.epoch ?? 0) <= epoch) return;
  const message = `run ${id} cannot be resumed: run ${later.id} of pipeline "${pipeline}" has begun after it`;
  const orResume = later.status === "succeeded" ? "" : `, or resume the later one: sluice run --resume ${later.id}`;
  throw new SluiceError("conflict", message, {
    reason: "superseded",
    offending: id,
    hint: `start a new run${orResume}`,
  });
}
