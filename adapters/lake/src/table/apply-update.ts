import { SluiceError } from "@sluice/core";
import { isJsonObject } from "../format/lossless-json.ts";
import type { JsonValue, Snapshot, SnapshotReference, TableMetadata } from "../format/model.ts";
import type { Update } from "../format/table.ts";
import { evolveSchema } from "../schema/evolve-schema.ts";
import { extendMapping } from "../schema/extend-mapping.ts";

/** What an update changes beside its snapshot. */
export function applyUpdate(metadata: TableMetadata, update: Update): TableMetadata {
  let next = metadata;
  if (update.schema !== undefined) next = extendMapping(next, evolveSchema(next, update.schema));
  if (update.properties !== undefined) {
    const kept = Object.entries(next.properties).filter(([name]) => !(update.properties?.remove ?? []).includes(name));
    next = { ...next, properties: { ...Object.fromEntries(kept), ...update.properties.set } };
  }
  if (update.refs !== undefined) next = { ...next, refs: changeRefs(next, update.refs) };
  return next;
}

function changeRefs(metadata: TableMetadata, changes: NonNullable<Update["refs"]>): TableMetadata["refs"] {
  const refs = new Map(Object.entries(metadata.refs));
  for (const [name, ref] of Object.entries(changes)) {
    if (name === "main" || ref?.type === "branch" || (ref === null && refs.get(name)?.type === "branch")) {
      throw new SluiceError("unsupported", `branches are not written: ${JSON.stringify(name)}`, {
        offending: name,
        hint: "tags are; the main branch follows the table's commits",
      });
    }
    if (ref === null) refs.delete(name);
    else {
      requireSnapshot(metadata, ref.snapshotId);
      refs.set(name, ref);
    }
  }
  return Object.fromEntries(refs);
}

/** The table with a new snapshot as its current one. */
export function addSnapshot(metadata: TableMetadata, snapshot: Snapshot): TableMetadata {
  return makeCurrent(
    {
      ...metadata,
      lastSequenceNumber: snapshot.sequenceNumber,
      lastUpdatedMs: snapshot.timestampMs,
      snapshots: [...metadata.snapshots, snapshot],
    },
    snapshot.snapshotId,
    snapshot.timestampMs,
  );
}

/** The table with another of its snapshots as the current one; the log of the table says when. */
export function makeCurrent(metadata: TableMetadata, snapshotId: bigint, nowMs: number): TableMetadata {
  requireSnapshot(metadata, snapshotId);
  const timestampMs = Math.max(nowMs, metadata.lastUpdatedMs);
  const main: SnapshotReference = { ...metadata.refs.main, type: "branch", snapshotId };
  return {
    ...metadata,
    lastUpdatedMs: timestampMs,
    currentSnapshotId: snapshotId,
    refs: { ...metadata.refs, main },
    snapshotLog: [...metadata.snapshotLog, { timestampMs, snapshotId }],
  };
}

/** The table without some of its snapshots, and without what is said about them. */
export function removeSnapshots(metadata: TableMetadata, ids: readonly bigint[]): TableMetadata {
  const removed = new Set(ids);
  const held = Object.entries(metadata.refs).find(([, ref]) => removed.has(ref.snapshotId));
  if (held !== undefined) {
    throw new SluiceError(
      "config",
      `snapshot ${held[1].snapshotId} is kept by the ${held[1].type} ${JSON.stringify(held[0])}`,
      {
        hint: held[0] === "main" ? "the current snapshot stays" : "remove the tag first",
      },
    );
  }
  // A log with holes would tell readers that the table was then what it was not: it begins after the last hole.
  const hole = metadata.snapshotLog.findLastIndex(({ snapshotId }) => removed.has(snapshotId));
  const about = (value: JsonValue) => {
    const id = isJsonObject(value) ? value["snapshot-id"] : undefined;
    return (typeof id === "number" || typeof id === "bigint") && removed.has(BigInt(id));
  };
  const rest = Object.entries(metadata.rest).map(([key, value]) => {
    const isStatistics = key === "statistics" || key === "partition-statistics";
    return [
      key,
      isStatistics && Array.isArray(value) ? value.filter((item: JsonValue) => !about(item)) : value,
    ] as const;
  });
  return {
    ...metadata,
    snapshots: metadata.snapshots.filter(({ snapshotId }) => !removed.has(snapshotId)),
    snapshotLog: metadata.snapshotLog.slice(hole + 1),
    rest: Object.fromEntries(rest),
  };
}

export function requireSnapshot(metadata: TableMetadata, snapshotId: bigint): Snapshot {
  const found = metadata.snapshots.find((snapshot) => snapshot.snapshotId === snapshotId);
  if (found !== undefined) return found;
  const newest = metadata.snapshots.slice(-5).map((snapshot) => String(snapshot.snapshotId));
  throw new SluiceError("missing", `the table has no snapshot ${snapshotId}`, {
    offending: String(snapshotId),
    hint:
      newest.length === 0
        ? "nothing was written to it yet"
        : `it may have expired; the newest are ${newest.join(", ")}`,
  });
}
