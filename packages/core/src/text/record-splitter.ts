import type { CsvDialect } from "../schema/frozen.ts";
import { parseFields } from "./parse-record.ts";
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
  | "has too many fields";

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

export interface SplitterOptions {
  readonly dialect: Pick<CsvDialect, "delimiter" | "quote" | "escape" | "newline">;
  /** Whether the first record is a header: it has the number 0. */
  readonly header: boolean;
  /** How many fields a record has; absent where any number will do. With one field, a blank line is a record (a null). */
  readonly fields?: number;
  /** A record of more bytes is too long; 16 MB where absent. */
  readonly maxRecordBytes?: number;
}

/** Takes bytes in pieces of any size and gives records. */
export interface RecordSplitter {
  push(chunk: Uint8Array, emit: (record: TextRecord) => void): void;
  /** Tells that there is no more, and gives the last record. */
  end(emit: (record: TextRecord) => void): void;
}

export const MAX_RECORD_BYTES: number = 16 * 1024 * 1024;
const KEPT_BYTES = 64 * 1024;
const REREAD_ALLOWANCE = 256 * 1024 * 1024;

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

const START = 0;
const PLAIN = 1;
const QUOTED = 2;
const CLOSED = 3;
/** The rest of a bad physical line. */
const SKIPPING = 4;

const NEEDS_MORE = 0;
const FOUND = 1;
const NO_RECORD = 2;
type Outcome = typeof NEEDS_MORE | typeof FOUND | typeof NO_RECORD;

const LF = 10;
const CR = 13;
const BLANK = 32;

class Splitter implements RecordSplitter, TextRecord {
  record: number;
  line = 1;
  offset = 0;
  length = 0;
  fields = 1;
  lineEndLength = 0;
  problem: RecordProblem | undefined = undefined;

  private readonly expected: number | undefined;
  private readonly dialect: SplitterOptions["dialect"];
  private readonly limit: number;
  private readonly keep: number;
  private readonly delimiter: Uint8Array;
  private readonly quote: number;
  private readonly escape: number;
  private readonly endsAtReturn: boolean;
  /** Where plain scanning must stop, outside and inside quotes; bytes above 127 count until the first one was seen. */
  private readonly plainStops: Uint8Array;
  private readonly quotedStops: Uint8Array;
  private readonly plainStopsHigh: Uint8Array;
  private readonly quotedStopsHigh: Uint8Array;

  /** Holds the bytes of the current record from `start` to `stop`; the input's offset of its first byte is `base`. */
  private work: Uint8Array = new Uint8Array(0);
  private isOwn = false;
  private base = 0;
  private start = 0;
  private at = 0;
  private stop = 0;
  private isBegun = false;

  private mode = START;
  private high = false;
  private nul = false;
  private stray = false;
  private breaks = 0;
  /** The first line end inside quotes, and the byte after it; −1 before there is one. */
  private breakAt = -1;
  private breakNext = -1;
  private bad: RecordProblem | undefined = undefined;
  /** Bytes of a too long line that are gone, and its kept beginning. */
  private dropped = 0;
  private kept: Uint8Array | undefined = undefined;
  private foundEnd = 0;
  private foundNext = 0;
  private reread = 0;

  constructor({ dialect, header, fields, maxRecordBytes = MAX_RECORD_BYTES }: SplitterOptions) {
    this.expected = fields;
    this.dialect = dialect;
    this.record = header ? 0 : 1;
    this.limit = maxRecordBytes;
    this.keep = Math.min(KEPT_BYTES, maxRecordBytes);
    this.delimiter = new TextEncoder().encode(dialect.delimiter);
    this.quote = dialect.quote === "" ? -1 : dialect.quote.charCodeAt(0);
    this.escape = dialect.escape === "" ? this.quote : dialect.escape.charCodeAt(0);
    this.endsAtReturn = dialect.newline === "cr";
    const first = this.delimiter[0] ?? 0;
    const inQuotes = this.quote < 0 ? [] : [this.quote, this.escape];
    this.plainStops = stopTable([0, LF, CR, first], true);
    this.plainStopsHigh = stopTable([0, LF, CR, first], false);
    this.quotedStops = stopTable([0, LF, CR, ...inQuotes], true);
    this.quotedStopsHigh = stopTable([0, LF, CR, ...inQuotes], false);
  }

  bytes(): Uint8Array {
    if (this.kept !== undefined) return this.kept;
    const length = this.problem === "is too long" ? this.keep : this.foundEnd - this.start;
    return this.work.subarray(this.start, this.start + length);
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
    const pending = this.stop - this.start;
    if (pending === 0) {
      this.rebase();
      this.work = chunk;
      this.isOwn = false;
    } else if (!this.isOwn || this.stop + chunk.length > this.work.length) {
      const room = pending + chunk.length;
      const target = this.isOwn && room <= this.work.length ? this.work : new Uint8Array(room + pending);
      target.set(this.work.subarray(this.start, this.stop));
      this.rebase();
      this.work = target;
      this.isOwn = true;
    }
    if (this.isOwn) this.work.set(chunk, this.stop);
    this.stop += chunk.length;
  }

