import { call, combined, literalOf } from "../checks/check-conditions.ts";
import type { Expression } from "../ir/expression.ts";
import type { IncrementalNode, Relation } from "../ir/relation.ts";
import type { Column } from "../schema/schema.ts";
import { familyOf, parseType, type TypeText } from "../schema/types.ts";

/** The column of a landed extract that tells rows apart: a hash of all columns of its dataset. Readers never see it. */
export const ROW_HASH = "_sluice_row";

const column = (name: string): Expression => ({ kind: "column", name });

/** The columns that an incremental read gives of those that its input has: none of sluice's own, and the flag of rows that are gone. */
export function givenColumns(node: IncrementalNode, input: readonly Column[]): readonly Column[] {
  const own = input.filter(({ name }) => name !== ROW_HASH);
  if (node.deleted === undefined) return own;
  // Of a row that is gone, nobody knows more than its key.
  const key = new Set(node.key);
  const kept = own.map((one) => (key.has(one.name) ? one : { ...one, nullable: true }));
  return [...kept, { name: node.deleted, type: "bool", nullable: false }];
}

/**
 * What an incremental relation gives where no position is known: all rows from `initial` to `end`.
 *
 * @example
 * withoutPosition({ kind: "incremental", input: orders, cursor: "id", initial: literal("5") }, columns);
 * // orders.filter((o) => or(o.id.gte(5), o.id.isNull()))
 */
export function withoutPosition(node: IncrementalNode, input: readonly Column[]): Relation {
  return inside(node, input, node.input, boundsCondition(node, input));
}

/** The rows of an incremental relation's input for which a condition is true, in the columns that it gives. */
export function inside(
  node: IncrementalNode,
  input: readonly Column[],
  rows: Relation,
  condition: Expression | undefined,
): Relation {
  const kept: Relation = condition === undefined ? rows : { kind: "filter", input: rows, condition };
  const names = input.flatMap(({ name }) => (name === ROW_HASH ? [] : [name]));
  const own: Relation = names.length === input.length ? kept : { kind: "keep", input: kept, columns: names };
  if (node.deleted === undefined) return own;
  return { kind: "derive", input: own, columns: [[node.deleted, { kind: "literal", type: "bool", value: false }]] };
}

/**
 * Which rows can be new at all, by the cursor: from `from` on, or `initial` where it is absent, and below `end`. Rows whose
 * cursor is null are among them, unless they are left out: that there is one has to be seen.
 */
export function boundsCondition(
  node: IncrementalNode,
  input: readonly Column[],
  from: Expression | undefined = node.initial,
): Expression | undefined {
  if (node.cursor === undefined) return undefined;
  const cursor = column(node.cursor);
  const isNullable = input.find(({ name }) => name === node.cursor)?.nullable !== false;
  const type = input.find(({ name }) => name === node.cursor)?.type ?? "string";
  const bounds = [
    ...(from === undefined ? [] : [call("gte", cursor, boundOf(from, type))]),
    ...(node.end === undefined ? [] : [call("lt", cursor, boundOf(node.end, type))]),
  ];
  if (node.nulls === "exclude" && isNullable) return combined("and", [call("isNotNull", cursor), ...bounds]);
  if (bounds.length === 0) return undefined;
  const within = combined("and", bounds);
  return isNullable ? call("or", within, call("isNull", cursor)) : within;
}

/** A bound is written as text, whatever the cursor is; a parameter has a type of its own. */
export function boundOf(bound: Expression, type: TypeText): Expression {
  if (bound.kind === "literal") return bound.value === null ? bound : literalOf(bound.value, type);
  return { kind: "cast", value: bound, type };
}

/** A hash of a row's values: equal for equal rows, in every run. */
export function rowHash(columns: readonly Column[]): Expression {
  return call("hashKey", ...columns.map(({ name, type }) => shown(column(name), type)));
}

function shown(value: Expression, type: string): Expression {
  switch (familyOf(parseType(type))) {
    case "bytes":
      return call("md5", value);
    case "list":
    case "struct":
    case "map":
      return { kind: "cast", value: { kind: "cast", value, type: "json" }, type: "string" };
    default:
      return { kind: "cast", value, type: "string" };
  }
}
