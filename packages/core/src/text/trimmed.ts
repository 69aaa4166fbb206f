import type { FrozenColumn } from "../schema/frozen.ts";

/**
 * The value in a text of a column: without the blanks and tabs around it where the column is trimmed. Null where nothing
 * is left, or a word for null.
 *
 * @example
 * trimmed({ trim: true }, " 1.5"); // "1.5"
 * trimmed({ trim: true }, "  "); // null
 * trimmed({}, " 1.5"); // " 1.5"
 */
export function trimmed({ trim, nulls = [] }: Pick<FrozenColumn, "trim" | "nulls">, text: string): string | null {
  if (trim !== true || !hasBlanks(text)) return text;
  const bare = withoutBlanks(text);
  return bare === "" || nulls.includes(bare) ? null : bare;
}

/** A text without the blanks and tabs around it; line ends and other white space stay. */
export function withoutBlanks(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isBlank(text.charCodeAt(from))) from += 1;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to -= 1;
  return text.slice(from, to);
}

/** Whether blanks or tabs stand around a text. */
export function hasBlanks(text: string): boolean {
  return isBlank(text.charCodeAt(0)) || isBlank(text.charCodeAt(text.length - 1));
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}
