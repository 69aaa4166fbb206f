import type { LeaseHolder, RunRecord, StageRecord, Store } from "@sluice/core";

/** A store in memory, with the meaning of the port and nothing of its durability. */
export interface FakeStore extends Store {
  readonly runs: Map<string, RunRecord>;
  readonly stages: Map<string, Map<string, StageRecord>>;
  readonly leases: Map<string, { epoch: number; holder: LeaseHolder | undefined }>;
}

export function fakeStore(): FakeStore {
  const runs: FakeStore["runs"] = new Map();
  const stages: FakeStore["stages"] = new Map();
  const leases: FakeStore["leases"] = new Map();
  return {
    runs,
    stages,
    leases,
    acquireLease: async (request) => {
      const key = `${request.project}/${request.pipeline}`;
      const lease = leases.get(key) ?? { epoch: 0, holder: undefined };
      leases.set(key, lease);
      const { holder } = lease;
      const isHeld =
        holder !== undefined &&
        holder.expiresAt > request.now &&
        (holder.host !== request.host || request.isAlive(holder.pid));
      if (isHeld) return { holder };
      lease.epoch = Math.max(lease.epoch + 1, request.minimumEpoch ?? 0);
      const { run, host, pid, now, ttlMs } = request;
      lease.holder = { run, host, pid, since: now, expiresAt: now + ttlMs };
      return { epoch: lease.epoch };
    },
    renewLease: async ({ project, pipeline, run, now, ttlMs }) => {
      const lease = leases.get(`${project}/${pipeline}`);
      if (lease?.holder?.run !== run) return false;
      lease.holder = { ...lease.holder, expiresAt: now + ttlMs };
      return true;
    },
    releaseLease: async ({ project, pipeline, run }) => {
      const lease = leases.get(`${project}/${pipeline}`);
      if (lease?.holder?.run === run) lease.holder = undefined;
    },
    putRun: async (run) => void runs.set(run.id, structuredClone(run)),
    getRun: async (project, id) => {
      const found = [...runs.values()].filter((run) => run.project === project && run.id.startsWith(id));
      return found.length === 1 || runs.has(id) ? (runs.get(id) ?? found[0]) : undefined;
    },
    latestRun: async (project, pipeline) =>
      [...runs.values()]
        .filter((run) => run.project === project && run.pipeline === pipeline && run.epoch !== undefined)
        .sort((a, b) => (b.epoch ?? 0) - (a.epoch ?? 0))[0],
    listRuns: async ({ project, pipeline, limit }) =>
      [...runs.values()]
        .filter((run) => run.project === project && (pipeline === undefined || run.pipeline === pipeline))
        .reverse()
        .slice(0, limit),
    putStage: async (stage) => {
      const ofRun = stages.get(stage.run) ?? new Map<string, StageRecord>();
      stages.set(stage.run, ofRun);
      ofRun.set(stage.stage, structuredClone(stage));
    },
    stagesOf: async (run) => [...(stages.get(run)?.values() ?? [])],
    [Symbol.asyncDispose]: async () => undefined,
  };
}
