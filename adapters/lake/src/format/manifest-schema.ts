import type { AvroField, AvroSchema } from "../avro/schema.ts";
import { decimalLength } from "../values/encode-value.ts";
import type { PartitionSpec, PrimitiveType } from "./model.ts";

/** The names of the format for its field ids; columns are found by id, whatever a writer called them. */
export const FIELD_NAMES: Readonly<Record<number, string>> = {
  0: "status",
  1: "snapshot_id",
  2: "data_file",
  3: "sequence_number",
  4: "file_sequence_number",
  100: "file_path",
  101: "file_format",
  102: "partition",
  103: "record_count",
  104: "file_size_in_bytes",
  108: "column_sizes",
  109: "value_counts",
  110: "null_value_counts",
  117: "key",
  118: "value",
  119: "key",
  120: "value",
  121: "key",
  122: "value",
  125: "lower_bounds",
  126: "key",
  127: "value",
  128: "upper_bounds",
  129: "key",
  130: "value",
  131: "key_metadata",
  132: "split_offsets",
  134: "content",
  135: "equality_ids",
  137: "nan_value_counts",
  138: "key",
  139: "value",
  140: "sort_order_id",
  143: "referenced_data_file",
  144: "content_offset",
  145: "content_size_in_bytes",
  500: "manifest_path",
  501: "manifest_length",
  502: "partition_spec_id",
  503: "added_snapshot_id",
  504: "added_files_count",
  505: "existing_files_count",
  506: "deleted_files_count",
  507: "partitions",
  509: "contains_null",
  510: "lower_bound",
  511: "upper_bound",
  512: "added_rows_count",
  513: "existing_rows_count",
  514: "deleted_rows_count",
  515: "sequence_number",
  516: "min_sequence_number",
  517: "content",
  518: "contains_nan",
  519: "key_metadata",
};

/** What a plan needs of few files only. */
export const LAZY_FIELDS: ReadonlySet<number> = new Set([108, 109, 110, 125, 128, 131, 132, 135, 137]);

/** The schema of a manifest whose files have partition values of these types. */
export function manifestSchema(spec: PartitionSpec, types: readonly PrimitiveType[]): AvroSchema {
  return record("manifest_entry", [
    required("status", 0, "int"),
    optional("snapshot_id", 1, "long"),
    optional("sequence_number", 3, "long"),
    optional("file_sequence_number", 4, "long"),
    required("data_file", 2, dataFileSchema(spec, types)),
  ]);
}

function dataFileSchema(spec: PartitionSpec, types: readonly PrimitiveType[]): AvroSchema {
  const partition = spec.fields.map((field, index): AvroField => {
    const name = avroName(field.name);
    return {
      ...optional(name, field.fieldId, partitionSchema(types[index] ?? { kind: "string" }, field.fieldId)),
      ...(name === field.name ? {} : { "iceberg-field-name": field.name }),
    };
  });
  return record("r2", [
    required("content", 134, "int"),
    required("file_path", 100, "string"),
    required("file_format", 101, "string"),
    required("partition", 102, record("r102", partition)),
    required("record_count", 103, "long"),
    required("file_size_in_bytes", 104, "long"),
    optional("column_sizes", 108, map(117, 118, "long")),
    optional("value_counts", 109, map(119, 120, "long")),
    optional("null_value_counts", 110, map(121, 122, "long")),
    optional("nan_value_counts", 137, map(138, 139, "long")),
    optional("lower_bounds", 125, map(126, 127, "bytes")),
    optional("upper_bounds", 128, map(129, 130, "bytes")),
    optional("key_metadata", 131, "bytes"),
    optional("split_offsets", 132, { type: "array", items: "long", "element-id": 133 }),
    optional("equality_ids", 135, { type: "array", items: "int", "element-id": 136 }),
    optional("sort_order_id", 140, "int"),
    optional("referenced_data_file", 143, "string"),
  ]);
}

/** The schema of manifest lists. */
export const MANIFEST_LIST_SCHEMA: AvroSchema = record("manifest_file", [
  required("manifest_path", 500, "string"),
  required("manifest_length", 501, "long"),
  required("partition_spec_id", 502, "int"),
  required("content", 517, "int"),
  required("sequence_number", 515, "long"),
  required("min_sequence_number", 516, "long"),
  required("added_snapshot_id", 503, "long"),
  required("added_files_count", 504, "int"),
  required("existing_files_count", 505, "int"),
  required("deleted_files_count", 506, "int"),
  required("added_rows_count", 512, "long"),
  required("existing_rows_count", 513, "long"),
  required("deleted_rows_count", 514, "long"),
  optional("partitions", 507, {
    type: "array",
    items: record("r508", [
      required("contains_null", 509, "boolean"),
      optional("contains_nan", 518, "boolean"),
      optional("lower_bound", 510, "bytes"),
      optional("upper_bound", 511, "bytes"),
    ]),
    "element-id": 508,
  }),
  optional("key_metadata", 519, "bytes"),
]);

function partitionSchema(type: PrimitiveType, fieldId: number): AvroSchema {
  switch (type.kind) {
    case "date":
      return { type: "int", logicalType: "date" };
    case "time":
      return { type: "long", logicalType: "time-micros" };
    case "timestamp":
      return { type: "long", logicalType: "timestamp-micros", "adjust-to-utc": false };
    case "timestamptz":
      return { type: "long", logicalType: "timestamp-micros", "adjust-to-utc": true };
    case "uuid":
      return { type: "fixed", size: 16, logicalType: "uuid", name: `uuid_${fieldId}` };
    case "fixed":
      return { type: "fixed", size: type.length, name: `fixed_${fieldId}` };
    case "decimal":
      return {
        type: "fixed",
        size: decimalLength(type.precision),
        logicalType: "decimal",
        precision: type.precision,
        scale: type.scale,
        name: `decimal_${fieldId}`,
      };
    case "binary":
      return "bytes";
    default:
      return type.kind;
  }
}

function record(name: string, fields: readonly AvroField[]): AvroSchema {
  return { type: "record", name, fields };
}

function required(name: string, id: number, type: AvroSchema): AvroField {
  return { name, type, "field-id": id };
}

function optional(name: string, id: number, type: AvroSchema): AvroField {
  return { name, type: ["null", type], default: null, "field-id": id };
}

/** Maps of the format have whole numbers as keys, so they are lists of pairs for Avro. */
function map(keyId: number, valueId: number, value: AvroSchema): AvroSchema {
  return {
    type: "array",
    items: record(`k${keyId}_v${valueId}`, [required("key", keyId, "int"), required("value", valueId, value)]),
    logicalType: "map",
  };
}

/**
 * A name that Avro allows; other characters become their code.
 *
 * @example
 * avroName("a-b"); // "a_x2Db"
 */
export function avroName(name: string): string {
  return [...name]
    .map((character, index) => {
      if (/[A-Za-z_]/.test(character)) return character;
      if (/\d/.test(character)) return index === 0 ? `_${character}` : character;
      return `_x${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}`;
    })
    .join("");
}
