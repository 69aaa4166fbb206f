import { type Cell, type Column, type ColumnSummary, type Family, familyOf, parseType } from "@sluice/core";
import type { Session } from "../composition.ts";
import { askLanded } from "./ask-landed.ts";
import type { LandedRows } from "./land-step.ts";

/** Up to so many rows, distinct values are counted and quantiles found exactly: both hold what they have seen. */
const EXACT_ROWS = 200_000;
/** Columns of one query. */
const COLUMNS_AT_ONCE = 50;

const ORDERED: readonly Family[] = ["int", "decimal", "float", "date", "time", "timestamp", "timestamptz"];
const NUMBERS: readonly Family[] = ["int", "decimal", "float"];
const NESTED: readonly Family[] = ["list", "struct", "map"];

/** What every column of landed rows holds, found by one scan for each fifty columns. */
export async function columnStats(session: Session, landed: LandedRows): Promise<readonly ColumnSummary[]> {
  const isExact = landed.count <= EXACT_ROWS;
  const found: ColumnSummary[] = [];
  for (let from = 0; from < landed.columns.length; from += COLUMNS_AT_ONCE) {
    const columns = landed.columns.slice(from, from + COLUMNS_AT_ONCE);
    const terms = columns.flatMap((column, index) => termsOf(column, index, isExact));
    const names = columns.map(({ name }) => name);
    const [row = []] = await askLanded(session, landed, names, (rows) => `select ${terms.join(", ")} from ${rows}`);
    found.push(...columns.map((column, index) => summaryOf(column, row.slice(index * TERMS), { landed, isExact })));
  }
  return found;
}

const TERMS = 7;

function termsOf({ name, type }: Column, index: number, isExact: boolean): readonly string[] {
  const column = quoted(name);
  const family = familyOf(parseType(type));
  const isOrdered = ORDERED.includes(family);
  const isNumber = NUMBERS.includes(family);
  const isFloat = family === "float";
  // A NaN has no place in a mean or among quantiles.
  const real = isFloat ? `case when isfinite(${column}) then ${column} end` : column;
  // Three at once take a third of the time.
  const quantiles = (): string => {
    if (!isOrdered || (!isExact && family === "time")) return "null";
    const shares = "[0.25, 0.5, 0.75]";
    const found = isExact ? `quantile_disc(${real}, ${shares})` : `approx_quantile(${real}, ${shares})`;
    return `to_json(${found}::varchar[])::varchar`;
  };
  const text = family === "bytes" ? `lower(hex(${column}))` : column;
  const terms = [
    `count(${column})`,
    isExact ? `count(distinct ${column})` : `approx_count_distinct(${column})`,
    NESTED.includes(family) ? "null" : `min(${text})::varchar`,
    NESTED.includes(family) ? "null" : `max(${text})::varchar`,
    isNumber ? `avg(${real}::double)` : "null",
    isNumber ? `stddev_samp(${real}::double)` : "null",
    quantiles(),
  ];
  return terms.map((term, at) => `${term} as s${index}_${at}`);
}

function summaryOf(
  { name, type }: Column,
  cells: readonly Cell[],
  { landed, isExact }: { readonly landed: LandedRows; readonly isExact: boolean },
): ColumnSummary {
  const [present, distinct, min, max, mean, stddev, quantiles] = cells;
  const [q25 = null, median = null, q75 = null] = JSON.parse(String(quantiles ?? "[]")) as (string | null)[];
  const values = Number(present ?? 0);
  return {
    column: name,
    type,
    rows: landed.count,
    nulls: landed.count - values,
    distinct: Math.min(Number(distinct ?? 0), values),
    exact: isExact,
    min: textOf(min),
    max: textOf(max),
    mean: numberOf(mean),
    stddev: numberOf(stddev),
    q25,
    median,
    q75,
  };
}

function textOf(cell: Cell | undefined): string | null {
  return cell === null || cell === undefined ? null : String(cell);
}

function numberOf(cell: Cell | undefined): number | null {
  return cell === null || cell === undefined || !Number.isFinite(Number(cell)) ? null : Number(cell);
}

/** A name in the engine's SQL. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
