import { type CsvDialect, type FieldDialect, parseFields, type ScannableInput } from "@sluice/core";

/**
 * Whether a delimiter has several characters. DuckDB (1.5.6) reads such a one beside quotes in a way of its own: of
 * `"x",, "y"` with the delimiter `, ` it takes `x",` for a value, of `"x" | ||` with `||` it loses the bar. So files with
 * quotes are left to the split, which writes what it tells apart with a comma.
 */
export function isWide({ delimiter }: Pick<CsvDialect, "delimiter">): boolean {
  return delimiter.length > 1;
}

/** The byte that must not stand in a file for its strict read to be certain. */
export function forbiddenByte({ dialect }: Pick<ScannableInput, "dialect">): number | undefined {
  return dialect === undefined || !isWide(dialect) || dialect.quote === "" ? undefined : dialect.quote.charCodeAt(0);
}

/** The first fields of a record as sluice itself writes them: commas, quotes doubled; what stood in quotes does so again. */
export function standardFields(
  bytes: Uint8Array,
  dialect: FieldDialect,
  { count, nulls }: { readonly count: number; readonly nulls: ReadonlySet<string> },
): Uint8Array {
  const fields = parseFields(bytes, dialect).slice(0, count);
  const texts = fields.map(({ text, quoted }) => {
    if (!quoted && (text === "" || nulls.has(text))) return "";
    return `"${text.replaceAll('"', '""')}"`;
  });
  return Buffer.from(texts.join(","));
}
