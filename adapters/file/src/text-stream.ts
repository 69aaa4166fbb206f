import { createReadStream, type ReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { isSluiceError, SluiceError } from "@sluice/core";
import { dataError, systemCode, toReadError } from "./errors.ts";
import type { FoundFile } from "./find-files.ts";
import { readSmall } from "./read-small.ts";
import { firstWrongUnit } from "./utf16.ts";

const CHUNK_BYTES = 1 << 18;

/** The first bytes of a file, as they lie on the disk. */
export async function readHead(file: FoundFile, length: number): Promise<Buffer> {
  try {
    const content = readSmall(file);
    if (content !== undefined) return content.subarray(0, length);
    const handle = await open(file.path, "r");
    try {
      const head = Buffer.alloc(Math.min(length, Math.max(file.bytes, 1)));
      let filled = 0;
      while (filled < head.length) {
        const { bytesRead } = await handle.read(head, filled, head.length - filled, filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return head.subarray(0, filled);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw await toReadError(isSluiceError(error) ? error.cause : error, file.origin, file.path);
  }
}

function streamOf({ path, content }: FoundFile, signal: AbortSignal): Readable {
  if (content !== undefined) return Readable.from(content.length === 0 ? [] : [content]);
  return createReadStream(path, { highWaterMark: CHUNK_BYTES, signal });
}

/** Whether a file says that it is gzip: by its first bytes. */
export function isGzip(head: Buffer): boolean {
  return head.length >= 2 && head[0] === 0x1f && head[1] === 0x8b;
}

/** The bytes of a file in pieces. */
export async function* readChunks(file: FoundFile, signal: AbortSignal): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of streamOf(file, signal)) yield chunk as Buffer;
  } catch (error) {
    throw await toReadError(error, file.origin, file.path);
  }
}

/**
 * The content of a gzip file in pieces. Every length and checksum is verified, and nothing may follow the last member:
 * a reader that does not look takes half a file for a whole one.
 *
 * @throws SluiceError `data` with reason `corrupt`
 */
export async function* expandGzip(file: FoundFile, signal: AbortSignal): AsyncGenerator<Buffer> {
  const source = streamOf(file, signal);
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  // Errors of either stream end the iteration below.
  pipeline(source, gunzip, () => undefined);
  try {
    for await (const chunk of gunzip) yield chunk as Buffer;
  } catch (error) {
    const code = systemCode(error);
    if (code === "Z_BUF_ERROR") throw corrupt(file, "ends in the middle: a part of it is missing", error);
    if (code.startsWith("Z_")) {
      // The first header was seen to be one: what is wrong here is whatever follows the last member.
      const isTrailing = /incorrect header check/.test(String(error));
      throw corrupt(
        file,
        isTrailing ? "has other bytes after its end" : `is damaged (${(error as Error).message})`,
        error,
      );
    }
    throw await toReadError(error, file.origin, file.path);
  }
  if (gunzip.bytesWritten < (file.content?.length ?? (source as ReadStream).bytesRead))
    throw corrupt(file, "has other bytes after its end", undefined);
}

function corrupt(file: FoundFile, says: string, cause: unknown): SluiceError {
  return new SluiceError("data", `${file.origin} is not a whole gzip file: it ${says}`, {
    reason: "corrupt",
    offending: file.origin,
    hint: "fetch the file again",
    cause,
  });
}

/** The encoding that a byte order mark says, or undefined. */
export function markedEncoding(head: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" | undefined {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return "utf-8";
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  return head[0] === 0xfe && head[1] === 0xff ? "utf-16be" : undefined;
}

/**
 * The one name of an encoding: `latin1`, `cp1252` and `windows-1252` are the same to the web, and so here.
 *
 * @throws SluiceError `config` for one that is not known
 */
export function canonicalEncoding(label: string): string {
  try {
    return new TextDecoder(label).encoding;
  } catch (error) {
    throw new SluiceError("config", `the encoding "${label}" is not known`, {
      offending: label,
      hint: "use a name of the WHATWG encoding standard: utf-8, windows-1252, iso-8859-15, utf-16le, shift_jis …",
      cause: error,
    });
  }
}

/**
 * Text in another encoding, as UTF-8.
 *
 * @throws SluiceError `data` with reason `encoding` for bytes that the encoding does not have
 */
export async function* transcode(
  chunks: AsyncIterable<Buffer>,
  encoding: string,
  origin: string,
): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const repair = encoding === "windows-1252" ? repairWindows1252 : (text: string): string => text;
  let seen = 0;
  /** The last bytes before the piece at hand. */
  let tail: Buffer = Buffer.alloc(0);
  const decode = (chunk: Buffer | undefined): Buffer => {
    try {
      return Buffer.from(repair(chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true })));
    } catch (error) {
      throw dataError(
        origin,
        `is not ${encoding}: ${placeOf(encoding, { tail, chunk, seen })}`,
        "encoding",
        `say which it is: encoding: "…" (${String((error as Error).message)})`,
      );
    }
  };
  for await (const chunk of chunks) {
    const text = decode(chunk);
    seen += chunk.length;
    tail = Buffer.concat([tail, chunk.subarray(-3)]).subarray(-3);
    if (text.length > 0) yield text;
  }
  const rest = decode(undefined);
  if (rest.length > 0) yield rest;
}

/** Which byte is wrong; of encodings in which a byte says nothing alone, between which. */
function placeOf(
  encoding: string,
  { tail, chunk, seen }: { readonly tail: Buffer; readonly chunk: Buffer | undefined; readonly seen: number },
): string {
  if (encoding.startsWith("utf-16")) {
    const bytes = Buffer.concat([tail, chunk ?? Buffer.alloc(0)]);
    const wrong = firstWrongUnit(bytes, seen - tail.length, encoding, chunk === undefined);
    if (wrong !== undefined) return `byte ${wrong.byte} ${wrong.says}`;
  }
  if (chunk === undefined) return "its last character is not whole";
  const single = SINGLE_BYTE.test(encoding) ? chunk.findIndex((byte) => !isCharacter(encoding, byte)) : -1;
  return single >= 0
    ? `byte ${seen + single + 1} is no character`
    : `a byte between ${seen + 1} and ${seen + chunk.length} is wrong`;
}

const SINGLE_BYTE = /^(?:windows-|iso-8859-|koi8-|ibm866|macintosh|x-mac-)/;

function isCharacter(encoding: string, byte: number): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(Uint8Array.of(byte));
    return true;
  } catch {
    return false;
  }
}

const WINDOWS_1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

/** Node 20 reads windows-1252 as Latin-1: the 27 letters in which they differ come out as control characters. */
function repairWindows1252(text: string): string {
  return text.replaceAll(/[\u0080-\u009f]/g, (letter) => WINDOWS_1252[letter.charCodeAt(0) - 0x80] ?? letter);
}
