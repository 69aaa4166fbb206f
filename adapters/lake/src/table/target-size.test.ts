import { expect, it } from "vitest";
import type { Snapshot, TableMetadata } from "../format/model.ts";
import { newMetadata } from "./new-metadata.ts";
import { targetBytesOf } from "./target-size.ts";

const MB = 1_000_000;
const EMPTY = newMetadata({ schema: [{ name: "id", type: { kind: "long" }, required: false }] }, "file:///lake/t", 0);

function tableOf(summary: Readonly<Record<string, string>>, properties = {}): TableMetadata {
  const snapshot: Snapshot = {
    ...{ snapshotId: 7n, sequenceNumber: 1, timestampMs: 0, manifestList: "file:///m" },
    ...{ operation: "append" as const, summary },
  };
  return { ...EMPTY, properties, snapshots: [snapshot], currentSnapshotId: 7n };
}

it.each([
  ["a new table", EMPTY, 16 * MB],
  ["a small one", tableOf({ "total-files-size": "5000000" }), 16 * MB],
  ["one of 50 GB", tableOf({ "total-files-size": `${50_000 * MB}` }), 50 * MB],
  ["one of 5 TB", tableOf({ "total-files-size": `${5_000_000 * MB}` }), 128 * MB],
  ["one of others that does not say its size", tableOf({}), 16 * MB],
  ["one with a size of its own", tableOf({}, { "write.target-file-size-bytes": "536870912" }), 536_870_912],
  ["one with a size that is none", tableOf({}, { "write.target-file-size-bytes": "0" }), 16 * MB],
  ["one with a size that is no number", tableOf({}, { "write.target-file-size-bytes": "big" }), 16 * MB],
])("files of %s", (_, metadata, bytes) => {
  expect(targetBytesOf(metadata)).toBe(bytes);
});
