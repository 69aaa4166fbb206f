import { Int32Fields, Int64Fields } from "./number-fields.ts";

/** Days from 1970 to 2000, where PostgreSQL begins to count. */
const EPOCH_DAYS = 10_957;
const [GREATEST, LEAST] = [2_147_483_647, -2_147_483_648];

/** The infinite days are the last numbers on either side; below, the engine leaves one out. */
export class DateFields extends Int32Fields {
  protected override prepare(count: number): void {
    const { view } = this;
    for (let at = 0; at < count * 4; at += 4) {
      const day = view.getInt32(at, true);
      view.setInt32(at, day === GREATEST ? day : day <= LEAST + 1 ? LEAST : serverDay(day), true);
    }
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
export class TimestampFields extends Int64Fields {
  protected override prepare(count: number): void {
    const { view } = this;
    for (let at = 0; at < count * 8; at += 8) {
      const givenHigh = view.getInt32(at + 4, true);
      const givenLow = view.getUint32(at, true);
      let low = givenLow - EPOCH_LOW;
      let high = givenHigh - EPOCH_HIGH - (low < 0 ? 1 : 0);
      if (givenHigh === GREATEST && givenLow === TWO_32 - 1) {
        high = givenHigh;
        low = givenLow;
      } else if (high < LEAST || (high === LEAST && low === 0)) {
        high = LEAST;
        low = givenHigh === LEAST && givenLow <= 1 ? 0 : 1;
      }
      view.setInt32(at + 4, high, true);
      view.setInt32(at, low, true);
    }
  }
}
