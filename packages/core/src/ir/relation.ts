import type { Expression } from "./expression.ts";
import type { NamedExpression, Relation, SortKey } from "./relation-nodes.ts";

export type * from "./relation-nodes.ts";

/** The direct inputs of a relation, in order. */
export function inputsOf(relation: Relation): readonly Relation[] {
  switch (relation.kind) {
    case "scan":
    case "values":
      return [];
    case "join":
    case "intersect":
    case "except":
      return [relation.left, relation.right];
    case "union":
    case "sql":
      return relation.inputs;
    case "filter":
    case "select":
    case "derive":
    case "rename":
    case "keep":
    case "drop":
    case "dropNulls":
    case "distinct":
    case "aggregate":
    case "sort":
    case "limit":
    case "deduplicate":
    case "window":
    case "fill":
    case "sample":
    case "pivot":
    case "unpivot":
    case "unnest":
    case "incremental":
      return [relation.input];
    default:
      return relation satisfies never;
  }
}

/** The relation with each direct input replaced. */
export function mapInputs(relation: Relation, change: (input: Relation) => Relation): Relation {
  switch (relation.kind) {
    case "scan":
    case "values":
      return relation;
    case "join":
    case "intersect":
    case "except":
      return { ...relation, left: change(relation.left), right: change(relation.right) };
    case "union":
    case "sql":
      return { ...relation, inputs: relation.inputs.map(change) };
    case "filter":
    case "select":
    case "derive":
    case "rename":
    case "keep":
    case "drop":
    case "dropNulls":
    case "distinct":
    case "aggregate":
    case "sort":
    case "limit":
    case "deduplicate":
    case "window":
    case "fill":
    case "sample":
    case "pivot":
    case "unpivot":
    case "unnest":
    case "incremental":
      return { ...relation, input: change(relation.input) };
    default:
      return relation satisfies never;
  }
}

/** The relation with every expression in it (not below it) replaced. */
export function mapExpressions(relation: Relation, change: (expression: Expression) => Expression): Relation {
  const pairs = (columns: readonly NamedExpression[]): NamedExpression[] =>
    columns.map(([name, expression]) => [name, change(expression)] as const);
  const keys = (by: readonly SortKey[]): SortKey[] => by.map((key) => ({ ...key, expression: change(key.expression) }));
  switch (relation.kind) {
    case "filter":
      return { ...relation, condition: change(relation.condition) };
    case "select":
    case "derive":
    case "aggregate":
    case "pivot":
      return { ...relation, columns: pairs(relation.columns) };
    case "sort":
    case "deduplicate":
      return { ...relation, by: keys(relation.by) };
    case "window":
      return { ...relation, by: keys(relation.by), columns: pairs(relation.columns) };
    case "fill":
      return {
        ...relation,
        ...(relation.value === undefined ? {} : { value: change(relation.value) }),
        by: keys(relation.by),
      };
    case "join":
      return {
        ...relation,
        ...(relation.on === undefined ? {} : { on: change(relation.on) }),
        ...(relation.select === undefined ? {} : { select: pairs(relation.select) }),
      };
    case "incremental":
      return {
        ...relation,
        ...(relation.initial === undefined ? {} : { initial: change(relation.initial) }),
        ...(relation.end === undefined ? {} : { end: change(relation.end) }),
      };
    case "scan":
    case "values":
    case "rename":
    case "keep":
    case "drop":
    case "dropNulls":
    case "union":
    case "intersect":
    case "except":
    case "distinct":
    case "limit":
    case "sample":
    case "unpivot":
    case "unnest":
    case "sql":
      return relation;
    default:
      return relation satisfies never;
  }
}

/** The expressions in a relation, not those below it. */
export function expressionsOf(relation: Relation): readonly Expression[] {
  const found: Expression[] = [];
  mapExpressions(relation, (expression) => {
    found.push(expression);
    return expression;
  });
  return found;
}

/** Visits a relation and all below it, parents first. */
export function walkRelation(relation: Relation, visit: (node: Relation) => void): void {
  visit(relation);
  for (const input of inputsOf(relation)) walkRelation(input, visit);
}
