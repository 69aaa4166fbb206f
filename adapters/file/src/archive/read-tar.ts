import { archiveError, type Member, type TakeMember } from "./member.ts";

const BLOCK = 512;
/** Names and attributes are read into memory: no real one is longer. */
const MOST_HEADER_BYTES = 1 << 20;

/**
 * Reads a tar archive to its end: ustar, pax (POSIX.1-2001) and the long names of GNU. Every header's checksum is verified,
 * and the archive must have its end: one that was cut at a block is else a smaller archive.
 *
 * @throws SluiceError `data` with reason `corrupt`
 */
export async function readTar(chunks: AsyncIterable<Buffer>, archive: string, take: TakeMember): Promise<void> {
  const input = new BlockReader(chunks, archive);
  try {
    await readMembers(input, archive, take);
  } finally {
    // Whatever went wrong: the file behind the pieces is closed.
    await input.close();
  }
}

async function readMembers(input: BlockReader, archive: string, take: TakeMember): Promise<void> {
  let attributes: Attributes = {};
  let shared: Attributes = {};
  for (let count = 0; ; count++) {
    const header = await input.block();
    if (header === undefined)
      throw archiveError(archive, "is not a whole tar archive: it ends without its last blocks");
    if (header.every((byte) => byte === 0)) break;
    if (!isSound(header)) {
      throw archiveError(
        archive,
        count === 0 ? "is not a tar archive" : "is damaged: the checksum of a header is wrong",
      );
    }
    const type = String.fromCharCode(header[156] ?? 0);
    const size = numberIn(header, 124, 12);
    if (!Number.isSafeInteger(size) || size < 0) throw archiveError(archive, "is damaged: a member has no size");
    if (type === "x" || type === "g" || type === "L" || type === "K") {
      if (size > MOST_HEADER_BYTES) throw archiveError(archive, "is damaged: the attributes of a member have no end");
      const content = await input.whole(size);
      if (type === "x") attributes = { ...attributes, ...paxAttributes(content, archive) };
      if (type === "g") shared = { ...shared, ...paxAttributes(content, archive) };
      if (type === "L") attributes = { ...attributes, path: textOf(content) };
      continue;
    }
    const { path, size: written, sparse } = { ...shared, ...attributes };
    attributes = {};
    const bytes = written ?? size;
    const member: Member = { name: path ?? nameIn(header), kind: kindOf(type, sparse), bytes };
    // Links and folders have no content, whatever their header says.
    const length = "123456".includes(type) ? 0 : bytes;
    const content = input.content(length);
    const taking = take(member.name.endsWith("/") && member.kind === "file" ? { ...member, kind: "folder" } : member);
    if (taking !== undefined) await taking(content);
    for await (const _rest of content);
    await input.padding(length);
  }
  await input.rest();
}

interface Attributes {
  readonly path?: string;
  readonly size?: number;
  readonly sparse?: boolean;
}

function kindOf(type: string, sparse: boolean | undefined): Member["kind"] {
  if (sparse === true) return "other";
  if (type === "0" || type === "\0" || type === "7") return "file";
  if (type === "5") return "folder";
  return type === "1" || type === "2" ? "link" : "other";
}

/** The sum of all bytes of the header, its own field counted as blanks; old writers took bytes as signed. */
function isSound(header: Buffer): boolean {
  let unsigned = 0;
  let signed = 0;
  for (let at = 0; at < BLOCK; at++) {
    const byte = at >= 148 && at < 156 ? 32 : (header[at] ?? 0);
    unsigned += byte;
    signed += byte > 127 ? byte - 256 : byte;
  }
  const said = numberIn(header, 148, 8);
  return said === unsigned || said === signed;
}

/** Octal digits, or a big-endian number behind a set bit, as GNU writes what is too large for them. */
function numberIn(header: Buffer, from: number, length: number): number {
  const first = header[from] ?? 0;
  if (first === 0x80) return header.subarray(from + 1, from + length).reduce((sum, byte) => sum * 256 + byte, 0);
  const digits = header
    .toString("latin1", from, from + length)
    .replace(/[\0 ]+$/, "")
    .trimStart();
  return /^[0-7]*$/.test(digits) ? Number.parseInt(`0${digits}`, 8) : Number.NaN;
}

function nameIn(header: Buffer): string {
  const name = textOf(header.subarray(0, 100));
  // GNU uses the place of the prefix for times.
  const isUstar = header.toString("latin1", 257, 263) === "ustar\0";
  const prefix = isUstar ? textOf(header.subarray(345, 500)) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

function textOf(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString("utf8", 0, end < 0 ? bytes.length : end);
}

/** Records of `<length> <name>=<value>\n`. */
function paxAttributes(content: Buffer, archive: string): Attributes {
  let found: Attributes = {};
  for (let at = 0; at < content.length; ) {
    const blank = content.indexOf(32, at);
    const length = Number(content.toString("latin1", at, blank));
    const record = content.toString("utf8", blank + 1, at + length - 1);
    const equals = record.indexOf("=");
    if (blank < 0 || !Number.isSafeInteger(length) || length < 5 || at + length > content.length || equals < 0) {
      throw archiveError(archive, "is damaged: the attributes of a member cannot be read");
    }
    const [name, value] = [record.slice(0, equals), record.slice(equals + 1)];
    if (name === "path") found = { ...found, path: value };
    if (name === "size") found = { ...found, size: Number(value) };
    if (name.startsWith("GNU.sparse.")) found = { ...found, sparse: true };
    at += length;
  }
  return found;
}

/** Takes pieces of any size and gives blocks and parts of them. */
class BlockReader {
  private readonly chunks: AsyncIterator<Buffer>;
  private readonly archive: string;
  private ready: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterable<Buffer>, archive: string) {
    this.chunks = chunks[Symbol.asyncIterator]();
    this.archive = archive;
  }

  async close(): Promise<void> {
    await this.chunks.return?.();
  }

  /** The next block; undefined at the end. */
  async block(): Promise<Buffer | undefined> {
    if (this.ready.length === 0 && !(await this.more())) return undefined;
    return await this.exactly(BLOCK);
  }

  /** All of a short content, and what fills its last block. */
  async whole(length: number): Promise<Buffer> {
    const content = await this.exactly(length);
    await this.padding(length);
    return content;
  }

  async *content(length: number): AsyncGenerator<Buffer> {
    for (let left = length; left > 0; ) {
      if (this.ready.length === 0 && !(await this.more())) throw this.cut();
      const piece = this.ready.subarray(0, left);
      this.ready = this.ready.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  async padding(length: number): Promise<void> {
    const rest = length % BLOCK;
    if (rest > 0) await this.exactly(BLOCK - rest);
  }

  /** What follows the end is filled up with zeros. */
  async rest(): Promise<void> {
    do {
      if (this.ready.some((byte) => byte !== 0)) throw archiveError(this.archive, "has other bytes after its end");
      this.ready = Buffer.alloc(0);
    } while (await this.more());
  }

  private async exactly(length: number): Promise<Buffer> {
    while (this.ready.length < length) if (!(await this.more())) throw this.cut();
    const bytes = this.ready.subarray(0, length);
    this.ready = this.ready.subarray(length);
    return bytes;
  }

  private async more(): Promise<boolean> {
    const { done, value } = await this.chunks.next();
    if (done === true) return false;
    this.ready = this.ready.length === 0 ? value : Buffer.concat([this.ready, value]);
    return true;
  }

  private cut(): Error {
    return archiveError(this.archive, "is not a whole tar archive: it ends in the middle");
  }
}
