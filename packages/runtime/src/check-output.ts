import {
  type Cell,
  type CheckDefinition,
  type CheckOutcome,
  type ChecksOutcome,
  type Counts,
  type OutputSpec,
  type PlannedStage,
  type Relation,
  runChecks,
  type ScannableInput,
  type Schema,
  SluiceError,
  type WrittenFile,
} from "@sluice/core";
import { throwIfStopped } from "./error-record.ts";
import type { CheckResult } from "./events.ts";
import { quarantine } from "./quarantine.ts";
import type { Resources } from "./resources.ts";
import { compileOver, parameterTypes, queryDefaults, type RunContext, scratchFolder } from "./run-context.ts";

const SAMPLE_ROWS = 10;
const SAMPLE_CELL_LENGTH = 200;

export interface CheckRequest {
  readonly stage: PlannedStage;
  readonly checks: readonly CheckDefinition[];
  /** What the checks look at. */
  readonly input: ScannableInput;
  readonly resources: Resources;
  readonly signal: AbortSignal;
  readonly onCheck: (check: CheckResult) => void;
}

/** What is left of an output from which rows were diverted. */
export interface Remaining {
  readonly relation: Relation;
  readonly rows: number;
}

/**
 * Evaluates checks over an output that is not published yet, says each verdict, and puts diverted rows into quarantine.
 * A check that fails is `data` with reason `checks`: nothing may be published.
 */
export async function checkOutput(context: RunContext, request: CheckRequest): Promise<Remaining | undefined> {
  const { stage, checks } = request;
  if (checks.length === 0) return undefined;
  const outcome = await runChecks(
    {
      step: stage.name,
      checks,
      input: { kind: "scan", source: { stage: stage.name } },
      schema: stage.schema,
      parameters: parameterTypes(context),
    },
    ({ relation, columns }) => countRow(context, request, relation, columns),
  );
  const results: CheckResult[] = [];
  for (const each of outcome.results) {
    const check = await resultOf(context, request, each);
    results.push(check);
    request.onCheck(check);
    context.emit({ event: "stage.check", stage: stage.name, check });
  }
  // Also where another check fails: whoever was told of diverted rows wants to look at them.
  await keepDiverted(context, request, outcome);
  if (outcome.status === "failed") throw checksFailed(stage.name, results);
  const { remaining: relation, remainingRows: rows } = outcome;
  return relation === undefined ? undefined : { relation, rows };
}

/** Writes the rows that stay. */
export async function writeRemaining(
  context: RunContext,
  request: CheckRequest,
  relation: Relation,
  output: OutputSpec,
): Promise<readonly WrittenFile[]> {
  const query = compileOver(context, relation, named(request));
  const { signal } = request;
  const inputs = inputsOf(request);
  const result = await context.request.engine.execute(query, { ...queryDefaults(context), inputs, output, signal });
  return result.files;
}

function checksFailed(step: string, results: readonly CheckResult[]): SluiceError {
  const [first, ...others] = results.filter((check) => check.status === "failed");
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  return new SluiceError("data", `check ${first?.name ?? ""} of "${step}" failed: ${first?.message ?? ""}${more}`, {
    reason: "checks",
    hint: "nothing was published; look at the failing rows, then correct the data, the step or the check",
  });
}

async function countRow(
  context: RunContext,
  request: CheckRequest,
  relation: Relation,
  columns: readonly string[],
): Promise<Counts> {
  const [row] = await rowsOf(context, request, relation, 1);
  if (row === undefined) throw new SluiceError("internal", `a count over "${request.stage.name}" gave no row`);
  return Object.fromEntries(columns.map((column, index) => [column, Number(row[index] ?? 0)]));
}

async function rowsOf(
  context: RunContext,
  request: CheckRequest,
  relation: Relation,
  limit: number,
): Promise<readonly (readonly Cell[])[]> {
  throwIfStopped(request.signal);
  const query = compileOver(context, relation, named(request));
  const rows: (readonly Cell[])[] = [];
  const inputs = inputsOf(request);
  const { signal } = request;
  for await (const batch of context.request.engine.rows(query, { ...queryDefaults(context), inputs, signal })) {
    rows.push(...batch);
    if (rows.length >= limit) break;
  }
  return rows.slice(0, limit);
}

async function resultOf(context: RunContext, request: CheckRequest, outcome: CheckOutcome): Promise<CheckResult> {
  const { sample, ...verdict } = outcome;
  const result = { step: request.stage.name, ...verdict };
  if (sample === undefined) return result;
  const limited: Relation = { kind: "limit", input: sample, count: SAMPLE_ROWS };
  const rows = await rowsOf(context, request, limited, SAMPLE_ROWS);
  return {
    ...result,
    sample: {
      columns: request.stage.schema.columns.map((column) => column.name),
      rows: rows.map((row) => row.map((cell) => (cell === null ? null : String(cell).slice(0, SAMPLE_CELL_LENGTH)))),
    },
  };
}

/** One Parquet file with every diverted row and the check that took it out, under the name of the step. */
async function keepDiverted(context: RunContext, request: CheckRequest, outcome: ChecksOutcome): Promise<void> {
  const { stage, resources } = request;
  if (outcome.diverted.length === 0) return;
  const column = freeName(stage.schema, "_check");
  const inputs = outcome.diverted.map(({ check, relation }): Relation => {
    const literal = { kind: "literal", type: "string", value: check } as const;
    return { kind: "derive", input: relation, columns: [[column, literal]] };
  });
  const [only] = inputs;
  const relation: Relation = only !== undefined && inputs.length === 1 ? only : { kind: "union", inputs };
  const path = `${await scratchFolder(context, resources)}/diverted.parquet`;
  await writeRemaining(context, request, relation, { format: "parquet", path, ordered: false });
  const { shown: kept } = await quarantine(context, stage.name, path);
  const rows = outcome.diverted.reduce((total, diverted) => total + diverted.rows, 0);
  const moved = rows === 1 ? `1 row of "${stage.name}" was` : `${rows} rows of "${stage.name}" were`;
  const message = `${moved} diverted to ${kept}`;
  context.emit({ event: "warning", stage: stage.name, message });
}

function freeName(schema: Schema, wish: string): string {
  const taken = new Set(schema.columns.map((column) => column.name.toLowerCase()));
  let name = wish;
  while (taken.has(name)) name += "_";
  return name;
}

function named({ stage }: CheckRequest): ReadonlyMap<string, Schema> {
  return new Map([[stage.name, stage.schema]]);
}

function inputsOf({ stage, input }: CheckRequest): ReadonlyMap<string, { input: ScannableInput; columns: string[] }> {
  return new Map([[stage.name, { input, columns: stage.schema.columns.map((column) => column.name) }]]);
}
