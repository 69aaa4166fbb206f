import { writeFileSync } from "node:fs";
import { rm, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { didYouMean, SluiceError } from "@sluice/core";
import { throwIfStopped, toSluiceError } from "../errors.ts";
import { parsePattern } from "../file-pattern.ts";
import type { FoundFile } from "../find-files.ts";
import { writeChunks } from "../prepare-text.ts";
import { SMALL_BYTES } from "../read-small.ts";
import { expandGzip, isGzip, readChunks, readHead } from "../text-stream.ts";
import { KIND_BYTES, unreadCompression } from "./archive-kind.ts";
import { matchesMember } from "./archive-path.ts";
import { archiveError, type Member, type TakeMember } from "./member.ts";
import { readTar } from "./read-tar.ts";
import { readZip } from "./read-zip.ts";

/** Above so many bytes, an archive that expands to more than so many times its size is taken for a trap. */
const MOST_RATIO = 500;
const UNSUSPECTED_BYTES = 256 << 20;
/** So much of small members is held in memory: a file for each of 70,000 takes minutes to make and to remove on a busy disk. */
const MOST_HELD_BYTES = 64 << 20;

/**
 * The members of an archive that a name or a pattern means, expanded into scratch space under names of ours. What an archive
 * calls its members is compared and shown, and never a path. The archive is read whole, so that a damaged one is found.
 *
 * @throws SluiceError `missing` where there is none; `data` with reason `corrupt` or `bomb`; `unsupported` for links
 */
export async function findMembers(
  archive: FoundFile,
  member: string,
  {
    parameters,
    nextPath,
    signal,
  }: {
    readonly parameters: ReadonlyMap<string, string> | undefined;
    readonly nextPath: () => string;
    readonly signal: AbortSignal;
  },
): Promise<Found> {
  const wanted = bare(member);
  const pattern = parsePattern(wanted, parameters);
  const found = new Map<string, FoundFile>();
  const names: string[] = [];
  const outside: string[] = [];
  let total = 0;
  let held = 0;
  let free: number | undefined;
  const take: TakeMember = (candidate) => {
    throwIfStopped(signal);
    const name = bare(candidate.name);
    if (candidate.kind === "file") names.push(name);
    if (candidate.kind === "folder") return undefined;
    if (name !== wanted && !matchesMember(pattern, name)) {
      if (leadsOut(name) && matchesMember(pattern, inside(name))) outside.push(name);
      return undefined;
    }
    assertFile(candidate, archive.origin);
    if (found.has(name)) throw archiveError(archive.origin, `holds "${name}" twice`);
    total += candidate.bytes;
    assertSane(archive, total);
    const path = `${nextPath()}.member`;
    const origin = `${archive.origin}!${name}`;
    const file: FoundFile = { path, origin, bytes: candidate.bytes, changed: archive.changed };
    found.set(name, file);
    return async (content) => {
      if (candidate.bytes <= SMALL_BYTES && held + candidate.bytes <= MOST_HELD_BYTES) {
        held += candidate.bytes;
        found.set(name, { ...file, content: await wholeOf(content) });
        return;
      }
      free ??= await freeBytes(dirname(path));
      if (total > free) throw noSpace(archive.origin, total, free);
      if (candidate.bytes <= SMALL_BYTES) writeSmall(path, await wholeOf(content), origin);
      else await writeChunks(path, content, origin);
    };
  };
  await readArchive(archive, take, signal);
  const literal = found.get(wanted);
  const chosen = literal === undefined ? [...found.values()] : [literal];
  for (const file of found.values()) {
    if (literal !== undefined && file !== literal) await rm(file.path, { force: true });
  }
  if (chosen.length === 0) throw missing(archive.origin, pattern.shown, names);
  const files = chosen.sort((a, b) => (a.origin < b.origin ? -1 : a.origin > b.origin ? 1 : 0));
  return { files, warnings: literal === undefined ? leftOut(archive.origin, outside) : [] };
}

interface Found {
  readonly files: readonly FoundFile[];
  readonly warnings: readonly string[];
}

/** Whether a name, were it a path, would lead out of the folder in which the archive is unpacked. */
function leadsOut(name: string): boolean {
  return name.startsWith("/") || /^[A-Za-z]:\//.test(name) || name.split("/").includes("..");
}

/** The rest of such a name: what a pattern would match if it did not lead out. */
function inside(name: string): string {
  const parts = name.replace(/^[A-Za-z]:/, "").split("/");
  return parts.filter((part) => part !== "" && part !== "." && part !== "..").join("/");
}

function leftOut(archive: string, names: readonly string[]): readonly string[] {
  const [first] = names;
  if (first === undefined) return [];
  const others = names.length === 1 ? "" : ` and ${names.length - 1} more`;
  return [
    `"${first}"${others} in ${archive} ${names.length === 1 ? "is" : "are"} left out: the name leads out of the archive, and no pattern means it; to read it, name it: ${archive}!${first}`,
  ];
}

/** A copy: the pieces may be parts of something larger. */
async function wholeOf(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of content) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Through the thread pool, each of 70,000 members would wait for three calls. */
function writeSmall(path: string, content: Uint8Array, origin: string): void {
  try {
    writeFileSync(path, content, { flag: "wx" });
  } catch (error) {
    throw toSluiceError(error, origin);
  }
}

/** Without the `./` that tar puts before every name. */
function bare(name: string): string {
  return name.replace(/^(?:\.\/)+/, "");
}

async function readArchive(archive: FoundFile, take: TakeMember, signal: AbortSignal): Promise<void> {
  const head = await readHead(archive, KIND_BYTES);
  if (head.length === 0) throw archiveError(archive.origin, "is empty: expected an archive");
  const packed = unreadCompression(head);
  if (packed !== undefined) {
    throw new SluiceError("unsupported", `${archive.origin} is compressed with ${packed}, which is not read`, {
      offending: archive.origin,
      hint: "zip, tar and tar.gz are read: unpack it, or pack it again",
    });
  }
  if (head[0] === 0x50 && head[1] === 0x4b) return await readZip(archive, take, signal);
  if (!isGzip(head)) return await readTar(readChunks(archive, signal), archive.origin, take);
  await readTar(watched(expandGzip(archive, signal), archive), archive.origin, take);
}

/** Members that nobody wants are expanded too, since a tar has no directory. */
async function* watched(chunks: AsyncIterable<Buffer>, archive: FoundFile): AsyncGenerator<Buffer> {
  let total = 0;
  for await (const chunk of chunks) {
    total += chunk.length;
    assertSane(archive, total);
    yield chunk;
  }
}

function assertSane({ origin, bytes }: FoundFile, expanded: number): void {
  if (expanded <= UNSUSPECTED_BYTES || expanded <= MOST_RATIO * bytes) return;
  throw new SluiceError("data", `${origin} expands to more than ${MOST_RATIO} times its ${bytes} bytes`, {
    reason: "bomb",
    offending: origin,
    hint: "if that is meant, unpack it and name the files",
  });
}

function assertFile({ name, kind }: Member, archive: string): void {
  if (kind === "file") return;
  const is = kind === "link" ? "a link" : "no plain file";
  throw new SluiceError("unsupported", `"${name}" in ${archive} is ${is}`, {
    offending: name,
    hint: "name the member that holds the content",
  });
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

function noSpace(archive: string, wanted: number, free: number): SluiceError {
  return new SluiceError("denied", `${archive} expands to ${wanted} bytes, and ${free} are free for scratch files`, {
    reason: "disk-full",
    offending: archive,
    hint: "free some space, then run it again",
  });
}

function missing(archive: string, shown: string, names: readonly string[]): SluiceError {
  return new SluiceError("missing", `${archive} holds no ${shown}`, {
    offending: shown,
    hint: didYouMean(shown, names, "its members"),
  });
}
