import { cutText, padText, plainText, textWidth } from "./text-width.ts";

export interface TableColumn {
  readonly title: string;
  readonly align?: "left" | "right";
}

/**
 * A table as lines of text, no wider than asked: the widest columns give way first.
 *
 * @example
 * formatTable([{ title: "step" }, { title: "rows", align: "right" }], [["crash", "973"]], 80);
 * // ["step   rows", "crash   973"]
 */
export function formatTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  width: number,
): readonly string[] {
  const cells = [columns.map((column) => column.title), ...rows.map((row) => row.map(plainText))];
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => textWidth(row[index] ?? ""))));
  shrink(widths, Math.max(width - 2 * (columns.length - 1), columns.length * 4));
  return cells.map((row) =>
    columns
      .map((column, index) => {
        const space = widths[index] ?? 0;
        return padText(cutText(row[index] ?? "", space), space, column.align);
      })
      .join("  ")
      .trimEnd(),
  );
}

function shrink(widths: number[], most: number): void {
  let total = widths.reduce((sum, width) => sum + width, 0);
  while (total > most) {
    const widest = Math.max(...widths);
    if (widest <= 4) return;
    const index = widths.indexOf(widest);
    const next = Math.max(4, ...widths.filter((width) => width < widest));
    const equal = widths.filter((width) => width === widest).length;
    const step = Math.max(1, Math.min(widest - next || 1, Math.ceil((total - most) / equal)));
    widths[index] = widest - step;
    total -= step;
  }
}
