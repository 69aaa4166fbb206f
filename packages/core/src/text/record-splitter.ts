import type { CsvDialect } from "../schema/frozen.ts";
import { parseFields } from "./parse-record.ts";
import { CR, FOUND, NEEDS_MORE, NO_RECORD, QUOTED, RecordScanner, SKIPPING, START } from "./record-scanner.ts";
import { isUtf8 } from "./utf8.ts";

/** Why a record is none. The texts are the rules under which it is rejected. */
export type RecordProblem =
  | "has text after a closing quote"
  | "has an unterminated quote"
  | "has a carriage return outside quotes"
  | "has a line feed outside quotes"
  | "is too long"
  | "is not valid UTF-8"
  | "has a NUL byte"
  | "has too few fields"
  | "has too many fields"
  | "has too few characters"
  | "has too many characters";

/** A record as it passes by. One object stands for all of them: read it before the callback returns. */
export interface TextRecord {
  /** From 1, the first after the header; the header itself is 0. Blank lines that are skipped do not count. */
  readonly record: number;
  /** The physical line on which it starts, from 1. */
  readonly line: number;
  /** Of its first byte, from the start of the input. */
  readonly offset: number;
  /** In bytes, without the line end; its true length where it is too long. */
  readonly length: number;
  /** How many there are (empty ones beyond the expected number are no problem); 0 where quotes or length forbid to tell. */
  readonly fields: number;
  readonly problem: RecordProblem | undefined;
  /** Of its line end, in bytes: 1 for LF or CR, 2 for CRLF, 0 at the end of the input. */
  readonly lineEndLength: number;
  /** Without the line end; only the first 64 KB where it is too long. Valid until the callback returns. */
  bytes(): Uint8Array;
}

/** How the records of a text are told apart, and what is expected of each. */
export interface SplitterOptions {
  readonly dialect: Pick<CsvDialect, "delimiter" | "quote" | "escape" | "newline" | "comment">;
  /** Whether the first record is a header: it has the number 0. */
  readonly header: boolean;
  /** How many fields a record has; absent where any number will do. With one field, a blank line is a record (a null). */
  readonly fields?: number;
  /** The number of the first line; 1 where absent. */
  readonly firstLine?: number;
  /** For fixed width: how many characters a line has at least, and at most but for blanks at its end. */
  readonly characters?: { readonly least: number; readonly most: number };
  /** A record of more bytes is too long; 16 MB where absent. */
  readonly maxRecordBytes?: number;
}

/** Takes bytes in pieces of any size and gives records. */
export interface RecordSplitter {
  push(chunk: Uint8Array, emit: (record: TextRecord) => void): void;
  /** Tells that there is no more, and gives the last record. */
  end(emit: (record: TextRecord) => void): void;
}

/** Where a record becomes too long and is rejected, unless `maxRecordBytes` says otherwise: 16 MB. */
export const MAX_RECORD_BYTES: number = 16 * 1024 * 1024;
const KEPT_BYTES = 64 * 1024;
/**
 * Quotes can be made so that every line, tried alone, looks like a record that never ends. When more was read twice than
 * this multiple of the input so far (and two records of the greatest length), a quoted field ends with its line.
 */
const REREAD_FACTOR = 8;

/**
 * Tells the records of a delimited text apart, without ever holding more than the longest allowed one.
 *
 * A quote that is wrong costs one physical line: when a quoted field turns out not to be one (text after the closing
 * quote, no closing quote before the end or the limit), its record is cut at its first line end, and reading goes on
 * with the next line. What a record is follows DuckDB's reader (1.5), so that both accept the same: a quote inside an
 * unquoted field is text; one blank before an opening quote and blanks after a closing one do not count; empty fields
 * beyond the expected number do not either; a blank line is skipped unless there is one column only.
 *
 * @example
 * const splitter = createRecordSplitter({ dialect, header: true, fields: 2 });
 * splitter.push(new TextEncoder().encode("a,b\n1,2\n3"), (it) => console.log(it.record, it.line, it.problem));
 * splitter.end((it) => console.log(it.record, it.line, it.problem));
 * // 0 1 undefined
 * // 1 2 undefined
 * // 2 3 "has too few fields"
 */
export function createRecordSplitter(options: SplitterOptions): RecordSplitter {
  return new Splitter(options);
}

class Splitter implements RecordSplitter, TextRecord {
  record: number;
  line: number;
  offset = 0;
  length = 0;
  fields = 1;
  lineEndLength = 0;
  problem: RecordProblem | undefined = undefined;

