import { type Column, createAccepter, familyOf, type LogicalType, parseType, rowColumns } from "@sluice/core";
import { shown } from "./protocol.ts";

/** Why a row is no row of the output. */
export interface RowProblem {
  readonly column: string;
  readonly rule: string;
  readonly value: unknown;
}

/** A number of more digits than JavaScript holds, as it stood in JSON. */
export class ExactNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Encode = (value: unknown) => string | { readonly rule: string };

/**
 * Turns rows into lines of `ROWS_DIALECT`. The engine's own reader of JSON makes 2 of 1.7 and drops keys that it does not
 * know, so every value is looked at here.
 *
 * @example
 * createRowEncoder([{ name: "n", type: "int64", nullable: false }])({ n: 1.7 }); // { column: "n", rule: "is not an int64", value: 1.7 }
 */
export function createRowEncoder(columns: readonly Column[]): (row: unknown) => string | RowProblem {
  const encoders = columns.map((column) => encoderOf(column));
  const names = columns.map(({ name }) => name);
  const known = new Set(names);
  const filler = columns.length === 1 ? ",1\n" : "\n";
  return (row) => {
    if (typeof row !== "object" || row === null || Array.isArray(row)) {
      return { column: "", rule: "is no object of columns", value: row };
    }
    const prototype: unknown = Object.getPrototypeOf(row);
    if (prototype !== Object.prototype && prototype !== null && !Object.hasOwn(prototype as object, "constructor")) {
      return { column: "__proto__", rule: "was set, which JavaScript takes for no column", value: row };
    }
    let line = "";
    for (let index = 0; index < names.length; index++) {
      const name = names[index] ?? "";
      const value = Object.hasOwn(row, name) ? (row as Record<string, unknown>)[name] : undefined;
      if (value === undefined) return { column: name, rule: "is missing", value };
      const text = value === null ? "" : encoders[index]?.(value);
      if (typeof text !== "string") return { column: name, rule: text?.rule ?? "", value };
      if (value === null && columns[index]?.nullable !== true) return { column: name, rule: "is null", value };
      line += index === 0 ? text : `,${text}`;
    }
    const keys = Object.keys(row);
    if (keys.length > names.length) {
      const unknown = keys.find((key) => !known.has(key)) ?? "";
      return { column: unknown, rule: "is no column of the output", value: (row as Record<string, unknown>)[unknown] };
    }
    return line + filler;
  };
}

/** A problem as a sentence. */
export function problemText({ column, rule, value }: RowProblem): string {
  if (column === "") return `${shown(value)} ${rule}`;
  if (value === undefined || rule === "is null" || column === "__proto__") return `column "${column}" ${rule}`;
  if (rule === "is no column of the output") return `"${column}" ${rule}`;
  return `${shown(value instanceof ExactNumber ? Number(value.text) : value)} in column "${column}" ${rule}`;
}

function encoderOf(column: Column): Encode {
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
        typeof value === "string" || typeof value === "number" || typeof value === "bigint"
          ? String(value)
          : exact(value),
      );
    case "json":
      return (value) => {
        if (typeof value !== "string") {
          if (typeof value !== "object") return wrong(value, "JSON text or an object");
          const text = JSON.stringify(value);
          return text === undefined ? { rule: "is not JSON" } : quoted(text);
        }
        try {
          JSON.parse(value);
          return quoted(value);
        } catch {
          return { rule: "is not JSON" };
        }
      };
    case "text":
      return (value) => (typeof value === "string" ? textField(value) : wrong(value, "text"));
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

const exact = (value: unknown): string | undefined => (value instanceof ExactNumber ? value.text : undefined);

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
    const text = typeof value === "bigint" ? String(value) : exact(value);
    if (text === undefined) return wrong(value, `an ${column.type}`);
    if (!/^-?\d+$/.test(text)) return { rule: `is not an ${column.type}` };
    const whole = BigInt(text);
    return whole < min || whole > max ? { rule: `is out of range for ${column.type}` } : String(whole);
  };
}

function floatEncoder(column: Column): Encode {
  const isSingle = column.type === "float32";
  return (value) => {
    const number = value instanceof ExactNumber ? Number(value.text) : value;
    if (typeof number !== "number") return wrong(value, `a ${column.type}`);
    if (Number.isNaN(number)) return "nan";
    if (number === Infinity) return "inf";
    if (number === -Infinity) return "-inf";
    if (isSingle && !Number.isFinite(Math.fround(number))) return { rule: "is out of range for float32" };
    return Object.is(number, -0) ? "-0" : String(number);
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
    return rule === undefined ? quoted(text) : { rule };
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

function textField(text: string): string | { readonly rule: string } {
  if (text === "") return '""';
  // Written as UTF-8, half of a pair would become another character without a word.
  if (/\p{Surrogate}/u.test(text)) return { rule: "holds half of a surrogate pair" };
  if (text.includes("\0")) return { rule: "holds a NUL" };
  return quoted(text);
}

function quoted(text: string): string {
  return /[",\n\r]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}
