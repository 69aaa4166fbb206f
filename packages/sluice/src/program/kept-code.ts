import { createHash, randomBytes } from "node:crypto";
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, isAbsolute, join } from "node:path";
import * as v8 from "node:v8";
import * as zlib from "node:zlib";

/** What V8 compiled of a program, and which of its modules had been evaluated by then. */
export interface KeptCode {
  readonly modules: () => readonly string[];
  readonly code: Buffer;
}

/** A sum over all that follows, and the length of the list of modules; V8 itself looks at no more than its own version. */
const HEAD_BYTES = 8;

/** Node has it from 20.15 and 22.2; without it nothing is kept. */
const { crc32 } = zlib as { readonly crc32?: (bytes: Buffer) => number };

/**
 * Where compiled code may lie, best first: with the program, which only those may write who may change the program, or else
 * with the user's own caches, apart for each program.
 *
 * @example codeFolders("/app/node_modules/sluice/dist/program-1f.cjs")[0] // "/app/node_modules/sluice/.cache"
 */
export function codeFolders(
  program: string,
  environment: NodeJS.ProcessEnv = process.env,
  home: () => string = homedir,
): readonly string[] {
  if (crc32 === undefined || environment.NODE_DISABLE_COMPILE_CACHE !== undefined) return [];
  // What is counted there is what was compiled from text.
  if (environment.NODE_V8_COVERAGE !== undefined) return [];
  const own = dirname(program);
  const name = createHash("sha256").update(own).digest("hex").slice(0, 16);
  const ofUser = userCaches(environment, home);
  return [join(dirname(own), ".cache"), ...(ofUser === undefined ? [] : [join(ofUser, "sluice", name)])];
}

function userCaches({ XDG_CACHE_HOME, LOCALAPPDATA }: NodeJS.ProcessEnv, home: () => string): string | undefined {
  if (XDG_CACHE_HOME !== undefined && isAbsolute(XDG_CACHE_HOME)) return XDG_CACHE_HOME;
  try {
    if (process.platform === "darwin") return join(home(), "Library", "Caches");
    return process.platform === "win32" && LOCALAPPDATA !== undefined ? LOCALAPPDATA : join(home(), ".cache");
  } catch {
    // A user that the system does not know, as containers have them.
    return undefined;
  }
}

/** The code that is kept of this very program for this very V8; undefined where it is absent, broken or anybody's. */
export function readCode(program: string, folders: readonly string[]): KeptCode | undefined {
  for (const folder of folders) {
    try {
      const bytes = readTrusted(join(folder, codeName(program)), program);
      if (bytes.readUInt32LE(0) !== crc32?.(bytes.subarray(4))) continue;
      const start = HEAD_BYTES + bytes.readUInt32LE(4);
      return { modules: () => namesIn(bytes.toString("utf8", HEAD_BYTES, start)), code: bytes.subarray(start) };
    } catch {
      // Nothing is lost but the time to compile it.
    }
  }
  return undefined;
}

function namesIn(text: string): readonly string[] {
  try {
    return JSON.parse(text) as string[];
  } catch {
    return [];
  }
}

/** Where code is kept it is run: no one may have written it but this user, or whoever the program is of. */
function readTrusted(file: string, program: string): Buffer {
  const opened = openSync(file, "r");
  try {
    const { uid, mode } = fstatSync(opened);
    if (process.getuid !== undefined) {
      if ((mode & 0o022) !== 0) throw new Error(`others may write ${file}`);
      if (uid !== process.getuid() && uid !== statSync(program).uid) throw new Error(`${file} is another's`);
    }
    return readFileSync(opened);
  } finally {
    closeSync(opened);
  }
}

/** Keeps code in the first folder that takes it, and removes what was kept of earlier programs; nothing is thrown. */
export function writeCode(
  program: string,
  folders: readonly string[],
  { modules, code }: { readonly modules: readonly string[]; readonly code: Buffer },
): void {
  const list = Buffer.from(JSON.stringify(modules));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(list.length);
  const body = Buffer.concat([length, list, code]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc32?.(body) ?? 0);
  folders.some((folder) => {
    const aside = join(folder, `${basename(program)}.${process.pid}-${randomBytes(4).toString("hex")}.tmp`);
    try {
      const file = join(folder, codeName(program));
      mkdirSync(folder, { recursive: true });
      // Several processes may do so at once: none may read half of it.
      writeFileSync(aside, Buffer.concat([sum, body]), { mode: 0o644 });
      renameSync(aside, file);
    } catch {
      removeQuietly(aside);
      return false;
    }
    removeEarlier(folder, program);
    return true;
  });
}

function removeEarlier(folder: string, program: string): void {
  try {
    const own = programName(program);
    for (const name of readdirSync(folder)) {
      const file = join(folder, name);
      const isOther = /^program-.*\.code$/.test(name) && !name.startsWith(own);
      if (isOther || (/^program-.*\.tmp$/.test(name) && isOld(file))) removeQuietly(file);
    }
  } catch {
    // They are only in the way.
  }
}

/** What is written aside has its name within a second, or whoever wrote it is gone. */
function isOld(file: string): boolean {
  return Date.now() - statSync(file).mtimeMs > 60_000;
}

function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // It is only in the way.
  }
}

/** By the program, by Node, which changes its V8 between versions, and by the flags of V8. */
function codeName(program: string): string {
  const tag = v8.cachedDataVersionTag().toString(16);
  return `${programName(program)}-${process.version}-${process.arch}-${tag}.code`;
}

/** Its name has the hash of its text; who changes the text by hand changes when it was written. V8 compares no more than its length. */
function programName(program: string): string {
  const { mtimeMs } = statSync(program);
  return `${basename(program)}-${Math.round(mtimeMs).toString(36)}`;
}
