import { existsSync } from "node:fs";
import { readlink, rename, rm, symlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import {
  type CommitResult,
  type OpenContext,
  SluiceError,
  type StageRequest,
  type Staging,
  type WrittenFile,
} from "@sluice/core";
import type { FileAddress } from "./config.ts";
import { countRows } from "./count-rows.ts";
import { toSluiceError } from "./errors.ts";
import { ownerMark, removeDead } from "./folder-places.ts";
import {
  type CurrentVersion,
  columnsOf,
  commitOf,
  currentVersion,
  describeVersion,
  epochSeen,
  type FolderCommit,
  type FolderPlaces,
  resultOfCommit,
  withCommit,
} from "./folder-version.ts";
import { choose, filesBelow, keepFiles } from "./keep-files.ts";
import { scanFolder } from "./scan-folder.ts";
import { removeQuietly, syncFolder } from "./sidecar.ts";
import { overtaken } from "./sink-assertions.ts";
import { syncTree } from "./sync-tree.ts";

export interface FolderStagingRequest {
  readonly address: FileAddress;
  readonly places: FolderPlaces;
  readonly request: StageRequest;
  readonly context: OpenContext;
}

/** A new version, put together beside the one that readers see. */
interface Assembled {
  readonly before: CurrentVersion | undefined;
  readonly inserted: number;
  /** Rows that go, and rows that stay; undefined where nobody counted them. */
  readonly deleted: number | undefined;
  readonly rows: number | undefined;
}

/**
 * One write of a folder. What arrives was written aside; what stays of the version before is linked beside it; the link is
 * renamed last, and publishes both with their description.
 */
export function createFolderStaging({ address, places, request, context }: FolderStagingRequest): Staging {
  const { target, versions, version, aside } = places;
  const { path: shown } = address;
  let written: WrittenFile | undefined;
  let assembled: Assembled | undefined;
  let isDone = false;

  const assemble = async (): Promise<Assembled> => {
    if (assembled !== undefined) return assembled;
    if (written === undefined) throw new SluiceError("internal", `${shown} was to be committed before it was written`);
    await assertOwned(places, shown);
    const before = await currentVersion(places, shown);
    const inserted = written.rows;
    await syncTree(aside);
    if (request.mode === "replace" || before === undefined) {
      const deleted = before === undefined ? 0 : before.described?.rows;
      assembled = { before, inserted, deleted, rows: inserted };
      return assembled;
    }
    const there = await filesBelow(before.path);
    const kept = choose(there, await filesBelow(aside), request.mode === "overwrite");
    const deleted = await countRows(
      kept.go.map((file) => join(before.path, file)),
      { address, request, context },
    );
    await keepFiles(before.path, aside, kept.stay);
    const total = before.described?.rows;
    const rows = total === undefined || deleted === undefined ? undefined : total - deleted + inserted;
    assembled = { before, inserted, deleted, rows };
    return assembled;
  };

  return {
    async add(files) {
      const [folder, ...others] = files;
      if (folder === undefined || others.length > 0 || folder.path !== aside) {
        throw new SluiceError("internal", `${shown} is one folder, and was given ${files.length} files elsewhere`);
      }
      await assertNamed(aside, shown);
      written = folder;
    },

    async scan(columns) {
      if (address.format !== "parquet") {
        throw new SluiceError("unsupported", `${shown} is many files of text: its rows cannot be checked there`, {
          offending: shown,
          hint: "put the checks on the step before the load",
        });
      }
      try {
        await assemble();
      } catch (error) {
        throw toSluiceError(error, shown);
      }
      return scanFolder(aside, { address, request, columns });
    },

    async commit(position): Promise<CommitResult> {
      if (request.signal.aborted) throw new SluiceError("cancelled", `stopped before ${shown} was published`);
      try {
        const found = commitOf(await currentVersion(places, shown), request);
        if (found?.commitId === request.commitId) {
          isDone = true;
          await rm(aside, { recursive: true, force: true });
          await removeQuietly(ownerMark(places));
          return resultOfCommit(found, true);
        }
        const made = await assemble();
        const own = commitMade(request, made);
        const commit = position === undefined ? own : { ...own, position };
        // Left by a try of this very run that failed before its link.
        await rm(version, { recursive: true, force: true });
        await syncTree(aside);
        await assertOwned(places, shown);
        await rename(aside, version);
        await removeQuietly(ownerMark(places));
        await syncFolder(versions);
        const { partitions = [] } = address;
        const { rows } = made;
        await describeVersion(version, {
          columns: columnsOf(request),
          partitions,
          ...(rows === undefined ? {} : { rows }),
          commits: withCommit(made.before, commit),
        });
        await syncFolder(dirname(target));
        context.checkpoint("load.committing");
        const committed = await untouchedOrCommitted(places, address.path, made.before, request);
        if (committed !== undefined) return resultOfCommit(committed, true);
        await pointTo(places);
        await syncFolder(dirname(target));
        isDone = true;
        // Readers that began before may go on; the one before them has been replaced for as long as a load takes.
        await removeDead(places, [version, ...(made.before === undefined ? [] : [made.before.path])]);
        return resultOfCommit(commit, false);
      } catch (error) {
        throw toSluiceError(error, shown);
      }
    },

    async [Symbol.asyncDispose]() {
      if (isDone) return;
      await removeQuietly(ownerMark(places));
      await rm(aside, { recursive: true, force: true });
      const current = await readlink(target).catch(() => undefined);
      if (current !== undefined && basename(current) === basename(version)) return;
      await rm(version, { recursive: true, force: true });
      await removeQuietly(`${version}.json`);
    },
  };
}

/** A folder without a value, `day=`, is read as null by all who read such folders: an empty text would change. */
async function assertNamed(aside: string, shown: string): Promise<void> {
  const unnamed = (await filesBelow(aside)).flatMap((path) => path.split(/[/\\]/)).find((part) => part.endsWith("="));
  if (unnamed === undefined) return;
  const column = decodeURIComponent(unnamed.slice(0, -1));
  throw new SluiceError("data", `${shown}: "${column}" has an empty text, which no folder can be named after`, {
    offending: column,
    hint: `make it null or a word before the load, such as coalesce(nullif(${column}, ''), 'none')`,
  });
}

/** A later run takes the mark and then the folder of whoever was stopped for longer than its lease; the engine may have made another folder. */
async function assertOwned(places: FolderPlaces, shown: string): Promise<void> {
  if (existsSync(ownerMark(places))) return;
  throw new SluiceError("conflict", `${shown} was taken over by a later run while this one wrote`, {
    offending: shown,
    reason: "epoch",
    hint: "start a new run",
  });
}

/** Whoever was stopped for longer than its lease finds a version here that it did not build on; or its very commit, made by another. */
async function untouchedOrCommitted(
  places: FolderPlaces,
  shown: string,
  before: CurrentVersion | undefined,
  request: StageRequest,
): Promise<FolderCommit | undefined> {
  const now = await currentVersion(places, shown);
  const found = commitOf(now, request);
  if (found?.commitId === request.commitId) return found;
  if (now?.path === before?.path) return undefined;
  const seen = epochSeen(now, request);
  if (seen > request.epoch) throw overtaken(shown, seen, request.epoch);
  throw new SluiceError("conflict", `${shown} was written by another load while this one was under way`, {
    offending: shown,
    hint: "run it again",
  });
}

function commitMade(request: StageRequest, { inserted, deleted }: Assembled): FolderCommit {
  const { project, pipeline, step, slice, epoch, commitId, mode } = request;
  const gone = deleted === undefined || mode === "append" ? {} : { deleted };
  return { project, pipeline, step, slice, epoch, commitId, result: { inserted, ...gone } };
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
