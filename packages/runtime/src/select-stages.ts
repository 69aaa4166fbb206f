import { didYouMean, type Plan, type PlannedStage, SluiceError } from "@sluice/core";

/** The stages that a stage waits for: those that it reads and those it is put behind. */
export function needsOf(stage: PlannedStage): readonly string[] {
  const needs = new Set(stage.after);
  for (const read of stage.reads) if ("stage" in read) needs.add(read.stage);
  return [...needs];
}

/** The stages to run, in the plan's order: all, or those that one step (or one landed dataset) needs. */
export function selectStages(plan: Plan, step: string | undefined): readonly PlannedStage[] {
  if (step === undefined) return plan.stages;
  const target = plan.stages.find((stage) => stage.name === step || stage.steps.includes(step));
  if (target === undefined) {
    const names = plan.stages.flatMap((stage) => stage.steps);
    throw new SluiceError("config", `pipeline "${plan.definition.name}" has no step "${step}"`, {
      offending: step,
      hint: didYouMean(step, names, "its steps"),
    });
  }
  const wanted = new Set<string>();
  const want = (name: string): void => {
    if (wanted.has(name)) return;
    wanted.add(name);
    const stage = plan.stages.find((other) => other.name === name);
    for (const need of stage === undefined ? [] : needsOf(stage)) want(need);
  };
  want(target.name);
  return plan.stages.filter((stage) => wanted.has(stage.name));
}
