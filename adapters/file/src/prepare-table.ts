import type { CsvDialect, ReadRequest } from "@sluice/core";
import { cutText, tableRange } from "./cut-text.ts";
import type { FoundFile } from "./find-files.ts";
import { assertHeader, readFirstRecord } from "./header.ts";
import { printHeader } from "./loose-header.ts";
import { matchHeader } from "./match-header.ts";
import { type PreparedText, prepareText } from "./prepare-text.ts";
import { startsPlainly } from "./small-texts.ts";

/** A file of its own in scratch space that holds a table and nothing else, and the order of its columns. */
export async function prepareTable(
  file: FoundFile,
  { dataset, signal, warn }: ReadRequest,
  {
    frozen,
    newline,
    nextPath,
  }: { readonly frozen: CsvDialect; readonly newline: "lf" | "crlf" | "cr"; readonly nextPath: () => string },
): Promise<{ readonly text: PreparedText; readonly order: readonly string[] }> {
  const path = nextPath();
  const prepared = await prepareText(file, `${path}.csv`, { encoding: frozen.encoding, signal });
  const range = await tableRange(prepared, frozen);
  const fields = frozen.header ? undefined : dataset.columns.length;
  const first = await readFirstRecord(prepared, { ...frozen, fields }, range);
  if (frozen.header) assertHeader(file.origin, first);
  const order = frozen.header
    ? matchHeader(dataset, first?.fields ?? [], { origin: file.origin, warn })
    : dataset.columns.map((column) => column.name);
  const isAllTable = range === undefined && frozen.comment === undefined && frozen.ragged === undefined;
  const isSound = frozen.looseHeader !== true;
  if (startsPlainly(first, newline) && frozen.newline !== "mixed" && isAllTable && isSound) {
    return { text: prepared, order };
  }
  const text = await cutText(prepared, `${path}-lines.csv`, {
    dialect: frozen,
    fields: order.length,
    first,
    header: isSound ? undefined : printHeader(first?.fields ?? [], frozen),
    range,
    newline,
    signal,
  });
  return { text, order };
}
