import { readdir, readlink } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { closest, diskFull, type ErrorCode, isSluiceError, SluiceError } from "@sluice/core";

interface Meaning {
  readonly code: ErrorCode;
  readonly says: string;
  readonly hint?: string;
}

const MEANINGS: Readonly<Record<string, Meaning>> = {
  ENOENT: { code: "missing", says: "does not exist" },
  ENOTDIR: { code: "missing", says: "does not exist: a part of its path is a file" },
  EACCES: { code: "denied", says: "may not be opened by this user", hint: "allow it with chmod, or run as its owner" },
  EPERM: { code: "denied", says: "may not be changed by this user", hint: "look at the rights of its folder" },
  EROFS: { code: "denied", says: "is on a file system that cannot be written" },
  EISDIR: { code: "config", says: "is a folder, not a file", hint: 'name its files: "folder/*.csv"' },
  ELOOP: { code: "config", says: "is a symbolic link that leads to itself" },
  ENAMETOOLONG: { code: "config", says: "has a name that the file system does not take" },
  EMFILE: { code: "unavailable", says: "cannot be opened: too many files are open" },
  ENFILE: { code: "unavailable", says: "cannot be opened: too many files are open" },
  EIO: { code: "unavailable", says: "cannot be read or written: the device failed to answer" },
  EBUSY: { code: "unavailable", says: "is in use" },
  ETXTBSY: { code: "unavailable", says: "is in use" },
};

/** The word of the operating system for an error, for example `ENOENT`; "" for other errors. */
export function systemCode(error: unknown): string {
  const code = error instanceof Error ? (error as { readonly code?: unknown }).code : undefined;
  return typeof code === "string" ? code : "";
}

/**
 * An error of the file system as one of ours; `name` is the file as people see it.
 *
 * @example
 * toSluiceError(error, "data/x.csv").message; // "data/x.csv does not exist"
 */
export function toSluiceError(error: unknown, name: string): SluiceError {
  if (isSluiceError(error)) return error;
  if (error instanceof Error && error.name === "AbortError") {
    return new SluiceError("cancelled", `stopped while working on ${name}`, { cause: error });
  }
  const full = diskFull(systemCode(error), name, error);
  if (full !== undefined) return full;
  const meaning = MEANINGS[systemCode(error)];
  if (meaning === undefined) {
    const text = error instanceof Error ? error.message : String(error);
    return new SluiceError(systemCode(error) === "" ? "internal" : "unavailable", `${name} failed: ${text}`, {
      cause: error,
    });
  }
  return new SluiceError(meaning.code, `${name} ${meaning.says}`, {
    offending: name,
    cause: error,
    ...(meaning.hint === undefined ? {} : { hint: meaning.hint }),
  });
}

/** `toSluiceError` for a file that was to be read: one that does not exist comes with the nearest name in its folder. */
export async function toReadError(error: unknown, name: string, path: string): Promise<SluiceError> {
  const mapped = toSluiceError(error, name);
  if (mapped.code !== "missing" || mapped.hint !== undefined) return mapped;
  const hint = await nearestName(path);
  return new SluiceError("missing", mapped.message, { offending: name, hint, cause: error });
}

/** `toSluiceError` for a file that was to be made, with its folder: where none can be, it is no use to say that it is missing. */
export function toWriteError(error: unknown, name: string): SluiceError {
  const mapped = toSluiceError(error, name);
  if (mapped.code !== "missing" && mapped.code !== "denied") return mapped;
  if (mapped.reason !== undefined) return mapped;
  return new SluiceError("denied", `${name} cannot be written: its folder takes no new file`, {
    offending: name,
    hint: "write to another folder, or look at the rights and the file system of this one",
    cause: error,
  });
}

/** What to say of a path that does not exist: the nearest name in the first folder above it that does. */
export async function nearestName(path: string): Promise<string> {
  const folder = dirname(path);
  const wanted = basename(path);
  try {
    const names = await readdir(folder);
    if (names.includes(wanted)) return `it is a link to ${await readlink(path)}, which does not exist`;
    const near = closest(wanted, names);
    if (near !== undefined) return `did you mean "${near}"?`;
    return names.length === 0
      ? "its folder is empty"
      : `its folder holds ${names.sort().slice(0, 8).join(", ")}${names.length > 8 ? " …" : ""}`;
  } catch {
    // The folder is what is missing: say so, with its own nearest name.
    if (folder === path) return "its folder does not exist";
    const above = await nearestName(folder);
    return `the folder "${basename(folder)}" does not exist; ${above}`;
  }
}

/** Runs an action on a file and gives its errors our form. */
export async function withName<T>(name: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw toSluiceError(error, name);
  }
}

/** An error in what a file holds, naming it. */
export function dataError(name: string, says: string, reason: string, hint?: string): SluiceError {
  return new SluiceError("data", `${name} ${says}`, {
    reason,
    offending: name,
    ...(hint === undefined ? {} : { hint }),
  });
}

/** Ends work that was told to stop. */
export function throwIfStopped(signal: AbortSignal): void {
  if (signal.aborted) throw new SluiceError("cancelled", "stopped while reading files", { cause: signal.reason });
}
