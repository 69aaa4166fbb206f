import { SluiceError } from "@sluice/core";
import type { PartitionValue, PrimitiveType } from "./model.ts";

/**
 * A value in the single-value form of the format (appendix D of the specification): little-endian numbers, decimals as
 * the fewest big-endian bytes of two's complement, text as UTF-8.
 *
 * @example
 * encodeSingleValue({ kind: "int" }, 34); // bytes 22 00 00 00
 */
export function encodeSingleValue(type: PrimitiveType, value: Exclude<PartitionValue, null>): Uint8Array {
  switch (type.kind) {
    case "boolean":
      return Uint8Array.of(value === true ? 1 : 0);
    case "int":
    case "date": {
      const bytes = Buffer.alloc(4);
      bytes.writeInt32LE(Number(value));
      return bytes;
    }
    case "long":
    case "time":
    case "timestamp":
    case "timestamptz": {
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64LE(BigInt(value as bigint));
      return bytes;
    }
    case "float": {
      const bytes = Buffer.alloc(4);
      bytes.writeFloatLE(value as number);
      return bytes;
    }
    case "double": {
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleLE(value as number);
      return bytes;
    }
    case "decimal":
      return decimalBytes(BigInt(value as bigint));
    case "string":
      return Buffer.from(value as string, "utf8");
    case "uuid":
    case "fixed":
    case "binary":
      return value as Uint8Array;
    default:
      return type satisfies never;
  }
}

/** The value behind `encodeSingleValue`. A value of a type that was widened since may be shorter. */
export function decodeSingleValue(type: PrimitiveType, bytes: Uint8Array): Exclude<PartitionValue, null> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (type.kind) {
    case "boolean":
      return need(buffer, 1, type)[0] !== 0;
    case "int":
    case "date":
      return need(buffer, 4, type).readInt32LE();
    case "long":
      return buffer.length === 4 ? BigInt(buffer.readInt32LE()) : need(buffer, 8, type).readBigInt64LE();
    case "time":
    case "timestamp":
    case "timestamptz":
      return need(buffer, 8, type).readBigInt64LE();
    case "float":
      return need(buffer, 4, type).readFloatLE();
    case "double":
      return buffer.length === 4 ? buffer.readFloatLE() : need(buffer, 8, type).readDoubleLE();
    case "decimal":
      return bigintOf(buffer);
    case "string":
      return buffer.toString("utf8");
    case "uuid":
    case "fixed":
    case "binary":
      return bytes;
    default:
      return type satisfies never;
  }
}

function need(buffer: Buffer, length: number, type: PrimitiveType): Buffer {
  if (buffer.length === length) return buffer;
  throw new SluiceError("data", `a bound of type ${type.kind} has ${buffer.length} bytes, not ${length}`, {
    hint: "the table's manifests are damaged",
  });
}

/** The fewest bytes of two's complement, the most significant first. */
export function decimalBytes(unscaled: bigint): Uint8Array {
  let length = 1;
  while (BigInt.asIntN(length * 8, unscaled) !== unscaled) length += 1;
  return fixedBytes(unscaled, length);
}

/** Two's complement in as many bytes as asked for, the most significant first. */
export function fixedBytes(unscaled: bigint, length: number): Uint8Array {
  if (BigInt.asIntN(length * 8, unscaled) !== unscaled) {
    throw new SluiceError("internal", `${unscaled} does not fit ${length} bytes`);
  }
  const bytes = Buffer.alloc(length);
  let rest = unscaled;
  for (let index = length - 1; index >= 0; index -= 1) {
    bytes[index] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}

/** The whole number behind two's complement, the most significant byte first. */
export function bigintOf(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return BigInt.asIntN(bytes.length * 8, value);
}

/** How many bytes the format gives a decimal of a precision. */
export function decimalLength(precision: number): number {
  let length = 1;
  while (10n ** BigInt(precision) > 2n ** BigInt(length * 8 - 1)) length += 1;
  return length;
}

/**
 * The order of values of one type: by value, never by the bytes that stand for it. Negative zero is before zero; NaN
 * has no place, and is left out by the caller.
 */
export function compareValues(left: Exclude<PartitionValue, null>, right: Exclude<PartitionValue, null>): number {
  if (typeof left === "string" && typeof right === "string") {
    return Buffer.compare(Buffer.from(left), Buffer.from(right));
  }
  if (left instanceof Uint8Array && right instanceof Uint8Array) return Buffer.compare(left, right);
  if (left < right) return -1;
  if (left > right) return 1;
  if (left === 0 && right === 0) return Number(Object.is(right, -0)) - Number(Object.is(left, -0));
  return 0;
}
