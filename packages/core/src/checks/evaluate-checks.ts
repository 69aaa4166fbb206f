import { checkNames } from "../definition/check-name.ts";
import type { CheckDefinition } from "../definition/definition.ts";
import { SluiceError } from "../errors.ts";
import type { Relation } from "../ir/relation.ts";
import type { Schema } from "../schema/schema.ts";
import { rowCountMessage } from "./check-message.ts";
import { evaluateRowChecks } from "./evaluate-row-checks.ts";
import { evaluateUniqueChecks } from "./evaluate-unique-checks.ts";
import { schemaOutcome } from "./schema-outcome.ts";
import { verdictOf } from "./verdict.ts";

/** What the checks of one step are evaluated over. */
export interface ChecksRequest {
  readonly step: string;
  readonly checks: readonly CheckDefinition[];
  /** What is looked at: a scan of the landed output (`{ stage }`), or of the target as it would be after the commit. */
  readonly input: Relation;
  /** Of `input`. */
  readonly schema: Schema;
  /** The types of the pipeline's parameters, for expression checks. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** A relation of exactly one row of int64 counts; the names of `columns` are those of its columns, in order. */
export interface CountQuery {
  readonly relation: Relation;
  readonly columns: readonly string[];
}

/** The row that a count query gave, by column. */
export type Counts = Readonly<Record<string, number>>;

/** What one check found: its verdict, how many rows it looked at and how many fail, and a sentence for people. */
export interface CheckOutcome {
  readonly name: string;
  readonly kind: CheckDefinition["kind"];
  readonly status: "passed" | "failed" | "warned" | "diverted";
  /** Rows that were looked at, and of those the ones that fail. */
  readonly rows: number;
  readonly failing: number;
  readonly message: string;
  /** The failing rows, all columns of the input; for a sample. Absent where none fail or where no single row is to blame. */
  readonly sample?: Relation;
}

/** What all checks of a step found together: whether it may publish, which rows go to quarantine, and which stay. */
export interface ChecksOutcome {
  /** In the order in which the checks were written. */
  readonly results: readonly CheckOutcome[];
  /** `failed`: nothing may be published. */
  readonly status: "passed" | "failed";
  /** Rows of the input, and of those the ones that stay. */
  readonly rows: number;
  readonly remainingRows: number;
  /** For the quarantine: every diverted row exactly once, under the first check that takes it out. */
  readonly diverted: readonly { readonly check: string; readonly rows: number; readonly relation: Relation }[];
  /** The output without diverted rows; absent where all rows stay. */
  readonly remaining?: Relation;
}

/**
 * Evaluates the checks of a step: yields one count query at a time, takes its row, ends with the outcome. Pure: who
 * drives it runs the queries, `runChecks` for example.
 *
 * Row checks come first, all in one scan: those that always divert see every row, the others see the rows that stay.
 * Then uniqueness, in the order written, each over what is left; at last the number of rows that remain.
 */
export function* evaluateChecks(request: ChecksRequest): Generator<CountQuery, ChecksOutcome, Counts> {
  const { checks, schema } = request;
  const names = checkNames(checks);
  const named = checks.map((check, index) => ({ check, name: names[index] ?? check.kind }));
  const byRow = yield* evaluateRowChecks(named, request);
  const byKey = yield* evaluateUniqueChecks(named, byRow.remaining, request);
  const { remaining, remainingRows } = byKey;
  const results = named.map((one): CheckOutcome => {
    if (one.check.kind === "rowCount") return rowCountOutcome(one.name, one.check, remainingRows);
    if (one.check.kind === "schema") return schemaOutcome(one.name, one.check, schema, remainingRows);
    return byRow.outcomes.get(one.name) ?? byKey.outcomes.get(one.name) ?? neverEvaluated(one.name);
  });
  const diverted = [...byRow.diverted, ...byKey.diverted];
  return {
    results,
    status: results.some((result) => result.status === "failed") ? "failed" : "passed",
    rows: byRow.rows,
    remainingRows,
    diverted,
    ...(diverted.length === 0 ? {} : { remaining }),
  };
}

function rowCountOutcome(
  name: string,
  check: Extract<CheckDefinition, { kind: "rowCount" }>,
  rows: number,
): CheckOutcome {
  const { min, max } = check;
  const fits = (min === undefined || rows >= min) && (max === undefined || rows <= max);
  return {
    name,
    kind: check.kind,
    status: verdictOf(check, 1, fits ? 0 : 1),
    rows,
    failing: 0,
    message: rowCountMessage(rows, min, max),
  };
}

function neverEvaluated(name: string): never {
  throw new SluiceError("internal", `the check "${name}" was never evaluated`);
}

/**
 * Evaluates the checks of a step with a function that runs a relation and gives its only row.
 *
 * @example
 * const outcome = await runChecks({ step: "crash", checks, input: { kind: "scan", source: { stage: "crash" } }, schema, parameters }, count);
 * outcome.status; // "failed": publish nothing
 */
export async function runChecks(
  request: ChecksRequest,
  count: (query: CountQuery) => Promise<Counts>,
): Promise<ChecksOutcome> {
  const evaluation = evaluateChecks(request);
  let turn = evaluation.next();
  while (!turn.done) turn = evaluation.next(await count(turn.value));
  return turn.value;
}
