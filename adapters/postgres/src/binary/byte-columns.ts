import { PARQUET, type ParquetType } from "@sluice/core";
import { int32At, LENGTH_BYTES, PlainColumn, type PlainOptions, put32 } from "./plain-column.ts";

/** Up to here a loop is cheaper than a call. */
const SHORT_BYTES = 24;

export class Bytes extends PlainColumn {
  readonly type: ParquetType;

  constructor(options: PlainOptions, type: ParquetType) {
    super(options);
    this.type = type;
  }

  protected put(block: Buffer, starts: Int32Array, count: number): void {
    let bytes = count * LENGTH_BYTES;
    for (let index = 0; index < count; index += 1) bytes += int32At(block, (starts[index] as number) - LENGTH_BYTES);
    let to = this.room(bytes);
    const { data } = this;
    for (let index = 0; index < count; index += 1) {
      const at = starts[index] as number;
      const length = int32At(block, at - LENGTH_BYTES);
      put32(data, to, length);
      to += LENGTH_BYTES;
      if (length > SHORT_BYTES) block.copy(data, to, at, at + length);
      else for (let byte = 0; byte < length; byte += 1) data[to + byte] = block[at + byte] as number;
      to += length;
    }
  }
}

const UUID_BYTES = 16;

export class Uuids extends PlainColumn {
  readonly type = { physical: PARQUET.physical.fixed, length: UUID_BYTES, logical: "uuid" } as const;
  protected override readonly valueBytes = UUID_BYTES;

  protected put(block: Buffer, starts: Int32Array, count: number): void {
    let to = this.room(count * UUID_BYTES);
    const { data } = this;
    for (let index = 0; index < count; index += 1) {
      const at = starts[index] as number;
      for (let byte = 0; byte < UUID_BYTES; byte += 1) data[to + byte] = block[at + byte] as number;
      to += UUID_BYTES;
    }
  }
}
