import type { NumberNotation } from "@sluice/core";
import { quoteText } from "./sql-text.ts";

/** A term for the plain number in a text that fits its notation: `plainNumber` of core, in SQL. */
export function plainText(text: string, notation: NumberNotation | undefined): string {
  if (notation === undefined) return text;
  const { decimal, thousands } = notation;
  const bare = thousands === "" ? text : `replace(${text}, ${quoteText(thousands)}, '')`;
  return decimal === "." ? bare : `replace(${bare}, ${quoteText(decimal)}, '.')`;
}
