import type { Expression } from "@sluice/core";

/** The condition of the rows that stay where those go that meet one: it is false or null for them. */
export function isNotTrue(condition: Expression): Expression {
  const yes: Expression = { kind: "literal", type: "bool", value: true };
  return { kind: "call", name: "isDistinctFrom", arguments: [condition, yes] };
}
