import { setTimeout as sleep } from "node:timers/promises";
import { type OpenContext, SluiceError } from "@sluice/core";
import { isBusy } from "./errors.ts";

/** How long one waits for another program; longer is for the step's retry to decide. */
const WAIT_MS = 60_000;
/** After so long, a person is told what one waits for. */
const PATIENCE_MS = 5_000;

/** How one waits. */
export interface Waiting {
  readonly signal: AbortSignal;
  /** Called once where it takes long. */
  readonly onLong?: (() => void) | undefined;
}

/** How a load or a read waits: it says so, once. */
export function waitingFor(shown: string, { log }: Pick<OpenContext, "log">, signal: AbortSignal): Waiting {
  let isSaid = false;
  const onLong = (): void => {
    if (!isSaid) log("warn", `waits for another program that has locked ${shown}`);
    isSaid = true;
  };
  return { signal, onLong };
}

/**
 * Tries again while another connection is in the way. SQLite's own waiting blocks the thread, and whoever holds the
 * lock may need that thread to let go of it.
 *
 * @throws SluiceError `unavailable` when it took too long
 */
export async function patiently<T>(attempt: () => T, path: string, { signal, onLong }: Waiting): Promise<T> {
  let waitMs = 5;
  let isLong = false;
  for (let waited = 0; ; waited += waitMs, waitMs = Math.min(100, waitMs * 2)) {
    throwIfCancelled(signal);
    try {
      return attempt();
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (waited >= WAIT_MS) {
        throw new SluiceError("unavailable", `${path} was locked by another program for ${WAIT_MS / 1000} seconds`, {
          cause: error,
          hint: "close the other program or run again later",
        });
      }
    }
    if (waited >= PATIENCE_MS && !isLong) {
      isLong = true;
      onLong?.();
    }
    await sleep(waitMs, undefined, { signal }).catch((cause: unknown) => {
      throw new SluiceError("cancelled", "told to stop", { cause });
    });
  }
}

/** @throws SluiceError `cancelled` */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new SluiceError("cancelled", "told to stop", { cause: signal.reason });
}
