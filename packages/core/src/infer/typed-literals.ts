import { resolveCall } from "../catalogue/resolve.ts";
import { isSluiceError } from "../errors.ts";
import { type CallNode, type Expression, type LiteralNode, type LiteralType, mapOperands } from "../ir/expression.ts";
import { type Family, familyOf, parseType, type TypeText } from "../schema/types.ts";
import { argumentOf, type Scope } from "./type-of.ts";

/** What a text is where it meets one of these. */
const WRITTEN: Readonly<Partial<Record<Family, LiteralType>>> = {
  decimal: "number",
  date: "date",
  time: "time",
  timestamp: "timestamp",
  timestamptz: "timestamptz",
  uuid: "uuid",
};

/**
 * The expression with each text that stands for a day, a time or the like as that: for those who look at literals without
 * the columns beside them, such as a source that leaves rows out.
 *
 * @example
 * typedLiterals(parse("day >= '2024-01-31'"), { columns: [{ name: "day", type: "date", nullable: false }] });
 * // parse("day >= date '2024-01-31'")
 */
export function typedLiterals(expression: Expression, scope: Scope): Expression {
  const typed = mapOperands(expression, (operand) => typedLiterals(operand, scope));
  if (typed.kind !== "call" || !typed.arguments.some(isText)) return typed;
  const types = typesOf(typed, scope);
  return { ...typed, arguments: typed.arguments.map((operand, index) => withType(operand, types[index])) };
}

function typesOf(node: CallNode, scope: Scope): readonly TypeText[] {
  try {
    return resolveCall(
      node.name,
      node.arguments.map((argument) => argumentOf(argument, scope)),
    ).arguments;
  } catch (error) {
    // Whoever computes with it says what is wrong with it.
    if (isSluiceError(error)) return [];
    throw error;
  }
}

function isText(expression: Expression): expression is LiteralNode {
  return expression.kind === "literal" && expression.type === "string";
}

function withType(operand: Expression, type: TypeText | undefined): Expression {
  if (!isText(operand) || type === undefined) return operand;
  return { ...operand, type: WRITTEN[familyOf(parseType(type))] ?? operand.type };
}
