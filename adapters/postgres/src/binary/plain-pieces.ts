import { type FileHandle, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import {
  type Column,
  type PlainFile,
  type PlainGroup,
  parseType,
  plainFooterBytes,
  readPlainFooter,
  readPlainGroup,
  SluiceError,
} from "@sluice/core";
import type { SentKeys } from "../sent-keys.ts";
import type { FieldColumn } from "./field-column.ts";
import { fieldColumn, isWrittenAs } from "./field-kinds.ts";
import { rowBlocks } from "./row-blocks.ts";

/** The signature at both ends, and the length of the footer. */
const LEAST_BYTES = 12;
const TAIL_BYTES = 8;
/** No system reads more at once. */
const READ_BYTES = 1_073_741_824;

/** A file of rows that is whole. */
export interface Piece {
  readonly path: string;
  readonly bytes: number;
  readonly rows: number;
  /** Tells it from another of the same name. */
  readonly identity: string;
}

/** A piece and what it says of itself. */
export interface OpenPiece extends AsyncDisposable {
  readonly piece: Piece;
  readonly file: FileHandle;
  readonly plain: PlainFile;
}

/** The files in a folder that the engine was told to write, or writes still. */
export async function piecePaths(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort().map((name) => join(folder, name));
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}

/** Opens a file; undefined where it is not whole yet, or gone. */
export async function openPiece(path: string): Promise<OpenPiece | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, "r");
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
  const plain = await footerOf(file).catch(async (error: unknown) => {
    await file.close();
    throw error;
  });
  if (plain === undefined) {
    await file.close();
    return undefined;
  }
  const piece = { path, rows: plain.rows, ...(await identityOf(file)) };
  return { piece, file, plain, [Symbol.asyncDispose]: () => file.close() };
}

/** Whether the file of that name is the one that was opened. */
export async function isThere({ path, identity }: Piece): Promise<boolean> {
  try {
    await using file = await open(path, "r");
    return (await identityOf(file)).identity === identity;
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}

/** The rows of a file as `COPY` takes them, in blocks. Their keys are noted on the way. */
export async function* pieceBlocks(
  { file, plain }: OpenPiece,
  columns: readonly Column[],
  keys?: SentKeys,
): AsyncGenerator<Buffer> {
  const fields = columns.map(({ name, type }, index): FieldColumn => {
    const parsed = parseType(type);
    if (isWrittenAs(parsed, plain.columns[index])) return fieldColumn(parsed);
    throw new SluiceError("internal", `the engine wrote "${name}" as another type than PostgreSQL is sent`);
  });
  // One for all row groups: measured in 2026-11 with 88 MB, one for each took 0.3 s longer, to get it and to have it collected.
  const room = Buffer.allocUnsafeSlow(Math.max(0, ...plain.groups.map((group) => group.bytes)));
  for (const group of plain.groups) {
    const bytes = await readGroup(file, group, room.subarray(0, group.bytes));
    yield* rowBlocks(fields, readPlainGroup(group, bytes), group.rows, keys);
  }
}

async function readGroup(file: FileHandle, { at, bytes }: PlainGroup, group: Buffer): Promise<Buffer> {
  for (let from = 0; from < bytes; ) {
    const { bytesRead } = await file.read(group, from, Math.min(bytes - from, READ_BYTES), at + from);
    if (bytesRead === 0) throw new SluiceError("internal", "a file of rows ended while it was read");
    from += bytesRead;
  }
  return group;
}

async function footerOf(file: FileHandle): Promise<PlainFile | undefined> {
  const { size } = await file.stat();
  if (size < LEAST_BYTES) return undefined;
  const tail = await readAt(file, size - TAIL_BYTES, TAIL_BYTES);
  const length = plainFooterBytes(tail);
  const at = size - TAIL_BYTES - (length ?? size);
  if (length === undefined || at < 0) return undefined;
  return readPlainFooter(await readAt(file, at, length), at);
}

async function readAt(file: FileHandle, at: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes);
  await file.read(buffer, 0, bytes, at);
  return buffer;
}

async function identityOf(file: FileHandle): Promise<{ readonly bytes: number; readonly identity: string }> {
  const { dev, ino, size, mtimeNs } = await file.stat({ bigint: true });
  return { bytes: Number(size), identity: [dev, ino, size, mtimeNs].join(":") };
}

function isGone(error: unknown): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === "ENOENT";
}
