import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createPlaces, createRowsEngine } from "@sluice/conformance";
import { adapter } from "@sluice/sqlite";
import { build } from "esbuild";
import Database from "libsql";
import { afterAll, describe, expect, it } from "vitest";

const places = createPlaces("sluice-sqlite-processes-");
const rows = createRowsEngine();
afterAll(places.remove);

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** A program over the sources of these packages, as a file that Node runs. */
async function programOf(contents: string): Promise<string> {
  const outfile = join(await places.newFolder(), "program.mjs");
  await build({
    stdin: { contents, loader: "ts", resolveDir: source(".") },
    bundle: true,
    platform: "node",
    format: "esm",
    outfile,
    logLevel: "silent",
    // The suites' own index needs the test runner, which is not there.
    alias: {
      "@sluice/core": source("../../../packages/core/src/index.ts"),
      "rows-engine": source("../../../packages/conformance/src/memory/rows-engine.ts"),
      rows: source("../../../packages/conformance/src/rows.ts"),
    },
    plugins: [
      {
        name: "driver",
        setup: (builder) => {
          // The native driver is loaded from where it is installed.
          const path = pathToFileURL(createRequire(import.meta.url).resolve("libsql")).href;
          builder.onResolve({ filter: /^libsql$/ }, () => ({ path, external: true }));
        },
      },
    ],
  });
  return outfile;
}

/** Runs it to its end: the signal or code it ended with, and the lines it printed. */
function run(
  program: string,
  ...args: string[]
): Promise<{ readonly end: string | number | null; readonly lines: readonly string[] }> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) =>
      resolve({ end: signal ?? code, lines: text.split("\n").filter((line) => line !== "") }),
    );
  });
}

const LOAD = `
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname } from "node:path";
import { adapter } from "./index.ts";
import { createRowsEngine } from "rows-engine";
import { writeRows } from "rows";

const [path, mode, commitId, first, where] = process.argv.slice(2);
const die = () => process.kill(process.pid, "SIGKILL");
const engine = createRowsEngine();
let batches = 0;
const local = { ...engine, rows: async function* (query, request) {
  for await (const rows of engine.rows(query, request)) {
    for (let from = 0; from < rows.length; from += 500) {
      yield rows.slice(from, from + 500);
      batches += 1;
      if (where === "inserting" && batches === 20) die();
    }
  }
} };
const scratch = mkdtempSync(dirname(path) + "/scratch-");
const signal = new AbortController().signal;
const checkpoint = (name) => { if (name === where) die(); };
const context = { signal, now: () => 0, log: () => {}, root: scratch, scratch, local, checkpoint };
const sink = await adapter.openSink({ type: "sqlite", path, table: "t" }, undefined, context);
const columns = [{ name: "id", type: "int64", nullable: false }, { name: "name", type: "string", nullable: true }];
const rows = Array.from({ length: 20000 }, (_, index) => [String(Number(first) + index), first]);
const request = { project: "p", pipeline: "l", step: "s", slice: "", epoch: 1, commitId, schema: { columns }, mode,
  key: mode === "merge" ? ["id"] : [], parameters: new Map(), signal };
const files = await writeRows(local, request.schema, rows, await sink.accepts(request));
const staging = await sink.stage(request);
await staging.add(files);
const result = await staging.commit();
if (where === "committed") die();
console.log(JSON.stringify(result));
`;

function look(path: string): unknown {
  const database = new Database(path);
  try {
    const one = (sql: string): unknown =>
      (database.prepare(sql) as unknown as { raw(on: boolean): { all(v: unknown[]): unknown[][] } }).raw(true).all([]);
    return [one("select count(*), count(distinct id), min(name), max(name) from t"), one("pragma integrity_check")];
  } finally {
    database.close();
  }
}

describe("a process that is killed", async () => {
  const program = await programOf(LOAD);

  it.each(["replace", "append", "merge"])(
    "during a load with mode %s leaves the old table, and the load can be done again, once",
    async (mode) => {
      const path = join(await places.newFolder(), "target.db");
      expect((await run(program, path, mode, "one", "0")).end).toBe(0);
      const before = look(path);
      for (const where of ["inserting", "load.committing"]) {
        expect((await run(program, path, mode, "two", "10000", where)).end).toBe("SIGKILL");
        expect(look(path)).toEqual(before);
      }
      expect((await run(program, path, mode, "two", "10000", "committed")).end).toBe("SIGKILL");
      const after = look(path);
      expect(after).not.toEqual(before);
      const again = await run(program, path, mode, "two", "10000");
      expect(JSON.parse(again.lines[0] ?? "")).toMatchObject({ repeated: true });
      expect(look(path)).toEqual(after);
      const counts = { replace: [20_000, 20_000], append: [40_000, 30_000], merge: [30_000, 30_000] }[mode];
      expect(after).toEqual([[[...(counts ?? []), mode === "replace" ? "10000" : "0", "10000"]], [["ok"]]]);
    },
  );
});

