import type { FileHandle } from "node:fs/promises";
import { type CsvDialect, type ScannableInput, SluiceError } from "@sluice/core";
import type { PieceLook } from "./stray-line-end.ts";

/**
 * A quote that opens again behind a closing one and blanks: of `"x" "y"` DuckDB (1.5.6) makes `x y`, where the split says that there is
 * text after a closing quote. Few files have a quote, blanks and a quote at all, and of those most have fields of blanks: such a file is
 * read once more, byte by byte.
 */
export interface ReopenedQuote {
  /** Whether one may end in this piece; the pieces of a file are given one after the other. */
  readonly mayBe: PieceLook;
  /** Whether there is one; to be asked where there may be. */
  isIn(file: FileHandle, signal: AbortSignal): Promise<boolean>;
}

const BLANK = 32;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** Undefined where there is nothing to look for. */
export function reopenedQuote({ dialect }: Pick<ScannableInput, "dialect">): ReopenedQuote | undefined {
  if (dialect === undefined || dialect.quote === "") return undefined;
  const quote = dialect.quote.charCodeAt(0);
  // With another escape, or lines that are no records, a byte does not say what it is: the split decides.
  const isPlain = dialect.escape === dialect.quote && dialect.comment === undefined && (dialect.skip ?? 0) === 0;
  return {
    mayBe: quotesAroundBlanks(quote),
    isIn: async (file, signal) => !isPlain || (await opensAgain(file, dialect, quote, signal)),
  };
}

function quotesAroundBlanks(quote: number): PieceLook {
  const behindQuote = Buffer.of(quote, BLANK);
  /** Whether the pieces before end with a quote, or with one and blanks. */
  let isOpen = false;
  return (piece) => {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    const nextOf = (from: number): number => {
      let next = from;
      while (bytes[next] === BLANK) next += 1;
      return next;
    };
    const first = isOpen ? nextOf(0) : 0;
    if (isOpen && bytes[first] === quote) return true;
    isOpen = (isOpen && first === bytes.length) || bytes.at(-1) === quote;
    for (let at = bytes.indexOf(behindQuote); at !== -1; at = bytes.indexOf(behindQuote, at + 1)) {
      const next = nextOf(at + 1);
      if (bytes[next] === quote) return true;
      isOpen ||= next === bytes.length;
    }
    return false;
  };
}

const CHUNK_BYTES = 1_048_576;

/** Where a byte stands: before a field's first letter, in one without quotes, between quotes, or behind the closing one. */
const [BEFORE, BARE, QUOTED, CLOSED, CLOSED_AND_BLANK] = [0, 1, 2, 3, 4];

async function opensAgain(
  file: FileHandle,
  { delimiter }: CsvDialect,
  quote: number,
  signal: AbortSignal,
): Promise<boolean> {
  const separator = Buffer.from(delimiter).at(-1);
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  let state = BEFORE;
  for (let position = 0; ; ) {
    if (signal.aborted) throw new SluiceError("cancelled", "the query was cancelled");
    const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, position);
    if (bytesRead === 0) return false;
    position += bytesRead;
    for (let at = 0; at < bytesRead; at += 1) {
      const byte = buffer[at];
      if (state === QUOTED) {
        if (byte === quote) state = CLOSED;
      } else if (byte === separator || byte === LINE_FEED || byte === CARRIAGE_RETURN) state = BEFORE;
      else if (byte === quote) {
        if (state === CLOSED_AND_BLANK) return true;
        if (state !== BARE) state = QUOTED;
      } else if (byte !== BLANK) state = BARE;
      else if (state === CLOSED) state = CLOSED_AND_BLANK;
    }
  }
}
