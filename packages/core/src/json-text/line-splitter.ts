import { MAX_RECORD_BYTES } from "../text/record-splitter.ts";
import { isUtf8 } from "../text/utf8.ts";

/** A line of NDJSON as it passes by. One object stands for all of them: read it before the callback returns. */
export interface TextLine {
  /** From 1; lines of blanks do not count. */
  readonly record: number;
  /** From 1. */
  readonly line: number;
  /** In bytes, without blanks around it; its true length where it is too long. */
  readonly length: number;
  readonly problem: "is too long" | "is not valid UTF-8" | "has a NUL byte" | undefined;
  /** Without blanks around it; only the first 64 KB where it is too long. Valid until the callback returns. */
  readonly bytes: Uint8Array;
}

/** Takes bytes in pieces of any size and gives lines. */
export interface LineSplitter {
  push(chunk: Uint8Array, emit: (line: TextLine) => void): void;
  /** Tells that there is no more, and gives the last line. */
  end(emit: (line: TextLine) => void): void;
}

const KEPT_BYTES = 64 * 1024;

/**
 * Tells the lines of NDJSON apart, holding no more than the longest allowed one.
 *
 * @example
 * const splitter = createLineSplitter();
 * splitter.push(new TextEncoder().encode('{"a":1}\n\n{"a":2}'), ({ record, line }) => console.log(record, line)); // 1 1
 * splitter.end(({ record, line }) => console.log(record, line)); // 2 3
 */
export function createLineSplitter(maxBytes: number = MAX_RECORD_BYTES): LineSplitter {
  let parts: Uint8Array[] = [];
  let kept = 0;
  let length = 0;
  let line = 1;
  let record = 0;
  const add = (bytes: Uint8Array): void => {
    length += bytes.length;
    if (bytes.length === 0 || (length > maxBytes && kept >= KEPT_BYTES)) return;
    // A piece of the caller's buffer may be written over by the next.
    parts.push(bytes.slice());
    kept += bytes.length;
  };
  const finish = (tail: Uint8Array, emit: (line: TextLine) => void): void => {
    length += tail.length;
    const isLong = length > maxBytes;
    const whole = parts.length === 0 ? tail : joined([...parts, tail], kept + tail.length);
    const bytes = isLong ? whole.subarray(0, KEPT_BYTES) : trimmed(whole);
    if (isLong || bytes.length > 0) {
      record += 1;
      const problem = isLong
        ? "is too long"
        : bytes.includes(0)
          ? "has a NUL byte"
          : isUtf8(bytes)
            ? undefined
            : "is not valid UTF-8";
      emit({ record, line, length: isLong ? length : bytes.length, problem, bytes });
    }
    line += 1;
    parts = [];
    kept = 0;
    length = 0;
  };
  return {
    push(chunk, emit) {
      let from = 0;
      for (let at = chunk.indexOf(LINE_FEED); at !== -1; at = chunk.indexOf(LINE_FEED, from)) {
        finish(chunk.subarray(from, at), emit);
        from = at + 1;
      }
      add(chunk.subarray(from));
    },
    end(emit) {
      if (length > 0) finish(new Uint8Array(0), emit);
    },
  };
}

const LINE_FEED = 10;

function joined(parts: readonly Uint8Array[], total: number): Uint8Array {
  const whole = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Without the white space that C knows, which is what the engine's reader leaves out around a line. */
function trimmed(bytes: Uint8Array): Uint8Array {
  let from = 0;
  let to = bytes.length;
  while (from < to && isBlank(bytes[from])) from += 1;
  while (to > from && isBlank(bytes[to - 1])) to -= 1;
  return bytes.subarray(from, to);
}

function isBlank(byte: number | undefined): boolean {
  return byte === 32 || (byte !== undefined && byte >= 9 && byte <= 13);
}