  private readonly expected: number | undefined;
  private readonly characters: SplitterOptions["characters"];
  private readonly dialect: SplitterOptions["dialect"];
  private readonly comment: Uint8Array;
  private readonly skipsBlank: boolean;
  private isComment = false;
  private readonly limit: number;
  private readonly keep: number;
  private readonly scanner: RecordScanner;
  /** Whether the window is a buffer of ours. */
  private isOwn = false;
  /** Where the window begins in the input. */
  private base = 0;
  private isBegun = false;
  /** Bytes of a too long line that are gone, and its kept beginning. */
  private dropped = 0;
  private kept: Uint8Array | undefined = undefined;
  private reread = 0;

  constructor(options: SplitterOptions) {
    const { dialect, header, fields, characters, firstLine = 1, maxRecordBytes = MAX_RECORD_BYTES } = options;
    this.expected = fields;
    this.line = firstLine;
    this.comment = new TextEncoder().encode(dialect.comment ?? "");
    this.skipsBlank = fields !== 1 || dialect.comment !== undefined;
    this.characters = characters;
    this.dialect = dialect;
    this.record = header ? 0 : 1;
    this.limit = maxRecordBytes;
    this.keep = Math.min(KEPT_BYTES, maxRecordBytes);
    this.scanner = new RecordScanner(dialect, maxRecordBytes);
  }

  bytes(): Uint8Array {
    if (this.kept !== undefined) return this.kept;
    const { work, start, foundEnd } = this.scanner;
    return work.subarray(start, this.problem === "is too long" ? start + this.keep : foundEnd);
  }

  push(chunk: Uint8Array, emit: (record: TextRecord) => void): void {
    if (chunk.length === 0) return;
    this.append(chunk);
    this.scan(false, emit);
    this.forget();
  }

  end(emit: (record: TextRecord) => void): void {
    this.scan(true, emit);
  }

  /** Takes a chunk as it is where no record is open, else puts a copy behind the open one, in a buffer that doubles. */
  private append(chunk: Uint8Array): void {
    const { scanner } = this;
    const pending = scanner.stop - scanner.start;
    if (pending === 0) {
      this.rebase();
      scanner.work = chunk;
      this.isOwn = false;
    } else if (!this.isOwn || scanner.stop + chunk.length > scanner.work.length) {
      const room = pending + chunk.length;
      const target = this.isOwn && room <= scanner.work.length ? scanner.work : new Uint8Array(room + pending);
      target.set(scanner.work.subarray(scanner.start, scanner.stop));
      this.rebase();
      scanner.work = target;
      this.isOwn = true;
    }
    if (this.isOwn) scanner.work.set(chunk, scanner.stop);
    scanner.stop += chunk.length;
  }

  private rebase(): void {
    this.base += this.scanner.start;
    this.scanner.rebase();
  }

  /** Keeps memory bounded: of a line above the limit only the beginning stays. */
  private forget(): void {
    const { scanner, limit } = this;
    const pending = scanner.stop - scanner.start;
    if (scanner.mode !== SKIPPING) {
      // One more may be half of a line end.
      if (pending <= limit + 1) return;
      scanner.mode = SKIPPING;
      scanner.bad = "is too long";
      scanner.at = scanner.stop - (scanner.work[scanner.stop - 1] === CR ? 1 : 0);
    }
    if (this.kept === undefined) {
      if (pending <= limit) return;
      this.kept = scanner.work.slice(scanner.start, scanner.start + this.keep);
    }
    this.dropped += scanner.at - scanner.start;
    scanner.start = scanner.at;
  }

  private scan(last: boolean, emit: (record: TextRecord) => void): void {
    const { scanner, limit } = this;
    if (!this.isBegun && !this.skipByteOrderMark(last)) return;
    for (;;) {
      if (!this.isCommentKnown(last)) return;
      let outcome = scanner.mode === SKIPPING ? scanner.findLineEnd(last) : scanner.findRecordEnd(last);
      const pending = scanner.stop - scanner.start;
      if (outcome === NEEDS_MORE) {
        if ((scanner.breakAt >= 0 && pending > limit + 1) || (last && scanner.mode === QUOTED)) {
          scanner.bad = "has an unterminated quote";
          outcome = NO_RECORD;
        } else if (last && (pending > 0 || this.dropped > 0)) {
          scanner.foundEnd = scanner.stop;
          scanner.foundNext = scanner.stop;
          outcome = FOUND;
        } else {
          return;
        }
      }
      if (outcome === FOUND && scanner.breakAt >= 0 && scanner.foundEnd - scanner.start > limit) outcome = NO_RECORD;
      if (outcome === NO_RECORD && !this.cutBack()) continue;
      this.finish(emit);
    }
  }

