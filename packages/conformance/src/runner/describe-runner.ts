import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Column, CommandRequest, Runner, TaskRequest, WorkFile, WorkRequest } from "@sluice/core";
import { expect } from "vitest";
import { type DeclareCase, describeSuite, type Gaps } from "../suite.ts";

/** What the runner suite needs from whoever calls it. */
export interface RunnerHarness {
  readonly name: string;
  /** An empty folder, removed by whoever calls. */
  readonly folder: () => Promise<string>;
  /** A runner of a project in the folder, with a module of this text; and where a function that it exports is found. */
  readonly open: (folder: string, module: string) => Promise<OpenRunner>;
  /** Whether it starts programs. */
  readonly runsCommands: boolean;
  readonly gaps?: Gaps;
}

export interface OpenRunner {
  readonly runner: Runner;
  readonly find: (name: string) => Promise<Pick<TaskRequest, "module" | "code">>;
}

/** The functions of the cases: JavaScript, which is TypeScript too. */
const MODULE = `
export async function* doubled({ inputs }) { for await (const row of inputs.rows) yield { n: row.n === null ? null : row.n * 2, s: row.s }; }
export async function* twice({ inputs }) { for (let i = 0; i < 2; i++) for await (const row of inputs.rows) yield { n: row.n, s: row.s }; }
export const nested = () => [{ id: 1, tags: ["a", null], point: { x: 0.5 } }, { id: 2, tags: [], point: null }];
export const wrong = () => [{ n: 1, s: "a" }, { n: 1.7, s: "b" }, { n: 3, s: "c" }];
export const missing = () => [{ n: 1 }];
export const value = () => 7;
export const text = () => "seven";
export const action = ({ log, parameters, run }) => { log([parameters.more, run.pipeline, run.step, run.attempt].join(" ")); return "done"; };
export function fails() { throw new TypeError("no such thing"); }
export const rows = () => [{ n: 1, s: "a" }];
export function waits({ signal, log }) {
  return new Promise((_, reject) => {
    const timer = setTimeout(() => undefined, 1e6);
    signal.addEventListener("abort", () => { clearTimeout(timer); reject(new Error("told to stop")); });
    log("waits");
  });
}
`;

const COLUMNS: readonly Column[] = [
  { name: "n", type: "int64", nullable: true },
  { name: "s", type: "string", nullable: true },
];
const NESTED: readonly Column[] = [
  { name: "id", type: "int64", nullable: false },
  { name: "tags", type: "list<string>", nullable: false },
  { name: "point", type: "struct{x: float64}", nullable: true },
];

/** The rows of the input, in both forms in which a runner asks for them. */
const INPUT = {
  csv: '1,"a,b"\n,""\n3,\n',
  ndjson: '{"n":1,"s":"a,b"}\n{"n":null,"s":""}\n{"n":3,"s":null}\n',
} as const;

interface Given {
  readonly runner: Runner;
  readonly logged: readonly string[];
  task(name: string, more?: Partial<TaskRequest>): Promise<TaskRequest>;
  command(command: CommandRequest["command"], more?: Partial<CommandRequest>): Promise<CommandRequest>;
}

/** The cases that every runner passes. */
export function describeRunner(harness: RunnerHarness): void {
  describeSuite("runner", harness.name, harness.gaps ?? {}, (declare) => {
    const given = async (body: (given: Given) => Promise<void>): Promise<void> => {
      const folder = await harness.folder();
      const { runner, find } = await harness.open(folder, MODULE);
      const logged: string[] = [];
      const work = async (): Promise<WorkRequest> => workIn(folder, logged);
      await body({
        runner,
        logged,
        async task(name, more = {}) {
          const run = { id: "r", pipeline: "p", attempt: 2, now: "2024-01-01T00:00:00Z", today: "2024-01-01" };
          return { ...(await work()), ...(await find(name)), bigint: false, memoryMb: 256, run, ...more };
        },
        async command(command, more = {}) {
          return { ...(await work()), command, formats: new Map(), format: "csv", env: [], ...more };
        },
      });
    };
    taskCases(given, declare);
    if (harness.runsCommands) commandCases(given, declare);
  });
}

type With = (body: (given: Given) => Promise<void>) => Promise<void>;

