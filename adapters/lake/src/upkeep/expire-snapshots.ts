import type { Snapshot, TableMetadata } from "../format/model.ts";
import type { Table } from "../format/table.ts";
import { inParallel } from "../table/in-parallel.ts";
import type { LakeFiles } from "../table/lake-files.ts";
import { numberProperty } from "../table/table-context.ts";
import { assertOwnsFiles } from "./owns-files.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** Which snapshots a table keeps. */
export interface Retention {
  /** Younger ones are kept; 7 days by default. */
  readonly maxAgeMs?: number;
  /** That many of the newest are kept, however old; 50 by default. */
  readonly minSnapshots?: number;
  /** No more than that many are kept, however young; no limit by default. */
  readonly maxSnapshots?: number;
}

export interface Expiry {
  readonly table: Table;
  readonly expired: readonly Snapshot[];
  /** How many files were removed, and how many could not be; those are orphans. */
  readonly removedFiles: number;
  readonly failedFiles: number;
}

/** The snapshots that a table may forget: none that a tag, a branch or the table itself needs. */
export function expirableSnapshots(
  metadata: TableMetadata,
  nowMs: number,
  retention: Retention = {},
): readonly Snapshot[] {
  const { properties } = metadata;
  const maxAgeMs = retention.maxAgeMs ?? numberProperty(properties, "history.expire.max-snapshot-age-ms", 7 * DAY_MS);
  const least = retention.minSnapshots ?? numberProperty(properties, "history.expire.min-snapshots-to-keep", 50);
  const most =
    retention.maxSnapshots ?? numberProperty(properties, "sluice.history.max-snapshots", Number.POSITIVE_INFINITY);
  const held = new Set(Object.values(metadata.refs).map(({ snapshotId }) => snapshotId));
  for (const snapshotId of branchHistory(metadata, least)) held.add(snapshotId);
  const newestFirst = metadata.snapshots.toReversed();
  return newestFirst
    .filter((snapshot, index) => {
      if (held.has(snapshot.snapshotId) || index < Math.max(1, Math.min(least, most))) return false;
      return index >= most || nowMs - snapshot.timestampMs > maxAgeMs;
    })
    .reverse();
}

/** Other branches keep as many snapshots as they ask for, or as the table does. */
function* branchHistory(metadata: TableMetadata, least: number): Iterable<bigint> {
  const byId = new Map(metadata.snapshots.map((snapshot) => [snapshot.snapshotId, snapshot]));
  for (const [name, ref] of Object.entries(metadata.refs)) {
    if (ref.type !== "branch" || name === "main") continue;
    let next = byId.get(ref.snapshotId);
    for (let count = 0; next !== undefined && count < (ref.minSnapshotsToKeep ?? least); count += 1) {
      yield next.snapshotId;
      next = next.parentSnapshotId === undefined ? undefined : byId.get(next.parentSnapshotId);
    }
  }
}

/**
 * Forgets old snapshots in one commit, and then removes the files that no snapshot of the table reaches any more. The
 * order matters: a process that ends between the two leaves orphans, never a snapshot without its files.
 */
export async function expireSnapshots(
  table: Table,
  files: LakeFiles,
  nowMs: number,
  retention: Retention = {},
): Promise<Expiry> {
  assertOwnsFiles(table);
  let expired: readonly Snapshot[] = [];
  let before = table;
  const after = await table.commit(async (current) => {
    expired = expirableSnapshots(current.metadata, nowMs, retention);
    before = current;
    if (expired.length === 0) return undefined;
    await assertReadable(current);
    return { removeSnapshotIds: expired.map(({ snapshotId }) => snapshotId) };
  });
  if (expired.length === 0) return { table: after, expired, removedFiles: 0, failedFiles: 0 };
  const unreachable = await filesOnlyIn(before, expired, after);
  const results = await inParallel(unreachable, (location) =>
    files.remove(location).then(
      (isRemoved) => (isRemoved ? "removed" : "gone"),
      () => "failed",
    ),
  );
  return {
    table: after,
    expired,
    removedFiles: results.filter((result) => result === "removed").length,
    failedFiles: results.filter((result) => result === "failed").length,
  };
}

/** Whoever has a damaged version goes back to an older one: as long as the current one cannot be read, none is forgotten. */
async function assertReadable(table: Table): Promise<void> {
  const current = table.currentSnapshot();
  if (current !== undefined) await inParallel(await table.manifestsOf(current), table.entriesOf);
}

/** The files that expired snapshots reach, and no kept one. */
async function filesOnlyIn(before: Table, expired: readonly Snapshot[], after: Table): Promise<readonly string[]> {
  const kept = await manifestsIn(after, after.metadata.snapshots);
  const old = await manifestsIn(before, expired);
  const gone = [...old.values()].filter(({ path }) => !kept.has(path));
  const lists = expired.map(({ manifestList }) => manifestList);
  const keptLists = new Set(after.metadata.snapshots.map(({ manifestList }) => manifestList));
  if (gone.length === 0) return lists.filter((list) => !keptLists.has(list));
  const live = new Set<string>();
  await inParallel([...kept.values()], async (manifest) => {
    for (const { status, file } of await after.entriesOf(manifest)) if (status !== "deleted") live.add(file.path);
  });
  const files = new Set<string>();
  await inParallel(gone, async (manifest) => {
    for (const { file } of await before.entriesOf(manifest)) if (!live.has(file.path)) files.add(file.path);
  });
  // Manifests last: what fails before them can be found again through them.
  return [...files, ...gone.map(({ path }) => path), ...lists.filter((list) => !keptLists.has(list))];
}

async function manifestsIn(table: Table, snapshots: readonly Snapshot[]) {
  const lists = await inParallel(snapshots, table.manifestsOf);
  return new Map(lists.flat().map((manifest) => [manifest.path, manifest]));
}
