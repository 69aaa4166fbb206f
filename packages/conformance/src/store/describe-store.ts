import type { LeaseRequest, RunRecord, StageRecord, Store } from "@sluice/core";
import { expect } from "vitest";
import { describeSuite, type Gaps } from "../suite.ts";

/** What the store suite needs from whoever calls it. */
export interface StoreHarness {
  readonly name: string;
  /** A place that nothing was written to yet; each call of what it gives opens the same place again. */
  readonly create: () => Promise<() => Promise<Store>>;
  readonly gaps?: Gaps;
}

const RUN: RunRecord = {
  id: "01hf-run-one",
  project: "chicago",
  pipeline: "daily",
  planHash: "abc",
  plan: { stages: [], 'select"x': [1, null, "é"] },
  parameters: { day: "2024-01-01" },
  now: "2024-01-01T00:00:00.000Z",
  status: "running",
  createdAt: "2024-01-01T00:00:00.000Z",
  generation: 0,
};

const STAGE: StageRecord = {
  run: RUN.id,
  stage: "crash",
  attempt: 1,
  status: "running",
  startedAt: "2024-01-01T00:00:01.000Z",
  output: { kind: "none" },
  rowsIn: null,
  rowsOut: null,
  rejected: 0,
  sources: {},
  checks: [],
};

const LEASE: LeaseRequest = {
  project: "chicago",
  pipeline: "daily",
  run: "one",
  host: "here",
  pid: 100,
  now: 1_000,
  ttlMs: 10_000,
  isAlive: () => true,
};

