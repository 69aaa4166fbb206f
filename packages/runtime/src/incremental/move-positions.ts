import { hostname } from "node:os";
import { isSluiceError, type Json, literalProblem, type PlannedStage, parseType, SluiceError } from "@sluice/core";
import { remove } from "../durable.ts";
import { thisProcessHolds } from "../lease.ts";
import { openTarget, writeIdentity } from "../load.ts";
import { Resources } from "../resources.ts";
import { instantOf, parameterTexts, type RunContext } from "../run-context.ts";
import { runFolder } from "../run-folder.ts";
import type { RunRequest } from "../run-request.ts";
import { positionIn, withPosition } from "./position.ts";
import { type IncrementalDataset, incrementalAbove } from "./slice-plan.ts";

/** Where a load stands in one of its incremental datasets, as its target says. */
export interface LoadPositionShown {
  readonly load: string;
  /** As a person would write its address. */
  readonly target: string;
  readonly dataset: string;
  readonly by: "cursor" | "files" | "key";
  /** The column of a cursor. */
  readonly cursor?: string;
  /** How far before the position reading begins: `P2D`, or a number. */
  readonly lag?: string;
  /** Null where nothing was committed, so that the next run begins at `initial`. */
  readonly position: Json;
}

/** The positions of the loads of a plan that read what is new; asked of their targets. */
export async function showPositions(request: RunRequest, load?: string): Promise<readonly LoadPositionShown[]> {
  const context = contextFor(request, 0);
  const shown: LoadPositionShown[] = [];
  for (const { stage, datasets } of incrementalLoads(context, load)) {
    const { name, stored } = await withTarget(context, stage, async (sink, asked, target) => ({
      name: target,
      stored: await sink.committed(asked),
    }));
    for (const { dataset, read } of datasets) {
      const { cursor, files, lag } = read.incremental.node;
      const by = cursor === undefined ? (files === undefined ? "key" : "files") : "cursor";
      const position = positionIn(stored?.position, dataset);
      shown.push({
        load: stage.name,
        target: name,
        dataset,
        by,
        ...(cursor === undefined ? {} : { cursor }),
        ...(lag === undefined ? {} : { lag }),
        position,
      });
    }
  }
  return shown;
}

/** What to do with positions: forget them, or go on from a value of the cursor. */
export interface PositionChange {
  readonly load?: string;
  /** Rows from this value on are new; absent: the next run begins at `initial`. */
  readonly cursor?: string;
}

/**
 * Writes other positions into the targets, under the pipeline's lease and with an epoch of its own: no run is under way, and one
 * that was taken for dead cannot write any more.
 *
 * @throws SluiceError `conflict` while a run holds the lease
 */
export async function movePositions(request: RunRequest, change: PositionChange): Promise<readonly string[]> {
  const looking = contextFor(request, 0);
  const loads = incrementalLoads(looking, change.load);
  let highest = 0;
  for (const { stage } of loads) {
    const stored = await withTarget(looking, stage, (sink, asked) => sink.committed(asked));
    highest = Math.max(highest, stored?.epoch ?? 0);
  }
  const { store, project, clock } = request;
  const run = `state-${request.newRunId()}`;
  const { pipeline } = looking;
  const answer = await store.acquireLease({
    project,
    pipeline,
    run,
    host: hostname(),
    pid: process.pid,
    now: clock.now(),
    ttlMs: 30_000,
    isAlive: (pid) => thisProcessHolds(pid, project, pipeline),
    minimumEpoch: highest + 1,
  });
  if ("holder" in answer) {
    throw new SluiceError(
      "conflict",
      `run ${answer.holder.run} of "${pipeline}" is under way: its positions are not touched`,
      {
        reason: "running",
        hint: "wait for it, or end it first",
      },
    );
  }
  try {
    const context = contextFor(request, answer.epoch);
    for (const { stage, datasets } of loads) await moveLoad(context, stage, datasets, change);
    return loads.map(({ stage }) => stage.name);
  } finally {
    await store.releaseLease({ project, pipeline, run });
  }
}

async function moveLoad(
  context: RunContext,
  stage: PlannedStage,
  datasets: readonly IncrementalDataset[],
  { cursor }: PositionChange,
): Promise<void> {
  const changes = datasets.map((incremental): [string, Json] => [
    incremental.dataset,
    cursor === undefined ? null : cursorAt(incremental, cursor, datasets.length),
  ]);
  await withTarget(context, stage, async (sink, asked, target) => {
    const stored = await sink.committed(asked);
    if (stored === undefined && cursor === undefined) return;
    if (sink.reposition === undefined) {
      throw new SluiceError("unsupported", `positions cannot be changed in ${target}`, { offending: target });
    }
    await sink.reposition(asked, withPosition(stored?.position, Object.fromEntries(changes)));
  });
}

