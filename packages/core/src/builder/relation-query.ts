import type { StepDefinition } from "../definition/definition.ts";
import { expandSteps } from "../definition/expand-steps.ts";
import { allExpressionsOf } from "../definition/step-graph.ts";
import { SluiceError } from "../errors.ts";
import { walkExpression } from "../ir/expression.ts";
import type { Relation as RelationNode } from "../ir/relation.ts";
import { declaredTypeOf } from "./functions.ts";
import { provenanceOf } from "./provenance.ts";
import type { RelationQuery } from "./query-port.ts";
import { stepsNeededBy, stepsOf } from "./steps-behind.ts";

/** A relation of the builder as it is handed to what computes it. */
export function relationQuery(relation: { readonly node: RelationNode }): RelationQuery {
  const queries = new Map<string, RelationNode>();
  const works = new Set<string>();
  const waiting: unknown[] = [...stepsOf(relation)];
  const seen = new Set<unknown>();
  for (let step = waiting.pop(); step !== undefined; step = waiting.pop()) {
    if (seen.has(step)) continue;
    seen.add(step);
    const { name, step: definition } = step as { readonly name: string; readonly step: StepDefinition };
    if (queries.has(name) || works.has(name)) {
      throw new SluiceError("config", `two steps that the relation reads are named "${name}"`, {
        offending: name,
        hint: "give one of them another name",
      });
    }
    if (definition.kind === "task" || definition.kind === "shell") {
      works.add(name);
      continue;
    }
    queries.set(name, definition.kind === "transform" ? definition.query : definition.from);
    waiting.push(...(stepsNeededBy(step as object) ?? []));
  }
  const expanded = expandSteps(relation.node, (name) => {
    const query = queries.get(name);
    if (query !== undefined) return query;
    if (works.has(name)) {
      throw new SluiceError(
        "unsupported",
        `the rows of "${name}" are those of a task or a command, which only a run has`,
        {
          offending: name,
          hint: "run the pipeline, and read what it loads",
        },
      );
    }
    throw new SluiceError("internal", `the step "${name}" of a relation is not known`);
  });
  const { modules, parameters } = provenanceOf(relation);
  const parameterTypes = new Map(parameters);
  for (const expression of allExpressionsOf(expanded)) {
    walkExpression(expression, (node) => {
      const type = node.kind === "parameter" ? declaredTypeOf(node) : undefined;
      if (node.kind === "parameter" && type !== undefined) parameterTypes.set(node.name, type);
    });
  }
  return { relation: expanded, parameterTypes, modules: [...modules] };
}
