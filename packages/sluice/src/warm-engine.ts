import { existsSync, rmSync } from "node:fs";
import type { Engine } from "@sluice/core";

/** An engine and the scratch folder that goes with it. */
export interface OpenEngine {
  readonly engine: Engine;
  readonly scratch: string;
}

interface IdleEngine extends OpenEngine {
  readonly timer: NodeJS.Timeout;
}

/** By what they were opened with. */
const idle = new Map<string, IdleEngine>();
const IDLE_MS = 10_000;
let isWatchingExit = false;

/**
 * The engine that an earlier run of this process left open, or a new one: opening one, and looking at the bytes of files
 * that it has seen, took 5 to 10 % of a run of a second (2026-11).
 *
 * @param key all that it is opened with
 */
export async function takeEngine(key: string, open: () => Promise<OpenEngine>): Promise<OpenEngine> {
  const found = idle.get(key);
  if (found === undefined) return await open();
  idle.delete(key);
  clearTimeout(found.timer);
  // Somebody may have emptied the project's state meanwhile.
  if (existsSync(found.scratch)) return { engine: found.engine, scratch: found.scratch };
  await closeEngine(found);
  return await open();
}

/** Leaves an engine open for the next run, for a while; it does not keep the process alive. */
export async function keepEngine(key: string, open: OpenEngine): Promise<void> {
  if (idle.has(key)) return await closeEngine(open);
  if (!isWatchingExit) process.once("exit", removeScratch);
  isWatchingExit = true;
  const timer = setTimeout(() => {
    idle.delete(key);
    closeEngine(open).catch(() => undefined);
  }, IDLE_MS);
  timer.unref();
  idle.set(key, { engine: open.engine, scratch: open.scratch, timer });
}

export async function closeEngine({ engine, scratch }: OpenEngine): Promise<void> {
  await engine[Symbol.asyncDispose]();
  rmSync(scratch, { recursive: true, force: true });
}

function removeScratch(): void {
  for (const { scratch } of idle.values()) rmSync(scratch, { recursive: true, force: true });
}
