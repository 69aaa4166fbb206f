import { type LogicalType, PARQUET, SluiceError } from "@sluice/core";
import { FIRST_OF_OTHERS } from "../types.ts";
import { Bytes, Uuids } from "./byte-columns.ts";
import { Booleans, Decimals, Int16s, Reversed, Uint32s } from "./number-columns.ts";
import type { PlainColumn, PlainOptions } from "./plain-column.ts";
import { Dates, Times, Timestamps } from "./time-columns.ts";

type Make<Kind extends LogicalType["kind"]> = (
  options: PlainOptions,
  type: Extract<LogicalType, { kind: Kind }>,
) => PlainColumn;

/** For each type, the column of what PostgreSQL sends of the one type of its own that is read as it. */
const MAKE: { readonly [Kind in LogicalType["kind"]]?: Make<Kind> } = {
  bool: (options) => new Booleans(options),
  int16: (options) => new Int16s(options),
  int32: (options) => new Reversed(options, 4, PARQUET.physical.int32),
  int64: (options) => new Reversed(options, 8, PARQUET.physical.int64),
  uint32: (options) => new Uint32s(options),
  float32: (options) => new Reversed(options, 4, PARQUET.physical.float),
  float64: (options) => new Reversed(options, 8, PARQUET.physical.double),
  decimal: (options, type) => new Decimals(options, type),
  string: (options) => new Bytes(options, { physical: PARQUET.physical.bytes, converted: PARQUET.converted.utf8 }),
  bytes: (options) => new Bytes(options, { physical: PARQUET.physical.bytes }),
  uuid: (options) => new Uuids(options),
  date: (options) => new Dates(options),
  time: (options) => new Times(options),
  timestamp: (options) => new Timestamps(options, "timestamp"),
  timestamptz: (options) => new Timestamps(options, "timestamptz"),
};

/** Whether values of the type come in binary. JSON does not: its text is looked at. */
export function isPlain({ kind }: LogicalType): boolean {
  return MAKE[kind] !== undefined;
}

/** The numbers of the types whose values are sent in the form that a column takes. Source: pg_type.dat of PostgreSQL. */
const SENT_AS: { readonly [Kind in LogicalType["kind"]]?: readonly number[] } = {
  bool: [16],
  int16: [21],
  int32: [23],
  int64: [20],
  uint32: [26],
  float32: [700],
  float64: [701],
  decimal: [1700],
  string: [19, 25, 1042, 1043],
  bytes: [17],
  uuid: [2950],
  date: [1082],
  time: [1083],
  timestamp: [1114],
  timestamptz: [1184],
};
/** Whether a result of this type number comes in the form that the column takes. */
export function isSentAs({ kind }: LogicalType, oid: number): boolean {
  return SENT_AS[kind]?.includes(oid) === true || (kind === "string" && oid >= FIRST_OF_OTHERS);
}

/** An empty column for values of a type that `isPlain`. */
export function plainColumn(type: LogicalType, options: PlainOptions): PlainColumn {
  const make = MAKE[type.kind] as Make<LogicalType["kind"]> | undefined;
  if (make === undefined) throw new SluiceError("internal", `PostgreSQL sends no ${type.kind} that is plain`);
  return make(options, type as never);
}
