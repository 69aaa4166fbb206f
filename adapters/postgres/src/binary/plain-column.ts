import type { ParquetType, PlainPage } from "@sluice/core";

/** A value that is none here, such as an infinite date: the rows are read as text then, where it is a reject with its reason. */
export class NotPlain extends Error {
  override name = "NotPlain";
}

export interface PlainOptions {
  readonly mostRows: number;
  readonly nullable: boolean;
}

const FIRST_BYTES = 4096;
/** A larger buffer is not kept for the next rows. */
const KEPT_BYTES = 16_777_216;
/** How a field of `COPY` says that there is no value. */
const NULL_LENGTH = -1;
export const LENGTH_BYTES = 4;

/**
 * The values of a column one behind the other, as Parquet's encoding PLAIN has them: the null ones left out, which a bit for each
 * row tells. What PostgreSQL sends is nearly that; its bytes come in the other order. Many rows are taken at once, so that each
 * loop is of one kind: one value at a time took three times as long.
 */
export abstract class PlainColumn {
  abstract readonly type: ParquetType;
  /** How many bytes each value takes, where all take as many. */
  protected readonly valueBytes: number | undefined;
  private nulls = 0;
  protected data: Buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  protected end = 0;
  private readonly present: Buffer;
  private readonly nullable: boolean;

  constructor({ mostRows, nullable }: PlainOptions) {
    this.present = Buffer.alloc(Math.ceil(mostRows / 8));
    this.nullable = nullable;
  }

  /**
   * Takes what `COPY` sent for some rows. A field is four bytes of length, or -1 for a null, and the value.
   */
  take(block: Buffer, { fields, starts, first, step, row, rows }: FieldsOfColumn): void {
    const { present, nullable, valueBytes } = this;
    let count = 0;
    for (let index = 0; index < rows; index += 1) {
      const field = fields[first + index * step] as number;
      const length = int32At(block, field);
      if (length === NULL_LENGTH) {
        if (!nullable) throw new NotPlain("a value is null, which may not be");
        continue;
      }
      // Between the look at a table or view and the read of it, somebody may put another one in its place.
      if (valueBytes !== undefined && length !== valueBytes) throw new NotPlain("a value is of another type");
      const to = row + index;
      present[to >> 3] = (present[to >> 3] as number) | (1 << (to & 7));
      starts[count] = field + LENGTH_BYTES;
      count += 1;
    }
    this.nulls += rows - count;
    this.put(block, starts, count);
  }

  /** What it holds of so many rows. */
  page(rows: number): PlainPage {
    const presence = this.present.subarray(0, Math.ceil(rows / 8));
    return { values: this.data.subarray(0, this.end), nulls: this.nulls, presence };
  }

  /** Begins anew. */
  clear(): void {
    this.nulls = 0;
    this.end = 0;
    this.present.fill(0);
    if (this.data.length > KEPT_BYTES) this.data = Buffer.allocUnsafeSlow(FIRST_BYTES);
  }

  /** Adds the values that begin there. */
  protected abstract put(block: Buffer, starts: Int32Array, count: number): void;

  /** Where so many bytes are to be written. */
  protected room(bytes: number): number {
    const at = this.end;
    this.end += bytes;
    if (this.end > this.data.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(this.data.length * 2, this.end));
      this.data.copy(grown, 0, 0, at);
      this.data = grown;
    }
    return at;
  }
}

/** Which of the fields of a block are a column's. */
export interface FieldsOfColumn {
  /** Where the fields of all columns begin, row by row; the column's are each `step`th, from `first` on. */
  readonly fields: Int32Array;
  readonly first: number;
  readonly step: number;
  /** The number of the first of these rows among those that are held, and how many they are. */
  readonly row: number;
  readonly rows: number;
  /** Room for as many numbers as there are rows. */
  readonly starts: Int32Array;
}

/** Four bytes, the highest first. */
export function int32At(block: Buffer, at: number): number {
  return (
    ((block[at] as number) << 24) |
    ((block[at + 1] as number) << 16) |
    ((block[at + 2] as number) << 8) |
    (block[at + 3] as number)
  );
}

export function put32(data: Buffer, to: number, value: number): void {
  data[to] = value;
  data[to + 1] = value >> 8;
  data[to + 2] = value >> 16;
  data[to + 3] = value >> 24;
}

export function put64(data: Buffer, to: number, high: number, low: number): void {
  put32(data, to, low);
  put32(data, to + 4, high);
}
