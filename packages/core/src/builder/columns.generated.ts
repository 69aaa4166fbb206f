// Written by `npm run generate` from the function catalogue. Change the catalogue, not this file.

import type { AnyColumn, AnyValue, Column, family, Instant, Moment, Null, Operand, optional, PlainDate, PlainDateTime, PlainTime, Promoted, required, Row } from "./columns.ts";

/** True or false. */
export interface Bool<out N extends Null = never> extends Column<"bool", N> {
  readonly [required]: Bool;
  readonly [optional]: Bool<null>;
  /**
   * Whether both are equal; null where one of them is null.
   *
   * SQL: `value = other`; `'a' = 'b'` is `false`.
   */
  eq<A extends Null = never>(other: boolean | Operand<"bool", A>): Bool<N | A>;
  /**
   * Whether the two differ; null where one of them is null.
   *
   * SQL: `value <> other`; `'a' <> 'b'` is `true`.
   */
  ne<A extends Null = never>(other: boolean | Operand<"bool", A>): Bool<N | A>;
  /**
   * Whether it is less than the other.
   *
   * SQL: `value < other`; `1 < 2` is `true`.
   */
  lt<A extends Null = never>(other: boolean | Operand<"bool", A>): Bool<N | A>;
  /**
   * Whether it is less than the other or equal.
   *
   * SQL: `value <= other`; `2 <= 2` is `true`.
   */
  lte<A extends Null = never>(other: boolean | Operand<"bool", A>): Bool<N | A>;
  /**
   * Whether it is greater than the other.
   *
   * SQL: `value > other`; `1 > 2` is `false`.
   */
  gt<A extends Null = never>(other: boolean | Operand<"bool", A>): Bool<N | A>;
  /**
   * Whether it is greater than the other or equal.
   *
   * SQL: `value >= other`; `2 >= 2` is `true`.
   */
  gte<A extends Null = never>(other: boolean | Operand<"bool", A>): Bool<N | A>;
  /**
   * Whether the two differ, where null equals null and nothing else.
   *
   * SQL: `value is distinct from other`; `'a' is distinct from null` is `true`.
   */
  isDistinctFrom(other: boolean | Operand<"bool", Null>): Bool;
  /**
   * Whether both are equal, where null equals null and nothing else.
   *
   * SQL: `value is not distinct from other`; `1 is not distinct from 1` is `true`.
   */
  isNotDistinctFrom(other: boolean | Operand<"bool", Null>): Bool;
  /**
   * Whether it is null.
   *
   * SQL: `value is null`; `1 is null` is `false`.
   */
  isNull(): Bool;
  /**
   * Whether it has a value. To drop rows and make the column never null, use `dropNulls`.
   *
   * SQL: `value is not null`; `1 is not null` is `true`.
   */
  isNotNull(): Bool;
  /**
   * Whether it equals one of the values.
   *
   * SQL: `'b' in ('a', 'b')`; `'b' in ('a', 'b')` is `true`.
   */
  in<A extends Null = never>(values: readonly (boolean | Operand<"bool", A>)[]): Bool<N | A>;
  /**
   * Whether it equals none of the values; null where it is null.
   *
   * SQL: `'b' not in ('a', 'b')`; `'b' not in ('a', 'b')` is `false`.
   */
  notIn<A extends Null = never>(values: readonly (boolean | Operand<"bool", A>)[]): Bool<N | A>;
  /**
   * Whether it lies between the two, both included.
   *
   * SQL: `5 between 1 and 5`; `5 between 1 and 5` is `true`.
   */
  between<A extends Null = never>(low: boolean | Operand<"bool", A>, high: boolean | Operand<"bool", A>): Bool<N | A>;
  /**
   * Whether all are true: false where one is false, else null where one is null.
   *
   * SQL: `value and others`; `true and false` is `false`.
   */
  and<A extends Null = never>(...others: readonly (Operand<"bool", A>)[]): Bool<N | A>;
  /**
   * Whether one is true: true where one is true, else null where one is null.
   *
   * SQL: `value or others`; `true or false` is `true`.
   */
  or<A extends Null = never>(...others: readonly (Operand<"bool", A>)[]): Bool<N | A>;
  /**
   * The opposite; null stays null.
   *
   * SQL: `not value`; `not true` is `false`.
   */
  not(): Bool<N>;
  /**
   * The value, or the first of the others that is not null.
   *
   * SQL: `coalesce(value, others)`; `coalesce(null, 'a')` is `'a'`.
   */
  orElse<A extends Null = never>(...others: readonly (boolean | Operand<"bool", A>)[]): Bool<N & A>;
  /**
   * Null where it equals the other, else the value.
   *
   * SQL: `nullif(value, other)`; `nullif('', '')` is `null`.
   */
  nullIf(other: boolean | Operand<"bool", Null>): Bool<null>;
  /**
   * The greatest of the values, nulls left aside.
   *
   * SQL: `greatest(value, others)`; `greatest(1, 3, 2)` is `3`.
   */
  greatest<A extends Null = never>(...others: readonly (boolean | Operand<"bool", A>)[]): Bool<N & A>;
  /**
   * The least of the values, nulls left aside.
   *
   * SQL: `least(value, others)`; `least(2, 1, 3)` is `1`.
   */
  least<A extends Null = never>(...others: readonly (boolean | Operand<"bool", A>)[]): Bool<N & A>;
}

/** Text; an enumeration too. */
export interface Text<out N extends Null = never> extends Column<"text", N> {
  readonly [required]: Text;
  readonly [optional]: Text<null>;
  /**
   * Whether both are equal; null where one of them is null.
   *
   * SQL: `value = other`; `'a' = 'b'` is `false`.
   */
  eq<A extends Null = never>(other: string | Operand<"text", A>): Bool<N | A>;
  /**
   * Whether the two differ; null where one of them is null.
   *
   * SQL: `value <> other`; `'a' <> 'b'` is `true`.
   */
  ne<A extends Null = never>(other: string | Operand<"text", A>): Bool<N | A>;
  /**
   * Whether it is less than the other.
   *
   * SQL: `value < other`; `1 < 2` is `true`.
   */
  lt<A extends Null = never>(other: string | Operand<"text", A>): Bool<N | A>;
  /**
   * Whether it is less than the other or equal.
   *
   * SQL: `value <= other`; `2 <= 2` is `true`.
   */
  lte<A extends Null = never>(other: string | Operand<"text", A>): Bool<N | A>;
  /**
   * Whether it is greater than the other.
   *
   * SQL: `value > other`; `1 > 2` is `false`.
   */
  gt<A extends Null = never>(other: string | Operand<"text", A>): Bool<N | A>;
  /**
   * Whether it is greater than the other or equal.
   *
   * SQL: `value >= other`; `2 >= 2` is `true`.
   */
  gte<A extends Null = never>(other: string | Operand<"text", A>): Bool<N | A>;
  /**
   * Whether the two differ, where null equals null and nothing else.
   *
   * SQL: `value is distinct from other`; `'a' is distinct from null` is `true`.
   */
  isDistinctFrom(other: string | Operand<"text", Null>): Bool;
  /**
   * Whether both are equal, where null equals null and nothing else.
   *
   * SQL: `value is not distinct from other`; `1 is not distinct from 1` is `true`.
   */
  isNotDistinctFrom(other: string | Operand<"text", Null>): Bool;
  /**
   * Whether it is null.
   *
   * SQL: `value is null`; `1 is null` is `false`.
   */
  isNull(): Bool;
  /**
   * Whether it has a value. To drop rows and make the column never null, use `dropNulls`.
   *
   * SQL: `value is not null`; `1 is not null` is `true`.
   */
  isNotNull(): Bool;
  /**
   * Whether it equals one of the values.
   *
   * SQL: `'b' in ('a', 'b')`; `'b' in ('a', 'b')` is `true`.
   */
  in<A extends Null = never>(values: readonly (string | Operand<"text", A>)[]): Bool<N | A>;
  /**
   * Whether it equals none of the values; null where it is null.
   *
   * SQL: `'b' not in ('a', 'b')`; `'b' not in ('a', 'b')` is `false`.
   */
  notIn<A extends Null = never>(values: readonly (string | Operand<"text", A>)[]): Bool<N | A>;
  /**
   * Whether it lies between the two, both included.
   *
   * SQL: `5 between 1 and 5`; `5 between 1 and 5` is `true`.
   */
  between<A extends Null = never>(low: string | Operand<"text", A>, high: string | Operand<"text", A>): Bool<N | A>;
  /**
   * Both texts, one behind the other.
   *
   * SQL: `value || other`; `'a' || 'b'` is `'ab'`.
   */
  concat<A extends Null = never>(other: string | Operand<"text", A>): Text<N | A>;
  /**
   * In lower case. Beyond simple letters engines differ.
   *
   * SQL: `lower(value)`; `lower('ABÅ')` is `'abå'`.
   */
  lower(): Text<N>;
  /**
   * In upper case. Beyond simple letters engines differ.
   *
   * SQL: `upper(value)`; `upper('abå')` is `'ABÅ'`.
   */
  upper(): Text<N>;
  /**
   * Without blanks at both ends; tabs and newlines stay.
   *
   * SQL: `trim(value)`; `trim('  a b ')` is `'a b'`.
   */
  trim(): Text<N>;
  /**
   * Without blanks at the start.
   *
   * SQL: `ltrim(value)`; `ltrim('  a ')` is `'a '`.
   */
  ltrim(): Text<N>;
  /**
   * Without blanks at the end.
   *
   * SQL: `rtrim(value)`; `rtrim(' a  ')` is `' a'`.
   */
  rtrim(): Text<N>;
  /**
   * The number of characters.
   *
   * SQL: `length(value)`; `length('Åse')` is `3`.
   */
  length(): Int<N>;
  /**
   * From a position on, the first being 1 (a lower one counts as 1): `count` characters, or all that follow.
   *
   * SQL: `substring(value, from, count)`; `substring('hello', 2, 3)` is `'ell'`.
   */
  substring<A extends Null = never>(from: number | bigint | Operand<"int", A>, count?: number | bigint | Operand<"int", A>): Text<N | A>;
  /**
   * The first `count` characters; with a negative count all but the last ones.
   *
   * SQL: `left(value, count)`; `left('hello', 2)` is `'he'`.
   */
  left<A extends Null = never>(count: number | bigint | Operand<"int", A>): Text<N | A>;
  /**
   * The last `count` characters; with a negative count all but the first ones.
   *
   * SQL: `right(value, count)`; `right('hello', 2)` is `'lo'`.
   */
  right<A extends Null = never>(count: number | bigint | Operand<"int", A>): Text<N | A>;
  /**
   * Filled from the left up to a length; what is longer is cut at the end.
   *
   * SQL: `lpad(value, length, fill)`; `lpad('7', 3, '0')` is `'007'`.
   */
  padStart<A extends Null = never>(length: number | bigint | Operand<"int", A>, fill: string | Operand<"text", A>): Text<N | A>;
  /**
   * Filled from the right up to a length; what is longer is cut at the end.
   *
   * SQL: `rpad(value, length, fill)`; `rpad('7', 3, '.')` is `'7..'`.
   */
  padEnd<A extends Null = never>(length: number | bigint | Operand<"int", A>, fill: string | Operand<"text", A>): Text<N | A>;
  /**
   * With every occurrence of a part replaced.
   *
   * SQL: `replace(value, part, by)`; `replace('a-b-c', '-', '+')` is `'a+b+c'`.
   */
  replace<A extends Null = never>(part: string | Operand<"text", A>, by: string | Operand<"text", A>): Text<N | A>;
  /**
   * Whether it begins with the part.
   *
   * SQL: `starts_with(value, part)`; `starts_with('hello', 'he')` is `true`.
   */
  startsWith<A extends Null = never>(part: string | Operand<"text", A>): Bool<N | A>;
  /**
   * Whether it ends with the part.
   *
   * SQL: `ends_with(value, part)`; `ends_with('hello', 'he')` is `false`.
   */
  endsWith<A extends Null = never>(part: string | Operand<"text", A>): Bool<N | A>;
  /**
   * Whether the part occurs in it.
   *
   * SQL: `contains(value, part)`; `contains('hello', 'ell')` is `true`.
   */
  contains<A extends Null = never>(part: string | Operand<"text", A>): Bool<N | A>;
  /**
   * Where the part occurs first, counted from 1; 0 where it does not.
   *
   * SQL: `strpos(value, part)`; `strpos('hello', 'l')` is `3`.
   */
  position<A extends Null = never>(part: string | Operand<"text", A>): Int<N | A>;
  /**
   * The part at an index, counted from 1, or from the end where negative; empty text where there is none.
   *
   * SQL: `split_part(value, separator, index)`; `split_part('a,b,c', ',', 2)` is `'b'`.
   */
  splitPart<A extends Null = never>(separator: string | Operand<"text", A>, index: number | bigint | Operand<"int", A>): Text<N | A>;
  /**
   * The characters in reverse order; a letter and its combining marks, or a joined emoji, stay together (grapheme clusters).
   *
   * SQL: `reverse(value)`; `reverse('abc')` is `'cba'`.
   */
  reverse(): Text<N>;
  /**
   * As often as said, one behind the other.
   *
   * SQL: `repeat(value, count)`; `repeat('ab', 3)` is `'ababab'`.
   */
  repeat<A extends Null = never>(count: number | bigint | Operand<"int", A>): Text<N | A>;
  /**
   * Whether the whole text fits a pattern: `%` is any text, `_` one character, a backslash takes the next as it is.
   *
   * SQL: `'hello' like 'h%o'`; `'hello' like 'h%o'` is `true`.
   */
  like<A extends Null = never>(pattern: string | Operand<"text", A>): Bool<N | A>;
  /**
   * As `like`, upper and lower case being equal.
   *
   * SQL: `'HELLO' ilike 'h%o'`; `'HELLO' ilike 'h%o'` is `true`.
   */
  ilike<A extends Null = never>(pattern: string | Operand<"text", A>): Bool<N | A>;
  /**
   * Whether a regular expression (RE2) occurs in it; anchor with `^` and `$` for the whole text.
   *
   * SQL: `regexp_matches(value, pattern)`; `regexp_matches('hello', 'l+o$')` is `true`.
   */
  matches<A extends Null = never>(pattern: string | Operand<"text", A>): Bool<N | A>;
  /**
   * With every match of a regular expression (RE2) replaced; `\1` stands for its first group.
   *
   * SQL: `regexp_replace(value, pattern, by)`; `regexp_replace('a1b22', '[0-9]+', '#')` is `'a#b#'`.
   */
  regexpReplace<A extends Null = never>(pattern: string | Operand<"text", A>, by: string | Operand<"text", A>): Text<N | A>;
  /**
   * The first match of a regular expression (RE2), or a group of it by number; empty text where nothing matches.
   *
   * SQL: `regexp_extract(value, pattern, group)`; `regexp_extract('a1b22', '([a-z])([0-9]+)', 2)` is `'1'`.
   */
  regexpExtract<A extends Null = never>(pattern: string | Operand<"text", A>, group?: number): Text<N | A>;
  /**
   * The MD5 hash of the UTF-8 bytes, in hexadecimal: for keys, not for secrets.
   *
   * SQL: `md5(value)`; `md5('a')` is `'0cc175b9c0f1b6a831c399e269772661'`.
   */
  md5(): Text<N>;
  /**
   * The SHA-256 hash of the UTF-8 bytes, in hexadecimal.
   *
   * SQL: `sha256(value)`; `sha256('a')` is `'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'`.
   */
  sha256(): Text<N>;
  /**
   * The date that a text in a layout of strftime letters says; null where it does not fit.
   *
   * SQL: `parse_date(value, layout)`; `parse_date('31.03.2024', '%d.%m.%Y')` is `'2024-03-31'`.
   */
  parseDate(layout: string): Day<null>;
  /**
   * The timestamp that a text in a layout of strftime letters says; null where it does not fit.
   *
   * SQL: `parse_timestamp(value, layout)`; `parse_timestamp('31.03.2024 07:08', '%d.%m.%Y %H:%M')` is `'2024-03-31 07:08:00'`.
   */
  parseTimestamp(layout: string): Timestamp<null>;
  /**
   * The value, or the first of the others that is not null.
   *
   * SQL: `coalesce(value, others)`; `coalesce(null, 'a')` is `'a'`.
   */
  orElse<A extends Null = never>(...others: readonly (string | Operand<"text", A>)[]): Text<N & A>;
  /**
   * Null where it equals the other, else the value.
   *
   * SQL: `nullif(value, other)`; `nullif('', '')` is `null`.
   */
  nullIf(other: string | Operand<"text", Null>): Text<null>;
  /**
   * The greatest of the values, nulls left aside.
   *
   * SQL: `greatest(value, others)`; `greatest(1, 3, 2)` is `3`.
   */
  greatest<A extends Null = never>(...others: readonly (string | Operand<"text", A>)[]): Text<N & A>;
  /**
   * The least of the values, nulls left aside.
   *
   * SQL: `least(value, others)`; `least(2, 1, 3)` is `1`.
   */
  least<A extends Null = never>(...others: readonly (string | Operand<"text", A>)[]): Text<N & A>;
}

