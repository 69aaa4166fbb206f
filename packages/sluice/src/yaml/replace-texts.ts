import { type Expression, mapStepExpressions, type PipelineDefinition, type TextNode } from "@sluice/core";

/** The definition with every text that waited for its parser replaced by what it means. */
export function replaceTexts(
  definition: PipelineDefinition,
  parsed: ReadonlyMap<TextNode, Expression>,
): PipelineDefinition {
  const parse = (expression: Expression): Expression =>
    expression.kind === "text" ? (parsed.get(expression) ?? expression) : expression;
  return { ...definition, steps: definition.steps.map((step) => mapStepExpressions(step, parse)) };
}
