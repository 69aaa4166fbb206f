// Puts the rows of `COPY … TO STDOUT (FORMAT binary)` into columns as Parquet has them. AssemblyScript: it becomes
// `../src/binary/kernel.generated.ts` (npm run generate). Who calls it is `../src/binary/binary-rows.ts`, which also lays out the
// memory; nothing is allocated here. Source: the file formats of COPY in PostgreSQL's manual, and the `_send` functions of its types.

import { putScaled } from "./take-numeric";

/** What is known of a column, and what is noted of it; `column-table.ts` lays it out. */
export const COLUMN_BYTES: usize = 40;
const NULLABLE: usize = 1;
const SCALE: usize = 2;
/** Where its next value is to be put. */
const TO: usize = 4;
/** How many bytes its values take as they came. */
const CAME: usize = 8;
const NULLS: usize = 12;
/** Where its bits are, of which each says whether a row has a value; and how many bits it has of its own, where its values are such. */
const PRESENCE: usize = 16;
const BITS: usize = 20;
/** The smallest number that has too many digits. */
const LIMIT_LOW: usize = 24;
const LIMIT_HIGH: usize = 32;

const BYTES: u8 = 0;
const BOOL: u8 = 1;
const INT16: u8 = 2;
const REVERSED4: u8 = 3;
const REVERSED8: u8 = 4;
const UINT32: u8 = 5;
const UUID: u8 = 6;
const DATE: u8 = 7;
const TIME: u8 = 8;
const TIMESTAMP: u8 = 9;
const DECIMAL8: u8 = 10;
const DECIMAL16: u8 = 11;

/** Why rows are none here; `binary-rows.ts` says it in words. */
const IS_NULL: i32 = -1;
const IS_OTHER: i32 = -2;
const NO_DATE: i32 = -3;
const NO_TIME: i32 = -4;
const NO_TIMESTAMP: i32 = -5;
const NO_DECIMAL: i32 = -6;

/** Stands where the number of a row's fields would, behind the last row. */
const TRAILER: u16 = 0xffff;
const COUNT_BYTES: usize = 2;
const LENGTH_BYTES: usize = 4;
/** How a field says that there is no value. */
const NULL: u32 = 0xffff_ffff;

/** Days from 1970 to 2000, where PostgreSQL begins to count; and those of 0001-01-01 and 9999-12-31. */
const EPOCH_DAYS: i32 = 10_957;
const FIRST_DAY: i32 = -719_162;
const LAST_DAY: i32 = 2_932_896;
const DAY: i64 = 86_400_000_000;

/** Up to here a loop is cheaper than the copy of the processor. */
const SHORT_BYTES: u32 = 128;

/** Where the first row begins that was not counted. */
let stopped: usize = 0;
let over: bool = false;

export function stoppedAt(): usize {
  return stopped;
}

/** Whether the rows have ended there. */
export function isOver(): bool {
  return over;
}

/**
 * Counts the rows between `at` and `end`, at most `most`, and notes for each column how many bytes its values take and how many are
 * null. A row that `end` cuts is left.
 */
export function count(at: usize, end: usize, table: usize, columns: u32, most: u32): u32 {
  const last = table + <usize>columns * COLUMN_BYTES;
  let rows: u32 = 0;
  while (rows < most && at + COUNT_BYTES <= end) {
    if (load<u16>(at) == TRAILER) {
      over = true;
      break;
    }
    let field = at + COUNT_BYTES;
    let column = table;
    for (; column < last; column += COLUMN_BYTES) {
      if (field + LENGTH_BYTES > end) break;
      const length = bswap<u32>(load<u32>(field));
      field += LENGTH_BYTES;
      if (length == NULL) {
        store<u32>(column, load<u32>(column, NULLS) + 1, NULLS);
        continue;
      }
      if (length > <u32>(end - field)) break;
      field += <usize>length;
      store<u32>(column, load<u32>(column, CAME) + length, CAME);
    }
    if (column < last) {
      forget(at + COUNT_BYTES, table, column);
      break;
    }
    at = field;
    rows++;
  }
  stopped = at;
  return rows;
}

/** Takes back what was noted of a row whose fields are not all there. */
function forget(field: usize, table: usize, end: usize): void {
  for (let column = table; column < end; column += COLUMN_BYTES) {
    const length = bswap<u32>(load<u32>(field));
    field += LENGTH_BYTES;
    if (length == NULL) {
      store<u32>(column, load<u32>(column, NULLS) - 1, NULLS);
      continue;
    }
    field += <usize>length;
    store<u32>(column, load<u32>(column, CAME) - length, CAME);
  }
}

