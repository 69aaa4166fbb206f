import type { Expression } from "../ir/expression.ts";
import { mapExpressions, mapInputs, type Relation, type SortKey } from "../ir/relation.ts";
import type { CheckDefinition, StepDefinition } from "./definition.ts";
import { mapRelations } from "./step-graph.ts";

type Change = (expression: Expression) => Expression;

/**
 * The same step with each of its expressions changed: those of its relations and checks, its `when`, and the `where` of a load.
 * The change is given whole expressions, and goes into their operands where it wants to.
 *
 * @example
 * mapStepExpressions(step, (expression) => bindLiterals(expression, values));
 */
export function mapStepExpressions(step: StepDefinition, change: Change): StepDefinition {
  const inRelation = (relation: Relation): Relation => mapExpressions(mapInputs(relation, inRelation), change);
  const mapped: StepDefinition = {
    ...mapRelations(step, inRelation),
    ...(step.when === undefined ? {} : { when: change(step.when) }),
    ...(step.checks === undefined ? {} : { checks: step.checks.map((check) => inCheck(check, change)) }),
  };
  return mapped.kind !== "load" || mapped.where === undefined ? mapped : { ...mapped, where: change(mapped.where) };
}

function inCheck(check: CheckDefinition, change: Change): CheckDefinition {
  if (check.kind === "expression") return { ...check, condition: change(check.condition) };
  if (check.kind !== "unique" || check.by === undefined) return check;
  return { ...check, by: check.by.map((key): SortKey => ({ ...key, expression: change(key.expression) })) };
}
