import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { totalmem } from "node:os";
import { join } from "node:path";
import {
  type Adapter,
  didYouMean,
  type Engine,
  type ExpressionParser,
  type Json,
  type OpenContext,
  type Runner,
  type SelectParser,
  SluiceError,
  type Store,
} from "@sluice/core";
import type { Clock } from "@sluice/runtime";
import { adapterOf } from "./adapters.ts";
import type { Project } from "./project/load-config.ts";
import { ownFolder, whileWriting } from "./project/own-folder.ts";
import { shortPath } from "./project/short-path.ts";
import { createRunner } from "./tasks/runner.ts";
import { closeEngine, keepEngine, takeEngine } from "./warm-engine.ts";

/**
 * A project with everything that its commands may need, opened when it is first asked for. This is where ports meet
 * adapters; nothing else names one.
 */
export interface Session extends AsyncDisposable {
  readonly project: Project;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** A path as a person would type it in the project's folder. */
  readonly short: (path: string) => string;
  engine(): Promise<Engine>;
  /** Leaves the engine open for the next run of this process; for a run that succeeded, whose queries have all ended. */
  keepEngine(): void;
  /** Reads SQL text: expressions in YAML, and queries. */
  parser(): Promise<ExpressionParser & SelectParser>;
  store(): Promise<Store>;
  /** The store to look at what was: an empty one that goes with the session where nothing was recorded yet. */
  history(): Promise<Store>;
  /** Runs functions and commands of the author's; it opens nothing by itself. */
  readonly runner: Runner;
  adapter(type: string): Promise<Adapter>;
  /** As configured, secrets found. */
  connection(name: string): Json | undefined;
  /** An empty folder that goes with the session. */
  scratchFolder(): string;
  /** What an adapter opens with, outside of a run. */
  openContext(warn: (message: string) => void): Promise<OpenContext>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason as Error);
        return;
      }
      const stop = (): void => {
        clearTimeout(timer);
        reject(signal.reason as Error);
      };
      const timer = setTimeout(() => {
        signal.removeEventListener("abort", stop);
        resolve();
      }, ms);
      signal.addEventListener("abort", stop, { once: true });
    }),
};

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Sorts by time, so that the newest run is the last by name too. */
export function newRunId(now: number = Date.now()): string {
  return `${now.toString(36).padStart(9, "0")}${randomBytes(5).toString("hex")}`;
}

const STATE_FILE = "state.db";

/** What the process needs beside the engine's own limit. */
const OTHER_MEMORY = 250e6;

/** Half of the machine where nothing is said: the engine's own default, most of the memory, is per process. */
function engineMemory(configured: number | undefined): number {
  const limit = configured ?? Math.floor(totalmem() / 2);
  return Math.max(limit - OTHER_MEMORY, Math.floor(limit / 2));
}

