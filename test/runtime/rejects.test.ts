import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type FrozenDataset, SluiceError } from "@sluice/core";
import { runPlan } from "@sluice/runtime";
import { describe, expect, test } from "vitest";
import { fakeEngine } from "./fakes/fake-engine.ts";
import { type Bench, bench, datasetNamed, loadStage, planOf, scanDataset, transformStage } from "./fakes/fixture.ts";

const plan = planOf([loadStage("load", "numbers")]);

function withLines(lines: readonly string[], more: Partial<FrozenDataset> = {}): Bench {
  const scene = bench([datasetNamed("numbers", more)]);
  scene.world.sources.set("numbers", { lines, version: 1 });
  return scene;
}

describe("rejects", () => {
  test("are counted, kept, said, and left out", async () => {
    using scene = withLines(["1", "bad 2", "3", "bad 4"]);
    const { status, finished } = await runPlan(scene.request(plan));
    expect(status).toBe("succeeded");
    expect(scene.world.targets.get("load")?.rows).toEqual(["1", "3"]);
    expect(finished.steps.load).toMatchObject({ rowsIn: 2, rowsOut: 2, rejected: 2 });
    const [said] = scene.said("stage.rejects");
    expect(said).toMatchObject({ dataset: "numbers", accepted: 2, rejected: 2 });
    expect(said?.quarantine).toBe(".sluice/stage/run-1/quarantine/numbers.parquet");
    expect(readFileSync(join(scene.root, said?.quarantine ?? ""), "utf8")).toBe("bad 2\nbad 4\n");
    expect(scene.said("warning").map((warning) => warning.message)).toEqual([
      expect.stringContaining('2 of 4 records of dataset "numbers" were rejected'),
    ]);
    expect(existsSync(join(scene.stateFolder, "stage", "run-1", "scratch"))).toBe(false);
  });

  test.each([
    ["a count that is kept", 2, "succeeded"],
    ["a count that is passed", 1, "failed"],
    ["a share that is kept", "50%", "succeeded"],
    ["a share that is passed", "49.99%", "failed"],
    ["none allowed", 0, "failed"],
  ] as const)("maxRejects: %s", async (_name, maxRejects, expected) => {
    using scene = withLines(["1", "bad 2", "3", "bad 4"], { maxRejects });
    const { status, finished, checksFailed } = await runPlan(scene.request(plan));
    expect(status).toBe(expected);
    expect(checksFailed).toBe(false);
    expect(scene.world.targets.has("load")).toBe(expected === "succeeded");
    if (expected === "succeeded") return;
    expect(finished.error).toMatchObject({ code: "data", reason: "max-rejects", offending: "bad 2" });
    expect(finished.steps.load).toMatchObject({ status: "failed", rejected: 2 });
    expect(finished.error?.message).toContain(
      `2 of 4 records of dataset "numbers" were rejected, at most ${maxRejects}`,
    );
    expect(existsSync(join(scene.root, scene.said("stage.rejects")[0]?.quarantine ?? "none"))).toBe(true);
  });

  test("are found behind a limit too", async () => {
    using scene = withLines(["1", "2", "bad 3"], { maxRejects: 0 });
    const relation = { kind: "limit", input: scanDataset("numbers"), count: 1 } as const;
    const { finished } = await runPlan(scene.request(planOf([loadStage("load", "numbers", { relation })])));
    expect(finished.error).toMatchObject({ reason: "max-rejects" });
    using good = withLines(["1", "2", "3"], { maxRejects: 0 });
    const { finished: fine } = await runPlan(good.request(planOf([loadStage("load", "numbers", { relation })])));
    expect(fine.steps.load).toMatchObject({ status: "succeeded", rowsIn: 3, rowsOut: 1, rejected: 0 });
  });

  test("an error that is no record's is the query's own, after one more try over the accepted rows", async () => {
    using scene = withLines(["1", "2"]);
    const formats: string[] = [];
    const engine = fakeEngine((_query, request) => {
      formats.push(request.inputs.get("numbers")?.input.format ?? "");
      throw new SluiceError("data", "cannot cast 'x' to int64");
    });
    const { finished } = await runPlan(scene.request(plan, { engine }));
    expect(formats).toEqual(["csv", "parquet"]);
    expect(finished.error).toEqual({ code: "data", message: "cannot cast 'x' to int64" });
    expect(scene.said("stage.rejects")).toEqual([]);
  });

  test("a full disk is not looked for in records", async () => {
    using scene = withLines(["1", "bad 2"]);
    const engine = fakeEngine(() => {
      throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
    });
    const { finished } = await runPlan(scene.request(plan, { engine }));
    expect(finished.error).toMatchObject({ code: "denied", reason: "disk-full" });
    expect(scene.said("stage.rejects")).toEqual([]);
  });

  test("one dataset's limit does not hide another's rejects", async () => {
    using scene = bench([datasetNamed("a", { maxRejects: 0 }), datasetNamed("b", { maxRejects: 0 })]);
    for (const name of ["a", "b"]) scene.world.sources.set(name, { lines: ["bad"], version: 1 });
    const reads = ["a", "b"].map((dataset) => ({ dataset, columns: ["value"], uses: 1 }));
    const relation = { kind: "union", inputs: [scanDataset("a"), scanDataset("b")] } as const;
    const { finished } = await runPlan(scene.request(planOf([transformStage("both", "a", { reads, relation })])));
    expect(scene.said("stage.rejects").map((event) => event.dataset)).toEqual(["a", "b"]);
    expect(finished.error).toMatchObject({ reason: "max-rejects" });
  });
});
