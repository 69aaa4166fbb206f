import { constants } from "node:fs";
import { copyFile, link, mkdir, readdir, stat } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { systemCode } from "./errors.ts";

/** The files below a folder, as paths from it. */
export async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

/** Which files of a version stay in the next one, and which go. */
export interface Kept {
  readonly stay: readonly string[];
  readonly go: readonly string[];
}

/** All stay beside what arrives; or only those of folders that nothing arrives for. */
export function choose(there: readonly string[], arriving: readonly string[], replacesFolders: boolean): Kept {
  if (!replacesFolders) return { stay: there, go: [] };
  const folders = new Set(arriving.map((file) => dirname(file)));
  return {
    stay: there.filter((file) => !folders.has(dirname(file))),
    go: there.filter((file) => folders.has(dirname(file))),
  };
}

/** Gives files of one folder to another too: by links, which cost nothing, where the file system has them. */
export async function keepFiles(from: string, to: string, files: readonly string[]): Promise<void> {
  const made = new Set<string>();
  for (const file of files) {
    const folder = dirname(join(to, file));
    if (!made.has(folder)) await mkdir(folder, { recursive: true });
    made.add(folder);
    await keep(join(from, file), join(to, file));
  }
}

async function keep(from: string, to: string, number: number = 1): Promise<void> {
  // Two commits may begin alike, and so may the names of their files.
  const name = number === 1 ? to : to.replace(/([^/]*?)(\.[^/]*)$/, `$1~${number}$2`);
  try {
    await link(from, name);
  } catch (error) {
    if (systemCode(error) === "EEXIST") {
      // What is there may have been put there by this very commit, tried before.
      if (!(await isSame(from, name))) await keep(from, to, number + 1);
      return;
    }
    await copyFile(from, name, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  }
}

async function isSame(a: string, b: string): Promise<boolean> {
  const [one, other] = await Promise.all([stat(a, { bigint: true }), stat(b, { bigint: true })]);
  return one.ino === other.ino && one.dev === other.dev;
}
