import { call, combined } from "../checks/check-conditions.ts";
import type { Expression } from "../ir/expression.ts";
import { canonicalJson } from "../json.ts";

/** Which rows of one place matter for the rows that were asked for at the end. */
export interface Demand {
  /** True for the rows that matter; absent where they cannot be told from the others, so that all of them may. */
  readonly condition?: Expression;
  /** Whether a row that it holds for leads, if to any rows, to such as were asked for. */
  readonly exact: boolean;
  /** Why it is not exact, a sentence each; empty where it is. */
  readonly because: readonly string[];
}

/** Rows that cannot be told apart, and why. */
export function unnarrowed(...because: readonly string[]): Demand {
  return { exact: false, because: [...new Set(because)] };
}

/** What a condition consists of: all of it has to be true. */
export function conjunctsOf(condition: Expression): readonly Expression[] {
  if (condition.kind !== "call" || condition.name !== "and") return [condition];
  return condition.arguments.flatMap(conjunctsOf);
}

/** The demand for rows for which all of these are true; with none left, for rows that cannot be told apart. */
export function demandOf(conjuncts: readonly Expression[], exact: boolean, because: readonly string[]): Demand {
  if (conjuncts.length === 0) return unnarrowed(...because);
  return { condition: combined("and", conjuncts), exact, because: [...new Set(because)] };
}

/** What is asked of rows that two readers read. */
export function eitherDemand(first: Demand | undefined, second: Demand): Demand {
  if (first === undefined) return second;
  const because = [...new Set([...first.because, ...second.because])];
  const { condition } = first;
  if (condition === undefined || second.condition === undefined) return unnarrowed(...because);
  if (canonicalJson(condition) === canonicalJson(second.condition)) {
    return { condition, exact: first.exact && second.exact, because };
  }
  const several = "they are read in several places, each of which leads to other rows";
  return { condition: call("or", condition, second.condition), exact: false, because: [...because, several] };
}
