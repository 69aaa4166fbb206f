import { isUtf8 } from "node:buffer";
import { type FileHandle, open, rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type InputFile, PARQUET, type PlainPage, PlainParquet, type ScannableInput, SluiceError } from "@sluice/core";
import { FIRST_FREE, type Kernel, openKernel } from "./kernel.ts";
import { rulesOf, type TextRules } from "./rules.ts";

/** Text that was found to be accepted: the used columns of each file, as text, in a Parquet file. */
export interface TextColumns extends AsyncDisposable {
  readonly paths: readonly string[];
  readonly rows: number;
}

export interface ConvertRequest {
  readonly input: ScannableInput;
  /** The columns that a query uses. */
  readonly columns: readonly string[];
  readonly folder: string;
  readonly signal: AbortSignal;
  /** So much of a text is looked at at a time; a longer record is not accepted. */
  readonly textBytes?: number;
}

/** Below, a text is read before a kernel is made. */
const LEAST_BYTES = 8 * 1024 * 1024;
/** Of many files, each must be worth a file of its own. */
const LEAST_FILE_BYTES = 1024 * 1024;
/** What is converted lies in scratch space until the query is over. */
const MOST_BYTES = 4 * 1024 * 1024 * 1024;
/** Of more threads, DuckDB's own reader is faster than the one that takes text apart here. */
const MOST_THREADS = 4;

export interface ConvertLimits {
  readonly threads?: number;
  readonly scratchBytes?: number;
  /** From how many bytes on text is taken apart here, 8 MB where absent. */
  readonly convertFromBytes?: number;
}

/** Whether an input is large enough and not too large, and the machine small enough. */
export function isWorthConverting({ format, groups }: ScannableInput, limits: ConvertLimits): boolean {
  const { threads = availableParallelism(), scratchBytes = MOST_BYTES, convertFromBytes = LEAST_BYTES } = limits;
  if (format !== "csv" || threads > MOST_THREADS) return false;
  const files = groups.flatMap((group) => group.files);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const leastOfFile = Math.min(LEAST_FILE_BYTES, convertFromBytes);
  return (
    bytes >= convertFromBytes && bytes >= files.length * leastOfFile && bytes <= Math.min(MOST_BYTES, scratchBytes)
  );
}

const TEXT_BYTES = 2 * 1024 * 1024;
const INDEX_BYTES = 4 * 1024 * 1024;
const ENTRY_BYTES = 8;
const LENGTH_BYTES = 4;
/** Behind the text stand quotes, so that every search ends; what is read or copied 16 bytes at a time may go that far. */
const MARGIN = 64;
const LF = 10;
const CR = 13;

let converted = 0;

/**
 * Takes text apart and looks at every field as the strict read would: once, in one pass over the bytes. What is accepted goes into
 * Parquet files; undefined where a record is not certainly accepted, or the input has something that the kernel does not know, which
 * says nothing of the text: the strict read decides then.
 */
