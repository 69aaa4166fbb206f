import type { CsvDialect } from "@sluice/core";
import { csvSql } from "./scan.ts";
import { quotePaths } from "./sql-text.ts";

/** What sluice itself writes between two looks at a record. */
export const STANDARD: CsvDialect = {
  delimiter: ",",
  quote: '"',
  escape: '"',
  header: false,
  newline: "lf",
  encoding: "utf-8",
  quotedEmpty: "text",
  compression: "none",
};

/** Room for the longest field that is kept of a reject, and then some. */
export const MIN_LINE_BYTES: number = 2 * 1024 * 1024;

/** The SQL over a file of our own: commas, quotes, no header. */
export function standardCsv(path: string, columns: readonly string[]): string {
  return csvSql(quotePaths([path]), columns, STANDARD, { lineBytes: MIN_LINE_BYTES, isParallel: false });
}
