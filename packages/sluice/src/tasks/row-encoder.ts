import {
  type Column,
  createAccepter,
  familyOf,
  formatType,
  type LogicalType,
  parseType,
  rowColumns,
  rowsFormat,
} from "@sluice/core";
import { shown } from "./protocol.ts";

/** Why a row is no row of the output. */
export interface RowProblem {
  readonly column: string;
  readonly rule: string;
  readonly value: unknown;
}

/** What is wrong with a value, and where in it: a field, or `[]` of a list. */
interface ValueProblem {
  readonly rule: string;
  readonly path?: string;
  readonly value?: unknown;
}

/** The text of a value that is not null. */
type Encode = (value: unknown) => string | ValueProblem;

/**
 * Turns rows into lines of `ROWS_DIALECT`, or of NDJSON where a column is nested: see `rowsFormat`. The engine's own reader of JSON makes 2 of 1.7 and drops keys that it does not
 * know, so every value is looked at here.
 *
 * @example
 * createRowEncoder([{ name: "n", type: "int64", nullable: false }])({ n: 1.7 }); // { column: "n", rule: "is not an int64", value: 1.7 }
 */
export function createRowEncoder(columns: readonly Column[]): (row: unknown) => string | RowProblem {
  const isJson = rowsFormat(columns) === "ndjson";
  const encoders = columns.map((column) => (isJson ? jsonEncoderOf(column) : fieldEncoderOf(column)));
  const names = columns.map(({ name }) => name);
  const known = new Set(names);
  const keys = names.map((name, index) =>
    isJson ? `${index === 0 ? "" : ","}${JSON.stringify(name)}:` : index === 0 ? "" : ",",
  );
  const [start, end] = isJson ? ["{", "}\n"] : ["", columns.length === 1 ? ",1\n" : "\n"];
  const none = isJson ? "null" : "";
  return (row) => {
    if (typeof row !== "object" || row === null || Array.isArray(row)) {
      return { column: "", rule: "is no object of columns", value: row };
    }
    const prototype: unknown = Object.getPrototypeOf(row);
    if (prototype !== Object.prototype && prototype !== null && !Object.hasOwn(prototype as object, "constructor")) {
      return { column: "__proto__", rule: "was set, which JavaScript takes for no column", value: row };
    }
    let line = start;
    for (let index = 0; index < names.length; index++) {
      const name = names[index] ?? "";
      const value = Object.hasOwn(row, name) ? (row as Record<string, unknown>)[name] : undefined;
      if (value === undefined) return { column: name, rule: "is missing", value };
      const text = value === null ? none : encoders[index]?.(value);
      if (typeof text !== "string") {
        const { rule = "", path } = text ?? {};
        return path === undefined ? { column: name, rule, value } : { column: name + path, rule, value: text?.value };
      }
      if (value === null && columns[index]?.nullable !== true) return { column: name, rule: "is null", value };
      line += keys[index] + text;
    }
    const given = Object.keys(row);
    if (given.length > names.length) {
      const unknown = given.find((key) => !known.has(key)) ?? "";
      return { column: unknown, rule: "is no column of the output", value: (row as Record<string, unknown>)[unknown] };
    }
    return line + end;
  };
}

/** A problem as a sentence. */
export function problemText({ column, rule, value }: RowProblem): string {
  if (column === "") return `${shown(value)} ${rule}`;
  if (value === undefined || rule === "is null" || column === "__proto__") return `column "${column}" ${rule}`;
  if (rule === "is no column of the output") return `"${column}" ${rule}`;
  return `${shown(value)} in column "${column}" ${rule}`;
}

const PLAIN: ReadonlySet<string> = new Set(["bool", "int", "float"]);

/** A field of CSV. */
function fieldEncoderOf(column: Column): Encode {
  const encode = leafEncoderOf(column);
  if (PLAIN.has(familyOf(parseType(column.type)))) return encode;
  return (value) => {
    const text = encode(value);
    return typeof text === "string" ? quoted(text) : text;
  };
}

