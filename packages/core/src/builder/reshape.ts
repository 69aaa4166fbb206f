import { SluiceError } from "../errors.ts";
import type { LiteralNode } from "../ir/expression.ts";
import type { PivotNode, Relation as RelationNode, UnnestNode, UnpivotNode } from "../ir/relation.ts";
import { createColumns, namedFrom } from "./callback.ts";
import { refuseUnaggregated } from "./group.ts";
import { columnNames, name, optionsOf, refuseRest, some } from "./options.ts";
import { describe, literalOf } from "./value.ts";

/** The node of `pivot`. */
export function pivotNode(input: RelationNode, options: unknown): PivotNode {
  const { by, on, values, columns, ...rest } = optionsOf("pivot", options);
  refuseRest("pivot", rest, ["by", "on", "values", "columns"]);
  if (typeof values !== "object" || values === null) {
    throw new SluiceError(
      "config",
      `values of pivot is ${describe(values)}: its columns have to be known before the data is read`,
      {
        hint: 'name the values that become columns: values: ["CAR", "BUS"], or { car: "CAR" } for other names',
      },
    );
  }
  const keys = by === undefined ? Object.freeze([]) : columnNames("by", by, (list) => `by: ${list}`);
  const named = some("pivot", namedFrom("columns", columns, [createColumns()], { aggregates: true }));
  for (const [column, expression] of named) refuseUnaggregated(column, expression, keys);
  const pairs: readonly (readonly [string | undefined, unknown])[] = Array.isArray(values)
    ? values.map((value: unknown) => [undefined, value])
    : Object.entries(values);
  if (pairs.length === 0) throw new SluiceError("config", "pivot names no values, which become columns");
  return {
    kind: "pivot",
    input,
    by: keys,
    on: name("on", on),
    values: Object.freeze(pairs.map(([given, value]) => pairOf(given, value))),
    columns: named,
  };
}

function pairOf(given: string | undefined, value: unknown): readonly [name: string, value: LiteralNode] {
  if (given !== undefined && /^(0|[1-9]\d*)$/.test(given)) {
    throw new SluiceError(
      "config",
      `the name "${given}" in values of pivot would be moved to the front by JavaScript`,
      {
        hint: "give it another name, or list the values: values: [1, 2]",
        offending: given,
      },
    );
  }
  if (value === null) return Object.freeze([given ?? "null", Object.freeze({ kind: "literal", type: "null", value })]);
  const literal = literalOf(value, "a value of pivot");
  if (literal === undefined) {
    throw new SluiceError("config", `a value of pivot is ${describe(value)}, which is no constant`);
  }
  const isPlain = ["string", "number", "bool"].includes(literal.type);
  const plain = isPlain ? literal : Object.freeze({ ...literal, type: "string" as const });
  return Object.freeze([given ?? String(literal.value), plain]);
}

/** The node of `unpivot`. */
export function unpivotNode(input: RelationNode, columns: unknown, options: unknown): UnpivotNode {
  const { name: names, value, nulls, ...rest } = optionsOf("unpivot", options);
  refuseRest("unpivot", rest, ["name", "value", "nulls"]);
  if (nulls !== undefined && nulls !== "keep") {
    throw new SluiceError("config", `nulls of unpivot is ${describe(nulls)}`, {
      hint: 'write nulls: "keep", or leave it out: values that are null are left out',
    });
  }
  return {
    kind: "unpivot",
    input,
    columns: columnNames("unpivot", columns),
    name: name("name", names),
    value: name("value", value),
    ...(nulls === undefined ? {} : { nulls }),
  };
}

/** The node of `unnest`. */
export function unnestNode(input: RelationNode, column: unknown, options: unknown): UnnestNode {
  const { outer, ordinality, prefix, ...rest } = optionsOf("unnest", options);
  refuseRest("unnest", rest, ["outer", "ordinality", "prefix"]);
  return {
    kind: "unnest",
    input,
    column: name("unnest", column),
    ...(outer === true ? { outer } : {}),
    ...(ordinality === undefined ? {} : { ordinality: name("ordinality", ordinality) }),
    ...(prefix === undefined ? {} : { prefix: name("prefix", prefix) }),
  };
}
