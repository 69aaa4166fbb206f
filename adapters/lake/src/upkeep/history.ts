import { SluiceError } from "@sluice/core";
import type { DataFile, ManifestEntry, Snapshot, TableMetadata } from "../format/model.ts";
import type { SnapshotDifference, Table } from "../format/table.ts";
import { requireSnapshot } from "../table/apply-update.ts";
import { inParallel } from "../table/in-parallel.ts";

/** A snapshot in the history of a table. */
export interface HistoryEntry {
  readonly snapshot: Snapshot;
  /** When it became the current one: again, after a rollback. */
  readonly currentSinceMs: number | undefined;
  readonly isCurrent: boolean;
  /** Whether the current snapshot follows from it; one that was rolled back does not. */
  readonly isAncestor: boolean;
  /** Tags and branches that name it. */
  readonly refs: readonly string[];
}

/** All snapshots that the table still has, the newest first. */
export function historyOf(metadata: TableMetadata): readonly HistoryEntry[] {
  const ancestors = new Set(ancestorsOf(metadata).map(({ snapshotId }) => snapshotId));
  return metadata.snapshots.toReversed().map((snapshot) => ({
    snapshot,
    currentSinceMs: metadata.snapshotLog.findLast(({ snapshotId }) => snapshotId === snapshot.snapshotId)?.timestampMs,
    isCurrent: snapshot.snapshotId === metadata.currentSnapshotId,
    isAncestor: ancestors.has(snapshot.snapshotId),
    refs: Object.entries(metadata.refs)
      .filter(([, ref]) => ref.snapshotId === snapshot.snapshotId)
      .map(([name]) => name),
  }));
}

/** The current snapshot and those that it follows from, as far as they are kept; the newest first. */
export function ancestorsOf(metadata: TableMetadata): readonly Snapshot[] {
  const byId = new Map(metadata.snapshots.map((snapshot) => [snapshot.snapshotId, snapshot]));
  const found: Snapshot[] = [];
  let next = metadata.currentSnapshotId === undefined ? undefined : byId.get(metadata.currentSnapshotId);
  while (next !== undefined && found.length <= metadata.snapshots.length) {
    found.push(next);
    next = next.parentSnapshotId === undefined ? undefined : byId.get(next.parentSnapshotId);
  }
  return found;
}

/** A snapshot by its id, or by the name of a tag. */
export function snapshotNamed(metadata: TableMetadata, name: string): Snapshot {
  const ref = Object.hasOwn(metadata.refs, name) ? metadata.refs[name] : undefined;
  if (ref !== undefined) return requireSnapshot(metadata, ref.snapshotId);
  if (/^\d{1,19}$/.test(name)) return requireSnapshot(metadata, BigInt(name));
  const tags = Object.keys(metadata.refs).map((tag) => JSON.stringify(tag));
  throw new SluiceError("config", `${JSON.stringify(name)} names no snapshot`, {
    offending: name,
    hint: `give the id of a snapshot, or a name of ${tags.length === 0 ? "a tag; the table has none" : tags.join(", ")}`,
  });
}

/**
 * The snapshot that was current at a time: what a reader would have seen then, rollbacks included.
 *
 * @throws SluiceError `missing` where the table does not know that time any more, or not yet
 */
export function snapshotAsOf(metadata: TableMetadata, timestampMs: number): Snapshot {
  const entry = metadata.snapshotLog.findLast((logged) => logged.timestampMs <= timestampMs);
  if (entry !== undefined) return requireSnapshot(metadata, entry.snapshotId);
  const first = metadata.snapshotLog[0];
  const asked = new Date(timestampMs).toISOString();
  throw new SluiceError("missing", `the table knows no snapshot of ${asked}`, {
    offending: asked,
    hint:
      first === undefined
        ? "nothing was written to it yet"
        : `the oldest that it knows became current at ${new Date(first.timestampMs).toISOString()}`,
  });
}

/** The schema of a snapshot's time: what time travel reads with. */
export function schemaOf(metadata: TableMetadata, snapshot: Snapshot): TableMetadata["schemas"][number] {
  const id = snapshot.schemaId ?? metadata.currentSchemaId;
  const found = metadata.schemas.find(({ schemaId }) => schemaId === id);
  if (found === undefined)
    throw new SluiceError("data", `snapshot ${snapshot.snapshotId} has the schema ${id}, which is lost`);
  return found;
}

/** What differs between the files of two snapshots; undefined is the empty table. */
export async function differenceOf(
  table: Table,
  from: Snapshot | undefined,
  to: Snapshot | undefined,
): Promise<SnapshotDifference> {
  const [before, after] = await Promise.all([liveEntries(table, from), liveEntries(table, to)]);
  const added = [...after].filter(([path]) => !before.has(path)).map(([, { file }]) => file);
  const removed = [...before].filter(([path]) => !after.has(path)).map(([, { file }]) => file);
  const isData = ({ content }: DataFile) => content === "data";
  const rows = (files: readonly DataFile[]) => files.reduce((sum, file) => sum + file.recordCount, 0);
  const addedFiles = added.filter(isData);
  const removedFiles = removed.filter(isData);
  return {
    addedFiles,
    removedFiles,
    addedRows: rows(addedFiles),
    removedRows: rows(removedFiles),
    addedDeletes: added.filter((file) => !isData(file)),
    removedDeletes: removed.filter((file) => !isData(file)),
  };
}

async function liveEntries(table: Table, snapshot: Snapshot | undefined): Promise<ReadonlyMap<string, ManifestEntry>> {
  const manifests = snapshot === undefined ? [] : await table.manifestsOf(snapshot);
  const entries = (await inParallel(manifests, table.entriesOf)).flat();
  return new Map(entries.filter(({ status }) => status !== "deleted").map((entry) => [entry.file.path, entry]));
}
