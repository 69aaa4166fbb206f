import { expect, it } from "vitest";
import type { StepDefinition } from "../definition/definition.ts";
import { call, col, number, people, planRequest, scan, scanStep } from "./chicago.fixture.ts";
import { findProblems } from "./create-plan.ts";
import { load, pipeline, plan, small, transform } from "./small-plan.fixture.ts";

const output = [{ name: "risk", type: "float64", nullable: true }];
const named = transform("named", {
  kind: "filter",
  input: scan("small"),
  condition: call("gt", col("id"), number("1")),
});
const task = (more: object = {}): StepDefinition =>
  ({
    kind: "task",
    name: "scored",
    run: { module: "tasks/score.ts#score", code: "c0de" },
    inputs: [
      { name: "ids", from: { kind: "keep", input: scanStep("named"), columns: ["id"] } },
      { name: "named", from: scanStep("named") },
    ],
    output,
    ...more,
  }) as StepDefinition;

it("gives a task a stage of its own, and a query of its own to each input that is more than a step", async () => {
  const { stages, lineage } = await plan(named, task(), load(scanStep("scored")));
  expect(stages.map(({ name, kind, steps, reads, endsBecause }) => [name, kind, steps, reads, endsBecause])).toEqual([
    [
      "named",
      "transform",
      ["named"],
      [{ dataset: "small", columns: ["id", "name", "amount", "spare"], uses: 1 }],
      "named is landed because a task reads it: scored and 2 steps read it: scored, scored.ids",
    ],
    [
      "scored.ids",
      "transform",
      ["scored.ids"],
      [{ stage: "named" }],
      "scored.ids is landed because a task reads it: scored",
    ],
    ["scored", "task", ["scored"], [{ stage: "named" }, { stage: "scored.ids" }], "scored is a task"],
    ["save", "load", ["save"], [{ stage: "scored" }], "save is a load"],
  ]);
  const scored = stages.find(({ name }) => name === "scored");
  expect(scored).toMatchObject({
    inputs: [
      { name: "ids", stage: "scored.ids" },
      { name: "named", stage: "named" },
    ],
    schema: { columns: output },
    sql: "",
    writes: { kind: "landed" },
  });
  expect(lineage.find(({ step }) => step === "scored")).toEqual({
    step: "scored",
    column: "risk",
    from: ["amount", "id", "name", "spare"].map((column) => ({ dataset: "small", column })),
  });
  expect(lineage.map(({ step }) => step)).not.toContain("scored.ids");
});

it("plans an action without an output, which others can wait for", async () => {
  const action = task({ output: undefined, inputs: undefined, timeoutMs: 5, retry: { attempts: 2 } });
  const { stages, warnings } = await plan(action, load(scan("small"), { after: ["scored"] }));
  expect(stages.map(({ name, writes, after, timeoutMs }) => [name, writes.kind, after, timeoutMs])).toEqual([
    ["scored", "none", [], 5],
    ["save", "target", ["scored"], undefined],
  ]);
  expect(warnings).toEqual([]);
});

it("keeps the order of rows that a task gets, and says that other sorts have no effect", async () => {
  const by = [{ expression: col("id") }];
  const sorted = { kind: "sort", input: scan("small"), by } as const;
  const { warnings } = await plan(
    task({ inputs: [{ name: "rows", from: scanStep("sorted") }] }),
    transform("sorted", sorted),
  );
  expect(warnings).toEqual([]);
});

it("names the place of what is wrong with the query of an input", async () => {
  const inputs = [{ name: "ids", from: { kind: "keep", input: scan("small"), columns: ["idd"] } }];
  const problems = await findProblems(planRequest(pipeline(task({ inputs })), [small, people]));
  expect(problems.map(({ message, at }) => [message, at?.path])).toEqual([
    [expect.stringContaining('"idd"'), "steps.scored.inputs.ids.keep"],
  ]);
});
