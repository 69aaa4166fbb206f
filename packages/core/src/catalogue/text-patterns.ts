import { scalar } from "./define.ts";
import type { FunctionEntry } from "./entry.ts";

const NOTE =
  "Constant patterns keep to what RE2, Java and PostgreSQL read alike; a computed one is not checked, and a wrong one is an error.";

// A group that DuckDB cannot count is as wrong as the tenth.
const GROUP = "{, cast(greatest(least($3, 10), -1) as integer)}";
const EVERY = `regexp_extract_all($1, $2${GROUP})`;

/** Regular expressions: `.` is no newline, letters are told apart by case unless the pattern begins with `(?i)`. */
export const textPatterns: Readonly<Record<string, FunctionEntry>> = {
  matches: scalar(
    "regexp_matches",
    "(self: text, pattern: pattern) -> bool",
    "regexp_matches($1, $2)",
    `Whether a regular expression is found in it; \`^…$\` for the whole text. ${NOTE}`,
    ["regexp_matches('hello', 'l+o$')", true],
  ),
  regexpReplace: scalar(
    "regexp_replace",
    "(self: text, pattern: pattern, by: text) -> string",
    "regexp_replace($1, $2, $3, 'g')",
    "With every match of a regular expression replaced; `\\1` stands for its first group.",
    ["regexp_replace('a1b22', '[0-9]+', '#')", "a#b#"],
  ),
  regexpReplaceFirst: scalar(
    "regexp_replace_first",
    "(self: text, pattern: pattern, by: text) -> string",
    "regexp_replace($1, $2, $3)",
    "With the first match of a regular expression replaced; `\\1` stands for its first group.",
    ["regexp_replace_first('a1b22', '[0-9]+', '#')", "a#b22"],
    { portable: "bounded" },
  ),
  regexpExtract: scalar(
    "regexp_extract",
    "(self: text, pattern: pattern, group?: digits) -> string",
    `regexp_extract($1, $2${GROUP})`,
    "The first match of a regular expression, or a group of it by number; empty text where nothing matches.",
    ["regexp_extract('a1b22', '([a-z])([0-9]+)', 2)", "1"],
  ),
  regexpExtractAll: scalar(
    "regexp_extract_all",
    "(self: text, pattern: pattern, group?: digits) -> list<string>",
    `case when $1 is not null then ${EVERY} end`,
    "Every match of a regular expression, or a group of each by number; a group that the pattern has not is an error.",
    ["regexp_extract_all('a1b22', '[0-9]+')", '["1","22"]'],
  ),
  regexpCount: scalar(
    "regexp_count",
    "(self: text, pattern: pattern) -> int64",
    "case when $1 is not null then len(regexp_extract_all($1, $2)) end",
    "How often a regular expression is found in it, each match behind the one before.",
    ["regexp_count('a1b22', '[0-9]')", 3],
  ),
  regexpSplit: scalar(
    "regexp_split",
    "(self: text, pattern: pattern) -> list<string>",
    "case when $2 is not null then string_split_regex($1, $2) end",
    "The parts between the matches of a regular expression; a pattern that matches empty text parts the characters.",
    ["regexp_split('a1b22c', '[0-9]+')", '["a","b","c"]'],
    { portable: "bounded" },
  ),
};
