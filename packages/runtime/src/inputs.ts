import {
  type Adapter,
  canonicalJson,
  type DatasetRead,
  type EngineInput,
  type FrozenDataset,
  type InputFile,
  isSluiceError,
  type Json,
  type PlannedStage,
  type ReadRequest,
  type ScannableInput,
  SluiceError,
  type Source,
} from "@sluice/core";
import { throwIfStopped } from "./error-record.ts";
import type { StartedSlice } from "./incremental/start-slice.ts";
import { landedInput } from "./landed-output.ts";
import type { Resources } from "./resources.ts";
import {
  boundCondition,
  connectionOf,
  datasetOf,
  openContext,
  parameterTexts,
  type RunContext,
} from "./run-context.ts";

/** The inputs of an attempt, by the names in its query, and what the sources among them are. */
export interface StageInputs {
  readonly inputs: ReadonlyMap<string, EngineInput>;
  readonly identities: { readonly [dataset: string]: Json };
  /** Throws a `conflict` where a source is no longer what was scanned: what was read of it may be torn. */
  readonly assertUnchanged: () => Promise<void>;
}

interface OpenedDataset {
  readonly input: ScannableInput;
  /** As a person would write its address. */
  readonly shown: string;
  readonly isUnchanged: () => Promise<boolean>;
}

/** Opens everything that a stage reads. A source that is not what this run read before is a `conflict`. */
export async function openInputs(
  context: RunContext,
  stage: PlannedStage,
  resources: Resources,
  signal: AbortSignal,
  slice?: StartedSlice,
): Promise<StageInputs> {
  const inputs = new Map<string, EngineInput>();
  const identities: [string, Json][] = [];
  const datasets = new Map<string, OpenedDataset>();
  for (const read of stage.reads) {
    throwIfStopped(signal);
    if ("stage" in read) {
      const input = landedInput(context, read.stage);
      inputs.set(read.stage, { input, columns: input.columns.map((column) => column.name) });
      continue;
    }
    const opened = await openDataset(context, { stage, read, slice }, resources, signal);
    datasets.set(read.dataset, opened);
    const { input } = opened;
    // A source of which what is new is read may grow between two attempts.
    if (read.incremental === undefined || read.incremental.isWhole)
      assertSameSource(context, read.dataset, input.identity);
    identities.push([read.dataset, input.identity]);
    inputs.set(read.dataset, { input, columns: read.columns });
  }
  const assertUnchanged = (): Promise<void> => assertAllUnchanged(datasets);
  return { inputs, identities: Object.fromEntries(identities), assertUnchanged };
}

async function assertAllUnchanged(datasets: ReadonlyMap<string, OpenedDataset>): Promise<void> {
  for (const [name, { shown, isUnchanged }] of datasets) {
    if (await isUnchanged()) continue;
    throw new SluiceError("conflict", `the source of dataset "${name}" (${shown}) changed while it was read`, {
      reason: "source-changed",
      offending: shown,
      hint: "let the writer finish, then run again",
    });
  }
}

async function openDataset(
  context: RunContext,
  {
    stage,
    read,
    slice,
  }: { readonly stage: PlannedStage; readonly read: DatasetRead; readonly slice: StartedSlice | undefined },
  resources: Resources,
  signal: AbortSignal,
): Promise<OpenedDataset> {
  const { dataset: name, columns } = read;
  const dataset = datasetOf(context, name);
  const adapter = await context.request.adapter(dataset.source.type);
  if (adapter.openSource === undefined) {
    throw new SluiceError("unsupported", `dataset "${name}" cannot be read: ${adapter.type} is not a source`);
  }
  const opening = await openContext(context, stage.name, resources, signal);
  const address = adapter.parseAddress(dataset.source);
  const source = resources.use(await adapter.openSource(address, connectionOf(context, address), opening));
  const pushed = pushedInto(context, adapter, dataset, read, slice);
  const request: ReadRequest = {
    dataset,
    columns,
    ...pushed,
    parameters: parameterTexts(context.parameters),
    signal,
    warn: (message) => context.emit({ event: "warning", stage: stage.name, message }),
  };
  const shown = adapter.nameOf(address);
  const unchanged = async (): Promise<boolean> => true;
  try {
    if (source.scan !== undefined) {
      const input = await source.scan(request);
      const isUnchanged = async (): Promise<boolean> => (await source.isUnchanged?.(input)) ?? true;
      return { input: identified(input, pushed), shown, isUnchanged };
    }
    if (source.read !== undefined) {
      const input = identified(await collect(source, request), pushed);
      return { input, shown, isUnchanged: unchanged };
    }
  } catch (thrown) {
    if (isAbsentYet(thrown, dataset)) return { input: noRows(dataset), shown, isUnchanged: unchanged };
    throw toldOfTable(thrown, dataset, shown);
  }
  throw new SluiceError("internal", `the source of dataset "${name}" can neither be scanned nor read`);
}

