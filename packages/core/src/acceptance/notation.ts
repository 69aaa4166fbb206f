import type { FrozenColumn } from "../schema/frozen.ts";
import type { LogicalType } from "../schema/types.ts";
import { escapePattern } from "./layout.ts";

/**
 * How numbers are written that have a mark of their own between whole and fraction, or between groups of digits. A text
 * that fits is turned into plain digits, and those are what the rule of the type judges.
 */
export interface NumberNotation {
  /** To be matched against the whole text, in what RE2 and JavaScript share. */
  readonly pattern: string;
  readonly decimal: string;
  /** "" where groups have no mark. */
  readonly thousands: string;
}

const INTEGERS: ReadonlySet<string> = new Set([
  "int8",
  "int16",
  "int32",
  "int64",
  "uint8",
  "uint16",
  "uint32",
  "uint64",
]);

/** The notation of a column; undefined where it is the plain one, or no number. */
export function notationOf(
  kind: LogicalType["kind"],
  { decimal = ".", thousands = "" }: Pick<FrozenColumn, "decimal" | "thousands">,
): NumberNotation | undefined {
  const isInteger = INTEGERS.has(kind);
  if (!isInteger && kind !== "decimal" && kind !== "float32" && kind !== "float64") return undefined;
  if (decimal === "." && thousands === "") return undefined;
  const point = escapePattern(decimal);
  const grouped = thousands === "" ? "" : `[0-9]{1,3}(?:${escapePattern(thousands)}[0-9]{3})+|`;
  const whole = `(?:${grouped}[0-9]+)`;
  const fraction = `(?:${whole}(?:${point}[0-9]*)?|${point}[0-9]+)`;
  const words = "[nN][aA][nN]|[iI][nN][fF](?:[iI][nN][iI][tT][yY])?";
  const number = isInteger ? whole : kind === "decimal" ? fraction : `(?:${fraction}(?:[eE][+-]?[0-9]+)?|${words})`;
  return { pattern: `[+-]?${number}`, decimal, thousands };
}

/**
 * The number without marks, with a point.
 *
 * @example
 * plainNumber("1.234,5", { decimal: ",", thousands: "." }); // "1234.5"
 */
export function plainNumber(
  text: string,
  { decimal, thousands }: Pick<NumberNotation, "decimal" | "thousands">,
): string {
  const bare = thousands === "" ? text : text.replaceAll(thousands, "");
  return decimal === "." ? bare : bare.replace(decimal, ".");
}
