import { parseType, type StageRequest } from "@sluice/core";
import type { FieldColumn } from "./binary/field-column.ts";

/** Types whose values are words of four or eight bytes on their way, each value one word. */
const WORDS = [
  ...["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64"],
  ...["date", "timestamp", "timestamptz"],
];
/** Of more keys the server is asked: so many take 32 MB. */
const MOST_KEYS = 4_194_304;
const FIRST_KEYS = 65_536;

type Words = BigInt64Array | Int32Array;

/**
 * The keys of rows that are sent in binary, to tell whether each has one of its own without asking the server. Measured in 2026-11 with
 * a million rows: 0.1 s here, where a look on the server's way takes it 0.4 s.
 *
 * @example
 * const keys = sentKeys(request); // undefined: a key of several columns, or of text
 * keys?.take(fields); // of each row group, once its values are prepared
 * keys?.areApart(); // true: no key is null, or there twice; undefined: too many to know
 */
export class SentKeys {
  private readonly column: number;
  private words: Words | undefined;
  private count = 0;
  private hasNull = false;
  private isTooMany = false;

  constructor(column: number) {
    this.column = column;
  }

  take(fields: readonly FieldColumn[]): void {
    const field = fields[this.column];
    if (field === undefined || this.isTooMany) return;
    const { values, count, rows } = field.prepared();
    this.hasNull ||= count < rows;
    if (count === 0) return;
    const width = values.length / count;
    const words = this.reserve(this.count + count, width);
    if (words === undefined) return;
    new Uint8Array(words.buffer).set(values, this.count * width);
    this.count += count;
  }

  /** Whether every row has a key, and none the key of another; undefined where that is not known. Asked once. */
  areApart(): boolean | undefined {
    if (this.hasNull) return false;
    if (this.isTooMany) return undefined;
    const sorted = this.words?.subarray(0, this.count).sort();
    this.words = undefined;
    return sorted === undefined || !hasEqualNeighbours(sorted);
  }

  private reserve(count: number, width: number): Words | undefined {
    if (count > MOST_KEYS) {
      this.isTooMany = true;
      this.words = undefined;
      return undefined;
    }
    const { words } = this;
    if (words !== undefined && words.length >= count) return words;
    const room = Math.min(Math.max(FIRST_KEYS, (words?.length ?? 0) * 2, count), MOST_KEYS);
    const larger = width === 8 ? new BigInt64Array(room) : new Int32Array(room);
    if (words !== undefined) new Uint8Array(larger.buffer).set(new Uint8Array(words.buffer));
    this.words = larger;
    return larger;
  }
}

/** The keys of a load that can be told apart here. */
export function sentKeys({ key, schema }: StageRequest): SentKeys | undefined {
  const [name, ...others] = key;
  const column = schema.columns.findIndex((one) => one.name === name);
  const type = schema.columns[column]?.type;
  if (type === undefined || others.length > 0 || !WORDS.includes(parseType(type).kind)) return undefined;
  return new SentKeys(column);
}

/** Halves are compared: a bigint for each word would be made first. */
function hasEqualNeighbours(words: Words): boolean {
  const halves = new Int32Array(words.buffer, words.byteOffset, words.byteLength / 4);
  const step = words.BYTES_PER_ELEMENT / 4;
  for (let at = step; at < halves.length; at += step) {
    if (halves[at] === halves[at - step] && (step === 1 || halves[at + 1] === halves[at - 1])) return true;
  }
  return false;
}
