import { isUtf8 } from "node:buffer";
import { type FileHandle, open } from "node:fs/promises";
import { appendParts, type PlainPage, PlainParquet } from "@sluice/core";
import { FIRST_FREE, type Kernel, openKernel } from "./kernel.ts";
import type { TextRules } from "./rules.ts";

/** A part of a text that begins and ends where a record does, and the file that is made of it. */
export interface FileTask {
  readonly text: string;
  readonly from: number;
  /** Where the next part begins, or where the text ends. */
  readonly to: number;
  readonly isLast: boolean;
  readonly parquet: string;
  readonly rules: TextRules;
  /** So much is looked at at a time; a longer record is not accepted. */
  readonly textBytes: number;
  /** Holds another number than zero once it is to stop. */
  readonly stop: Int32Array;
}

const INDEX_BYTES = 4 * 1024 * 1024;
const ENTRY_BYTES = 8;
/** What a value takes beside its text: the length in front of it, or itself where it is counted. */
const VALUE_BYTES = 8;
/** Behind the text stand quotes, so that every search ends; what is read or copied 16 bytes at a time may go that far. */
const MARGIN = 64;
const LF = 10;
const CR = 13;
/** U+FEFF in UTF-8. The engine leaves it out at the start of a file, of which a first one was left out before. */
const MARK = Buffer.of(0xef, 0xbb, 0xbf);

/**
 * Takes a text apart, looks at every field, and puts the values of the used columns into a new Parquet file. Gives how many records there were;
 * undefined where one is not certainly accepted, or where it was told to stop.
 */
export async function convertFile(task: FileTask): Promise<number | undefined> {
  const { rules } = task;
  await using from = await open(task.text);
  await using to = await open(task.parquet, "wx");
  const parquet = new PlainParquet(rules.used);
  await appendParts(to, parquet.begin());
  let rows = 0;
  for await (const { records, pages } of groupsOf(from, task)) {
    if (records < 0) return undefined;
    rows += records;
    await appendParts(to, parquet.group(records, pages));
  }
  await appendParts(to, parquet.end());
  return rows;
}

/** The memory of a kernel, and what lies where. */
interface Room {
  readonly kernel: Kernel;
  readonly text: number;
  readonly index: number;
  readonly values: number;
  readonly presence: number;
  /** Records that are taken at a time. */
  readonly most: number;
}

function roomFor(rules: TextRules, textBytes: number): Room {
  const { bytes } = rules;
  const slots = Math.max(rules.used.length, 1);
  const most = Math.max(1, Math.floor(INDEX_BYTES / (slots * ENTRY_BYTES)));
  const index = FIRST_FREE + Math.ceil(bytes.length / ENTRY_BYTES) * ENTRY_BYTES;
  const text = index + most * slots * ENTRY_BYTES + MARGIN;
  const presence = text + textBytes + 2 * MARGIN;
  const values = presence + slots * Math.ceil(most / 8);
  const kernel = openKernel(values + textBytes + most * slots * VALUE_BYTES + MARGIN);
  kernel.bytes.set(bytes, FIRST_FREE);
  return { kernel, text, index, values, presence, most };
}

interface Group {
  /** Below zero where the text is not certainly accepted. */
  readonly records: number;
  /** They lie in the memory of the kernel until the next group is asked for. */
  readonly pages: readonly PlainPage[];
}

const REFUSED: Group = { records: -1, pages: [] };

async function* groupsOf(from: FileHandle, task: FileTask): AsyncIterable<Group> {
  const { rules, textBytes } = task;
  const room = roomFor(rules, textBytes);
  const { kernel, text, most } = room;
  const take = (start: number, end: number, table: number, count: number): number =>
    kernel.take(
      start,
      end,
      table,
      rules.columns,
      room.index,
      count,
      rules.delimiter,
      rules.quote,
      Number(rules.isCrlf),
    );
  let isHeader = rules.hasHeader && task.from === 0;
  let carried = 0;
  let position = task.from;
  for (let isOver = false; !isOver; ) {
    const wanted = Math.min(textBytes - carried, task.to - position);
    const { bytesRead } = await from.read(kernel.bytes, text + carried, wanted, position);
    if (Atomics.load(task.stop, 0) !== 0) return yield REFUSED;
    if (position === 0 && kernel.bytes.subarray(text, text + MARK.length).equals(MARK)) return yield REFUSED;
    position += bytesRead;
    let end = text + carried + bytesRead;
    isOver = bytesRead === 0;
    // A part has to end where a record does; only the last line of all may have no end.
    if (isOver && carried > 0 && task.isLast) end = endLine(kernel.bytes, end, rules.isCrlf);
    kernel.bytes.fill(rules.quote, end, end + MARGIN);
    let at = text;
    if (isHeader && end > at) {
      const found = take(at, end, rules.header, 1);
      if (found < 0) return yield REFUSED;
      isHeader = found === 0;
      at = kernel.stoppedAt();
    }
    for (let records = isHeader ? 0 : most; records === most; ) {
      records = take(at, end, rules.rules, most);
      const stopped = kernel.stoppedAt();
      if (records < 0 || !isSound(kernel.bytes.subarray(at, stopped))) return yield REFUSED;
      at = stopped;
      if (records > 0) yield { records, pages: pagesOf(records, rules, room) };
    }
    carried = end - at;
    // A record that is cut by the end of the file, or longer than the room for it.
    if (isOver ? carried > 0 : carried === textBytes) return yield REFUSED;
    kernel.bytes.copyWithin(text, at, end);
  }
}

/** The last line may have no end. */
function endLine(bytes: Uint8Array, end: number, isCrlf: boolean): number {
  let at = end;
  if (isCrlf) bytes[at++] = CR;
  bytes[at++] = LF;
  return at;
}

function isSound(bytes: Buffer): boolean {
  return isUtf8(bytes) && bytes.indexOf(0) < 0;
}

function pagesOf(records: number, rules: TextRules, room: Room): readonly PlainPage[] {
  const { kernel, index } = room;
  let { values, presence } = room;
  return rules.used.map(({ width }, slot) => {
    const place = [index, slot, rules.used.length, records, values, presence] as const;
    const end = width === undefined ? kernel.gather(...place) : kernel.gatherTyped(...place, width);
    const bits = Math.ceil(records / 8);
    const page = {
      values: kernel.bytes.subarray(values, end),
      nulls: kernel.nullsFound(),
      presence: kernel.bytes.subarray(presence, presence + bits),
    };
    values = end;
    presence += bits;
    return page;
  });
}
