// Runs contestants in turn, round after round, so that a machine that slows down slows all of them.
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { median, ratio } from "./report.mjs";
import { treeMemoryMb } from "./tree-memory.mjs";

export const root = fileURLToPath(new URL("..", import.meta.url));
export const sluiceCommand = fileURLToPath(new URL("../packages/sluice/bin/sluice.js", import.meta.url));
/** Warm runs of one process; each process runs once before it measures. */
export const RUNS = 2;

/**
 * Measures programs that print `{ seconds: […], memoryMb }`, the first being sluice. A contestant is `{ name, command, budget,
 * usedBudget, env, before, after, own }`; `before` and `after` are commands around it that are not measured.
 */
export function measure(title, contestants, { cwd, rounds }) {
  const measured = contestants.map(() => ({ seconds: [], memoryMb: [] }));
  for (let round = 0; round < rounds; round += 1) {
    contestants.forEach((contestant, index) => {
      const { command, env, before, after } = contestant;
      if (before !== undefined) run(before[0], before.slice(1), cwd, env);
      const { stdout } = run(command[0], command.slice(1), cwd, env);
      if (after !== undefined) run(after[0], after.slice(1), cwd);
      const { seconds, memoryMb } = JSON.parse(stdout.trim().split("\n").at(-1));
      measured[index].seconds.push(...seconds);
      measured[index].memoryMb.push(memoryMb);
    });
  }
  return resultOf(title, contestants, measured);
}

/**
 * Measures whole commands from start to end, with the memory of all their processes at its most (seen ten times a second). Of a
 * contestant that takes minutes, `rounds` says how many are enough.
 */
export async function measureCommands(title, contestants, { cwd, rounds }) {
  const measured = contestants.map(() => ({ seconds: [], memoryMb: [] }));
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, { command, env, before, rounds: enough = rounds }] of contestants.entries()) {
      if (round >= enough) continue;
      if (before !== undefined) run(before[0], before.slice(1), cwd, env);
      const started = performance.now();
      const memoryMb = await runWatched(command, cwd, env);
      measured[index].seconds.push((performance.now() - started) / 1000);
      if (memoryMb > 0) measured[index].memoryMb.push(memoryMb);
    }
  }
  return resultOf(title, contestants, measured);
}

/** Runs a command to its end; gives the most memory that it and all that it started held, in MB. */
export function runWatched([command, ...words], cwd, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, {
      cwd,
      env: { ...process.env, NO_COLOR: "1", ...env },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    let most = 0;
    child.stderr.on("data", (chunk) => (said += chunk));
    const timer = setInterval(() => {
      most = Math.max(most, treeMemoryMb(child.pid) ?? 0);
    }, 100);
    child.on("close", (status) => {
      clearInterval(timer);
      if (status === 0) resolve(most);
      else reject(new Error(`${command} ${words.join(" ")}\n${said}`));
    });
  });
}

function resultOf(title, contestants, measured) {
  const own = measured[0];
  const used = measured[contestants.findIndex((contestant) => contestant.own)];
  console.log(`measured: ${title}`);
  return {
    title,
    rows: contestants.map(({ name, budget, usedBudget }, index) => ({
      name,
      seconds: median(measured[index].seconds),
      least: Math.min(...measured[index].seconds),
      most: Math.max(...measured[index].seconds),
      ...(measured[index].memoryMb.length === 0 ? {} : { memoryMb: Math.round(median(measured[index].memoryMb)) }),
      ratio: ratio(own.seconds, measured[index].seconds),
      ...(budget === undefined ? {} : { budget }),
      ...(usedBudget === undefined || used === undefined
        ? {}
        : { usedRatio: ratio(used.seconds, measured[index].seconds), usedBudget }),
    })),
  };
}

/** Runs a command to its end; throws with what it printed where it fails. */
export function run(command, words, cwd, env = {}) {
  const result = spawnSync(command, words, {
    cwd,
    encoding: "utf8",
    maxBuffer: 1 << 26,
    env: { ...process.env, NO_COLOR: "1", ...env },
  });
  if (result.status === 0) return result;
  const folder = existsSync(cwd) ? "" : " (no folder)";
  throw new Error(`${command} ${words.join(" ")}\n${result.stdout}${result.stderr}${folder}`);
}
