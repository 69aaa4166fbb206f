import { layoutsOf } from "@sluice/core";
import { kindOf } from "./value-kinds.ts";

/**
 * Whether the first record holds names. It does where a column of numbers, times or the like begins with something else;
 * it does not where it looks like the rest; of text only, it does where its fields are distinct and come nowhere again.
 */
export function hasHeader(records: readonly (readonly string[])[]): boolean {
  const [first = [], ...rest] = records;
  // A column may be called `inf`, and its first value may be one: in the first record such a word says nothing.
  const isSpecial = (text: string): boolean => kindOf(text) === "special";
  const isValue = (text: string): boolean => text !== "" && (kindOf(text) !== "other" || layoutsOf(text).length > 0);
  const isTyped = (text: string): boolean => isValue(text) && !isSpecial(text);
  if (rest.length === 0) return !first.some(isTyped);
  let namesOverValues = 0;
  for (const [index, name] of first.entries()) {
    const values = rest.map((record) => record[index] ?? "").filter((text) => text !== "");
    const typed = values.filter(isValue).length;
    if (values.length > 0 && typed >= 0.9 * values.length && !isValue(name) && name !== "") namesOverValues += 1;
  }
  if (namesOverValues > 0) return true;
  // Three groups of digits are a value, such as a line of a log, and no name.
  if (first.some((text) => isTyped(text) || /\d+\D+\d+\D+\d/.test(text))) return false;
  const names = first.filter((name) => name !== "");
  const isDistinct = new Set(names).size === names.length && names.length === first.length;
  return isDistinct && first.every((name, index) => rest.every((record) => record[index] !== name));
}
