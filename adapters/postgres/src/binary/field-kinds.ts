import { type LogicalType, SluiceError } from "@sluice/core";
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
