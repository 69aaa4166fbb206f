import { type Expression, type FrozenColumn, type LiteralNode, parseType } from "@sluice/core";
import { quoted, quotedText } from "./names.ts";
import type { PostgresType } from "./types.ts";

/** A column that a condition may name: how it was frozen, and what it is in PostgreSQL. */
export interface FilterColumn {
  readonly frozen: FrozenColumn;
  readonly type: PostgresType;
}

/** What of a condition PostgreSQL can be asked. */
export interface PushedFilter {
  /** Absent where nothing of it can. */
  readonly sql?: string;
  /** Whether it says all of the condition, so that a limit may follow it. */
  readonly isWhole: boolean;
}

/**
 * The part of a condition that means in PostgreSQL exactly what it means here; the engine asks the whole of it again. Text is
 * compared by its bytes whatever the collation, floats order NaN as the greatest in both, and what is read as something else
 * than it is (a number declared as text) is never asked for.
 *
 * @example
 * filterSql(condition, columns).sql; // `"id" >= 5 and "city" = 'Oslo' and "city" collate "C" = 'Oslo'`
 */
export function filterSql(
  condition: Expression,
  columns: ReadonlyMap<string, FilterColumn>,
  options: FilterOptions,
): PushedFilter {
  const context: Context = { columns, ...options };
  const parts = condition.kind === "call" && condition.name === "and" ? condition.arguments : [condition];
  const asked = parts.map((part) => conditionSql(part, context));
  const known = asked.filter((sql) => sql !== undefined);
  return {
    ...(known.length === 0 ? {} : { sql: known.join(" and ") }),
    isWhole: known.length === parts.length,
  };
}

export interface FilterOptions {
  /** Whether the database is one of UTF-8: only there is the order of texts that of their bytes here. */
  readonly isUtf8: boolean;
  /** Whether the server alone decides, so that numbers are compared exactly, also where an engine would compare floats. */
  readonly isAlone?: boolean;
}

interface Context extends FilterOptions {
  readonly columns: ReadonlyMap<string, FilterColumn>;
}

const COMPARISONS: Readonly<Record<string, string>> = {
  eq: "=",
  ne: "<>",
  lt: "<",
  lte: "<=",
  gt: ">",
  gte: ">=",
  isDistinctFrom: "is distinct from",
  isNotDistinctFrom: "is not distinct from",
};
const FLIPPED: Readonly<Record<string, string>> = { lt: "gt", lte: "gte", gt: "lt", gte: "lte" };
const EQUALITIES = ["eq", "ne", "isDistinctFrom", "isNotDistinctFrom"];

/** What a comparison with a null is. */
const UNKNOWN = "null::boolean";

function conditionSql(expression: Expression, context: Context): string | undefined {
  if (expression.kind === "literal") {
    if (expression.value === null) return UNKNOWN;
    return expression.type === "bool" ? boolSql(expression.value === true) : undefined;
  }
  if (expression.kind === "column") {
    const column = columnOf(expression, context);
    return column !== undefined && column.type.name === "bool" ? quoted(expression.name) : undefined;
  }
  if (expression.kind !== "call" || expression.distinct !== undefined || expression.where !== undefined)
    return undefined;
  const { name, arguments: given } = expression;
  const [first, ...others] = given;
  if (first === undefined) return undefined;
  switch (name) {
    case "and":
    case "or": {
      const parts = given.map((part) => conditionSql(part, context));
      return parts.includes(undefined) ? undefined : `(${parts.join(` ${name} `)})`;
    }
    case "not": {
      const inner = conditionSql(first, context);
      return inner === undefined ? undefined : `not (${inner})`;
    }
    case "isNull":
    case "isNotNull":
      if (first.kind === "literal") return boolSql((first.value === null) === (name === "isNull"));
      if (columnOf(first, context) === undefined || first.kind !== "column") return undefined;
      return `${quoted(first.name)} is ${name === "isNull" ? "null" : "not null"}`;
    case "in":
    case "notIn": {
      const parts = others.map((value) => comparisonSql(name === "in" ? "eq" : "ne", first, value, context));
      return parts.includes(undefined) ? undefined : `(${parts.join(name === "in" ? " or " : " and ")})`;
    }
    case "between": {
      const [low, high] = others;
      if (low === undefined || high === undefined) return undefined;
      const parts = [comparisonSql("gte", first, low, context), comparisonSql("lte", first, high, context)];
      return parts.includes(undefined) ? undefined : `(${parts.join(" and ")})`;
    }
    default: {
      const [second] = others;
      return second === undefined || others.length > 1 ? undefined : comparisonSql(name, first, second, context);
    }
  }
}

function boolSql(value: boolean): string {
  return value ? "true" : "false";
}