/** A whole number of any width. */
export interface Int<out N extends Null = never> extends Column<"int", N> {
  readonly [required]: Int;
  readonly [optional]: Int<null>;
  /**
   * Whether both are equal; null where one of them is null.
   *
   * SQL: `value = other`; `'a' = 'b'` is `false`.
   */
  eq<A extends Null = never>(other: number | bigint | Operand<"int" | "decimal" | "float", A>): Bool<N | A>;
  /**
   * Whether the two differ; null where one of them is null.
   *
   * SQL: `value <> other`; `'a' <> 'b'` is `true`.
   */
  ne<A extends Null = never>(other: number | bigint | Operand<"int" | "decimal" | "float", A>): Bool<N | A>;
  /**
   * Whether it is less than the other.
   *
   * SQL: `value < other`; `1 < 2` is `true`.
   */
  lt<A extends Null = never>(other: number | bigint | Operand<"int" | "decimal" | "float", A>): Bool<N | A>;
  /**
   * Whether it is less than the other or equal.
   *
   * SQL: `value <= other`; `2 <= 2` is `true`.
   */
  lte<A extends Null = never>(other: number | bigint | Operand<"int" | "decimal" | "float", A>): Bool<N | A>;
  /**
   * Whether it is greater than the other.
   *
   * SQL: `value > other`; `1 > 2` is `false`.
   */
  gt<A extends Null = never>(other: number | bigint | Operand<"int" | "decimal" | "float", A>): Bool<N | A>;
  /**
   * Whether it is greater than the other or equal.
   *
   * SQL: `value >= other`; `2 >= 2` is `true`.
   */
  gte<A extends Null = never>(other: number | bigint | Operand<"int" | "decimal" | "float", A>): Bool<N | A>;
  /**
   * Whether the two differ, where null equals null and nothing else.
   *
   * SQL: `value is distinct from other`; `'a' is distinct from null` is `true`.
   */
  isDistinctFrom(other: number | bigint | Operand<"int" | "decimal" | "float", Null>): Bool;
  /**
   * Whether both are equal, where null equals null and nothing else.
   *
   * SQL: `value is not distinct from other`; `1 is not distinct from 1` is `true`.
   */
  isNotDistinctFrom(other: number | bigint | Operand<"int" | "decimal" | "float", Null>): Bool;
  /**
   * Whether it is null.
   *
   * SQL: `value is null`; `1 is null` is `false`.
   */
  isNull(): Bool;
  /**
   * Whether it has a value. To drop rows and make the column never null, use `dropNulls`.
   *
   * SQL: `value is not null`; `1 is not null` is `true`.
   */
  isNotNull(): Bool;
  /**
   * Whether it equals one of the values.
   *
   * SQL: `'b' in ('a', 'b')`; `'b' in ('a', 'b')` is `true`.
   */
  in<A extends Null = never>(values: readonly (number | bigint | Operand<"int" | "decimal" | "float", A>)[]): Bool<N | A>;
  /**
   * Whether it equals none of the values; null where it is null.
   *
   * SQL: `'b' not in ('a', 'b')`; `'b' not in ('a', 'b')` is `false`.
   */
  notIn<A extends Null = never>(values: readonly (number | bigint | Operand<"int" | "decimal" | "float", A>)[]): Bool<N | A>;
  /**
   * Whether it lies between the two, both included.
   *
   * SQL: `5 between 1 and 5`; `5 between 1 and 5` is `true`.
   */
  between<A extends Null = never>(low: number | bigint | Operand<"int" | "decimal" | "float", A>, high: number | bigint | Operand<"int" | "decimal" | "float", A>): Bool<N | A>;
  /**
   * The sum. Whole numbers give int64, and more than fits is an error, never a wrong number.
   *
   * SQL: `value + other`; `1 + 2` is `3`.
   */
  plus<F extends "int" | "decimal" | "float" = "int", A extends Null = never>(other: number | bigint | Operand<F, A>): Promoted<"int", F, N | A>;
  /**
   * The difference.
   *
   * SQL: `value - other`; `1 - 2` is `-1`.
   */
  minus<F extends "int" | "decimal" | "float" = "int", A extends Null = never>(other: number | bigint | Operand<F, A>): Promoted<"int", F, N | A>;
  /**
   * The product. Decimals keep all places: decimal(p,s) times decimal(q,t) is decimal(p+q,s+t).
   *
   * SQL: `value * other`; `3 * 4` is `12`.
   */
  times<F extends "int" | "decimal" | "float" = "int", A extends Null = never>(other: number | bigint | Operand<F, A>): Promoted<"int", F, N | A>;
  /**
   * The quotient as a float, whatever is divided; null where the other is 0.
   *
   * SQL: `value / other`; `7 / 2` is `3.5`.
   */
  div(other: number | bigint | Operand<"int" | "decimal" | "float", Null>): Float<null>;
  /**
   * The rest of a division, with the sign of the first; null where the other is 0.
   *
   * SQL: `value % other`; `-7 % 3` is `-1`.
   */
  mod<F extends "int" | "decimal" | "float" = "int">(other: number | bigint | Operand<F, Null>): Promoted<"int", F, null>;
  /**
   * The number with the other sign.
   *
   * SQL: `-value`; `-(3)` is `-3`.
   */
  negate(): Int<N>;
  /**
   * The number without its sign.
   *
   * SQL: `abs(value)`; `abs(-3)` is `3`.
   */
  abs(): Int<N>;
  /**
   * Rounded to `digits` places (0 where absent), halves away from zero.
   *
   * SQL: `round(value)`; `round(2.345, 1)` is `2.3`.
   */
  round(): Int<N>;
  /**
   * The greatest whole number that is not above it.
   *
   * SQL: `floor(value)`; `floor(-1.5)` is `-2`.
   */
  floor(): Int<N>;
  /**
   * The least whole number that is not below it.
   *
   * SQL: `ceil(value)`; `ceil(-1.5)` is `-1`.
   */
  ceil(): Int<N>;
  /**
   * The square root; null for a negative number.
   *
   * SQL: `sqrt(value)`; `sqrt(9)` is `3`.
   */
  sqrt(): Float<null>;
  /**
   * Raised to a power.
   *
   * SQL: `power(value, exponent)`; `power(2, 10)` is `1024`.
   */
  power<A extends Null = never>(exponent: number | bigint | Operand<"int" | "decimal" | "float", A>): Float<N | A>;
  /**
   * The natural logarithm; null for 0 and below.
   *
   * SQL: `ln(value)`; `ln(1)` is `0`.
   */
  ln(): Float<null>;
  /**
   * e raised to it.
   *
   * SQL: `exp(value)`; `exp(0)` is `1`.
   */
  exp(): Float<N>;
  /**
   * -1, 0 or 1.
   *
   * SQL: `sign(value)`; `sign(-2.5)` is `-1`.
   */
  sign(): Int<N>;
  /**
   * The whole part of a quotient, cut towards zero; null where the other is 0.
   *
   * SQL: `intdiv(value, other)`; `intdiv(-7, 2)` is `-3`.
   */
  intdiv(other: number | bigint | Operand<"int", Null>): Int<null>;
  /**
   * The value, or the first of the others that is not null.
   *
   * SQL: `coalesce(value, others)`; `coalesce(null, 'a')` is `'a'`.
   */
  orElse<F extends "int" | "decimal" | "float" = "int", A extends Null = never>(...others: readonly (number | bigint | Operand<F, A>)[]): Promoted<"int", F, N & A>;
  /**
   * Null where it equals the other, else the value.
   *
   * SQL: `nullif(value, other)`; `nullif('', '')` is `null`.
   */
  nullIf(other: number | bigint | Operand<"int" | "decimal" | "float", Null>): Int<null>;
  /**
   * The greatest of the values, nulls left aside.
   *
   * SQL: `greatest(value, others)`; `greatest(1, 3, 2)` is `3`.
   */
  greatest<F extends "int" | "decimal" | "float" = "int", A extends Null = never>(...others: readonly (number | bigint | Operand<F, A>)[]): Promoted<"int", F, N & A>;
  /**
   * The least of the values, nulls left aside.
   *
   * SQL: `least(value, others)`; `least(2, 1, 3)` is `1`.
   */
  least<F extends "int" | "decimal" | "float" = "int", A extends Null = never>(...others: readonly (number | bigint | Operand<F, A>)[]): Promoted<"int", F, N & A>;
}

/** A number with fixed places. */
export interface Decimal<out N extends Null = never> extends Column<"decimal", N> {
  readonly [required]: Decimal;
  readonly [optional]: Decimal<null>;
  /**
   * Whether both are equal; null where one of them is null.
   *
   * SQL: `value = other`; `'a' = 'b'` is `false`.
   */
  eq<A extends Null = never>(other: number | bigint | `${number}` | Operand<"int" | "decimal" | "float", A>): Bool<N | A>;
  /**
   * Whether the two differ; null where one of them is null.
   *
   * SQL: `value <> other`; `'a' <> 'b'` is `true`.
   */
  ne<A extends Null = never>(other: number | bigint | `${number}` | Operand<"int" | "decimal" | "float", A>): Bool<N | A>;
  /**
   * Whether it is less than the other.
   *
   * SQL: `value < other`; `1 < 2` is `true`.
   */
  lt<A extends Null = never>(other: number | bigint | `${number}` | Operand<"int" | "decimal" | "float", A>): Bool<N | A>;
  /**
   * Whether it is less than the other or equal.
   *
   * SQL: `value <= other`; `2 <= 2` is `true`.
   */
  lte<A extends Null = never>(other: number | bigint | `${number}` | Operand<"int" | "decimal" | "float", A>): Bool<N | A>;
  /**
   * Whether it is greater than the other.
   *
   * SQL: `value > other`; `1 > 2` is `false`.
   */
  gt<A extends Null = never>(other: number | bigint | `${number}` | Operand<"int" | "decimal" | "float", A>): Bool<N | A>;
  /**
   * Whether it is greater than the other or equal.
   *
   * SQL: `value >= other`; `2 >= 2` is `true`.
   */
  gte<A extends Null = never>(other: number | bigint | `${number}` | Operand<"int" | "decimal" | "float", A>): Bool<N | A>;
  /**
   * Whether the two differ, where null equals null and nothing else.
   *
   * SQL: `value is distinct from other`; `'a' is distinct from null` is `true`.
   */
  isDistinctFrom(other: number | bigint | `${number}` | Operand<"int" | "decimal" | "float", Null>): Bool;
  /**
   * Whether both are equal, where null equals null and nothing else.
   *
   * SQL: `value is not distinct from other`; `1 is not distinct from 1` is `true`.
   */
  isNotDistinctFrom(other: number | bigint | `${number}` | Operand<"int" | "decimal" | "float", Null>): Bool;
  /**
   * Whether it is null.
   *
   * SQL: `value is null`; `1 is null` is `false`.
   */
  isNull(): Bool;
  /**
   * Whether it has a value. To drop rows and make the column never null, use `dropNulls`.
   *
   * SQL: `value is not null`; `1 is not null` is `true`.
   */
  isNotNull(): Bool;
  /**
   * Whether it equals one of the values.
   *
   * SQL: `'b' in ('a', 'b')`; `'b' in ('a', 'b')` is `true`.
   */
  in<A extends Null = never>(values: readonly (number | bigint | `${number}` | Operand<"int" | "decimal" | "float", A>)[]): Bool<N | A>;
  /**
   * Whether it equals none of the values; null where it is null.
   *
   * SQL: `'b' not in ('a', 'b')`; `'b' not in ('a', 'b')` is `false`.
   */
  notIn<A extends Null = never>(values: readonly (number | bigint | `${number}` | Operand<"int" | "decimal" | "float", A>)[]): Bool<N | A>;
  /**
   * Whether it lies between the two, both included.
   *
   * SQL: `5 between 1 and 5`; `5 between 1 and 5` is `true`.
   */
  between<A extends Null = never>(low: number | bigint | `${number}` | Operand<"int" | "decimal" | "float", A>, high: number | bigint | `${number}` | Operand<"int" | "decimal" | "float", A>): Bool<N | A>;
  /**
   * The sum. Whole numbers give int64, and more than fits is an error, never a wrong number.
   *
   * SQL: `value + other`; `1 + 2` is `3`.
   */
  plus<F extends "int" | "decimal" | "float" = "decimal", A extends Null = never>(other: number | bigint | `${number}` | Operand<F, A>): Promoted<"decimal", F, N | A>;
  /**
   * The difference.
   *
   * SQL: `value - other`; `1 - 2` is `-1`.
   */
  minus<F extends "int" | "decimal" | "float" = "decimal", A extends Null = never>(other: number | bigint | `${number}` | Operand<F, A>): Promoted<"decimal", F, N | A>;
  /**
   * The product. Decimals keep all places: decimal(p,s) times decimal(q,t) is decimal(p+q,s+t).
   *
   * SQL: `value * other`; `3 * 4` is `12`.
   */
  times<F extends "int" | "decimal" | "float" = "decimal", A extends Null = never>(other: number | bigint | `${number}` | Operand<F, A>): Promoted<"decimal", F, N | A>;
  /**
   * The quotient as a float, whatever is divided; null where the other is 0.
   *
   * SQL: `value / other`; `7 / 2` is `3.5`.
   */
  div(other: number | bigint | Operand<"int" | "decimal" | "float", Null>): Float<null>;
  /**
   * The rest of a division, with the sign of the first; null where the other is 0.
   *
   * SQL: `value % other`; `-7 % 3` is `-1`.
   */
  mod<F extends "int" | "decimal" | "float" = "decimal">(other: number | bigint | `${number}` | Operand<F, Null>): Promoted<"decimal", F, null>;
  /**
   * The number with the other sign.
   *
   * SQL: `-value`; `-(3)` is `-3`.
   */
  negate(): Decimal<N>;
  /**
   * The number without its sign.
   *
   * SQL: `abs(value)`; `abs(-3)` is `3`.
   */
  abs(): Decimal<N>;
  /**
   * Rounded to `digits` places (0 where absent), halves away from zero.
   *
   * SQL: `round(value, digits)`; `round(2.345, 1)` is `2.3`.
   */
  round(digits?: number): Decimal<N>;
  /**
   * The greatest whole number that is not above it.
   *
   * SQL: `floor(value)`; `floor(-1.5)` is `-2`.
   */
  floor(): Decimal<N>;
  /**
   * The least whole number that is not below it.
   *
   * SQL: `ceil(value)`; `ceil(-1.5)` is `-1`.
   */
  ceil(): Decimal<N>;
  /**
   * The square root; null for a negative number.
   *
   * SQL: `sqrt(value)`; `sqrt(9)` is `3`.
   */
  sqrt(): Float<null>;
  /**
   * Raised to a power.
   *
   * SQL: `power(value, exponent)`; `power(2, 10)` is `1024`.
   */
  power<A extends Null = never>(exponent: number | bigint | Operand<"int" | "decimal" | "float", A>): Float<N | A>;
  /**
   * The natural logarithm; null for 0 and below.
   *
   * SQL: `ln(value)`; `ln(1)` is `0`.
   */
  ln(): Float<null>;
  /**
   * e raised to it.
   *
   * SQL: `exp(value)`; `exp(0)` is `1`.
   */
  exp(): Float<N>;
  /**
   * -1, 0 or 1.
   *
   * SQL: `sign(value)`; `sign(-2.5)` is `-1`.
   */
  sign(): Int<N>;
  /**
   * The value, or the first of the others that is not null.
   *
   * SQL: `coalesce(value, others)`; `coalesce(null, 'a')` is `'a'`.
   */
  orElse<F extends "int" | "decimal" | "float" = "decimal", A extends Null = never>(...others: readonly (number | bigint | `${number}` | Operand<F, A>)[]): Promoted<"decimal", F, N & A>;
  /**
   * Null where it equals the other, else the value.
   *
   * SQL: `nullif(value, other)`; `nullif('', '')` is `null`.
   */
  nullIf(other: number | bigint | `${number}` | Operand<"int" | "decimal" | "float", Null>): Decimal<null>;
  /**
   * The greatest of the values, nulls left aside.
   *
   * SQL: `greatest(value, others)`; `greatest(1, 3, 2)` is `3`.
   */
  greatest<F extends "int" | "decimal" | "float" = "decimal", A extends Null = never>(...others: readonly (number | bigint | `${number}` | Operand<F, A>)[]): Promoted<"decimal", F, N & A>;
  /**
   * The least of the values, nulls left aside.
   *
   * SQL: `least(value, others)`; `least(2, 1, 3)` is `1`.
   */
  least<F extends "int" | "decimal" | "float" = "decimal", A extends Null = never>(...others: readonly (number | bigint | `${number}` | Operand<F, A>)[]): Promoted<"decimal", F, N & A>;
}

