import type { Expression, LiteralNode } from "@sluice/core";

/** What is asked of one column, in forms that bounds can answer. */
export type Question =
  | { readonly ask: "eq" | "lt" | "lte" | "gt" | "gte"; readonly literal: LiteralNode }
  | { readonly ask: "startsWith"; readonly literal: LiteralNode }
  | { readonly ask: "isNull" | "isNotNull" };

/**
 * An expression as far as files can be skipped by it. `maybe` stands for what is not understood: it may hold for any row.
 * Negations are gone: a condition holds where it is true, and its opposite where it is false, never where it is null.
 */
export type Condition =
  | { readonly kind: "maybe" | "never" }
  | { readonly kind: "all" | "any"; readonly parts: readonly Condition[] }
  | { readonly kind: "column"; readonly column: string; readonly question: Question };

const MAYBE: Condition = { kind: "maybe" };
const NEVER: Condition = { kind: "never" };

/** What an expression asks of columns; every row for which it is true meets the condition. */
export function conditionOf(expression: Expression): Condition {
  return read(expression, true);
}

/** @param wanted whether the expression shall be true or false */
function read(expression: Expression, wanted: boolean): Condition {
  if (expression.kind === "column") {
    return asking(expression.name, { ask: "eq", literal: { kind: "literal", type: "bool", value: wanted } });
  }
  if (expression.kind === "literal" && expression.type !== "number") {
    return expression.value === wanted
      ? MAYBE
      : expression.type === "bool" || expression.value === null
        ? NEVER
        : MAYBE;
  }
  if (expression.kind !== "call") return MAYBE;
  const { name, arguments: operands } = expression;
  const [first, ...others] = operands;
  if (first === undefined) return MAYBE;
  switch (name) {
    case "not":
      return read(first, !wanted);
    case "and":
    case "or":
      return { kind: (name === "and") === wanted ? "all" : "any", parts: operands.map((part) => read(part, wanted)) };
    case "isNull":
    case "isNotNull":
      if (first.kind !== "column") return MAYBE;
      return asking(first.name, { ask: (name === "isNull") === wanted ? "isNull" : "isNotNull" });
    case "eq":
    case "ne":
    case "lt":
    case "lte":
    case "gt":
    case "gte":
      return compared(name, first, others[0], wanted);
    case "isDistinctFrom":
    case "isNotDistinctFrom":
      return distinct((name === "isNotDistinctFrom") === wanted, first, others[0]);
    case "between":
      return read(
        {
          kind: "call",
          name: "and",
          arguments: [call("gte", first, others[0]), call("lte", first, others[1])],
        },
        wanted,
      );
    case "in":
    case "notIn":
      return listed((name === "in") === wanted, first, others);
    case "startsWith": {
      const [part] = others;
      if (first.kind !== "column" || part?.kind !== "literal" || part.type !== "string" || !wanted) return MAYBE;
      return asking(first.name, { ask: "startsWith", literal: part });
    }
    default:
      return MAYBE;
  }
}

type Comparison = "eq" | "ne" | "lt" | "lte" | "gt" | "gte";

const OPPOSITE = { eq: "ne", ne: "eq", lt: "gte", lte: "gt", gt: "lte", gte: "lt" } as const;
const MIRRORED = { eq: "eq", ne: "ne", lt: "gt", lte: "gte", gt: "lt", gte: "lte" } as const;

function compared(name: Comparison, left: Expression, right: Expression | undefined, wanted: boolean): Condition {
  if (left.kind === "literal" && right?.kind === "column") return compared(MIRRORED[name], right, left, wanted);
  if (left.kind !== "column" || right?.kind !== "literal") return MAYBE;
  if (right.value === null) return NEVER;
  const ask = wanted ? name : OPPOSITE[name];
  // All that differs from a value is about everything, but it is not null.
  return asking(left.name, ask === "ne" ? { ask: "isNotNull" } : { ask, literal: right });
}

/** `same`: whether the two shall be alike, null being like null. */
function distinct(same: boolean, left: Expression, right: Expression | undefined): Condition {
  if (left.kind === "literal" && right?.kind === "column") return distinct(same, right, left);
  if (left.kind !== "column" || right?.kind !== "literal") return MAYBE;
  if (right.value === null) return asking(left.name, { ask: same ? "isNull" : "isNotNull" });
  return same ? asking(left.name, { ask: "eq", literal: right }) : MAYBE;
}

function listed(isIn: boolean, column: Expression, values: readonly Expression[]): Condition {
  if (column.kind !== "column") return MAYBE;
  if (!isIn) return asking(column.name, { ask: "isNotNull" });
  if (!values.every((value) => value.kind === "literal")) return MAYBE;
  const known = (values as readonly LiteralNode[]).filter(({ value }) => value !== null);
  if (known.length === 0) return NEVER;
  return { kind: "any", parts: known.map((literal) => asking(column.name, { ask: "eq", literal })) };
}

function asking(column: string, question: Question): Condition {
  return { kind: "column", column, question };
}

/** A place that holds no expression asks for one that is not understood. */
function call(name: string, left: Expression, right: Expression | undefined): Expression {
  return { kind: "call", name, arguments: right === undefined ? [] : [left, right] };
}
