import { SluiceError } from "@sluice/core";
import type { PrimitiveType } from "../format/model.ts";
import type { Value } from "./primitive.ts";

/**
 * Iceberg's binary single-value serialization (appendix D of the specification), in which bounds are stored.
 *
 * @example
 * encodeValue(-129n, { kind: "decimal", precision: 9, scale: 2 }); // bytes ff 7f
 */
export function encodeValue(value: Value, type: PrimitiveType): Uint8Array {
  switch (type.kind) {
    case "boolean":
      return Uint8Array.of(value === true ? 1 : 0);
    case "int":
    case "date":
      return written(4, (view) => view.setInt32(0, Number(value), true));
    case "long":
    case "time":
    case "timestamp":
    case "timestamptz":
      return written(8, (view) => view.setBigInt64(0, BigInt(value as bigint), true));
    case "float":
      return written(4, (view) => view.setFloat32(0, Number(value), true));
    case "double":
      return written(8, (view) => view.setFloat64(0, Number(value), true));
    case "decimal":
      return decimalBytes(value as bigint);
    case "string":
      return new TextEncoder().encode(String(value));
    case "uuid":
    case "fixed":
    case "binary":
      return value as Uint8Array;
    default:
      return type satisfies never;
  }
}

/**
 * The value that bytes stand for. A bound that was written before its column was widened (`int` to `long`, `float` to
 * `double`) is read as it was written.
 *
 * @throws SluiceError `data` where the bytes are not of the type
 */
export function decodeValue(bytes: Uint8Array, type: PrimitiveType): Value {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { length } = bytes;
  switch (type.kind) {
    case "boolean":
      if (length === 1) return bytes[0] !== 0;
      break;
    case "int":
    case "date":
      if (length === 4) return view.getInt32(0, true);
      break;
    case "long":
    case "time":
    case "timestamp":
    case "timestamptz":
      if (length === 4) return BigInt(view.getInt32(0, true));
      if (length === 8) return view.getBigInt64(0, true);
      break;
    case "float":
    case "double":
      if (length === 4) return view.getFloat32(0, true);
      if (length === 8) return view.getFloat64(0, true);
      break;
    case "decimal":
      if (length > 0) return decimalOf(bytes);
      break;
    case "string":
      return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    case "uuid":
      if (length === 16) return bytes;
      break;
    case "fixed":
    case "binary":
      return bytes;
    default:
      return type satisfies never;
  }
  throw new SluiceError("data", `${length} bytes do not hold a value of type ${type.kind}`, {
    offending: Buffer.from(bytes).toString("hex").slice(0, 80),
    hint: "the table's metadata is damaged, or was written by something that does not follow Iceberg's specification",
  });
}

/** The fewest bytes of a two's complement that hold the number, big-endian. */
export function decimalBytes(unscaled: bigint): Uint8Array {
  let length = 1;
  while (BigInt.asIntN(length * 8, unscaled) !== unscaled) length++;
  return fixedBytes(unscaled, length);
}

/** A two's complement of so many bytes, big-endian. */
export function fixedBytes(unscaled: bigint, length: number): Uint8Array {
  if (BigInt.asIntN(length * 8, unscaled) !== unscaled) {
    throw new SluiceError("internal", `${unscaled} does not fit ${length} bytes`);
  }
  const bytes = new Uint8Array(length);
  let rest = unscaled;
  for (let index = length - 1; index >= 0; index--) {
    bytes[index] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}

/** The number of a two's complement, big-endian. */
export function decimalOf(bytes: Uint8Array): bigint {
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

function written(length: number, write: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(length);
  write(new DataView(bytes.buffer));
  return bytes;
}
