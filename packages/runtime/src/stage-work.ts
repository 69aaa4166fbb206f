import type { CommitResult, CompiledQuery, PlannedStage, StageOutput } from "@sluice/core";
import type { CheckResult } from "./events.ts";
import type { StageInputs } from "./inputs.ts";
import type { Resources } from "./resources.ts";

/** One attempt of a stage, under way. */
export interface StageWork {
  readonly stage: PlannedStage;
  readonly query: CompiledQuery;
  readonly opened: StageInputs;
  readonly resources: Resources;
  readonly signal: AbortSignal;
  readonly onProgress: ((share: number) => void) | undefined;
  /** Told of every verdict, also where the attempt fails for it. */
  readonly onCheck: (check: CheckResult) => void;
  /** Told how many records of its texts were rejected, also where they are too many. */
  readonly onRejects: (rejected: number) => void;
}

/** What an attempt that succeeded has made: published, not recorded yet. */
export interface AttemptResult {
  readonly output: StageOutput;
  readonly rowsIn: number | null;
  readonly rowsOut: number | null;
  readonly rejected: number;
  readonly commit?: CommitResult;
}
