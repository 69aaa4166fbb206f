import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { SluiceError } from "@sluice/core";
import { readLog, runPlan } from "@sluice/runtime";
import { describe, expect, test } from "vitest";
import { settle, until } from "./fakes/fake-clock.ts";
import { fakeEngine } from "./fakes/fake-engine.ts";
import { type Bench, bench, datasetNamed, loadStage, planOf, scanDataset, transformStage } from "./fakes/fixture.ts";

const chain = planOf([transformStage("clean", "numbers"), loadStage("load", "@clean")]);

describe("a run", () => {
  test("lands, loads, records and says everything in order, run.finished last", async () => {
    using scene = bench();
    const result = await runPlan(scene.request(chain));
    expect(result.status).toBe("succeeded");
    expect(scene.world.targets.get("load")?.rows).toEqual(["1", "2", "3"]);
    expect(scene.events.map((event) => event.event)).toEqual([
      "run.started",
      "stage.started",
      "stage.finished",
      "stage.started",
      "stage.finished",
      "run.finished",
    ]);
    expect(result.finished).toEqual(scene.events.at(-1));
    expect(result.finished.steps).toEqual({
      clean: { status: "succeeded", stage: "clean", rowsIn: 3, rowsOut: 3, rejected: 0, durationMs: 0 },
      load: {
        status: "succeeded",
        stage: "load",
        rowsIn: 3,
        rowsOut: 3,
        rejected: 0,
        durationMs: 0,
        load: { read: 3, inserted: 3, updated: 0, deleted: 0, unchanged: 0, rejected: 0 },
      },
    });
    expect(scene.world.open).toBe(0);
    expect(scene.store.leases.get("project/test")?.holder).toBeUndefined();
    expect(scene.store.runs.get("run-1")).toMatchObject({ status: "succeeded", epoch: 1, generation: 0 });
    const [landed] = await scene.store.stagesOf("run-1");
    expect(landed?.output).toMatchObject({ kind: "landed", path: "stage/run-1/clean.parquet", rows: 3, bytes: 6 });
    expect(landed?.sources).toEqual({ numbers: { name: "numbers", version: 1 } });
    expect(readdirSync(join(scene.stateFolder, "stage", "run-1"))).toEqual(["clean.parquet"]);
  });

  test("says what is doubtful about the plan and its datasets first, once each", async () => {
    using scene = bench([
      datasetNamed("numbers", { warnings: ["two layouts fit"] }),
      datasetNamed("unread", { warnings: ["nobody reads this"] }),
    ]);
    const plan = planOf([loadStage("load", "numbers"), loadStage("again", "numbers")]);
    const warnings = ["the sort has no effect", "the sort has no effect", "x.csv has no frozen schema"];
    let isBroken = true;
    const checkpoint = (name: string): void => {
      if (isBroken && name === "stage.started") throw new Error("broken");
    };
    await runPlan(scene.request({ ...plan, warnings }, { checkpoint }));
    isBroken = false;
    const said = ["the sort has no effect", "x.csv has no frozen schema", 'dataset "numbers": two layouts fit'];
    expect(scene.events.slice(0, 4).map((event) => ("message" in event ? event.message : event.event))).toEqual([
      "run.started",
      ...said,
    ]);
    const { status } = await runPlan(scene.request({ ...plan, warnings }, { resume: "run-1" }));
    expect(status).toBe("succeeded");
    expect(scene.said("warning").map(({ message, stage }) => [stage, message])).toEqual(
      said.map((message) => [undefined, message]),
    );
  });

  test("counts rows at the edges of a stage only", async () => {
    using scene = bench();
    const plan = planOf([loadStage("load", "numbers", { steps: ["first", "middle", "load"] })]);
    const { finished } = await runPlan(scene.request(plan));
    expect(finished.steps.first).toMatchObject({ stage: "load", rowsIn: 3, rowsOut: null });
    expect(finished.steps.middle).toMatchObject({ rowsIn: null, rowsOut: null });
    expect(finished.steps.load).toMatchObject({ rowsIn: null, rowsOut: 3 });
  });

  test("a failed stage lets others finish and skips those that need it", async () => {
    using scene = bench([datasetNamed("numbers"), datasetNamed("others")]);
    scene.world.sources.delete("numbers");
    const plan = planOf([
      transformStage("clean", "numbers"),
      transformStage("other", "others"),
      loadStage("load", "@clean"),
      loadStage("load_other", "@other"),
      transformStage("behind", "others", { after: ["load"] }),
    ]);
    const result = await runPlan(scene.request(plan));
    expect(result.status).toBe("failed");
    expect(result.checksFailed).toBe(false);
    expect(result.finished.error).toMatchObject({ code: "missing", message: "there is no source numbers" });
    expect(Object.entries(result.finished.steps).map(([step, { status }]) => [step, status])).toEqual([
      ["clean", "failed"],
      ["other", "succeeded"],
      ["load", "skipped"],
      ["load_other", "succeeded"],
      ["behind", "skipped"],
    ]);
    const reasons = scene.said("stage.finished").filter((event) => event.status === "skipped");
    expect(reasons.map((event) => event.reason)).toEqual([
      'it needs "clean", which failed',
      'it needs "load", which was skipped',
    ]);
  });

  test("runs at most so many stages at once", async () => {
    using scene = bench();
    let started = 0;
    let now = 0;
    let most = 0;
    const engine = fakeEngine(async () => {
      started += 1;
      most = Math.max(most, ++now);
      await until(() => now > 1 || started === 5);
      now -= 1;
    });
    const stages = ["a", "b", "c", "d", "e"].map((name) => transformStage(name, "numbers"));
    await runPlan(scene.request(planOf(stages), { engine, parallel: 2 }));
    expect(most).toBe(2);
    expect(scene.said("run.finished")[0]?.status).toBe("succeeded");
  });

  test("stages that others wait for run first, all else in the plan's order", async () => {
    using scene = bench();
    const stages = [
      transformStage("alone", "numbers"),
      transformStage("short", "numbers"),
      loadStage("behind short", "@short"),
      transformStage("long", "numbers"),
      transformStage("middle", "@long"),
      loadStage("behind long", "@middle"),
    ];
    await runPlan(scene.request(planOf(stages), { parallel: 1 }));
    const order = ["long", "short", "middle", "alone", "behind short", "behind long"];
    expect(scene.said("stage.started").map(({ stage }) => stage)).toEqual(order);
  });

  test("--step runs what the step needs and nothing else", async () => {
    using scene = bench();
    const plan = planOf([...chain.stages, transformStage("unrelated", "numbers")]);
    const { finished } = await runPlan(scene.request(plan, { step: "load" }));
    expect(Object.keys(finished.steps)).toEqual(["clean", "load"]);
    const error = await runPlan(scene.request(plan, { step: "loud" })).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "config", offending: "loud", hint: 'did you mean "load"?' });
  });

  test("`when` reads metrics of earlier steps; false and null skip", async () => {
    using scene = bench();
    const more = (than: string): Parameters<typeof loadStage>[2] => ({
      when: {
        kind: "call",
        name: "gt",
        arguments: [
          { kind: "metric", step: "clean", name: "rowsOut" },
          { kind: "literal", type: "number", value: than },
        ],
      },
    });
    const plan = planOf([
      transformStage("clean", "numbers"),
      loadStage("some", "@clean", more("2")),
      loadStage("many", "@clean", more("3")),
      transformStage("behind", "numbers", { after: ["many"] }),
    ]);
    const { status, finished } = await runPlan(scene.request(plan));
    expect(status).toBe("succeeded");
    expect(finished.steps.some?.status).toBe("succeeded");
    expect(finished.steps.many?.status).toBe("skipped");
    expect(finished.steps.behind?.status).toBe("skipped");
  });

  test("passes a landed file on by a link, without a query", async () => {
    using scene = bench();
    const queries: string[] = [];
    const engine = fakeEngine((query) => void queries.push(query.sql));
    const write = { kind: "target", into: { type: "memory", name: "load" }, mode: "append", passes: "clean" } as const;
    const plan = planOf([transformStage("clean", "numbers"), loadStage("load", "@clean", { writes: write })]);
    const { finished } = await runPlan(scene.request(plan, { engine }));
    expect(queries).toEqual([JSON.stringify(scanDataset("numbers"))]);
    expect(scene.world.targets.get("load")?.rows).toEqual(["1", "2", "3"]);
    expect(finished.steps.load).toMatchObject({ rowsIn: 3, rowsOut: 3 });
  });

  test("the epoch is above what a target has seen, also after the state was lost", async () => {
    using scene = bench();
    scene.world.targets.set("load", { rows: [], commit: { commitId: "old", epoch: 41, result: {} } });
    const { status } = await runPlan(scene.request(chain));
    expect(status).toBe("succeeded");
    expect(scene.world.targets.get("load")?.commit?.epoch).toBe(42);
  });

  test("runs on their own share the epoch that a target has seen, so that none overtakes another", async () => {
    using scene = bench();
    scene.world.targets.set("load", { rows: [], commit: { commitId: "old", epoch: 41, result: {} } });
    const { status } = await runPlan({ ...scene.request(chain), isOnItsOwn: true });
    expect(status).toBe("succeeded");
    expect(scene.world.targets.get("load")?.commit).toMatchObject({ epoch: 41 });
    expect(scene.world.targets.get("load")?.commit?.commitId).not.toBe("old");
  });

  test("constants are the instant of the run and its day in the zone of the schedule", async () => {
    using scene = bench();
    const seen: unknown[] = [];
    const engine = fakeEngine((_query, request) => void seen.push(request.constants));
    const schedule = { cron: "0 3 * * *", zone: "Asia/Tokyo" };
    await runPlan(scene.request(planOf([transformStage("clean", "numbers")], { schedule }), { engine }));
    await runPlan(scene.request(planOf([transformStage("clean", "numbers")]), { engine }));
    expect(seen).toEqual([
      { now: "2026-01-31T23:30:00.000Z", today: "2026-02-01" },
      { now: "2026-01-31T23:30:00.000Z", today: "2026-01-31" },
    ]);
  });

  test("writes a log with every event and the SQL of each attempt; readLog gives a step's part", async () => {
    using scene = bench();
    await runPlan(scene.request(chain));
    const wanted = { stateFolder: scene.stateFolder, pipeline: "test", run: "run-1" };
    const lines = await readLog(wanted);
    expect(lines.filter((line) => line.event !== "stage.sql" && line.event !== "message")).toEqual(scene.events);
    const ofLoad = await readLog({ ...wanted, step: "load" });
    expect(ofLoad.map((line) => line.event)).toEqual(["stage.started", "stage.sql", "stage.finished"]);
    expect(await readLog({ ...wanted, run: "none" })).toEqual([]);
    const text = readFileSync(join(scene.stateFolder, "logs", "test", "run-1", "0.ndjson"), "utf8");
    expect(text.endsWith("\n")).toBe(true);
  });

  test("takes secrets out of events, records and the log", async () => {
    using scene = bench();
    const engine = fakeEngine(() => {
      throw new SluiceError("denied", "password hunter2 was refused", { hint: "not hunter2" });
    });
    const redact = (text: string): string => text.replaceAll("hunter2", "[secret]");
    await runPlan(scene.request(chain, { engine, redact }));
    const log = readFileSync(join(scene.stateFolder, "logs", "test", "run-1", "0.ndjson"), "utf8");
    const everything = JSON.stringify([
      scene.events,
      [...scene.store.runs.values()],
      await scene.store.stagesOf("run-1"),
      log,
    ]);
    expect(everything).toContain("password [secret] was refused");
    expect(everything).not.toContain("hunter2");
  });

  test("keeps the files of the newest runs only", async () => {
    using scene = bench();
    for (let run = 0; run < 5; run++) await runPlan(scene.request(chain, { keepRuns: 2 }));
    expect(readdirSync(join(scene.stateFolder, "stage")).sort()).toEqual(["run-4", "run-5"]);
  });
});

