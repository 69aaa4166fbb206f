import { rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Plan, RunRecord } from "@sluice/core";
import { type RunRequest, runPlan } from "@sluice/runtime";
import { describe, expect, test } from "vitest";
import { fakeAdapter } from "./fakes/fake-adapter.ts";
import { fakeEngine } from "./fakes/fake-engine.ts";
import { type Bench, bench, datasetNamed, loadStage, planOf, transformStage } from "./fakes/fixture.ts";

const chain = planOf([transformStage("clean", "numbers"), loadStage("first", "@clean"), loadStage("second", "@clean")]);

/** Runs until `name` is opened for writing, which fails; everything before it succeeds. */
async function runUntilFailure(scene: Bench, plan: Plan = chain, more: Partial<RunRequest> = {}): Promise<void> {
  const engine = fakeEngine((_query, { output }) => {
    if (scene.said("stage.started").at(-1)?.stage === "second") throw new Error(`broken ${output.format}`);
  });
  const { status } = await runPlan(scene.request(plan, { engine, parallel: 1, ...more }));
  expect(status).toBe("failed");
}

const executedAfter = (scene: Bench, count: number): readonly string[] =>
  scene
    .said("stage.started")
    .slice(count)
    .map((event) => event.stage);

describe("resuming", () => {
  test("goes on behind what was landed and committed", async () => {
    using scene = bench();
    await runUntilFailure(scene);
    const before = scene.said("stage.started").length;
    const result = await runPlan(scene.request(chain, { resume: "run-1" }));
    expect(result).toMatchObject({ run: "run-1", status: "succeeded" });
    expect(executedAfter(scene, before)).toEqual(["second"]);
    const reused = scene.said("stage.finished").filter((event) => event.reused === true);
    expect(reused.map(({ stage, rowsOut }) => [stage, rowsOut])).toEqual([
      ["clean", 3],
      ["first", 3],
    ]);
    expect(scene.said("stage.started").at(-1)?.attempt).toBe(2);
    expect(scene.said("run.started").at(-1)).toMatchObject({ resumed: true, epoch: 2 });
    expect(Object.keys(result.finished.steps)).toEqual(["clean", "first", "second"]);
    expect(scene.world.targets.get("first")?.rows).toEqual(["1", "2", "3"]);
    expect(scene.world.targets.get("second")?.rows).toEqual(["1", "2", "3"]);
  });

  test("makes a landed output that is gone or damaged again, where somebody needs it", async () => {
    for (const damage of [rmSync, (path: string) => writeFileSync(path, "9\n9\n9\n")]) {
      using scene = bench();
      await runUntilFailure(scene);
      damage(join(scene.stateFolder, "stage", "run-1", "clean.parquet"));
      const before = scene.said("stage.started").length;
      await runPlan(scene.request(chain, { resume: "run-1" }));
      expect(executedAfter(scene, before)).toEqual(["clean", "second"]);
      expect(scene.world.targets.get("second")?.rows).toEqual(["1", "2", "3"]);
    }
  });

  test("does not make a landed output again that nobody needs", async () => {
    using scene = bench();
    const plan = planOf([
      transformStage("clean", "numbers"),
      loadStage("first", "@clean"),
      loadStage("second", "numbers"),
    ]);
    await runUntilFailure(scene, plan);
    rmSync(join(scene.stateFolder, "stage", "run-1", "clean.parquet"));
    const before = scene.said("stage.started").length;
    const { status } = await runPlan(scene.request(plan, { resume: "run-1" }));
    expect(status).toBe("succeeded");
    expect(executedAfter(scene, before)).toEqual(["second"]);
  });

  test("a source that changed meanwhile is a conflict, unless it may be read again", async () => {
    using scene = bench();
    const plan = planOf([loadStage("second", "numbers")]);
    await runUntilFailure(scene, plan);
    scene.world.sources.set("numbers", { lines: ["7"], version: 2 });
    const refused = await runPlan(scene.request(plan, { resume: "run-1" }));
    expect(refused.finished.error).toMatchObject({ code: "conflict", reason: "source-changed" });
    expect(scene.world.targets.size).toBe(0);
    const again = await runPlan(scene.request(plan, { resume: "run-1" }));
    expect(again.finished.error).toMatchObject({ reason: "source-changed" });
    const { status } = await runPlan(scene.request(plan, { resume: "run-1", reread: "allow" }));
    expect(status).toBe("succeeded");
    expect(scene.world.targets.get("second")?.rows).toEqual(["7"]);
  });

  test("does a load again whose target no longer holds its commit", async () => {
    using scene = bench();
    await runUntilFailure(scene);
    scene.world.targets.delete("first");
    const before = scene.said("stage.started").length;
    const { status } = await runPlan(scene.request(chain, { resume: "run-1" }));
    expect(status).toBe("succeeded");
    expect(executedAfter(scene, before).toSorted()).toEqual(["first", "second"]);
    expect(scene.world.targets.get("first")?.rows).toEqual(["1", "2", "3"]);
  });

  test("refuses a run after which a later one has begun, and leaves its record as it is", async () => {
    using scene = bench();
    await runUntilFailure(scene);
    await runUntilFailure(scene);
    const record = scene.store.runs.get("run-1");
    const committed = scene.world.targets.get("first")?.rows;
    const lease = structuredClone(scene.store.leases.get("project/test"));
    const refused = runPlan(scene.request(chain, { resume: "run-1" }));
    await expect(refused).rejects.toMatchObject({
      code: "conflict",
      reason: "superseded",
      message: 'run run-1 cannot be resumed: run run-2 of pipeline "test" has begun after it',
      hint: "start a new run, or resume the later one: sluice run --resume run-2",
    });
    expect(scene.store.runs.get("run-1")).toEqual(record);
    // It need not wait for the lease to say so.
    expect(scene.store.leases.get("project/test")).toEqual(lease);
    expect(scene.world.targets.get("first")?.rows).toEqual(committed);
    expect((await runPlan(scene.request(chain, { resume: "run-2" }))).status).toBe("succeeded");
    const after = runPlan(scene.request(chain, { resume: "run-1" }));
    await expect(after).rejects.toMatchObject({ reason: "superseded", hint: "start a new run" });
  });

  test("refuses it also where the later run began while the resume waited for the lease", async () => {
    using scene = bench();
    await runUntilFailure(scene);
    const store = new Proxy(scene.store, {
      get(target, member) {
        if (member !== "acquireLease") return Reflect.get(target, member) as unknown;
        return async (asked: Parameters<typeof target.acquireLease>[0]) => {
          const held = await target.acquireLease(asked);
          if (target.runs.size > 1 || !("epoch" in held)) return held;
          // As a run that had the lease in between leaves it.
          const other = { ...(target.runs.get("run-1") as RunRecord), id: "run-2", epoch: held.epoch };
          await target.putRun({ ...other, status: "succeeded" });
          return { epoch: held.epoch + 1 };
        };
      },
    });
    const refused = runPlan(scene.request(chain, { resume: "run-1", store }));
    await expect(refused).rejects.toMatchObject({ reason: "superseded", hint: "start a new run" });
    expect(scene.store.leases.get("project/test")?.holder).toBeUndefined();
    expect(scene.store.runs.get("run-1")).toMatchObject({ status: "failed", epoch: 1 });
  });

  test("resumes twice, and a run that waited while a later one ran", async () => {
    using scene = bench();
    await runUntilFailure(scene);
    await runUntilFailure(scene, chain, { resume: "run-1" });
    expect((await runPlan(scene.request(chain, { resume: "run-1" }))).status).toBe("succeeded");
    await runUntilFailure(scene);
    const waiting = scene.store.runs.get("run-2") as RunRecord;
    // It held the lease after a later run, for which it had waited.
    scene.store.runs.set("run-3", { ...waiting, id: "run-3", epoch: 3, status: "succeeded" });
    expect((await runPlan(scene.request(chain, { resume: "run-2" }))).status).toBe("succeeded");
  });

  test("a run that has succeeded has nothing to resume, and says so", async () => {
    using scene = bench();
    const first = await runPlan(scene.request(chain));
    const executions = scene.said("stage.started").length;
    const second = await runPlan(scene.request(chain, { resume: "run-1" }));
    expect(second.status).toBe("succeeded");
    expect(second.finished.steps).toEqual(first.finished.steps);
    expect(scene.said("warning").at(-1)?.message).toBe("run run-1 has succeeded already: there is nothing to resume");
    expect(scene.said("stage.started")).toHaveLength(executions);
    expect(scene.said("run.started")).toHaveLength(1);
  });

  test("refuses another plan, another pipeline, another step, an unknown run, with what to do", async () => {
    using scene = bench();
    await runUntilFailure(scene);
    const refusal = async (plan: Plan, more: Partial<RunRequest>): Promise<unknown> =>
      runPlan(scene.request(plan, { resume: "run-1", ...more })).catch((error: unknown) => error);
    const said = scene.events.length;
    expect(await refusal({ ...chain, hash: "fedcba9876543210" }, {})).toMatchObject({
      code: "conflict",
      reason: "plan-changed",
      hint: "start a new run, or take back the change and resume",
    });
    expect(await refusal(planOf([], { name: "else" }), {})).toMatchObject({ code: "config" });
    expect(await refusal(chain, { step: "first" })).toMatchObject({ code: "config", offending: "first" });
    expect(await refusal(chain, { resume: "nowhere" })).toMatchObject({ code: "config", offending: "nowhere" });
    expect(scene.events).toHaveLength(said);
  });

  test("takes the parameters of then, and refuses others", async () => {
    using scene = bench();
    const parameters = [{ name: "day", type: "date", default: "2026-01-01" }];
    const plan = planOf(chain.stages, { parameters });
    const day = (value: string): Pick<RunRequest, "parameters"> => ({
      parameters: new Map([["day", { type: "date", value }]]),
    });
    await runUntilFailure(scene, plan, day("2026-01-05"));
    const seen: unknown[] = [];
    const engine = fakeEngine((_query, request) => void seen.push(request.parameters.get("day")?.value));
    // The default is as good as any other value where somebody gives it.
    for (const value of ["2026-01-06", "2026-01-01"]) {
      const other = runPlan(scene.request(plan, { resume: "run-1", ...day(value) }));
      await expect(other).rejects.toMatchObject({ code: "config", offending: "day" });
    }
    await runPlan(scene.request(plan, { resume: "run-1", engine }));
    expect(seen).toEqual(["2026-01-05"]);
  });

  test("a run that its process left running can be resumed, one that is under way cannot", async () => {
    using scene = bench();
    await runUntilFailure(scene);
    const record = scene.store.runs.get("run-1") as RunRecord;
    const { finishedAt: _finishedAt, error: _error, ...rest } = record;
    scene.store.runs.set("run-1", { ...rest, status: "running" });
    const holder = { run: "run-1", host: "elsewhere", pid: 1, since: 0, expiresAt: Number.MAX_SAFE_INTEGER };
    scene.store.leases.set("project/test", { epoch: 1, holder });
    const refused = runPlan(scene.request(chain, { resume: "run-1" }));
    await expect(refused).rejects.toMatchObject({ code: "conflict", reason: "running" });
    expect(scene.store.runs.get("run-1")?.status).toBe("running");
    scene.store.leases.set("project/test", { epoch: 1, holder: { ...holder, host: hostname(), pid: process.pid } });
    const { status } = await runPlan(scene.request(chain, { resume: "run-1" }));
    expect(status).toBe("succeeded");
  });
});

