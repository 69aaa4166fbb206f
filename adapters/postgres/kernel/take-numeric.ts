// A numeric as PostgreSQL sends it, as a whole number of 64 or 128 bits. Source: numeric_send in numeric.c.

/** A digit is four decimal ones. */
const BASE: u64 = 10_000;
const PLACES: i32 = 4;
const NEGATIVE: u16 = 0x4000;
/** How many there are, the place of the first one, the sign, and how many places are shown: two bytes each. */
const HEAD_BYTES: usize = 8;
/** So many digits, of which each may count ten thousandfold once more, fit into 64 bits. */
const SURE_DIGITS: u32 = 3;

/** A number without a sign. */
let low: u64 = 0;
let high: u64 = 0;

/**
 * Puts the numeric at `at`, times ten to the power of the scale, where `to` is: `12.30` of scale 2 is 1230. False for NaN and the
 * infinities, for more places than the scale has (those are looked at as text, even where they are zeros), for what is not below the
 * limit, and for what is no numeric at all.
 */
export function putScaled(
  at: usize,
  length: u32,
  scale: u32,
  to: usize,
  isLarge: bool,
  limitLow: u64,
  limitHigh: u64,
): bool {
  if (length < <u32>HEAD_BYTES) return false;
  const count = <u32>shortAt(at);
  const weight = <i32>(<i16>shortAt(at + 2));
  const sign = shortAt(at + 4);
  if (length != <u32>HEAD_BYTES + 2 * count || <u32>shortAt(at + 6) > scale) return false;
  if (sign != 0 && sign != NEGATIVE) return false;
  low = 0;
  high = 0;
  if (count > 0) {
    // The power of ten by which the last digit has to be raised; below zero, its last places are zeros behind the scale.
    let shift = PLACES * (weight - <i32>count + 1) + <i32>scale;
    const whole = shift < 0 ? count - 1 : count;
    let digit = at + HEAD_BYTES;
    for (let index: u32 = 0; index < whole; index++, digit += 2) {
      if (index <= SURE_DIGITS) low = low * BASE + <u64>shortAt(digit);
      else if (!raise(BASE, <u64>shortAt(digit))) return false;
    }
    if (shift < 0) {
      if (shift <= -PLACES) return false;
      const power = powerOf(-shift);
      const places = <u64>shortAt(digit);
      if (places % power != 0 || !raise(powerOf(PLACES + shift), places / power)) return false;
    } else {
      for (; shift >= PLACES; shift -= PLACES) if (!raise(BASE, 0)) return false;
      if (shift > 0 && !raise(powerOf(shift), 0)) return false;
    }
  }
  if (high > limitHigh || (high == limitHigh && low >= limitLow)) return false;
  if (sign == NEGATIVE) {
    low = 0 - low;
    high = ~high + (low == 0 ? 1 : 0);
  }
  // Parquet has the long ones with the first byte first.
  if (isLarge) {
    store<u64>(to, bswap<u64>(high));
    store<u64>(to, bswap<u64>(low), 8);
  } else store<u64>(to, low);
  return true;
}

@inline
function shortAt(at: usize): u16 {
  return bswap<u16>(load<u16>(at));
}

@inline
function powerOf(exponent: i32): u64 {
  if (exponent <= 1) return exponent == 1 ? 10 : 1;
  return exponent == 2 ? 100 : 1000;
}

/** The number times a factor of 16 bits, and some more; false where it has no room in 128 bits. */
function raise(factor: u64, more: u64): bool {
  if (high == 0 && low < 0x0001_0000_0000_0000) {
    low = low * factor + more;
    return true;
  }
  const first = (low & 0xffff_ffff) * factor + more;
  const second = (low >> 32) * factor + (first >> 32);
  const third = (high & 0xffff_ffff) * factor + (second >> 32);
  const fourth = (high >> 32) * factor + (third >> 32);
  low = (second << 32) | (first & 0xffff_ffff);
  high = (fourth << 32) | (third & 0xffff_ffff);
  return fourth >> 32 == 0;
}