function columnOf(expression: Expression, { columns }: Context): FilterColumn | undefined {
  return expression.kind === "column" && expression.side === undefined ? columns.get(expression.name) : undefined;
}

/** A column and a literal, whichever stands first. */
function comparisonSql(name: string, left: Expression, right: Expression, context: Context): string | undefined {
  const symbol = COMPARISONS[name];
  if (symbol === undefined) return undefined;
  if (left.kind === "literal" && right.kind === "column") {
    return comparisonSql(FLIPPED[name] ?? name, right, left, context);
  }
  const column = columnOf(left, context);
  if (column === undefined || left.kind !== "column" || right.kind !== "literal") return undefined;
  return compareSql(quoted(left.name), name, symbol, column, right, context);
}

function compareSql(
  column: string,
  name: string,
  symbol: string,
  { frozen, type }: FilterColumn,
  literal: LiteralNode,
  { isUtf8, isAlone = false }: Context,
): string | undefined {
  const { value } = literal;
  if (value === null) {
    return name.endsWith("DistinctFrom") ? `${column} is ${name === "isDistinctFrom" ? "not " : ""}null` : UNKNOWN;
  }
  const isEquality = EQUALITIES.includes(name);
  if (literal.type === "bool") {
    return type.name === "bool" && isEquality ? `${column} ${symbol} ${boolSql(value === true)}` : undefined;
  }
  if (typeof value !== "string") return undefined;
  const { kind } = parseType(frozen.type);
  if (literal.type === "string") {
    if (kind !== "string" || value.includes("\u0000")) return undefined;
    const text = quotedText(value);
    const bytes = `${type.name === "bpchar" ? `${column}::text` : column} collate "C" ${symbol} ${text}`;
    if (!["text", "varchar", "bpchar"].includes(type.name)) return undefined;
    if (!isEquality) return isUtf8 ? bytes : undefined;
    // The first finds an index; the second holds where a collation takes two texts for equal.
    return name === "eq" && type.name !== "bpchar" ? `(${column} = ${text} and ${bytes})` : bytes;
  }
  if (literal.type === "number") {
    const number = (isAlone ? exactNumberSql : numberSql)(value, kind, type);
    if (number === undefined) return undefined;
    // An oid has no sign, and takes a number with one for another.
    return type.name === "oid" ? `${column}::bigint ${symbol} ${number}` : `${column} ${symbol} ${number}`;
  }
  // Of the same type only, and no finer than it.
  if (type.name !== literal.type || kind !== literal.type) return undefined;
  if (literal.type === "uuid") return isEquality ? `${column} ${symbol} ${quotedText(value)}::uuid` : undefined;
  if (!TIMES.includes(literal.type) || !ISO_TIME.test(value)) return undefined;
  return `${column} ${symbol} ${quotedText(value)}::${literal.type}`;
}

const TIMES = ["date", "time", "timestamp", "timestamptz"];
const ISO_TIME = /^(?:\d{4}-\d{2}-\d{2})?[T ]?(?:\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?$/;

const INTEGERS = ["int2", "int4", "int8", "oid"];

/** Where both sides are exact in every engine: an engine may compare decimals as floats of 15 digits. */
function numberSql(value: string, kind: string, type: PostgresType): string | undefined {
  const digits = value.replaceAll(/[^0-9]/g, "").length;
  if (INTEGERS.includes(type.name)) {
    return kind.includes("int") && /^-?\d+$/.test(value) && digits <= 18 ? value : undefined;
  }
  if (type.name === "numeric") {
    const precision = ((type.modifier - 4) >> 16) & 0xffff;
    const isExact = type.modifier >= 0 && precision <= 15 && digits <= 15 && /^-?\d+(?:\.\d+)?$/.test(value);
    return kind === "decimal" && isExact ? value : undefined;
  }
  if (type.name === "float8") {
    return kind === "float64" && /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(value) ? `'${value}'::float8` : undefined;
  }
  return undefined;
}

/** The number as what the column is compared with exactly, so that an index of it is still found. */
function exactNumberSql(value: string, kind: string, type: PostgresType): string | undefined {
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$/.test(value)) return undefined;
  if (type.name === "float8") return kind === "float64" ? `'${value}'::float8` : undefined;
  if (type.name === "float4") return kind === "float32" ? `'${value}'::float4` : undefined;
  const isInteger = /^u?int\d+$/.test(kind);
  const isExact = INTEGERS.includes(type.name)
    ? isInteger
    : type.name === "numeric" && (isInteger || kind === "decimal");
  if (!isExact) return undefined;
  return /^-?\d{1,18}$/.test(value) ? value : `'${value}'::numeric`;
}