/** A floating-point number. */
export interface Float<out N extends Null = never> extends Column<"float", N> {
  readonly [required]: Float;
  readonly [optional]: Float<null>;
  /**
   * Whether both are equal; null where one of them is null.
   *
   * SQL: `value = other`; `'a' = 'b'` is `false`.
   */
  eq<A extends Null = never>(other: number | Operand<"int" | "decimal" | "float", A>): Bool<N | A>;
  /**
   * Whether the two differ; null where one of them is null.
   *
   * SQL: `value <> other`; `'a' <> 'b'` is `true`.
   */
  ne<A extends Null = never>(other: number | Operand<"int" | "decimal" | "float", A>): Bool<N | A>;
  /**
   * Whether it is less than the other.
   *
   * SQL: `value < other`; `1 < 2` is `true`.
   */
  lt<A extends Null = never>(other: number | Operand<"int" | "decimal" | "float", A>): Bool<N | A>;
  /**
   * Whether it is less than the other or equal.
   *
   * SQL: `value <= other`; `2 <= 2` is `true`.
   */
  lte<A extends Null = never>(other: number | Operand<"int" | "decimal" | "float", A>): Bool<N | A>;
  /**
   * Whether it is greater than the other.
   *
   * SQL: `value > other`; `1 > 2` is `false`.
   */
  gt<A extends Null = never>(other: number | Operand<"int" | "decimal" | "float", A>): Bool<N | A>;
  /**
   * Whether it is greater than the other or equal.
   *
   * SQL: `value >= other`; `2 >= 2` is `true`.
   */
  gte<A extends Null = never>(other: number | Operand<"int" | "decimal" | "float", A>): Bool<N | A>;
  /**
   * Whether the two differ, where null equals null and nothing else.
   *
   * SQL: `value is distinct from other`; `'a' is distinct from null` is `true`.
   */
  isDistinctFrom(other: number | Operand<"int" | "decimal" | "float", Null>): Bool;
  /**
   * Whether both are equal, where null equals null and nothing else.
   *
   * SQL: `value is not distinct from other`; `1 is not distinct from 1` is `true`.
   */
  isNotDistinctFrom(other: number | Operand<"int" | "decimal" | "float", Null>): Bool;
  /**
   * Whether it is null.
   *
   * SQL: `value is null`; `1 is null` is `false`.
   */
  isNull(): Bool;
  /**
   * Whether it has a value. To drop rows and make the column never null, use `dropNulls`.
   *
   * SQL: `value is not null`; `1 is not null` is `true`.
   */
  isNotNull(): Bool;
  /**
   * Whether it equals one of the values.
   *
   * SQL: `'b' in ('a', 'b')`; `'b' in ('a', 'b')` is `true`.
   */
  in<A extends Null = never>(values: readonly (number | Operand<"int" | "decimal" | "float", A>)[]): Bool<N | A>;
  /**
   * Whether it equals none of the values; null where it is null.
   *
   * SQL: `'b' not in ('a', 'b')`; `'b' not in ('a', 'b')` is `false`.
   */
  notIn<A extends Null = never>(values: readonly (number | Operand<"int" | "decimal" | "float", A>)[]): Bool<N | A>;
  /**
   * Whether it lies between the two, both included.
   *
   * SQL: `5 between 1 and 5`; `5 between 1 and 5` is `true`.
   */
  between<A extends Null = never>(low: number | Operand<"int" | "decimal" | "float", A>, high: number | Operand<"int" | "decimal" | "float", A>): Bool<N | A>;
  /**
   * The sum. Whole numbers give int64, and more than fits is an error, never a wrong number.
   *
   * SQL: `value + other`; `1 + 2` is `3`.
   */
  plus<F extends "int" | "decimal" | "float" = "float", A extends Null = never>(other: number | Operand<F, A>): Promoted<"float", F, N | A>;
  /**
   * The difference.
   *
   * SQL: `value - other`; `1 - 2` is `-1`.
   */
  minus<F extends "int" | "decimal" | "float" = "float", A extends Null = never>(other: number | Operand<F, A>): Promoted<"float", F, N | A>;
  /**
   * The product. Decimals keep all places: decimal(p,s) times decimal(q,t) is decimal(p+q,s+t).
   *
   * SQL: `value * other`; `3 * 4` is `12`.
   */
  times<F extends "int" | "decimal" | "float" = "float", A extends Null = never>(other: number | Operand<F, A>): Promoted<"float", F, N | A>;
  /**
   * The quotient as a float, whatever is divided; null where the other is 0.
   *
   * SQL: `value / other`; `7 / 2` is `3.5`.
   */
  div(other: number | bigint | Operand<"int" | "decimal" | "float", Null>): Float<null>;
  /**
   * The rest of a division, with the sign of the first; null where the other is 0.
   *
   * SQL: `value % other`; `-7 % 3` is `-1`.
   */
  mod<F extends "int" | "decimal" | "float" = "float">(other: number | Operand<F, Null>): Promoted<"float", F, null>;
  /**
   * The number with the other sign.
   *
   * SQL: `-value`; `-(3)` is `-3`.
   */
  negate(): Float<N>;
  /**
   * The number without its sign.
   *
   * SQL: `abs(value)`; `abs(-3)` is `3`.
   */
  abs(): Float<N>;
  /**
   * Rounded to `digits` places (0 where absent), halves away from zero.
   *
   * SQL: `round(value, digits)`; `round(2.345, 1)` is `2.3`.
   */
  round(digits?: number): Float<N>;
  /**
   * The greatest whole number that is not above it.
   *
   * SQL: `floor(value)`; `floor(-1.5)` is `-2`.
   */
  floor(): Float<N>;
  /**
   * The least whole number that is not below it.
   *
   * SQL: `ceil(value)`; `ceil(-1.5)` is `-1`.
   */
  ceil(): Float<N>;
  /**
   * The square root; null for a negative number.
   *
   * SQL: `sqrt(value)`; `sqrt(9)` is `3`.
   */
  sqrt(): Float<null>;
  /**
   * Raised to a power.
   *
   * SQL: `power(value, exponent)`; `power(2, 10)` is `1024`.
   */
  power<A extends Null = never>(exponent: number | bigint | Operand<"int" | "decimal" | "float", A>): Float<N | A>;
  /**
   * The natural logarithm; null for 0 and below.
   *
   * SQL: `ln(value)`; `ln(1)` is `0`.
   */
  ln(): Float<null>;
  /**
   * e raised to it.
   *
   * SQL: `exp(value)`; `exp(0)` is `1`.
   */
  exp(): Float<N>;
  /**
   * -1, 0 or 1.
   *
   * SQL: `sign(value)`; `sign(-2.5)` is `-1`.
   */
  sign(): Int<N>;
  /**
   * The value, or the first of the others that is not null.
   *
   * SQL: `coalesce(value, others)`; `coalesce(null, 'a')` is `'a'`.
   */
  orElse<F extends "int" | "decimal" | "float" = "float", A extends Null = never>(...others: readonly (number | Operand<F, A>)[]): Promoted<"float", F, N & A>;
  /**
   * Null where it equals the other, else the value.
   *
   * SQL: `nullif(value, other)`; `nullif('', '')` is `null`.
   */
  nullIf(other: number | Operand<"int" | "decimal" | "float", Null>): Float<null>;
  /**
   * The greatest of the values, nulls left aside.
   *
   * SQL: `greatest(value, others)`; `greatest(1, 3, 2)` is `3`.
   */
  greatest<F extends "int" | "decimal" | "float" = "float", A extends Null = never>(...others: readonly (number | Operand<F, A>)[]): Promoted<"float", F, N & A>;
  /**
   * The least of the values, nulls left aside.
   *
   * SQL: `least(value, others)`; `least(2, 1, 3)` is `1`.
   */
  least<F extends "int" | "decimal" | "float" = "float", A extends Null = never>(...others: readonly (number | Operand<F, A>)[]): Promoted<"float", F, N & A>;
}

