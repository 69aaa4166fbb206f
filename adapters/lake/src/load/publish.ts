import {
  assertFollows,
  type CommitResult,
  isSluiceError,
  type OpenContext,
  type Position,
  SluiceError,
  type StageRequest,
  type WriteIdentity,
  type WrittenFile,
} from "@sluice/core";
import { nameOf, tableOf } from "../config.ts";
import type { DataFile } from "../format/model.ts";
import type { LiveFile, SnapshotUpdate, Table, Update } from "../format/table.ts";
import type { Condition } from "../pruning/condition.ts";
import { currentSchema } from "../schema/evolve-schema.ts";
import { partitionKey } from "../table/live-files.ts";
import { type CommitRecord, findCommit, movedRecord, propertyOf, summaryOf, uponCurrent } from "./commit-record.ts";
import { mayHold } from "./may-hold.ts";
import { moveBack, moveIn, removeFiles } from "./move-in.ts";
import type { LoadTarget } from "./staging.ts";
import type { TargetPlan } from "./target-plan.ts";

/** What a load changes. */
export interface Change {
  readonly plan: TargetPlan;
  /** In scratch space. */
  readonly added: readonly WrittenFile[];
  /** The live files of the table as it was planned from. */
  readonly live: readonly LiveFile[];
  /** Locations of files that go. */
  readonly removed: readonly string[];
  readonly removesAll: boolean;
  readonly counts: Omit<CommitResult, "repeated">;
  /** What stored rows meet that the load compared itself with; absent where it compared itself with none. */
  readonly condition?: Condition;
  /** Keys of the partitions that the load replaces whole; absent where it replaces none. */
  readonly partitions?: ReadonlySet<string>;
  /** Present where the very commit was made before. */
  readonly repeated?: CommitResult;
}

export interface Publishing {
  readonly target: LoadTarget;
  readonly request: StageRequest;
  readonly context: OpenContext;
  readonly position: Position | undefined;
}

/** Makes the files the table's: one snapshot, with the commit row in its summary and in the table's properties. */
export async function publish(change: Change, publishing: Publishing): Promise<CommitResult> {
  const { target, request, context, position } = publishing;
  const shown = nameOf(target.address);
  if (request.signal.aborted) throw new SluiceError("cancelled", `stopped before ${shown} was published`);
  if (change.repeated !== undefined) return change.repeated;
  assertLatest(change.plan.table, request, shown);
  const result: CommitResult = { repeated: false, ...change.counts };
  const { project, pipeline, step, slice, epoch, commitId } = request;
  const identity = { project, pipeline, step, slice, epoch, commitId };
  const record: CommitRecord = { ...identity, result, ...(position === undefined ? {} : { position }) };
  context.checkpoint("load.committing");
  const table = change.plan.table ?? (await createTable(target, change.plan));
  const files = await moveIn(change.added, table, change.plan);
  let repeated: CommitResult | undefined;
  try {
    await table.commit(
      async (current) => {
        const stored = findCommit(current.metadata, request);
        if (stored?.commitId === request.commitId) {
          repeated = { ...(stored.result as unknown as CommitResult), repeated: true };
          return undefined;
        }
        assertLatest(current, request, shown);
        assertSameShape(current, change, table, shown);
        return updateOf(current, change, files, record);
      },
      { signal: request.signal },
    );
  } catch (error) {
    if (await isWithout(table, request)) await moveBack(files, change.added);
    throw error;
  }
  if (repeated !== undefined) {
    await removeFiles(files);
    return repeated;
  }
  return result;
}

/**
 * Moves where a step goes on: a commit of the table's properties, without a snapshot.
 *
 * @throws SluiceError `missing` where there is no table to keep it
 */
export async function movePosition(
  table: Table | undefined,
  asked: WriteIdentity,
  position: Position,
  { shown, signal }: { readonly shown: string; readonly signal: AbortSignal },
): Promise<void> {
  if (table === undefined) {
    throw new SluiceError("missing", `there is no ${shown} yet, and a position is kept in its table`, {
      offending: shown,
      hint: "run the pipeline once; `initial` says where its first run begins",
    });
  }
  await table.commit(
    async (current) => {
      assertLatest(current, asked, shown);
      return { properties: { set: propertyOf(movedRecord(current.metadata, asked, position)) } };
    },
    { signal },
  );
}

function updateOf({ metadata }: Table, change: Change, files: readonly DataFile[], record: CommitRecord): Update {
  const { plan, removed, removesAll, live } = change;
  const schema = plan.changes.length === 0 ? {} : { schema: plan.changes };
  const removes = removed.length > 0 || (removesAll && live.length > 0);
  // Nothing came and nothing went: that it was so is in the table's properties.
  if (files.length === 0 && !removes) {
    return { ...schema, properties: { set: propertyOf(uponCurrent(metadata, record)) } };
  }
  const snapshot: SnapshotUpdate = {
    operation: !removes ? "append" : files.length === 0 ? "delete" : "overwrite",
    add: files,
    ...(removesAll ? { removeAll: true } : removed.length === 0 ? {} : { remove: removed }),
    ...since(change),
    summary: summaryOf(record),
  };
  return { ...schema, properties: { set: propertyOf(record) }, snapshot };
}

/** Files that others added since, and that may hold rows which the load would have compared itself with or replaced. */
function since({ plan, condition, partitions }: Change): Pick<SnapshotUpdate, "since"> {
  const snapshotId = plan.table?.metadata.currentSnapshotId;
  if (partitions !== undefined) {
    return { since: { snapshotId, matters: (file) => partitions.has(partitionKey(file)) } };
  }
  return condition === undefined ? {} : { since: { snapshotId, matters: mayHold(plan, condition) } };
}

async function createTable({ address, lake }: LoadTarget, { create }: TargetPlan): Promise<Table> {
  const catalog = await lake.opened();
  if (create === undefined) throw new SluiceError("internal", `${nameOf(address)} is not there and was not planned`);
  return catalog.createTable(tableOf(address.table).id, create);
}

function assertLatest(table: Table | undefined, request: WriteIdentity, shown: string): void {
  const stored = findCommit(table?.metadata, request);
  if (stored === undefined || stored.epoch <= request.epoch) {
    assertFollows(request, stored, shown);
    return;
  }
  throw new SluiceError(
    "conflict",
    `${shown} was loaded by a later run (its epoch is ${stored.epoch}, ours ${request.epoch})`,
    { reason: "epoch", hint: "start a new run" },
  );
}

/** Files carry the numbers of the columns and the partitions that were planned: another shape is another plan. */
function assertSameShape({ metadata }: Table, { plan }: Change, planned: Table, shown: string): void {
  const before = planned.metadata;
  const isSame =
    metadata.tableUuid === before.tableUuid &&
    metadata.lastColumnId === before.lastColumnId &&
    metadata.currentSchemaId === before.currentSchemaId &&
    metadata.defaultSpecId === before.defaultSpecId &&
    (plan.table !== undefined || currentSchema(metadata).fields.length === plan.fields.length);
  if (isSame) return;
  throw new SluiceError("conflict", `the columns or partitions of ${shown} changed while it was loaded`, {
    reason: "lake-changed",
    hint: "run it again",
  });
}

/** Whether the table certainly does not hold the commit: where it cannot be asked, its files stay. */
async function isWithout(table: Table, request: StageRequest): Promise<boolean> {
  try {
    const now = await table.refresh();
    return findCommit(now.metadata, request)?.commitId !== request.commitId;
  } catch (error) {
    if (isSluiceError(error)) return false;
    throw error;
  }
}
