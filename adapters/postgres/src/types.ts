import { type FrozenColumn, type LogicalType, parseType, type TypeText } from "@sluice/core";
import { quoted } from "./names.ts";

/** A type of PostgreSQL as its catalogue says it, domains followed to what they are made of. */
export interface PostgresType {
  /** `pg_type.typname`: `int4`, `_text`. */
  readonly name: string;
  /** base, composite, domain, enum, multirange, pseudo, range. */
  readonly kind: "b" | "c" | "d" | "e" | "m" | "p" | "r";
  /** A: array, E: enum, S: text and so on. */
  readonly category: string;
  /** What stands behind the name: precision and scale, length; -1 for none. */
  readonly modifier: number;
  /** As PostgreSQL writes it: `numeric(10,2)`, `text[]`, `mood`. */
  readonly shown: string;
  /** Whether it is one of PostgreSQL's own, and no domain: a type of somebody's may be called and shown as one of them. */
  readonly isBuiltIn: boolean;
}

/** Types that are no part of PostgreSQL itself, such as citext, have a number from here on. */
export const FIRST_OF_OTHERS = 16_384;

/** How a column is read: as what, and by which SQL its text is made. */
export interface Reading {
  readonly type: TypeText;
  readonly format?: string;
  readonly words?: FrozenColumn["words"];
  /** The value, as text that the engine reads; null stays null. */
  readonly sql: (name: string) => string;
  /** What a person should know, as the end of a sentence that begins with the column. */
  readonly warning?: string;
}

const asItIs = (name: string): string => quoted(name);
const asText = (name: string): string => `${quoted(name)}::text`;
const asJson = (name: string): string => `to_json(${quoted(name)})`;

const PLAIN: Readonly<Record<string, TypeText>> = {
  int2: "int16",
  int4: "int32",
  int8: "int64",
  oid: "uint32",
  float4: "float32",
  float8: "float64",
  text: "string",
  varchar: "string",
  name: "string",
  citext: "string",
  uuid: "uuid",
  json: "json",
  jsonb: "json",
  bytea: "bytes",
};

/**
 * How a type is read. What PostgreSQL has and sluice has not is read as the text that PostgreSQL prints for it, which it
 * reads back: nothing of the value is lost but its type. `docs/postgres.md` has this table for people; a test compares.
 */
export function readingOf(type: PostgresType): Reading {
  // A type of somebody's own may be called as one of PostgreSQL's: an enumeration "uuid", a row "name".
  const name = type.kind === "b" ? type.name : undefined;
  const plain = name === undefined ? undefined : PLAIN[name];
  if (plain !== undefined) return { type: plain, sql: asItIs };
  switch (name) {
    case "bool":
      return { type: "bool", words: [["t"], ["f"]], sql: asItIs };
    case "numeric":
      return numericReading(type.modifier);
    case "bpchar":
      // The blanks that fill it up mean nothing in PostgreSQL; a cast takes them away.
      return { type: "string", sql: asText };
    case "date":
      return { type: "date", format: "%Y-%m-%d", sql: asItIs };
    case "time":
      return { type: "time", format: "%H:%M:%S%.f", sql: asItIs };
    case "timestamp":
      return { type: "timestamp", format: "%Y-%m-%d %H:%M:%S%.f", sql: asItIs };
    case "timestamptz":
      return { type: "timestamptz", format: "%Y-%m-%d %H:%M:%S%.f%z", sql: asItIs };
    case "interval":
      // With its plus signs, which no other reader expects, left out.
      return { type: "string", sql: (name) => `replace(${quoted(name)}::text, '+', '')` };
    default:
  }
  if (type.category === "A" || type.kind === "c" || type.name === "hstore") return { type: "json", sql: asJson };
  return { type: "string", sql: asText };
}

/** Of `numeric` without digits nothing is known; see `discover.ts`, which looks at the values. */
export function isOpenNumeric(type: PostgresType): boolean {
  return type.kind === "b" && type.name === "numeric" && type.modifier < 0;
}

function numericReading(modifier: number): Reading {
  if (modifier < 0) return { type: "string", sql: asText };
  const precision = ((modifier - 4) >> 16) & 0xffff;
  // Eleven bits with a sign: a scale may be below zero, or above the precision.
  const written = (modifier - 4) & 0x7ff;
  const scale = written > 1023 ? written - 2048 : written;
  const digits = Math.max(precision - scale, 0) + Math.max(scale, 0);
  if (digits <= 38) return { type: `decimal(${Math.max(digits, 1)},${Math.max(scale, 0)})`, sql: asItIs };
  return { type: "string", sql: asText, warning: "has more than 38 digits, and is read as text" };
}

