import { SluiceError } from "@sluice/core";
import { ByteReader } from "./byte-reader.ts";
import type { AvroType, ResolvedField } from "./schema.ts";

/** A value as Avro holds it; a long is a `bigint` only where a number could not hold it. */
export type AvroValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Buffer
  | readonly AvroValue[]
  | ReadonlyMap<AvroValue, AvroValue>
  | AvroRecord
  | Undecoded;

export interface AvroRecord {
  [name: string]: AvroValue | undefined;
}

export type Decoder = (reader: ByteReader) => AvroValue;
export type Skipper = (reader: ByteReader) => void;

/** Where a record holds what was left undecoded in it. */
export const UNDECODED = "undecoded";

/** Fields of a record that were stepped over; each is decoded when it is asked for. */
export class Undecoded {
  readonly bytes: Buffer;
  readonly position: number;
  readonly fields: readonly UndecodedField[];

  constructor(bytes: Buffer, position: number, fields: readonly UndecodedField[]) {
    this.bytes = bytes;
    this.position = position;
    this.fields = fields;
  }

  /** The value of a field; undefined where the record has none of that name. */
  value(name: string): AvroValue | undefined {
    const reader = new ByteReader(this.bytes, this.position);
    for (const field of this.fields) {
      if (field.name === name) return field.decode(reader);
      field.skip(reader);
    }
    return undefined;
  }
}

interface UndecodedField {
  readonly name: string;
  readonly decode: Decoder;
  readonly skip: Skipper;
}

export interface DecodeOptions {
  /** What a field is called in the record: the format names fields by id, and their names may differ. */
  readonly nameOf?: (field: ResolvedField) => string;
  /** Fields that are stepped over, and decoded when they are asked for: the record holds them as `UNDECODED`. */
  readonly isLazy?: (field: ResolvedField) => boolean;
}

/**
 * A function that reads values of a type. Manifests hold some hundred numbers for each file of which a plan needs a few,
 * so fields can be left undecoded.
 */
export function createDecoder(type: AvroType, options: DecodeOptions = {}): Decoder {
  switch (type.kind) {
    case "null":
      return () => null;
    case "boolean":
      return (reader) => reader.byte() !== 0;
    case "int":
    case "long":
      return (reader) => reader.long();
    case "float":
      return (reader) => reader.float();
    case "double":
      return (reader) => reader.double();
    case "bytes":
      return (reader) => reader.sized();
    case "string":
      return (reader) => reader.string();
    case "fixed":
      return (reader) => reader.take(type.size);
    case "enum":
      return (reader) => type.symbols[reader.integer()] ?? null;
    case "union": {
      const branches = type.branches.map((branch) => createDecoder(branch, options));
      return (reader) => branchOf(branches, reader)(reader);
    }
    case "array": {
      const pairs = pairsDecoder(type.items, options);
      if (pairs !== undefined) return pairs;
      const decode = createDecoder(type.items, options);
      return (reader) => {
        const values: AvroValue[] = [];
        eachBlock(reader, (count) => {
          for (let index = 0; index < count; index += 1) values.push(decode(reader));
        });
        return values;
      };
    }
    case "map": {
      const decode = createDecoder(type.values, options);
      return (reader) => {
        const values: AvroRecord = Object.create(null) as AvroRecord;
        eachBlock(reader, (count) => {
          for (let index = 0; index < count; index += 1) {
            const key = reader.string();
            values[key] = decode(reader);
          }
        });
        return values;
      };
    }
    case "record":
      return recordDecoder(type.fields, options);
    default:
      return type satisfies never;
  }
}

