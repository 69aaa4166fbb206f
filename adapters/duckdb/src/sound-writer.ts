import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import {
  type CsvDialect,
  type FileGroup,
  type FrozenColumn,
  nullWordsOf,
  parseFields,
  ROWS_DIALECT,
  type TextRecord,
} from "@sluice/core";
import { quotedText } from "./read-raw.ts";
import type { PlaceWriter } from "./record-places.ts";
import { isWide, standardFields } from "./wide-delimiter.ts";

/** Sound records in a file of their own, in their order, each with a line feed behind it. */
export interface SoundChunk {
  readonly path: string;
  readonly records: number;
}

/** What is known of the records of a group. */
export interface SplitFiles {
  /** Read with the dialect of the input, no header, LF; whole lines as the one field of `ROWS_DIALECT`; wide delimiters as `ROWS_DIALECT`. */
  readonly chunks: readonly SoundChunk[];
  /** Which record the first of the first chunk is among all sound ones, from 0. */
  readonly first: number;
  /** Whether the number of its file stands in front of each sound record. */
  readonly isNumbered: boolean;
  /** CSV with commas and quotes: see `UNSOUND_COLUMNS`. */
  readonly unsound: string;
  readonly unsoundRecords: number;
  readonly longestBytes: number;
}

export const UNSOUND_COLUMNS: readonly string[] = ["file", "record", "line", "bytes", "rule", "raw"];

const BUFFER_BYTES = 1024 * 1024;
/** DuckDB reads each chunk with one thread, and holds it whole (1.5.6). */
const CHUNK_BYTES = 16 * 1024 * 1024;
const LINE_FEED = 10;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

export interface SoundWriterOptions {
  readonly folder: string;
  readonly dialect: CsvDialect;
  readonly columns: readonly FrozenColumn[];
  readonly group: FileGroup;
  readonly places: PlaceWriter;
  readonly isNumbered: boolean;
}

/** Writes the sound records of a group into chunks and the others into a list of rejects. */
export class SoundWriter {
  private readonly options: SoundWriterOptions;
  private readonly fields: number;
  private readonly nulls: ReadonlySet<string>;
  /** Whether records stand in the chunks as they stand in their files. */
  private readonly isVerbatim: boolean;
  private readonly separator: string;
  private readonly first: number;
  private readonly chunks: { readonly path: string; records: number; bytes: number }[] = [];
  private chunk: FileHandle | undefined;
  private unsoundFile: FileHandle | undefined;
  private lines: Buffer = Buffer.allocUnsafe(2 * BUFFER_BYTES);
  private used = 0;
  private records = 0;
  private unsound = "";
  private unsoundRecords = 0;
  private longestBytes = 0;
  private file = 0;
  /** The piece of the file that is looked at, and where in the file it begins. */
  private piece: Buffer = Buffer.alloc(0);
  private pieceStart = 0;
  /** Records of the piece that stand side by side, not copied yet: from where to where in the file. */
  private run = { from: 0, to: -1, ends: 0 };

  constructor(options: SoundWriterOptions) {
    const { dialect, columns, group, places, isNumbered } = options;
    this.options = options;
    this.fields = group.order.length;
    this.nulls = new Set(nullWordsOf(columns));
    this.isVerbatim = dialect.delimiter !== "" && !isWide(dialect) && !isNumbered && dialect.newline !== "cr";
    this.separator = dialect.delimiter === "" || isWide(dialect) ? ROWS_DIALECT.delimiter : dialect.delimiter;
    this.first = places.count;
  }

  /** The records that follow are those of another file. */
  beginFile(number: number): void {
    this.file = number;
    this.pieceStart = 0;
    this.piece = Buffer.alloc(0);
    this.options.places.beginFile(number);
  }

  /** The records that follow end in this piece of the file. */
  beginPiece(piece: Buffer): void {
    this.pieceStart += this.piece.length;
    this.piece = piece;
  }

  add(record: TextRecord): void {
    if (record.problem !== undefined) this.addUnsound(record, record.problem);
    else {
      this.options.places.add(record);
      this.records += 1;
      if (this.isVerbatim && record.fields <= this.fields && record.offset >= this.pieceStart) this.extendRun(record);
      else this.addLine(this.fieldsOf(record));
    }
  }

  /** Called between two pieces: what was taken from the last one is written where it is much. */
  async endPiece(): Promise<void> {
    this.endRun();
    if (this.used >= BUFFER_BYTES || this.unsound.length >= BUFFER_BYTES) await this.flush();
  }

