import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { CommandRequest, Runner, TaskRequest, WorkFile } from "@sluice/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { findTask } from "./find-task.ts";
import { createRunner } from "./runner.ts";

let root: string;
let runner: Runner;
let count = 0;
const logged: string[] = [];

beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "sluice runner ü'-")));
  runner = createRunner({ root, buildFolder: join(root, ".sluice/build") });
  write(
    "tasks/a.ts",
    `import { double } from "./b.ts";
export async function* doubled({ inputs, parameters, signal, log }) {
  log("begins");
  for await (const row of inputs.rows) yield { n: double(row.n) + parameters.more };
}
export async function waits({ signal, log }) {
  log("waits");
  await new Promise((_resolve, reject) => { signal.addEventListener("abort", () => reject(new Error("stopped"))); setTimeout(() => {}, 1e6); });
}
export const action = () => 7;
export async function* twice({ inputs }) {
  for (let i = 0; i < 2; i++) for await (const row of inputs.rows) { yield { n: row.n }; break; }
}
`,
  );
  write("tasks/b.ts", "export const double = (n: number): number => n * 2;\n");
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

const columns = [{ name: "n", type: "int64", nullable: true }];

function work(): Pick<
  TaskRequest,
  "step" | "inputs" | "parameters" | "scratch" | "output" | "signal" | "stallMs" | "log"
> {
  const scratch = join(root, `scratch ${++count}`);
  mkdirSync(scratch);
  const rows: WorkFile = { name: "rows", columns, file: async () => write(`in/${count}.csv`, "1\n\n3\n") };
  return {
    step: "s",
    inputs: [rows],
    parameters: new Map([["more", { type: "int64", value: "1" }]]),
    scratch,
    output: { columns, rows: join(scratch, "rows.csv"), rejects: join(scratch, "rejects.csv"), setsAside: false },
    signal: new AbortController().signal,
    stallMs: 60_000,
    log: (level, message) => logged.push(`${level} ${message}`),
  };
}

async function task(name: string, more: Partial<TaskRequest> = {}): Promise<TaskRequest> {
  const module = `tasks/a.ts#${name}`;
  const { code } = await findTask({ root, buildFolder: join(root, ".sluice/build"), module });
  const run = { id: "r", pipeline: "p", attempt: 1, now: "2024-01-01T00:00:00Z", today: "2024-01-01" };
  return { ...work(), module, code, bigint: false, memoryMb: 256, run, ...more };
}

it("gives a function its rows and writes what it gives", async () => {
  const request = await task("doubled");
  expect(await runner.runTask(request)).toEqual({ kind: "rows", accepted: 3, rejected: 0, reasons: [] });
  expect(readFileSync(request.output?.rows ?? "", "utf8")).toBe("3,1\n1,1\n7,1\n");
  expect(logged).toContain("info begins");
});

it("gives the rows of an input again, from the beginning", async () => {
  const request = await task("twice");
  expect(await runner.runTask(request)).toMatchObject({ accepted: 2 });
  expect(readFileSync(request.output?.rows ?? "", "utf8")).toBe("1,1\n1,1\n");
});

it("runs an action, and keeps what it returns for the log", async () => {
  const { output: _output, ...request } = await task("action");
  expect(await runner.runTask(request)).toEqual({ kind: "none" });
  expect(logged).toContain("info it returned 7");
});

it("refuses a function that is another than was planned, also where what it imports changed", async () => {
  const request = await task("doubled");
  const before = readFileSync(join(root, "tasks/b.ts"), "utf8");
  write("tasks/b.ts", before.replace("* 2", "* 3"));
  await expect(runner.runTask(request)).rejects.toMatchObject({ code: "conflict", reason: "plan-changed" });
  write("tasks/b.ts", before);
  expect((await task("doubled")).code).toBe(request.code);
});

it("ends work when it is told so, and does not wait for it", async () => {
  const stopping = new AbortController();
  let running: Promise<unknown> = Promise.resolve();
  const request = await task("waits", { signal: stopping.signal });
  await new Promise<void>((begun) => {
    running = runner.runTask({ ...request, log: () => begun() });
    running.catch(() => undefined);
  });
  stopping.abort(new Error("enough"));
  await expect(running).rejects.toThrow("enough");
});

it("runs a command over files, whatever the folder is called", async () => {
  const request: CommandRequest = {
    ...work(),
    command: "cat {rows} {rows} > {output}",
    formats: new Map(),
    format: "csv",
    env: [],
  };
  const result = await runner.runCommand(request);
  expect(result).toMatchObject({ kind: "file", format: "csv" });
  expect("path" in result ? readFileSync(result.path, "utf8") : "").toBe("1\n\n3\n1\n\n3\n");
});
