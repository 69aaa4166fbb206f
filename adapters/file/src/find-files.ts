import { createHash } from "node:crypto";
import { type BigIntStats, statSync } from "node:fs";
import { lstat, readdir, realpath, stat } from "node:fs/promises";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { setImmediate } from "node:timers/promises";
import { type FileMark, type Json, SluiceError } from "@sluice/core";
import { nearestName, systemCode, toReadError } from "./errors.ts";
import { type FilePattern, parsePattern, type Segment } from "./file-pattern.ts";

/** A file of the user's, found. */
export interface FoundFile {
  readonly path: string;
  /** Relative to the project with slashes, or absolute where it lies outside. */
  readonly origin: string;
  readonly bytes: number;
  /** Nanoseconds since the epoch of the last change, as text. */
  readonly changed: string;
  /** All of it, where it lies on no disk: then there is nothing at `path`. */
  readonly content?: Buffer;
}

export interface FindRequest {
  readonly root: string;
  readonly path: string;
  /** `undefined`: a parameter stands for any text. */
  readonly parameters: ReadonlyMap<string, string> | undefined;
}

/**
 * The files that a path names, sorted by name: one file, a glob or a template. A name that exists as it is written wins
 * over its reading as a pattern.
 *
 * @throws SluiceError `missing` where there is none, with the nearest name that exists
 */
export async function findFiles({ root, path, parameters }: FindRequest): Promise<readonly FoundFile[]> {
  const written = resolve(root, path);
  const literal = await lookAt(written);
  if (literal !== undefined) return [await asFile(literal, written, root)];
  const pattern = parsePattern(path, parameters);
  if (pattern.isOne) {
    const bound = resolve(root, pattern.shown);
    const found = await lookAt(bound);
    if (found !== undefined) return [await asFile(found, bound, root)];
    throw await toReadError(Object.assign(new Error("not found"), { code: "ENOENT" }), pattern.shown, bound);
  }
  const matched = await matchFiles(root, pattern);
  if (matched.length > 0) return matched;
  const folder = resolve(root, ...fixedPart(pattern.segments));
  throw new SluiceError("missing", `no file matches ${pattern.shown}`, {
    offending: path,
    hint: (await lookAt(folder)) === undefined ? await nearestName(folder) : await nearestName(join(folder, "*")),
  });
}

/** What tells whether a later read would see the same bytes; of so many files that every run would record megabytes, their hash. */
export function identityOf(files: readonly FoundFile[]): Json {
  const all = marksOf(files);
  if (all.length <= MOST_NAMED) return all;
  const hash = createHash("sha256");
  for (const one of all) hash.update(`${JSON.stringify(one)}\n`);
  return { files: all.length, sha256: hash.digest("hex") };
}

/** Each file with what tells it from what it was. */
export function marksOf(files: readonly FoundFile[]): readonly FileMark[] {
  return files.map((file) => [file.origin, file.bytes, file.changed] as const);
}

const MOST_NAMED = 1000;

/** The name of a file as people see it. */
export function originOf(root: string, path: string): string {
  const inside = relative(root, path);
  return inside === "" || inside.startsWith("..") || isAbsolute(inside) ? path : inside.split(sep).join("/");
}

async function lookAt(path: string): Promise<BigIntStats | undefined> {
  try {
    return await stat(path, { bigint: true });
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(systemCode(error)) && !(await isDanglingLink(path))) return undefined;
    // A name too long to exist may still be a pattern.
    if (systemCode(error) === "ENAMETOOLONG") return undefined;
    throw await toReadError(error, path, path);
  }
}

async function isDanglingLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch {
    // Nothing there at all: the caller knows already.
    return false;
  }
}

async function asFile(found: BigIntStats, path: string, root: string): Promise<FoundFile> {
  const origin = originOf(root, path);
  if (found.isDirectory())
    throw await toReadError(Object.assign(new Error("folder"), { code: "EISDIR" }), origin, path);
  if (!found.isFile()) {
    throw new SluiceError("config", `${origin} is not a file but a device, a pipe or a socket`, { offending: origin });
  }
  return foundFile(found, path, origin);
}

function foundFile(found: BigIntStats, path: string, origin: string): FoundFile {
  // A copy may keep the time of what it replaces; when its entry changed, nobody can set.
  return { path, origin, bytes: Number(found.size), changed: `${found.mtimeNs} ${found.ctimeNs}` };
}

async function matchFiles(root: string, pattern: FilePattern): Promise<readonly FoundFile[]> {
  const fixed = fixedPart(pattern.segments);
  const start = resolve(root, fixed.length === 1 && fixed[0] === "" ? "/" : fixed.join("/"));
  const paths = new Set<string>();
  // A link that is renamed meanwhile, as that of an output of many files is, must not lead half of the way elsewhere.
  const real = await realpath(start).catch(() => start);
  await walk(real, pattern.segments.slice(fixed.length), paths);
  const files: FoundFile[] = [];
  let looked = 0;
  for (const path of paths) {
    looked += 1;
    if (looked % PAUSE === 0) await setImmediate();
    const found = lookNow(path) ?? (await lookAt(path));
    if (found?.isFile() !== true) continue;
    const origin = originOf(root, real === start ? path : join(start, relative(real, path)));
    files.push(foundFile(found, path, origin));
  }
  return files.sort((a, b) => (a.origin < b.origin ? -1 : a.origin > b.origin ? 1 : 0));
}

/** After so many files the process looks at what else there is to do. */
const PAUSE = 256;

/** As `lookAt`, ten times as fast; undefined where there is more to say. */
function lookNow(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true });
  } catch {
    // The other says what is wrong.
    return undefined;
  }
}

async function walk(folder: string, segments: readonly Segment[], found: Set<string>): Promise<void> {
  const [segment, ...rest] = segments;
  if (segment === undefined) {
    found.add(folder);
    return;
  }
  if (segment.kind === "literal") {
    const next = join(folder, segment.text);
    if ((await lookAt(next)) !== undefined) await walk(next, rest, found);
    return;
  }
  if (segment.kind === "folders") await walk(folder, rest, found);
  for (const entry of await entriesOf(folder)) {
    const next = join(folder, entry.name);
    if (segment.kind === "folders") {
      // Links to folders are not followed: they may lead in circles.
      if (entry.isDirectory() && !entry.name.startsWith(".")) await walk(next, segments, found);
    } else if (segment.expression.test(entry.name)) {
      await walk(next, rest, found);
    }
  }
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(systemCode(error))) return [];
    throw await toReadError(error, folder, folder);
  }
}

/** The parts before the first wildcard. */
function fixedPart(segments: readonly Segment[]): readonly string[] {
  const first = segments.findIndex((segment) => segment.kind !== "literal");
  return segments.slice(0, first).map((segment) => (segment.kind === "literal" ? segment.text : ""));
}
