// Says whether a text is certainly a value of its column, and finds what it counts.

/** How a column is looked at; `rules.ts` writes them. */
export const ANY: u8 = 0;
const SIGNED: u8 = 1;
const UNSIGNED: u8 = 2;
const DECIMAL: u8 = 3;
const FLOAT: u8 = 4;
const WORDS: u8 = 5;
const LAYOUT: u8 = 6;
const UUID: u8 = 7;
export const UNSEEN: u8 = 8;

/** What the value of a layout counts; `rules.ts` has the same numbers. */
const DAYS: u8 = 1;
const TIME_OF_DAY: u8 = 2;
const DAY_MICROS: i64 = 86_400_000_000;

/** The value of the text that was last accepted, where its kind counts something. */
let value: i64 = 0;

export function valueFound(): i64 {
  return value;
}

export function isAccepted(rule: usize, kind: u8, start: usize, end: usize): bool {
  switch (kind) {
    case SIGNED:
      if (load<u8>(start) != 45) return isWhole(rule, start, end);
      if (!isWhole(rule, start + 1, end)) return false;
      value = -value;
      return true;
    case UNSIGNED:
      return isWhole(rule, start, end);
    case DECIMAL:
      return isDecimal(start, end, load<u8>(rule, 2), load<u8>(rule, 3));
    case FLOAT:
      return isFloat(start, end, load<u8>(rule, 2) != 0);
    case WORDS:
      return isWord(load<u32>(rule, 4), start, end);
    case LAYOUT:
      return fitsLayout(load<u32>(rule, 4), load<u8>(rule, 2), start, end);
    case UUID:
      return isUuid(start, end);
    default:
      return false;
  }
}

@inline
function isDigit(byte: u8): bool {
  return byte - 48 < 10;
}

/** Digits of which there are no more than the greatest value has, nor more of a value. */
function isWhole(rule: usize, start: usize, end: usize): bool {
  const digits = end - start;
  if (digits == 0 || digits > <usize>load<u8>(rule, 2)) return false;
  const first = ((digits - 1) & 7) + 1;
  let whole = digitsBefore(start + first, first);
  if (whole == NO_DIGITS) return false;
  for (let at = start + first; at < end; at += 8) {
    const next = digitsBefore(at + 8, 8);
    if (next == NO_DIGITS) return false;
    whole = whole * 100_000_000 + next;
  }
  value = <i64>whole;
  return whole <= load<u64>(rule, 8);
}

const NO_DIGITS: u64 = u64.MAX_VALUE;

