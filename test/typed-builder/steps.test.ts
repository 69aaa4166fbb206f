import {
  accepted,
  and,
  cron,
  definePipeline,
  isPipeline,
  literal,
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

describe("refused with a sentence", () => {
  const twin = transform({ name: "crash", query: vehicles });
  // biome-ignore lint/suspicious/noExplicitAny: mistakes that types would find
  const wrong = (value: unknown): any => value;
  it.each<[string, () => unknown, string, string]>([
    [
      "two steps of one name",
      () => definePipeline({ name: "p", steps: [loadBoth, twin] }),
      'two steps of the pipeline "p" are named "crash"',
      "another name",
    ],
    [
      "a parameter that is not declared",
      () =>
        definePipeline({
          name: "p",
          parameters: { day: { type: "date" } },
          steps: [transform({ name: "t", query: crashes.filter((c) => c.at.gt(param("dai", "timestamp"))) })],
        }),
      'the step "t" uses the parameter "dai", which is not declared',
      'did you mean "day"?',
    ],
    [
      "a parameter of another type",
      () =>
        definePipeline({
          name: "p",
          parameters: { day: { type: "date" } },
          steps: [transform({ name: "t", query: crashes.filter((c) => c.at.gt(param("day", "timestamp"))) })],
        }),
      'the step "t" takes the parameter "day" as timestamp, but it is date',
      'param("day", "date")',
    ],
    [
      "a parameter that may be null",
      () =>
        definePipeline({
          name: "p",
          parameters: { on: { type: "bool", default: null } },
          steps: [transform({ name: "t", query: crashes, when: () => param("on", "bool") })],
        }),
      'the step "t" takes the parameter "on" as bool, but it is bool?',
      'param("on", "bool?")',
    ],
    [
      "a cycle",
      () => {
        const a = transform({ name: "a", query: crashes, after: ["b"] });
        return definePipeline({ name: "p", steps: [transform({ name: "b", query: a })] });
      },
      'steps of the pipeline "p" wait for each other: a needs b needs a',
      "after",
    ],
    [
      "a relation as a step",
      () => definePipeline({ name: "p", steps: [wrong(crashes)] }),
      'the pipeline "p" holds an object as a step',
      "transform(…)",
    ],
    [
      "undefined as a step",
      () => definePipeline({ name: "p", steps: [wrong(undefined)] }),
      'the pipeline "p" holds undefined as a step',
      "",
    ],
    [
      "no steps",
      () => definePipeline({ name: "p", steps: [] }),
      'the steps of the pipeline "p" are an empty array, not an array of steps',
      "",
    ],
    ["no name", () => definePipeline(wrong({ steps: [crash] })), "a pipeline has the name undefined", ""],
    [
      "a default that does not fit",
      () => definePipeline({ name: "p", parameters: { day: { type: "date", default: "1.1.2024" } }, steps: [crash] }),
      'the default the text "1.1.2024" of the parameter "day" is not a date (write it as 2024-01-31)',
      "",
    ],
    ["four fields", () => cron("0 3 * *"), 'the text "0 3 * *" is not a schedule of five fields', "0 3 * * *"],
    [
      "merge without key",
      () => load(wrong({ name: "l", from: crash, into, mode: "merge" })),
      'the step "l": merge needs a key',
      'key: ["id"]',
    ],
    [
      "a key without merge",
      () => load(wrong({ name: "l", from: crash, into, key: ["id"] })),
      "only merge, insert-only and delete+insert compare keys",
      "merge",
    ],
    [
      "a condition without overwrite",
      () => load(wrong({ name: "l", from: crash, into, mode: "append", where: (c: typeof crash) => c })),
      'where of the step "l"',
      "",
    ],
    [
      "partitions and a condition",
      () => load({ name: "l", from: crash, into, mode: "overwrite", partitions: ["hour"], where: (c) => c.hour.gt(1) }),
      'the step "l": both partitions and where say which rows go',
      "leave one of them out",
    ],
    [
      "no such mode",
      () => load(wrong({ name: "l", from: crash, into, mode: "upsert" })),
      'the step "l" has the mode the text "upsert"',
      "",
    ],
    [
      "no target",
      () => load(wrong({ name: "l", from: crash, into: "out.csv" })),
      'the step "l" loads into the text "out.csv", which is no target',
      "file(",
    ],
    [
      "no query",
      () => transform(wrong({ name: "t" })),
      'the query of the step "t" takes a relation, not undefined',
      "",
    ],
    [
      "an unknown option",
      () => transform(wrong({ name: "t", query: crash, check: [] })),
      'transform has no option "check"',
      'did you mean "checks"?',
    ],
    [
      "a callback as a check",
      () => transform(wrong({ name: "t", query: crash, checks: [() => true] })),
      'a check of the step "t" is a function',
      "rules",
    ],
    [
      "no such figure",
      () => transform({ name: "t", query: crash, when: (x) => x.steps.crash.rowOut.gt(0) }),
      'a step has no figure "rowOut" (steps.crash.rowOut)',
      'did you mean "rowsOut"?',
    ],
    [
      "when that is no condition",
      () => transform({ name: "t", query: crash, when: wrong(() => true) }),
      "the callback of when is true, not an expression",
      "",
    ],
    [
      "&& in when",
      () => transform({ name: "t", query: crash, when: (x) => x.steps.a.rowsOut.gt(0) && literal(true) }),
      "steps.a.rowsOut",
      "",
    ],
    ["a share above 1", () => notNull("a", { mostly: 95 }), "mostly of notNull is a share above 0 up to 1, not 95", ""],
    ["no bound", () => range("a", {}), "range has neither min nor max", ""],
    ["flags", () => pattern("a", /x/i), "the flags of /x/i have no meaning here", "(?i)"],
  ])("%s", (_name, build, message, hint) => {
    expect(build).toThrow(
      expect.objectContaining({
        code: "config",
        message: expect.stringContaining(message.startsWith("steps.") ? "made in the callback of when" : message),
      }),
    );
    if (hint !== "") expect(build).toThrow(expect.objectContaining({ hint: expect.stringContaining(hint) }));
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
