import type { CsvDialect } from "../schema/frozen.ts";

/** What of a dialect tells the fields of one record apart. */
export type FieldDialect = Pick<CsvDialect, "delimiter" | "quote" | "escape">;

/** A field of a record: its text, and whether it stood in quotes (an unquoted empty field is null). */
export interface TextField {
  readonly text: string;
  readonly quoted: boolean;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * The fields of one record, without its line end: for headers and samples.
 *
 * @example
 * parseRecord(new TextEncoder().encode('1,"a ""b"", c",'), { delimiter: ",", quote: '"', escape: '"' }); // ["1", 'a "b", c', ""]
 */
export function parseRecord(bytes: Uint8Array, dialect: FieldDialect): string[] {
  return splitFields(decoder.decode(bytes), dialect).map((field) => field.text);
}

/** `parseRecord` that also says which fields stood in quotes. */
export function parseFields(bytes: Uint8Array, dialect: FieldDialect): TextField[] {
  return splitFields(decoder.decode(bytes), dialect);
}

/**
 * The fields of the text of one record. Total: what the splitter calls a problem is taken as it stands.
 * As DuckDB reads it: one blank before a quote and blanks after a closing one do not count; a quote elsewhere in an
 * unquoted field is text.
 */
export function splitFields(record: string, dialect: FieldDialect): TextField[] {
  const { delimiter, quote } = dialect;
  if (delimiter === "") return [{ text: record, quoted: false }];
  if (quote === "" || !record.includes(quote)) {
    return record.split(delimiter).map((text) => ({ text, quoted: false }));
  }
  const fields: TextField[] = [];
  // A blank that may be the start of a delimiter is none that does not count.
  const skipsBlank = !delimiter.startsWith(" ");
  let at = 0;
  for (;;) {
    const blank = skipsBlank && record.startsWith(` ${quote}`, at) ? 1 : 0;
    if (!record.startsWith(quote, at + blank)) {
      const end = indexOrEnd(record, delimiter, at);
      fields.push({ text: record.slice(at, end), quoted: false });
      if (end === record.length) return fields;
      at = end + delimiter.length;
      continue;
    }
    const closing = readQuoted(record, at + blank + 1, quote, dialect.escape);
    const end = indexOrEnd(record, delimiter, closing.after);
    const rest = record.slice(closing.after, end);
    fields.push({ text: closing.text + (rest.trim() === "" ? "" : rest), quoted: true });
    if (end === record.length) return fields;
    at = end + delimiter.length;
  }
}

function readQuoted(record: string, from: number, quote: string, escaping: string): { text: string; after: number } {
  let text = "";
  let start = from;
  let at = from;
  while (at < record.length) {
    const letter = record[at];
    const next = record[at + 1];
    if (letter === escaping && next !== undefined && (escaping !== quote || next === quote)) {
      text += record.slice(start, at);
      start = at + 1;
      at += 2;
    } else if (letter === quote) {
      return { text: text + record.slice(start, at), after: at + 1 };
    } else {
      at += 1;
    }
  }
  return { text: text + record.slice(start), after: record.length };
}

function indexOrEnd(text: string, part: string, from: number): number {
  const index = text.indexOf(part, from);
  return index < 0 ? text.length : index;
}
