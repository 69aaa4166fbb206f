import type { StepSummary } from "@sluice/runtime";
import { formatCount } from "./format-values.ts";
import { formatTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";

const COUNTS = ["read", "inserted", "updated", "deleted", "unchanged", "rejected"] as const;

/** What the loads of a run did to their targets, as a table; nothing where none was committed. A dash is a count that a target cannot tell. */
export function loadLines(
  steps: Readonly<Record<string, Pick<StepSummary, "load">>>,
  { paint, width }: Pick<Terminal, "paint" | "width">,
): readonly string[] {
  const rows = Object.entries(steps).flatMap(([name, { load }]) =>
    load === undefined ? [] : [[name, ...COUNTS.map((count) => formatCount(load[count]))]],
  );
  if (rows.length === 0) return [];
  const columns = [{ title: "load" }, ...COUNTS.map((title) => ({ title, align: "right" as const }))];
  const [head = "", ...lines] = formatTable(columns, rows, width);
  return [paint("bold", head), ...lines];
}
