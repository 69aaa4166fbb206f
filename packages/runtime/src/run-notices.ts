import type { LeaseHolder, PlannedStage } from "@sluice/core";
import { instantOf, type RunContext } from "./run-context.ts";

/** A step inside a stage cannot run without the rest of the stage. */
export function tellFused(context: RunContext, stages: readonly PlannedStage[]): void {
  const { step } = context.request;
  const stage = stages.find(({ name, steps }) => step !== undefined && name !== step && steps.includes(step));
  if (stage === undefined) return;
  context.emit({
    event: "warning",
    message: `step "${step}" runs as a part of "${stage.name}", which runs as a whole`,
  });
}

/** What a person should know of the plan and of the frozen datasets that are read, once each; a resumed run has said it. */
export function tellDoubts(context: RunContext, stages: readonly PlannedStage[]): void {
  const { plan, datasets, drifts = [] } = context.request;
  for (const { message, drift } of drifts) context.emit({ event: "warning", message, drift });
  const read = stages.flatMap((stage) => stage.reads.flatMap((one) => ("dataset" in one ? [one.dataset] : [])));
  const doubts = [...new Set(read)].flatMap((name) =>
    (datasets.get(name)?.warnings ?? []).map((warning) => `dataset "${name}": ${warning}`),
  );
  for (const message of new Set([...plan.warnings, ...doubts])) context.emit({ event: "warning", message });
}

/** For whom a run waits. */
export function tellWaiting(context: RunContext, holder: LeaseHolder): void {
  const { run, pid, host, since } = holder;
  context.emit({ event: "run.waiting", for: { run, pid, host, since: instantOf(since) } });
}