/** A value of JSON: what is nested is looked at as deep as it goes. */
function jsonEncoderOf(column: Column): Encode {
  const type = parseType(column.type);
  const of = (inner: LogicalType): Encode => jsonEncoderOf({ ...column, type: formatType(inner) });
  switch (type.kind) {
    case "list": {
      const item = of(type.item);
      return (value) => (Array.isArray(value) ? listText(value, item) : wrong(value, "an array"));
    }
    case "struct": {
      const fields = type.fields.map(([name, field]) => [name, of(field)] as const);
      return (value) => (isPlain(value) ? structText(value, fields) : wrong(value, "an object of fields"));
    }
    case "map": {
      const item = of(type.value);
      return (value) => {
        if (value instanceof Map) return mapText([...value], item);
        return isPlain(value) ? mapText(Object.entries(value), item) : wrong(value, "a Map or an object");
      };
    }
    default:
      return jsonLeafOf(column);
  }
}

function jsonLeafOf(column: Column): Encode {
  const encode = leafEncoderOf(column);
  const family = familyOf(parseType(column.type));
  if (family === "float") {
    return (value) => {
      if (typeof value === "number" && !Number.isFinite(value))
        return { rule: "is not finite, and beside nested columns has to be" };
      return encode(value);
    };
  }
  if (PLAIN.has(family)) return encode;
  return (value) => {
    const text = encode(value);
    if (typeof text !== "string") return text;
    // Between the tokens of JSON a newline is a blank, and in its strings there is none.
    return family === "json" ? text.replaceAll(/[\r\n]/g, " ") : JSON.stringify(text);
  };
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.hasOwn(prototype as object, "hasOwnProperty");
}

function listText(items: readonly unknown[], encode: Encode): string | ValueProblem {
  const texts: string[] = [];
  for (const item of Array.from(items)) {
    const text = item === undefined ? { rule: "is missing" } : item === null ? "null" : encode(item);
    if (typeof text !== "string") return within("[]", item, text);
    texts.push(text);
  }
  return `[${texts.join(",")}]`;
}

function structText(
  given: Readonly<Record<string, unknown>>,
  fields: readonly (readonly [name: string, encode: Encode])[],
): string | ValueProblem {
  const texts: string[] = [];
  for (const [name, encode] of fields) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    const text = value === undefined ? { rule: "is missing" } : value === null ? "null" : encode(value);
    if (typeof text !== "string") return within(`.${name}`, value, text);
    texts.push(`${JSON.stringify(name)}:${text}`);
  }
  const unknown = Object.keys(given).find((key) => !fields.some(([name]) => name === key));
  return unknown === undefined
    ? `{${texts.join(",")}}`
    : within(`.${unknown}`, given[unknown], { rule: "is no field of the struct" });
}

function mapText(entries: readonly (readonly [unknown, unknown])[], encode: Encode): string | ValueProblem {
  const texts: string[] = [];
  for (const [key, value] of entries) {
    const name = typeof key === "string" ? leafText(key) : wrong(key, "text as a key");
    if (typeof name !== "string") return within("[]", key, name);
    const text = value === undefined ? { rule: "is missing" } : value === null ? "null" : encode(value);
    if (typeof text !== "string") return within("[]", value, text);
    texts.push(`${JSON.stringify(name)}:${text}`);
  }
  return `{${texts.join(",")}}`;
}

function within(path: string, value: unknown, problem: ValueProblem): ValueProblem {
  const { rule, path: inner = "" } = problem;
  return { rule, path: path + inner, value: problem.path === undefined ? value : problem.value };
}

/** The text of a single value, without quotes; times in the one layout that they are read in. */
function leafEncoderOf(column: Column): Encode {
  const type = parseType(column.type);
  switch (familyOf(type)) {
    case "bool":
      return (value) => (typeof value === "boolean" ? String(value) : wrong(value, "bool"));
    case "int":
      return intEncoder(column, type);
    case "float":
      return floatEncoder(column);
    case "decimal":
      return accepted(column, (value) =>
        typeof value === "string" || typeof value === "number" || typeof value === "bigint" ? String(value) : undefined,
      );
    case "json":
      return (value) => {
        if (typeof value !== "string") {
          if (typeof value !== "object") return wrong(value, "JSON text or an object");
          return JSON.stringify(value) ?? { rule: "is not JSON" };
        }
        try {
          JSON.parse(value);
          return value;
        } catch {
          return { rule: "is not JSON" };
        }
      };
    case "text":
      if (type.kind === "enum") {
        const { values } = type;
        return (value) =>
          typeof value === "string" && values.includes(value) ? value : wrong(value, `one of ${values.join(", ")}`);
      }
      return (value) => (typeof value === "string" ? leafText(value) : wrong(value, "text"));
    case "time":
    case "timestamp":
    case "timestamptz":
      return accepted(column, (value) => {
        if (typeof value === "string") return uniform(value);
        const isInstant = column.type === "timestamptz" && value instanceof Date && !Number.isNaN(value.getTime());
        return isInstant ? uniform(value.toISOString()) : undefined;
      });
    default:
      return accepted(column, (value) => (typeof value === "string" ? value : undefined));
  }
}

