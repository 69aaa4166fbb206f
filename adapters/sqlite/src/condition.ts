import {
  conjunctsOf,
  type Expression,
  type FrozenColumn,
  type LiteralNode,
  parseType,
  type ReadRequest,
} from "@sluice/core";
import type { TableInfo } from "./catalog.ts";
import { type Connection, quoted, type Value } from "./client.ts";
import { affinityOf } from "./types.ts";

/** A condition of SQLite's, with what is bound in it. */
export interface Condition {
  readonly sql: string;
  readonly bound: readonly Value[];
}

/**
 * What of a filter SQLite can ask itself: true for each row for which the filter is, and for others too, since the engine asks
 * again. What it cannot say is left out: a comparison of values that SQLite stores or orders in another way than the engine
 * takes them, a function, a column of a view, whose values may be of any class.
 *
 * Rows that are left out are not read, so they are no rejects either: where the dataset says how many rejects are too many,
 * all rows are read.
 */
export function conditionOf(
  { filter, dataset }: Pick<ReadRequest, "filter" | "dataset">,
  table: TableInfo,
  encoding: Connection["encoding"],
): Condition | undefined {
  if (filter === undefined || dataset.maxRejects !== undefined || table.kind === "view") return undefined;
  const columns = new Map(
    dataset.columns.flatMap((column) => {
      const stored = table.columns.find(({ name }) => name.toLowerCase() === column.name.toLowerCase());
      return stored === undefined ? [] : [[column.name, { column, declared: stored.declared }] as const];
    }),
  );
  const found = conjunctsOf(filter).flatMap((conjunct) => render(conjunct, false, { columns, encoding }) ?? []);
  return found.length === 0 ? undefined : joined(found, "and");
}

interface StoredColumn {
  readonly column: FrozenColumn;
  readonly declared: string;
}

interface Scope {
  readonly columns: ReadonlyMap<string, StoredColumn>;
  readonly encoding: Connection["encoding"];
}

type Comparison = "eq" | "ne" | "lt" | "lte" | "gt" | "gte";

const OPPOSITE: Readonly<Record<Comparison, Comparison>> = {
  eq: "ne",
  ne: "eq",
  lt: "gte",
  lte: "gt",
  gt: "lte",
  gte: "lt",
};
const MIRRORED: Readonly<Record<Comparison, Comparison>> = {
  eq: "eq",
  ne: "ne",
  lt: "gt",
  lte: "gte",
  gt: "lt",
  gte: "lte",
};
const SIGNS: Readonly<Record<Comparison, string>> = { eq: "=", ne: "<>", lt: "<", lte: "<=", gt: ">", gte: ">=" };

/** A `not` is carried down to the comparisons: what may hold for too many rows must not be negated. */
function render(node: Expression, isNegated: boolean, scope: Scope): Condition | undefined {
  if (node.kind === "column")
    return renderComparison("eq", node, { kind: "literal", type: "bool", value: !isNegated }, scope);
  if (node.kind !== "call") return undefined;
  const { name, arguments: args } = node;
  const [first, second, third] = args;
  switch (name) {
    case "and":
    case "or": {
      const parts = args.map((one) => render(one, isNegated, scope));
      if ((name === "and") !== isNegated) {
        const known = parts.flatMap((part) => part ?? []);
        return known.length === 0 ? undefined : joined(known, "and");
      }
      return parts.every((part) => part !== undefined) ? joined(parts, "or") : undefined;
    }
    case "not":
      return first === undefined ? undefined : render(first, !isNegated, scope);
    case "isNull":
    case "isNotNull":
      return renderNull(first, (name === "isNull") !== isNegated, scope);
    case "in":
    case "notIn": {
      const sign: Comparison = (name === "in") !== isNegated ? "eq" : "ne";
      const parts = args.slice(1).map((one) => renderComparison(sign, first, one, scope));
      if (!parts.every((part) => part !== undefined)) return undefined;
      return joined(parts, sign === "eq" ? "or" : "and");
    }
    case "between": {
      const low = renderComparison(isNegated ? "lt" : "gte", first, second, scope);
      const high = renderComparison(isNegated ? "gt" : "lte", first, third, scope);
      if (isNegated) return low === undefined || high === undefined ? undefined : joined([low, high], "or");
      const known = [low, high].flatMap((part) => part ?? []);
      return known.length === 0 ? undefined : joined(known, "and");
    }
    case "eq":
    case "ne":
    case "lt":
    case "lte":
    case "gt":
    case "gte":
      return renderComparison(isNegated ? OPPOSITE[name] : name, first, second, scope);
    default:
      return undefined;
  }
}

