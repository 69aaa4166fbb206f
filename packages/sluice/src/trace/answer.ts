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
  const by = steps.flatMap(({ step, operations }) =>
    operations.filter(count === undefined ? fails : takes).map(({ operation, text, at }) => ({
      step,
      operation,
      text,
      ...(at === undefined ? {} : { at }),
    })),
  );
  if (count === undefined) return { kind: "failed", rows, by };
  if (rows > 0) return { kind: "found", rows, by };
  if (by.length > 0) return { kind: "dropped", rows, by };
  const narrowed = sources.filter((source) => source.narrowing !== "none");
  const isAbsent = narrowed.length > 0 && narrowed.every((source) => source.matched === 0);
  return { kind: isAbsent ? "absent" : "unknown", rows, by };
}

function fails({ failure }: OperationReport): boolean {
  return failure !== undefined;
}

function takes({ dropped }: OperationReport): boolean {
  return dropped.some(({ rows }) => rows > 0);
}
