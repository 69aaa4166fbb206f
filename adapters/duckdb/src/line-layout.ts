import { type CsvDialect, expectedRecord, type FrozenColumn, nullWordsOf, type ScannableInput } from "@sluice/core";
import { quoteName, quoteText } from "./sql-text.ts";

/** The whole line, by a name that no frozen column has. */
export const LINE = "\u0001whole line";

/**
 * What stands between the fields of a file whose lines are one field each. DuckDB needs some delimiter; a line that holds
 * this one all the same has a field too many, so the strict read refuses it and the split takes it as it is.
 */
export const NO_DELIMITER = "\u0001\u001f\u0002\u001f";

/** How columns are taken out of lines: a FROM term around the one that gives `LINE`, and what makes a line certain. */
export interface LineLayout {
  readonly around: (lines: string, more?: readonly string[]) => string;
  readonly conditions: readonly string[];
}

/** The layout of an input whose records are whole lines; undefined for delimited text. */
export function lineLayout(input: Pick<ScannableInput, "columns" | "dialect">): LineLayout | undefined {
  const { columns, dialect } = input;
  if (dialect === undefined || dialect.delimiter !== "") return undefined;
  const line = quoteName(LINE);
  const words = nullWordsOf(columns);
  const own = columns.filter(({ partition }) => partition !== true);
  const terms = own.map((column) => {
    const text = columnTerm(column, dialect);
    const value =
      words.length === 0 ? text : `case when ${text} not in (${words.map(quoteText).join(", ")}) then ${text} end`;
    return `${value} as ${quoteName(column.name)}`;
  });
  return {
    around: (lines, more = []) => `(select ${[...more.map(quoteName), ...terms, line].join(", ")} from ${lines})`,
    conditions: widthConditions(dialect, columns),
  };
}

/** Positions count code points, as `substring` and `length` of DuckDB do. */
function columnTerm({ span }: FrozenColumn, { fixed }: CsvDialect): string {
  const line = quoteName(LINE);
  if (span === undefined) return `nullif(${line}, '')`;
  const text = `substring(${line}, ${span[0]}, ${span[1] - span[0] + 1})`;
  return `nullif(${fixed?.trim === true ? `trim(${text}, ${quoteText(" ")})` : text}, '')`;
}

/** A blank line is no record of fixed width, nor where comments were made blank lines: the strict read refuses what only the split leaves out. */
function widthConditions(dialect: CsvDialect, columns: readonly FrozenColumn[]): readonly string[] {
  const { characters } = expectedRecord(dialect, columns, 1);
  const line = quoteName(LINE);
  if (characters === undefined) return dialect.comment === undefined ? [] : [`${line} is not null`];
  const least = Math.max(characters.least, 1);
  return [`coalesce(length(${line}) >= ${least} and length(rtrim(${line}, ' ')) <= ${characters.most}, false)`];
}
