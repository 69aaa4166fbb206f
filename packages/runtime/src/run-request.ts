import type { Adapter, BoundValue, DatasetDrift, Engine, FrozenDataset, Json, Plan, Runner, Store } from "@sluice/core";
import type { RunEvent } from "./events.ts";

/** All that a run needs; the composition root fills it in. */
export interface RunRequest {
  readonly plan: Plan;
  /** By name, every dataset that the plan reads. */
  readonly datasets: ReadonlyMap<string, FrozenDataset>;
  /** Of a run that is resumed only those that were given again: it has all of them already. */
  readonly parameters: ReadonlyMap<string, BoundValue>;
  /** The project's id, part of every commit. */
  readonly project: string;
  /** The project's folder. */
  readonly root: string;
  /** Its `.sluice` folder. */
  readonly stateFolder: string;
  readonly adapter: (type: string) => Promise<Adapter>;
  /** By connection name, as configured, secrets resolved. */
  readonly connection: (name: string) => Json | undefined;
  readonly engine: Engine;
  readonly store: Store;
  /** Runs functions and commands of the author's; a plan without such steps needs none. */
  readonly runner?: Runner;
  readonly clock: Clock;
  readonly random: () => number;
  readonly newRunId: () => string;
  readonly onEvent: (event: RunEvent) => void;
  /** Whether somebody looks at `stage.progress`: asking the engine for it all the time takes 5 % of a query (2026-11). */
  readonly progress?: boolean;
  /** How many stages run at once. */
  readonly parallel: number;
  readonly signal: AbortSignal;
  /** Resume this run: same plan, same parameters, same generation. */
  readonly resume?: string;
  /** A source that changed since the first attempt is a `conflict`, unless told to read it again. */
  readonly reread?: "allow";
  /** Persistent datasets are read from a kept copy, and their sources not at all: `latest`, a time in UTC, or the beginning of a copy's name. */
  readonly fromStage?: string;
  /** Rows that were taken out by earlier runs, in the place of their dataset or step: see `ReplayRequest`. */
  readonly replay?: ReplayRequest;
  /** What the sources of datasets are that was not frozen, and what of it the plan takes up: said when the run begins. */
  readonly drifts?: readonly { readonly message: string; readonly drift: DatasetDrift }[];
  /** Only this step and what it needs. */
  readonly step?: string;
  /**
   * A run of no pipeline of the project: nobody will ask its targets what it committed, and rows stay in the order in which
   * they were read, where the query says none, since somebody looks at them.
   */
  readonly isOnItsOwn?: true;
  /** Of how many runs of a pipeline landed files and quarantines are kept; 10 where absent. */
  readonly keepRuns?: number;
  /** How long a run that gives no sign of life keeps others waiting; 30 s where absent. */
  readonly leaseMs?: number;
  /** Takes secrets out of a text before it reaches an event, a record or a log; as it is where absent. */
  readonly redact?: (text: string) => string;
  /** Names a place at which a crash matters; nothing where absent. */
  readonly checkpoint?: (name: string) => void;
}

/**
 * A run over rows that earlier runs took out. Its commits have a slice of their own in each target, so that positions and commits
 * of ordinary runs stay as they are, and they are the same in whatever run the slice is loaded: a second time it is a no-op.
 */
export interface ReplayRequest {
  readonly slice: string;
  /** The dataset or step whose rows they are. */
  readonly of: string;
}

/** The time of a run; tests give one that they move themselves. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** How a run ended; `finished` is its last event, with the counts of every step. */
export interface RunResult {
  readonly run: string;
  readonly status: "succeeded" | "failed" | "cancelled";
  /** Whether what failed was checks only. */
  readonly checksFailed: boolean;
  readonly finished: Extract<RunEvent, { event: "run.finished" }>;
}
