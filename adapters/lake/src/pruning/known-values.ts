import type { DataFile, Field, PartitionSpec, PartitionSummary, PrimitiveType, Transform } from "../format/model.ts";
import { dayOfMonth, MICROSECONDS_PER_DAY, MICROSECONDS_PER_HOUR } from "../values/calendar.ts";
import { compareValues } from "../values/compare-values.ts";
import { nextBytes, nextText } from "../values/cut-bounds.ts";
import { decodeValue } from "../values/encode-value.ts";
import { type Value, wholeValue } from "../values/primitive.ts";
import { resultType } from "../values/transform.ts";

/** What is known of the values of one column in a file, or in all files of a manifest. */
export interface KnownValues {
  /** None but NaN is less. */
  readonly lower?: Value;
  /** None but NaN is greater. */
  readonly upper?: Value;
  readonly nulls: "none" | "all" | "maybe";
  readonly mayHoldNan: boolean;
  /** In which of how many buckets they lie, both included. */
  readonly buckets: readonly { readonly buckets: number; readonly from: number; readonly to: number }[];
}

/** A column of the top level with a primitive type. */
export interface PrimitiveField {
  readonly id: number;
  readonly type: PrimitiveType;
}

/** A file's own statistics, and what its partition says. */
export function knownInFile(field: PrimitiveField, file: DataFile, spec: PartitionSpec): KnownValues {
  const { id, type } = field;
  const nulls = file.nullCounts?.get(id);
  const own: KnownValues = {
    ...bounds(bound(file.lowerBounds?.get(id), type), bound(file.upperBounds?.get(id), type), type),
    nulls: nulls === 0 ? "none" : nulls !== undefined && nulls === file.recordCount ? "all" : "maybe",
    mayHoldNan: isFloat(type) && file.nanCounts?.get(id) !== 0,
    buckets: [],
  };
  return spec.fields.reduce<KnownValues>((known, { sourceId, transform }, index) => {
    const value = file.partition[index];
    if (sourceId !== id || value === undefined) return known;
    return both(known, inPartition(transform, type, { lower: value, upper: value, holdsNull: value === null }));
  }, own);
}

/** What a manifest list says of the partitions of all files of a manifest. */
export function knownInManifest(
  field: PrimitiveField,
  summaries: readonly PartitionSummary[],
  spec: PartitionSpec,
): KnownValues {
  const nothing: KnownValues = { nulls: "maybe", mayHoldNan: isFloat(field.type), buckets: [] };
  return spec.fields.reduce<KnownValues>((known, { sourceId, transform }, index) => {
    const summary = summaries[index];
    if (sourceId !== field.id || summary === undefined || transform.kind === "unknown") return known;
    const type = resultType(transform, field.type);
    const lower = bound(summary.lowerBound, type) ?? null;
    const upper = bound(summary.upperBound, type) ?? null;
    const nulls = summary.containsNull ? "maybe" : "none";
    return both(known, { ...inPartition(transform, field.type, { lower, upper, holdsNull: false }), nulls });
  }, nothing);
}

interface PartitionRange {
  readonly lower: Value | null;
  readonly upper: Value | null;
  readonly holdsNull: boolean;
}

/** What the partition values between two say of the values that they were computed from. */
function inPartition(transform: Transform, type: PrimitiveType, range: PartitionRange): KnownValues {
  const { lower, upper, holdsNull } = range;
  const nothing: KnownValues = { nulls: "maybe", mayHoldNan: isFloat(type), buckets: [] };
  if (transform.kind === "void" || transform.kind === "unknown") return nothing;
  if (holdsNull) return { ...nothing, nulls: "all" };
  const known: KnownValues = { ...nothing, nulls: "none" };
  if (lower === null || upper === null || Number.isNaN(lower) || Number.isNaN(upper)) return known;
  if (transform.kind === "bucket") {
    return { ...known, buckets: [{ buckets: transform.buckets, from: Number(lower), to: Number(upper) }] };
  }
  if (transform.kind === "truncate" && mayHaveWrapped(upper, transform.width, type)) return known;
  const monotonic: Monotonic = transform.kind === "truncate" ? transform : { kind: transform.kind };
  const first = leastOf(monotonic, lower, type);
  const last = greatestOf(monotonic, upper, type);
  return { ...known, ...bounds(first, last, type), mayHoldNan: false };
}

