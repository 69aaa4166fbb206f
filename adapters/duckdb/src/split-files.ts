import { type FileHandle, open } from "node:fs/promises";
import {
  type CsvDialect,
  createRecordSplitter,
  type FileGroup,
  type InputFile,
  parseFields,
  SluiceError,
  type TextRecord,
} from "@sluice/core";

/**
 * The records of a group's files, told apart in Node: sound ones go into a copy that DuckDB reads, each with its file,
 * record, line, length and raw text in front; the others into a list of rejects.
 */
export interface SplitFiles {
  /** Read with the dialect of the input, no header, LF. */
  readonly sound: string;
  /** The columns in front of the record's own. */
  readonly prefix: readonly string[];
  /** CSV with commas and quotes: file, record, line, rule, raw, bytes. */
  readonly unsound: string;
  readonly longestBytes: number;
  readonly hasUnsound: boolean;
}

/** Names that no frozen column has, whatever its letters. */
export const PREFIX = {
  file: "\u0001file",
  record: "\u0001record",
  line: "\u0001line",
  bytes: "\u0001bytes",
  raw: "\u0001raw",
} as const;
export const UNSOUND_COLUMNS: readonly string[] = ["file", "record", "line", "rule", "raw", "bytes"];
/** Of a record that is kept for a person to see. */
export const RAW_BYTES = 64 * 1024;

const CHUNK_BYTES = 1024 * 1024;

export async function splitFiles(
  group: FileGroup,
  dialect: CsvDialect,
  paths: { readonly sound: string; readonly unsound: string },
  firstFile: number,
  signal: AbortSignal,
): Promise<SplitFiles> {
  const sound = await open(paths.sound, "w");
  const unsound = await open(paths.unsound, "w");
  const writer = new RecordWriter(dialect, group.order.length);
  try {
    for (const [index, file] of group.files.entries()) {
      await splitFile(file, firstFile + index, { dialect, fields: group.order.length, writer, sound, unsound, signal });
    }
  } finally {
    await sound.close();
    await unsound.close();
  }
  const names = dialect.quote === "" ? [PREFIX.file, PREFIX.record, PREFIX.line, PREFIX.bytes] : Object.values(PREFIX);
  return { ...paths, prefix: names, longestBytes: writer.longestBytes, hasUnsound: writer.unsoundRecords > 0 };
}

interface Work {
  readonly dialect: CsvDialect;
  readonly fields: number;
  readonly writer: RecordWriter;
  readonly sound: FileHandle;
  readonly unsound: FileHandle;
  readonly signal: AbortSignal;
}

async function splitFile(file: InputFile, number: number, work: Work): Promise<void> {
  const { dialect, fields, writer, signal } = work;
  const splitter = createRecordSplitter({ dialect, header: dialect.header, fields });
  const emit = (record: TextRecord): void => {
    if (record.record > 0) writer.add(record, number);
  };
  const handle = await open(file.path);
  try {
    for (;;) {
      // The splitter may keep a piece: each is a buffer of its own.
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, null);
      if (signal.aborted) throw new SluiceError("cancelled", "the query was cancelled");
      if (bytesRead > 0) splitter.push(buffer.subarray(0, bytesRead), emit);
      else splitter.end(emit);
      await writer.flush(work.sound, work.unsound);
      if (bytesRead === 0) return;
    }
  } finally {
    await handle.close();
  }
}

/** Collects lines between two flushes. */
class RecordWriter {
  longestBytes = 0;
  unsoundRecords = 0;
  private readonly dialect: CsvDialect;
  private readonly fields: number;
  private readonly lossy = new TextDecoder("utf-8");
  private sound: Uint8Array[] = [];
  private unsound = "";

  constructor(dialect: CsvDialect, fields: number) {
    this.dialect = dialect;
    this.fields = fields;
  }

  add(record: TextRecord, file: number): void {
    if (record.problem === undefined) this.addSound(record, file);
    else this.addUnsound(record, record.problem, file);
  }

  async flush(sound: FileHandle, unsound: FileHandle): Promise<void> {
    const lines = Buffer.concat(this.sound);
    const rejects = Buffer.from(this.unsound);
    this.sound = [];
    this.unsound = "";
    if (lines.length > 0) await sound.writeFile(lines);
    if (rejects.length > 0) await unsound.writeFile(rejects);
  }

  private addSound(record: TextRecord, file: number): void {
    const { delimiter, quote } = this.dialect;
    const bytes = record.bytes();
    const numbers = [file, record.record, record.line, record.length].join(delimiter) + delimiter;
    const own = record.fields > this.fields ? this.withoutExtra(bytes) : Buffer.from(bytes);
    const raw = quote === "" ? [] : [this.quoted(cutText(bytes)), Buffer.from(delimiter)];
    const line = Buffer.concat([Buffer.from(numbers), ...raw, own, LINE_END]);
    this.longestBytes = Math.max(this.longestBytes, line.length);
    this.sound.push(line);
  }

  private addUnsound(record: TextRecord, problem: string, file: number): void {
    this.unsoundRecords += 1;
    const raw = this.lossy.decode(cutText(record.bytes())).replaceAll("\0", "\u2400").replaceAll('"', '""');
    this.unsound += `${file},${record.record},${record.line},${problem},"${raw}",${record.length}\n`;
  }

  /** DuckDB takes one empty field too many, the splitter any number of them. */
  private withoutExtra(bytes: Uint8Array): Uint8Array {
    const { delimiter } = this.dialect;
    const fields = parseFields(bytes, this.dialect).slice(0, this.fields);
    const texts = fields.map(({ text, quoted }) => (quoted ? this.quoted(Buffer.from(text)) : Buffer.from(text)));
    return Buffer.concat(texts.flatMap((text, index) => (index === 0 ? [text] : [Buffer.from(delimiter), text])));
  }

  private quoted(bytes: Uint8Array): Uint8Array {
    const quote = this.dialect.quote.charCodeAt(0);
    const escaping = (this.dialect.escape === "" ? this.dialect.quote : this.dialect.escape).charCodeAt(0);
    const needsCare = bytes.includes(quote) || bytes.includes(escaping);
    const target = new Uint8Array((needsCare ? bytes.length * 2 : bytes.length) + 2);
    target[0] = quote;
    let at = 1;
    if (needsCare) {
      for (const byte of bytes) {
        if (byte === quote || byte === escaping) target[at++] = escaping;
        target[at++] = byte;
      }
    } else {
      target.set(bytes, at);
      at += bytes.length;
    }
    target[at++] = quote;
    return target.subarray(0, at);
  }
}

const LINE_END = Buffer.from("\n");

/** The first 64 KB, without half a character at the end. */
function cutText(bytes: Uint8Array): Uint8Array {
  if (bytes.length <= RAW_BYTES) return bytes;
  let end = RAW_BYTES;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end);
}
