import type { CallNode, Expression, LiteralNode } from "./expression.ts";
import { mapOperands } from "./expression.ts";
import type { AggregateNode, PivotNode } from "./relation.ts";

/**
 * The aggregate that a pivot means: each column once for each value, over the rows that have it. Engines without a better way
 * compute it.
 *
 * @example
 * expandPivot(pivot).columns; // [["car_n", count(*) filter (where kind is not distinct from 'CAR')], …]
 */
export function expandPivot(node: PivotNode, isAggregate: (name: string) => boolean): AggregateNode {
  const { input, by } = node;
  const columns = node.values.flatMap(([prefix, value]) =>
    node.columns.map(
      ([name, expression]) => [`${prefix}_${name}`, over(expression, node.on, value, isAggregate)] as const,
    ),
  );
  return { kind: "aggregate", input, by, columns };
}

function over(
  expression: Expression,
  on: string,
  value: LiteralNode,
  isAggregate: (name: string) => boolean,
): Expression {
  if (expression.kind !== "call" || !isAggregate(expression.name)) {
    return mapOperands(expression, (operand) => over(operand, on, value, isAggregate));
  }
  const column: Expression = { kind: "column", name: on };
  const isValue: CallNode =
    value.value === null
      ? { kind: "call", name: "isNull", arguments: [column] }
      : { kind: "call", name: "isNotDistinctFrom", arguments: [column, value] };
  const where: CallNode =
    expression.where === undefined ? isValue : { kind: "call", name: "and", arguments: [isValue, expression.where] };
  return { ...expression, where };
}
