import { SluiceError } from "../errors.ts";
import { didYouMean } from "../infer/closest.ts";
import type { NamedExpression } from "../ir/relation.ts";
import { describe } from "./value.ts";

/** The members of an options object. */
export function optionsOf(operation: string, options: unknown): Readonly<Record<string, unknown>> {
  if (typeof options === "object" && options !== null && !Array.isArray(options)) return { ...options };
  throw new SluiceError("config", `${operation} takes an object of options, not ${describe(options)}`);
}

/** Refuses options that do not exist. */
export function refuseRest(operation: string, rest: object, known: readonly string[]): void {
  const [unknownName] = Object.keys(rest);
  if (unknownName === undefined) return;
  throw new SluiceError("config", `${operation} has no option "${unknownName}"`, {
    hint: didYouMean(unknownName, known, "options"),
    offending: unknownName,
  });
}

/** A name that was given as one. */
export function name(operation: string, value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  throw new SluiceError("config", `${operation} takes a name, not ${describe(value)}`);
}

/** A list of column names. */
export function columnNames(
  operation: string,
  columns: unknown,
  written: (list: string) => string = (list) => `${operation}(${list})`,
): readonly string[] {
  if (!Array.isArray(columns)) {
    const shown = typeof columns === "string" ? { hint: `write ${written(`["${columns}"]`)}` } : {};
    throw new SluiceError("config", `${operation} takes an array of column names, not ${describe(columns)}`, shown);
  }
  if (columns.length === 0) throw new SluiceError("config", `${operation} names no columns`);
  return Object.freeze(columns.map((column) => name(operation, column)));
}

/** The columns, of which there has to be one. */
export function some(operation: string, columns: readonly NamedExpression[]): readonly NamedExpression[] {
  if (columns.length > 0) return columns;
  throw new SluiceError("config", `the callback of ${operation} returned no columns`);
}

/** A number of rows. */
export function wholeNumber(what: string, value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw new SluiceError("config", `${what} takes a whole number of rows, not ${describe(value)}`);
}
