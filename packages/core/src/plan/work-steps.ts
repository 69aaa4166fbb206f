import type { StepDefinition } from "../definition/definition.ts";
import type { Relation, SqlNode } from "../ir/relation.ts";
import type { Column } from "../schema/schema.ts";

/** A part of a step as it is planned, and where the relation of each of its members stands in the definition. */
export interface StepPart {
  readonly step: StepDefinition;
  /** By the member that `relationsOf` names: the path inside the definition. */
  readonly paths: (member: string) => string;
}

/**
 * The parts that a step is planned as: tasks and commands read files of whole rows, so each of their inputs that is more
 * than another step becomes a query of its own, named `scored.crash`. No name that an author gives has a point in it.
 *
 * @example
 * partsOf(scored).map(({ step }) => step.name); // ["scored.crash", "scored"]
 */
export function partsOf(step: StepDefinition): readonly StepPart[] {
  const paths = (member: string): string => `steps.${step.name}.${member}`;
  if (step.kind === "transform" || step.kind === "load") return [{ step, paths }];
  const queries: StepPart[] = [];
  const over = (input: { readonly name: string; readonly from: Relation }): Relation => {
    const { name, from } = input;
    if (from.kind === "scan" && "step" in from.source) return from;
    const query: StepDefinition = { kind: "transform", name: `${step.name}.${name}`, query: from };
    queries.push({ step: query, paths: () => paths(`inputs.${name}`) });
    return { kind: "scan", source: { step: query.name } };
  };
  const planned: StepDefinition =
    step.kind === "task"
      ? { ...step, inputs: (step.inputs ?? []).map((input) => ({ ...input, from: over(input) })) }
      : { ...step, inputs: (step.inputs ?? []).map((input) => ({ ...input, from: over(input) })) };
  return [...queries, { step: planned, paths }];
}

const WORK = "work";

/**
 * What a task or a command is among relations: like raw SQL it may look at every column of its inputs, and each of its
 * columns may come from all of them. No engine is asked to compile it.
 */
export function workRelation(inputs: readonly Relation[], columns: readonly Column[]): SqlNode {
  return { kind: "sql", engine: WORK, texts: ["", ...inputs.map(() => "")], inputs, columns };
}

/** Whether a relation stands for a task or a command. */
export function isWork(relation: Relation): boolean {
  return relation.kind === "sql" && relation.engine === WORK;
}
