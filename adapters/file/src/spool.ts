import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Address, OpenContext, Source } from "@sluice/core";
import { parseAddress } from "./config.ts";
import { throwIfStopped, toSluiceError } from "./errors.ts";
import type { FoundFile } from "./find-files.ts";
import { createSource } from "./source.ts";

/** What came through a stream, in scratch space: it can be looked at, and read again, as a file. */
export type SpooledFile = FoundFile;

/**
 * Writes a stream into a file in scratch space, piece by piece: who writes faster than the disk has to wait. Where it cannot be
 * written whole, nothing is left of it.
 *
 * @example
 * const file = await spool(process.stdin, { folder: scratch, origin: "-", signal });
 * await using source = openSpooled(file, { type: "file", path: "-", format: "csv" }, context);
 * @throws SluiceError `unavailable` with reason `no-space` where the disk is full
 */
export async function spool(
  stream: AsyncIterable<Uint8Array | string>,
  { folder, origin, signal }: { readonly folder: string; readonly origin: string; readonly signal: AbortSignal },
): Promise<SpooledFile> {
  const path = join(folder, "spooled");
  let bytes = 0;
  try {
    const handle = await open(path, "wx");
    try {
      for await (const piece of stream) {
        throwIfStopped(signal);
        const chunk = typeof piece === "string" ? Buffer.from(piece) : piece;
        await handle.writeFile(chunk);
        bytes += chunk.length;
      }
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw toSluiceError(error, origin);
  }
  return { path, origin, bytes, changed: "" };
}

/** A source over what was spooled: its rejects and errors name the stream. It is the same however often it is read. */
export function openSpooled(file: SpooledFile, address: Address, context: OpenContext): Source {
  return createSource(parseAddress(address), context, file);
}