/** ISO text as the one layout of rows has it: a blank for the T, a fraction always, an offset for the Z. */
function uniform(text: string): string {
  const found = /^(\d{4}-\d\d-\d\d)?([T ]?)(\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(Z|[+-][\d:]+)?$/.exec(text);
  if (found === null) return text;
  const [, day, , time, fraction = "0", zone = ""] = found;
  return `${day === undefined ? "" : `${day} `}${time}.${fraction}${zone === "Z" ? "+00:00" : zone}`;
}

function intEncoder(column: Column, type: LogicalType): Encode {
  const bits = Number(/\d+$/.exec(type.kind)?.[0] ?? "64");
  const isUnsigned = type.kind.startsWith("u");
  const min = isUnsigned ? 0n : -(2n ** BigInt(bits - 1));
  const max = isUnsigned ? 2n ** BigInt(bits) - 1n : 2n ** BigInt(bits - 1) - 1n;
  const [low, high] = [Number(min), Number(max)];
  const isSmall = bits < 64;
  return (value) => {
    if (typeof value === "number") {
      if (!Number.isInteger(value)) return { rule: `is not an ${column.type}` };
      if (!Number.isSafeInteger(value)) return { rule: "is beyond what a number holds exactly: give it as a bigint" };
      if (isSmall ? value < low || value > high : isUnsigned && value < 0)
        return { rule: `is out of range for ${column.type}` };
      return value === 0 ? "0" : String(value);
    }
    if (typeof value !== "bigint") return wrong(value, `an ${column.type}`);
    return value < min || value > max ? { rule: `is out of range for ${column.type}` } : String(value);
  };
}

function floatEncoder(column: Column): Encode {
  const isSingle = column.type === "float32";
  return (value) => {
    if (typeof value !== "number") return wrong(value, `a ${column.type}`);
    if (Number.isNaN(value)) return "nan";
    if (value === Infinity) return "inf";
    if (value === -Infinity) return "-inf";
    if (isSingle && !Number.isFinite(Math.fround(value))) return { rule: "is out of range for float32" };
    return Object.is(value, -0) ? "-0" : String(value);
  };
}

/** By the rule that text of a file has for the type. */
function accepted(column: Column, textOf: (value: unknown) => string | undefined): Encode {
  const [typed = column] = rowColumns([column]);
  const refuse = createAccepter(typed);
  return (value) => {
    const text = textOf(value);
    if (text === undefined) return wrong(value, `text of a ${column.type}`);
    if (text === "") return { rule: `is not a ${column.type}` };
    const rule = refuse(text);
    return rule === undefined ? text : { rule };
  };
}

function wrong(value: unknown, wanted: string): { readonly rule: string } {
  const what = value === null ? "null" : Array.isArray(value) ? "an array" : typeof value;
  const words: Readonly<Record<string, string>> = {
    string: "text",
    object: "an object",
    boolean: "a boolean",
    number: "a number",
    bigint: "a bigint",
  };
  return { rule: `is ${words[what] ?? what}, not ${wanted}` };
}

function leafText(text: string): string | { readonly rule: string } {
  // Written as UTF-8, half of a pair would become another character without a word.
  if (/\p{Surrogate}/u.test(text)) return { rule: "holds half of a surrogate pair" };
  if (text.includes("\0")) return { rule: "holds a NUL" };
  return text;
}

/** Empty text is told apart from null by its quotes. */
function quoted(text: string): string {
  if (text === "") return '""';
  return /[",\n\r]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}
