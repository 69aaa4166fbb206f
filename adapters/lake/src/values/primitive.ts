import type { PartitionValue, PrimitiveType } from "../format/model.ts";

/** A value of a primitive type: see `PartitionValue`. */
export type Value = Exclude<PartitionValue, null>;

/** A whole number as the type holds it: `number` for int and date, which other numbers of 64 bits do not fit. */
export function wholeValue(value: bigint, type: PrimitiveType): Value {
  return type.kind === "int" || type.kind === "date" ? Number(value) : value;
}
