import { setImmediate } from "node:timers/promises";
import { type Sink, SluiceError, type Source, type Staging, type Store } from "@sluice/core";

/** What goes wrong, and how often. */
export interface Faults {
  /** The same seed fails at the same calls. */
  readonly seed: number;
  /** The share of calls that fail, from 0 to 1. */
  readonly failing: number;
  /** The share of calls that let others go first, from 0 to 1. */
  readonly delayed: number;
  /** Told once about the seed and then of each fault, so that a failing test can be run again. */
  readonly report: (line: string) => void;
}

/** Decides call by call, and counts. */
export interface FaultPlan {
  /** Fails, delays or lets pass; `before` names the call. */
  strike(call: string): Promise<void>;
  readonly calls: number;
}

/**
 * Faults in an order that depends on the seed alone.
 *
 * @example
 * createFaultPlan({ seed: 7, failing: 0.1, delayed: 0.2, report: console.error }); // prints "faults: seed 7"
 */
export function createFaultPlan(faults: Faults): FaultPlan {
  const next = createRandom(faults.seed);
  let calls = 0;
  faults.report(`faults: seed ${faults.seed}`);
  return {
    get calls() {
      return calls;
    },
    strike: async (call) => {
      calls += 1;
      const delayed = next() < faults.delayed;
      const failing = next() < faults.failing;
      if (delayed) await setImmediate();
      if (!failing) return;
      faults.report(`faults: seed ${faults.seed}, call ${calls}: ${call} fails`);
      throw new SluiceError("unavailable", `${call} failed on purpose (seed ${faults.seed}, call ${calls})`, {
        reason: "fault",
      });
    },
  };
}

/** A source whose calls fail or wait by a plan. */
export function faultySource(source: Source, plan: FaultPlan): Source {
  const { scan, read, acknowledge } = source;
  return {
    check: (signal) => plan.strike("source.check").then(() => source.check(signal)),
    discover: (request) => struckEach("source.discover", plan, () => source.discover(request)),
    ...(scan === undefined
      ? {}
      : { scan: (request) => plan.strike("source.scan").then(() => scan.call(source, request)) }),
    ...(read === undefined
      ? {}
      : { read: (request) => struckEach("source.read", plan, () => read.call(source, request)) }),
    ...(acknowledge === undefined
      ? {}
      : {
          acknowledge: (stream, position) =>
            plan.strike("source.acknowledge").then(() => acknowledge.call(source, stream, position)),
        }),
    [Symbol.asyncDispose]: () => source[Symbol.asyncDispose](),
  };
}

/** A sink whose calls, and those of its stagings, fail or wait by a plan; a commit may fail after it has happened. */
export function faultySink(sink: Sink, plan: FaultPlan): Sink {
  return {
    capabilities: sink.capabilities,
    check: (signal) => plan.strike("sink.check").then(() => sink.check(signal)),
    committed: (asked) => plan.strike("sink.committed").then(() => sink.committed(asked)),
    accepts: (request) => plan.strike("sink.accepts").then(() => sink.accepts(request)),
    stage: async (request) => {
      await plan.strike("sink.stage");
      return faultyStaging(await sink.stage(request), plan);
    },
    [Symbol.asyncDispose]: () => sink[Symbol.asyncDispose](),
  };
}

function faultyStaging(staging: Staging, plan: FaultPlan): Staging {
  return {
    add: (files, assertUnchanged) => plan.strike("staging.add").then(() => staging.add(files, assertUnchanged)),
    scan: (columns) => plan.strike("staging.scan").then(() => staging.scan(columns)),
    commit: async (position) => {
      await plan.strike("staging.commit");
      const result = await staging.commit(position);
      await plan.strike("staging.committed");
      return result;
    },
    [Symbol.asyncDispose]: () => staging[Symbol.asyncDispose](),
  };
}

/** A store whose calls fail or wait by a plan, before or after they have happened. */
export function faultyStore(store: Store, plan: FaultPlan): Store {
  const around = async <T>(call: string, work: () => Promise<T>): Promise<T> => {
    await plan.strike(call);
    const result = await work();
    await plan.strike(`${call} (done)`);
    return result;
  };
  return {
    acquireLease: (request) => around("store.acquireLease", () => store.acquireLease(request)),
    renewLease: (request) => around("store.renewLease", () => store.renewLease(request)),
    releaseLease: (request) => around("store.releaseLease", () => store.releaseLease(request)),
    putRun: (run) => around("store.putRun", () => store.putRun(run)),
    getRun: (project, id) => around("store.getRun", () => store.getRun(project, id)),
    latestRun: (project, pipeline) => around("store.latestRun", () => store.latestRun(project, pipeline)),
    listRuns: (query) => around("store.listRuns", () => store.listRuns(query)),
    putStage: (stage) => around("store.putStage", () => store.putStage(stage)),
    stagesOf: (run) => around("store.stagesOf", () => store.stagesOf(run)),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

async function* struckEach<T>(call: string, plan: FaultPlan, open: () => AsyncIterable<T>): AsyncGenerator<T> {
  await plan.strike(call);
  for await (const item of open()) {
    yield item;
    await plan.strike(`${call} (next)`);
  }
}

/** Numbers from 0 to 1 that depend on the seed alone: mulberry32. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