/**
 * Some writers let what lies below the least number go on from the greatest, so that the least numbers stand last; a
 * long may have been an int when its partition was written.
 */
function mayHaveWrapped(partition: Value, width: number, type: PrimitiveType): boolean {
  if (type.kind !== "int" && type.kind !== "long") return false;
  const value = BigInt(partition as number);
  return [1n << 31n, 1n << 63n].some((end) => value < end && value + BigInt(width) > end);
}

type Monotonic =
  | Extract<Transform, { readonly width: number }>
  | { readonly kind: "identity" | "year" | "month" | "day" | "hour" };

/** The least value that is transformed to the partition value. */
function leastOf(transform: Monotonic, partition: Value, type: PrimitiveType): Value | undefined {
  if (transform.kind === "identity" || transform.kind === "truncate") return partition;
  const unit = BigInt(partition as number);
  // Some writers rounded towards 1970: what lies before it may stand one unit too late.
  return startOf(transform.kind, unit <= 0n ? unit - 1n : unit, type);
}

function greatestOf(transform: Monotonic, partition: Value, type: PrimitiveType): Value | undefined {
  if (transform.kind === "identity") return partition;
  if (transform.kind !== "truncate") return startOf(transform.kind, BigInt(partition as number) + 1n, type);
  if (typeof partition === "string") {
    return Array.from(partition).length < transform.width ? partition : nextText(partition);
  }
  if (partition instanceof Uint8Array) return partition.length < transform.width ? partition : nextBytes(partition);
  return wholeValue(BigInt(partition) + BigInt(transform.width) - 1n, type);
}

function startOf(unit: "year" | "month" | "day" | "hour", count: bigint, type: PrimitiveType): Value {
  if (unit === "hour") return count * MICROSECONDS_PER_HOUR;
  const day = unit === "day" ? count : dayOfMonth(unit === "year" ? count * 12n : count);
  return type.kind === "date" ? Number(day) : day * MICROSECONDS_PER_DAY;
}

/** Bounds that make no sense together say nothing. */
function bounds(
  lower: Value | undefined,
  upper: Value | undefined,
  type: PrimitiveType,
): { readonly lower?: Value; readonly upper?: Value } {
  if (lower !== undefined && upper !== undefined && compareValues(lower, upper) > 0) return {};
  return {
    ...(lower === undefined ? {} : { lower: type.kind === "uuid" ? half(lower, 0x00) : lower }),
    ...(upper === undefined ? {} : { upper: type.kind === "uuid" ? half(upper, 0xff) : upper }),
  };
}

/** Java orders uuids by two signed halves: of those that agree with the unsigned order, the first half can be relied on. */
function half(uuid: Value, filler: number): Value {
  return uuid instanceof Uint8Array ? uuid.map((byte, index) => (index < 8 ? byte : filler)) : uuid;
}

/** A bound that cannot be read, or is NaN, says nothing. */
function bound(bytes: Uint8Array | undefined, type: PrimitiveType): Value | undefined {
  if (bytes === undefined) return undefined;
  try {
    const value = decodeValue(bytes, type);
    return Number.isNaN(value) ? undefined : value;
  } catch {
    return undefined;
  }
}

function both(one: KnownValues, other: KnownValues): KnownValues {
  const lower = pick(one.lower, other.lower, 1);
  const upper = pick(one.upper, other.upper, -1);
  return {
    ...(lower === undefined ? {} : { lower }),
    ...(upper === undefined ? {} : { upper }),
    nulls: one.nulls === "maybe" ? other.nulls : one.nulls,
    mayHoldNan: one.mayHoldNan && other.mayHoldNan,
    buckets: [...one.buckets, ...other.buckets],
  };
}

function pick(one: Value | undefined, other: Value | undefined, sign: 1 | -1): Value | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return compareValues(one, other) * sign >= 0 ? one : other;
}

function isFloat(type: PrimitiveType): boolean {
  return type.kind === "float" || type.kind === "double";
}

/** The columns of a schema that are primitive, by name. */
export function primitiveFields(fields: readonly Field[]): ReadonlyMap<string, PrimitiveField> {
  return new Map(
    fields.flatMap(({ id, name, type }) =>
      type.kind === "struct" || type.kind === "list" || type.kind === "map" ? [] : [[name, { id, type }] as const],
    ),
  );
}
