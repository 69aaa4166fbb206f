import { open, rename } from "node:fs/promises";
import type { CsvDialect } from "@sluice/core";
import { withName } from "./errors.ts";
import type { FirstRecord } from "./header.ts";
import { type ByteRange, normaliseLines } from "./normalise-lines.ts";
import type { PreparedText } from "./prepare-text.ts";

const CHUNK_BYTES = 1 << 16;
const LF = 10;
const CR = 13;

/** Where the table of a file stands, and the line with which it begins. */
export interface TableRange extends ByteRange {
  readonly firstLine: number;
}

/**
 * Where the table of a file begins and ends that has lines above its header or below its last record; undefined where the
 * whole file is table.
 */
export async function tableRange(
  text: PreparedText,
  { skip = 0, skipEnd = 0, newline }: Pick<CsvDialect, "skip" | "skipEnd" | "newline">,
): Promise<TableRange | undefined> {
  if (skip === 0 && skipEnd === 0) return undefined;
  const lineEnd = newline === "cr" ? CR : LF;
  const start = skip === 0 ? 0 : await startAfter(text, skip, lineEnd);
  const end = skipEnd === 0 ? text.bytes : await endBefore(text, skipEnd, lineEnd);
  return { start, end: Math.max(start, end), firstLine: skip + 1 };
}

/** Behind so many lines. */
async function startAfter(text: PreparedText, lines: number, lineEnd: number): Promise<number> {
  let left = lines;
  return await scanned(text, { from: 0, step: 1 }, (chunk, at) => {
    for (let found = chunk.indexOf(lineEnd); found >= 0; found = chunk.indexOf(lineEnd, found + 1)) {
      left -= 1;
      if (left === 0) return at + found + 1;
    }
    return undefined;
  });
}

/** Where the last so many lines begin that hold anything. */
async function endBefore(text: PreparedText, lines: number, lineEnd: number): Promise<number> {
  let left = lines;
  let isBlank = true;
  return await scanned(text, { from: text.bytes, step: -1 }, (chunk, at) => {
    for (let index = chunk.length - 1; index >= 0; index--) {
      const byte = chunk[index] ?? 0;
      if (byte === lineEnd) {
        if (!isBlank) left -= 1;
        if (left === 0) return at + index + 1;
        isBlank = true;
      } else if (byte !== 32 && byte !== 9 && byte !== CR && byte !== LF) isBlank = false;
    }
    return undefined;
  });
}

/** Reads in pieces, forwards or backwards, until something is found; else gives the end to which it came. */
async function scanned(
  text: PreparedText,
  { from, step }: { readonly from: number; readonly step: 1 | -1 },
  look: (chunk: Buffer, at: number) => number | undefined,
): Promise<number> {
  return await withName(text.origin, async () => {
    const handle = await open(text.path, "r");
    try {
      const buffer = Buffer.alloc(CHUNK_BYTES);
      for (let at = from; step === 1 ? at < text.bytes : at > 0; ) {
        const size = Math.min(CHUNK_BYTES, step === 1 ? text.bytes - at : at);
        const begin = step === 1 ? at : at - size;
        const { bytesRead } = await handle.read(buffer, 0, size, begin);
        if (bytesRead === 0) break;
        const found = look(buffer.subarray(0, bytesRead), begin);
        if (found !== undefined) return found;
        at += step * bytesRead;
      }
      return step === 1 ? text.bytes : 0;
    } finally {
      await handle.close();
    }
  });
}

/**
 * A copy in which every record ends the same way and nothing else is: lines above and below the table are gone, comments are
 * blank lines. Lines keep their numbers by that of the first.
 */
export async function cutText(
  text: PreparedText,
  target: string,
  {
    dialect,
    fields,
    first,
    header,
    range,
    newline,
    signal,
  }: {
    readonly dialect: Pick<
      CsvDialect,
      "delimiter" | "quote" | "escape" | "newline" | "header" | "comment" | "ragged" | "fixed"
    >;
    readonly fields: number;
    readonly first: FirstRecord | undefined;
    /** What is written instead of the header. */
    readonly header?: Uint8Array | undefined;
    readonly range: TableRange | undefined;
    readonly newline: "lf" | "crlf" | "cr";
    readonly signal: AbortSignal;
  },
): Promise<PreparedText> {
  const own = { ...dialect, newline: first?.newline === "cr" ? "cr" : "lf" } as const;
  const begin = range?.start ?? 0;
  const part = { start: begin + (first?.offset ?? 0), end: range?.end ?? text.bytes };
  const bytes = await normaliseLines({ ...text, ...part }, target, { dialect: own, fields, header, newline, signal });
  const { stays, ...copied } = text;
  const firstLine = (range?.firstLine ?? 1) + (first?.line ?? 1) - 1;
  if (stays === true) return { ...copied, path: target, bytes, firstLine };
  // The first copy is gone as soon as it is not needed: scratch space is short when files are long.
  await rename(target, text.path);
  return { ...copied, bytes, firstLine };
}
