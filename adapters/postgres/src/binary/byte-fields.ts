import { PARQUET } from "@sluice/core";
import { type Block, FieldColumn, FixedColumn, LENGTH_BYTES, NULL_LENGTH } from "./field-column.ts";

/** Up to here a loop is cheaper than a call. */
const SHORT_BYTES = 64;
/** So many bytes at once. */
const WORD_BYTES = 4;

/** Texts and bytes: in Parquet, how long each is stands before it too. */
export class ByteFields extends FieldColumn {
  readonly physical = PARQUET.physical.bytes;

  override addSizes(sizes: Float64Array): void {
    const { present, view } = this;
    let at = 0;
    for (let row = 0; row < present.length; row += 1) {
      if (present[row] === 0) continue;
      const length = view.getUint32(at, true);
      sizes[row] = (sizes[row] as number) + length;
      at += LENGTH_BYTES + length;
    }
  }

  override put({ bytes, view, at }: Block, from: number, to: number): void {
    const { present, values, view: lengths } = this;
    let { next } = this;
    for (let row = from; row < to; row += 1) {
      const put = at[row] as number;
      if (present[row] === 0) {
        view.setInt32(put, NULL_LENGTH);
        at[row] = put + LENGTH_BYTES;
        continue;
      }
      const length = lengths.getUint32(next, true);
      const begin = put + LENGTH_BYTES;
      const first = next + LENGTH_BYTES;
      view.setInt32(put, length);
      if (length > SHORT_BYTES) values.copy(bytes, begin, first, first + length);
      else {
        let byte = 0;
        for (const words = length - WORD_BYTES; byte <= words; byte += WORD_BYTES)
          view.setInt32(begin + byte, lengths.getInt32(first + byte));
        for (; byte < length; byte += 1) bytes[begin + byte] = values[first + byte] as number;
      }
      at[row] = begin + length;
      next = first + length;
    }
    this.next = next;
  }
}

const UUID_BYTES = 16;

export class UuidFields extends FixedColumn {
  readonly physical = PARQUET.physical.fixed;
  protected readonly bytes = UUID_BYTES;

  override put({ bytes, view, at }: Block, from: number, to: number): void {
    const { present, values } = this;
    let { next } = this;
    for (let row = from; row < to; row += 1) {
      const put = at[row] as number;
      if (present[row] === 0) {
        view.setInt32(put, NULL_LENGTH);
        at[row] = put + LENGTH_BYTES;
        continue;
      }
      const begin = put + LENGTH_BYTES;
      view.setInt32(put, UUID_BYTES);
      for (let byte = 0; byte < UUID_BYTES; byte += 1) bytes[begin + byte] = values[next + byte] as number;
      at[row] = begin + UUID_BYTES;
      next += UUID_BYTES;
    }
    this.next = next;
  }
}
