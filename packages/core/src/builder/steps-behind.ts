const behind = new WeakMap<object, ReadonlySet<object>>();
const NONE: ReadonlySet<object> = new Set();

/** The steps whose output a relation reads. */
export function stepsOf(relation: object): ReadonlySet<object> {
  return behind.get(relation) ?? NONE;
}

/** Says which steps stand behind a relation. */
export function setSteps(relation: object, steps: ReadonlySet<object>): void {
  behind.set(relation, steps);
}

const needs = new WeakMap<object, readonly object[]>();

/** The steps that a step refers to, by its relation and by `after`; undefined for what is no step. */
export function stepsNeededBy(step: object): readonly object[] | undefined {
  return needs.get(step);
}

/** Says which steps a step refers to. */
export function setNeeds(step: object, needed: readonly object[]): void {
  needs.set(step, needed);
}
