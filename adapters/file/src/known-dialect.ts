import { type CsvDialect, SluiceError } from "@sluice/core";
import type { FileAddress } from "./config.ts";

/**
 * What is known of a dialect before the file is looked at: from its address, then from the dataset's options, which win.
 *
 * @throws SluiceError `config` for what only a target can have, or no reader can tell apart
 */
export function knownDialect(address: FileAddress, declared: Partial<CsvDialect>): Partial<CsvDialect> {
  const {
    delimiter,
    quote,
    escape: escaping,
    header,
    encoding,
    newline,
    quotedEmpty,
    comment,
    skip,
    skipEnd,
    ragged,
  } = address;
  if (quote === "minimal" || quote === "all") {
    throw new SluiceError("config", `${address.path}: quote: "${quote}" says how to write, not how to read`, {
      offending: quote,
      hint: 'for a source it is the character itself, or "none"',
    });
  }
  const all = {
    delimiter,
    quote: quote === "none" ? "" : quote,
    escape: escaping,
    header,
    encoding,
    newline,
    quotedEmpty,
    comment,
    skip,
    skipEnd,
    ragged: ragged === "pad" ? ragged : undefined,
    ...declared,
  };
  const known = Object.fromEntries(
    Object.entries(all).filter(([, value]) => value !== undefined),
  ) as Partial<CsvDialect>;
  if (known.delimiter !== undefined && (known.delimiter === known.quote || known.delimiter === "")) {
    throw new SluiceError(
      "config",
      `${address.path}: the delimiter is ${JSON.stringify(known.delimiter)}, which cannot be told from a quote`,
      {
        offending: known.delimiter,
      },
    );
  }
  return known;
}
