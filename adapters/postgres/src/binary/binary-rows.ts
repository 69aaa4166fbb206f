import type { PlainPage } from "@sluice/core";
import { ColumnTable, pageAt, type TableColumn } from "./column-table.ts";
import { FIRST_FREE, Kernel } from "./kernel.ts";
import { NotPlain } from "./not-plain.ts";

/** `PGCOPY\n\377\r\n\0`, four bytes of flags, and how many more there are. */
const SIGNATURE_BYTES = 15;
const HEADER_BYTES = SIGNATURE_BYTES + 4;
/** How many rows are held at most. */
const MOST_ROWS = 122_880;
/** What is read 16 bytes at a time may go past the end. */
const MARGIN = 64;
/** More than a row may take: PostgreSQL puts it into one message of less than a gigabyte. */
const MOST_BYTES = 1_090_519_040;

/** What the kernel says of a value that is none here. */
const REASONS: readonly string[] = [
  "",
  "a value is null, which may not be",
  // Between the look at a table or view and the read of it, somebody may put another one in its place.
  "a value is of another type",
  "a date is infinite or has no year of four digits",
  "a time is 24:00:00",
  "a timestamp is infinite or has no year of four digits",
  "a numeric is no number, or has more digits or places than its column",
];

export type WriteRows = (rows: number, pages: readonly PlainPage[]) => Promise<void>;

export interface BinaryRowsOptions {
  readonly write: WriteRows;
  /** So many bytes of rows are held, and more only of a row that is longer. */
  readonly heldBytes?: number;
}

const HELD_BYTES = 4_194_304;

/**
 * Puts the rows of `COPY … TO STDOUT (FORMAT binary)` into columns, as the blocks come. The bytes are copied into the memory of a
 * kernel, which counts what is there of each column; when enough is, it puts the values where Parquet wants them. A row that a block
 * does not end waits for the next ones; a value may be as long as many. Source: the file formats of COPY in PostgreSQL's manual.
 */
export class BinaryRows {
  private readonly table: ColumnTable;
  private readonly columns: number;
  private readonly write: WriteRows;
  private readonly heldBytes: number;
  private readonly first: number;
  private kernel: Kernel;
  /** How many bytes there is room for, from `first` on. */
  private room: number;
  /** Where the rows begin that are held, where the first one begins that is not counted, and where the bytes end. */
  private begin: number;
  private counted: number;
  private end: number;
  private rows = 0;
  private isBegun = false;
  private isOver = false;

  constructor(columns: readonly TableColumn[], { write, heldBytes = HELD_BYTES }: BinaryRowsOptions) {
    this.table = new ColumnTable(columns);
    this.columns = columns.length;
    this.write = write;
    this.heldBytes = heldBytes;
    this.first = FIRST_FREE + Math.ceil(this.table.bytes / MARGIN) * MARGIN;
    this.room = heldBytes;
    this.kernel = this.open();
    this.begin = this.counted = this.end = this.first;
  }

  /** Takes a block. */
  async take(block: Buffer): Promise<void> {
    for (let from = 0; from < block.length && !this.isOver; ) {
      if (this.end === this.first + this.room) await this.makeRoom();
      const taken = Math.min(block.length - from, this.first + this.room - this.end);
      block.copy(this.kernel.bytes, this.end, from, from + taken);
      this.end += taken;
      from += taken;
      if (this.isBegun || this.passHeader()) await this.count();
    }
  }

  /** Writes what is left. */
  async finish(): Promise<void> {
    if (!this.isOver) throw new NotPlain("the rows have no end");
    await this.flush();
  }

  private open(): Kernel {
    const kernel = new Kernel(this.first + this.heldBytes + MARGIN);
    this.table.begin(kernel.bytes, FIRST_FREE);
    return kernel;
  }

  private passHeader(): boolean {
    const { bytes } = this.kernel;
    if (this.end - this.first < HEADER_BYTES) return false;
    const header = HEADER_BYTES + bytes.readInt32BE(this.first + SIGNATURE_BYTES);
    if (this.end - this.first < header) return false;
    this.begin = this.counted = this.first + header;
    this.isBegun = true;
    return true;
  }

  private async count(): Promise<void> {
    for (;;) {
      const { calls } = this.kernel;
      this.rows += calls.count(this.counted, this.end, FIRST_FREE, this.columns, MOST_ROWS - this.rows);
      this.counted = calls.stoppedAt() >>> 0;
      this.isOver = calls.isOver() !== 0;
      if (this.isOver || this.rows < MOST_ROWS) return;
      await this.flush();
    }
  }

  private async makeRoom(): Promise<void> {
    if (this.begin > this.first || this.rows > 0) return await this.flush();
    if (this.room >= MOST_BYTES) throw new NotPlain("a row is longer than PostgreSQL sends any");
    this.room = Math.min(this.room * 2, MOST_BYTES);
    this.kernel.reserve(this.first + this.room + MARGIN);
  }

  /** Writes the rows that are whole, and moves what is behind them to the front. */
  private async flush(): Promise<void> {
    const { rows } = this;
    if (rows > 0) {
      const layout = this.table.layout(this.kernel.bytes, FIRST_FREE, this.first + this.room + MARGIN, rows);
      this.kernel.reserve(layout.end);
      const { bytes, calls } = this.kernel;
      this.table.place(bytes, FIRST_FREE, layout, rows);
      const refused = calls.take(this.begin, rows, FIRST_FREE, this.columns);
      if (refused !== 0) throw new NotPlain(REASONS[-refused]);
      const pages = layout.places.map((place) => pageAt(bytes, place, rows));
      await this.write(rows, pages);
    }
    const rest = this.kernel.bytes.subarray(this.counted, this.end);
    // The memory of a long row is not kept for the next ones.
    if (this.room > this.heldBytes && rest.length < this.heldBytes) {
      this.room = this.heldBytes;
      this.kernel = this.open();
    } else this.table.begin(this.kernel.bytes, FIRST_FREE);
    rest.copy(this.kernel.bytes, this.first);
    this.begin = this.counted = this.first;
    this.end = this.first + rest.length;
    this.rows = 0;
  }
}
