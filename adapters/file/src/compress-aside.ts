import { createReadStream, createWriteStream } from "node:fs";
import { rename } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { removeQuietly } from "./sidecar.ts";
import { isGzip, readHead } from "./text-stream.ts";

/** Compresses a written file in its place, unless whoever wrote it has done so: not every engine does. */
export async function compressAside(
  aside: string,
  { origin, bytes, signal }: { readonly origin: string; readonly bytes: number; readonly signal: AbortSignal },
): Promise<void> {
  if (isGzip(await readHead({ path: aside, origin, bytes, changed: "" }, 2))) return;
  // Beside it, under a name that the next run clears away.
  const packed = aside.replace(/\.tmp$/, "-gz.tmp");
  try {
    await pipeline(createReadStream(aside), createGzip(), createWriteStream(packed), { signal });
    await rename(packed, aside);
  } catch (error) {
    await removeQuietly(packed);
    throw error;
  }
}
