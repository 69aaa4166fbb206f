import { type ColumnNode, type Expression, mapOperands, operandsOf } from "../ir/expression.ts";

/** Conditions that grow beyond it are given up: expressions put into each other can double with every step. */
const LARGEST = 2000;

/**
 * The expression with its columns replaced by what they are computed from; undefined where one is not known, or where it
 * would grow too large. Casts become safe ones: the condition is asked of rows too that a filter would have kept away.
 */
export function substitute(
  expression: Expression,
  replacementOf: (column: ColumnNode) => Expression | undefined,
): Expression | undefined {
  const sizes = new Map<Expression, number>();
  let total = 0;
  const measure = (node: Expression): boolean => {
    total += 1;
    if (node.kind === "column") {
      const replacement = replacementOf(node);
      if (replacement === undefined) return false;
      total += sizeOf(replacement, sizes);
    }
    return total <= LARGEST && operandsOf(node).every(measure);
  };
  if (!measure(expression)) return undefined;
  const replace = (node: Expression): Expression =>
    node.kind === "column" ? safely(replacementOf(node) ?? node) : mapOperands(node, replace);
  return replace(expression);
}

function safely(expression: Expression): Expression {
  const below = mapOperands(expression, safely);
  return below.kind === "cast" ? { ...below, safe: true } : below;
}

function sizeOf(expression: Expression, known: Map<Expression, number>): number {
  const before = known.get(expression);
  if (before !== undefined) return before;
  const size = operandsOf(expression).reduce((sum, operand) => sum + sizeOf(operand, known), 1);
  known.set(expression, size);
  return size;
}
