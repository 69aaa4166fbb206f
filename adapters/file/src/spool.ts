import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { SluiceError } from "@sluice/core";
import { archiveKind } from "./archive/archive-kind.ts";
import { toSluiceError } from "./errors.ts";
import type { FoundFile } from "./find-files.ts";
import { expandGzip, isGzip, readHead } from "./text-stream.ts";

/** What came through a stream, in scratch space: it can be looked at, and read again, as a file. */
export type SpooledFile = FoundFile;

const HEAD_BYTES = 512;

/**
 * Writes a stream into a file in scratch space, piece by piece: who writes faster than the disk has to wait. Where it cannot be
 * written whole, nothing is left of it.
 *
 * @example
 * const { path } = await spool(process.stdin, { folder: scratch, origin: "standard input", signal });
 * adapter.parseAddress({ type: "file", path, format: "csv" });
 * @throws SluiceError `denied` with reason `disk-full` where the disk is full; `config` for an archive: its members have
 * no name here
 */
export async function spool(
  stream: AsyncIterable<Uint8Array | string>,
  {
    folder,
    origin,
    name = "spooled",
    signal,
  }: {
    readonly folder: string;
    readonly origin: string;
    /** What the file is called, and so the dataset that is made of it where nobody names it. */
    readonly name?: string;
    readonly signal: AbortSignal;
  },
): Promise<SpooledFile> {
  const path = join(folder, name);
  const target = createWriteStream(path, { flags: "wx" });
  try {
    await pipeline(stream, target, { signal });
    const file = { path, origin, bytes: target.bytesWritten, changed: "" };
    await refuseArchive(file, signal);
    return file;
  } catch (error) {
    await rm(path, { force: true });
    throw toSluiceError(error, origin);
  }
}

async function refuseArchive(file: SpooledFile, signal: AbortSignal): Promise<void> {
  const kind = archiveKind(await startOf(file, signal));
  if (kind === undefined) return;
  throw new SluiceError(
    "config",
    `${file.origin} is a ${kind} archive, and which of its members is meant is not said`,
    {
      offending: file.origin,
      reason: "usage",
      hint: `name the file with its member, not as a pipe: 'file.${kind}!member.csv'`,
    },
  );
}

async function startOf(file: SpooledFile, signal: AbortSignal): Promise<Buffer> {
  const head = await readHead(file, HEAD_BYTES);
  if (!isGzip(head)) return head;
  for await (const chunk of expandGzip(file, signal)) return chunk;
  return Buffer.alloc(0);
}
