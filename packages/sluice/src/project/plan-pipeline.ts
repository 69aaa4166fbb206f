import {
  type Adapter,
  canonicalJson,
  createPlan,
  didYouMean,
  type FrozenDataset,
  findProblems,
  frozenIdentity,
  type InferRequest,
  isSluiceError,
  locate,
  type PipelineDefinition,
  type Plan,
  type PlanRequest,
  parameterTypes,
  placeError,
  SluiceError,
  validateDefinition,
} from "@sluice/core";
import { ADAPTER_TYPES } from "../adapters.ts";
import { type Session, sha256 } from "../composition.ts";
import { errorsOf, throwAll } from "../failures.ts";
import { connectionProblem } from "./connection-problems.ts";
import { constantProblems } from "./constant-problems.ts";
import { type DeclaredText, declaredTypeProblems } from "./declared-types.ts";
import { describeSql } from "./describe-sql.ts";
import { reachRequest } from "./drift-reach.ts";
import { type EvolvedDataset, evolveDatasets, withReach } from "./evolve-datasets.ts";
import { plainLoad } from "./fit-to-target.ts";
import { freezeInline } from "./freeze-inline.ts";
import { frozenDatasets } from "./frozen-datasets.ts";
import { ownFileProblems } from "./own-files.ts";
import type { LoadedPipeline } from "./pick-pipeline.ts";
import { sharedTargets } from "./shared-targets.ts";
import { sharpen } from "./sharpen.ts";
import { withPolicies } from "./staleness.ts";
import { inlineName, type UsedSources, usedSources } from "./used-sources.ts";
import { writtenTables } from "./written-tables.ts";

/** A plan and what it was made from. */
export interface PlannedPipeline {
  readonly plan: Plan;
  readonly datasets: ReadonlyMap<string, FrozenDataset>;
  /** Rows without a frozen schema: their steps are typed by a look at the source of this moment. */
  readonly untyped: readonly { readonly name: string; readonly step: string; readonly dataset: FrozenDataset }[];
  /** What the rows of its steps are inferred from. */
  readonly inference: InferRequest;
  /** Datasets that the plan takes as their sources are now: who runs it freezes that first. */
  readonly evolved: readonly EvolvedDataset[];
}

export interface PlanOptions {
  /** Rows that are not frozen are errors. */
  readonly frozen: boolean;
  readonly parameters?: ReadonlyMap<string, string>;
  /** A query of no pipeline: that its sources are not frozen is no news. */
  readonly isOnItsOwn?: true;
  /** Delimited text that is not frozen is taken as text. */
  readonly asText?: boolean;
  /** Types of text that is not frozen may be those of its start: told where they are, since a failure may be theirs then. */
  readonly onEarly?: (() => void) | undefined;
  /** What is read in the place of datasets of the project. */
  readonly substitutes?: ReadonlyMap<string, FrozenDataset>;
  /** For a run: the sources of datasets that may evolve are looked at. With `fixed` nothing of it is taken up. */
  readonly evolve?: "take" | "fixed";
}

/**
 * Plans a pipeline of the project.
 *
 * @throws SluiceError `config` or `unsupported`, or several of them, at the author's own lines
 */
export async function planPipeline(
  session: Session,
  pipeline: LoadedPipeline,
  options: PlanOptions,
): Promise<PlannedPipeline> {
  try {
    return await planDefinition(session, pipeline.definition, { ...options, declared: pipeline.declared ?? [] });
  } catch (thrown) {
    const errors = errorsOf(thrown);
    if (errors.every((error) => error.code === "internal")) throw thrown;
    throwAll(errors.map((error) => sharpen(placeError(error, pipeline.locations), pipeline.locations)));
    throw thrown;
  }
}

