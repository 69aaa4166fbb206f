import { type CsvDialect, splitFields } from "@sluice/core";
import { hasHeader } from "./sniff-header.ts";

/** What stands in a file besides its table. */
export type Preamble = Pick<CsvDialect, "comment" | "skip"> & Partial<Pick<CsvDialect, "delimiter">>;

const LINES = 200;
const MOST_ABOVE = 30;
const DELIMITERS = [",", "\t", ";", "|"];

/**
 * What stands above a table where that is clear: the `sep=;` of a spreadsheet, comments, titles. Clear means that a header
 * follows, or that the lines are no records of what follows: nothing that could be a record is ever left out.
 *
 * @param text the start of a file, which may be cut anywhere
 */
export function sniffPreamble(text: string, known: Partial<CsvDialect>): Preamble {
  const lines = text.replace(/^\ufeff/, "").split(/\r\n|\n|\r/, LINES);
  const said = known.skip === undefined ? separatorLine(lines[0] ?? "") : undefined;
  if (said !== undefined && known.delimiter === undefined) return { skip: 1, delimiter: said };
  if (said !== undefined) return { skip: 1 };
  const above = known.skip ?? 0;
  const comment = known.comment ?? commentOf(lines.slice(above), known);
  if (comment !== undefined) return { ...(known.skip === undefined ? {} : { skip: above }), comment };
  const skip = known.skip ?? titleLines(lines, known);
  return skip === 0 ? {} : { skip };
}

/** `sep=;`, which spreadsheets write and read. */
function separatorLine(line: string): string | undefined {
  return /^"?sep=([^\w"\s]|\t)"?$/i.exec(line)?.[1];
}

interface Table {
  readonly delimiter: string;
  readonly fields: number;
  readonly records: readonly (readonly string[])[];
}

/** Lines as records of the delimiter by which most of them have the same number of fields, which is more than one. */
function tableOf(lines: readonly string[], known: Partial<CsvDialect>): Table | undefined {
  let best: (Table & { readonly score: number }) | undefined;
  for (const delimiter of known.delimiter === undefined ? DELIMITERS : [known.delimiter]) {
    const dialect = { delimiter, quote: known.quote ?? '"', escape: known.escape ?? known.quote ?? '"' };
    const records = lines.map((line) => splitFields(line, dialect).map((field) => field.text));
    const counts = new Map<number, number>();
    for (const { length } of records) if (length > 1) counts.set(length, (counts.get(length) ?? 0) + 1);
    for (const [fields, count] of counts) {
      const score = count * Math.log2(fields);
      if (count >= 2 && score > (best?.score ?? 0)) best = { delimiter, fields, records, score };
    }
  }
  return best;
}

/** How many fields of a record hold something, those behind the last that does not counted out. */
function filled(record: readonly string[]): number {
  return record.findLastIndex((field) => field.trim() !== "") + 1;
}

/** What the first lines begin with, where they are comments and no header. */
function commentOf(lines: readonly string[], known: Partial<CsvDialect>): string | undefined {
  for (const mark of ["#", "//", "%"]) {
    const block = lines.findIndex((line) => !line.startsWith(mark) && line.trim() !== "");
    const comments = lines.slice(0, block).filter((line) => line.trim() !== "");
    if (block < 1 || comments.length === 0) continue;
    const rest = lines.slice(block).filter((line) => !line.startsWith(mark) && line.trim() !== "");
    const table = tableOf(rest, known);
    if (table === undefined) continue;
    if (hasHeader(table.records.slice(0, -1))) return mark;
    // The last of them may be the header, with a mark before its first name.
    const last = comments.at(-1) ?? "";
    const isHeader = last.split(table.delimiter).length === table.fields;
    if (!isHeader) return mark;
    const doubled = mark + mark;
    if (comments.length > 1 && !last.startsWith(doubled) && comments.slice(0, -1).every((it) => it.startsWith(doubled)))
      return doubled;
  }
  return undefined;
}

/** How many lines of one field stand above a header of several. */
function titleLines(lines: readonly string[], known: Partial<CsvDialect>): number {
  const table = tableOf(lines, known);
  if (table === undefined) return 0;
  const first = table.records.findIndex((record) => filled(record) > 1);
  if (first < 1 || first > MOST_ABOVE) return 0;
  const above = table.records.slice(0, first);
  if (above.every((record) => filled(record) === 0)) return 0;
  // The last line may be cut.
  const below = table.records
    .slice(first, lines.length < LINES ? undefined : -1)
    .filter((record) => filled(record) > 0);
  const regular = below.filter((record) => record.length === table.fields).length;
  const isRegular = below[0]?.length === table.fields && below.length > 1 && regular >= 0.8 * below.length;
  return isRegular && hasHeader(below.filter((record) => record.length === table.fields)) ? first : 0;
}
