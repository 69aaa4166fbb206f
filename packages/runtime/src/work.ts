import { constants } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import {
  type Column,
  isStageOrdered,
  type PlannedStage,
  ROWS_DIALECT,
  type Runner,
  rowColumns,
  rowsFormat,
  type ScannableInput,
  type Schema,
  type ShellDefinition,
  SluiceError,
  type SplitResult,
  type TaskDefinition,
  valueTypeOf,
  type WorkFile,
  type WorkFormat,
  type WorkOutput,
  type WorkRequest,
  type WorkResult,
  workColumns,
} from "@sluice/core";
import { sizeOf } from "./durable.ts";
import { throwIfStopped } from "./error-record.ts";
import { landedInput, pathOfLanded } from "./landed-output.ts";
import { assertFewRejects } from "./max-rejects.ts";
import { contractName, quarantine } from "./quarantine.ts";
import { compileOver, instantOf, queryDefaults, type RunContext, scratchFolder, stageOf } from "./run-context.ts";
import type { StageWork } from "./stage-work.ts";
import { readWorkFile, splitText } from "./work-file.ts";
import { writeNdjson } from "./write-ndjson.ts";

const STALL_MS = { task: 60_000, shell: 3_600_000 } as const;
const MEMORY_MB = 1024;

/** What a task or a command gave, as the engine reads it; none where it is an action. */
export interface WorkDone {
  readonly output?: ScannableInput;
  readonly rowsIn: number | null;
  readonly rejected: number;
}

/** One attempt of a task or a command: its inputs are files of landed rows, its rows go through files too. */
export async function doWork(
  context: RunContext,
  work: Pick<StageWork, "stage" | "resources" | "signal" | "onRejects">,
  attempt: number,
): Promise<WorkDone> {
  const { stage, resources, signal } = work;
  const { runner, plan } = context.request;
  const step = plan.definition.steps.find(({ name }) => name === stage.name);
  if (step?.kind !== "task" && step?.kind !== "shell") {
    throw new SluiceError("internal", `the plan has no task or command "${stage.name}"`);
  }
  if (runner === undefined) {
    throw new SluiceError("unsupported", `nothing here runs "${stage.name}", which is a ${step.kind}`);
  }
  const scratch = await scratchFolder(context, resources);
  const columns = workColumns(step);
  const output: WorkOutput | undefined =
    columns === undefined
      ? undefined
      : {
          columns,
          rows: join(scratch, "rows.csv"),
          rejects: join(scratch, "rejects.csv"),
          setsAside: step.maxRejects !== undefined,
          ...(valueTypeOf(step) === undefined ? {} : { isValue: true }),
        };
  const request: WorkRequest = {
    step: step.name,
    inputs: (stage.inputs ?? []).map((input) => fileOfInput(context, input, { scratch, signal })),
    parameters: context.parameters,
    scratch,
    ...(output === undefined ? {} : { output }),
    signal,
    stallMs: step.stallMs ?? STALL_MS[step.kind],
    log: (level, message) => tell(context, stage, level, message),
  };
  const result = await start(context, runner, step, request, attempt);
  throwIfStopped(signal);
  context.checkpoint("work.done");
  const rowsIn = rowsOfInputs(context, stage);
  if (result.kind === "none" || output === undefined) return { rowsIn, rejected: 0 };
  if (result.kind === "file") {
    const read = { step, columns: output.columns, file: result, address: runner.addressOf(result) };
    return { ...(await readWorkFile(context, work, read)), rowsIn };
  }
  await tellRejectedRows(context, work, step, result, output);
  const rows = await rowsInput(output);
  const { rejected } = result;
  if (rows.format === "csv") return { output: rows, rowsIn, rejected };
  // The strict reader of JSON leaves some records to the exact one, which has nothing to refuse: they were looked at.
  const names = output.columns.map(({ name }) => name);
  return { ...(await splitText(context, work, step, rows, names)), rowsIn, rejected };
}

function start(
  context: RunContext,
  runner: Runner,
  step: TaskDefinition | ShellDefinition,
  request: WorkRequest,
  attempt: number,
): Promise<WorkResult> {
  if (step.kind === "task") {
    const { run, bigint = false, memoryMb = MEMORY_MB } = step;
    const { constants: now, pipeline, run: id } = context;
    return runner.runTask({
      ...request,
      module: run.module,
      code: run.code ?? "",
      bigint,
      memoryMb,
      run: { id, pipeline, attempt, ...now },
    });
  }
  const { command, inputs = [], stdin, format = "csv", env = [] } = step;
  return runner.runCommand({
    ...request,
    command,
    formats: new Map(
      inputs.map((input) => [input.name, { format: input.format ?? "csv", header: input.header ?? true }]),
    ),
    ...(stdin === undefined ? {} : { stdin }),
    format,
    env,
  });
}

function tell(context: RunContext, stage: PlannedStage, level: "debug" | "info" | "warn", message: string): void {
  if (level === "warn") {
    context.emit({ event: "warning", stage: stage.name, message });
    return;
  }
  const at = instantOf(context.request.clock.now());
  context.log({ event: "message", run: context.run, at, stage: stage.name, level, message });
}

