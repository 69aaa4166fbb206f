import { acceptanceOf, type FrozenColumn, type JsonRule, jsonRuleOf, type NumberForms, parseType } from "@sluice/core";
import { quoteName, quoteText } from "./sql-text.ts";
import { certainCondition, certainPattern } from "./strict.ts";

/**
 * The strict rule for a record of JSON: a condition over its text and over what `json_transform` made of it, true where
 * every value is certainly accepted. DuckDB's own reader cannot be asked: it makes 2 of 1.7, 1 of true, and drops keys
 * that it was not told of.
 *
 * Two forms, tried one after the other. *Equal*: the typed record, printed as JSON again, is the text. That takes compact
 * text with every key, and proves everything but what stands in strings. *Pattern*: one regular expression over the text,
 * for keys in the frozen order, of which any may be absent, with blanks after `:` and `,`. What fits neither is left to
 * the split.
 *
 * Measured in 2026-11: 40,000 records of Chicago crashes (49 keys, 60 MB), 2 threads, milliseconds: lines only 24, the typed
 * reader that validates nothing 57, `json_transform` of all keys 81; equal 147; pattern 259, whatever is in it;
 * `json_structure` compared 596; values as JSON, with a pattern over all of them, 14,000.
 */
export function jsonCondition(
  columns: readonly FrozenColumn[],
  line: string,
  record: string,
  forms?: NumberForms,
): string {
  // What a number is printed as is a form of it that every look takes for this type.
  const ways = [equalCondition(columns, line, record), patternCondition(columns, line, forms)];
  const branches = ways.filter((way) => way !== undefined).map((way) => `when ${way} then true`);
  return branches.length === 0 ? "false" : `case ${branches.join(" ")} else false end`;
}

function equalCondition(columns: readonly FrozenColumn[], line: string, record: string): string | undefined {
  const rules = columns.map(jsonRuleOf);
  if (!rules.every(isShownByPrinting)) return undefined;
  const termOf = ({ name }: FrozenColumn): string => `struct_extract(${record}, ${quoteText(name)})`;
  const texts = columns.filter((_, index) => isChecked(rules[index]));
  const certain = certainCondition(texts, [], termOf);
  const conditions = [
    `coalesce(cast(to_json(${record}) as varchar) = ${line}, false)`,
    // A string that holds NUL; what looks like one and is none is left to the pattern.
    `not contains(${line}, ${quoteText("\\u0000")})`,
    // The parser takes NaN and infinity, and prints them again; JSON has neither.
    ...["NaN", "Infinity"].map((word) => `not contains(${line}, ${quoteText(word)})`),
    ...columns.filter(({ nullable }) => !nullable).map((column) => `${termOf(column)} is not null`),
    ...texts.map((column) => `${termOf(column)} is distinct from ''`),
    ...(certain === undefined ? [] : [certain]),
  ];
  return conditions.join(" and ");
}

/** Whether the printed value is the written one only where the rule accepts it; for text of its own rule on the top level only. */
function isShownByPrinting(rule: JsonRule): boolean {
  return rule.kind === "leaf" || isPrinted(rule);
}

function isPrinted(rule: JsonRule): boolean {
  switch (rule.kind) {
    case "json":
      return true;
    case "leaf":
      return !isChecked(rule);
    case "list":
      return isPrinted(rule.item);
    case "map":
      // A key that stands twice is printed twice.
      return false;
    case "struct":
      return rule.fields.every(([, field]) => isPrinted(field));
    default:
      return rule satisfies never;
  }
}

/** Whether a value is text that must fit more than the grammar of strings. */
function isChecked(rule: JsonRule | undefined): boolean {
  if (rule?.kind !== "leaf") return false;
  return ["date", "time", "timestamp", "timestamptz", "uuid", "enum"].includes(parseType(rule.column.type).kind);
}

/** RE2 gives up its fast way where it has too much to remember. */
const MAX_PATTERN = 16_000;

function patternCondition(
  columns: readonly FrozenColumn[],
  line: string,
  forms: NumberForms | undefined,
): string | undefined {
  const rules = columns.map((column) => [column.name, jsonRuleOf(column)] as const);
  const required = new Set(columns.filter(({ nullable }) => !nullable).map(({ name }) => name));
  const pattern = structPattern(rules, forms, required);
  if (pattern === undefined || pattern.length > MAX_PATTERN) return undefined;
  return `coalesce(regexp_full_match(${line}, ${quoteText(`${pattern}[ \\r]*`)}), false)`;
}