  /**
   * What looked like a quoted field is none. Gives the record up to its first line end, from where reading goes on; false
   * where it has had no line end yet and the rest of the line is still to be skipped.
   */
  private cutBack(): boolean {
    const { scanner } = this;
    if (scanner.breakAt < 0) {
      scanner.mode = SKIPPING;
      return false;
    }
    scanner.bad = "has an unterminated quote";
    this.reread += Math.min(scanner.at - scanner.start, this.limit);
    scanner.foundEnd = scanner.breakAt;
    scanner.foundNext = scanner.breakNext;
    scanner.breaks = 0;
    return true;
  }

  private finish(emit: (record: TextRecord) => void): void {
    const { scanner } = this;
    this.length = this.dropped + scanner.foundEnd - scanner.start;
    this.offset = this.base + scanner.start - this.dropped;
    const isBlank = this.length === 0 && this.skipsBlank;
    if (!isBlank && !this.isComment) {
      this.fields = scanner.fields;
      this.lineEndLength = scanner.foundNext - scanner.foundEnd;
      this.problem = this.findProblem();
      emit(this);
      this.record += 1;
    }
    this.line += scanner.breaks + 1;
    this.dropped = 0;
    this.kept = undefined;
    this.isComment = false;
    scanner.begin(scanner.foundNext);
    scanner.spansLines = this.reread <= 2 * this.limit + REREAD_FACTOR * (this.base + scanner.start);
  }

  /** Looks whether a line is a comment before anything in it means anything; false where the next bytes decide. */
  private isCommentKnown(last: boolean): boolean {
    const { comment, scanner } = this;
    if (comment.length === 0 || this.isComment || scanner.mode !== START || scanner.at > scanner.start) return true;
    const seen = Math.min(comment.length, scanner.stop - scanner.start);
    for (let index = 0; index < seen; index++) {
      if (scanner.work[scanner.start + index] !== comment[index]) return true;
    }
    if (seen < comment.length) return last;
    this.isComment = true;
    scanner.mode = SKIPPING;
    return true;
  }

  private findProblem(): RecordProblem | undefined {
    const { expected, scanner } = this;
    const isTooLong = this.length > this.limit;
    if (isTooLong || scanner.bad !== undefined) {
      this.fields = 0;
      return isTooLong ? "is too long" : scanner.bad;
    }
    if (scanner.stray) {
      return scanner.endsAtReturn ? "has a line feed outside quotes" : "has a carriage return outside quotes";
    }
    if (scanner.nul) return "has a NUL byte";
    if (scanner.high && !isUtf8(scanner.work, scanner.start, scanner.foundEnd)) return "is not valid UTF-8";
    if (this.characters !== undefined) return this.findWidthProblem(this.characters);
    if (expected === undefined || this.fields === expected || this.record === 0) return undefined;
    if (this.fields < expected) return "has too few fields";
    const extra = parseFields(scanner.work.subarray(scanner.start, scanner.foundEnd), this.dialect).slice(expected);
    return extra.every((field) => field.text === "") ? undefined : "has too many fields";
  }

  private findWidthProblem({ least, most }: { least: number; most: number }): RecordProblem | undefined {
    const { work, start, foundEnd } = this.scanner;
    let end = foundEnd;
    const long = characterCount(work, start, end);
    if (long < least) return "has too few characters";
    if (long <= most) return undefined;
    while (end > start && work[end - 1] === BLANK) end -= 1;
    return long - (foundEnd - end) > most ? "has too many characters" : undefined;
  }

  private skipByteOrderMark(last: boolean): boolean {
    const { scanner } = this;
    const mark = [0xef, 0xbb, 0xbf];
    const seen = Math.min(3, scanner.stop - scanner.start);
    const isMark = mark.slice(0, seen).every((byte, index) => scanner.work[scanner.start + index] === byte);
    if (isMark && seen < 3 && !last) return false;
    if (isMark && seen === 3) scanner.begin(scanner.start + 3);
    this.isBegun = true;
    return true;
  }
}

const BLANK = 32;

/** Code points of valid UTF-8: every byte but those that go on with a character. */
function characterCount(bytes: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) if (((bytes[at] ?? 0) & 0xc0) !== 0x80) count += 1;
  return count;
}