export function openSession(project: Project, signal: AbortSignal): Session {
  const closing: (() => PromiseLike<void> | void)[] = [];
  const once = <T>(open: () => Promise<T>): (() => Promise<T>) => {
    let opened: Promise<T> | undefined;
    return () => {
      opened ??= open();
      return opened;
    };
  };
  const scratchFolder = (): string => {
    const folder = makeScratch(project.stateFolder);
    closing.push(() => rmSync(folder, { recursive: true, force: true }));
    return folder;
  };
  let keepsEngine = false;
  const engine = once(async () => {
    const { createDuckDbEngine } = await import("@sluice/duckdb");
    const memoryBytes = engineMemory(project.config.memory);
    const key = JSON.stringify([project.stateFolder, memoryBytes]);
    const opened = await takeEngine(key, async () => {
      const scratch = makeScratch(project.stateFolder);
      return { engine: createDuckDbEngine({ memoryBytes, scratch }), scratch };
    });
    closing.push(() => (keepsEngine ? keepEngine(key, opened) : closeEngine(opened)));
    return opened.engine;
  });
  const parser = once(async () => {
    const { openExpressionParser } = await import("@sluice/duckdb");
    const opened = openExpressionParser();
    closing.push(() => opened[Symbol.asyncDispose]());
    return opened;
  });
  const openState = async (folder: string): Promise<Store> => {
    const opened = await openStateIn(folder);
    closing.push(() => opened[Symbol.asyncDispose]());
    return opened;
  };
  const store = once(() => openState(project.stateFolder));
  const emptyStore = once(() => openState(scratchFolder()));
  return {
    project,
    clock: systemClock,
    signal,
    short: (path) => shortPath(path, project.root),
    engine,
    keepEngine: () => {
      keepsEngine = true;
    },
    parser,
    store,
    history: () => (existsSync(join(project.stateFolder, STATE_FILE)) ? store() : emptyStore()),
    runner: createRunner({ root: project.root, buildFolder: project.buildFolder }),
    adapter: adapterOf,
    connection: (name) => connectionOf(project, name),
    scratchFolder,
    openContext: async (warn) => ({
      signal,
      now: () => systemClock.now(),
      log: (level, message) => {
        if (level === "warn") warn(project.secrets.redact(message));
      },
      root: project.root,
      scratch: scratchFolder(),
      local: await engine(),
      checkpoint: () => undefined,
    }),
    async [Symbol.asyncDispose]() {
      for (const close of closing.toReversed()) await close();
    },
  };
}

/** The memory of runs in a folder: the project's own, or one that goes with a preview. */
export async function openStateIn(folder: string): Promise<Store> {
  const { openStore } = await import("@sluice/sqlite");
  whileWriting(folder, () => mkdirSync(folder, { recursive: true }));
  return await openStore({ path: join(folder, STATE_FILE) });
}

function makeScratch(stateFolder: string): string {
  const parent = ownFolder(join(stateFolder, "scratch"));
  removeAbandoned(parent);
  return mkdtempSync(join(parent, `${process.pid}-`));
}

/** A killed process leaves its scratch folder behind; the next one takes it away. */
function removeAbandoned(parent: string): void {
  for (const name of readdirSync(parent)) {
    const pid = Number(/^(\d+)-/.exec(name)?.[1]);
    if (Number.isInteger(pid) && pid > 0 && !isAlive(pid)) rmSync(join(parent, name), { recursive: true, force: true });
  }
}

/** Whether a process of this machine goes on. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

function connectionOf(project: Project, name: string): Json | undefined {
  const { connections } = project.config;
  const found = Object.hasOwn(connections, name) ? connections[name] : undefined;
  if (found !== undefined) return project.secrets.resolve(found);
  if (name === "lake") return lakeOf(project);
  throw new SluiceError("config", `no connection is named "${name}"`, {
    offending: name,
    hint: didYouMean(name, Object.keys(connections), "connections"),
  });
}

/** The project's own lake, which is there without a connection. */
function lakeOf(project: Project): Json {
  const { path, catalog } = project.config.lake;
  return { type: "lake", path, ...(catalog === undefined ? {} : { catalog: connectionOf(project, catalog) ?? null }) };
}

/**
 * Signals this process at a named place, so that a test can see what a crash leaves behind (`kill: "load.committed"`, or
 * `load.committed:2` for the second time there), or what a process does that was stopped for longer than its lease (`stop`).
 */
export function crashPoint(wanted: {
  readonly kill?: string | undefined;
  readonly stop?: string | undefined;
}): (name: string) => void {
  const points = [pointOf(wanted.kill, "SIGKILL"), pointOf(wanted.stop, "SIGSTOP")];
  return (name) => {
    for (const point of points) point(name);
  };
}

function pointOf(wanted: string | undefined, signal: "SIGKILL" | "SIGSTOP"): (name: string) => void {
  if (wanted === undefined || wanted === "") return () => undefined;
  const [, point = wanted, count = "1"] = /^(.*?)(?::(\d+))?$/.exec(wanted) ?? [];
  let hits = 0;
  return (name) => {
    if (name !== point) return;
    hits += 1;
    if (hits === Number(count)) process.kill(process.pid, signal);
  };
}
