import { canonicalJson, type Json, type PlannedStage, SluiceError } from "@sluice/core";
import type { RunContext } from "../run-context.ts";
import { advanced, positionIn, withPosition } from "./position.ts";
import { incrementalAbove, loadSlices } from "./slice-plan.ts";
import { sliceOf } from "./slice-record.ts";

/** What a load of what is new commits beside its rows; `undefined` where it has nothing to commit. */
export interface LoadPosition {
  readonly position: Json | undefined;
  /** Why it writes nothing, for people. */
  readonly nothing?: string;
}

/** Where a load will stand once it has committed what this run has found for it; nothing for a load that reads everything. */
export function loadPosition(
  context: RunContext,
  stage: PlannedStage,
  committed: Json | undefined,
): LoadPosition | undefined {
  const datasets = incrementalAbove(context, stage);
  if (datasets.length === 0) return undefined;
  const changes: [string, Json][] = [];
  let fresh = 0;
  for (const incremental of datasets) {
    const { dataset, cursor, read } = incremental;
    const record = sliceOf(context, incremental.stage.name);
    const mine = record.loads[stage.name] ?? null;
    if (canonicalJson(positionIn(committed, dataset)) !== canonicalJson(mine)) throw moved(stage, dataset);
    const slice = loadSlices(context, incremental, record.loads).get(stage.name);
    if (slice?.isActive !== true) {
      return {
        position: undefined,
        nothing: `"${stage.name}" waits: another load behind the same step has to catch up with it first`,
      };
    }
    const { node } = read.incremental;
    const way = { node, cursor, dataset };
    const next = slice.upto !== undefined && node.files === undefined ? slice.upto : record.next;
    changes.push([dataset, advanced(way, mine, next)]);
    fresh += record.fresh[stage.name] ?? 0;
    // Keys that are gone, and files without rows, move the position too.
    if (canonicalJson(advanced(way, mine, next)) !== canonicalJson(mine) && node.cursor === undefined) fresh += 1;
  }
  if (fresh === 0) return { position: undefined, nothing: `nothing is new for "${stage.name}"` };
  return { position: withPosition(committed, Object.fromEntries(changes)) };
}

function moved({ name }: PlannedStage, dataset: string): SluiceError {
  return new SluiceError("conflict", `what "${name}" has of "${dataset}" was changed since this run read it`, {
    reason: "position",
    hint: "start a new run",
  });
}
