import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { jsonLines, type TestProject, templateProject } from "./sluice.ts";

const TASKS = `import { appendFileSync, existsSync } from "node:fs";
import type { TaskContext } from "sluice";
import type { orders } from "../schemas/index.ts";

export async function paid({ inputs }: TaskContext<{ orders: typeof orders }>) {
  appendFileSync("counted", "x");
  let count = 0;
  for await (const order of inputs.orders) if (order.status === "paid") count += 1;
  return count;
}
export const day = () => "2024-02-29";
export const exact = () => "12345678901234567.89";
export const nothing = () => null;
export const half = () => 1.5;
export const missing = () => undefined as unknown as null;
export function* nested() {
  yield { id: 1, tags: ["a", null, "é\\n\u2028"], point: { x: 0.5, at: new Date(0) }, price: "12.30", free: { a: 1 } };
  yield { id: 9007199254740993n, tags: [], point: null, price: 5n, free: "[1.10,\\n2]" };
}
export function* wrong() {
  yield { id: 1, tags: ["a"], point: { x: 1, at: null }, price: null, free: null };
  yield { id: 2, tags: [1], point: null, price: null, free: null };
  yield { id: 3, tags: [], point: { x: 1, at: null, z: 1 }, price: null, free: null };
}
export function later() {
  if (!existsSync("ready")) throw new Error("not ready");
}
`;

const PIPELINE = `import { definePipeline, file, load, task, values } from "sluice";
import { orders } from "../schemas/index.ts";
import * as t from "../tasks/values.ts";

const count = task({ name: "count", inputs: { orders }, run: t.paid, value: "int64" });
const later = task({ name: "later", run: t.later, after: [count] });
const one = values({ n: "int64" }, [{ n: 1 }]);

export default definePipeline({
  name: "decide",
  steps: [
    later,
    load({ name: "many", from: one, into: file("out/many.csv"), after: [later], when: (x) => x.steps.count.value.gt(10) }),
    load({ name: "few", from: one, into: file("out/few.csv"), when: (x) => x.steps.count.value.lte(10) }),
    load({
      name: "leap",
      from: one.join(count, { how: "cross" }).select((r) => ({ total: r.n.plus(r.value) })),
      into: file("out/leap.csv"),
      when: (x) => x.steps.day.value.eq("2024-02-29").and(x.steps.exact.value.gt("12345678901234567.88")),
    }),
    load({ name: "none", from: one, into: file("out/none.csv"), when: (x) => x.steps.nothing.value.isNotNull() }),
    task({ name: "day", run: t.day, value: "date" }),
    task({ name: "exact", run: t.exact, value: "decimal(20,2)" }),
    task({ name: "nothing", run: t.nothing, value: "string?" }),
  ],
});
`;

let project: TestProject;
beforeAll(() => {
  project = templateProject({ "tasks/values.ts": TASKS, "pipelines/decide.ts": PIPELINE });
});
afterAll(() => project[Symbol.dispose]());

const read = (path: string): string => readFileSync(join(project.root, path), "utf8");

interface Finished {
  readonly run: string;
  readonly steps: Readonly<Record<string, { readonly status: string }>>;
}

function run(name: string, ...words: readonly string[]) {
  const events = jsonLines(project.run(["run", name, "--json", ...words]).out);
  const finished = events.find(({ event }) => event === "run.finished") as unknown as Finished;
  const statuses = Object.fromEntries(Object.entries(finished.steps).map(([step, { status }]) => [step, status]));
  const errors = events.flatMap(({ error }) => (error === undefined ? [] : [(error as { message: string }).message]));
  return { errors: [...new Set(errors)], statuses, id: finished.run };
}

it("a value that a task returns decides on later steps, and is kept when the run is resumed", () => {
  const first = run("decide");
  expect(first.errors).toEqual([expect.stringContaining("not ready")]);
  expect(first.statuses).toMatchObject({ count: "succeeded", few: "skipped", leap: "succeeded", none: "skipped" });
  expect(read("out/leap.csv")).toBe("total\n28\n");
  expect(project.has("out/many.csv")).toBe(false);

  project.write("ready", "");
  const resumed = run("decide", "--resume", first.id);
  expect(resumed.errors).toEqual([]);
  expect(resumed.statuses).toMatchObject({ many: "succeeded", few: "skipped" });
  expect(read("counted")).toBe("x");
});

