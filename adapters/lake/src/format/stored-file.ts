import { type AvroRecord, type AvroValue, UNDECODED, type Undecoded } from "../avro/decode.ts";
import type { Bounds, Counts, DataFile, FileContent, FileFormat, PartitionValue } from "./model.ts";

/** A file as a manifest holds it: what plans seldom need is decoded when it is asked for, and not kept. */
export class StoredFile implements DataFile {
  readonly content: FileContent;
  readonly path: string;
  readonly format: FileFormat;
  readonly specId: number;
  readonly partition: readonly PartitionValue[];
  readonly recordCount: number;
  readonly sizeBytes: number;
  readonly sortOrderId: number | undefined;
  readonly referencedDataFile: string | undefined;
  readonly #rest: Undecoded | undefined;

  constructor(record: AvroRecord, known: Pick<DataFile, "content" | "format" | "specId" | "partition">) {
    this.content = known.content;
    this.path = record.file_path as string;
    this.format = known.format;
    this.specId = known.specId;
    this.partition = known.partition;
    this.recordCount = record.record_count as number;
    this.sizeBytes = record.file_size_in_bytes as number;
    this.sortOrderId = (record.sort_order_id as number | null | undefined) ?? undefined;
    this.referencedDataFile = (record.referenced_data_file as string | null | undefined) ?? undefined;
    this.#rest = record[UNDECODED] as Undecoded | undefined;
  }

  get columnSizes(): Counts | undefined {
    return this.#pairs<number>("column_sizes");
  }

  get valueCounts(): Counts | undefined {
    return this.#pairs<number>("value_counts");
  }

  get nullCounts(): Counts | undefined {
    return this.#pairs<number>("null_value_counts");
  }

  get nanCounts(): Counts | undefined {
    return this.#pairs<number>("nan_value_counts");
  }

  get lowerBounds(): Bounds | undefined {
    return this.#pairs<Buffer>("lower_bounds");
  }

  get upperBounds(): Bounds | undefined {
    return this.#pairs<Buffer>("upper_bounds");
  }

  get keyMetadata(): Uint8Array | undefined {
    return (this.#value("key_metadata") as Buffer | null) ?? undefined;
  }

  get splitOffsets(): readonly number[] | undefined {
    return (this.#value("split_offsets") as readonly number[] | null) ?? undefined;
  }

  get equalityIds(): readonly number[] | undefined {
    return (this.#value("equality_ids") as readonly number[] | null) ?? undefined;
  }

  #value(name: string): AvroValue {
    return this.#rest?.value(name) ?? null;
  }

  #pairs<T>(name: string): ReadonlyMap<number, T> | undefined {
    return (this.#value(name) as unknown as ReadonlyMap<number, T> | null) ?? undefined;
  }
}

/** The same file as a plain object, with some members changed. */
export function copyFile(file: DataFile, changes: Partial<DataFile> = {}): DataFile {
  const optional = {
    columnSizes: file.columnSizes,
    valueCounts: file.valueCounts,
    nullCounts: file.nullCounts,
    nanCounts: file.nanCounts,
    lowerBounds: file.lowerBounds,
    upperBounds: file.upperBounds,
    keyMetadata: file.keyMetadata,
    splitOffsets: file.splitOffsets,
    equalityIds: file.equalityIds,
    sortOrderId: file.sortOrderId,
    referencedDataFile: file.referencedDataFile,
  };
  return {
    content: file.content,
    path: file.path,
    format: file.format,
    specId: file.specId,
    partition: file.partition,
    recordCount: file.recordCount,
    sizeBytes: file.sizeBytes,
    ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as Partial<DataFile>),
    ...changes,
  };
}
