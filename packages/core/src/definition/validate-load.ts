import { didYouMean } from "../infer/closest.ts";
import type { LoadDefinition } from "./definition.ts";
import { settingProblems } from "./load-settings.ts";
import { checkColumnNames } from "./names.ts";
import type { Problems } from "./problems.ts";
import { validateExpression } from "./validate-expression.ts";
import type { RelationPlace } from "./validate-relation.ts";

/** Reports what is wrong with how a load writes, and where. False where its condition is too deep to be walked. */
export function validateLoad(
  step: LoadDefinition,
  { parameters, isAggregate }: Pick<RelationPlace, "parameters" | "isAggregate">,
  problems: Problems,
): boolean {
  const path = `steps.${step.name}`;
  for (const { member, message, ...details } of settingProblems(step.mode, step)) {
    // What is absent has no place of its own.
    const at = member !== "mode" && step[member] === undefined ? path : `${path}.${member}`;
    problems.add(at, `the load "${step.name}": ${message}`, details);
  }
  checkColumnNames(step.key ?? [], `${path}.key`, problems);
  checkColumnNames(step.partitions ?? [], `${path}.partitions`, problems);
  if (step.into.type.trim() === "") problems.add(`${path}.into`, `the load "${step.name}" has no target`);
  validateTakeOver(step, problems);
  return (
    step.where === undefined ||
    validateExpression(step.where, { path: `${path}.where`, parameters }, isAggregate, problems)
  );
}

/** A table is taken over by its name, so that another target does not take over another one. */
function validateTakeOver({ name, into, takeOver }: LoadDefinition, problems: Problems): void {
  if (takeOver === undefined) return;
  const path = `steps.${name}.takeOver`;
  const { table, schema } = into;
  if (typeof table !== "string") {
    problems.add(path, `the load "${name}" takes over "${takeOver}", and its target is no table`, {
      offending: takeOver,
      hint: "leave takeOver out: it is for tables that sluice did not make",
    });
  } else if (takeOver !== table && !(typeof schema === "string" && takeOver === `${schema}.${table}`)) {
    problems.add(path, `the load "${name}" takes over "${takeOver}", and writes the table "${table}"`, {
      offending: takeOver,
      hint: didYouMean(takeOver, [table], "tables that it writes"),
    });
  }
}
