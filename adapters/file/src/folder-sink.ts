import { lstat, mkdir, readdir, readlink, rename, rm, symlink } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import {
  type CommitResult,
  familyOf,
  type OpenContext,
  type OutputSpec,
  parseType,
  type Sink,
  SluiceError,
  type StageRequest,
  type Staging,
  type WrittenFile,
} from "@sluice/core";
import type { FileAddress } from "./config.ts";
import { systemCode, throwIfStopped, toSluiceError } from "./errors.ts";
import { parsePattern } from "./file-pattern.ts";
import { makeFolders } from "./make-folders.ts";
import { outputSpec, sizeInBytes } from "./output-spec.ts";
import { scanFolder } from "./scan-folder.ts";
import {
  isInPlace,
  isOf,
  markOf,
  readSidecar,
  removeQuietly,
  replaced,
  restoreSidecar,
  resultOf,
  rowsInPlace,
  type Sidecar,
  syncFolder,
  writeSidecar,
} from "./sidecar.ts";
import { assertEpoch, assertMode, assertWritableFolder, FOLDER_CAPABILITIES, removeEmpty } from "./sink-assertions.ts";
import { syncTree } from "./sync-tree.ts";

/** Where a target of many files keeps them: `out/sales` is a link to one folder in `out/.sales.sluice`. */
interface FolderPlaces {
  /** The link that readers follow. */
  readonly target: string;
  readonly versions: string;
  /** Of one commit. */
  readonly version: string;
  /** What it is called while it is written. */
  readonly aside: string;
}

/**
 * A folder of files as a sink: each load writes a new folder of its own, and one link is renamed last, which is what
 * publishes it. The version before stays until the next load, for whoever reads it still.
 */
export function createFolderSink(address: FileAddress, context: OpenContext): Sink {
  const promised = new Set<string>();
  let bound: FolderPlaces | undefined;
  /** The first folder that had to be made. */
  let created: string | undefined;
  const placesOf = (request: Pick<StageRequest, "parameters" | "commitId">): FolderPlaces => {
    const { shown } = parsePattern(address.path, request.parameters);
    const target = resolve(context.root, shown);
    const versions = join(dirname(target), `.${basename(target)}.sluice`);
    if (!/^[A-Za-z0-9_-]+$/.test(request.commitId)) {
      throw new SluiceError("internal", `${JSON.stringify(request.commitId)} cannot be a part of a file name`);
    }
    const version = join(versions, request.commitId);
    return { target, versions, version, aside: `${version}.tmp` };
  };
  return {
    capabilities: FOLDER_CAPABILITIES,

    async check(signal) {
      throwIfStopped(signal);
      const [fixed = address.path] = address.path.split("{");
      await assertWritableFolder(resolve(context.root, fixed), address.path);
    },

    async committed(asked) {
      const { target } = placesOf(asked);
      const sidecar = await readSidecar(target, address.path);
      if (sidecar === undefined || !isOf(sidecar, asked)) return undefined;
      if (!isInPlace(sidecar, await markOf(target, address.path))) return undefined;
      return { commitId: sidecar.commitId, epoch: sidecar.epoch, result: { ...resultOf(sidecar, false) } };
    },

    async accepts(request) {
      assertMode(request, address.path);
      assertPartitions(address, request);
      const places = placesOf(request);
      await assertLink(places, address.path);
      await assertWritableFolder(places.target, address.path);
      await assertEpoch(places.target, address.path, request);
      try {
        bound = places;
        created ??= await makeFolders(places.versions);
        await removeDead(places);
        await mkdir(places.aside);
      } catch (error) {
        throw toSluiceError(error, address.path);
      }
      promised.add(places.aside);
      return folderSpec(address, places.aside, request.commitId);
    },

    async stage(request) {
      assertMode(request, address.path);
      const places = placesOf(request);
      await assertEpoch(places.target, address.path, request);
      promised.add(places.aside);
      return createFolderStaging({ address, places, request, context });
    },

    async [Symbol.asyncDispose]() {
      for (const path of promised) await rm(path, { recursive: true, force: true });
      if (created !== undefined && bound !== undefined) await removeEmpty(bound.versions, created);
    },
  };
}

function folderSpec(address: FileAddress, path: string, commitId: string): OutputSpec {
  const spec = outputSpec(address, path);
  const { partitions = [], targetSize } = address;
  const ending = spec.compression === "gzip" && spec.format !== "parquet" ? `${spec.format}.gz` : spec.format;
  // Names that no other version has: whoever lists one and opens another finds nothing, instead of half of each.
  const name = `part-${commitId.slice(0, 8)}`;
  const targetBytes = targetSize === undefined ? {} : { targetBytes: sizeInBytes(targetSize) };
  return { ...spec, ordered: false, folder: { partitions, name, ending, ...targetBytes } };
}

