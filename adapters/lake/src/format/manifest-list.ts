import { SluiceError } from "@sluice/core";
import { readAvro, writeAvro } from "../avro/container.ts";
import type { AvroRecord } from "../avro/decode.ts";
import { FIELD_NAMES, MANIFEST_LIST_SCHEMA } from "./manifest-schema.ts";
import type { ManifestFile, PartitionSummary, Snapshot } from "./model.ts";

/** The bytes of the manifest list of a snapshot. */
export function writeManifestList(
  snapshot: Pick<Snapshot, "snapshotId" | "parentSnapshotId" | "sequenceNumber">,
  manifests: readonly ManifestFile[],
): Promise<Buffer> {
  return writeAvro({
    schema: MANIFEST_LIST_SCHEMA,
    metadata: {
      "snapshot-id": String(snapshot.snapshotId),
      "parent-snapshot-id": String(snapshot.parentSnapshotId ?? "null"),
      "sequence-number": String(snapshot.sequenceNumber),
      "format-version": "2",
    },
    values: manifests.map((manifest) => ({
      manifest_path: manifest.path,
      manifest_length: manifest.sizeBytes,
      partition_spec_id: manifest.specId,
      content: manifest.content === "data" ? 0 : 1,
      sequence_number: manifest.sequenceNumber,
      min_sequence_number: manifest.minSequenceNumber,
      added_snapshot_id: manifest.addedSnapshotId,
      added_files_count: manifest.addedFiles,
      existing_files_count: manifest.existingFiles,
      deleted_files_count: manifest.deletedFiles,
      added_rows_count: manifest.addedRows,
      existing_rows_count: manifest.existingRows,
      deleted_rows_count: manifest.deletedRows,
      partitions: manifest.partitions?.map((summary) => ({
        contains_null: summary.containsNull,
        contains_nan: summary.containsNan,
        lower_bound: summary.lowerBound,
        upper_bound: summary.upperBound,
      })),
      key_metadata: manifest.keyMetadata,
    })),
  });
}

/** The manifests of a snapshot. Lists of version 1, which know no sequence numbers, are as old as can be. */
export async function readManifestList(bytes: Buffer): Promise<readonly ManifestFile[]> {
  const { values } = await readAvro(bytes, (value) => manifestOf(value as AvroRecord), {
    nameOf: (field) => (field.id === undefined ? field.name : (FIELD_NAMES[field.id] ?? field.name)),
  });
  return values;
}

function manifestOf(record: AvroRecord): ManifestFile {
  const content = (record.content ?? 0) as number;
  if (content !== 0 && content !== 1) {
    throw new SluiceError("unsupported", `a manifest list names a manifest with the content ${content}`);
  }
  const partitions = record.partitions as readonly AvroRecord[] | null | undefined;
  const keyMetadata = record.key_metadata as Buffer | null | undefined;
  // A count that is missing may be any: it must not make a reader skip the manifest.
  const count = (name: string) => (record[name] as number | null | undefined) ?? 1;
  return {
    path: record.manifest_path as string,
    sizeBytes: record.manifest_length as number,
    specId: record.partition_spec_id as number,
    content: content === 0 ? "data" : "deletes",
    sequenceNumber: (record.sequence_number as number | null | undefined) ?? 0,
    minSequenceNumber: (record.min_sequence_number as number | null | undefined) ?? 0,
    addedSnapshotId: BigInt(record.added_snapshot_id as number | bigint),
    addedFiles: count("added_files_count"),
    existingFiles: count("existing_files_count"),
    deletedFiles: count("deleted_files_count"),
    addedRows: count("added_rows_count"),
    existingRows: count("existing_rows_count"),
    deletedRows: count("deleted_rows_count"),
    ...(partitions === null || partitions === undefined ? {} : { partitions: partitions.map(summaryOf) }),
    ...(keyMetadata === null || keyMetadata === undefined ? {} : { keyMetadata }),
  };
}

function summaryOf(record: AvroRecord): PartitionSummary {
  const containsNan = record.contains_nan as boolean | null | undefined;
  const lowerBound = record.lower_bound as Buffer | null | undefined;
  const upperBound = record.upper_bound as Buffer | null | undefined;
  return {
    containsNull: record.contains_null as boolean,
    ...(containsNan === null || containsNan === undefined ? {} : { containsNan }),
    ...(lowerBound === null || lowerBound === undefined ? {} : { lowerBound }),
    ...(upperBound === null || upperBound === undefined ? {} : { upperBound }),
  };
}
