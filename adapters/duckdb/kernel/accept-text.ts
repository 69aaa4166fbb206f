// Takes records of delimited text apart and says whether every field is certainly a value of its column. AssemblyScript: it becomes
// `../src/text-columns/kernel.generated.ts` (npm run generate). Who calls it is `../src/text-columns/kernel.ts`, which also lays out
// the memory; nothing is allocated here.

/** How a column is looked at; `rules.ts` writes them. A rule takes 32 bytes. */
const ANY: u8 = 0;
const SIGNED: u8 = 1;
const UNSIGNED: u8 = 2;
const DECIMAL: u8 = 3;
const FLOAT: u8 = 4;
const WORDS: u8 = 5;
const LAYOUT: u8 = 6;
const UUID: u8 = 7;
const UNSEEN: u8 = 8;
const RULE_BYTES: usize = 32;

/** Flags of a rule. */
const USED: u8 = 1;
const NULLABLE: u8 = 2;
const EMPTY_IS_TEXT: u8 = 4;

/** What stands in the index for a null, and where a doubled quote has to become one. */
const NULL: u32 = 0xffff_ffff;
const DOUBLED: u32 = 0x8000_0000;

const LF: u8 = 10;
const CR: u8 = 13;

/** Where the first record begins that was not taken. */
let stopped: usize = 0;
/** How many of the values that were gathered last are null. */
let nulls: u32 = 0;

export function stoppedAt(): usize {
  return stopped;
}

export function nullsFound(): u32 {
  return nulls;
}

/**
 * Takes records from `text` up to `end`, behind which 64 quotes stand, and notes where each used field begins and how long it is.
 * Gives how many it took, at most `most`; -1 where one is not certainly accepted. A record that `end` cuts is left.
 */
export function take(
  text: usize,
  end: usize,
  rules: usize,
  columns: u32,
  index: usize,
  most: u32,
  delimiter: u8,
  quote: u8,
  isCrlf: bool,
): i32 {
  const quotes = i8x16.splat(quote);
  const delimiters = i8x16.splat(delimiter);
  const feeds = i8x16.splat(LF);
  const returns = i8x16.splat(CR);
  let at = text;
  let into = index;
  let records: u32 = 0;
  stopped = text;
  while (at < end && records < most) {
    const first = load<u8>(at);
    if (first == LF || first == CR) return -1;
    let rule = rules;
    for (let column: u32 = 0; column < columns; column++, rule += RULE_BYTES) {
      if (at >= end) return records;
      const flags = load<u8>(rule, 1);
      const letter = load<u8>(at);
      // Most fields of a wide text are empty.
      if (letter == delimiter) {
        if (!(flags & NULLABLE) || column + 1 == columns) return -1;
        if (flags & USED) {
          store<u32>(into, NULL, 4);
          into += 8;
        }
        at++;
        continue;
      }
      let start = at;
      let length: u32 = 0;
      let isNull = false;
      if (letter == quote) {
        start = ++at;
        let doubled: u32 = 0;
        for (;;) {
          let found = i8x16.bitmask(i8x16.eq(v128.load(at), quotes));
          while (found == 0) {
            at += 16;
            found = i8x16.bitmask(i8x16.eq(v128.load(at), quotes));
          }
          at += <usize>ctz(found) + 1;
          if (at >= end) return records;
          if (load<u8>(at) != quote) break;
          doubled = DOUBLED;
          at++;
        }
        length = <u32>(at - 1 - start);
        if (length == 0 && !(flags & EMPTY_IS_TEXT)) isNull = true;
        length |= doubled;
      } else {
        for (;;) {
          const chunk = v128.load(at);
          const found = i8x16.bitmask(
            v128.or(
              v128.or(i8x16.eq(chunk, delimiters), i8x16.eq(chunk, feeds)),
              v128.or(i8x16.eq(chunk, returns), i8x16.eq(chunk, quotes)),
            ),
          );
          if (found != 0) {
            at += <usize>ctz(found);
            break;
          }
          at += 16;
        }
        if (at >= end) return records;
        length = <u32>(at - start);
        isNull = length == 0;
      }
      if (isNull) {
        if (!(flags & NULLABLE)) return -1;
      } else {
        const kind = load<u8>(rule);
        if (kind != ANY && kind != UNSEEN) {
          // An empty text in quotes is null to every type but text.
          if (length == 0) {
            if (!(flags & NULLABLE)) return -1;
          } else if (length & DOUBLED || !isAccepted(rule, kind, start, start + length)) return -1;
        }
      }
      if (flags & USED) {
        store<u32>(into, <u32>start);
        store<u32>(into, isNull ? NULL : length, 4);
        into += 8;
      }
      const behind = load<u8>(at);
      if (column + 1 < columns) {
        if (behind != delimiter) return -1;
        at++;
      } else if (isCrlf) {
        if (behind != CR) return -1;
        if (at + 1 >= end) return records;
        if (load<u8>(at, 1) != LF) return -1;
        at += 2;
      } else {
        if (behind != LF) return -1;
        at++;
      }
    }
    records++;
    stopped = at;
  }
  return records;
}

