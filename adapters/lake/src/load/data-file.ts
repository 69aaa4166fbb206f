import { type ColumnStatistics, SluiceError, type WrittenFile } from "@sluice/core";
import type { ColumnType, DataFile, Field, PartitionSpec, PartitionValue, PrimitiveType } from "../format/model.ts";
import { cutLower, cutUpper } from "../values/cut-bounds.ts";
import { decimalLength, encodeValue } from "../values/encode-value.ts";
import type { Value } from "../values/primitive.ts";
import { resultType } from "../values/transform.ts";
import { valueOfText } from "../values/value-of-text.ts";

/** A column, or what is nested in one. */
interface Leaf {
  readonly id: number;
  readonly type: PrimitiveType;
  /** Whether it is below a list or a map, of which Iceberg keeps no bounds. */
  readonly isRepeated: boolean;
}

/**
 * A file that the engine wrote, as a table's manifest lists it.
 *
 * @throws SluiceError `data` for an infinite date, which tables do not hold, a null in a required column, and where a partition lies below its type's range
 */
export function dataFileOf(
  file: WrittenFile,
  location: string,
  { fields, spec }: { readonly fields: readonly Field[]; readonly spec: PartitionSpec },
): DataFile {
  const columns = (file.columns ?? []).flatMap((statistics) => {
    const leaf = leafOf(fields, statistics.path);
    return leaf === undefined ? [] : [{ ...statistics, ...leaf }];
  });
  assertNoNulls(fields, file.columns ?? []);
  const counts = (count: (statistics: ColumnStatistics) => number | undefined): ReadonlyMap<number, number> =>
    new Map(
      columns.flatMap((column) => {
        const found = count(column);
        return found === undefined ? [] : [[column.id, found] as const];
      }),
    );
  const bounds = (side: "min" | "max"): ReadonlyMap<number, Uint8Array> =>
    new Map(
      columns.flatMap((column) => {
        const bound = boundOf(column, side);
        return bound === undefined ? [] : [[column.id, encodeValue(bound, column.type)] as const];
      }),
    );
  return {
    content: "data",
    path: location,
    format: "parquet",
    specId: spec.specId,
    partition: partitionOf(file, fields, spec),
    recordCount: file.rows,
    sizeBytes: file.bytes,
    columnSizes: counts(({ bytes }) => bytes),
    valueCounts: counts(({ values }) => values),
    nullCounts: counts(({ nulls }) => nulls),
    nanCounts: counts(({ hasNan }) => (hasNan === false ? 0 : undefined)),
    lowerBounds: bounds("min"),
    upperBounds: bounds("max"),
  };
}

/** A table of sluice's own requires nothing; others read a null in a column that their program required as they like. */
function assertNoNulls(fields: readonly Field[], columns: readonly ColumnStatistics[]): void {
  for (const { path, nulls = 0 } of columns) {
    const [name = "", ...rest] = path;
    if (nulls === 0 || rest.length > 0 || fields.find((field) => field.name === name)?.required !== true) continue;
    throw new SluiceError("data", `${nulls} of the rows have no value for "${name}", which the table requires`, {
      offending: name,
      reason: "null",
      hint: `filter rows whose ${name} is null, or add the check notNull`,
    });
  }
}

function boundOf(column: ColumnStatistics & Leaf, side: "min" | "max"): Value | undefined {
  const text = column[side];
  if (text === undefined) return undefined;
  if (/^-?infinity$/.test(text) && ["date", "timestamp", "timestamptz"].includes(column.type.kind)) {
    const name = column.path.join(".");
    throw new SluiceError("data", `column "${name}" holds an infinite ${column.type.kind}, which no table can`, {
      offending: name,
      hint: "turn it into null or a far date before the load",
    });
  }
  if (column.isRepeated || column.hasNan === true) return undefined;
  const value = valueOfText(text, column.type);
  if (value === undefined) return undefined;
  return side === "min" ? cutLower(value) : cutUpper(value);
}

function leafOf(fields: readonly Field[], [first = "", ...rest]: readonly string[]): Leaf | undefined {
  const field = fields.find(({ name }) => name === first);
  return field === undefined ? undefined : leafIn(field.id, field.type, rest, false);
}

function leafIn(id: number, type: ColumnType, path: readonly string[], isRepeated: boolean): Leaf | undefined {
  const [step, ...rest] = path;
  switch (type.kind) {
    case "struct": {
      const field = type.fields.find(({ name }) => name === step);
      return field === undefined ? undefined : leafIn(field.id, field.type, rest, isRepeated);
    }
    case "list":
      return leafIn(type.elementId, type.element, rest, true);
    case "map":
      return step === "key" ? leafIn(type.keyId, type.key, rest, true) : leafIn(type.valueId, type.value, rest, true);
    default:
      return { id, type, isRepeated };
  }
}

function partitionOf(file: WrittenFile, fields: readonly Field[], spec: PartitionSpec): readonly PartitionValue[] {
  return spec.fields.map(({ sourceId, transform, name }, index) => {
    const text = file.partition?.[index] ?? null;
    const type = fields.find(({ id }) => id === sourceId)?.type;
    if (text === null || type === undefined) return null;
    if (type.kind === "struct" || type.kind === "list" || type.kind === "map") return null;
    const result = resultType(transform, type);
    const value = result.kind === "date" && transform.kind === "day" ? Number(text) : valueOfText(text, result);
    if (value !== undefined && fits(value, result)) return value;
    throw new SluiceError("data", `the partition value ${text} of "${name}" does not fit the type ${result.kind}`, {
      offending: text,
      hint: "the column holds a number near the end of its type's range: part the table by another transform, as bucket",
    });
  });
}

function fits(value: Value, type: PrimitiveType): boolean {
  if (typeof value !== "number" && typeof value !== "bigint") return true;
  if (type.kind === "decimal") return inBytes(value, decimalLength(type.precision));
  return type.kind === "int" || type.kind === "long" ? inBytes(value, type.kind === "int" ? 4 : 8) : true;
}

function inBytes(value: number | bigint, bytes: number): boolean {
  return BigInt.asIntN(8 * bytes, BigInt(value)) === BigInt(value);
}
