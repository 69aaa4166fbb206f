/**
 * A name as DuckDB reads it back unchanged, whatever it holds.
 *
 * @example
 * quoteName('a "b"'); // '"a ""b"""'
 */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * A text as an SQL expression. A NUL would end the statement, so it is put in by `chr(0)`.
 *
 * @example
 * quoteText("it's"); // "'it''s'"
 */
export function quoteText(text: string): string {
  if (text.includes("\0")) return `concat(${text.split("\0").map(quoteText).join(", chr(0), ")})`;
  return `'${text.replaceAll("'", "''")}'`;
}

/** Texts as a list literal, for the files of a scan. */
export function quoteList(texts: readonly string[]): string {
  return `[${texts.map(quoteText).join(", ")}]`;
}
