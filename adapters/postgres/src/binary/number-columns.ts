import { PARQUET, type ParquetType } from "@sluice/core";
import { scaledLarge, scaledSmall } from "./numeric.ts";
import { int32At, NotPlain, PlainColumn, type PlainOptions, put32, put64 } from "./plain-column.ts";

const TWO_32 = 4_294_967_296;

export class Booleans extends PlainColumn {
  readonly type = { physical: PARQUET.physical.boolean };
  protected override readonly valueBytes = 1;
  private bits = 0;

  protected put(block: Buffer, starts: Int32Array, count: number): void {
    const before = this.end;
    this.room(Math.ceil((this.bits + count) / 8) - before);
    const { data } = this;
    data.fill(0, before, this.end);
    for (let index = 0; index < count; index += 1, this.bits += 1) {
      if (block[starts[index] as number] === 0) continue;
      data[this.bits >> 3] = (data[this.bits >> 3] as number) | (1 << (this.bits & 7));
    }
  }

  override clear(): void {
    super.clear();
    this.bits = 0;
  }
}

export class Int16s extends PlainColumn {
  readonly type = { physical: PARQUET.physical.int32 };
  protected override readonly valueBytes = 2;

  protected put(block: Buffer, starts: Int32Array, count: number): void {
    const from = this.room(count * 4);
    const { data } = this;
    for (let index = 0; index < count; index += 1) {
      const at = starts[index] as number;
      put32(data, from + index * 4, (((block[at] as number) << 24) >> 16) | (block[at + 1] as number));
    }
  }
}

export class Uint32s extends PlainColumn {
  readonly type = { physical: PARQUET.physical.int64 };
  protected override readonly valueBytes = 4;

  protected put(block: Buffer, starts: Int32Array, count: number): void {
    const from = this.room(count * 8);
    const { data } = this;
    for (let index = 0; index < count; index += 1) {
      put64(data, from + index * 8, 0, int32At(block, starts[index] as number));
    }
  }
}

/** Values of so many bytes each, the last of which comes first. */
export class Reversed extends PlainColumn {
  readonly type: ParquetType;
  protected override readonly valueBytes: 4 | 8;

  constructor(options: PlainOptions, bytes: 4 | 8, physical: number) {
    super(options);
    this.valueBytes = bytes;
    this.type = { physical };
  }

  protected put(block: Buffer, starts: Int32Array, count: number): void {
    const { valueBytes: bytes } = this;
    let to = this.room(count * bytes);
    const { data } = this;
    for (let index = 0; index < count; index += 1) {
      const last = (starts[index] as number) + bytes - 1;
      for (let byte = 0; byte < bytes; byte += 1) data[to + byte] = block[last - byte] as number;
      to += bytes;
    }
  }
}

/** So many digits fit into eight bytes; of so many, each number is exact as a double too. */
const [LONG_DIGITS, DOUBLE_DIGITS] = [18, 15];
const LARGE_BYTES = 16;

export class Decimals extends PlainColumn {
  readonly type: ParquetType;
  private readonly precision: number;
  private readonly scale: number;
  private readonly limit: bigint;
  private readonly smallLimit: number;

  constructor(options: PlainOptions, { precision, scale }: { readonly precision: number; readonly scale: number }) {
    super(options);
    const isLong = precision <= LONG_DIGITS;
    const stored = isLong
      ? { physical: PARQUET.physical.int64 }
      : { physical: PARQUET.physical.fixed, length: LARGE_BYTES };
    this.type = { ...stored, converted: PARQUET.converted.decimal, scale, precision };
    this.precision = precision;
    this.scale = scale;
    this.limit = 10n ** BigInt(precision);
    this.smallLimit = 10 ** precision;
  }

  protected put(block: Buffer, starts: Int32Array, count: number): void {
    const { precision, scale, limit, smallLimit } = this;
    const bytes = precision <= LONG_DIGITS ? 8 : LARGE_BYTES;
    let to = this.room(count * bytes);
    const { data } = this;
    for (let index = 0; index < count; index += 1) {
      const at = starts[index] as number;
      const value = precision <= DOUBLE_DIGITS ? scaledSmall(block, at, scale) : scaledLarge(block, at, scale);
      if (value === undefined) throw new NotPlain("a numeric is no number, or has more places than its column");
      // A numeric without digits holds any number.
      const isTooLarge = typeof value === "number" ? Math.abs(value) >= smallLimit : value >= limit || value <= -limit;
      if (isTooLarge) throw new NotPlain("a numeric has more digits than its column");
      if (typeof value === "number") {
        const high = Math.floor(value / TWO_32);
        put64(data, to, high, value | 0);
      } else if (bytes === LARGE_BYTES) {
        data.writeBigInt64BE(value >> 64n, to);
        data.writeBigUInt64BE(value & 0xffff_ffff_ffff_ffffn, to + 8);
      } else data.writeBigInt64LE(value, to);
      to += bytes;
    }
  }
}
