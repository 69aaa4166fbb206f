import { createReadStream, createWriteStream } from "node:fs";
import { rename } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { removeQuietly } from "./sidecar.ts";
import { isGzip, readHead } from "./text-stream.ts";

/** What a text file gets that the engine does not write. */
export interface Finish {
  readonly origin: string;
  readonly bytes: number;
  readonly isCompressed: boolean;
  readonly hasMark: boolean;
  readonly signal: AbortSignal;
}

/** Compresses a written file in its place, unless whoever wrote it has done so: not every engine does; puts a byte order mark in front. */
export async function finishAside(aside: string, finish: Finish): Promise<void> {
  const { origin, bytes, isCompressed, hasMark, signal } = finish;
  if (!isCompressed && !hasMark) return;
  if (isGzip(await readHead({ path: aside, origin, bytes, changed: "" }, 2))) return;
  // Beside it, under a name that the next run clears away.
  const packed = aside.replace(/\.tmp$/, "-gz.tmp");
  const marked = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    if (hasMark) yield Buffer.from("\ufeff");
    yield* chunks;
  };
  const target = createWriteStream(packed);
  try {
    if (isCompressed) await pipeline(createReadStream(aside), marked, createGzip(), target, { signal });
    else await pipeline(createReadStream(aside), marked, target, { signal });
    await rename(packed, aside);
  } catch (error) {
    await removeQuietly(packed);
    throw error;
  }
}