/** The number that the last 1 to 8 bytes before a place are, all of them at a time: what stands before them counts as zeros. */
@inline
function digitsBefore(end: usize, count: usize): u64 {
  const others = <u64>(8 - count) << 3;
  let digits = ((load<u64>(end - 8) ^ 0x3030_3030_3030_3030) >> others) << others;
  if ((((digits + 0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080) != 0) return NO_DIGITS;
  digits = (digits * 2561) >> 8;
  digits = ((digits & 0x00ff_00ff_00ff_00ff) * 6_553_601) >> 16;
  return ((digits & 0x0000_ffff_0000_ffff) * 42_949_672_960_001) >> 32;
}

/** `-12.30`: so many digits before the point and behind it, at least one before it. Its value counts the last of the places. */
function isDecimal(start: usize, end: usize, whole: u8, places: u8): bool {
  let at = start;
  const isNegative = load<u8>(at) == 45;
  if (isNegative) at++;
  const first = at;
  let units: u64 = 0;
  let left = <usize>places;
  while (at < end && isDigit(load<u8>(at))) units = units * 10 + <u64>(load<u8>(at++) - 48);
  const digits = at - first;
  if (digits == 0 || digits > <usize>whole) return false;
  if (at < end) {
    if (load<u8>(at) != 46) return false;
    const point = ++at;
    while (at < end && isDigit(load<u8>(at))) units = units * 10 + <u64>(load<u8>(at++) - 48);
    if (at != end || at == point || at - point > left) return false;
    left -= at - point;
  }
  for (; left > 0; left--) units *= 10;
  value = isNegative ? -(<i64>units) : <i64>units;
  return true;
}

/** `-12.5e-7`: at most 17 digits before the point, at most two of the exponent, so that it is in range. */
function isFloat(start: usize, end: usize, hasExponent: bool): bool {
  let at = start;
  if (load<u8>(at) == 45) at++;
  if (isShortFloat(at, end)) return true;
  const first = at;
  while (at < end && isDigit(load<u8>(at))) at++;
  if (at == first || at - first > 17) return false;
  if (at < end && load<u8>(at) == 46) {
    at++;
    while (at < end && isDigit(load<u8>(at))) at++;
  }
  if (at == end) return true;
  if (!hasExponent || (load<u8>(at) | 32) != 101) return false;
  at++;
  if (at < end && (load<u8>(at) == 43 || load<u8>(at) == 45)) at++;
  const digits = end - at;
  if (digits == 0 || digits > 2) return false;
  while (at < end) if (!isDigit(load<u8>(at++))) return false;
  return true;
}

/** Digits and at most one point behind the first of them, within 16 bytes, as most are. */
@inline
function isShortFloat(start: usize, end: usize): bool {
  const length = <i32>(end - start);
  if (length > 16) return false;
  const digits = i8x16.bitmask(i8x16.lt_u(i8x16.sub(v128.load(start), i8x16.splat(48)), i8x16.splat(10)));
  const whole = ctz(~digits);
  if (whole >= length) return length > 0;
  if (whole == 0 || load<u8>(start + whole) != 46) return false;
  return whole + 1 + ctz(~(digits >> (whole + 1))) >= length;
}

/** One of some words of small letters, in any case: their number, then each with its length in front. */
function isWord(words: usize, start: usize, end: usize): bool {
  const length = <u32>(end - start);
  for (let left = load<u32>(words), at = words + 4; left > 0; left--) {
    const wanted = <u32>load<u8>(at++);
    if (wanted == length) {
      let byte: u32 = 0;
      while (byte < length) {
        const letter = load<u8>(start + byte);
        const small = letter - 65 < 26 ? letter + 32 : letter;
        if (small != load<u8>(at + byte)) break;
        byte++;
      }
      if (byte == length) return true;
    }
    at += wanted;
  }
  return false;
}

/**
 * A day and a time in a layout of so many bytes, each a digit or what stands there in the layout; behind it there may be a fraction.
 * `rules.ts` lays out the table: the bytes, what is behind, where each part begins, then for 32 bytes what they are at least, and how
 * much more they may be.
 */
function fitsLayout(table: usize, counts: u8, start: usize, end: usize): bool {
  const behind = start + <usize>load<u8>(table);
  if (end < behind) return false;
  const low = i8x16.gt_u(i8x16.sub(v128.load(start), v128.load(table, 16)), v128.load(table, 48));
  const high = i8x16.gt_u(i8x16.sub(v128.load(start, 16), v128.load(table, 32)), v128.load(table, 64));
  if (v128.any_true(v128.or(low, high))) return false;
  let micros = 0;
  const tail = load<u8>(table, 1);
  if (end > behind) {
    let at = behind;
    if (tail == NOTHING || (tail == FRACTION && load<u8>(at++) != 46)) return false;
    const digits = end - at;
    if (digits == 0 || digits > 6) return false;
    const found = digitsBefore(end, digits);
    if (found == NO_DIGITS) return false;
    micros = <i32>found;
    for (let places = digits; places < 6; places++) micros *= 10;
  } else if (tail == DIGITS) return false;
  // A layout without a year is read as of 1900, which has no 29th of February.
  const year = part(start, load<u8>(table, 2), 1900, 4);
  const month = part(start, load<u8>(table, 3), 1, 2);
  const day = part(start, load<u8>(table, 4), 1, 2);
  const hour = part(start, load<u8>(table, 5), 0, 2);
  const minute = part(start, load<u8>(table, 6), 0, 2);
  const second = part(start, load<u8>(table, 7), 0, 2);
  micros += part(start, load<u8>(table, 8), 0, 3) * 1000;
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return false;
  if (hour > 23 || minute > 59 || second > 59) return false;
  const days: i64 = counts == TIME_OF_DAY ? 0 : daysUntil(year, month, day);
  value = counts == DAYS ? days : days * DAY_MICROS + <i64>(hour * 3600 + minute * 60 + second) * 1_000_000 + <i64>micros;
  return true;
}

/** What a layout has where a part of it begins that it does not have. */
const ABSENT: u8 = 255;
/** What stands behind a layout: nothing, a point and one to six digits or nothing, one to six digits. */
const NOTHING: u8 = 0;
const FRACTION: u8 = 1;
const DIGITS: u8 = 2;

/** The number of so many digits. */
@inline
function part(start: usize, offset: u8, otherwise: i32, count: usize): i32 {
  if (offset == ABSENT) return otherwise;
  let found = 0;
  for (let digit: usize = 0; digit < count; digit++) found = found * 10 + <i32>load<u8>(start + offset + digit) - 48;
  return found;
}

function daysOf(year: i32, month: i32): i32 {
  if (month == 2) return year % 400 == 0 || (year % 4 == 0 && year % 100 != 0) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/** Days from 1970-01-01 to a day, counted in years that begin in March, so that the odd day is the last one. */
function daysUntil(year: i32, month: i32, day: i32): i64 {
  const years = month > 2 ? year : year - 1;
  const months = month > 2 ? month - 3 : month + 9;
  const leaps = years / 4 - years / 100 + years / 400;
  return <i64>(years * 365 + leaps + (153 * months + 2) / 5 + day - 1 - 719_468);
}

function isUuid(start: usize, end: usize): bool {
  if (end - start != 36) return false;
  for (let place: u32 = 0; place < 36; place++) {
    const byte = load<u8>(start + place);
    if (place == 8 || place == 13 || place == 18 || place == 23) {
      if (byte != 45) return false;
    } else if (!isDigit(byte) && (byte | 32) - 97 > 5) return false;
  }
  return true;
}
