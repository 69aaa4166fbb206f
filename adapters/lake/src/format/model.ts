/**
 * The Iceberg table format, version 2, as plain values: what metadata, manifest lists and manifests hold, under our names.
 * Snapshot ids have 63 bits and are `bigint`; counts, sizes, sequence numbers and times are numbers that are checked to be
 * whole and safe when they are read. Locations are opaque texts: they are kept as they were written, never normalised.
 */

/** A type of a column. Every nested field has an id of its own. */
export type ColumnType = PrimitiveType | StructType | ListType | MapType;

export type PrimitiveType =
  | { readonly kind: "decimal"; readonly precision: number; readonly scale: number }
  | { readonly kind: "fixed"; readonly length: number }
  | { readonly kind: PlainTypeName };

export type PlainTypeName =
  | "boolean"
  | "int"
  | "long"
  | "float"
  | "double"
  | "date"
  | "time"
  | "timestamp"
  | "timestamptz"
  | "string"
  | "uuid"
  | "binary";

export interface StructType {
  readonly kind: "struct";
  readonly fields: readonly Field[];
}

export interface ListType {
  readonly kind: "list";
  readonly elementId: number;
  readonly element: ColumnType;
  readonly elementRequired: boolean;
}

export interface MapType {
  readonly kind: "map";
  readonly keyId: number;
  readonly key: ColumnType;
  readonly valueId: number;
  readonly value: ColumnType;
  readonly valueRequired: boolean;
}

export interface Field {
  readonly id: number;
  readonly name: string;
  readonly required: boolean;
  readonly type: ColumnType;
  readonly doc?: string;
}

export interface TableSchema {
  readonly schemaId: number;
  readonly fields: readonly Field[];
  readonly identifierFieldIds: readonly number[];
}

export type Transform =
  | { readonly kind: "identity" | "year" | "month" | "day" | "hour" | "void" }
  | { readonly kind: "bucket"; readonly buckets: number }
  | { readonly kind: "truncate"; readonly width: number }
  /** One that this version does not know: tables with it are read without pruning by it, and not written. */
  | { readonly kind: "unknown"; readonly text: string };

export interface PartitionField {
  readonly sourceId: number;
  readonly fieldId: number;
  readonly name: string;
  readonly transform: Transform;
}

export interface PartitionSpec {
  readonly specId: number;
  readonly fields: readonly PartitionField[];
}

export interface SortField {
  readonly sourceId: number;
  readonly transform: Transform;
  readonly direction: "asc" | "desc";
  readonly nullOrder: "nulls-first" | "nulls-last";
}

export interface SortOrder {
  readonly orderId: number;
  readonly fields: readonly SortField[];
}

export type SnapshotOperation = "append" | "overwrite" | "delete" | "replace";

export interface Snapshot {
  readonly snapshotId: bigint;
  readonly parentSnapshotId?: bigint;
  readonly sequenceNumber: number;
  readonly timestampMs: number;
  readonly manifestList: string;
  readonly operation: SnapshotOperation;
  /** What the summary says beside the operation, for example `added-records`. */
  readonly summary: Readonly<Record<string, string>>;
  readonly schemaId?: number;
  /** Members that this version does not know; they are written back. */
  readonly rest?: JsonObject;
}

export interface SnapshotReference {
  readonly snapshotId: bigint;
  readonly type: "branch" | "tag";
  readonly minSnapshotsToKeep?: number;
  readonly maxSnapshotAgeMs?: number;
  readonly maxRefAgeMs?: number;
}

/** A value of JSON whose whole numbers beyond 2^53 are `bigint`. */
export type JsonValue = null | boolean | number | bigint | string | readonly JsonValue[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: JsonValue;
}

