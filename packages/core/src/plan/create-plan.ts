import { canonicalDefinition } from "../definition/canonical.ts";
import type { PipelineDefinition } from "../definition/definition.ts";
import { validateDefinition } from "../definition/validate.ts";
import { SluiceError } from "../errors.ts";
import { createInference } from "../infer/schema-of.ts";
import type { Relation, SqlNode } from "../ir/relation.ts";
import { canonicalJson } from "../json.ts";
import type { SourceCapabilities } from "../ports/adapter.ts";
import type { CompiledQuery, CompileRequest } from "../ports/engine.ts";
import type { SinkCapabilities } from "../ports/sink.ts";
import type { Address, FrozenDataset } from "../schema/frozen.ts";
import type { Schema } from "../schema/schema.ts";
import { draftStages } from "./draft-stages.ts";
import { chooseExtracts } from "./extracts.ts";
import { incrementalProblems } from "./incremental-problems.ts";
import { type InferredStep, inferSteps } from "./infer-steps.ts";
import { type Origin, type Origins, originsOf } from "./lineage.ts";
import type { ColumnLineage, Plan } from "./plan.ts";
import { planStages } from "./plan-stages.ts";
import { planWarnings } from "./plan-warnings.ts";
import { datasetColumns } from "./prune.ts";
import { sourceProblems } from "./source-problems.ts";
import { sourceSchemas } from "./source-schemas.ts";
import { stageEnds } from "./stage-ends.ts";

/** All that planning needs from outside: frozen datasets, what sinks can do, and the engine's pure abilities. */
export interface PlanRequest {
  readonly definition: PipelineDefinition;
  /** By name, inline sources among them. */
  readonly datasets: ReadonlyMap<string, FrozenDataset>;
  /** The name in `datasets` of every address used inline, by `canonicalJson(address)`. */
  readonly inline: ReadonlyMap<string, string>;
  /** The hash of each dataset, by name: taken over `frozenIdentity`. */
  readonly hashes: ReadonlyMap<string, string>;
  /** What the source of an address type does with filters and limits; nothing is pushed where it is undefined. */
  readonly sourceOf?: (type: string) => SourceCapabilities | undefined;
  /** What the sink of an address can do; undefined where there is no such adapter or it has no sink. */
  readonly sinkOf: (into: Address) => SinkCapabilities | undefined;
  /** The rows that raw SQL gives over inputs of these schemas. */
  readonly describeSql: (node: SqlNode, inputs: readonly Schema[]) => Promise<Schema>;
  readonly compile: (relation: Relation, request: CompileRequest) => CompiledQuery;
  /** SHA-256 of a text, in hex. */
  readonly hash: (text: string) => string;
  /** A query that is asked once: that its sources are looked at anew is no news. */
  readonly isOnItsOwn?: true;
}

/**
 * Makes the plan of a definition: validates, infers every schema, forms stages, chooses what is landed and which
 * columns are read. The same request gives the same plan, to the byte.
 *
 * @example
 * (await createPlan(request)).stages.map((stage) => [stage.name, stage.kind]);
 * // [["crashes", "extract"], ["load_crash", "load"], ["load_report", "load"]]
 * @throws SluiceError the first of `findProblems`
 */
export async function createPlan(request: PlanRequest): Promise<Plan> {
  const { problems, steps, definition } = await inspect(request);
  const [first] = problems;
  if (first !== undefined) throw first;
  return assemble({ ...request, definition }, steps);
}

/**
 * Everything that keeps a definition from being planned, each problem with its path; empty where `createPlan` succeeds.
 *
 * @example
 * (await findProblems(request)).map((error) => error.at?.path); // ["steps.crash.query.filter", "steps.load_crash.key"]
 */
export async function findProblems(request: PlanRequest): Promise<readonly SluiceError[]> {
  return (await inspect(request)).problems;
}

