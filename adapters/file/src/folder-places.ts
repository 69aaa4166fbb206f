import { lstat, readdir, readlink, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { SluiceError } from "@sluice/core";
import { systemCode, toSluiceError } from "./errors.ts";
import type { FolderPlaces } from "./folder-version.ts";
import { removeQuietly } from "./sidecar.ts";

/** What is there must be a link of ours, or nothing: a folder cannot be replaced at once. */
export async function assertLink({ target, versions }: FolderPlaces, shown: string): Promise<void> {
  const found = await lstat(target).catch((error: unknown) => {
    if (systemCode(error) === "ENOENT" || systemCode(error) === "ENOTDIR") return undefined;
    throw toSluiceError(error, shown);
  });
  if (found === undefined) return;
  const leads = found.isSymbolicLink() ? resolve(dirname(target), await readlink(target)) : undefined;
  if (leads !== undefined && dirname(leads) === versions) return;
  const what = found.isDirectory() ? "a folder" : leads === undefined ? "a file" : "a link";
  throw new SluiceError("config", `${shown} is ${what} that sluice did not write`, {
    offending: shown,
    hint: "move it away, or name another place: an output of many files is a link to a folder of its own",
  });
}

/**
 * Removes what writes that died left behind, and with `keep` every version but those: the lease says that no other writer
 * lives.
 */
export async function removeDead({ target, versions }: FolderPlaces, keep: readonly string[] = []): Promise<void> {
  const current = await readlink(target).catch(() => undefined);
  const kept = new Set([...keep, ...(current === undefined ? [] : [current])].map((path) => basename(path)));
  for (const name of await readdir(versions)) {
    const isAside = name.endsWith(".tmp");
    if (!isAside && (keep.length === 0 || kept.has(name.replace(/\.json$/, "")))) continue;
    await rm(join(versions, name), { recursive: true, force: true });
  }
  const prefix = `.${basename(target)}.`;
  for (const name of await readdir(dirname(target))) {
    if (name.startsWith(prefix) && name.endsWith(".link.tmp")) await removeQuietly(join(dirname(target), name));
  }
}
