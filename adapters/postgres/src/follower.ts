import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";

/** Sends an output to a stream while it is still written, from its first byte on. */
export interface Follower {
  /**
   * Sends what is left of the output, which is complete now, and ends the stream; false where the output is another one than
   * was followed, or nothing was: then nothing that was sent may be used.
   */
  finish(bytes: number): Promise<boolean>;
  /** Stops, and lets go of the output. */
  stop(): Promise<void>;
}

/** An output that is followed, as what follows it sees it. */
export interface Followed {
  /** Bytes of the output, once it is complete. */
  readonly complete: number | undefined;
  readonly isStopped: boolean;
  /** Opens the stream. */
  open(): Promise<Writable>;
  /** Waits a moment, less where the output becomes complete. */
  pause(): Promise<void>;
}

const LOOK_MS = 20;

/**
 * Follows an output by what `send` does, which gives whether all that is complete was sent. What a server does with rows takes
 * longer than what makes them, so it has to begin early: measured in 2026-11 with a million rows of 105 MB, 2.0 s of CPU in the
 * server beside 1.0 s in the engine.
 */
export function follow(start: () => Promise<Writable>, send: (output: Followed) => Promise<boolean>): Follower {
  let timer: NodeJS.Timeout | undefined;
  let wake: (() => void) | undefined;
  let isStopped = false;
  let complete: number | undefined;
  let stream: Writable | undefined;

  const sending = send({
    get complete() {
      return complete;
    },
    get isStopped() {
      return isStopped;
    },
    open: async () => {
      stream = await start();
      return stream;
    },
    pause: () =>
      new Promise((resolve) => {
        wake = resolve;
        timer = setTimeout(resolve, LOOK_MS);
        // A load that nobody waits for does not keep the process.
        timer.unref();
      }),
  });
  // Whoever finishes is told.
  sending.catch(() => undefined);
  return {
    finish: async (bytes) => {
      complete = bytes;
      wake?.();
      return await sending;
    },
    stop: async () => {
      isStopped = true;
      clearTimeout(timer);
      wake?.();
      stream?.destroy();
      await sending.catch(() => undefined);
    },
  };
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

/** Ends a stream, and waits until the other end has taken all. */
export async function end(stream: Writable, last?: Buffer): Promise<void> {
  stream.end(last);
  await finished(stream);
}
