import type { SortKey } from "../ir/relation.ts";
import type { Problems } from "./problems.ts";
import { validateExpression } from "./validate-expression.ts";
import type { RelationPlace } from "./validate-relation.ts";

/** Reports what is wrong with an order. */
export function validateKeys(by: readonly SortKey[], place: RelationPlace, problems: Problems): void {
  const { path, parameters } = place;
  for (const { expression } of by) validateExpression(expression, { path, parameters }, place.isAggregate, problems);
}
