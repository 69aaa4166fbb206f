import type { PlannedStage } from "@sluice/core";
import { stopReason, toSluiceError } from "./error-record.ts";
import type { RunContext } from "./run-context.ts";
import { leaveOut, runStage } from "./run-stage.ts";
import { needsOf } from "./select-stages.ts";

/**
 * Runs stages, each when all that it needs have succeeded and at most `parallel` at once: those first with the longest chain of stages
 * behind them, otherwise in the plan's order. One that fails stops nobody but those that need it. Throws where a stage could not even be
 * recorded.
 */
export async function runStages(context: RunContext, stages: readonly PlannedStage[]): Promise<void> {
  const { outcomes, signal } = context;
  const waiting = new Set(longestFirst(stages).filter((stage) => !outcomes.has(stage.name)));
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const start = (stage: PlannedStage): void => {
    const ended = runStage(context, stage)
      .then((outcome) => void outcomes.set(stage.name, outcome))
      .catch((error: unknown) => {
        failures.push(error);
        context.stop(toSluiceError(error));
      })
      .finally(() => running.delete(ended));
    running.add(ended);
  };
  const limit = Math.max(1, Math.floor(context.request.parallel));
  while (failures.length === 0 && !signal.aborted) {
    const blocked = [...waiting].find((stage) => blockerOf(context, stage) !== undefined);
    if (blocked !== undefined) {
      waiting.delete(blocked);
      outcomes.set(blocked.name, await leaveOut(context, blocked, "skipped", blockerOf(context, blocked) ?? ""));
      continue;
    }
    const ready = [...waiting].find((stage) => needsOf(stage).every((need) => outcomes.has(need)));
    if (ready !== undefined && running.size < limit) {
      waiting.delete(ready);
      start(ready);
      continue;
    }
    if (running.size === 0) break;
    await Promise.race(running);
  }
  await Promise.all(running);
  if (failures.length > 0) throw failures[0];
  for (const stage of waiting) {
    outcomes.set(stage.name, await leaveOut(context, stage, "cancelled", stopReason(signal).message));
  }
}

/** Why a stage cannot run any more, if so. */
function blockerOf(context: RunContext, stage: PlannedStage): string | undefined {
  for (const need of needsOf(stage)) {
    const status = context.outcomes.get(need)?.status;
    if (status === undefined || status === "succeeded") continue;
    return `it needs "${need}", which ${status === "failed" ? "failed" : `was ${status}`}`;
  }
  return undefined;
}

/** What others wait for goes first; what nobody waits for fills the gaps. */
function longestFirst(stages: readonly PlannedStage[]): readonly PlannedStage[] {
  const behind = new Map<string, number>();
  for (const stage of stages.toReversed()) {
    const own = behind.get(stage.name) ?? 0;
    for (const need of needsOf(stage)) behind.set(need, Math.max(behind.get(need) ?? 0, own + 1));
  }
  return stages.toSorted((one, other) => (behind.get(other.name) ?? 0) - (behind.get(one.name) ?? 0));
}
