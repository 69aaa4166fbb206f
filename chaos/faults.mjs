// What can happen to a run, and what somebody does about it. Each fault gives the run that it met.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, isStopped, must, runOf, start } from "./command.mjs";
import { LEASE_MS } from "./project.mjs";

/** Where the command can be killed; with how often a run of the trial passes there. */
const POINTS = [
  ["run.recorded", 1],
  ["stage.started", 3],
  ["stage.executed", 3],
  ["load.staged", 2],
  ["load.committing", 2],
  ["load.committed", 2],
  ["stage.recorded", 3],
];

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Every named point, each time that it is met: `load.committed:2` is between two loads of one extract. */
export const NAMED = POINTS.flatMap(([point, times]) =>
  Array.from({ length: times }, (_, index) => `${point}:${index + 1}`),
);

/** Killed at a named place, then resumed. */
export async function killedAt(folder, point) {
  const killed = await start(folder, ["run", "--json"], { SLUICE_CRASH_AT: point }).finished;
  if (killed.signal !== "SIGKILL" && killed.status !== 0) throw new Error(`the run ended with ${describe(killed)}`);
  await resume(folder, await runOf(folder, killed.out));
}

/** Killed at any moment, then resumed; a run that left no record never began, and is run again. */
export async function killedAfter(folder, ms) {
  const running = start(folder, ["run", "--json"]);
  await pause(ms);
  running.kill("SIGKILL");
  const { out, status } = await running.finished;
  const run = /"run":"([a-z0-9]+)"/.exec(out)?.[1] ?? (await unfinishedRun(folder));
  if (run !== undefined) await resume(folder, run);
  else if (status !== 0) await must(folder, ["run", "--json"]);
}

/** Killed again and again while it is resumed. */
export async function killedOften(folder, points) {
  const first = await start(folder, ["run", "--json"], { SLUICE_CRASH_AT: points[0] }).finished;
  const run = await runOf(folder, first.out);
  for (const point of points.slice(1)) {
    await start(folder, ["run", "--resume", run, "--json"], { SLUICE_CRASH_AT: point }).finished;
  }
  await resume(folder, run);
}

/** Stopped past its lease; somebody resumes the run, and the stopped process wakes up, before, while or after that. */
export async function zombie(folder, point, wakes) {
  let hasEnded = false;
  const stopped = start(folder, ["run", "--json"], { SLUICE_STOP_AT: point });
  const ending = stopped.finished.then((finished) => {
    hasEnded = true;
    return finished;
  });
  if (!(await isStopped(stopped, () => hasEnded))) return;
  await pause(LEASE_MS + 100);
  const run = await unfinishedRun(folder);
  const successor = start(folder, ["run", "--resume", run, "--json"]);
  if (wakes !== "after") {
    await pause(wakes);
    stopped.kill("SIGCONT");
    await ending;
  }
  const { status, out, error, signal } = await successor.finished;
  stopped.kill("SIGCONT");
  await ending;
  // Where the stopped run woke up in time, it finished, and its successor was told so.
  if (status !== 0) await resume(folder, run, describe({ status, out, error, signal }));
}

/** Killed, and its state is lost: the next run starts from what its targets know. */
export async function stateLost(folder, point) {
  await start(folder, ["run", "--json"], { SLUICE_CRASH_AT: point }).finished;
  rmSync(join(folder, ".sluice"), { recursive: true, force: true });
  await must(folder, ["run", "--json"]);
}

async function resume(folder, run, before = "") {
  const finished = await start(folder, ["run", "--resume", run, "--json"]).finished;
  if (finished.status !== 0) throw new Error(`resuming ${run} ended with ${describe(finished)}\nbefore: ${before}`);
}

async function unfinishedRun(folder) {
  const { out } = await must(folder, ["runs", "--json"]);
  const newest = JSON.parse(out)[0];
  return newest === undefined || newest.status === "succeeded" ? undefined : newest.id;
}