/** Money is whole units of the smallest coin, of which the server's locale says how many places they are. */
export function moneyReading(places: number): Reading {
  return { type: `decimal(19,${places})`, sql: (name) => `${quoted(name)}::numeric(19,${places})` };
}

/**
 * The type of a column that a load makes.
 *
 * @example
 * declaredType("list<decimal(10,2)>"); // "numeric(10,2)[]"
 */
export function declaredType(text: TypeText): string {
  return declared(parseType(text));
}

/** The type as SQL says it, whatever types of somebody's own the search path finds first. */
export function declaredSql(text: TypeText): string {
  return declaredType(text).replace(/^(?:text|bytea|date|uuid|json)\b/, "pg_catalog.$&");
}

/**
 * Whether a column has just the type that a load would give it.
 *
 * @example
 * isDeclared({ ...type, shown: "character varying(5)" }, "string"); // false: it would be text
 */
export function isDeclared(column: PostgresType, text: TypeText): boolean {
  return column.isBuiltIn && column.shown === declaredType(text);
}

function declared(type: LogicalType): string {
  switch (type.kind) {
    case "bool":
      return "boolean";
    case "int8":
    case "uint8":
    case "int16":
      return "smallint";
    case "uint16":
    case "int32":
      return "integer";
    case "uint32":
    case "int64":
      return "bigint";
    case "uint64":
      return "numeric(20,0)";
    case "float32":
      return "real";
    case "float64":
      return "double precision";
    case "decimal":
      return `numeric(${type.precision},${type.scale})`;
    case "string":
    case "enum":
      return "text";
    case "bytes":
      return "bytea";
    case "date":
      return "date";
    case "time":
      return "time without time zone";
    case "timestamp":
      return "timestamp without time zone";
    case "timestamptz":
      return "timestamp with time zone";
    case "interval":
      return "interval";
    case "uuid":
      return "uuid";
    case "list":
      return isArray(type) ? `${declared(type.item)}[]` : "json";
    case "json":
    case "struct":
    case "map":
      return "json";
    default:
      return type satisfies never;
  }
}

/** Whether a list is an array in PostgreSQL: one of lists may be ragged there, which no array is. */
function isArray(type: Extract<LogicalType, { kind: "list" }>): boolean {
  return !["list", "struct", "map", "json"].includes(type.item.kind);
}

/** Whether a value of the type is written in braces for a column of this type; else it is JSON. */
export function isInBraces(text: TypeText, column: string): boolean {
  const type = parseType(text);
  return type.kind === "list" && isArray(type) && column.endsWith("[]");
}

/** How large the values of a type may get: digits before and behind the point. */
const DIGITS: Readonly<Record<string, number>> = {
  int8: 3,
  uint8: 3,
  int16: 5,
  uint16: 5,
  int32: 10,
  uint32: 10,
  int64: 19,
  uint64: 20,
};
/** Bits that an integer needs, with its sign. */
const BITS: Readonly<Record<string, number>> = {
  int8: 8,
  uint8: 9,
  int16: 16,
  uint16: 17,
  int32: 32,
  uint32: 33,
  int64: 64,
  uint64: 65,
};
const INTEGERS: Readonly<Record<string, number>> = { int2: 16, int4: 32, int8: 64 };

/**
 * Why values of the type would be changed by a column that is there, as the end of a sentence; undefined where it takes them
 * as they are or refuses them aloud. PostgreSQL rounds and cuts without a word: fractions, times to days, offsets.
 */
