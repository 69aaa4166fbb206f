import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { jsonLines, start, type TestProject, templateProject, testProject } from "./sluice.ts";

/** How long Node takes to start, where nothing else runs. */
const QUIET_START_MS = 60;

/** A second where the machine has nothing else to do, and as much longer as it is slower than that. */
function soon(): number {
  const before = performance.now();
  spawnSync(process.execPath, ["-e", "0"]);
  return 1000 * Math.max(1, (performance.now() - before) / QUIET_START_MS);
}

/** Forty rows to the sixth power: no machine comes to its end. */
function endlessProject(): TestProject {
  return templateProject({
    "pipelines/sales.ts": `import { count, definePipeline, file, load } from "sluice";
import { orders } from "../schemas/index.ts";
const ids = orders.keep(["order_id"]);
const many = ["a", "b", "c", "d", "e"].reduce((rows, name) => rows.join(ids.rename({ order_id: name } as never) as never, { how: "cross" } as never) as never, ids as never) as typeof ids;
const from = many.derive((m) => ({ e: m.order_id.plus(1) })).filter((m) => m.e.gt(0)).aggregate(() => ({ n: count() }));
export default definePipeline({ name: "sales", steps: [load({ name: "publish", from, into: file("out/sales.csv") })] });
`,
  });
}

function outputs(project: TestProject): readonly string[] {
  const folder = join(project.root, "out");
  return existsSync(folder) ? readdirSync(folder) : [];
}

test("Ctrl-C cancels within a second, exit 130, and leaves no partial output", async () => {
  using project = endlessProject();
  const run = start(project.root, ["run", "--json"]);
  await run.line('"stage.started"');
  const asked = performance.now();
  run.process.kill("SIGINT");
  const { status, out } = await run.finished;
  expect(performance.now() - asked).toBeLessThan(soon());
  expect(status).toBe(130);
  expect(jsonLines(out).at(-1)).toMatchObject({ event: "run.finished", status: "cancelled" });
  expect(outputs(project)).toEqual([]);
  expect(JSON.parse(project.run(["runs", "--json"]).out)[0].status).toBe("cancelled");
});

test("a signal that a process and its group are told within one moment asks once", async () => {
  using project = endlessProject();
  const run = start(project.root, ["run", "--json"]);
  await run.line('"stage.started"');
  run.process.kill("SIGTERM");
  run.process.kill("SIGINT");
  const { status, out } = await run.finished;
  expect(status).toBe(130);
  expect(jsonLines(out).at(-1)).toMatchObject({ event: "run.finished", status: "cancelled" });
  expect(outputs(project)).toEqual([]);
});

test.skipIf(process.platform !== "linux")("Ctrl-C while files are bundled, which ends the bundler too", async () => {
  using project = endlessProject();
  rmSync(join(project.root, ".sluice"), { recursive: true, force: true });
  const run = start(project.root, ["run", "--json"]);
  const { pid = 0 } = run.process;
  const helpers = (): string[] =>
    readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
      .split(" ")
      .filter((helper) => helper !== "");
  await vi.waitUntil(() => helpers().length > 0, { timeout: 10_000, interval: 1 });
  for (const helper of helpers()) process.kill(Number(helper), "SIGINT");
  run.process.kill("SIGINT");
  const { status, out, error } = await run.finished;
  expect(error).not.toContain("defect");
  expect(status).toBe(130);
  expect(jsonLines(out).at(-1)).toMatchObject({ event: "run.finished", status: "cancelled" });
});

test("of two runs at once the second waits and says for whom", async () => {
  using project = endlessProject();
  const first = start(project.root, ["run", "--json"]);
  const started = JSON.parse(await first.line('"run.started"'));
  const second = start(project.root, ["run", "--json"]);
  const waiting = JSON.parse(await second.line('"run.waiting"'));
  expect(waiting.for).toMatchObject({ run: started.run, pid: first.process.pid });
  first.process.kill("SIGINT");
  expect((await first.finished).status).toBe(130);
  await second.line('"run.started"');
  second.process.kill("SIGINT");
  expect((await second.finished).status).toBe(130);
});

