import { type FileHandle, open, stat } from "node:fs/promises";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";

/** Sends a file to a stream while it is still written, from its first byte on. */
export interface FileFollower {
  /**
   * Sends what is left of the file, which is complete now, and ends the stream; false where the file is another one than was
   * followed, or nothing was: then nothing that was sent may be used.
   */
  finish(bytes: number): Promise<boolean>;
  /** Stops, and lets go of the file. */
  stop(): Promise<void>;
}

/** A smaller file is written before anybody could be of use. */
const WORTH_BYTES = 1_000_000;
const CHUNK_BYTES = 1_048_576;
const LOOK_MS = 20;

/**
 * Follows a file that another writes, from back to front never: rows travel while later ones are made. What the server does
 * with rows takes longer than what makes them, so it has to begin early: measured in 2026-11 with a million rows of 105 MB,
 * 2.0 s of CPU in the server beside 1.0 s in the engine.
 */
export function followFile(path: string, start: () => Promise<Writable>): FileFollower {
  let timer: NodeJS.Timeout | undefined;
  let wake: (() => void) | undefined;
  let stopped = false;
  let complete: number | undefined;
  let file: FileHandle | undefined;
  let sent = 0;
  let stream: Writable | undefined;

  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
      timer = setTimeout(resolve, LOOK_MS);
      // A load that nobody waits for does not keep the process.
      timer.unref();
    });
  const follow = async (): Promise<boolean> => {
    while (complete === undefined && !stopped) {
      const size = await sizeOf(path);
      if (size !== undefined && size >= WORTH_BYTES) break;
      await pause();
    }
    if (complete !== undefined || stopped) return false;
    file = await open(path, "r");
    stream = await start();
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    while (!stopped) {
      const limit = complete === undefined ? buffer.length : Math.max(0, Math.min(buffer.length, complete - sent));
      const { bytesRead } = limit === 0 ? { bytesRead: 0 } : await file.read(buffer, 0, limit, sent);
      if (bytesRead > 0) {
        // The stream keeps the chunk until it is sent.
        await write(stream, Buffer.from(buffer.subarray(0, bytesRead)));
        sent += bytesRead;
      } else if (complete === undefined) await pause();
      else break;
    }
    if (stopped || sent !== complete || !(await isSame(file, path))) return false;
    stream.end();
    await finished(stream);
    return true;
  };
  const following = follow().finally(() => file?.close());
  // Whoever finishes is told.
  following.catch(() => undefined);
  return {
    finish: async (bytes) => {
      complete = bytes;
      wake?.();
      return await following;
    },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      wake?.();
      stream?.destroy();
      await following.catch(() => undefined);
    },
  };
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

/** Waits where the other end is slower. */
export function write(stream: Writable, chunk: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(chunk, (error) => {
      if (error === null || error === undefined) resolve();
      // Of a stream that broke before, the error says only that it did.
      else reject(stream.errored ?? error);
    });
  });
}
