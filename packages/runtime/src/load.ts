import { stat } from "node:fs/promises";
import {
  type Adapter,
  type CommitResult,
  canonicalJson,
  DEFAULT_COMPRESSION,
  type Json,
  loadSettingsOf,
  type OutputSpec,
  type PlannedStage,
  type Sink,
  SluiceError,
  type StageOutput,
  type StageRequest,
  type StageWrite,
  storedSchema,
  type WriteIdentity,
  type WrittenFile,
} from "@sluice/core";
import { type Execution, executeAccepting } from "./accept.ts";
import { checkOutput, writeRemaining } from "./check-output.ts";
import { linkOrCopy, remove, sha256OfText, sizeOf } from "./durable.ts";
import { throwIfStopped } from "./error-record.ts";
import type { CheckResult } from "./events.ts";
import { type LoadPosition, loadPosition } from "./incremental/load-position.ts";
import { isSomewhere } from "./incremental/position.ts";
import { incrementalAbove } from "./incremental/slice-plan.ts";
import { parquetInput, pathOfLanded } from "./landed-output.ts";
import { passSource } from "./pass-source.ts";
import { requireComplete } from "./require-complete.ts";
import type { Resources } from "./resources.ts";
import {
  boundCondition,
  connectionOf,
  instantOf,
  isOrderKept,
  openContext,
  parameterTexts,
  type RunContext,
  scratchFolder,
} from "./run-context.ts";
import type { AttemptResult, StageWork } from "./stage-work.ts";

export type TargetWrite = Extract<StageWrite, { kind: "target" }>;
type CommittedOutput = Extract<StageOutput, { kind: "committed" }>;

/** The identity of a load's write: the same however often the run is resumed. */
export function writeIdentity(context: RunContext, stage: PlannedStage): WriteIdentity {
  const { run, generation, epoch, slice, pipeline, request } = context;
  // A replay that did not finish may be done by another run: what it has committed is the same commit there.
  const commitId = sha256OfText(canonicalJson([slice === "" ? run : "", stage.name, slice, generation]));
  return { project: request.project, pipeline, step: stage.name, slice, epoch, commitId };
}

/** Opens the target of a load. */
export async function openTarget(
  context: RunContext,
  stage: PlannedStage,
  write: TargetWrite,
  resources: Resources,
  signal: AbortSignal,
): Promise<Sink> {
  const adapter: Adapter = await context.request.adapter(write.into.type);
  if (adapter.openSink === undefined) {
    throw new SluiceError("unsupported", `"${stage.name}" cannot load: ${adapter.type} is not a target`);
  }
  const opening = await openContext(context, stage.name, resources, signal);
  const address = adapter.parseAddress(write.into);
  return resources.use(await adapter.openSink(address, connectionOf(context, address), opening));
}

/** What the target says about this very write: it was committed, though nobody got to record it. */
export async function findCommit(
  context: RunContext,
  sink: Sink,
  identity: WriteIdentity,
): Promise<CommittedOutput | undefined> {
  const stored = await sink.committed({ ...identity, parameters: parameterTexts(context.parameters) });
  if (stored === undefined) return undefined;
  const { commitId, epoch, result } = stored;
  if (commitId === identity.commitId) return { kind: "committed", commitId, result };
  if (epoch <= context.epoch) return undefined;
  throw new SluiceError(
    "conflict",
    `the target of "${identity.step}" was written by a later run (its epoch is ${epoch}, ours ${context.epoch})`,
    { reason: "epoch", hint: "start a new run" },
  );
}

/** Rows that a commit result says were written, where the target counts them. */
export function rowsOfCommit(result: Json): number | null {
  if (result === null || typeof result !== "object" || Array.isArray(result)) return null;
  const { inserted, updated, unchanged } = result as { readonly [member: string]: Json };
  const counts = [inserted, updated, unchanged].filter((count) => typeof count === "number");
  return counts.length === 0 ? null : counts.reduce((total, count) => total + count, 0);
}

