import { createHash } from "node:crypto";
import type { CommitResult, Json, Position, WriteIdentity } from "@sluice/core";
import type { TableMetadata } from "../format/model.ts";

/**
 * The commit row of a load. It stands in the summary of the snapshot that the load made, and, since snapshots expire, the
 * last one of each step and slice as a property of the table too.
 */
export interface CommitRecord extends WriteIdentity {
  readonly result: CommitResult;
  readonly position?: Position;
}

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

/** What was committed last for the step and slice. */
export function findCommit(
  metadata: TableMetadata | undefined,
  identity: Pick<WriteIdentity, "project" | "pipeline" | "step" | "slice">,
):
  | { readonly commitId: string; readonly epoch: number; readonly result: Json; readonly position?: Position }
  | undefined {
  const text = metadata?.properties[keyOf(identity)];
  if (text === undefined) return undefined;
  const { commitId, epoch, result, position } = JSON.parse(text) as CommitRecord;
  return { commitId, epoch, result: result as unknown as Json, ...(position === undefined ? {} : { position }) };
}

/** The record with another position and epoch, beside what was committed, or where nothing was. */
export function movedRecord(metadata: TableMetadata, asked: WriteIdentity, position: Position): CommitRecord {
  const text = metadata.properties[keyOf(asked)];
  const { project, pipeline, step, slice, epoch } = asked;
  const before =
    text === undefined
      ? { project, pipeline, step, slice, commitId: "", result: { repeated: false } }
      : (JSON.parse(text) as CommitRecord);
  return { ...before, epoch, position };
}

function keyOf({
  project,
  pipeline,
  step,
  slice,
}: Pick<WriteIdentity, "project" | "pipeline" | "step" | "slice">): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([project, pipeline, step, slice]))
    .digest("hex");
  return `${PREFIX}${hash.slice(0, 32)}`;
}