/** A day of the calendar: the type `date`. */
export interface Day<out N extends Null = never> extends Column<"date", N> {
  readonly [required]: Day;
  readonly [optional]: Day<null>;
  /**
   * Whether both are equal; null where one of them is null.
   *
   * SQL: `value = other`; `'a' = 'b'` is `false`.
   */
  eq<A extends Null = never>(other: `${number}-${number}-${number}` | PlainDate | Operand<"date", A>): Bool<N | A>;
  /**
   * Whether the two differ; null where one of them is null.
   *
   * SQL: `value <> other`; `'a' <> 'b'` is `true`.
   */
  ne<A extends Null = never>(other: `${number}-${number}-${number}` | PlainDate | Operand<"date", A>): Bool<N | A>;
  /**
   * Whether it is less than the other.
   *
   * SQL: `value < other`; `1 < 2` is `true`.
   */
  lt<A extends Null = never>(other: `${number}-${number}-${number}` | PlainDate | Operand<"date", A>): Bool<N | A>;
  /**
   * Whether it is less than the other or equal.
   *
   * SQL: `value <= other`; `2 <= 2` is `true`.
   */
  lte<A extends Null = never>(other: `${number}-${number}-${number}` | PlainDate | Operand<"date", A>): Bool<N | A>;
  /**
   * Whether it is greater than the other.
   *
   * SQL: `value > other`; `1 > 2` is `false`.
   */
  gt<A extends Null = never>(other: `${number}-${number}-${number}` | PlainDate | Operand<"date", A>): Bool<N | A>;
  /**
   * Whether it is greater than the other or equal.
   *
   * SQL: `value >= other`; `2 >= 2` is `true`.
   */
  gte<A extends Null = never>(other: `${number}-${number}-${number}` | PlainDate | Operand<"date", A>): Bool<N | A>;
  /**
   * Whether the two differ, where null equals null and nothing else.
   *
   * SQL: `value is distinct from other`; `'a' is distinct from null` is `true`.
   */
  isDistinctFrom(other: `${number}-${number}-${number}` | PlainDate | Operand<"date", Null>): Bool;
  /**
   * Whether both are equal, where null equals null and nothing else.
   *
   * SQL: `value is not distinct from other`; `1 is not distinct from 1` is `true`.
   */
  isNotDistinctFrom(other: `${number}-${number}-${number}` | PlainDate | Operand<"date", Null>): Bool;
  /**
   * Whether it is null.
   *
   * SQL: `value is null`; `1 is null` is `false`.
   */
  isNull(): Bool;
  /**
   * Whether it has a value. To drop rows and make the column never null, use `dropNulls`.
   *
   * SQL: `value is not null`; `1 is not null` is `true`.
   */
  isNotNull(): Bool;
  /**
   * Whether it equals one of the values.
   *
   * SQL: `'b' in ('a', 'b')`; `'b' in ('a', 'b')` is `true`.
   */
  in<A extends Null = never>(values: readonly (`${number}-${number}-${number}` | PlainDate | Operand<"date", A>)[]): Bool<N | A>;
  /**
   * Whether it equals none of the values; null where it is null.
   *
   * SQL: `'b' not in ('a', 'b')`; `'b' not in ('a', 'b')` is `false`.
   */
  notIn<A extends Null = never>(values: readonly (`${number}-${number}-${number}` | PlainDate | Operand<"date", A>)[]): Bool<N | A>;
  /**
   * Whether it lies between the two, both included.
   *
   * SQL: `5 between 1 and 5`; `5 between 1 and 5` is `true`.
   */
  between<A extends Null = never>(low: `${number}-${number}-${number}` | PlainDate | Operand<"date", A>, high: `${number}-${number}-${number}` | PlainDate | Operand<"date", A>): Bool<N | A>;
  /**
   * The sum. Whole numbers give int64, and more than fits is an error, never a wrong number.
   *
   * SQL: `value + other`; `1 + 2` is `3`.
   */
  plus<A extends Null = never>(other: `P${string}` | Operand<"interval", A>): Timestamp<N | A>;
  /**
   * The difference.
   *
   * SQL: `value - other`; `1 - 2` is `-1`.
   */
  minus<A extends Null = never>(other: `P${string}` | Operand<"interval", A>): Timestamp<N | A>;
  /**
   * The year.
   *
   * SQL: `year(value)`; `year(date '2024-03-31')` is `2024`.
   */
  year(): Int<N>;
  /**
   * The quarter, 1 to 4.
   *
   * SQL: `quarter(value)`; `quarter(date '2024-03-31')` is `1`.
   */
  quarter(): Int<N>;
  /**
   * The month, 1 to 12.
   *
   * SQL: `month(value)`; `month(date '2024-03-31')` is `3`.
   */
  month(): Int<N>;
  /**
   * The ISO week, 1 to 53; it starts on Monday.
   *
   * SQL: `week(value)`; `week(date '2024-03-31')` is `13`.
   */
  week(): Int<N>;
  /**
   * The day of the month, 1 to 31.
   *
   * SQL: `day(value)`; `day(date '2024-03-31')` is `31`.
   */
  day(): Int<N>;
  /**
   * The ISO day of the week: Monday is 1, Sunday 7.
   *
   * SQL: `isodow(value)`; `isodow(date '2024-03-31')` is `7`.
   */
  dayOfWeek(): Int<N>;
  /**
   * The day of the year, 1 to 366.
   *
   * SQL: `dayofyear(value)`; `dayofyear(date '2024-03-01')` is `61`.
   */
  dayOfYear(): Int<N>;
  /**
   * Whole seconds since 1970-01-01; a value without a zone is taken as UTC.
   *
   * SQL: `epoch_seconds(value)`; `epoch_seconds(timestamp '1970-01-02 00:00:01')` is `86401`.
   */
  epochSeconds(): Int<N>;
  /**
   * The start of its year, quarter, month, week (Monday), day, hour, minute or second.
   *
   * SQL: `date_trunc(unit, value)`; `date_trunc('month', date '2024-03-31')` is `'2024-03-01'`.
   */
  truncate(unit: "year" | "quarter" | "month" | "week" | "day"): Day<N>;
  /**
   * How many starts of a unit lie between it and `until`, a week starting on Monday; negative where `until` is earlier.
   *
   * SQL: `date_diff(unit, value, until)`; `date_diff('day', date '2024-02-28', date '2024-03-01')` is `2`.
   */
  dateDiff<A extends Null = never>(unit: "year" | "quarter" | "month" | "week" | "day", until: `${number}-${number}-${number}` | PlainDate | Operand<"date", A>): Int<N | A>;
  /**
   * So many days later, or earlier where the count is negative.
   *
   * SQL: `add_days(value, count)`; `add_days(date '2024-02-28', 2)` is `'2024-03-01'`.
   */
  addDays<A extends Null = never>(count: number | bigint | Operand<"int", A>): Day<N | A>;
  /**
   * So many months (the last day where the month is shorter) later, or earlier where the count is negative.
   *
   * SQL: `add_months(value, count)`; `add_months(date '2024-01-31', 1)` is `'2024-02-29'`.
   */
  addMonths<A extends Null = never>(count: number | bigint | Operand<"int", A>): Day<N | A>;
  /**
   * The last day of its month.
   *
   * SQL: `last_day(value)`; `last_day(date '2024-02-10')` is `'2024-02-29'`.
   */
  lastDay(): Day<N>;
  /**
   * As text in a layout of strftime letters (`%Y-%m-%d %H:%M:%S`).
   *
   * SQL: `strftime(value, layout)`; `strftime(date '2024-03-31', '%d.%m.%Y')` is `'31.03.2024'`.
   */
  formatTime(layout: string): Text<N>;
  /**
   * The value, or the first of the others that is not null.
   *
   * SQL: `coalesce(value, others)`; `coalesce(null, 'a')` is `'a'`.
   */
  orElse<A extends Null = never>(...others: readonly (`${number}-${number}-${number}` | PlainDate | Operand<"date", A>)[]): Day<N & A>;
  /**
   * Null where it equals the other, else the value.
   *
   * SQL: `nullif(value, other)`; `nullif('', '')` is `null`.
   */
  nullIf(other: `${number}-${number}-${number}` | PlainDate | Operand<"date", Null>): Day<null>;
  /**
   * The greatest of the values, nulls left aside.
   *
   * SQL: `greatest(value, others)`; `greatest(1, 3, 2)` is `3`.
   */
  greatest<A extends Null = never>(...others: readonly (`${number}-${number}-${number}` | PlainDate | Operand<"date", A>)[]): Day<N & A>;
  /**
   * The least of the values, nulls left aside.
   *
   * SQL: `least(value, others)`; `least(2, 1, 3)` is `1`.
   */
  least<A extends Null = never>(...others: readonly (`${number}-${number}-${number}` | PlainDate | Operand<"date", A>)[]): Day<N & A>;
}

/** A time of day. */
export interface Time<out N extends Null = never> extends Column<"time", N> {
  readonly [required]: Time;
  readonly [optional]: Time<null>;
  /**
   * Whether both are equal; null where one of them is null.
   *
   * SQL: `value = other`; `'a' = 'b'` is `false`.
   */
  eq<A extends Null = never>(other: `${number}:${string}` | PlainTime | Operand<"time", A>): Bool<N | A>;
  /**
   * Whether the two differ; null where one of them is null.
   *
   * SQL: `value <> other`; `'a' <> 'b'` is `true`.
   */
  ne<A extends Null = never>(other: `${number}:${string}` | PlainTime | Operand<"time", A>): Bool<N | A>;
  /**
   * Whether it is less than the other.
   *
   * SQL: `value < other`; `1 < 2` is `true`.
   */
  lt<A extends Null = never>(other: `${number}:${string}` | PlainTime | Operand<"time", A>): Bool<N | A>;
  /**
   * Whether it is less than the other or equal.
   *
   * SQL: `value <= other`; `2 <= 2` is `true`.
   */
  lte<A extends Null = never>(other: `${number}:${string}` | PlainTime | Operand<"time", A>): Bool<N | A>;
  /**
   * Whether it is greater than the other.
   *
   * SQL: `value > other`; `1 > 2` is `false`.
   */
  gt<A extends Null = never>(other: `${number}:${string}` | PlainTime | Operand<"time", A>): Bool<N | A>;
  /**
   * Whether it is greater than the other or equal.
   *
   * SQL: `value >= other`; `2 >= 2` is `true`.
   */
  gte<A extends Null = never>(other: `${number}:${string}` | PlainTime | Operand<"time", A>): Bool<N | A>;
  /**
   * Whether the two differ, where null equals null and nothing else.
   *
   * SQL: `value is distinct from other`; `'a' is distinct from null` is `true`.
   */
  isDistinctFrom(other: `${number}:${string}` | PlainTime | Operand<"time", Null>): Bool;
  /**
   * Whether both are equal, where null equals null and nothing else.
   *
   * SQL: `value is not distinct from other`; `1 is not distinct from 1` is `true`.
   */
  isNotDistinctFrom(other: `${number}:${string}` | PlainTime | Operand<"time", Null>): Bool;
  /**
   * Whether it is null.
   *
   * SQL: `value is null`; `1 is null` is `false`.
   */
  isNull(): Bool;
  /**
   * Whether it has a value. To drop rows and make the column never null, use `dropNulls`.
   *
   * SQL: `value is not null`; `1 is not null` is `true`.
   */
  isNotNull(): Bool;
  /**
   * Whether it equals one of the values.
   *
   * SQL: `'b' in ('a', 'b')`; `'b' in ('a', 'b')` is `true`.
   */
  in<A extends Null = never>(values: readonly (`${number}:${string}` | PlainTime | Operand<"time", A>)[]): Bool<N | A>;
  /**
   * Whether it equals none of the values; null where it is null.
   *
   * SQL: `'b' not in ('a', 'b')`; `'b' not in ('a', 'b')` is `false`.
   */
  notIn<A extends Null = never>(values: readonly (`${number}:${string}` | PlainTime | Operand<"time", A>)[]): Bool<N | A>;
  /**
   * Whether it lies between the two, both included.
   *
   * SQL: `5 between 1 and 5`; `5 between 1 and 5` is `true`.
   */
  between<A extends Null = never>(low: `${number}:${string}` | PlainTime | Operand<"time", A>, high: `${number}:${string}` | PlainTime | Operand<"time", A>): Bool<N | A>;
  /**
   * The hour, 0 to 23.
   *
   * SQL: `hour(value)`; `hour(timestamp '2024-03-31 23:59:58')` is `23`.
   */
  hour(): Int<N>;
  /**
   * The minute, 0 to 59.
   *
   * SQL: `minute(value)`; `minute(timestamp '2024-03-31 23:59:58')` is `59`.
   */
  minute(): Int<N>;
  /**
   * The whole second, 0 to 59.
   *
   * SQL: `second(value)`; `second(timestamp '2024-03-31 23:59:58.9')` is `58`.
   */
  second(): Int<N>;
  /**
   * The value, or the first of the others that is not null.
   *
   * SQL: `coalesce(value, others)`; `coalesce(null, 'a')` is `'a'`.
   */
  orElse<A extends Null = never>(...others: readonly (`${number}:${string}` | PlainTime | Operand<"time", A>)[]): Time<N & A>;
  /**
   * Null where it equals the other, else the value.
   *
   * SQL: `nullif(value, other)`; `nullif('', '')` is `null`.
   */
  nullIf(other: `${number}:${string}` | PlainTime | Operand<"time", Null>): Time<null>;
  /**
   * The greatest of the values, nulls left aside.
   *
   * SQL: `greatest(value, others)`; `greatest(1, 3, 2)` is `3`.
   */
  greatest<A extends Null = never>(...others: readonly (`${number}:${string}` | PlainTime | Operand<"time", A>)[]): Time<N & A>;
  /**
   * The least of the values, nulls left aside.
   *
   * SQL: `least(value, others)`; `least(2, 1, 3)` is `1`.
   */
  least<A extends Null = never>(...others: readonly (`${number}:${string}` | PlainTime | Operand<"time", A>)[]): Time<N & A>;
}

