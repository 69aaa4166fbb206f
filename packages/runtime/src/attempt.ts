import type { Json, PlannedStage } from "@sluice/core";
import { throwIfStopped, toSluiceError } from "./error-record.ts";
import type { CheckResult } from "./events.ts";
import { openInputs } from "./inputs.ts";
import { isKept } from "./kept-extract.ts";
import { landStage } from "./land.ts";
import { loadStage } from "./load.ts";
import { emptyQuarantine } from "./quarantine.ts";
import { openOrRecall, type Recalled, takeKept } from "./recall-extract.ts";
import { Resources } from "./resources.ts";
import { compileStage, instantOf, type RunContext } from "./run-context.ts";
import type { AttemptResult, StageWork } from "./stage-work.ts";
import { workStage } from "./work-stage.ts";

const PROGRESS_MS = 250;

export interface Attempt {
  readonly stage: PlannedStage;
  readonly number: number;
  readonly signal: AbortSignal;
  /** Told what the sources are, before a row is read. */
  readonly onOpened: (sources: { readonly [dataset: string]: Json }) => Promise<void>;
  readonly onCheck: (check: CheckResult) => void;
  readonly onRejects: (rejected: number) => void;
}

/** One try of a stage. Whatever it opened is closed when it ends, and what it did not publish is gone. */
export async function attemptStage(context: RunContext, attempt: Attempt): Promise<AttemptResult> {
  const resources = new Resources();
  try {
    return await work(context, attempt, resources);
  } finally {
    try {
      await resources[Symbol.asyncDispose]();
    } catch (error) {
      // What was published stays published, and what failed keeps its own error.
      const message = `closing what "${attempt.stage.name}" had opened failed: ${toSluiceError(error).message}`;
      context.emit({ event: "warning", stage: attempt.stage.name, message });
    }
  }
}

async function work(context: RunContext, attempt: Attempt, resources: Resources): Promise<AttemptResult> {
  const { stage, number, signal, onCheck, onRejects } = attempt;
  await emptyQuarantine(context, stage);
  const { opened, found }: Recalled = isKept(stage)
    ? await openOrRecall(context, stage, resources, signal)
    : { opened: await openInputs(context, stage, resources, signal) };
  // A source that answers after its attempt was given up must not write into the record of the next one.
  throwIfStopped(signal);
  await attempt.onOpened(opened.identities);
  context.checkpoint("stage.started");
  if (found !== undefined) return takeKept(context, stage, found, resources);
  const onProgress = progressOf(context, stage.name);
  if (stage.inputs !== undefined) {
    return workStage(context, { stage, resources, signal, onProgress, onCheck, onRejects }, number);
  }
  const query = compileStage(context, stage);
  const { run, request } = context;
  const at = instantOf(request.clock.now());
  context.log({ event: "stage.sql", run, at, stage: stage.name, attempt: number, sql: query.sql });
  const stageWork: StageWork = { stage, query, opened, resources, signal, onProgress, onCheck, onRejects };
  if (stage.writes.kind === "target") return loadStage(context, stageWork, stage.writes);
  return landStage(context, stageWork);
}

/** Says how far a stage is, a few times a second at most. */
function progressOf(context: RunContext, stage: string): ((share: number) => void) | undefined {
  if (context.request.progress !== true) return undefined;
  let last = Number.NEGATIVE_INFINITY;
  return (share) => {
    const now = context.request.clock.now();
    if (now - last < PROGRESS_MS) return;
    last = now;
    context.emit({ event: "stage.progress", stage, share: Math.min(Math.max(share, 0), 1) });
  };
}
