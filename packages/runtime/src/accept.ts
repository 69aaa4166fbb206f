import {
  type CompiledQuery,
  type EngineInput,
  type ExecutionResult,
  type FrozenColumn,
  type FrozenDataset,
  type OutputSpec,
  type PlannedStage,
  type Schema,
  SluiceError,
  type SplitResult,
} from "@sluice/core";
import { remove, sizeOf } from "./durable.ts";
import { throwIfStopped, toSluiceError } from "./error-record.ts";
import type { StageInputs } from "./inputs.ts";
import { parquetInput } from "./landed-output.ts";
import { assertFewRejects } from "./max-rejects.ts";
import { type FieldOrder, fieldOrders, quarantineRejects } from "./quarantine.ts";
import type { Resources } from "./resources.ts";
import { datasetOf, queryDefaults, type RunContext, scratchFolder } from "./run-context.ts";

export interface AcceptingRequest {
  readonly stage: PlannedStage;
  readonly query: CompiledQuery;
  readonly inputs: ReadonlyMap<string, EngineInput>;
  readonly opened: Pick<StageInputs, "assertUnchanged">;
  readonly output: OutputSpec;
  readonly resources: Resources;
  readonly signal: AbortSignal;
  readonly onProgress: ((share: number) => void) | undefined;
  readonly onRejects: (rejected: number) => void;
}

export interface Execution {
  readonly result: ExecutionResult;
  /** Accepted records of all inputs; null where the engine need not have read all of one that it cannot count. */
  readonly rowsIn: number | null;
  readonly rejected: number;
  /** Of each dataset that lost some, with the quarantined file. */
  readonly rejects: ReadonlyMap<string, QuarantinedRejects>;
}

/** Rejects, how many and why, and what the fields of their raw text are. */
export interface ToldRejects extends SplitResult {
  readonly orders: readonly FieldOrder[];
}

export interface QuarantinedRejects extends ToldRejects {
  readonly file: string;
}

/**
 * Executes a query. Text is read strictly first: one pass, no rejects. Whatever fails then, text inputs are parted into
 * accepted and rejected records, and the query runs once more over the accepted ones; so rejects are exact and the same
 * for every query over a dataset. A source that changed meanwhile is a `conflict`, whatever came of reading it.
 */
export async function executeAccepting(context: RunContext, request: AcceptingRequest): Promise<Execution> {
  const { opened, signal } = request;
  try {
    const execution = await executeParted(context, request);
    throwIfStopped(signal);
    await opened.assertUnchanged();
    return execution;
  } catch (thrown) {
    throwIfStopped(signal);
    await opened.assertUnchanged();
    throw thrown;
  }
}

async function executeParted(context: RunContext, request: AcceptingRequest): Promise<Execution> {
  const { inputs, signal } = request;
  const texts = [...inputs].filter(([, { input }]) => input.format !== "parquet").map(([name]) => name);
  try {
    const result = await execute(context, request, inputs);
    const counts = await readToTheEnd(context, request, result);
    return { result, rowsIn: sum(counts), rejected: 0, rejects: new Map() };
  } catch (thrown) {
    throwIfStopped(signal);
    const error = toSluiceError(thrown);
    const isEarly = [...inputs.values()].some(({ input }) => input.early !== undefined);
    if (texts.length === 0 || isEarly || !mayBeRecords(error)) throw error;
  }
  await request.opened.assertUnchanged();
  const split = await splitTexts(context, request, texts);
  await remove(request.output.path);
  const result = await execute(context, request, split.inputs);
  const counts = [...inputs.keys()].map(
    (name) => split.accepted.get(name) ?? result.rowsIn.get(name) ?? landedRows(context, name),
  );
  const { rejected, rejects } = split;
  return { result, rowsIn: sum(counts), rejected, rejects };
}

function execute(
  context: RunContext,
  request: AcceptingRequest,
  inputs: ReadonlyMap<string, EngineInput>,
): Promise<ExecutionResult> {
  const { query, output, signal, onProgress } = request;
  throwIfStopped(signal);
  const watched = onProgress === undefined ? {} : { onProgress };
  return context.request.engine.execute(query, { ...queryDefaults(context), inputs, output, signal, ...watched });
}

/** Accepts also what the engine had no need to read: a limit must not decide whether a bad record is found. */
async function readToTheEnd(
  context: RunContext,
  { inputs, signal }: AcceptingRequest,
  result: ExecutionResult,
): Promise<readonly (number | null)[]> {
  const counts: (number | null)[] = [];
  for (const [name, { input }] of inputs) {
    const isIncomplete = result.incomplete.includes(name);
    if (input.format !== "parquet" && isIncomplete) counts.push(await context.request.engine.validate(input, signal));
    else counts.push(result.rowsIn.get(name) ?? landedRows(context, name));
  }
  return counts;
}

interface Split {
  readonly inputs: ReadonlyMap<string, EngineInput>;
  readonly accepted: ReadonlyMap<string, number>;
  readonly rejected: number;
  readonly rejects: ReadonlyMap<string, QuarantinedRejects>;
}

