import {
  accepted,
  and,
  cron,
  definePipeline,
  isPipeline,
  load,
  notNull,
  type Pipeline,
  param,
  pattern,
  range,
  rowCount,
  rule,
  schema,
  shell,
  sql,
  task,
  transform,
  unique,
} from "@sluice/core";
import { describe, expect, it } from "vitest";
import { column, crashes, scan, vehicles } from "./tables.ts";

const into = { type: "sqlite", connection: "warehouse", table: "crash" };
const crash = transform({ name: "crash", query: crashes.dropNulls(["latitude"]), checks: [notNull("id")] });
const both = crash.join(vehicles, { using: ["id"] });
const loadBoth = load({ name: "load_both", from: both.filter((c) => c.hour.gt(1)), into, mode: "merge", key: ["id"] });

it("a step is a relation over its output", () => {
  expect(crash.name).toBe("crash");
  expect(crash.limit(1).node).toEqual({ kind: "limit", input: { kind: "scan", source: { step: "crash" } }, count: 1 });
});

it("a load overwrites by a condition on its columns, with the parameters of the pipeline", () => {
  const days = load({
    name: "days",
    from: crash,
    into,
    mode: "overwrite",
    where: (c) => and(c.hour.gte(param("from", "int64")), c.hour.lt(6)),
  });
  expect(days.step).toMatchObject({
    mode: "overwrite",
    where: {
      kind: "call",
      name: "and",
      arguments: [
        {
          name: "gte",
          arguments: [
            { kind: "column", name: "hour" },
            { kind: "parameter", name: "from" },
          ],
        },
        { name: "lt" },
      ],
    },
  });
  expect(() => definePipeline({ name: "p", steps: [days] })).toThrow(
    'uses the parameter "from", which is not declared',
  );
  const parameters = { from: { type: "int64", default: 0 } } as const;
  expect(definePipeline({ name: "p", parameters, steps: [days] }).definition.steps).toHaveLength(2);
});

it("a pipeline holds every step that its steps refer to, sorted, frozen and JSON-safe", () => {
  const raw = transform({ name: "raw", query: sql`select * from ${crash}`.returns({ id: "string" }) });
  const last = load({ name: "a_last", from: raw.union(crash.keep(["id"])), into, after: [loadBoth, "raw"] });
  const make = (): Pipeline =>
    definePipeline({
      name: "chicago",
      schedule: cron("0  3 * * *", { zone: "America/Chicago" }),
      parameters: {
        day: { type: "date", default: "2024-01-01" },
        a: { type: "int64", default: 5n },
        b: { type: "bool" },
      },
      steps: [last],
    });
  const { definition } = make();
  expect(definition.steps.map((step) => step.name)).toEqual(["a_last", "crash", "load_both", "raw"]);
  expect(definition.parameters).toEqual([
    { name: "a", type: "int64", default: "5" },
    { name: "b", type: "bool" },
    { name: "day", type: "date", default: "2024-01-01" },
  ]);
  expect(definition.schedule).toEqual({ cron: "0 3 * * *", zone: "America/Chicago" });
  expect(definition.steps[0]).toMatchObject({ kind: "load", mode: "replace", after: ["load_both", "raw"] });
  expect(definition.steps[1]).toEqual({
    kind: "transform",
    name: "crash",
    query: { kind: "dropNulls", input: scan("crashes"), columns: ["latitude"] },
    checks: [{ kind: "notNull", columns: ["id"] }],
  });
  expect(JSON.stringify(make().definition)).toBe(JSON.stringify(definition));
  expect(structuredClone(definition)).toEqual(definition);
  expect(isPipeline(make()) && Object.isFrozen(definition.steps[0])).toBe(true);
  expect(isPipeline({})).toBe(false);
});

it("remembers where each step was written", () => {
  const pipeline = definePipeline({ name: "p", steps: [loadBoth] });
  expect(pipeline.callSite("crash")).toMatch(/steps\.test\.ts:\d+:\d+/);
  expect(pipeline.callSite("")).toMatch(/steps\.test\.ts:\d+:\d+/);
  expect(pipeline.callSite("nope")).toBeUndefined();
  expect(JSON.stringify(pipeline)).not.toContain("steps.test.ts");
});

