import { assertCheckFits } from "../checks/assert-check-fits.ts";
import type { LoadDefinition, PipelineDefinition, StepDefinition } from "../definition/definition.ts";
import { abilityProblems, settingColumnProblems, storedSchema } from "../definition/load-settings.ts";
import { problemAt } from "../definition/problems.ts";
import { relationPaths } from "../definition/relation-paths.ts";
import { prerequisitesOf, relationsOf, stepOrder, valueTypes, workColumns } from "../definition/step-graph.ts";
import { placeOf } from "../definition/targets.ts";
import { isSluiceError, locate, SluiceError } from "../errors.ts";
import { didYouMean } from "../infer/closest.ts";
import { type SchemaRequest, schemaOf, schemaOfDataset } from "../infer/schema-of.ts";
import { assertCondition, type Scope } from "../infer/type-of.ts";
import type { Expression } from "../ir/expression.ts";
import { inputsOf, mapInputs, type Relation, type ScanNode, type ScanSource } from "../ir/relation.ts";
import { canonicalJson } from "../json.ts";
import type { Address } from "../schema/frozen.ts";
import type { Schema } from "../schema/schema.ts";
import type { TypeText } from "../schema/types.ts";
import type { PlanRequest } from "./create-plan.ts";
import { declaredProblem } from "./declared-rows.ts";
import { partsOf, type StepPart, workRelation } from "./work-steps.ts";

/** A step whose rows are known. */
export interface InferredStep {
  readonly step: StepDefinition;
  /** What it computes from: scans name datasets and steps only, raw SQL carries its columns. */
  readonly relation: Relation;
  readonly schema: Schema;
}

/** The rows of the steps of a definition, and what is wrong with those that are not there. */
export interface InferredSteps {
  /** In an order in which they can run; those that are wrong, and those that need them, are not there. */
  readonly steps: ReadonlyMap<string, InferredStep>;
  readonly problems: readonly SluiceError[];
}

/** What the rows of steps are inferred from: the part of a plan request that says what there is, not how it runs. */
export type InferRequest = Pick<PlanRequest, "definition" | "datasets" | "inline" | "sinkOf" | "describeSql">;

/**
 * The rows of every step of a valid definition, and everything that is wrong with its types.
 *
 * @example
 * (await inferSteps(request)).steps.get("crash")?.schema.columns; // [{ name: "crash_id", type: "string", nullable: false }]
 */
export async function inferSteps(request: InferRequest): Promise<InferredSteps> {
  const { definition } = request;
  const steps = new Map<string, InferredStep>();
  const problems: SluiceError[] = [];
  const order = stepOrder(definition);
  const byName = new Map(definition.steps.map((step) => [step.name, step]));
  for (const name of "order" in order ? order.order : []) {
    const step = byName.get(name);
    if (step === undefined || prerequisitesOf(step).some((need) => !steps.has(need))) continue;
    const own: SluiceError[] = [];
    const onProblem = (error: unknown): void => {
      if (!isSluiceError(error)) throw error;
      own.push(locate(error, { file: "", path: `steps.${name}` }));
    };
    const parts = new Map(steps);
    try {
      for (const part of partsOf(step)) {
        parts.set(part.step.name, await inferStep(part, parts, { ...request, onProblem }));
      }
    } catch (error) {
      onProblem(error);
    }
    if (own.length === 0) for (const [part, inferred] of parts) steps.set(part, inferred);
    problems.push(...own);
  }
  return { steps, problems };
}

/**
 * The types of a pipeline's parameters, by name; with `?` behind it one whose default is null, which alone may be null.
 *
 * @example
 * parameterTypes({ name: "p", steps: [], parameters: [{ name: "day", type: "date" }] }); // Map { "day" → "date" }
 */
export function parameterTypes(definition: PipelineDefinition): ReadonlyMap<string, TypeText> {
  return new Map(
    (definition.parameters ?? []).map((one) => [one.name, one.default === null ? `${one.type}?` : one.type]),
  );
}

interface StepRequest extends InferRequest {
  /** Told of what is wrong; what nothing can be said behind is thrown. */
  readonly onProblem: (error: unknown) => void;
}

async function inferStep(
  part: StepPart,
  known: ReadonlyMap<string, InferredStep>,
  request: StepRequest,
): Promise<InferredStep> {
  const { step } = part;
  const path = `steps.${step.name}`;
  const parameters = parameterTypes(request.definition);
  const { relation, schema } = await inferRelation(part, known, request);
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      request.onProblem(error);
    }
  };
  const checked = step.kind === "load" ? storedSchema(schema, step) : schema;
  for (const [index, check] of (step.checks ?? []).entries()) {
    attempt(() => assertCheckFits(check, checked, parameters, `${path}.checks[${index}]`));
  }
  const values = valueTypes(request.definition);
  attempt(() => assertHolds(step.when, { columns: [], parameters, values }, step.name, "when"));
  if (step.kind === "load") {
    attempt(() => assertHolds(step.where, { columns: schema.columns, parameters }, step.name, "where"));
  }
  if (step.kind === "load") for (const problem of loadProblems(step, schema, request)) request.onProblem(problem);
  return { step, relation, schema };
}

