import { rmdir } from "node:fs/promises";
import type { Json, LeaseHolder, PlannedStage, RunRecord, SluiceError, StageRecord } from "@sluice/core";
import { makeFolder, remove } from "./durable.ts";
import { errorRecord, stopReason, toSluiceError } from "./error-record.ts";
import type { ErrorRecord, RunEvent } from "./events.ts";
import { acquireLease, type Lease } from "./lease.ts";
import { constantsOf, newRecord, recordedParameters, recordedPlan, recordToResume } from "./recorded-run.ts";
import { redacted } from "./redact.ts";
import { removeOldRuns } from "./retention.ts";
import { highestEpoch, reuseOutputs } from "./reuse.ts";
import { type EventDetails, instantOf, type RunContext, type StageOutcome } from "./run-context.ts";
import { runFolder } from "./run-folder.ts";
import { openRunLog, runLogPath } from "./run-log.ts";
import { tellDoubts, tellFused, tellWaiting } from "./run-notices.ts";
import type { RunRequest, RunResult } from "./run-request.ts";
import { runStages } from "./schedule.ts";
import { selectStages } from "./select-stages.ts";
import { failureOf, summarize, summarizeRecords } from "./summary.ts";
import { assertNotSuperseded } from "./superseded.ts";
import { withTimeLimit } from "./time-limit.ts";

/**
 * Runs a plan, or goes on with a run that ended early. Throws only where there is no run to speak of: an unknown step or
 * run, a run under way elsewhere, a later run or another plan than that of the one to resume, a store that cannot be written. All else is told by events, `run.finished`
 * being the last one, and by the result.
 *
 * @example
 * const { run, status } = await runPlan({ plan, datasets, engine, store, … });
 * status; // "succeeded"
 */
export async function runPlan(request: RunRequest): Promise<RunResult> {
  const resumed = request.resume === undefined ? undefined : await recordToResume(request, request.resume);
  if (resumed !== undefined && resumed.status !== "succeeded") await assertNotSuperseded(request, resumed);
  const stages = selectStages(request.plan, resumed === undefined ? request.step : recordedPlan(resumed).step);
  const record = resumed ?? newRecord(request);
  const earlier = resumed === undefined ? [] : await request.store.stagesOf(record.id);
  const records = new Map(earlier.map((stage) => [stage.stage, stage]));
  if (resumed === undefined) await request.store.putRun(record);
  const execution = openExecution(request, record, { records, stages });
  try {
    if (resumed?.status === "succeeded") return tellNothingToDo(execution, stages, records);
    return await execute(execution, record, stages, resumed !== undefined);
  } finally {
    execution.close();
  }
}

interface Execution {
  readonly context: RunContext;
  readonly started: number;
  readonly close: () => void;
}

function openExecution(
  request: RunRequest,
  record: RunRecord,
  { records, stages }: { readonly records: ReadonlyMap<string, StageRecord>; readonly stages: readonly PlannedStage[] },
): Execution {
  const run = record.id;
  const { stateFolder, clock, redact } = request;
  const pipeline = record.pipeline;
  const stopping = new AbortController();
  const at = (): string => instantOf(clock.now());
  const log = openRunLog(runLogPath({ stateFolder, pipeline, run }), (message) =>
    request.onEvent({ event: "warning", run, at: at(), message }),
  );
  let isOver = false;
  const emit = (details: EventDetails): RunEvent => {
    const { event, ...rest } = details;
    const whole = redacted({ event, run, at: at(), ...rest } as RunEvent, redact);
    // Work that was given up may still end, with nobody left to be told: `run.finished` is the last word.
    if (isOver) return whole;
    isOver = event === "run.finished";
    log.write(whole);
    request.onEvent(whole);
    return whole;
  };
  const context: RunContext = {
    request,
    pipeline,
    run,
    generation: record.generation,
    epoch: 0,
    fromStage: recordedPlan(record).fromStage,
    slice: request.replay?.slice ?? "",
    parameters: recordedParameters(record),
    constants: constantsOf(record, request.plan),
    folder: runFolder(stateFolder, run),
    signal: AbortSignal.any([request.signal, stopping.signal]),
    emit,
    log: (line) => log.write(redacted(line, redact)),
    identities: identitiesOf(request, records),
    records,
    selected: new Set(stages.map(({ name }) => name)),
    outcomes: new Map(),
    checkpoint: (name) => request.checkpoint?.(name),
    stop: (error) => stopping.abort(error),
  };
  return { context, started: clock.now(), close: () => log.close() };
}

