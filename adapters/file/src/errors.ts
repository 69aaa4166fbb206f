import { readdir, readlink } from "node:fs/promises";
import { basename, dirname } from "node:path";

export { systemCode } from "@sluice/core";

import { closest, detailsOf, fileFailure, isSluiceError, SluiceError, systemCode } from "@sluice/core";

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
  const known = fileFailure(error, name);
  if (known !== undefined) return known;
  const text = error instanceof Error ? error.message : String(error);
  return new SluiceError(systemCode(error) === "" ? "internal" : "unavailable", `${name} failed: ${text}`, {
    cause: error,
  });
}

/** `toSluiceError` for a file that was to be read: one that does not exist comes with the nearest name in its folder. */
export async function toReadError(error: unknown, name: string, path: string): Promise<SluiceError> {
  const mapped = toSluiceError(error, name);
  if (systemCode(error) === "EISDIR") return withHint(mapped, `name its files: "${inFolder(name, "*.csv")}"`);
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

/** `toSluiceError` for a target at which a folder is: the address has to name a file. */
export function folderAsTarget(name: string): SluiceError {
  const mapped = toSluiceError(Object.assign(new Error("a folder"), { code: "EISDIR" }), name);
  return withHint(mapped, `name a file to write in it: "${inFolder(name, "rows.csv")}"`);
}

function inFolder(folder: string, name: string): string {
  return `${folder.replace(/\/+$/, "")}/${name}`;
}

function withHint(error: SluiceError, hint: string): SluiceError {
  return new SluiceError(error.code, error.message, { ...detailsOf(error), hint });
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
