import {
  type Acceptance,
  acceptanceOf,
  escapePattern,
  type FrozenColumn,
  integerRanges,
  layoutParts,
  layoutPattern,
  type NumberForms,
  parseType,
} from "@sluice/core";
import { STRICT_MARK } from "./errors.ts";
import { jsonCondition } from "./exact.ts";
import { quoteText } from "./sql-text.ts";
import { trimmedText } from "./trimmed-text.ts";

/**
 * The strict rule of a scan: a condition over the texts of a record that is true where every one is certainly accepted,
 * and an error that ends the query else. It may refuse what the exact rule accepts (a plus sign, a number of 19 digits):
 * then the query is run again over a split input. It never accepts more.
 *
 * Measured in 2026-11: Chicago crashes ×200 (49 columns, of which 15 int64, 2 float64, 2 timestamp), the ten columns of the
 * `crash` step to Parquet, 2 threads, least CPU time of 5 rounds, against the same read that validates nothing. The
 * machine was busy, so compare the lines of one run only.
 *
 * | form | run 1 | run 2 | run 3 |
 * |---|---|---|---|
 * | typed reader, `hash(<typed>) is not null` (takes `1.7`, `1_000`, ` 1.5 `: not exact) | 1.44 | 1.19 | 1.37 |
 * | integers as text, `regexp_matches(concat_ws(…), '[^0-9,+-]')`, the rest typed (not exact) | 1.79 | 1.39 | 1.46 |
 * | all as text, one expression per column | 1.88 | 1.68 | 1.89 |
 * | all as text, one `concat` and one expression, lengths by `strlen`, days by a cast | 1.76 | 1.68 | 1.65 |
 * | all as text, one `concat` and one expression, plus signs and bare points allowed, no calendar | 1.80 | 1.56 | 1.80 |
 * | **all as text, one `concat` and one expression of bounded rules, days of the calendar in it** | 1.83 | 1.56 | 1.63 |
 *
 * `concat` is faster than `concat_ws`; bounded digits spare the length checks; a sign and `e` less make the automaton
 * smaller. The separator cannot stand in a pattern, so a value that holds it gives one field too many and is refused.
 */
export function strictCondition(
  name: string,
  columns: readonly FrozenColumn[],
  more: readonly string[] = [],
  forms?: NumberForms,
): string | undefined {
  const certain = certainCondition(columns, more, ownTerm, forms);
  if (certain === undefined) return undefined;
  // An error and no more than a filter: the planner may not move it, nor leave out what it looks at.
  return `case when ${certain} then true else error(${quoteText(STRICT_MARK + name)}) end`;
}

/**
 * A record and what the strict rule says of it are fields of one value. The rule can end the query, so DuckDB takes it for
 * volatile and moves no condition of the query (`in`, `is null`, of joins) below that value; beside a mere filter it would
 * put them before the strict one and never look at the records that the query does not want. Measured in 2026-11: as fast
 * as a mere filter; a barrier of `using sample 100 percent` let only one thread work, and `offset 0` collects everything
 * where order counts. `profile.ts` looks whether it held.
 */
export const STRICT_RECORD = "sluice:strict record";

/** True for the records that are certainly accepted, false for all others; undefined where that is every one. */
export function certainCondition(
  columns: readonly FrozenColumn[],
  more: readonly string[] = [],
  termOf: TermOf = ownTerm,
  forms?: NumberForms,
): string | undefined {
  const conditions = [
    ...more,
    ...textConditions(
      columns.filter((column) => isText(column) && !column.nullable),
      termOf,
    ),
    ...patternConditions(
      columns.filter((column) => !isText(column)),
      termOf,
      forms,
    ),
    ...valueConditions(columns, termOf),
  ];
  return conditions.length === 0 ? undefined : conditions.join(" and ");
}

/** The term that holds the text of a column. */
type TermOf = (column: FrozenColumn) => string;

function ownTerm(column: FrozenColumn): string {
  return trimmedText(column);
}

/** Whether any text will do. */
function isText(column: FrozenColumn): boolean {
  return acceptanceOf(column).kind === "string";
}

function textConditions(columns: readonly FrozenColumn[], termOf: TermOf): readonly string[] {
  return columns.map((column) => `${termOf(column)} is not null`);
}

const SEPARATOR = "\u001f";
/** RE2 gives up its fast way above some size: a wide table is checked in parts. */
const MAX_COLUMNS = 24;
const MAX_PATTERN = 4000;

function patternConditions(
  columns: readonly FrozenColumn[],
  termOf: TermOf,
  forms: NumberForms | undefined,
): readonly string[] {
  const parts: { names: string[]; patterns: string[]; length: number }[] = [];
  for (const column of columns) {
    const pattern = certainPattern(column, forms);
    if (pattern === undefined) continue;
    const whole = column.nullable ? `(?:${pattern})?` : `(?:${pattern})`;
    let part = parts.at(-1);
    if (part === undefined || part.names.length >= MAX_COLUMNS || part.length + whole.length > MAX_PATTERN) {
      part = { names: [], patterns: [], length: 0 };
      parts.push(part);
    }
    part.names.push(termOf(column));
    part.patterns.push(whole);
    part.length += whole.length;
  }
  return parts.map(({ names, patterns }) => {
    // A null counts as empty text in `concat`, but alone it would make the condition null.
    const text = `concat(${names.join(`, ${quoteText(SEPARATOR)}, `)})`;
    return `regexp_full_match(${text}, ${quoteText(patterns.join("\\x1f"))})`;
  });
}

