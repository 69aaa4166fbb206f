import { SluiceError } from "../errors.ts";
import type { FillNode, Relation as RelationNode } from "../ir/relation.ts";
import { createColumns, sortKeysFrom } from "./callback.ts";
import { nodeOf } from "./expression.ts";
import { columnNames, optionsOf, refuseRest } from "./options.ts";
import { describe } from "./value.ts";

/** The node of `fill`. */
export function fillNode(input: RelationNode, columns: unknown, options: unknown): FillNode {
  const { value, how, partition, by, limit, ...rest } = optionsOf("fill", options);
  refuseRest("fill", rest, ["value", "how", "partition", "by", "limit"]);
  const filled = columnNames("fill", columns);
  const none: readonly never[] = Object.freeze([]);
  if (value !== undefined) {
    const other = Object.entries({ how, partition, by, limit }).find(([, one]) => one !== undefined);
    if (other !== undefined) {
      throw new SluiceError("config", `fill with a value takes no ${other[0]}: it looks at no other rows`);
    }
    return {
      kind: "fill",
      input,
      columns: filled,
      how: "value",
      value: nodeOf(value, "the value of fill"),
      partition: none,
      by: none,
    };
  }
  if (how !== "forward" && how !== "backward") {
    throw new SluiceError("config", `fill goes "forward" or "backward", not ${describe(how)}`, {
      hint: 'write { value: 0 }, or { how: "forward", by: (c) => c.day }',
    });
  }
  if (limit !== undefined && !(typeof limit === "number" && Number.isSafeInteger(limit) && limit > 0)) {
    throw new SluiceError("config", `limit takes a whole number of rows from 1 on, not ${describe(limit)}`);
  }
  return {
    kind: "fill",
    input,
    columns: filled,
    how,
    partition: partition === undefined ? none : columnNames("partition", partition, (list) => `partition: ${list}`),
    by: sortKeysFrom("by", by, [createColumns()]),
    ...(limit === undefined ? {} : { limit }),
  };
}
