import { lstat, readdir, readlink, rename, rm, stat } from "node:fs/promises";
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

/** Epochs of other pipelines say nothing: what one of them left here, which is written no more, does not stay for ever. */
async function isOld(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > DAY_MS;
}

const DAY_MS = 86_400_000;

/** Lies beside a folder that is written as long as it is its writer's: the engine may make the folder itself anew. */
export function ownerMark({ version }: Pick<FolderPlaces, "version">): string {
  return `${version}.owner.tmp`;
}

/**
 * Removes what writes that died left behind, and with `keep` every version but those: the lease says that no other writer
 * lives, unless a later run has taken it. What goes loses its name first: whoever writes it still finds it gone, and not half of it.
 */
export async function removeDead(
  { target, versions, version, epoch }: FolderPlaces,
  keep: readonly string[] = [],
): Promise<void> {
  const current = await readlink(target).catch(() => undefined);
  const kept = new Set([...keep, ...(current === undefined ? [] : [current])].map((path) => basename(path)));
  // Another run may be about to publish the very same commit.
  const commit = basename(version).replace(/\d+$/, "");
  // First the marks: whose folder is taken knows it before it is.
  const isMark = (name: string): number => (name.endsWith(".owner.tmp") ? 0 : 1);
  for (const name of (await readdir(versions)).sort((one, other) => isMark(one) - isMark(other))) {
    const isAside = name.endsWith(".tmp");
    if (!isAside && (keep.length === 0 || name.startsWith(commit) || kept.has(name.replace(/\.json$/, "")))) continue;
    const isLater = Number(/-(\d+)(?:\.json|\.owner)?(?:\.tmp)?$/.exec(name)?.[1] ?? 0) > epoch;
    if (isLater && !(await isOld(join(versions, name)))) continue;
    const dead = join(versions, name.endsWith(".dead.tmp") ? name : `${name}.dead.tmp`);
    await rename(join(versions, name), dead).catch(() => undefined);
    await rm(dead, { recursive: true, force: true });
  }
  const prefix = `.${basename(target)}.`;
  for (const name of await readdir(dirname(target))) {
    if (name.startsWith(prefix) && name.endsWith(".link.tmp")) await removeQuietly(join(dirname(target), name));
  }
}
