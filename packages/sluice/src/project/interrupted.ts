import { hostname } from "node:os";
import type { LeaseHolder, RunRecord, Store } from "@sluice/core";

/** Between the record of a run that waits and its first look at the lease. */
const BEGINNING_MS = 10_000;
/** No run has this name. */
const PROBE = "probe";

export interface Present {
  readonly now: number;
  readonly isAlive: (pid: number) => boolean;
}

/**
 * Those of the runs whose record says that they are under way, and whose process is gone: nobody was left to write how
 * they ended.
 */
export async function interruptedRuns(
  store: Store,
  runs: readonly RunRecord[],
  present: Present,
): Promise<ReadonlySet<string>> {
  const open = runs.filter(({ status }) => status === "running" || status === "waiting");
  const interrupted = new Set<string>();
  for (const pipeline of new Set(open.map((run) => run.pipeline))) {
    const own = open.filter((run) => run.pipeline === pipeline);
    const holder = await holderOf(store, own[0]?.project ?? "", pipeline);
    const alive = holder !== undefined && isHeld(holder, present) ? holder.run : undefined;
    for (const run of own) {
      const isYoung = present.now - Date.parse(run.createdAt) < BEGINNING_MS;
      // While another run goes on, one that waits for it cannot be told from one that died waiting.
      const mayWait = run.status === "waiting" && (alive !== undefined || isYoung);
      if (run.id !== alive && !mayWait) interrupted.add(run.id);
    }
  }
  return interrupted;
}

/**
 * Who holds the lease of a pipeline. It is asked for as if at the beginning of time, when no lease was over yet, for no
 * time at all: where it is free, it is not kept from anybody.
 */
async function holderOf(store: Store, project: string, pipeline: string): Promise<LeaseHolder | undefined> {
  const wish = { project, pipeline, run: PROBE, host: hostname(), pid: process.pid, now: 0, ttlMs: 0 };
  const answer = await store.acquireLease({ ...wish, isAlive: () => true });
  if ("holder" in answer) return answer.holder.run === PROBE ? undefined : answer.holder;
  await store.releaseLease(wish);
  return undefined;
}

function isHeld({ host, pid, expiresAt }: LeaseHolder, { now, isAlive }: Present): boolean {
  return expiresAt > now && (host !== hostname() || isAlive(pid));
}
