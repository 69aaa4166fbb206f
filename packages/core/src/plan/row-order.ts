import type { PipelineDefinition } from "../definition/definition.ts";
import { inputsOf, type Relation } from "../ir/relation.ts";
import type { Address } from "../schema/frozen.ts";
import type { InferredStep } from "./infer-steps.ts";
import type { PlannedStage } from "./plan.ts";
import type { StageEnds } from "./stage-ends.ts";
import { isWork } from "./work-steps.ts";

/**
 * Whether the order of a relation's rows means something: it was sorted, and nothing above the sort loses the order.
 * `isOrdered(stage)` says it of a landed stage that is scanned.
 *
 * @example
 * isOrdered({ kind: "limit", input: { kind: "sort", … }, count: 10 }, () => false); // true
 */
export function isOrdered(relation: Relation, isStageOrdered: (stage: string) => boolean): boolean {
  if (relation.kind === "sort") return true;
  if (relation.kind === "scan") return "stage" in relation.source && isStageOrdered(relation.source.stage);
  if (relation.kind === "sql") return relation.texts.some((text) => /\border\s+by\b/i.test(text));
  const [input] = inputsOf(relation);
  return keepsOrder(relation) && input !== undefined && isOrdered(input, isStageOrdered);
}

/**
 * Whether the order of a stage's output means something, so that it has to be written and read in it.
 *
 * @example
 * isStageOrdered(plan.stages, "load_crash"); // false: nothing was sorted
 */
export function isStageOrdered(stages: readonly PlannedStage[], name: string): boolean {
  const stage = stages.find((one) => one.name === name);
  return stage !== undefined && isOrdered(stage.relation, (read) => isStageOrdered(stages, read));
}

function keepsOrder(node: Relation): boolean {
  switch (node.kind) {
    case "select":
    case "derive":
    case "rename":
    case "keep":
    case "drop":
    case "dropNulls":
    case "filter":
    case "limit":
      return true;
    case "fill":
      return node.how === "value";
    case "scan":
    case "values":
    case "join":
    case "union":
    case "distinct":
    case "aggregate":
    case "sort":
    case "deduplicate":
    case "window":
    case "intersect":
    case "except":
    case "sample":
    case "pivot":
    case "unpivot":
    case "unnest":
    case "incremental":
    case "sql":
      return false;
    default:
      return node satisfies never;
  }
}

/** The steps that sort in vain: what follows does not keep the order, or the target has none. */
export function uselessSorts(
  definition: PipelineDefinition,
  steps: ReadonlyMap<string, InferredStep>,
  ends: StageEnds,
  isTargetOrdered: (into: Address) => boolean,
): readonly string[] {
  const asked = new Map<string, boolean>();
  const useless = new Set<string>();
  for (const [name, { step, relation }] of [...steps].reverse()) {
    const isEnd = (ends.get(name) ?? []).length > 0;
    const isUnread = isEnd && !asked.has(name);
    const byTarget = step.kind === "load" ? isTargetOrdered(step.into) : isUnread || asked.get(name) === true;
    // Taking out repeated rows sorts them anew.
    const isDiverted = step.checks?.some((check) => check.kind === "unique" && check.otherwise === "divert") ?? false;
    follow(relation, byTarget && !isDiverted, asked, () => useless.add(name));
  }
  return definition.steps.map((step) => step.name).filter((name) => useless.has(name));
}

function follow(node: Relation, matters: boolean, asked: Map<string, boolean>, report: () => void): void {
  if (node.kind === "scan" && "step" in node.source) {
    const { step } = node.source;
    asked.set(step, matters || asked.get(step) === true);
  }
  if (node.kind === "sort" && !matters) report();
  // A limit takes the first rows, so the order below it decides which.
  // A task or a command gets its rows in their order.
  const below = node.kind === "limit" || isWork(node) || (matters && keepsOrder(node));
  for (const input of inputsOf(node)) follow(input, below, asked, report);
}
