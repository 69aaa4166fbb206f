import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { convertFile, type FileTask } from "./convert-file.ts";
import type { Answer } from "./text-worker.ts";

/** Threads that take text apart. They keep no process alive, and end when nothing was to be done for a while. */
const IDLE_MS = 5000;
/** Compiled, it stands beside this module; where sources run as they are, there is no thread. */
const FILE = new URL("./text-worker.js", import.meta.url);

const idle: Worker[] = [];
const waiting: (() => void)[] = [];
let busy = 0;

/**
 * Does a task in a thread of its own, of which so many work at the same time. Gives what `convertFile` gives; undefined too where
 * the thread or the system failed, which says nothing of the text.
 */
export async function convertInThread(task: FileTask, threads: number): Promise<number | undefined> {
  if (!existsSync(fileURLToPath(FILE))) return await convertFile(task).catch(() => undefined);
  while (busy >= threads) await new Promise<void>((resolve) => waiting.push(resolve));
  busy += 1;
  try {
    const worker = idle.pop() ?? openWorker();
    if (worker === undefined) return undefined;
    worker.unref();
    return await answerOf(worker, task);
  } finally {
    busy -= 1;
    waiting.shift()?.();
  }
}

/** A new thread; undefined where the process may have none. */
function openWorker(): Worker | undefined {
  try {
    // What the process was started with, such as a loader of sources, is none of a thread's business.
    const worker = new Worker(FILE, { execArgv: [] });
    // One that ends while it rests is nobody's any more, and no reason to end the process.
    worker.on("error", () => undefined).once("exit", () => void leave(worker));
    return worker;
  } catch {
    return undefined;
  }
}

function answerOf(worker: Worker, task: FileTask): Promise<number | undefined> {
  return new Promise((resolve) => {
    const onMessage = ({ rows }: Answer): void => {
      end(rows);
      rest(worker);
    };
    const onFailure = (): void => end(undefined);
    const end = (rows: number | undefined): void => {
      worker.off("message", onMessage).off("error", onFailure).off("exit", onFailure).unref();
      resolve(rows);
    };
    // While it works, what waits for it keeps the process alive.
    worker.on("message", onMessage).on("error", onFailure).on("exit", onFailure).ref();
    worker.postMessage(task);
  });
}

function rest(worker: Worker): void {
  idle.push(worker);
  setTimeout(() => {
    if (leave(worker)) void worker.terminate();
  }, IDLE_MS).unref();
}

/** Takes a thread out of those that rest, where it is one. */
function leave(worker: Worker): boolean {
  const at = idle.indexOf(worker);
  if (at !== -1) idle.splice(at, 1);
  return at !== -1;
}