/** A day and a time of day, without a zone. */
export interface Timestamp<out N extends Null = never> extends Column<"timestamp", N> {
  readonly [required]: Timestamp;
  readonly [optional]: Timestamp<null>;
  /**
   * Whether both are equal; null where one of them is null.
   *
   * SQL: `value = other`; `'a' = 'b'` is `false`.
   */
  eq<A extends Null = never>(other: `${number}-${number}-${string}` | PlainDateTime | Operand<"timestamp", A>): Bool<N | A>;
  /**
   * Whether the two differ; null where one of them is null.
   *
   * SQL: `value <> other`; `'a' <> 'b'` is `true`.
   */
  ne<A extends Null = never>(other: `${number}-${number}-${string}` | PlainDateTime | Operand<"timestamp", A>): Bool<N | A>;
  /**
   * Whether it is less than the other.
   *
   * SQL: `value < other`; `1 < 2` is `true`.
   */
  lt<A extends Null = never>(other: `${number}-${number}-${string}` | PlainDateTime | Operand<"timestamp", A>): Bool<N | A>;
  /**
   * Whether it is less than the other or equal.
   *
   * SQL: `value <= other`; `2 <= 2` is `true`.
   */
  lte<A extends Null = never>(other: `${number}-${number}-${string}` | PlainDateTime | Operand<"timestamp", A>): Bool<N | A>;
  /**
   * Whether it is greater than the other.
   *
   * SQL: `value > other`; `1 > 2` is `false`.
   */
  gt<A extends Null = never>(other: `${number}-${number}-${string}` | PlainDateTime | Operand<"timestamp", A>): Bool<N | A>;
  /**
   * Whether it is greater than the other or equal.
   *
   * SQL: `value >= other`; `2 >= 2` is `true`.
   */
  gte<A extends Null = never>(other: `${number}-${number}-${string}` | PlainDateTime | Operand<"timestamp", A>): Bool<N | A>;
  /**
   * Whether the two differ, where null equals null and nothing else.
   *
   * SQL: `value is distinct from other`; `'a' is distinct from null` is `true`.
   */
  isDistinctFrom(other: `${number}-${number}-${string}` | PlainDateTime | Operand<"timestamp", Null>): Bool;
  /**
   * Whether both are equal, where null equals null and nothing else.
   *
   * SQL: `value is not distinct from other`; `1 is not distinct from 1` is `true`.
   */
  isNotDistinctFrom(other: `${number}-${number}-${string}` | PlainDateTime | Operand<"timestamp", Null>): Bool;
  /**
   * Whether it is null.
   *
   * SQL: `value is null`; `1 is null` is `false`.
   */
  isNull(): Bool;
  /**
   * Whether it has a value. To drop rows and make the column never null, use `dropNulls`.
   *
   * SQL: `value is not null`; `1 is not null` is `true`.
   */
  isNotNull(): Bool;
  /**
   * Whether it equals one of the values.
   *
   * SQL: `'b' in ('a', 'b')`; `'b' in ('a', 'b')` is `true`.
   */
  in<A extends Null = never>(values: readonly (`${number}-${number}-${string}` | PlainDateTime | Operand<"timestamp", A>)[]): Bool<N | A>;
  /**
   * Whether it equals none of the values; null where it is null.
   *
   * SQL: `'b' not in ('a', 'b')`; `'b' not in ('a', 'b')` is `false`.
   */
  notIn<A extends Null = never>(values: readonly (`${number}-${number}-${string}` | PlainDateTime | Operand<"timestamp", A>)[]): Bool<N | A>;
  /**
   * Whether it lies between the two, both included.
   *
   * SQL: `5 between 1 and 5`; `5 between 1 and 5` is `true`.
   */
  between<A extends Null = never>(low: `${number}-${number}-${string}` | PlainDateTime | Operand<"timestamp", A>, high: `${number}-${number}-${string}` | PlainDateTime | Operand<"timestamp", A>): Bool<N | A>;
  /**
   * The sum. Whole numbers give int64, and more than fits is an error, never a wrong number.
   *
   * SQL: `value + other`; `1 + 2` is `3`.
   */
  plus<A extends Null = never>(other: `P${string}` | Operand<"interval", A>): Timestamp<N | A>;
  /**
   * The difference.
   *
   * SQL: `value - other`; `1 - 2` is `-1`.
   */
  minus<A extends Null = never>(other: `P${string}` | Operand<"interval", A>): Timestamp<N | A>;
  /**
   * The year.
   *
   * SQL: `year(value)`; `year(date '2024-03-31')` is `2024`.
   */
  year(): Int<N>;
  /**
   * The quarter, 1 to 4.
   *
   * SQL: `quarter(value)`; `quarter(date '2024-03-31')` is `1`.
   */
  quarter(): Int<N>;
  /**
   * The month, 1 to 12.
   *
   * SQL: `month(value)`; `month(date '2024-03-31')` is `3`.
   */
  month(): Int<N>;
  /**
   * The ISO week, 1 to 53; it starts on Monday.
   *
   * SQL: `week(value)`; `week(date '2024-03-31')` is `13`.
   */
  week(): Int<N>;
  /**
   * The day of the month, 1 to 31.
   *
   * SQL: `day(value)`; `day(date '2024-03-31')` is `31`.
   */
  day(): Int<N>;
  /**
   * The ISO day of the week: Monday is 1, Sunday 7.
   *
   * SQL: `isodow(value)`; `isodow(date '2024-03-31')` is `7`.
   */
  dayOfWeek(): Int<N>;
  /**
   * The day of the year, 1 to 366.
   *
   * SQL: `dayofyear(value)`; `dayofyear(date '2024-03-01')` is `61`.
   */
  dayOfYear(): Int<N>;
  /**
   * The hour, 0 to 23.
   *
   * SQL: `hour(value)`; `hour(timestamp '2024-03-31 23:59:58')` is `23`.
   */
  hour(): Int<N>;
  /**
   * The minute, 0 to 59.
   *
   * SQL: `minute(value)`; `minute(timestamp '2024-03-31 23:59:58')` is `59`.
   */
  minute(): Int<N>;
  /**
   * The whole second, 0 to 59.
   *
   * SQL: `second(value)`; `second(timestamp '2024-03-31 23:59:58.9')` is `58`.
   */
  second(): Int<N>;
  /**
   * Whole seconds since 1970-01-01; a value without a zone is taken as UTC.
   *
   * SQL: `epoch_seconds(value)`; `epoch_seconds(timestamp '1970-01-02 00:00:01')` is `86401`.
   */
  epochSeconds(): Int<N>;
  /**
   * The start of its year, quarter, month, week (Monday), day, hour, minute or second.
   *
   * SQL: `date_trunc(unit, value)`; `date_trunc('month', date '2024-03-31')` is `'2024-03-01'`.
   */
  truncate(unit: "year" | "quarter" | "month" | "week" | "day" | "hour" | "minute" | "second"): Timestamp<N>;
  /**
   * How many starts of a unit lie between it and `until`, a week starting on Monday; negative where `until` is earlier.
   *
   * SQL: `date_diff(unit, value, until)`; `date_diff('day', date '2024-02-28', date '2024-03-01')` is `2`.
   */
  dateDiff<A extends Null = never>(unit: "year" | "quarter" | "month" | "week" | "day" | "hour" | "minute" | "second", until: `${number}-${number}-${string}` | PlainDateTime | Operand<"timestamp", A>): Int<N | A>;
  /**
   * So many seconds later, or earlier where the count is negative.
   *
   * SQL: `add_seconds(value, count)`; `add_seconds(timestamp '2024-03-31 23:59:58', 3)` is `'2024-04-01 00:00:01'`.
   */
  addSeconds<A extends Null = never>(count: number | bigint | Operand<"int", A>): Timestamp<N | A>;
  /**
   * So many minutes later, or earlier where the count is negative.
   *
   * SQL: `add_minutes(value, count)`; `add_minutes(timestamp '2024-03-31 23:59:00', 1)` is `'2024-04-01 00:00:00'`.
   */
  addMinutes<A extends Null = never>(count: number | bigint | Operand<"int", A>): Timestamp<N | A>;
  /**
   * So many hours later, or earlier where the count is negative.
   *
   * SQL: `add_hours(value, count)`; `add_hours(timestamp '2024-03-31 23:00:00', -23)` is `'2024-03-31 00:00:00'`.
   */
  addHours<A extends Null = never>(count: number | bigint | Operand<"int", A>): Timestamp<N | A>;
  /**
   * So many days later, or earlier where the count is negative.
   *
   * SQL: `add_days(value, count)`; `add_days(date '2024-02-28', 2)` is `'2024-03-01'`.
   */
  addDays<A extends Null = never>(count: number | bigint | Operand<"int", A>): Timestamp<N | A>;
  /**
   * So many months (the last day where the month is shorter) later, or earlier where the count is negative.
   *
   * SQL: `add_months(value, count)`; `add_months(date '2024-01-31', 1)` is `'2024-02-29'`.
   */
  addMonths<A extends Null = never>(count: number | bigint | Operand<"int", A>): Timestamp<N | A>;
  /**
   * The last day of its month.
   *
   * SQL: `last_day(value)`; `last_day(date '2024-02-10')` is `'2024-02-29'`.
   */
  lastDay(): Day<N>;
  /**
   * As text in a layout of strftime letters (`%Y-%m-%d %H:%M:%S`).
   *
   * SQL: `strftime(value, layout)`; `strftime(date '2024-03-31', '%d.%m.%Y')` is `'31.03.2024'`.
   */
  formatTime(layout: string): Text<N>;
  /**
   * The value, or the first of the others that is not null.
   *
   * SQL: `coalesce(value, others)`; `coalesce(null, 'a')` is `'a'`.
   */
  orElse<A extends Null = never>(...others: readonly (`${number}-${number}-${string}` | PlainDateTime | Operand<"timestamp", A>)[]): Timestamp<N & A>;
  /**
   * Null where it equals the other, else the value.
   *
   * SQL: `nullif(value, other)`; `nullif('', '')` is `null`.
   */
  nullIf(other: `${number}-${number}-${string}` | PlainDateTime | Operand<"timestamp", Null>): Timestamp<null>;
  /**
   * The greatest of the values, nulls left aside.
   *
   * SQL: `greatest(value, others)`; `greatest(1, 3, 2)` is `3`.
   */
  greatest<A extends Null = never>(...others: readonly (`${number}-${number}-${string}` | PlainDateTime | Operand<"timestamp", A>)[]): Timestamp<N & A>;
  /**
   * The least of the values, nulls left aside.
   *
   * SQL: `least(value, others)`; `least(2, 1, 3)` is `1`.
   */
  least<A extends Null = never>(...others: readonly (`${number}-${number}-${string}` | PlainDateTime | Operand<"timestamp", A>)[]): Timestamp<N & A>;
}

/** An instant. */
export interface Timestamptz<out N extends Null = never> extends Column<"timestamptz", N> {
  readonly [required]: Timestamptz;
  readonly [optional]: Timestamptz<null>;
  /**
   * Whether both are equal; null where one of them is null.
   *
   * SQL: `value = other`; `'a' = 'b'` is `false`.
   */
  eq<A extends Null = never>(other: `${number}-${number}-${string}` | Instant | Moment | Operand<"timestamptz", A>): Bool<N | A>;
  /**
   * Whether the two differ; null where one of them is null.
   *
   * SQL: `value <> other`; `'a' <> 'b'` is `true`.
   */
  ne<A extends Null = never>(other: `${number}-${number}-${string}` | Instant | Moment | Operand<"timestamptz", A>): Bool<N | A>;
  /**
   * Whether it is less than the other.
   *
   * SQL: `value < other`; `1 < 2` is `true`.
   */
  lt<A extends Null = never>(other: `${number}-${number}-${string}` | Instant | Moment | Operand<"timestamptz", A>): Bool<N | A>;
  /**
   * Whether it is less than the other or equal.
   *
   * SQL: `value <= other`; `2 <= 2` is `true`.
   */
  lte<A extends Null = never>(other: `${number}-${number}-${string}` | Instant | Moment | Operand<"timestamptz", A>): Bool<N | A>;
  /**
   * Whether it is greater than the other.
   *
   * SQL: `value > other`; `1 > 2` is `false`.
   */
  gt<A extends Null = never>(other: `${number}-${number}-${string}` | Instant | Moment | Operand<"timestamptz", A>): Bool<N | A>;
  /**
   * Whether it is greater than the other or equal.
   *
   * SQL: `value >= other`; `2 >= 2` is `true`.
   */
  gte<A extends Null = never>(other: `${number}-${number}-${string}` | Instant | Moment | Operand<"timestamptz", A>): Bool<N | A>;
  /**
   * Whether the two differ, where null equals null and nothing else.
   *
   * SQL: `value is distinct from other`; `'a' is distinct from null` is `true`.
   */
  isDistinctFrom(other: `${number}-${number}-${string}` | Instant | Moment | Operand<"timestamptz", Null>): Bool;
  /**
   * Whether both are equal, where null equals null and nothing else.
   *
   * SQL: `value is not distinct from other`; `1 is not distinct from 1` is `true`.
   */
  isNotDistinctFrom(other: `${number}-${number}-${string}` | Instant | Moment | Operand<"timestamptz", Null>): Bool;
  /**
   * Whether it is null.
   *
   * SQL: `value is null`; `1 is null` is `false`.
   */
  isNull(): Bool;
  /**
   * Whether it has a value. To drop rows and make the column never null, use `dropNulls`.
   *
   * SQL: `value is not null`; `1 is not null` is `true`.
   */
  isNotNull(): Bool;
  /**
   * Whether it equals one of the values.
   *
   * SQL: `'b' in ('a', 'b')`; `'b' in ('a', 'b')` is `true`.
   */
  in<A extends Null = never>(values: readonly (`${number}-${number}-${string}` | Instant | Moment | Operand<"timestamptz", A>)[]): Bool<N | A>;
  /**
   * Whether it equals none of the values; null where it is null.
   *
   * SQL: `'b' not in ('a', 'b')`; `'b' not in ('a', 'b')` is `false`.
   */
  notIn<A extends Null = never>(values: readonly (`${number}-${number}-${string}` | Instant | Moment | Operand<"timestamptz", A>)[]): Bool<N | A>;
  /**
   * Whether it lies between the two, both included.
   *
   * SQL: `5 between 1 and 5`; `5 between 1 and 5` is `true`.
   */
  between<A extends Null = never>(low: `${number}-${number}-${string}` | Instant | Moment | Operand<"timestamptz", A>, high: `${number}-${number}-${string}` | Instant | Moment | Operand<"timestamptz", A>): Bool<N | A>;
  /**
   * The sum. Whole numbers give int64, and more than fits is an error, never a wrong number.
   *
   * SQL: `value + other`; `1 + 2` is `3`.
   */
  plus<A extends Null = never>(other: `P${string}` | Operand<"interval", A>): Timestamptz<N | A>;
  /**
   * The difference.
   *
   * SQL: `value - other`; `1 - 2` is `-1`.
   */
  minus<A extends Null = never>(other: `P${string}` | Operand<"interval", A>): Timestamptz<N | A>;
  /**
   * The year.
   *
   * SQL: `year(value)`; `year(date '2024-03-31')` is `2024`.
   */
  year(): Int<N>;
  /**
   * The quarter, 1 to 4.
   *
   * SQL: `quarter(value)`; `quarter(date '2024-03-31')` is `1`.
   */
  quarter(): Int<N>;
  /**
   * The month, 1 to 12.
   *
   * SQL: `month(value)`; `month(date '2024-03-31')` is `3`.
   */
  month(): Int<N>;
  /**
   * The ISO week, 1 to 53; it starts on Monday.
   *
   * SQL: `week(value)`; `week(date '2024-03-31')` is `13`.
   */
  week(): Int<N>;
  /**
   * The day of the month, 1 to 31.
   *
   * SQL: `day(value)`; `day(date '2024-03-31')` is `31`.
   */
  day(): Int<N>;
  /**
   * The ISO day of the week: Monday is 1, Sunday 7.
   *
   * SQL: `isodow(value)`; `isodow(date '2024-03-31')` is `7`.
   */
  dayOfWeek(): Int<N>;
  /**
   * The day of the year, 1 to 366.
   *
   * SQL: `dayofyear(value)`; `dayofyear(date '2024-03-01')` is `61`.
   */
  dayOfYear(): Int<N>;
  /**
   * The hour, 0 to 23.
   *
   * SQL: `hour(value)`; `hour(timestamp '2024-03-31 23:59:58')` is `23`.
   */
  hour(): Int<N>;
  /**
   * The minute, 0 to 59.
   *
   * SQL: `minute(value)`; `minute(timestamp '2024-03-31 23:59:58')` is `59`.
   */
  minute(): Int<N>;
  /**
   * The whole second, 0 to 59.
   *
   * SQL: `second(value)`; `second(timestamp '2024-03-31 23:59:58.9')` is `58`.
   */
  second(): Int<N>;
  /**
   * Whole seconds since 1970-01-01; a value without a zone is taken as UTC.
   *
   * SQL: `epoch_seconds(value)`; `epoch_seconds(timestamp '1970-01-02 00:00:01')` is `86401`.
   */
  epochSeconds(): Int<N>;
  /**
   * The start of its year, quarter, month, week (Monday), day, hour, minute or second.
   *
   * SQL: `date_trunc(unit, value)`; `date_trunc('month', date '2024-03-31')` is `'2024-03-01'`.
   */
  truncate(unit: "year" | "quarter" | "month" | "week" | "day" | "hour" | "minute" | "second"): Timestamptz<N>;
  /**
   * How many starts of a unit lie between it and `until`, a week starting on Monday; negative where `until` is earlier.
   *
   * SQL: `date_diff(unit, value, until)`; `date_diff('day', date '2024-02-28', date '2024-03-01')` is `2`.
   */
  dateDiff<A extends Null = never>(unit: "year" | "quarter" | "month" | "week" | "day" | "hour" | "minute" | "second", until: `${number}-${number}-${string}` | Instant | Moment | Operand<"timestamptz", A>): Int<N | A>;
  /**
   * So many seconds later, or earlier where the count is negative.
   *
   * SQL: `add_seconds(value, count)`; `add_seconds(timestamp '2024-03-31 23:59:58', 3)` is `'2024-04-01 00:00:01'`.
   */
  addSeconds<A extends Null = never>(count: number | bigint | Operand<"int", A>): Timestamptz<N | A>;
  /**
   * So many minutes later, or earlier where the count is negative.
   *
   * SQL: `add_minutes(value, count)`; `add_minutes(timestamp '2024-03-31 23:59:00', 1)` is `'2024-04-01 00:00:00'`.
   */
  addMinutes<A extends Null = never>(count: number | bigint | Operand<"int", A>): Timestamptz<N | A>;
  /**
   * So many hours later, or earlier where the count is negative.
   *
   * SQL: `add_hours(value, count)`; `add_hours(timestamp '2024-03-31 23:00:00', -23)` is `'2024-03-31 00:00:00'`.
   */
  addHours<A extends Null = never>(count: number | bigint | Operand<"int", A>): Timestamptz<N | A>;
  /**
   * So many days later, or earlier where the count is negative.
   *
   * SQL: `add_days(value, count)`; `add_days(date '2024-02-28', 2)` is `'2024-03-01'`.
   */
  addDays<A extends Null = never>(count: number | bigint | Operand<"int", A>): Timestamptz<N | A>;
  /**
   * So many months (the last day where the month is shorter) later, or earlier where the count is negative.
   *
   * SQL: `add_months(value, count)`; `add_months(date '2024-01-31', 1)` is `'2024-02-29'`.
   */
  addMonths<A extends Null = never>(count: number | bigint | Operand<"int", A>): Timestamptz<N | A>;
  /**
   * The last day of its month.
   *
   * SQL: `last_day(value)`; `last_day(date '2024-02-10')` is `'2024-02-29'`.
   */
  lastDay(): Day<N>;
  /**
   * As text in a layout of strftime letters (`%Y-%m-%d %H:%M:%S`).
   *
   * SQL: `strftime(value, layout)`; `strftime(date '2024-03-31', '%d.%m.%Y')` is `'31.03.2024'`.
   */
  formatTime(layout: string): Text<N>;
  /**
   * The value, or the first of the others that is not null.
   *
   * SQL: `coalesce(value, others)`; `coalesce(null, 'a')` is `'a'`.
   */
  orElse<A extends Null = never>(...others: readonly (`${number}-${number}-${string}` | Instant | Moment | Operand<"timestamptz", A>)[]): Timestamptz<N & A>;
  /**
   * Null where it equals the other, else the value.
   *
   * SQL: `nullif(value, other)`; `nullif('', '')` is `null`.
   */
  nullIf(other: `${number}-${number}-${string}` | Instant | Moment | Operand<"timestamptz", Null>): Timestamptz<null>;
  /**
   * The greatest of the values, nulls left aside.
   *
   * SQL: `greatest(value, others)`; `greatest(1, 3, 2)` is `3`.
   */
  greatest<A extends Null = never>(...others: readonly (`${number}-${number}-${string}` | Instant | Moment | Operand<"timestamptz", A>)[]): Timestamptz<N & A>;
  /**
   * The least of the values, nulls left aside.
   *
   * SQL: `least(value, others)`; `least(2, 1, 3)` is `1`.
   */
  least<A extends Null = never>(...others: readonly (`${number}-${number}-${string}` | Instant | Moment | Operand<"timestamptz", A>)[]): Timestamptz<N & A>;
}

