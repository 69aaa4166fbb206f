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
  options: { readonly isUtf8: boolean },
): PushedFilter {
  const context: Context = { columns, isUtf8: options.isUtf8 };
  const parts = condition.kind === "call" && condition.name === "and" ? condition.arguments : [condition];
  const asked = parts.map((part) => conditionSql(part, context));
  const known = asked.filter((sql) => sql !== undefined);
  return {
    ...(known.length === 0 ? {} : { sql: known.join(" and ") }),
    isWhole: known.length === parts.length,
  };
}

interface Context {
  readonly columns: ReadonlyMap<string, FilterColumn>;
  readonly isUtf8: boolean;
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

function conditionSql(expression: Expression, context: Context): string | undefined {
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
      if (first.kind !== "column" || !context.columns.has(first.name)) return undefined;
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
  { isUtf8 }: Context,
): string | undefined {
  const { value } = literal;
  if (value === null) return undefined;
  const isEquality = EQUALITIES.includes(name);
  if (literal.type === "bool") {
    return type.name === "bool" && isEquality ? `${column} ${symbol} ${value === true ? "true" : "false"}` : undefined;
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
    const number = numberSql(value, kind, type);
    return number === undefined ? undefined : `${column} ${symbol} ${number}`;
  }
  // Of the same type only, and no finer than it.
  if (type.name !== literal.type || kind !== literal.type) return undefined;
  if (literal.type === "uuid") return isEquality ? `${column} ${symbol} ${quotedText(value)}::uuid` : undefined;
  if (!["date", "time", "timestamp", "timestamptz"].includes(literal.type)) return undefined;
  const isPlain = /^(?:\d{4}-\d{2}-\d{2})?[T ]?(?:\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?$/.test(
    value,
  );
  return isPlain ? `${column} ${symbol} ${quotedText(value)}::${literal.type}` : undefined;
}

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
