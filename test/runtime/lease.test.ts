import { hostname } from "node:os";
import { runPlan } from "@sluice/runtime";
import { describe, expect, test } from "vitest";
import { until } from "./fakes/fake-clock.ts";
import { fakeEngine } from "./fakes/fake-engine.ts";
import { bench, loadStage, planOf } from "./fakes/fixture.ts";

const plan = planOf([loadStage("load", "numbers")]);

describe("two runs of one pipeline", () => {
  test("the second waits, says once for whom, and runs when the first is done", async () => {
    using scene = bench();
    let release = (): void => undefined;
    let executions = 0;
    const engine = fakeEngine(() => {
      executions += 1;
      return executions > 1 ? undefined : new Promise<void>((resolve) => (release = resolve));
    });
    const first = runPlan(scene.request(plan, { engine }));
    await until(() => executions === 1);
    const second = runPlan(scene.request(plan, { engine, newRunId: () => "run-2" }));
    await until(() => scene.said("run.waiting").length === 1);
    await scene.clock.advance(2000);
    expect(executions).toBe(1);
    release();
    expect((await first).status).toBe("succeeded");
    await scene.clock.advance(250);
    expect((await second).status).toBe("succeeded");
    expect(scene.said("run.waiting")).toEqual([
      {
        event: "run.waiting",
        run: "run-2",
        at: "2026-01-31T23:30:00.000Z",
        for: { run: "run-1", pid: process.pid, host: hostname(), since: "2026-01-31T23:30:00.000Z" },
      },
    ]);
    expect(scene.said("run.started").map((event) => event.epoch)).toEqual([1, 2]);
    expect(scene.world.targets.get("load")?.rows).toEqual(["1", "2", "3", "1", "2", "3"]);
  });

  test("a waiting run can be cancelled", async () => {
    using scene = bench();
    const cancel = new AbortController();
    const holder = { run: "other", host: "elsewhere", pid: 1, since: 0, expiresAt: Number.MAX_SAFE_INTEGER };
    scene.store.leases.set("project/test", { epoch: 7, holder });
    const running = runPlan(scene.request(plan, { signal: cancel.signal }));
    await until(() => scene.said("run.waiting").length === 1);
    cancel.abort();
    expect((await running).status).toBe("cancelled");
    expect(scene.store.leases.get("project/test")?.holder).toEqual(holder);
  });

  test("a lease left by a dead process of this host holds nobody up", async () => {
    using scene = bench();
    const holder = { run: "dead", host: hostname(), pid: process.pid, since: 0, expiresAt: Number.MAX_SAFE_INTEGER };
    scene.store.leases.set("project/test", { epoch: 7, holder });
    const { status } = await runPlan(scene.request(plan));
    expect(status).toBe("succeeded");
    expect(scene.said("run.started")[0]?.epoch).toBe(8);
  });
});

describe("a long run", () => {
  test("keeps its lease by a heartbeat", async () => {
    using scene = bench();
    let release = (): void => undefined;
    const engine = fakeEngine(() => new Promise<void>((resolve) => (release = resolve)));
    const running = runPlan(scene.request(plan, { engine }));
    await until(() => scene.said("stage.started").length === 1);
    for (let second = 0; second < 120; second += 5) await scene.clock.advance(5000);
    expect(scene.store.leases.get("project/test")?.holder?.expiresAt).toBeGreaterThan(scene.clock.now());
    await until(() => release.name !== "release");
    release();
    expect((await running).status).toBe("succeeded");
  });

  test("that lost its lease stops with a conflict and writes nothing", async () => {
    using scene = bench();
    let isStuck = false;
    const engine = fakeEngine((_query, { signal }) => {
      isStuck = true;
      return new Promise<void>((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(new Error("interrupted")), { once: true });
      });
    });
    const running = runPlan(scene.request(plan, { engine }));
    await until(() => isStuck);
    const holder = { run: "other", host: "elsewhere", pid: 1, since: 0, expiresAt: Number.MAX_SAFE_INTEGER };
    scene.store.leases.set("project/test", { epoch: 9, holder });
    await scene.clock.advance(10_000);
    const { status, finished } = await running;
    expect(status).toBe("failed");
    expect(finished.error).toMatchObject({ code: "conflict", reason: "lease-lost" });
    expect(finished.steps.load?.status).toBe("cancelled");
    expect(scene.world.targets.size).toBe(0);
    expect(scene.store.leases.get("project/test")?.holder).toEqual(holder);
  });
});