/** Where a load of what is new will stand; its target says where it stands now. */
async function positionFor(
  context: RunContext,
  stage: PlannedStage,
  sink: Sink,
  identity: WriteIdentity,
): Promise<(LoadPosition & Pick<StageRequest, "follows" | "goesOn">) | undefined> {
  if (incrementalAbove(context, stage).length === 0) return undefined;
  const stored = await sink.committed({ ...identity, parameters: parameterTexts(context.parameters) });
  const found = loadPosition(context, stage, stored?.position);
  if (found === undefined) return undefined;
  return { ...found, follows: stored?.commitId ?? null, ...(isSomewhere(stored?.position) ? { goesOn: true } : {}) };
}

function tellNothing(context: RunContext, stage: PlannedStage, message: string): void {
  const { run, request } = context;
  const at = instantOf(request.clock.now());
  context.log({ event: "message", run, at, stage: stage.name, level: "info", message });
}

/** Runs a stage that ends in a target: written to a file of the target's choice, staged, checked, committed once. */
export async function loadStage(context: RunContext, work: StageWork, write: TargetWrite): Promise<AttemptResult> {
  const { stage, resources, signal } = work;
  const seen: CheckResult[] = [];
  const onCheck = (check: CheckResult): void => {
    seen.push(check);
    work.onCheck(check);
  };
  const sink = await openTarget(context, stage, write, resources, signal);
  const identity = writeIdentity(context, stage);
  const found = await findCommit(context, sink, identity);
  const incremental = found === undefined ? await positionFor(context, stage, sink, identity) : undefined;
  if (incremental?.nothing !== undefined) {
    tellNothing(context, stage, incremental.nothing);
    return { output: { kind: "none" }, rowsIn: 0, rowsOut: 0, rejected: 0 };
  }
  if (found !== undefined) {
    const rows = rowsOfCommit(found.result);
    return { output: found, rowsIn: null, rowsOut: rows, rejected: 0, commit: repeatedCommit(found.result) };
  }
  const request: StageRequest = {
    ...identity,
    schema: stage.schema,
    mode: write.mode,
    ...loadSettingsOf(write),
    key: write.key ?? [],
    ...(write.where === undefined ? {} : { where: boundCondition(context, write.where, stage.schema.columns) }),
    ...(incremental?.follows === undefined ? {} : { follows: incremental.follows }),
    ...(incremental?.goesOn === undefined ? {} : { goesOn: incremental.goesOn }),
    parameters: parameterTexts(context.parameters),
    signal,
  };
  const accepted = await sink.accepts(request);
  // Rows that nobody sorted need not be kept in their order, which costs memory and threads.
  const spec: OutputSpec = { ...accepted, ordered: accepted.ordered && isOrderKept(context, stage) };
  for (const { path } of [spec, ...(spec.instead === undefined ? [] : [spec.instead])])
    resources.defer(() => remove(path));
  const produced = await produce(context, { ...work, onCheck }, write, spec);
  if (write.missing !== undefined) requireComplete(context, stage, { rejected: produced.rejected, checks: seen });
  context.checkpoint("stage.executed");
  const staging = resources.use(await sink.stage(request));
  throwIfStopped(signal);
  await staging.add(produced.files, produced.isSource ? () => work.opened.assertUnchanged() : undefined);
  context.checkpoint("load.staged");
  const checks = stage.checks.filter((check) => check.otherwise !== "divert");
  // Of a folder that is replaced, everything was checked before a file of it was written.
  if (checks.length > 0 && !isReplacedFolder(write, spec)) {
    const schema = storedSchema(stage.schema, write);
    const input = await staging.scan(schema.columns.map((column) => column.name));
    await checkOutput(context, { stage: { ...stage, schema }, checks, input, resources, signal, onCheck });
  }
  throwIfStopped(signal);
  const commit = await staging.commit(incremental?.position);
  context.checkpoint("load.committed");
  const { rowsIn, rowsOut, rejected } = produced;
  const output: CommittedOutput = { kind: "committed", commitId: identity.commitId, result: { ...commit } };
  return { output, rowsIn, rowsOut, rejected, commit };
}

/** The result of a commit that was found, as an event shows it. */
export function repeatedCommit(result: Json): CommitResult {
  const counts = result !== null && typeof result === "object" && !Array.isArray(result) ? result : {};
  return { ...counts, repeated: true };
}

