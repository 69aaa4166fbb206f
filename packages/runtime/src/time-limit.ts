import { SluiceError } from "@sluice/core";
import { stopReason } from "./error-record.ts";
import { sleep } from "./lease.ts";
import type { RunRequest } from "./run-request.ts";

/** How long work that was told to stop may take to clean up before it is left to itself: a cancelled run ends in 1 s. */
const GRACE_MS = 800;

/**
 * Does work under a signal that is aborted with the outer one, or with a `timeout` after `timeoutMs`. Work that does not
 * react is given up.
 */
export async function withTimeLimit<T>(
  request: RunRequest,
  limit: { readonly name: string; readonly timeoutMs: number | undefined; readonly signal: AbortSignal },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { name, timeoutMs } = limit;
  const ended = new AbortController();
  const timeout = new AbortController();
  const signal = AbortSignal.any([limit.signal, timeout.signal]);
  if (timeoutMs !== undefined) {
    void sleep(request, timeoutMs, ended.signal).then(() => {
      if (ended.signal.aborted) return;
      timeout.abort(
        new SluiceError("timeout", `"${name}" took longer than its limit of ${timeoutMs} ms`, {
          hint: "raise its timeout, or give it less to do",
        }),
      );
    });
  }
  const givenUp = new Promise<never>((_, reject) => {
    const giveUp = (): void => {
      void sleep(request, GRACE_MS, ended.signal).then(() => {
        if (!ended.signal.aborted) reject(stopReason(signal));
      });
    };
    if (signal.aborted) giveUp();
    else signal.addEventListener("abort", giveUp, { once: true });
  });
  const working = work(signal);
  // Only work that was given up ends here; its error has nobody left to be told to.
  working.catch(() => undefined);
  try {
    return await Promise.race([working, givenUp]);
  } finally {
    ended.abort();
  }
}