async function inferRelation(
  { step, paths }: StepPart,
  known: ReadonlyMap<string, InferredStep>,
  request: StepRequest,
): Promise<Pick<InferredStep, "relation" | "schema">> {
  const relations = relationsOf(step);
  if (step.kind === "task" || step.kind === "shell") {
    const output = workColumns(step) ?? [];
    const inputs = relations.map(({ relation }) => relation);
    return { relation: workRelation(inputs, output), schema: { columns: output } };
  }
  const [only] = relations;
  if (only === undefined) throw new SluiceError("internal", `the step "${step.name}" reads nothing`);
  const member = paths(only.member);
  const parameters = parameterTypes(request.definition);
  const schemas: SchemaRequest = {
    parameters,
    path: member,
    onProblem: request.onProblem,
    schemaOf: (source) => schemaOfSource(source, known, request),
  };
  const resolved = resolveScans(only.relation, member, request);
  const relation = await describe(resolved, schemas, relationPaths(resolved, member), request.describeSql);
  return { relation, schema: schemaOf(relation, schemas) };
}

function schemaOfSource(source: ScanSource, known: ReadonlyMap<string, InferredStep>, request: InferRequest): Schema {
  if ("dataset" in source) {
    const dataset = request.datasets.get(source.dataset);
    if (dataset !== undefined) return schemaOfDataset(dataset);
  }
  if ("step" in source) {
    const step = known.get(source.step);
    if (step !== undefined) return step.schema;
  }
  throw new SluiceError("internal", `a scan of ${canonicalJson(source)} was not resolved`);
}

/** Inline sources get the names under which they were frozen; names of datasets are checked. */
function resolveScans(relation: Relation, base: string, { datasets, inline }: InferRequest): Relation {
  const paths = relationPaths(relation, base);
  const resolve = (node: Relation): Relation => {
    if (node.kind !== "scan") return mapInputs(node, resolve);
    const path = paths.get(node) ?? base;
    const name = datasetOf(node, inline, path);
    if (name === undefined) return node;
    if (datasets.has(name)) return { kind: "scan", source: { dataset: name } };
    throw problemAt(path, `no dataset is named "${name}"`, {
      offending: name,
      hint: didYouMean(name, [...datasets.keys()], "datasets"),
    });
  };
  return resolve(relation);
}

function datasetOf(node: ScanNode, inline: ReadonlyMap<string, string>, path: string): string | undefined {
  if ("dataset" in node.source) return node.source.dataset;
  if ("table" in node.source) return tableName(node.source.table, inline, path);
  if (!("inline" in node.source)) return undefined;
  const name = inline.get(canonicalJson(node.source.inline));
  if (name !== undefined) return name;
  throw problemAt(path, `the inline source ${canonicalJson(node.source.inline)} was never looked at`, {
    code: "internal",
  });
}

/** What a table is called among the inline sources of a plan request: it is not what is looked at by the same address. */
export function tableKey(table: Address): string {
  return canonicalJson({ table: placeOf(table) });
}

function tableName(table: Address, inline: ReadonlyMap<string, string>, path: string): string {
  const name = inline.get(tableKey(table));
  if (name !== undefined) return name;
  throw problemAt(path, `no load of the project writes ${canonicalJson(table)}`, {
    hint: "name it in datasets and run sluice sync, or read it by its address",
  });
}

/** Raw SQL is described by its engine, innermost first, and compared with what its author declared. */
async function describe(
  relation: Relation,
  schemas: SchemaRequest,
  paths: ReadonlyMap<Relation, string>,
  describeSql: PlanRequest["describeSql"],
): Promise<Relation> {
  const inputs: Relation[] = [];
  for (const input of inputsOf(relation)) inputs.push(await describe(input, schemas, paths, describeSql));
  let place = 0;
  const changed = mapInputs(relation, (input) => inputs[place++] ?? input);
  if (changed.kind !== "sql") return changed;
  const path = paths.get(relation) ?? schemas.path ?? "";
  // What is wrong below ends it here: told, it would be told again when the whole is inferred.
  const { onProblem: _, ...throwing } = schemas;
  const given = inputs.map((input) => schemaOf(input, throwing));
  try {
    const { columns } = await describeSql(changed, given);
    const problem = changed.declared === undefined ? undefined : declaredProblem(changed.declared, columns, path);
    if (problem !== undefined) throw problem;
    return { ...changed, columns };
  } catch (error) {
    throw isSluiceError(error) ? locate(error, { file: "", path }) : error;
  }
}

/** Refuses a member of a step that has to be true or false, and is not. */
function assertHolds(condition: Expression | undefined, scope: Scope, step: string, member: string): void {
  if (condition === undefined) return;
  try {
    assertCondition(condition, scope, `${member} of "${step}"`);
  } catch (error) {
    throw isSluiceError(error) ? locate(error, { file: "", path: `steps.${step}.${member}` }) : error;
  }
}

function loadProblems(step: LoadDefinition, schema: Schema, { sinkOf }: InferRequest): readonly SluiceError[] {
  const path = `steps.${step.name}`;
  const { type } = step.into;
  const sink = sinkOf(step.into);
  if (sink === undefined) {
    const details = { code: "unsupported", offending: type } as const;
    return [problemAt(`${path}.into`, `nothing can write to "${type}"`, details)];
  }
  const found = [
    ...settingColumnProblems(step, schema),
    ...abilityProblems(step.mode, step, sink, `a target of type "${type}"`),
  ];
  return found.map(({ member, message, ...details }) => problemAt(`${path}.${member}`, message, details));
}
