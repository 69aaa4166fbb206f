import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const requirements = fileURLToPath(new URL("requirements.txt", import.meta.url));
const INSTALL_MS = 600_000;

/** Where Python with PyIceberg is, or why there is none. */
export type PythonEnvironment = { readonly python: string } | { readonly absent: string };

/**
 * Python with PyIceberg, made once for each list of requirements, in the user's cache. What cannot be made is said, and
 * tried again the next time; with SLUICE_TEST_REQUIRE it is an error.
 */
export async function pythonEnvironment(): Promise<PythonEnvironment> {
  const environment = await findOrMake();
  if ("absent" in environment) {
    if (process.env.SLUICE_TEST_REQUIRE === "1") throw new Error(`PyIceberg is required: ${environment.absent}`);
    console.warn(`\nSKIPPED: the lake is not compared with PyIceberg: ${environment.absent}\n`);
  }
  return environment;
}

async function findOrMake(): Promise<PythonEnvironment> {
  const given = process.env.SLUICE_TEST_PYTHON;
  if (given !== undefined) return { python: given };
  return makePython({ name: "pyiceberg", requirements, options: ["--only-binary=:all:"] });
}

export interface PythonRequest {
  readonly name: string;
  /** A file for pip. */
  readonly requirements: string;
  readonly options: readonly string[];
}

/** A Python of its own for a list of requirements, made once in the user's cache. */
export async function makePython({ name, requirements, options }: PythonRequest): Promise<PythonEnvironment> {
  const version = spawnSync("python3", ["-c", "import sys, venv, ensurepip; print(sys.version_info >= (3, 10))"], {
    encoding: "utf8",
  });
  if (version.status !== 0) return { absent: "python3 with its module venv is not installed" };
  if (version.stdout.trim() !== "True") return { absent: "python3 is older than 3.10" };
  const hash = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 12);
  const folder = join(cacheFolder(), `${name}-${hash}`);
  const python = join(folder, "bin", "python");
  const ready = join(folder, "ready");
  if (existsSync(ready)) return { python };
  return withLock(`${folder}.lock`, () => {
    if (existsSync(ready)) return { python };
    rmSync(folder, { recursive: true, force: true });
    const made = spawnSync("python3", ["-m", "venv", folder], { encoding: "utf8", timeout: INSTALL_MS });
    if (made.status !== 0) return { absent: `python3 -m venv failed: ${last(made.stderr)}` };
    const pip = ["-m", "pip", "install", "--quiet", ...options, "-r", requirements];
    const installed = spawnSync(python, pip, { encoding: "utf8", timeout: INSTALL_MS });
    if (installed.status !== 0) return { absent: `pip could not install ${name}: ${last(installed.stderr)}` };
    writeFileSync(ready, "");
    return { python };
  });
}

/** Where what tests fetch is kept from run to run. */
export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "sluice");
}

function last(text: string | null): string {
  return text?.trim().split("\n").at(-1) ?? "it did not end in time";
}

/** One of several processes makes it, and the others wait. A lock that is older than any installation is broken. */
export async function withLock<T>(lock: string, make: () => T | Promise<T>): Promise<T> {
  mkdirSync(join(lock, ".."), { recursive: true });
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch {
      const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
      if (age > 2 * INSTALL_MS) rmSync(lock, { recursive: true, force: true });
      await sleep(200);
    }
  }
  try {
    return await make();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}
