import { randomBytes, randomUUID } from "node:crypto";
import { SluiceError } from "@sluice/core";
import { joinLocation } from "../format/location.ts";
import { writeManifestList } from "../format/manifest-list.ts";
import type { NewEntry } from "../format/manifest-write.ts";
import { metadataFolder } from "../format/metadata-file.ts";
import type { DataFile, ManifestEntry, ManifestFile, Snapshot, TableMetadata } from "../format/model.ts";
import { specOf } from "../format/partition-type.ts";
import type { SnapshotUpdate } from "../format/table.ts";
import { assertNoConflict, changed } from "./check-conflicts.ts";
import { inParallel } from "./in-parallel.ts";
import type { LakeFiles } from "./lake-files.ts";
import { mergeParts, newPart, type Part, partsOfFiles, takeOver, writeParts } from "./manifest-parts.ts";
import { summarize } from "./snapshot-summary.ts";

export interface SnapshotSource {
  /** The table as the commit leaves it, but for the snapshot. */
  readonly metadata: TableMetadata;
  readonly files: LakeFiles;
  readonly manifestsOf: (snapshot: Snapshot) => Promise<readonly ManifestFile[]>;
  readonly entriesOf: (manifest: ManifestFile) => Promise<readonly ManifestEntry[]>;
  readonly nowMs: number;
  /** Told of each file before it is written. */
  readonly created: (location: string) => void;
}

/** Writes the manifests and the manifest list of a snapshot that follows the current one. */
export async function buildSnapshot(source: SnapshotSource, update: SnapshotUpdate): Promise<Snapshot> {
  const { metadata, files, created } = source;
  const parent = metadata.snapshots.find(({ snapshotId }) => snapshotId === metadata.currentSnapshotId);
  const added = update.add ?? [];
  for (const file of added) assertWritable(file, metadata);
  if (update.since !== undefined) await assertNoConflict(source, update.since);

  const snapshotId = newSnapshotId(metadata);
  const sequenceNumber = metadata.lastSequenceNumber + 1;
  const before = parent === undefined ? [] : await source.manifestsOf(parent);
  const removal = await removeFiles(source, before, update, snapshotId);
  const parts: readonly Part[] = [...partsOfFiles(added, snapshotId), ...removal.parts];
  const merged = await mergeParts(parts, metadata, source.entriesOf, update.mergeManifests ?? false);
  const manifests = await writeParts(merged, metadata, { snapshotId, sequenceNumber }, files, created);

  const manifestList = joinLocation(metadataFolder(metadata), `snap-${snapshotId}-1-${randomUUID()}.avro`);
  const identity = {
    snapshotId,
    sequenceNumber,
    ...(parent === undefined ? {} : { parentSnapshotId: parent.snapshotId }),
  };
  const bytes = await writeManifestList(identity, manifests);
  created(manifestList);
  await files.create(manifestList, bytes);
  return {
    ...identity,
    timestampMs: Math.max(source.nowMs, metadata.lastUpdatedMs),
    manifestList,
    operation: update.operation,
    summary: { ...summarize({ added, removed: removal.files }, parent), ...update.summary },
    schemaId: metadata.currentSchemaId,
  };
}

/** 53 bits are enough, and survive programs that read ids as doubles. */
function newSnapshotId(metadata: TableMetadata): bigint {
  const id = randomBytes(8).readBigUInt64BE() >> 11n;
  const isTaken = id === 0n || metadata.snapshots.some(({ snapshotId }) => snapshotId === id);
  return isTaken ? newSnapshotId(metadata) : id;
}

function assertWritable(file: DataFile, metadata: TableMetadata): void {
  const spec = specOf(metadata, file.specId);
  const unknown = spec.fields.find(({ transform }) => transform.kind === "unknown");
  if (unknown?.transform.kind === "unknown") {
    throw new SluiceError(
      "unsupported",
      `the table is partitioned by ${unknown.transform.text}, which sluice does not write`,
      {
        offending: unknown.transform.text,
        hint: "write it with the program that made it",
      },
    );
  }
  if (file.partition.length !== spec.fields.length) {
    throw new SluiceError(
      "internal",
      `${file.path} has ${file.partition.length} partition values, not ${spec.fields.length}`,
    );
  }
  if (file.content === "equality-deletes") {
    throw new SluiceError("unsupported", "equality deletes are not written");
  }
}

interface Removal {
  readonly parts: readonly Part[];
  readonly files: readonly DataFile[];
}

async function removeFiles(
  source: SnapshotSource,
  manifests: readonly ManifestFile[],
  update: SnapshotUpdate,
  snapshotId: bigint,
): Promise<Removal> {
  // Manifests that only say what older snapshots deleted say nothing about this one.
  const live = manifests.filter(({ addedFiles, existingFiles }) => addedFiles + existingFiles > 0);
  const paths = new Set(update.remove ?? []);
  const isRemoved = update.removeAll === true ? () => true : (file: DataFile) => isNamed(file, paths);
  if (update.removeAll !== true && paths.size === 0) {
    return { parts: live.map((manifest) => ({ kind: "kept", manifest })), files: [] };
  }
  const removed: DataFile[] = [];
  const parts = await inParallel(live, async (manifest): Promise<Part> => {
    const entries = (await source.entriesOf(manifest)).filter(({ status }) => status !== "deleted");
    if (!entries.some(({ file }) => isRemoved(file))) return { kind: "kept", manifest };
    const rewritten = entries.map((entry): NewEntry => {
      if (!isRemoved(entry.file)) return takeOver(entry);
      removed.push(entry.file);
      return takeOver(entry, { status: "deleted", snapshotId });
    });
    return newPart((entries[0] as ManifestEntry).file, rewritten);
  });
  const found = new Set(removed.map(({ path }) => path));
  const lost = [...paths].find((path) => !found.has(path));
  if (lost !== undefined) throw changed(source.metadata, `${lost} is not part of it any more`);
  return { parts, files: removed };
}

/** Deletes that are about one file go with it. */
function isNamed(file: DataFile, paths: ReadonlySet<string>): boolean {
  if (paths.has(file.path)) return true;
  if (file.content === "data") return false;
  const { referencedDataFile } = file;
  return referencedDataFile !== undefined && paths.has(referencedDataFile);
}