it("is the same step in YAML", () => {
  const { out: yaml } = project.run(["convert", "decide", "--to", "yaml"]);
  expect(yaml).toContain('value: "decimal(20,2)"');
  expect(yaml).toContain("when: steps.count.value > 10");
  project.write("pipelines/twin.yaml", yaml.replace("name: decide", "name: twin"));
  const plans = ["decide", "twin"].map((name) => JSON.parse(project.run(["plan", name, "--json"]).out).definition);
  expect({ ...plans[1], name: "decide" }).toEqual(plans[0]);
  rmSync(join(project.root, "pipelines/twin.yaml"));
});

it("has to be of the type that is declared", () => {
  project.write(
    "pipelines/wrong_values.ts",
    `import { definePipeline, task } from "sluice";
import * as t from "../tasks/values.ts";
export default definePipeline({ name: "wrong_values", steps: [
  task({ name: "half", run: t.half, value: "int64" }),
  task({ name: "missing", run: t.missing as any, value: "int64" }),
] });
`,
  );
  expect(run("wrong_values").errors.toSorted()).toEqual([
    'the value of "half": 1.5 is not an int64',
    'the value of "missing": undefined is no value, and null is not allowed',
  ]);
  project.write(
    "pipelines/wrong_values.ts",
    `import { definePipeline, task } from "sluice";
import * as t from "../tasks/values.ts";
export default definePipeline({ name: "wrong_values", steps: [
  task({ name: "half", run: t.half, output: { n: "float64" }, value: "list<int64>" } as any),
  task({ name: "none", run: t.later, when: (x) => x.steps.half.rowsOut.gt(0).and(x.steps.day.value.gt(1)) }),
  task({ name: "day", run: t.later }),
] });
`,
  );
  const { error } = project.run(["plan", "wrong_values"]);
  expect(error).toContain('"half" has an output and a value');
  expect(error).toContain('the value of "half" is list<int64>, and conditions look at single values');
  project.write(
    "pipelines/wrong_values.ts",
    `import { definePipeline, task } from "sluice";
import * as t from "../tasks/values.ts";
export default definePipeline({ name: "wrong_values", steps: [
  task({ name: "none", run: t.later, when: (x) => x.steps.day.value.gt(1) }),
  task({ name: "day", run: t.later }),
] });
`,
  );
  expect(project.run(["plan", "wrong_values"]).error).toContain('the step "day" returns no value');
});

it("rows may hold lists and structs, looked at as closely as single values", () => {
  project.write(
    "pipelines/nested.ts",
    `import { definePipeline, file, load, shell, task } from "sluice";
import * as t from "../tasks/values.ts";
const output = { id: "int64", tags: "list<string>", point: "struct{x: float64, at: timestamptz}?", price: "decimal(10,2)?", free: "json?" } as const;
const nested = task({ name: "nested", run: t.nested, output });
export default definePipeline({ name: "nested", steps: [
  load({ name: "write", from: nested.sort((n) => n.id), into: file("out/nested.ndjson") }),
  load({ name: "again", into: file("out/again.ndjson"), from: shell({ name: "cat", command: ["cat"], stdin: "rows", format: "ndjson", output,
    inputs: { rows: { from: nested, format: "ndjson" } } }) }),
  task({ name: "strict", run: t.wrong, output }),
  task({ name: "lenient", run: t.wrong, output, maxRejects: 2 }),
] });
`,
  );
  const { errors, statuses } = run("nested");
  expect(errors).toEqual(['row 2 of "strict": 1 in column "tags[]" is a number, not text']);
  expect(statuses).toMatchObject({ write: "succeeded", again: "succeeded", lenient: "succeeded" });
  const lines = read("out/nested.ndjson").trimEnd().split("\n");
  expect(lines).toEqual([
    '{"id":1,"tags":["a",null,"é\\n\u2028"],"point":{"x":0.5,"at":"1970-01-01T00:00:00Z"},"price":12.30,"free":{"a":1}}',
    '{"id":9007199254740993,"tags":[],"point":null,"price":5.00,"free":[1.10,2]}',
  ]);
  expect(read("out/again.ndjson").trimEnd().split("\n").toSorted()).toEqual(lines);
});
