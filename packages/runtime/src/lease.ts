import { hostname } from "node:os";
import { type LeaseHolder, SluiceError } from "@sluice/core";
import { throwIfStopped, toSluiceError } from "./error-record.ts";
import type { RunRequest } from "./run-request.ts";

const DEFAULT_LEASE_MS = 30_000;
/** So many signs of life fit into a lease: one that comes late is not the end of it. */
const BEATS = 3;
const POLL_MS = 250;

/** The right to run a pipeline: one run at a time. */
export interface Lease {
  /** Higher than that of every run before it. */
  readonly epoch: number;
  /** Aborted with a `conflict` where another run has taken over. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

export interface LeaseWish {
  readonly request: RunRequest;
  readonly pipeline: string;
  readonly run: string;
  readonly minimumEpoch: number;
  /** Called once, where another run holds it. */
  readonly onWaiting: (holder: LeaseHolder) => void;
}

/** Runs of this very process: its own id says nothing about a run that ended here without releasing its lease. */
const runsHere = new Set<string>();

/** Waits for the lease of a pipeline, then keeps it alive until it is released. */
export async function acquireLease(wish: LeaseWish): Promise<Lease> {
  const { request, pipeline, run } = wish;
  const { store, clock, project, signal } = request;
  const key = keyOf(project, pipeline) + run;
  let isToldOf = false;
  for (;;) {
    throwIfStopped(signal);
    // Before the store answers, so that others of this process never take this run for a dead one.
    runsHere.add(key);
    const answer = await store.acquireLease({
      project,
      pipeline,
      run,
      host: hostname(),
      pid: process.pid,
      now: clock.now(),
      ttlMs: leaseMsOf(request),
      isAlive: (pid) => isAlive(pid, keyOf(project, pipeline), key),
      minimumEpoch: wish.minimumEpoch,
    });
    if ("epoch" in answer) return keepAlive(wish, answer.epoch);
    runsHere.delete(key);
    if (answer.holder.run === run) throw stillRunning(run, answer.holder);
    if (!isToldOf) wish.onWaiting(answer.holder);
    isToldOf = true;
    await sleep(request, POLL_MS, signal);
  }
}

function leaseMsOf(request: RunRequest): number {
  return request.leaseMs ?? DEFAULT_LEASE_MS;
}

/** The machine that landed files and leases belong to. */
export function thisHost(): string {
  return hostname();
}

function keepAlive({ request, pipeline, run }: LeaseWish, epoch: number): Lease {
  const { store, clock, project } = request;
  const key = keyOf(project, pipeline) + run;
  const ttlMs = leaseMsOf(request);
  const stopped = new AbortController();
  const lost = new AbortController();
  const beat = async (): Promise<void> => {
    let heldUntil = clock.now() + ttlMs;
    while (!stopped.signal.aborted) {
      await sleep(request, ttlMs / BEATS, stopped.signal);
      if (stopped.signal.aborted) return;
      const now = clock.now();
      try {
        if (!(await store.renewLease({ project, pipeline, run, now, ttlMs }))) {
          return lost.abort(leaseLost(run));
        }
        heldUntil = now + ttlMs;
      } catch (error) {
        // A busy store is asked again while the lease is still ours.
        if (now >= heldUntil) return lost.abort(leaseLost(run, error));
      }
    }
  };
  const beating = beat();
  return {
    epoch,
    lost: lost.signal,
    async release() {
      stopped.abort();
      await beating;
      runsHere.delete(key);
      await store.releaseLease({ project, pipeline, run });
    },
  };
}

function isAlive(pid: number, pipelineKey: string, own: string): boolean {
  if (pid === process.pid) return [...runsHere].some((key) => key !== own && key.startsWith(pipelineKey));
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Whether a run of the pipeline may be alive in a process of this machine, this one among them. */
export function thisProcessHolds(pid: number, project: string, pipeline: string): boolean {
  return isAlive(pid, keyOf(project, pipeline), "");
}

function keyOf(project: string, pipeline: string): string {
  return `${project}\n${pipeline}\n`;
}

/** A sleep that an aborted signal ends without an error: the caller looks at the signal. */
export async function sleep(request: RunRequest, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  try {
    await request.clock.sleep(ms, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function leaseLost(run: string, cause?: unknown): SluiceError {
  return new SluiceError("conflict", `run ${run} lost its lease to another run of the pipeline`, {
    reason: "lease-lost",
    hint: "start a new run when the other one is done",
    ...(cause === undefined ? {} : { cause: toSluiceError(cause) }),
  });
}

function stillRunning(run: string, holder: LeaseHolder): SluiceError {
  return new SluiceError("conflict", `run ${run} is still running, in process ${holder.pid} on ${holder.host}`, {
    reason: "running",
    hint: "wait for it, or end it first",
  });
}