/** Files of an input, each made once and only when it is asked for. */
function fileOfInput(
  context: RunContext,
  { name, stage }: { readonly name: string; readonly stage: string },
  place: { readonly scratch: string; readonly signal: AbortSignal },
): WorkFile {
  const made = new Map<string, Promise<string>>();
  const { schema } = stageOf(context, stage);
  return {
    name,
    columns: schema.columns,
    file(format, { header = true } = {}) {
      const variant = format === "csv" && !header ? "rows" : "file";
      const path = join(place.scratch, `in-${variant}`, `${name}.${format}`);
      const file = made.get(path) ?? makeFile(context, { stage, schema, format, header, path, signal: place.signal });
      made.set(path, file);
      return file;
    },
  };
}

async function makeFile(
  context: RunContext,
  file: {
    readonly stage: string;
    readonly schema: Schema;
    readonly format: WorkFormat;
    readonly header: boolean;
    readonly path: string;
    readonly signal: AbortSignal;
  },
): Promise<string> {
  const { stage, schema, format, header, path, signal } = file;
  throwIfStopped(signal);
  await mkdir(join(path, ".."), { recursive: true });
  if (format === "parquet") {
    const landed = context.outcomes.get(stage)?.output;
    if (landed?.kind !== "landed") throw new SluiceError("internal", `stage "${stage}" has landed nothing to read`);
    // A copy: what the work writes into it must not reach what later stages read.
    await copyFile(pathOfLanded(context.request.stateFolder, landed), path, constants.COPYFILE_FICLONE);
    return path;
  }
  const query = compileOver(context, { kind: "scan", source: { stage } }, new Map([[stage, schema]]));
  const input = landedInput(context, stage);
  const columns = schema.columns.map((column) => column.name);
  const request = { ...queryDefaults(context), inputs: new Map([[stage, { input, columns }]]), signal };
  if (format === "ndjson") {
    await writeNdjson(path, schema.columns, context.request.engine.rows(query, request));
    return path;
  }
  const ordered = isStageOrdered(context.request.plan.stages, stage);
  const csv = { delimiter: ",", header, quote: "minimal" } as const;
  await context.request.engine.execute(query, { ...request, output: { format: "csv", path, ordered, csv } });
  return path;
}

function rowsOfInputs(context: RunContext, stage: PlannedStage): number | null {
  let rows = 0;
  for (const input of stage.inputs ?? []) {
    const landed = context.outcomes.get(input.stage)?.output;
    if (landed?.kind !== "landed") return null;
    rows += landed.rows;
  }
  return stage.inputs === undefined || stage.inputs.length === 0 ? null : rows;
}

/** The accepted rows as the engine reads them. */
async function rowsInput({ rows, columns }: WorkOutput): Promise<ScannableInput> {
  if (rowsFormat(columns) === "ndjson") {
    const bytes = (await sizeOf(rows)) ?? 0;
    const files = [{ path: rows, origin: "rows", bytes }];
    const order = columns.map(({ name }) => name);
    return {
      format: "ndjson",
      groups: [{ order, files }],
      columns: rowColumns(columns),
      validate: "all",
      identity: rows,
    };
  }
  const [only] = columns;
  const filler = only?.name.toLowerCase() === "filler" ? "filler_" : "filler";
  return await textInput(rows, columns, columns.length === 1 ? [filler] : []);
}

async function textInput(
  path: string,
  columns: readonly Column[],
  more: readonly string[] = [],
): Promise<ScannableInput> {
  const bytes = (await sizeOf(path)) ?? 0;
  return {
    format: "csv",
    groups: [{ order: [...columns.map(({ name }) => name), ...more], files: [{ path, origin: "rows", bytes }] }],
    dialect: ROWS_DIALECT,
    columns: rowColumns(columns),
    validate: "all",
    identity: path,
  };
}

const REJECT_COLUMNS: readonly Column[] = [
  { name: "record", type: "int64", nullable: false },
  { name: "column", type: "string", nullable: false },
  { name: "rule", type: "string", nullable: false },
  { name: "raw", type: "string", nullable: false },
  { name: "bytes", type: "int64", nullable: false },
];

/** Puts wrong rows into the quarantine of the run, under the name of the step. */
async function tellRejectedRows(
  context: RunContext,
  { stage, resources, signal, onRejects }: Pick<StageWork, "stage" | "resources" | "signal" | "onRejects">,
  step: TaskDefinition | ShellDefinition,
  result: SplitResult,
  output: WorkOutput,
): Promise<void> {
  const { accepted, rejected, reasons } = result;
  onRejects(rejected);
  if (rejected === 0) return;
  const path = join(await scratchFolder(context, resources), "rejects.parquet");
  await toParquet(context, { from: await textInput(output.rejects, REJECT_COLUMNS), path, signal });
  const { shown } = await quarantine(context, contractName(stage.name), path);
  const event = { event: "stage.rejects", stage: stage.name, dataset: stage.name } as const;
  context.emit({ ...event, rejected, accepted, quarantine: shown, reasons });
  assertFewRejects(
    { name: stage.name, ...(step.maxRejects === undefined ? {} : { maxRejects: step.maxRejects }) },
    result,
  );
}

async function toParquet(
  context: RunContext,
  { from, path, signal }: { readonly from: ScannableInput; readonly path: string; readonly signal: AbortSignal },
): Promise<void> {
  const name = "rejects";
  const query = compileOver(
    context,
    { kind: "scan", source: { stage: name } },
    new Map([[name, { columns: from.columns }]]),
  );
  const inputs = new Map([[name, { input: from, columns: from.columns.map((column) => column.name) }]]);
  const output = { format: "parquet", path, ordered: true } as const;
  await context.request.engine.execute(query, { ...queryDefaults(context), inputs, output, signal });
}
