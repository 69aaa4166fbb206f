import type { CheckDefinition } from "../definition/definition.ts";
import { isSluiceError, locate, SluiceError } from "../errors.ts";
import { assertCondition, typeOf, unknownColumn } from "../infer/type-of.ts";
import type { Schema } from "../schema/schema.ts";
import { familyOf, parseType, type TypeText } from "../schema/types.ts";
import { failingCondition } from "./check-conditions.ts";

/**
 * Refuses a check that does not fit the columns it looks at: unknown names, values of another type, a pattern on numbers.
 *
 * @example
 * assertCheckFits({ kind: "notNull", columns: ["nme"] }, schema, parameters, "steps.crash.checks[0]");
 * // throws 'there is no column "nme"' at steps.crash.checks[0], did you mean "name"?
 * @throws SluiceError `config`, with its path in `at.path`
 */
export function assertCheckFits(
  check: CheckDefinition,
  schema: Schema,
  parameters: ReadonlyMap<string, TypeText>,
  path: string,
): void {
  try {
    assertFits(check, schema, parameters);
  } catch (error) {
    throw isSluiceError(error) ? locate(error, { file: "", path }) : error;
  }
}

function assertFits(check: CheckDefinition, schema: Schema, parameters: ReadonlyMap<string, TypeText>): void {
  const scope = { columns: schema.columns, parameters };
  for (const name of columnsOf(check)) {
    if (!schema.columns.some((column) => column.name === name)) throw unknownColumn(name, schema.columns);
  }
  if (check.kind === "unique") for (const key of check.by ?? []) typeOf(key.expression, scope);
  if (check.kind === "expression") assertCondition(check.condition, scope, "an expression check");
  const condition = failingCondition(check, schema);
  if (condition === undefined) return;
  try {
    assertCondition(condition, scope, "a check");
  } catch (error) {
    if (!isSluiceError(error) || check.kind === "expression") throw error;
    throw explained(error, check);
  }
  if (check.kind === "range") assertRange(check, schema);
}

/** Bounds between which no value lies would fail every row. Of text, the order is that of its letters and may be meant so. */
function assertRange({ column, min, max }: Extract<CheckDefinition, { kind: "range" }>, schema: Schema): void {
  const found = schema.columns.find(({ name }) => name === column);
  if (found === undefined || min === undefined || max === undefined) return;
  const family = familyOf(parseType(found.type));
  const isNumber = family === "int" || family === "decimal" || family === "float";
  const isMoment = family === "date" || family === "time" || family === "timestamp";
  if (!(isNumber ? Number(min) > Number(max) : isMoment && isLater(min, max))) return;
  throw new SluiceError(
    "config",
    `the range of "${column}" has its bounds the wrong way round: ${min} is above ${max}`,
    { hint: `did you mean min: ${max}, max: ${min}?` },
  );
}

/** As they are usually written, and as far as both are: a day, a time, or both. */
const MOMENT = /^(?:\d{4}-\d{2}-\d{2})?(?:[ T]?\d{2}:\d{2}:\d{2})?$/;

function isLater(one: string, other: string): boolean {
  if (one.length !== other.length || ![one, other].every((text) => MOMENT.test(text))) return false;
  return one.replace("T", " ") > other.replace("T", " ");
}

function explained(error: SluiceError, check: CheckDefinition): SluiceError {
  const place = "column" in check ? ` of "${check.column}"` : "";
  return new SluiceError("config", `the check ${check.kind}${place} does not fit: ${error.message}`, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    cause: error,
  });
}

function columnsOf(check: CheckDefinition): readonly string[] {
  switch (check.kind) {
    case "notNull":
    case "unique":
      return check.columns;
    case "accepted":
    case "range":
    case "pattern":
      return [check.column];
    case "rowCount":
    case "expression":
    case "schema":
      return [];
    default:
      return check satisfies never;
  }
}
