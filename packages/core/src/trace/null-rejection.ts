import { entryOf } from "../catalogue/catalogue.ts";
import type { Expression } from "../ir/expression.ts";

/**
 * Whether a condition is false or null where all of these columns are null. It may say no where it could say yes.
 *
 * @example
 * isNeverTrueForNulls(parse("make = 'FORD'"), (name) => name === "make"); // true
 * isNeverTrueForNulls(parse("make is null"), (name) => name === "make"); // false
 */
export function isNeverTrueForNulls(condition: Expression, isNull: (column: string) => boolean): boolean {
  if (condition.kind !== "call") return isNullFor(condition, isNull);
  const each = condition.arguments.map((one) => () => isNeverTrueForNulls(one, isNull));
  switch (condition.name) {
    case "and":
      return each.some((ask) => ask());
    case "or":
      return each.every((ask) => ask());
    case "isNotNull":
      return condition.arguments.some((one) => isNullFor(one, isNull));
    default:
      return isNullFor(condition, isNull);
  }
}

function isNullFor(expression: Expression, isNull: (column: string) => boolean): boolean {
  switch (expression.kind) {
    case "column":
      return isNull(expression.name);
    case "cast":
      return isNullFor(expression.value, isNull);
    case "call":
      // A null beside something false or true does not decide what these give.
      if (expression.name === "and" || expression.name === "or") return false;
      return (
        entryOf(expression.name)?.nulls === "propagate" && expression.arguments.some((one) => isNullFor(one, isNull))
      );
    default:
      return false;
  }
}
