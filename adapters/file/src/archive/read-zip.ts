import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { pipeline } from "node:stream";
import { crc32, createInflateRaw, inflateRawSync } from "node:zlib";
import { SluiceError } from "@sluice/core";
import { systemCode, throwIfStopped, withName } from "../errors.ts";
import type { FoundFile } from "../find-files.ts";
import { SMALL_BYTES } from "../read-small.ts";
import { archiveError, type TakeMember } from "./member.ts";
import { readDirectory, readUpTo, type ZipEntry } from "./zip-directory.ts";

const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
const STORED = 0;
const DEFLATED = 8;
const CHUNK_BYTES = 1 << 18;

/**
 * Reads the members of a zip archive that are wanted: stored and deflated ones, each verified by length and checksum.
 *
 * @throws SluiceError `data` with reason `corrupt`, `unsupported` for what is encrypted or compressed in another way
 */
export async function readZip(file: FoundFile, take: TakeMember, signal: AbortSignal): Promise<void> {
  const archive = file.origin;
  const handle = await withName(archive, () => open(file.path, "r"));
  try {
    const window = new Window(handle, archive);
    for (const entry of await readDirectory(handle, file.bytes, archive)) {
      const taking = take(entry);
      if (taking === undefined) continue;
      assertReadable(entry, archive);
      const local = await window.read(entry.offset, LOCAL_BYTES + entry.rawName.length);
      const isSame =
        local.subarray(LOCAL_BYTES).equals(entry.rawName) && local.readUInt16LE(26) === entry.rawName.length;
      if (local.readUInt32LE(0) !== LOCAL || !isSame) {
        throw archiveError(archive, `is damaged: "${entry.name}" is not where the directory says`);
      }
      const start = entry.offset + LOCAL_BYTES + entry.rawName.length + local.readUInt16LE(28);
      throwIfStopped(signal);
      await taking(contentOf(file, entry, { window, start, signal }));
    }
  } finally {
    await handle.close();
  }
}

const WINDOW_BYTES = 1 << 20;

/** A part of the archive in memory: small members stand one behind the other, and to read each of 70,000 alone takes minutes. */
class Window {
  private readonly handle: FileHandle;
  private readonly archive: string;
  private bytes: Buffer = Buffer.alloc(0);
  private from = 0;

  constructor(handle: FileHandle, archive: string) {
    this.handle = handle;
    this.archive = archive;
  }

  /** So many bytes from a place; they stay what they are. */
  async read(from: number, length: number): Promise<Buffer> {
    const isThere = from >= this.from && from + length <= this.from + this.bytes.length;
    if (!isThere) {
      this.bytes = await readUpTo(this.handle, from, Math.max(length, WINDOW_BYTES));
      this.from = from;
    }
    const found = this.bytes.subarray(from - this.from, from - this.from + length);
    if (found.length < length) throw archiveError(this.archive, "is not a whole zip archive: it ends in the middle");
    return found;
  }
}

function assertReadable({ name, isEncrypted, method }: ZipEntry, archive: string): void {
  if (isEncrypted) {
    throw new SluiceError("unsupported", `"${name}" in ${archive} is encrypted`, {
      offending: name,
      hint: "unpack it with its password, and name the file",
    });
  }
  if (method === STORED || method === DEFLATED) return;
  throw new SluiceError("unsupported", `"${name}" in ${archive} is compressed by method ${method}`, {
    offending: name,
    hint: "stored and deflated members are read; pack the archive again, or unpack it",
  });
}

async function* contentOf(
  file: FoundFile,
  entry: ZipEntry,
  { window, start, signal }: { readonly window: Window; readonly start: number; readonly signal: AbortSignal },
): AsyncGenerator<Buffer> {
  const { name, bytes, packedBytes, crc, method } = entry;
  const wrong = (says: string, cause?: unknown): Error =>
    archiveError(file.origin, `is damaged: "${name}" ${says}`, cause);
  if (method === STORED && bytes !== packedBytes) throw wrong("has two lengths");
  let length = 0;
  let sum = 0;
  const isSmall = bytes <= SMALL_BYTES && packedBytes <= SMALL_BYTES;
  const chunks = isSmall
    ? expandedSmall(await window.read(start, packedBytes), entry, wrong)
    : expanded(file, { start, packedBytes, method }, signal, wrong);
  for await (const chunk of chunks) {
    length += chunk.length;
    // A member that goes on and on is given up before it fills the disk.
    if (length > bytes) throw wrong(`is longer than the ${bytes} bytes that the directory says`);
    sum = crc32(chunk, sum);
    yield chunk;
  }
  if (length < bytes) throw wrong(`has ${length} bytes, not the ${bytes} that the directory says`);
  if (sum !== crc) throw wrong("has another checksum than the directory says");
}

/** A stream of its own for each would take a millisecond. */
function expandedSmall(packed: Buffer, entry: ZipEntry, wrong: Wrong): readonly Buffer[] {
  const { bytes, method } = entry;
  if (method === STORED || packed.length === 0) return [packed];
  try {
    // One byte more shows a member that goes on.
    const { buffer, engine } = inflateRawSync(packed, {
      info: true,
      maxOutputLength: bytes + 1,
      chunkSize: Math.max(64, bytes + 1),
    }) as unknown as Inflated;
    if (engine.bytesWritten < packed.length) throw wrong("has other bytes after its end");
    return [buffer];
  } catch (error) {
    const code = systemCode(error);
    if (code === "ERR_BUFFER_TOO_LARGE") throw wrong(`is longer than the ${bytes} bytes that the directory says`);
    if (code === "Z_BUF_ERROR") throw wrong("ends in the middle", error);
    if (code.startsWith("Z_")) throw wrong(`cannot be expanded (${(error as Error).message})`, error);
    throw error;
  }
}

interface Inflated {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

type Wrong = (says: string, cause?: unknown) => Error;

async function* expanded(
  file: FoundFile,
  { start, packedBytes, method }: { readonly start: number; readonly packedBytes: number; readonly method: number },
  signal: AbortSignal,
  wrong: Wrong,
): AsyncGenerator<Buffer> {
  if (packedBytes === 0) return;
  const source = createReadStream(file.path, {
    start,
    end: start + packedBytes - 1,
    highWaterMark: CHUNK_BYTES,
    signal,
  });
  if (method === STORED) {
    for await (const chunk of source) yield chunk as Buffer;
    return;
  }
  const inflate = createInflateRaw({ chunkSize: CHUNK_BYTES });
  // Errors of either stream end the iteration below.
  pipeline(source, inflate, () => undefined);
  try {
    for await (const chunk of inflate) yield chunk as Buffer;
  } catch (error) {
    const code = systemCode(error);
    if (code === "Z_BUF_ERROR") throw wrong("ends in the middle", error);
    if (code.startsWith("Z_")) throw wrong(`cannot be expanded (${(error as Error).message})`, error);
    throw error;
  }
  if (inflate.bytesWritten < packedBytes) throw wrong("has other bytes after its end");
}