  async finish(): Promise<SplitFiles> {
    await this.flush();
    const { isNumbered } = this.options;
    return {
      chunks: this.chunks.map(({ path, records }) => ({ path, records })),
      first: this.first,
      isNumbered,
      unsound: this.unsoundPath(),
      unsoundRecords: this.unsoundRecords,
      longestBytes: this.longestBytes,
    };
  }

  async close(): Promise<void> {
    const open = [this.chunk, this.unsoundFile];
    this.chunk = undefined;
    this.unsoundFile = undefined;
    for (const handle of open) await handle?.close();
  }

  private extendRun({ offset, length, lineEndLength }: TextRecord): void {
    const { run } = this;
    this.longestBytes = Math.max(this.longestBytes, length + 1);
    // A line end of two bytes is none that may stand in a chunk.
    if (run.to >= 0 && run.ends === 1 && offset === run.to + 1) {
      run.to = offset + length;
      run.ends = lineEndLength;
      return;
    }
    this.endRun();
    this.run = { from: offset, to: offset + length, ends: lineEndLength };
  }

  private endRun(): void {
    const { from, to } = this.run;
    if (to < 0) return;
    this.run = { from: 0, to: -1, ends: 0 };
    this.append(this.piece.subarray(from - this.pieceStart, to - this.pieceStart));
  }

  private addLine(line: Uint8Array): void {
    this.endRun();
    const { isNumbered } = this.options;
    const whole = isNumbered ? Buffer.concat([Buffer.from(`${this.file}${this.separator}`), line]) : line;
    this.longestBytes = Math.max(this.longestBytes, whole.length + 1);
    this.append(whole);
  }

  private append(bytes: Uint8Array): void {
    const most = bytes.length + 1;
    if (this.used + most > this.lines.length) {
      const larger = Buffer.allocUnsafe(2 * this.lines.length + most);
      this.lines.copy(larger, 0, 0, this.used);
      this.lines = larger;
    }
    this.lines.set(bytes, this.used);
    this.used += bytes.length;
    this.lines[this.used++] = LINE_FEED;
  }

  private fieldsOf(record: TextRecord): Uint8Array {
    const { dialect } = this.options;
    const bytes = record.bytes();
    if (dialect.delimiter === "") return Buffer.from(`"${utf8.decode(bytes).replaceAll('"', '""')}"`);
    if (isWide(dialect)) return standardFields(bytes, dialect, { count: this.fields, nulls: this.nulls });
    return record.fields > this.fields ? this.withoutExtra(bytes) : bytes;
  }

  /** DuckDB takes one empty field too many, the splitter any number of them. */
  private withoutExtra(bytes: Uint8Array): Uint8Array {
    const { delimiter, quote, escape: own } = this.options.dialect;
    const escaping = own === "" ? quote : own;
    const fields = parseFields(bytes, this.options.dialect).slice(0, this.fields);
    const texts = fields.map(({ text, quoted }) => {
      if (!quoted) return text;
      const escaped = escaping === quote ? text : text.replaceAll(escaping, escaping + escaping);
      return quote + escaped.replaceAll(quote, escaping + quote) + quote;
    });
    return Buffer.from(texts.join(delimiter));
  }

  private addUnsound(record: TextRecord, problem: string): void {
    this.unsoundRecords += 1;
    const { length, line } = record;
    this.unsound += `${this.file},${record.record},${line},${length},${problem},${quotedText(record.bytes())}\n`;
  }

  private async flush(): Promise<void> {
    if (this.unsound.length > 0) {
      this.unsoundFile ??= await open(this.unsoundPath(), "w");
      const rejects = this.unsound;
      this.unsound = "";
      await this.unsoundFile.writeFile(rejects);
    }
    await this.options.places.flush();
    if (this.used === 0) return;
    let current = this.chunks.at(-1);
    if (current === undefined || current.bytes >= CHUNK_BYTES) {
      await this.chunk?.close();
      current = { path: join(this.options.folder, `${this.chunks.length}.csv`), records: 0, bytes: 0 };
      this.chunks.push(current);
      this.chunk = await open(current.path, "w");
      // The reader takes the first mark of a file for none of its text.
      if (this.lines.subarray(0, 3).equals(BYTE_ORDER_MARK)) await this.chunk.writeFile(BYTE_ORDER_MARK);
    }
    const lines = this.lines.subarray(0, this.used);
    current.records += this.records;
    current.bytes += this.used;
    this.records = 0;
    this.used = 0;
    await this.chunk?.writeFile(lines);
  }

  private unsoundPath(): string {
    return join(this.options.folder, "unsound.csv");
  }
}
