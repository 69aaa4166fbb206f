import { createHash } from "node:crypto";
import type { CommitResult, Json, Position, WriteIdentity } from "@sluice/core";
import type { Snapshot, TableMetadata } from "../format/model.ts";
import { ancestorsOf } from "../upkeep/history.ts";

/**
 * The commit row of a load. It stands in the summary of the snapshot that the load made, and, since snapshots expire, the
 * last one of each step and slice as a property of the table too.
 */
export interface CommitRecord extends WriteIdentity {
  readonly result: CommitResult;
  readonly position?: Position;
  /** The snapshot that was current when the record was made without one of its own. */
  readonly upon?: string;
}

type Identity = Pick<WriteIdentity, "project" | "pipeline" | "step" | "slice">;

const PREFIX = "sluice.commit.";

/** What a snapshot's summary says of the load that made it. */
export function summaryOf(record: CommitRecord): Readonly<Record<string, string>> {
  const { project, pipeline, step, slice, epoch, commitId, result, position } = record;
  return {
    "sluice.project": project,
    "sluice.pipeline": pipeline,
    "sluice.step": step,
    "sluice.slice": slice,
    "sluice.epoch": String(epoch),
    "sluice.commit-id": commitId,
    "sluice.result": JSON.stringify(result),
    ...(position === undefined ? {} : { "sluice.position": JSON.stringify(position) }),
  };
}

/** The property that holds the last commit of a step and slice, by a hash: names hold anything, and keys may not. */
export function propertyOf(record: CommitRecord): Readonly<Record<string, string>> {
  return { [keyOf(record)]: JSON.stringify(record) };
}

/**
 * What was committed last for the step and slice, in the table as it is: where it was rolled back, by whom ever, that is
 * what the snapshots say that are left. The epoch stays, so that a run that was overtaken stays so.
 */
export function findCommit(
  metadata: TableMetadata | undefined,
  identity: Identity,
):
  | { readonly commitId: string; readonly epoch: number; readonly result: Json; readonly position?: Position }
  | undefined {
  const kept = metadata?.properties[keyOf(identity)];
  if (metadata === undefined || kept === undefined) return undefined;
  const last = JSON.parse(kept) as CommitRecord;
  const { commitId, result, position } = isRolledBack(metadata, last) ? recordBefore(metadata, last) : last;
  return {
    ...{ commitId, epoch: last.epoch, result: result as unknown as Json },
    ...(position === undefined ? {} : { position }),
  };
}

/** The record with another position and epoch, beside what was committed, or where nothing was. */
export function movedRecord(metadata: TableMetadata, asked: WriteIdentity, position: Position): CommitRecord {
  const { project, pipeline, step, slice, epoch } = asked;
  const { commitId, result } = findCommit(metadata, asked) ?? NOTHING;
  const record = { project, pipeline, step, slice, epoch, commitId, position };
  return uponCurrent(metadata, { ...record, result: result as unknown as CommitResult });
}

/** The record of a commit that makes no snapshot. */
export function uponCurrent({ currentSnapshotId }: TableMetadata, record: CommitRecord): CommitRecord {
  return { ...record, upon: String(currentSnapshotId ?? "") };
}

const NOTHING = { commitId: "", result: { repeated: false } };

/** Whether what a record was made with is still kept, and is none of what the current snapshot follows from. */
function isRolledBack(metadata: TableMetadata, record: CommitRecord): boolean {
  const { upon } = record;
  const made = metadata.snapshots.findLast((one) =>
    upon === undefined ? isOf(one, record) && one.summary["sluice.commit-id"] === record.commitId : isNamed(one, upon),
  );
  if (made === undefined || made.snapshotId === metadata.currentSnapshotId) return false;
  const left = new Set(ancestorsOf(metadata).map(({ snapshotId }) => snapshotId));
  if (left.has(made.snapshotId)) return false;
  // Ancestors that expired in between leave a gap; what they both follow from shows that the way parted.
  const before = ancestorsOf({ ...metadata, currentSnapshotId: made.snapshotId });
  return left.size === 0 || before.some(({ snapshotId }) => left.has(snapshotId));
}

/** What the snapshots that are left say of the step and slice. Where they cannot tell, what was known stays. */
function recordBefore(
  metadata: TableMetadata,
  last: CommitRecord,
): Pick<CommitRecord, "commitId" | "result" | "position"> {
  const left = ancestorsOf(metadata);
  const found = left.find((snapshot) => isOf(snapshot, last));
  if (found === undefined) return left.at(-1)?.parentSnapshotId === undefined ? NOTHING : last;
  const position = found.summary["sluice.position"];
  return {
    commitId: found.summary["sluice.commit-id"] ?? "",
    result: JSON.parse(found.summary["sluice.result"] ?? "{}") as CommitResult,
    ...(position === undefined ? {} : { position: JSON.parse(position) as Position }),
  };
}

function isOf({ summary }: Snapshot, { project, pipeline, step, slice }: Identity): boolean {
  return (
    summary["sluice.project"] === project &&
    summary["sluice.pipeline"] === pipeline &&
    summary["sluice.step"] === step &&
    summary["sluice.slice"] === slice
  );
}

const isNamed = ({ snapshotId }: Snapshot, id: string): boolean => String(snapshotId) === id;

function keyOf({ project, pipeline, step, slice }: Identity): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([project, pipeline, step, slice]))
    .digest("hex");
  return `${PREFIX}${hash.slice(0, 32)}`;
}