export function misfitOf(text: TypeText, column: PostgresType): string | undefined {
  const type = parseType(text);
  const is = `is ${column.shown}`;
  if (["text", "varchar", "citext"].includes(column.name)) {
    return type.kind === "bytes" ? `${is}, which would hold the digits of bytes` : undefined;
  }
  switch (type.kind) {
    case "bool":
      return column.name === "bool" ? undefined : is;
    case "int8":
    case "uint8":
    case "int16":
    case "uint16":
    case "int32":
    case "uint32":
    case "int64":
    case "uint64":
      return integerMisfit(type.kind, column);
    case "decimal":
      if (column.name !== "numeric") return `${is}, which does not hold every decimal`;
      if (column.modifier < 0) return undefined;
      if (scaleOf(column.modifier) < type.scale)
        return `${is}, which would round to ${scaleOf(column.modifier)} places`;
      return wholeDigitsOf(column.modifier) >= type.precision - type.scale
        ? undefined
        : `${is}, which does not hold every ${text}`;
    case "float32":
    case "float64": {
      if (column.name === "float8" || (column.name === "float4" && type.kind === "float32")) return undefined;
      return column.name === "numeric" && column.modifier < 0 ? undefined : `${is}, which does not hold every float`;
    }
    case "string":
    case "enum":
      // A number of any length, or NaN, that PostgreSQL printed; one with digits given would be rounded.
      if (isOpenNumeric(column)) return undefined;
      if (cutsText(column)) return `${is}, which would cut or round without a word`;
      return takesText(column) ? undefined : `${is}: cast it in the step, where what does not fit can be seen`;
    case "bytes":
      return column.name === "bytea" ? undefined : is;
    case "date":
      return ["date", "timestamp"].includes(column.name) ? undefined : is;
    case "time":
    case "timestamp":
    case "timestamptz":
      if (column.name !== type.kind) return is;
      return column.modifier >= 0 && column.modifier < 6 ? `${is}, which would round the seconds` : undefined;
    case "interval":
      return column.name === "interval" && column.modifier < 0 ? undefined : is;
    case "uuid":
      return column.name === "uuid" ? undefined : is;
    case "json":
      if (column.category === "A") return `${is}: cast it to a list in the step`;
      return ["json", "jsonb"].includes(column.name) ? undefined : is;
    case "struct":
    case "map":
      return ["json", "jsonb"].includes(column.name) ? undefined : is;
    case "list":
      if (["json", "jsonb"].includes(column.name)) return undefined;
      return isArray(type) && column.shown === declared(type) ? undefined : is;
    default:
      return type satisfies never;
  }
}

function integerMisfit(kind: string, column: PostgresType): string | undefined {
  const bits = INTEGERS[column.name];
  const is = `is ${column.shown}`;
  if (bits !== undefined) return bits >= (BITS[kind] ?? 65) ? undefined : `${is}, which does not hold every ${kind}`;
  if (column.name === "numeric") {
    if (column.modifier < 0) return undefined;
    return scaleOf(column.modifier) >= 0 && wholeDigitsOf(column.modifier) >= (DIGITS[kind] ?? 20)
      ? undefined
      : `${is}, which does not hold every ${kind}`;
  }
  if (column.name === "float8" && (BITS[kind] ?? 65) <= 33) return undefined;
  // It has no sign, and would take -1 for its greatest.
  if (column.name === "oid" && ["uint8", "uint16", "uint32"].includes(kind)) return undefined;
  return is;
}

function scaleOf(modifier: number): number {
  const written = (modifier - 4) & 0x7ff;
  return written > 1023 ? written - 2048 : written;
}

function wholeDigitsOf(modifier: number): number {
  return (((modifier - 4) >> 16) & 0xffff) - scaleOf(modifier);
}

/** Types that sluice has no word for take text, and say where it is not theirs, as bits of another length; so do uuid and JSON. */
function takesText(column: PostgresType): boolean {
  const known = ["bool", "int2", "int4", "int8", "float4", "float8", "numeric", "bytea", "date", "time", "timestamp"];
  return ![...known, "timestamptz", "money"].includes(column.name);
}

/** Names after 63 bytes, `"char"` after the first, and what has fewer places than the text may say. */
function cutsText({ name, modifier }: PostgresType): boolean {
  const item = name.replace(/^_/, "");
  if (["name", "char"].includes(item)) return true;
  const rounds = ["interval", "timetz"].includes(item) || (item !== name && ROUNDING_ITEMS.includes(item));
  return rounds && modifier >= 0;
}

/** Whether nothing that a step could give goes into the column as it is: money, and what cuts any text. */
export function isOutOfReach(column: PostgresType): boolean {
  return column.name === "money" || ["name", "char"].includes(column.name);
}

/** As items of arrays, which text reaches; as columns of their own it does not. */
const ROUNDING_ITEMS = ["numeric", "time", "timestamp", "timestamptz", "bpchar"];

/** Whether a column may be made wider to hold the type, so that no value there changes: what `evolve: "widen"` allows. */
export function isWider(text: TypeText, column: PostgresType): boolean {
  const wanted = declaredType(text);
  if (INTEGERS[column.name] !== undefined) {
    if (["smallint", "integer", "bigint"].includes(wanted)) return misfitOf(text, column) !== undefined;
    const decimal = /^numeric\((\d+),(\d+)\)$/.exec(wanted);
    return decimal !== null && Number(decimal[1]) - Number(decimal[2]) >= (DIGITS[`int${INTEGERS[column.name]}`] ?? 19);
  }
  if (column.name === "float4") return wanted === "double precision";
  if (column.name === "numeric" && column.modifier >= 0) {
    const decimal = /^numeric\((\d+),(\d+)\)$/.exec(wanted);
    if (decimal === null) return false;
    const [digits, places] = [Number(decimal[1]), Number(decimal[2])];
    return places >= scaleOf(column.modifier) && digits - places >= wholeDigitsOf(column.modifier);
  }
  return false;
}
