import { murmur3 } from "@sluice/core";
import type { PrimitiveType } from "../format/model.ts";
import { decimalBytes } from "./encode-value.ts";
import type { Value } from "./primitive.ts";

/**
 * The hash of Iceberg's bucket transform: 32-bit Murmur3 (x86) over the bytes that the specification's appendix B gives
 * to each type, so that a value hashes the same as int and as long.
 *
 * @example
 * hashValue("iceberg", { kind: "string" }); // 1210000089
 */
export function hashValue(value: Value, type: PrimitiveType): number {
  return murmur3(hashedBytes(value, type));
}

function hashedBytes(value: Value, type: PrimitiveType): Uint8Array {
  if (value instanceof Uint8Array) return value;
  switch (typeof value) {
    case "string":
      return new TextEncoder().encode(value);
    case "bigint":
      return type.kind === "decimal" ? decimalBytes(value) : longBytes(value);
    case "boolean":
      return longBytes(value ? 1n : 0n);
    default: {
      if (type.kind === "int" || type.kind === "date") return longBytes(BigInt(value));
      const bytes = new Uint8Array(8);
      // Zero has two signs and one hash.
      new DataView(bytes.buffer).setFloat64(0, value === 0 ? 0 : value, true);
      return bytes;
    }
  }
}

function longBytes(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, value, true);
  return bytes;
}