describe("cancelling", () => {
  test("a stage that reacts is undone, those after it are cancelled, nothing is left", async () => {
    using scene = bench();
    const cancel = new AbortController();
    const engine = fakeEngine(() => cancel.abort());
    const result = await runPlan(scene.request(chain, { engine, signal: cancel.signal }));
    expect(result.status).toBe("cancelled");
    expect(Object.values(result.finished.steps).map((step) => step.status)).toEqual(["cancelled", "cancelled"]);
    expect(scene.store.runs.get("run-1")?.status).toBe("cancelled");
    expect(scene.world.open).toBe(0);
    expect(existsSync(join(scene.stateFolder, "stage", "run-1"))).toBe(false);
  });

  test("a stage that does not react is given up within a second", async () => {
    using scene = bench();
    const cancel = new AbortController();
    let isStuck = false;
    const engine = fakeEngine(() => {
      isStuck = true;
      return new Promise<void>(() => undefined);
    });
    const running = runPlan(scene.request(chain, { engine, signal: cancel.signal }));
    await until(() => isStuck);
    cancel.abort();
    await settle();
    await scene.clock.advance(999);
    expect((await running).status).toBe("cancelled");
  });

  test("before it begins", async () => {
    using scene = bench();
    const result = await runPlan(scene.request(chain, { signal: AbortSignal.abort() }));
    expect(result.status).toBe("cancelled");
    expect(scene.said("run.started")).toEqual([]);
    expect(Object.values(result.finished.steps).map((step) => step.status)).toEqual(["cancelled", "cancelled"]);
  });
});

