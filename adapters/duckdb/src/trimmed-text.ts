import type { FrozenColumn } from "@sluice/core";
import { quoteName, quoteText } from "./sql-text.ts";

const BLANKS = quoteText(" \t");

/** A term for the value in a text of a column: `trimmed` of core, in SQL. The text is the column itself where it is not given. */
export function trimmedText(column: FrozenColumn, text: string = quoteName(column.name)): string {
  if (column.trim !== true) return text;
  const bare = `trim(${text}, ${BLANKS})`;
  const words = ["", ...(column.nulls ?? [])].map(quoteText).join(", ");
  return `case when ${bare} in (${words}) and ${bare} <> ${text} then null else ${bare} end`;
}
