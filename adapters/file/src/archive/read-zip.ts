import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline } from "node:stream";
import { crc32, createInflateRaw } from "node:zlib";
import { SluiceError } from "@sluice/core";
import { systemCode, withName } from "../errors.ts";
import type { FoundFile } from "../find-files.ts";
import { archiveError, type TakeMember } from "./member.ts";
import { readAt, readDirectory, type ZipEntry } from "./zip-directory.ts";

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
    for (const entry of await readDirectory(handle, file.bytes, archive)) {
      const taking = take(entry);
      if (taking === undefined) continue;
      assertReadable(entry, archive);
      const local = await readAt(handle, entry.offset, LOCAL_BYTES + entry.rawName.length, archive);
      const isSame =
        local.subarray(LOCAL_BYTES).equals(entry.rawName) && local.readUInt16LE(26) === entry.rawName.length;
      if (local.readUInt32LE(0) !== LOCAL || !isSame) {
        throw archiveError(archive, `is damaged: "${entry.name}" is not where the directory says`);
      }
      const start = entry.offset + LOCAL_BYTES + entry.rawName.length + local.readUInt16LE(28);
      await taking(contentOf(file, entry, start, signal));
    }
  } finally {
    await handle.close();
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
  start: number,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const { name, bytes, packedBytes, crc, method } = entry;
  const wrong = (says: string, cause?: unknown): Error =>
    archiveError(file.origin, `is damaged: "${name}" ${says}`, cause);
  if (method === STORED && bytes !== packedBytes) throw wrong("has two lengths");
  let length = 0;
  let sum = 0;
  for await (const chunk of expanded(file, { start, packedBytes, method }, signal, wrong)) {
    length += chunk.length;
    // A member that goes on and on is given up before it fills the disk.
    if (length > bytes) throw wrong(`is longer than the ${bytes} bytes that the directory says`);
    sum = crc32(chunk, sum);
    yield chunk;
  }
  if (length < bytes) throw wrong(`has ${length} bytes, not the ${bytes} that the directory says`);
  if (sum !== crc) throw wrong("has another checksum than the directory says");
}

async function* expanded(
  file: FoundFile,
  { start, packedBytes, method }: { readonly start: number; readonly packedBytes: number; readonly method: number },
  signal: AbortSignal,
  wrong: (says: string, cause?: unknown) => Error,
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
