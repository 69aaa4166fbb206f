import { copyFile, link, open, stat, symlink, writeFile } from "node:fs/promises";
import { archiveKind, unreadCompression } from "./archive/archive-kind.ts";
import { dataError, systemCode, toSluiceError, withName } from "./errors.ts";
import type { FoundFile } from "./find-files.ts";
import {
  canonicalEncoding,
  expandGzip,
  isGzip,
  markedEncoding,
  readChunks,
  readHead,
  transcode,
} from "./text-stream.ts";
import { looksLikeUtf16 } from "./utf16.ts";

const HEAD_BYTES = 1 << 16;

/** A text file as the engine may read it: expanded, UTF-8, in scratch space. */
export interface PreparedText {
  readonly path: string;
  readonly origin: string;
  readonly bytes: number;
  /** The line with which it begins, where lines above were left out. */
  readonly firstLine?: number;
  readonly compression: "none" | "gzip";
  /** What it was before. */
  readonly encoding: string;
  /** Present where it lies where its owner put it, and may only be read. */
  readonly stays?: true;
  /** All of it, where it lies on no disk; only together with `stays`. */
  readonly content?: Buffer;
  /** Present where nothing said the encoding but the look of the bytes. */
  readonly guessed?: true;
}

/**
 * Puts a text file into scratch space: as a link, or expanded and transcoded. A byte order mark wins over the encoding
 * that was said.
 *
 * @throws SluiceError `data` with reason `corrupt`, `binary` or `encoding`
 */
export async function prepareText(
  file: FoundFile,
  target: string,
  {
    encoding,
    mayGuess = false,
    mayStay = false,
    signal,
  }: {
    readonly encoding: string;
    readonly mayGuess?: boolean;
    /** Whether only this process reads it, so that one that is as it should be needs no link. */
    readonly mayStay?: boolean;
    readonly signal: AbortSignal;
  },
): Promise<PreparedText> {
  const declared = canonicalEncoding(encoding);
  const head = await readHead(file, HEAD_BYTES);
  const isCompressed = isGzip(head);
  if (!isCompressed && /\.gz$/i.test(file.origin)) {
    throw dataError(
      file.origin,
      "is not a gzip file, though its name ends in .gz",
      "corrupt",
      "rename it, or fetch it again",
    );
  }
  const chunks = isCompressed ? expandGzip(file, signal) : readChunks(file, signal);
  const first = isCompressed ? await chunks.next() : undefined;
  const start = first === undefined ? head : first.done === true ? Buffer.alloc(0) : first.value;
  const marked = markedEncoding(start);
  const guessed = marked === undefined && mayGuess ? looksLikeUtf16(start) : undefined;
  const actual = marked ?? guessed ?? declared;
  assertText(file.origin, start, actual);
  const done = {
    origin: file.origin,
    compression: isCompressed ? "gzip" : "none",
    encoding: actual,
    ...(guessed === undefined ? {} : { guessed: true as const }),
  } as const;
  if (!isCompressed && actual === "utf-8") {
    const { path, bytes, content } = file;
    if (mayStay) return { ...done, path, bytes, stays: true, ...(content === undefined ? {} : { content }) };
    await linkOrCopy(file, target);
    return { ...done, path: target, bytes: file.bytes };
  }
  const whole = withFirst(first, chunks);
  await writeChunks(target, actual === "utf-8" ? whole : transcode(whole, actual, file.origin), file.origin);
  return { ...done, path: target, bytes: (await stat(target)).size };
}

type LinkedFile = Pick<FoundFile, "path" | "origin" | "content">;

/** A text on the disk: most are, and what lies in memory alone is written. */
export async function onDisk(text: PreparedText, target: string): Promise<PreparedText> {
  const { content, stays: _stays, ...rest } = text;
  if (content === undefined) return text;
  await linkOrCopy(text, target);
  return { ...rest, path: target };
}

/** A link in scratch space, so that the engine never sees the user's name; a copy where links are refused. */
export async function linkOrCopy({ path, origin, content }: LinkedFile, target: string): Promise<void> {
  if (content !== undefined) return await withName(origin, () => writeFile(target, content, { flag: "wx" }));
  for (const attempt of [symlink, link]) {
    try {
      await attempt(path, target);
      return;
    } catch (error) {
      // Refused here: no right to make links, or another device. The next way is tried; the copy says what is wrong.
      if (systemCode(error) === "EEXIST") throw toSluiceError(error, origin);
    }
  }
  await withName(origin, () => copyFile(path, target));
}

/** Writes pieces to a new file in scratch space. */
export async function writeChunks(target: string, chunks: AsyncIterable<Uint8Array>, origin: string): Promise<void> {
  const handle = await open(target, "wx");
  try {
    for await (const chunk of chunks) await handle.writeFile(chunk);
  } catch (error) {
    throw toSluiceError(error, origin);
  } finally {
    await handle.close();
  }
}

async function* withFirst(
  first: IteratorResult<Buffer, unknown> | undefined,
  chunks: AsyncGenerator<Buffer>,
): AsyncGenerator<Buffer> {
  if (first !== undefined && first.done !== true) yield first.value;
  yield* chunks;
}

/** @throws SluiceError `data` with reason `binary` for what no text begins with */
export function assertText(origin: string, start: Buffer, encoding: string): void {
  const says = (what: string, hint = "name a text file, or give its format"): Error =>
    dataError(origin, what, "binary", hint);
  const named = origin.includes("!")
    ? "archives in archives are not read: unpack it, and name what it holds"
    : `name the member that is meant: "${origin}!*.csv"`;
  if (start.subarray(0, 4).equals(Buffer.from("PAR1"))) throw says("is a Parquet file, not text");
  const compression = unreadCompression(start);
  if (compression !== undefined)
    throw says(`is compressed with ${compression}, which is not read`, "gzip is read: unpack it, or pack it again");
  const archive = archiveKind(start);
  if (archive === "zip") throw says("is a zip archive (or a spreadsheet), not text", named);
  if (archive === "tar") throw says("is a tar archive, not text", named);
  if (start.indexOf(Buffer.of(0xff, 0xfe, 0, 0)) === 0 || start.indexOf(Buffer.of(0, 0, 0xfe, 0xff)) === 0) {
    throw says("is UTF-32, which is not read", "write it as UTF-8");
  }
  if (encoding.startsWith("utf-16")) return;
  const nul = start.indexOf(0);
  if (nul >= 0) throw says(`is not text: byte ${nul + 1} is NUL`);
}
