// Keeps the process of kept-command-process.mjs, starts another one when it ended, and collects what it prints.
import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { workerData } from "node:worker_threads";

const PROCESS = fileURLToPath(new URL("kept-command-process.mjs", import.meta.url));
const { port, wake } = workerData;

/** It stands behind what a command prints. */
const end = Buffer.from(`\0${randomUUID()}\0`);
let kept = start();

port.on("message", (call) => {
  if (call === "end") {
    kept.child.kill("SIGKILL");
    return;
  }
  if (kept.hasEnded) kept = start();
  const { child, printed } = kept;
  const closed = () => finish({ status: child.exitCode });
  const finish = ({ status, isOwn = false }) => {
    child.off("close", closed).off("message", onMessage);
    for (const stream of [child.stdout, child.stderr]) stream.off("data", look);
    const [out, error] = printed.map((chunks) => textOf(chunks));
    port.postMessage(isOwn ? undefined : { status, out, error });
    Atomics.store(wake, 0, 1);
    Atomics.notify(wake, 0);
  };
  let status;
  const look = () => {
    if (status !== undefined && printed.every(isWhole)) finish({ status });
  };
  const onMessage = (message) => {
    if (message === "of its own") finish({ isOwn: true });
    else if (message !== "ready") {
      status = message.status;
      look();
    }
  };
  child.on("close", closed).on("message", onMessage);
  for (const stream of [child.stdout, child.stderr]) stream.on("data", look);
  child.send({ ...call, end: end.toString() });
});

function start() {
  const child = fork(PROCESS, { stdio: ["ignore", "pipe", "pipe", "ipc"], execArgv: [] });
  const one = { child, printed: [[], []], hasEnded: false };
  for (const [index, stream] of [child.stdout, child.stderr].entries()) {
    stream.on("data", (chunk) => one.printed[index].push(chunk));
  }
  child.on("close", () => {
    one.hasEnded = true;
  });
  return one;
}

function isWhole(chunks) {
  const last = chunks.at(-1);
  if (last === undefined) return false;
  if (last.length >= end.length || chunks.length === 1) return last.subarray(-end.length).equals(end);
  chunks.splice(0, chunks.length, Buffer.concat(chunks));
  return isWhole(chunks);
}

function textOf(chunks) {
  const whole = Buffer.concat(chunks.splice(0));
  const isEnded = whole.subarray(-end.length).equals(end);
  return whole.subarray(0, isEnded ? -end.length : undefined).toString("utf8");
}
