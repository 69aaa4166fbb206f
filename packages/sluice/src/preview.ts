import { resolve } from "node:path";
import {
  type BoundValue,
  type Cell,
  type Column,
  mapInputs,
  type PipelineDefinition,
  type Relation,
  SluiceError,
} from "@sluice/core";
import { type RunEvent, runPlan } from "@sluice/runtime";
import { newRunId, openStateIn, type Session } from "./composition.ts";
import { errorsOf, throwAll } from "./failures.ts";
import type { LoadedPipeline } from "./project/pick-pipeline.ts";
import { type PlannedPipeline, planDefinition, planPipeline } from "./project/plan-pipeline.ts";
import { relationOf } from "./project/used-sources.ts";

export interface Preview {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** What happened while the rows were computed: rejects, warnings. */
  readonly events: readonly RunEvent[];
}

export interface PreviewRequest {
  readonly pipeline: LoadedPipeline;
  readonly step: string;
  readonly limit: number;
  readonly parameters: ReadonlyMap<string, BoundValue>;
}

/**
 * The first rows of a step, as a run would compute them, with nothing written outside of scratch space: its query and
 * those it reads become one step, which runs with a state of its own.
 *
 * @throws SluiceError what a run of the step would fail with
 */
export async function previewStep(session: Session, request: PreviewRequest): Promise<Preview> {
  const { pipeline, step, limit, parameters } = request;
  const { definition } = pipeline;
  const query: Relation = { kind: "limit", input: expandStep(definition, step), count: limit };
  const { name, parameters: declared } = definition;
  const alone: PipelineDefinition = {
    name,
    ...(declared === undefined ? {} : { parameters: declared }),
    steps: [{ kind: "transform", name: step, query }],
  };
  const texts = new Map([...parameters].map(([key, { value }]) => [key, String(value)]));
  const { plan, datasets } = await planAlone(session, { alone, pipeline, parameters: texts });

  const stateFolder = session.scratchFolder();
  await using store = await openStateIn(stateFolder);
  const engine = await session.engine();
  const events: RunEvent[] = [];
  const { project } = session;
  const result = await runPlan({
    plan,
    datasets,
    parameters,
    project: project.config.project,
    root: project.root,
    stateFolder,
    adapter: session.adapter,
    connection: session.connection,
    engine,
    store,
    clock: session.clock,
    random: Math.random,
    newRunId: () => newRunId(session.clock.now()),
    onEvent: (event) => events.push(event),
    parallel: 1,
    signal: session.signal,
    redact: project.secrets.redact,
  });
  if (result.status !== "succeeded") throw failureOf(result.finished.error);
  const [stage] = (await store.stagesOf(result.run)).filter((one) => one.stage === step);
  if (stage?.output.kind !== "landed") throw new SluiceError("internal", `the preview of "${step}" left no rows`);
  const path = resolve(stateFolder, stage.output.path);
  const { columns } = await engine.schemaOfFile(path);
  const scan: Relation = { kind: "scan", source: { stage: step } };
  const compiled = engine.compile(scan, { schemaOf: () => ({ columns }), parameters: new Map() });
  const input = {
    format: "parquet" as const,
    groups: [
      {
        order: columns.map((column) => column.name),
        files: [{ path, origin: step, bytes: stage.output.bytes }],
      },
    ],
    columns,
    validate: "all" as const,
    identity: null,
  };
  const rows: (readonly Cell[])[] = [];
  const batches = engine.rows(compiled, {
    inputs: new Map([[step, { input, columns: columns.map((column) => column.name) }]]),
    parameters: new Map(),
    constants: { now: new Date(0).toISOString(), today: "1970-01-01" },
    signal: session.signal,
  });
  for await (const batch of batches) rows.push(...batch);
  const planned = plan.stages.find((one) => one.name === step)?.schema.columns ?? columns;
  return { columns: planned, rows, events };
}

/** What is wrong is said where it is written: the paths of the one step made of several are not those of the file. */
async function planAlone(
  session: Session,
  request: {
    readonly alone: PipelineDefinition;
    readonly pipeline: LoadedPipeline;
    readonly parameters: ReadonlyMap<string, string>;
  },
): Promise<PlannedPipeline> {
  const options = { frozen: false, parameters: request.parameters };
  try {
    return await planDefinition(session, request.alone, options);
  } catch (thrown) {
    const messages = errorsOf(thrown).map((error) => error.message);
    try {
      await planPipeline(session, request.pipeline, options);
    } catch (placed) {
      throwAll(errorsOf(placed).filter((error) => messages.includes(error.message)));
    }
    return await planPipeline(session, { ...request.pipeline, definition: request.alone }, options);
  }
}

/** The query of a step over datasets alone: steps that it reads are put in place of their names. */
export function expandStep(definition: PipelineDefinition, name: string): Relation {
  const steps = new Map(definition.steps.map((step) => [step.name, step]));
  const expand = (relation: Relation): Relation => {
    if (relation.kind !== "scan" || !("step" in relation.source)) return mapInputs(relation, expand);
    const step = steps.get(relation.source.step);
    if (step === undefined) throw new SluiceError("config", `no step is named "${relation.source.step}"`);
    return expand(relationOf(step));
  };
  return expand({ kind: "scan", source: { step: name } });
}

function failureOf(record: { readonly code: string; readonly message: string; readonly hint?: string } | undefined) {
  if (record === undefined) return new SluiceError("internal", "the preview failed without a reason");
  return new SluiceError(record.code as SluiceError["code"], record.message, {
    ...(record.hint === undefined ? {} : { hint: record.hint }),
  });
}
