import type { CheckDefinition } from "../definition/definition.ts";
import { isRowCheck } from "../definition/validate-checks.ts";
import { SluiceError } from "../errors.ts";
import type { Expression } from "../ir/expression.ts";
import type { NamedExpression, Relation } from "../ir/relation.ts";
import { call, combined, failingCondition, passingCondition } from "./check-conditions.ts";
import { countedMessage } from "./check-message.ts";
import type { CheckOutcome, ChecksOutcome, ChecksRequest, CountQuery, Counts } from "./evaluate-checks.ts";
import { verdictOf } from "./verdict.ts";

/** A check and the name it goes by. */
export interface NamedCheck {
  readonly name: string;
  readonly check: CheckDefinition;
}

interface RowCheck extends NamedCheck {
  readonly failing: Expression;
  /** Diverts whatever the count, so that the rows it takes are known before any is counted. */
  readonly alwaysDiverts: boolean;
}

export interface RowChecksOutcome {
  readonly outcomes: ReadonlyMap<string, CheckOutcome>;
  readonly rows: number;
  readonly diverted: ChecksOutcome["diverted"];
  readonly remaining: { readonly relation: Relation; readonly rows: number };
}

/** All row checks of a step in one scan; another one only where several checks with `mostly` divert. */
export function* evaluateRowChecks(
  checks: readonly NamedCheck[],
  { input, schema }: ChecksRequest,
): Generator<CountQuery, RowChecksOutcome, Counts> {
  const rowChecks = checks.filter(({ check }) => isRowCheck(check)).map((one) => withCondition(one, schema));
  const always = rowChecks.filter((one) => one.alwaysDiverts);
  const counts = yield countQuery(input, rowChecks, always);
  const count = (name: string): number => counts[name] ?? 0;
  const rows = count("rows");
  const taken = always.map((_, index) => count(`taken_${index}`));
  const staying = rows - sum(taken);
  const outcomes = new Map<string, CheckOutcome>();
  const stayed = filtered(input, always.map(passing));
  for (const [index, one] of rowChecks.entries()) {
    const seen = one.alwaysDiverts ? { rows, relation: input } : { rows: staying, relation: stayed };
    outcomes.set(one.name, outcomeOf(one, seen, count(`check_${index}`)));
  }
  const late = rowChecks.filter((one) => !one.alwaysDiverts && outcomes.get(one.name)?.status === "diverted");
  const lateTaken = yield* countTaken(stayed, late, outcomes);
  return {
    outcomes,
    rows,
    diverted: [...divertedBy(input, always, taken), ...divertedBy(stayed, late, lateTaken)],
    remaining: { relation: filtered(stayed, late.map(passing)), rows: staying - sum(lateTaken) },
  };
}

function withCondition({ name, check }: NamedCheck, schema: ChecksRequest["schema"]): RowCheck {
  const failing = failingCondition(check, schema);
  if (failing === undefined) throw new SluiceError("internal", `the check "${name}" judges rows by no condition`);
  return { name, check, failing, alwaysDiverts: check.otherwise === "divert" && (check.mostly ?? 1) === 1 };
}

function countQuery(input: Relation, checks: readonly RowCheck[], always: readonly RowCheck[]): CountQuery {
  const stays = always.map(passing);
  return counting(input, [
    ["rows", { kind: "call", name: "count", arguments: [] }],
    ...checks.map((one, index): NamedExpression => {
      const conditions = one.alwaysDiverts ? [one.failing] : [one.failing, ...stays];
      return [`check_${index}`, countWhere(conditions)];
    }),
    ...takenColumns(always),
  ]);
}

/** How many rows each check takes out that none before it does. */
function takenColumns(checks: readonly RowCheck[]): readonly NamedExpression[] {
  return checks.map((one, index) => [
    `taken_${index}`,
    countWhere([one.failing, ...checks.slice(0, index).map(passing)]),
  ]);
}

function* countTaken(
  input: Relation,
  checks: readonly RowCheck[],
  outcomes: ReadonlyMap<string, CheckOutcome>,
): Generator<CountQuery, readonly number[], Counts> {
  const [only] = checks;
  if (only === undefined) return [];
  if (checks.length === 1) return [outcomes.get(only.name)?.failing ?? 0];
  const counts = yield counting(input, takenColumns(checks));
  return checks.map((_, index) => counts[`taken_${index}`] ?? 0);
}

function divertedBy(input: Relation, checks: readonly RowCheck[], taken: readonly number[]): ChecksOutcome["diverted"] {
  return checks.flatMap((one, index) => {
    const rows = taken[index] ?? 0;
    const before = checks.slice(0, index).map(passing);
    return rows === 0 ? [] : [{ check: one.name, rows, relation: filtered(input, [one.failing, ...before]) }];
  });
}

function outcomeOf(one: RowCheck, seen: { rows: number; relation: Relation }, failing: number): CheckOutcome {
  const status = verdictOf(one.check, seen.rows, failing);
  return {
    name: one.name,
    kind: one.check.kind,
    status,
    rows: seen.rows,
    failing,
    message: countedMessage(one.check, seen.rows, failing),
    ...(failing === 0 ? {} : { sample: filtered(seen.relation, [one.failing]) }),
  };
}

function passing(one: RowCheck): Expression {
  return passingCondition(one.failing);
}

function countWhere(conditions: readonly Expression[]): Expression {
  return { kind: "call", name: "count", arguments: [], where: combined("and", conditions) };
}

/** One row of counts. */
export function counting(input: Relation, columns: readonly NamedExpression[]): CountQuery {
  return { relation: { kind: "aggregate", input, by: [], columns }, columns: columns.map(([name]) => name) };
}

/** The rows for which all conditions are true. */
export function filtered(input: Relation, conditions: readonly Expression[]): Relation {
  return conditions.length === 0 ? input : { kind: "filter", input, condition: combined("and", conditions) };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

/** True where one of the columns is null. */
export function anyNull(columns: readonly string[]): Expression {
  return combined(
    "or",
    columns.map((name) => call("isNull", { kind: "column", name })),
  );
}