function taskCases(given: With, declare: DeclareCase): void {
  const gives = (id: string, title: string, name: string, text: string, columns = COLUMNS): void =>
    declare(id, title, () =>
      given(async ({ runner, task }) => {
        const request = await task(name);
        const output = { ...outputOf(request), columns };
        expect(await runner.runTask({ ...request, output })).toMatchObject({ kind: "rows", rejected: 0 });
        expect(await readFile(output.rows, "utf8")).toBe(text);
      }),
    );
  gives("runner.task.rows", "rows go in and come out, null apart from empty text", "doubled", '2,"a,b"\n,""\n6,\n');
  gives("runner.task.again", "an input is read from its beginning each time", "twice", '1,"a,b"\n,""\n3,\n'.repeat(2));
  gives(
    "runner.task.nested",
    "rows with nested columns are lines of JSON",
    "nested",
    '{"id":1,"tags":["a",null],"point":{"x":0.5}}\n{"id":2,"tags":[],"point":null}\n',
    NESTED,
  );

  declare("runner.task.wrong", "the first wrong row ends it, and is named", () =>
    given(async ({ runner, task }) => {
      for (const [name, row] of [
        ["wrong", 2],
        ["missing", 1],
      ] as const) {
        await expect(runner.runTask(await task(name))).rejects.toMatchObject({
          code: "data",
          reason: "row",
          message: expect.stringContaining(`row ${row} of "s"`),
        });
      }
    }),
  );

  declare("runner.task.aside", "wrong rows are set aside where told, with their place and rule", () =>
    given(async ({ runner, task }) => {
      const request = await task("wrong");
      const output = { ...outputOf(request), setsAside: true };
      expect(await runner.runTask({ ...request, output })).toMatchObject({
        kind: "rows",
        accepted: 2,
        rejected: 1,
        reasons: [{ column: "n", rule: "is not an int64", rows: 1 }],
      });
      expect(await readFile(output.rows, "utf8")).toBe("1,a\n3,c\n");
      expect(await readFile(output.rejects, "utf8")).toMatch(/^"2","n","is not an int64",/);
    }),
  );

  declare("runner.task.value", "a value is a row of one column, of the type that is declared", () =>
    given(async ({ runner, task }) => {
      const columns: readonly Column[] = [{ name: "value", type: "int64", nullable: false }];
      const request = await task("value");
      const output = { ...outputOf(request), columns, isValue: true as const };
      expect(await runner.runTask({ ...request, output })).toMatchObject({ kind: "rows", accepted: 1 });
      expect(await readFile(output.rows, "utf8")).toBe("7,1\n");
      await expect(runner.runTask({ ...(await task("text")), output })).rejects.toMatchObject({ code: "data" });
    }),
  );

  declare(
    "runner.task.action",
    "an action gives nothing; it knows its run, and what it says and returns is logged",
    () =>
      given(async ({ runner, task, logged }) => {
        const { output: _output, ...request } = await task("action");
        expect(await runner.runTask(request)).toEqual({ kind: "none" });
        expect(logged).toEqual(["info 1 p s 2", expect.stringContaining("done")]);
        const { output: _none, ...giving } = await task("rows");
        await expect(runner.runTask(giving)).rejects.toMatchObject({ code: "config" });
      }),
  );

  declare("runner.task.fails", "what a function throws is an error of the data that names it", () =>
    given(async ({ runner, task }) => {
      await expect(runner.runTask(await task("fails"))).rejects.toMatchObject({
        code: "data",
        reason: "work-failed",
        message: expect.stringContaining("no such thing"),
      });
    }),
  );

  declare("runner.task.abort", "ends when it is told to, for the reason that it is told", () =>
    given(async ({ runner, task }) => {
      const stopping = new AbortController();
      const log = (): void => stopping.abort(new Error("enough"));
      const request = await task("waits", { signal: stopping.signal, log });
      await expect(runner.runTask(request)).rejects.toThrow("enough");
    }),
  );
}

function commandCases(given: With, declare: DeclareCase): void {
  declare("runner.command.prints", "what a command prints or writes is the file of its rows", () =>
    given(async ({ runner, command }) => {
      for (const text of ["cat {rows}", "cat {rows} > {output}"]) {
        const request = await command(text, { formats: new Map([["rows", { format: "ndjson", header: true }]]) });
        const result = await runner.runCommand({ ...request, format: "ndjson" });
        expect(result).toMatchObject({ kind: "file", format: "ndjson" });
        expect("path" in result ? await readFile(result.path, "utf8") : "").toBe(INPUT.ndjson);
      }
    }),
  );

  declare("runner.command.fails", "an exit code other than 0 is an error of the data with what it said", () =>
    given(async ({ runner, command }) => {
      await expect(runner.runCommand(await command("echo lost >&2; exit 3"))).rejects.toMatchObject({
        code: "data",
        reason: "work-failed",
        message: expect.stringMatching(/exit code 3[\s\S]*lost/),
      });
      await expect(runner.runCommand(await command("true {output}"))).rejects.toMatchObject({ code: "data" });
      await expect(runner.runCommand(await command(["no-such-program-here"]))).rejects.toMatchObject({
        code: "config",
      });
    }),
  );
}

let count = 0;

async function workIn(folder: string, logged: string[]): Promise<WorkRequest> {
  const scratch = join(folder, `scratch ${++count}`);
  await mkdir(scratch);
  const rows: WorkFile = {
    name: "rows",
    columns: COLUMNS,
    async file(format) {
      const path = join(scratch, `rows.${format}`);
      await writeFile(path, format === "ndjson" ? INPUT.ndjson : INPUT.csv);
      return path;
    },
  };
  return {
    step: "s",
    inputs: [rows],
    parameters: new Map([["more", { type: "int64", value: "1" }]]),
    scratch,
    output: {
      columns: COLUMNS,
      rows: join(scratch, "out.csv"),
      rejects: join(scratch, "rejects.csv"),
      setsAside: false,
    },
    signal: new AbortController().signal,
    stallMs: 60_000,
    log: (level, message) => logged.push(`${level} ${message}`),
  };
}

function outputOf({ output }: TaskRequest): NonNullable<TaskRequest["output"]> {
  if (output === undefined) throw new Error("the request has no output");
  return output;
}
