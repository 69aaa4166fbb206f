import type { Expression } from "../ir/expression.ts";
import type { Relation } from "../ir/relation.ts";
import { call, scan } from "../plan/chicago.fixture.ts";
import type { PipelineDefinition, StepDefinition } from "./definition.ts";
import { validateDefinition } from "./validate.ts";

export const transform = (name: string, query: Relation, more: object = {}): StepDefinition => ({
  kind: "transform",
  name,
  query,
  ...more,
});
export const pipeline = (...steps: StepDefinition[]): PipelineDefinition => ({ name: "p", steps });

/** What is wrong with a definition: path, message, hint. */
export const found = (definition: PipelineDefinition): unknown[] =>
  validateDefinition(definition).map((error) => [error.at?.path, error.message, error.hint]);

export const inFilter = (condition: Expression): StepDefinition =>
  transform("t", { kind: "filter", input: scan("d"), condition });
export const metric: Expression = { kind: "metric", step: "t", name: "rowsOut" };
export const sum = (one: Expression): Expression => call("sum", one);
