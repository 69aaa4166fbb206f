import { SluiceError } from "@sluice/core";
import type { Version } from "../config.ts";
import type { Snapshot, TableMetadata } from "../format/model.ts";

/**
 * The snapshot with a number, or the one that was current at a time.
 *
 * @throws SluiceError `missing` where it is not there, or not any more
 */
export function snapshotAt(metadata: TableMetadata, version: Version, shown: string): Snapshot {
  const { snapshots, snapshotLog } = metadata;
  const wanted =
    "snapshot" in version
      ? version.snapshot
      : snapshotLog.filter(({ timestampMs }) => timestampMs <= version.at).at(-1)?.snapshotId;
  const found = snapshots.find(({ snapshotId }) => snapshotId === wanted);
  if (found !== undefined) return found;
  const what =
    "snapshot" in version
      ? `no snapshot ${version.snapshot}`
      : `no snapshot from ${new Date(version.at).toISOString()} or before`;
  const [first] = snapshots;
  throw new SluiceError("missing", `${shown} has ${what}`, {
    offending: "snapshot" in version ? String(version.snapshot) : new Date(version.at).toISOString(),
    hint:
      first === undefined
        ? "nothing was written to it yet"
        : `the oldest that it keeps is ${first.snapshotId}, from ${new Date(first.timestampMs).toISOString()}`,
  });
}
