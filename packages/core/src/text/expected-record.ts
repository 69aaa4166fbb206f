import type { CsvDialect, FrozenColumn } from "../schema/frozen.ts";
import type { SplitterOptions } from "./record-splitter.ts";

/** What every record of a frozen text has: so many fields, or so many characters. */
export type ExpectedRecord = Pick<SplitterOptions, "fields" | "characters">;

/**
 * What a splitter must expect of the records of a frozen text.
 *
 * @param fields how many fields a record of the file has, which may be more than are frozen
 * @example
 * expectedRecord(dialect, columns, 3); // { fields: 3 }
 * expectedRecord({ ...dialect, delimiter: "", fixed: { short: "reject", trim: true } }, [{ …, span: [1, 6] }], 1);
 * // { characters: { least: 6, most: 6 } }
 */
export function expectedRecord(
  dialect: Pick<CsvDialect, "fixed">,
  columns: readonly Pick<FrozenColumn, "span">[],
  fields: number,
): ExpectedRecord {
  if (dialect.fixed === undefined) return { fields };
  const most = Math.max(...columns.map(({ span }) => span?.[1] ?? 0));
  return { characters: { least: dialect.fixed.short === "pad" ? 0 : most, most } };
}