/** A duration of months, days and seconds. */
export interface Interval<out N extends Null = never> extends Column<"interval", N> {
  readonly [required]: Interval;
  readonly [optional]: Interval<null>;
  /**
   * Whether both are equal; null where one of them is null.
   *
   * SQL: `value = other`; `'a' = 'b'` is `false`.
   */
  eq<A extends Null = never>(other: `P${string}` | Operand<"interval", A>): Bool<N | A>;
  /**
   * Whether the two differ; null where one of them is null.
   *
   * SQL: `value <> other`; `'a' <> 'b'` is `true`.
   */
  ne<A extends Null = never>(other: `P${string}` | Operand<"interval", A>): Bool<N | A>;
  /**
   * Whether it is less than the other.
   *
   * SQL: `value < other`; `1 < 2` is `true`.
   */
  lt<A extends Null = never>(other: `P${string}` | Operand<"interval", A>): Bool<N | A>;
  /**
   * Whether it is less than the other or equal.
   *
   * SQL: `value <= other`; `2 <= 2` is `true`.
   */
  lte<A extends Null = never>(other: `P${string}` | Operand<"interval", A>): Bool<N | A>;
  /**
   * Whether it is greater than the other.
   *
   * SQL: `value > other`; `1 > 2` is `false`.
   */
  gt<A extends Null = never>(other: `P${string}` | Operand<"interval", A>): Bool<N | A>;
  /**
   * Whether it is greater than the other or equal.
   *
   * SQL: `value >= other`; `2 >= 2` is `true`.
   */
  gte<A extends Null = never>(other: `P${string}` | Operand<"interval", A>): Bool<N | A>;
  /**
   * Whether the two differ, where null equals null and nothing else.
   *
   * SQL: `value is distinct from other`; `'a' is distinct from null` is `true`.
   */
  isDistinctFrom(other: `P${string}` | Operand<"interval", Null>): Bool;
  /**
   * Whether both are equal, where null equals null and nothing else.
   *
   * SQL: `value is not distinct from other`; `1 is not distinct from 1` is `true`.
   */
  isNotDistinctFrom(other: `P${string}` | Operand<"interval", Null>): Bool;
  /**
   * Whether it is null.
   *
   * SQL: `value is null`; `1 is null` is `false`.
   */
  isNull(): Bool;
  /**
   * Whether it has a value. To drop rows and make the column never null, use `dropNulls`.
   *
   * SQL: `value is not null`; `1 is not null` is `true`.
   */
  isNotNull(): Bool;
  /**
   * Whether it equals one of the values.
   *
   * SQL: `'b' in ('a', 'b')`; `'b' in ('a', 'b')` is `true`.
   */
  in<A extends Null = never>(values: readonly (`P${string}` | Operand<"interval", A>)[]): Bool<N | A>;
  /**
   * Whether it equals none of the values; null where it is null.
   *
   * SQL: `'b' not in ('a', 'b')`; `'b' not in ('a', 'b')` is `false`.
   */
  notIn<A extends Null = never>(values: readonly (`P${string}` | Operand<"interval", A>)[]): Bool<N | A>;
  /**
   * Whether it lies between the two, both included.
   *
   * SQL: `5 between 1 and 5`; `5 between 1 and 5` is `true`.
   */
  between<A extends Null = never>(low: `P${string}` | Operand<"interval", A>, high: `P${string}` | Operand<"interval", A>): Bool<N | A>;
  /**
   * The value, or the first of the others that is not null.
   *
   * SQL: `coalesce(value, others)`; `coalesce(null, 'a')` is `'a'`.
   */
  orElse<A extends Null = never>(...others: readonly (`P${string}` | Operand<"interval", A>)[]): Interval<N & A>;
  /**
   * Null where it equals the other, else the value.
   *
   * SQL: `nullif(value, other)`; `nullif('', '')` is `null`.
   */
  nullIf(other: `P${string}` | Operand<"interval", Null>): Interval<null>;
  /**
   * The greatest of the values, nulls left aside.
   *
   * SQL: `greatest(value, others)`; `greatest(1, 3, 2)` is `3`.
   */
  greatest<A extends Null = never>(...others: readonly (`P${string}` | Operand<"interval", A>)[]): Interval<N & A>;
  /**
   * The least of the values, nulls left aside.
   *
   * SQL: `least(value, others)`; `least(2, 1, 3)` is `1`.
   */
  least<A extends Null = never>(...others: readonly (`P${string}` | Operand<"interval", A>)[]): Interval<N & A>;
}

/** A UUID. */
export interface Uuid<out N extends Null = never> extends Column<"uuid", N> {
  readonly [required]: Uuid;
  readonly [optional]: Uuid<null>;
  /**
   * Whether both are equal; null where one of them is null.
   *
   * SQL: `value = other`; `'a' = 'b'` is `false`.
   */
  eq<A extends Null = never>(other: string | Operand<"uuid", A>): Bool<N | A>;
  /**
   * Whether the two differ; null where one of them is null.
   *
   * SQL: `value <> other`; `'a' <> 'b'` is `true`.
   */
  ne<A extends Null = never>(other: string | Operand<"uuid", A>): Bool<N | A>;
  /**
   * Whether it is less than the other.
   *
   * SQL: `value < other`; `1 < 2` is `true`.
   */
  lt<A extends Null = never>(other: string | Operand<"uuid", A>): Bool<N | A>;
  /**
   * Whether it is less than the other or equal.
   *
   * SQL: `value <= other`; `2 <= 2` is `true`.
   */
  lte<A extends Null = never>(other: string | Operand<"uuid", A>): Bool<N | A>;
  /**
   * Whether it is greater than the other.
   *
   * SQL: `value > other`; `1 > 2` is `false`.
   */
  gt<A extends Null = never>(other: string | Operand<"uuid", A>): Bool<N | A>;
  /**
   * Whether it is greater than the other or equal.
   *
   * SQL: `value >= other`; `2 >= 2` is `true`.
   */
  gte<A extends Null = never>(other: string | Operand<"uuid", A>): Bool<N | A>;
  /**
   * Whether the two differ, where null equals null and nothing else.
   *
   * SQL: `value is distinct from other`; `'a' is distinct from null` is `true`.
   */
  isDistinctFrom(other: string | Operand<"uuid", Null>): Bool;
  /**
   * Whether both are equal, where null equals null and nothing else.
   *
   * SQL: `value is not distinct from other`; `1 is not distinct from 1` is `true`.
   */
  isNotDistinctFrom(other: string | Operand<"uuid", Null>): Bool;
  /**
   * Whether it is null.
   *
   * SQL: `value is null`; `1 is null` is `false`.
   */
  isNull(): Bool;
  /**
   * Whether it has a value. To drop rows and make the column never null, use `dropNulls`.
   *
   * SQL: `value is not null`; `1 is not null` is `true`.
   */
  isNotNull(): Bool;
  /**
   * Whether it equals one of the values.
   *
   * SQL: `'b' in ('a', 'b')`; `'b' in ('a', 'b')` is `true`.
   */
  in<A extends Null = never>(values: readonly (string | Operand<"uuid", A>)[]): Bool<N | A>;
  /**
   * Whether it equals none of the values; null where it is null.
   *
   * SQL: `'b' not in ('a', 'b')`; `'b' not in ('a', 'b')` is `false`.
   */
  notIn<A extends Null = never>(values: readonly (string | Operand<"uuid", A>)[]): Bool<N | A>;
  /**
   * Whether it lies between the two, both included.
   *
   * SQL: `5 between 1 and 5`; `5 between 1 and 5` is `true`.
   */
  between<A extends Null = never>(low: string | Operand<"uuid", A>, high: string | Operand<"uuid", A>): Bool<N | A>;
  /**
   * The value, or the first of the others that is not null.
   *
   * SQL: `coalesce(value, others)`; `coalesce(null, 'a')` is `'a'`.
   */
  orElse<A extends Null = never>(...others: readonly (string | Operand<"uuid", A>)[]): Uuid<N & A>;
  /**
   * Null where it equals the other, else the value.
   *
   * SQL: `nullif(value, other)`; `nullif('', '')` is `null`.
   */
  nullIf(other: string | Operand<"uuid", Null>): Uuid<null>;
  /**
   * The greatest of the values, nulls left aside.
   *
   * SQL: `greatest(value, others)`; `greatest(1, 3, 2)` is `3`.
   */
  greatest<A extends Null = never>(...others: readonly (string | Operand<"uuid", A>)[]): Uuid<N & A>;
  /**
   * The least of the values, nulls left aside.
   *
   * SQL: `least(value, others)`; `least(2, 1, 3)` is `1`.
   */
  least<A extends Null = never>(...others: readonly (string | Operand<"uuid", A>)[]): Uuid<N & A>;
}

/** Bytes. */
export interface Bytes<out N extends Null = never> extends Column<"bytes", N> {
  readonly [required]: Bytes;
  readonly [optional]: Bytes<null>;
  /**
   * Whether both are equal; null where one of them is null.
   *
   * SQL: `value = other`; `'a' = 'b'` is `false`.
   */
  eq<A extends Null = never>(other: Uint8Array | Operand<"bytes", A>): Bool<N | A>;
  /**
   * Whether the two differ; null where one of them is null.
   *
   * SQL: `value <> other`; `'a' <> 'b'` is `true`.
   */
  ne<A extends Null = never>(other: Uint8Array | Operand<"bytes", A>): Bool<N | A>;
  /**
   * Whether it is less than the other.
   *
   * SQL: `value < other`; `1 < 2` is `true`.
   */
  lt<A extends Null = never>(other: Uint8Array | Operand<"bytes", A>): Bool<N | A>;
  /**
   * Whether it is less than the other or equal.
   *
   * SQL: `value <= other`; `2 <= 2` is `true`.
   */
  lte<A extends Null = never>(other: Uint8Array | Operand<"bytes", A>): Bool<N | A>;
  /**
   * Whether it is greater than the other.
   *
   * SQL: `value > other`; `1 > 2` is `false`.
   */
  gt<A extends Null = never>(other: Uint8Array | Operand<"bytes", A>): Bool<N | A>;
  /**
   * Whether it is greater than the other or equal.
   *
   * SQL: `value >= other`; `2 >= 2` is `true`.
   */
  gte<A extends Null = never>(other: Uint8Array | Operand<"bytes", A>): Bool<N | A>;
  /**
   * Whether the two differ, where null equals null and nothing else.
   *
   * SQL: `value is distinct from other`; `'a' is distinct from null` is `true`.
   */
  isDistinctFrom(other: Uint8Array | Operand<"bytes", Null>): Bool;
  /**
   * Whether both are equal, where null equals null and nothing else.
   *
   * SQL: `value is not distinct from other`; `1 is not distinct from 1` is `true`.
   */
  isNotDistinctFrom(other: Uint8Array | Operand<"bytes", Null>): Bool;
  /**
   * Whether it is null.
   *
   * SQL: `value is null`; `1 is null` is `false`.
   */
  isNull(): Bool;
  /**
   * Whether it has a value. To drop rows and make the column never null, use `dropNulls`.
   *
   * SQL: `value is not null`; `1 is not null` is `true`.
   */
  isNotNull(): Bool;
  /**
   * Whether it equals one of the values.
   *
   * SQL: `'b' in ('a', 'b')`; `'b' in ('a', 'b')` is `true`.
   */
  in<A extends Null = never>(values: readonly (Uint8Array | Operand<"bytes", A>)[]): Bool<N | A>;
  /**
   * Whether it equals none of the values; null where it is null.
   *
   * SQL: `'b' not in ('a', 'b')`; `'b' not in ('a', 'b')` is `false`.
   */
  notIn<A extends Null = never>(values: readonly (Uint8Array | Operand<"bytes", A>)[]): Bool<N | A>;
  /**
   * Whether it lies between the two, both included.
   *
   * SQL: `5 between 1 and 5`; `5 between 1 and 5` is `true`.
   */
  between<A extends Null = never>(low: Uint8Array | Operand<"bytes", A>, high: Uint8Array | Operand<"bytes", A>): Bool<N | A>;
  /**
   * The value, or the first of the others that is not null.
   *
   * SQL: `coalesce(value, others)`; `coalesce(null, 'a')` is `'a'`.
   */
  orElse<A extends Null = never>(...others: readonly (Uint8Array | Operand<"bytes", A>)[]): Bytes<N & A>;
  /**
   * Null where it equals the other, else the value.
   *
   * SQL: `nullif(value, other)`; `nullif('', '')` is `null`.
   */
  nullIf(other: Uint8Array | Operand<"bytes", Null>): Bytes<null>;
  /**
   * The greatest of the values, nulls left aside.
   *
   * SQL: `greatest(value, others)`; `greatest(1, 3, 2)` is `3`.
   */
  greatest<A extends Null = never>(...others: readonly (Uint8Array | Operand<"bytes", A>)[]): Bytes<N & A>;
  /**
   * The least of the values, nulls left aside.
   *
   * SQL: `least(value, others)`; `least(2, 1, 3)` is `1`.
   */
  least<A extends Null = never>(...others: readonly (Uint8Array | Operand<"bytes", A>)[]): Bytes<N & A>;
}

