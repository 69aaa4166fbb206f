import { failingCondition, passingCondition } from "../checks/check-conditions.ts";
import { keptByUnique } from "../checks/evaluate-unique-checks.ts";
import { checkNames } from "../definition/check-name.ts";
import type { CheckDefinition, StepDefinition } from "../definition/definition.ts";
import type { Relation } from "../ir/relation.ts";
import type { Schema } from "../schema/schema.ts";

/** A check that takes rows out of a step, and what is left behind it. */
export interface Divert {
  readonly name: string;
  readonly check: CheckDefinition;
  readonly relation: Relation;
}

/** Whether a check with `divert` takes rows out; those with `mostly` depend on how many fail. */
export type Diverting = (step: string, check: string) => boolean;

/**
 * The checks of a step that take rows out, in the order in which they do: those that always do, those with `mostly`, then
 * uniqueness, which keeps the first of each key.
 */
export function divertsOf(
  step: Pick<StepDefinition, "name" | "checks">,
  start: Relation,
  schema: Schema,
  isDiverting: Diverting,
): readonly Divert[] {
  const { checks = [] } = step;
  const names = checkNames(checks);
  const diverting = checks
    .map((check, index) => ({ check, name: names[index] ?? check.kind }))
    .filter(({ check, name }) => check.otherwise === "divert" && isDiverting(step.name, name));
  const rank = ({ check }: { readonly check: CheckDefinition }): number =>
    check.kind === "unique" ? 2 : (check.mostly ?? 1) < 1 ? 1 : 0;
  const found: Divert[] = [];
  let input = start;
  for (const { check, name } of diverting.toSorted((a, b) => rank(a) - rank(b))) {
    const relation = without(check, input, schema);
    if (relation === undefined) continue;
    found.push({ name, check, relation });
    input = relation;
  }
  return found;
}

function without(check: CheckDefinition, input: Relation, schema: Schema): Relation | undefined {
  if (check.kind === "unique") return keptByUnique(input, check, schema);
  const failing = failingCondition(check, schema);
  return failing === undefined ? undefined : { kind: "filter", input, condition: passingCondition(failing) };
}
