import { mkdir } from "node:fs/promises";
import {
  type Address,
  type BoundValue,
  bindLiterals,
  type Column,
  type CompiledQuery,
  type Expression,
  type FrozenDataset,
  isStageOrdered,
  type Json,
  type OpenContext,
  type PlannedStage,
  type QueryRequest,
  type Relation,
  type Schema,
  SluiceError,
  type StageOutput,
  type StageRecord,
  type StepStatus,
  stageCompileRequest,
  typedLiterals,
} from "@sluice/core";
import { remove } from "./durable.ts";
import type { CheckResult, ErrorRecord, RunEvent } from "./events.ts";
import type { Resources } from "./resources.ts";
import type { RunFolder } from "./run-folder.ts";
import type { LogLine } from "./run-log.ts";
import type { RunRequest } from "./run-request.ts";

/** An event without what every event of a run carries. */
export type EventDetails = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, "run" | "at"> : never) : never;

/** How a stage ended. */
export interface StageOutcome {
  readonly stage: PlannedStage;
  readonly status: StepStatus;
  readonly output: StageOutput;
  readonly rowsIn: number | null;
  readonly rowsOut: number | null;
  readonly rejected: number;
  readonly durationMs: number;
  readonly checks: readonly CheckResult[];
  readonly error?: ErrorRecord;
  readonly reason?: string;
}

/** One execution of a plan, as its parts see it. */
export interface RunContext {
  readonly request: RunRequest;
  readonly pipeline: string;
  readonly run: string;
  readonly generation: number;
  readonly epoch: number;
  /** The part of its targets' commits that its loads keep; empty but for a replay. */
  readonly slice: string;
  /** Which kept copies take the place of persistent datasets. */
  readonly fromStage: string | undefined;
  readonly parameters: ReadonlyMap<string, BoundValue>;
  readonly constants: { readonly now: string; readonly today: string };
  readonly folder: RunFolder;
  /** Aborted when the run is told to stop or has lost its lease. */
  readonly signal: AbortSignal;
  /** Tells everyone, and gives the event as it was told. */
  readonly emit: (event: EventDetails) => RunEvent;
  readonly log: (line: LogLine) => void;
  /** What each source was when this run first read it. */
  readonly identities: Map<string, Json>;
  /** What earlier executions of this run recorded, by stage. */
  readonly records: ReadonlyMap<string, StageRecord>;
  /** The stages of this run. */
  readonly selected: ReadonlySet<string>;
  /** Stages that have ended, by name: metrics and landed outputs. */
  readonly outcomes: Map<string, StageOutcome>;
  readonly checkpoint: (name: string) => void;
  /** Ends all that is under way, for an error after which going on is pointless. */
  readonly stop: (error: SluiceError) => void;
}

/** An instant as ISO text in UTC. */
export function instantOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** The frozen dataset of that name. */
export function datasetOf(context: RunContext, name: string): FrozenDataset {
  const dataset = context.request.datasets.get(name);
  if (dataset === undefined) throw new SluiceError("internal", `the plan reads dataset "${name}", which was not given`);
  return dataset;
}

/** The planned stage of that name. */
export function stageOf(context: RunContext, name: string): PlannedStage {
  const stage = context.request.plan.stages.find((other) => other.name === name);
  if (stage === undefined) throw new SluiceError("internal", `the plan reads stage "${name}", which it does not have`);
  return stage;
}

/** The SQL of a stage: what the plan shows, but for the positions from which on rows are new. */
export function compileStage(
  context: RunContext,
  stage: PlannedStage,
  { relation, schemas }: { readonly relation: Relation; readonly schemas: ReadonlyMap<string, Schema> },
): CompiledQuery {
  const { engine, plan, datasets } = context.request;
  const planned = stageCompileRequest(plan, stage, datasets);
  return engine.compile(relation, {
    ...planned,
    schemaOf: (source) => ("stage" in source ? schemas.get(source.stage) : undefined) ?? planned.schemaOf(source),
  });
}

/** Whether rows are written in the order of the query. Who asks one question of a file expects that of the file. */
export function isOrderKept({ request }: RunContext, stage: PlannedStage): boolean {
  return request.isOnItsOwn === true || isStageOrdered(request.plan.stages, stage.name);
}

/** The SQL of a relation over outputs of stages with these schemas. */
export function compileOver(
  context: RunContext,
  relation: Relation,
  schemas: ReadonlyMap<string, Schema>,
): CompiledQuery {
  return context.request.engine.compile(relation, {
    parameters: parameterTypes(context),
    schemaOf(source) {
      const schema = "stage" in source ? schemas.get(source.stage) : undefined;
      if (schema === undefined) throw new SluiceError("internal", `nothing is known of ${JSON.stringify(source)}`);
      return schema;
    },
  });
}

/** The types of the pipeline's parameters. */
export function parameterTypes(context: RunContext): ReadonlyMap<string, string> {
  return new Map([...context.parameters].map(([name, bound]) => [name, bound.type]));
}

/** What every query of the run is given beside its inputs. */
export function queryDefaults(context: RunContext): Pick<QueryRequest, "parameters" | "constants"> {
  return { parameters: context.parameters, constants: context.constants };
}

/** A condition on columns as a source or a target takes it: with literals alone, each of the type that it stands for. */
export function boundCondition(context: RunContext, condition: Expression, columns: readonly Column[]): Expression {
  return typedLiterals(bindLiterals(condition, queryDefaults(context)), { columns, parameters: new Map() });
}

/** Parameters as text, for templates in addresses; nulls are left out. */
export function parameterTexts(parameters: ReadonlyMap<string, BoundValue>): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const [name, { value }] of parameters) if (value !== null) texts.set(name, String(value));
  return texts;
}

/** What an adapter opens with; its scratch folder goes with the resources. */
export async function openContext(
  context: RunContext,
  stage: string,
  resources: Resources,
  signal: AbortSignal,
): Promise<OpenContext> {
  const { request, run } = context;
  const scratch = await scratchFolder(context, resources);
  return {
    signal,
    now: () => request.clock.now(),
    log(level, message) {
      if (level === "warn") context.emit({ event: "warning", stage, message });
      else context.log({ event: "message", run, at: instantOf(request.clock.now()), stage, level, message });
    },
    root: request.root,
    scratch,
    local: request.engine,
    checkpoint: context.checkpoint,
    ...(request.isOnItsOwn === true ? { isOnItsOwn: true as const } : {}),
  };
}

let folders = 0;

/** A new empty folder on the disk of the run's own files, so that links and renames work. */
export async function scratchFolder(context: RunContext, resources: Resources): Promise<string> {
  const path = `${context.folder.scratch}/${process.pid}-${++folders}`;
  await mkdir(path, { recursive: true });
  resources.defer(() => remove(path));
  return path;
}

/** The connection of an address, as configured. */
export function connectionOf(context: RunContext, address: Address): Json | undefined {
  if (address.connection === undefined) return undefined;
  const connection = context.request.connection(address.connection);
  if (connection === undefined) {
    throw new SluiceError("config", `no connection is named "${address.connection}"`, {
      offending: address.connection,
      hint: "add it under connections in sluice.config.ts",
    });
  }
  return connection;
}
