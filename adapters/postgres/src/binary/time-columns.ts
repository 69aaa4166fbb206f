import { PARQUET, type ParquetType } from "@sluice/core";
import { int32At, NotPlain, PlainColumn, type PlainOptions, put32, put64 } from "./plain-column.ts";

/** Days from 1970 to 2000, where PostgreSQL begins to count. */
const EPOCH_DAYS = 10_957;
/** 0001-01-01 and 9999-12-31: outside of them the text is longer, or of another era, and refused. */
const [FIRST_DAY, LAST_DAY] = [-719_162, 2_932_896];

export class Dates extends PlainColumn {
  readonly type = { physical: PARQUET.physical.int32, converted: PARQUET.converted.date };
  protected override readonly valueBytes = 4;

  protected put(block: Buffer, starts: Int32Array, count: number): void {
    const from = this.room(count * 4);
    const { data } = this;
    for (let index = 0; index < count; index += 1) {
      const day = int32At(block, starts[index] as number) + EPOCH_DAYS;
      if (day < FIRST_DAY || day > LAST_DAY) throw new NotPlain("a date is infinite or has no year of four digits");
      put32(data, from + index * 4, day);
    }
  }
}

const TWO_32 = 4_294_967_296;
const DAY_MICROSECONDS = 86_400_000_000;

export class Times extends PlainColumn {
  readonly type = { physical: PARQUET.physical.int64, converted: PARQUET.converted.time };
  protected override readonly valueBytes = 8;

  protected put(block: Buffer, starts: Int32Array, count: number): void {
    const from = this.room(count * 8);
    const { data } = this;
    for (let index = 0; index < count; index += 1) {
      const at = starts[index] as number;
      const [high, low] = [int32At(block, at), int32At(block, at + 4)];
      if (high * TWO_32 + (low >>> 0) >= DAY_MICROSECONDS) throw new NotPlain("a time is 24:00:00");
      put64(data, from + index * 8, high, low);
    }
  }
}

const EPOCH_MICROSECONDS = EPOCH_DAYS * DAY_MICROSECONDS;
const [EPOCH_HIGH, EPOCH_LOW] = [Math.floor(EPOCH_MICROSECONDS / TWO_32), EPOCH_MICROSECONDS % TWO_32];
const [FIRST_MICROSECOND, END_MICROSECOND] = [FIRST_DAY * DAY_MICROSECONDS, (LAST_DAY + 1) * DAY_MICROSECONDS];
/** Between them the first half of a number decides; the hour at each end is looked at exactly. */
const [SURE_FROM, SURE_TO] = [Math.ceil(FIRST_MICROSECOND / TWO_32), Math.floor(END_MICROSECOND / TWO_32) - 1];

export class Timestamps extends PlainColumn {
  readonly type: ParquetType;
  protected override readonly valueBytes = 8;

  constructor(options: PlainOptions, logical: "timestamp" | "timestamptz") {
    super(options);
    this.type = { physical: PARQUET.physical.int64, logical };
  }

  protected put(block: Buffer, starts: Int32Array, count: number): void {
    const from = this.room(count * 8);
    const { data } = this;
    for (let index = 0; index < count; index += 1) {
      const at = starts[index] as number;
      const sum = (int32At(block, at + 4) >>> 0) + EPOCH_LOW;
      const high = int32At(block, at) + EPOCH_HIGH + (sum >= TWO_32 ? 1 : 0);
      if (high < SURE_FROM || high > SURE_TO) assertOfFourDigits(high, sum % TWO_32);
      put64(data, from + index * 8, high, sum | 0);
    }
  }
}

function assertOfFourDigits(high: number, low: number): void {
  const exact = BigInt(high) * BigInt(TWO_32) + BigInt(low);
  if (exact >= BigInt(FIRST_MICROSECOND) && exact < BigInt(END_MICROSECOND)) return;
  throw new NotPlain("a timestamp is infinite or has no year of four digits");
}