/** Of a column and a literal, in either order. */
function renderComparison(
  sign: Comparison,
  first: Expression | undefined,
  second: Expression | undefined,
  scope: Scope,
): Condition | undefined {
  if (first?.kind === "literal" && second?.kind === "column") {
    return renderComparison(MIRRORED[sign], second, first, scope);
  }
  if (first?.kind !== "column" || second?.kind !== "literal" || second.value === null) return undefined;
  const stored = scope.columns.get(first.name);
  return stored === undefined || !isPlain(stored.column) ? undefined : compare(sign, stored, second, scope);
}

/** Words that mean null, and blanks that mean nothing, are known to the engine only. */
function isPlain(column: FrozenColumn): boolean {
  return column.trim === undefined && (column.nulls ?? []).length === 0;
}

/** No bytes are an empty field, and an empty text is null in a column of any other type. */
function renderNull(node: Expression | undefined, isWanted: boolean, { columns }: Scope): Condition | undefined {
  const stored = node?.kind === "column" ? columns.get(node.name) : undefined;
  if (stored === undefined || !isPlain(stored.column)) return undefined;
  const name = quoted(stored.column.name);
  if (!isWanted) return { sql: `${name} is not null`, bound: [] };
  const isText = parseType(stored.column.type).kind === "string";
  return { sql: `(${name} is null or ${name} = x''${isText ? "" : ` or ${name} = ''`})`, bound: [] };
}

function compare(
  sign: Comparison,
  { column, declared }: StoredColumn,
  literal: LiteralNode,
  { encoding }: Scope,
): Condition | undefined {
  const name = quoted(column.name);
  // In a strict table, ANY keeps what it is given as it is, whatever the rules of names say.
  const affinity = declared.toUpperCase() === "ANY" ? "BLOB" : affinityOf(declared);
  const type = parseType(column.type);
  switch (type.kind) {
    case "bool":
      if (literal.type !== "bool" || !isZeroAndOne(column) || !["INTEGER", "NUMERIC"].includes(affinity))
        return undefined;
      return sign === "eq" || sign === "ne" ? plain(name, sign, literal.value === true ? 1n : 0n) : undefined;
    case "int8":
    case "int16":
    case "int32":
    case "int64":
    case "uint8":
    case "uint16":
    case "uint32":
    case "uint64": {
      // Elsewhere digits may be stored as text, which the engine reads as a number.
      if (affinity !== "INTEGER" && affinity !== "NUMERIC") return undefined;
      const value = integerOf(literal);
      return value === undefined ? undefined : orBytes(name, plain(name, sign, value));
    }
    case "float64": {
      if (affinity !== "REAL" || literal.type !== "number") return undefined;
      const value = Number(literal.value);
      if (!Number.isFinite(value)) return undefined;
      const { sql, bound } = plain(name, sign, value);
      // A text such as -inf is a float for the engine; texts stand behind all numbers.
      return { sql: `(${sql} or ${name} >= '')`, bound };
    }
    case "string": {
      if (affinity !== "TEXT" || literal.type !== "string" || String(literal.value).includes("\0")) return undefined;
      if (sign === "ne" || (sign !== "eq" && encoding !== "utf-8")) return undefined;
      return orBytes(name, plain(`${name} collate binary`, sign, String(literal.value)));
    }
    case "date": {
      if (column.format !== "%Y-%m-%d" || !isTextual(affinity) || encoding !== "utf-8") return undefined;
      const day = /^\d{4}-\d{2}-\d{2}$/.exec(String(literal.value))?.[0];
      if (day === undefined || (literal.type !== "date" && literal.type !== "string")) return undefined;
      return sign === "ne" ? undefined : plain(`${name} collate binary`, sign, day);
    }
    case "timestamp":
    case "timestamptz":
      return isTextual(affinity) && encoding === "utf-8" ? compareMoments(sign, column, literal) : undefined;
    default:
      return undefined;
  }
}

