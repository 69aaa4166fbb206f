import type { Expression } from "../ir/expression.ts";
import { walkExpression } from "../ir/expression.ts";
import { expressionsOf, type Relation, type ScanSource, walkRelation } from "../ir/relation.ts";
import type { Column } from "../schema/schema.ts";
import type { PipelineDefinition, ShellDefinition, StepDefinition, TaskDefinition, ValueType } from "./definition.ts";

/** A relation that a step reads, and the member of its definition that holds it: `query`, `from`, `inputs.crash`. */
export interface StepRelation {
  readonly member: string;
  readonly relation: Relation;
}

/** What a step computes from: the query of a transform, the rows of a load, the inputs of a task or a command. */
export function relationsOf(step: StepDefinition): readonly StepRelation[] {
  switch (step.kind) {
    case "transform":
      return [{ member: "query", relation: step.query }];
    case "load":
      return [{ member: "from", relation: step.from }];
    case "task":
    case "shell":
      return (step.inputs ?? []).map(({ name, from }) => ({ member: `inputs.${name}`, relation: from }));
    default:
      return step satisfies never;
  }
}

/** The same step with each of its relations changed. */
export function mapRelations<S extends StepDefinition>(step: S, change: (relation: Relation) => Relation): S;
export function mapRelations(step: StepDefinition, change: (relation: Relation) => Relation): StepDefinition {
  switch (step.kind) {
    case "transform":
      return { ...step, query: change(step.query) };
    case "load":
      return { ...step, from: change(step.from) };
    case "task":
    case "shell":
      if (step.inputs === undefined) return step;
      return { ...step, inputs: step.inputs.map((input) => ({ ...input, from: change(input.from) })) };
    default:
      return step satisfies never;
  }
}

/** Whether a step has rows of its own that others can read. */
export function hasRows(step: StepDefinition): boolean {
  return step.kind === "transform" || (step.kind !== "load" && workColumns(step) !== undefined);
}

/** The columns of what a task or a command gives, a value being a row of one; undefined of an action. */
export function workColumns(step: TaskDefinition | ShellDefinition): readonly Column[] | undefined {
  const value = valueTypeOf(step);
  return value === undefined ? step.output : [{ name: "value", ...value }];
}

/** The type of the value that a step returns; undefined where it returns none. */
export function valueTypeOf(step: StepDefinition): ValueType | undefined {
  return step.kind === "task" ? step.value : undefined;
}

/** The types of the values that steps return, by step. */
export function valueTypes(definition: PipelineDefinition): ReadonlyMap<string, ValueType> {
  return new Map(
    definition.steps.flatMap((step) => {
      const value = valueTypeOf(step);
      return value === undefined ? [] : [[step.name, value] as const];
    }),
  );
}

/** Every scan of a relation, as often as it stands there. */
export function scansOf(relation: Relation): readonly ScanSource[] {
  const found: ScanSource[] = [];
  walkRelation(relation, (node) => {
    if (node.kind === "scan") found.push(node.source);
  });
  return found;
}

/** The steps whose output a step reads, as often as it scans them. */
export function stepsReadBy(step: StepDefinition): readonly string[] {
  return relationsOf(step).flatMap(({ relation }) =>
    scansOf(relation).flatMap((source) => ("step" in source ? [source.step] : [])),
  );
}

/** The steps whose figures a condition asks for, sorted, each once. */
export function stepsMeasuredBy(when: Expression | undefined): readonly string[] {
  const found = new Set<string>();
  if (when !== undefined) {
    walkExpression(when, (node) => {
      if (node.kind === "metric") found.add(node.step);
    });
  }
  return [...found].sort();
}

/** The steps that must be done before a step: those it reads, waits for or measures; sorted, each once. */
export function prerequisitesOf(step: StepDefinition): readonly string[] {
  return [...new Set([...stepsReadBy(step), ...(step.after ?? []), ...stepsMeasuredBy(step.when)])].sort();
}

/** Every expression of a relation, those of its inputs too. */
export function allExpressionsOf(relation: Relation): readonly Expression[] {
  const found: Expression[] = [];
  walkRelation(relation, (node) => {
    found.push(...expressionsOf(node));
  });
  return found;
}

/** An order in which things can be done, ties by name; or a cycle, its first member repeated at the end. */
export type Order = { readonly order: readonly string[] } | { readonly cycle: readonly string[] };

/**
 * Orders names so that each stands after its prerequisites; prerequisites that are not among the names do not count.
 *
 * @example
 * orderOf(new Map([["load", ["crash"]], ["crash", []]])); // { order: ["crash", "load"] }
 */
export function orderOf(prerequisites: ReadonlyMap<string, readonly string[]>): Order {
  const waiting = new Map<string, Set<string>>();
  const dependents = new Map<string, string[]>();
  for (const [name, needs] of [...prerequisites].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const known = new Set(needs.filter((need) => prerequisites.has(need)));
    waiting.set(name, known);
    for (const need of known) dependents.set(need, [...(dependents.get(need) ?? []), name]);
  }
  const ready = [...waiting].flatMap(([name, needs]) => (needs.size === 0 ? [name] : []));
  const order: string[] = [];
  for (let name = ready.shift(); name !== undefined; name = ready.shift()) {
    order.push(name);
    waiting.delete(name);
    for (const dependent of dependents.get(name) ?? []) {
      const needs = waiting.get(dependent);
      needs?.delete(name);
      if (needs?.size === 0) insertSorted(ready, dependent);
    }
  }
  return waiting.size === 0 ? { order } : { cycle: cycleAmong(waiting) };
}

function insertSorted(names: string[], name: string): void {
  const place = names.findIndex((other) => other > name);
  names.splice(place === -1 ? names.length : place, 0, name);
}

/** The order of a pipeline's steps. */
export function stepOrder(definition: PipelineDefinition): Order {
  return orderOf(new Map(definition.steps.map((step) => [step.name, prerequisitesOf(step)])));
}

function cycleAmong(waiting: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  const walked: string[] = [];
  let name = [...waiting.keys()][0];
  while (name !== undefined && !walked.includes(name)) {
    walked.push(name);
    name = [...(waiting.get(name) ?? [])].find((need) => waiting.has(need));
  }
  return name === undefined ? walked : [...walked.slice(walked.indexOf(name)), name];
}