async function splitTexts(context: RunContext, request: AcceptingRequest, texts: readonly string[]): Promise<Split> {
  const folder = await scratchFolder(context, request.resources);
  const inputs = new Map(request.inputs);
  const results = new Map<string, SplitResult>();
  const rejects = new Map<string, QuarantinedRejects>();
  for (const [index, name] of texts.entries()) {
    const text = inputs.get(name);
    if (text === undefined) continue;
    const accepted = `${folder}/accepted-${index}.parquet`;
    const rejected = `${folder}/rejected-${index}.parquet`;
    const { input, columns } = text;
    throwIfStopped(request.signal);
    const result = await context.request.engine.split({
      name,
      input,
      columns,
      accepted,
      rejected,
      signal: request.signal,
    });
    results.set(name, result);
    for (const message of result.warnings ?? []) context.emit({ event: "warning", stage: request.stage.name, message });
    // Records cut off by a writer at work are nobody's rejects.
    await request.opened.assertUnchanged();
    for (const { column, rows, example } of result.discarded ?? []) {
      const message = `${rows} ${rows === 1 ? "value" : "values"} of "${column}" in dataset "${name}" ${rows === 1 ? "is" : "are"} null, being of another type, for example ${JSON.stringify(example)}`;
      context.emit({ event: "warning", stage: request.stage.name, message });
    }
    if (result.rejected > 0) {
      const told = { ...result, orders: fieldOrders(input) };
      const file = await tellRejects(context, request.stage, name, told, rejected);
      rejects.set(name, { ...told, file });
    }
    const schema: Schema = { columns: input.columns.filter((column) => columns.includes(column.name)) };
    const bytes = (await sizeOf(accepted)) ?? 0;
    inputs.set(name, { input: parquetInput(schema, { path: accepted, origin: name, bytes }, name), columns });
  }
  const rejected = [...results.values()].reduce((total, result) => total + result.rejected, 0);
  request.onRejects(rejected);
  for (const [name, result] of results) {
    assertHeldByTarget(datasetOf(context, name), result);
    assertNoDrift(datasetOf(context, name), result);
    assertFewRejects(datasetOf(context, name), result);
  }
  return {
    inputs,
    accepted: new Map([...results].map(([name, { accepted }]) => [name, accepted])),
    rejected,
    rejects,
  };
}

/** Values of another type in a column whose policy is to fail are drift of the source. */
function assertNoDrift({ name, columns }: FrozenDataset, { reasons }: SplitResult): void {
  const failing = firstOf(reasons, columns, "fail");
  if (failing === undefined) return;
  const { column, rule, rows, example } = failing;
  throw new SluiceError("data", `"${column.name}" of dataset "${name}" ${rule} in ${records(rows)}`, {
    reason: "drift",
    offending: example,
    drift: { dataset: name, changes: [{ kind: "values", column: column.name }] },
    hint: `correct the source, look at it anew (sluice sync ${name}), or let the column be: driftOf: { ${column.name}: "discardRow" }`,
  });
}

/** A source that nobody froze was typed for what its rows are for, whose columns do not hold all that arrived. */
function assertHeldByTarget({ name, columns }: FrozenDataset, { reasons }: SplitResult): void {
  const failing = firstOf(reasons, columns, "target");
  if (failing === undefined) return;
  const { column, rule, rows, example } = failing;
  const shown = `for example ${JSON.stringify(example)}: the column of the target is ${column.type}`;
  throw new SluiceError("data", `"${column.name}" of "${name}" ${rule} in ${records(rows)}, ${shown}`, {
    offending: example,
    hint: "correct such values or leave their rows out, or make the column of the target wider",
  });
}

type Reason = SplitResult["reasons"][number];

/** The first reason of rejects in a column with that policy, with the column. */
function firstOf(
  reasons: readonly Reason[],
  columns: readonly FrozenColumn[],
  misfit: FrozenColumn["misfit"],
): (Omit<Reason, "column"> & { readonly column: FrozenColumn }) | undefined {
  for (const reason of reasons) {
    const column = columns.find((one) => one.name === reason.column && one.misfit === misfit);
    if (column !== undefined) return { ...reason, column };
  }
  return undefined;
}

const records = (rows: number): string => `${rows} ${rows === 1 ? "record" : "records"}`;

/** Puts rejects into the run's quarantine, and says so; gives the file that holds them now. */
export async function tellRejects(
  context: RunContext,
  stage: PlannedStage,
  dataset: string,
  result: ToldRejects,
  file: string,
): Promise<string> {
  const { accepted, rejected, reasons, orders } = result;
  const { path, shown } = await quarantineRejects(context, dataset, { file, orders });
  context.emit({ event: "stage.rejects", stage: stage.name, dataset, rejected, accepted, quarantine: shown, reasons });
  if (datasetOf(context, dataset).maxRejects !== undefined) return path;
  const message = `${rejected} of ${accepted + rejected} records of dataset "${dataset}" were rejected and left out; without maxRejects any number is`;
  context.emit({ event: "warning", stage: stage.name, message });
  return path;
}

/** Whether records of a text may be to blame; a full disk, missing rights or a lost network are not theirs. */
function mayBeRecords(error: SluiceError): boolean {
  if (error.code === "internal") return true;
  return error.code === "data" && error.reason !== "drift";
}

function landedRows(context: RunContext, stage: string): number | null {
  const output = context.outcomes.get(stage)?.output;
  return output?.kind === "landed" ? output.rows : null;
}

function sum(counts: readonly (number | null)[]): number | null {
  let total = 0;
  for (const count of counts) {
    if (count === null) return null;
    total += count;
  }
  return total;
}
