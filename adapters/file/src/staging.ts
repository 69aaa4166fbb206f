import { constants } from "node:fs";
import { copyFile, link, open, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  type CommitResult,
  type FrozenColumn,
  type OpenContext,
  type ScannableInput,
  SluiceError,
  type StageRequest,
  type Staging,
  type WrittenFile,
} from "@sluice/core";
import type { FileAddress } from "./config.ts";
import { systemCode, toSluiceError, withName } from "./errors.ts";
import { finishAside } from "./finish-aside.ts";
import { outputSpec } from "./output-spec.ts";
import { linkOrCopy } from "./prepare-text.ts";
import {
  inPlace,
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
import { assertEpoch, assertOwn, isOvertaken } from "./sink-assertions.ts";
import { typeStagedJson } from "./staged-json.ts";
import { typeStagedText } from "./staged-text.ts";

export interface StagingRequest {
  readonly address: FileAddress;
  /** Absolute. */
  readonly target: string;
  /** Beside the target; the engine writes it. */
  readonly aside: string;
  readonly request: StageRequest;
  readonly context: OpenContext;
}

/**
 * One write of a file. The order of its commit is what makes it happen once: the new file is on the disk, then the
 * sidecar that names it by inode and size, then the rename. A crash in between leaves the old file in place beside a
 * sidecar of another one, which says "not committed".
 */
export function createStaging({ address, target, aside, request, context }: StagingRequest): Staging {
  let written: WrittenFile | undefined;
  let isDone = false;
  return {
    async add(files) {
      const [file, ...others] = files;
      if (file === undefined || others.length > 0 || written !== undefined) {
        throw new SluiceError("internal", `${address.path} is one file, and was given ${files.length}`);
      }
      if (file.format !== address.format) {
        throw new SluiceError("internal", `${address.path} is ${address.format}, and was given ${file.format}`);
      }
      if (file.path !== aside) await take(file.path, aside, address.path);
      if (address.format !== "parquet") {
        const isCompressed = outputSpec(address, aside).compression === "gzip";
        const { signal } = request;
        const finish = { origin: address.path, bytes: file.bytes, isCompressed, hasMark: address.bom === true, signal };
        await withName(address.path, () => finishAside(aside, finish));
      }
      written = file;
    },

    async scan(columns): Promise<ScannableInput> {
      const mark = await markOf(aside, address.path);
      if (mark === undefined) throw notWritten(address.path);
      const path = join(context.scratch, `staged-${request.commitId}.parquet`);
      await removeQuietly(path);
      if (address.format === "csv") await typeStagedText({ address, aside, path, request, context });
      else if (address.format !== "parquet") await typeStagedJson({ address, aside, path, request, context });
      else await linkOrCopy({ path: aside, origin: address.path }, path);
      const schema: readonly FrozenColumn[] = request.schema.columns;
      const file = { path, origin: address.path, bytes: Number(mark.size) };
      return {
        format: "parquet",
        groups: [{ order: schema.map(({ name }) => name), files: [file] }],
        columns: schema.filter(({ name }) => columns.includes(name)),
        validate: "used",
        identity: request.commitId,
      };
    },

    async commit(position): Promise<CommitResult> {
      if (request.signal.aborted) throw new SluiceError("cancelled", `stopped before ${address.path} was published`);
      try {
        const before = await readSidecar(target, address.path);
        const mark = await markOf(target, address.path);
        const there = inPlace(before, mark);
        if (there !== undefined && isOf(there, request) && there.commitId === request.commitId) {
          isDone = true;
          await removeQuietly(aside);
          return resultOf(there, true);
        }
        if (written === undefined) throw notWritten(address.path);
        await assertEpoch(target, address.path, request);
        const result = replaced(written.rows, rowsInPlace(there, mark));
        const synced = { ...(await syncAside(aside, request, written)), result };
        const sidecar = position === undefined ? synced : { ...synced, position };
        if (context.isOnItsOwn !== true) await writeSidecar(target, { ...sidecar, previous: there });
        try {
          context.checkpoint("load.committing");
          if (context.isOnItsOwn !== true) await assertOwn(target, address.path, request);
          await rename(aside, target);
        } catch (error) {
          if (context.isOnItsOwn !== true && !isOvertaken(error)) await restoreSidecar(target, before);
          throw error;
        }
        await syncFolder(dirname(target));
        isDone = true;
        return resultOf(sidecar, false);
      } catch (error) {
        if (systemCode(error) === "ENOENT") throw takenAway(address.path, error);
        throw toSluiceError(error, address.path);
      }
    },

    async [Symbol.asyncDispose]() {
      if (!isDone) await removeQuietly(aside);
    },
  };
}

/** A file from elsewhere: linked, so that its owner keeps it and no byte is copied where that can be. */
async function take(from: string, aside: string, shown: string): Promise<void> {
  await removeQuietly(aside);
  try {
    await link(from, aside);
  } catch {
    // Another file system, or one without links: the copy says what is really wrong.
    try {
      await copyFile(from, aside, constants.COPYFILE_FICLONE);
    } catch (error) {
      await removeQuietly(aside);
      throw toSluiceError(error, shown);
    }
  }
}

async function syncAside(aside: string, request: StageRequest, written: WrittenFile): Promise<Sidecar> {
  const handle = await open(aside, "r+");
  try {
    await handle.sync();
    const found = await handle.stat({ bigint: true });
    const { project, pipeline, step, slice, epoch, commitId } = request;
    const bytes = Number(found.size);
    const mark = { inode: String(found.ino), size: String(found.size) };
    return { project, pipeline, step, slice, epoch, commitId, rows: written.rows, bytes, ...mark };
  } finally {
    await handle.close();
  }
}

function notWritten(shown: string): SluiceError {
  return new SluiceError("internal", `${shown} was to be committed before it was written`);
}

/** Whoever holds the lease now has removed what this write had put aside. */
function takenAway(shown: string, cause: unknown): SluiceError {
  return new SluiceError("conflict", `${shown}: a later run took over and removed what this one had written`, {
    reason: "epoch",
    hint: "start a new run",
    cause,
  });
}