/**
 * Puts so many rows, which are whole, where the table says: the values of each column one behind the other, the null ones left out.
 * What is for bits has to be zero. Gives 0, or why there is a value that is none here.
 */
export function take(at: usize, rows: u32, table: usize, columns: u32): i32 {
  const last = table + <usize>columns * COLUMN_BYTES;
  for (let row: u32 = 0; row < rows; row++) {
    if (<u32>bswap<u16>(load<u16>(at)) != columns) return IS_OTHER;
    at += COUNT_BYTES;
    for (let column = table; column < last; column += COLUMN_BYTES) {
      const length = bswap<u32>(load<u32>(at));
      at += LENGTH_BYTES;
      if (length == NULL) {
        if (load<u8>(column, NULLABLE) == 0) return IS_NULL;
        continue;
      }
      if (load<u32>(column, NULLS) != 0) setBit(load<usize>(column, PRESENCE), row);
      const refused = put(column, at, length);
      if (refused != 0) return refused;
      at += <usize>length;
    }
  }
  return 0;
}

@inline
function setBit(bits: usize, index: u32): void {
  const byte = bits + <usize>(index >> 3);
  store<u8>(byte, load<u8>(byte) | (<u8>1 << <u8>(index & 7)));
}

@inline
function put(column: usize, at: usize, length: u32): i32 {
  const to = load<usize>(column, TO);
  let width: usize = 8;
  switch (load<u8>(column)) {
    case BYTES: {
      store<u32>(to, length);
      // What is copied too far is written over by the next value, or lies between two columns.
      if (length > SHORT_BYTES) memory.copy(to + LENGTH_BYTES, at, length);
      else for (let byte: u32 = 0; byte < length; byte += 16) v128.store(to + LENGTH_BYTES + byte, v128.load(at + byte));
      width = LENGTH_BYTES + <usize>length;
      break;
    }
    case BOOL: {
      if (length != 1) return IS_OTHER;
      const bit = load<u32>(column, BITS);
      if (load<u8>(at) != 0) setBit(to, bit);
      store<u32>(column, bit + 1, BITS);
      return 0;
    }
    case INT16: {
      if (length != 2) return IS_OTHER;
      store<i32>(to, <i32>(<i16>bswap<u16>(load<u16>(at))));
      width = 4;
      break;
    }
    case REVERSED4: {
      if (length != 4) return IS_OTHER;
      store<u32>(to, bswap<u32>(load<u32>(at)));
      width = 4;
      break;
    }
    case REVERSED8: {
      if (length != 8) return IS_OTHER;
      store<u64>(to, bswap<u64>(load<u64>(at)));
      break;
    }
    case UINT32: {
      if (length != 4) return IS_OTHER;
      store<u64>(to, <u64>bswap<u32>(load<u32>(at)));
      break;
    }
    case UUID: {
      if (length != 16) return IS_OTHER;
      v128.store(to, v128.load(at));
      width = 16;
      break;
    }
    case DATE: {
      if (length != 4) return IS_OTHER;
      // The infinite ones are the last numbers on either side; what is too large comes out below all others.
      const day = <i32>bswap<u32>(load<u32>(at)) + EPOCH_DAYS;
      if (day < FIRST_DAY || day > LAST_DAY) return NO_DATE;
      store<i32>(to, day);
      width = 4;
      break;
    }
    case TIME: {
      if (length != 8) return IS_OTHER;
      const time = bswap<u64>(load<u64>(at));
      if (time >= <u64>DAY) return NO_TIME;
      store<u64>(to, time);
      break;
    }
    case TIMESTAMP: {
      if (length != 8) return IS_OTHER;
      const time = <i64>bswap<u64>(load<u64>(at)) + <i64>EPOCH_DAYS * DAY;
      if (time < <i64>FIRST_DAY * DAY || time >= <i64>(LAST_DAY + 1) * DAY) return NO_TIMESTAMP;
      store<i64>(to, time);
      break;
    }
    case DECIMAL8:
    case DECIMAL16: {
      const isLarge = load<u8>(column) == DECIMAL16;
      const limitLow = load<u64>(column, LIMIT_LOW);
      const limitHigh = load<u64>(column, LIMIT_HIGH);
      if (!putScaled(at, length, load<u8>(column, SCALE), to, isLarge, limitLow, limitHigh)) return NO_DECIMAL;
      if (isLarge) width = 16;
      break;
    }
    default:
      return IS_OTHER;
  }
  store<usize>(column, to + width, TO);
  return 0;
}
