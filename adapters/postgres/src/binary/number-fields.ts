import { PARQUET, type PlainValues } from "@sluice/core";
import { type Block, FixedColumn, LENGTH_BYTES, NULL_LENGTH } from "./field-column.ts";

/*
 * Each kind has a loop of its own, although they differ in two lines: in one that all of them share, V8 would look up the call of each
 * value by the kind, for every value.
 */

export class BooleanFields extends FixedColumn {
  readonly physical = PARQUET.physical.boolean;
  protected readonly bytes = 1;

  override put({ view, at }: Block, from: number, to: number): void {
    const { present, values } = this;
    let { next } = this;
    for (let row = from; row < to; row += 1) {
      const put = at[row] as number;
      const is = present[row] as number;
      view.setInt32(put, is === 0 ? NULL_LENGTH : 1);
      if (is !== 0) view.setUint8(put + LENGTH_BYTES, values[next] as number);
      next += is;
      at[row] = put + LENGTH_BYTES + is;
    }
    this.next = next;
  }

  /** A byte for each of them; the bits of each page begin anew. */
  protected override joined(pages: PlainValues["pages"]): Buffer {
    const all = Buffer.alloc(pages.reduce((total, page) => total + page.count, 0));
    let to = 0;
    for (const { values, count } of pages) {
      for (let bit = 0; bit < count; bit += 1, to += 1) all[to] = ((values[bit >> 3] as number) >> (bit & 7)) & 1;
    }
    return all;
  }
}

/** Integers that Parquet holds in four bytes and PostgreSQL in two. */
export class Int16Fields extends FixedColumn {
  readonly physical = PARQUET.physical.int32;
  protected readonly bytes = 2;

  override put({ view, at }: Block, from: number, to: number): void {
    const { present, view: values } = this;
    let { next } = this;
    for (let row = from; row < to; row += 1) {
      const put = at[row] as number;
      if (present[row] === 0) {
        view.setInt32(put, NULL_LENGTH);
        at[row] = put + LENGTH_BYTES;
        continue;
      }
      view.setInt32(put, 2);
      view.setInt16(put + LENGTH_BYTES, values.getInt16(next, true));
      at[row] = put + LENGTH_BYTES + 2;
      next += 4;
    }
    this.next = next;
  }
}

/** Four bytes, the last of which comes first. */
export class Int32Fields extends FixedColumn {
  readonly physical: number = PARQUET.physical.int32;
  protected readonly bytes = 4;

  override put({ view, at }: Block, from: number, to: number): void {
    const { present, view: values } = this;
    let { next } = this;
    for (let row = from; row < to; row += 1) {
      const put = at[row] as number;
      if (present[row] === 0) {
        view.setInt32(put, NULL_LENGTH);
        at[row] = put + LENGTH_BYTES;
        continue;
      }
      view.setInt32(put, 4);
      view.setInt32(put + LENGTH_BYTES, values.getInt32(next, true));
      at[row] = put + LENGTH_BYTES + 4;
      next += 4;
    }
    this.next = next;
  }
}

/** Eight bytes, the last of which comes first. */
export class Int64Fields extends FixedColumn {
  readonly physical: number = PARQUET.physical.int64;
  protected readonly bytes = 8;

  override put({ view, at }: Block, from: number, to: number): void {
    const { present, view: values } = this;
    let { next } = this;
    for (let row = from; row < to; row += 1) {
      const put = at[row] as number;
      if (present[row] === 0) {
        view.setInt32(put, NULL_LENGTH);
        at[row] = put + LENGTH_BYTES;
        continue;
      }
      view.setInt32(put, 8);
      view.setInt32(put + LENGTH_BYTES, values.getInt32(next + 4, true));
      view.setInt32(put + LENGTH_BYTES + 4, values.getInt32(next, true));
      at[row] = put + LENGTH_BYTES + 8;
      next += 8;
    }
    this.next = next;
  }
}

/** Integers without a sign that Parquet holds in four bytes and PostgreSQL in eight. */
export class Uint32Fields extends Int64Fields {
  override readonly physical = PARQUET.physical.int32;

  protected override joined(pages: PlainValues["pages"]): Buffer {
    const four = super.joined(pages);
    const eight = Buffer.alloc(four.length * 2);
    for (let at = 0; at < four.length; at += 4) four.copy(eight, at * 2, at, at + 4);
    return eight;
  }
}

/** A number that is none becomes the one whose text is NaN, whichever of its many forms it has. */
export class Float32Fields extends Int32Fields {
  override readonly physical = PARQUET.physical.float;

  protected override prepare(count: number): void {
    const { view } = this;
    for (let at = 0; at < count * 4; at += 4) {
      if (Number.isNaN(view.getFloat32(at, true))) view.setFloat32(at, Number.NaN, true);
    }
  }
}

export class Float64Fields extends Int64Fields {
  override readonly physical = PARQUET.physical.double;

  protected override prepare(count: number): void {
    const { view } = this;
    for (let at = 0; at < count * 8; at += 8) {
      if (Number.isNaN(view.getFloat64(at, true))) view.setFloat64(at, Number.NaN, true);
    }
  }
}