/** Maps whose keys are no texts are lists of pairs of a key and a value for Avro; they are read as what they are. */
function pairsDecoder(items: AvroType, options: DecodeOptions): Decoder | undefined {
  if (items.kind !== "record") return undefined;
  const [key, value] = items.fields;
  if (items.fields.length !== 2 || key === undefined || value === undefined) return undefined;
  const nameOf = options.nameOf ?? ((field: ResolvedField) => field.name);
  if (nameOf(key) !== "key" || nameOf(value) !== "value") return undefined;
  const decodeKey = createDecoder(key.type, options);
  const decodeValue = createDecoder(value.type, options);
  return (reader) => {
    const map = new Map<AvroValue, AvroValue>();
    eachBlock(reader, (count) => {
      for (let index = 0; index < count; index += 1) map.set(decodeKey(reader), decodeValue(reader));
    });
    return map;
  };
}

function recordDecoder(fields: readonly ResolvedField[], options: DecodeOptions): Decoder {
  const names = fields.map((field) => options.nameOf?.(field) ?? field.name);
  const isLazy = fields.map((field) => options.isLazy?.(field) ?? false);
  const readers = fields.map((field, index) =>
    isLazy[index] === true ? createSkipper(field.type) : createDecoder(field.type, options),
  );
  const first = isLazy.indexOf(true);
  const whole = { ...options, isLazy: () => false };
  const lazy = fields.slice(first, isLazy.lastIndexOf(true) + 1).map((field) => ({
    name: options.nameOf?.(field) ?? field.name,
    decode: createDecoder(field.type, whole),
    skip: createSkipper(field.type),
  }));
  return (reader) => {
    const record: AvroRecord = {};
    for (let index = 0; index < readers.length; index += 1) {
      if (index === first) record[UNDECODED] = new Undecoded(reader.bytes, reader.position, lazy);
      const value = (readers[index] as Decoder)(reader);
      if (isLazy[index] !== true) record[names[index] as string] = value;
    }
    return record;
  };
}

/** A function that steps over values of a type. */
export function createSkipper(type: AvroType): Skipper {
  switch (type.kind) {
    case "null":
      return () => {};
    case "boolean":
      return (reader) => reader.skip(1);
    case "int":
    case "long":
    case "enum":
      return skipLong;
    case "float":
      return (reader) => reader.skip(4);
    case "double":
      return (reader) => reader.skip(8);
    case "bytes":
    case "string":
      return (reader) => reader.skip(reader.integer());
    case "fixed":
      return (reader) => reader.skip(type.size);
    case "union": {
      const branches = type.branches.map(createSkipper);
      return (reader) => branchOf(branches, reader)(reader);
    }
    case "array":
      return blockSkipper(createSkipper(type.items));
    case "map": {
      const skip = createSkipper(type.values);
      return blockSkipper((reader) => {
        reader.skip(reader.integer());
        skip(reader);
      });
    }
    case "record": {
      const skippers = type.fields.map((field) => createSkipper(field.type));
      return (reader) => {
        for (const skip of skippers) skip(reader);
      };
    }
    default:
      return type satisfies never;
  }
}

function skipLong(reader: ByteReader): void {
  while (reader.byte() >= 0x80);
}

/** Blocks that say their size are stepped over at once. */
function blockSkipper(skip: Skipper): Skipper {
  return (reader) => {
    for (;;) {
      const count = reader.integer();
      if (count === 0) return;
      if (count < 0) reader.skip(reader.integer());
      else for (let index = 0; index < count; index += 1) skip(reader);
    }
  };
}

function eachBlock(reader: ByteReader, read: (count: number) => void): void {
  for (;;) {
    const count = reader.integer();
    if (count === 0) return;
    if (count < 0) reader.integer();
    // A value has a byte at least, but for nulls, of which no column holds arrays.
    if (Math.abs(count) > reader.bytes.length - reader.position) {
      throw new SluiceError("data", `an Avro file says that ${Math.abs(count)} values follow, and ends before`);
    }
    read(Math.abs(count));
  }
}

function branchOf<T>(branches: readonly T[], reader: ByteReader): T {
  const index = reader.integer();
  const branch = branches[index];
  if (branch === undefined)
    throw new SluiceError("data", `an Avro file names branch ${index} of a union that has none`);
  return branch;
}
