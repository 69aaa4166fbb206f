import { walkExpression } from "../ir/expression.ts";
import type { FillNode } from "../ir/relation.ts";
import { checkColumnNames } from "./names.ts";
import type { Problems } from "./problems.ts";
import { validateExpression } from "./validate-expression.ts";
import { validateKeys } from "./validate-keys.ts";
import type { RelationPlace } from "./validate-relation.ts";

/** Reports what is wrong with a fill whatever its columns are. */
export function validateFill(node: FillNode, place: RelationPlace, problems: Problems): void {
  const { path } = place;
  const { how, value, partition, by, limit } = node;
  if (node.columns.length === 0) problems.add(path, "fill names no columns");
  checkColumnNames(node.columns, path, problems);
  checkColumnNames(partition, path, problems);
  validateKeys(by, place, problems);
  if (how === "value") {
    const given = limit !== undefined ? "limit" : partition.length > 0 ? "partition" : by.length > 0 ? "by" : undefined;
    if (given !== undefined) problems.add(path, `fill with a value takes no ${given}: it looks at no other rows`);
    if (value === undefined)
      problems.add(path, "fill has no value", { hint: "give value, or how: forward or backward" });
    else validateValue(value, place, problems);
    return;
  }
  if (value !== undefined) problems.add(path, `fill takes a value or goes ${how}, not both`);
  if (by.length === 0) {
    problems.add(path, `fill goes ${how} and has no order, in which rows stand before each other`, { hint: "give by" });
  }
  if (limit !== undefined && !(Number.isSafeInteger(limit) && limit > 0)) {
    problems.add(path, `the limit ${limit} is not a whole number from 1 on`, { offending: String(limit) });
  }
}

function validateValue(value: NonNullable<FillNode["value"]>, place: RelationPlace, problems: Problems): void {
  validateExpression(value, { path: place.path, parameters: place.parameters }, place.isAggregate, problems);
  walkExpression(value, (node) => {
    if (node.kind !== "column") return;
    problems.add(place.path, `the value of fill is a constant, and "${node.name}" is a column`, {
      offending: node.name,
      hint: `to take it from a column use derive: coalesce(…, ${node.name})`,
    });
  });
}