test("waiting itself can be cancelled, and says for whom in words", async () => {
  using project = endlessProject();
  const first = start(project.root, ["run"]);
  await first.line("publish started");
  const second = start(project.root, ["run"]);
  expect(await second.line("waiting")).toContain(`process ${first.process.pid}`);
  const asked = performance.now();
  second.process.kill("SIGINT");
  expect((await second.finished).status).toBe(130);
  expect(performance.now() - asked).toBeLessThan(soon());
  first.process.kill("SIGKILL");
  await first.finished;
});

test("a second Ctrl-C ends the process at once", async () => {
  using project = endlessProject();
  const run = start(project.root, ["run"]);
  await run.line("publish started");
  run.process.kill("SIGINT");
  run.process.kill("SIGINT");
  const { status } = await run.finished;
  expect(status === null || status === 130).toBe(true);
});

/** The command while it waits for more of its standard input, which comes to no end. */
function reading(project: TestProject, words: readonly string[]): ReturnType<typeof start> & { begun: Promise<void> } {
  const temporary = join(project.root, "tmp");
  mkdirSync(temporary, { recursive: true });
  const command = start(project.root, words, { TMPDIR: temporary });
  const { stdin } = command.process;
  stdin?.on("error", () => undefined);
  // A pipe holds 64 KB: who takes more is being read.
  const begun = new Promise<void>((resolve) => stdin?.write(`a,b\n${"1,2\n".repeat(100_000)}`, () => resolve()));
  return { ...command, begun };
}

test.each([
  [["copy", "-", "out.csv"]],
  [["copy", "-", "sqlite:out.db#t"]],
  [["copy", "-", "ndjson:-"]],
  [["query", "select count(*) from stdin"]],
  [["query", "from stdin", "--out", "out.parquet"]],
  [["profile", "-"]],
])("Ctrl-C during %j leaves nothing behind", async (words) => {
  using project = testProject();
  const { begun, process: child, finished } = reading(project, words);
  await begun;
  const asked = performance.now();
  child.kill("SIGINT");
  expect(await finished).toMatchObject({ status: 130, out: "" });
  expect(performance.now() - asked).toBeLessThan(soon());
  expect(readdirSync(project.root)).toEqual(["tmp"]);
  expect(readdirSync(join(project.root, "tmp"))).toEqual([]);
});

test.each([
  ["SIGINT", ["list"], "for (;;);"],
  ["SIGTERM", ["list"], "for (;;);"],
  ["SIGINT", ["list"], "await new Promise(setImmediate);\nwriteFileSync(mark, '');\nfor (;;);"],
  ["SIGINT", ["run", "sales"], "await new Promise((heard) => new BroadcastChannel('nobody').onmessage = heard);"],
] as const)("%s ends %j at once, which loads a file that never lets go: %s", async (signal, words, rest) => {
  const marks = rest.includes("mark") ? "" : 'writeFileSync(mark, "");';
  using project = templateProject({
    "pipelines/loops.ts": `import { writeFileSync } from "node:fs";
const mark = new URL("begun", import.meta.url);
${marks}
${rest}
`,
  });
  const list = start(project.root, words);
  const asked = vi.waitUntil(() => existsSync(join(project.root, "pipelines/begun")), { timeout: 10_000, interval: 5 });
  await asked.then(() => list.process.kill(signal));
  const { status, out } = await list.finished;
  expect(list.process.signalCode).toBe(signal);
  expect({ status, out }).toEqual({ status: null, out: "" });
});

test.each([
  [["run"]],
  [["copy", "orders", "out.csv"]],
  [["query", "from orders"]],
  [["profile", "orders"]],
  [["doctor"]],
  [["trace", "sales", "--where", "customer = 'Ada'"]],
])("Ctrl-C at the start of %j ends it, with no result and no scratch", async (words) => {
  using project = templateProject();
  const temporary = join(project.root, "tmp");
  mkdirSync(temporary);
  const { process: child, finished } = start(project.root, words, { TMPDIR: temporary });
  await new Promise((resolve) => child.once("spawn", resolve));
  child.kill("SIGINT");
  const { status, out } = await finished;
  // Before the command has loaded, the signal has its usual meaning.
  expect([null, 130]).toContain(status);
  expect(out).toBe("");
  expect([...readdirSync(temporary), ...outputs(project)]).toEqual([]);
  expect(existsSync(join(project.root, "out.csv"))).toBe(false);
});
