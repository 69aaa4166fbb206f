import type { PlainValues } from "@sluice/core";

/** Before each value stands how many bytes it is, or -1 for a null. */
export const LENGTH_BYTES = 4;
export const NULL_LENGTH = -1;

/** Rows on their way to the server. */
export interface Block {
  readonly bytes: Buffer;
  readonly view: DataView;
  /** Where the next field of each row of the row group belongs. */
  readonly at: Float64Array;
}

/**
 * The values of a column in a row group, as `COPY` in binary takes them. Rows are made column by column, so that each loop is over
 * many values of one kind.
 */
export abstract class FieldColumn {
  /** The physical type that the values have in Parquet, as in `PARQUET`. */
  abstract readonly physical: number;
  /** For each row whether there is a value. */
  protected present: Uint8Array = new Uint8Array(0);
  protected values: Buffer = Buffer.alloc(0);
  protected view: DataView = new DataView(new ArrayBuffer(0));
  private count = 0;
  /** Where the next value begins that was not written yet. */
  protected next = 0;

  /** Takes the column of another row group. */
  begin({ present, nulls, pages }: PlainValues): void {
    this.present = present;
    this.values = this.joined(pages);
    this.view = new DataView(this.values.buffer, this.values.byteOffset, this.values.byteLength);
    this.next = 0;
    this.count = present.length - nulls;
    this.prepare(this.count);
  }

  /** The values that are there of all rows of the row group, one behind the other, each as it is sent but with its last byte first. */
  prepared(): { readonly values: Buffer; readonly count: number; readonly rows: number } {
    return { values: this.values, count: this.count, rows: this.present.length };
  }

  /** Adds to the size of each row what its value takes, without the length in front of it. */
  abstract addSizes(sizes: Float64Array): void;

  /** Writes the fields of some rows, which follow those written before. */
  abstract put(block: Block, from: number, to: number): void;

  /** What has to be known of all values before they are written. */
  protected prepare(_count: number): void {}

  protected joined(pages: PlainValues["pages"]): Buffer {
    const [first, ...others] = pages;
    if (first === undefined) return Buffer.alloc(0);
    const { values } = first;
    if (others.length === 0) return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    return Buffer.concat(pages.map((page) => page.values));
  }
}

/** A column whose values are of so many bytes each. */
export abstract class FixedColumn extends FieldColumn {
  protected abstract readonly bytes: number;

  override addSizes(sizes: Float64Array): void {
    const { present, bytes } = this;
    for (let row = 0; row < present.length; row += 1) {
      sizes[row] = (sizes[row] as number) + (present[row] as number) * bytes;
    }
  }
}
