import { SluiceError } from "@sluice/core";
import { writeAvro } from "../avro/container.ts";
import { decimalLength, fixedBytes } from "../values/encode-value.ts";
import { printLossless } from "./lossless-json.ts";
import { avroName, manifestSchema } from "./manifest-schema.ts";
import type {
  DataFile,
  EntryStatus,
  FileContent,
  ManifestContent,
  ManifestFile,
  PartitionSpec,
  PartitionValue,
  PrimitiveType,
  TableSchema,
} from "./model.ts";
import { summarizePartitions } from "./partition-summary.ts";
import { schemaToJson, specFieldsToJson } from "./schema-json.ts";

const STATUS_CODES: Readonly<Record<EntryStatus, number>> = { existing: 0, added: 1, deleted: 2 };
const CONTENT_CODES: Readonly<Record<FileContent, number>> = {
  data: 0,
  "position-deletes": 1,
  "equality-deletes": 2,
};

/** An entry to write: an added one has no sequence numbers yet, it inherits them from the commit that wins. */
export interface NewEntry {
  readonly status: EntryStatus;
  readonly snapshotId: bigint;
  readonly sequenceNumber?: number;
  readonly fileSequenceNumber?: number;
  readonly file: DataFile;
}

export interface WriteManifest {
  readonly location: string;
  readonly content: ManifestContent;
  readonly spec: PartitionSpec;
  readonly types: readonly (PrimitiveType | undefined)[];
  readonly schema: TableSchema;
  /** The snapshot that adds the manifest, and its sequence number. */
  readonly snapshotId: bigint;
  readonly sequenceNumber: number;
  readonly entries: readonly NewEntry[];
}

/** The bytes of a manifest, and what the manifest list says about it. */
export async function writeManifest(
  request: WriteManifest,
): Promise<{ readonly bytes: Buffer; readonly manifest: ManifestFile }> {
  const { spec, entries, schema, content } = request;
  const types = request.types.map((type, index) => type ?? unknownType(spec, index));
  const bytes = await writeAvro({
    schema: manifestSchema(spec, types),
    metadata: {
      schema: printLossless(schemaToJson(schema)),
      "schema-id": String(schema.schemaId),
      "partition-spec": printLossless(specFieldsToJson(spec)),
      "partition-spec-id": String(spec.specId),
      "format-version": "2",
      content,
    },
    values: rows(entries, spec, types),
  });
  const count = (status: EntryStatus) => entries.filter((entry) => entry.status === status);
  const rowsOf = (status: EntryStatus) => count(status).reduce((sum, { file }) => sum + file.recordCount, 0);
  const live = entries.filter(({ status }) => status !== "deleted");
  return {
    bytes,
    manifest: {
      path: request.location,
      sizeBytes: bytes.length,
      specId: spec.specId,
      content,
      sequenceNumber: request.sequenceNumber,
      minSequenceNumber: live.reduce(
        (least, entry) => Math.min(least, entry.sequenceNumber ?? request.sequenceNumber),
        request.sequenceNumber,
      ),
      addedSnapshotId: request.snapshotId,
      addedFiles: count("added").length,
      existingFiles: count("existing").length,
      deletedFiles: count("deleted").length,
      addedRows: rowsOf("added"),
      existingRows: rowsOf("existing"),
      deletedRows: rowsOf("deleted"),
      partitions: summarizePartitions(
        entries.map(({ file }) => file),
        types,
      ),
    },
  };
}

function* rows(
  entries: readonly NewEntry[],
  spec: PartitionSpec,
  types: readonly PrimitiveType[],
): Iterable<Record<string, unknown>> {
  const avroNames = spec.fields.map(({ name }) => avroName(name));
  for (const entry of entries) {
    if (entry.status !== "added" && (entry.sequenceNumber === undefined || entry.fileSequenceNumber === undefined)) {
      throw new SluiceError("internal", `the ${entry.status} entry of ${entry.file.path} has no sequence numbers`);
    }
    const { file } = entry;
    yield {
      status: STATUS_CODES[entry.status],
      snapshot_id: entry.snapshotId,
      sequence_number: entry.sequenceNumber,
      file_sequence_number: entry.status === "added" ? undefined : entry.fileSequenceNumber,
      data_file: {
        content: CONTENT_CODES[file.content],
        file_path: file.path,
        file_format: file.format.toUpperCase(),
        partition: Object.fromEntries(
          avroNames.map((name, index) => [name, stored(file.partition[index] ?? null, types[index])]),
        ),
        record_count: file.recordCount,
        file_size_in_bytes: file.sizeBytes,
        column_sizes: pairs(file.columnSizes),
        value_counts: pairs(file.valueCounts),
        null_value_counts: pairs(file.nullCounts),
        nan_value_counts: pairs(file.nanCounts),
        lower_bounds: pairs(file.lowerBounds),
        upper_bounds: pairs(file.upperBounds),
        key_metadata: file.keyMetadata,
        split_offsets: file.splitOffsets,
        equality_ids: file.equalityIds,
        sort_order_id: file.sortOrderId,
        referenced_data_file: file.referencedDataFile,
      },
    };
  }
}

function stored(value: PartitionValue, type: PrimitiveType | undefined): unknown {
  if (value === null || type === undefined) return null;
  return type.kind === "decimal" ? fixedBytes(value as bigint, decimalLength(type.precision)) : value;
}

function pairs(map: ReadonlyMap<number, unknown> | undefined): unknown {
  return map === undefined ? undefined : [...map].map(([key, value]) => ({ key, value }));
}

function unknownType(spec: PartitionSpec, index: number): PrimitiveType {
  throw new SluiceError(
    "unsupported",
    `no schema of the table has the column of partition ${index + 1} of ${spec.specId}`,
    {
      hint: "the manifest cannot be written again; make a new table from a query over this one",
    },
  );
}
