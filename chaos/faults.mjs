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

const LONGEST_STOP_MS = 4000;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Every named point, each time that it is met: `load.committed:2` is between two loads of one extract. */
export const NAMED = POINTS.flatMap(([point, times]) =>
  Array.from({ length: times }, (_, index) => `${point}:${index + 1}`),
);

/**
 * What somebody does about a run that was ended: resumes it, after the source has grown where it does that.
 *
 * @typedef {{ folder: string, whileDown(): void }} Scene
 */

/** Killed at a named place, then resumed. */
export async function killedAt(scene, point) {
  const killed = await start(scene.folder, ["run", "--json"], { SLUICE_CRASH_AT: point }).finished;
  if (killed.signal !== "SIGKILL" && killed.status !== 0) throw new Error(`the run ended with ${describe(killed)}`);
  scene.whileDown();
  await resume(scene.folder, await runOf(scene.folder, killed.out));
}

/**
 * Killed at any moment, of the run or of one of its loads, then resumed; a run that left no record never began, and is run
 * again.
 */
export async function killedAfter(scene, ms, target) {
  const running = start(scene.folder, ["run", "--json"]);
  if (target !== undefined) await running.printed(`"stage":"load_${target}"`);
  await pause(ms);
  running.kill("SIGKILL");
  const { out, status } = await running.finished;
  scene.whileDown();
  const run = /"run":"([a-z0-9]+)"/.exec(out)?.[1] ?? (await unfinishedRun(scene.folder));
  if (run !== undefined) await resume(scene.folder, run);
  else if (status !== 0) await must(scene.folder, ["run", "--json"]);
}

/** Killed again and again while it is resumed. */
export async function killedOften(scene, points) {
  const first = await start(scene.folder, ["run", "--json"], { SLUICE_CRASH_AT: points[0] }).finished;
  scene.whileDown();
  const run = await runOf(scene.folder, first.out);
  for (const point of points.slice(1)) {
    await start(scene.folder, ["run", "--resume", run, "--json"], { SLUICE_CRASH_AT: point }).finished;
  }
  await resume(scene.folder, run);
}

/**
 * Stopped past its lease; somebody resumes the run, or runs anew where that may be done twice, and the stopped process wakes up
 * before, while or after that.
 */
export async function zombie(scene, point, wakes, successorRuns) {
  const { folder } = scene;
  let hasEnded = false;
  const stopped = start(folder, ["run", "--json"], { SLUICE_STOP_AT: point });
  const ending = stopped.finished.then((finished) => {
    hasEnded = true;
    return finished;
  });
  if (!(await isStopped(stopped, () => hasEnded))) return;
  await pause(LEASE_MS + 100);
  scene.whileDown();
  const run = await unfinishedRun(folder);
  const words = successorRuns ? ["run", "--json"] : ["run", "--resume", run, "--json"];
  const successor = start(folder, words);
  if (wakes !== "after") {
    await pause(wakes);
    stopped.kill("SIGCONT");
    await ending;
  } else {
    // Whoever holds a lock of the target is waited for until it wakes up.
    await Promise.race([successor.finished, pause(LONGEST_STOP_MS)]);
    stopped.kill("SIGCONT");
  }
  const finished = await successor.finished;
  await ending;
  // Where the stopped run woke up in time, it finished or held the target, and its successor was told so.
  if (finished.status !== 0 && successorRuns) await must(folder, ["run", "--json"]);
  else if (finished.status !== 0) await resume(folder, run, describe(finished));
}

/** Killed, and its state is lost: the next run starts from what its targets know. */
export async function stateLost(scene, point) {
  await start(scene.folder, ["run", "--json"], { SLUICE_CRASH_AT: point }).finished;
  rmSync(join(scene.folder, ".sluice"), { recursive: true, force: true });
  scene.whileDown();
  await must(scene.folder, ["run", "--json"]);
}

/** Runs twice: what was loaded is cleared by its mode, or is no longer new. */
export async function again(scene) {
  await must(scene.folder, ["run", "--json"]);
  scene.whileDown();
  await must(scene.folder, ["run", "--json"]);
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