/** All rows from the value on are new, those that have it too. */
function cursorAt({ dataset, cursor, read }: IncrementalDataset, value: string, datasets: number): Json {
  if (cursor === undefined || datasets > 1) {
    const why =
      datasets > 1
        ? "it reads several datasets incrementally"
        : `"${dataset}" is read by ${read.incremental.node.files === undefined ? "key" : "files"}`;
    throw new SluiceError("config", `the load cannot be set to a value: ${why}`, {
      offending: value,
      hint: "reset it, so that the next run takes all",
    });
  }
  const problem = literalProblem(value, parseType(cursor.type));
  if (problem !== undefined) {
    throw new SluiceError("config", `"${value}" ${problem}, and the cursor "${cursor.name}" is ${cursor.type}`, {
      offending: value,
    });
  }
  return { cursor: asPrinted(value, cursor.type), hashed: [], seen: [] };
}

/** Positions are compared as the engine prints them: a blank before the time, instants in UTC. */
function asPrinted(value: string, type: string): string {
  if (type === "timestamp") return value.replace("T", " ");
  if (type !== "timestamptz") return value;
  return new Date(value.replace(" ", "T").replace(/([+-]\d{2})$/, "$1:00"))
    .toISOString()
    .replace("T", " ")
    .replace(/(\.000)?Z$/, "+00");
}

function incrementalLoads(
  context: RunContext,
  wanted: string | undefined,
): readonly { readonly stage: PlannedStage; readonly datasets: readonly IncrementalDataset[] }[] {
  const loads = context.request.plan.stages.flatMap((stage) => {
    const datasets = stage.writes.kind === "target" ? incrementalAbove(context, stage) : [];
    return datasets.length === 0 ? [] : [{ stage, datasets }];
  });
  if (wanted === undefined) return loads;
  const found = loads.filter(({ stage }) => stage.name === wanted);
  if (found.length > 0) return found;
  throw new SluiceError("config", `"${wanted}" is no load of "${context.pipeline}" that reads what is new`, {
    offending: wanted,
    hint: loads.length === 0 ? "no load of it does" : `those are ${loads.map(({ stage }) => stage.name).join(", ")}`,
  });
}

async function withTarget<T>(
  context: RunContext,
  stage: PlannedStage,
  work: (
    sink: Awaited<ReturnType<typeof openTarget>>,
    asked: ReturnType<typeof writeIdentity> & { readonly parameters: ReadonlyMap<string, string> },
    target: string,
  ) => Promise<T>,
): Promise<T> {
  if (stage.writes.kind !== "target") throw new SluiceError("internal", `"${stage.name}" is no load`);
  const resources = new Resources();
  try {
    const sink = await openTarget(context, stage, stage.writes, resources, context.signal);
    const adapter = await context.request.adapter(stage.writes.into.type);
    const asked = { ...writeIdentity(context, stage), parameters: parameterTexts(context.parameters) };
    return await work(sink, asked, adapter.nameOf(adapter.parseAddress(stage.writes.into)));
  } finally {
    await resources[Symbol.asyncDispose]();
    await remove(context.folder.path).catch((error: unknown) => {
      if (!isSluiceError(error)) throw error;
    });
  }
}

/** As much of a run as targets are opened with. */
function contextFor(request: RunRequest, epoch: number): RunContext {
  const { plan, stateFolder, clock } = request;
  const run = `state-${process.pid}`;
  return {
    request,
    pipeline: plan.definition.name,
    run,
    generation: 0,
    epoch,
    slice: "",
    fromStage: undefined,
    parameters: request.parameters,
    constants: { now: instantOf(clock.now()), today: instantOf(clock.now()).slice(0, 10) },
    folder: runFolder(stateFolder, run),
    signal: request.signal,
    emit: (event) => ({ ...event, run, at: instantOf(clock.now()) }) as ReturnType<RunContext["emit"]>,
    log: () => undefined,
    identities: new Map(),
    records: new Map(),
    selected: new Set(plan.stages.map(({ name }) => name)),
    outcomes: new Map(),
    checkpoint: () => undefined,
    stop: () => undefined,
  };
}
