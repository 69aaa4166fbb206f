import type { LogicalType } from "@sluice/core";
import type { FileAddress } from "./config.ts";

/** What becomes of a logical type in a file. `loses`: what a reader of the file can no longer tell. */
export interface StoredType {
  readonly as: string;
  readonly loses?: string;
}

const TEXT_ONLY = "its type: the next reader must be told";

/** Logical types in Parquet files, as the engine writes and reads them. */
const PARQUET: Readonly<Record<LogicalType["kind"], StoredType>> = {
  bool: { as: "BOOLEAN" },
  int8: { as: "INT32 (INT 8)" },
  int16: { as: "INT32 (INT 16)" },
  int32: { as: "INT32" },
  int64: { as: "INT64" },
  uint8: { as: "INT32 (UINT 8)" },
  uint16: { as: "INT32 (UINT 16)" },
  uint32: { as: "INT32 (UINT 32)" },
  uint64: { as: "INT64 (UINT 64)" },
  float32: { as: "FLOAT" },
  float64: { as: "DOUBLE" },
  decimal: { as: "DECIMAL" },
  string: { as: "BYTE_ARRAY (STRING)" },
  bytes: { as: "BYTE_ARRAY" },
  date: { as: "INT32 (DATE)" },
  time: { as: "INT64 (TIME, microseconds)" },
  timestamp: { as: "INT64 (TIMESTAMP, microseconds, not UTC)" },
  timestamptz: { as: "INT64 (TIMESTAMP, microseconds, UTC)" },
  interval: { as: "FIXED_LEN_BYTE_ARRAY (INTERVAL)", loses: "microseconds: Parquet keeps milliseconds" },
  uuid: { as: "FIXED_LEN_BYTE_ARRAY (UUID)" },
  json: { as: "BYTE_ARRAY (JSON)" },
  list: { as: "LIST" },
  struct: { as: "group" },
  map: { as: "MAP" },
  enum: { as: "BYTE_ARRAY (STRING)", loses: "its list of values" },
};

/** Logical types in text files. */
const TEXT: Readonly<Record<LogicalType["kind"], StoredType>> = {
  bool: { as: "true, false", loses: TEXT_ONLY },
  int8: { as: "digits", loses: TEXT_ONLY },
  int16: { as: "digits", loses: TEXT_ONLY },
  int32: { as: "digits", loses: TEXT_ONLY },
  int64: { as: "digits", loses: TEXT_ONLY },
  uint8: { as: "digits", loses: TEXT_ONLY },
  uint16: { as: "digits", loses: TEXT_ONLY },
  uint32: { as: "digits", loses: TEXT_ONLY },
  uint64: { as: "digits", loses: TEXT_ONLY },
  float32: { as: "the shortest digits that give the number back", loses: TEXT_ONLY },
  float64: { as: "the shortest digits that give the number back", loses: TEXT_ONLY },
  decimal: { as: "digits with all decimal places", loses: TEXT_ONLY },
  string: { as: "the text", loses: "the difference between null and empty text, unless the latter is quoted" },
  bytes: { as: "hexadecimal digits", loses: TEXT_ONLY },
  date: { as: "2024-01-31", loses: TEXT_ONLY },
  time: { as: "23:59:59.5", loses: TEXT_ONLY },
  timestamp: { as: "2024-01-31 23:59:59.5", loses: TEXT_ONLY },
  timestamptz: { as: "2024-01-31 23:59:59.5+00", loses: TEXT_ONLY },
  interval: { as: "1 day 02:00:00", loses: TEXT_ONLY },
  uuid: { as: "lower case with hyphens", loses: TEXT_ONLY },
  json: { as: "the JSON text", loses: TEXT_ONLY },
  list: { as: "JSON", loses: "its type, and that of what it holds" },
  struct: { as: "JSON", loses: "its type, and that of what it holds" },
  map: { as: "JSON", loses: "its type, and that of what it holds" },
  enum: { as: "the text", loses: TEXT_ONLY },
};

/** Logical types in JSON and NDJSON. */
const JSON_TEXT: Readonly<Record<LogicalType["kind"], StoredType>> = {
  bool: { as: "true, false" },
  int8: { as: "a number", loses: "its width" },
  int16: { as: "a number", loses: "its width" },
  int32: { as: "a number", loses: "its width" },
  int64: { as: "a number with all digits", loses: "digits beyond 2^53, in readers that make doubles of numbers" },
  uint8: { as: "a number", loses: "its width" },
  uint16: { as: "a number", loses: "its width" },
  uint32: { as: "a number", loses: "its width" },
  uint64: { as: "a number with all digits", loses: "digits beyond 2^53, in readers that make doubles of numbers" },
  float32: { as: "a number, the shortest that gives it back", loses: "NaN and infinity: an error, or null" },
  float64: { as: "a number, the shortest that gives it back", loses: "NaN and infinity: an error, or null" },
  decimal: { as: "a number with all decimal places", loses: "digits, in readers that make doubles of numbers" },
  string: { as: "a string" },
  bytes: { as: "a string in base64", loses: TEXT_ONLY },
  date: { as: '"2024-01-31"', loses: TEXT_ONLY },
  time: { as: '"23:59:59.5"', loses: TEXT_ONLY },
  timestamp: { as: '"2024-01-31T23:59:59.5"', loses: TEXT_ONLY },
  timestamptz: { as: '"2024-01-31T23:59:59.5Z"', loses: TEXT_ONLY },
  interval: { as: '"1 day 02:00:00"', loses: TEXT_ONLY },
  uuid: { as: "a string, lower case with hyphens", loses: TEXT_ONLY },
  json: { as: "the value itself", loses: "the difference between null and its value null" },
  list: { as: "an array" },
  struct: { as: "an object" },
  map: { as: "an object", loses: "the type of its keys" },
  enum: { as: "a string", loses: "its list of values" },
};

/** What becomes of a logical type in a file. */
export function storedType(format: FileAddress["format"], type: LogicalType): StoredType {
  if (format === "parquet") return PARQUET[type.kind];
  return (format === "json" || format === "ndjson" ? JSON_TEXT : TEXT)[type.kind];
}