/** A JSON document. */
export interface Json<out N extends Null = never> extends Column<"json", N> {
  readonly [required]: Json;
  readonly [optional]: Json<null>;
  /**
   * Whether both are equal; null where one of them is null.
   *
   * SQL: `value = other`; `'a' = 'b'` is `false`.
   */
  eq<A extends Null = never>(other: Operand<"json", A>): Bool<N | A>;
  /**
   * Whether the two differ; null where one of them is null.
   *
   * SQL: `value <> other`; `'a' <> 'b'` is `true`.
   */
  ne<A extends Null = never>(other: Operand<"json", A>): Bool<N | A>;
  /**
   * Whether the two differ, where null equals null and nothing else.
   *
   * SQL: `value is distinct from other`; `'a' is distinct from null` is `true`.
   */
  isDistinctFrom(other: Operand<"json", Null>): Bool;
  /**
   * Whether both are equal, where null equals null and nothing else.
   *
   * SQL: `value is not distinct from other`; `1 is not distinct from 1` is `true`.
   */
  isNotDistinctFrom(other: Operand<"json", Null>): Bool;
  /**
   * Whether it is null.
   *
   * SQL: `value is null`; `1 is null` is `false`.
   */
  isNull(): Bool;
  /**
   * Whether it has a value. To drop rows and make the column never null, use `dropNulls`.
   *
   * SQL: `value is not null`; `1 is not null` is `true`.
   */
  isNotNull(): Bool;
  /**
   * Whether it equals one of the values.
   *
   * SQL: `'b' in ('a', 'b')`; `'b' in ('a', 'b')` is `true`.
   */
  in<A extends Null = never>(values: readonly (Operand<"json", A>)[]): Bool<N | A>;
  /**
   * Whether it equals none of the values; null where it is null.
   *
   * SQL: `'b' not in ('a', 'b')`; `'b' not in ('a', 'b')` is `false`.
   */
  notIn<A extends Null = never>(values: readonly (Operand<"json", A>)[]): Bool<N | A>;
  /**
   * The value, or the first of the others that is not null.
   *
   * SQL: `coalesce(value, others)`; `coalesce(null, 'a')` is `'a'`.
   */
  orElse<A extends Null = never>(...others: readonly (Operand<"json", A>)[]): Json<N & A>;
  /**
   * Null where it equals the other, else the value.
   *
   * SQL: `nullif(value, other)`; `nullif('', '')` is `null`.
   */
  nullIf(other: Operand<"json", Null>): Json<null>;
}

/** A list of items. */
export interface List<out I extends AnyColumn = AnyColumn, out N extends Null = never> extends Column<"list", N> {
  readonly [required]: List<I>;
  readonly [optional]: List<I, null>;
  /**
   * Whether both are equal; null where one of them is null.
   *
   * SQL: `value = other`; `'a' = 'b'` is `false`.
   */
  eq<A extends Null = never>(other: Operand<"list", A>): Bool<N | A>;
  /**
   * Whether the two differ; null where one of them is null.
   *
   * SQL: `value <> other`; `'a' <> 'b'` is `true`.
   */
  ne<A extends Null = never>(other: Operand<"list", A>): Bool<N | A>;
  /**
   * Whether the two differ, where null equals null and nothing else.
   *
   * SQL: `value is distinct from other`; `'a' is distinct from null` is `true`.
   */
  isDistinctFrom(other: Operand<"list", Null>): Bool;
  /**
   * Whether both are equal, where null equals null and nothing else.
   *
   * SQL: `value is not distinct from other`; `1 is not distinct from 1` is `true`.
   */
  isNotDistinctFrom(other: Operand<"list", Null>): Bool;
  /**
   * Whether it is null.
   *
   * SQL: `value is null`; `1 is null` is `false`.
   */
  isNull(): Bool;
  /**
   * Whether it has a value. To drop rows and make the column never null, use `dropNulls`.
   *
   * SQL: `value is not null`; `1 is not null` is `true`.
   */
  isNotNull(): Bool;
  /**
   * Whether it equals one of the values.
   *
   * SQL: `'b' in ('a', 'b')`; `'b' in ('a', 'b')` is `true`.
   */
  in<A extends Null = never>(values: readonly (Operand<"list", A>)[]): Bool<N | A>;
  /**
   * Whether it equals none of the values; null where it is null.
   *
   * SQL: `'b' not in ('a', 'b')`; `'b' not in ('a', 'b')` is `false`.
   */
  notIn<A extends Null = never>(values: readonly (Operand<"list", A>)[]): Bool<N | A>;
  /**
   * The value, or the first of the others that is not null.
   *
   * SQL: `coalesce(value, others)`; `coalesce(null, 'a')` is `'a'`.
   */
  orElse<A extends Null = never>(...others: readonly (Operand<"list", A>)[]): List<I, N & A>;
  /**
   * Null where it equals the other, else the value.
   *
   * SQL: `nullif(value, other)`; `nullif('', '')` is `null`.
   */
  nullIf(other: Operand<"list", Null>): List<I, null>;
}

/** Named fields. */
export interface Struct<out F extends Row = Row, out N extends Null = never> extends Column<"struct", N> {
  readonly [required]: Struct<F>;
  readonly [optional]: Struct<F, null>;
  /**
   * Whether both are equal; null where one of them is null.
   *
   * SQL: `value = other`; `'a' = 'b'` is `false`.
   */
  eq<A extends Null = never>(other: Operand<"struct", A>): Bool<N | A>;
  /**
   * Whether the two differ; null where one of them is null.
   *
   * SQL: `value <> other`; `'a' <> 'b'` is `true`.
   */
  ne<A extends Null = never>(other: Operand<"struct", A>): Bool<N | A>;
  /**
   * Whether the two differ, where null equals null and nothing else.
   *
   * SQL: `value is distinct from other`; `'a' is distinct from null` is `true`.
   */
  isDistinctFrom(other: Operand<"struct", Null>): Bool;
  /**
   * Whether both are equal, where null equals null and nothing else.
   *
   * SQL: `value is not distinct from other`; `1 is not distinct from 1` is `true`.
   */
  isNotDistinctFrom(other: Operand<"struct", Null>): Bool;
  /**
   * Whether it is null.
   *
   * SQL: `value is null`; `1 is null` is `false`.
   */
  isNull(): Bool;
  /**
   * Whether it has a value. To drop rows and make the column never null, use `dropNulls`.
   *
   * SQL: `value is not null`; `1 is not null` is `true`.
   */
  isNotNull(): Bool;
  /**
   * Whether it equals one of the values.
   *
   * SQL: `'b' in ('a', 'b')`; `'b' in ('a', 'b')` is `true`.
   */
  in<A extends Null = never>(values: readonly (Operand<"struct", A>)[]): Bool<N | A>;
  /**
   * Whether it equals none of the values; null where it is null.
   *
   * SQL: `'b' not in ('a', 'b')`; `'b' not in ('a', 'b')` is `false`.
   */
  notIn<A extends Null = never>(values: readonly (Operand<"struct", A>)[]): Bool<N | A>;
  /**
   * The value, or the first of the others that is not null.
   *
   * SQL: `coalesce(value, others)`; `coalesce(null, 'a')` is `'a'`.
   */
  orElse<A extends Null = never>(...others: readonly (Operand<"struct", A>)[]): Struct<F, N & A>;
  /**
   * Null where it equals the other, else the value.
   *
   * SQL: `nullif(value, other)`; `nullif('', '')` is `null`.
   */
  nullIf(other: Operand<"struct", Null>): Struct<F, null>;
}

/** Keys and their values. */
export interface MapOf<out K extends AnyColumn = AnyColumn, out V extends AnyColumn = AnyColumn, out N extends Null = never> extends Column<"map", N> {
  readonly [required]: MapOf<K, V>;
  readonly [optional]: MapOf<K, V, null>;
  /**
   * Whether both are equal; null where one of them is null.
   *
   * SQL: `value = other`; `'a' = 'b'` is `false`.
   */
  eq<A extends Null = never>(other: Operand<"map", A>): Bool<N | A>;
  /**
   * Whether the two differ; null where one of them is null.
   *
   * SQL: `value <> other`; `'a' <> 'b'` is `true`.
   */
  ne<A extends Null = never>(other: Operand<"map", A>): Bool<N | A>;
  /**
   * Whether the two differ, where null equals null and nothing else.
   *
   * SQL: `value is distinct from other`; `'a' is distinct from null` is `true`.
   */
  isDistinctFrom(other: Operand<"map", Null>): Bool;
  /**
   * Whether both are equal, where null equals null and nothing else.
   *
   * SQL: `value is not distinct from other`; `1 is not distinct from 1` is `true`.
   */
  isNotDistinctFrom(other: Operand<"map", Null>): Bool;
  /**
   * Whether it is null.
   *
   * SQL: `value is null`; `1 is null` is `false`.
   */
  isNull(): Bool;
  /**
   * Whether it has a value. To drop rows and make the column never null, use `dropNulls`.
   *
   * SQL: `value is not null`; `1 is not null` is `true`.
   */
  isNotNull(): Bool;
  /**
   * Whether it equals one of the values.
   *
   * SQL: `'b' in ('a', 'b')`; `'b' in ('a', 'b')` is `true`.
   */
  in<A extends Null = never>(values: readonly (Operand<"map", A>)[]): Bool<N | A>;
  /**
   * Whether it equals none of the values; null where it is null.
   *
   * SQL: `'b' not in ('a', 'b')`; `'b' not in ('a', 'b')` is `false`.
   */
  notIn<A extends Null = never>(values: readonly (Operand<"map", A>)[]): Bool<N | A>;
  /**
   * The value, or the first of the others that is not null.
   *
   * SQL: `coalesce(value, others)`; `coalesce(null, 'a')` is `'a'`.
   */
  orElse<A extends Null = never>(...others: readonly (Operand<"map", A>)[]): MapOf<K, V, N & A>;
  /**
   * Null where it equals the other, else the value.
   *
   * SQL: `nullif(value, other)`; `nullif('', '')` is `null`.
   */
  nullIf(other: Operand<"map", Null>): MapOf<K, V, null>;
}

