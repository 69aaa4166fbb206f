import type { StepSummary } from "@sluice/runtime";
import { formatCount, formatDuration } from "./format-values.ts";
import { formatTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";

/** A step of a run that may be under way. */
export interface ShownStep extends Omit<StepSummary, "status"> {
  readonly status: StepSummary["status"] | "running" | "waiting";
}

/** How the steps of a run ended, with their counts, as a table. */
export function stepLines(
  steps: Readonly<Record<string, ShownStep>>,
  { paint, width }: Pick<Terminal, "paint" | "width">,
): readonly string[] {
  const rows = Object.entries(steps).map(([name, step]) => [
    name,
    step.status,
    formatCount(step.rowsIn),
    formatCount(step.rowsOut),
    formatCount(step.rejected),
    step.stage === name ? formatDuration(step.durationMs) : `in ${step.stage}`,
  ]);
  if (rows.length === 0) return [];
  const [head = "", ...lines] = formatTable(
    [
      { title: "step" },
      { title: "status" },
      { title: "rows in", align: "right" },
      { title: "rows out", align: "right" },
      { title: "rejected", align: "right" },
      { title: "time", align: "right" },
    ],
    rows,
    width,
  );
  return [paint("bold", head), ...lines];
}
