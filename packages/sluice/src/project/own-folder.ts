import { existsSync, lstatSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileFailure, locate, SluiceError, systemCode } from "@sluice/core";
import { shortPath } from "./short-path.ts";

/** Whether an error says that this user may not write there. */
function isRefusal(thrown: unknown): boolean {
  return ["EACCES", "EPERM", "EROFS"].includes(String((thrown as NodeJS.ErrnoException).code));
}

/** Whether an error says that a file stands where a folder should be. */
function isInTheWay(thrown: unknown): boolean {
  return ["ENOTDIR", "EEXIST"].includes(String((thrown as NodeJS.ErrnoException).code));
}

/** What to say where a file stands in the place of a folder of the project. */
export function fileInPlaceOf(path: string, cause: unknown): SluiceError {
  let file = path;
  while (!existsSync(file) && dirname(file) !== file) file = dirname(file);
  return new SluiceError("config", `${file} is a file, and should be a folder`, {
    offending: file,
    hint: "move the file away, or give the folder another place under paths in sluice.config.ts",
    cause,
  });
}

/**
 * Makes a folder of the project and tries whether it can be written; where it cannot, gives a folder of the system that
 * goes with the process, so that a project of somebody else can be looked at.
 */
export function ownFolder(path: string): string {
  const trial = join(path, `.${process.pid}.tmp`);
  try {
    mkdirSync(path, { recursive: true });
    writeFileSync(trial, "");
    rmSync(trial, { force: true });
    return path;
  } catch (thrown) {
    if (isInTheWay(thrown)) throw fileInPlaceOf(path, thrown);
    if (!isRefusal(thrown)) throw thrown;
    return temporaryFolder();
  }
}

/** One folder after the other: where a file system makes none (`/proc`), Node's own recursion never ends. */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    if (existsSync(path)) return;
    const because = error instanceof Error ? error.message : String(error);
    throw new SluiceError("denied", `the folder ${path} cannot be made: ${because}`, {
      offending: path,
      hint: "name a folder that you may write to",
      cause: error,
    });
  }
}

let temporary: string | undefined;

function temporaryFolder(): string {
  if (temporary === undefined) {
    const made = mkdtempSync(join(tmpdir(), "sluice-"));
    process.once("exit", () => rmSync(made, { recursive: true, force: true }));
    temporary = made;
  }
  return temporary;
}

/** What a read of one of the project's files gives, with the file where the operating system refuses it. */
export function whileReading<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    const name = shortPath(path, process.cwd());
    const isLink = systemCode(thrown) === "ENOENT" && lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink();
    if (isLink === true) {
      const hint = "correct the link, or remove it";
      const details = { at: { file: path }, offending: name, hint, cause: thrown };
      throw new SluiceError("missing", `${name} is a link that leads nowhere`, details);
    }
    const failure = fileFailure(thrown, name);
    throw failure === undefined ? thrown : locate(failure, { file: path });
  }
}

/** What a write to the project gives, its refusals in our form. */
export function whileWriting<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (thrown) {
    if (isInTheWay(thrown)) throw fileInPlaceOf(path, thrown);
    if (!isRefusal(thrown)) throw thrown;
    throw new SluiceError("denied", `${path} may not be written by this user`, {
      offending: path,
      hint: "allow it with chmod, run as its owner, or work in a copy of the project",
      cause: thrown,
    });
  }
}