interface Produced {
  readonly files: readonly WrittenFile[];
  readonly rowsIn: number | null;
  readonly rowsOut: number;
  readonly rejected: number;
  /** Whether they are files of a source, which may change as long as they are read. */
  readonly isSource?: true;
}

async function produce(context: RunContext, work: StageWork, write: TargetWrite, spec: OutputSpec): Promise<Produced> {
  const { stage, opened } = work;
  const isFolder = isReplacedFolder(write, spec);
  const landsFirst = stage.checks.some((check) => isFolder || check.otherwise === "divert");
  if (landsFirst) return produceChecked(context, work, spec, isFolder);
  const passed = await passOn(context, stage, write, spec);
  if (passed !== undefined) return passed;
  const source = await passSource(context, work, spec);
  if (source !== undefined) {
    const { files, rows } = source;
    return { files, rowsIn: rows, rowsOut: rows, rejected: 0, isSource: true };
  }
  const execution = await executeAccepting(context, { ...work, inputs: opened.inputs, output: spec });
  return produced(execution);
}

function isReplacedFolder({ mode }: TargetWrite, { folder }: OutputSpec): boolean {
  return folder !== undefined && mode === "replace";
}

function produced({ result, rowsIn, rejected }: Execution): Produced {
  return { files: result.files, rowsIn, rowsOut: result.rowsOut, rejected };
}

/**
 * Rows can be taken out of an output only before the target has it, and many files are not looked at again: it lands, is
 * checked, and what stays is written.
 */
async function produceChecked(
  context: RunContext,
  work: StageWork,
  spec: OutputSpec,
  checksAll: boolean,
): Promise<Produced> {
  const { stage, opened, resources, signal, onCheck } = work;
  const path = `${await scratchFolder(context, resources)}/output.parquet`;
  const aside = { format: "parquet", path, ordered: spec.ordered } as const;
  const execution = await executeAccepting(context, { ...work, inputs: opened.inputs, output: aside });
  const bytes = (await sizeOf(path)) ?? 0;
  const input = parquetInput(stage.schema, { path, origin: stage.name, bytes }, stage.name);
  const checks = stage.checks.filter((check) => checksAll || check.otherwise === "divert");
  const request = { stage, checks, input, resources, signal, onCheck };
  const remaining = await checkOutput(context, request);
  const all = { kind: "scan", source: { stage: stage.name } } as const;
  const files = await writeRemaining(context, request, remaining?.relation ?? all, spec);
  const rowsOut = remaining?.rows ?? execution.result.rowsOut;
  return { ...produced(execution), files, rowsOut };
}

/** A landed file that the target takes as it is, is given by a link: nothing is computed, nothing is copied. */
async function passOn(
  context: RunContext,
  { schema }: PlannedStage,
  write: TargetWrite,
  spec: OutputSpec,
): Promise<Produced | undefined> {
  const landed = write.passes === undefined ? undefined : context.outcomes.get(write.passes)?.output;
  if (landed?.kind !== "landed" || spec.format !== "parquet") return undefined;
  if (spec.folder !== undefined || spec.table !== undefined || spec.parquet?.plain === true) return undefined;
  // Landed, intervals are text.
  if (spec.coarseIntervals === true && schema.columns.some(({ type }) => /\binterval\b/.test(type))) return undefined;
  // How a file in scratch space is compressed matters to nobody; how a published one is, its author has said.
  const isPassing = spec.path.startsWith(context.folder.scratch);
  if (!isPassing && spec.parquet !== undefined) return undefined;
  if (!isPassing && spec.compression !== undefined && spec.compression !== DEFAULT_COMPRESSION) return undefined;
  const from = pathOfLanded(context.request.stateFolder, landed);
  await linkOrCopy(from, spec.path);
  const bytes = (await stat(spec.path)).size;
  const files = [{ path: spec.path, format: spec.format, rows: landed.rows, bytes }];
  return { files, rowsIn: landed.rows, rowsOut: landed.rows, rejected: 0 };
}
