import type { CheckDefinition } from "../definition/definition.ts";

/**
 * The name of a check: its own, else its kind and columns. Two checks of a step that would share one are told apart
 * by `checkNames`.
 *
 * @example
 * checkName({ kind: "notNull", columns: ["crash_id"] }); // "notNull(crash_id)"
 */
export function checkName(check: CheckDefinition): string {
  return check.name ?? defaultCheckName(check);
}

/** The name that a check has where its author gives none. */
export function defaultCheckName(check: CheckDefinition): string {
  switch (check.kind) {
    case "notNull":
    case "unique":
      return `${check.kind}(${check.columns.join(", ")})`;
    case "accepted":
    case "range":
    case "pattern":
      return `${check.kind}(${check.column})`;
    case "rowCount":
    case "expression":
    case "schema":
      return check.kind;
    default:
      return check satisfies never;
  }
}

/**
 * The names of a step's checks, in order: where several have the same made name, the later ones are numbered.
 *
 * @example
 * checkNames([{ kind: "expression", … }, { kind: "expression", … }]); // ["expression", "expression 2"]
 */
export function checkNames(checks: readonly CheckDefinition[]): readonly string[] {
  const taken = new Set(checks.flatMap((check) => (check.name === undefined ? [] : [check.name])));
  return checks.map((check) => {
    if (check.name !== undefined) return check.name;
    const made = defaultCheckName(check);
    let name = made;
    for (let count = 2; taken.has(name); count++) name = `${made} ${count}`;
    taken.add(name);
    return name;
  });
}
