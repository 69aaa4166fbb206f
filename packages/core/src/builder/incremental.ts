import { SluiceError } from "../errors.ts";
import { canonicalLag } from "../incremental/duration.ts";
import type { Expression } from "../ir/expression.ts";
import type { IncrementalNode, Relation as RelationNode } from "../ir/relation.ts";
import { ExpressionValue } from "./expression.ts";
import { columnNames, name, optionsOf, refuseRest } from "./options.ts";
import { describe } from "./value.ts";

const OPTIONS = ["cursor", "initial", "end", "lag", "nulls", "files", "key", "deleted"] as const;

/** The node of `incremental`. */
export function incrementalNode(input: RelationNode, options: unknown): IncrementalNode {
  const { cursor, initial, end, lag, nulls = "fail", files, key, deleted, ...rest } = optionsOf("incremental", options);
  refuseRest("incremental", rest, OPTIONS);
  return {
    kind: "incremental",
    input,
    ...(cursor === undefined ? {} : { cursor: name("cursor", cursor) }),
    ...(initial === undefined ? {} : { initial: bound("initial", initial) }),
    ...(end === undefined ? {} : { end: bound("end", end) }),
    ...(lag === undefined ? {} : { lag: lagOf(lag) }),
    ...(nulls === "fail" ? {} : { nulls: oneOf("nulls", nulls, ["include", "exclude"]) }),
    ...(files === undefined ? {} : { files: oneOf("files", files, ["new", "changed"]) }),
    ...(key === undefined ? {} : { key: columnNames("key", key, (list) => `key: ${list}`) }),
    ...(deleted === undefined ? {} : { deleted: name("deleted", deleted) }),
  };
}

function oneOf<W extends string>(option: string, value: unknown, words: readonly W[]): W {
  const found = words.find((word) => word === value);
  if (found !== undefined) return found;
  const all = option === "nulls" ? ["fail", ...words] : words;
  throw new SluiceError("config", `${option} of incremental is one of ${all.join(", ")}, not ${describe(value)}`);
}

function lagOf(lag: unknown): string {
  const found = canonicalLag(lag);
  if (found !== undefined) return found;
  throw new SluiceError("config", `lag of incremental takes a duration or a number, not ${describe(lag)}`, {
    hint: 'write "2 days", "36 hours" or, for a cursor that is a number, 100',
  });
}

/** A bound has the type of the cursor, so its text is all that is known of it here. */
function bound(member: string, value: unknown): Expression {
  if (value instanceof ExpressionValue && value.node.kind === "parameter") return value.node;
  const isPlain =
    typeof value === "string" || typeof value === "bigint" || (typeof value === "number" && Number.isFinite(value));
  if (isPlain) return Object.freeze({ kind: "literal", type: "string", value: String(value) });
  throw new SluiceError("config", `${member} of incremental is text, a number or a parameter, not ${describe(value)}`, {
    hint: 'write a day as "2024-01-31", an instant as "2024-01-31T23:59:58Z"',
  });
}