/** Plans a definition; errors name their path inside it. */
export async function planDefinition(
  session: Session,
  definition: PipelineDefinition,
  {
    frozen,
    parameters = new Map(),
    declared = [],
    isOnItsOwn,
    asText = false,
    onEarly,
    substitutes = new Map(),
    evolve,
  }: PlanOptions & { readonly declared?: readonly DeclaredText[] },
): Promise<PlannedPipeline> {
  session.signal.throwIfAborted();
  const used = usedSources(definition);
  const { datasets, problems } = frozenDatasets(session, used, substitutes);
  problems.push(...(frozen ? untypedProblems(used) : []), ...validateDefinition(definition));
  const ofTargets = [
    ...(await targetProblems(session, definition)),
    ...sharedTargets(definition, session.project),
    ...ownFileProblems(definition, session.project, parameters),
  ];
  // Before a source that stands in it is looked at, which may fail for what is wrong with the definition.
  if (problems.length > 0 || used.inline.size > 0 || evolve !== undefined) throwAll([...problems, ...ofTargets]);

  const evolved =
    evolve === undefined
      ? []
      : await evolving(session, definition, { used, parameters, isFixed: evolve === "fixed", substitutes });
  for (const { frozen: now } of evolved) {
    const source = session.project.config.datasets[now.name];
    if (source !== undefined) datasets.set(now.name, withPolicies(now, source));
  }

  const taken = new Set([...Object.keys(session.project.config.datasets), ...definition.steps.map(({ name }) => name)]);
  const tables = await writtenTables(session, { definition, taken });
  if (tables.problems.length > 0) throwAll([...tables.problems, ...ofTargets]);
  for (const [name, dataset] of tables.datasets) {
    taken.add(name);
    datasets.set(name, dataset);
  }
  const inline = new Map<string, string>(tables.names);
  const untyped: { name: string; step: string; dataset: FrozenDataset }[] = [];
  for (const [key, { address, step, path }] of used.inline) {
    const name = inlineName(address, taken);
    taken.add(name);
    const load = isOnItsOwn === true ? plainLoad(definition, step) : undefined;
    const dataset = await freezeInline(session, { name, address, parameters, asText, onEarly, load }).catch(
      (thrown: unknown) => {
        // What is wrong with a source is said where it is named; a defect of sluice is nobody's line.
        throw isSluiceError(thrown) && thrown.code !== "internal" ? locate(thrown, { file: "", path }) : thrown;
      },
    );
    datasets.set(name, dataset);
    inline.set(key, name);
    untyped.push({ name, step, dataset });
  }
  const hashes = new Map([...datasets].map(([name, one]) => [name, sha256(canonicalJson(frozenIdentity(one)))]));
  const engine = await session.engine();
  session.signal.throwIfAborted();
  const adapters = await adaptersOf(session, definition, datasets);
  const request: PlanRequest = {
    definition,
    datasets,
    inline,
    hashes,
    sourceOf: (type) => adapters.get(type)?.source,
    sinkOf: (into) => {
      const adapter = adapters.get(into.type);
      return adapter?.sinkFor?.(into) ?? adapter?.sink;
    },
    describeSql: (node, inputs) => describeSql(engine, node, { inputs, parameters: parameterTypes(definition) }),
    compile: (relation, compiling) => engine.compile(relation, compiling),
    hash: sha256,
    ...(isOnItsOwn === undefined ? {} : { isOnItsOwn }),
  };
  try {
    throwAll(ofTargets);
    const plan = await createPlan(request);
    const constant = await constantProblems(plan.definition, engine, session.signal);
    throwAll([...(await declaredTypeProblems(declared, request)), ...constant]);
    return { plan, datasets, untyped, evolved, inference: { ...request, definition: plan.definition } };
  } catch (thrown) {
    if (ofTargets.length === 0 && !isSluiceError(thrown)) throw thrown;
    // The planner stops at the first mistake; a person wants to see them all.
    const isNew = ({ message }: SluiceError): boolean => !ofTargets.some((other) => other.message === message);
    const ofSteps = (await findProblems(request)).filter(isNew);
    const ofConstants =
      ofSteps.length + ofTargets.length === 0 ? [] : constantProblems(definition, engine, session.signal);
    const drifted = evolved.map((one) => notPlanned(one, used));
    throwAll([...drifted, ...ofTargets, ...ofSteps, ...(await ofConstants)]);
    throw thrown;
  }
}

