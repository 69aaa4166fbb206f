import type { RetryDefinition, SluiceError } from "@sluice/core";

const RETRYABLE: ReadonlySet<string> = new Set(["unavailable", "conflict", "timeout"]);

/** A conflict that another attempt meets again: the lease is gone, or a source is another one. */
const FINAL_REASONS: ReadonlySet<string> = new Set(["lease-lost", "source-changed", "epoch"]);

/** A function or a command of the author's that failed: only they know why, and a retry is what they asked for. */
const WORK_FAILED = "work-failed";

/** Whether another attempt may do better. */
export function isRetryable(error: SluiceError): boolean {
  if (error.reason === WORK_FAILED) return true;
  return RETRYABLE.has(error.code) && !FINAL_REASONS.has(error.reason ?? "");
}

/**
 * How long to wait after a failed attempt, the first being 1: doubled each time, cut at `maxMs`, a share of it random,
 * never shorter than the system that failed asks for.
 *
 * @example
 * retryWaitMs({ attempts: 3, initialMs: 100, jitter: 0 }, 2, error, Math.random); // 200
 */
export function retryWaitMs(retry: RetryDefinition, attempt: number, error: SluiceError, random: () => number): number {
  const { initialMs = 1000, maxMs = 60_000, jitter = 0.2 } = retry;
  const whole = Math.min(initialMs * 2 ** Math.min(attempt - 1, 30), maxMs);
  const wait = Math.round(whole * (1 - jitter) + whole * jitter * random());
  return Math.max(wait, error.retryAfterMs ?? 0);
}