/** The cases that every store passes. */
export function describeStore(harness: StoreHarness): void {
  const withStores = async (work: (first: Store, second: Store) => Promise<void>): Promise<void> => {
    const open = await harness.create();
    const [first, second] = [await open(), await open()];
    try {
      await work(first, second);
    } finally {
      await first[Symbol.asyncDispose]();
      await second[Symbol.asyncDispose]();
    }
  };

  describeSuite("store", harness.name, harness.gaps ?? {}, (declare) => {
    declare("store.run.kept", "a run is read back as it was put, by any opening", () =>
      withStores(async (first, second) => {
        await first.putRun(RUN);
        expect(await second.getRun("chicago", RUN.id)).toEqual(RUN);
        const ended: RunRecord = {
          ...RUN,
          status: "failed",
          startedAt: "2024-01-01T00:00:01.000Z",
          finishedAt: "2024-01-01T00:00:09.000Z",
          error: { code: "data", message: "bad" },
          epoch: 7,
          generation: 2,
        };
        await second.putRun(ended);
        expect(await first.getRun("chicago", RUN.id)).toEqual(ended);
      }),
    );

    declare("store.run.durable", "a run outlives its store", async () => {
      const open = await harness.create();
      const first = await open();
      await first.putRun(RUN);
      await first[Symbol.asyncDispose]();
      const second = await open();
      expect(await second.getRun("chicago", RUN.id)).toEqual(RUN);
      await second[Symbol.asyncDispose]();
    });

    declare("store.run.json", "plans keep names such as __proto__", () =>
      withStores(async (store) => {
        const plan = JSON.parse('{"__proto__":{"a":1},"then":true,"1":2}');
        await store.putRun({ ...RUN, plan });
        expect(JSON.stringify((await store.getRun("chicago", RUN.id))?.plan)).toBe(JSON.stringify(plan));
      }),
    );

    declare("store.run.prefix", "a unique beginning names a run; one of several does not", () =>
      withStores(async (store) => {
        await store.putRun(RUN);
        await store.putRun({ ...RUN, id: "01hf-run-two" });
        expect((await store.getRun("chicago", "01hf-run-o"))?.id).toBe(RUN.id);
        await expect(store.getRun("chicago", "01hf")).rejects.toMatchObject({ code: "config", offending: "01hf" });
        expect(await store.getRun("chicago", "01h")).toBeUndefined();
        expect(await store.getRun("chicago", "%run")).toBeUndefined();
        expect(await store.getRun("elsewhere", RUN.id)).toBeUndefined();
      }),
    );

    declare("store.run.list", "newest first, by pipeline, at most so many, of one project", () =>
      withStores(async (store) => {
        const at = (id: string, minute: number, pipeline = "daily", project = "chicago"): RunRecord => ({
          ...RUN,
          id,
          pipeline,
          project,
          createdAt: `2024-01-01T00:0${minute}:00.000Z`,
        });
        for (const run of [
          at("run-b", 2),
          at("run-a", 1),
          at("run-c", 3, "hourly"),
          at("run-d", 4, "daily", "other"),
        ]) {
          await store.putRun(run);
        }
        const ids = async (query: Parameters<Store["listRuns"]>[0]): Promise<readonly string[]> =>
          (await store.listRuns(query)).map((run) => run.id);
        expect(await ids({ project: "chicago", limit: 10 })).toEqual(["run-c", "run-b", "run-a"]);
        expect(await ids({ project: "chicago", pipeline: "daily", limit: 10 })).toEqual(["run-b", "run-a"]);
        expect(await ids({ project: "chicago", limit: 1 })).toEqual(["run-c"]);
      }),
    );

    declare("store.run.latest", "the latest run of a pipeline is the one with the highest epoch", () =>
      withStores(async (first, second) => {
        const begun = (id: string, epoch: number | undefined, pipeline = "daily"): RunRecord => {
          const { epoch: _, ...rest } = RUN;
          return { ...rest, id, pipeline, ...(epoch === undefined ? {} : { epoch }) };
        };
        expect(await first.latestRun("chicago", "daily")).toBeUndefined();
        await first.putRun(begun("run-n", undefined));
        expect(await first.latestRun("chicago", "daily")).toBeUndefined();
        await first.putRun(begun("run-a", 9));
        await first.putRun(begun("run-b", 10));
        await first.putRun(begun("run-c", 3));
        await first.putRun(begun("run-d", 99, "hourly"));
        expect((await second.latestRun("chicago", "daily"))?.id).toBe("run-b");
        await first.putRun(begun("run-a", 11));
        expect((await second.latestRun("chicago", "daily"))?.id).toBe("run-a");
        expect(await second.latestRun("other", "daily")).toBeUndefined();
      }),
    );

    declare("store.stage.kept", "stages are read back in the order in which they were first put", () =>
      withStores(async (first, second) => {
        await first.putRun(RUN);
        await first.putStage(STAGE);
        await first.putStage({ ...STAGE, stage: "another" });
        const landed: StageRecord = {
          ...STAGE,
          attempt: 2,
          status: "succeeded",
          finishedAt: "2024-01-01T00:00:02.000Z",
          output: { kind: "landed", path: "a.parquet", bytes: 9, sha256: "f", host: "here", rows: 2 ** 40 },
          rowsIn: 3,
          rowsOut: 0,
          rejected: 1,
          sources: { crashes: { bytes: 1 } },
          checks: [{ name: "x" }],
          error: { code: "data" },
        };
        await second.putStage(landed);
        expect(await first.stagesOf(RUN.id)).toEqual([landed, { ...STAGE, stage: "another" }]);
        expect(await first.stagesOf("nothing")).toEqual([]);
      }),
    );

    declare("store.stage.unknown-run", "a stage of a run that is not there is refused", () =>
      withStores(async (store) => {
        await expect(store.putStage(STAGE)).rejects.toMatchObject({ code: "missing" });
      }),
    );

    declare("store.lease.held", "one holds it, the other is told who", () =>
      withStores(async (first, second) => {
        expect(await first.acquireLease(LEASE)).toEqual({ epoch: 1 });
        const other = { ...LEASE, run: "two", pid: 200, now: 2_000 };
        const holder = { run: "one", host: "here", pid: 100, since: 1_000, expiresAt: 11_000 };
        expect(await second.acquireLease(other)).toEqual({ holder });
        expect(await second.acquireLease({ ...other, pipeline: "hourly" })).toEqual({ epoch: 1 });
        expect(await second.acquireLease({ ...other, project: "elsewhere" })).toEqual({ epoch: 1 });
      }),
    );

    declare("store.lease.released", "after a release the next holder has a higher epoch", () =>
      withStores(async (first, second) => {
        await first.acquireLease(LEASE);
        await second.releaseLease({ ...LEASE, run: "two" });
        expect(await second.acquireLease({ ...LEASE, run: "two" })).toHaveProperty("holder");
        await first.releaseLease(LEASE);
        expect(await second.acquireLease({ ...LEASE, run: "two" })).toEqual({ epoch: 2 });
      }),
    );

    declare("store.lease.expired", "an expired lease is taken over, and the old holder finds out", () =>
      withStores(async (first, second) => {
        await first.acquireLease(LEASE);
        expect(await second.acquireLease({ ...LEASE, run: "two", host: "there", now: 11_000 })).toEqual({ epoch: 2 });
        expect(await first.renewLease({ ...LEASE, now: 11_001 })).toBe(false);
        await first.releaseLease(LEASE);
        expect(await first.acquireLease({ ...LEASE, now: 11_002 })).toHaveProperty("holder");
      }),
    );

    declare("store.lease.renewed", "a renewed lease holds on", () =>
      withStores(async (first, second) => {
        await first.acquireLease(LEASE);
        expect(await first.renewLease({ ...LEASE, now: 10_000 })).toBe(true);
        expect(await second.acquireLease({ ...LEASE, run: "two", now: 15_000 })).toHaveProperty(
          "holder.expiresAt",
          20_000,
        );
      }),
    );

    declare("store.lease.dead", "a dead process on this host holds nothing; elsewhere it cannot be known", () =>
      withStores(async (first, second) => {
        await first.acquireLease(LEASE);
        const isAlive = (pid: number): boolean => pid !== 100;
        expect(await second.acquireLease({ ...LEASE, run: "two", host: "there", isAlive })).toHaveProperty("holder");
        expect(await second.acquireLease({ ...LEASE, run: "two", isAlive })).toEqual({ epoch: 2 });
      }),
    );

    declare("store.lease.minimum", "the epoch is at least what the target has seen", () =>
      withStores(async (store) => {
        expect(await store.acquireLease({ ...LEASE, minimumEpoch: 41 })).toEqual({ epoch: 41 });
        await store.releaseLease(LEASE);
        expect(await store.acquireLease({ ...LEASE, minimumEpoch: 5 })).toEqual({ epoch: 42 });
      }),
    );

    declare("store.lease.contended", "of many that ask at once, one gets it", () =>
      withStores(async (first, second) => {
        const asked = Array.from({ length: 20 }, (_, index) =>
          (index % 2 === 0 ? first : second).acquireLease({ ...LEASE, run: `run-${index}`, pid: index + 1 }),
        );
        const outcomes = await Promise.all(asked);
        expect(outcomes.filter((outcome) => "epoch" in outcome)).toEqual([{ epoch: 1 }]);
      }),
    );
  });
}