/** A column or expression of which nothing is known until the pipeline is planned. */
export interface Untyped extends Column<string, Null> {
  // biome-ignore lint/suspicious/noExplicitAny: it fits wherever a column does
  readonly [family]: any;
  readonly [required]: Untyped;
  readonly [optional]: Untyped;
  /**
   * Whether both are equal; null where one of them is null.
   *
   * SQL: `value = other`; `'a' = 'b'` is `false`.
   */
  eq(other: AnyValue): Bool<null>;
  /**
   * Whether the two differ; null where one of them is null.
   *
   * SQL: `value <> other`; `'a' <> 'b'` is `true`.
   */
  ne(other: AnyValue): Bool<null>;
  /**
   * Whether it is less than the other.
   *
   * SQL: `value < other`; `1 < 2` is `true`.
   */
  lt(other: AnyValue): Bool<null>;
  /**
   * Whether it is less than the other or equal.
   *
   * SQL: `value <= other`; `2 <= 2` is `true`.
   */
  lte(other: AnyValue): Bool<null>;
  /**
   * Whether it is greater than the other.
   *
   * SQL: `value > other`; `1 > 2` is `false`.
   */
  gt(other: AnyValue): Bool<null>;
  /**
   * Whether it is greater than the other or equal.
   *
   * SQL: `value >= other`; `2 >= 2` is `true`.
   */
  gte(other: AnyValue): Bool<null>;
  /**
   * Whether the two differ, where null equals null and nothing else.
   *
   * SQL: `value is distinct from other`; `'a' is distinct from null` is `true`.
   */
  isDistinctFrom(other: AnyValue): Bool;
  /**
   * Whether both are equal, where null equals null and nothing else.
   *
   * SQL: `value is not distinct from other`; `1 is not distinct from 1` is `true`.
   */
  isNotDistinctFrom(other: AnyValue): Bool;
  /**
   * Whether it is null.
   *
   * SQL: `value is null`; `1 is null` is `false`.
   */
  isNull(): Bool;
  /**
   * Whether it has a value. To drop rows and make the column never null, use `dropNulls`.
   *
   * SQL: `value is not null`; `1 is not null` is `true`.
   */
  isNotNull(): Bool;
  /**
   * Whether it equals one of the values.
   *
   * SQL: `'b' in ('a', 'b')`; `'b' in ('a', 'b')` is `true`.
   */
  in(values: readonly AnyValue[]): Bool<null>;
  /**
   * Whether it equals none of the values; null where it is null.
   *
   * SQL: `'b' not in ('a', 'b')`; `'b' not in ('a', 'b')` is `false`.
   */
  notIn(values: readonly AnyValue[]): Bool<null>;
  /**
   * Whether it lies between the two, both included.
   *
   * SQL: `5 between 1 and 5`; `5 between 1 and 5` is `true`.
   */
  between(low: AnyValue, high: AnyValue): Bool<null>;
  /**
   * Whether all are true: false where one is false, else null where one is null.
   *
   * SQL: `value and others`; `true and false` is `false`.
   */
  and(...others: readonly AnyColumn[]): Bool<null>;
  /**
   * Whether one is true: true where one is true, else null where one is null.
   *
   * SQL: `value or others`; `true or false` is `true`.
   */
  or(...others: readonly AnyColumn[]): Bool<null>;
  /**
   * The opposite; null stays null.
   *
   * SQL: `not value`; `not true` is `false`.
   */
  not(): Bool<null>;
  /**
   * The sum. Whole numbers give int64, and more than fits is an error, never a wrong number.
   *
   * SQL: `value + other`; `1 + 2` is `3`.
   */
  plus(other: AnyValue): Untyped;
  /**
   * The difference.
   *
   * SQL: `value - other`; `1 - 2` is `-1`.
   */
  minus(other: AnyValue): Untyped;
  /**
   * The product. Decimals keep all places: decimal(p,s) times decimal(q,t) is decimal(p+q,s+t).
   *
   * SQL: `value * other`; `3 * 4` is `12`.
   */
  times(other: AnyValue): Untyped;
  /**
   * The quotient as a float, whatever is divided; null where the other is 0.
   *
   * SQL: `value / other`; `7 / 2` is `3.5`.
   */
  div(other: AnyValue): Float<null>;
  /**
   * The rest of a division, with the sign of the first; null where the other is 0.
   *
   * SQL: `value % other`; `-7 % 3` is `-1`.
   */
  mod(other: AnyValue): Untyped;
  /**
   * The number with the other sign.
   *
   * SQL: `-value`; `-(3)` is `-3`.
   */
  negate(): Untyped;
  /**
   * Both texts, one behind the other.
   *
   * SQL: `value || other`; `'a' || 'b'` is `'ab'`.
   */
  concat(other: AnyValue): Text<null>;
  /**
   * In lower case. Beyond simple letters engines differ.
   *
   * SQL: `lower(value)`; `lower('ABÅ')` is `'abå'`.
   */
  lower(): Text<null>;
  /**
   * In upper case. Beyond simple letters engines differ.
   *
   * SQL: `upper(value)`; `upper('abå')` is `'ABÅ'`.
   */
  upper(): Text<null>;
  /**
   * Without blanks at both ends; tabs and newlines stay.
   *
   * SQL: `trim(value)`; `trim('  a b ')` is `'a b'`.
   */
  trim(): Text<null>;
  /**
   * Without blanks at the start.
   *
   * SQL: `ltrim(value)`; `ltrim('  a ')` is `'a '`.
   */
  ltrim(): Text<null>;
  /**
   * Without blanks at the end.
   *
   * SQL: `rtrim(value)`; `rtrim(' a  ')` is `' a'`.
   */
  rtrim(): Text<null>;
  /**
   * The number of characters.
   *
   * SQL: `length(value)`; `length('Åse')` is `3`.
   */
  length(): Int<null>;
  /**
   * From a position on, the first being 1 (a lower one counts as 1): `count` characters, or all that follow.
   *
   * SQL: `substring(value, from, count)`; `substring('hello', 2, 3)` is `'ell'`.
   */
  substring(from: AnyValue, count?: AnyValue): Text<null>;
  /**
   * The first `count` characters; with a negative count all but the last ones.
   *
   * SQL: `left(value, count)`; `left('hello', 2)` is `'he'`.
   */
  left(count: AnyValue): Text<null>;
  /**
   * The last `count` characters; with a negative count all but the first ones.
   *
   * SQL: `right(value, count)`; `right('hello', 2)` is `'lo'`.
   */
  right(count: AnyValue): Text<null>;
  /**
   * Filled from the left up to a length; what is longer is cut at the end.
   *
   * SQL: `lpad(value, length, fill)`; `lpad('7', 3, '0')` is `'007'`.
   */
  padStart(length: AnyValue, fill: AnyValue): Text<null>;
  /**
   * Filled from the right up to a length; what is longer is cut at the end.
   *
   * SQL: `rpad(value, length, fill)`; `rpad('7', 3, '.')` is `'7..'`.
   */
  padEnd(length: AnyValue, fill: AnyValue): Text<null>;
  /**
   * With every occurrence of a part replaced.
   *
   * SQL: `replace(value, part, by)`; `replace('a-b-c', '-', '+')` is `'a+b+c'`.
   */
  replace(part: AnyValue, by: AnyValue): Text<null>;
  /**
   * Whether it begins with the part.
   *
   * SQL: `starts_with(value, part)`; `starts_with('hello', 'he')` is `true`.
   */
  startsWith(part: AnyValue): Bool<null>;
  /**
   * Whether it ends with the part.
   *
   * SQL: `ends_with(value, part)`; `ends_with('hello', 'he')` is `false`.
   */
  endsWith(part: AnyValue): Bool<null>;
  /**
   * Whether the part occurs in it.
   *
   * SQL: `contains(value, part)`; `contains('hello', 'ell')` is `true`.
   */
  contains(part: AnyValue): Bool<null>;
  /**
   * Where the part occurs first, counted from 1; 0 where it does not.
   *
   * SQL: `strpos(value, part)`; `strpos('hello', 'l')` is `3`.
   */
  position(part: AnyValue): Int<null>;
  /**
   * The part at an index, counted from 1, or from the end where negative; empty text where there is none.
   *
   * SQL: `split_part(value, separator, index)`; `split_part('a,b,c', ',', 2)` is `'b'`.
   */
  splitPart(separator: AnyValue, index: AnyValue): Text<null>;
  /**
   * The characters in reverse order; a letter and its combining marks, or a joined emoji, stay together (grapheme clusters).
   *
   * SQL: `reverse(value)`; `reverse('abc')` is `'cba'`.
   */
  reverse(): Text<null>;
  /**
   * As often as said, one behind the other.
   *
   * SQL: `repeat(value, count)`; `repeat('ab', 3)` is `'ababab'`.
   */
  repeat(count: AnyValue): Text<null>;
  /**
   * Whether the whole text fits a pattern: `%` is any text, `_` one character, a backslash takes the next as it is.
   *
   * SQL: `'hello' like 'h%o'`; `'hello' like 'h%o'` is `true`.
   */
  like(pattern: AnyValue): Bool<null>;
  /**
   * As `like`, upper and lower case being equal.
   *
   * SQL: `'HELLO' ilike 'h%o'`; `'HELLO' ilike 'h%o'` is `true`.
   */
  ilike(pattern: AnyValue): Bool<null>;
  /**
   * Whether a regular expression (RE2) occurs in it; anchor with `^` and `$` for the whole text.
   *
   * SQL: `regexp_matches(value, pattern)`; `regexp_matches('hello', 'l+o$')` is `true`.
   */
  matches(pattern: AnyValue): Bool<null>;
  /**
   * With every match of a regular expression (RE2) replaced; `\1` stands for its first group.
   *
   * SQL: `regexp_replace(value, pattern, by)`; `regexp_replace('a1b22', '[0-9]+', '#')` is `'a#b#'`.
   */
  regexpReplace(pattern: AnyValue, by: AnyValue): Text<null>;
  /**
   * The first match of a regular expression (RE2), or a group of it by number; empty text where nothing matches.
   *
   * SQL: `regexp_extract(value, pattern, group)`; `regexp_extract('a1b22', '([a-z])([0-9]+)', 2)` is `'1'`.
   */
  regexpExtract(pattern: AnyValue, group?: AnyValue): Text<null>;
  /**
   * The MD5 hash of the UTF-8 bytes, in hexadecimal: for keys, not for secrets.
   *
   * SQL: `md5(value)`; `md5('a')` is `'0cc175b9c0f1b6a831c399e269772661'`.
   */
  md5(): Text<null>;
  /**
   * The SHA-256 hash of the UTF-8 bytes, in hexadecimal.
   *
   * SQL: `sha256(value)`; `sha256('a')` is `'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'`.
   */
  sha256(): Text<null>;
  /**
   * The number without its sign.
   *
   * SQL: `abs(value)`; `abs(-3)` is `3`.
   */
  abs(): Untyped;
  /**
   * Rounded to `digits` places (0 where absent), halves away from zero.
   *
   * SQL: `round(value)`; `round(2.345, 1)` is `2.3`.
   */
  round(): Untyped;
  /**
   * The greatest whole number that is not above it.
   *
   * SQL: `floor(value)`; `floor(-1.5)` is `-2`.
   */
  floor(): Untyped;
  /**
   * The least whole number that is not below it.
   *
   * SQL: `ceil(value)`; `ceil(-1.5)` is `-1`.
   */
  ceil(): Untyped;
  /**
   * The square root; null for a negative number.
   *
   * SQL: `sqrt(value)`; `sqrt(9)` is `3`.
   */
  sqrt(): Float<null>;
  /**
   * Raised to a power.
   *
   * SQL: `power(value, exponent)`; `power(2, 10)` is `1024`.
   */
  power(exponent: AnyValue): Float<null>;
  /**
   * The natural logarithm; null for 0 and below.
   *
   * SQL: `ln(value)`; `ln(1)` is `0`.
   */
  ln(): Float<null>;
  /**
   * e raised to it.
   *
   * SQL: `exp(value)`; `exp(0)` is `1`.
   */
  exp(): Float<null>;
  /**
   * -1, 0 or 1.
   *
   * SQL: `sign(value)`; `sign(-2.5)` is `-1`.
   */
  sign(): Int<null>;
  /**
   * The whole part of a quotient, cut towards zero; null where the other is 0.
   *
   * SQL: `intdiv(value, other)`; `intdiv(-7, 2)` is `-3`.
   */
  intdiv(other: AnyValue): Int<null>;
  /**
   * The year.
   *
   * SQL: `year(value)`; `year(date '2024-03-31')` is `2024`.
   */
  year(): Int<null>;
  /**
   * The quarter, 1 to 4.
   *
   * SQL: `quarter(value)`; `quarter(date '2024-03-31')` is `1`.
   */
  quarter(): Int<null>;
  /**
   * The month, 1 to 12.
   *
   * SQL: `month(value)`; `month(date '2024-03-31')` is `3`.
   */
  month(): Int<null>;
  /**
   * The ISO week, 1 to 53; it starts on Monday.
   *
   * SQL: `week(value)`; `week(date '2024-03-31')` is `13`.
   */
  week(): Int<null>;
  /**
   * The day of the month, 1 to 31.
   *
   * SQL: `day(value)`; `day(date '2024-03-31')` is `31`.
   */
  day(): Int<null>;
  /**
   * The ISO day of the week: Monday is 1, Sunday 7.
   *
   * SQL: `isodow(value)`; `isodow(date '2024-03-31')` is `7`.
   */
  dayOfWeek(): Int<null>;
  /**
   * The day of the year, 1 to 366.
   *
   * SQL: `dayofyear(value)`; `dayofyear(date '2024-03-01')` is `61`.
   */
  dayOfYear(): Int<null>;
  /**
   * The hour, 0 to 23.
   *
   * SQL: `hour(value)`; `hour(timestamp '2024-03-31 23:59:58')` is `23`.
   */
  hour(): Int<null>;
  /**
   * The minute, 0 to 59.
   *
   * SQL: `minute(value)`; `minute(timestamp '2024-03-31 23:59:58')` is `59`.
   */
  minute(): Int<null>;
  /**
   * The whole second, 0 to 59.
   *
   * SQL: `second(value)`; `second(timestamp '2024-03-31 23:59:58.9')` is `58`.
   */
  second(): Int<null>;
  /**
   * Whole seconds since 1970-01-01; a value without a zone is taken as UTC.
   *
   * SQL: `epoch_seconds(value)`; `epoch_seconds(timestamp '1970-01-02 00:00:01')` is `86401`.
   */
  epochSeconds(): Int<null>;
  /**
   * The start of its year, quarter, month, week (Monday), day, hour, minute or second.
   *
   * SQL: `date_trunc(unit, value)`; `date_trunc('month', date '2024-03-31')` is `'2024-03-01'`.
   */
  truncate(unit: "year" | "quarter" | "month" | "week" | "day" | "hour" | "minute" | "second"): Untyped;
  /**
   * How many starts of a unit lie between it and `until`, a week starting on Monday; negative where `until` is earlier.
   *
   * SQL: `date_diff(unit, value, until)`; `date_diff('day', date '2024-02-28', date '2024-03-01')` is `2`.
   */
  dateDiff(unit: "year" | "quarter" | "month" | "week" | "day" | "hour" | "minute" | "second", until: AnyValue): Int<null>;
  /**
   * So many seconds later, or earlier where the count is negative.
   *
   * SQL: `add_seconds(value, count)`; `add_seconds(timestamp '2024-03-31 23:59:58', 3)` is `'2024-04-01 00:00:01'`.
   */
  addSeconds(count: AnyValue): Untyped;
  /**
   * So many minutes later, or earlier where the count is negative.
   *
   * SQL: `add_minutes(value, count)`; `add_minutes(timestamp '2024-03-31 23:59:00', 1)` is `'2024-04-01 00:00:00'`.
   */
  addMinutes(count: AnyValue): Untyped;
  /**
   * So many hours later, or earlier where the count is negative.
   *
   * SQL: `add_hours(value, count)`; `add_hours(timestamp '2024-03-31 23:00:00', -23)` is `'2024-03-31 00:00:00'`.
   */
  addHours(count: AnyValue): Untyped;
  /**
   * So many days later, or earlier where the count is negative.
   *
   * SQL: `add_days(value, count)`; `add_days(date '2024-02-28', 2)` is `'2024-03-01'`.
   */
  addDays(count: AnyValue): Untyped;
  /**
   * So many months (the last day where the month is shorter) later, or earlier where the count is negative.
   *
   * SQL: `add_months(value, count)`; `add_months(date '2024-01-31', 1)` is `'2024-02-29'`.
   */
  addMonths(count: AnyValue): Untyped;
  /**
   * The last day of its month.
   *
   * SQL: `last_day(value)`; `last_day(date '2024-02-10')` is `'2024-02-29'`.
   */
  lastDay(): Day<null>;
  /**
   * As text in a layout of strftime letters (`%Y-%m-%d %H:%M:%S`).
   *
   * SQL: `strftime(value, layout)`; `strftime(date '2024-03-31', '%d.%m.%Y')` is `'31.03.2024'`.
   */
  formatTime(layout: string): Text<null>;
  /**
   * The date that a text in a layout of strftime letters says; null where it does not fit.
   *
   * SQL: `parse_date(value, layout)`; `parse_date('31.03.2024', '%d.%m.%Y')` is `'2024-03-31'`.
   */
  parseDate(layout: string): Day<null>;
  /**
   * The timestamp that a text in a layout of strftime letters says; null where it does not fit.
   *
   * SQL: `parse_timestamp(value, layout)`; `parse_timestamp('31.03.2024 07:08', '%d.%m.%Y %H:%M')` is `'2024-03-31 07:08:00'`.
   */
  parseTimestamp(layout: string): Timestamp<null>;
  /**
   * The value, or the first of the others that is not null.
   *
   * SQL: `coalesce(value, others)`; `coalesce(null, 'a')` is `'a'`.
   */
  orElse(...others: readonly AnyValue[]): Untyped;
  /**
   * Null where it equals the other, else the value.
   *
   * SQL: `nullif(value, other)`; `nullif('', '')` is `null`.
   */
  nullIf(other: AnyValue): Untyped;
  /**
   * The greatest of the values, nulls left aside.
   *
   * SQL: `greatest(value, others)`; `greatest(1, 3, 2)` is `3`.
   */
  greatest(...others: readonly AnyValue[]): Untyped;
  /**
   * The least of the values, nulls left aside.
   *
   * SQL: `least(value, others)`; `least(2, 1, 3)` is `1`.
   */
  least(...others: readonly AnyValue[]): Untyped;
}
