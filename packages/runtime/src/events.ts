import type { DatasetDrift, StepStatus } from "@sluice/core";

/** What happens in a run, as it happens; one JSON object per line with `run --json`. Instants are ISO text in UTC. */
export type RunEvent =
  | {
      readonly event: "run.waiting";
      readonly run: string;
      readonly at: string;
      readonly for: { readonly run: string; readonly pid: number; readonly host: string; readonly since: string };
    }
  | {
      readonly event: "run.started";
      readonly run: string;
      readonly at: string;
      readonly pipeline: string;
      readonly plan: string;
      readonly epoch: number;
      readonly resumed?: true;
    }
  | {
      readonly event: "stage.started";
      readonly run: string;
      readonly at: string;
      readonly stage: string;
      readonly attempt: number;
      readonly steps: readonly string[];
    }
  | {
      readonly event: "stage.progress";
      readonly run: string;
      readonly at: string;
      readonly stage: string;
      readonly share: number;
    }
  | {
      readonly event: "stage.retrying";
      readonly run: string;
      readonly at: string;
      readonly stage: string;
      readonly attempt: number;
      readonly waitMs: number;
      readonly error: ErrorRecord;
    }
  | {
      readonly event: "stage.rejects";
      readonly run: string;
      readonly at: string;
      readonly stage: string;
      readonly dataset: string;
      readonly rejected: number;
      readonly accepted: number;
      readonly quarantine: string;
      readonly reasons: readonly {
        readonly column: string;
        readonly rule: string;
        readonly rows: number;
        readonly example: string;
      }[];
    }
  | {
      readonly event: "stage.check";
      readonly run: string;
      readonly at: string;
      readonly stage: string;
      readonly check: CheckResult;
    }
  | {
      readonly event: "stage.finished";
      readonly run: string;
      readonly at: string;
      readonly stage: string;
      readonly attempt: number;
      readonly status: StepStatus;
      readonly reused?: true;
      readonly rowsIn: number | null;
      readonly rowsOut: number | null;
      readonly rejected: number;
      readonly durationMs: number;
      readonly commit?: {
        readonly inserted?: number;
        readonly updated?: number;
        readonly unchanged?: number;
        readonly deleted?: number;
        readonly repeated: boolean;
      };
      readonly reason?: string;
      readonly error?: ErrorRecord;
    }
  | {
      readonly event: "warning";
      readonly run: string;
      readonly at: string;
      readonly stage?: string;
      readonly message: string;
      /** Of a dataset that evolves: which columns drifted, what comes of it, and what they reach. */
      readonly drift?: DatasetDrift;
    }
  | {
      readonly event: "run.finished";
      readonly run: string;
      readonly at: string;
      readonly pipeline: string;
      readonly status: "succeeded" | "failed" | "cancelled";
      readonly durationMs: number;
      readonly steps: { readonly [step: string]: StepSummary };
      readonly error?: ErrorRecord;
    };

/** How one step of a run ended, and its counts. */
export interface StepSummary {
  readonly status: StepStatus;
  readonly stage: string;
  /** `null` inside a stage: only its edges are counted. */
  readonly rowsIn: number | null;
  readonly rowsOut: number | null;
  readonly rejected: number;
  readonly durationMs: number;
  /** Of a load that was committed. */
  readonly load?: LoadReport;
}

/** What a load did to its target, in rows; `null` is a count that the target cannot tell. */
export interface LoadReport {
  /** Rows that arrived at the load. */
  readonly read: number | null;
  readonly inserted: number | null;
  readonly updated: number | null;
  readonly deleted: number | null;
  /** Of those that arrived, the ones that changed nothing. */
  readonly unchanged: number | null;
  /** Records that were left out on the way, in the stage of the load. */
  readonly rejected: number;
}

/** What a check found in a run, as data: see `CheckOutcome` of core. */
export interface CheckResult {
  readonly step: string;
  readonly name: string;
  readonly kind: string;
  readonly status: "passed" | "failed" | "warned" | "diverted";
  /** Rows that were looked at, and of those the ones that fail. */
  readonly rows: number;
  readonly failing: number;
  readonly message: string;
  /** Some failing rows, as text cells. */
  readonly sample?: { readonly columns: readonly string[]; readonly rows: readonly (readonly (string | null)[])[] };
}

/** A `SluiceError` as data. */
export interface ErrorRecord {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly reason?: string;
  readonly offending?: string;
  readonly at?: { readonly file: string; readonly line?: number; readonly column?: number; readonly path?: string };
  /** Of reason `drift`: which columns drifted, and what each of them reaches. */
  readonly drift?: DatasetDrift;
}
