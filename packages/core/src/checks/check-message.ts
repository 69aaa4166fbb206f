import type { CheckDefinition } from "../definition/definition.ts";
import { printExpression } from "../print/print-expression.ts";

/** A whole number with its thousands apart: `1,234,567`. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `1 row`, `1,000 rows`. */
export function rowsOf(count: number): string {
  return `${grouped(count)} ${count === 1 ? "row" : "rows"}`;
}

/**
 * What a check that counts rows found, for someone woken by it.
 *
 * @example
 * countedMessage({ kind: "notNull", columns: ["crash_id"] }, 1000, 12); // "crash_id is null in 12 of 1,000 rows"
 */
export function countedMessage(check: CheckDefinition, rows: number, failing: number): string {
  const place = `${grouped(failing)} of ${rowsOf(rows)}`;
  const base = failing === 0 ? passedMessage(check, rows) : failedMessage(check, failing, place);
  if (failing === 0 || check.mostly === undefined || check.mostly >= 1) return base;
  return `${base} (${percent((rows - failing) / rows)} pass, at least ${percent(check.mostly)} must)`;
}

function failedMessage(check: CheckDefinition, failing: number, place: string): string {
  switch (check.kind) {
    case "notNull":
      return `${listed(check.columns, "or")} is null in ${place}`;
    case "unique":
      return `${place} ${failing === 1 ? "repeats" : "repeat"} the ${listed(check.columns, "and")} of another row`;
    case "accepted":
      return `${check.column} is none of ${values(check.values)} in ${place}`;
    case "range":
      return `${check.column} is ${outside(check.min, check.max)} in ${place}`;
    case "pattern":
      return `${check.column} does not match ${check.pattern} in ${place}`;
    case "expression":
      return `${printExpression(check.condition)} is false in ${place}`;
    case "rowCount":
    case "schema":
      return place;
    default:
      return check satisfies never;
  }
}

function passedMessage(check: CheckDefinition, rows: number): string {
  const place = `in ${rowsOf(rows)}`;
  switch (check.kind) {
    case "notNull":
      return `${listed(check.columns, "and")} ${check.columns.length === 1 ? "is" : "are"} never null ${place}`;
    case "unique":
      return `no two rows share ${listed(check.columns, "and")} ${place}`;
    case "accepted":
      return `${check.column} is always one of ${values(check.values)} ${place}`;
    case "range":
      return `${check.column} is never ${outside(check.min, check.max)} ${place}`;
    case "pattern":
      return `${check.column} always matches ${check.pattern} ${place}`;
    case "expression":
      return `${printExpression(check.condition)} is never false ${place}`;
    case "rowCount":
    case "schema":
      return place;
    default:
      return check satisfies never;
  }
}

/** What a check of the number of rows found. */
export function rowCountMessage(rows: number, min: number | undefined, max: number | undefined): string {
  if (min !== undefined && rows < min) return `${rowsOf(rows)}, at least ${grouped(min)} expected`;
  if (max !== undefined && rows > max) return `${rowsOf(rows)}, at most ${grouped(max)} expected`;
  return rowsOf(rows);
}

function outside(min: string | undefined, max: string | undefined): string {
  if (min === undefined) return `above ${max}`;
  return max === undefined ? `below ${min}` : `outside ${min} to ${max}`;
}

function values(all: readonly (string | boolean)[]): string {
  const shown = all.slice(0, 8).map(String).join(", ");
  return all.length > 8 ? `${shown} and ${all.length - 8} more` : shown;
}

function listed(names: readonly string[], word: string): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} ${word} ${names.at(-1)}`;
}

/** Never rounded up to a share that was not reached: 99.9996 % is not 100 %. */
function percent(share: number): string {
  return `${Math.floor(share * 10_000 + 1e-6) / 100} %`;
}