  /** Counts from the start of the current record. */
  private rebase(): void {
    const { start } = this;
    this.base += start;
    this.at -= start;
    this.stop -= start;
    if (this.breakAt >= 0) {
      this.breakAt -= start;
      this.breakNext -= start;
    }
    this.start = 0;
  }

  /** Keeps memory bounded: of a line above the limit only the beginning stays. */
  private forget(): void {
    if (this.mode !== SKIPPING) {
      // One more may be half of a line end.
      if (this.stop - this.start <= this.limit + 1) return;
      this.mode = SKIPPING;
      this.bad = "is too long";
      this.at = this.stop - (this.work[this.stop - 1] === CR ? 1 : 0);
    }
    if (this.kept === undefined) {
      if (this.stop - this.start <= this.limit) return;
      this.kept = this.work.slice(this.start, this.start + this.keep);
    }
    this.dropped += this.at - this.start;
    this.start = this.at;
  }

  private scan(last: boolean, emit: (record: TextRecord) => void): void {
    if (!this.isBegun && !this.skipByteOrderMark(last)) return;
    for (;;) {
      let outcome = this.mode === SKIPPING ? this.findLineEnd(last) : this.findRecordEnd(last);
      if (outcome === NEEDS_MORE) {
        const isEndless = this.breakAt >= 0 && this.stop - this.start > this.limit + 1;
        if (isEndless || (last && this.mode === QUOTED)) {
          this.bad = "has an unterminated quote";
          outcome = NO_RECORD;
        } else if (last && (this.stop > this.start || this.dropped > 0)) {
          this.foundEnd = this.stop;
          this.foundNext = this.stop;
          outcome = FOUND;
        } else {
          return;
        }
      }
      if (outcome === FOUND && this.breakAt >= 0 && this.foundEnd - this.start > this.limit) outcome = NO_RECORD;
      if (outcome === NO_RECORD && !this.cutBack()) continue;
      this.finish(emit);
    }
  }

  /**
   * What looked like a quoted field is none. Gives the record up to its first line end, from where reading goes on; false
   * where it has had no line end yet and the rest of the line is still to be skipped.
   */
  private cutBack(): boolean {
    if (this.breakAt >= 0) {
      this.bad = "has an unterminated quote";
      this.reread += Math.min(this.at - this.start, this.limit);
      this.foundEnd = this.breakAt;
      this.foundNext = this.breakNext;
      this.breaks = 0;
      return true;
    }
    this.mode = SKIPPING;
    return false;
  }

  private finish(emit: (record: TextRecord) => void): void {
    this.length = this.dropped + this.foundEnd - this.start;
    this.offset = this.base + this.start - this.dropped;
    const isBlank = this.length === 0 && this.expected !== 1;
    if (!isBlank) {
      this.lineEndLength = this.foundNext - this.foundEnd;
      this.problem = this.findProblem();
      emit(this);
      this.record += 1;
    }
    this.line += this.breaks + 1;
    this.start = this.foundNext;
    this.at = this.foundNext;
    this.mode = START;
    this.fields = 1;
    this.high = false;
    this.nul = false;
    this.stray = false;
    this.breaks = 0;
    this.breakAt = -1;
    this.bad = undefined;
    this.dropped = 0;
    this.kept = undefined;
  }

  private findProblem(): RecordProblem | undefined {
    const isTooLong = this.length > this.limit;
    if (isTooLong || this.bad !== undefined) {
      this.fields = 0;
      return isTooLong ? "is too long" : this.bad;
    }
    if (this.stray)
      return this.endsAtReturn ? "has a line feed outside quotes" : "has a carriage return outside quotes";
    if (this.nul) return "has a NUL byte";
    if (this.high && !isUtf8(this.work, this.start, this.foundEnd)) return "is not valid UTF-8";
    if (this.expected === undefined || this.fields === this.expected || this.record === 0) return undefined;
    if (this.fields < this.expected) return "has too few fields";
    const extra = parseFields(this.work.subarray(this.start, this.foundEnd), this.dialect).slice(this.expected);
    return extra.every((field) => field.text === "") ? undefined : "has too many fields";
  }

  private skipByteOrderMark(last: boolean): boolean {
    const mark = [0xef, 0xbb, 0xbf];
    const seen = Math.min(3, this.stop - this.start);
    const isMark = mark.slice(0, seen).every((byte, index) => this.work[this.start + index] === byte);
    if (isMark && seen < 3 && !last) return false;
    if (isMark && seen === 3) {
      this.start += 3;
      this.at = this.start;
    }
    this.isBegun = true;
    return true;
  }

