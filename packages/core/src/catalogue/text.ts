import { scalar } from "./define.ts";
import type { FunctionEntry } from "./entry.ts";
import { refusal } from "./refusal.ts";

type Brief = Pick<FunctionEntry, "doc" | "example"> & Partial<FunctionEntry>;

/** A function over text that is null where an argument is. */
function ofText(
  name: string,
  signature: string | readonly string[],
  render: string | readonly string[],
  { doc, example, ...rest }: Brief,
): FunctionEntry {
  return scalar(name, signature, render, doc, [example.text, example.result], rest);
}

// No text is longer, and DuckDB takes no count beyond.
const FAR = "4294967295";
const within = (count: string): string =>
  `case when ${count} > ${FAR} then ${FAR} when ${count} < -${FAR} then -${FAR} else ${count} end`;
// Where the start is moved here, what lies before it is no part of the count.
const SPAN = `case when $3 is null then null when $3 < 0 then 0 when $2 < -${FAR} then case when $3 > -${FAR} - $2 then least($3 - (-${FAR} - $2), ${FAR}) else 0 end when $3 > ${FAR} then ${FAR} else $3 end`;
/** The longest text that is made of a count, in bytes or characters: beyond, a count is a mistake that would fill the memory. */
const LONGEST = 268_435_456;
const padded = (word: string): string =>
  `case when $1 is null or $2 is null or $3 is null then null when $3 = '' then left($1, ${within("greatest($2, 0)")}) when $2 > ${LONGEST} then ${refusal("no text is filled up to", "$2", `characters: ${LONGEST} are the most`)} else ${word}($1, cast(greatest($2, 0) as integer), $3) end`;
const LENGTHS = ["(self: text) -> int64", "(self: list) -> int64", "(self: map) -> int64"];
// DuckDB parts at an empty separator between all characters.
const SPLIT_PART =
  "case when $2 = '' and $1 is not null and $3 is not null then case when $3 in (1, -1) then $1 else '' end else split_part($1, $2, $3) end";

