import type { PlannedStage, StageRecord } from "@sluice/core";
import { metricsOf } from "./condition.ts";
import type { ErrorRecord, StepSummary } from "./events.ts";
import type { StageOutcome } from "./run-context.ts";

/** The outcome of every step, and of every extract under the name of its dataset. */
export function summarize(
  stages: readonly PlannedStage[],
  outcomes: ReadonlyMap<string, StageOutcome>,
): { readonly [step: string]: StepSummary } {
  const summaries = stages.flatMap((stage) => {
    const outcome = outcomes.get(stage.name);
    const { status = "cancelled", durationMs = 0 } = outcome ?? {};
    const figures = outcome ?? { rowsIn: null, rowsOut: null, rejected: 0 };
    const names = stage.steps.length === 0 ? [stage.name] : stage.steps;
    return names.map((name): [string, StepSummary] => [
      name,
      { status, stage: stage.name, ...metricsOf(stage, name, figures), durationMs },
    ]);
  });
  return Object.fromEntries(summaries);
}

/** The outcome of every step of a run that is over, from its records. */
export function summarizeRecords(
  stages: readonly PlannedStage[],
  records: ReadonlyMap<string, StageRecord>,
): { readonly [step: string]: StepSummary } {
  const outcomes = stages.flatMap((stage): [string, StageOutcome][] => {
    const record = records.get(stage.name);
    if (record === undefined || record.status === "running") return [];
    const { status, output, rowsIn, rowsOut, rejected, startedAt, finishedAt = startedAt } = record;
    const durationMs = Date.parse(finishedAt) - Date.parse(startedAt);
    return [[stage.name, { stage, status, output, rowsIn, rowsOut, rejected, durationMs, checks: [] }]];
  });
  return summarize(stages, new Map(outcomes));
}

/** The first failure in the plan's order, and whether all failures are those of checks. */
export function failureOf(
  stages: readonly PlannedStage[],
  outcomes: ReadonlyMap<string, StageOutcome>,
): { readonly error?: ErrorRecord; readonly isChecksOnly: boolean } | undefined {
  const failed = stages.flatMap((stage) => {
    const outcome = outcomes.get(stage.name);
    return outcome?.status === "failed" ? [outcome] : [];
  });
  const [first] = failed;
  if (first === undefined) return undefined;
  const isChecksOnly = failed.every((outcome) => outcome.error?.reason === "checks");
  return { ...(first.error === undefined ? {} : { error: first.error }), isChecksOnly };
}
