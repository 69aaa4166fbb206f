import { isUtf8 } from "node:buffer";
import { type FileHandle, open } from "node:fs/promises";
import { type InputFile, type ScannableInput, SluiceError } from "@sluice/core";
import { type OpenQuote, openQuote } from "./open-quote.ts";
import { type ReopenedQuote, reopenedQuote } from "./reopened-quote.ts";
import { type PieceLook, strayLineEnd } from "./stray-line-end.ts";
import { forbiddenByte } from "./wide-delimiter.ts";

/**
 * Looks at the bytes of text files before DuckDB does: with a column left out of a read, DuckDB 1.5.6 takes bytes there
 * that are no UTF-8, and where such a byte stands in a column that it does read, it can lose the whole database
 * ("database has been invalidated"). And an unquoted last record that is longer than its buffer it leaves out without an
 * error. Takes about 3 ms for 10 MB; a file is looked at once.
 */
export interface TextCheck {
  /** @throws SluiceError `data` with reason `strict` where a file holds bytes that are no UTF-8, a NUL, a longer line, quotes or a line end that the engine would take for something else, or an end that may lie within quotes, or is NDJSON with too little memory for it */
  check(name: string, input: ScannableInput, signal: AbortSignal): Promise<void>;
}

/**
 * @param lineBytes what the strict read takes as one line at most
 * @param takesJson whether it takes NDJSON
 */
export function createTextCheck(lineBytes: number, takesJson: boolean): TextCheck {
  const seen = new Set<string>();
  return {
    async check(name, input, signal) {
      if (input.format === "parquet") return;
      const files = input.groups.flatMap((group) => group.files);
      const [first] = files;
      if (first !== undefined && input.format === "ndjson" && !takesJson) {
        throw refusal(first, name, "needs more memory than the strict read has");
      }
      const unsound = files.find((file) => file.unsound === true);
      if (unsound !== undefined) throw refusal(unsound, name, "has a record that is not sound");
      for (const file of new Map(files.map((one) => [one.path, one])).values()) {
        const dialect = JSON.stringify(input.dialect ?? {});
        const looks = { hasStray: strayLineEnd(input), reopened: reopenedQuote(input), open: openQuote(input) };
        const limits = { lineBytes, dialect, forbidden: forbiddenByte(input), ...looks };
        const problem = await checkFile(file, limits, seen, signal);
        if (problem === undefined) continue;
        throw refusal(file, name, problem);
      }
    },
  };
}

function refusal({ origin }: InputFile, name: string, problem: string): SluiceError {
  return new SluiceError("data", `"${origin}" of "${name}" ${problem}`, { reason: "strict" });
}

const CHUNK_BYTES = 1024 * 1024;

/** What a file must not hold. */
interface Limits {
  readonly lineBytes: number;
  /** What the rest is looked for by. */
  readonly dialect: string;
  readonly forbidden: number | undefined;
  readonly hasStray: PieceLook | undefined;
  readonly reopened: ReopenedQuote | undefined;
  readonly open: OpenQuote | undefined;
}

async function checkFile(
  file: InputFile,
  limits: Limits,
  seen: Set<string>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const handle = await open(file.path).catch((error: unknown) => {
    throw missing(file, error);
  });
  try {
    const { size, mtimeNs, ctimeNs, ino } = await handle.stat({ bigint: true });
    const key = `${ino} ${size} ${mtimeNs} ${ctimeNs} ${limits.forbidden ?? ""} ${limits.dialect} ${file.path}`;
    if (seen.has(key)) return undefined;
    const problem = await checkBytes(handle, limits, signal);
    if (problem === undefined) seen.add(key);
    return problem;
  } finally {
    await handle.close();
  }
}

async function checkBytes(
  handle: FileHandle,
  { lineBytes, forbidden, hasStray, reopened, open: quotes }: Limits,
  signal: AbortSignal,
): Promise<string | undefined> {
  const buffers = [Buffer.allocUnsafe(CHUNK_BYTES + 4), Buffer.allocUnsafe(CHUNK_BYTES + 4)] as const;
  let carried = 0;
  let position = 0;
  /** Bytes since the last line end. */
  let line = 0;
  let mayReopen = false;
  let turn: 0 | 1 = 0;
  let next = handle.read(buffers[0], 0, CHUNK_BYTES, 0);
  for (;;) {
    const { bytesRead } = await next;
    if (signal.aborted) throw new SluiceError("cancelled", "the query was cancelled");
    const buffer = buffers[turn];
    const end = carried + bytesRead;
    if (bytesRead === 0) {
      if (carried > 0) return "is not valid UTF-8";
      if (quotes?.mayBe() === true && (await quotes.isIn(handle, signal))) return "ends within quotes";
      return mayReopen && (await reopened?.isIn(handle, signal)) === true
        ? "has a quote behind a closing one"
        : undefined;
    }
    position += bytesRead;
    const bytes = buffer.subarray(0, end);
    // A character may be cut by the end of the chunk: it is looked at with the next.
    const open = openTail(bytes);
    turn = turn === 0 ? 1 : 0;
    bytes.copy(buffers[turn], 0, end - open);
    carried = open;
    next = handle.read(buffers[turn], carried, CHUNK_BYTES, position);
    const whole = bytes.subarray(0, end - open);
    const isSound = isUtf8(whole);
    const hasNul = isSound && whole.indexOf(0) >= 0;
    // Shorter lines within a chunk need no look: what counts is longer than many chunks.
    const first = firstLineEnd(whole);
    const isLong = line + (first === -1 ? whole.length : first) > lineBytes;
    line = first === -1 ? line + whole.length : whole.length - 1 - lastLineEnd(whole);
    const isForbidden = forbidden !== undefined && whole.indexOf(forbidden) >= 0;
    const isStray = hasStray?.(whole) === true;
    mayReopen ||= reopened?.mayBe(whole) === true;
    quotes?.take(whole);
    if (isSound && !hasNul && !isLong && !isForbidden && !isStray) continue;
    await next;
    if (!isSound) return "is not valid UTF-8";
    if (isForbidden) return "has quotes beside a delimiter of several characters";
    if (isStray) return "has a line end that the engine would take for another one";
    return hasNul ? "has a NUL byte" : "has a line longer than the strict read takes";
  }
}

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

function firstLineEnd(bytes: Uint8Array): number {
  const feed = bytes.indexOf(LINE_FEED);
  return feed === -1 ? bytes.indexOf(CARRIAGE_RETURN) : feed;
}

function lastLineEnd(bytes: Uint8Array): number {
  const feed = bytes.lastIndexOf(LINE_FEED);
  return feed === -1 ? bytes.lastIndexOf(CARRIAGE_RETURN) : feed;
}

/** How many bytes at the end begin a character that goes on behind it. */
function openTail(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length > back ? back : 0;
  }
  return 0;
}

function missing(file: InputFile, error: unknown): SluiceError {
  const code = (error as { code?: unknown }).code;
  if (code === "EACCES" || code === "EPERM") {
    return new SluiceError("denied", `the file "${file.origin}" may not be read`, { cause: error });
  }
  return new SluiceError("missing", `the file "${file.origin}" is not there any more`, { cause: error });
}
