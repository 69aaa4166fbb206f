import { SluiceError } from "../errors.ts";
import type { ParquetType } from "./plain-parquet.ts";
import { CompactReader, type CompactStruct, type CompactValue } from "./thrift.ts";

const MAGIC_BYTES = 4;
const MAGIC = 0x31524150;
const DATA_PAGE = 0;
const [PLAIN, RLE] = [0, 3];
const OPTIONAL = 1;
const UNCOMPRESSED = 0;

/** A column of a row group: where its pages begin, and how many bytes they are. */
export interface PlainChunk {
  readonly at: number;
  readonly bytes: number;
}

/** The pages of all columns lie one behind the other. */
export interface PlainGroup extends PlainChunk {
  readonly rows: number;
  readonly chunks: readonly PlainChunk[];
}

/** What a file says of itself. */
export interface PlainFile {
  readonly rows: number;
  /** `physical` and `converted` as in `PARQUET`. */
  readonly columns: readonly (Pick<ParquetType, "physical" | "length" | "converted" | "scale"> & {
    readonly name: string;
  })[];
  readonly groups: readonly PlainGroup[];
}

/** The values of a column in a row group: of each page those that are there, in the encoding PLAIN. */
export interface PlainValues {
  /** For each row 1, or 0 where the value is null. */
  readonly present: Uint8Array;
  readonly nulls: number;
  readonly pages: readonly { readonly values: Uint8Array; readonly count: number }[];
}

/** How long the footer is by the last eight bytes of a file; undefined where it does not end like one. */
export function plainFooterBytes(tail: Uint8Array): number | undefined {
  const view = viewOf(tail);
  return view.getUint32(MAGIC_BYTES, true) === MAGIC ? view.getUint32(0, true) : undefined;
}

/**
 * What the footer of a file says, which is `at` in it. Undefined where it is none of a file that is whole: the row groups have to lie
 * one behind the other from the first byte to the footer, so bytes that only look like one are told from it.
 */
export function readPlainFooter(footer: Uint8Array, at: number): PlainFile | undefined {
  try {
    const reader = new CompactReader(footer, 0);
    const file = fileOf(reader.struct());
    if (reader.at !== footer.length) return undefined;
    let end = MAGIC_BYTES;
    for (const group of file.groups) {
      if (group.at !== end) return undefined;
      end += group.bytes;
    }
    return end === at ? file : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The columns of a row group, of its bytes. */
export function readPlainGroup(group: PlainGroup, bytes: Uint8Array): readonly PlainValues[] {
  return group.chunks.map((chunk) => {
    const from = chunk.at - group.at;
    return valuesOf(bytes.subarray(from, from + chunk.bytes), group.rows);
  });
}

function fileOf(footer: CompactStruct): PlainFile {
  const [, ...elements] = structs(footer.get(2));
  const columns = elements.map((element) => {
    if (element.get(3) !== OPTIONAL || element.get(5) !== undefined) throw new RangeError("a column that is not flat");
    const [length, converted, scale] = [element.get(2), element.get(6), element.get(7)];
    return {
      name: new TextDecoder().decode(element.get(4) as Uint8Array),
      physical: number(element.get(1)),
      ...(length === undefined ? {} : { length: number(length) }),
      ...(converted === undefined ? {} : { converted: number(converted) }),
      ...(scale === undefined ? {} : { scale: number(scale) }),
    };
  });
  const groups = structs(footer.get(4)).map((group): PlainGroup => {
    const chunks = structs(group.get(1)).map((chunk) => chunkOf(struct(chunk.get(3))));
    if (chunks.length !== columns.length) throw new RangeError("a row group lacks columns");
    const [first] = chunks;
    let end = first?.at ?? 0;
    for (const chunk of chunks) {
      if (chunk.at !== end) throw new RangeError("columns do not follow each other");
      end += chunk.bytes;
    }
    return { at: first?.at ?? 0, bytes: end - (first?.at ?? 0), rows: number(group.get(3)), chunks };
  });
  return { rows: number(footer.get(3)), columns, groups };
}

function chunkOf(meta: CompactStruct): PlainChunk {
  if (meta.get(4) !== UNCOMPRESSED || meta.get(11) !== undefined) throw new RangeError("a column is packed");
  return { at: number(meta.get(9)), bytes: number(meta.get(7)) };
}

function valuesOf(bytes: Uint8Array, rows: number): PlainValues {
  const present = new Uint8Array(rows);
  const pages: { values: Uint8Array; count: number }[] = [];
  let [row, there, at] = [0, 0, 0];
  while (at < bytes.length) {
    const reader = new CompactReader(bytes, at);
    const header = reader.struct();
    const data = struct(header.get(5));
    if (header.get(1) !== DATA_PAGE || data.get(2) !== PLAIN || data.get(3) !== RLE) throw notPlain();
    const end = reader.at + number(header.get(3));
    const count = number(data.get(1));
    if (row + count > rows) throw notPlain();
    const levels = reader.at + 4;
    const from = levels + viewOf(bytes).getUint32(reader.at, true);
    const found = readLevels(bytes.subarray(levels, from), present.subarray(row, row + count));
    pages.push({ values: bytes.subarray(from, end), count: found });
    [row, there, at] = [row + count, there + found, end];
  }
  if (row !== rows) throw notPlain();
  return { present, nulls: rows - there, pages };
}

/** Levels of one bit: runs of one of them, and stretches of eight or more to be told apart. Gives how many are 1. */
function readLevels(levels: Uint8Array, present: Uint8Array): number {
  let [row, at, there] = [0, 0, 0];
  while (row < present.length) {
    let head = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = levels[at];
      if (byte === undefined) throw notPlain();
      at += 1;
      head += (byte & 127) * factor;
      if (byte < 128) break;
    }
    const length = Math.floor(head / 2);
    if (head % 2 === 0) {
      const end = Math.min(row + length, present.length);
      if (levels[at] === 1) {
        present.fill(1, row, end);
        there += end - row;
      }
      at += 1;
      row = end;
      continue;
    }
    const end = Math.min(row + length * 8, present.length);
    for (let bit = 0; row < end; bit += 1, row += 1) {
      const is = ((levels[at + (bit >> 3)] as number) >> (bit & 7)) & 1;
      present[row] = is;
      there += is;
    }
    at += length;
  }
  return there;
}

function notPlain(): SluiceError {
  return new SluiceError("internal", "a page of a plain Parquet file is not plain");
}

function structs(value: CompactValue | undefined): readonly CompactStruct[] {
  if (!Array.isArray(value)) throw new RangeError("no list");
  return value.map(struct);
}

function struct(value: CompactValue | undefined): CompactStruct {
  if (value instanceof Map) return value;
  throw new RangeError("no structure");
}

function number(value: CompactValue | undefined): number {
  if (typeof value === "number") return value;
  throw new RangeError("no number");
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
