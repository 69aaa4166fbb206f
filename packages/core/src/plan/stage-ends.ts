import type { StepDefinition } from "../definition/definition.ts";
import { stepsMeasuredBy, stepsReadBy } from "../definition/step-graph.ts";

/** Why a step ends its stage, as parts of a sentence; a step without reasons is fused into the one that reads it. */
export type StageEnds = ReadonlyMap<string, readonly string[]>;

/**
 * Where stages end. A transform is fused into its single reader, unless something has to see its rows by themselves.
 *
 * @example
 * stageEnds(steps).get("crash"); // ["it has 2 checks", "2 steps read it: load_crash, report"]
 */
export function stageEnds(steps: readonly StepDefinition[]): StageEnds {
  return new Map(
    steps.map((step) => [step.name, step.kind === "load" ? ["it is a load"] : reasonsOf(step, steps)] as const),
  );
}

function reasonsOf(step: StepDefinition, steps: readonly StepDefinition[]): readonly string[] {
  const reads = steps.flatMap((other) =>
    stepsReadBy(other).flatMap((name) => (name === step.name ? [other.name] : [])),
  );
  const readers = [...new Set(reads)].sort();
  const [only] = readers;
  const measures = namesOf(steps.filter((other) => stepsMeasuredBy(other.when).includes(step.name)));
  const waits = namesOf(steps.filter((other) => other.after?.includes(step.name) && !readers.includes(other.name)));
  const checks = step.checks?.length ?? 0;
  return [
    ...(checks > 0 ? [`it has ${checks === 1 ? "a check" : `${checks} checks`}`] : []),
    ...(step.when === undefined ? [] : ["it has a condition of its own (when)"]),
    ...(step.retry === undefined ? [] : ["it has a retry of its own"]),
    ...(step.timeoutMs === undefined ? [] : ["it has a timeout of its own"]),
    ...(readers.length > 1 ? [`${readers.length} steps read it: ${readers.join(", ")}`] : []),
    ...(only === undefined ? ["no step reads it"] : []),
    ...(readers.length === 1 && reads.length > 1 ? [`${only} reads it ${reads.length} times`] : []),
    ...(measures.length > 0
      ? [`${measures.join(", ")} ${measures.length === 1 ? "looks" : "look"} at its counts`]
      : []),
    ...(waits.length > 0 ? [`${waits.join(", ")} ${waits.length === 1 ? "waits" : "wait"} for it`] : []),
  ];
}

function namesOf(steps: readonly StepDefinition[]): readonly string[] {
  return steps.map((step) => step.name).sort();
}
