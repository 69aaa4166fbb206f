// Written by `npm run generate` from the function catalogue. Change the catalogue, not this file.

import type { Day, Float, Interval, Text, Time, Timestamp, Uuid } from "./columns.generated.ts";
import type { AnyValue, Null, Operand } from "./columns.ts";
import { callFunction } from "./expression.ts";

/**
 * All texts, one behind the other, nulls left out.
 *
 * SQL: `concat(parts)`; `concat('a', null, 'b')` is `'ab'`.
 */
export function concatAll(...parts: readonly (string | Operand<"text", Null>)[]): Text {
  return callFunction("concatAll", [...parts]) as unknown as Text;
}

/**
 * All texts with a separator between them, nulls left out.
 *
 * SQL: `concat_ws(separator, parts)`; `concat_ws(', ', 'a', null, 'b')` is `'a, b'`.
 */
export function joinTexts(separator: string, ...parts: readonly (string | Operand<"text", Null>)[]): Text {
  return callFunction("joinTexts", [separator, ...parts]) as unknown as Text;
}

/**
 * A hash of several values together, in hexadecimal: equal for equal values and the same in every run. Nulls count as values of their own; floats and instants have to be made text first.
 *
 * SQL: `hash_key(values)`; `hash_key('a', 1)` is `'5e04e82f051a53cc3ad3cbb279ebaee5'`.
 */
export function hashKey(...values: readonly (AnyValue)[]): Text {
  return callFunction("hashKey", [...values]) as unknown as Text;
}

/**
 * The same hash of several values as a uuid.
 *
 * SQL: `hash_uuid(values)`; `hash_uuid('a', 1)` is `'5e04e82f-051a-53cc-3ad3-cbb279ebaee5'`.
 */
export function hashUuid(...values: readonly (AnyValue)[]): Uuid {
  return callFunction("hashUuid", [...values]) as unknown as Uuid;
}

/**
 * The number π.
 *
 * SQL: `pi()`; `pi()` is `3.141592653589793`.
 */
export function pi(): Float {
  return callFunction("pi", []) as unknown as Float;
}

/**
 * The date of a year from 1 to 9999, a month and a day; null where the calendar has none.
 *
 * SQL: `make_date(year, month, day)`; `make_date(2024, 2, 29)` is `'2024-02-29'`.
 */
export function makeDate(year: number | bigint | Operand<"int", Null>, month: number | bigint | Operand<"int", Null>, day: number | bigint | Operand<"int", Null>): Day<null> {
  return callFunction("makeDate", [year, month, day]) as unknown as Day<null>;
}

/**
 * The time of day of an hour, a minute and a second; null where the clock has none.
 *
 * SQL: `make_time(hour, minute, second)`; `make_time(23, 59, 58)` is `'23:59:58'`.
 */
export function makeTime(hour: number | bigint | Operand<"int", Null>, minute: number | bigint | Operand<"int", Null>, second: number | bigint | Operand<"int", Null>): Time<null> {
  return callFunction("makeTime", [hour, minute, second]) as unknown as Time<null>;
}

/**
 * The timestamp of a year from 1 to 9999, a month, a day, an hour, a minute and a second; null where there is none.
 *
 * SQL: `make_timestamp(year, month, day, hour, minute, second)`; `make_timestamp(2024, 2, 29, 23, 59, 58)` is `'2024-02-29 23:59:58'`.
 */
export function makeTimestamp(year: number | bigint | Operand<"int", Null>, month: number | bigint | Operand<"int", Null>, day: number | bigint | Operand<"int", Null>, hour: number | bigint | Operand<"int", Null>, minute: number | bigint | Operand<"int", Null>, second: number | bigint | Operand<"int", Null>): Timestamp<null> {
  return callFunction("makeTimestamp", [year, month, day, hour, minute, second]) as unknown as Timestamp<null>;
}

/**
 * A duration of months, days and seconds, to be added to a date or a time.
 *
 * SQL: `make_interval(months, days, seconds)`; `make_interval(1, 1, 1)` is `'1 month 1 day 00:00:01'`.
 */
export function makeInterval<A extends Null = never>(months: number | bigint | Operand<"int", A>, days: number | bigint | Operand<"int", A>, seconds: number | bigint | Operand<"int", A>): Interval<A> {
  return callFunction("makeInterval", [months, days, seconds]) as unknown as Interval<A>;
}
