import {
  canonicalJson,
  type EngineInput,
  type InputFile,
  type Json,
  type PlannedStage,
  type ReadRequest,
  type ScannableInput,
  SluiceError,
  type Source,
} from "@sluice/core";
import { throwIfStopped } from "./error-record.ts";
import { landedInput } from "./landed-output.ts";
import type { Resources } from "./resources.ts";
import { connectionOf, datasetOf, openContext, parameterTexts, type RunContext } from "./run-context.ts";

/** The inputs of an attempt, by the names in its query, and what the sources among them are. */
export interface StageInputs {
  readonly inputs: ReadonlyMap<string, EngineInput>;
  readonly identities: { readonly [dataset: string]: Json };
}

/** Opens everything that a stage reads. A source that is not what this run read before is a `conflict`. */
export async function openInputs(
  context: RunContext,
  stage: PlannedStage,
  resources: Resources,
  signal: AbortSignal,
): Promise<StageInputs> {
  const inputs = new Map<string, EngineInput>();
  const identities: [string, Json][] = [];
  for (const read of stage.reads) {
    throwIfStopped(signal);
    if ("stage" in read) {
      const input = landedInput(context, read.stage);
      inputs.set(read.stage, { input, columns: input.columns.map((column) => column.name) });
      continue;
    }
    const input = await openDataset(context, stage, read.dataset, read.columns, resources, signal);
    assertSameSource(context, read.dataset, input.identity);
    identities.push([read.dataset, input.identity]);
    inputs.set(read.dataset, { input, columns: read.columns });
  }
  return { inputs, identities: Object.fromEntries(identities) };
}

async function openDataset(
  context: RunContext,
  stage: PlannedStage,
  name: string,
  columns: readonly string[],
  resources: Resources,
  signal: AbortSignal,
): Promise<ScannableInput> {
  const dataset = datasetOf(context, name);
  const adapter = await context.request.adapter(dataset.source.type);
  if (adapter.openSource === undefined) {
    throw new SluiceError("unsupported", `dataset "${name}" cannot be read: ${adapter.type} is not a source`);
  }
  const opening = await openContext(context, stage.name, resources, signal);
  const address = adapter.parseAddress(dataset.source);
  const source = resources.use(await adapter.openSource(address, connectionOf(context, address), opening));
  const request: ReadRequest = {
    dataset,
    columns,
    parameters: parameterTexts(context.parameters),
    signal,
    warn: (message) => context.emit({ event: "warning", stage: stage.name, message }),
  };
  if (source.scan !== undefined) return source.scan(request);
  if (source.read !== undefined) return collect(source, request);
  throw new SluiceError("internal", `the source of dataset "${name}" can neither be scanned nor read`);
}

/** Pulls all batches of a source into one input; their files stay in its scratch folder until it is closed. */
async function collect(source: Source, request: ReadRequest): Promise<ScannableInput> {
  const { dataset } = request;
  const groups: { order: readonly string[]; files: InputFile[] }[] = [];
  let format: ScannableInput["format"] | undefined;
  let dialect: ScannableInput["dialect"];
  let position: Json = null;
  for await (const { batch, position: reached } of source.read?.(request) ?? []) {
    throwIfStopped(request.signal);
    if (format !== undefined && format !== batch.format) {
      throw new SluiceError("internal", `dataset "${dataset.name}" came as ${format} and as ${batch.format}`);
    }
    format = batch.format;
    dialect ??= batch.dialect;
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
    // Where only used columns are validated, a source may leave out the others.
    columns: dataset.columns.filter((column) => first === undefined || first.order.includes(column.name)),
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
