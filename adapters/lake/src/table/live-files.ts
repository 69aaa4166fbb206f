import { SluiceError } from "@sluice/core";
import type { DataFile, ManifestEntry, ManifestFile, PartitionValue, TableMetadata } from "../format/model.ts";
import { specOf } from "../format/partition-type.ts";
import type { FilesOptions, LiveFile, LiveFiles } from "../format/table.ts";
import { inParallel } from "./in-parallel.ts";

/** Where manifests and their entries come from. */
export interface ManifestSource {
  readonly metadata: TableMetadata;
  readonly manifests: readonly ManifestFile[];
  readonly entriesOf: (manifest: ManifestFile) => Promise<readonly ManifestEntry[]>;
}

/**
 * The live files of a snapshot that may matter, each with the deletes that apply to it. Manifests are left out by their
 * summaries before they are read. What this version cannot apply, such as deletes by equality, is refused by name: a
 * reader that passed over it would give rows that are deleted.
 */
export async function planFiles(source: ManifestSource, options: FilesOptions = {}): Promise<LiveFiles> {
  const { metadata, manifests, entriesOf } = source;
  const live = manifests.filter((manifest) => manifest.addedFiles + manifest.existingFiles > 0);
  const kept = live.filter((manifest) => options.keepManifest?.(manifest, specOf(metadata, manifest.specId)) ?? true);
  const keptManifests = new Set(kept);
  let skippedFiles = 0;
  for (const manifest of live) {
    if (manifest.content === "data" && !keptManifests.has(manifest)) {
      skippedFiles += manifest.addedFiles + manifest.existingFiles;
    }
  }
  const entries = await inParallel(kept, entriesOf);
  const deletes = new DeleteIndex();
  kept.forEach((manifest, index) => {
    if (manifest.content !== "deletes") return;
    for (const entry of entries[index] ?? []) if (entry.status !== "deleted") deletes.add(entry);
  });
  const files: LiveFile[] = [];
  kept.forEach((manifest, index) => {
    if (manifest.content !== "data") return;
    const spec = specOf(metadata, manifest.specId);
    for (const entry of entries[index] ?? []) {
      if (entry.status === "deleted") continue;
      if (options.keepFile?.(entry.file, spec) === false) skippedFiles += 1;
      else {
        assertReadable(entry.file);
        files.push({ entry, deletes: deletes.of(entry) });
      }
    }
  });
  return { files, skippedFiles, skippedManifests: live.length - kept.length };
}

/** Finds the deletes of a data file: those about it, and those of its partition, that are not older than it. */
class DeleteIndex {
  readonly #byFile = new Map<string, ManifestEntry[]>();
  readonly #byPartition = new Map<string, ManifestEntry[]>();

  add(entry: ManifestEntry): void {
    const { file } = entry;
    assertReadable(file);
    const { referencedDataFile } = file;
    if (referencedDataFile !== undefined) push(this.#byFile, referencedDataFile, entry);
    else push(this.#byPartition, partitionKey(file), entry);
  }

  of(data: ManifestEntry): readonly ManifestEntry[] {
    if (this.#byFile.size === 0 && this.#byPartition.size === 0) return [];
    const about = this.#byFile.get(data.file.path) ?? [];
    const among = this.#byPartition.get(partitionKey(data.file)) ?? [];
    return [...about, ...among].filter(({ sequenceNumber }) => sequenceNumber >= data.sequenceNumber);
  }
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}

/** A text that two files share if they have one spec and one partition. */
export function partitionKey({ specId, partition }: Pick<DataFile, "specId" | "partition">): string {
  return JSON.stringify([specId, ...partition.map(shown)]);
}

function shown(value: PartitionValue): string | null {
  if (value === null) return null;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  return Object.is(value, -0) ? "-0" : String(value);
}

function assertReadable(file: DataFile): void {
  if (file.content === "equality-deletes") {
    throw unsupported(
      `the equality deletes ${file.path}`,
      "rewrite the table's data files where it was written, for example by Flink's or Spark's rewrite_data_files",
    );
  }
  if (file.format === "puffin") {
    throw unsupported(
      `the deletion vector ${file.path}`,
      "it belongs to format version 3; make the table with the property format-version=2",
    );
  }
  if (file.format !== "parquet") {
    throw unsupported(
      `the ${file.format} file ${file.path}`,
      "set the table's property write.format.default to parquet, and rewrite its data files",
    );
  }
  if (file.keyMetadata !== undefined)
    throw unsupported(`the encrypted file ${file.path}`, "write the table without encryption");
}

function unsupported(what: string, hint: string): SluiceError {
  return new SluiceError("unsupported", `the table has ${what}, which sluice does not read`, { hint });
}
