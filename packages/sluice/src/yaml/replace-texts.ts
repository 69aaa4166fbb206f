import {
  type CheckDefinition,
  type Expression,
  mapExpressions,
  mapInputs,
  mapRelations,
  type PipelineDefinition,
  type Relation,
  type SortKey,
  type StepDefinition,
  type TextNode,
} from "@sluice/core";

/** The definition with every text that waited for its parser replaced by what it means. */
export function replaceTexts(
  definition: PipelineDefinition,
  parsed: ReadonlyMap<TextNode, Expression>,
): PipelineDefinition {
  const parse = (expression: Expression): Expression =>
    expression.kind === "text" ? (parsed.get(expression) ?? expression) : expression;
  return { ...definition, steps: definition.steps.map((step) => inStep(step, parse)) };
}

type Parse = (expression: Expression) => Expression;

function inStep(step: StepDefinition, parse: Parse): StepDefinition {
  const common = {
    ...(step.when === undefined ? {} : { when: parse(step.when) }),
    ...(step.checks === undefined ? {} : { checks: step.checks.map((check) => inCheck(check, parse)) }),
  };
  const mapped = { ...mapRelations(step, (relation) => inRelation(relation, parse)), ...common };
  return mapped.kind !== "load" || mapped.where === undefined ? mapped : { ...mapped, where: parse(mapped.where) };
}

function inRelation(relation: Relation, parse: Parse): Relation {
  return mapExpressions(
    mapInputs(relation, (input) => inRelation(input, parse)),
    parse,
  );
}

function inCheck(check: CheckDefinition, parse: Parse): CheckDefinition {
  if (check.kind === "expression") return { ...check, condition: parse(check.condition) };
  if (check.kind !== "unique" || check.by === undefined) return check;
  return { ...check, by: check.by.map((key): SortKey => ({ ...key, expression: parse(key.expression) })) };
}
