import { ROWS_DIALECT } from "@sluice/core";
import { csvSql } from "./scan.ts";
import { quotePaths } from "./sql-text.ts";

/** Room for the longest field that is kept of a reject, and then some. */
export const MIN_LINE_BYTES: number = 2 * 1024 * 1024;

/** The SQL over a file of our own: commas, quotes, no header. */
export function standardCsv(path: string, columns: readonly string[]): string {
  return csvSql(quotePaths([path]), columns, ROWS_DIALECT, { lineBytes: MIN_LINE_BYTES, isParallel: false });
}
