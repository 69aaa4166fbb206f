import type { Cell, Column } from "@sluice/core";
import { cellText } from "./cell-text.ts";
import { plural } from "./format-values.ts";
import { formatTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { plainText, textWidth } from "./text-width.ts";

export interface ResultTable {
  readonly columns: readonly Column[];
  /** The first rows. */
  readonly rows: readonly (readonly Cell[])[];
  /** How many there are. */
  readonly count: number;
}

/** A column of a table needs some width to tell anything. */
const LEAST_WIDTH = 6;

/** Rows as a table for people: names, types, values, numbers to the right, and how many there are. */
export function resultTable({ columns, rows, count }: ResultTable, { width, paint }: Terminal): readonly string[] {
  const most = Number.isFinite(width) ? Math.max(1, Math.floor((width + 2) / (LEAST_WIDTH + 2))) : columns.length;
  const shown = columns.slice(0, most);
  const titles = shown.map(({ name, type }) => ({
    title: plainText(name),
    align: isNumber(type) ? ("right" as const) : ("left" as const),
  }));
  const types = shown.map(({ type }) => shortType(type));
  const texts = rows.map((row) => shown.map(({ type }, index) => textOf(row[index] ?? null, type)));
  const [head = "", under = "", ...lines] = formatTable(titles, [types, ...texts], width);
  return [
    paint("bold", head),
    paint("dim", under),
    ...lines,
    paint("dim", footer({ columns, rows, count }, shown.length)),
  ];
}

function footer({ columns, rows, count }: ResultTable, shown: number): string {
  const parts = [plural(count, "row")];
  if (rows.length < count) parts.push(`the first ${rows.length} shown`);
  parts.push(plural(columns.length, "column"));
  if (shown < columns.length) parts.push(`the first ${shown} shown`);
  return `(${parts.join(", ")})`;
}

function textOf(cell: Cell, type: string): string {
  if (cell === null) return "null";
  const text = cellText(cell, type);
  // What is cut off would only be measured.
  return textWidth(text.slice(0, 400)) >= 400 ? `${text.slice(0, 399)}…` : text;
}

function isNumber(type: string): boolean {
  return /^(?:u?int|float|decimal)/.test(type);
}

/** The type of a struct with many fields would be wider than its values. */
function shortType(type: string): string {
  return type.length > 24 ? `${type.slice(0, 23)}…` : type;
}
