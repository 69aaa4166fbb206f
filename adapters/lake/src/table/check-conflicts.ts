import { SluiceError } from "@sluice/core";
import type { ManifestEntry, ManifestFile, Snapshot, TableMetadata } from "../format/model.ts";
import type { ConflictCheck } from "../format/table.ts";
import { inParallel } from "./in-parallel.ts";

export interface ConflictSource {
  readonly metadata: TableMetadata;
  readonly manifestsOf: (snapshot: Snapshot) => Promise<readonly ManifestFile[]>;
  readonly entriesOf: (manifest: ManifestFile) => Promise<readonly ManifestEntry[]>;
}

/**
 * Looks at what others committed since a plan was made.
 *
 * @throws SluiceError `conflict`, with the reason `lake-changed`, where they added files that the plan should have seen
 */
export async function assertNoConflict(source: ConflictSource, check: ConflictCheck): Promise<void> {
  const { metadata } = source;
  if (metadata.currentSnapshotId === check.snapshotId) return;
  const since = snapshotsSince(metadata, check.snapshotId);
  const ids = new Set(since.map(({ snapshotId }) => snapshotId));
  for (const snapshot of since) {
    // Files that were only written anew hold the rows that the plan saw; that one is not live any more is seen elsewhere.
    if (snapshot.operation === "replace") continue;
    const manifests = await source.manifestsOf(snapshot);
    const added = manifests.filter(({ addedSnapshotId }) => addedSnapshotId === snapshot.snapshotId);
    const entries = (await inParallel(added, source.entriesOf)).flat();
    for (const { status, snapshotId, file } of entries) {
      if (status !== "added" || !ids.has(snapshotId)) continue;
      if (check.matters?.(file) ?? true) {
        throw changed(metadata, `snapshot ${snapshot.snapshotId} added ${file.path}`);
      }
    }
  }
}

/** The snapshots from the current one back to the one that was planned from, which is left out. */
function snapshotsSince(metadata: TableMetadata, planned: bigint | undefined): readonly Snapshot[] {
  const byId = new Map(metadata.snapshots.map((snapshot) => [snapshot.snapshotId, snapshot]));
  const since: Snapshot[] = [];
  let id = metadata.currentSnapshotId;
  while (id !== undefined && id !== planned) {
    const snapshot = byId.get(id);
    if (snapshot === undefined) throw changed(metadata, "the snapshots in between have expired");
    since.push(snapshot);
    id = snapshot.parentSnapshotId;
  }
  if (id !== planned) throw changed(metadata, "the table was rolled back");
  return since;
}

export function changed(metadata: TableMetadata, what: string): SluiceError {
  return new SluiceError("conflict", `the table at ${metadata.location} changed since the write was planned: ${what}`, {
    reason: "lake-changed",
    hint: "run it again: it is planned anew from what the table holds now",
  });
}