export interface TableMetadata {
  readonly formatVersion: 2;
  readonly tableUuid: string;
  readonly location: string;
  readonly lastSequenceNumber: number;
  readonly lastUpdatedMs: number;
  readonly lastColumnId: number;
  readonly schemas: readonly TableSchema[];
  readonly currentSchemaId: number;
  readonly partitionSpecs: readonly PartitionSpec[];
  readonly defaultSpecId: number;
  readonly lastPartitionId: number;
  readonly sortOrders: readonly SortOrder[];
  readonly defaultSortOrderId: number;
  readonly properties: Readonly<Record<string, string>>;
  readonly currentSnapshotId?: bigint;
  readonly snapshots: readonly Snapshot[];
  readonly snapshotLog: readonly { readonly timestampMs: number; readonly snapshotId: bigint }[];
  readonly metadataLog: readonly { readonly timestampMs: number; readonly metadataFile: string }[];
  readonly refs: Readonly<Record<string, SnapshotReference>>;
  /** Members that this version does not know, such as `statistics`; they are written back. */
  readonly rest: JsonObject;
}

/**
 * A value of a partition, as Avro holds it: int, date, float, double are `number`; long, time, timestamp, timestamptz
 * (microseconds) and decimal (unscaled) are `bigint`; uuid, fixed and binary are bytes.
 */
export type PartitionValue = null | boolean | number | bigint | string | Uint8Array;

/** What a manifest list says about one partition field over all files of a manifest. */
export interface PartitionSummary {
  readonly containsNull: boolean;
  readonly containsNan?: boolean;
  /** The least and the greatest value in the single-value form; absent where all values are null or NaN. */
  readonly lowerBound?: Uint8Array;
  readonly upperBound?: Uint8Array;
}

export type ManifestContent = "data" | "deletes";

export interface ManifestFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly specId: number;
  readonly content: ManifestContent;
  readonly sequenceNumber: number;
  readonly minSequenceNumber: number;
  readonly addedSnapshotId: bigint;
  readonly addedFiles: number;
  readonly existingFiles: number;
  readonly deletedFiles: number;
  readonly addedRows: number;
  readonly existingRows: number;
  readonly deletedRows: number;
  /** One for each field of the spec; absent where the writer gave none. */
  readonly partitions?: readonly PartitionSummary[];
  readonly keyMetadata?: Uint8Array;
}

export type EntryStatus = "existing" | "added" | "deleted";

export interface ManifestEntry {
  readonly status: EntryStatus;
  /** The snapshot that added the file, or, for a deleted one, that deleted it. */
  readonly snapshotId: bigint;
  /** Which deletes apply; inherited from the manifest where the entry gives none. */
  readonly sequenceNumber: number;
  /** When the file was added to the table. */
  readonly fileSequenceNumber: number;
  readonly file: DataFile;
}

export type FileContent = "data" | "position-deletes" | "equality-deletes";

export type FileFormat = "parquet" | "avro" | "orc" | "puffin";

/** Numbers by field id. */
export type Counts = ReadonlyMap<number, number>;

/** Values in the single-value form by field id. */
export type Bounds = ReadonlyMap<number, Uint8Array>;

/**
 * A data file or a delete file. Counts and bounds of a file that was read are decoded when they are asked for, by
 * getters, which a spread leaves out: copy one with `copyFile`.
 */
export interface DataFile {
  readonly content: FileContent;
  readonly path: string;
  readonly format: FileFormat;
  readonly specId: number;
  /** One value for each field of the spec, in its order. */
  readonly partition: readonly PartitionValue[];
  readonly recordCount: number;
  readonly sizeBytes: number;
  readonly columnSizes?: Counts | undefined;
  /** Values of each column, nulls among them. */
  readonly valueCounts?: Counts | undefined;
  readonly nullCounts?: Counts | undefined;
  readonly nanCounts?: Counts | undefined;
  readonly lowerBounds?: Bounds | undefined;
  readonly upperBounds?: Bounds | undefined;
  readonly keyMetadata?: Uint8Array | undefined;
  readonly splitOffsets?: readonly number[] | undefined;
  readonly equalityIds?: readonly number[] | undefined;
  readonly sortOrderId?: number | undefined;
  /** The one data file that a file of position deletes is about. */
  readonly referencedDataFile?: string | undefined;
}