function assertPartitions({ path, partitions = [] }: FileAddress, { schema }: StageRequest): void {
  const refuse = (says: string, offending: string, hint: string): never => {
    throw new SluiceError("config", `${path}: ${says}`, { offending, hint });
  };
  for (const name of partitions) {
    const column = schema.columns.find((one) => one.name === name);
    if (column === undefined) {
      refuse(
        `partitions names "${name}", which is no column`,
        name,
        `the columns are ${schema.columns.map((one) => one.name).join(", ")}`,
      );
      continue;
    }
    if (["list", "struct", "map", "json", "bytes", "float", "interval"].includes(familyOf(parseType(column.type)))) {
      refuse(
        `partitions names "${name}", which is ${column.type}`,
        name,
        "a folder can be named after a number, a text, a date or a bool",
      );
    }
  }
  if (partitions.length === schema.columns.length) {
    refuse("every column is a partition, so that nothing is left for the files", path, "name fewer columns");
  }
}

/** What is there must be a link of ours, or nothing: a folder cannot be replaced at once. */
async function assertLink({ target, versions }: FolderPlaces, shown: string): Promise<void> {
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

/** What writes that died left behind, and versions that nobody can reach any more; the lease says that no writer lives. */
async function removeDead({ target, versions }: FolderPlaces, keep: readonly string[] = []): Promise<void> {
  const current = await readlink(target).catch(() => undefined);
  const kept = new Set([...keep, ...(current === undefined ? [] : [basename(current)])]);
  for (const name of await readdir(versions)) {
    if (keep.length === 0 ? !name.endsWith(".tmp") : kept.has(name)) continue;
    await rm(join(versions, name), { recursive: true, force: true });
  }
  const prefix = `.${basename(target)}.`;
  for (const name of await readdir(dirname(target))) {
    if (name.startsWith(prefix) && name.endsWith(".link.tmp")) await removeQuietly(join(dirname(target), name));
  }
}

function createFolderStaging({
  address,
  places,
  request,
  context,
}: {
  readonly address: FileAddress;
  readonly places: FolderPlaces;
  readonly request: StageRequest;
  readonly context: OpenContext;
}): Staging {
  const { target, versions, version, aside } = places;
  const { path: shown } = address;
  let written: WrittenFile | undefined;
  let isDone = false;
  return {
    async add(files) {
      const [folder, ...others] = files;
      if (folder === undefined || others.length > 0 || folder.path !== aside) {
        throw new SluiceError("internal", `${shown} is one folder, and was given ${files.length} files elsewhere`);
      }
      written = folder;
    },

    async scan(columns) {
      if (address.format !== "parquet") {
        throw new SluiceError("unsupported", `${shown} is many files of text: its rows cannot be checked there`, {
          offending: shown,
          hint: "put the checks on the step before the load",
        });
      }
      return scanFolder(aside, { address, request, columns });
    },

    async commit(): Promise<CommitResult> {
      if (request.signal.aborted) throw new SluiceError("cancelled", `stopped before ${shown} was published`);
      try {
        const before = await readSidecar(target, shown);
        const mark = await markOf(target, shown);
        const isThere = before !== undefined && isOf(before, request) && before.commitId === request.commitId;
        if (isThere && isInPlace(before, mark)) {
          isDone = true;
          await rm(aside, { recursive: true, force: true });
          return resultOf(before, true);
        }
        if (written === undefined)
          throw new SluiceError("internal", `${shown} was to be committed before it was written`);
        await syncTree(aside);
        // Left by a try of this very commit that died before its link.
        await rm(version, { recursive: true, force: true });
        await rename(aside, version);
        await syncFolder(versions);
        await syncFolder(dirname(target));
        const result = replaced(written.rows, rowsInPlace(before, mark));
        const sidecar = { ...(await sidecarOf(version, shown, request, written)), result };
        const previous = await readlink(target).catch(() => undefined);
        await writeSidecar(target, sidecar);
        try {
          context.checkpoint("load.committing");
          await pointTo(places);
        } catch (error) {
          await restoreSidecar(target, before);
          throw error;
        }
        await syncFolder(dirname(target));
        isDone = true;
        // Readers that began before may go on; the one before them has been replaced for as long as a load takes.
        await removeDead(places, [basename(version), ...(previous === undefined ? [] : [basename(previous)])]);
        return resultOf(sidecar, false);
      } catch (error) {
        throw toSluiceError(error, shown);
      }
    },

    async [Symbol.asyncDispose]() {
      if (isDone) return;
      await rm(aside, { recursive: true, force: true });
      const current = await readlink(target).catch(() => undefined);
      if (current === undefined || basename(current) !== basename(version)) {
        await rm(version, { recursive: true, force: true });
      }
    },
  };
}

/** A new link takes the place of the old one in one step. */
async function pointTo({ target, versions, version }: FolderPlaces): Promise<void> {
  const link = join(dirname(target), `.${basename(target)}.${basename(version)}.link.tmp`);
  await removeQuietly(link);
  await symlink(join(basename(versions), basename(version)), link, "dir");
  try {
    await rename(link, target);
  } catch (error) {
    await removeQuietly(link);
    throw error;
  }
}

async function sidecarOf(
  version: string,
  shown: string,
  request: StageRequest,
  { rows, bytes }: WrittenFile,
): Promise<Sidecar> {
  const mark = await markOf(version, shown);
  if (mark === undefined) throw new SluiceError("internal", `${shown} was written and is gone`);
  const { project, pipeline, step, slice, epoch, commitId } = request;
  return { project, pipeline, step, slice, epoch, commitId, rows, bytes, ...mark };
}