class Killed extends Error {}

/** Everything that a run does to the world goes through here; from the n-th call on, its process is dead. */
function mortal(limit: number): { call: (name: string) => void; readonly calls: readonly string[] } {
  const calls: string[] = [];
  return {
    calls,
    call(name) {
      if (calls.length < limit) calls.push(name);
      if (calls.length >= limit) throw new Killed(name);
    },
  };
}

async function runToDeath(scene: Bench, plan: Plan, limit: number): Promise<readonly string[]> {
  const life = mortal(limit);
  const store = new Proxy(scene.store, {
    get(target, member) {
      const found: unknown = Reflect.get(target, member);
      if (typeof found !== "function") return found;
      return async (...given: unknown[]) => {
        life.call(`store.${String(member)}`);
        return Reflect.apply(found, target, given) as unknown;
      };
    },
  });
  const adapter = fakeAdapter(scene.world, life.call);
  const engine = fakeEngine(() => life.call("engine.execute"));
  const request = scene.request(plan, {
    store,
    engine,
    adapter: async () => adapter,
    checkpoint: (name) => life.call(name),
  });
  await runPlan(request).catch((error: unknown) => {
    if (!(error instanceof Killed)) throw error;
  });
  return life.calls;
}

test("killed at any call to the outside and resumed, a run leaves the same tables", async () => {
  const plan = planOf([
    transformStage("clean", "numbers"),
    loadStage("appended", "@clean"),
    loadStage("replaced", "@clean", {
      writes: { kind: "target", into: { type: "memory", name: "replaced" }, mode: "replace" },
    }),
    loadStage("direct", "others"),
  ]);
  const datasets = [datasetNamed("numbers"), datasetNamed("others")];
  using whole = bench(datasets);
  const calls = await runToDeath(whole, plan, Number.POSITIVE_INFINITY);
  expect(calls).toEqual(expect.arrayContaining(["run.recorded", "stage.started", "stage.executed", "load.staged"]));
  expect(calls).toEqual(expect.arrayContaining(["load.committing", "load.committed", "stage.recorded"]));
  const tables = (scene: Bench): unknown => [...scene.world.targets].map(([name, { rows }]) => [name, rows]).sort();
  for (let limit = 1; limit <= calls.length; limit++) {
    using scene = bench(datasets);
    await runToDeath(scene, plan, limit);
    const isKnown = scene.store.runs.has("run-1");
    const { status } = await runPlan(scene.request(plan, isKnown ? { resume: "run-1" } : {}));
    expect([limit, calls[limit - 1], status]).toEqual([limit, calls[limit - 1], "succeeded"]);
    expect([limit, tables(scene)]).toEqual([limit, tables(whole)]);
    expect(scene.world.commits).toBe(3);
    expect(scene.world.open).toBe(0);
  }
});