/** Bytes come as their hexadecimal digits, which may be the very value; they stand behind all numbers and texts. */
function orBytes(name: string, { sql, bound }: Condition): Condition {
  return { sql: `(${sql} or ${name} >= x'')`, bound };
}

function plain(term: string, sign: Comparison, value: Value): Condition {
  return { sql: `${term} ${SIGNS[sign]} ?`, bound: [value] };
}

function isTextual(affinity: ReturnType<typeof affinityOf>): boolean {
  return affinity === "TEXT" || affinity === "BLOB" || affinity === "NUMERIC";
}

function isZeroAndOne({ words }: FrozenColumn): boolean {
  return words !== undefined && words[0].join() === "1" && words[1].join() === "0";
}

/** A whole number that SQLite holds. */
function integerOf({ type, value }: LiteralNode): bigint | undefined {
  if (type !== "number" || !/^[+-]?\d{1,19}$/.test(String(value))) return undefined;
  const number = BigInt(String(value).replace("+", ""));
  return number >= -(2n ** 63n) && number < 2n ** 63n ? number : undefined;
}

const MOMENT = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(?:\.\d{1,6})?)?)?(Z|[+-]\d{2}(?::?\d{2})?)?$/;
const DAY_MS = 86_400_000;

/**
 * Times are texts whose first nineteen letters order them to the second; fractions, which vary in length, are left to the
 * engine. An offset moves what is written by less than a day.
 */
function compareMoments(sign: Comparison, column: FrozenColumn, literal: LiteralNode): Condition | undefined {
  const format = /^%Y-%m-%d([T ])%H:%M:%S(?:\.%f)?(Z|%z)?$/.exec(column.format ?? "");
  const parts = MOMENT.exec(String(literal.value));
  const isKnown = ["string", "date", "timestamp", "timestamptz"].includes(literal.type);
  if (format === null || parts === null || !isKnown || sign === "ne") return undefined;
  const [, separator = " ", zone] = format;
  const [, day = "", minutes = "00:00", seconds = "00", offset] = parts;
  if ((zone === undefined) !== (offset === undefined)) return undefined;
  const instant = Date.parse(`${day}T${minutes}:${seconds}${isoOffset(offset ?? "Z")}`);
  if (Number.isNaN(instant)) return undefined;
  const slack = zone === "%z" ? DAY_MS : 0;
  const name = `${quoted(column.name)} collate binary`;
  const from = textOf(instant - slack, separator);
  const to = textOf(instant + slack, separator);
  if (from === undefined || to === undefined) return undefined;
  const low: Condition = { sql: `${name} >= ?`, bound: [from] };
  // Behind whatever follows the seconds: a point, a sign, a letter.
  const high: Condition = { sql: `${name} < ?`, bound: [`${to}~`] };
  if (sign === "eq") return joined([low, high], "and");
  return sign === "gt" || sign === "gte" ? low : high;
}

function isoOffset(offset: string): string {
  if (offset === "Z") return offset;
  const digits = offset.replace(":", "").padEnd(5, "0");
  return `${digits.slice(0, 3)}:${digits.slice(3)}`;
}

function textOf(instant: number, separator: string): string | undefined {
  const text = new Date(instant).toISOString();
  return /^\d{4}-/.test(text) ? text.slice(0, 19).replace("T", separator) : undefined;
}

function joined(parts: readonly Condition[], word: "and" | "or"): Condition {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  return { sql: `(${parts.map(({ sql }) => sql).join(` ${word} `)})`, bound: parts.flatMap(({ bound }) => bound) };
}
