import { scalar } from "./define.ts";
import type { FunctionEntry } from "./entry.ts";
import { refusal } from "./refusal.ts";

// DuckDB's own test takes commas before a closing bracket, and NaN and infinity, outside of strings.
const bare = (text: string): string => `regexp_replace(${text}, '"(?:[^"\\\\]|\\\\.)*"', '""', 'g')`;
const IS_JSON = `json_valid($1) and not regexp_matches(${bare("$1")}, '(?i)nan|inf|,\\s*[\\]\\x7d]')`;
// It writes floats that are no numbers, too, which nobody reads as JSON.
const MADE = "cast(to_json($1) as varchar)";
const HAS_NO_NUMBER = `(contains(${MADE}, 'NaN') or contains(${MADE}, 'Infinity')) and regexp_matches(${bare(MADE)}, 'NaN|Infinity')`;
const NO_NUMBER = refusal("to_json: JSON has no NaN and no infinity, make them null first (isfinite tells them)");
const KIND = "json_type($1{, $2})";

/** JSON: a path is a constant such as `$.a.b`, `$."a name"`, `$."a \"quote\""`, `$.list[0]`; places are counted from 0 there. */
export const jsonFunctions: Readonly<Record<string, FunctionEntry>> = {
  jsonText: scalar(
    "json_extract_string",
    "(self: json, path: path) -> string",
    "json_extract_string($1, $2)",
    "What stands at a path as text: a text without its quotes, anything else as JSON; null where there is nothing or null. In text also `data ->> '$.a'`. How a number is written engines decide: cast it to a number.",
    [`json_extract_string(cast('{"a":{"b":"x"}}' as json), '$.a.b')`, "x"],
    { nulls: "always", portable: "bounded" },
  ),
  jsonAt: scalar(
    "json_extract",
    "(self: json, path: path) -> json",
    "json_extract($1, $2)",
    "What stands at a path as JSON, null of JSON among it; null where there is nothing. In text also `data -> '$.a'`.",
    [`json_extract(cast('{"a":[1,2]}' as json), '$.a')`, "[1,2]"],
    { nulls: "always", portable: "bounded" },
  ),
  jsonExists: scalar(
    "json_exists",
    "(self: json, path: path) -> bool",
    "json_exists($1, $2)",
    "Whether something stands at a path, be it null.",
    [`json_exists(cast('{"a":null}' as json), '$.a')`, true],
  ),
  jsonType: scalar(
    "json_type",
    "(self: json, path?: path) -> string",
    `case ${KIND} when 'OBJECT' then 'object' when 'ARRAY' then 'array' when 'VARCHAR' then 'string' when 'BOOLEAN' then 'boolean' when 'NULL' then 'null' else case when ${KIND} is not null then 'number' end end`,
    "`object`, `array`, `string`, `number`, `boolean` or `null`, of the whole or of what stands at a path; null where there is nothing.",
    [`json_type(cast('{"a":1.5}' as json), '$.a')`, "number"],
    { nulls: "always" },
  ),
  jsonKeys: scalar(
    "json_keys",
    "(self: json, path?: path) -> list<string>",
    `case when ${KIND} = 'OBJECT' then json_keys($1{, $2}) end`,
    "The names in an object, as they stand there; null where there is none.",
    [`json_keys(cast('{"a":1,"b":2}' as json))`, '["a","b"]'],
    { nulls: "always", portable: "bounded" },
  ),
  jsonLength: scalar(
    "json_array_length",
    "(self: json, path?: path) -> int64",
    `case when ${KIND} = 'ARRAY' then json_array_length($1{, $2}) end`,
    "The number of items in an array; null where there is none.",
    ["json_array_length(cast('[1,2]' as json))", 2],
    { nulls: "always" },
  ),
  jsonItems: scalar(
    "json_items",
    "(self: json) -> list<json>",
    "case when json_type($1) = 'ARRAY' then json_extract($1, '$[*]') end",
    "The items of an array as a list of JSON; null where it is none.",
    [`json_items(cast('[1,"x"]' as json))`, '[1,"x"]'],
    { nulls: "always" },
  ),
  toJson: scalar(
    "to_json",
    "(self: any) -> json",
    `case when ${HAS_NO_NUMBER} then ${NO_NUMBER} else to_json($1) end`,
    "The value as JSON: a struct or map as an object, a list as an array, times and uuids as text. A float that is no number has no JSON form: it fails the run.",
    ["to_json('a')", '"a"'],
    { portable: "bounded" },
  ),
  parseJson: scalar(
    "parse_json",
    "(self: text) -> json",
    `case when ${IS_JSON} then cast($1 as json) end`,
    "The JSON that a text is; null where it is none. The cast to json fails the run there.",
    [`parse_json('{"a":1}')`, '{"a":1}'],
    { nulls: "always", portable: "bounded" },
  ),
  isJson: scalar(
    "json_valid",
    "(self: text) -> bool",
    IS_JSON,
    "Whether a text is JSON.",
    ["json_valid('[1,')", false],
    { portable: "bounded" },
  ),
};
