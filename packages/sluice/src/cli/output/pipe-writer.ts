import type { Writable } from "node:stream";

/** Writes as fast as what reads takes it. */
export interface PipeWriter {
  write(chunk: string | Uint8Array): Promise<void>;
}

/**
 * A writer that waits while the reader is behind.
 *
 * @param signal ends the waiting, for a reader that went away
 */
export function pipeWriter(stream: Writable, signal: AbortSignal): PipeWriter {
  return {
    async write(chunk) {
      signal.throwIfAborted();
      if (chunk.length === 0 || stream.write(chunk)) return;
      await new Promise<void>((resolve, reject) => {
        const release = (): void => {
          stream.off("drain", onDrain);
          signal.removeEventListener("abort", onAbort);
        };
        const onDrain = (): void => {
          release();
          resolve();
        };
        const onAbort = (): void => {
          release();
          reject(signal.reason as Error);
        };
        stream.once("drain", onDrain);
        signal.addEventListener("abort", onAbort, { once: true });
      });
    },
  };
}