const STRING = '"(?:[^"\\\\]|\\\\(?:[^u]|u(?:[^0]|0[^0]|00[^0]|000[^0])))*"';
const NUMBER = "-?(?:0|[1-9][0-9]{0,14})(?:\\.[0-9]{1,24})?";
/** Values of type json are kept as they are written: those that a second printing does not change. */
const PLAIN =
  '(?:"[^"\\\\]*"|(?:0|-?[1-9][0-9]{0,17})|-?(?:0|[1-9][0-9]{0,9})\\.[0-9]{0,4}[1-9]|true|false|null|\\[\\]|\\{\\})';

/**
 * Each member may end with a comma or the bracket: that there is one bracket, and at the end, the parser of
 * `json_transform` has seen. A comma before the bracket, which it allows, does not fit.
 */
function structPattern(
  fields: readonly (readonly [string, JsonRule])[],
  forms: NumberForms | undefined,
  required: ReadonlySet<string> = new Set(),
): string | undefined {
  const members: string[] = [];
  for (const [name, rule] of fields) {
    const value = valuePattern(rule, forms);
    if (value === undefined) return undefined;
    const isRequired = required.has(name);
    const member = `${escaped(JSON.stringify(name))}: ?(?:${isRequired ? "" : "null|"}${value}) ?[,}] ?`;
    members.push(isRequired ? `(?:${member})` : `(?:${member})?`);
  }
  return required.size > 0 ? `\\{ ?${members.join("")}` : `\\{ ?(?:\\}|${members.join("")})`;
}

function valuePattern(rule: JsonRule, forms: NumberForms | undefined): string | undefined {
  switch (rule.kind) {
    case "json": {
      const nested = (inner: string): string =>
        `(?:${PLAIN}|\\[${inner}(?:,${inner})*\\]|\\{"[^"\\\\]*":${inner}(?:,"[^"\\\\]*":${inner})*\\})`;
      return nested(nested(PLAIN));
    }
    case "leaf":
      return leafPattern(rule.column, forms);
    case "list": {
      const item = valuePattern(rule.item, forms);
      return item === undefined ? undefined : `\\[ ?(?:\\]|(?:(?:null|${item}) ?[,\\]] ?)+)`;
    }
    case "map":
      return undefined;
    case "struct":
      return structPattern(rule.fields, forms);
    default:
      return rule satisfies never;
  }
}

function leafPattern(column: FrozenColumn, forms: NumberForms | undefined): string | undefined {
  const type = parseType(column.type);
  switch (type.kind) {
    case "string":
      return STRING;
    case "bool":
      return "true|false";
    case "float64":
      return forms === undefined ? `${NUMBER}(?:[eE][+-]?[0-9]{1,2})?` : `(?:${forms.float64})`;
    case "float32":
      return NUMBER;
    case "decimal": {
      // A double holds fifteen digits: of longer ones the reader makes others.
      const whole = Math.min(type.precision - type.scale, 15 - Math.min(type.scale, 14));
      if (whole < 1) return undefined;
      const places = Math.min(type.scale, 14);
      const digits = `(?:0${whole > 1 ? `|[1-9][0-9]{0,${whole - 1}}` : "|[1-9]"})`;
      return places === 0 ? `-?${digits}` : `-?${digits}(?:\\.[0-9]{1,${places}})?`;
    }
    case "uuid":
    case "enum":
      return textPattern(column);
    case "date":
    case "time":
    case "timestamp":
    case "timestamptz":
      return isDayCertain(column) ? textPattern(column) : undefined;
    default: {
      // No number of JSON begins with a zero, but for the zero itself; the parser has seen to it.
      const digits = certainPattern(column, forms);
      return digits === undefined ? undefined : `(?:${digits})`;
    }
  }
}

function textPattern(column: FrozenColumn): string | undefined {
  const { kind } = acceptanceOf(column);
  const pattern = certainPattern(column);
  if (pattern === undefined || (kind === "enum" && /["\\]/.test(column.type))) return undefined;
  return `"(?:${pattern})"`;
}

/** Whether the pattern of a layout decides alone: the days of others need a look at the calendar. */
function isDayCertain(column: FrozenColumn): boolean {
  return !(certainCondition([column]) ?? "").includes("try_strptime");
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

/** The record and its line in a SELECT: see `json-scan.ts`. */
export const LINE: string = quoteName("\u0001line");
export const RECORD: string = quoteName("\u0001record");
