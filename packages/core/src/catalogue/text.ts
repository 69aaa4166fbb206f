import type { FunctionEntry } from "./entry.ts";

type Brief = Pick<FunctionEntry, "doc" | "example"> & Partial<FunctionEntry>;

/** A function over text that is null where an argument is. */
function ofText(name: string, signature: string, render: string, brief: Brief): FunctionEntry {
  return {
    kind: "scalar",
    signatures: [signature],
    nulls: "propagate",
    render: { duckdb: render },
    text: { function: name },
    ...brief,
  };
}

/** Text: characters are Unicode code points, positions start at 1. */
export const text: Readonly<Record<string, FunctionEntry>> = {
  lower: ofText("lower", "(self: text) -> string", "lower($1)", {
    doc: "In lower case. Beyond simple letters engines differ.",
    example: { text: "lower('ABÅ')", result: "abå" },
  }),
  upper: ofText("upper", "(self: text) -> string", "upper($1)", {
    doc: "In upper case. Beyond simple letters engines differ.",
    example: { text: "upper('abå')", result: "ABÅ" },
  }),
  trim: ofText("trim", "(self: text) -> string", "trim($1)", {
    doc: "Without blanks at both ends; tabs and newlines stay.",
    example: { text: "trim('  a b ')", result: "a b" },
  }),
  ltrim: ofText("ltrim", "(self: text) -> string", "ltrim($1)", {
    doc: "Without blanks at the start.",
    example: { text: "ltrim('  a ')", result: "a " },
  }),
  rtrim: ofText("rtrim", "(self: text) -> string", "rtrim($1)", {
    doc: "Without blanks at the end.",
    example: { text: "rtrim(' a  ')", result: " a" },
  }),
  length: ofText("length", "(self: text) -> int64", "length($1)", {
    doc: "The number of characters.",
    example: { text: "length('Åse')", result: 3 },
  }),
  substring: ofText(
    "substring",
    "(self: text, from: int, count?: int) -> string",
    "substring($1, case when $2 < 1 then 1 else $2 end{, case when $3 < 0 then 0 else $3 end})",
    {
      doc: "From a position on, the first being 1 (a lower one counts as 1): `count` characters, or all that follow.",
      example: { text: "substring('hello', 2, 3)", result: "ell" },
    },
  ),
  left: ofText("left", "(self: text, count: int) -> string", "left($1, $2)", {
    doc: "The first `count` characters; with a negative count all but the last ones.",
    example: { text: "left('hello', 2)", result: "he" },
  }),
  right: ofText("right", "(self: text, count: int) -> string", "right($1, $2)", {
    doc: "The last `count` characters; with a negative count all but the first ones.",
    example: { text: "right('hello', 2)", result: "lo" },
  }),
  padStart: ofText("lpad", "(self: text, length: int, fill: text) -> string", "lpad($1, cast($2 as integer), $3)", {
    doc: "Filled from the left up to a length; what is longer is cut at the end.",
    example: { text: "lpad('7', 3, '0')", result: "007" },
  }),
  padEnd: ofText("rpad", "(self: text, length: int, fill: text) -> string", "rpad($1, cast($2 as integer), $3)", {
    doc: "Filled from the right up to a length; what is longer is cut at the end.",
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
  contains: ofText("contains", "(self: text, part: text) -> bool", "contains($1, $2)", {
    doc: "Whether the part occurs in it.",
    example: { text: "contains('hello', 'ell')", result: true },
  }),
  position: ofText("strpos", "(self: text, part: text) -> int64", "strpos($1, $2)", {
    doc: "Where the part occurs first, counted from 1; 0 where it does not.",
    example: { text: "strpos('hello', 'l')", result: 3 },
  }),
  splitPart: ofText("split_part", "(self: text, separator: text, index: int) -> string", "split_part($1, $2, $3)", {
    doc: "The part at an index, counted from 1, or from the end where negative; empty text where there is none.",
    example: { text: "split_part('a,b,c', ',', 2)", result: "b" },
  }),
  reverse: ofText("reverse", "(self: text) -> string", "reverse($1)", {
    doc: "The characters in reverse order; a letter and its combining marks, or a joined emoji, stay together (grapheme clusters).",
    example: { text: "reverse('abc')", result: "cba" },
  }),
  repeat: ofText("repeat", "(self: text, count: int) -> string", "repeat($1, $2)", {
    doc: "As often as said, one behind the other.",
    example: { text: "repeat('ab', 3)", result: "ababab" },
  }),
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
  matches: ofText("regexp_matches", "(self: text, pattern: text) -> bool", "regexp_matches($1, $2)", {
    doc: "Whether a regular expression (RE2) occurs in it; anchor with `^` and `$` for the whole text.",
    example: { text: "regexp_matches('hello', 'l+o$')", result: true },
  }),
  regexpReplace: ofText(
    "regexp_replace",
    "(self: text, pattern: text, by: text) -> string",
    "regexp_replace($1, $2, $3, 'g')",
    {
      doc: "With every match of a regular expression (RE2) replaced; `\\1` stands for its first group.",
      example: { text: "regexp_replace('a1b22', '[0-9]+', '#')", result: "a#b#" },
    },
  ),
  regexpExtract: ofText(
    "regexp_extract",
    "(self: text, pattern: text, group?: digits) -> string",
    "regexp_extract($1, $2{, cast($3 as integer)})",
    {
      doc: "The first match of a regular expression (RE2), or a group of it by number; empty text where nothing matches.",
      example: { text: "regexp_extract('a1b22', '([a-z])([0-9]+)', 2)", result: "1" },
    },
  ),
  md5: ofText("md5", "(self: text) -> string", "md5($1)", {
    doc: "The MD5 hash of the UTF-8 bytes, in hexadecimal: for keys, not for secrets.",
    example: { text: "md5('a')", result: "0cc175b9c0f1b6a831c399e269772661" },
  }),
  sha256: ofText("sha256", "(self: text) -> string", "sha256($1)", {
    doc: "The SHA-256 hash of the UTF-8 bytes, in hexadecimal.",
    example: { text: "sha256('a')", result: "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb" },
  }),
};
