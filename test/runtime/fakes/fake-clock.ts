import type { Clock } from "@sluice/runtime";

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** A clock that stands still until it is moved. */
export interface FakeClock extends Clock {
  /** Wakes whoever sleeps no longer than until then, in order. */
  advance(ms: number): Promise<void>;
}

export function fakeClock(start: number = Date.UTC(2026, 0, 31, 23, 30)): FakeClock {
  let now = start;
  const sleepers = new Set<Sleeper>();
  const earliest = (): Sleeper | undefined => [...sleepers].sort((a, b) => a.until - b.until)[0];
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const stop = (): void => {
          sleepers.delete(sleeper);
          reject(signal.reason as Error);
        };
        const sleeper: Sleeper = {
          until: now + ms,
          wake() {
            sleepers.delete(sleeper);
            signal.removeEventListener("abort", stop);
            resolve();
          },
        };
        if (signal.aborted) return stop();
        signal.addEventListener("abort", stop, { once: true });
        sleepers.add(sleeper);
      }),
    async advance(ms) {
      const end = now + ms;
      for (let sleeper = earliest(); sleeper !== undefined && sleeper.until <= end; sleeper = earliest()) {
        now = Math.max(now, sleeper.until);
        sleeper.wake();
        await settle();
      }
      now = end;
      await settle();
    },
  };
}

/** Lets everything go on that waits for nothing but its turn. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Waits until something is so, moving no clock. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline) {
    if (condition()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error("it never came to be so");
}
