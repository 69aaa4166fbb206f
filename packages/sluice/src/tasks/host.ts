/**
 * The process that one piece of work runs in. Its main thread runs nothing of the author's: it watches the thread or the
 * command that does, and ends its whole process group when the process of the run is gone, however that ended.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { openOutputPipe } from "./output-pipe.ts";
import {
  type CommandOrder,
  type FailureReason,
  type FromHost,
  type TaskOrder,
  type ToHost,
  thrownRecord,
} from "./protocol.ts";
import type { WorkerData } from "./worker.ts";

const BEAT_MS = 250;
const ENDING_MS = 300;
/** Beside the heap, a thread has buffers and stacks: so much more than its limit the process may take. */
const OTHER_MEMORY = 512e6;

let isOver = false;
let worker: Worker | undefined;

process.on("disconnect", endGroup);
// A plain exit waits for the thread, which may be blocked for ever.
process.on("uncaughtException", endGroup);
process.on("message", (message: ToHost) => {
  if (message.kind === "task") runInThread(message, message.memoryMb);
  else if (message.kind === "command") runCommand(message);
  else worker?.postMessage(message);
});
// Ctrl-C and the like are for the process of the run to decide about.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);
if (!process.connected) endGroup();
say({ kind: "ready" });

function say(message: FromHost): void {
  // Where the process of the run has just died, the channel says so next.
  if (process.connected) process.send?.(message, () => undefined);
}

/** Says how it ended, then ends everything that the work has started. */
function finish(message: FromHost): void {
  if (isOver) return;
  isOver = true;
  if (!process.connected) endGroup();
  // Standard output is a pipe, which is written at once; the channel is not.
  process.send?.(message, () => endGroup());
}

function fail(reason: FailureReason, message: string): void {
  finish({ kind: "failed", reason, error: { name: "Error", message, isOurs: false } });
}

/** This process leads its group; nothing of the work outlives it. */
function endGroup(): void {
  try {
    if (process.platform !== "win32") process.kill(-process.pid, "SIGKILL");
  } catch {
    // It leads none: then there is only itself to end.
  }
  process.kill(process.pid, "SIGKILL");
}

/** Ends work that gives no sign of life for too long, and beats itself. */
function watch(stallMs: number, signsOfLife: () => number, more: () => void = () => undefined): void {
  let last = signsOfLife();
  let since = performance.now();
  setInterval(() => {
    if (isOver) return;
    say({ kind: "beat" });
    more();
    const now = performance.now();
    const signs = signsOfLife();
    if (signs !== last) {
      last = signs;
      since = now;
    } else if (now - since > stallMs) fail("stalled", "");
  }, BEAT_MS);
}

function runInThread(order: TaskOrder, memoryMb: number): void {
  const signs = new SharedArrayBuffer(8);
  const counters = new Int32Array(signs);
  const file = new URL(import.meta.url.replace(/host(\.[jt]s|[^/]*\.mjs)$/, "worker$1"));
  const thread = new Worker(fileURLToPath(file), {
    workerData: { order, signs } satisfies WorkerData,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    execArgv: ["--enable-source-maps"],
  });
  worker = thread;
  let last: FromHost | undefined;
  thread.on("message", (message: FromHost) => {
    if (message.kind !== "done" && message.kind !== "failed") return say(message);
    last ??= message;
    // What it leaves running would keep it alive for ever.
    setTimeout(() => void thread.terminate(), ENDING_MS).unref();
  });
  thread.on("error", (thrown: Error & { readonly code?: string }) => {
    if (thrown.code === "ERR_WORKER_OUT_OF_MEMORY") fail("memory", `more than ${memoryMb} MB`);
    else last ??= { kind: "failed", reason: "threw", error: thrownRecord(thrown) };
  });
  thread.on("exit", () => {
    if (last !== undefined) return finish(last);
    const exited = Atomics.load(counters, 1);
    if (exited > 0) fail("exit", String(exited - 1));
    else fail("unsettled", "");
  });
  watch(
    order.stallMs,
    () => Atomics.load(counters, 0),
    () => {
      const { rss } = process.memoryUsage();
      if (rss > memoryMb * 1e6 + OTHER_MEMORY) fail("memory", `${Math.round(rss / 1e6)} MB`);
    },
  );
}

function runCommand(order: CommandOrder): void {
  const { program, stdin, stdout, stallMs } = order;
  const pipe = stdout === undefined ? undefined : openOutputPipe(stdout);
  const files = [
    stdin === undefined ? undefined : openSync(stdin, "r"),
    stdout === undefined ? undefined : (pipe?.writing ?? openSync(stdout, "w")),
  ];
  const [input = "ignore", output = "inherit"] = files;
  const threw = (thrown: unknown): void => finish({ kind: "failed", reason: "threw", error: thrownRecord(thrown) });
  pipe?.written.catch(threw);
  let child: ChildProcess;
  try {
    child = spawn(program, order.arguments, { cwd: order.folder, env: order.env, stdio: [input, output, "pipe"] });
  } catch (thrown) {
    threw(thrown);
    return;
  } finally {
    for (const file of files) if (file !== undefined) closeSync(file);
  }
  let said = 0;
  child.stderr?.on("data", (chunk: Buffer) => {
    said += chunk.length;
  });
  child.stderr?.pipe(process.stderr, { end: false });
  child.on("error", threw);
  child.on("close", (code, signal) => {
    const end = (): void => finish({ kind: "done", result: { kind: "exit", code, signal } });
    if (pipe === undefined) end();
    else void pipe.written.then(end, threw);
  });
  const watched = order.watched ?? stdout;
  watch(stallMs, () => said + (watched === undefined ? 0 : (statSync(watched, { throwIfNoEntry: false })?.size ?? 0)));
}
