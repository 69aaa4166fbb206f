import { type CsvDialect, parseRecord } from "@sluice/core";
import type { FirstRecord } from "./header.ts";

type HeaderDialect = Pick<CsvDialect, "delimiter" | "quote" | "escape">;

/**
 * The names in a header that is not sound: quotes that end nothing are letters, names that are empty are none.
 *
 * @example
 * looseFields({ text: '"id,name,"note"', problem: "has text after a closing quote" }, dialect); // ['"id', "name", "note"]
 * looseFields({ text: "id,,name", problem: undefined }, dialect); // ["id", "name"]
 */
export function looseFields(
  { text, problem }: Pick<FirstRecord, "text" | "problem">,
  dialect: HeaderDialect,
): readonly string[] {
  const { delimiter, quote } = dialect;
  const fields =
    problem === undefined
      ? parseRecord(Buffer.from(text), dialect)
      : text.split(delimiter).map((field) => {
          const isQuoted = field.length > 1 && field.startsWith(quote) && field.endsWith(quote);
          return isQuoted ? field.slice(1, -1) : field;
        });
  return fields.filter((name) => name.trim() !== "");
}

/**
 * Why a header cannot be taken as it stands, where its names can be told all the same: there are no more of them than fields
 * in the records. Undefined where it is sound, or nothing can be done.
 */
export function doubtOfHeader(first: FirstRecord, dialect: HeaderDialect, fields: number): string | undefined {
  const { problem } = first;
  const isQuote = problem === "has text after a closing quote" || problem === "has an unterminated quote";
  if (problem !== undefined && !isQuote) return undefined;
  if (!isQuote && lengthOf(first.fields) <= fields) return undefined;
  const { length } = looseFields(first, dialect);
  if (length < 2 || length > fields || (length < fields && !isQuote)) return undefined;
  if (isQuote) return `line ${first.line}, the header, ${problem}: quotes in it are taken as letters`;
  const empty = first.fields.findIndex((name) => name.trim() === "") + 1;
  return `line ${first.line}, the header, has ${first.fields.length} fields and the records ${fields}: its empty name, field ${empty}, is left out`;
}

/** Delimiters at the end count for nothing. */
function lengthOf(fields: readonly string[]): number {
  return fields.findLastIndex((name) => name.trim() !== "") + 1;
}

/** Names as a record that any reader takes for them. */
export function printHeader(names: readonly string[], { delimiter, quote, escape: own }: HeaderDialect): Uint8Array {
  const escaping = own === "" ? quote : own;
  const print = (name: string): string => {
    if (quote === "") return name;
    const escaped = escaping === quote ? name : name.replaceAll(escaping, escaping + escaping);
    return quote + escaped.replaceAll(quote, escaping + quote) + quote;
  };
  return Buffer.from(names.map(print).join(delimiter));
}
