import { SluiceError } from "@sluice/core";
import type { PrimitiveType, Transform } from "../format/model.ts";
import { floorDivide, MICROSECONDS_PER_DAY, MICROSECONDS_PER_HOUR, monthOfDay } from "./calendar.ts";
import { firstCodePoints } from "./cut-bounds.ts";
import { hashValue } from "./hash.ts";
import { type Value, wholeValue } from "./primitive.ts";

/** The type of a transform's values; a day is a date. */
export function resultType(transform: Transform, source: PrimitiveType): PrimitiveType {
  switch (transform.kind) {
    case "year":
    case "month":
    case "hour":
    case "bucket":
      return { kind: "int" };
    case "day":
      return { kind: "date" };
    case "identity":
    case "truncate":
    case "void":
    case "unknown":
      return source;
    default:
      return transform satisfies never;
  }
}

/**
 * The partition value of a value; null stays null.
 *
 * @example
 * applyTransform({ kind: "truncate", width: 10 }, -1, { kind: "int" }); // -10
 * applyTransform({ kind: "month" }, -1, { kind: "date" }); // -1: December 1969
 */
export function applyTransform(transform: Transform, value: Value | null, type: PrimitiveType): Value | null {
  if (value === null) return null;
  switch (transform.kind) {
    case "identity":
      return value;
    case "void":
      return null;
    case "year":
      return Number(floorDivide(monthOfDay(dayOf(value, type)), 12n));
    case "month":
      return Number(monthOfDay(dayOf(value, type)));
    case "day":
      return Number(dayOf(value, type));
    case "hour":
      return Number(floorDivide(BigInt(value as bigint), MICROSECONDS_PER_HOUR));
    case "bucket":
      return (hashValue(value, type) & 0x7fffffff) % transform.buckets;
    case "truncate":
      return truncated(value, transform.width, type);
    case "unknown":
      throw new SluiceError("unsupported", `the partition transform ${transform.text} is not known`, {
        offending: transform.text,
        hint: "rows can be read; to write, part the table by another transform",
      });
    default:
      return transform satisfies never;
  }
}

function dayOf(value: Value, type: PrimitiveType): bigint {
  const whole = BigInt(value as bigint | number);
  return type.kind === "date" ? whole : floorDivide(whole, MICROSECONDS_PER_DAY);
}

function truncated(value: Value, width: number, type: PrimitiveType): Value {
  if (typeof value === "string") return firstCodePoints(value, width);
  if (value instanceof Uint8Array) return value.slice(0, width);
  const start = floorDivide(BigInt(value), BigInt(width)) * BigInt(width);
  // Below the least number of the type the reference implementation goes on from the greatest.
  return wholeValue(type.kind === "decimal" ? start : BigInt.asIntN(type.kind === "int" ? 32 : 64, start), type);
}

/** Why a column of the type cannot be parted so, as the end of a sentence; undefined where it can. */
export function transformProblem(transform: Transform, type: PrimitiveType): string | undefined {
  const { kind } = type;
  switch (transform.kind) {
    case "void":
      return undefined;
    case "identity":
      // Read wrong or not at all by other readers; and what is stored as a float is rarely equal to anything.
      return ["uuid", "binary", "fixed", "float", "double"].includes(kind)
        ? "has too many values, and other readers find its rows no more: use bucket"
        : undefined;
    case "year":
    case "month":
    case "day":
      return ["date", "timestamp", "timestamptz"].includes(kind) ? undefined : "is no date and no timestamp";
    case "hour":
      return ["timestamp", "timestamptz"].includes(kind) ? undefined : "is no timestamp";
    case "bucket":
      return ["boolean", "float", "double"].includes(kind) ? "is not hashed by Iceberg" : undefined;
    case "truncate":
      return ["int", "long", "decimal", "string", "binary"].includes(kind)
        ? undefined
        : "is no integer, decimal, text or bytes";
    case "unknown":
      return `is parted by ${transform.text}, which is not known`;
    default:
      return transform satisfies never;
  }
}
