import { hostname } from "node:os";
import type { LeaseHolder, RunRecord, Store } from "@sluice/core";
import { expect, test } from "vitest";
import { interruptedRuns } from "./interrupted.ts";

const now = Date.parse("2026-01-01T12:00:00Z");
const minutesAgo = (minutes: number): string => new Date(now - minutes * 60_000).toISOString();

function record(id: string, status: RunRecord["status"], createdAt = minutesAgo(5)): RunRecord {
  const common = { project: "p", pipeline: "sales", planHash: "", plan: {}, parameters: {}, now: createdAt };
  return { id, status, createdAt, generation: 0, ...common };
}

/** A store with this lease and nothing else, which tells whether it was left as it was. */
function storeWith(held: Partial<LeaseHolder> | undefined): { store: Store; isFree: () => boolean } {
  const common = { run: "a", host: hostname(), pid: 1, since: now, expiresAt: now + 20_000 };
  let holder = held === undefined ? undefined : { ...common, ...held };
  const store = {
    acquireLease: async (wish: { run: string; now: number; ttlMs: number; isAlive: (pid: number) => boolean }) => {
      if (holder !== undefined && holder.expiresAt > wish.now && wish.isAlive(holder.pid)) return { holder };
      holder = { ...common, run: wish.run, expiresAt: wish.now + wish.ttlMs };
      return { epoch: 1 };
    },
    releaseLease: async ({ run }: { run: string }) => {
      if (holder?.run === run) holder = undefined;
    },
  };
  return { store: store as unknown as Store, isFree: () => holder === undefined };
}

const ask = async (held: Partial<LeaseHolder> | undefined, isAlive: boolean, ...runs: RunRecord[]) => {
  const { store, isFree } = storeWith(held);
  const found = [...(await interruptedRuns(store, runs, { now, isAlive: () => isAlive }))];
  expect(isFree()).toBe(held === undefined);
  return found;
};

test("a run whose process goes on is none", async () => {
  expect(await ask({}, true, record("a", "running"))).toEqual([]);
  expect(await ask({ host: "elsewhere" }, false, record("a", "running"))).toEqual([]);
});

test("a run whose process is gone, whose lease is over, or that another run has replaced", async () => {
  expect(await ask({}, false, record("a", "running"))).toEqual(["a"]);
  expect(await ask({ host: "elsewhere", expiresAt: now - 1 }, true, record("a", "running"))).toEqual(["a"]);
  expect(await ask({ run: "b" }, true, record("b", "running"), record("a", "running"))).toEqual(["a"]);
  expect(await ask(undefined, true, record("a", "running"))).toEqual(["a"]);
});

test("a run that waits may do so while another goes on, or has just begun", async () => {
  expect(await ask({ run: "b" }, true, record("b", "running"), record("a", "waiting"))).toEqual([]);
  expect(await ask(undefined, true, record("a", "waiting", minutesAgo(0)))).toEqual([]);
  expect(await ask(undefined, true, record("a", "waiting"))).toEqual(["a"]);
});

test("runs that are over are not asked about", async () => {
  expect(await ask(undefined, true, record("a", "failed"), record("b", "succeeded"))).toEqual([]);
});
