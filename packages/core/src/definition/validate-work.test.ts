import { expect, it } from "vitest";
import { col, scan, scanStep } from "../plan/chicago.fixture.ts";
import { canonicalDefinition } from "./canonical.ts";
import { found, pipeline, transform } from "./definition.fixture.ts";
import type { StepDefinition } from "./definition.ts";

const output = [{ name: "id", type: "int64", nullable: false }];
const task = (more: object = {}): StepDefinition =>
  ({ kind: "task", name: "t", run: { module: "tasks/a.ts#run" }, output, ...more }) as StepDefinition;
const shell = (more: object = {}): StepDefinition =>
  ({ kind: "shell", name: "s", command: ["sort"], output, ...more }) as StepDefinition;
const rows = [{ name: "rows", from: scan("d") }];

it("finds nothing in tasks and commands that are right", () => {
  const right = [
    task({ inputs: rows, maxRejects: "0.5%", stallMs: 1000, memoryMb: 64 }),
    shell({ command: "sort {rows} > {output}", inputs: rows, format: "parquet", env: [["LANG", "C"]] }),
  ];
  expect(found(pipeline(...right))).toEqual([]);
});

it.each<[StepDefinition, string, string]>([
  [task({ run: { module: "tasks/a.ts" } }), "steps.t.run", '"tasks/a.ts" is not a function of the project'],
  [task({ run: { module: "../a.ts#run" } }), "steps.t.run", 'the module "../a.ts#run" lies outside of the project'],
  [task({ memoryMb: 1 }), "steps.t.memoryMb", "memoryMb is 1; it is a whole number of MB from 64 on"],
  [task({ stallMs: 0 }), "steps.t.stallMs", "stallMs is 0; it is a time above 0"],
  [task({ maxRejects: "5" }), "steps.t.maxRejects", '"5" is not a limit of rejects'],
  [task({ output: [] }), "steps.t.output", 'the output of "t" has no columns'],
  [
    task({ output: [{ name: "x", type: "list<bytes>", nullable: true }] }),
    "steps.t.output",
    'the column "x" is list<bytes>, which rows of a task cannot have',
  ],
  [
    task({ output: undefined, checks: [{ kind: "rowCount", min: 1 }] }),
    "steps.t.checks",
    '"t" gives no rows that checks could look at',
  ],
  [task({ inputs: [...rows, ...rows] }), "steps.t.inputs", 'the input "rows" stands twice'],
  [task({ inputs: [{ name: "a b", from: scan("d") }] }), "steps.t.inputs", '"a b" is not a name for an input'],
  [shell({ command: [] }), "steps.s.command", "the command is empty"],
  [shell({ command: " " }), "steps.s.command", "the command is empty"],
  [shell({ stdin: "rows" }), "steps.s.stdin", 'stdin is "rows", which is no input of the step'],
  [
    shell({ command: "cat '{rows}'", inputs: rows }),
    "steps.s.command",
    "{rows} stands in quotes, and is put in with quotes of its own",
  ],
  [
    shell({ command: "ls > {output}", output: undefined }),
    "steps.s.command",
    "{output} is written, but the step declares no output",
  ],
  [shell({ format: "parquet" }), "steps.s.format", "Parquet is not read from standard output"],
  [shell({ format: "ndjson", header: false }), "steps.s.header", "only csv has a header, and the format is ndjson"],
  [shell({ env: [["SLUICE_OUTPUT", "x"]] }), "steps.s.env", '"SLUICE_OUTPUT" cannot be set in the environment'],
  [shell({ output: undefined, header: false }), "steps.s", '"s" says how its output is read, but has none'],
])("%j", (step, path, message) => {
  expect(found(pipeline(step)).map((problem) => (problem as unknown[]).slice(0, 2))).toEqual([[path, message]]);
});

it("refuses to read a step without rows, wherever it is read", () => {
  const action = task({ output: undefined });
  const readers = [transform("r", scanStep("t")), shell({ inputs: [{ name: "rows", from: scanStep("t") }] })];
  for (const reader of readers) {
    expect(found(pipeline(action, reader)).map((problem) => (problem as unknown[])[1])).toEqual([
      `"${reader.name}" reads "t", a task that gives no rows`,
    ]);
  }
});

it("looks into the queries of inputs, and names their place", () => {
  const inputs = [{ name: "rows", from: { kind: "filter", input: scanStep("gone"), condition: col("") } as const }];
  expect(found(pipeline(task({ inputs }))).map((problem) => (problem as unknown[])[0])).toContain(
    "steps.t.inputs.rows.scan",
  );
});

it("has one form: what is the default is left out, names are sorted, types have their one text", () => {
  const more = {
    inputs: [
      { name: "b", from: scan("d"), format: "csv", header: true },
      { name: "a", from: scan("d") },
    ],
  };
  const written = shell({
    ...more,
    format: "csv",
    header: true,
    env: [
      ["B", "1"],
      ["A", "2"],
    ],
    output: [{ name: "x", type: "decimal(9, 2)", nullable: true }],
  });
  expect(canonicalDefinition(pipeline(written)).steps[0]).toEqual({
    kind: "shell",
    name: "s",
    command: ["sort"],
    inputs: [
      { name: "a", from: scan("d") },
      { name: "b", from: scan("d") },
    ],
    output: [{ name: "x", type: "decimal(9,2)", nullable: true }],
    env: [
      ["A", "2"],
      ["B", "1"],
    ],
  });
  expect(canonicalDefinition(pipeline(task({ memoryMb: 1024, inputs: [] }))).steps[0]).toEqual(task());
});
