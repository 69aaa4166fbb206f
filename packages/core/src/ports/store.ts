import type { Json } from "../json.ts";

/** Where a run stands: it waits for the pipeline's lease, works, or has ended in one of three ways. */
export type RunStatus = "waiting" | "running" | "succeeded" | "failed" | "cancelled";
/** How a step ended; `skipped` where its `when` was false, or a step that it needs did not succeed. */
export type StepStatus = "succeeded" | "failed" | "skipped" | "cancelled";

/** One execution of a pipeline, with everything that resuming it needs. */
export interface RunRecord {
  readonly id: string;
  readonly project: string;
  readonly pipeline: string;
  readonly planHash: string;
  /** The plan and the frozen datasets that it was made from. */
  readonly plan: Json;
  readonly parameters: Json;
  /** Instants are ISO text in UTC. */
  readonly now: string;
  readonly status: RunStatus;
  readonly createdAt: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly error?: Json;
  readonly epoch?: number;
  /** Raised by clear and rerun, kept by resume; part of every commit id. */
  readonly generation: number;
}

/** The last attempt of a stage in a run; its output says where resume goes on. */
export interface StageRecord {
  readonly run: string;
  readonly stage: string;
  readonly attempt: number;
  readonly status: "running" | StepStatus;
  readonly startedAt: string;
  readonly finishedAt?: string;
  readonly output: StageOutput;
  readonly rowsIn: number | null;
  readonly rowsOut: number | null;
  readonly rejected: number;
  /** Identity of every source that it read, by dataset. */
  readonly sources: Json;
  readonly checks: Json;
  readonly error?: Json;
}

/** What a stage left behind: nothing, a commit in its target, or a file that later stages and a resumed run read. */
export type StageOutput =
  | { readonly kind: "none" }
  | { readonly kind: "committed"; readonly commitId: string; readonly result: Json }
  | {
      readonly kind: "landed";
      readonly path: string;
      readonly bytes: number;
      readonly sha256: string;
      readonly host: string;
      readonly rows: number;
      /** Of what is new in a dataset: how far its loads had come, and where it leads. */
      readonly slice?: Json;
    };

/** Who asks for the lease of a pipeline, and for how long: one run at a time writes to its targets. */
export interface LeaseRequest {
  readonly project: string;
  readonly pipeline: string;
  readonly run: string;
  readonly host: string;
  readonly pid: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly ttlMs: number;
  /** Asked about a holder on this host: a dead process holds nothing. */
  readonly isAlive: (pid: number) => boolean;
  /** The epoch will be at least this. */
  readonly minimumEpoch?: number;
}

/** The run that holds a lease now; `since` and `expiresAt` are milliseconds since the epoch. */
export interface LeaseHolder {
  readonly run: string;
  readonly host: string;
  readonly pid: number;
  readonly since: number;
  readonly expiresAt: number;
}

/** The durable memory of runs. Every write is on disk when its promise resolves. */
export interface Store extends AsyncDisposable {
  acquireLease(request: LeaseRequest): Promise<{ readonly epoch: number } | { readonly holder: LeaseHolder }>;
  /** False where the lease was lost to another. */
  renewLease(request: Pick<LeaseRequest, "project" | "pipeline" | "run" | "now" | "ttlMs">): Promise<boolean>;
  releaseLease(request: Pick<LeaseRequest, "project" | "pipeline" | "run">): Promise<void>;
  putRun(run: RunRecord): Promise<void>;
  /** Undefined where there is none. A unique prefix of at least four characters names a run too. */
  getRun(project: string, id: string): Promise<RunRecord | undefined>;
  /** Newest first. */
  listRuns(query: {
    readonly project: string;
    readonly pipeline?: string;
    readonly limit: number;
  }): Promise<readonly RunRecord[]>;
  /** The run of a pipeline with the highest epoch: the last one that began to work. */
  latestRun(project: string, pipeline: string): Promise<RunRecord | undefined>;
  putStage(stage: StageRecord): Promise<void>;
  /** In the order in which they were first put. */
  stagesOf(run: string): Promise<readonly StageRecord[]>;
}
