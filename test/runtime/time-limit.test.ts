import type { Adapter, LoadDefinition, Relation, ScannableInput, Source } from "@sluice/core";
import { runPlan } from "@sluice/runtime";
import { describe, expect, test } from "vitest";
import { fakeAdapter } from "./fakes/fake-adapter.ts";
import { settle, until } from "./fakes/fake-clock.ts";
import { type Bench, bench, loadStage, planOf } from "./fakes/fixture.ts";
import { csvDataset, realProject } from "./real-project.ts";

/** The adapter of a bench, with parts of its source replaced. */
function withSource(scene: Bench, change: (source: Source) => Source): Adapter {
  const adapter = fakeAdapter(scene.world);
  return {
    ...adapter,
    openSource: async (...given) => {
      const source = await adapter.openSource?.(...given);
      if (source === undefined) throw new Error("the fake adapter has sources");
      return change(source);
    },
  };
}
const never = <T>(): Promise<T> => new Promise(() => undefined);
const plan = planOf([loadStage("load", "numbers", { timeoutMs: 5000 })]);

describe("what does not answer", () => {
  test("a source that never yields is left to itself within a second of cancelling", async () => {
    using scene = bench();
    let isAsked = false;
    const adapter = withSource(scene, ({ scan: _scan, ...source }) => ({
      ...source,
      async *read() {
        isAsked = true;
        yield await never();
      },
    }));
    const cancel = new AbortController();
    const running = runPlan(scene.request(plan, { adapter: async () => adapter, signal: cancel.signal }));
    await until(() => isAsked);
    cancel.abort();
    await settle();
    await scene.clock.advance(999);
    expect((await running).status).toBe("cancelled");
    expect(scene.world.targets.get("load")).toBeUndefined();
  });

  test("its time limit ends it as well, and it is not tried again unless retry says so", async () => {
    using scene = bench();
    let asked = 0;
    const adapter = withSource(scene, (source) => ({
      ...source,
      scan: () => {
        asked += 1;
        return never();
      },
    }));
    const running = runPlan(scene.request(plan, { adapter: async () => adapter }));
    await until(() => asked === 1);
    await scene.clock.advance(5000);
    await scene.clock.advance(999);
    const { finished } = await running;
    expect(finished.error).toMatchObject({ code: "timeout", message: expect.stringContaining("5000 ms") });
    expect([finished.steps.load?.status, asked]).toEqual(["failed", 1]);
  });

  test("a target that is asked before the first stage does not hold up a run that is cancelled", async () => {
    using scene = bench();
    let isAsked = false;
    const adapter: Adapter = {
      ...fakeAdapter(scene.world),
      openSink: () => {
        isAsked = true;
        return never();
      },
    };
    const cancel = new AbortController();
    const running = runPlan(scene.request(plan, { adapter: async () => adapter, signal: cancel.signal }));
    await until(() => isAsked);
    cancel.abort();
    await settle();
    await scene.clock.advance(999);
    expect((await running).status).toBe("cancelled");
  });

  test("what it does once it answers changes nothing and is told to nobody", async () => {
    using scene = bench();
    const answers: (() => void)[] = [];
    let asked = 0;
    let disposed = 0;
    const adapter = withSource(scene, (source) => ({
      ...source,
      async scan(request) {
        const found = source.scan?.(request) ?? never<ScannableInput>();
        asked += 1;
        if (asked === 1) await new Promise<void>((answer) => answers.push(answer));
        return found;
      },
      async [Symbol.asyncDispose]() {
        disposed += 1;
        throw new Error("it does not close");
      },
    }));
    const retry = { attempts: 2, initialMs: 1, jitter: 0 };
    const retried = planOf([loadStage("load", "numbers", { timeoutMs: 5000, retry })]);
    const running = runPlan(scene.request(retried, { adapter: async () => adapter }));
    await until(() => asked === 1);
    await scene.clock.advance(5000);
    await scene.clock.advance(999);
    await until(() => scene.said("stage.retrying").length === 1);
    await scene.clock.advance(1);
    expect((await running).status).toBe("succeeded");
    const told = scene.events.length;
    for (const answer of answers) answer();
    await until(() => disposed === 2);
    await settle();
    expect(scene.events.slice(told)).toEqual([]);
    expect(scene.events.at(-1)?.event).toBe("run.finished");
    expect(await scene.store.stagesOf("run-1")).toMatchObject([{ attempt: 2, status: "succeeded" }]);
    expect(scene.world.commits).toBe(1);
  });
});

test("a query that takes too long is ended, tried again, and leaves nothing", async () => {
  await using project = await realProject();
  const numbers = csvDataset("numbers", [{ name: "n", type: "int64", nullable: true }]);
  project.write("data/numbers.csv", `n\n${Array.from({ length: 50 }, (_, n) => n).join("\n")}\n`);
  const scan: Relation = { kind: "scan", source: { dataset: "numbers" } };
  // Fifty rows to the eighth power: no machine comes to its end.
  const endless = Array.from({ length: 7 }).reduce<Relation>(
    (left, _, index) => ({ kind: "join", left, right: scan, how: "cross", suffix: `_${index}` }),
    scan,
  );
  const load = (name: string, into: LoadDefinition["into"]): LoadDefinition => ({
    kind: "load",
    name,
    from: endless,
    into,
    mode: "replace",
    timeoutMs: 200,
    retry: { attempts: 2, initialMs: 1 },
  });
  const steps = [
    load("table", { type: "sqlite", path: "out.db", table: "t" }),
    load("file", { type: "file", path: "out/x.csv" }),
  ];
  const { status, finished } = await project.run(await project.plan(steps, [numbers]), [numbers]);
  expect(status).toBe("failed");
  expect(finished.error).toMatchObject({ code: "timeout" });
  const codes = project.events.flatMap((event) => (event.event === "stage.retrying" ? [event.error.code] : []));
  expect(codes).toEqual(["timeout", "timeout"]);
  expect([project.exists("out.db"), project.files("out")]).toEqual([false, []]);
  expect(project.files(".sluice/stage").filter((name) => !name.endsWith("numbers.parquet"))).toEqual([]);
});
