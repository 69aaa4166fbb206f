import type { Json, PlannedStage, SluiceError, StageOutput, StageRecord, StepStatus } from "@sluice/core";
import { attemptStage } from "./attempt.ts";
import { holds } from "./condition.ts";
import { withReach } from "./drift-reach.ts";
import { errorOfAttempt, errorRecord } from "./error-record.ts";
import type { CheckResult } from "./events.ts";
import { sleep } from "./lease.ts";
import { redacted } from "./redact.ts";
import { isRetryable, retryWaitMs } from "./retry.ts";
import { instantOf, type RunContext, type StageOutcome } from "./run-context.ts";
import type { AttemptResult } from "./stage-work.ts";
import { withTimeLimit } from "./time-limit.ts";

const NOTHING: StageOutput = { kind: "none" };

/** Runs a stage to its end: its condition, its attempts, its record. Throws only where the store fails. */
export async function runStage(context: RunContext, stage: PlannedStage): Promise<StageOutcome> {
  const firstAttempt = (context.records.get(stage.name)?.attempt ?? 0) + 1;
  const started = context.request.clock.now();
  let isWanted = true;
  if (stage.when !== undefined) {
    try {
      isWanted = await holds(context, stage.when);
    } catch (thrown) {
      const error = errorOfAttempt(thrown, context.signal);
      return end(context, { stage, attempt: firstAttempt, started, ...failed(error) });
    }
  }
  if (!isWanted)
    return end(context, { stage, attempt: firstAttempt, started, ...skipped("its condition does not hold") });
  const lastAttempt = firstAttempt + (stage.retry?.attempts ?? 1) - 1;
  for (let attempt = firstAttempt; ; attempt++) {
    const one = await attemptOnce(context, stage, attempt, started);
    if ("result" in one) return endWell(context, stage, attempt, started, one);
    const { error } = one;
    const mayRetry = attempt < lastAttempt && isRetryable(error) && !context.signal.aborted;
    if (stage.retry === undefined || !mayRetry)
      return end(context, { stage, attempt, started, ...one, ...failed(error) });
    const waitMs = retryWaitMs(stage.retry, attempt - firstAttempt + 1, error, context.request.random);
    context.emit({ event: "stage.retrying", stage: stage.name, attempt, waitMs, error: errorRecord(error) });
    await sleep(context.request, waitMs, context.signal);
    if (context.signal.aborted) {
      const stopped = errorOfAttempt(error, context.signal);
      return end(context, { stage, attempt, started, ...one, ...failed(stopped) });
    }
  }
}

/** Ends a stage that nobody starts, because of others or because the run was stopped. */
export function leaveOut(
  context: RunContext,
  stage: PlannedStage,
  status: "skipped" | "cancelled",
  reason: string,
): Promise<StageOutcome> {
  const started = context.request.clock.now();
  const attempt = context.records.get(stage.name)?.attempt ?? 0;
  return end(context, { stage, attempt, started, status, reason });
}

interface Tried {
  readonly sources: { readonly [dataset: string]: Json };
  readonly checks: readonly CheckResult[];
  readonly rejected: number;
}

async function attemptOnce(
  context: RunContext,
  stage: PlannedStage,
  attempt: number,
  started: number,
): Promise<Tried & ({ readonly result: AttemptResult } | { readonly error: SluiceError })> {
  const { request, signal } = context;
  const checks: CheckResult[] = [];
  let sources: { readonly [dataset: string]: Json } = {};
  let rejected = 0;
  context.emit({ event: "stage.started", stage: stage.name, attempt, steps: stage.steps });
  const limit = { name: stage.name, timeoutMs: stage.timeoutMs, signal };
  let inner: AbortSignal = signal;
  try {
    const result = await withTimeLimit(request, limit, (limited) => {
      inner = limited;
      return attemptStage(context, {
        stage,
        number: attempt,
        signal: limited,
        onCheck: (check) => checks.push(check),
        onRejects: (count) => {
          rejected = count;
        },
        async onOpened(identities) {
          sources = identities;
          await request.store.putStage(recordOf(context, { stage, attempt, started, sources }, "running"));
        },
      });
    });
    return { result, sources, checks, rejected };
  } catch (thrown) {
    return { error: await withReach(context, errorOfAttempt(thrown, inner)), sources, checks, rejected };
  }
}

async function endWell(
  context: RunContext,
  stage: PlannedStage,
  attempt: number,
  started: number,
  one: Tried & { readonly result: AttemptResult },
): Promise<StageOutcome> {
  const { result, ...tried } = one;
  const outcome = await end(context, { stage, attempt, started, ...tried, ...result, status: "succeeded" });
  context.checkpoint("stage.recorded");
  return outcome;
}

interface Ending extends Partial<Tried>, Partial<AttemptResult> {
  readonly stage: PlannedStage;
  readonly attempt: number;
  readonly started: number;
  readonly status: StepStatus;
  readonly reason?: string;
  readonly error?: SluiceError;
}

/** Records how a stage ended, then says so. */
async function end(context: RunContext, ending: Ending): Promise<StageOutcome> {
  const { stage, status, attempt, started, commit, reason, error } = ending;
  await context.request.store.putStage(recordOf(context, ending, status));
  const durationMs = context.request.clock.now() - started;
  const { rowsIn = null, rowsOut = null, rejected = 0, output = NOTHING, checks = [] } = ending;
  const outcome: StageOutcome = {
    stage,
    status,
    output,
    rowsIn,
    rowsOut,
    rejected,
    durationMs,
    checks,
    ...(error === undefined ? {} : { error: errorRecord(error) }),
    ...(reason === undefined ? {} : { reason }),
  };
  context.emit({
    event: "stage.finished",
    stage: stage.name,
    attempt,
    status,
    rowsIn,
    rowsOut,
    rejected,
    durationMs,
    ...(commit === undefined ? {} : { commit }),
    ...(reason === undefined ? {} : { reason }),
    ...(error === undefined ? {} : { error: errorRecord(error) }),
  });
  return outcome;
}

function recordOf(context: RunContext, ending: Omit<Ending, "status">, status: StageRecord["status"]): StageRecord {
  const { stage, attempt, started, error } = ending;
  const before = context.records.get(stage.name)?.sources;
  return {
    run: context.run,
    stage: stage.name,
    attempt,
    status,
    startedAt: instantOf(started),
    ...(status === "running" ? {} : { finishedAt: instantOf(context.request.clock.now()) }),
    output: ending.output ?? NOTHING,
    rowsIn: ending.rowsIn ?? null,
    rowsOut: ending.rowsOut ?? null,
    rejected: ending.rejected ?? 0,
    sources: { ...(isObject(before) ? before : {}), ...ending.sources },
    checks: (ending.checks ?? []) as unknown as Json,
    ...(error === undefined
      ? {}
      : { error: { ...redacted(errorRecord(error), context.request.redact) } as unknown as Json }),
  };
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return value !== undefined && value !== null && typeof value === "object" && !Array.isArray(value);
}

function failed(error: SluiceError): Pick<Ending, "status" | "error"> {
  const isStopped = error.code === "cancelled" || error.reason === "lease-lost";
  return { status: isStopped ? "cancelled" : "failed", error };
}

function skipped(reason: string): Pick<Ending, "status" | "reason"> {
  return { status: "skipped", reason };
}
