import { didYouMean } from "../infer/closest.ts";
import type { AggregateNode } from "../ir/relation.ts";
import { checkRepeated } from "./names.ts";
import type { Problems } from "./problems.ts";

/** Each is a grouping of all rows; a cube of eight keys has so many. */
const MOST_SETS = 256;

/** Reports what is wrong with the grouping sets of an aggregate. */
export function validateSets(node: AggregateNode, path: string, problems: Problems): void {
  const { by, sets, grouping = [] } = node;
  checkRepeated(
    grouping.map(([key]) => key),
    "the key",
    path,
    problems,
  );
  for (const [key] of grouping) checkKey(key, by, path, problems);
  if (sets === undefined) {
    if (grouping.length === 0) return;
    problems.add(path, "an aggregate has grouping and no sets: there are no subtotals to be marked", {
      hint: "give sets: rollup, cube or a list of lists of keys",
    });
    return;
  }
  if (sets.length === 0) problems.add(path, "an aggregate has sets and none in them");
  if (by.length === 0)
    problems.add(path, "an aggregate has sets and no keys", { hint: "give by: all keys of the sets" });
  if (sets.length > MOST_SETS) {
    problems.add(path, `an aggregate has ${sets.length} grouping sets; at most ${MOST_SETS} can be`, {
      hint: "name the sets that you need",
    });
  }
  const seen = new Set<string>();
  for (const set of sets) {
    for (const key of set) checkKey(key, by, path, problems);
    checkRepeated(set, "the key", path, problems);
    const shown = JSON.stringify(set.toSorted());
    if (seen.has(shown)) problems.add(path, `the set ${JSON.stringify(set)} stands twice: its rows would be doubled`);
    seen.add(shown);
  }
  for (const key of by) {
    if (sets.some((set) => set.includes(key))) continue;
    problems.add(path, `the key "${key}" is in none of the sets, so it would be null in every row`, { offending: key });
  }
}

function checkKey(key: string, by: readonly string[], path: string, problems: Problems): void {
  if (by.includes(key)) return;
  problems.add(path, `"${key}" is no key of the aggregate`, { offending: key, hint: didYouMean(key, by, "keys") });
}
