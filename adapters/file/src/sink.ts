import { lstat, open, readdir, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { type OpenContext, type Sink, SluiceError, type StageRequest } from "@sluice/core";
import type { FileAddress } from "./config.ts";
import { folderAsTarget, systemCode, throwIfStopped, toReadError, toSluiceError, toWriteError } from "./errors.ts";
import { parsePattern } from "./file-pattern.ts";
import { createFolderSink } from "./folder-sink.ts";
import { makeFolders } from "./make-folders.ts";
import { outputSpec } from "./output-spec.ts";
import { committedOf, inPlace, isOf, markOf, readSidecar, removeQuietly, repositionFile } from "./sidecar.ts";
import {
  assertEpoch,
  assertMode,
  assertTarget,
  assertWritableFolder,
  CAPABILITIES,
  isFolderTarget,
  removeEmpty,
} from "./sink-assertions.ts";
import { createStaging } from "./staging.ts";

/** One file as a sink: written aside by the engine, published by a rename. */
export function createSink(address: FileAddress, context: OpenContext): Sink {
  assertTarget(address);
  if (isFolderTarget(address)) return createFolderSink(address, context);
  const promised = new Set<string>();
  let bound: string | undefined;
  /** The first folder that had to be made. */
  let created: string | undefined;

  /** The file itself: with its parameters bound, links followed. */
  const targetOf = async (request: Pick<StageRequest, "parameters">): Promise<string> => {
    const { shown } = parsePattern(address.path, request.parameters);
    bound = await followLinks(resolve(context.root, shown), shown);
    return bound;
  };

  return {
    capabilities: CAPABILITIES,

    async check(signal) {
      throwIfStopped(signal);
      const [fixed = address.path] = address.path.split("{");
      await assertWritable(await followLinks(resolve(context.root, fixed), address.path), address.path);
    },

    async committed(asked) {
      const target = await targetOf(asked);
      const sidecar = await readSidecar(target, address.path);
      const found = inPlace(sidecar, await markOf(target, address.path));
      return found === undefined || !isOf(found, asked) ? undefined : committedOf(found);
    },

    async reposition(asked, position) {
      await repositionFile(await targetOf(asked), address.path, asked, position);
    },

    async accepts(request) {
      assertMode(request, address.path);
      const target = await targetOf(request);
      await assertWritable(target, address.path);
      await assertEpoch(target, address.path, request);
      const path = asidePath(target, request);
      promised.add(path);
      try {
        created ??= await makeFolders(dirname(target));
        await removeDeadAsides(target, path, request.epoch);
        await tryFile(path);
      } catch (error) {
        throw toWriteError(error, address.path);
      }
      return outputSpec(address, path);
    },

    async stage(request) {
      assertMode(request, address.path);
      const target = await targetOf(request);
      const aside = asidePath(target, request);
      await assertEpoch(target, address.path, request);
      promised.add(aside);
      return createStaging({ address, target, aside, request, context });
    },

    async [Symbol.asyncDispose]() {
      for (const path of promised) await removeQuietly(path);
      if (created !== undefined && bound !== undefined) await removeEmpty(dirname(bound), created);
    },
  };
}

/**
 * Beside the target, so that the rename stays on one file system. Whoever was stopped past its lease and goes on has a name of its own:
 * its successor may be at the very same commit.
 */
function asidePath(target: string, { commitId, epoch }: Pick<StageRequest, "commitId" | "epoch">): string {
  if (!/^[A-Za-z0-9_-]+$/.test(commitId)) {
    throw new SluiceError("internal", `${JSON.stringify(commitId)} cannot be a part of a file name`);
  }
  return join(dirname(target), `.${basename(target)}.${commitId}-${epoch}.tmp`);
}

/** Some folders look as if they could be written, and take no file: the engine would speak of a name that nobody wrote. */
async function tryFile(path: string): Promise<void> {
  try {
    await (await open(path, "wx")).close();
  } catch (error) {
    if (systemCode(error) === "EEXIST") return;
    throw error;
  }
  await removeQuietly(path);
}

/** What writes that died left behind: the lease says that none of them lives, unless a later run has taken it. */
async function removeDeadAsides(target: string, own: string, epoch: number): Promise<void> {
  const prefixes = [`.${basename(target)}.`, `.${basename(target)}.sluice.json.`];
  for (const name of await readdir(dirname(target))) {
    const prefix = prefixes.findLast((start) => name.startsWith(start));
    if (prefix === undefined || !name.endsWith(".tmp")) continue;
    const id = name.slice(prefix.length, -".tmp".length);
    const stays = name === basename(own) || Number(/-(\d+)$/.exec(id)?.[1] ?? 0) > epoch;
    if (/^[A-Za-z0-9_-]+$/.test(id) && !stays) await removeQuietly(join(dirname(target), name));
  }
}

/** Where a target lies; a link stays a link, what it leads to is replaced. */
async function followLinks(path: string, shown: string): Promise<string> {
  try {
    return (await lstat(path)).isSymbolicLink() ? await realpath(path) : path;
  } catch (error) {
    if (systemCode(error) === "ENOENT") {
      const isLink = await lstat(path).then(
        () => true,
        () => false,
      );
      if (!isLink) return path;
      throw new SluiceError("config", `${shown} is a link that leads nowhere`, { offending: shown });
    }
    throw toSluiceError(error, shown);
  }
}

/** Whether there is a file, or nothing, where the target shall be, and whether its folder can be written. */
async function assertWritable(target: string, shown: string): Promise<void> {
  try {
    const found = await stat(target);
    if (found.isDirectory()) throw folderAsTarget(shown);
    // A rename would put a file in the place of a device such as /dev/full.
    if (!found.isFile()) {
      throw new SluiceError("config", `${shown} is no file but a device, a pipe or a socket: it cannot be replaced`, {
        offending: shown,
      });
    }
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw await toReadError(error, shown, target);
  }
  await assertWritableFolder(target, shown);
}