  private findLineEnd(last: boolean): Outcome {
    const wanted = this.endsAtReturn ? CR : LF;
    const found = this.work.indexOf(wanted, this.at);
    const isFound = found >= 0 && found < this.stop;
    const isHalf = isFound
      ? this.endsAtReturn && found + 1 >= this.stop
      : !this.endsAtReturn && this.stop > this.at && this.work[this.stop - 1] === CR;
    if (!isFound || (isHalf && !last)) {
      this.at = isHalf ? this.stop - 1 : this.stop;
      return NEEDS_MORE;
    }
    this.at = found;
    this.foundEnd = wanted === LF && found > this.start && this.work[found - 1] === CR ? found - 1 : found;
    const isPair = wanted === CR && found + 1 < this.stop && this.work[found + 1] === LF;
    this.foundNext = isPair ? found + 2 : found + 1;
    return FOUND;
  }

  private findRecordEnd(last: boolean): Outcome {
    const { work, stop, quote, escape: escaping, delimiter, endsAtReturn } = this;
    const first = delimiter[0];
    const size = delimiter.length;
    const skipsBlank = quote >= 0 && first !== BLANK;
    let { at, mode } = this;
    let outcome: Outcome = NEEDS_MORE;

    while (at < stop) {
      if (mode === START) {
        if (work[at] === quote) {
          mode = QUOTED;
          at += 1;
          continue;
        }
        if (skipsBlank && work[at] === BLANK) {
          if (at + 1 >= stop && !last) break;
          if (at + 1 < stop && work[at + 1] === quote) {
            mode = QUOTED;
            at += 2;
            continue;
          }
        }
        mode = PLAIN;
      }
      if (mode !== CLOSED) {
        const quoted = mode === QUOTED;
        const stops = quoted
          ? this.high
            ? this.quotedStopsHigh
            : this.quotedStops
          : this.high
            ? this.plainStopsHigh
            : this.plainStops;
        while (at < stop && stops[work[at] as number] === 0) at += 1;
        if (at >= stop) break;
      }
      const byte = work[at] as number;

      if (mode === QUOTED) {
        if (byte === quote || byte === escaping) {
          if (byte === quote && escaping !== quote) {
            mode = CLOSED;
            at += 1;
            continue;
          }
          if (at + 1 >= stop && !last) break;
          const next = at + 1 < stop ? work[at + 1] : undefined;
          if (next === quote || (next === escaping && next !== undefined)) at += 2;
          else {
            if (byte === quote) mode = CLOSED;
            at += 1;
          }
          continue;
        }
        if (byte === (endsAtReturn ? CR : LF)) {
          let next = at + 1;
          if (endsAtReturn) {
            if (next >= stop && !last) break;
            if (next < stop && work[next] === LF) next += 1;
          }
          this.breaks += 1;
          if (this.breakAt < 0) {
            this.breakAt = byte === LF && at > this.start && work[at - 1] === CR ? at - 1 : at;
            this.breakNext = next;
          }
          at = next;
          if (at - this.start > this.limit || this.reread > REREAD_ALLOWANCE + 8 * (this.base + this.start)) {
            outcome = NO_RECORD;
            break;
          }
          continue;
        }
      } else {
        if (byte === first) {
          if (size > 1 && at + size > stop && !last) break;
          if (byte >= 128) this.high = true;
          if (size === 1 || this.isDelimiter(at)) {
            this.fields += 1;
            mode = START;
            at += size;
            continue;
          }
        }
        if (byte === LF && !endsAtReturn) {
          this.foundEnd = at;
          this.foundNext = at + 1;
          outcome = FOUND;
          break;
        }
        if (byte === CR) {
          if (at + 1 >= stop && !last) break;
          const isPair = at + 1 < stop && work[at + 1] === LF;
          if (endsAtReturn || isPair || at + 1 >= stop) {
            this.foundEnd = at;
            this.foundNext = isPair ? at + 2 : at + 1;
            outcome = FOUND;
            break;
          }
        }
        if (mode === CLOSED) {
          at += 1;
          if (byte === BLANK) continue;
          this.bad = "has text after a closing quote";
          outcome = NO_RECORD;
          break;
        }
        if (byte === CR || byte === LF) this.stray = true;
      }
      if (byte >= 128) this.high = true;
      else if (byte === 0) this.nul = true;
      at += 1;
    }
    this.at = at;
    this.mode = mode;
    return outcome;
  }

  private isDelimiter(at: number): boolean {
    for (let index = 1; index < this.delimiter.length; index++) {
      if (at + index >= this.stop || this.work[at + index] !== this.delimiter[index]) return false;
    }
    return true;
  }
}

function stopTable(bytes: readonly number[], stopsAtHigh: boolean): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of bytes) table[byte] = 1;
  if (stopsAtHigh) table.fill(1, 128);
  return table;
}
