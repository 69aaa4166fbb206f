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

/**
 * Paths as a list literal for a scan, which takes them as patterns: `a[1].csv` would read `a1.csv`.
 *
 * @example
 * quotePaths(["/tmp/a [1].csv"]); // "['/tmp/a [[]1].csv']"
 */
export function quotePaths(paths: readonly string[]): string {
  return `[${paths.map((path) => quoteText(pathPattern(path))).join(", ")}]`;
}

/** A pattern that only this path matches. */
export function pathPattern(path: string): string {
  return path.replaceAll(/[*?[]/g, "[$&]");
}