/** Text: characters are Unicode code points, positions start at 1. */
export const text: Readonly<Record<string, FunctionEntry>> = {
  lower: ofText("lower", "(self: text) -> string", "lower($1)", {
    doc: "In lower case. Beyond simple letters engines differ.",
    portable: "bounded",
    example: { text: "lower('ABÅ')", result: "abå" },
  }),
  upper: ofText("upper", "(self: text) -> string", "upper($1)", {
    doc: "In upper case. Beyond simple letters engines differ.",
    portable: "bounded",
    example: { text: "upper('abå')", result: "ABÅ" },
  }),
  trim: ofText("trim", "(self: text, characters?: text) -> string", "trim($1{, $2})", {
    doc: "Without blanks at both ends, or without any of the characters; tabs and newlines stay where they are not named.",
    example: { text: "trim('  a b ')", result: "a b" },
  }),
  ltrim: ofText("ltrim", "(self: text, characters?: text) -> string", "ltrim($1{, $2})", {
    doc: "Without blanks at the start, or without any of the characters.",
    example: { text: "ltrim('  a ')", result: "a " },
  }),
  rtrim: ofText("rtrim", "(self: text, characters?: text) -> string", "rtrim($1{, $2})", {
    doc: "Without blanks at the end, or without any of the characters.",
    example: { text: "rtrim(' a  ')", result: " a" },
  }),
  length: ofText("length", LENGTHS, ["length($1)", "len($1)", "cardinality($1)"], {
    doc: "The number of characters of a text, of items of a list (nulls too), of keys of a map.",
    example: { text: "length('Åse')", result: 3 },
  }),
  substring: ofText(
    "substring",
    "(self: text, from: int, count?: int) -> string",
    `substring($1, case when $2 = 0 then 1 else ${within("$2")} end{, ${SPAN}})`,
    {
      doc: "From a position on, the first being 1 (0 counts as 1), -1 the last: `count` characters, or all that follow. Of what would begin before the start only the rest is there.",
      example: { text: "substring('hello', 2, 3)", result: "ell" },
    },
  ),
  left: ofText("left", "(self: text, count: int) -> string", `left($1, ${within("$2")})`, {
    doc: "The first `count` characters; with a negative count all but the last ones.",
    example: { text: "left('hello', 2)", result: "he" },
  }),
  right: ofText("right", "(self: text, count: int) -> string", `right($1, ${within("$2")})`, {
    doc: "The last `count` characters; with a negative count all but the first ones.",
    example: { text: "right('hello', 2)", result: "lo" },
  }),
  padStart: ofText("lpad", "(self: text, length: int, fill: text) -> string", padded("lpad"), {
    doc: "Filled from the left up to a length; what is longer is cut at the end. More than 268435456 characters are an error.",
    example: { text: "lpad('7', 3, '0')", result: "007" },
  }),
  padEnd: ofText("rpad", "(self: text, length: int, fill: text) -> string", padded("rpad"), {
    doc: "Filled from the right up to a length; what is longer is cut at the end. More than 268435456 characters are an error.",
    example: { text: "rpad('7', 3, '.')", result: "7.." },
  }),
  replace: ofText("replace", "(self: text, part: text, by: text) -> string", "replace($1, $2, $3)", {
    doc: "With every occurrence of a part replaced.",
    example: { text: "replace('a-b-c', '-', '+')", result: "a+b+c" },
  }),
  startsWith: ofText("starts_with", "(self: text, part: text) -> bool", "starts_with($1, $2)", {
    doc: "Whether it begins with the part.",
    example: { text: "starts_with('hello', 'he')", result: true },
  }),
  endsWith: ofText("ends_with", "(self: text, part: text) -> bool", "ends_with($1, $2)", {
    doc: "Whether it ends with the part.",
    example: { text: "ends_with('hello', 'he')", result: false },
  }),
  contains: ofText(
    "contains",
    ["(self: text, part: text) -> bool", "(self: list, item: item) -> bool"],
    ["contains($1, $2)", "list_contains($1, $2)"],
    {
      doc: "Whether the part occurs in the text, or the item in the list; null where the part is null.",
      example: { text: "contains('hello', 'ell')", result: true },
    },
  ),
  position: ofText("strpos", "(self: text, part: text) -> int64", "strpos($1, $2)", {
    doc: "Where the part occurs first, counted from 1; 0 where it does not.",
    example: { text: "strpos('hello', 'l')", result: 3 },
  }),
  splitPart: ofText("split_part", "(self: text, separator: text, index: int) -> string", SPLIT_PART, {
    doc: "The part at an index, counted from 1, or from the end where negative; empty text where there is none. An empty separator parts nothing.",
    example: { text: "split_part('a,b,c', ',', 2)", result: "b" },
  }),
  reverse: ofText("reverse", ["(self: text) -> string", "(self: list) -> same"], ["reverse($1)", "list_reverse($1)"], {
    doc: "The items of a list, or the characters in reverse order; a letter and its combining marks, or a joined emoji, stay together (grapheme clusters).",
    example: { text: "reverse('abc')", result: "cba" },
  }),
  repeat: ofText(
    "repeat",
    "(self: text, count: int) -> string",
    `case when strlen($1) * cast($2 as hugeint) > ${LONGEST} then ${refusal("no text is repeated", "$2", `times: ${LONGEST} bytes are the most`)} else repeat($1, $2) end`,
    {
      doc: "As often as said, one behind the other. More than 268435456 bytes are an error.",
      example: { text: "repeat('ab', 3)", result: "ababab" },
    },
  ),
  like: ofText("like", "(self: text, pattern: text) -> bool", "$1 like $2 escape '\\'", {
    doc: "Whether the whole text fits a pattern: `%` is any text, `_` one character, a backslash takes the next as it is.",
    text: { special: "like" },
    example: { text: "'hello' like 'h%o'", result: true },
  }),
  ilike: ofText("ilike", "(self: text, pattern: text) -> bool", "$1 ilike $2 escape '\\'", {
    doc: "As `like`, upper and lower case being equal.",
    text: { special: "ilike" },
    example: { text: "'HELLO' ilike 'h%o'", result: true },
  }),
  split: ofText(
    "string_split",
    "(self: text, separator: text) -> list<string>",
    "case when $1 is null or $2 is null then null when $2 = '' then [$1] else string_split($1, $2) end",
    {
      doc: "The parts between the separators, as a list; an empty separator parts nothing.",
      example: { text: "string_split('a,b,', ',')", result: '["a","b",""]' },
    },
  ),
  initcap: ofText(
    "initcap",
    "(self: text) -> string",
    "array_to_string(list_transform(string_split(lower($1), ' '), lambda word: upper(word[1]) || word[2:]), ' ')",
    {
      doc: "Each word in lower case with its first letter in upper case; words end at blanks, in PostgreSQL at every sign.",
      example: { text: "initcap('hello WORLD')", result: "Hello World" },
      portable: "bounded",
    },
  ),
  translate: ofText("translate", "(self: text, from: text, to: text) -> string", "translate($1, $2, $3)", {
    doc: "Each character of `from` replaced by the one at its place in `to`; those beyond its end are left out.",
    example: { text: "translate('a-b.c', '-.', '_')", result: "a_bc" },
  }),
  concatAll: ofText("concat", "(...parts: text) -> string", "concat($*)", {
    doc: "All texts, one behind the other, nulls left out.",
    example: { text: "concat('a', null, 'b')", result: "ab" },
    nulls: "never",
  }),
  joinTexts: ofText("concat_ws", "(separator: literal, ...parts: text) -> string", "concat_ws($*)", {
    doc: "All texts with a separator between them, nulls left out.",
    example: { text: "concat_ws(', ', 'a', null, 'b')", result: "a, b" },
    nulls: "never",
  }),
  levenshtein: ofText("levenshtein", "(self: text, other: text) -> int64", "levenshtein($1, $2)", {
    doc: "How many letters have to be changed, added or taken out to get the other; counted in bytes of UTF-8.",
    example: { text: "levenshtein('kitten', 'sitting')", result: 3 },
    portable: "no",
  }),
  stripAccents: ofText("strip_accents", "(self: text) -> string", "strip_accents($1)", {
    doc: "Letters without their accents; letters of their own such as `Æ` and `ø` stay.",
    example: { text: "strip_accents('Crème brûlée')", result: "Creme brulee" },
    portable: "no",
  }),
  normalize: ofText("nfc_normalize", "(self: text) -> string", "nfc_normalize($1)", {
    doc: "In Unicode's composed form (NFC), so that equal looking letters are equal.",
    example: { text: "nfc_normalize('A')", result: "A" },
    portable: "no",
  }),
};
