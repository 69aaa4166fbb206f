import { isTypeText } from "../schema/types.ts";
import { checkNames } from "./check-name.ts";
import type { CheckDefinition } from "./definition.ts";
import { checkColumnName, checkColumnNames, checkRepeated } from "./names.ts";
import type { Problems } from "./problems.ts";
import { refuseNul, validateExpression, validateType } from "./validate-expression.ts";
import { validateKeys } from "./validate-keys.ts";
import type { RelationPlace } from "./validate-relation.ts";

/** Whether a check judges rows one by one. */
export function isRowCheck(check: CheckDefinition): boolean {
  switch (check.kind) {
    case "notNull":
    case "accepted":
    case "range":
    case "pattern":
    case "expression":
      return true;
    case "unique":
    case "rowCount":
    case "schema":
      return false;
    default:
      return check satisfies never;
  }
}

/** Reports what is wrong with the checks of a step whatever its columns are. */
export function validateChecks(checks: readonly CheckDefinition[], place: RelationPlace, problems: Problems): void {
  const own = checks.flatMap((check) => (check.name === undefined ? [] : [check.name]));
  checkRepeated(own, "the check", place.path, problems);
  const names = checkNames(checks);
  for (const [index, check] of checks.entries()) {
    const inside = { ...place, path: `${place.path}[${index}]` };
    const name = names[index] ?? check.kind;
    validateConsequence(check, name, inside.path, problems);
    validateCheck(check, name, inside, problems);
  }
}

function validateConsequence(check: CheckDefinition, name: string, path: string, problems: Problems): void {
  const countable = isRowCheck(check) || check.kind === "unique";
  if (check.name?.trim() === "") problems.add(path, "a check has an empty name");
  if (check.otherwise === "divert" && !countable) {
    problems.add(path, `the check "${name}" cannot divert: no single row is to blame`, {
      offending: "divert",
      hint: "use otherwise: fail or warn; row checks and unique can divert",
    });
  }
  if (check.mostly === undefined) return;
  if (!countable) problems.add(path, `the check "${name}" takes no mostly: it does not count rows`);
  if (!(check.mostly > 0 && check.mostly <= 1)) {
    problems.add(path, `mostly is ${check.mostly} in the check "${name}"; it is a share above 0 up to 1`, {
      offending: String(check.mostly),
      ...(check.mostly > 1 && check.mostly <= 100 ? { hint: `did you mean ${check.mostly / 100}?` } : {}),
    });
  }
}

function validateCheck(check: CheckDefinition, name: string, place: RelationPlace, problems: Problems): void {
  const { path } = place;
  switch (check.kind) {
    case "notNull":
    case "unique":
      if (check.columns.length === 0) problems.add(path, `${check.kind} names no columns`);
      checkColumnNames(check.columns, path, problems);
      if (check.kind === "unique") validateKeys(check.by ?? [], place, problems);
      return;
    case "accepted":
      checkColumnName(check.column, path, problems);
      if (check.values.length === 0) problems.add(path, `the check "${name}" accepts no value at all`);
      for (const value of check.values) if (typeof value === "string") refuseNul(value, path, problems);
      return;
    case "range":
      checkColumnName(check.column, path, problems);
      if (check.min === undefined && check.max === undefined)
        problems.add(path, `the check "${name}" has no bound`, { hint: "give min or max" });
      for (const bound of [check.min, check.max]) if (bound !== undefined) refuseNul(bound, path, problems);
      return;
    case "pattern":
      checkColumnName(check.column, path, problems);
      if (check.pattern === "") problems.add(path, `the check "${name}" has an empty pattern`);
      refuseNul(check.pattern, path, problems);
      return;
    case "rowCount":
      validateRowCount(check.min, check.max, name, path, problems);
      return;
    case "expression":
      validateExpression(check.condition, { path, parameters: place.parameters }, place.isAggregate, problems);
      return;
    case "schema":
      checkColumnNames(
        check.columns.map((column) => column.name),
        path,
        problems,
      );
      for (const column of check.columns) if (!isTypeText(column.type)) validateType(column.type, path, problems);
      return;
    default:
      check satisfies never;
  }
}

function validateRowCount(
  min: number | undefined,
  max: number | undefined,
  name: string,
  path: string,
  problems: Problems,
): void {
  if (min === undefined && max === undefined)
    problems.add(path, `the check "${name}" has no bound`, { hint: "give min or max" });
  for (const bound of [min, max]) {
    if (bound === undefined || (Number.isSafeInteger(bound) && bound >= 0)) continue;
    problems.add(path, `${bound} in the check "${name}" is not a number of rows`, { offending: String(bound) });
  }
  if (min !== undefined && max !== undefined && min > max) {
    problems.add(path, `the check "${name}" asks for at least ${min} and at most ${max} rows, which cannot be`);
  }
}
