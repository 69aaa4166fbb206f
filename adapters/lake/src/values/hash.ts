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
  return murmur3(hashedBytes(value, type)) | 0;
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

function murmur3(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = bytes.length & ~3;
  let hash = 0;
  for (let offset = 0; offset < whole; offset += 4) {
    hash = rotate(hash ^ mix(view.getUint32(offset, true)), 13);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let index = bytes.length - 1; index >= whole; index--) tail = (tail << 8) | (bytes[index] ?? 0);
  if (whole < bytes.length) hash ^= mix(tail);
  hash ^= bytes.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function mix(block: number): number {
  return Math.imul(rotate(Math.imul(block, 0xcc9e2d51), 15), 0x1b873593);
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}
