// Written by `npm run generate` from the function catalogue. Change the catalogue, not this file.

import type { AnyColumn, AnyValue, Column, family, Instant, Moment, Null, Operand, Optional, optional, PlainDate, PlainDateTime, PlainTime, Promoted, required, Row } from "./columns.ts";

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
   * Whether it equals one of the values; null where it is null, or equals none of those that are not null.
   *
   * SQL: `'b' in ('a', 'b')`; `'b' in ('a', 'b')` is `true`.
   */
  in<A extends Null = never>(values: readonly (boolean | Operand<"bool", A>)[]): Bool<N | A>;
  /**
   * Whether it equals none of the values; null where it is null, or only a null could be equal.
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
   * The value as JSON: a struct or map as an object, a list as an array, times and uuids as text. A float that is no number has no JSON form: it fails the run.
   *
   * SQL: `to_json(value)`; `to_json('a')` is `'"a"'`.
   */
  toJson(): Json<N>;
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
  /**
   * The value where the condition is true, else null.
   *
   * SQL: `keep_if(value, condition)`; `keep_if(3, 3 > 2)` is `3`.
   */
  keepIf(condition: Operand<"bool", Null>): Bool<null>;
  /**
   * The value, or the bound that it lies beyond.
   *
   * SQL: `clamp(value, low, high)`; `clamp(12, 0, 10)` is `10`.
   */
  clamp<A extends Null = never>(low: boolean | Operand<"bool", A>, high: boolean | Operand<"bool", A>): Bool<N | A>;
  /**
   * The value in the row before, or in the one so many rows before; the fallback where there is no such row.
   *
   * SQL: `lag(value, offset)`; `lag('a', 1, 'b')` is `'b'`.
   */
  lag(offset?: number): Bool<null>;
  /**
   * The value in the row before, or in the one so many rows before; the fallback where there is no such row.
   *
   * SQL: `lag(value, offset, fallback)`; `lag('a', 1, 'b')` is `'b'`.
   */
  lag<A extends Null = never>(offset: number, fallback: boolean | Operand<"bool", A>): Bool<N | A>;
  /**
   * The value in the row behind, or in the one so many rows behind; the fallback where there is no such row.
   *
   * SQL: `lead(value, offset)`; `lead('a', 1, 'b')` is `'b'`.
   */
  lead(offset?: number): Bool<null>;
  /**
   * The value in the row behind, or in the one so many rows behind; the fallback where there is no such row.
   *
   * SQL: `lead(value, offset, fallback)`; `lead('a', 1, 'b')` is `'b'`.
   */
  lead<A extends Null = never>(offset: number, fallback: boolean | Operand<"bool", A>): Bool<N | A>;
  /**
   * As `lag`, over the rows where the value is not null.
   *
   * SQL: `lag_known(value, offset)`; `lag_known('a', 1, 'b')` is `'b'`.
   */
  lagKnown(offset?: number): Bool<null>;
  /**
   * As `lag`, over the rows where the value is not null.
   *
   * SQL: `lag_known(value, offset, fallback)`; `lag_known('a', 1, 'b')` is `'b'`.
   */
  lagKnown<A extends Null = never>(offset: number, fallback: boolean | Operand<"bool", A>): Bool<N | A>;
  /**
   * As `lead`, over the rows where the value is not null.
   *
   * SQL: `lead_known(value, offset)`; `lead_known('a', 1, 'b')` is `'b'`.
   */
  leadKnown(offset?: number): Bool<null>;
  /**
   * As `lead`, over the rows where the value is not null.
   *
   * SQL: `lead_known(value, offset, fallback)`; `lead_known('a', 1, 'b')` is `'b'`.
   */
  leadKnown<A extends Null = never>(offset: number, fallback: boolean | Operand<"bool", A>): Bool<N | A>;
  /**
   * The value in the first row of the frame.
   *
   * SQL: `first_value(value)`; `first_value('a')` is `'a'`.
   */
  firstValue(): Bool<null>;
  /**
   * The value in the last row of the frame, which ends at the row itself where no frame is given.
   *
   * SQL: `last_value(value)`; `last_value('a')` is `'a'`.
   */
  lastValue(): Bool<null>;
  /**
   * The value in a row of the frame by its place, from 1 on.
   *
   * SQL: `nth_value(value, position)`; `nth_value('a', 2)` is `null`.
   */
  nthValue(position: number): Bool<null>;
  /**
   * The first value of the frame that is not null.
   *
   * SQL: `first_known(value)`; `first_known('a')` is `'a'`.
   */
  firstKnown(): Bool<null>;
  /**
   * The last value of the frame that is not null: a gap filled from before.
   *
   * SQL: `last_known(value)`; `last_known('a')` is `'a'`.
   */
  lastKnown(): Bool<null>;
  /**
   * A value of the frame by its place among those that are not null.
   *
   * SQL: `nth_known(value, position)`; `nth_known('a', 2)` is `null`.
   */
  nthKnown(position: number): Bool<null>;
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
   * Whether it equals one of the values; null where it is null, or equals none of those that are not null.
   *
   * SQL: `'b' in ('a', 'b')`; `'b' in ('a', 'b')` is `true`.
   */
  in<A extends Null = never>(values: readonly (string | Operand<"text", A>)[]): Bool<N | A>;
  /**
   * Whether it equals none of the values; null where it is null, or only a null could be equal.
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
   * Both texts or lists, one behind the other.
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
   * Without blanks at both ends, or without any of the characters; tabs and newlines stay where they are not named.
   *
   * SQL: `trim(value, characters)`; `trim('  a b ')` is `'a b'`.
   */
  trim<A extends Null = never>(characters?: string | Operand<"text", A>): Text<N | A>;
  /**
   * Without blanks at the start, or without any of the characters.
   *
   * SQL: `ltrim(value, characters)`; `ltrim('  a ')` is `'a '`.
   */
  ltrim<A extends Null = never>(characters?: string | Operand<"text", A>): Text<N | A>;
  /**
   * Without blanks at the end, or without any of the characters.
   *
   * SQL: `rtrim(value, characters)`; `rtrim(' a  ')` is `' a'`.
   */
  rtrim<A extends Null = never>(characters?: string | Operand<"text", A>): Text<N | A>;
  /**
   * The number of characters of a text, of items of a list (nulls too), of keys of a map.
   *
   * SQL: `length(value)`; `length('Åse')` is `3`.
   */
  length(): Int<N>;
  /**
   * From a position on, the first being 1 (0 counts as 1), -1 the last: `count` characters, or all that follow. Of what would begin before the start only the rest is there.
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
   * Filled from the left up to a length; what is longer is cut at the end. More than 268435456 characters are an error.
   *
   * SQL: `lpad(value, length, fill)`; `lpad('7', 3, '0')` is `'007'`.
   */
  padStart<A extends Null = never>(length: number | bigint | Operand<"int", A>, fill: string | Operand<"text", A>): Text<N | A>;
  /**
   * Filled from the right up to a length; what is longer is cut at the end. More than 268435456 characters are an error.
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
   * Whether the part occurs in the text, or the item in the list; null where the part is null.
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
   * The part at an index, counted from 1, or from the end where negative; empty text where there is none. An empty separator parts nothing.
   *
   * SQL: `split_part(value, separator, index)`; `split_part('a,b,c', ',', 2)` is `'b'`.
   */
  splitPart<A extends Null = never>(separator: string | Operand<"text", A>, index: number | bigint | Operand<"int", A>): Text<N | A>;
  /**
   * The items of a list, or the characters in reverse order; a letter and its combining marks, or a joined emoji, stay together (grapheme clusters).
   *
   * SQL: `reverse(value)`; `reverse('abc')` is `'cba'`.
   */
  reverse(): Text<N>;
  /**
   * As often as said, one behind the other. More than 268435456 bytes are an error.
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
   * The parts between the separators, as a list; an empty separator parts nothing.
   *
   * SQL: `string_split(value, separator)`; `string_split('a,b,', ',')` is `'["a","b",""]'`.
   */
  split<A extends Null = never>(separator: string | Operand<"text", A>): List<Text<null>, N | A>;
  /**
   * Each word in lower case with its first letter in upper case; words end at blanks, in PostgreSQL at every sign.
   *
   * SQL: `initcap(value)`; `initcap('hello WORLD')` is `'Hello World'`.
   */
  initcap(): Text<N>;
  /**
   * Each character of `from` replaced by the one at its place in `to`; those beyond its end are left out.
   *
   * SQL: `translate(value, from, to)`; `translate('a-b.c', '-.', '_')` is `'a_bc'`.
   */
  translate<A extends Null = never>(from: string | Operand<"text", A>, to: string | Operand<"text", A>): Text<N | A>;
  /**
   * How many letters have to be changed, added or taken out to get the other; counted in bytes of UTF-8.
   *
   * SQL: `levenshtein(value, other)`; `levenshtein('kitten', 'sitting')` is `3`.
   */
  levenshtein<A extends Null = never>(other: string | Operand<"text", A>): Int<N | A>;
  /**
   * Letters without their accents; letters of their own such as `Æ` and `ø` stay.
   *
   * SQL: `strip_accents(value)`; `strip_accents('Crème brûlée')` is `'Creme brulee'`.
   */
  stripAccents(): Text<N>;
  /**
   * In Unicode's composed form (NFC), so that equal looking letters are equal.
   *
   * SQL: `nfc_normalize(value)`; `nfc_normalize('A')` is `'A'`.
   */
  normalize(): Text<N>;
  /**
   * Whether a regular expression is found in it; `^…$` for the whole text. Constant patterns keep to what RE2, Java and PostgreSQL read alike; a computed one is not checked, and a wrong one is an error.
   *
   * SQL: `regexp_matches(value, pattern)`; `regexp_matches('hello', 'l+o$')` is `true`.
   */
  matches<A extends Null = never>(pattern: string | Operand<"text", A>): Bool<N | A>;
  /**
   * With every match of a regular expression replaced; `\1` stands for its first group.
   *
   * SQL: `regexp_replace(value, pattern, by)`; `regexp_replace('a1b22', '[0-9]+', '#')` is `'a#b#'`.
   */
  regexpReplace<A extends Null = never>(pattern: string | Operand<"text", A>, by: string | Operand<"text", A>): Text<N | A>;
  /**
   * With the first match of a regular expression replaced; `\1` stands for its first group.
   *
   * SQL: `regexp_replace_first(value, pattern, by)`; `regexp_replace_first('a1b22', '[0-9]+', '#')` is `'a#b22'`.
   */
  regexpReplaceFirst<A extends Null = never>(pattern: string | Operand<"text", A>, by: string | Operand<"text", A>): Text<N | A>;
  /**
   * The first match of a regular expression, or a group of it by number; empty text where nothing matches.
   *
   * SQL: `regexp_extract(value, pattern, group)`; `regexp_extract('a1b22', '([a-z])([0-9]+)', 2)` is `'1'`.
   */
  regexpExtract<A extends Null = never>(pattern: string | Operand<"text", A>, group?: number): Text<N | A>;
  /**
   * Every match of a regular expression, or a group of each by number; a group that the pattern has not is an error.
   *
   * SQL: `regexp_extract_all(value, pattern, group)`; `regexp_extract_all('a1b22', '[0-9]+')` is `'["1","22"]'`.
   */
  regexpExtractAll<A extends Null = never>(pattern: string | Operand<"text", A>, group?: number): List<Text<null>, N | A>;
  /**
   * How often a regular expression is found in it, each match behind the one before.
   *
   * SQL: `regexp_count(value, pattern)`; `regexp_count('a1b22', '[0-9]')` is `3`.
   */
  regexpCount<A extends Null = never>(pattern: string | Operand<"text", A>): Int<N | A>;
  /**
   * The parts between the matches of a regular expression; a pattern that matches empty text parts the characters.
   *
   * SQL: `regexp_split(value, pattern)`; `regexp_split('a1b22c', '[0-9]+')` is `'["a","b","c"]'`.
   */
  regexpSplit<A extends Null = never>(pattern: string | Operand<"text", A>): List<Text<null>, N | A>;
  /**
   * The number of bytes, of text in UTF-8.
   *
   * SQL: `octet_length(value)`; `octet_length('Åse')` is `4`.
   */
  byteLength(): Int<N>;
  /**
   * The bytes, of text in UTF-8, as hexadecimal digits in upper case.
   *
   * SQL: `hex(value)`; `hex('Å')` is `'C385'`.
   */
  toHex(): Text<N>;
  /**
   * The bytes that hexadecimal digits in pairs say; null for any other text.
   *
   * SQL: `unhex(value)`; `unhex('c385')` is `'c385'`.
   */
  fromHex(): Bytes<null>;
  /**
   * The bytes that Base64 says; null for any other text, line breaks and missing padding among them.
   *
   * SQL: `from_base64(value)`; `from_base64('AP8=')` is `'00ff'`.
   */
  fromBase64(): Bytes<null>;
  /**
   * The bytes of the text in UTF-8.
   *
   * SQL: `encode(value)`; `encode('Å')` is `'c385'`.
   */
  toBytes(): Bytes<N>;
  /**
   * The Unicode number of the first character; null for empty text.
   *
   * SQL: `unicode(value)`; `unicode('Åse')` is `197`.
   */
  codePoint(): Int<null>;
  /**
   * The MD5 hash of the bytes, of text in UTF-8, in hexadecimal: for keys, not for secrets.
   *
   * SQL: `md5(value)`; `md5('a')` is `'0cc175b9c0f1b6a831c399e269772661'`.
   */
  md5(): Text<N>;
  /**
   * The SHA-1 hash of the bytes, of text in UTF-8, in hexadecimal. PostgreSQL needs an extension for it.
   *
   * SQL: `sha1(value)`; `sha1('a')` is `'86f7e437faa5a7fce15d1ddcb9eaeaea377667b8'`.
   */
  sha1(): Text<N>;
  /**
   * The SHA-256 hash of the bytes, of text in UTF-8, in hexadecimal.
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
   * The time of day that a text in a layout of strftime letters says; null where it does not fit.
   *
   * SQL: `parse_time(value, layout)`; `parse_time('07.08', '%H.%M')` is `'07:08:00'`.
   */
  parseTime(layout: string): Time<null>;
  /**
   * The timestamp that a text in a layout of strftime letters says; null where it does not fit.
   *
   * SQL: `parse_timestamp(value, layout)`; `parse_timestamp('31.03.2024 07:08', '%d.%m.%Y %H:%M')` is `'2024-03-31 07:08:00'`.
   */
  parseTimestamp(layout: string): Timestamp<null>;
  /**
   * The instant that a text in a layout of strftime letters says, its offset being `%z` and UTC where it has none; null where it does not fit.
   *
   * SQL: `parse_instant(value, layout)`; `parse_instant('2024-03-31 07:08 +0200', '%Y-%m-%d %H:%M %z')` is `'2024-03-31 05:08:00+00'`.
   */
  parseInstant(layout: string): Timestamptz<null>;
  /**
   * The value as JSON: a struct or map as an object, a list as an array, times and uuids as text. A float that is no number has no JSON form: it fails the run.
   *
   * SQL: `to_json(value)`; `to_json('a')` is `'"a"'`.
   */
  toJson(): Json<N>;
  /**
   * The JSON that a text is; null where it is none. The cast to json fails the run there.
   *
   * SQL: `parse_json(value)`; `parse_json('{"a":1}')` is `'{"a":1}'`.
   */
  parseJson(): Json<null>;
  /**
   * Whether a text is JSON.
   *
   * SQL: `json_valid(value)`; `json_valid('[1,')` is `false`.
   */
  isJson(): Bool<N>;
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
  /**
   * The value where the condition is true, else null.
   *
   * SQL: `keep_if(value, condition)`; `keep_if(3, 3 > 2)` is `3`.
   */
  keepIf(condition: Operand<"bool", Null>): Text<null>;
  /**
   * The value, or the bound that it lies beyond.
   *
   * SQL: `clamp(value, low, high)`; `clamp(12, 0, 10)` is `10`.
   */
  clamp<A extends Null = never>(low: string | Operand<"text", A>, high: string | Operand<"text", A>): Text<N | A>;
  /**
   * The value in the row before, or in the one so many rows before; the fallback where there is no such row.
   *
   * SQL: `lag(value, offset)`; `lag('a', 1, 'b')` is `'b'`.
   */
  lag(offset?: number): Text<null>;
  /**
   * The value in the row before, or in the one so many rows before; the fallback where there is no such row.
   *
   * SQL: `lag(value, offset, fallback)`; `lag('a', 1, 'b')` is `'b'`.
   */
  lag<A extends Null = never>(offset: number, fallback: string | Operand<"text", A>): Text<N | A>;
  /**
   * The value in the row behind, or in the one so many rows behind; the fallback where there is no such row.
   *
   * SQL: `lead(value, offset)`; `lead('a', 1, 'b')` is `'b'`.
   */
  lead(offset?: number): Text<null>;
  /**
   * The value in the row behind, or in the one so many rows behind; the fallback where there is no such row.
   *
   * SQL: `lead(value, offset, fallback)`; `lead('a', 1, 'b')` is `'b'`.
   */
  lead<A extends Null = never>(offset: number, fallback: string | Operand<"text", A>): Text<N | A>;
  /**
   * As `lag`, over the rows where the value is not null.
   *
   * SQL: `lag_known(value, offset)`; `lag_known('a', 1, 'b')` is `'b'`.
   */
  lagKnown(offset?: number): Text<null>;
  /**
   * As `lag`, over the rows where the value is not null.
   *
   * SQL: `lag_known(value, offset, fallback)`; `lag_known('a', 1, 'b')` is `'b'`.
   */
  lagKnown<A extends Null = never>(offset: number, fallback: string | Operand<"text", A>): Text<N | A>;
  /**
   * As `lead`, over the rows where the value is not null.
   *
   * SQL: `lead_known(value, offset)`; `lead_known('a', 1, 'b')` is `'b'`.
   */
  leadKnown(offset?: number): Text<null>;
  /**
   * As `lead`, over the rows where the value is not null.
   *
   * SQL: `lead_known(value, offset, fallback)`; `lead_known('a', 1, 'b')` is `'b'`.
   */
  leadKnown<A extends Null = never>(offset: number, fallback: string | Operand<"text", A>): Text<N | A>;
  /**
   * The value in the first row of the frame.
   *
   * SQL: `first_value(value)`; `first_value('a')` is `'a'`.
   */
  firstValue(): Text<null>;
  /**
   * The value in the last row of the frame, which ends at the row itself where no frame is given.
   *
   * SQL: `last_value(value)`; `last_value('a')` is `'a'`.
   */
  lastValue(): Text<null>;
  /**
   * The value in a row of the frame by its place, from 1 on.
   *
   * SQL: `nth_value(value, position)`; `nth_value('a', 2)` is `null`.
   */
  nthValue(position: number): Text<null>;
  /**
   * The first value of the frame that is not null.
   *
   * SQL: `first_known(value)`; `first_known('a')` is `'a'`.
   */
  firstKnown(): Text<null>;
  /**
   * The last value of the frame that is not null: a gap filled from before.
   *
   * SQL: `last_known(value)`; `last_known('a')` is `'a'`.
   */
  lastKnown(): Text<null>;
  /**
   * A value of the frame by its place among those that are not null.
   *
   * SQL: `nth_known(value, position)`; `nth_known('a', 2)` is `null`.
   */
  nthKnown(position: number): Text<null>;
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
   * Whether it equals one of the values; null where it is null, or equals none of those that are not null.
   *
   * SQL: `'b' in ('a', 'b')`; `'b' in ('a', 'b')` is `true`.
   */
  in<A extends Null = never>(values: readonly (number | bigint | Operand<"int" | "decimal" | "float", A>)[]): Bool<N | A>;
  /**
   * Whether it equals none of the values; null where it is null, or only a null could be equal.
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
   * The character with a Unicode number; null where there is none, and for 0. Spark knows those below 256.
   *
   * SQL: `chr(value)`; `chr(197)` is `'Å'`.
   */
  fromCodePoint(): Text<null>;
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
   * Raised to a power: a root of a negative number is not a number (NaN), what no float holds is infinite.
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
   * e raised to it; what no float holds is infinite.
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
   * Cut to `digits` places (0 where absent), towards zero.
   *
   * SQL: `trunc(value)`; `trunc(-2.7)` is `-2`.
   */
  trunc(): Int<N>;
  /**
   * The logarithm to base 10; null for 0 and below.
   *
   * SQL: `log10(value)`; `log10(1000)` is `3`.
   */
  log10(): Float<null>;
  /**
   * The logarithm to base 2; null for 0 and below.
   *
   * SQL: `log2(value)`; `log2(8)` is `3`.
   */
  log2(): Float<null>;
  /**
   * The greatest number that divides both; 0 of two zeros.
   *
   * SQL: `gcd(value, other)`; `gcd(12, 18)` is `6`.
   */
  gcd<A extends Null = never>(other: number | bigint | Operand<"int", A>): Int<N | A>;
  /**
   * The least number that both divide; 0 where one is 0.
   *
   * SQL: `lcm(value, other)`; `lcm(4, 6)` is `12`.
   */
  lcm<A extends Null = never>(other: number | bigint | Operand<"int", A>): Int<N | A>;
  /**
   * Which of `count` equally wide parts from `low` to `high` it lies in: 1 is the first, 0 is below, one more than `count` is above. Null for bounds that leave nothing between them, and for a count below 1.
   *
   * SQL: `width_bucket(value, low, high, count)`; `width_bucket(5, 0, 10, 5)` is `3`.
   */
  widthBucket(low: number | bigint | Operand<"int" | "decimal" | "float", Null>, high: number | bigint | Operand<"int" | "decimal" | "float", Null>, count: number | bigint | Operand<"int", Null>): Int<null>;
  /**
   * The sine; null for infinity and for what is no number (NaN).
   *
   * SQL: `sin(value)`; `sin(0)` is `0`.
   */
  sin(): Float<null>;
  /**
   * The cosine; null for infinity and for what is no number (NaN).
   *
   * SQL: `cos(value)`; `cos(0)` is `1`.
   */
  cos(): Float<null>;
  /**
   * The tangent; null for infinity and for what is no number (NaN).
   *
   * SQL: `tan(value)`; `tan(0)` is `0`.
   */
  tan(): Float<null>;
  /**
   * The angle of a sine; null outside of -1 to 1.
   *
   * SQL: `asin(value)`; `asin(0)` is `0`.
   */
  asin(): Float<null>;
  /**
   * The angle of a cosine; null outside of -1 to 1.
   *
   * SQL: `acos(value)`; `acos(1)` is `0`.
   */
  acos(): Float<null>;
  /**
   * The angle of a tangent.
   *
   * SQL: `atan(value)`; `atan(0)` is `0`.
   */
  atan(): Float<N>;
  /**
   * The angle of the point that lies `x` to the right and the value above.
   *
   * SQL: `atan2(value, x)`; `atan2(0, 1)` is `0`.
   */
  atan2<A extends Null = never>(x: number | bigint | Operand<"int" | "decimal" | "float", A>): Float<N | A>;
  /**
   * An angle in radians as degrees.
   *
   * SQL: `degrees(value)`; `degrees(pi())` is `180`.
   */
  degrees(): Float<N>;
  /**
   * An angle in degrees as radians.
   *
   * SQL: `radians(value)`; `radians(0)` is `0`.
   */
  radians(): Float<N>;
  /**
   * The bits that both have.
   *
   * SQL: `value & other`; `5 & 3` is `1`.
   */
  bitAnd<A extends Null = never>(other: number | bigint | Operand<"int", A>): Int<N | A>;
  /**
   * The bits that one of them has.
   *
   * SQL: `value | other`; `5 | 3` is `7`.
   */
  bitOr<A extends Null = never>(other: number | bigint | Operand<"int", A>): Int<N | A>;
  /**
   * The bits that one of them has and the other has not.
   *
   * SQL: `xor(value, other)`; `xor(5, 3)` is `6`.
   */
  bitXor<A extends Null = never>(other: number | bigint | Operand<"int", A>): Int<N | A>;
  /**
   * Every bit turned.
   *
   * SQL: `bit_not(value)`; `bit_not(5)` is `-6`.
   */
  bitNot(): Int<N>;
  /**
   * How many bits are set.
   *
   * SQL: `bit_count(value)`; `bit_count(7)` is `3`.
   */
  bitCount(): Int<N>;
  /**
   * The bits moved to the left: times 2 as often as said. More than fits is an error, and null where the count is not from 0 to 62.
   *
   * SQL: `shift_left(value, count)`; `shift_left(3, 2)` is `12`.
   */
  shiftLeft(count: number | bigint | Operand<"int", Null>): Int<null>;
  /**
   * The bits moved to the right, the sign kept; null where the count is not from 0 to 63.
   *
   * SQL: `shift_right(value, count)`; `shift_right(13, 2)` is `3`.
   */
  shiftRight(count: number | bigint | Operand<"int", Null>): Int<null>;
  /**
   * The instant so many seconds after 1970-01-01 in UTC.
   *
   * SQL: `from_epoch_seconds(value)`; `from_epoch_seconds(86401)` is `'1970-01-02 00:00:01+00'`.
   */
  fromEpochSeconds(): Timestamptz<N>;
  /**
   * The instant so many milliseconds after 1970-01-01 in UTC.
   *
   * SQL: `from_epoch_ms(value)`; `from_epoch_ms(1500)` is `'1970-01-01 00:00:01.5+00'`.
   */
  fromEpochMillis(): Timestamptz<N>;
  /**
   * The value as JSON: a struct or map as an object, a list as an array, times and uuids as text. A float that is no number has no JSON form: it fails the run.
   *
   * SQL: `to_json(value)`; `to_json('a')` is `'"a"'`.
   */
  toJson(): Json<N>;
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
  /**
   * The value where the condition is true, else null.
   *
   * SQL: `keep_if(value, condition)`; `keep_if(3, 3 > 2)` is `3`.
   */
  keepIf(condition: Operand<"bool", Null>): Int<null>;
  /**
   * The value, or the bound that it lies beyond.
   *
   * SQL: `clamp(value, low, high)`; `clamp(12, 0, 10)` is `10`.
   */
  clamp<F extends "int" | "decimal" | "float" = "int", A extends Null = never>(low: number | bigint | Operand<F, A>, high: number | bigint | Operand<F, A>): Promoted<"int", F, N | A>;
  /**
   * The value in the row before, or in the one so many rows before; the fallback where there is no such row.
   *
   * SQL: `lag(value, offset)`; `lag('a', 1, 'b')` is `'b'`.
   */
  lag(offset?: number): Int<null>;
  /**
   * The value in the row before, or in the one so many rows before; the fallback where there is no such row.
   *
   * SQL: `lag(value, offset, fallback)`; `lag('a', 1, 'b')` is `'b'`.
   */
  lag<F extends "int" | "decimal" | "float" = "int", A extends Null = never>(offset: number, fallback: number | bigint | Operand<F, A>): Promoted<"int", F, N | A>;
  /**
   * The value in the row behind, or in the one so many rows behind; the fallback where there is no such row.
   *
   * SQL: `lead(value, offset)`; `lead('a', 1, 'b')` is `'b'`.
   */
  lead(offset?: number): Int<null>;
  /**
   * The value in the row behind, or in the one so many rows behind; the fallback where there is no such row.
   *
   * SQL: `lead(value, offset, fallback)`; `lead('a', 1, 'b')` is `'b'`.
   */
  lead<F extends "int" | "decimal" | "float" = "int", A extends Null = never>(offset: number, fallback: number | bigint | Operand<F, A>): Promoted<"int", F, N | A>;
  /**
   * As `lag`, over the rows where the value is not null.
   *
   * SQL: `lag_known(value, offset)`; `lag_known('a', 1, 'b')` is `'b'`.
   */
  lagKnown(offset?: number): Int<null>;
  /**
   * As `lag`, over the rows where the value is not null.
   *
   * SQL: `lag_known(value, offset, fallback)`; `lag_known('a', 1, 'b')` is `'b'`.
   */
  lagKnown<F extends "int" | "decimal" | "float" = "int", A extends Null = never>(offset: number, fallback: number | bigint | Operand<F, A>): Promoted<"int", F, N | A>;
  /**
   * As `lead`, over the rows where the value is not null.
   *
   * SQL: `lead_known(value, offset)`; `lead_known('a', 1, 'b')` is `'b'`.
   */
  leadKnown(offset?: number): Int<null>;
  /**
   * As `lead`, over the rows where the value is not null.
   *
   * SQL: `lead_known(value, offset, fallback)`; `lead_known('a', 1, 'b')` is `'b'`.
   */
  leadKnown<F extends "int" | "decimal" | "float" = "int", A extends Null = never>(offset: number, fallback: number | bigint | Operand<F, A>): Promoted<"int", F, N | A>;
  /**
   * The value in the first row of the frame.
   *
   * SQL: `first_value(value)`; `first_value('a')` is `'a'`.
   */
  firstValue(): Int<null>;
  /**
   * The value in the last row of the frame, which ends at the row itself where no frame is given.
   *
   * SQL: `last_value(value)`; `last_value('a')` is `'a'`.
   */
  lastValue(): Int<null>;
  /**
   * The value in a row of the frame by its place, from 1 on.
   *
   * SQL: `nth_value(value, position)`; `nth_value('a', 2)` is `null`.
   */
  nthValue(position: number): Int<null>;
  /**
   * The first value of the frame that is not null.
   *
   * SQL: `first_known(value)`; `first_known('a')` is `'a'`.
   */
  firstKnown(): Int<null>;
  /**
   * The last value of the frame that is not null: a gap filled from before.
   *
   * SQL: `last_known(value)`; `last_known('a')` is `'a'`.
   */
  lastKnown(): Int<null>;
  /**
   * A value of the frame by its place among those that are not null.
   *
   * SQL: `nth_known(value, position)`; `nth_known('a', 2)` is `null`.
   */
  nthKnown(position: number): Int<null>;
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
   * Whether it equals one of the values; null where it is null, or equals none of those that are not null.
   *
   * SQL: `'b' in ('a', 'b')`; `'b' in ('a', 'b')` is `true`.
   */
  in<A extends Null = never>(values: readonly (number | bigint | `${number}` | Operand<"int" | "decimal" | "float", A>)[]): Bool<N | A>;
  /**
   * Whether it equals none of the values; null where it is null, or only a null could be equal.
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
   * Raised to a power: a root of a negative number is not a number (NaN), what no float holds is infinite.
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
   * e raised to it; what no float holds is infinite.
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
   * Cut to `digits` places (0 where absent), towards zero.
   *
   * SQL: `trunc(value, digits)`; `trunc(-2.7)` is `-2`.
   */
  trunc(digits?: number): Decimal<N>;
  /**
   * The logarithm to base 10; null for 0 and below.
   *
   * SQL: `log10(value)`; `log10(1000)` is `3`.
   */
  log10(): Float<null>;
  /**
   * The logarithm to base 2; null for 0 and below.
   *
   * SQL: `log2(value)`; `log2(8)` is `3`.
   */
  log2(): Float<null>;
  /**
   * Which of `count` equally wide parts from `low` to `high` it lies in: 1 is the first, 0 is below, one more than `count` is above. Null for bounds that leave nothing between them, and for a count below 1.
   *
   * SQL: `width_bucket(value, low, high, count)`; `width_bucket(5, 0, 10, 5)` is `3`.
   */
  widthBucket(low: number | bigint | Operand<"int" | "decimal" | "float", Null>, high: number | bigint | Operand<"int" | "decimal" | "float", Null>, count: number | bigint | Operand<"int", Null>): Int<null>;
  /**
   * The sine; null for infinity and for what is no number (NaN).
   *
   * SQL: `sin(value)`; `sin(0)` is `0`.
   */
  sin(): Float<null>;
  /**
   * The cosine; null for infinity and for what is no number (NaN).
   *
   * SQL: `cos(value)`; `cos(0)` is `1`.
   */
  cos(): Float<null>;
  /**
   * The tangent; null for infinity and for what is no number (NaN).
   *
   * SQL: `tan(value)`; `tan(0)` is `0`.
   */
  tan(): Float<null>;
  /**
   * The angle of a sine; null outside of -1 to 1.
   *
   * SQL: `asin(value)`; `asin(0)` is `0`.
   */
  asin(): Float<null>;
  /**
   * The angle of a cosine; null outside of -1 to 1.
   *
   * SQL: `acos(value)`; `acos(1)` is `0`.
   */
  acos(): Float<null>;
  /**
   * The angle of a tangent.
   *
   * SQL: `atan(value)`; `atan(0)` is `0`.
   */
  atan(): Float<N>;
  /**
   * The angle of the point that lies `x` to the right and the value above.
   *
   * SQL: `atan2(value, x)`; `atan2(0, 1)` is `0`.
   */
  atan2<A extends Null = never>(x: number | bigint | Operand<"int" | "decimal" | "float", A>): Float<N | A>;
  /**
   * An angle in radians as degrees.
   *
   * SQL: `degrees(value)`; `degrees(pi())` is `180`.
   */
  degrees(): Float<N>;
  /**
   * An angle in degrees as radians.
   *
   * SQL: `radians(value)`; `radians(0)` is `0`.
   */
  radians(): Float<N>;
  /**
   * The value as JSON: a struct or map as an object, a list as an array, times and uuids as text. A float that is no number has no JSON form: it fails the run.
   *
   * SQL: `to_json(value)`; `to_json('a')` is `'"a"'`.
   */
  toJson(): Json<N>;
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
  /**
   * The value where the condition is true, else null.
   *
   * SQL: `keep_if(value, condition)`; `keep_if(3, 3 > 2)` is `3`.
   */
  keepIf(condition: Operand<"bool", Null>): Decimal<null>;
  /**
   * The value, or the bound that it lies beyond.
   *
   * SQL: `clamp(value, low, high)`; `clamp(12, 0, 10)` is `10`.
   */
  clamp<F extends "int" | "decimal" | "float" = "decimal", A extends Null = never>(low: number | bigint | `${number}` | Operand<F, A>, high: number | bigint | `${number}` | Operand<F, A>): Promoted<"decimal", F, N | A>;
  /**
   * The value in the row before, or in the one so many rows before; the fallback where there is no such row.
   *
   * SQL: `lag(value, offset)`; `lag('a', 1, 'b')` is `'b'`.
   */
  lag(offset?: number): Decimal<null>;
  /**
   * The value in the row before, or in the one so many rows before; the fallback where there is no such row.
   *
   * SQL: `lag(value, offset, fallback)`; `lag('a', 1, 'b')` is `'b'`.
   */
  lag<F extends "int" | "decimal" | "float" = "decimal", A extends Null = never>(offset: number, fallback: number | bigint | `${number}` | Operand<F, A>): Promoted<"decimal", F, N | A>;
  /**
   * The value in the row behind, or in the one so many rows behind; the fallback where there is no such row.
   *
   * SQL: `lead(value, offset)`; `lead('a', 1, 'b')` is `'b'`.
   */
  lead(offset?: number): Decimal<null>;
  /**
   * The value in the row behind, or in the one so many rows behind; the fallback where there is no such row.
   *
   * SQL: `lead(value, offset, fallback)`; `lead('a', 1, 'b')` is `'b'`.
   */
  lead<F extends "int" | "decimal" | "float" = "decimal", A extends Null = never>(offset: number, fallback: number | bigint | `${number}` | Operand<F, A>): Promoted<"decimal", F, N | A>;
  /**
   * As `lag`, over the rows where the value is not null.
   *
   * SQL: `lag_known(value, offset)`; `lag_known('a', 1, 'b')` is `'b'`.
   */
  lagKnown(offset?: number): Decimal<null>;
  /**
   * As `lag`, over the rows where the value is not null.
   *
   * SQL: `lag_known(value, offset, fallback)`; `lag_known('a', 1, 'b')` is `'b'`.
   */
  lagKnown<F extends "int" | "decimal" | "float" = "decimal", A extends Null = never>(offset: number, fallback: number | bigint | `${number}` | Operand<F, A>): Promoted<"decimal", F, N | A>;
  /**
   * As `lead`, over the rows where the value is not null.
   *
   * SQL: `lead_known(value, offset)`; `lead_known('a', 1, 'b')` is `'b'`.
   */
  leadKnown(offset?: number): Decimal<null>;
  /**
   * As `lead`, over the rows where the value is not null.
   *
   * SQL: `lead_known(value, offset, fallback)`; `lead_known('a', 1, 'b')` is `'b'`.
   */
  leadKnown<F extends "int" | "decimal" | "float" = "decimal", A extends Null = never>(offset: number, fallback: number | bigint | `${number}` | Operand<F, A>): Promoted<"decimal", F, N | A>;
  /**
   * The value in the first row of the frame.
   *
   * SQL: `first_value(value)`; `first_value('a')` is `'a'`.
   */
  firstValue(): Decimal<null>;
  /**
   * The value in the last row of the frame, which ends at the row itself where no frame is given.
   *
   * SQL: `last_value(value)`; `last_value('a')` is `'a'`.
   */
  lastValue(): Decimal<null>;
  /**
   * The value in a row of the frame by its place, from 1 on.
   *
   * SQL: `nth_value(value, position)`; `nth_value('a', 2)` is `null`.
   */
  nthValue(position: number): Decimal<null>;
  /**
   * The first value of the frame that is not null.
   *
   * SQL: `first_known(value)`; `first_known('a')` is `'a'`.
   */
  firstKnown(): Decimal<null>;
  /**
   * The last value of the frame that is not null: a gap filled from before.
   *
   * SQL: `last_known(value)`; `last_known('a')` is `'a'`.
   */
  lastKnown(): Decimal<null>;
  /**
   * A value of the frame by its place among those that are not null.
   *
   * SQL: `nth_known(value, position)`; `nth_known('a', 2)` is `null`.
   */
  nthKnown(position: number): Decimal<null>;
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
   * Whether it equals one of the values; null where it is null, or equals none of those that are not null.
   *
   * SQL: `'b' in ('a', 'b')`; `'b' in ('a', 'b')` is `true`.
   */
  in<A extends Null = never>(values: readonly (number | Operand<"int" | "decimal" | "float", A>)[]): Bool<N | A>;
  /**
   * Whether it equals none of the values; null where it is null, or only a null could be equal.
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
   * Raised to a power: a root of a negative number is not a number (NaN), what no float holds is infinite.
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
   * e raised to it; what no float holds is infinite.
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
   * Cut to `digits` places (0 where absent), towards zero.
   *
   * SQL: `trunc(value, digits)`; `trunc(-2.7)` is `-2`.
   */
  trunc(digits?: number): Float<N>;
  /**
   * The logarithm to base 10; null for 0 and below.
   *
   * SQL: `log10(value)`; `log10(1000)` is `3`.
   */
  log10(): Float<null>;
  /**
   * The logarithm to base 2; null for 0 and below.
   *
   * SQL: `log2(value)`; `log2(8)` is `3`.
   */
  log2(): Float<null>;
  /**
   * Whether it is the float that is not a number.
   *
   * SQL: `isnan(value)`; `isnan(1.5)` is `false`.
   */
  isNaN(): Bool<N>;
  /**
   * Whether it is a number and not infinite.
   *
   * SQL: `isfinite(value)`; `isfinite(1.5)` is `true`.
   */
  isFinite(): Bool<N>;
  /**
   * Which of `count` equally wide parts from `low` to `high` it lies in: 1 is the first, 0 is below, one more than `count` is above. Null for bounds that leave nothing between them, and for a count below 1.
   *
   * SQL: `width_bucket(value, low, high, count)`; `width_bucket(5, 0, 10, 5)` is `3`.
   */
  widthBucket(low: number | bigint | Operand<"int" | "decimal" | "float", Null>, high: number | bigint | Operand<"int" | "decimal" | "float", Null>, count: number | bigint | Operand<"int", Null>): Int<null>;
  /**
   * The sine; null for infinity and for what is no number (NaN).
   *
   * SQL: `sin(value)`; `sin(0)` is `0`.
   */
  sin(): Float<null>;
  /**
   * The cosine; null for infinity and for what is no number (NaN).
   *
   * SQL: `cos(value)`; `cos(0)` is `1`.
   */
  cos(): Float<null>;
  /**
   * The tangent; null for infinity and for what is no number (NaN).
   *
   * SQL: `tan(value)`; `tan(0)` is `0`.
   */
  tan(): Float<null>;
  /**
   * The angle of a sine; null outside of -1 to 1.
   *
   * SQL: `asin(value)`; `asin(0)` is `0`.
   */
  asin(): Float<null>;
  /**
   * The angle of a cosine; null outside of -1 to 1.
   *
   * SQL: `acos(value)`; `acos(1)` is `0`.
   */
  acos(): Float<null>;
  /**
   * The angle of a tangent.
   *
   * SQL: `atan(value)`; `atan(0)` is `0`.
   */
  atan(): Float<N>;
  /**
   * The angle of the point that lies `x` to the right and the value above.
   *
   * SQL: `atan2(value, x)`; `atan2(0, 1)` is `0`.
   */
  atan2<A extends Null = never>(x: number | bigint | Operand<"int" | "decimal" | "float", A>): Float<N | A>;
  /**
   * An angle in radians as degrees.
   *
   * SQL: `degrees(value)`; `degrees(pi())` is `180`.
   */
  degrees(): Float<N>;
  /**
   * An angle in degrees as radians.
   *
   * SQL: `radians(value)`; `radians(0)` is `0`.
   */
  radians(): Float<N>;
  /**
   * The value as JSON: a struct or map as an object, a list as an array, times and uuids as text. A float that is no number has no JSON form: it fails the run.
   *
   * SQL: `to_json(value)`; `to_json('a')` is `'"a"'`.
   */
  toJson(): Json<N>;
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
  /**
   * The value where the condition is true, else null.
   *
   * SQL: `keep_if(value, condition)`; `keep_if(3, 3 > 2)` is `3`.
   */
  keepIf(condition: Operand<"bool", Null>): Float<null>;
  /**
   * The value, or the bound that it lies beyond.
   *
   * SQL: `clamp(value, low, high)`; `clamp(12, 0, 10)` is `10`.
   */
  clamp<F extends "int" | "decimal" | "float" = "float", A extends Null = never>(low: number | Operand<F, A>, high: number | Operand<F, A>): Promoted<"float", F, N | A>;
  /**
   * The value in the row before, or in the one so many rows before; the fallback where there is no such row.
   *
   * SQL: `lag(value, offset)`; `lag('a', 1, 'b')` is `'b'`.
   */
  lag(offset?: number): Float<null>;
  /**
   * The value in the row before, or in the one so many rows before; the fallback where there is no such row.
   *
   * SQL: `lag(value, offset, fallback)`; `lag('a', 1, 'b')` is `'b'`.
   */
  lag<F extends "int" | "decimal" | "float" = "float", A extends Null = never>(offset: number, fallback: number | Operand<F, A>): Promoted<"float", F, N | A>;
  /**
   * The value in the row behind, or in the one so many rows behind; the fallback where there is no such row.
   *
   * SQL: `lead(value, offset)`; `lead('a', 1, 'b')` is `'b'`.
   */
  lead(offset?: number): Float<null>;
  /**
   * The value in the row behind, or in the one so many rows behind; the fallback where there is no such row.
   *
   * SQL: `lead(value, offset, fallback)`; `lead('a', 1, 'b')` is `'b'`.
   */
  lead<F extends "int" | "decimal" | "float" = "float", A extends Null = never>(offset: number, fallback: number | Operand<F, A>): Promoted<"float", F, N | A>;
  /**
   * As `lag`, over the rows where the value is not null.
   *
   * SQL: `lag_known(value, offset)`; `lag_known('a', 1, 'b')` is `'b'`.
   */
  lagKnown(offset?: number): Float<null>;
  /**
   * As `lag`, over the rows where the value is not null.
   *
   * SQL: `lag_known(value, offset, fallback)`; `lag_known('a', 1, 'b')` is `'b'`.
   */
  lagKnown<F extends "int" | "decimal" | "float" = "float", A extends Null = never>(offset: number, fallback: number | Operand<F, A>): Promoted<"float", F, N | A>;
  /**
   * As `lead`, over the rows where the value is not null.
   *
   * SQL: `lead_known(value, offset)`; `lead_known('a', 1, 'b')` is `'b'`.
   */
  leadKnown(offset?: number): Float<null>;
  /**
   * As `lead`, over the rows where the value is not null.
   *
   * SQL: `lead_known(value, offset, fallback)`; `lead_known('a', 1, 'b')` is `'b'`.
   */
  leadKnown<F extends "int" | "decimal" | "float" = "float", A extends Null = never>(offset: number, fallback: number | Operand<F, A>): Promoted<"float", F, N | A>;
  /**
   * The value in the first row of the frame.
   *
   * SQL: `first_value(value)`; `first_value('a')` is `'a'`.
   */
  firstValue(): Float<null>;
  /**
   * The value in the last row of the frame, which ends at the row itself where no frame is given.
   *
   * SQL: `last_value(value)`; `last_value('a')` is `'a'`.
   */
  lastValue(): Float<null>;
  /**
   * The value in a row of the frame by its place, from 1 on.
   *
   * SQL: `nth_value(value, position)`; `nth_value('a', 2)` is `null`.
   */
  nthValue(position: number): Float<null>;
  /**
   * The first value of the frame that is not null.
   *
   * SQL: `first_known(value)`; `first_known('a')` is `'a'`.
   */
  firstKnown(): Float<null>;
  /**
   * The last value of the frame that is not null: a gap filled from before.
   *
   * SQL: `last_known(value)`; `last_known('a')` is `'a'`.
   */
  lastKnown(): Float<null>;
  /**
   * A value of the frame by its place among those that are not null.
   *
   * SQL: `nth_known(value, position)`; `nth_known('a', 2)` is `null`.
   */
  nthKnown(position: number): Float<null>;
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
   * Whether it equals one of the values; null where it is null, or equals none of those that are not null.
   *
   * SQL: `'b' in ('a', 'b')`; `'b' in ('a', 'b')` is `true`.
   */
  in<A extends Null = never>(values: readonly (`${number}-${number}-${number}` | PlainDate | Operand<"date", A>)[]): Bool<N | A>;
  /**
   * Whether it equals none of the values; null where it is null, or only a null could be equal.
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
   * The year that its ISO week belongs to.
   *
   * SQL: `isoyear(value)`; `isoyear(date '2024-12-30')` is `2025`.
   */
  isoYear(): Int<N>;
  /**
   * Whole milliseconds since 1970-01-01; a value without a zone is taken as UTC.
   *
   * SQL: `epoch_ms(value)`; `epoch_ms(timestamp '1970-01-01 00:00:01.5')` is `1500`.
   */
  epochMillis(): Int<N>;
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
   * How many whole units lie between it and `until`: the most that can be added to it (as `add_months` does) without going beyond; negative where `until` is earlier.
   *
   * SQL: `date_diff_full(unit, value, until)`; `date_diff_full('month', date '2024-01-31', date '2024-02-28')` is `0`.
   */
  dateDiffFull<A extends Null = never>(unit: "year" | "quarter" | "month" | "week" | "day", until: `${number}-${number}-${number}` | PlainDate | Operand<"date", A>): Int<N | A>;
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
   * So many weeks later, or earlier where the count is negative.
   *
   * SQL: `add_weeks(value, count)`; `add_weeks(date '2024-02-22', 1)` is `'2024-02-29'`.
   */
  addWeeks<A extends Null = never>(count: number | bigint | Operand<"int", A>): Day<N | A>;
  /**
   * So many quarters (the last day where the month is shorter) later, or earlier where the count is negative.
   *
   * SQL: `add_quarters(value, count)`; `add_quarters(date '2023-11-30', 1)` is `'2024-02-29'`.
   */
  addQuarters<A extends Null = never>(count: number | bigint | Operand<"int", A>): Day<N | A>;
  /**
   * So many years (29 February becomes the 28th where there is none) later, or earlier where the count is negative.
   *
   * SQL: `add_years(value, count)`; `add_years(date '2024-02-29', 1)` is `'2025-02-28'`.
   */
  addYears<A extends Null = never>(count: number | bigint | Operand<"int", A>): Day<N | A>;
  /**
   * The number of days of its month.
   *
   * SQL: `days_in_month(value)`; `days_in_month(date '2024-02-10')` is `29`.
   */
  daysInMonth(): Int<N>;
  /**
   * The last day of its month.
   *
   * SQL: `last_day(value)`; `last_day(date '2024-02-10')` is `'2024-02-29'`.
   */
  lastDay(): Day<N>;
  /**
   * As text in a layout of strftime letters (`%Y-%m-%d %H:%M:%S`), an instant in UTC, names in English.
   *
   * SQL: `strftime(value, layout)`; `strftime(date '2024-03-31', '%d.%m.%Y')` is `'31.03.2024'`.
   */
  formatTime(layout: string): Text<N>;
  /**
   * The English name of the day.
   *
   * SQL: `dayname(value)`; `dayname(date '2024-03-31')` is `'Sunday'`.
   */
  dayName(): Text<N>;
  /**
   * The English name of the month.
   *
   * SQL: `monthname(value)`; `monthname(date '2024-03-31')` is `'March'`.
   */
  monthName(): Text<N>;
  /**
   * The value as JSON: a struct or map as an object, a list as an array, times and uuids as text. A float that is no number has no JSON form: it fails the run.
   *
   * SQL: `to_json(value)`; `to_json('a')` is `'"a"'`.
   */
  toJson(): Json<N>;
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
  /**
   * The value where the condition is true, else null.
   *
   * SQL: `keep_if(value, condition)`; `keep_if(3, 3 > 2)` is `3`.
   */
  keepIf(condition: Operand<"bool", Null>): Day<null>;
  /**
   * The value, or the bound that it lies beyond.
   *
   * SQL: `clamp(value, low, high)`; `clamp(12, 0, 10)` is `10`.
   */
  clamp<A extends Null = never>(low: `${number}-${number}-${number}` | PlainDate | Operand<"date", A>, high: `${number}-${number}-${number}` | PlainDate | Operand<"date", A>): Day<N | A>;
  /**
   * The value in the row before, or in the one so many rows before; the fallback where there is no such row.
   *
   * SQL: `lag(value, offset)`; `lag('a', 1, 'b')` is `'b'`.
   */
  lag(offset?: number): Day<null>;
  /**
   * The value in the row before, or in the one so many rows before; the fallback where there is no such row.
   *
   * SQL: `lag(value, offset, fallback)`; `lag('a', 1, 'b')` is `'b'`.
   */
  lag<A extends Null = never>(offset: number, fallback: `${number}-${number}-${number}` | PlainDate | Operand<"date", A>): Day<N | A>;
  /**
   * The value in the row behind, or in the one so many rows behind; the fallback where there is no such row.
   *
   * SQL: `lead(value, offset)`; `lead('a', 1, 'b')` is `'b'`.
   */
  lead(offset?: number): Day<null>;
  /**
   * The value in the row behind, or in the one so many rows behind; the fallback where there is no such row.
   *
   * SQL: `lead(value, offset, fallback)`; `lead('a', 1, 'b')` is `'b'`.
   */
  lead<A extends Null = never>(offset: number, fallback: `${number}-${number}-${number}` | PlainDate | Operand<"date", A>): Day<N | A>;
  /**
   * As `lag`, over the rows where the value is not null.
   *
   * SQL: `lag_known(value, offset)`; `lag_known('a', 1, 'b')` is `'b'`.
   */
  lagKnown(offset?: number): Day<null>;
  /**
   * As `lag`, over the rows where the value is not null.
   *
   * SQL: `lag_known(value, offset, fallback)`; `lag_known('a', 1, 'b')` is `'b'`.
   */
  lagKnown<A extends Null = never>(offset: number, fallback: `${number}-${number}-${number}` | PlainDate | Operand<"date", A>): Day<N | A>;
  /**
   * As `lead`, over the rows where the value is not null.
   *
   * SQL: `lead_known(value, offset)`; `lead_known('a', 1, 'b')` is `'b'`.
   */
  leadKnown(offset?: number): Day<null>;
  /**
   * As `lead`, over the rows where the value is not null.
   *
   * SQL: `lead_known(value, offset, fallback)`; `lead_known('a', 1, 'b')` is `'b'`.
   */
  leadKnown<A extends Null = never>(offset: number, fallback: `${number}-${number}-${number}` | PlainDate | Operand<"date", A>): Day<N | A>;
  /**
   * The value in the first row of the frame.
   *
   * SQL: `first_value(value)`; `first_value('a')` is `'a'`.
   */
  firstValue(): Day<null>;
  /**
   * The value in the last row of the frame, which ends at the row itself where no frame is given.
   *
   * SQL: `last_value(value)`; `last_value('a')` is `'a'`.
   */
  lastValue(): Day<null>;
  /**
   * The value in a row of the frame by its place, from 1 on.
   *
   * SQL: `nth_value(value, position)`; `nth_value('a', 2)` is `null`.
   */
  nthValue(position: number): Day<null>;
  /**
   * The first value of the frame that is not null.
   *
   * SQL: `first_known(value)`; `first_known('a')` is `'a'`.
   */
  firstKnown(): Day<null>;
  /**
   * The last value of the frame that is not null: a gap filled from before.
   *
   * SQL: `last_known(value)`; `last_known('a')` is `'a'`.
   */
  lastKnown(): Day<null>;
  /**
   * A value of the frame by its place among those that are not null.
   *
   * SQL: `nth_known(value, position)`; `nth_known('a', 2)` is `null`.
   */
  nthKnown(position: number): Day<null>;
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
   * Whether it equals one of the values; null where it is null, or equals none of those that are not null.
   *
   * SQL: `'b' in ('a', 'b')`; `'b' in ('a', 'b')` is `true`.
   */
  in<A extends Null = never>(values: readonly (`${number}:${string}` | PlainTime | Operand<"time", A>)[]): Bool<N | A>;
  /**
   * Whether it equals none of the values; null where it is null, or only a null could be equal.
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
   * The fraction of its second, in microseconds.
   *
   * SQL: `microsecond(value)`; `microsecond(timestamp '2024-03-31 23:59:58.9')` is `900000`.
   */
  microsecond(): Int<N>;
  /**
   * The value as JSON: a struct or map as an object, a list as an array, times and uuids as text. A float that is no number has no JSON form: it fails the run.
   *
   * SQL: `to_json(value)`; `to_json('a')` is `'"a"'`.
   */
  toJson(): Json<N>;
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
  /**
   * The value where the condition is true, else null.
   *
   * SQL: `keep_if(value, condition)`; `keep_if(3, 3 > 2)` is `3`.
   */
  keepIf(condition: Operand<"bool", Null>): Time<null>;
  /**
   * The value, or the bound that it lies beyond.
   *
   * SQL: `clamp(value, low, high)`; `clamp(12, 0, 10)` is `10`.
   */
  clamp<A extends Null = never>(low: `${number}:${string}` | PlainTime | Operand<"time", A>, high: `${number}:${string}` | PlainTime | Operand<"time", A>): Time<N | A>;
  /**
   * The value in the row before, or in the one so many rows before; the fallback where there is no such row.
   *
   * SQL: `lag(value, offset)`; `lag('a', 1, 'b')` is `'b'`.
   */
  lag(offset?: number): Time<null>;
  /**
   * The value in the row before, or in the one so many rows before; the fallback where there is no such row.
   *
   * SQL: `lag(value, offset, fallback)`; `lag('a', 1, 'b')` is `'b'`.
   */
  lag<A extends Null = never>(offset: number, fallback: `${number}:${string}` | PlainTime | Operand<"time", A>): Time<N | A>;
  /**
   * The value in the row behind, or in the one so many rows behind; the fallback where there is no such row.
   *
   * SQL: `lead(value, offset)`; `lead('a', 1, 'b')` is `'b'`.
   */
  lead(offset?: number): Time<null>;
  /**
   * The value in the row behind, or in the one so many rows behind; the fallback where there is no such row.
   *
   * SQL: `lead(value, offset, fallback)`; `lead('a', 1, 'b')` is `'b'`.
   */
  lead<A extends Null = never>(offset: number, fallback: `${number}:${string}` | PlainTime | Operand<"time", A>): Time<N | A>;
  /**
   * As `lag`, over the rows where the value is not null.
   *
   * SQL: `lag_known(value, offset)`; `lag_known('a', 1, 'b')` is `'b'`.
   */
  lagKnown(offset?: number): Time<null>;
  /**
   * As `lag`, over the rows where the value is not null.
   *
   * SQL: `lag_known(value, offset, fallback)`; `lag_known('a', 1, 'b')` is `'b'`.
   */
  lagKnown<A extends Null = never>(offset: number, fallback: `${number}:${string}` | PlainTime | Operand<"time", A>): Time<N | A>;
  /**
   * As `lead`, over the rows where the value is not null.
   *
   * SQL: `lead_known(value, offset)`; `lead_known('a', 1, 'b')` is `'b'`.
   */
  leadKnown(offset?: number): Time<null>;
  /**
   * As `lead`, over the rows where the value is not null.
   *
   * SQL: `lead_known(value, offset, fallback)`; `lead_known('a', 1, 'b')` is `'b'`.
   */
  leadKnown<A extends Null = never>(offset: number, fallback: `${number}:${string}` | PlainTime | Operand<"time", A>): Time<N | A>;
  /**
   * The value in the first row of the frame.
   *
   * SQL: `first_value(value)`; `first_value('a')` is `'a'`.
   */
  firstValue(): Time<null>;
  /**
   * The value in the last row of the frame, which ends at the row itself where no frame is given.
   *
   * SQL: `last_value(value)`; `last_value('a')` is `'a'`.
   */
  lastValue(): Time<null>;
  /**
   * The value in a row of the frame by its place, from 1 on.
   *
   * SQL: `nth_value(value, position)`; `nth_value('a', 2)` is `null`.
   */
  nthValue(position: number): Time<null>;
  /**
   * The first value of the frame that is not null.
   *
   * SQL: `first_known(value)`; `first_known('a')` is `'a'`.
   */
  firstKnown(): Time<null>;
  /**
   * The last value of the frame that is not null: a gap filled from before.
   *
   * SQL: `last_known(value)`; `last_known('a')` is `'a'`.
   */
  lastKnown(): Time<null>;
  /**
   * A value of the frame by its place among those that are not null.
   *
   * SQL: `nth_known(value, position)`; `nth_known('a', 2)` is `null`.
   */
  nthKnown(position: number): Time<null>;
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
   * Whether it equals one of the values; null where it is null, or equals none of those that are not null.
   *
   * SQL: `'b' in ('a', 'b')`; `'b' in ('a', 'b')` is `true`.
   */
  in<A extends Null = never>(values: readonly (`${number}-${number}-${string}` | PlainDateTime | Operand<"timestamp", A>)[]): Bool<N | A>;
  /**
   * Whether it equals none of the values; null where it is null, or only a null could be equal.
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
   * The fraction of its second, in microseconds.
   *
   * SQL: `microsecond(value)`; `microsecond(timestamp '2024-03-31 23:59:58.9')` is `900000`.
   */
  microsecond(): Int<N>;
  /**
   * The year that its ISO week belongs to.
   *
   * SQL: `isoyear(value)`; `isoyear(date '2024-12-30')` is `2025`.
   */
  isoYear(): Int<N>;
  /**
   * Whole milliseconds since 1970-01-01; a value without a zone is taken as UTC.
   *
   * SQL: `epoch_ms(value)`; `epoch_ms(timestamp '1970-01-01 00:00:01.5')` is `1500`.
   */
  epochMillis(): Int<N>;
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
   * How many whole units lie between it and `until`: the most that can be added to it (as `add_months` does) without going beyond; negative where `until` is earlier.
   *
   * SQL: `date_diff_full(unit, value, until)`; `date_diff_full('month', date '2024-01-31', date '2024-02-28')` is `0`.
   */
  dateDiffFull<A extends Null = never>(unit: "year" | "quarter" | "month" | "week" | "day" | "hour" | "minute" | "second", until: `${number}-${number}-${string}` | PlainDateTime | Operand<"timestamp", A>): Int<N | A>;
  /**
   * So many milliseconds later, or earlier where the count is negative.
   *
   * SQL: `add_milliseconds(value, count)`; `add_milliseconds(timestamp '2024-03-31 23:59:58', 2500)` is `'2024-04-01 00:00:00.5'`.
   */
  addMilliseconds<A extends Null = never>(count: number | bigint | Operand<"int", A>): Timestamp<N | A>;
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
   * So many weeks later, or earlier where the count is negative.
   *
   * SQL: `add_weeks(value, count)`; `add_weeks(date '2024-02-22', 1)` is `'2024-02-29'`.
   */
  addWeeks<A extends Null = never>(count: number | bigint | Operand<"int", A>): Timestamp<N | A>;
  /**
   * So many quarters (the last day where the month is shorter) later, or earlier where the count is negative.
   *
   * SQL: `add_quarters(value, count)`; `add_quarters(date '2023-11-30', 1)` is `'2024-02-29'`.
   */
  addQuarters<A extends Null = never>(count: number | bigint | Operand<"int", A>): Timestamp<N | A>;
  /**
   * So many years (29 February becomes the 28th where there is none) later, or earlier where the count is negative.
   *
   * SQL: `add_years(value, count)`; `add_years(date '2024-02-29', 1)` is `'2025-02-28'`.
   */
  addYears<A extends Null = never>(count: number | bigint | Operand<"int", A>): Timestamp<N | A>;
  /**
   * The number of days of its month.
   *
   * SQL: `days_in_month(value)`; `days_in_month(date '2024-02-10')` is `29`.
   */
  daysInMonth(): Int<N>;
  /**
   * The last day of its month.
   *
   * SQL: `last_day(value)`; `last_day(date '2024-02-10')` is `'2024-02-29'`.
   */
  lastDay(): Day<N>;
  /**
   * As text in a layout of strftime letters (`%Y-%m-%d %H:%M:%S`), an instant in UTC, names in English.
   *
   * SQL: `strftime(value, layout)`; `strftime(date '2024-03-31', '%d.%m.%Y')` is `'31.03.2024'`.
   */
  formatTime(layout: string): Text<N>;
  /**
   * The English name of the day.
   *
   * SQL: `dayname(value)`; `dayname(date '2024-03-31')` is `'Sunday'`.
   */
  dayName(): Text<N>;
  /**
   * The English name of the month.
   *
   * SQL: `monthname(value)`; `monthname(date '2024-03-31')` is `'March'`.
   */
  monthName(): Text<N>;
  /**
   * The local time of an instant in a zone, or the instant of a local time there. A local time that a change of clocks skips or repeats is taken in standard time; engines differ there. In text also `value at time zone 'Europe/Oslo'`.
   *
   * SQL: `timezone(zone, value)`; `timezone('Europe/Oslo', timestamp '2024-07-01 12:00:00')` is `'2024-07-01 10:00:00+00'`.
   */
  atZone(zone: string): Timestamptz<N>;
  /**
   * The value as JSON: a struct or map as an object, a list as an array, times and uuids as text. A float that is no number has no JSON form: it fails the run.
   *
   * SQL: `to_json(value)`; `to_json('a')` is `'"a"'`.
   */
  toJson(): Json<N>;
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
  /**
   * The value where the condition is true, else null.
   *
   * SQL: `keep_if(value, condition)`; `keep_if(3, 3 > 2)` is `3`.
   */
  keepIf(condition: Operand<"bool", Null>): Timestamp<null>;
  /**
   * The value, or the bound that it lies beyond.
   *
   * SQL: `clamp(value, low, high)`; `clamp(12, 0, 10)` is `10`.
   */
  clamp<A extends Null = never>(low: `${number}-${number}-${string}` | PlainDateTime | Operand<"timestamp", A>, high: `${number}-${number}-${string}` | PlainDateTime | Operand<"timestamp", A>): Timestamp<N | A>;
  /**
   * The value in the row before, or in the one so many rows before; the fallback where there is no such row.
   *
   * SQL: `lag(value, offset)`; `lag('a', 1, 'b')` is `'b'`.
   */
  lag(offset?: number): Timestamp<null>;
  /**
   * The value in the row before, or in the one so many rows before; the fallback where there is no such row.
   *
   * SQL: `lag(value, offset, fallback)`; `lag('a', 1, 'b')` is `'b'`.
   */
  lag<A extends Null = never>(offset: number, fallback: `${number}-${number}-${string}` | PlainDateTime | Operand<"timestamp", A>): Timestamp<N | A>;
  /**
   * The value in the row behind, or in the one so many rows behind; the fallback where there is no such row.
   *
   * SQL: `lead(value, offset)`; `lead('a', 1, 'b')` is `'b'`.
   */
  lead(offset?: number): Timestamp<null>;
  /**
   * The value in the row behind, or in the one so many rows behind; the fallback where there is no such row.
   *
   * SQL: `lead(value, offset, fallback)`; `lead('a', 1, 'b')` is `'b'`.
   */
  lead<A extends Null = never>(offset: number, fallback: `${number}-${number}-${string}` | PlainDateTime | Operand<"timestamp", A>): Timestamp<N | A>;
  /**
   * As `lag`, over the rows where the value is not null.
   *
   * SQL: `lag_known(value, offset)`; `lag_known('a', 1, 'b')` is `'b'`.
   */
  lagKnown(offset?: number): Timestamp<null>;
  /**
   * As `lag`, over the rows where the value is not null.
   *
   * SQL: `lag_known(value, offset, fallback)`; `lag_known('a', 1, 'b')` is `'b'`.
   */
  lagKnown<A extends Null = never>(offset: number, fallback: `${number}-${number}-${string}` | PlainDateTime | Operand<"timestamp", A>): Timestamp<N | A>;
  /**
   * As `lead`, over the rows where the value is not null.
   *
   * SQL: `lead_known(value, offset)`; `lead_known('a', 1, 'b')` is `'b'`.
   */
  leadKnown(offset?: number): Timestamp<null>;
  /**
   * As `lead`, over the rows where the value is not null.
   *
   * SQL: `lead_known(value, offset, fallback)`; `lead_known('a', 1, 'b')` is `'b'`.
   */
  leadKnown<A extends Null = never>(offset: number, fallback: `${number}-${number}-${string}` | PlainDateTime | Operand<"timestamp", A>): Timestamp<N | A>;
  /**
   * The value in the first row of the frame.
   *
   * SQL: `first_value(value)`; `first_value('a')` is `'a'`.
   */
  firstValue(): Timestamp<null>;
  /**
   * The value in the last row of the frame, which ends at the row itself where no frame is given.
   *
   * SQL: `last_value(value)`; `last_value('a')` is `'a'`.
   */
  lastValue(): Timestamp<null>;
  /**
   * The value in a row of the frame by its place, from 1 on.
   *
   * SQL: `nth_value(value, position)`; `nth_value('a', 2)` is `null`.
   */
  nthValue(position: number): Timestamp<null>;
  /**
   * The first value of the frame that is not null.
   *
   * SQL: `first_known(value)`; `first_known('a')` is `'a'`.
   */
  firstKnown(): Timestamp<null>;
  /**
   * The last value of the frame that is not null: a gap filled from before.
   *
   * SQL: `last_known(value)`; `last_known('a')` is `'a'`.
   */
  lastKnown(): Timestamp<null>;
  /**
   * A value of the frame by its place among those that are not null.
   *
   * SQL: `nth_known(value, position)`; `nth_known('a', 2)` is `null`.
   */
  nthKnown(position: number): Timestamp<null>;
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
   * Whether it equals one of the values; null where it is null, or equals none of those that are not null.
   *
   * SQL: `'b' in ('a', 'b')`; `'b' in ('a', 'b')` is `true`.
   */
  in<A extends Null = never>(values: readonly (`${number}-${number}-${string}` | Instant | Moment | Operand<"timestamptz", A>)[]): Bool<N | A>;
  /**
   * Whether it equals none of the values; null where it is null, or only a null could be equal.
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
   * The fraction of its second, in microseconds.
   *
   * SQL: `microsecond(value)`; `microsecond(timestamp '2024-03-31 23:59:58.9')` is `900000`.
   */
  microsecond(): Int<N>;
  /**
   * The year that its ISO week belongs to.
   *
   * SQL: `isoyear(value)`; `isoyear(date '2024-12-30')` is `2025`.
   */
  isoYear(): Int<N>;
  /**
   * Whole milliseconds since 1970-01-01; a value without a zone is taken as UTC.
   *
   * SQL: `epoch_ms(value)`; `epoch_ms(timestamp '1970-01-01 00:00:01.5')` is `1500`.
   */
  epochMillis(): Int<N>;
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
   * How many whole units lie between it and `until`: the most that can be added to it (as `add_months` does) without going beyond; negative where `until` is earlier.
   *
   * SQL: `date_diff_full(unit, value, until)`; `date_diff_full('month', date '2024-01-31', date '2024-02-28')` is `0`.
   */
  dateDiffFull<A extends Null = never>(unit: "year" | "quarter" | "month" | "week" | "day" | "hour" | "minute" | "second", until: `${number}-${number}-${string}` | Instant | Moment | Operand<"timestamptz", A>): Int<N | A>;
  /**
   * So many milliseconds later, or earlier where the count is negative.
   *
   * SQL: `add_milliseconds(value, count)`; `add_milliseconds(timestamp '2024-03-31 23:59:58', 2500)` is `'2024-04-01 00:00:00.5'`.
   */
  addMilliseconds<A extends Null = never>(count: number | bigint | Operand<"int", A>): Timestamptz<N | A>;
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
   * So many weeks later, or earlier where the count is negative.
   *
   * SQL: `add_weeks(value, count)`; `add_weeks(date '2024-02-22', 1)` is `'2024-02-29'`.
   */
  addWeeks<A extends Null = never>(count: number | bigint | Operand<"int", A>): Timestamptz<N | A>;
  /**
   * So many quarters (the last day where the month is shorter) later, or earlier where the count is negative.
   *
   * SQL: `add_quarters(value, count)`; `add_quarters(date '2023-11-30', 1)` is `'2024-02-29'`.
   */
  addQuarters<A extends Null = never>(count: number | bigint | Operand<"int", A>): Timestamptz<N | A>;
  /**
   * So many years (29 February becomes the 28th where there is none) later, or earlier where the count is negative.
   *
   * SQL: `add_years(value, count)`; `add_years(date '2024-02-29', 1)` is `'2025-02-28'`.
   */
  addYears<A extends Null = never>(count: number | bigint | Operand<"int", A>): Timestamptz<N | A>;
  /**
   * The number of days of its month.
   *
   * SQL: `days_in_month(value)`; `days_in_month(date '2024-02-10')` is `29`.
   */
  daysInMonth(): Int<N>;
  /**
   * The last day of its month.
   *
   * SQL: `last_day(value)`; `last_day(date '2024-02-10')` is `'2024-02-29'`.
   */
  lastDay(): Day<N>;
  /**
   * As text in a layout of strftime letters (`%Y-%m-%d %H:%M:%S`), an instant in UTC, names in English.
   *
   * SQL: `strftime(value, layout)`; `strftime(date '2024-03-31', '%d.%m.%Y')` is `'31.03.2024'`.
   */
  formatTime(layout: string): Text<N>;
  /**
   * The English name of the day.
   *
   * SQL: `dayname(value)`; `dayname(date '2024-03-31')` is `'Sunday'`.
   */
  dayName(): Text<N>;
  /**
   * The English name of the month.
   *
   * SQL: `monthname(value)`; `monthname(date '2024-03-31')` is `'March'`.
   */
  monthName(): Text<N>;
  /**
   * The local time of an instant in a zone, or the instant of a local time there. A local time that a change of clocks skips or repeats is taken in standard time; engines differ there. In text also `value at time zone 'Europe/Oslo'`.
   *
   * SQL: `timezone(zone, value)`; `timezone('Europe/Oslo', timestamp '2024-07-01 12:00:00')` is `'2024-07-01 10:00:00+00'`.
   */
  atZone(zone: string): Timestamp<N>;
  /**
   * The value as JSON: a struct or map as an object, a list as an array, times and uuids as text. A float that is no number has no JSON form: it fails the run.
   *
   * SQL: `to_json(value)`; `to_json('a')` is `'"a"'`.
   */
  toJson(): Json<N>;
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
  /**
   * The value where the condition is true, else null.
   *
   * SQL: `keep_if(value, condition)`; `keep_if(3, 3 > 2)` is `3`.
   */
  keepIf(condition: Operand<"bool", Null>): Timestamptz<null>;
  /**
   * The value, or the bound that it lies beyond.
   *
   * SQL: `clamp(value, low, high)`; `clamp(12, 0, 10)` is `10`.
   */
  clamp<A extends Null = never>(low: `${number}-${number}-${string}` | Instant | Moment | Operand<"timestamptz", A>, high: `${number}-${number}-${string}` | Instant | Moment | Operand<"timestamptz", A>): Timestamptz<N | A>;
  /**
   * The value in the row before, or in the one so many rows before; the fallback where there is no such row.
   *
   * SQL: `lag(value, offset)`; `lag('a', 1, 'b')` is `'b'`.
   */
  lag(offset?: number): Timestamptz<null>;
  /**
   * The value in the row before, or in the one so many rows before; the fallback where there is no such row.
   *
   * SQL: `lag(value, offset, fallback)`; `lag('a', 1, 'b')` is `'b'`.
   */
  lag<A extends Null = never>(offset: number, fallback: `${number}-${number}-${string}` | Instant | Moment | Operand<"timestamptz", A>): Timestamptz<N | A>;
  /**
   * The value in the row behind, or in the one so many rows behind; the fallback where there is no such row.
   *
   * SQL: `lead(value, offset)`; `lead('a', 1, 'b')` is `'b'`.
   */
  lead(offset?: number): Timestamptz<null>;
  /**
   * The value in the row behind, or in the one so many rows behind; the fallback where there is no such row.
   *
   * SQL: `lead(value, offset, fallback)`; `lead('a', 1, 'b')` is `'b'`.
   */
  lead<A extends Null = never>(offset: number, fallback: `${number}-${number}-${string}` | Instant | Moment | Operand<"timestamptz", A>): Timestamptz<N | A>;
  /**
   * As `lag`, over the rows where the value is not null.
   *
   * SQL: `lag_known(value, offset)`; `lag_known('a', 1, 'b')` is `'b'`.
   */
  lagKnown(offset?: number): Timestamptz<null>;
  /**
   * As `lag`, over the rows where the value is not null.
   *
   * SQL: `lag_known(value, offset, fallback)`; `lag_known('a', 1, 'b')` is `'b'`.
   */
  lagKnown<A extends Null = never>(offset: number, fallback: `${number}-${number}-${string}` | Instant | Moment | Operand<"timestamptz", A>): Timestamptz<N | A>;
  /**
   * As `lead`, over the rows where the value is not null.
   *
   * SQL: `lead_known(value, offset)`; `lead_known('a', 1, 'b')` is `'b'`.
   */
  leadKnown(offset?: number): Timestamptz<null>;
  /**
   * As `lead`, over the rows where the value is not null.
   *
   * SQL: `lead_known(value, offset, fallback)`; `lead_known('a', 1, 'b')` is `'b'`.
   */
  leadKnown<A extends Null = never>(offset: number, fallback: `${number}-${number}-${string}` | Instant | Moment | Operand<"timestamptz", A>): Timestamptz<N | A>;
  /**
   * The value in the first row of the frame.
   *
   * SQL: `first_value(value)`; `first_value('a')` is `'a'`.
   */
  firstValue(): Timestamptz<null>;
  /**
   * The value in the last row of the frame, which ends at the row itself where no frame is given.
   *
   * SQL: `last_value(value)`; `last_value('a')` is `'a'`.
   */
  lastValue(): Timestamptz<null>;
  /**
   * The value in a row of the frame by its place, from 1 on.
   *
   * SQL: `nth_value(value, position)`; `nth_value('a', 2)` is `null`.
   */
  nthValue(position: number): Timestamptz<null>;
  /**
   * The first value of the frame that is not null.
   *
   * SQL: `first_known(value)`; `first_known('a')` is `'a'`.
   */
  firstKnown(): Timestamptz<null>;
  /**
   * The last value of the frame that is not null: a gap filled from before.
   *
   * SQL: `last_known(value)`; `last_known('a')` is `'a'`.
   */
  lastKnown(): Timestamptz<null>;
  /**
   * A value of the frame by its place among those that are not null.
   *
   * SQL: `nth_known(value, position)`; `nth_known('a', 2)` is `null`.
   */
  nthKnown(position: number): Timestamptz<null>;
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
   * Whether it equals one of the values; null where it is null, or equals none of those that are not null.
   *
   * SQL: `'b' in ('a', 'b')`; `'b' in ('a', 'b')` is `true`.
   */
  in<A extends Null = never>(values: readonly (`P${string}` | Operand<"interval", A>)[]): Bool<N | A>;
  /**
   * Whether it equals none of the values; null where it is null, or only a null could be equal.
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
   * The value as JSON: a struct or map as an object, a list as an array, times and uuids as text. A float that is no number has no JSON form: it fails the run.
   *
   * SQL: `to_json(value)`; `to_json('a')` is `'"a"'`.
   */
  toJson(): Json<N>;
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
  /**
   * The value where the condition is true, else null.
   *
   * SQL: `keep_if(value, condition)`; `keep_if(3, 3 > 2)` is `3`.
   */
  keepIf(condition: Operand<"bool", Null>): Interval<null>;
  /**
   * The value, or the bound that it lies beyond.
   *
   * SQL: `clamp(value, low, high)`; `clamp(12, 0, 10)` is `10`.
   */
  clamp<A extends Null = never>(low: `P${string}` | Operand<"interval", A>, high: `P${string}` | Operand<"interval", A>): Interval<N | A>;
  /**
   * The value in the row before, or in the one so many rows before; the fallback where there is no such row.
   *
   * SQL: `lag(value, offset)`; `lag('a', 1, 'b')` is `'b'`.
   */
  lag(offset?: number): Interval<null>;
  /**
   * The value in the row before, or in the one so many rows before; the fallback where there is no such row.
   *
   * SQL: `lag(value, offset, fallback)`; `lag('a', 1, 'b')` is `'b'`.
   */
  lag<A extends Null = never>(offset: number, fallback: `P${string}` | Operand<"interval", A>): Interval<N | A>;
  /**
   * The value in the row behind, or in the one so many rows behind; the fallback where there is no such row.
   *
   * SQL: `lead(value, offset)`; `lead('a', 1, 'b')` is `'b'`.
   */
  lead(offset?: number): Interval<null>;
  /**
   * The value in the row behind, or in the one so many rows behind; the fallback where there is no such row.
   *
   * SQL: `lead(value, offset, fallback)`; `lead('a', 1, 'b')` is `'b'`.
   */
  lead<A extends Null = never>(offset: number, fallback: `P${string}` | Operand<"interval", A>): Interval<N | A>;
  /**
   * As `lag`, over the rows where the value is not null.
   *
   * SQL: `lag_known(value, offset)`; `lag_known('a', 1, 'b')` is `'b'`.
   */
  lagKnown(offset?: number): Interval<null>;
  /**
   * As `lag`, over the rows where the value is not null.
   *
   * SQL: `lag_known(value, offset, fallback)`; `lag_known('a', 1, 'b')` is `'b'`.
   */
  lagKnown<A extends Null = never>(offset: number, fallback: `P${string}` | Operand<"interval", A>): Interval<N | A>;
  /**
   * As `lead`, over the rows where the value is not null.
   *
   * SQL: `lead_known(value, offset)`; `lead_known('a', 1, 'b')` is `'b'`.
   */
  leadKnown(offset?: number): Interval<null>;
  /**
   * As `lead`, over the rows where the value is not null.
   *
   * SQL: `lead_known(value, offset, fallback)`; `lead_known('a', 1, 'b')` is `'b'`.
   */
  leadKnown<A extends Null = never>(offset: number, fallback: `P${string}` | Operand<"interval", A>): Interval<N | A>;
  /**
   * The value in the first row of the frame.
   *
   * SQL: `first_value(value)`; `first_value('a')` is `'a'`.
   */
  firstValue(): Interval<null>;
  /**
   * The value in the last row of the frame, which ends at the row itself where no frame is given.
   *
   * SQL: `last_value(value)`; `last_value('a')` is `'a'`.
   */
  lastValue(): Interval<null>;
  /**
   * The value in a row of the frame by its place, from 1 on.
   *
   * SQL: `nth_value(value, position)`; `nth_value('a', 2)` is `null`.
   */
  nthValue(position: number): Interval<null>;
  /**
   * The first value of the frame that is not null.
   *
   * SQL: `first_known(value)`; `first_known('a')` is `'a'`.
   */
  firstKnown(): Interval<null>;
  /**
   * The last value of the frame that is not null: a gap filled from before.
   *
   * SQL: `last_known(value)`; `last_known('a')` is `'a'`.
   */
  lastKnown(): Interval<null>;
  /**
   * A value of the frame by its place among those that are not null.
   *
   * SQL: `nth_known(value, position)`; `nth_known('a', 2)` is `null`.
   */
  nthKnown(position: number): Interval<null>;
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
   * Whether it equals one of the values; null where it is null, or equals none of those that are not null.
   *
   * SQL: `'b' in ('a', 'b')`; `'b' in ('a', 'b')` is `true`.
   */
  in<A extends Null = never>(values: readonly (string | Operand<"uuid", A>)[]): Bool<N | A>;
  /**
   * Whether it equals none of the values; null where it is null, or only a null could be equal.
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
   * The value as JSON: a struct or map as an object, a list as an array, times and uuids as text. A float that is no number has no JSON form: it fails the run.
   *
   * SQL: `to_json(value)`; `to_json('a')` is `'"a"'`.
   */
  toJson(): Json<N>;
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
  /**
   * The value where the condition is true, else null.
   *
   * SQL: `keep_if(value, condition)`; `keep_if(3, 3 > 2)` is `3`.
   */
  keepIf(condition: Operand<"bool", Null>): Uuid<null>;
  /**
   * The value, or the bound that it lies beyond.
   *
   * SQL: `clamp(value, low, high)`; `clamp(12, 0, 10)` is `10`.
   */
  clamp<A extends Null = never>(low: string | Operand<"uuid", A>, high: string | Operand<"uuid", A>): Uuid<N | A>;
  /**
   * The value in the row before, or in the one so many rows before; the fallback where there is no such row.
   *
   * SQL: `lag(value, offset)`; `lag('a', 1, 'b')` is `'b'`.
   */
  lag(offset?: number): Uuid<null>;
  /**
   * The value in the row before, or in the one so many rows before; the fallback where there is no such row.
   *
   * SQL: `lag(value, offset, fallback)`; `lag('a', 1, 'b')` is `'b'`.
   */
  lag<A extends Null = never>(offset: number, fallback: string | Operand<"uuid", A>): Uuid<N | A>;
  /**
   * The value in the row behind, or in the one so many rows behind; the fallback where there is no such row.
   *
   * SQL: `lead(value, offset)`; `lead('a', 1, 'b')` is `'b'`.
   */
  lead(offset?: number): Uuid<null>;
  /**
   * The value in the row behind, or in the one so many rows behind; the fallback where there is no such row.
   *
   * SQL: `lead(value, offset, fallback)`; `lead('a', 1, 'b')` is `'b'`.
   */
  lead<A extends Null = never>(offset: number, fallback: string | Operand<"uuid", A>): Uuid<N | A>;
  /**
   * As `lag`, over the rows where the value is not null.
   *
   * SQL: `lag_known(value, offset)`; `lag_known('a', 1, 'b')` is `'b'`.
   */
  lagKnown(offset?: number): Uuid<null>;
  /**
   * As `lag`, over the rows where the value is not null.
   *
   * SQL: `lag_known(value, offset, fallback)`; `lag_known('a', 1, 'b')` is `'b'`.
   */
  lagKnown<A extends Null = never>(offset: number, fallback: string | Operand<"uuid", A>): Uuid<N | A>;
  /**
   * As `lead`, over the rows where the value is not null.
   *
   * SQL: `lead_known(value, offset)`; `lead_known('a', 1, 'b')` is `'b'`.
   */
  leadKnown(offset?: number): Uuid<null>;
  /**
   * As `lead`, over the rows where the value is not null.
   *
   * SQL: `lead_known(value, offset, fallback)`; `lead_known('a', 1, 'b')` is `'b'`.
   */
  leadKnown<A extends Null = never>(offset: number, fallback: string | Operand<"uuid", A>): Uuid<N | A>;
  /**
   * The value in the first row of the frame.
   *
   * SQL: `first_value(value)`; `first_value('a')` is `'a'`.
   */
  firstValue(): Uuid<null>;
  /**
   * The value in the last row of the frame, which ends at the row itself where no frame is given.
   *
   * SQL: `last_value(value)`; `last_value('a')` is `'a'`.
   */
  lastValue(): Uuid<null>;
  /**
   * The value in a row of the frame by its place, from 1 on.
   *
   * SQL: `nth_value(value, position)`; `nth_value('a', 2)` is `null`.
   */
  nthValue(position: number): Uuid<null>;
  /**
   * The first value of the frame that is not null.
   *
   * SQL: `first_known(value)`; `first_known('a')` is `'a'`.
   */
  firstKnown(): Uuid<null>;
  /**
   * The last value of the frame that is not null: a gap filled from before.
   *
   * SQL: `last_known(value)`; `last_known('a')` is `'a'`.
   */
  lastKnown(): Uuid<null>;
  /**
   * A value of the frame by its place among those that are not null.
   *
   * SQL: `nth_known(value, position)`; `nth_known('a', 2)` is `null`.
   */
  nthKnown(position: number): Uuid<null>;
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
   * Whether it equals one of the values; null where it is null, or equals none of those that are not null.
   *
   * SQL: `'b' in ('a', 'b')`; `'b' in ('a', 'b')` is `true`.
   */
  in<A extends Null = never>(values: readonly (Uint8Array | Operand<"bytes", A>)[]): Bool<N | A>;
  /**
   * Whether it equals none of the values; null where it is null, or only a null could be equal.
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
   * The number of bytes, of text in UTF-8.
   *
   * SQL: `octet_length(value)`; `octet_length('Åse')` is `4`.
   */
  byteLength(): Int<N>;
  /**
   * The bytes, of text in UTF-8, as hexadecimal digits in upper case.
   *
   * SQL: `hex(value)`; `hex('Å')` is `'C385'`.
   */
  toHex(): Text<N>;
  /**
   * The bytes in Base64, without line breaks.
   *
   * SQL: `to_base64(value)`; `to_base64(bytes '00ff')` is `'AP8='`.
   */
  toBase64(): Text<N>;
  /**
   * The text that the bytes are in UTF-8; null where they are none.
   *
   * SQL: `decode(value)`; `decode(bytes 'c385')` is `'Å'`.
   */
  fromBytes(): Text<null>;
  /**
   * The MD5 hash of the bytes, of text in UTF-8, in hexadecimal: for keys, not for secrets.
   *
   * SQL: `md5(value)`; `md5('a')` is `'0cc175b9c0f1b6a831c399e269772661'`.
   */
  md5(): Text<N>;
  /**
   * The SHA-1 hash of the bytes, of text in UTF-8, in hexadecimal. PostgreSQL needs an extension for it.
   *
   * SQL: `sha1(value)`; `sha1('a')` is `'86f7e437faa5a7fce15d1ddcb9eaeaea377667b8'`.
   */
  sha1(): Text<N>;
  /**
   * The SHA-256 hash of the bytes, of text in UTF-8, in hexadecimal.
   *
   * SQL: `sha256(value)`; `sha256('a')` is `'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'`.
   */
  sha256(): Text<N>;
  /**
   * The value as JSON: a struct or map as an object, a list as an array, times and uuids as text. A float that is no number has no JSON form: it fails the run.
   *
   * SQL: `to_json(value)`; `to_json('a')` is `'"a"'`.
   */
  toJson(): Json<N>;
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
  /**
   * The value where the condition is true, else null.
   *
   * SQL: `keep_if(value, condition)`; `keep_if(3, 3 > 2)` is `3`.
   */
  keepIf(condition: Operand<"bool", Null>): Bytes<null>;
  /**
   * The value, or the bound that it lies beyond.
   *
   * SQL: `clamp(value, low, high)`; `clamp(12, 0, 10)` is `10`.
   */
  clamp<A extends Null = never>(low: Uint8Array | Operand<"bytes", A>, high: Uint8Array | Operand<"bytes", A>): Bytes<N | A>;
  /**
   * The value in the row before, or in the one so many rows before; the fallback where there is no such row.
   *
   * SQL: `lag(value, offset)`; `lag('a', 1, 'b')` is `'b'`.
   */
  lag(offset?: number): Bytes<null>;
  /**
   * The value in the row before, or in the one so many rows before; the fallback where there is no such row.
   *
   * SQL: `lag(value, offset, fallback)`; `lag('a', 1, 'b')` is `'b'`.
   */
  lag<A extends Null = never>(offset: number, fallback: Uint8Array | Operand<"bytes", A>): Bytes<N | A>;
  /**
   * The value in the row behind, or in the one so many rows behind; the fallback where there is no such row.
   *
   * SQL: `lead(value, offset)`; `lead('a', 1, 'b')` is `'b'`.
   */
  lead(offset?: number): Bytes<null>;
  /**
   * The value in the row behind, or in the one so many rows behind; the fallback where there is no such row.
   *
   * SQL: `lead(value, offset, fallback)`; `lead('a', 1, 'b')` is `'b'`.
   */
  lead<A extends Null = never>(offset: number, fallback: Uint8Array | Operand<"bytes", A>): Bytes<N | A>;
  /**
   * As `lag`, over the rows where the value is not null.
   *
   * SQL: `lag_known(value, offset)`; `lag_known('a', 1, 'b')` is `'b'`.
   */
  lagKnown(offset?: number): Bytes<null>;
  /**
   * As `lag`, over the rows where the value is not null.
   *
   * SQL: `lag_known(value, offset, fallback)`; `lag_known('a', 1, 'b')` is `'b'`.
   */
  lagKnown<A extends Null = never>(offset: number, fallback: Uint8Array | Operand<"bytes", A>): Bytes<N | A>;
  /**
   * As `lead`, over the rows where the value is not null.
   *
   * SQL: `lead_known(value, offset)`; `lead_known('a', 1, 'b')` is `'b'`.
   */
  leadKnown(offset?: number): Bytes<null>;
  /**
   * As `lead`, over the rows where the value is not null.
   *
   * SQL: `lead_known(value, offset, fallback)`; `lead_known('a', 1, 'b')` is `'b'`.
   */
  leadKnown<A extends Null = never>(offset: number, fallback: Uint8Array | Operand<"bytes", A>): Bytes<N | A>;
  /**
   * The value in the first row of the frame.
   *
   * SQL: `first_value(value)`; `first_value('a')` is `'a'`.
   */
  firstValue(): Bytes<null>;
  /**
   * The value in the last row of the frame, which ends at the row itself where no frame is given.
   *
   * SQL: `last_value(value)`; `last_value('a')` is `'a'`.
   */
  lastValue(): Bytes<null>;
  /**
   * The value in a row of the frame by its place, from 1 on.
   *
   * SQL: `nth_value(value, position)`; `nth_value('a', 2)` is `null`.
   */
  nthValue(position: number): Bytes<null>;
  /**
   * The first value of the frame that is not null.
   *
   * SQL: `first_known(value)`; `first_known('a')` is `'a'`.
   */
  firstKnown(): Bytes<null>;
  /**
   * The last value of the frame that is not null: a gap filled from before.
   *
   * SQL: `last_known(value)`; `last_known('a')` is `'a'`.
   */
  lastKnown(): Bytes<null>;
  /**
   * A value of the frame by its place among those that are not null.
   *
   * SQL: `nth_known(value, position)`; `nth_known('a', 2)` is `null`.
   */
  nthKnown(position: number): Bytes<null>;
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
   * Whether it equals one of the values; null where it is null, or equals none of those that are not null.
   *
   * SQL: `'b' in ('a', 'b')`; `'b' in ('a', 'b')` is `true`.
   */
  in<A extends Null = never>(values: readonly (Operand<"json", A>)[]): Bool<N | A>;
  /**
   * Whether it equals none of the values; null where it is null, or only a null could be equal.
   *
   * SQL: `'b' not in ('a', 'b')`; `'b' not in ('a', 'b')` is `false`.
   */
  notIn<A extends Null = never>(values: readonly (Operand<"json", A>)[]): Bool<N | A>;
  /**
   * What stands at a path as text: a text without its quotes, anything else as JSON; null where there is nothing or null. In text also `data ->> '$.a'`. How a number is written engines decide: cast it to a number.
   *
   * SQL: `json_extract_string(value, path)`; `json_extract_string(cast('{"a":{"b":"x"}}' as json), '$.a.b')` is `'x'`.
   */
  jsonText(path: string): Text<null>;
  /**
   * What stands at a path as JSON, null of JSON among it; null where there is nothing. In text also `data -> '$.a'`.
   *
   * SQL: `json_extract(value, path)`; `json_extract(cast('{"a":[1,2]}' as json), '$.a')` is `'[1,2]'`.
   */
  jsonAt(path: string): Json<null>;
  /**
   * Whether something stands at a path, be it null.
   *
   * SQL: `json_exists(value, path)`; `json_exists(cast('{"a":null}' as json), '$.a')` is `true`.
   */
  jsonExists(path: string): Bool<N>;
  /**
   * `object`, `array`, `string`, `number`, `boolean` or `null`, of the whole or of what stands at a path; null where there is nothing.
   *
   * SQL: `json_type(value, path)`; `json_type(cast('{"a":1.5}' as json), '$.a')` is `'number'`.
   */
  jsonType(path?: string): Text<null>;
  /**
   * The names in an object, as they stand there; null where there is none.
   *
   * SQL: `json_keys(value, path)`; `json_keys(cast('{"a":1,"b":2}' as json))` is `'["a","b"]'`.
   */
  jsonKeys(path?: string): List<Text<null>, null>;
  /**
   * The number of items in an array; null where there is none.
   *
   * SQL: `json_array_length(value, path)`; `json_array_length(cast('[1,2]' as json))` is `2`.
   */
  jsonLength(path?: string): Int<null>;
  /**
   * The items of an array as a list of JSON; null where it is none.
   *
   * SQL: `json_items(value)`; `json_items(cast('[1,"x"]' as json))` is `'[1,"x"]'`.
   */
  jsonItems(): List<Json<null>, null>;
  /**
   * The value as JSON: a struct or map as an object, a list as an array, times and uuids as text. A float that is no number has no JSON form: it fails the run.
   *
   * SQL: `to_json(value)`; `to_json('a')` is `'"a"'`.
   */
  toJson(): Json<N>;
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
  /**
   * The value where the condition is true, else null.
   *
   * SQL: `keep_if(value, condition)`; `keep_if(3, 3 > 2)` is `3`.
   */
  keepIf(condition: Operand<"bool", Null>): Json<null>;
  /**
   * The value in the row before, or in the one so many rows before; the fallback where there is no such row.
   *
   * SQL: `lag(value, offset)`; `lag('a', 1, 'b')` is `'b'`.
   */
  lag(offset?: number): Json<null>;
  /**
   * The value in the row before, or in the one so many rows before; the fallback where there is no such row.
   *
   * SQL: `lag(value, offset, fallback)`; `lag('a', 1, 'b')` is `'b'`.
   */
  lag<A extends Null = never>(offset: number, fallback: Operand<"json", A>): Json<N | A>;
  /**
   * The value in the row behind, or in the one so many rows behind; the fallback where there is no such row.
   *
   * SQL: `lead(value, offset)`; `lead('a', 1, 'b')` is `'b'`.
   */
  lead(offset?: number): Json<null>;
  /**
   * The value in the row behind, or in the one so many rows behind; the fallback where there is no such row.
   *
   * SQL: `lead(value, offset, fallback)`; `lead('a', 1, 'b')` is `'b'`.
   */
  lead<A extends Null = never>(offset: number, fallback: Operand<"json", A>): Json<N | A>;
  /**
   * As `lag`, over the rows where the value is not null.
   *
   * SQL: `lag_known(value, offset)`; `lag_known('a', 1, 'b')` is `'b'`.
   */
  lagKnown(offset?: number): Json<null>;
  /**
   * As `lag`, over the rows where the value is not null.
   *
   * SQL: `lag_known(value, offset, fallback)`; `lag_known('a', 1, 'b')` is `'b'`.
   */
  lagKnown<A extends Null = never>(offset: number, fallback: Operand<"json", A>): Json<N | A>;
  /**
   * As `lead`, over the rows where the value is not null.
   *
   * SQL: `lead_known(value, offset)`; `lead_known('a', 1, 'b')` is `'b'`.
   */
  leadKnown(offset?: number): Json<null>;
  /**
   * As `lead`, over the rows where the value is not null.
   *
   * SQL: `lead_known(value, offset, fallback)`; `lead_known('a', 1, 'b')` is `'b'`.
   */
  leadKnown<A extends Null = never>(offset: number, fallback: Operand<"json", A>): Json<N | A>;
  /**
   * The value in the first row of the frame.
   *
   * SQL: `first_value(value)`; `first_value('a')` is `'a'`.
   */
  firstValue(): Json<null>;
  /**
   * The value in the last row of the frame, which ends at the row itself where no frame is given.
   *
   * SQL: `last_value(value)`; `last_value('a')` is `'a'`.
   */
  lastValue(): Json<null>;
  /**
   * The value in a row of the frame by its place, from 1 on.
   *
   * SQL: `nth_value(value, position)`; `nth_value('a', 2)` is `null`.
   */
  nthValue(position: number): Json<null>;
  /**
   * The first value of the frame that is not null.
   *
   * SQL: `first_known(value)`; `first_known('a')` is `'a'`.
   */
  firstKnown(): Json<null>;
  /**
   * The last value of the frame that is not null: a gap filled from before.
   *
   * SQL: `last_known(value)`; `last_known('a')` is `'a'`.
   */
  lastKnown(): Json<null>;
  /**
   * A value of the frame by its place among those that are not null.
   *
   * SQL: `nth_known(value, position)`; `nth_known('a', 2)` is `null`.
   */
  nthKnown(position: number): Json<null>;
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
   * Whether it equals one of the values; null where it is null, or equals none of those that are not null.
   *
   * SQL: `'b' in ('a', 'b')`; `'b' in ('a', 'b')` is `true`.
   */
  in<A extends Null = never>(values: readonly (Operand<"list", A>)[]): Bool<N | A>;
  /**
   * Whether it equals none of the values; null where it is null, or only a null could be equal.
   *
   * SQL: `'b' not in ('a', 'b')`; `'b' not in ('a', 'b')` is `false`.
   */
  notIn<A extends Null = never>(values: readonly (Operand<"list", A>)[]): Bool<N | A>;
  /**
   * Both texts or lists, one behind the other.
   *
   * SQL: `value || other`; `'a' || 'b'` is `'ab'`.
   */
  concat<A extends Null = never>(other: Operand<"list", A>): List<I, N | A>;
  /**
   * The number of characters of a text, of items of a list (nulls too), of keys of a map.
   *
   * SQL: `length(value)`; `length('Åse')` is `3`.
   */
  length(): Int<N>;
  /**
   * Whether the part occurs in the text, or the item in the list; null where the part is null.
   *
   * SQL: `contains(value, item)`; `contains('hello', 'ell')` is `true`.
   */
  contains(item: AnyValue): Bool<N>;
  /**
   * The items of a list, or the characters in reverse order; a letter and its combining marks, or a joined emoji, stay together (grapheme clusters).
   *
   * SQL: `reverse(value)`; `reverse('abc')` is `'cba'`.
   */
  reverse(): List<I, N>;
  /**
   * The value as JSON: a struct or map as an object, a list as an array, times and uuids as text. A float that is no number has no JSON form: it fails the run.
   *
   * SQL: `to_json(value)`; `to_json('a')` is `'"a"'`.
   */
  toJson(): Json<N>;
  /**
   * The item at a place, -1 being the last, or the value of a key; null where there is none.
   *
   * SQL: `value[index]`; `[10, 20][2]` is `20`.
   */
  at(index: number | bigint | Operand<"int", Null>): I;
  /**
   * The items from a place to another, both included; -1 is the last, 0 counts as the first at the start. In text also `tags[2:3]`.
   *
   * SQL: `list_slice(value, first, last)`; `list_slice([10, 20, 30], 2, -1)` is `'[20,30]'`.
   */
  slice<A extends Null = never>(first: number | bigint | Operand<"int", A>, last: number | bigint | Operand<"int", A>): List<I, N | A>;
  /**
   * Where the item stands first, counted from 1; 0 where it does not, null for a null item.
   *
   * SQL: `list_position(value, item)`; `list_position(['a', 'b'], 'b')` is `2`.
   */
  indexOf(item: AnyValue): Int<N>;
  /**
   * With one more item at the end, which may be null.
   *
   * SQL: `list_append(value, item)`; `list_append([1, 2], 3)` is `'[1,2,3]'`.
   */
  append(item: AnyValue): List<I, null>;
  /**
   * Whether one of the items of the other is in it; nulls are no items here.
   *
   * SQL: `list_has_any(value, other)`; `list_has_any([1, 2], [2, 3])` is `true`.
   */
  containsAny<A extends Null = never>(other: Operand<"list", A>): Bool<N | A>;
  /**
   * Whether all items of the other are in it; nulls are left aside.
   *
   * SQL: `list_has_all(value, other)`; `list_has_all([1, 2], [2, 3])` is `false`.
   */
  containsAll<A extends Null = never>(other: Operand<"list", A>): Bool<N | A>;
  /**
   * The items in ascending order, nulls last.
   *
   * SQL: `list_sort(value)`; `list_sort([3, 1, 2])` is `'[1,2,3]'`.
   */
  sortItems(): List<I, N>;
  /**
   * The items in descending order, nulls last.
   *
   * SQL: `list_reverse_sort(value)`; `list_reverse_sort([3, 1, 2])` is `'[3,2,1]'`.
   */
  sortItemsDescending(): List<I, N>;
  /**
   * Each item once, at the place where it came first; nulls are left out.
   *
   * SQL: `list_distinct(value)`; `list_distinct([2, 1, 2])` is `'[2,1]'`.
   */
  distinctItems(): List<I, N>;
  /**
   * The items as one text with a separator between them, nulls left out; empty text of no items.
   *
   * SQL: `array_to_string(value, separator)`; `array_to_string(['a', 'b'], '-')` is `'a-b'`.
   */
  joinItems(separator: string): Text<N>;
  /**
   * The items of the lists in a list, one behind the other; lists that are null are left out.
   *
   * SQL: `flatten(value)`; `flatten([[1], [2, 3]])` is `'[1,2,3]'`.
   */
  flatten(): I;
  /**
   * The least item, nulls left aside; null of no items.
   *
   * SQL: `list_min(value)`; `list_min([3, 1, 2])` is `1`.
   */
  minItem(): I;
  /**
   * The greatest item, nulls left aside; null of no items.
   *
   * SQL: `list_max(value)`; `list_max([3, 1, 2])` is `3`.
   */
  maxItem(): I;
  /**
   * The sum of the items, nulls left aside; null of no items. More than fits is an error.
   *
   * SQL: `list_sum(value)`; `list_sum([1, 2])` is `3`.
   */
  sumItems(): I;
  /**
   * The mean of the items as a float, nulls left aside; null of no items.
   *
   * SQL: `list_avg(value)`; `list_avg([1, 2])` is `1.5`.
   */
  avgItems(): Float<null>;
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
  /**
   * The value where the condition is true, else null.
   *
   * SQL: `keep_if(value, condition)`; `keep_if(3, 3 > 2)` is `3`.
   */
  keepIf(condition: Operand<"bool", Null>): List<I, null>;
  /**
   * The value in the row before, or in the one so many rows before; the fallback where there is no such row.
   *
   * SQL: `lag(value, offset)`; `lag('a', 1, 'b')` is `'b'`.
   */
  lag(offset?: number): List<I, null>;
  /**
   * The value in the row before, or in the one so many rows before; the fallback where there is no such row.
   *
   * SQL: `lag(value, offset, fallback)`; `lag('a', 1, 'b')` is `'b'`.
   */
  lag<A extends Null = never>(offset: number, fallback: Operand<"list", A>): List<I, N | A>;
  /**
   * The value in the row behind, or in the one so many rows behind; the fallback where there is no such row.
   *
   * SQL: `lead(value, offset)`; `lead('a', 1, 'b')` is `'b'`.
   */
  lead(offset?: number): List<I, null>;
  /**
   * The value in the row behind, or in the one so many rows behind; the fallback where there is no such row.
   *
   * SQL: `lead(value, offset, fallback)`; `lead('a', 1, 'b')` is `'b'`.
   */
  lead<A extends Null = never>(offset: number, fallback: Operand<"list", A>): List<I, N | A>;
  /**
   * As `lag`, over the rows where the value is not null.
   *
   * SQL: `lag_known(value, offset)`; `lag_known('a', 1, 'b')` is `'b'`.
   */
  lagKnown(offset?: number): List<I, null>;
  /**
   * As `lag`, over the rows where the value is not null.
   *
   * SQL: `lag_known(value, offset, fallback)`; `lag_known('a', 1, 'b')` is `'b'`.
   */
  lagKnown<A extends Null = never>(offset: number, fallback: Operand<"list", A>): List<I, N | A>;
  /**
   * As `lead`, over the rows where the value is not null.
   *
   * SQL: `lead_known(value, offset)`; `lead_known('a', 1, 'b')` is `'b'`.
   */
  leadKnown(offset?: number): List<I, null>;
  /**
   * As `lead`, over the rows where the value is not null.
   *
   * SQL: `lead_known(value, offset, fallback)`; `lead_known('a', 1, 'b')` is `'b'`.
   */
  leadKnown<A extends Null = never>(offset: number, fallback: Operand<"list", A>): List<I, N | A>;
  /**
   * The value in the first row of the frame.
   *
   * SQL: `first_value(value)`; `first_value('a')` is `'a'`.
   */
  firstValue(): List<I, null>;
  /**
   * The value in the last row of the frame, which ends at the row itself where no frame is given.
   *
   * SQL: `last_value(value)`; `last_value('a')` is `'a'`.
   */
  lastValue(): List<I, null>;
  /**
   * The value in a row of the frame by its place, from 1 on.
   *
   * SQL: `nth_value(value, position)`; `nth_value('a', 2)` is `null`.
   */
  nthValue(position: number): List<I, null>;
  /**
   * The first value of the frame that is not null.
   *
   * SQL: `first_known(value)`; `first_known('a')` is `'a'`.
   */
  firstKnown(): List<I, null>;
  /**
   * The last value of the frame that is not null: a gap filled from before.
   *
   * SQL: `last_known(value)`; `last_known('a')` is `'a'`.
   */
  lastKnown(): List<I, null>;
  /**
   * A value of the frame by its place among those that are not null.
   *
   * SQL: `nth_known(value, position)`; `nth_known('a', 2)` is `null`.
   */
  nthKnown(position: number): List<I, null>;
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
   * Whether it equals one of the values; null where it is null, or equals none of those that are not null.
   *
   * SQL: `'b' in ('a', 'b')`; `'b' in ('a', 'b')` is `true`.
   */
  in<A extends Null = never>(values: readonly (Operand<"struct", A>)[]): Bool<N | A>;
  /**
   * Whether it equals none of the values; null where it is null, or only a null could be equal.
   *
   * SQL: `'b' not in ('a', 'b')`; `'b' not in ('a', 'b')` is `false`.
   */
  notIn<A extends Null = never>(values: readonly (Operand<"struct", A>)[]): Bool<N | A>;
  /**
   * The value as JSON: a struct or map as an object, a list as an array, times and uuids as text. A float that is no number has no JSON form: it fails the run.
   *
   * SQL: `to_json(value)`; `to_json('a')` is `'"a"'`.
   */
  toJson(): Json<N>;
  /**
   * A field of a struct by its name; null where it is null or the struct is.
   *
   * SQL: `value.name`; `{'a': 1, 'b': 'x'}.b` is `'x'`.
   */
  field<K extends keyof F & string>(name: K): F[K];
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
  /**
   * The value where the condition is true, else null.
   *
   * SQL: `keep_if(value, condition)`; `keep_if(3, 3 > 2)` is `3`.
   */
  keepIf(condition: Operand<"bool", Null>): Struct<F, null>;
  /**
   * The value in the row before, or in the one so many rows before; the fallback where there is no such row.
   *
   * SQL: `lag(value, offset)`; `lag('a', 1, 'b')` is `'b'`.
   */
  lag(offset?: number): Struct<F, null>;
  /**
   * The value in the row before, or in the one so many rows before; the fallback where there is no such row.
   *
   * SQL: `lag(value, offset, fallback)`; `lag('a', 1, 'b')` is `'b'`.
   */
  lag<A extends Null = never>(offset: number, fallback: Operand<"struct", A>): Struct<F, N | A>;
  /**
   * The value in the row behind, or in the one so many rows behind; the fallback where there is no such row.
   *
   * SQL: `lead(value, offset)`; `lead('a', 1, 'b')` is `'b'`.
   */
  lead(offset?: number): Struct<F, null>;
  /**
   * The value in the row behind, or in the one so many rows behind; the fallback where there is no such row.
   *
   * SQL: `lead(value, offset, fallback)`; `lead('a', 1, 'b')` is `'b'`.
   */
  lead<A extends Null = never>(offset: number, fallback: Operand<"struct", A>): Struct<F, N | A>;
  /**
   * As `lag`, over the rows where the value is not null.
   *
   * SQL: `lag_known(value, offset)`; `lag_known('a', 1, 'b')` is `'b'`.
   */
  lagKnown(offset?: number): Struct<F, null>;
  /**
   * As `lag`, over the rows where the value is not null.
   *
   * SQL: `lag_known(value, offset, fallback)`; `lag_known('a', 1, 'b')` is `'b'`.
   */
  lagKnown<A extends Null = never>(offset: number, fallback: Operand<"struct", A>): Struct<F, N | A>;
  /**
   * As `lead`, over the rows where the value is not null.
   *
   * SQL: `lead_known(value, offset)`; `lead_known('a', 1, 'b')` is `'b'`.
   */
  leadKnown(offset?: number): Struct<F, null>;
  /**
   * As `lead`, over the rows where the value is not null.
   *
   * SQL: `lead_known(value, offset, fallback)`; `lead_known('a', 1, 'b')` is `'b'`.
   */
  leadKnown<A extends Null = never>(offset: number, fallback: Operand<"struct", A>): Struct<F, N | A>;
  /**
   * The value in the first row of the frame.
   *
   * SQL: `first_value(value)`; `first_value('a')` is `'a'`.
   */
  firstValue(): Struct<F, null>;
  /**
   * The value in the last row of the frame, which ends at the row itself where no frame is given.
   *
   * SQL: `last_value(value)`; `last_value('a')` is `'a'`.
   */
  lastValue(): Struct<F, null>;
  /**
   * The value in a row of the frame by its place, from 1 on.
   *
   * SQL: `nth_value(value, position)`; `nth_value('a', 2)` is `null`.
   */
  nthValue(position: number): Struct<F, null>;
  /**
   * The first value of the frame that is not null.
   *
   * SQL: `first_known(value)`; `first_known('a')` is `'a'`.
   */
  firstKnown(): Struct<F, null>;
  /**
   * The last value of the frame that is not null: a gap filled from before.
   *
   * SQL: `last_known(value)`; `last_known('a')` is `'a'`.
   */
  lastKnown(): Struct<F, null>;
  /**
   * A value of the frame by its place among those that are not null.
   *
   * SQL: `nth_known(value, position)`; `nth_known('a', 2)` is `null`.
   */
  nthKnown(position: number): Struct<F, null>;
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
   * Whether it equals one of the values; null where it is null, or equals none of those that are not null.
   *
   * SQL: `'b' in ('a', 'b')`; `'b' in ('a', 'b')` is `true`.
   */
  in<A extends Null = never>(values: readonly (Operand<"map", A>)[]): Bool<N | A>;
  /**
   * Whether it equals none of the values; null where it is null, or only a null could be equal.
   *
   * SQL: `'b' not in ('a', 'b')`; `'b' not in ('a', 'b')` is `false`.
   */
  notIn<A extends Null = never>(values: readonly (Operand<"map", A>)[]): Bool<N | A>;
  /**
   * The number of characters of a text, of items of a list (nulls too), of keys of a map.
   *
   * SQL: `length(value)`; `length('Åse')` is `3`.
   */
  length(): Int<N>;
  /**
   * The value as JSON: a struct or map as an object, a list as an array, times and uuids as text. A float that is no number has no JSON form: it fails the run.
   *
   * SQL: `to_json(value)`; `to_json('a')` is `'"a"'`.
   */
  toJson(): Json<N>;
  /**
   * The item at a place, -1 being the last, or the value of a key; null where there is none.
   *
   * SQL: `value[key]`; `[10, 20][2]` is `20`.
   */
  at(key: AnyValue): V;
  /**
   * The keys of a map, as a list.
   *
   * SQL: `map_keys(value)`; `map_keys(map(['a', 'b'], [1, 2]))` is `'["a","b"]'`.
   */
  keys(): List<Optional<K>, N>;
  /**
   * The values of a map, as a list, in the order of its keys.
   *
   * SQL: `map_values(value)`; `map_values(map(['a', 'b'], [1, 2]))` is `'[1,2]'`.
   */
  values(): List<V, N>;
  /**
   * Whether a map has the key.
   *
   * SQL: `map_contains(value, key)`; `map_contains(map(['a', 'b'], [1, 2]), 'c')` is `false`.
   */
  containsKey(key: AnyValue): Bool<N>;
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
  /**
   * The value where the condition is true, else null.
   *
   * SQL: `keep_if(value, condition)`; `keep_if(3, 3 > 2)` is `3`.
   */
  keepIf(condition: Operand<"bool", Null>): MapOf<K, V, null>;
  /**
   * The value in the row before, or in the one so many rows before; the fallback where there is no such row.
   *
   * SQL: `lag(value, offset)`; `lag('a', 1, 'b')` is `'b'`.
   */
  lag(offset?: number): MapOf<K, V, null>;
  /**
   * The value in the row before, or in the one so many rows before; the fallback where there is no such row.
   *
   * SQL: `lag(value, offset, fallback)`; `lag('a', 1, 'b')` is `'b'`.
   */
  lag<A extends Null = never>(offset: number, fallback: Operand<"map", A>): MapOf<K, V, N | A>;
  /**
   * The value in the row behind, or in the one so many rows behind; the fallback where there is no such row.
   *
   * SQL: `lead(value, offset)`; `lead('a', 1, 'b')` is `'b'`.
   */
  lead(offset?: number): MapOf<K, V, null>;
  /**
   * The value in the row behind, or in the one so many rows behind; the fallback where there is no such row.
   *
   * SQL: `lead(value, offset, fallback)`; `lead('a', 1, 'b')` is `'b'`.
   */
  lead<A extends Null = never>(offset: number, fallback: Operand<"map", A>): MapOf<K, V, N | A>;
  /**
   * As `lag`, over the rows where the value is not null.
   *
   * SQL: `lag_known(value, offset)`; `lag_known('a', 1, 'b')` is `'b'`.
   */
  lagKnown(offset?: number): MapOf<K, V, null>;
  /**
   * As `lag`, over the rows where the value is not null.
   *
   * SQL: `lag_known(value, offset, fallback)`; `lag_known('a', 1, 'b')` is `'b'`.
   */
  lagKnown<A extends Null = never>(offset: number, fallback: Operand<"map", A>): MapOf<K, V, N | A>;
  /**
   * As `lead`, over the rows where the value is not null.
   *
   * SQL: `lead_known(value, offset)`; `lead_known('a', 1, 'b')` is `'b'`.
   */
  leadKnown(offset?: number): MapOf<K, V, null>;
  /**
   * As `lead`, over the rows where the value is not null.
   *
   * SQL: `lead_known(value, offset, fallback)`; `lead_known('a', 1, 'b')` is `'b'`.
   */
  leadKnown<A extends Null = never>(offset: number, fallback: Operand<"map", A>): MapOf<K, V, N | A>;
  /**
   * The value in the first row of the frame.
   *
   * SQL: `first_value(value)`; `first_value('a')` is `'a'`.
   */
  firstValue(): MapOf<K, V, null>;
  /**
   * The value in the last row of the frame, which ends at the row itself where no frame is given.
   *
   * SQL: `last_value(value)`; `last_value('a')` is `'a'`.
   */
  lastValue(): MapOf<K, V, null>;
  /**
   * The value in a row of the frame by its place, from 1 on.
   *
   * SQL: `nth_value(value, position)`; `nth_value('a', 2)` is `null`.
   */
  nthValue(position: number): MapOf<K, V, null>;
  /**
   * The first value of the frame that is not null.
   *
   * SQL: `first_known(value)`; `first_known('a')` is `'a'`.
   */
  firstKnown(): MapOf<K, V, null>;
  /**
   * The last value of the frame that is not null: a gap filled from before.
   *
   * SQL: `last_known(value)`; `last_known('a')` is `'a'`.
   */
  lastKnown(): MapOf<K, V, null>;
  /**
   * A value of the frame by its place among those that are not null.
   *
   * SQL: `nth_known(value, position)`; `nth_known('a', 2)` is `null`.
   */
  nthKnown(position: number): MapOf<K, V, null>;
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
   * Whether it equals one of the values; null where it is null, or equals none of those that are not null.
   *
   * SQL: `'b' in ('a', 'b')`; `'b' in ('a', 'b')` is `true`.
   */
  in(values: readonly AnyValue[]): Bool<null>;
  /**
   * Whether it equals none of the values; null where it is null, or only a null could be equal.
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
   * Both texts or lists, one behind the other.
   *
   * SQL: `value || other`; `'a' || 'b'` is `'ab'`.
   */
  concat(other: AnyValue): Untyped;
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
   * Without blanks at both ends, or without any of the characters; tabs and newlines stay where they are not named.
   *
   * SQL: `trim(value, characters)`; `trim('  a b ')` is `'a b'`.
   */
  trim(characters?: AnyValue): Text<null>;
  /**
   * Without blanks at the start, or without any of the characters.
   *
   * SQL: `ltrim(value, characters)`; `ltrim('  a ')` is `'a '`.
   */
  ltrim(characters?: AnyValue): Text<null>;
  /**
   * Without blanks at the end, or without any of the characters.
   *
   * SQL: `rtrim(value, characters)`; `rtrim(' a  ')` is `' a'`.
   */
  rtrim(characters?: AnyValue): Text<null>;
  /**
   * The number of characters of a text, of items of a list (nulls too), of keys of a map.
   *
   * SQL: `length(value)`; `length('Åse')` is `3`.
   */
  length(): Int<null>;
  /**
   * From a position on, the first being 1 (0 counts as 1), -1 the last: `count` characters, or all that follow. Of what would begin before the start only the rest is there.
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
   * Filled from the left up to a length; what is longer is cut at the end. More than 268435456 characters are an error.
   *
   * SQL: `lpad(value, length, fill)`; `lpad('7', 3, '0')` is `'007'`.
   */
  padStart(length: AnyValue, fill: AnyValue): Text<null>;
  /**
   * Filled from the right up to a length; what is longer is cut at the end. More than 268435456 characters are an error.
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
   * Whether the part occurs in the text, or the item in the list; null where the part is null.
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
   * The part at an index, counted from 1, or from the end where negative; empty text where there is none. An empty separator parts nothing.
   *
   * SQL: `split_part(value, separator, index)`; `split_part('a,b,c', ',', 2)` is `'b'`.
   */
  splitPart(separator: AnyValue, index: AnyValue): Text<null>;
  /**
   * The items of a list, or the characters in reverse order; a letter and its combining marks, or a joined emoji, stay together (grapheme clusters).
   *
   * SQL: `reverse(value)`; `reverse('abc')` is `'cba'`.
   */
  reverse(): Untyped;
  /**
   * As often as said, one behind the other. More than 268435456 bytes are an error.
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
   * The parts between the separators, as a list; an empty separator parts nothing.
   *
   * SQL: `string_split(value, separator)`; `string_split('a,b,', ',')` is `'["a","b",""]'`.
   */
  split(separator: AnyValue): List<Text<null>, null>;
  /**
   * Each word in lower case with its first letter in upper case; words end at blanks, in PostgreSQL at every sign.
   *
   * SQL: `initcap(value)`; `initcap('hello WORLD')` is `'Hello World'`.
   */
  initcap(): Text<null>;
  /**
   * Each character of `from` replaced by the one at its place in `to`; those beyond its end are left out.
   *
   * SQL: `translate(value, from, to)`; `translate('a-b.c', '-.', '_')` is `'a_bc'`.
   */
  translate(from: AnyValue, to: AnyValue): Text<null>;
  /**
   * How many letters have to be changed, added or taken out to get the other; counted in bytes of UTF-8.
   *
   * SQL: `levenshtein(value, other)`; `levenshtein('kitten', 'sitting')` is `3`.
   */
  levenshtein(other: AnyValue): Int<null>;
  /**
   * Letters without their accents; letters of their own such as `Æ` and `ø` stay.
   *
   * SQL: `strip_accents(value)`; `strip_accents('Crème brûlée')` is `'Creme brulee'`.
   */
  stripAccents(): Text<null>;
  /**
   * In Unicode's composed form (NFC), so that equal looking letters are equal.
   *
   * SQL: `nfc_normalize(value)`; `nfc_normalize('A')` is `'A'`.
   */
  normalize(): Text<null>;
  /**
   * Whether a regular expression is found in it; `^…$` for the whole text. Constant patterns keep to what RE2, Java and PostgreSQL read alike; a computed one is not checked, and a wrong one is an error.
   *
   * SQL: `regexp_matches(value, pattern)`; `regexp_matches('hello', 'l+o$')` is `true`.
   */
  matches(pattern: AnyValue): Bool<null>;
  /**
   * With every match of a regular expression replaced; `\1` stands for its first group.
   *
   * SQL: `regexp_replace(value, pattern, by)`; `regexp_replace('a1b22', '[0-9]+', '#')` is `'a#b#'`.
   */
  regexpReplace(pattern: AnyValue, by: AnyValue): Text<null>;
  /**
   * With the first match of a regular expression replaced; `\1` stands for its first group.
   *
   * SQL: `regexp_replace_first(value, pattern, by)`; `regexp_replace_first('a1b22', '[0-9]+', '#')` is `'a#b22'`.
   */
  regexpReplaceFirst(pattern: AnyValue, by: AnyValue): Text<null>;
  /**
   * The first match of a regular expression, or a group of it by number; empty text where nothing matches.
   *
   * SQL: `regexp_extract(value, pattern, group)`; `regexp_extract('a1b22', '([a-z])([0-9]+)', 2)` is `'1'`.
   */
  regexpExtract(pattern: AnyValue, group?: number): Text<null>;
  /**
   * Every match of a regular expression, or a group of each by number; a group that the pattern has not is an error.
   *
   * SQL: `regexp_extract_all(value, pattern, group)`; `regexp_extract_all('a1b22', '[0-9]+')` is `'["1","22"]'`.
   */
  regexpExtractAll(pattern: AnyValue, group?: number): List<Text<null>, null>;
  /**
   * How often a regular expression is found in it, each match behind the one before.
   *
   * SQL: `regexp_count(value, pattern)`; `regexp_count('a1b22', '[0-9]')` is `3`.
   */
  regexpCount(pattern: AnyValue): Int<null>;
  /**
   * The parts between the matches of a regular expression; a pattern that matches empty text parts the characters.
   *
   * SQL: `regexp_split(value, pattern)`; `regexp_split('a1b22c', '[0-9]+')` is `'["a","b","c"]'`.
   */
  regexpSplit(pattern: AnyValue): List<Text<null>, null>;
  /**
   * The number of bytes, of text in UTF-8.
   *
   * SQL: `octet_length(value)`; `octet_length('Åse')` is `4`.
   */
  byteLength(): Int<null>;
  /**
   * The bytes, of text in UTF-8, as hexadecimal digits in upper case.
   *
   * SQL: `hex(value)`; `hex('Å')` is `'C385'`.
   */
  toHex(): Text<null>;
  /**
   * The bytes that hexadecimal digits in pairs say; null for any other text.
   *
   * SQL: `unhex(value)`; `unhex('c385')` is `'c385'`.
   */
  fromHex(): Bytes<null>;
  /**
   * The bytes in Base64, without line breaks.
   *
   * SQL: `to_base64(value)`; `to_base64(bytes '00ff')` is `'AP8='`.
   */
  toBase64(): Text<null>;
  /**
   * The bytes that Base64 says; null for any other text, line breaks and missing padding among them.
   *
   * SQL: `from_base64(value)`; `from_base64('AP8=')` is `'00ff'`.
   */
  fromBase64(): Bytes<null>;
  /**
   * The bytes of the text in UTF-8.
   *
   * SQL: `encode(value)`; `encode('Å')` is `'c385'`.
   */
  toBytes(): Bytes<null>;
  /**
   * The text that the bytes are in UTF-8; null where they are none.
   *
   * SQL: `decode(value)`; `decode(bytes 'c385')` is `'Å'`.
   */
  fromBytes(): Text<null>;
  /**
   * The Unicode number of the first character; null for empty text.
   *
   * SQL: `unicode(value)`; `unicode('Åse')` is `197`.
   */
  codePoint(): Int<null>;
  /**
   * The character with a Unicode number; null where there is none, and for 0. Spark knows those below 256.
   *
   * SQL: `chr(value)`; `chr(197)` is `'Å'`.
   */
  fromCodePoint(): Text<null>;
  /**
   * The MD5 hash of the bytes, of text in UTF-8, in hexadecimal: for keys, not for secrets.
   *
   * SQL: `md5(value)`; `md5('a')` is `'0cc175b9c0f1b6a831c399e269772661'`.
   */
  md5(): Text<null>;
  /**
   * The SHA-1 hash of the bytes, of text in UTF-8, in hexadecimal. PostgreSQL needs an extension for it.
   *
   * SQL: `sha1(value)`; `sha1('a')` is `'86f7e437faa5a7fce15d1ddcb9eaeaea377667b8'`.
   */
  sha1(): Text<null>;
  /**
   * The SHA-256 hash of the bytes, of text in UTF-8, in hexadecimal.
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
   * Raised to a power: a root of a negative number is not a number (NaN), what no float holds is infinite.
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
   * e raised to it; what no float holds is infinite.
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
   * Cut to `digits` places (0 where absent), towards zero.
   *
   * SQL: `trunc(value)`; `trunc(-2.7)` is `-2`.
   */
  trunc(): Untyped;
  /**
   * The logarithm to base 10; null for 0 and below.
   *
   * SQL: `log10(value)`; `log10(1000)` is `3`.
   */
  log10(): Float<null>;
  /**
   * The logarithm to base 2; null for 0 and below.
   *
   * SQL: `log2(value)`; `log2(8)` is `3`.
   */
  log2(): Float<null>;
  /**
   * The greatest number that divides both; 0 of two zeros.
   *
   * SQL: `gcd(value, other)`; `gcd(12, 18)` is `6`.
   */
  gcd(other: AnyValue): Int<null>;
  /**
   * The least number that both divide; 0 where one is 0.
   *
   * SQL: `lcm(value, other)`; `lcm(4, 6)` is `12`.
   */
  lcm(other: AnyValue): Int<null>;
  /**
   * Whether it is the float that is not a number.
   *
   * SQL: `isnan(value)`; `isnan(1.5)` is `false`.
   */
  isNaN(): Bool<null>;
  /**
   * Whether it is a number and not infinite.
   *
   * SQL: `isfinite(value)`; `isfinite(1.5)` is `true`.
   */
  isFinite(): Bool<null>;
  /**
   * Which of `count` equally wide parts from `low` to `high` it lies in: 1 is the first, 0 is below, one more than `count` is above. Null for bounds that leave nothing between them, and for a count below 1.
   *
   * SQL: `width_bucket(value, low, high, count)`; `width_bucket(5, 0, 10, 5)` is `3`.
   */
  widthBucket(low: AnyValue, high: AnyValue, count: AnyValue): Int<null>;
  /**
   * The sine; null for infinity and for what is no number (NaN).
   *
   * SQL: `sin(value)`; `sin(0)` is `0`.
   */
  sin(): Float<null>;
  /**
   * The cosine; null for infinity and for what is no number (NaN).
   *
   * SQL: `cos(value)`; `cos(0)` is `1`.
   */
  cos(): Float<null>;
  /**
   * The tangent; null for infinity and for what is no number (NaN).
   *
   * SQL: `tan(value)`; `tan(0)` is `0`.
   */
  tan(): Float<null>;
  /**
   * The angle of a sine; null outside of -1 to 1.
   *
   * SQL: `asin(value)`; `asin(0)` is `0`.
   */
  asin(): Float<null>;
  /**
   * The angle of a cosine; null outside of -1 to 1.
   *
   * SQL: `acos(value)`; `acos(1)` is `0`.
   */
  acos(): Float<null>;
  /**
   * The angle of a tangent.
   *
   * SQL: `atan(value)`; `atan(0)` is `0`.
   */
  atan(): Float<null>;
  /**
   * The angle of the point that lies `x` to the right and the value above.
   *
   * SQL: `atan2(value, x)`; `atan2(0, 1)` is `0`.
   */
  atan2(x: AnyValue): Float<null>;
  /**
   * An angle in radians as degrees.
   *
   * SQL: `degrees(value)`; `degrees(pi())` is `180`.
   */
  degrees(): Float<null>;
  /**
   * An angle in degrees as radians.
   *
   * SQL: `radians(value)`; `radians(0)` is `0`.
   */
  radians(): Float<null>;
  /**
   * The bits that both have.
   *
   * SQL: `value & other`; `5 & 3` is `1`.
   */
  bitAnd(other: AnyValue): Int<null>;
  /**
   * The bits that one of them has.
   *
   * SQL: `value | other`; `5 | 3` is `7`.
   */
  bitOr(other: AnyValue): Int<null>;
  /**
   * The bits that one of them has and the other has not.
   *
   * SQL: `xor(value, other)`; `xor(5, 3)` is `6`.
   */
  bitXor(other: AnyValue): Int<null>;
  /**
   * Every bit turned.
   *
   * SQL: `bit_not(value)`; `bit_not(5)` is `-6`.
   */
  bitNot(): Int<null>;
  /**
   * How many bits are set.
   *
   * SQL: `bit_count(value)`; `bit_count(7)` is `3`.
   */
  bitCount(): Int<null>;
  /**
   * The bits moved to the left: times 2 as often as said. More than fits is an error, and null where the count is not from 0 to 62.
   *
   * SQL: `shift_left(value, count)`; `shift_left(3, 2)` is `12`.
   */
  shiftLeft(count: AnyValue): Int<null>;
  /**
   * The bits moved to the right, the sign kept; null where the count is not from 0 to 63.
   *
   * SQL: `shift_right(value, count)`; `shift_right(13, 2)` is `3`.
   */
  shiftRight(count: AnyValue): Int<null>;
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
   * The fraction of its second, in microseconds.
   *
   * SQL: `microsecond(value)`; `microsecond(timestamp '2024-03-31 23:59:58.9')` is `900000`.
   */
  microsecond(): Int<null>;
  /**
   * The year that its ISO week belongs to.
   *
   * SQL: `isoyear(value)`; `isoyear(date '2024-12-30')` is `2025`.
   */
  isoYear(): Int<null>;
  /**
   * Whole milliseconds since 1970-01-01; a value without a zone is taken as UTC.
   *
   * SQL: `epoch_ms(value)`; `epoch_ms(timestamp '1970-01-01 00:00:01.5')` is `1500`.
   */
  epochMillis(): Int<null>;
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
   * How many whole units lie between it and `until`: the most that can be added to it (as `add_months` does) without going beyond; negative where `until` is earlier.
   *
   * SQL: `date_diff_full(unit, value, until)`; `date_diff_full('month', date '2024-01-31', date '2024-02-28')` is `0`.
   */
  dateDiffFull(unit: "year" | "quarter" | "month" | "week" | "day" | "hour" | "minute" | "second", until: AnyValue): Int<null>;
  /**
   * So many milliseconds later, or earlier where the count is negative.
   *
   * SQL: `add_milliseconds(value, count)`; `add_milliseconds(timestamp '2024-03-31 23:59:58', 2500)` is `'2024-04-01 00:00:00.5'`.
   */
  addMilliseconds(count: AnyValue): Untyped;
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
   * So many weeks later, or earlier where the count is negative.
   *
   * SQL: `add_weeks(value, count)`; `add_weeks(date '2024-02-22', 1)` is `'2024-02-29'`.
   */
  addWeeks(count: AnyValue): Untyped;
  /**
   * So many quarters (the last day where the month is shorter) later, or earlier where the count is negative.
   *
   * SQL: `add_quarters(value, count)`; `add_quarters(date '2023-11-30', 1)` is `'2024-02-29'`.
   */
  addQuarters(count: AnyValue): Untyped;
  /**
   * So many years (29 February becomes the 28th where there is none) later, or earlier where the count is negative.
   *
   * SQL: `add_years(value, count)`; `add_years(date '2024-02-29', 1)` is `'2025-02-28'`.
   */
  addYears(count: AnyValue): Untyped;
  /**
   * The number of days of its month.
   *
   * SQL: `days_in_month(value)`; `days_in_month(date '2024-02-10')` is `29`.
   */
  daysInMonth(): Int<null>;
  /**
   * The last day of its month.
   *
   * SQL: `last_day(value)`; `last_day(date '2024-02-10')` is `'2024-02-29'`.
   */
  lastDay(): Day<null>;
  /**
   * As text in a layout of strftime letters (`%Y-%m-%d %H:%M:%S`), an instant in UTC, names in English.
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
   * The time of day that a text in a layout of strftime letters says; null where it does not fit.
   *
   * SQL: `parse_time(value, layout)`; `parse_time('07.08', '%H.%M')` is `'07:08:00'`.
   */
  parseTime(layout: string): Time<null>;
  /**
   * The timestamp that a text in a layout of strftime letters says; null where it does not fit.
   *
   * SQL: `parse_timestamp(value, layout)`; `parse_timestamp('31.03.2024 07:08', '%d.%m.%Y %H:%M')` is `'2024-03-31 07:08:00'`.
   */
  parseTimestamp(layout: string): Timestamp<null>;
  /**
   * The instant that a text in a layout of strftime letters says, its offset being `%z` and UTC where it has none; null where it does not fit.
   *
   * SQL: `parse_instant(value, layout)`; `parse_instant('2024-03-31 07:08 +0200', '%Y-%m-%d %H:%M %z')` is `'2024-03-31 05:08:00+00'`.
   */
  parseInstant(layout: string): Timestamptz<null>;
  /**
   * The English name of the day.
   *
   * SQL: `dayname(value)`; `dayname(date '2024-03-31')` is `'Sunday'`.
   */
  dayName(): Text<null>;
  /**
   * The English name of the month.
   *
   * SQL: `monthname(value)`; `monthname(date '2024-03-31')` is `'March'`.
   */
  monthName(): Text<null>;
  /**
   * The local time of an instant in a zone, or the instant of a local time there. A local time that a change of clocks skips or repeats is taken in standard time; engines differ there. In text also `value at time zone 'Europe/Oslo'`.
   *
   * SQL: `timezone(zone, value)`; `timezone('Europe/Oslo', timestamp '2024-07-01 12:00:00')` is `'2024-07-01 10:00:00+00'`.
   */
  atZone(zone: string): Untyped;
  /**
   * The instant so many seconds after 1970-01-01 in UTC.
   *
   * SQL: `from_epoch_seconds(value)`; `from_epoch_seconds(86401)` is `'1970-01-02 00:00:01+00'`.
   */
  fromEpochSeconds(): Timestamptz<null>;
  /**
   * The instant so many milliseconds after 1970-01-01 in UTC.
   *
   * SQL: `from_epoch_ms(value)`; `from_epoch_ms(1500)` is `'1970-01-01 00:00:01.5+00'`.
   */
  fromEpochMillis(): Timestamptz<null>;
  /**
   * What stands at a path as text: a text without its quotes, anything else as JSON; null where there is nothing or null. In text also `data ->> '$.a'`. How a number is written engines decide: cast it to a number.
   *
   * SQL: `json_extract_string(value, path)`; `json_extract_string(cast('{"a":{"b":"x"}}' as json), '$.a.b')` is `'x'`.
   */
  jsonText(path: string): Text<null>;
  /**
   * What stands at a path as JSON, null of JSON among it; null where there is nothing. In text also `data -> '$.a'`.
   *
   * SQL: `json_extract(value, path)`; `json_extract(cast('{"a":[1,2]}' as json), '$.a')` is `'[1,2]'`.
   */
  jsonAt(path: string): Json<null>;
  /**
   * Whether something stands at a path, be it null.
   *
   * SQL: `json_exists(value, path)`; `json_exists(cast('{"a":null}' as json), '$.a')` is `true`.
   */
  jsonExists(path: string): Bool<null>;
  /**
   * `object`, `array`, `string`, `number`, `boolean` or `null`, of the whole or of what stands at a path; null where there is nothing.
   *
   * SQL: `json_type(value, path)`; `json_type(cast('{"a":1.5}' as json), '$.a')` is `'number'`.
   */
  jsonType(path?: string): Text<null>;
  /**
   * The names in an object, as they stand there; null where there is none.
   *
   * SQL: `json_keys(value, path)`; `json_keys(cast('{"a":1,"b":2}' as json))` is `'["a","b"]'`.
   */
  jsonKeys(path?: string): List<Text<null>, null>;
  /**
   * The number of items in an array; null where there is none.
   *
   * SQL: `json_array_length(value, path)`; `json_array_length(cast('[1,2]' as json))` is `2`.
   */
  jsonLength(path?: string): Int<null>;
  /**
   * The items of an array as a list of JSON; null where it is none.
   *
   * SQL: `json_items(value)`; `json_items(cast('[1,"x"]' as json))` is `'[1,"x"]'`.
   */
  jsonItems(): List<Json<null>, null>;
  /**
   * The value as JSON: a struct or map as an object, a list as an array, times and uuids as text. A float that is no number has no JSON form: it fails the run.
   *
   * SQL: `to_json(value)`; `to_json('a')` is `'"a"'`.
   */
  toJson(): Json<null>;
  /**
   * The JSON that a text is; null where it is none. The cast to json fails the run there.
   *
   * SQL: `parse_json(value)`; `parse_json('{"a":1}')` is `'{"a":1}'`.
   */
  parseJson(): Json<null>;
  /**
   * Whether a text is JSON.
   *
   * SQL: `json_valid(value)`; `json_valid('[1,')` is `false`.
   */
  isJson(): Bool<null>;
  /**
   * The item at a place, -1 being the last, or the value of a key; null where there is none.
   *
   * SQL: `value[index]`; `[10, 20][2]` is `20`.
   */
  at(index: AnyValue): Untyped;
  /**
   * The items from a place to another, both included; -1 is the last, 0 counts as the first at the start. In text also `tags[2:3]`.
   *
   * SQL: `list_slice(value, first, last)`; `list_slice([10, 20, 30], 2, -1)` is `'[20,30]'`.
   */
  slice(first: AnyValue, last: AnyValue): Untyped;
  /**
   * Where the item stands first, counted from 1; 0 where it does not, null for a null item.
   *
   * SQL: `list_position(value, item)`; `list_position(['a', 'b'], 'b')` is `2`.
   */
  indexOf(item: AnyValue): Int<null>;
  /**
   * With one more item at the end, which may be null.
   *
   * SQL: `list_append(value, item)`; `list_append([1, 2], 3)` is `'[1,2,3]'`.
   */
  append(item: AnyValue): Untyped;
  /**
   * Whether one of the items of the other is in it; nulls are no items here.
   *
   * SQL: `list_has_any(value, other)`; `list_has_any([1, 2], [2, 3])` is `true`.
   */
  containsAny(other: AnyValue): Bool<null>;
  /**
   * Whether all items of the other are in it; nulls are left aside.
   *
   * SQL: `list_has_all(value, other)`; `list_has_all([1, 2], [2, 3])` is `false`.
   */
  containsAll(other: AnyValue): Bool<null>;
  /**
   * The items in ascending order, nulls last.
   *
   * SQL: `list_sort(value)`; `list_sort([3, 1, 2])` is `'[1,2,3]'`.
   */
  sortItems(): Untyped;
  /**
   * The items in descending order, nulls last.
   *
   * SQL: `list_reverse_sort(value)`; `list_reverse_sort([3, 1, 2])` is `'[3,2,1]'`.
   */
  sortItemsDescending(): Untyped;
  /**
   * Each item once, at the place where it came first; nulls are left out.
   *
   * SQL: `list_distinct(value)`; `list_distinct([2, 1, 2])` is `'[2,1]'`.
   */
  distinctItems(): Untyped;
  /**
   * The items as one text with a separator between them, nulls left out; empty text of no items.
   *
   * SQL: `array_to_string(value, separator)`; `array_to_string(['a', 'b'], '-')` is `'a-b'`.
   */
  joinItems(separator: string): Text<null>;
  /**
   * The items of the lists in a list, one behind the other; lists that are null are left out.
   *
   * SQL: `flatten(value)`; `flatten([[1], [2, 3]])` is `'[1,2,3]'`.
   */
  flatten(): Untyped;
  /**
   * The least item, nulls left aside; null of no items.
   *
   * SQL: `list_min(value)`; `list_min([3, 1, 2])` is `1`.
   */
  minItem(): Untyped;
  /**
   * The greatest item, nulls left aside; null of no items.
   *
   * SQL: `list_max(value)`; `list_max([3, 1, 2])` is `3`.
   */
  maxItem(): Untyped;
  /**
   * The sum of the items, nulls left aside; null of no items. More than fits is an error.
   *
   * SQL: `list_sum(value)`; `list_sum([1, 2])` is `3`.
   */
  sumItems(): Untyped;
  /**
   * The mean of the items as a float, nulls left aside; null of no items.
   *
   * SQL: `list_avg(value)`; `list_avg([1, 2])` is `1.5`.
   */
  avgItems(): Float<null>;
  /**
   * A field of a struct by its name; null where it is null or the struct is.
   *
   * SQL: `value.name`; `{'a': 1, 'b': 'x'}.b` is `'x'`.
   */
  field(name: string): Untyped;
  /**
   * The keys of a map, as a list.
   *
   * SQL: `map_keys(value)`; `map_keys(map(['a', 'b'], [1, 2]))` is `'["a","b"]'`.
   */
  keys(): Untyped;
  /**
   * The values of a map, as a list, in the order of its keys.
   *
   * SQL: `map_values(value)`; `map_values(map(['a', 'b'], [1, 2]))` is `'[1,2]'`.
   */
  values(): Untyped;
  /**
   * Whether a map has the key.
   *
   * SQL: `map_contains(value, key)`; `map_contains(map(['a', 'b'], [1, 2]), 'c')` is `false`.
   */
  containsKey(key: AnyValue): Bool<null>;
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
  /**
   * The value where the condition is true, else null.
   *
   * SQL: `keep_if(value, condition)`; `keep_if(3, 3 > 2)` is `3`.
   */
  keepIf(condition: AnyValue): Untyped;
  /**
   * The value, or the bound that it lies beyond.
   *
   * SQL: `clamp(value, low, high)`; `clamp(12, 0, 10)` is `10`.
   */
  clamp(low: AnyValue, high: AnyValue): Untyped;
  /**
   * The value in the row before, or in the one so many rows before; the fallback where there is no such row.
   *
   * SQL: `lag(value, offset)`; `lag('a', 1, 'b')` is `'b'`.
   */
  lag(offset?: number): Untyped;
  /**
   * The value in the row before, or in the one so many rows before; the fallback where there is no such row.
   *
   * SQL: `lag(value, offset, fallback)`; `lag('a', 1, 'b')` is `'b'`.
   */
  lag(offset: number, fallback: AnyValue): Untyped;
  /**
   * The value in the row behind, or in the one so many rows behind; the fallback where there is no such row.
   *
   * SQL: `lead(value, offset)`; `lead('a', 1, 'b')` is `'b'`.
   */
  lead(offset?: number): Untyped;
  /**
   * The value in the row behind, or in the one so many rows behind; the fallback where there is no such row.
   *
   * SQL: `lead(value, offset, fallback)`; `lead('a', 1, 'b')` is `'b'`.
   */
  lead(offset: number, fallback: AnyValue): Untyped;
  /**
   * As `lag`, over the rows where the value is not null.
   *
   * SQL: `lag_known(value, offset)`; `lag_known('a', 1, 'b')` is `'b'`.
   */
  lagKnown(offset?: number): Untyped;
  /**
   * As `lag`, over the rows where the value is not null.
   *
   * SQL: `lag_known(value, offset, fallback)`; `lag_known('a', 1, 'b')` is `'b'`.
   */
  lagKnown(offset: number, fallback: AnyValue): Untyped;
  /**
   * As `lead`, over the rows where the value is not null.
   *
   * SQL: `lead_known(value, offset)`; `lead_known('a', 1, 'b')` is `'b'`.
   */
  leadKnown(offset?: number): Untyped;
  /**
   * As `lead`, over the rows where the value is not null.
   *
   * SQL: `lead_known(value, offset, fallback)`; `lead_known('a', 1, 'b')` is `'b'`.
   */
  leadKnown(offset: number, fallback: AnyValue): Untyped;
  /**
   * The value in the first row of the frame.
   *
   * SQL: `first_value(value)`; `first_value('a')` is `'a'`.
   */
  firstValue(): Untyped;
  /**
   * The value in the last row of the frame, which ends at the row itself where no frame is given.
   *
   * SQL: `last_value(value)`; `last_value('a')` is `'a'`.
   */
  lastValue(): Untyped;
  /**
   * The value in a row of the frame by its place, from 1 on.
   *
   * SQL: `nth_value(value, position)`; `nth_value('a', 2)` is `null`.
   */
  nthValue(position: number): Untyped;
  /**
   * The first value of the frame that is not null.
   *
   * SQL: `first_known(value)`; `first_known('a')` is `'a'`.
   */
  firstKnown(): Untyped;
  /**
   * The last value of the frame that is not null: a gap filled from before.
   *
   * SQL: `last_known(value)`; `last_known('a')` is `'a'`.
   */
  lastKnown(): Untyped;
  /**
   * A value of the frame by its place among those that are not null.
   *
   * SQL: `nth_known(value, position)`; `nth_known('a', 2)` is `null`.
   */
  nthKnown(position: number): Untyped;
}
