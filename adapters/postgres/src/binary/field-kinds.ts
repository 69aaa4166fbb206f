import { type LogicalType, PARQUET, type PlainFile, SluiceError } from "@sluice/core";
import { ByteFields, UuidFields } from "./byte-fields.ts";
import type { FieldColumn } from "./field-column.ts";
import {
  BooleanFields,
  Float32Fields,
  Float64Fields,
  Int16Fields,
  Int32Fields,
  Int64Fields,
  Uint32Fields,
} from "./number-fields.ts";
import { NumericFields } from "./numeric-fields.ts";
import { DateFields, TimestampFields } from "./time-fields.ts";

type Make<Kind extends LogicalType["kind"]> = (type: Extract<LogicalType, { kind: Kind }>) => FieldColumn;

/** For each type, what makes the fields of the column that `declaredType` gives it. */
const MAKE: { readonly [Kind in LogicalType["kind"]]?: Make<Kind> } = {
  bool: () => new BooleanFields(),
  int8: () => new Int16Fields(),
  uint8: () => new Int16Fields(),
  int16: () => new Int16Fields(),
  uint16: () => new Int32Fields(),
  int32: () => new Int32Fields(),
  uint32: () => new Uint32Fields(),
  int64: () => new Int64Fields(),
  float32: () => new Float32Fields(),
  float64: () => new Float64Fields(),
  decimal: (type) => new NumericFields(type),
  string: () => new ByteFields(),
  bytes: () => new ByteFields(),
  uuid: () => new UuidFields(),
  date: () => new DateFields(),
  time: () => new Int64Fields(),
  timestamp: () => new TimestampFields(),
  timestamptz: () => new TimestampFields(),
};

/** Whether values of the type can be sent in binary. */
export function hasFields({ kind }: LogicalType): boolean {
  return MAKE[kind] !== undefined;
}

/** What makes the fields of a column of a type that `hasFields`. */
export function fieldColumn(type: LogicalType): FieldColumn {
  const make = MAKE[type.kind] as Make<LogicalType["kind"]> | undefined;
  if (make === undefined) throw new SluiceError("internal", `PostgreSQL is sent no ${type.kind} in binary`);
  return make(type as never);
}

const { converted } = PARQUET;

/** What Parquet says that the bytes mean, where the physical type does not: a moment may be in other units than microseconds. */
const CONVERTED: { readonly [Kind in LogicalType["kind"]]?: number } = {
  int8: converted.int8,
  uint8: converted.uint8,
  int16: converted.int16,
  uint16: converted.uint16,
  int32: converted.int32,
  uint32: converted.uint32,
  int64: converted.int64,
  decimal: converted.decimal,
  string: converted.utf8,
  date: converted.date,
  time: converted.time,
  timestamp: converted.timestamp,
  timestamptz: converted.timestamp,
};

/** Whether a column of a file holds values of the type, in the form that its fields are made of. */
export function isWrittenAs(type: LogicalType, column: PlainFile["columns"][number] | undefined): boolean {
  if (column?.physical !== fieldColumn(type).physical || column.converted !== CONVERTED[type.kind]) return false;
  return type.kind !== "decimal" || column.scale === type.scale;
}