/** What the sources were when the run first read them; nothing where they may be read as they are now. */
function identitiesOf(request: RunRequest, records: ReadonlyMap<string, StageRecord>): RunContext["identities"] {
  const identities: RunContext["identities"] = new Map();
  if (request.reread === "allow") return identities;
  for (const { sources } of records.values()) {
    if (sources === null || typeof sources !== "object" || Array.isArray(sources)) continue;
    for (const [dataset, identity] of Object.entries(sources)) identities.set(dataset, identity);
  }
  return identities;
}

async function execute(
  execution: Execution,
  record: RunRecord,
  stages: readonly PlannedStage[],
  isResumed: boolean,
): Promise<RunResult> {
  const { context } = execution;
  const { request } = context;
  let current = record;
  let lease: Lease | undefined;
  let failure: SluiceError | undefined;
  try {
    const acquired = await acquireAbove(context, stages, (held) => {
      lease = held;
      followLease(context, held);
    });
    // Again, now that no other run can come in between.
    if (isResumed) await assertNotSuperseded(request, record);
    const held: RunContext = { ...context, epoch: acquired.epoch };
    current = await recordStart(held, record);
    context.checkpoint("run.recorded");
    const { epoch } = held;
    const { pipeline } = context;
    const plan = request.plan.hash;
    context.emit({ event: "run.started", pipeline, plan, epoch, ...(isResumed ? { resumed: true } : {}) });
    tellFused(context, stages);
    if (!isResumed) tellDoubts(context, stages);
    if (isResumed) await unlessGivenUp(held, () => reuseOutputs(held, stages));
    await runStages(held, stages);
  } catch (thrown) {
    failure = context.signal.aborted ? stopReason(context.signal) : toSluiceError(thrown);
  }
  // Another process has this very run, or another run came after it: its record stays as it is.
  if (failure?.reason === "running" || failure?.reason === "superseded") {
    await lease?.release();
    throw failure;
  }
  return finish(execution, { record: current, stages, lease, failure });
}

/**
 * Takes the lease, with an epoch above what the targets have seen: a lost or restored state database must not lock a
 * project out. They are asked under the lease, when no other run of the pipeline has them. Runs on their own, of which nobody is resumed,
 * share an epoch: several may write to one target at once, and none overtakes another.
 */
async function acquireAbove(
  context: RunContext,
  stages: readonly PlannedStage[],
  onHeld: (lease: Lease) => void,
): Promise<Lease> {
  const { request, pipeline, run, folder } = context;
  const onWaiting = (holder: LeaseHolder): void => tellWaiting(context, holder);
  const lease = await acquireLease({ request, pipeline, run, minimumEpoch: 1, onWaiting });
  onHeld(lease);
  await makeFolder(folder.path);
  await remove(folder.scratch);
  const highest = await unlessGivenUp(context, () => highestEpoch(context, stages));
  const least = request.isOnItsOwn === true ? highest : highest + 1;
  if (lease.epoch >= least) return lease;
  await lease.release();
  const raised = await acquireLease({ request, pipeline, run, minimumEpoch: least, onWaiting });
  onHeld(raised);
  return raised;
}

/** Targets are asked outside of any stage too: one that does not answer must not hold up a run that is told to stop. */
function unlessGivenUp<T>(context: RunContext, work: () => Promise<T>): Promise<T> {
  const { request, pipeline, signal } = context;
  return withTimeLimit(request, { name: pipeline, timeoutMs: undefined, signal }, work);
}

/** A lost lease stops the run: whoever has it now may write what this run would write. */
function followLease(context: RunContext, lease: Lease): void {
  lease.lost.addEventListener("abort", () => context.stop(stopReason(lease.lost)), { once: true });
}

