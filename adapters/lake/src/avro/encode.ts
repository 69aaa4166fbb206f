import { SluiceError } from "@sluice/core";
import type { AvroType } from "./schema.ts";

/** Writes values of Avro's binary form into a buffer that grows. */
export class ByteWriter {
  #bytes: Buffer;
  #length = 0;

  constructor(capacity = 1024) {
    this.#bytes = Buffer.allocUnsafe(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** What was written; it is overwritten by what is written after `reset`. */
  written(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  reset(): void {
    this.#length = 0;
  }

  #reserve(count: number): number {
    const start = this.#length;
    if (start + count > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, start + count));
      this.#bytes.copy(grown, 0, 0, start);
      this.#bytes = grown;
    }
    this.#length = start + count;
    return start;
  }

  byte(value: number): void {
    const start = this.#reserve(1);
    this.#bytes[start] = value;
  }

  long(value: number | bigint): void {
    if (typeof value === "number" && value >= -0x40_00_00_00 && value < 0x40_00_00_00) {
      let rest = ((value << 1) ^ (value >> 31)) >>> 0;
      while (rest >= 0x80) {
        this.byte((rest & 0x7f) | 0x80);
        rest >>>= 7;
      }
      this.byte(rest);
      return;
    }
    const wide = BigInt(value);
    if (BigInt.asIntN(64, wide) !== wide) throw new SluiceError("internal", `${value} does not fit 64 bits`);
    let rest = BigInt.asUintN(64, (wide << 1n) ^ (wide >> 63n));
    while (rest >= 0x80n) {
      this.byte(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    this.byte(Number(rest));
  }

  float(value: number): void {
    const start = this.#reserve(4);
    this.#bytes.writeFloatLE(value, start);
  }

  double(value: number): void {
    const start = this.#reserve(8);
    this.#bytes.writeDoubleLE(value, start);
  }

  raw(bytes: Uint8Array): void {
    const start = this.#reserve(bytes.length);
    this.#bytes.set(bytes, start);
  }

  sized(bytes: Uint8Array): void {
    this.long(bytes.length);
    this.raw(bytes);
  }

  string(text: string): void {
    const length = Buffer.byteLength(text);
    this.long(length);
    const start = this.#reserve(length);
    this.#bytes.write(text, start, "utf8");
  }
}

/** Shorter lists are stepped over as fast without their size. */
const SIZED_FROM = 4;

export type Encoder = (writer: ByteWriter, value: unknown) => void;

/** A function that writes values of a type; a value that does not fit is a defect of the caller. */
export function createEncoder(type: AvroType, path = "value"): Encoder {
  switch (type.kind) {
    case "null":
      return () => {};
    case "boolean":
      return (writer, value) => writer.byte(expect(typeof value === "boolean", value, type.kind, path) ? 1 : 0);
    case "int":
    case "long":
      return (writer, value) => writer.long(expect(isWhole(value), value, type.kind, path) as number | bigint);
    case "float":
      return (writer, value) => writer.float(expect(typeof value === "number", value, type.kind, path) as number);
    case "double":
      return (writer, value) => writer.double(expect(typeof value === "number", value, type.kind, path) as number);
    case "bytes":
      return (writer, value) => writer.sized(expect(isBytes(value), value, type.kind, path) as Uint8Array);
    case "string":
      return (writer, value) => writer.string(expect(typeof value === "string", value, type.kind, path) as string);
    case "fixed":
      return (writer, value) => {
        const fits = isBytes(value) && value.length === type.size;
        writer.raw(expect(fits, value, `fixed of ${type.size} bytes`, path) as Uint8Array);
      };
    case "enum":
      return (writer, value) => {
        const index = type.symbols.indexOf(value as string);
        writer.long(expect(index >= 0, index, "enum", path) as number);
      };
    case "union":
      return unionEncoder(type.branches, path);
    case "array": {
      const encode = createEncoder(type.items, `${path}[]`);
      const block = new ByteWriter();
      return (writer, value) => {
        const values = expect(Array.isArray(value), value, type.kind, path) as readonly unknown[];
        if (values.length >= SIZED_FROM) {
          // A block that says its size is stepped over at once.
          block.reset();
          for (const item of values) encode(block, item);
          writer.long(-values.length);
          writer.sized(block.written());
        } else if (values.length > 0) {
          writer.long(values.length);
          for (const item of values) encode(writer, item);
        }
        writer.long(0);
      };
    }
    case "map": {
      const encode = createEncoder(type.values, `${path}{}`);
      return (writer, value) => {
        const entries = Object.entries(expect(isRecord(value), value, type.kind, path) as Record<string, unknown>);
        if (entries.length > 0) writer.long(entries.length);
        for (const [key, item] of entries) {
          writer.string(key);
          encode(writer, item);
        }
        writer.long(0);
      };
    }
    case "record": {
      const fields = type.fields.map(
        (field) => [field.name, createEncoder(field.type, `${path}.${field.name}`)] as const,
      );
      return (writer, value) => {
        const record = expect(isRecord(value), value, type.kind, path) as Record<string, unknown>;
        for (const [name, encode] of fields) encode(writer, record[name]);
      };
    }
    default:
      return type satisfies never;
  }
}

/** Only optional values: null or one other type, in either order. */
function unionEncoder(branches: readonly AvroType[], path: string): Encoder {
  const none = branches.findIndex(({ kind }) => kind === "null");
  const some = branches.findIndex(({ kind }) => kind !== "null");
  const type = branches[some];
  if (branches.length !== 2 || none < 0 || type === undefined) {
    throw new SluiceError("internal", `${path}: only unions of null and one type are written`);
  }
  const encode = createEncoder(type, path);
  return (writer, value) => {
    if (value === null || value === undefined) return writer.long(none);
    writer.long(some);
    encode(writer, value);
  };
}

function expect(fits: boolean, value: unknown, kind: string, path: string): unknown {
  if (!fits) throw new SluiceError("internal", `${path} is ${String(value)}, and no ${kind} of Avro`);
  return value;
}

function isWhole(value: unknown): boolean {
  return typeof value === "bigint" || Number.isSafeInteger(value);
}

function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
