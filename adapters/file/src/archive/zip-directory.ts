import type { FileHandle } from "node:fs/promises";
import { archiveError, type Member } from "./member.ts";

/** A member of a zip archive, as its central directory says. */
export interface ZipEntry extends Member {
  readonly isEncrypted: boolean;
  readonly method: number;
  readonly crc: number;
  readonly packedBytes: number;
  /** Of its local header. */
  readonly offset: number;
  readonly rawName: Buffer;
}

const END = 0x06054b50;
const END_BYTES = 22;
const END64_LOCATOR = 0x07064b50;
const END64 = 0x06064b50;
const ENTRY = 0x02014b50;
const ENTRY_BYTES = 46;
/** Some 500,000 members. */
const MOST_DIRECTORY_BYTES = 64 << 20;
const FULL_16 = 0xffff;
const FULL_32 = 0xffffffff;

/**
 * The central directory of a zip archive (APPNOTE.TXT 6.3.10, sections 4.3.12 to 4.3.16), zip64 too. It must fill what lies
 * between the members and its end record, and no two members may share bytes: archives that expand without end do.
 *
 * @throws SluiceError `data` with reason `corrupt`
 */
export async function readDirectory(file: FileHandle, size: number, archive: string): Promise<readonly ZipEntry[]> {
  const { count, bytes, offset } = await findDirectory(file, size, archive);
  if (bytes > MOST_DIRECTORY_BYTES) throw archiveError(archive, `has a directory of ${bytes} bytes, which is too long`);
  const directory = await readAt(file, offset, bytes, archive);
  const entries: ZipEntry[] = [];
  let at = 0;
  while (entries.length < count) {
    if (at + ENTRY_BYTES > bytes || directory.readUInt32LE(at) !== ENTRY) throw damaged(archive);
    const nameLength = directory.readUInt16LE(at + 28);
    const extraLength = directory.readUInt16LE(at + 30);
    const commentLength = directory.readUInt16LE(at + 32);
    const next = at + ENTRY_BYTES + nameLength + extraLength + commentLength;
    if (next > bytes) throw damaged(archive);
    entries.push(entryAt(directory, at, { nameLength, extraLength }, archive));
    at = next;
  }
  if (at !== bytes) throw damaged(archive);
  assertApart(entries, offset, archive);
  return entries;
}

interface Directory {
  readonly count: number;
  readonly bytes: number;
  readonly offset: number;
}

async function findDirectory(file: FileHandle, size: number, archive: string): Promise<Directory> {
  const length = Math.min(size, END_BYTES + FULL_16);
  const tail = await readAt(file, size - length, length, archive);
  let end = length - END_BYTES;
  while (end >= 0 && !(tail.readUInt32LE(end) === END && tail.readUInt16LE(end + 20) === length - end - END_BYTES))
    end -= 1;
  if (end < 0) throw archiveError(archive, "is not a whole zip archive: it has no directory at its end");
  const endAt = size - length + end;
  const [disk, firstDisk] = [tail.readUInt16LE(end + 4), tail.readUInt16LE(end + 6)];
  const count = tail.readUInt16LE(end + 10);
  const bytes = tail.readUInt32LE(end + 12);
  const offset = tail.readUInt32LE(end + 16);
  if (count === FULL_16 || bytes === FULL_32 || offset === FULL_32) {
    const large = await findLargeDirectory(file, endAt, archive);
    if (large !== undefined) return large;
  }
  if (disk !== 0 || firstDisk !== 0) throw archiveError(archive, "is a part of a zip archive of several files");
  if (offset + bytes !== endAt) throw damaged(archive);
  return { count, bytes, offset };
}

