import type { PrimitiveType } from "../format/model.ts";
import { compareValues } from "../values/compare-values.ts";
import { nextText } from "../values/cut-bounds.ts";
import { applyTransform } from "../values/transform.ts";
import type { Condition, Question } from "./condition.ts";
import type { KnownValues } from "./known-values.ts";
import { type Compared, comparedAs, hashable, order } from "./literal-value.ts";

/** What is known of a column; undefined where nothing is. */
export type KnownColumn = (column: string) => { readonly type: PrimitiveType; readonly known: KnownValues } | undefined;

/**
 * Whether a file may hold a row that meets the condition. False only where it certainly holds none.
 *
 * @example
 * mayMatch(conditionOf(greaterThan("id", "5")), () => ({ type: { kind: "int" }, known: { upper: 5, … } })); // false
 */
export function mayMatch(condition: Condition, column: KnownColumn): boolean {
  switch (condition.kind) {
    case "maybe":
      return true;
    case "never":
      return false;
    case "all":
      return condition.parts.every((part) => mayMatch(part, column));
    case "any":
      return condition.parts.some((part) => mayMatch(part, column));
    case "column": {
      const found = column(condition.column);
      return found === undefined || mayHold(condition.question, found.known, found.type);
    }
    default:
      return condition satisfies never;
  }
}

function mayHold(question: Question, known: KnownValues, type: PrimitiveType): boolean {
  if (!("literal" in question)) return known.nulls !== (question.ask === "isNull" ? "none" : "all");
  if (known.nulls === "all") return false;
  const compared = comparedAs(question.literal, type);
  if (compared === undefined) return true;
  const { lower, upper, mayHoldNan } = known;
  const least = lower === undefined ? undefined : order(lower, compared, type);
  const most = upper === undefined ? undefined : order(upper, compared, type);
  switch (question.ask) {
    case "lt":
      return least === undefined || least < 0;
    case "lte":
      return least === undefined || least <= 0;
    // In the engine's order NaN is above all numbers.
    case "gt":
      return mayHoldNan || most === undefined || most > 0;
    case "gte":
      return mayHoldNan || most === undefined || most >= 0;
    case "eq":
      return (
        (least === undefined || least <= 0) && (most === undefined || most >= 0) && inBuckets(compared, known, type)
      );
    case "startsWith":
      return (most === undefined || most >= 0) && startsBelow(lower, question.literal.value);
    default:
      return question satisfies never;
  }
}

/** Whether a value that is not below the lower bound may begin with the text. */
function startsBelow(lower: KnownValues["lower"], part: string | boolean | null): boolean {
  const end = typeof part === "string" ? nextText(part) : undefined;
  if (end === undefined || typeof lower !== "string") return true;
  return compareValues(lower, end) < 0;
}

function inBuckets(compared: Compared, { buckets }: KnownValues, type: PrimitiveType): boolean {
  if (buckets.length === 0) return true;
  const value = hashable(compared, type);
  if (value === undefined) return true;
  return buckets.every(({ buckets: count, from, to }) => {
    const bucket = Number(applyTransform({ kind: "bucket", buckets: count }, value, type));
    return bucket >= from && bucket <= to;
  });
}