/** Looks at what may evolve; a drift that no policy lets be says what it reaches in the plan with what is frozen. */
async function evolving(
  session: Session,
  definition: PipelineDefinition,
  {
    used,
    parameters,
    isFixed,
    substitutes,
  }: {
    readonly used: UsedSources;
    readonly parameters: ReadonlyMap<string, string>;
    readonly isFixed: boolean;
    readonly substitutes: ReadonlyMap<string, FrozenDataset>;
  },
): Promise<readonly EvolvedDataset[]> {
  const names = new Map([...used.datasets].filter(([name]) => !substitutes.has(name)));
  try {
    return await evolveDatasets(session, { names, parameters, isFixed });
  } catch (thrown) {
    if (!isSluiceError(thrown) || thrown.drift === undefined) throw thrown;
    const { plan, datasets } = await planDefinition(session, definition, { frozen: false, parameters, substitutes });
    throw withReach(thrown, await reachRequest(plan, datasets, session.adapter));
  }
}

/** Why a pipeline that could be planned yesterday cannot be today. */
function notPlanned({ frozen: { name }, sentences, drift }: EvolvedDataset, used: UsedSources): SluiceError {
  const path = used.datasets.get(name);
  return new SluiceError(
    "data",
    `with its source as it is now, dataset "${name}" does not fit: ${sentences.join("; ")}`,
    {
      reason: "drift",
      offending: name,
      drift,
      hint: "nothing was taken up: correct the pipeline, or keep the column as it is with driftOf",
      ...(path === undefined ? {} : { at: { file: "", path } }),
    },
  );
}

function untypedProblems({ inline }: UsedSources): readonly SluiceError[] {
  return [...inline.values()].map(
    ({ step, path }) =>
      new SluiceError("config", `the rows that "${step}" reads are not frozen`, {
        at: { file: "", path },
        reason: "untyped",
        hint: 'give the source a name under datasets in sluice.config.ts, then run "sluice sync"',
      }),
  );
}

/** The name under which every project has a lake. */
const OWN_LAKE = "lake";

/** What is wrong with the targets of loads, without opening them. */
async function targetProblems(session: Session, definition: PipelineDefinition): Promise<readonly SluiceError[]> {
  const problems: SluiceError[] = [];
  const { connections } = session.project.config;
  for (const step of definition.steps) {
    if (step.kind !== "load") continue;
    try {
      const adapter = await session.adapter(step.into.type);
      const { connection } = adapter.parseAddress(step.into);
      adapter.checkTarget?.(step.into);
      if (connection === undefined || (connection === OWN_LAKE && !Object.hasOwn(connections, connection))) continue;
      const found = Object.hasOwn(connections, connection) ? connections[connection] : undefined;
      if (found === undefined) {
        throw new SluiceError("config", `no connection is named "${connection}"`, {
          offending: connection,
          hint: didYouMean(connection, Object.keys(connections), "connections"),
        });
      }
      if (found.type !== step.into.type) {
        throw new SluiceError(
          "config",
          `the connection "${connection}" is of type ${found.type}, not ${step.into.type}`,
          {
            offending: connection,
          },
        );
      }
      const wrong = await connectionProblem(session, connection);
      if (wrong !== undefined) throw wrong;
    } catch (thrown) {
      if (!isSluiceError(thrown)) throw thrown;
      problems.push(locate(thrown, { file: "", path: `steps.${step.name}.into` }));
    }
  }
  return problems;
}

/** The adapters of what a pipeline reads and writes; others, and their drivers, are not loaded for it. */
async function adaptersOf(
  session: Session,
  { steps }: PipelineDefinition,
  datasets: ReadonlyMap<string, FrozenDataset>,
): Promise<ReadonlyMap<string, Adapter>> {
  const written = steps.flatMap((step) => (step.kind === "load" ? [step.into.type] : []));
  const used = new Set([...written, ...[...datasets.values()].map(({ source }) => source.type)]);
  const adapters = await Promise.all(
    ADAPTER_TYPES.filter((type) => used.has(type)).map((type) => session.adapter(type)),
  );
  return new Map(adapters.map((adapter) => [adapter.type, adapter]));
}
