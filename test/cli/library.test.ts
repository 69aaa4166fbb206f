import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { templateProject } from "./sluice.ts";

const PACKAGE = fileURLToPath(new URL("../../packages/sluice", import.meta.url));

const SCRIPT = `import { and, dataset, definePipeline, file, load, run, z, param } from "sluice";

const orders = dataset("orders");
const pipeline = definePipeline({
  name: "large",
  parameters: z.object({ least: z.number().default(100), status: z.enum(["paid", "open"]) }),
  steps: [
    load({
      name: "publish",
      from: orders.filter((o) => and(o.amount.gt(param("least", "float64")), o.status.eq(param("status", "string")))),
      into: file("out/large.csv"),
    }),
  ],
});
const events = [];
const result = await run(pipeline, {
  parameters: { least: 150, status: "paid" },
  project: import.meta.url,
  onEvent: (event) => events.push(event.event),
});
console.log(JSON.stringify({ ...result, events }));
const wrong = await run(pipeline, { parameters: { leest: 1 }, project: import.meta.url }).catch((error) => error);
console.log(JSON.stringify([wrong.code, wrong.message, wrong.hint]));
const absent = await run(pipeline, { project: import.meta.url }).catch((error) => error);
const alone = await orders.filter((o) => o.amount.gt(param("least", "float64"))).rows({ project: import.meta.url }).then(() => undefined, (error) => error);
console.log(JSON.stringify([absent.hint, alone.hint]));
`;

test("run() runs a pipeline in a script's own process, with parameters and events", () => {
  using project = templateProject({ "package.json": '{ "type": "module" }', "script.mjs": SCRIPT });
  mkdirSync(join(project.root, "node_modules"));
  symlinkSync(PACKAGE, join(project.root, "node_modules/sluice"));
  const { stdout, stderr } = spawnSync(process.execPath, ["script.mjs"], { cwd: project.root, encoding: "utf8" });
  expect(stderr).toBe("");
  const [result, wrong, hints] = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(result).toMatchObject({
    status: "succeeded",
    checksFailed: false,
    events: expect.arrayContaining(["run.finished"]),
  });
  const [, ...rows] = readFileSync(join(project.root, "out/large.csv"), "utf8").trim().split("\n");
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.every((row) => row.includes(",paid,") && Number(row.split(",").at(-1)) > 150)).toBe(true);
  expect(wrong).toEqual(["config", '"large" has no parameter "leest"', 'did you mean "least"?']);
  expect(hints).toEqual([
    "give it: parameters: { status: … }, a string",
    "give it: parameters: { least: … }, a float64",
  ]);
});

const SHARED = `import { dataset, definePipeline, file, load, run } from "sluice";
const pipeline = definePipeline({ name: "mine", steps: [load({ name: "mine", from: dataset("orders"), into: file("out/same.csv") })] });
export const outcome = () => run(pipeline, { project: import.meta.url }).then(({ status }) => status, (error) => error.message);
`;

test("run() refuses a target that a pipeline of the project writes, and asks again when its files change", () => {
  using project = templateProject({ "package.json": '{ "type": "module" }', "shared.mjs": SHARED });
  mkdirSync(join(project.root, "node_modules"));
  symlinkSync(PACKAGE, join(project.root, "node_modules/sluice"));
  const other = `import { dataset, definePipeline, file, load } from "sluice";
export default definePipeline({ name: "other", steps: [load({ name: "theirs", from: dataset("orders"), into: file("out/same.csv") })] });
`;
  project.write(
    "script.mjs",
    `import { rmSync, writeFileSync } from "node:fs";
import { outcome } from "./shared.mjs";
console.log(await outcome());
writeFileSync("pipelines/other.ts", ${JSON.stringify(other)});
console.log(await outcome());
rmSync("pipelines/other.ts");
writeFileSync("pipelines/self.ts", \`import { outcome } from "../shared.mjs"; globalThis.inner = await outcome();\`);
console.log(await outcome(), globalThis.inner);
`,
  );
  const { stdout } = spawnSync(process.execPath, ["script.mjs"], { cwd: project.root, encoding: "utf8" });
  expect(stdout.trim().split("\n")).toEqual([
    "succeeded",
    '"mine" of the pipeline "mine" and "theirs" of the pipeline "other" write the same target; one table has one writer',
    "succeeded run is called by the file of a pipeline while it is read",
  ]);
});

