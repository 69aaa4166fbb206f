import type { Json, PlannedStage, StageOutput, StageRecord } from "@sluice/core";
import { throwIfStopped, toSluiceError } from "./error-record.ts";
import type { CheckResult } from "./events.ts";
import { incrementalRead } from "./incremental/slice-plan.ts";
import { isStillThere } from "./landed-output.ts";
import { findCommit, openTarget, repeatedCommit, rowsOfCommit, writeIdentity } from "./load.ts";
import { keptRejects } from "./quarantine.ts";
import { Resources } from "./resources.ts";
import { instantOf, parameterTexts, type RunContext } from "./run-context.ts";

/**
 * Takes over what earlier executions of a resumed run have made and what is still there: loads that were committed,
 * recorded or not, and landed outputs, byte for byte. A landed output that is gone is needed again only by a stage that
 * has yet to run.
 */
export async function reuseOutputs(context: RunContext, stages: readonly PlannedStage[]): Promise<void> {
  const found = new Map<string, Found>();
  for (const stage of stages.toReversed()) {
    throwIfStopped(context.signal);
    const record = context.records.get(stage.name);
    found.set(stage.name, record === undefined ? undefined : await outputOf(context, stage, record));
  }
  const reused = reusable(context, stages, found);
  for (const stage of stages) {
    const record = reused.get(stage.name);
    if (record !== undefined) takeOver(context, stage, record);
  }
}

type Found = StageRecord | "gone" | undefined;

/**
 * What is new is not the same when it is asked for again: where it has to be, everything that was made of it before is made
 * again, but for what was committed.
 */
function reusable(
  context: RunContext,
  stages: readonly PlannedStage[],
  found: ReadonlyMap<string, Found>,
): ReadonlyMap<string, StageRecord> {
  const stale = new Set<string>();
  for (;;) {
    const reused = new Map<string, StageRecord>();
    const missing = new Set<string>();
    for (const stage of stages.toReversed()) {
      const output = stale.has(stage.name) ? undefined : found.get(stage.name);
      const record = context.records.get(stage.name);
      const isNeeded = stages.some((other) => missing.has(other.name) && readsStage(other, stage.name));
      if (output === undefined || (output === "gone" && isNeeded)) missing.add(stage.name);
      else if (record !== undefined) reused.set(stage.name, output === "gone" ? record : output);
    }
    const before = stale.size;
    for (const stage of stages) {
      const isNew = incrementalRead(context, stage) !== undefined && missing.has(stage.name);
      const isMadeOf = stage.reads.some((read) => "stage" in read && stale.has(read.stage));
      if (isNew || (isMadeOf && stage.writes.kind === "landed")) stale.add(stage.name);
    }
    if (stale.size === before) return reused;
  }
}

function readsStage(stage: PlannedStage, name: string): boolean {
  return stage.reads.some((read) => "stage" in read && read.stage === name);
}

/** The record of a stage whose output can be used, `gone` where only the landed file is missing, undefined where it must run. */
async function outputOf(
  context: RunContext,
  stage: PlannedStage,
  record: StageRecord,
): Promise<StageRecord | "gone" | undefined> {
  const { output } = record;
  if (record.status === "succeeded" && output.kind === "committed") {
    // The target has the last word: what was committed may have been removed, or restored from an older copy.
    return (await committedOutput(context, stage)) === undefined ? undefined : record;
  }
  if (record.status === "succeeded" && output.kind === "landed") {
    return (await isStillThere(context.request.stateFolder, output, context.signal)) ? record : "gone";
  }
  // What an action did cannot be looked at: its record has the word.
  if (record.status === "succeeded" && stage.writes.kind === "none") return record;
  return stage.writes.kind === "target" ? recordUnrecordedCommit(context, stage, record) : undefined;
}

/** The process ended between a commit and its record: the target knows. */
async function recordUnrecordedCommit(
  context: RunContext,
  stage: PlannedStage,
  record: StageRecord,
): Promise<StageRecord | undefined> {
  const output = await committedOutput(context, stage);
  if (output === undefined) return undefined;
  const { error: _error, ...rest } = record;
  const finished: StageRecord = {
    ...rest,
    status: "succeeded",
    finishedAt: instantOf(context.request.clock.now()),
    output,
    rowsOut: rowsOfCommit(output.result),
    rejected: await keptRejects(context, stage),
  };
  await context.request.store.putStage(finished);
  return finished;
}

async function committedOutput(
  context: RunContext,
  stage: PlannedStage,
): Promise<Extract<StageOutput, { kind: "committed" }> | undefined> {
  if (stage.writes.kind !== "target") return undefined;
  const resources = new Resources();
  try {
    const sink = await openTarget(context, stage, stage.writes, resources, context.signal);
    return await findCommit(context, sink, writeIdentity(context, stage));
  } catch (error) {
    throwIfStopped(context.signal);
    sayUnanswered(context, stage, error);
    return undefined;
  } finally {
    await resources[Symbol.asyncDispose]();
  }
}

/** The highest epoch that the targets of these stages have seen: a lost state database must not lock a project out. */
export async function highestEpoch(context: RunContext, stages: readonly PlannedStage[]): Promise<number> {
  let highest = 0;
  for (const stage of stages) {
    if (stage.writes.kind !== "target") continue;
    throwIfStopped(context.signal);
    const resources = new Resources();
    try {
      const sink = await openTarget(context, stage, stage.writes, resources, context.signal);
      const asked = { ...writeIdentity(context, stage), parameters: parameterTexts(context.parameters) };
      highest = Math.max(highest, (await sink.committed(asked))?.epoch ?? 0);
    } catch (error) {
      throwIfStopped(context.signal);
      sayUnanswered(context, stage, error);
    } finally {
      await resources[Symbol.asyncDispose]();
    }
  }
  return highest;
}

/** A target that does not answer now may when its load comes, which asks it again and fails with its error. */
function sayUnanswered(context: RunContext, stage: PlannedStage, error: unknown): void {
  const message = `the target of "${stage.name}" does not say what was committed: ${toSluiceError(error).message}`;
  const { run, request } = context;
  const at = instantOf(request.clock.now());
  context.log({ event: "message", run, at, stage: stage.name, level: "debug", message });
}

function takeOver(context: RunContext, stage: PlannedStage, record: StageRecord): void {
  const { output, rowsIn, rowsOut, rejected, attempt } = record;
  const checks = record.checks as unknown as readonly CheckResult[];
  const finished = record.finishedAt === undefined ? undefined : Date.parse(record.finishedAt);
  const durationMs = finished === undefined ? 0 : finished - Date.parse(record.startedAt);
  const status = "succeeded";
  context.outcomes.set(stage.name, { stage, status, output, rowsIn, rowsOut, rejected, durationMs, checks });
  context.emit({
    event: "stage.finished",
    stage: stage.name,
    attempt,
    status,
    reused: true,
    rowsIn,
    rowsOut,
    rejected,
    durationMs,
    ...(output.kind === "committed" ? { commit: repeatedCommit(output.result as Json) } : {}),
  });
}