it("checks become definitions, in order, rules last", () => {
  const step = transform({
    name: "t",
    query: crashes,
    checks: [
      notNull(["id", "at"], { name: "known", otherwise: "warn" }),
      unique("id", { otherwise: "divert", by: (c) => [c.at.desc(), c.id], mostly: 1 }),
      accepted("rd_no", ["a", 1]),
      range("latitude", { min: 41.5, otherwise: "fail" }),
      range("at", { max: "2024-12-31" }),
      pattern("rd_no", /^J\d+$/),
      rowCount({ min: 1, otherwise: "warn" }),
      schema({ id: "string", latitude: "float64?" }),
    ],
    rules: (c) => ({ north: c.latitude.gt(41), "3 o'clock": rule(c.hour.eq(3), { otherwise: "divert", mostly: 0.5 }) }),
  });
  expect(step.step.checks).toEqual([
    { kind: "notNull", columns: ["id", "at"], name: "known", otherwise: "warn" },
    {
      kind: "unique",
      columns: ["id"],
      by: [{ expression: column("at"), descending: true }, { expression: column("id") }],
      otherwise: "divert",
    },
    { kind: "accepted", column: "rd_no", values: ["a", "1"] },
    { kind: "range", column: "latitude", min: "41.5" },
    { kind: "range", column: "at", max: "2024-12-31" },
    { kind: "pattern", column: "rd_no", pattern: "^J\\d+$" },
    { kind: "rowCount", min: 1, otherwise: "warn" },
    {
      kind: "schema",
      columns: [
        { name: "id", type: "string", nullable: false },
        { name: "latitude", type: "float64", nullable: true },
      ],
    },
    {
      kind: "expression",
      name: "north",
      condition: {
        kind: "call",
        name: "gt",
        arguments: [column("latitude"), { kind: "literal", type: "number", value: "41" }],
      },
    },
    {
      kind: "expression",
      name: "3 o'clock",
      otherwise: "divert",
      mostly: 0.5,
      condition: {
        kind: "call",
        name: "eq",
        arguments: [column("hour"), { kind: "literal", type: "number", value: "3" }],
      },
    },
  ]);
});

it("when asks for figures of steps and for parameters", () => {
  const step = transform({
    name: "t",
    query: crashes,
    when: (x) => and(x.steps.crash.rowsOut.gt(0), param("on", "bool")),
  });
  expect(step.step.when).toEqual({
    kind: "call",
    name: "and",
    arguments: [
      {
        kind: "call",
        name: "gt",
        arguments: [
          { kind: "metric", step: "crash", name: "rowsOut" },
          { kind: "literal", type: "number", value: "0" },
        ],
      },
      { kind: "parameter", name: "on" },
    ],
  });
});

describe("tasks and commands", () => {
  function* score(): Generator<{ id: string; risk: number | null }> {
    yield { id: "a", risk: null };
  }
  const scored = task({
    name: "scored",
    inputs: { crash },
    output: { id: "string", risk: "float64?" },
    run: score,
    maxRejects: "1%",
    bigint: true,
  });

  it("are relations over their rows, and pull the steps that they read into a pipeline", () => {
    const sorted = shell({
      name: "sorted",
      command: ["sort"],
      inputs: { rows: { from: scored.limit(1), header: false }, crash },
      stdin: "rows",
      output: { id: "string" },
      env: { LANG: "C" },
    });
    const action = shell({ name: "act", command: "ls", after: [sorted] });
    const { definition, taskFunction } = definePipeline({ name: "p", steps: [action] });
    expect(taskFunction("scored")).toBe(score);
    expect(taskFunction("sorted")).toBeUndefined();
    expect(definition.steps.map(({ kind, name }) => [kind, name])).toEqual([
      ["shell", "act"],
      ["transform", "crash"],
      ["task", "scored"],
      ["shell", "sorted"],
    ]);
    expect(definition.steps[2]).toEqual({
      kind: "task",
      name: "scored",
      run: { module: "#score" },
      inputs: [{ name: "crash", from: { kind: "scan", source: { step: "crash" } } }],
      output: [
        { name: "id", type: "string", nullable: false },
        { name: "risk", type: "float64", nullable: true },
      ],
      maxRejects: "1%",
      bigint: true,
    });
    expect(definition.steps[3]).toMatchObject({
      command: ["sort"],
      inputs: [
        { name: "crash", from: { kind: "scan", source: { step: "crash" } } },
        { name: "rows", header: false },
      ],
      stdin: "rows",
      env: [["LANG", "C"]],
    });
    expect("filter" in action).toBe(false);
  });

  // biome-ignore lint/suspicious/noExplicitAny: mistakes that types would find
  const [anyTask, anyShell] = [task as any, shell as any];
  it.each<[string, () => unknown, string]>([
    [
      "no function",
      () => anyTask({ name: "t", run: "tasks/a.ts#run" }),
      'run of the step "t" is the text "tasks/a.ts#run", not a function',
    ],
    ["an input", () => anyTask({ name: "t", inputs: { a: 1 }, run: score }), 'the input "a" of the step "t"'],
    ["an option", () => anyTask({ name: "t", run: score, outputs: {} }), '"outputs"'],
    [
      "a type",
      () => anyTask({ name: "t", run: score, output: { a: "int46" } }),
      'the column "a" of output of the step "t"',
    ],
    ["a command", () => anyShell({ name: "s", command: 1 }), 'the command of the step "s" is 1'],
    ["a format", () => anyShell({ name: "s", command: "ls", format: "tsv" }), 'a file of the format the text "tsv"'],
    [
      "a variable",
      () => anyShell({ name: "s", command: "ls", env: { A: 1 } }),
      'the variable "A" of the step "s" is 1, not text',
    ],
  ])("%s", (_, make, message) => {
    expect(make).toThrow(message);
  });
});
