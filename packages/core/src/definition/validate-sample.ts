import type { SampleNode } from "../ir/relation.ts";
import { checkColumnNames } from "./names.ts";
import type { Problems } from "./problems.ts";

/** Reports what is wrong with a sample whatever its columns are. */
export function validateSample({ count, share, key, seed = 0 }: SampleNode, path: string, problems: Problems): void {
  checkColumnNames(key, path, problems);
  if ((count === undefined) === (share === undefined)) {
    problems.add(path, "a sample has either a count of rows or a share of them");
  }
  if (count !== undefined && !(Number.isSafeInteger(count) && count >= 0)) {
    problems.add(path, `the count ${count} is not a whole number from 0 on`, { offending: String(count) });
  }
  if (share !== undefined && !(share > 0 && share <= 1)) {
    problems.add(path, `the share ${share} does not lie between 0 and 1`, {
      offending: String(share),
      hint: "one row in ten is 0.1",
    });
  }
  if (!Number.isSafeInteger(seed)) {
    problems.add(path, `the seed ${seed} is not a whole number`, { offending: String(seed) });
  }
}
