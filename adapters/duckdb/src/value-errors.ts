import type { ErrorCode } from "@sluice/core";

/** What DuckDB says of a value that a function cannot take or give, and how sluice says it. */
export interface ValueRule {
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  readonly message: (found: RegExpExecArray) => string;
  readonly hint?: string;
}

const NAMES: Readonly<Record<string, string>> = { INT128: "decimal(38,0)", FLOAT: "float32", DOUBLE: "float64" };
const SIGNS: Readonly<Record<string, string>> = {
  addition: "+",
  add: "+",
  subtraction: "-",
  subtract: "-",
  multiplication: "*",
  multiply: "*",
};

const WIDER = "cast one of them to a type that holds more, such as decimal(38,0), or compute with floats";
const WIDEST = "no type of whole numbers or decimals holds more: compute with floats (float64, in SQL double)";
const BACKSLASH = "a backslash takes the next character as it is; the syntax is that of RE2";

function rule(pattern: RegExp, message: (found: RegExpExecArray) => string, hint?: string): ValueRule {
  return { pattern, code: "data", message, ...(hint === undefined ? {} : { hint }) };
}

/** `DECIMAL(38)` and `INT64` in the words of sluice; a decimal is named without its places there. */
function typeName(text: string): string {
  return NAMES[text] ?? text.toLowerCase().replace("decimal(38)", "a decimal of 38 digits");
}

/** The engine's names of types in messages. */
function plainType(text: string): string {
  return NAMES[text] ?? text.toLowerCase().replace("varchar", "string");
}

/** In the order in which they are tried; what none of them knows is said in the words of DuckDB. */
export const VALUE_RULES: readonly ValueRule[] = [
  // DuckDB's HUGEINT is a decimal(38,0) here, and holds a little more.
  rule(
    /Could not cast value (-?\d+) to DECIMAL\(38,0\) when casting from source column ([^\n]*)/,
    ([, value, column]) =>
      `${value} in column "${column}" has more than the 38 digits of decimal(38,0), the largest whole number there is`,
    "make it text (string, in SQL varchar), which keeps every digit, or a float (float64, in SQL double)",
  ),
  rule(
    /Overflow in (addition|add|subtraction|subtract|multiplication|multiply) of (INT128|HUGEINT|DECIMAL\(38\)) \((-?[\d.]+) [-+*] (-?[\d.]+)\)/,
    ([, verb = "", type = "", a, b]) => `${a} ${SIGNS[verb]} ${b} does not fit ${typeName(type)}`,
    WIDEST,
  ),
  rule(
    /Overflow in (addition|add|subtraction|subtract|multiplication|multiply) of (\w+(?:\(\d+\))?) \((-?[\d.]+) [-+*] (-?[\d.]+)\)/,
    ([, verb = "", type = "", a, b]) => `${a} ${SIGNS[verb]} ${b} does not fit ${typeName(type)}`,
    WIDER,
  ),
  rule(/Overflow in division of (-?\d+) \/ (-?\d+)/, ([, a, b]) => `${a} divided by ${b} does not fit int64`, WIDER),
  rule(/Overflow on abs\((-?\d+)\)/, ([, value]) => `${value} without its sign does not fit int64`, WIDER),
  rule(/Overflow in negation/, () => "-9223372036854775808 with the other sign does not fit int64", WIDER),
  rule(
    /Could not convert string '([\s\S]*?)' to (\w+(?:\([\d,]+\))?)/,
    ([, value, type = ""]) => `${JSON.stringify(value)} cannot be cast to ${plainType(type)}`,
    "cast it safely (try_cast) to get null instead of an error",
  ),
  rule(
    /Unimplemented type for cast \((.+?) -> (.+?)\)/,
    ([, from = "", to = ""]) => `${plainType(from)} cannot be cast to ${plainType(to)}, nor compared with it`,
    "cast one of them to a type that both have, such as text",
  ),
  rule(/lcm value is out of range/, () => "the least number that both divide does not fit int64"),
  rule(
    /Type \w+(?:\([\d,]+\))? with value (\S+) can't be cast because the value is out of range for the destination type (\w+(?:\([\d,]+\))?)/,
    ([, value, type = ""]) => `${value} does not fit ${typeName(type)}`,
    "cast it safely to get null instead of an error",
  ),
  rule(
    /Casting value "([^"]*)" to type (DECIMAL\(\d+,\d+\)) failed/,
    ([, value, type = ""]) => `${value} does not fit ${typeName(type)}`,
    "cast it safely to get null instead of an error",
  ),
  rule(
    /Interval value (\S+) (\w+) out of range|(?:Date|timestamp|Timestamp|interval)[^\n]*(?:out of range|overflow)|not in timestamp range|ICU date overflows/i,
    ([, count, unit]) =>
      count === undefined
        ? "a date or time lies beyond those that its type holds"
        : `${count} ${unit} are more than a duration holds`,
    "add less, or look at the rows with large counts",
  ),
  rule(
    /Failed to parse format specifier (.*): (?:Unrecognized format for strftime\/strptime: )?([^\n]*)$/m,
    ([, layout = "", why = ""]) =>
      `the layout ${JSON.stringify(layout)} is not valid: ${why.startsWith("%") ? `${why} is no letter of a layout` : lowerFirst(why)}`,
    'write it with strftime letters, such as "%Y-%m-%d %H:%M:%S"',
  ),
  rule(
    /(?:Pattern failed to parse, error: '|^Invalid Input Error: )((?:missing|invalid|trailing|no argument|bad|unexpected|pattern too large|duplicate|repetition)[^\n]*?)'?$/m,
    ([, why]) => `a regular expression of a row is not valid: ${why}`,
    BACKSLASH,
  ),
  rule(/Group index must be between 0 and 9/, () => "a regular expression has the groups 0 to 9, no others"),
  rule(
    /Pattern has (\d+) groups\. Cannot access group (\d+)/,
    ([, count, group]) => `the regular expression has ${count} groups, and no group ${group}`,
  ),
  rule(
    /Like pattern must not end with escape character/,
    () => "a pattern of like ends with a backslash",
    "write two of them for one",
  ),
  rule(/Map keys can not be NULL/i, () => "a key of a map is null", "take such rows out, or give the key a value"),
  rule(/Map keys must be unique/i, () => "a key of a map is there twice", "list_distinct(keys) gives each once"),
  rule(
    /map key list does not align with the map value list/,
    () => "the keys and the values of a map are not of one number",
  ),
];

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
