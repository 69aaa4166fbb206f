import { readFileSync } from "node:fs";
import { SluiceError } from "@sluice/core";
import { whileReading } from "./own-folder.ts";

const LINE_FEED = 0x0a;

/**
 * The text of a file, which has to be UTF-8: another encoding would put other letters into constants without a word.
 *
 * @throws SluiceError `config` at the first byte that is none
 */
export function readUtf8(file: string): string {
  const bytes = whileReading(file, () => readFileSync(file));
  const text = decode(bytes);
  if (text !== undefined) return text;
  let start = 0;
  for (let line = 1; start < bytes.length; line++) {
    const found = bytes.indexOf(LINE_FEED, start);
    const end = found === -1 ? bytes.length : found;
    const problem = wrongByte(bytes.subarray(start, end));
    if (problem !== undefined) throw notUtf8({ file, line, column: problem.column }, problem.byte);
    start = end + 1;
  }
  throw notUtf8({ file }, 0);
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function wrongByte(line: Uint8Array): { readonly column: number; readonly byte: number } | undefined {
  if (decode(line) !== undefined) return undefined;
  // Halving: how far the line can be read, a letter that goes on behind it left out.
  let [least, most] = [0, line.length];
  while (most - least > 1) {
    const middle = (least + most) >> 1;
    if (beginning(line.subarray(0, middle)) === undefined) most = middle;
    else least = middle;
  }
  const read = beginning(line.subarray(0, least)) ?? "";
  return { column: read.length + 1, byte: line[Buffer.byteLength(read)] ?? 0 };
}

function beginning(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true });
  } catch {
    return undefined;
  }
}

function notUtf8(at: { file: string; line?: number; column?: number }, byte: number): SluiceError {
  const code = byte.toString(16).toUpperCase().padStart(2, "0");
  return new SluiceError("config", `the file is not UTF-8: the byte 0x${code} stands here`, {
    at,
    hint: "save the file as UTF-8",
  });
}
