import { type FileHandle, open } from "node:fs/promises";
import { type InputFile, SluiceError } from "@sluice/core";
import type { RecordPlace } from "./record-places.ts";

/** Of a record that is kept for a person to see. */
export const RAW_BYTES: number = 64 * 1024;

const WINDOW_BYTES = 1024 * 1024;
const lossy = new TextDecoder("utf-8", { ignoreBOM: true });

/** A record by the number that the query over it knows it by. */
export interface NumberedPlace extends RecordPlace {
  readonly index: number;
}

export const RAW_COLUMNS: readonly string[] = ["index", "file", "record", "line", "bytes", "raw"];

/**
 * Writes where records stand and their raw text, as CSV without a header: see `RAW_COLUMNS`. The places come in the order of
 * the files, so that each file is read once at most, in windows.
 */
export async function writeRaw(
  places: AsyncIterable<readonly NumberedPlace[]>,
  files: readonly InputFile[],
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const target = await open(path, "w");
  let window: Window | undefined;
  try {
    for await (const chunk of places) {
      if (signal.aborted) throw new SluiceError("cancelled", "the query was cancelled");
      let lines = "";
      for (const { index, file, record, line, offset, bytes } of chunk) {
        const { path = "", start = 0 } = files[file] ?? {};
        if (window?.path !== path) {
          await window?.handle.close();
          window = undefined;
          window = { path, handle: await open(path), start: 0, bytes: Buffer.alloc(0) };
        }
        const raw = await readWindow(window, start + offset, Math.min(bytes, RAW_BYTES));
        lines += `${index},${file},${record},${line},${bytes},${quotedText(raw)}\n`;
      }
      await target.writeFile(lines);
    }
  } finally {
    await window?.handle.close();
    await target.close();
  }
}

interface Window {
  readonly path: string;
  readonly handle: FileHandle;
  start: number;
  bytes: Buffer;
}

async function readWindow(window: Window, offset: number, length: number): Promise<Uint8Array> {
  if (offset < window.start || offset + length > window.start + window.bytes.length) {
    const buffer = Buffer.allocUnsafe(WINDOW_BYTES);
    const { bytesRead } = await window.handle.read(buffer, 0, WINDOW_BYTES, offset);
    window.start = offset;
    window.bytes = buffer.subarray(0, bytesRead);
  }
  const from = offset - window.start;
  return window.bytes.subarray(from, from + length);
}

/** As a field of CSV: bytes that are no UTF-8 and NULs are shown by a sign; half a character at the cut goes. */
export function quotedText(bytes: Uint8Array): string {
  const text = lossy.decode(cutText(bytes)).replaceAll("\0", "\u2400");
  return `"${text.replaceAll('"', '""')}"`;
}

function cutText(bytes: Uint8Array): Uint8Array {
  if (bytes.length < RAW_BYTES) return bytes;
  let end = RAW_BYTES;
  // A character is at most four bytes; a byte that begins one is none of those that go on with it.
  while (end > RAW_BYTES - 4 && ((bytes[end - 1] ?? 0) & 0xc0) === 0x80) end -= 1;
  const first = bytes[end - 1] ?? 0;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
  return bytes.subarray(0, end - 1 + length <= RAW_BYTES ? end - 1 + length : end - 1);
}
