import { randomUUID } from "node:crypto";
import { joinLocation } from "../format/location.ts";
import { type NewEntry, writeManifest } from "../format/manifest-write.ts";
import { metadataFolder } from "../format/metadata-file.ts";
import type { DataFile, ManifestContent, ManifestEntry, ManifestFile, TableMetadata } from "../format/model.ts";
import { partitionTypes, specOf } from "../format/partition-type.ts";
import { currentSchema } from "../schema/evolve-schema.ts";
import { inParallel } from "./in-parallel.ts";
import type { LakeFiles } from "./lake-files.ts";
import { numberProperty } from "./table-context.ts";

/** A manifest of a snapshot that is being made: one that stays, or entries that are still to be written. */
export type Part =
  | { readonly kind: "kept"; readonly manifest: ManifestFile }
  | {
      readonly kind: "new";
      readonly content: ManifestContent;
      readonly specId: number;
      readonly entries: readonly NewEntry[];
      /** How large it may become. */
      readonly sizeBytes: number;
    };

const ENTRY_BYTES = 200;
const TARGET_BYTES = 8 * 1024 * 1024;
const MERGE_COUNT = 100;
/** Larger manifests are not read in parallel, nor skipped in part. */
const MANIFEST_FILES = 20_000;

/** Entries of files that a snapshot adds: a part for each content and spec. */
export function partsOfFiles(files: readonly DataFile[], snapshotId: bigint): readonly Part[] {
  const groups = groupBy(files, (file) => `${contentOf(file)} ${file.specId}`);
  return [...groups.values()].flatMap((group) => {
    const parts: Part[] = [];
    for (let start = 0; start < group.length; start += MANIFEST_FILES) {
      const files = group.slice(start, start + MANIFEST_FILES);
      parts.push(
        newPart(
          files[0] as DataFile,
          files.map((file) => ({ status: "added", snapshotId, file })),
        ),
      );
    }
    return parts;
  });
}

function groupBy<T>(values: readonly T[], keyOf: (value: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}

export function contentOf(file: DataFile): ManifestContent {
  return file.content === "data" ? "data" : "deletes";
}

export function newPart(file: DataFile, entries: readonly NewEntry[]): Part {
  return {
    kind: "new",
    content: contentOf(file),
    specId: file.specId,
    entries,
    sizeBytes: entries.length * ENTRY_BYTES,
  };
}

/** An entry as another manifest takes it over: with its numbers written out. */
export function takeOver(entry: ManifestEntry, change: Partial<NewEntry> = {}): NewEntry {
  return {
    status: "existing",
    snapshotId: entry.snapshotId,
    sequenceNumber: entry.sequenceNumber,
    fileSequenceNumber: entry.fileSequenceNumber,
    file: entry.file,
    ...change,
  };
}

/**
 * Merges small manifests of one content and spec once there are many, so that planning does not slow down with every
 * commit. What was deleted by older snapshots is left behind.
 */
export async function mergeParts(
  parts: readonly Part[],
  metadata: TableMetadata,
  entriesOf: (manifest: ManifestFile) => Promise<readonly ManifestEntry[]>,
  always: boolean,
): Promise<readonly Part[]> {
  const { properties } = metadata;
  if (!always && properties["commit.manifest-merge.enabled"] === "false") return parts;
  const target = numberProperty(properties, "commit.manifest.target-size-bytes", TARGET_BYTES);
  const least = always ? 2 : Math.max(2, numberProperty(properties, "commit.manifest.min-count-to-merge", MERGE_COUNT));
  const groups = groupBy(parts, (part) => `${contentOfPart(part)} ${specIdOf(part)}`);
  const merged: Part[] = [];
  for (const group of groups.values()) {
    const specId = specIdOf(group[0] as Part);
    const isWritable = partitionTypes(metadata, specOf(metadata, specId)).every((type) => type !== undefined);
    const small = group.filter((part) => sizeOf(part) < target && !isEncrypted(part));
    if (!isWritable || small.length < least) {
      merged.push(...group);
      continue;
    }
    for (const bin of binsOf(small, target))
      merged.push(bin.length === 1 ? (bin[0] as Part) : await joinParts(bin, entriesOf));
    merged.push(...group.filter((part) => !small.includes(part)));
  }
  return merged;
}

function binsOf(parts: readonly Part[], target: number): readonly (readonly Part[])[] {
  const bins: Part[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const part of parts) {
    if (size + sizeOf(part) > target) {
      bins.push([]);
      size = 0;
    }
    bins.at(-1)?.push(part);
    size += sizeOf(part);
  }
  return bins;
}

async function joinParts(
  bin: readonly Part[],
  entriesOf: (manifest: ManifestFile) => Promise<readonly ManifestEntry[]>,
): Promise<Part> {
  const first = bin[0] as Part;
  const lists = await inParallel(bin, async (part): Promise<readonly NewEntry[]> => {
    if (part.kind === "new") return part.entries;
    const entries = await entriesOf(part.manifest);
    return entries.filter(({ status }) => status !== "deleted").map((entry) => takeOver(entry));
  });
  return {
    kind: "new",
    content: contentOfPart(first),
    specId: specIdOf(first),
    entries: lists.flat(),
    sizeBytes: bin.reduce((sum, part) => sum + sizeOf(part), 0),
  };
}

function contentOfPart(part: Part): ManifestContent {
  return part.kind === "kept" ? part.manifest.content : part.content;
}

function specIdOf(part: Part): number {
  return part.kind === "kept" ? part.manifest.specId : part.specId;
}

function sizeOf(part: Part): number {
  return part.kind === "kept" ? part.manifest.sizeBytes : part.sizeBytes;
}

function isEncrypted(part: Part): boolean {
  return part.kind === "kept" && part.manifest.keyMetadata !== undefined;
}

/** Writes the parts that are new; `created` is told of each file before it is written. */
export function writeParts(
  parts: readonly Part[],
  metadata: TableMetadata,
  snapshot: { readonly snapshotId: bigint; readonly sequenceNumber: number },
  files: LakeFiles,
  created: (location: string) => void,
): Promise<readonly ManifestFile[]> {
  return inParallel(parts, async (part) => {
    if (part.kind === "kept") return part.manifest;
    const spec = specOf(metadata, part.specId);
    const location = joinLocation(metadataFolder(metadata), `${randomUUID()}-m.avro`);
    const { bytes, manifest } = await writeManifest({
      location,
      content: part.content,
      spec,
      types: partitionTypes(metadata, spec),
      schema: currentSchema(metadata),
      snapshotId: snapshot.snapshotId,
      sequenceNumber: snapshot.sequenceNumber,
      entries: part.entries,
    });
    created(location);
    await files.create(location, bytes);
    return manifest;
  });
}
