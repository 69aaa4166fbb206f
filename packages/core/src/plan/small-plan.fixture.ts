import type { PipelineDefinition, StepDefinition } from "../definition/definition.ts";
import type { Relation } from "../ir/relation.ts";
import { csvDataset, people, planRequest } from "./chicago.fixture.ts";
import { createPlan } from "./create-plan.ts";

export const small = csvDataset("small", ["id: int64!", "name", "amount: decimal(10,2)", "spare"]);
export const load = (from: Relation, more: Partial<StepDefinition> = {}): StepDefinition =>
  ({
    kind: "load",
    name: "save",
    from,
    into: { type: "file", path: "out.csv" },
    mode: "replace",
    ...more,
  }) as StepDefinition;
export const transform = (name: string, query: Relation, more: Partial<StepDefinition> = {}): StepDefinition =>
  ({ kind: "transform", name, query, ...more }) as StepDefinition;
export const pipeline = (...steps: StepDefinition[]): PipelineDefinition => ({ name: "p", steps });
export const plan = (...steps: StepDefinition[]) => createPlan(planRequest(pipeline(...steps), [small, people]));
