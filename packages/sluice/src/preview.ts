import {
  type BoundValue,
  type Cell,
  type Column,
  expandSteps,
  isSluiceError,
  locate,
  type PipelineDefinition,
  placeError,
  type Relation,
  SluiceError,
  type StepDefinition,
} from "@sluice/core";
import type { RunEvent } from "@sluice/runtime";
import type { Session } from "./composition.ts";
import { errorsOf, throwAll } from "./failures.ts";
import type { LoadedPipeline } from "./project/pick-pipeline.ts";
import { type PlannedPipeline, planDefinition, planPipeline } from "./project/plan-pipeline.ts";
import { sharpen } from "./project/sharpen.ts";
import { usedSources } from "./project/used-sources.ts";
import { landStep } from "./query/land-step.ts";

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

  const landed = await landStep(session, { plan, datasets, step, parameters }).catch(async (thrown: unknown) => {
    throw isSluiceError(thrown) ? await placed(session, thrown, { pipeline, step, datasets }) : thrown;
  });
  const rows: (readonly Cell[])[] = [];
  for await (const batch of landed.batches()) rows.push(...batch);
  return { columns: landed.columns, rows, events: landed.events };
}

/** A failure that names a dataset's source stands where the dataset is read, any other at the step. */
async function placed(
  session: Session,
  error: SluiceError,
  { pipeline, step, datasets }: Pick<PreviewRequest, "pipeline" | "step"> & Pick<PlannedPipeline, "datasets">,
): Promise<SluiceError> {
  const used = usedSources(pipeline.definition);
  let path = `steps.${step}`;
  for (const { name, source } of datasets.values()) {
    const isNamed = error.offending === (await session.adapter(source.type)).nameOf(source);
    if (isNamed) path = used.datasets.get(name) ?? path;
  }
  return sharpen(placeError(locate(error, { file: "", path }), pipeline.locations), pipeline.locations);
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
  return expandSteps({ kind: "scan", source: { step: name } }, (wanted) => {
    const step = steps.get(wanted);
    if (step === undefined) throw new SluiceError("config", `no step is named "${wanted}"`);
    if (step.kind === "task" || step.kind === "shell") throw notPreviewed(name, step);
    return step.kind === "transform" ? step.query : step.from;
  });
}

/** A preview promises that nothing happens; nobody knows what a function or a command does. */
function notPreviewed(asked: string, step: StepDefinition): SluiceError {
  const what = step.kind === "task" ? "a task" : "a command";
  const reads = asked === step.name ? "" : `"${asked}" reads it: `;
  return new SluiceError("unsupported", `${reads}"${step.name}" is ${what}, which a preview does not run`, {
    offending: step.name,
    hint: `it may do more than give rows; run it: sluice run --step ${step.name}`,
  });
}
