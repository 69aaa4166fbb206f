import { type LogicalType, PARQUET, type ParquetType, SluiceError } from "@sluice/core";
import { FIRST_OF_OTHERS } from "../types.ts";

/** How the values of a column come and what they become. */
export interface PlainColumn {
  /** As `../../kernel/take-rows.ts` calls it. */
  readonly kind: number;
  readonly type: ParquetType;
  /** Bytes of a value in Parquet: 0 for bits, undefined where each has its length in front. */
  readonly width?: number;
  /** Of decimals: what is as large has too many digits. */
  readonly limit?: bigint;
}

/** So many digits fit into eight bytes. */
const LONG_DIGITS = 18;

const { physical, converted } = PARQUET;
const [BYTES, BOOL, INT16, REVERSED4, REVERSED8, UINT32, UUID, DATE, TIME, TIMESTAMP, DECIMAL8, DECIMAL16] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
] as const;

type Kind = LogicalType["kind"];

/** For each type, the column of what PostgreSQL sends of the one type of its own that is read as it. */
const COLUMNS: { readonly [One in Kind]?: PlainColumn | ((type: Extract<LogicalType, { kind: One }>) => PlainColumn) } =
  {
    bool: { kind: BOOL, width: 0, type: { physical: physical.boolean } },
    int16: { kind: INT16, width: 4, type: { physical: physical.int32 } },
    int32: { kind: REVERSED4, width: 4, type: { physical: physical.int32 } },
    int64: { kind: REVERSED8, width: 8, type: { physical: physical.int64 } },
    uint32: { kind: UINT32, width: 8, type: { physical: physical.int64 } },
    float32: { kind: REVERSED4, width: 4, type: { physical: physical.float } },
    float64: { kind: REVERSED8, width: 8, type: { physical: physical.double } },
    decimal: ({ precision, scale }) => {
      const isLong = precision <= LONG_DIGITS;
      const stored = isLong ? { physical: physical.int64 } : { physical: physical.fixed, length: 16 };
      return {
        kind: isLong ? DECIMAL8 : DECIMAL16,
        width: isLong ? 8 : 16,
        limit: 10n ** BigInt(precision),
        type: { ...stored, converted: converted.decimal, scale, precision },
      };
    },
    string: { kind: BYTES, type: { physical: physical.bytes, converted: converted.utf8 } },
    bytes: { kind: BYTES, type: { physical: physical.bytes } },
    uuid: { kind: UUID, width: 16, type: { physical: physical.fixed, length: 16, logical: "uuid" } },
    date: { kind: DATE, width: 4, type: { physical: physical.int32, converted: converted.date } },
    time: { kind: TIME, width: 8, type: { physical: physical.int64, converted: converted.time } },
    timestamp: { kind: TIMESTAMP, width: 8, type: { physical: physical.int64, logical: "timestamp" } },
    timestamptz: { kind: TIMESTAMP, width: 8, type: { physical: physical.int64, logical: "timestamptz" } },
  };

/** Whether values of the type come in binary. JSON does not: its text is looked at. */
export function isPlain({ kind }: LogicalType): boolean {
  return COLUMNS[kind] !== undefined;
}

/** The numbers of the types whose values are sent in the form that a column takes. Source: pg_type.dat of PostgreSQL. */
const SENT_AS: { readonly [One in Kind]?: readonly number[] } = {
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

/** The column for values of a type that `isPlain`. */
export function plainColumn(type: LogicalType): PlainColumn {
  const found = COLUMNS[type.kind] as PlainColumn | ((type: LogicalType) => PlainColumn) | undefined;
  if (found === undefined) throw new SluiceError("internal", `PostgreSQL sends no ${type.kind} that is plain`);
  return typeof found === "function" ? found(type) : found;
}
