import { PARQUET } from "@sluice/core";
import { type Block, FieldColumn, LENGTH_BYTES, NULL_LENGTH } from "./field-column.ts";

/** A digit of PostgreSQL's numeric is four decimal ones. */
const PLACES = 4;
const BASE = 10_000;
const NEGATIVE = 0x4000;
const TWO_32 = 4_294_967_296;
/** How many digits, how many of them stand before the point less one, the sign, the places behind the point. */
const HEAD_BYTES = 8;
/** Of so many decimal digits, each number is exact as a double; of so many Parquet holds it in four bytes, and in eight. */
const [DOUBLE_DIGITS, SHORT_DIGITS, LONG_DIGITS] = [15, 9, 18];
/** 38 decimal digits and what fills up the last place are at most eleven digits. */
const MOST_DIGITS = 11;
const LIMBS = 4;

/**
 * Decimals, which Parquet holds as integers. Their digits are found first, since how many they are says how long a row is. Source:
 * numeric_recv in numeric.c.
 */
export class NumericFields extends FieldColumn {
  readonly physical: number;
  private readonly scale: number;
  private readonly precision: number;
  /** By what an integer is divided for its last digit, and by what the rest of that is multiplied: 12.5 ends in 5000. */
  private readonly first: number;
  /** Digits behind the point. */
  private readonly behind: number;
  /** Of each value its digits, the last one first, how many they are from which one on, and the sign. */
  private digits = new Uint16Array(0);
  private counts = new Uint8Array(0);
  private starts = new Uint8Array(0);
  private signs = new Uint8Array(0);
  private readonly limbs = new Float64Array(LIMBS);

  constructor({ precision, scale }: { readonly precision: number; readonly scale: number }) {
    super();
    const { int32, int64, fixed } = PARQUET.physical;
    this.physical = precision <= SHORT_DIGITS ? int32 : precision <= LONG_DIGITS ? int64 : fixed;
    this.precision = precision;
    this.scale = scale;
    this.behind = Math.ceil(scale / PLACES);
    this.first = 10 ** (scale % PLACES || PLACES);
  }

  override addSizes(sizes: Float64Array): void {
    const { present, counts } = this;
    let value = 0;
    for (let row = 0; row < present.length; row += 1) {
      if (present[row] === 0) continue;
      sizes[row] = (sizes[row] as number) + HEAD_BYTES + 2 * (counts[value] as number);
      value += 1;
    }
  }

  override put({ view, at }: Block, from: number, to: number): void {
    const { present, digits, counts, starts, signs, scale, behind } = this;
    let { next } = this;
    for (let row = from; row < to; row += 1) {
      const put = at[row] as number;
      if (present[row] === 0) {
        view.setInt32(put, NULL_LENGTH);
        at[row] = put + LENGTH_BYTES;
        continue;
      }
      const count = counts[next] as number;
      const last = next * MOST_DIGITS + (starts[next] as number);
      view.setInt32(put, HEAD_BYTES + 2 * count);
      view.setInt16(put + 4, count);
      view.setInt16(put + 6, count === 0 ? 0 : count + (starts[next] as number) - behind - 1);
      view.setInt16(put + 8, signs[next] === 0 ? 0 : NEGATIVE);
      view.setInt16(put + 10, scale);
      let end = put + LENGTH_BYTES + HEAD_BYTES;
      for (let digit = last + count - 1; digit >= last; digit -= 1, end += 2)
        view.setInt16(end, digits[digit] as number);
      at[row] = end;
      next += 1;
    }
    this.next = next;
  }

  protected override prepare(count: number): void {
    if (this.counts.length < count) {
      this.digits = new Uint16Array(count * MOST_DIGITS);
      this.counts = new Uint8Array(count);
      this.starts = new Uint8Array(count);
      this.signs = new Uint8Array(count);
    }
    if (this.precision <= DOUBLE_DIGITS) this.takeSmall(count);
    else this.takeLarge(count);
  }

  private takeSmall(count: number): void {
    const { view, digits, signs, first, precision } = this;
    const factor = BASE / first;
    for (let value = 0; value < count; value += 1) {
      const given =
        precision <= SHORT_DIGITS
          ? view.getInt32(value * 4, true)
          : view.getInt32(value * 8 + 4, true) * TWO_32 + view.getUint32(value * 8, true);
      let rest = Math.abs(given);
      signs[value] = given < 0 ? 1 : 0;
      const from = value * MOST_DIGITS;
      let to = from;
      let whole = Math.floor(rest / first);
      digits[to] = (rest - whole * first) * factor;
      for (to += 1; whole > 0; to += 1) {
        rest = whole;
        whole = Math.floor(rest / BASE);
        digits[to] = rest - whole * BASE;
      }
      this.trim(value, from, to);
    }
  }

  /** By long division, 32 bits at a time: what is left of one and the next 32 are below 2 to the power of 53. */
  private takeLarge(count: number): void {
    const { digits, first, limbs } = this;
    for (let value = 0; value < count; value += 1) {
      let used = this.takeLimbs(value);
      const from = value * MOST_DIGITS;
      let to = from;
      for (let divisor = first; used < LIMBS || to === from; divisor = BASE) {
        let rest = 0;
        for (let limb = used; limb < LIMBS; limb += 1) {
          const part = rest * TWO_32 + (limbs[limb] as number);
          const whole = Math.floor(part / divisor);
          limbs[limb] = whole;
          rest = part - whole * divisor;
        }
        digits[to] = rest * (BASE / divisor);
        to += 1;
        while (used < LIMBS && limbs[used] === 0) used += 1;
      }
      this.trim(value, from, to);
    }
  }

  /** The number without its sign in four pieces, the highest first; gives the first that is not zero. */
  private takeLimbs(value: number): number {
    const { view, limbs, precision } = this;
    if (precision <= LONG_DIGITS) {
      [limbs[0], limbs[1]] = [0, 0];
      [limbs[2], limbs[3]] = [view.getUint32(value * 8 + 4, true), view.getUint32(value * 8, true)];
    } else for (let limb = 0; limb < LIMBS; limb += 1) limbs[limb] = view.getUint32(value * 16 + limb * 4);
    const top = precision <= LONG_DIGITS ? 2 : 0;
    const isNegative = (limbs[top] as number) >= TWO_32 / 2;
    this.signs[value] = isNegative ? 1 : 0;
    let carry = 1;
    for (let limb = LIMBS - 1; isNegative && limb >= top; limb -= 1) {
      const turned = TWO_32 - 1 - (limbs[limb] as number) + carry;
      carry = turned === TWO_32 ? 1 : 0;
      limbs[limb] = carry === 1 ? 0 : turned;
    }
    let used = 0;
    while (used < LIMBS && limbs[used] === 0) used += 1;
    return used;
  }

  /** Leaves out zeros on either side, as PostgreSQL does. */
  private trim(value: number, from: number, end: number): void {
    const { digits } = this;
    let [start, to] = [from, end];
    while (to > start && digits[to - 1] === 0) to -= 1;
    while (start < to && digits[start] === 0) start += 1;
    this.starts[value] = start - from;
    this.counts[value] = to - start;
  }
}
