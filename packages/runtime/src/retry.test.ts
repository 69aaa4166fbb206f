import { SluiceError } from "@sluice/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isRetryable, retryWaitMs } from "./retry.ts";

const error = new SluiceError("unavailable", "busy");

describe("retryWaitMs", () => {
  test("doubles from the first wait, up to the longest", () => {
    const retry = { attempts: 9, initialMs: 100, maxMs: 500, jitter: 0 };
    expect([1, 2, 3, 4].map((attempt) => retryWaitMs(retry, attempt, error, () => 0))).toEqual([100, 200, 400, 500]);
  });

  test("is a second, then two, up to a minute, a fifth of it random, where nothing is said", () => {
    const waits = [1, 2, 20].map((attempt) => retryWaitMs({ attempts: 30 }, attempt, error, () => 0));
    expect(waits).toEqual([800, 1600, 48_000]);
    expect(retryWaitMs({ attempts: 3 }, 1, error, () => 1)).toBe(1000);
  });

  test("lies between the fixed share and the whole, whatever the numbers", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 100_000 }),
        fc.integer({ min: 0, max: 100_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 2000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (initialMs, maxMs, jitter, attempt, random) => {
          const wait = retryWaitMs({ attempts: 3000, initialMs, maxMs, jitter }, attempt, error, () => random);
          expect(wait).toBeGreaterThanOrEqual(0);
          expect(wait).toBeLessThanOrEqual(maxMs);
        },
      ),
    );
  });
});

test("only what may pass by itself is tried again", () => {
  const codes = ["unavailable", "conflict", "timeout", "data", "denied", "missing", "config", "internal", "cancelled"];
  const tried = codes.filter((code) => isRetryable(new SluiceError(code as "data", "x")));
  expect(tried).toEqual(["unavailable", "conflict", "timeout"]);
  for (const reason of ["lease-lost", "source-changed", "epoch"]) {
    expect(isRetryable(new SluiceError("conflict", "x", { reason }))).toBe(false);
  }
});
