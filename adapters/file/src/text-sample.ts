import { type CsvDialect, createRecordSplitter, parseRecord, type TextRecord } from "@sluice/core";
import { columnNames } from "./column-names.ts";
import { dataError } from "./errors.ts";
import { assertHeader, type FirstRecord, readFirstRecord } from "./header.ts";
import { doubtOfHeader } from "./loose-header.ts";
import type { PreparedText } from "./prepare-text.ts";
import { doubtOfOneColumn, type SniffedDialect, sniffDialect } from "./sniff-dialect.ts";
import { hasHeader } from "./sniff-header.ts";
import { readHead } from "./text-stream.ts";

const SAMPLE_BYTES = 1 << 17;
const SAMPLE_RECORDS = 1000;

/** What the start of a file says: how to read it, and what its columns are called. */
export interface TextSample {
  readonly dialect: SniffedDialect & Pick<CsvDialect, "header" | "looseHeader">;
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
  const [start] = records;
  // Files that were put together repeat their header: as a value it would hide that it is one.
  const fields = records.filter((record) => !isRepeated(record, start, sniffed)).map((record) => record.fields);
  if (fields.length === 0) throw dataError(text.origin, "is empty: expected a header", "empty");
  const most = mostCommonLength(fields.length === 1 ? fields : fields.slice(1));
  const header = known.header ?? (hasHeader(fields) || hasHeader(withoutEmptyNames(fields, most)));
  const dialect = { ...sniffed, header };
  const doubt = (fields[0]?.length ?? 0) === 1 ? doubtOfOneColumn(records.map((record) => record.text)) : undefined;
  const doubts = [
    ...(doubt === undefined || known.delimiter !== undefined ? [] : [doubt]),
    ...(/^(?:\[\s*)?\{\s*"/.test(start?.text ?? "")
      ? [`${text.origin} begins as JSON does, and is read as delimited text: say its format, ndjson or json`]
      : []),
  ];
  if (!header) {
    const count = mostCommonLength(fields);
    return { dialect, names: namesOf(count, columns, text.origin), warnings: doubts };
  }
  const read = { ...dialect, encoding: "utf-8", quotedEmpty: "text", compression: "none" } as const;
  const written = await readFirstRecord(text, read);
  const unsound = written === undefined ? undefined : doubtOfHeader(written, dialect, most);
  if (unsound !== undefined) {
    const loose = { ...dialect, looseHeader: true } as const;
    const names = columnNames((await readFirstRecord(text, { ...read, ...loose }))?.fields ?? []);
    return { dialect: loose, names: names.names, warnings: [`${text.origin} ${unsound}`, ...names.warnings] };
  }
  const first = written;
  assertHeader(text.origin, first);
  // A delimiter at the end of every line is no column; a column without a name that holds something is one.
  const last = first.fields.findLastIndex(
    (name, index) => name.trim() !== "" || fields.slice(1).some((record) => (record[index] ?? "") !== ""),
  );
  const { names, warnings } = columnNames(first.fields.slice(0, Math.max(1, last + 1)));
  return { dialect, names, warnings: [...warnings, ...doubts, ...doubtOfLength(text, first, most)] };
}

interface SampleRecord {
  readonly text: string;
  readonly fields: readonly string[];
}

/** Whether a record behind a byte order mark is the first one once more. */
function isRepeated({ text }: SampleRecord, first: SampleRecord | undefined, dialect: SniffedDialect): boolean {
  if (first === undefined || !text.startsWith("\ufeff")) return false;
  const fields = parseRecord(Buffer.from(text.slice(1)), dialect);
  return fields.length === first.fields.length && fields.every((field, index) => field === first.fields[index]);
}

/** The records with a first one of as many names as they have fields, where there are some empty ones too many. */
function withoutEmptyNames(records: readonly (readonly string[])[], fields: number): readonly (readonly string[])[] {
  const [first = [], ...rest] = records;
  const names = first.filter((name) => name.trim() !== "");
  return names.length === fields ? [names, ...rest] : records;
}

/** Records that are longer than the header may have lost a name anywhere in it. */
function doubtOfLength(text: PreparedText, first: FirstRecord, fields: number): readonly string[] {
  const { length } = first.fields;
  if (length < 2 || length >= fields) return [];
  return [
    `${text.origin} line ${first.line}, the header, has ${length} fields and most records ${fields}: names are taken in their order, look whether they are those of their columns`,
  ];
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

function sampleRecords(head: Uint8Array, dialect: SniffedDialect, isWhole: boolean): readonly SampleRecord[] {
  const records: SampleRecord[] = [];
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
