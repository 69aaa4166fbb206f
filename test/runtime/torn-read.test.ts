import { existsSync } from "node:fs";
import { join } from "node:path";
import { type PlannedStage, SluiceError } from "@sluice/core";
import { runPlan } from "@sluice/runtime";
import { describe, expect, test } from "vitest";
import { fakeAdapter } from "./fakes/fake-adapter.ts";
import { fakeEngine } from "./fakes/fake-engine.ts";
import { type Bench, bench, loadStage, planOf, transformStage } from "./fakes/fixture.ts";

const conflict = {
  code: "conflict",
  reason: "source-changed",
  message: 'the source of dataset "numbers" (numbers) changed while it was read',
  hint: "let the writer finish, then run again",
};

/** Runs a stage while somebody writes to its source. */
async function runTorn(scene: Bench, stage: PlannedStage, failure?: Error): Promise<void> {
  let isWritten = false;
  const engine = fakeEngine((_query, request) => {
    if (!isWritten) scene.world.sources.set("numbers", { lines: ["1", "2", "3", "4"], version: 2 });
    isWritten = true;
    expect(request.output.path).not.toBe("");
    if (failure !== undefined) throw failure;
  });
  const { status, finished } = await runPlan(scene.request(planOf([stage]), { engine }));
  expect([status, finished.error]).toEqual(["failed", expect.objectContaining(conflict)]);
  expect(scene.said("stage.started")).toHaveLength(1);
  expect(scene.world.open).toBe(0);
}

describe("a source that changes while it is read", () => {
  const retry = { attempts: 3, initialMs: 0 };

  test("is a conflict, nothing is published, and another attempt is not made", async () => {
    using scene = bench();
    await runTorn(scene, loadStage("load", "numbers", { retry }));
    expect(scene.world.targets.size).toBe(0);
  });

  test("leaves nothing landed", async () => {
    using scene = bench();
    await runTorn(scene, transformStage("clean", "numbers"));
    expect(existsSync(join(scene.stateFolder, "stage", "run-1"))).toBe(false);
  });

  test("is what is said where reading it failed", async () => {
    using scene = bench();
    await runTorn(scene, loadStage("load", "numbers"), new SluiceError("unavailable", "cut off"));
  });

  test("has no rejects: what looks like one may be cut off", async () => {
    using scene = bench();
    scene.world.sources.set("numbers", { lines: ["1", "bad"], version: 1 });
    await runTorn(scene, loadStage("load", "numbers"));
    expect(scene.said("stage.rejects")).toEqual([]);
    expect(scene.world.targets.size).toBe(0);
  });

  test("is one also where its target reads it where it lies, after the last look", async () => {
    for (const isTorn of [false, true]) {
      using scene = bench();
      const engine = fakeEngine(() => {
        throw new Error("nothing has to be written");
      });
      scene.world.takesSources = true;
      scene.world.sources.set("numbers", { lines: ["1", "2"], version: 1, format: "parquet" });
      const write = (name: string): void => {
        if (isTorn && name === "staging.commit") scene.world.sources.set("numbers", { lines: ["9"], version: 2 });
      };
      const request = scene.request(planOf([loadStage("load", "numbers")]), {
        engine,
        adapter: async () => fakeAdapter(scene.world, write),
      });
      const { status, finished } = await runPlan(request);
      expect(status).toBe(isTorn ? "failed" : "succeeded");
      if (isTorn) expect(finished.error).toMatchObject(conflict);
      expect(scene.world.targets.get("load")?.rows ?? []).toEqual(isTorn ? [] : ["1", "2"]);
    }
  });
});
