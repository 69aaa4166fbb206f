import { isAggregate } from "../catalogue/catalogue.ts";
import { walkExpression } from "../ir/expression.ts";
import type { PivotNode, UnpivotNode } from "../ir/relation.ts";
import { canonicalJson } from "../json.ts";
import { checkColumnNames } from "./names.ts";
import type { Problems } from "./problems.ts";
import { validateExpression } from "./validate-expression.ts";
import type { RelationPlace } from "./validate-relation.ts";

/** Reports what is wrong with a pivot whatever its columns are. */
export function validatePivot(node: PivotNode, place: RelationPlace, problems: Problems): void {
  const { path, parameters } = place;
  const { by, on, values, columns } = node;
  if (values.length === 0) {
    problems.add(path, "a pivot has no values: its columns have to be known before the data is read", {
      hint: "name the values that become columns",
    });
  }
  if (columns.length === 0) problems.add(path, "a pivot computes no columns");
  if (by.includes(on))
    problems.add(path, `"${on}" is what the pivot is on, and cannot be a key too`, { offending: on });
  checkColumnNames(
    [...by, ...values.flatMap(([value]) => columns.map(([name]) => `${value}_${name}`))],
    path,
    problems,
  );
  const seen = new Set<string>();
  for (const [, value] of values) {
    validateExpression(value, { path, parameters }, place.isAggregate, problems);
    const shown = canonicalJson(value);
    if (seen.has(shown))
      problems.add(path, `the value ${value.value} stands twice`, { offending: String(value.value) });
    seen.add(shown);
  }
  for (const [name, expression] of columns) {
    let hasAggregate = false;
    walkExpression(expression, (part) => {
      hasAggregate ||= part.kind === "call" && isAggregate(part.name);
    });
    if (hasAggregate) continue;
    problems.add(`${path}.${name}`, `"${name}" is the same for every value: it aggregates nothing`, {
      offending: name,
      hint: "compute an aggregate such as count or sum; keys are there without it",
    });
  }
}

/** Reports what is wrong with an unpivot whatever its columns are. */
export function validateUnpivot({ columns, name, value }: UnpivotNode, path: string, problems: Problems): void {
  if (columns.length === 0) problems.add(path, "unpivot names no columns");
  checkColumnNames(columns, path, problems);
  checkColumnNames([name, value], path, problems);
}
