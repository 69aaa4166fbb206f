import { type FileHandle, open, stat } from "node:fs/promises";
import type { Writable } from "node:stream";
import { end, type Followed, type Follower, follow, write } from "./follower.ts";

/** A smaller file is written before anybody could be of use. */
const WORTH_BYTES = 1_000_000;
const CHUNK_BYTES = 1_048_576;

/** Sends a file while another writes it: rows travel while later ones are made. */
export function followFile(path: string, start: () => Promise<Writable>): Follower {
  return follow(start, async (output) => {
    while (output.complete === undefined && !output.isStopped) {
      const size = await sizeOf(path);
      if (size !== undefined && size >= WORTH_BYTES) break;
      await output.pause();
    }
    if (output.complete !== undefined || output.isStopped) return false;
    const file = await open(path, "r");
    try {
      return await sendFile(file, path, output);
    } finally {
      await file.close();
    }
  });
}

async function sendFile(file: FileHandle, path: string, output: Followed): Promise<boolean> {
  const stream = await output.open();
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  let sent = 0;
  while (!output.isStopped) {
    const { complete } = output;
    const limit = complete === undefined ? buffer.length : Math.max(0, Math.min(buffer.length, complete - sent));
    const { bytesRead } = limit === 0 ? { bytesRead: 0 } : await file.read(buffer, 0, limit, sent);
    if (bytesRead > 0) {
      // The stream keeps the chunk until it is sent.
      await write(stream, Buffer.from(buffer.subarray(0, bytesRead)));
      sent += bytesRead;
    } else if (complete === undefined) await output.pause();
    else break;
  }
  if (output.isStopped || sent !== output.complete || !(await isSame(file, path))) return false;
  await end(stream);
  return true;
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch {
    return undefined;
  }
}

/** A failed attempt is taken away, and the next one writes a file of its own. */
async function isSame(file: FileHandle, path: string): Promise<boolean> {
  const [followed, there] = await Promise.all([file.stat(), stat(path).catch(() => undefined)]);
  return (
    there !== undefined && followed.ino === there.ino && followed.dev === there.dev && followed.size === there.size
  );
}
