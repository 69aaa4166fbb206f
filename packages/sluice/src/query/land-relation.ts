import {
  detailsOf,
  didYouMean,
  type PipelineDefinition,
  type Relation,
  type RelationQuery,
  SluiceError,
  type StepDefinition,
} from "@sluice/core";
import type { RunEvent } from "@sluice/runtime";
import type { Session } from "../composition.ts";
import { errorsOf, throwAll } from "../failures.ts";
import { bindParameters } from "../parameters.ts";
import { parseTexts } from "../project/parse-texts.ts";
import { type PlannedPipeline, planDefinition } from "../project/plan-pipeline.ts";
import { type EarlyTry, withEarlyTypes } from "./early-types.ts";
import { type LandedRows, landStep } from "./land-step.ts";
import { queryDefinition } from "./query-definition.ts";

export interface RelationRequest {
  readonly query: Pick<RelationQuery, "relation" | "parameterTypes">;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Sources whose schema is not frozen are errors. */
  readonly frozen?: boolean;
  /** Delimited text whose schema is not frozen is taken as text, column by column: nothing of it is changed. */
  readonly asText?: boolean;
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
}

/** A request, tried with types of the start of its texts where `early` is there. */
export interface RelationTry extends RelationRequest {
  readonly early?: EarlyTry | undefined;
}

/** A query on its own, planned, and its parameters with their values. */
export interface PlannedQuery extends PlannedPipeline {
  readonly step: string;
  readonly bound: ReturnType<typeof bindParameters>;
}

/** Plans a relation as a pipeline of one step. */
export async function planRelation(
  session: Session,
  { query, parameters: given, frozen = false, asText = false, early }: RelationTry,
  stepOf: (name: string, relation: Relation) => StepDefinition = transformOf,
): Promise<PlannedQuery> {
  const made = stepOf(freeName("result", Object.keys(session.project.config.datasets)), query.relation);
  const step = made.name;
  const written = queryDefinition(query, made, given);
  refuseUnused(written, given);
  const { definition, declared } = await parseTexts(written, session.parser);
  const bound = bindParameters({
    pipeline: definition.name,
    declared: definition.parameters ?? [],
    given,
    isLibrary: true,
  });
  const parameters = new Map([...bound].map(([name, { value }]) => [name, String(value)]));
  try {
    const planned = await planDefinition(session, definition, {
      frozen,
      parameters,
      declared,
      asText,
      isOnItsOwn: true,
      onEarly: early?.onEarly,
    });
    return { ...planned, step, bound };
  } catch (thrown) {
    const errors = errorsOf(thrown);
    if (errors.some(({ code }) => code === "internal")) throw thrown;
    throwAll(errors.map(withoutPlace));
    throw thrown;
  }
}

/** A place inside of the pipeline that was made of a query means nothing to its author. */
function withoutPlace(error: SluiceError): SluiceError {
  if (error.at?.file !== "") return error;
  const { at: _place, ...details } = detailsOf(error);
  return new SluiceError(error.code, error.message, details);
}

/** Computes a relation on its own; its rows lie in scratch space that goes with the session. */
export async function landRelation(session: Session, request: RelationRequest): Promise<LandedRows> {
  return await withEarlyTypes(session, async (early) => {
    const { plan, datasets, step, bound } = await planRelation(session, { ...request, early });
    return await landStep(session, { plan, datasets, step, parameters: bound, onEvent: request.onEvent });
  });
}

function transformOf(name: string, query: Relation): StepDefinition {
  return { kind: "transform", name, query };
}

function refuseUnused({ parameters = [] }: PipelineDefinition, given: Readonly<Record<string, unknown>>): void {
  const known = parameters.map(({ name }) => name);
  const other = Object.keys(given).find((name) => !known.includes(name));
  if (other === undefined) return;
  throw new SluiceError("config", `the query has no parameter "${other}"`, {
    offending: other,
    hint: didYouMean(other, known, "parameters of the query"),
  });
}

/** A step and a dataset may not share a name. */
export function freeName(wanted: string, taken: readonly string[]): string {
  let name = wanted;
  while (taken.includes(name)) name = `${name}_`;
  return name;
}
