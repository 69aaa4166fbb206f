import type { Expression } from "../ir/expression.ts";
import type { IncrementalNode, Relation } from "../ir/relation.ts";
import type { Column } from "../schema/schema.ts";
import { ROW_HASH, rowHash } from "./slice.ts";

/** What an incremental dataset is landed with. */
export interface LandedSlice {
  readonly node: IncrementalNode;
  readonly dataset: string;
  /** Those that are landed. */
  readonly columns: readonly string[];
  /** Those that tell rows apart. */
  readonly hashed: readonly Column[];
  /** Of the rows that are landed; all where absent. */
  readonly condition: Expression | undefined;
}

/** Files are told apart by what they are, so their rows need no mark. */
export function hasRowHash({ files }: Pick<IncrementalNode, "files">): boolean {
  return files === undefined;
}

/** The query of an extract of what is new: used columns, and a hash that tells rows apart. */
export function extractRelation({ node, dataset, columns, hashed, condition }: LandedSlice): Relation {
  const scan: Relation = { kind: "scan", source: { dataset } };
  const rows: Relation = condition === undefined ? scan : { kind: "filter", input: scan, condition };
  if (!hasRowHash(node)) return { kind: "keep", input: rows, columns };
  const marked: Relation = { kind: "derive", input: rows, columns: [[ROW_HASH, rowHash(hashed)]] };
  return { kind: "keep", input: marked, columns: [...columns, ROW_HASH] };
}
