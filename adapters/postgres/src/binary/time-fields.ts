import { PARQUET } from "@sluice/core";
import { type Block, FixedColumn, LENGTH_BYTES, NULL_LENGTH } from "./field-column.ts";

/** Days from 1970 to 2000, where PostgreSQL begins to count. */
const EPOCH_DAYS = 10_957;
const [GREATEST, LEAST] = [2_147_483_647, -2_147_483_648];

/** The infinite days are the last numbers on either side; below, the engine leaves one out. */
export class DateFields extends FixedColumn {
  readonly physical = PARQUET.physical.int32;
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
      const day = values.getInt32(next, true);
      view.setInt32(put, 4);
      view.setInt32(put + LENGTH_BYTES, day === GREATEST ? day : day <= LEAST + 1 ? LEAST : serverDay(day));
      at[row] = put + LENGTH_BYTES + 4;
      next += 4;
    }
    this.next = next;
  }
}

/** A day before all that PostgreSQL knows stays one, and is refused. */
function serverDay(day: number): number {
  return Math.max(day - EPOCH_DAYS, LEAST + 1);
}

const TWO_32 = 4_294_967_296;
const EPOCH_MICROSECONDS = EPOCH_DAYS * 86_400_000_000;
const [EPOCH_HIGH, EPOCH_LOW] = [Math.floor(EPOCH_MICROSECONDS / TWO_32), EPOCH_MICROSECONDS % TWO_32];

/** As with days: the last numbers are the infinite ones, and what is before all that PostgreSQL knows stays so. */
export class TimestampFields extends FixedColumn {
  readonly physical = PARQUET.physical.int64;
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
      const givenHigh = values.getInt32(next + 4, true);
      const givenLow = values.getUint32(next, true);
      let low = givenLow - EPOCH_LOW;
      let high = givenHigh - EPOCH_HIGH - (low < 0 ? 1 : 0);
      if (givenHigh === GREATEST && givenLow === TWO_32 - 1) {
        high = givenHigh;
        low = givenLow;
      } else if (high < LEAST) {
        high = LEAST;
        low = givenHigh === LEAST && givenLow <= 1 ? 0 : 1;
      }
      view.setInt32(put, 8);
      view.setInt32(put + LENGTH_BYTES, high);
      view.setInt32(put + LENGTH_BYTES + 4, low);
      at[row] = put + LENGTH_BYTES + 8;
      next += 8;
    }
    this.next = next;
  }
}
