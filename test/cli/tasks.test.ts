import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jsonLines, start, type TestProject, templateProject } from "./sluice.ts";

/** A sleep that is known by its length: another run of these tests on this machine has others. */
const SLEEP = `sleep ${600_000 + process.pid}`;
const LEFT_OVER = new RegExp(`^(\\S*sh -c )?${SLEEP}`);

const TASKS = `import { execSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TaskContext } from "sluice";
import type { orders } from "../schemas/index.ts";

type Orders = TaskContext<{ orders: typeof orders }>;

export async function* copy({ inputs, log, parameters, run }: Orders) {
  console.log("printed");
  log(\`\${run.pipeline} \${run.step} \${run.attempt} \${JSON.stringify(parameters)}\`);
  for await (const o of inputs.orders) {
    yield { order_id: o.order_id, amount: o.amount, at: o.ordered_at, bare: Object.getPrototypeOf(o) === null };
  }
}
export async function files({ inputs, scratch }: Orders) {
  const path = await inputs.orders.file("ndjson");
  const lines = (await import("node:fs")).readFileSync(path, "utf8").trimEnd().split("\\n");
  const file = join(scratch, "out.csv");
  writeFileSync(file, "n,first\\n" + lines.length + "," + JSON.parse(lines[0] ?? "").order_id + "\\n");
  return { file };
}
export async function parquet({ inputs }: Orders) {
  return { file: await inputs.orders.file("parquet") };
}
export async function passed({ inputs, scratch }: Orders) {
  const { copyFileSync } = await import("node:fs");
  copyFileSync(await inputs.orders.file("parquet"), join(scratch, "rows.parquet"));
  return { file: "rows.parquet" };
}
export function* wrong() {
  yield { id: 1 };
  yield { id: 1.7 };
  yield { id: 2, x: 1 };
  yield { id: 3n };
}
export const array = () => [{ id: null }, { id: 5 }];
export function loop() { for (;;); }
export function regexp() { /^(a+)+$/.test("a".repeat(60) + "b"); }
export function memory() { const all: unknown[] = []; for (;;) all.push({ a: all.length, b: [1] }); }
export function buffers() { const all: unknown[] = []; for (;;) all.push(Buffer.alloc(10_000_000, 1)); }
export function exits() { process.exit(3); }
export function really() { process.reallyExit(4); }
export function sleeps() { execSync("${SLEEP}"); }
export function aborts() { process.kill(process.pid, "SIGABRT"); }
export async function never() { await new Promise(() => undefined); }
export async function left() { void Promise.reject(new Error("left alone")); await new Promise((r) => setTimeout(r, 500)); }
export async function* throws() {
  yield { id: 1 };
  throw new TypeError("no such thing");
}
export async function* through({ inputs, log }: TaskContext<{ rows: any }>) {
  for await (const row of inputs.rows as AsyncIterable<any>) yield { id: row.id, half: row.half };
  log(\`resident \${Math.round(process.memoryUsage().rss / 1e6)}\`);
}
let tried = 0;
export function flaky({ run }: TaskContext) {
  tried += 1;
  if (run.attempt < 3) throw new Error("not yet");
  return [{ id: run.attempt * 10 + tried }];
}
`;

const PRELUDE = `import { definePipeline, file, load, notNull, rowCount, shell, task } from "sluice";
import { orders } from "../schemas/index.ts";
import * as t from "../tasks/all.ts";
const id = { id: "int64?" } as const;
`;

let project: TestProject;
beforeAll(() => {
  project = templateProject({ "tasks/all.ts": TASKS });
});
afterAll(() => project[Symbol.dispose]());

function pipeline(name: string, steps: string, more: string = ""): void {
  project.write(
    `pipelines/${name}.ts`,
    `${PRELUDE}export default definePipeline({ name: "${name}", ${more} steps: [${steps}] });\n`,
  );
}

interface Result {
  readonly status: number | null;
  readonly finished: {
    readonly run: string;
    readonly status: string;
    readonly steps: Readonly<
      Record<string, { readonly status: string; readonly rowsOut: number | null; readonly rejected: number }>
    >;
  };
  readonly errors: Readonly<Record<string, string>>;
  readonly events: readonly Readonly<Record<string, unknown>>[];
}

