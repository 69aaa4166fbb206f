import {
  canonicalDefinition,
  detailsOf,
  type Expression,
  type ExpressionParser,
  expressionsOf,
  isSluiceError,
  mapOperands,
  mapStepExpressions,
  type PipelineDefinition,
  relationPaths,
  relationsOf,
  SluiceError,
  type TextNode,
  walkExpression,
  walkRelation,
} from "@sluice/core";
import type { DeclaredText } from "./declared-types.ts";

interface ParsedTexts {
  readonly definition: PipelineDefinition;
  readonly declared: readonly DeclaredText[];
}

interface Written {
  readonly node: TextNode;
  readonly sides: boolean;
  readonly step: string;
  readonly path: string;
}

/** Every SQL text that a definition still holds, once for each place. */
export function textsOf(definition: PipelineDefinition): readonly Written[] {
  const found: Written[] = [];
  for (const step of definition.steps) {
    const path = `steps.${step.name}`;
    const add = (expression: Expression, sides: boolean, place: string): void => {
      walkExpression(expression, (node) => {
        if (node.kind === "text") found.push({ node, sides, step: step.name, path: place });
      });
    };
    for (const { member, relation: read } of relationsOf(step)) {
      const base = `${path}.${member}`;
      const places = relationPaths(read, base);
      walkRelation(read, (relation) => {
        const place = places.get(relation) ?? base;
        for (const expression of expressionsOf(relation)) add(expression, relation.kind === "join", place);
      });
    }
    if (step.when !== undefined) add(step.when, false, `${path}.when`);
    if (step.kind === "load" && step.where !== undefined) add(step.where, false, `${path}.where`);
    for (const check of step.checks ?? []) {
      if (check.kind === "expression") add(check.condition, false, `${path}.checks`);
      if (check.kind === "unique") for (const key of check.by ?? []) add(key.expression, false, `${path}.checks`);
    }
  }
  return found;
}

/**
 * The definition with every SQL text replaced by what it means, so that `expr("hour(x)")` and `c.x.hour()` are equal,
 * and what their author said of their types, which only a plan can verify.
 *
 * @throws SluiceError `config` with its path inside the definition
 */
export async function parseTexts(
  definition: PipelineDefinition,
  parser: () => Promise<ExpressionParser>,
): Promise<ParsedTexts> {
  const texts = textsOf(definition);
  if (texts.length === 0) return { definition, declared: [] };
  const reader = await parser();
  const parsed = new Map<TextNode, Expression>();
  for (const { node, sides, path } of texts) {
    try {
      parsed.set(node, await reader.parse(node.text, { sides }));
    } catch (thrown) {
      if (!isSluiceError(thrown)) throw thrown;
      const offending = thrown.offending ?? node.text;
      const message = `${thrown.message} (in expr("${node.text}"))`;
      throw new SluiceError(thrown.code, message, { ...detailsOf(thrown), at: { file: "", path }, offending });
    }
  }
  const replace = (expression: Expression): Expression =>
    expression.kind === "text" ? (parsed.get(expression) ?? expression) : mapOperands(expression, replace);
  const declared = texts.flatMap(({ node, step, path }): DeclaredText[] => {
    const expression = parsed.get(node);
    if (expression === undefined || node.declared === undefined) return [];
    return [{ text: node.text, declared: node.declared, step, path, expression }];
  });
  const steps = definition.steps.map((step) => mapStepExpressions(step, replace));
  return { definition: canonicalDefinition({ ...definition, steps }), declared };
}
