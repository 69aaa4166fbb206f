import { SluiceError } from "@sluice/core";

/** Reads the values of Avro's binary form, one after the other. */
export class ByteReader {
  readonly bytes: Buffer;
  position: number;

  constructor(bytes: Buffer, position = 0) {
    this.bytes = bytes;
    this.position = position;
  }

  get atEnd(): boolean {
    return this.position >= this.bytes.length;
  }

  byte(): number {
    const value = this.bytes[this.position];
    if (value === undefined) throw cut();
    this.position += 1;
    return value;
  }

  /** A whole number that must be safe: a count, a length, a position. */
  integer(): number {
    const value = this.long();
    if (typeof value === "bigint") throw new SluiceError("data", `an Avro file holds the count ${value}`);
    return value;
  }

  /** A whole number, as `bigint` only where a number could not hold it. */
  long(): number | bigint {
    const { bytes } = this;
    let byte = bytes[this.position];
    if (byte !== undefined && byte < 0x80) {
      this.position += 1;
      return (byte >>> 1) ^ -(byte & 1);
    }
    let position = this.position;
    let value = 0;
    let factor = 1;
    // Seven groups are 49 bits: exact as a number.
    for (let group = 0; group < 7; group += 1) {
      byte = bytes[position];
      if (byte === undefined) throw cut();
      position += 1;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) {
        this.position = position;
        return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
      }
      factor *= 128;
    }
    return this.#longLong(position, BigInt(value));
  }

  #longLong(start: number, low: bigint): number | bigint {
    let position = start;
    let value = low;
    for (let shift = 49n; shift < 70n; shift += 7n) {
      const byte = this.bytes[position];
      if (byte === undefined) throw cut();
      position += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) {
        this.position = position;
        const signed = (value >> 1n) ^ -(value & 1n);
        const narrow = Number(signed);
        return Number.isSafeInteger(narrow) ? narrow : signed;
      }
    }
    throw new SluiceError("data", "an Avro file holds a whole number of more than 64 bits");
  }

  float(): number {
    return this.take(4).readFloatLE(0);
  }

  double(): number {
    return this.take(8).readDoubleLE(0);
  }

  string(): string {
    const length = this.integer();
    const start = this.position;
    this.skip(length);
    return this.bytes.toString("utf8", start, this.position);
  }

  /** A length, and that many bytes: a view, not a copy. */
  sized(): Buffer {
    return this.take(this.integer());
  }

  take(length: number): Buffer {
    const start = this.position;
    this.skip(length);
    return this.bytes.subarray(start, this.position);
  }

  skip(length: number): void {
    if (length < 0 || this.position + length > this.bytes.length) throw cut();
    this.position += length;
  }
}

function cut(): SluiceError {
  return new SluiceError("data", "an Avro file ends in the middle of a value", {
    hint: "it was cut or damaged; restore it, or roll the table back to an older snapshot",
  });
}
