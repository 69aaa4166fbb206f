import { open, readFile, rename, stat, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type CommitResult, type Position, type Sink, SluiceError, type WriteIdentity } from "@sluice/core";
import { z } from "zod";
import { systemCode, toSluiceError } from "./errors.ts";

const written = z.object({
  project: z.string(),
  pipeline: z.string(),
  step: z.string(),
  slice: z.string(),
  epoch: z.number(),
  commitId: z.string(),
  /** Of all that is in place. */
  rows: z.number(),
  /** What the commit did; older sidecars have none, and had inserted all rows. */
  result: z.object({ inserted: z.number(), deleted: z.number().optional() }).optional(),
  bytes: z.number(),
  /** Which file it speaks of, as text: an inode may be beyond 2^53. */
  inode: z.string(),
  size: z.string(),
  /** Where the load that wrote it will go on reading. */
  position: z.custom<Position>().optional(),
});

/** Who wrote a file, and which file that is. */
export type Written = z.infer<typeof written>;

const schema = written.extend({
  /** Of the file that was in place: it speaks until the new one is there. */
  previous: written.optional(),
});

/** `.<name>.sluice.json` beside a file: it is written just before the file gets its name. */
export type Sidecar = z.infer<typeof schema>;

/** Which file is in place: a copy, or one that somebody else wrote, is another. */
export interface FileMark {
  readonly inode: string;
  readonly size: string;
}

/** Where the sidecar of a target lies. */
export function sidecarPath(target: string): string {
  return join(dirname(target), `.${basename(target)}.sluice.json`);
}

/** The mark of a file, or undefined where there is none. */
export async function markOf(path: string, shown: string): Promise<FileMark | undefined> {
  try {
    const found = await stat(path, { bigint: true });
    return { inode: String(found.ino), size: String(found.size) };
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw toSluiceError(error, shown);
  }
}

/** The sidecar of a target, or undefined where there is none that can be read: then nothing is known to be committed. */
export async function readSidecar(target: string, shown: string): Promise<Sidecar | undefined> {
  let text: string;
  try {
    text = await readFile(sidecarPath(target), "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw toSluiceError(error, shown);
  }
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    // Not ours, or cut by a lost disk: the next commit writes it anew.
    return undefined;
  }
}

/** Whether it speaks of the write. */
export function isOf(sidecar: Written, identity: WriteIdentity): boolean {
  return sidecar.slice === identity.slice && sidecar.step === identity.step && isSameOwner(sidecar, identity);
}

/** Whether both belong to one pipeline, so that their epochs can be compared. */
export function isSameOwner(sidecar: Written, identity: WriteIdentity): boolean {
  return sidecar.project === identity.project && sidecar.pipeline === identity.pipeline;
}

/** What the sidecar says of the file that is in place; undefined where it is somebody else's, or there is none. */
export function inPlace(sidecar: Sidecar | undefined, mark: FileMark | undefined): Written | undefined {
  if (sidecar === undefined || mark === undefined) return undefined;
  const { previous, ...latest } = sidecar;
  return [latest, previous].find((one) => one?.inode === mark.inode && one.size === mark.size);
}

/** Writes a sidecar so that there is the old one or the new one, never half of one. */
export async function writeSidecar(target: string, sidecar: Sidecar): Promise<void> {
  const path = sidecarPath(target);
  const aside = `${path}.${sidecar.commitId}.tmp`;
  try {
    const handle = await open(aside, "w");
    try {
      await handle.writeFile(`${JSON.stringify(sidecar, undefined, 2)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(aside, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await removeQuietly(aside);
    throw error;
  }
}

/** Puts back what lay beside the target before: nothing was published after all. */
export async function restoreSidecar(target: string, before: Sidecar | undefined): Promise<void> {
  if (before === undefined) await removeQuietly(sidecarPath(target));
  else await writeSidecar(target, before);
}

/** Makes the names in a folder durable; a rename is on the disk only after it. */
export async function syncFolder(folder: string): Promise<void> {
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    handle = await open(folder, "r");
  } catch (error) {
    // Windows opens no folders, and needs no such sync.
    if (["EISDIR", "EPERM", "EACCES"].includes(systemCode(error)) && process.platform === "win32") return;
    throw error;
  }
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes a file that may not be there. */
export async function removeQuietly(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw error;
  }
}

/** What a sidecar says was committed. */
export function committedOf(sidecar: Written): NonNullable<Awaited<ReturnType<Sink["committed"]>>> {
  const { commitId, epoch, position } = sidecar;
  const result = { ...resultOf(sidecar, false) };
  return { commitId, epoch, result, ...(position === undefined ? {} : { position: position as Position }) };
}

export function neverWritten(shown: string, step: string): SluiceError {
  return new SluiceError("missing", `${shown} is not there, or "${step}" has not written it`, {
    offending: shown,
    hint: "run the load once; where it begins is said by initial",
  });
}

/** Writes a position into the sidecar of a file that this very step has written. */
export async function repositionFile(
  target: string,
  shown: string,
  asked: WriteIdentity,
  position: Position,
): Promise<void> {
  const sidecar = await readSidecar(target, shown);
  const found = inPlace(sidecar, await markOf(target, shown));
  if (sidecar === undefined || found === undefined || !isOf(found, asked)) throw neverWritten(shown, asked.step);
  const seen = isSameOwner(sidecar, asked) ? Math.max(sidecar.epoch, found.epoch) : found.epoch;
  if (seen > asked.epoch) {
    throw new SluiceError("conflict", `${shown} has seen epoch ${seen}, and this is ${asked.epoch}`, {
      reason: "epoch",
      hint: "another run of this pipeline took over; look at `sluice runs`",
    });
  }
  await writeSidecar(target, { ...found, epoch: asked.epoch, position });
}

export function resultOf({ result, rows }: Written, repeated: boolean): CommitResult {
  const { inserted, deleted } = result ?? { inserted: rows };
  return { repeated, inserted, ...(deleted === undefined ? {} : { deleted }) };
}

/** How many rows are in place, or undefined where somebody else put them there. */
export function rowsInPlace(before: Written | undefined, mark: FileMark | undefined): number | undefined {
  return mark === undefined ? 0 : before?.rows;
}

/** What a commit says that put rows in the place of others. */
export function replaced(inserted: number, deleted: number | undefined): NonNullable<Sidecar["result"]> {
  return { inserted, ...(deleted === undefined ? {} : { deleted }) };
}
