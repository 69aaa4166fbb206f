import { type FileHandle, open } from "node:fs/promises";
import {
  type CsvDialect,
  createRecordSplitter,
  type ExpectedRecord,
  expectedRecord,
  type FileGroup,
  type FrozenColumn,
  type InputFile,
  nullWordsOf,
  parseFields,
  SluiceError,
  type TextRecord,
} from "@sluice/core";
import { PieceReader } from "./piece-reader.ts";
import { quotedText } from "./read-raw.ts";
import { isWide, standardFields } from "./wide-delimiter.ts";

/**
 * The records of a group's files, told apart in Node: sound ones go into a copy that DuckDB reads, each with its file,
 * record, line, and where it stands in front; the others into a list of rejects.
 */
export interface SplitFiles {
  /** Read with the dialect of the input, no header, LF; whole lines as the last field of `STANDARD`; wide delimiters as `STANDARD`. */
  readonly sound: string;
  /** CSV with commas and quotes: see `UNSOUND_COLUMNS`. */
  readonly unsound: string;
  readonly longestBytes: number;
  readonly hasUnsound: boolean;
}

/** What stands in front of a sound record, by names that no frozen column has. */
export const PREFIX = {
  file: "\u0001file",
  record: "\u0001record",
  line: "\u0001line",
  offset: "\u0001offset",
  bytes: "\u0001bytes",
} as const;
export const UNSOUND_COLUMNS: readonly string[] = ["file", "record", "line", "bytes", "rule", "raw"];

/** What sluice itself writes between two looks at a record. */
export const STANDARD: CsvDialect = {
  delimiter: ",",
  quote: '"',
  escape: '"',
  header: false,
  newline: "lf",
  encoding: "utf-8",
  quotedEmpty: "text",
  compression: "none",
};

const CHUNK_BYTES = 1024 * 1024;

export async function splitFiles(
  group: FileGroup,
  { dialect, columns }: { readonly dialect: CsvDialect; readonly columns: readonly FrozenColumn[] },
  paths: { readonly sound: string; readonly unsound: string },
  firstFile: number,
  signal: AbortSignal,
): Promise<SplitFiles> {
  const sound = await open(paths.sound, "w");
  const unsound = await open(paths.unsound, "w");
  const writer = new RecordWriter(dialect, group.order.length, new Set(nullWordsOf(columns)));
  const expected = expectedRecord(dialect, columns, group.order.length);
  const reader = new PieceReader();
  try {
    for (const [index, file] of group.files.entries()) {
      await splitFile(file, firstFile + index, { dialect, expected, writer, reader, sound, unsound, signal });
    }
    await writer.flush(sound, unsound);
  } finally {
    await reader.close();
    await sound.close();
    await unsound.close();
  }
  return { ...paths, longestBytes: writer.longestBytes, hasUnsound: writer.unsoundRecords > 0 };
}

interface Work {
  readonly dialect: CsvDialect;
  readonly expected: ExpectedRecord;
  readonly writer: RecordWriter;
  readonly reader: PieceReader;
  readonly sound: FileHandle;
  readonly unsound: FileHandle;
  readonly signal: AbortSignal;
}

async function splitFile(file: InputFile, number: number, work: Work): Promise<void> {
  const { dialect, expected, writer, reader, signal } = work;
  const splitter = createRecordSplitter({
    dialect,
    header: dialect.header && file.start === undefined,
    firstLine: file.firstLine ?? 1,
    ...expected,
  });
  const emit = (record: TextRecord): void => {
    if (record.record > 0) writer.add(record, number);
  };
  for await (const piece of reader.piecesOf(file)) {
    if (signal.aborted) throw new SluiceError("cancelled", "the query was cancelled");
    splitter.push(piece, emit);
    if (writer.isFull) await writer.flush(work.sound, work.unsound);
  }
  splitter.end(emit);
  if (writer.isFull) await writer.flush(work.sound, work.unsound);
}

/** Collects lines between two flushes. */
class RecordWriter {
  longestBytes = 0;
  unsoundRecords = 0;
  private readonly dialect: CsvDialect;
  private readonly nulls: ReadonlySet<string>;
  private readonly fields: number;
  private lines: Buffer = Buffer.allocUnsafe(2 * CHUNK_BYTES);
  private used = 0;
  private unsound = "";

  constructor(dialect: CsvDialect, fields: number, nulls: ReadonlySet<string>) {
    this.nulls = nulls;
    this.dialect = dialect;
    this.fields = fields;
  }

  add(record: TextRecord, file: number): void {
    if (record.problem === undefined) this.addSound(record, file);
    else this.addUnsound(record, record.problem, file);
  }

  get isFull(): boolean {
    return this.used >= CHUNK_BYTES || this.unsound.length >= CHUNK_BYTES;
  }

  async flush(sound: FileHandle, unsound: FileHandle): Promise<void> {
    const lines = this.lines.subarray(0, this.used);
    const rejects = this.unsound;
    this.used = 0;
    this.unsound = "";
    if (lines.length > 0) await sound.writeFile(lines);
    if (rejects.length > 0) await unsound.writeFile(rejects);
  }

  private addSound(record: TextRecord, file: number): void {
    const { offset, length, line } = record;
    const isStandard = this.dialect.delimiter === "" || isWide(this.dialect);
    const delimiter = isStandard ? STANDARD.delimiter : this.dialect.delimiter;
    const prefix = [file, record.record, line, offset, length].join(delimiter) + delimiter;
    const own = this.fieldsOf(record);
    const most = prefix.length * 4 + own.length + 1;
    if (this.used + most > this.lines.length) this.grow(most);
    const start = this.used;
    this.used += this.lines.write(prefix, this.used);
    this.lines.set(own, this.used);
    this.used += own.length;
    this.lines[this.used++] = LINE_FEED;
    this.longestBytes = Math.max(this.longestBytes, this.used - start);
  }

  private fieldsOf(record: TextRecord): Uint8Array {
    const bytes = record.bytes();
    if (this.dialect.delimiter === "") return Buffer.from(`"${utf8.decode(bytes).replaceAll('"', '""')}"`);
    if (isWide(this.dialect)) return standardFields(bytes, this.dialect, { count: this.fields, nulls: this.nulls });
    return record.fields > this.fields ? this.withoutExtra(bytes) : bytes;
  }

  private grow(more: number): void {
    const larger = Buffer.allocUnsafe(2 * this.lines.length + more);
    this.lines.copy(larger, 0, 0, this.used);
    this.lines = larger;
  }

  private addUnsound(record: TextRecord, problem: string, file: number): void {
    this.unsoundRecords += 1;
    const { length, line } = record;
    this.unsound += `${file},${record.record},${line},${length},${problem},${quotedText(record.bytes())}\n`;
  }

  /** DuckDB takes one empty field too many, the splitter any number of them. */
  private withoutExtra(bytes: Uint8Array): Uint8Array {
    const { delimiter, quote, escape: own } = this.dialect;
    const escaping = own === "" ? quote : own;
    const fields = parseFields(bytes, this.dialect).slice(0, this.fields);
    const texts = fields.map(({ text, quoted }) => {
      if (!quoted) return text;
      const escaped = escaping === quote ? text : text.replaceAll(escaping, escaping + escaping);
      return quote + escaped.replaceAll(quote, escaping + quote) + quote;
    });
    return Buffer.from(texts.join(delimiter));
  }
}

const LINE_FEED = 10;
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
