import type { StepDefinition } from "../definition/definition.ts";
import { scansOf, stepsMeasuredBy } from "../definition/step-graph.ts";
import { mapInputs, type Relation } from "../ir/relation.ts";
import type { InferredStep } from "./infer-steps.ts";
import { type StageEnds, stageEnds } from "./stage-ends.ts";

/** A stage before it is known which datasets are landed: its relation scans datasets and landed stages. */
export interface DraftStage {
  readonly name: string;
  /** In order; the last gives the stage its name. */
  readonly steps: readonly string[];
  readonly last: StepDefinition;
  readonly relation: Relation;
  /** Stages that must be done before, sorted: those that it reads, waits for or measures. */
  readonly after: readonly string[];
  readonly reasons: readonly string[];
}

/** Fuses steps into stages; the steps come, and the stages go, in an order in which they can run. */
export function draftStages(steps: ReadonlyMap<string, InferredStep>): readonly DraftStage[] {
  const ends = stageEnds([...steps.values()].map(({ step }) => step));
  const stageOf = new Map<string, string>();
  const drafts: DraftStage[] = [];
  for (const [name, { step, relation }] of steps) {
    if ((ends.get(name) ?? []).length === 0) continue;
    const inside = new Set<string>([name]);
    const fused = fuse(relation, steps, ends, inside);
    for (const one of inside) stageOf.set(one, name);
    const ordered = [...steps.keys()].filter((one) => inside.has(one));
    drafts.push({
      name,
      steps: ordered,
      last: step,
      relation: fused,
      after: stagesBefore(ordered, fused, steps),
      reasons: ends.get(name) ?? [],
    });
  }
  return drafts.map((draft) => ({ ...draft, after: stagesOf(draft, stageOf) }));
}

function fuse(
  relation: Relation,
  steps: ReadonlyMap<string, InferredStep>,
  ends: StageEnds,
  inside: Set<string>,
): Relation {
  if (relation.kind !== "scan" || !("step" in relation.source)) {
    return mapInputs(relation, (input) => fuse(input, steps, ends, inside));
  }
  const { step } = relation.source;
  const read = steps.get(step);
  if (read === undefined || (ends.get(step) ?? []).length > 0) return { kind: "scan", source: { stage: step } };
  inside.add(step);
  return fuse(read.relation, steps, ends, inside);
}

/** The steps outside a stage that one of its steps needs. */
function stagesBefore(
  inside: readonly string[],
  relation: Relation,
  steps: ReadonlyMap<string, InferredStep>,
): readonly string[] {
  const read = scansOf(relation).flatMap((source) => ("stage" in source ? [source.stage] : []));
  const waited = inside.flatMap((name) => {
    const step = steps.get(name)?.step;
    return [...(step?.after ?? []), ...stepsMeasuredBy(step?.when)];
  });
  return [...read, ...waited];
}

function stagesOf(draft: DraftStage, stageOf: ReadonlyMap<string, string>): readonly string[] {
  const stages = new Set(draft.after.map((step) => stageOf.get(step) ?? step));
  stages.delete(draft.name);
  return [...stages].sort();
}