describe("attempts", () => {
  const retry = { attempts: 4, initialMs: 100, maxMs: 250, jitter: 0.5 };
  const failing = (codes: readonly (SluiceError | undefined)[]): ReturnType<typeof fakeEngine> => {
    const left = [...codes];
    return fakeEngine(() => {
      const error = left.shift();
      if (error !== undefined) throw error;
    });
  };
  /** Lets so many waits between attempts pass. */
  const passRetries = async (scene: Bench, count: number): Promise<void> => {
    for (let retried = 1; retried <= count; retried++) {
      await until(() => scene.said("stage.retrying").length === retried);
      await scene.clock.advance(scene.said("stage.retrying")[retried - 1]?.waitMs ?? 0);
    }
  };
  const unavailable = new SluiceError("unavailable", "busy");

  test("waits grow, are cut and jittered, and respect what the system asks for", async () => {
    using scene = bench();
    const engine = failing([unavailable, unavailable, new SluiceError("unavailable", "later", { retryAfterMs: 5000 })]);
    const plan = planOf([loadStage("load", "numbers", { retry })]);
    const running = runPlan(scene.request(plan, { engine }));
    await passRetries(scene, 3);
    expect((await running).status).toBe("succeeded");
    expect(scene.said("stage.retrying").map(({ attempt, waitMs }) => [attempt, waitMs])).toEqual([
      [1, 75],
      [2, 150],
      [3, 5000],
    ]);
    expect(scene.said("stage.finished")[0]).toMatchObject({ attempt: 4, status: "succeeded" });
    expect(scene.world.targets.get("load")?.rows).toEqual(["1", "2", "3"]);
  });

  test.each(["data", "denied", "missing", "config", "unsupported"] as const)("%s is not tried again", async (code) => {
    using scene = bench([]);
    const engine = failing([new SluiceError(code, "no")]);
    const values = { kind: "values", columns: [], rows: [] } as const;
    const plan = planOf([loadStage("load", "numbers", { retry, reads: [], relation: values })]);
    const result = await runPlan(scene.request(plan, { engine }));
    expect(result.finished.error?.code).toBe(code);
    expect(scene.said("stage.retrying")).toEqual([]);
  });

  test("gives up after the last one with its error", async () => {
    using scene = bench();
    const engine = failing([unavailable, unavailable, unavailable, unavailable, unavailable]);
    const plan = planOf([loadStage("load", "numbers", { retry })]);
    const running = runPlan(scene.request(plan, { engine }));
    await passRetries(scene, 3);
    expect((await running).finished.error).toEqual({ code: "unavailable", message: "busy" });
    expect(scene.said("stage.started")).toHaveLength(4);
  });

  test("a time limit ends an attempt, another one follows", async () => {
    using scene = bench();
    let attempts = 0;
    const engine = fakeEngine((_query, { signal }) => {
      attempts += 1;
      if (attempts > 1) return;
      return new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(new Error("interrupted")), { once: true });
      });
    });
    const plan = planOf([loadStage("load", "numbers", { retry, timeoutMs: 5000 })]);
    const running = runPlan(scene.request(plan, { engine }));
    await until(() => attempts === 1);
    await scene.clock.advance(5000);
    await passRetries(scene, 1);
    expect((await running).status).toBe("succeeded");
    expect(scene.said("stage.retrying")[0]?.error).toMatchObject({ code: "timeout" });
  });

  test("cancelled while waiting for the next one", async () => {
    using scene = bench();
    const cancel = new AbortController();
    const engine = failing([unavailable, unavailable]);
    const plan = planOf([loadStage("load", "numbers", { retry })]);
    const running = runPlan(scene.request(plan, { engine, signal: cancel.signal }));
    await until(() => scene.said("stage.retrying").length === 1);
    cancel.abort();
    expect((await running).status).toBe("cancelled");
  });
});
