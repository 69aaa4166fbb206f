import { int32At, LENGTH_BYTES } from "./plain-column.ts";

/** A digit of PostgreSQL's numeric is four decimal ones. */
const PLACES = 4;
const BASE = 10_000;
const NEGATIVE = 0x4000;
/** The sign of what is no number. */
const OTHER = 0xc000;
const HEAD_BYTES = 8;
const POWERS = [1, 10, 100, 1000] as const;

/**
 * A numeric as `COPY` sends it, times ten to the power of the scale: `12.30` of scale 2 is 1230. Of up to 15 digits, each step
 * is exact as a double; undefined for NaN, the infinities, and what has more places than the scale. It says how many digits of four places there are, how many such
 * places stand before the point, the sign, and how many places it is shown with. Source: numeric_send in numeric.c.
 */
export function scaledSmall(block: Buffer, at: number, scale: number): number | undefined {
  const { count, shift, sign } = headOf(block, at, scale);
  if (sign !== 0 && sign !== NEGATIVE) return undefined;
  let value = 0;
  const whole = shift < 0 ? count - 1 : count;
  for (let index = 0; index < whole; index += 1) value = value * BASE + digitAt(block, at, index);
  if (shift < 0 && count > 0) value = value * (POWERS[PLACES + shift] ?? 1) + lastDigit(block, at, count, shift);
  else if (count > 0) value *= 10 ** shift;
  return sign === NEGATIVE ? 0 - value : value;
}

/** The same of any number of digits. */
export function scaledLarge(block: Buffer, at: number, scale: number): bigint | undefined {
  const { count, shift, sign } = headOf(block, at, scale);
  if (sign !== 0 && sign !== NEGATIVE) return undefined;
  let value = 0n;
  const whole = shift < 0 ? count - 1 : count;
  for (let index = 0; index < whole; index += 1) value = value * BigInt(BASE) + BigInt(digitAt(block, at, index));
  if (shift < 0 && count > 0)
    value = value * BigInt(POWERS[PLACES + shift] ?? 1) + BigInt(lastDigit(block, at, count, shift));
  else if (count > 0) value *= 10n ** BigInt(shift);
  return sign === NEGATIVE ? -value : value;
}

/** `shift`: the power of ten by which the last digit has to be raised; below zero, its last places are zeros behind the scale. */
function headOf(
  block: Buffer,
  at: number,
  scale: number,
): { readonly count: number; readonly shift: number; readonly sign: number } {
  const count = shortAt(block, at);
  const weight = (shortAt(block, at + 2) << 16) >> 16;
  // More places than the scale are looked at as text, even where they are zeros; so is what is no numeric at all.
  const isWhole = int32At(block, at - LENGTH_BYTES) === HEAD_BYTES + 2 * count;
  const sign = !isWhole || shortAt(block, at + 6) > scale ? OTHER : shortAt(block, at + 4);
  return { count, shift: PLACES * (weight - count + 1) + scale, sign };
}

function digitAt(block: Buffer, at: number, index: number): number {
  return shortAt(block, at + HEAD_BYTES + 2 * index);
}

function lastDigit(block: Buffer, at: number, count: number, shift: number): number {
  return digitAt(block, at, count - 1) / (POWERS[-shift] ?? 1);
}

function shortAt(block: Buffer, at: number): number {
  return ((block[at] as number) << 8) | (block[at + 1] as number);
}