function run(name: string, ...words: readonly string[]): Result {
  const { status, out, error } = project.run(["run", name, "--json", ...words]);
  const events = jsonLines(out);
  const finished = events.find(({ event }) => event === "run.finished") as unknown as Result["finished"];
  if (finished === undefined) throw new Error(`${out}\n${error}`);
  const failed = events.filter((event) => event.event === "stage.finished" && event.error !== undefined);
  const errors = Object.fromEntries(
    failed.map((event) => [event.stage, ((event.error ?? {}) as { message: string }).message]),
  ) as Record<string, string>;
  return { status, finished, errors, events };
}

const out = (path: string): string => readFileSync(join(project.root, "out", path), "utf8");

function leftOver(): string {
  return execFileSync("ps", ["-eo", "args"], { encoding: "utf8" })
    .split("\n")
    .filter((line) => LEFT_OVER.test(line))
    .join("\n");
}

describe("tasks", () => {
  it("get rows and give rows, as files too, and print into the log", () => {
    pipeline(
      "copies",
      `load({ name: "write", into: file("out/copies.csv"), from: task({ name: "copy", inputs: { orders: orders.limit(2) }, run: t.copy,
        output: { order_id: "int64", amount: "decimal(10,2)?", at: "timestamp?", bare: "bool" }, checks: [rowCount({ min: 2 })] }) }),
      load({ name: "write_files", into: file("out/files.csv"), from: task({ name: "files", inputs: { orders }, run: t.files, output: { first: "int64", n: "int64" } }) }),
      task({ name: "passed", inputs: { orders: orders.keep(["order_id"]) }, run: t.passed, output: { order_id: "int64" } }),
      task({ name: "outside", inputs: { orders: orders.keep(["order_id"]) }, run: t.parquet, output: { order_id: "int64" } }),
      task({ name: "other", inputs: { orders: orders.keep(["status"]) }, run: t.passed, output: { order_id: "int64" } }),
      task({ name: "act", run: t.array }),
      task({ name: "array", run: t.array, output: id, checks: [notNull("id", { otherwise: "divert" })] }),`,
      `parameters: { day: { type: "date", default: "2024-01-31" }, n: { type: "int64", default: 7 } },`,
    );
    const { finished, errors } = run("copies");
    expect(out("copies.csv").split("\n")[0]).toBe("order_id,amount,at,bare");
    expect(
      out("copies.csv")
        .trimEnd()
        .split("\n")
        .slice(1)
        .every((line) => line.endsWith(",true")),
    ).toBe(true);
    expect(out("files.csv")).toBe("first,n\n1001,40\n");
    expect(finished.steps.passed?.rowsOut).toBe(40);
    expect(finished.steps.array).toMatchObject({ status: "succeeded", rowsOut: 1 });
    expect(errors).toEqual({
      act: 'the function of "act" gives rows, and the step declares no output',
      other: expect.stringContaining('the file that "other" wrote is not what it declares'),
      outside: expect.stringContaining("lies outside of its scratch folder"),
    });
    const { out: log } = project.run(["logs", finished.run, "copy"]);
    expect(log).toContain("printed");
    expect(log).toContain('copies copy 1 {"day":"2024-01-31","n":7}');
  });

  it("are the same step in YAML, with the same code", () => {
    const { out: yaml } = project.run(["convert", "copies", "--to", "yaml"]);
    project.write("pipelines/twin.yaml", yaml.replace("name: copies", "name: twin"));
    const plans = ["copies", "twin"].map((name) => JSON.parse(project.run(["plan", name, "--json"]).out).definition);
    expect({ ...plans[1], name: "copies" }).toEqual(plans[0]);
    expect(plans[0].steps.find((step: { name: string }) => step.name === "copy").run).toEqual({
      module: "tasks/all.ts#copy",
      code: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    project.write(
      "pipelines/wrong.yaml",
      "name: wrong\nsteps: { a: { task: tasks/all.ts#copi }, b: { task: tasks/al.ts#copy } }\n",
    );
    const { error, status } = project.run(["plan", "wrong"]);
    expect(status).toBe(2);
    expect(error).toContain('tasks/all.ts exports no "copi"');
    expect(error).toContain('did you mean "copy"?');
    expect(error).toContain("there is no module tasks/al.ts");
    execFileSync("rm", [join(project.root, "pipelines/wrong.yaml"), join(project.root, "pipelines/twin.yaml")]);
  });

  it("fail for a wrong row, or set it aside", () => {
    pipeline(
      "rows",
      `task({ name: "strict", run: t.wrong, output: id }), task({ name: "lenient", run: t.wrong, output: id, maxRejects: "50%" }), task({ name: "few", run: t.wrong, output: id, maxRejects: 1 })`,
    );
    const { finished, errors, events } = run("rows");
    expect(errors).toEqual({
      strict: 'row 2 of "strict": 1.7 in column "id" is not an int64',
      few: expect.stringContaining('2 of 4 records of dataset "few" were rejected, at most 1 may be'),
    });
    expect(finished.steps.lenient).toMatchObject({ status: "succeeded", rowsOut: 2, rejected: 2 });
    expect(events.find(({ event, stage }) => event === "stage.rejects" && stage === "lenient")).toMatchObject({
      rejected: 2,
      accepted: 2,
      quarantine: expect.stringMatching(/quarantine\/lenient%2Erejects\.parquet$/),
      reasons: [
        { column: "id", rule: "is not an int64", rows: 1, example: "1.7" },
        { column: "x", rule: "is no column of the output", rows: 1, example: "1" },
      ],
    });
  });

  it("end by themselves, in whatever way they end; the others go on", () => {
    const ends = ["exits", "really", "aborts", "never", "left", "throws"].map(
      (name) => `task({ name: "${name}", run: t.${name}, output: id as any })`,
    );
    pipeline(
      "ends",
      `${ends.join(", ")}, task({ name: "loop", run: t.loop, stallMs: 1000 }), task({ name: "sleeps", run: t.sleeps, stallMs: 1000 }),
      task({ name: "regexp", run: t.regexp, timeoutMs: 1000 }), task({ name: "memory", run: t.memory, memoryMb: 64 }), task({ name: "buffers", run: t.buffers, memoryMb: 64 }),
      load({ name: "fine", from: task({ name: "array", run: t.array, output: id }), into: file("out/fine.csv") })`,
    );
    const { status, finished, errors, events } = run("ends");
    expect(status).toBe(1);
    expect(finished.steps.fine?.status).toBe("succeeded");
    expect(errors).toEqual({
      exits: 'the function tasks/all.ts#exits of "exits" called process.exit(3)',
      really: 'the function tasks/all.ts#really of "really" called process.exit(4)',
      aborts: expect.stringContaining('the process of the function tasks/all.ts#aborts of "aborts" crashed: SIGABRT'),
      never: expect.stringContaining("never came to its end: a promise that it awaits is never settled"),
      left: 'the function tasks/all.ts#left of "left" failed: Error: left alone',
      throws: 'the function tasks/all.ts#throws of "throws" failed: TypeError: no such thing',
      loop: 'the function tasks/all.ts#loop of "loop" gave no sign of life for 1000 ms and was ended',
      sleeps: 'the function tasks/all.ts#sleeps of "sleeps" gave no sign of life for 1000 ms and was ended',
      regexp: '"regexp" took longer than its limit of 1000 ms',
      memory: expect.stringContaining('"memory" ran out of memory'),
      buffers: expect.stringContaining('"buffers" ran out of memory'),
    });
    const thrown = events.find(({ event, stage }) => event === "stage.finished" && stage === "throws");
    const line = TASKS.split("\n").findIndex((text) => text.includes("no such thing")) + 1;
    expect(thrown?.error).toMatchObject({ at: { file: join(project.root, "tasks/all.ts"), line } });
    expect(leftOver()).toBe("");
  });

  it("take a million rows with the memory of a few", () => {
    project.write(
      "pipelines/many.ts",
      `${PRELUDE.replace("task }", "sql, task }")}
const rows = sql\`select range as id, 'name ' || range % 100 as name, range / 2 as half from range(1000000)\`;
export default definePipeline({ name: "many", steps: [
  task({ name: "through", inputs: { rows }, run: t.through, output: { id: "int64", half: "float64" } }) ] });
`,
    );
    const { finished } = run("many");
    expect(finished.steps.through).toMatchObject({ status: "succeeded", rowsOut: 1_000_000 });
    const { out: log } = project.run(["logs", finished.run, "through"]);
    expect(Number(/resident (\d+)/.exec(log)?.[1])).toBeLessThan(250);
  });

  it("are tried again, and their rows are used again by a resumed run", () => {
    pipeline(
      "again",
      `task({ name: "flaky", run: t.flaky, output: id, retry: { attempts: 3, initialMs: 1 } }),
      shell({ name: "act", command: "echo x >> acted" }), task({ name: "fails", run: t.exits, after: ["flaky", "act"] })`,
    );
    const { finished } = run("again");
    // A process of its own for each attempt: nothing of the last one is there.
    expect(finished.steps.flaky).toMatchObject({ status: "succeeded", rowsOut: 1 });
    const resumed = run("again", "--resume", finished.run);
    const reused = resumed.events.filter((event) => event.event === "stage.finished" && event.reused === true);
    expect(reused.map(({ stage }) => stage).sort()).toEqual(["act", "flaky"]);
    expect(readFileSync(join(project.root, "acted"), "utf8")).toBe("x\n");
    project.write("tasks/all.ts", TASKS.replace("not yet", "not so soon"));
    const changed = project.run(["run", "again", "--resume", finished.run]);
    expect(changed.error).toContain("changed since run");
    project.write("tasks/all.ts", TASKS);
  });

  it("are not run by a preview, nor while they are planned", () => {
    pipeline(
      "quiet",
      `load({ name: "l", from: task({ name: "loop", run: t.loop as any, output: id }).limit(1), into: file("out/q.csv") })`,
    );
    const { status, error } = project.run(["preview", "quiet", "l"]);
    expect(status).toBe(2);
    expect(error).toContain('"l" reads it: "loop" is a task, which a preview does not run');
    expect(project.run(["plan", "quiet"]).out).toContain("tasks/all.ts#loop (code ");
  });

  it("have to be exported by a module", () => {
    pipeline("inline", `task({ name: "a", run: function mine() {} }), task({ name: "b", run: () => undefined })`);
    const { error } = project.run(["plan", "inline"]);
    expect(error).toContain('the function "mine" of the task "a" is exported by no module of the project');
    expect(error).toContain('of the task "b" is exported by no module of the project');
    execFileSync("rm", [join(project.root, "pipelines/inline.ts")]);
  });
});

describe("commands", () => {
  it("get files and standard input, and give what they print or write", () => {
    const hostile = `values({ a: "string", b: "string?" }, [
      { a: "'; touch hacked; '", b: "$(touch hacked)" }, { a: "x,y\\nz", b: null }, { a: "", b: "\\\`touch hacked\\\`" }])`;
    project.write(
      "pipelines/commands.ts",
      `${PRELUDE.replace("task }", "task, values }")}
const rows = ${hostile};
const ab = { a: "string", b: "string?" } as const;
export default definePipeline({ name: "commands", parameters: { who: { type: "string", default: "'; touch hacked; '" } }, steps: [
  load({ name: "write", into: file("out/cat.csv"), from: shell({ name: "cat", command: ["cat"], inputs: { rows }, stdin: "rows", output: ab }) }),
  load({ name: "write_file", into: file("out/cp.csv"), from: shell({ name: "cp", command: "cp {rows} {output}", inputs: { rows: { from: rows, format: "parquet" } }, format: "parquet", output: ab }) }),
  load({ name: "write_json", into: file("out/json.csv"), from: shell({ name: "json", command: "cat {rows}", inputs: { rows: { from: rows, format: "ndjson" } }, format: "ndjson", output: ab }) }),
  shell({ name: "head", command: "cat | head -n 1", inputs: { rows: { from: orders, header: false } }, stdin: "rows" }),
  shell({ name: "env", command: 'printf "who\\\\n%s\\\\n" "$SLUICE_PARAMETER_WHO$LANGUAGE_OF" > "$SLUICE_OUTPUT"', output: { who: "string" }, env: { LANGUAGE_OF: "!" } }),
] });
`,
    );
    const { errors, finished } = run("commands");
    expect(errors).toEqual({});
    const expected = `a,b\n"'; touch hacked; '",$(touch hacked)\n"x,y\nz",\n"",\`touch hacked\`\n`.replace(
      `"'; touch hacked; '"`,
      `'; touch hacked; '`,
    );
    for (const name of ["cat.csv", "cp.csv", "json.csv"]) expect(out(name)).toBe(expected);
    expect(finished.steps.env?.rowsOut).toBe(1);
    expect(project.has("hacked")).toBe(false);
  });

  it("lose nothing of what is printed, whoever opens the standard output once more", () => {
    pipeline(
      "printed",
      `shell({ name: "device", command: "echo id; echo 1; echo 2 > /dev/stdout; echo 3 | tee /dev/stdout; (sleep 0.1; echo 4) 2> /dev/null &", output: id })`,
    );
    const { errors, finished } = run("printed");
    expect(errors).toEqual({});
    expect(finished.steps.device).toMatchObject({ rowsOut: 5 });
  });

  it("fail with what they said last, and their output is read strictly", () => {
    pipeline(
      "bad",
      `shell({ name: "exit", command: "echo one >&2; echo two >&2; exit 4" }), shell({ name: "gone", command: ["no-such-program-here"] }),
      shell({ name: "names", command: "echo other; echo 1", output: id }), shell({ name: "value", command: "echo id; echo 1.7", output: id }),
      shell({ name: "aside", command: "echo id; echo 1.7; echo 2", output: id, maxRejects: 1 }), shell({ name: "nothing", command: "true {output}", output: id }),
      shell({ name: "json", command: "echo '{\\"id\\":1.7}'", output: id, format: "ndjson" }), shell({ name: "silent", command: "${SLEEP}", stallMs: 700 }),
      shell({ name: "late", command: "${SLEEP} | cat", timeoutMs: 700 }), shell({ name: "leaves", command: "${SLEEP} > /dev/null 2>&1 & true" })`,
    );
    const { errors, finished } = run("bad");
    expect(errors).toEqual({
      exit: 'the command of "exit" ended with exit code 4; it said: one\ntwo',
      gone: expect.stringContaining('the program "no-such-program-here" of "gone" cannot be started'),
      names: expect.stringContaining('the file that "names" wrote is not what it declares'),
      value: expect.stringContaining('1 of 1 records of dataset "value" were rejected, at most 0 may be'),
      nothing: 'the command of "nothing" has not written its output',
      json: expect.stringContaining('1 of 1 records of dataset "json" were rejected, at most 0 may be'),
      silent: 'the command of "silent" wrote nothing for 700 ms and was ended',
      late: '"late" took longer than its limit of 700 ms',
    });
    expect(finished.steps.aside).toMatchObject({ status: "succeeded", rowsOut: 1, rejected: 1 });
    expect(finished.steps.leaves?.status).toBe("succeeded");
    expect(leftOver()).toBe("");
  });
});

describe("a run that is ended", () => {
  it.each(["SIGINT", "SIGKILL"] as const)("by %s leaves nothing running", async (signal) => {
    const name = `ended_${signal.toLowerCase()}`;
    pipeline(
      name,
      `task({ name: "sleeps", run: t.sleeps }), shell({ name: "waits", command: "echo waiting; ${SLEEP} & ${SLEEP}" })`,
    );
    const started = start(project.root, ["run", name, "--json"]);
    const events = join(project.root, ".sluice/logs", name);
    await started.line('"stage":"waits"');
    await until(() => leftOver().split("\n").length >= 3);
    const before = performance.now();
    started.process.kill(signal);
    const { status } = await started.finished;
    // Not for what runs in it; a machine with other work takes seconds for the rest.
    expect(performance.now() - before).toBeLessThan(20_000);
    expect(status).toBe(signal === "SIGINT" ? 130 : null);
    await until(() => leftOver() === "");
    expect(readdirSync(events)).toHaveLength(1);
  });
});

/** Waits for something outside of this process, of which nothing tells. */
async function until(condition: () => boolean): Promise<void> {
  for (const started = performance.now(); !condition(); ) {
    if (performance.now() - started > 60_000) throw new Error("it did not come");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