async function findLargeDirectory(file: FileHandle, endAt: number, archive: string): Promise<Directory | undefined> {
  if (endAt < 76) return undefined;
  const locator = await readAt(file, endAt - 20, 20, archive);
  if (locator.readUInt32LE(0) !== END64_LOCATOR) return undefined;
  const at = Number(locator.readBigUInt64LE(8));
  if (at + 56 > endAt - 20) throw damaged(archive);
  const end = await readAt(file, at, 56, archive);
  const [count, bytes, offset] = [32, 40, 48].map((from) => Number(end.readBigUInt64LE(from)));
  if (end.readUInt32LE(0) !== END64 || count === undefined || bytes === undefined || offset === undefined)
    throw damaged(archive);
  if (offset + bytes !== at) throw damaged(archive);
  return { count, bytes, offset };
}

function entryAt(
  directory: Buffer,
  at: number,
  { nameLength, extraLength }: { readonly nameLength: number; readonly extraLength: number },
  archive: string,
): ZipEntry {
  const flags = directory.readUInt16LE(at + 8);
  const rawName = directory.subarray(at + ENTRY_BYTES, at + ENTRY_BYTES + nameLength);
  const extra = directory.subarray(at + ENTRY_BYTES + nameLength, at + ENTRY_BYTES + nameLength + extraLength);
  const sizes = {
    bytes: directory.readUInt32LE(at + 24),
    packedBytes: directory.readUInt32LE(at + 20),
    offset: directory.readUInt32LE(at + 42),
  };
  const name = nameOf(rawName);
  // Made on Unix: the mode of the file stands in the upper half of its attributes.
  const mode = directory.readUInt8(at + 5) === 3 ? directory.readUInt32LE(at + 38) >>> 16 : 0;
  const isLink = (mode & 0xf000) === 0xa000;
  return {
    name,
    kind: name.endsWith("/") ? "folder" : isLink ? "link" : "file",
    ...largeSizes(sizes, extra, archive),
    isEncrypted: (flags & 1) === 1,
    method: directory.readUInt16LE(at + 10),
    crc: directory.readUInt32LE(at + 16),
    rawName,
  };
}

type Sizes = Pick<ZipEntry, "bytes" | "packedBytes" | "offset">;

/** Where a field is full, its true value stands in the extra field 1, in this order (section 4.5.3). */
function largeSizes(sizes: Sizes, extra: Buffer, archive: string): Sizes {
  const full = (["bytes", "packedBytes", "offset"] as const).filter((name) => sizes[name] === FULL_32);
  if (full.length === 0) return sizes;
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    if (extra.readUInt16LE(at + 2) < 8 * full.length || at + 4 + 8 * full.length > extra.length) throw damaged(archive);
    const values = full.map((name, index) => [name, Number(extra.readBigUInt64LE(at + 4 + 8 * index))] as const);
    return { ...sizes, ...Object.fromEntries(values) };
  }
  return sizes;
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** UTF-8 where the bytes are, whether or not the archive says so; backslashes of old writers are slashes. */
function nameOf(bytes: Buffer): string {
  let name: string;
  try {
    name = utf8.decode(bytes);
  } catch {
    // An old code page, which the archive does not name.
    name = bytes.toString("latin1");
  }
  return name.includes("/") ? name : name.replaceAll("\\", "/");
}

function assertApart(entries: readonly ZipEntry[], directoryOffset: number, archive: string): void {
  const sorted = [...entries].sort((a, b) => a.offset - b.offset);
  for (const [index, entry] of sorted.entries()) {
    const end = entry.offset + 30 + entry.rawName.length + entry.packedBytes;
    if (end <= (sorted[index + 1]?.offset ?? directoryOffset)) continue;
    throw archiveError(archive, `is damaged: "${entry.name}" shares bytes with what follows it`);
  }
}

/** So many bytes of a file, all of which must be there. */
async function readAt(file: FileHandle, from: number, length: number, archive: string): Promise<Buffer> {
  const bytes = await readUpTo(file, from, length);
  if (bytes.length < length) throw archiveError(archive, "is not a whole zip archive: it ends in the middle");
  return bytes;
}

/** So many bytes of a file, or what there is of them. */
export async function readUpTo(file: FileHandle, from: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, from + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

function damaged(archive: string): Error {
  return archiveError(archive, "is damaged: its directory cannot be read");
}
