import { SluiceError } from "../errors.ts";
import type { Relation as RelationNode, SampleNode } from "../ir/relation.ts";
import { columnNames, optionsOf, refuseRest, wholeNumber } from "./options.ts";
import { describe } from "./value.ts";

/** The node of `sample`. */
export function sampleNode(input: RelationNode, options: unknown): SampleNode {
  const { count, share, key, seed = 0, ...rest } = optionsOf("sample", options);
  refuseRest("sample", rest, ["count", "share", "key", "seed"]);
  if ((count === undefined) === (share === undefined)) {
    throw new SluiceError("config", "sample takes either a count of rows or a share of them", {
      hint: "write { count: 1000 } or { share: 0.1 }",
    });
  }
  if (share !== undefined && !(typeof share === "number" && share > 0 && share <= 1)) {
    throw new SluiceError("config", `share of sample lies between 0 and 1, and it is ${describe(share)}`, {
      hint: "one row in ten is 0.1",
    });
  }
  if (typeof seed !== "number" || !Number.isSafeInteger(seed)) {
    throw new SluiceError("config", `seed of sample is a whole number, not ${describe(seed)}`);
  }
  return {
    kind: "sample",
    input,
    ...(count === undefined ? {} : { count: wholeNumber("count", count) }),
    ...(share === undefined ? {} : { share: share as number }),
    key: key === undefined ? Object.freeze([]) : columnNames("key", key, (list) => `key: ${list}`),
    ...(seed === 0 ? {} : { seed }),
  };
}
