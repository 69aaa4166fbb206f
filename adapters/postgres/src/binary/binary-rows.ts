import { int32At, type PlainColumn } from "./plain-column.ts";

/** `PGCOPY\n\377\r\n\0`, four bytes of flags, and how many more there are. */
const SIGNATURE_BYTES = 15;
const HEADER_BYTES = SIGNATURE_BYTES + 4;
/** Stands where the number of a row's fields would. */
const TRAILER = 0xffff;
const COUNT_BYTES = 2;
const LENGTH_BYTES = 4;

/** How many rows are held at most, and of how many bytes: then they are written. */
export const MOST_ROWS = 122_880;
const MOST_BYTES = 16_777_216;
/** Of so many fields at a time it is noted where they begin. */
const MOST_FIELDS = 65_536;

/**
 * Puts the rows of `COPY … TO STDOUT (FORMAT binary)` into columns, as the blocks come. A row that a block does not end waits for
 * the next ones; a value may be as long as many. Source: the file formats of COPY in PostgreSQL's manual.
 */
export class BinaryRows {
  private readonly columns: readonly PlainColumn[];
  /** Where the fields of some rows begin, row by row. */
  private readonly fields: Int32Array;
  /** Room for the columns to note the same of their values. */
  private readonly starts = new Int32Array(MOST_FIELDS);
  /** What the columns hold now. */
  private rows = 0;
  private bytes = 0;
  private isBegun = false;
  private isOver = false;
  /** What came of a row that is not whole yet, and how many bytes it takes at least. */
  private waiting: Buffer[] = [];
  private waitingBytes = 0;
  private neededBytes = 0;

  constructor(columns: readonly PlainColumn[]) {
    this.columns = columns;
    this.fields = new Int32Array(Math.max(MOST_FIELDS, columns.length));
  }

  /** Takes a block; calls `write` whenever the columns are full, and empties them. */
  async take(block: Buffer, write: (rows: number) => Promise<void>): Promise<void> {
    const whole = this.withWaiting(block);
    if (whole === undefined) return;
    let at = this.isBegun ? 0 : this.begin(whole);
    while (!this.isOver) {
      const end = this.fill(whole, at);
      if (end === at) break;
      at = end;
      if (this.rows === MOST_ROWS || this.bytes >= MOST_BYTES) await this.flush(write);
    }
    // A copy, since the block is large where little of it waits.
    if (at < whole.length && !this.isOver) this.waiting.push(Buffer.from(whole.subarray(at)));
    this.waitingBytes = whole.length - at;
  }

  /** Writes what is left. */
  async flush(write: (rows: number) => Promise<void>): Promise<void> {
    if (this.rows === 0) return;
    await write(this.rows);
    for (const column of this.columns) column.clear();
    this.rows = 0;
    this.bytes = 0;
  }

  /** The block behind what waits, where both together may hold a row. */
  private withWaiting(block: Buffer): Buffer | undefined {
    if (this.waiting.length === 0) return block;
    this.waiting.push(block);
    this.waitingBytes += block.length;
    if (this.waitingBytes < this.neededBytes) return undefined;
    const whole = Buffer.concat(this.waiting);
    this.waiting = [];
    return whole;
  }

  /** Passes over the header; stays before it where it is not whole. */
  private begin(block: Buffer): number {
    this.neededBytes = HEADER_BYTES;
    if (block.length < HEADER_BYTES) return 0;
    this.isBegun = true;
    return HEADER_BYTES + block.readInt32BE(SIGNATURE_BYTES);
  }

  /** Takes whole rows of the block, as many as may be held; gives where it stopped. */
  private fill(block: Buffer, from: number): number {
    if (!this.isBegun) return from;
    const step = this.columns.length;
    const most = Math.min(MOST_ROWS - this.rows, Math.floor(this.fields.length / step));
    let rows = 0;
    let at = from;
    while (rows < most && at - from < MOST_BYTES) {
      const end = this.findFields(block, at, rows * step);
      if (end === undefined) break;
      at = end;
      rows += 1;
    }
    const { fields, starts, rows: row } = this;
    this.columns.forEach((column, first) => {
      column.take(block, { fields, starts, first, step, row, rows });
    });
    this.rows += rows;
    this.bytes += at - from;
    return at;
  }

  /** Notes where the fields of a row begin, and gives where it ends; undefined where it is not whole, or where there are no more. */
  private findFields(block: Buffer, from: number, firstField: number): number | undefined {
    const { fields } = this;
    const last = firstField + this.columns.length;
    let at = from + COUNT_BYTES;
    if (at <= block.length && block.readUInt16BE(from) === TRAILER) {
      this.isOver = true;
      return undefined;
    }
    for (let field = firstField; field < last; field += 1) {
      fields[field] = at;
      at += LENGTH_BYTES;
      if (at > block.length) break;
      at += Math.max(int32At(block, at - LENGTH_BYTES), 0);
    }
    this.neededBytes = at - from;
    return at <= block.length ? at : undefined;
  }
}