export async function convertText(request: ConvertRequest): Promise<TextColumns | undefined> {
  const { input, columns, folder, signal, textBytes = TEXT_BYTES } = request;
  // A query that only counts uses no column, and a file needs one.
  const rules = rulesOf(input, columns.length > 0 ? columns : (input.groups[0]?.order.slice(0, 1) ?? []));
  if (rules === undefined) return undefined;
  const paths: string[] = [];
  const remove = async (): Promise<void> => {
    for (const path of paths) await rm(path, { force: true });
  };
  try {
    const room = roomFor(rules, textBytes);
    let rows = 0;
    for (const file of input.groups.flatMap((group) => group.files)) {
      converted += 1;
      const path = join(folder, `text-${converted}.parquet`);
      paths.push(path);
      const found = await convertFile(file, path, { rules, room, signal });
      if (found === undefined) {
        await remove();
        return undefined;
      }
      rows += found;
    }
    return { paths, rows, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    // What cannot be read or written here is told by the read that follows, or is none of its business.
    if (error instanceof SluiceError || (error as { code?: unknown }).code === undefined) throw error;
    return undefined;
  }
}

/** The memory of a kernel, and what lies where. */
interface Room {
  readonly kernel: Kernel;
  readonly rules: number;
  readonly header: number;
  readonly text: number;
  readonly textBytes: number;
  readonly index: number;
  readonly values: number;
  readonly presence: number;
  /** Records that are taken at a time. */
  readonly most: number;
}

function roomFor(rules: TextRules, textBytes: number): Room {
  const { bytes, rules: own, header } = rules.layOut(FIRST_FREE);
  const slots = Math.max(rules.used.length, 1);
  const most = Math.max(1, Math.floor(INDEX_BYTES / (slots * ENTRY_BYTES)));
  const index = FIRST_FREE + Math.ceil(bytes.length / ENTRY_BYTES) * ENTRY_BYTES;
  const text = index + most * slots * ENTRY_BYTES + MARGIN;
  const presence = text + textBytes + 2 * MARGIN;
  const values = presence + slots * Math.ceil(most / 8);
  const kernel = openKernel(values + textBytes + most * slots * LENGTH_BYTES + MARGIN);
  kernel.bytes.set(bytes, FIRST_FREE);
  return { kernel, rules: own, header, text, textBytes, index, values, presence, most };
}

interface FileRequest {
  readonly rules: TextRules;
  readonly room: Room;
  readonly signal: AbortSignal;
}

/** Gives how many records there were. */
async function convertFile(file: InputFile, path: string, request: FileRequest): Promise<number | undefined> {
  await using from = await open(file.path);
  await using to = await open(path, "wx");
  const type = { physical: PARQUET.physical.bytes, converted: PARQUET.converted.utf8 };
  const parquet = new PlainParquet(request.rules.used.map((name) => ({ name, type })));
  await to.writeFile(Buffer.concat(parquet.begin()));
  let rows = 0;
  for await (const { records, pages } of groupsOf(from, request)) {
    if (records < 0) return undefined;
    rows += records;
    await writeAll(to, parquet.group(records, pages));
  }
  await to.writeFile(Buffer.concat(parquet.end()));
  return rows;
}

/** At once where the system takes it so. */
async function writeAll(to: FileHandle, parts: readonly Uint8Array[]): Promise<void> {
  const bytes = parts.reduce((sum, part) => sum + part.length, 0);
  const { bytesWritten } = await to.writev(parts);
  if (bytesWritten < bytes) await to.writeFile(Buffer.concat(parts).subarray(bytesWritten));
}

interface Group {
  /** Below zero where the text is not certainly accepted. */
  readonly records: number;
  /** They lie in the memory of the kernel until the next group is asked for. */
  readonly pages: readonly PlainPage[];
}

const REFUSED: Group = { records: -1, pages: [] };

async function* groupsOf(from: FileHandle, { rules, room, signal }: FileRequest): AsyncIterable<Group> {
  const { kernel, text, textBytes, most } = room;
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
  let isHeader = rules.hasHeader;
  let carried = 0;
  for (let isOver = false; !isOver; ) {
    const { bytesRead } = await from.read(kernel.bytes, text + carried, textBytes - carried);
    if (signal.aborted) throw new SluiceError("cancelled", "the query was cancelled");
    let end = text + carried + bytesRead;
    isOver = bytesRead === 0;
    if (isOver && carried > 0) end = endLine(kernel.bytes, end, rules.isCrlf);
    kernel.bytes.fill(rules.quote, end, end + MARGIN);
    let at = text;
    if (isHeader && end > at) {
      const found = take(at, end, room.header, 1);
      if (found < 0) return yield REFUSED;
      isHeader = found === 0;
      at = kernel.stoppedAt();
    }
    for (let records = isHeader ? 0 : most; records === most; ) {
      records = take(at, end, room.rules, most);
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
  return rules.used.map((_, slot) => {
    const end = kernel.gather(index, slot, rules.used.length, records, values, presence);
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
