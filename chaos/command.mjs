// The command as it is built, as a process of its own that can be killed, stopped and let go on.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const COMMAND = fileURLToPath(new URL("../packages/sluice/bin/sluice.js", import.meta.url));
const TOO_LONG_MS = 120_000;

/**
 * Starts the command; `finished` gives its exit code, the signal that ended it, and what it printed; `printed` waits for a text
 * among that, or for the end.
 *
 * @param {string} folder
 * @param {readonly string[]} words
 * @param {Record<string, string>} [environment]
 */
export function start(folder, words, environment = {}) {
  const child = spawn(process.execPath, [COMMAND, ...words], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: "1", CI: "", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let error = "";
  const looks = new Set();
  child.stdout.on("data", (chunk) => {
    out += chunk;
    for (const look of looks) look();
  });
  child.stderr.on("data", (chunk) => {
    error += chunk;
  });
  const stuck = setTimeout(() => child.kill("SIGKILL"), TOO_LONG_MS);
  const finished = new Promise((resolve) => {
    child.on("close", (status, signal) => {
      clearTimeout(stuck);
      resolve({ status, signal, out, error });
    });
  });
  const seen = (text) =>
    new Promise((resolve) => {
      const look = () => out.includes(text) && resolve();
      looks.add(look);
      look();
    });
  const printed = (text) => Promise.race([seen(text), finished]);
  return { pid: child.pid, kill: (signal) => child.kill(signal), finished, printed };
}

/** Runs the command to its end, and fails loudly where that is not a success. */
export async function must(folder, words, environment = {}) {
  const finished = await start(folder, words, environment).finished;
  if (finished.status !== 0) throw new Error(`sluice ${words.join(" ")} ended with ${describe(finished)}`);
  return finished;
}

/** How a process ended, with its last words. */
export function describe({ status, signal, out, error }) {
  return `${signal ?? status}\n${out.slice(-2000)}\n${error.slice(-2000)}`;
}

/** The run of a command that printed events, or that of the newest record. */
export async function runOf(folder, out) {
  for (const line of out.split("\n")) {
    const found = /"run":"([a-z0-9]+)"/.exec(line);
    if (found !== null) return found[1];
  }
  const { out: listed } = await must(folder, ["runs", "--json"]);
  return JSON.parse(listed)[0]?.id;
}

/** Waits until a process is stopped by a signal; false where it ended first. */
export async function isStopped(process, ended) {
  for (;;) {
    if (ended()) return false;
    try {
      if (/^\d+ \(.*\) T/.test(readFileSync(`/proc/${process.pid}/stat`, "utf8"))) return true;
    } catch {
      return false;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
