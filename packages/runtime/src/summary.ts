import type { CommitResult, LoadMode, PlannedStage, StageRecord } from "@sluice/core";
import { metricsOf } from "./condition.ts";
import type { ErrorRecord, LoadReport, StepSummary } from "./events.ts";
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
    return names.map((name): [string, StepSummary] => {
      const load = name === stage.name && outcome !== undefined ? loadReport(outcome) : undefined;
      const figured = metricsOf(stage, name, figures);
      return [name, { status, stage: stage.name, ...figured, durationMs, ...(load === undefined ? {} : { load }) }];
    });
  });
  return Object.fromEntries(summaries);
}

/** What a mode never does is none, whether its target counts it or not. */
const NEVER: Readonly<Record<LoadMode, readonly (keyof CommitResult)[]>> = {
  append: ["updated", "deleted", "unchanged"],
  replace: ["updated", "unchanged"],
  merge: [],
  "insert-only": ["updated", "deleted"],
  "delete+insert": ["updated", "unchanged"],
  overwrite: ["updated", "unchanged"],
};

function loadReport({ stage, output, rowsOut, rejected }: StageOutcome): LoadReport | undefined {
  if (stage.writes.kind !== "target" || output.kind !== "committed") return undefined;
  const { mode } = stage.writes;
  const result = output.result as unknown as CommitResult;
  const count = (name: "inserted" | "updated" | "deleted" | "unchanged"): number | null =>
    result[name] ?? (NEVER[mode].includes(name) ? 0 : null);
  return {
    read: rowsOut,
    inserted: count("inserted"),
    updated: count("updated"),
    deleted: count("deleted"),
    unchanged: count("unchanged"),
    rejected,
  };
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