/** Copies the values of a used column one behind the other, each with its length in front; gives where they end. */
export function gather(index: usize, slot: u32, slots: u32, records: u32, values: usize, presence: usize): usize {
  let to = values;
  let entry = index + (<usize>slot << 3);
  const step = <usize>slots << 3;
  nulls = 0;
  let bits: u32 = 0;
  for (let record: u32 = 0; record < records; record++, entry += step) {
    const length = load<u32>(entry, 4);
    if (length == NULL) {
      nulls++;
    } else {
      bits |= 1 << (record & 7);
      const from = <usize>load<u32>(entry);
      if (length & DOUBLED) {
        const plain = copyHalved(from, length & ~DOUBLED, to + 4);
        store<u32>(to, plain);
        to += 4 + <usize>plain;
      } else {
        store<u32>(to, length);
        // What is copied too far is written over by the next value.
        for (let byte: u32 = 0; byte < length; byte += 16) v128.store(to + 4 + byte, v128.load(from + byte));
        to += 4 + <usize>length;
      }
    }
    if ((record & 7) == 7) {
      store<u8>(presence++, <u8>bits);
      bits = 0;
    }
  }
  if ((records & 7) != 0) store<u8>(presence, <u8>bits);
  return to;
}

/** Copies a text in which each quote stands twice; gives how long it is then. */
function copyHalved(from: usize, length: u32, to: usize): u32 {
  const quote = load<u8>(from - 1);
  const start = to;
  const end = from + length;
  while (from < end) {
    const byte = load<u8>(from++);
    store<u8>(to++, byte);
    if (byte == quote) from++;
  }
  return <u32>(to - start);
}

function isAccepted(rule: usize, kind: u8, start: usize, end: usize): bool {
  switch (kind) {
    case SIGNED:
      if (load<u8>(start) == 45) start++;
      return isWhole(rule, start, end);
    case UNSIGNED:
      return isWhole(rule, start, end);
    case DECIMAL:
      return isDecimal(start, end, load<u8>(rule, 2), load<u8>(rule, 3));
    case FLOAT:
      return isFloat(start, end, load<u8>(rule, 2) != 0);
    case WORDS:
      return isWord(load<u32>(rule, 4), start, end);
    case LAYOUT:
      return fitsLayout(load<u32>(rule, 4), start, end);
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
  let value: u64 = 0;
  for (let at = start; at < end; at++) {
    const byte = load<u8>(at);
    if (!isDigit(byte)) return false;
    value = value * 10 + <u64>(byte - 48);
  }
  return value <= load<u64>(rule, 8);
}

/** `-12.30`: so many digits before the point and behind it, at least one before it. */
function isDecimal(start: usize, end: usize, whole: u8, places: u8): bool {
  let at = start;
  if (load<u8>(at) == 45) at++;
  const first = at;
  while (at < end && isDigit(load<u8>(at))) at++;
  const digits = at - first;
  if (digits == 0 || digits > <usize>whole) return false;
  if (at == end) return true;
  if (load<u8>(at) != 46) return false;
  const point = ++at;
  while (at < end && isDigit(load<u8>(at))) at++;
  return at == end && at > point && at - point <= <usize>places;
}

/** `-12.5e-7`: at most 17 digits before the point, at most two of the exponent, so that it is in range. */
function isFloat(start: usize, end: usize, hasExponent: bool): bool {
  let at = start;
  if (load<u8>(at) == 45) at++;
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

/** A day and a time in a layout: letters as in strftime, other bytes as they are behind an L. */
function fitsLayout(layout: usize, start: usize, end: usize): bool {
  let at = start;
  // A layout without a year is read as of 1900, which has no 29th of February.
  let year: i32 = 1900;
  let month: i32 = 1;
  let day: i32 = 1;
  for (;;) {
    const letter = load<u8>(layout++);
    switch (letter) {
      case 0: {
        if (at != end) return false;
        if (day <= 28) return true;
        if (month == 2) return day == 29 && (year % 400 == 0 || (year % 4 == 0 && year % 100 != 0));
        return day <= 30 || month == 1 || month == 3 || month == 5 || month == 7 || month == 8 || month == 10 || month == 12;
      }
      case 76: // L
        if (at >= end || load<u8>(at++) != load<u8>(layout++)) return false;
        break;
      case 89: // Y
        year = digitsAt(at, end, 4);
        if (year < 1) return false;
        at += 4;
        break;
      case 109: // m
        month = digitsAt(at, end, 2);
        if (month < 1 || month > 12) return false;
        at += 2;
        break;
      case 100: // d
        day = digitsAt(at, end, 2);
        if (day < 1 || day > 31) return false;
        at += 2;
        break;
      case 72: // H
        if (<u32>digitsAt(at, end, 2) > 23) return false;
        at += 2;
        break;
      case 77: // M
      case 83: // S
        if (<u32>digitsAt(at, end, 2) > 59) return false;
        at += 2;
        break;
      case 103: // g
        if (digitsAt(at, end, 3) < 0) return false;
        at += 3;
        break;
      case 102: {
        // f: one to six digits
        const first = at;
        while (at < end && isDigit(load<u8>(at))) at++;
        if (at == first || at - first > 6) return false;
        break;
      }
      case 46: {
        // .: a point and one to six digits, or nothing
        if (at >= end || load<u8>(at) != 46) break;
        const first = ++at;
        while (at < end && isDigit(load<u8>(at))) at++;
        if (at == first || at - first > 6) return false;
        break;
      }
      default:
        return false;
    }
  }
  return false;
}

/** The number of so many digits; below zero where they are none. */
function digitsAt(at: usize, end: usize, count: u32): i32 {
  if (at + count > end) return -1;
  let value = 0;
  for (let digit: u32 = 0; digit < count; digit++) {
    const byte = load<u8>(at + digit);
    if (!isDigit(byte)) return -1;
    value = value * 10 + <i32>(byte - 48);
  }
  return value;
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