const HALF = `
import Database from "libsql";

const database = new Database(process.argv[2]);
database.exec("create table t (id integer, text text); insert into t values (1, 'a'), (2, 'b')");
// More than SQLite keeps in memory: the file is written before the transaction is at its end.
database.exec("pragma cache_size = 10; begin; update t set text = 'gone'");
const insert = database.prepare("insert into t values (?, ?)");
for (let id = 3; id < 3000; id++) insert.run([id, "x".repeat(500)]);
process.kill(process.pid, "SIGKILL");
`;

describe("a program that dies in the middle of a write", async () => {
  const program = await programOf(HALF);
  const left = async (): Promise<string> => {
    const path = join(await places.newFolder(), "half.db");
    expect((await run(program, path)).end).toBe("SIGKILL");
    const reader = new Database(`file:${path}?mode=ro`);
    expect(() => reader.prepare("select count(*) from t").get([])).toThrow("readonly");
    reader.close();
    return path;
  };

  it("leaves nothing that keeps a load from going on", async () => {
    const path = await left();
    const sink = await adapter.openSink?.(
      { type: "sqlite", path, table: "t" },
      undefined,
      await places.newContext(rows),
    );
    const identity = {
      project: "p",
      pipeline: "l",
      step: "s",
      slice: "",
      epoch: 1,
      commitId: "c",
      parameters: new Map(),
    };
    expect(await sink?.committed?.(identity)).toBeUndefined();
    expect(await sink?.existing?.([], new AbortController().signal)).toMatchObject({ made: false });
  });

  it("leaves nothing that keeps others from reading what was there before", async () => {
    const path = await left();
    const source = await adapter.openSource?.(
      { type: "sqlite", path, table: "t" },
      undefined,
      await places.newContext(rows),
    );
    const found: unknown[] = [];
    const asked = {
      dialect: {},
      types: new Map(),
      required: [],
      parameters: new Map(),
      signal: new AbortController().signal,
    };
    for await (const stream of source?.discover(asked) ?? []) found.push(stream.rows);
    expect(found).toEqual([2]);
  });
});

const CONTEND = `
import { closeSync, openSync, unlinkSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { openStore } from "./store.ts";

const [path, name] = process.argv.slice(2);
const store = await openStore({ path });
const isAlive = (pid) => { try { process.kill(pid, 0); return true; } catch { return false; } };
for (let turn = 0; turn < 40; turn++) {
  const lease = { project: "p", pipeline: "l", run: name + turn, host: "here", pid: process.pid, now: Date.now(), ttlMs: 60000, isAlive };
  let outcome;
  while (!("epoch" in (outcome = await store.acquireLease(lease)))) await setTimeout(1);
  closeSync(openSync(path + ".alone", "wx"));
  await store.putRun({ id: name + turn, project: "p", pipeline: "l", planHash: "", plan: null, parameters: null, now: "", status: "running", createdAt: "", epoch: outcome.epoch, generation: 0 });
  unlinkSync(path + ".alone");
  if (process.argv[4] === "die" && turn === 39) process.kill(process.pid, "SIGKILL");
  await store.releaseLease(lease);
  console.log(outcome.epoch);
}
`;

describe("processes that want one lease", () => {
  it("take turns, each turn with a higher epoch; one that dies holds nothing", async () => {
    const path = join(await places.newFolder(), "state.db");
    const program = await programOf(CONTEND);
    const [first, second] = await Promise.all([run(program, path, "first", "die"), run(program, path, "second")]);
    expect([first.end, second.end]).toEqual(["SIGKILL", 0]);
    const epochs = [...first.lines, ...second.lines].map(Number);
    expect(new Set(epochs).size).toBe(79);
    expect(Math.max(...epochs)).toBeLessThanOrEqual(80);
    const third = await run(program, path, "third");
    expect(third.end).toBe(0);
    expect(third.lines.map(Number)).toEqual(Array.from({ length: 40 }, (_, index) => 81 + index));
  });
});
