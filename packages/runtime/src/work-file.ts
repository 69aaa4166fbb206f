import {
  type Column,
  detailsOf,
  type FrozenColumn,
  type FrozenDataset,
  isSluiceError,
  type Relation,
  ROWS_DIALECT,
  type ScannableInput,
  type ShellDefinition,
  SluiceError,
  type Source,
  type TaskDefinition,
  type WorkFormat,
} from "@sluice/core";
import { remove } from "./durable.ts";
import { throwIfStopped } from "./error-record.ts";
import { parquetInput } from "./landed-output.ts";
import { assertFewRejects } from "./max-rejects.ts";
import { contractName, quarantine } from "./quarantine.ts";
import { compileOver, openContext, queryDefaults, type RunContext, scratchFolder } from "./run-context.ts";
import type { StageWork } from "./stage-work.ts";

/** A file that work has left, and the columns that its step declares. */
export interface WorkFileRead {
  readonly step: TaskDefinition | ShellDefinition;
  readonly columns: readonly Column[];
  readonly file: { readonly path: string; readonly format: WorkFormat };
  readonly address: { readonly type: string; readonly path: string; readonly format: string };
}

/**
 * The rows of a file that a task or a command has written, by the rules for files of a dataset: the header is matched with
 * the declared columns, every value is looked at, and records that are not accepted are rejects.
 */
export async function readWorkFile(
  context: RunContext,
  work: Pick<StageWork, "stage" | "resources" | "signal" | "onRejects">,
  { step, columns, file, address }: WorkFileRead,
): Promise<{ readonly output: ScannableInput; readonly rejected: number }> {
  const { stage, resources, signal } = work;
  const adapter = await context.request.adapter(address.type);
  const opening = await openContext(context, stage.name, resources, signal);
  if (adapter.openSource === undefined) throw new SluiceError("internal", `${adapter.type} is not a source`);
  const source = resources.use(await adapter.openSource(adapter.parseAddress(address), undefined, opening));
  const hasHeader = step.kind === "task" || step.header !== false;
  const dataset: FrozenDataset = {
    version: 1,
    name: step.name,
    source: address,
    ...(file.format === "csv"
      ? {
          dialect: { ...ROWS_DIALECT, header: hasHeader },
        }
      : {}),
    columns,
    validate: "all",
    drift: "fail",
    reordered: "accept",
    stage: "volatile",
    warnings: [],
  };
  const names = columns.map(({ name }) => name);
  const asked = {
    dataset,
    columns: names,
    parameters: new Map<string, string>(),
    signal,
    warn: (message: string) => context.emit({ event: "warning", stage: stage.name, message }),
  };
  const input = await source.scan?.(asked)?.catch((thrown: unknown) => {
    throw otherColumns(thrown, step.name);
  });
  if (input === undefined) throw new SluiceError("internal", `the source of "${step.name}" cannot be scanned`);
  if (file.format === "parquet") {
    await assertNoNulls(context, work, columns, input);
    return { output: input, rejected: 0 };
  }
  const laidOut = { ...input, columns: await withLayouts(source, dataset, signal) };
  return await splitText(context, work, step, laidOut, names);
}

/** Dates and times are read in the one layout that fits all of a column, as a sync would find it. */
async function withLayouts(
  source: Source,
  { columns, dialect }: FrozenDataset,
  signal: AbortSignal,
): Promise<readonly FrozenColumn[]> {
  if (dialect === undefined || !columns.some(({ type }) => /^(date|time)/.test(type))) return columns;
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  const names = dialect.header ? {} : { columns: columns.map(({ name }) => name) };
  const request = { types, required: [], dialect, parameters: new Map<string, string>(), signal, ...names };
  const found = new Map<string, FrozenColumn>();
  for await (const stream of source.discover(request))
    for (const column of stream.columns) found.set(column.name, column);
  return columns.map((column) => {
    const format = found.get(column.name)?.format;
    return format === undefined ? column : { ...column, format };
  });
}

/** What is frozen by a sync elsewhere is declared by the step here. */
function otherColumns(thrown: unknown, step: string): unknown {
  if (!isSluiceError(thrown) || thrown.code !== "data") return thrown;
  return new SluiceError("data", `the file that "${step}" wrote is not what it declares: ${thrown.message}`, {
    ...detailsOf(thrown),
    hint: "declare the columns that it has, under output; for a csv without a line of names say header: false",
  });
}

/** The accepted records of a text, and its rejects in the quarantine under the name of the step. */
export async function splitText(
  context: RunContext,
  { stage, resources, signal, onRejects }: Pick<StageWork, "stage" | "resources" | "signal" | "onRejects">,
  step: TaskDefinition | ShellDefinition,
  input: ScannableInput,
  columns: readonly string[],
): Promise<{ readonly output: ScannableInput; readonly rejected: number }> {
  const { engine } = context.request;
  try {
    await engine.validate(input, signal);
    return { output: input, rejected: 0 };
  } catch (thrown) {
    throwIfStopped(signal);
    if (!(thrown instanceof Error)) throw thrown;
  }
  const folder = await scratchFolder(context, resources);
  const [accepted, rejected] = [`${folder}/accepted.parquet`, `${folder}/rejected.parquet`];
  await remove(accepted);
  const result = await engine.split({ name: stage.name, input, columns, accepted, rejected, signal });
  onRejects(result.rejected);
  if (result.rejected > 0) {
    const { shown } = await quarantine(context, contractName(stage.name), rejected);
    const { accepted: rows, reasons } = result;
    const event = { event: "stage.rejects", stage: stage.name, dataset: stage.name } as const;
    context.emit({ ...event, rejected: result.rejected, accepted: rows, quarantine: shown, reasons });
    assertFewRejects({ name: stage.name, maxRejects: step.maxRejects ?? 0 }, result);
  }
  const schema = { columns: input.columns };
  const output = parquetInput(schema, { path: accepted, origin: stage.name, bytes: 0 }, stage.name);
  return { output, rejected: result.rejected };
}

/** A Parquet file does not say that a column has no nulls; its step does. */
async function assertNoNulls(
  context: RunContext,
  { stage, signal }: Pick<StageWork, "stage" | "signal">,
  columns: readonly Column[],
  input: ScannableInput,
): Promise<void> {
  const [first, ...rest] = columns.filter(({ nullable }) => !nullable);
  if (first === undefined) return;
  const all = { columns: columns.map((column) => ({ ...column, nullable: true })) };
  for (const { name } of [first, ...rest]) {
    const relation: Relation = {
      kind: "limit",
      count: 1,
      input: {
        kind: "filter",
        input: { kind: "scan", source: { stage: stage.name } },
        condition: { kind: "call", name: "isNull", arguments: [{ kind: "column", name }] },
      },
    };
    const query = compileOver(context, relation, new Map([[stage.name, all]]));
    const inputs = new Map([[stage.name, { input, columns: columns.map((column) => column.name) }]]);
    for await (const rows of context.request.engine.rows(query, { ...queryDefaults(context), inputs, signal })) {
      if (rows.length === 0) continue;
      throw new SluiceError("data", `column "${name}" of the file of "${stage.name}" holds a null`, {
        offending: name,
        hint: "declare it with ?, or leave such rows out",
      });
    }
  }
}
