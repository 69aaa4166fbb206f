import { type LeaseHolder, type RunRecord, SluiceError, type StageRecord, type Store } from "@sluice/core";

/** What stores over the same memory share. */
export interface MemoryState {
  readonly runs: Map<string, RunRecord>;
  readonly stages: Map<string, Map<string, StageRecord>>;
  readonly leases: Map<string, { epoch: number; holder: LeaseHolder | undefined }>;
}

/** Nothing remembered yet. */
export function createMemoryState(): MemoryState {
  return { runs: new Map(), stages: new Map(), leases: new Map() };
}

/** A store that forgets when the process ends: the reference of what a store does. */
export function createMemoryStore(state: MemoryState): Store {
  const slot = (project: string, name: string): string => JSON.stringify([project, name]);
  return {
    acquireLease: async (request) => {
      const { project, pipeline, run, host, pid, now, ttlMs, minimumEpoch = 1 } = request;
      const lease = state.leases.get(slot(project, pipeline)) ?? { epoch: 0, holder: undefined };
      const { holder } = lease;
      if (holder !== undefined && holder.expiresAt > now && (holder.host !== host || request.isAlive(holder.pid))) {
        return { holder };
      }
      const epoch = Math.max(lease.epoch + 1, minimumEpoch);
      const taken = { run, host, pid, since: now, expiresAt: now + ttlMs };
      state.leases.set(slot(project, pipeline), { epoch, holder: taken });
      return { epoch };
    },
    renewLease: async ({ project, pipeline, run, now, ttlMs }) => {
      const lease = state.leases.get(slot(project, pipeline));
      if (lease?.holder?.run !== run) return false;
      lease.holder = { ...lease.holder, expiresAt: now + ttlMs };
      return true;
    },
    releaseLease: async ({ project, pipeline, run }) => {
      const lease = state.leases.get(slot(project, pipeline));
      if (lease?.holder?.run === run) lease.holder = undefined;
    },
    putRun: async (run) => {
      state.runs.set(slot(run.project, run.id), structuredClone(run));
    },
    getRun: async (project, id) => {
      const exact = state.runs.get(slot(project, id));
      if (exact !== undefined || id.length < 4) return exact;
      const found = [...state.runs.values()].filter((run) => run.project === project && run.id.startsWith(id));
      if (found.length > 1)
        throw new SluiceError("config", `"${id}" begins the names of several runs`, { offending: id });
      return found[0];
    },
    latestRun: async (project, pipeline) => {
      const found = [...state.runs.values()].filter((run) => run.project === project && run.pipeline === pipeline);
      return found.sort((a, b) => (b.epoch ?? 0) - (a.epoch ?? 0)).find((run) => run.epoch !== undefined);
    },
    listRuns: async ({ project, pipeline, limit }) => {
      const found = [...state.runs.values()].filter(
        (run) => run.project === project && (pipeline === undefined || run.pipeline === pipeline),
      );
      return found
        .reverse()
        .sort((a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0))
        .slice(0, limit);
    },
    putStage: async (stage) => {
      if (![...state.runs.values()].some((run) => run.id === stage.run)) {
        throw new SluiceError("missing", `there is no run ${stage.run}`, { offending: stage.run });
      }
      const stages = state.stages.get(stage.run) ?? new Map<string, StageRecord>();
      stages.set(stage.stage, structuredClone(stage));
      state.stages.set(stage.run, stages);
    },
    stagesOf: async (run) => [...(state.stages.get(run)?.values() ?? [])],
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
