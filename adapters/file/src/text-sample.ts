import { type CsvDialect, createRecordSplitter, parseRecord, type TextRecord } from "@sluice/core";
import { columnNames } from "./column-names.ts";
import { dataError } from "./errors.ts";
import { assertHeader, readFirstRecord } from "./header.ts";
import type { PreparedText } from "./prepare-text.ts";
import { doubtOfOneColumn, type SniffedDialect, sniffDialect } from "./sniff-dialect.ts";
import { hasHeader } from "./sniff-header.ts";
import { readHead } from "./text-stream.ts";

const SAMPLE_BYTES = 1 << 17;
const SAMPLE_RECORDS = 1000;

/** What the start of a file says: how to read it, and what its columns are called. */
export interface TextSample {
  readonly dialect: SniffedDialect & Pick<CsvDialect, "header">;
  readonly names: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Finds out how to read a file and what its columns are called, from its start and from what is known.
 *
 * @throws SluiceError `data` with reason `empty` or `header`
 */
export async function takeSample(
  text: PreparedText,
  known: Partial<CsvDialect>,
  columns: readonly string[] | undefined,
): Promise<TextSample> {
  const head = await readHead({ ...text, changed: "" }, SAMPLE_BYTES);
  const isWhole = text.bytes <= head.length;
  const sniffed = sniffDialect(head, known, isWhole);
  const records = sampleRecords(head, sniffed, isWhole);
  const fields = records.map((record) => record.fields);
  if (fields.length === 0) throw dataError(text.origin, "is empty: expected a header", "empty");
  const header = known.header ?? hasHeader(fields);
  const dialect = { ...sniffed, header };
  const doubt = (fields[0]?.length ?? 0) === 1 ? doubtOfOneColumn(records.map((record) => record.text)) : undefined;
  const doubts = doubt === undefined || known.delimiter !== undefined ? [] : [doubt];
  if (!header) {
    const count = mostCommonLength(fields);
    return { dialect, names: namesOf(count, columns, text.origin), warnings: doubts };
  }
  const first = await readFirstRecord(text, {
    ...dialect,
    encoding: "utf-8",
    quotedEmpty: "text",
    compression: "none",
  });
  assertHeader(text.origin, first);
  // A delimiter at the end of every line is no column; a column without a name that holds something is one.
  const last = first.fields.findLastIndex(
    (name, index) => name.trim() !== "" || fields.slice(1).some((record) => (record[index] ?? "") !== ""),
  );
  const { names, warnings } = columnNames(first.fields.slice(0, Math.max(1, last + 1)));
  return { dialect, names, warnings: [...warnings, ...doubts] };
}

function namesOf(count: number, columns: readonly string[] | undefined, origin: string): readonly string[] {
  if (columns === undefined) return Array.from({ length: count }, (_, index) => `column${index + 1}`);
  if (columns.length === count) return columns;
  throw dataError(
    origin,
    `has no header and ${count} columns, and ${columns.length} names were declared`,
    "header",
    "name every column, in the order of the file",
  );
}

function sampleRecords(
  head: Uint8Array,
  dialect: SniffedDialect,
  isWhole: boolean,
): readonly { readonly text: string; readonly fields: readonly string[] }[] {
  const records: { text: string; fields: readonly string[] }[] = [];
  const keep = (record: TextRecord): void => {
    if (records.length >= SAMPLE_RECORDS || (record.problem !== undefined && records.length > 0)) return;
    const bytes = record.bytes();
    records.push({ text: Buffer.from(bytes).toString(), fields: parseRecord(bytes, dialect) });
  };
  const splitter = createRecordSplitter({ dialect, header: false });
  splitter.push(head, keep);
  if (isWhole || records.length === 0) splitter.end(keep);
  return records;
}

function mostCommonLength(records: readonly (readonly string[])[]): number {
  const counts = new Map<number, number>();
  for (const { length } of records) counts.set(length, (counts.get(length) ?? 0) + 1);
  return [...counts].reduce((most, entry) => (entry[1] > most[1] ? entry : most), [1, 0])[0];
}