async function recordStart(context: RunContext, record: RunRecord): Promise<RunRecord> {
  const { error: _error, finishedAt: _finishedAt, ...rest } = record;
  const now = instantOf(context.request.clock.now());
  const { startedAt = now } = record;
  const started: RunRecord = { ...rest, status: "running", startedAt, epoch: context.epoch };
  await context.request.store.putRun(started);
  return started;
}

interface Finishing {
  readonly record: RunRecord;
  readonly stages: readonly PlannedStage[];
  readonly lease: Lease | undefined;
  readonly failure: SluiceError | undefined;
}

/** Whatever happened: the run is recorded, the lease released, and `run.finished` said, last. */
async function finish(execution: Execution, finishing: Finishing): Promise<RunResult> {
  const { context, started } = execution;
  const { record, stages, lease } = finishing;
  const { clock, store } = context.request;
  const { status, error, isChecksOnly } = verdictOf(context, finishing);
  const recorded = error === undefined ? undefined : redacted(error, context.request.redact);
  // Each of these is done, also where the one before it fails; what fails here cannot undo what was committed.
  await attempt(context, "recording the run", async () => {
    const finishedAt = instantOf(clock.now());
    await store.putRun({
      ...record,
      status,
      finishedAt,
      ...(recorded === undefined ? {} : { error: { ...recorded } as unknown as Json }),
    });
  });
  if (lease !== undefined) {
    await attempt(context, "removing the files of old runs", () => tidy(context));
    await attempt(context, "releasing the lease", () => lease.release());
  }
  const finished = {
    event: "run.finished",
    pipeline: context.pipeline,
    status,
    durationMs: clock.now() - started,
    steps: summarize(stages, context.outcomes),
    ...(recorded === undefined ? {} : { error: recorded }),
  } as const;
  return tellFinished(context, finished, isChecksOnly);
}

function verdictOf(
  context: RunContext,
  { stages, failure }: Finishing,
): { readonly status: RunResult["status"]; readonly error?: ErrorRecord; readonly isChecksOnly: boolean } {
  const outcomes: ReadonlyMap<string, StageOutcome> = context.outcomes;
  const isDone = stages.every(({ name }) => {
    const status = outcomes.get(name)?.status;
    return status === "succeeded" || status === "skipped";
  });
  const failed = failureOf(stages, outcomes);
  if (failure === undefined && failed === undefined && isDone) return { status: "succeeded", isChecksOnly: false };
  const stopped = failure ?? (context.signal.aborted ? stopReason(context.signal) : undefined);
  if (stopped?.code === "cancelled") return { status: "cancelled", error: errorRecord(stopped), isChecksOnly: false };
  if (stopped !== undefined) return { status: "failed", error: errorRecord(stopped), isChecksOnly: false };
  return { status: "failed", ...failed, isChecksOnly: failed?.isChecksOnly ?? false };
}

async function tidy(context: RunContext): Promise<void> {
  await removeOldRuns(context);
  try {
    await rmdir(context.folder.path);
  } catch (error) {
    // Landed files and quarantines are there to stay.
    if (!(error instanceof Error && "code" in error && (error.code === "ENOTEMPTY" || error.code === "EEXIST")))
      throw error;
  }
}

async function attempt(context: RunContext, what: string, action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    context.emit({ event: "warning", message: `${what} failed: ${toSluiceError(error).message}` });
  }
}

function tellNothingToDo(
  { context, started }: Execution,
  stages: readonly PlannedStage[],
  records: ReadonlyMap<string, StageRecord>,
): RunResult {
  context.emit({ event: "warning", message: `run ${context.run} has succeeded already: there is nothing to resume` });
  const durationMs = context.request.clock.now() - started;
  const steps = summarizeRecords(stages, records);
  const { pipeline } = context;
  return tellFinished(context, { event: "run.finished", pipeline, status: "succeeded", durationMs, steps }, false);
}

function tellFinished(
  context: RunContext,
  details: Omit<RunResult["finished"], "run" | "at">,
  checksFailed: boolean,
): RunResult {
  const finished = context.emit(details) as RunResult["finished"];
  return { run: context.run, status: details.status, checksFailed, finished };
}