/** Before its first load a table has no rows for the pipeline that writes it. */
function isAbsentYet(thrown: unknown, { writer }: FrozenDataset): boolean {
  return writer?.isOwn === true && isSluiceError(thrown) && thrown.code === "missing";
}

function noRows({ columns, validate }: FrozenDataset): ScannableInput {
  return { format: "parquet", groups: [], columns, validate, identity: null };
}

/** What is wrong with a table is mended by who writes it, and not by a new look at it. */
function toldOfTable(thrown: unknown, { writer }: FrozenDataset, shown: string): unknown {
  if (writer === undefined || !isSluiceError(thrown)) return thrown;
  const { code, message, reason, offending } = thrown;
  const isMissing = code === "missing";
  if (!isMissing && reason !== "drift") return thrown;
  const { pipeline, step } = writer;
  const says = isMissing
    ? `${shown}, which "${step}" of the pipeline "${pipeline}" writes, does not exist yet`
    : `${message}: "${step}" of the pipeline "${pipeline}" declares what it is read as`;
  return new SluiceError(code, says, {
    ...(reason === undefined ? {} : { reason }),
    ...(offending === undefined ? {} : { offending }),
    hint: `run it first: sluice run ${pipeline}`,
    cause: thrown,
  });
}

type Pushed = Pick<ReadRequest, "filter" | "limit" | "files">;

function pushedInto(
  context: RunContext,
  adapter: Adapter,
  { dialect, columns }: FrozenDataset,
  { filter, limit }: DatasetRead,
  slice: StartedSlice | undefined,
): Pushed {
  // A position is known to the run only, so the planner could not say whether the source takes a filter.
  const isTaken = adapter.source?.pushesFilters === true && dialect === undefined;
  const condition = filter ?? (isTaken ? slice?.filter : undefined);
  return {
    ...(condition === undefined ? {} : { filter: boundCondition(context, condition, columns) }),
    ...(limit === undefined ? {} : { limit }),
    ...(slice?.files === undefined ? {} : { files: slice.files }),
  };
}

/** What a source gave for one filter is not what it would give for another. */
function identified(input: ScannableInput, pushed: Pushed): ScannableInput {
  if (pushed.filter === undefined && pushed.limit === undefined) return input;
  const { filter, limit } = pushed;
  const asked = { ...(filter === undefined ? {} : { filter }), ...(limit === undefined ? {} : { limit }) };
  return { ...input, identity: { source: input.identity, ...asked } as unknown as Json };
}

/** Pulls all batches of a source into one input; their files stay in its scratch folder until it is closed. */
export async function collect(source: Source, request: ReadRequest): Promise<ScannableInput> {
  const { dataset } = request;
  const groups: { order: readonly string[]; files: InputFile[] }[] = [];
  let format: ScannableInput["format"] | undefined;
  let dialect: ScannableInput["dialect"];
  let printed: ScannableInput["printed"];
  let position: Json = null;
  for await (const { batch, position: reached } of source.read?.(request) ?? []) {
    throwIfStopped(request.signal);
    if (format !== undefined && format !== batch.format) {
      throw new SluiceError("internal", `dataset "${dataset.name}" came as ${format} and as ${batch.format}`);
    }
    format = batch.format;
    dialect ??= batch.dialect;
    // What not every batch vouches for is looked at.
    const vouched = batch.printed ?? [];
    printed = printed?.filter((column) => vouched.includes(column)) ?? vouched;
    position = reached;
    const order = batch.schema.columns.map((column) => column.name);
    const group = groups.find((other) => canonicalJson(other.order) === canonicalJson(order));
    if (group === undefined) groups.push({ order, files: [...batch.files] });
    else group.files.push(...batch.files);
  }
  const [first] = groups;
  return {
    format: format ?? "parquet",
    groups,
    ...(dialect === undefined ? {} : { dialect }),
    ...(printed === undefined || printed.length === 0 ? {} : { printed }),
    // Where only used columns are validated, a source may leave out the others.
    columns: dataset.columns.filter(
      ({ name, evolves }) => first === undefined || first.order.includes(name) || evolves === true,
    ),
    validate: dataset.validate,
    identity: position,
  };
}

function assertSameSource(context: RunContext, dataset: string, identity: Json): void {
  const known = context.identities.get(dataset);
  context.identities.set(dataset, identity);
  if (known === undefined || canonicalJson(known) === canonicalJson(identity)) return;
  const message = `the source of dataset "${dataset}" changed since run ${context.run} first read it`;
  if (context.request.reread === "allow") {
    context.emit({ event: "warning", message: `${message}; it is read as it is now` });
    return;
  }
  context.identities.set(dataset, known);
  throw new SluiceError("conflict", message, {
    reason: "source-changed",
    hint: "start a new run, or resume with the source read again as it is now (reread)",
  });
}
