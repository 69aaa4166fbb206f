import type { Json, PlannedStage } from "@sluice/core";
import { throwIfStopped, toSluiceError } from "./error-record.ts";
import type { CheckResult } from "./events.ts";
import { bindSlices } from "./incremental/bind-slice.ts";
import { finishSlice } from "./incremental/finish-slice.ts";
import { incrementalRead } from "./incremental/slice-plan.ts";
import { recordJson } from "./incremental/slice-record.ts";
import { type StartedSlice, startSlice } from "./incremental/start-slice.ts";
import { openInputs } from "./inputs.ts";
import { isKept } from "./kept-extract.ts";
import { landStage } from "./land.ts";
import { parquetInput, pathOfLanded } from "./landed-output.ts";
import { loadStage } from "./load.ts";
import { emptyQuarantine } from "./quarantine.ts";
import { openOrRecall, type Recalled, takeKept } from "./recall-extract.ts";
import { Resources } from "./resources.ts";
import { compileStage, instantOf, type RunContext, scratchFolder } from "./run-context.ts";
import type { AttemptResult, StageWork } from "./stage-work.ts";
import { workStage } from "./work-stage.ts";

const PROGRESS_MS = 250;

const NO_INPUTS = { inputs: new Map(), schemas: new Map() };

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
  // An incremental stage may find nothing new, and a task works by itself.
  if (stage.inputs === undefined && incrementalRead(context, stage) === undefined) context.request.engine.warmUp?.();
  await emptyQuarantine(context, stage);
  const slice = await startSlice(context, stage, signal);
  const { opened, found }: Recalled = isKept(stage)
    ? await openOrRecall(context, stage, resources, signal)
    : { opened: await openInputs(context, stage, resources, signal, slice) };
  // A source that answers after its attempt was given up must not write into the record of the next one.
  throwIfStopped(signal);
  await attempt.onOpened(opened.identities);
  context.checkpoint("stage.started");
  if (found !== undefined) return takeKept(context, stage, found, resources);
  const onProgress = progressOf(context, stage.name);
  if (stage.inputs !== undefined) {
    return workStage(context, { stage, resources, signal, onProgress, onCheck, onRejects }, number);
  }
  const bound =
    slice === undefined ? await bindSlices(context, stage, signal) : { ...NO_INPUTS, relation: slice.relation };
  const query = compileStage(context, stage, bound);
  const { run, request } = context;
  const at = instantOf(request.clock.now());
  context.log({ event: "stage.sql", run, at, stage: stage.name, attempt: number, sql: query.sql });
  const inputs = new Map([...opened.inputs, ...bound.inputs]);
  const stageWork: StageWork = {
    stage,
    query,
    opened: { ...opened, inputs },
    resources,
    signal,
    onProgress,
    onCheck,
    onRejects,
  };
  if (stage.writes.kind === "target") return loadStage(context, stageWork, stage.writes);
  const landed = await landStage(context, stageWork);
  return slice === undefined ? landed : withSlice(context, stageWork, slice, landed);
}

/** What was landed of what is new is recorded with where it leads: all loads behind it go by that. */
async function withSlice(
  context: RunContext,
  { stage, opened, resources, signal }: StageWork,
  slice: StartedSlice,
  result: AttemptResult,
): Promise<AttemptResult> {
  const { output } = result;
  if (output.kind !== "landed") return result;
  const file = { path: pathOfLanded(context.request.stateFolder, output), origin: stage.name, bytes: output.bytes };
  const landed = { name: stage.name, schema: stage.schema, input: parquetInput(stage.schema, file, output.sha256) };
  const scratch = await scratchFolder(context, resources);
  const identity = opened.identities[stage.name] ?? null;
  const record = await finishSlice(context, slice, landed, { identity, scratch }, signal);
  return { ...result, output: { ...output, slice: recordJson(record) } };
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