const REPEATED = `import { readdirSync, readFileSync, rmSync } from "node:fs";
import { dataset, definePipeline, file, load, run } from "sluice";

const pipeline = (name) =>
  definePipeline({ name, steps: [load({ name: "all_" + name, from: dataset("orders"), into: file(name + ".csv") })] });
const scratch = () => readdirSync(".sluice/scratch");
const once = async (name) => {
  const { status } = await run(pipeline(name), { project: import.meta.url });
  return status === "succeeded" ? readFileSync(name + ".csv", "utf8").length : status;
};
const first = await once("a");
const [kept, ...more] = scratch();
const lengths = [await once("a"), ...(await Promise.all([once("b"), once("c")]))];
const still = scratch();
rmSync(".sluice", { recursive: true });
const after = await once("a");
console.log(JSON.stringify({ first, kept: kept !== undefined, more, lengths, still: still.length, after, now: scratch().length }));
`;

test("runs of one process, one after the other and at once, share an engine and leave no scratch behind", () => {
  using project = templateProject({ "package.json": '{ "type": "module" }', "script.mjs": REPEATED });
  mkdirSync(join(project.root, "node_modules"));
  symlinkSync(PACKAGE, join(project.root, "node_modules/sluice"));
  const { stdout, stderr } = spawnSync(process.execPath, ["script.mjs"], { cwd: project.root, encoding: "utf8" });
  expect(stderr).toBe("");
  const said = JSON.parse(stdout) as { first: number };
  expect(said.first).toBeGreaterThan(100);
  const { first } = said;
  const lengths = [first, first, first];
  expect(said).toEqual({ first, kept: true, more: [], lengths, still: 1, after: first, now: 1 });
  expect(readdirSync(join(project.root, ".sluice/scratch"))).toEqual([]);
});

const WITH_TASK = `import { dataset, definePipeline, file, load, run, task } from "sluice";
import { grade } from "./tasks/grade.mjs";

const pipeline = (named) => definePipeline({
  name: "graded",
  steps: [load({ name: "out", into: file("out/graded.csv"), from: task({
    name: "graded", inputs: { orders: dataset("orders") }, output: { order_id: "int64", pid: "int64" }, run: named }) })],
});
const { status, finished } = await run(pipeline(grade), { project: import.meta.url });
console.log(JSON.stringify([status, finished.steps.graded.rowsOut, process.pid]));
const wrong = await run(pipeline(function hidden() {}), { project: import.meta.url }).catch((error) => error);
console.log(JSON.stringify([wrong.code, wrong.message]));
`;

test("run() finds the function of a task by its name, and runs it in a process of its own", () => {
  using project = templateProject({
    "package.json": '{ "type": "module" }',
    "script.mjs": WITH_TASK,
    "tasks/grade.mjs":
      "export async function* grade({ inputs }) { for await (const { order_id } of inputs.orders) yield { order_id, pid: process.pid }; }\n",
  });
  mkdirSync(join(project.root, "node_modules"));
  symlinkSync(PACKAGE, join(project.root, "node_modules/sluice"));
  const { stdout, stderr } = spawnSync(process.execPath, ["script.mjs"], { cwd: project.root, encoding: "utf8" });
  expect(stderr).toBe("");
  const [result, wrong] = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(result).toEqual(["succeeded", 40, expect.any(Number)]);
  expect(readFileSync(join(project.root, "out/graded.csv"), "utf8")).not.toContain(`,${result[2]}\n`);
  expect(wrong).toEqual([
    "config",
    'the function "hidden" of the task "graded" is exported by no module of the project',
  ]);
});
