import { literalOf } from "../checks/check-conditions.ts";
import { type Expression, mapOperands } from "../ir/expression.ts";
import type { BoundValue, QueryRequest } from "../ports/engine.ts";

/**
 * The expression with the values of one run in place of its parameters and run constants: what a source is given, which
 * knows of neither.
 *
 * @example
 * bindLiterals(parse("day = $day"), { parameters: new Map([["day", { type: "date", value: "2024-02-10" }]]), constants });
 * // parse("day = date '2024-02-10'")
 */
export function bindLiterals(
  expression: Expression,
  values: Pick<QueryRequest, "parameters" | "constants">,
): Expression {
  switch (expression.kind) {
    case "parameter": {
      const bound = values.parameters.get(expression.name);
      return bound === undefined ? expression : boundLiteral(bound);
    }
    case "constant":
      return {
        kind: "literal",
        type: expression.name === "now" ? "timestamptz" : "date",
        value: values.constants[expression.name],
      };
    default:
      return mapOperands(expression, (operand) => bindLiterals(operand, values));
  }
}

function boundLiteral({ type, value }: BoundValue): Expression {
  if (value === null) return { kind: "literal", type: "null", value: null };
  return literalOf(value, type.replace(/\?$/, ""));
}