/** An expression that only texts match whose cast cannot fail. */
export function certainPattern(column: FrozenColumn, forms?: NumberForms): string | undefined {
  const acceptance = acceptanceOf(column);
  if (forms !== undefined && (acceptance.kind === "int64" || acceptance.kind === "float64")) {
    return forms[acceptance.kind];
  }
  const pattern = certainPlain(acceptance);
  const { notation, kind } = acceptance;
  if (notation === undefined || pattern === undefined) return pattern;
  const point = escapePattern(notation.decimal);
  // In an expression for numbers, a point stands for the mark and nothing else.
  const marked = pattern.replaceAll("\\.", point);
  const most = Math.floor((certainDigits(kind, column) - 3) / 3);
  if (notation.thousands === "" || most < 1) return marked;
  const grouped = `-?[0-9]{1,3}(?:${escapePattern(notation.thousands)}[0-9]{3}){1,${most}}`;
  if (kind !== "decimal" && kind !== "float32" && kind !== "float64") return `${grouped}|${marked}`;
  const digits = kind === "decimal" ? `{0,${decimalDigits(column).places}}` : "*";
  return `${grouped}(?:${point}[0-9]${digits})?|${marked}`;
}

/** How many digits before the point fit whatever they are. */
function certainDigits(kind: string, column: FrozenColumn): number {
  if (kind === "decimal") return decimalDigits(column).whole;
  return { int32: 9, uint32: 9, int64: 18, uint64: 18, float32: 17, float64: 17 }[kind] ?? 0;
}

function decimalDigits(column: FrozenColumn): { readonly whole: number; readonly places: number } {
  const type = parseType(column.type);
  return type.kind === "decimal" ? { whole: type.precision - type.scale, places: type.scale } : { whole: 0, places: 0 };
}

const SPECIAL = "[+-]?(?:[nN][aA][nN]|[iI][nN][fF](?:[iI][nN][iI][tT][yY])?)";

function certainPlain(acceptance: Acceptance): string | undefined {
  switch (acceptance.kind) {
    case "float32":
      return `-?(?:[0-9]{1,17}(?:\\.[0-9]*)?|\\.[0-9]+)|${SPECIAL}`;
    case "float64":
      return `-?(?:[0-9]{1,17}(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?|${SPECIAL}`;
    case "date":
    case "timestamp":
    case "timestamptz":
      return calendarPattern(acceptance.layout ?? "") ?? acceptance.pattern;
    case "json":
      return undefined;
    default:
      return integerPattern(acceptance.kind) ?? acceptance.pattern;
  }
}

/** As many digits as surely fit, and the longer numbers that begin low enough. */
const LONGER: Readonly<Record<string, string>> = {
  int8: "|1[01][0-9]",
  uint8: "|1[0-9]{2}|2[0-4][0-9]",
  int16: "|[12][0-9]{4}|3[01][0-9]{3}",
  uint16: "|[1-5][0-9]{4}|6[0-4][0-9]{3}",
  int32: "|1[0-9]{9}|20[0-9]{8}",
  uint32: "|[1-3][0-9]{9}|4[01][0-9]{8}",
  int64: "",
  uint64: "",
};

function integerPattern(kind: string): string | undefined {
  const range = integerRanges[kind];
  const longer = LONGER[kind];
  if (range === undefined || longer === undefined) return undefined;
  const digits = `[0-9]{1,${String(range[1]).length - 1}}`;
  const number = longer === "" ? digits : `(?:${digits}${longer})`;
  return range[0] < 0n ? `-?${number}` : number;
}

const MONTHS_AND_DAYS: readonly (readonly [month: string, day: string])[] = [
  ["(?:0[13578]|1[02])", "(?:0[1-9]|[12][0-9]|3[01])"],
  ["(?:0[469]|11)", "(?:0[1-9]|[12][0-9]|30)"],
  ["02", "(?:0[1-9]|1[0-9]|2[0-8])"],
];
const YEAR = "(?:[0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)";
const LEAP_YEAR = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)";

/** The pattern of a layout that only days of the calendar match; undefined where its date is not plain numbers side by side. */
function calendarPattern(layout: string): string | undefined {
  const found = /%Y([-/.]?)%m\1%d|%d([-/.]?)%m\2%Y|%m([-/.]?)%d\3%Y/.exec(layout);
  if (found === null) return undefined;
  const mark = `\\${found[1] ?? found[2] ?? found[3] ?? ""}`;
  const separator = mark === "\\" ? "" : mark;
  const letters = found[0].match(/%[Ymd]/g) ?? [];
  const days = [...MONTHS_AND_DAYS.map((pair) => [YEAR, ...pair]), [LEAP_YEAR, "02", "29"]].map(
    ([year = "", month = "", day = ""]) =>
      letters.map((letter) => (letter === "%Y" ? year : letter === "%m" ? month : day)).join(separator),
  );
  const before = layoutPattern(layout.slice(0, found.index));
  const after = layoutPattern(layout.slice(found.index + found[0].length));
  return `${before}(?:${days.join("|")})${after}`;
}

/** What no expression can tell: JSON, and the days of layouts with names or without padding. */
function valueConditions(columns: readonly FrozenColumn[], termOf: TermOf): readonly string[] {
  return columns.flatMap((column) => {
    const { kind, layout } = acceptanceOf(column);
    const text = termOf(column);
    if (kind === "json") {
      const isValid = `coalesce(${jsonCondition(text)}, false)`;
      return [column.nullable ? `(coalesce(${text}, '') = '' or ${isValid})` : isValid];
    }
    // In quotes, an empty text is a text here.
    if (kind === "enum") return [`${text} is distinct from ''`];
    if (layout === undefined || !layoutParts(layout).date || calendarPattern(layout) !== undefined) return [];
    return [`(coalesce(${text}, '') = '' or try_strptime(${text}, ${quoteText(layout)}) is not null)`];
  });
}