interface Inspection {
  readonly problems: readonly SluiceError[];
  readonly definition: PipelineDefinition;
  readonly steps: ReadonlyMap<string, InferredStep>;
}

async function inspect(request: PlanRequest): Promise<Inspection> {
  const problems = validateDefinition(request.definition);
  if (problems.length > 0) return { problems, definition: request.definition, steps: new Map() };
  const definition = canonicalDefinition(request.definition);
  const canonical = { ...request, definition };
  const inferred = await inferSteps(canonical);
  return {
    definition,
    steps: inferred.steps,
    problems: [...inferred.problems, ...sourceProblems(canonical), ...incrementalProblems(canonical)],
  };
}

function assemble(request: PlanRequest, steps: ReadonlyMap<string, InferredStep>): Plan {
  const { definition, datasets } = request;
  const ends = stageEnds([...steps.values()].map(({ step }) => step));
  const drafts = draftStages(steps);
  const fullSchemas = sourceSchemas({ definition, datasets, stages: stepSchemas(steps) });
  const used = new Map(
    drafts.map((draft) => [draft.name, datasetColumns(draft.relation, namesIn(draft.relation, fullSchemas))]),
  );
  const extracts = chooseExtracts(drafts, datasets, used);
  const stages = planStages({ ...request, drafts, extracts, used, stepSchemas: stepSchemas(steps), fullSchemas });
  const read = [...new Set([...used.values()].flatMap((columns) => [...columns.keys()]))].sort();
  const tables = read.flatMap((name) => {
    const writer = datasets.get(name)?.writer;
    return writer === undefined ? [] : [[name, writer] as const];
  });
  const plan: Omit<Plan, "hash"> = {
    planVersion: 1,
    definition,
    datasets: Object.fromEntries(read.map((name) => [name, hashOf(name, request.hashes)])),
    ...(tables.length === 0 ? {} : { tables: Object.fromEntries(tables) }),
    stages,
    lineage: lineageOf(definition, datasets, steps),
    warnings: planWarnings(request, steps, ends, extracts, unitedColumns([...used.values()])),
  };
  return { ...plan, hash: request.hash(canonicalJson(plan)) };
}

function stepSchemas(steps: ReadonlyMap<string, InferredStep>): ReadonlyMap<string, Schema> {
  return new Map([...steps].map(([name, { schema }]) => [name, schema]));
}

function namesIn(relation: Relation, request: CompileRequest): (node: Relation) => readonly string[] {
  const infer = createInference(relation, request);
  return (node) => infer(node).columns.map((column) => column.name);
}

function unitedColumns(
  all: readonly ReadonlyMap<string, ReadonlySet<string>>[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const united = new Map<string, ReadonlySet<string>>();
  for (const [name, columns] of all.flatMap((one) => [...one])) {
    united.set(name, new Set([...(united.get(name) ?? []), ...columns]));
  }
  return united;
}

function hashOf(name: string, hashes: ReadonlyMap<string, string>): string {
  const hash = hashes.get(name);
  if (hash === undefined) throw new SluiceError("internal", `the dataset "${name}" has no hash`);
  return hash;
}

function lineageOf(
  definition: PipelineDefinition,
  datasets: PlanRequest["datasets"],
  steps: ReadonlyMap<string, InferredStep>,
): readonly ColumnLineage[] {
  const known = new Map<string, Origins>();
  const schemas = sourceSchemas({ definition, datasets, stages: stepSchemas(steps) });
  for (const [name, { relation }] of steps) {
    const origins = originsOf(relation, namesIn(relation, schemas), (source, column): readonly Origin[] => {
      if ("dataset" in source) return [{ dataset: source.dataset, column }];
      return "step" in source ? (known.get(source.step)?.get(column) ?? []) : [];
    });
    known.set(name, origins);
  }
  return definition.steps.flatMap(({ name }) =>
    [...(known.get(name) ?? [])].map(([column, from]) => ({ step: name, column, from })),
  );
}
