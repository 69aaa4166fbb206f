import type { Answer, OperationReport, SourceReport, StepReport } from "./report.ts";

/** What the whole story comes to; `count` is absent where the rows could not be computed. */
export function answerOf(
  count: number | undefined,
  sources: readonly SourceReport[],
  steps: readonly StepReport[],
): Answer {
  const skipped = steps.flatMap(({ step, when, at }): Answer["by"] =>
    when?.value === false ? [{ step, operation: "when", text: when.text, ...(at === undefined ? {} : { at }) }] : [],
  );
  if (skipped.length > 0) return { kind: "dropped", rows: 0, by: skipped };
  const rows = count ?? 0;
  const undecided = steps.flatMap(({ step, when, at }) =>
    when?.value === null ? [{ step, text: when.text, ...(at === undefined ? {} : { at }) }] : [],
  );
  const conditional = undecided.length === 0 ? {} : { conditional: undecided };
  const by = steps.flatMap(({ step, operations }) =>
    operations.filter(count === undefined ? fails : takes).map(({ operation, text, at }) => ({
      step,
      operation,
      text,
      ...(at === undefined ? {} : { at }),
    })),
  );
  if (count === undefined) return { kind: "failed", rows, by };
  if (rows > 0) return { kind: "found", rows, by, ...conditional };
  if (by.length > 0) return { kind: "dropped", rows, by };
  // Whether a subtracted side has such a record is no matter where nothing is there to subtract it from.
  const narrowed = sources.filter((source) => source.narrowing !== "none" && source.subtracted !== true);
  const isAbsent = narrowed.length > 0 && narrowed.every((source) => source.matched === 0);
  return { kind: isAbsent ? "absent" : "unknown", rows, by };
}

function fails({ failure }: OperationReport): boolean {
  return failure !== undefined;
}

function takes({ dropped, subtracted }: OperationReport): boolean {
  return subtracted !== true && dropped.some(({ rows }) => rows > 0);
}
