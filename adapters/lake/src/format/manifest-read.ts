import { SluiceError } from "@sluice/core";
import { readAvro } from "../avro/container.ts";
import type { AvroRecord, AvroValue } from "../avro/decode.ts";
import type { ResolvedField } from "../avro/schema.ts";
import { decimalOf } from "../values/encode-value.ts";
import { FIELD_NAMES, LAZY_FIELDS } from "./manifest-schema.ts";
import type {
  DataFile,
  EntryStatus,
  FileContent,
  FileFormat,
  ManifestEntry,
  ManifestFile,
  PartitionSpec,
  PartitionValue,
  PrimitiveType,
} from "./model.ts";
import { StoredFile } from "./stored-file.ts";

const STATUSES: readonly EntryStatus[] = ["existing", "added", "deleted"];
const CONTENTS: readonly FileContent[] = ["data", "position-deletes", "equality-deletes"];
const FORMATS: readonly FileFormat[] = ["parquet", "avro", "orc", "puffin"];

const OPTIONS = {
  nameOf: (field: ResolvedField) => (field.id === undefined ? field.name : (FIELD_NAMES[field.id] ?? String(field.id))),
  isLazy: (field: ResolvedField) => field.id !== undefined && LAZY_FIELDS.has(field.id),
};

export interface ReadManifest {
  readonly bytes: Buffer;
  /** What the manifest list says: entries inherit from it. */
  readonly manifest: ManifestFile;
  readonly spec: PartitionSpec;
  readonly types: readonly (PrimitiveType | undefined)[];
}

/** All entries of a manifest, with what they inherit filled in. */
export async function readManifest({ bytes, manifest, spec, types }: ReadManifest): Promise<readonly ManifestEntry[]> {
  const keys = spec.fields.map(({ fieldId }) => String(fieldId));
  const { values } = await readAvro(bytes, (value) => entryOf(value as AvroRecord, manifest, keys, types), OPTIONS);
  return values;
}

function entryOf(
  record: AvroRecord,
  manifest: ManifestFile,
  keys: readonly string[],
  types: readonly (PrimitiveType | undefined)[],
): ManifestEntry {
  const status = STATUSES[record.status as number];
  if (status === undefined) throw damaged(manifest, `the status ${String(record.status)}`);
  const snapshotId = record.snapshot_id ?? null;
  return {
    status,
    snapshotId: snapshotId === null ? manifest.addedSnapshotId : BigInt(snapshotId as number | bigint),
    sequenceNumber: inherited(record.sequence_number, status, manifest),
    fileSequenceNumber: inherited(record.file_sequence_number, status, manifest),
    file: fileOf(record.data_file as AvroRecord, manifest, keys, types),
  };
}

/** An added entry is as old as the manifest that added it; manifests of version 1 know no numbers: theirs are 0. */
function inherited(value: AvroValue | undefined, status: EntryStatus, manifest: ManifestFile): number {
  if (typeof value === "number") return value;
  if (status === "added" || manifest.sequenceNumber === 0) return manifest.sequenceNumber;
  throw damaged(manifest, `an entry that is ${status} and has no sequence number`);
}

function fileOf(
  record: AvroRecord,
  manifest: ManifestFile,
  keys: readonly string[],
  types: readonly (PrimitiveType | undefined)[],
): DataFile {
  const content = CONTENTS[(record.content ?? 0) as number];
  if (content === undefined) throw damaged(manifest, `a file with the content ${String(record.content)}`);
  const partition = record.partition as AvroRecord;
  return new StoredFile(record, {
    content,
    format: formatOf(record.file_format as string, manifest),
    specId: manifest.specId,
    partition: keys.map((key, index) => partitionValue(partition[key] ?? null, types[index])),
  });
}

function formatOf(text: string, manifest: ManifestFile): FileFormat {
  const format = FORMATS.find((known) => known === text || known.toUpperCase() === text);
  if (format !== undefined) return format;
  const lower = FORMATS.find((known) => known === text.toLowerCase());
  if (lower === undefined) throw damaged(manifest, `a file of the format ${JSON.stringify(text)}`);
  return lower;
}

/** What Avro holds, as the type of the partition has it: an old manifest may hold an int where a long is now. */
function partitionValue(value: AvroValue, type: PrimitiveType | undefined): PartitionValue {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  switch (type?.kind) {
    case "long":
    case "time":
    case "timestamp":
    case "timestamptz":
      return typeof value === "number" ? BigInt(value) : (value as bigint);
    case "decimal":
      return value instanceof Uint8Array ? decimalOf(value) : (value as bigint);
    default:
      return value as PartitionValue;
  }
}

function damaged(manifest: ManifestFile, what: string): SluiceError {
  return new SluiceError("data", `the manifest ${manifest.path} has ${what}`, {
    hint: "it is damaged; restore it, or roll the table back to an older snapshot",
  });
}
