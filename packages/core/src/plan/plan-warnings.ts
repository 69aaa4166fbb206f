import { schemaProblems } from "../checks/schema-outcome.ts";
import { checkNames } from "../definition/check-name.ts";
import { relationsOf, scansOf } from "../definition/step-graph.ts";
import { type Relation, walkRelation } from "../ir/relation.ts";
import { canonicalJson } from "../json.ts";
import type { PlanRequest } from "./create-plan.ts";
import type { Extract } from "./extracts.ts";
import { parameterLosses, replacingLoads } from "./incremental-problems.ts";
import type { InferredStep } from "./infer-steps.ts";
import { uselessSorts } from "./row-order.ts";
import { joinWords } from "./sentences.ts";
import type { StageEnds } from "./stage-ends.ts";

/** What a person should know of a plan that works. */
export function planWarnings(
  request: PlanRequest,
  steps: ReadonlyMap<string, InferredStep>,
  ends: StageEnds,
  extracts: ReadonlyMap<string, Extract>,
  used: ReadonlyMap<string, ReadonlySet<string>>,
): readonly string[] {
  return [
    ...(request.isOnItsOwn === true ? [] : inlineWarnings(request)),
    ...uselessSorts(request.definition, steps, ends, (into) => request.sinkOf(into)?.ordered === true).map(
      (name) => `the sort in "${name}" has no effect: what follows does not keep the order of rows`,
    ),
    ...[...steps.values()].flatMap(({ step, schema }) => [
      ...relationsOf(step).flatMap(({ relation }) => unorderedDeduplications(step.name, relation)),
      ...failingSchemaChecks(step.name, step.checks ?? [], schema),
    ]),
    ...[...ends].flatMap(([name, reasons]) => landingWarnings(name, reasons)),
    ...[...extracts.values()].flatMap((extract) => persistentWarnings(extract, used.get(extract.dataset)?.size ?? 0)),
    ...replacingLoads(request.definition).map(
      (name) => `"${name}" replaces its target with what is new: after each run it holds the rows of that run only`,
    ),
    ...parameterLosses(request.definition).map(
      ({ load, dataset, parameter }) =>
        `"${load}" takes what is new in "${dataset}" and leaves rows out by $${parameter}: they count as read, and another value does not bring them back`,
    ),
    ...unusedParameters(request),
  ];
}

function inlineWarnings({ definition }: PlanRequest): readonly string[] {
  const names = new Map<string, string[]>();
  for (const step of definition.steps) {
    for (const source of relationsOf(step).flatMap(({ relation }) => scansOf(relation))) {
      if (!("inline" in source)) continue;
      const path = source.inline.path;
      const shown = typeof path === "string" ? path : source.inline.type;
      names.set(shown, [...new Set([...(names.get(shown) ?? []), step.name])]);
    }
  }
  return [...names]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([shown, readers]) =>
        `${shown} (read by ${joinWords(readers)}) has no frozen schema: it is looked at anew in each run; name it in datasets and run sluice sync`,
    );
}

function unorderedDeduplications(step: string, relation: Relation): readonly string[] {
  let found = false;
  walkRelation(relation, (node) => {
    found ||= node.kind === "deduplicate" && node.by.length === 0;
  });
  return found ? [`"${step}" deduplicates without an order: which of several rows stays is open`] : [];
}

function failingSchemaChecks(
  step: string,
  checks: readonly Parameters<typeof checkNames>[0][number][],
  schema: InferredStep["schema"],
): readonly string[] {
  const names = checkNames(checks);
  return checks.flatMap((check, index) => {
    const problems = check.kind === "schema" ? schemaProblems(check, schema) : [];
    const verb = check.otherwise === "warn" ? "warn" : "fail";
    return problems.length === 0
      ? []
      : [`the check "${names[index]}" of "${step}" will ${verb}: ${problems.join("; ")}`];
  });
}

/** Landing only to be retried or timed apart is a cost that its author may not see. */
function landingWarnings(name: string, reasons: readonly string[]): readonly string[] {
  const isOnlyAttempts =
    reasons.length > 0 && reasons.every((reason) => /^it has a (retry|timeout) of its own$/.test(reason));
  if (!isOnlyAttempts) return [];
  return [
    `"${name}" is written to disk only because ${joinWords(reasons)}: give that to the step that reads it instead`,
  ];
}

function persistentWarnings({ dataset, columns, isPersistent }: Extract, used: number): readonly string[] {
  if (!isPersistent || used >= columns.length) return [];
  return [
    `"${dataset}" is kept with all ${columns.length} columns, of which ${used} are used here: about 4 times the read`,
  ];
}

/** A parameter may stand in an expression, in the template of an address, or in raw SQL; functions and commands get all. */
function unusedParameters({ definition, datasets }: PlanRequest): readonly string[] {
  if (definition.steps.some(({ kind }) => kind === "task" || kind === "shell")) return [];
  const text = canonicalJson([definition.steps, [...datasets.values()].map(({ source }) => source)]);
  return (definition.parameters ?? [])
    .filter(({ name }) =>
      [`"kind":"parameter","name":"${name}"`, `{${name}}`, `$${name}`].every((form) => !text.includes(form)),
    )
    .map(({ name }) => `the parameter "${name}" is not used`);
}
