import type { CheckDefinition } from "../definition/definition.ts";
import type { Expression } from "../ir/expression.ts";
import type { DeduplicateNode, Relation, SortKey } from "../ir/relation.ts";
import { columnOf, type Schema } from "../schema/schema.ts";
import { familyOf, parseType } from "../schema/types.ts";
import { call, column } from "./check-conditions.ts";
import { countedMessage } from "./check-message.ts";
import type { CheckOutcome, ChecksOutcome, ChecksRequest, CountQuery, Counts } from "./evaluate-checks.ts";
import { anyNull, counting, filtered, type NamedCheck } from "./evaluate-row-checks.ts";
import { verdictOf } from "./verdict.ts";

type UniqueCheck = Extract<CheckDefinition, { kind: "unique" }>;

export interface UniqueChecksOutcome {
  readonly outcomes: ReadonlyMap<string, CheckOutcome>;
  readonly diverted: ChecksOutcome["diverted"];
  readonly remaining: Relation;
  readonly remainingRows: number;
}

/** Each uniqueness with a scan of its own, over what the checks before it left. */
export function* evaluateUniqueChecks(
  checks: readonly NamedCheck[],
  start: { readonly relation: Relation; readonly rows: number },
  { schema }: ChecksRequest,
): Generator<CountQuery, UniqueChecksOutcome, Counts> {
  const outcomes = new Map<string, CheckOutcome>();
  const diverted: { check: string; rows: number; relation: Relation }[] = [];
  let remaining = start.relation;
  let rows = start.rows;
  for (const { name, check } of checks) {
    if (check.kind !== "unique") continue;
    const counts = yield repetitions(remaining, check.columns, schema);
    const failing = (counts.rows ?? 0) - (counts.keys ?? 0);
    const status = verdictOf(check, rows, failing);
    const repeated = deduplicated(remaining, check, schema, true);
    const sample = status === "diverted" ? repeated : sharing(remaining, check.columns);
    outcomes.set(name, {
      name,
      kind: check.kind,
      status,
      rows,
      failing,
      message: countedMessage(check, rows, failing),
      ...(failing === 0 ? {} : { sample }),
    });
    if (status !== "diverted") continue;
    diverted.push({ check: name, rows: failing, relation: repeated });
    remaining = keptByUnique(remaining, check, schema);
    rows -= failing;
  }
  return { outcomes, diverted, remaining, remainingRows: rows };
}

/** Rows that have a whole key, and how many different keys there are. A key with a null in it equals no other. */
function repetitions(input: Relation, key: readonly string[], schema: Schema): CountQuery {
  const total = freeName("rows", key);
  const groups: Relation = {
    kind: "aggregate",
    input: withKey(input, key, schema),
    by: key,
    columns: [[total, { kind: "call", name: "count", arguments: [] }]],
  };
  const nothing: Expression = { kind: "literal", type: "number", value: "0" };
  return counting(groups, [
    ["rows", call("orElse", call("sum", column(total)), nothing)],
    ["keys", call("count")],
  ]);
}

/** All rows whose key another row has too, those of one key together. */
function sharing(input: Relation, key: readonly string[]): Relation {
  const total = freeName("rows", key);
  const groups: Relation = {
    kind: "filter",
    input: { kind: "aggregate", input, by: key, columns: [[total, call("count")]] },
    condition: call("gt", column(total), { kind: "literal", type: "number", value: "1" }),
  };
  const rows: Relation = { kind: "join", left: input, right: groups, how: "semi", using: key };
  return { kind: "sort", input: rows, by: key.map((name) => ({ expression: column(name) })) };
}

/** The first row of each key, or with `rest` the others; rows without a whole key are in neither. */
function deduplicated(input: Relation, check: UniqueCheck, schema: Schema, rest: boolean): DeduplicateNode {
  return {
    kind: "deduplicate",
    input: withKey(input, check.columns, schema),
    key: check.columns,
    keep: "first",
    by: totalOrder(check, schema),
    ...(rest ? { rest } : {}),
  };
}

/** What is left when uniqueness takes out all but the first row of each key; rows without a whole key stay. */
export function keptByUnique(input: Relation, check: UniqueCheck, schema: Schema): Relation {
  const first = deduplicated(input, check, schema, false);
  const optional = nullableAmong(check.columns, schema);
  if (optional.length === 0) return first;
  return { kind: "union", inputs: [first, filtered(input, [anyNull(optional)])] };
}

/**
 * The author's order, then every column, then the exact form of those in which two different values can tie: the rows
 * kept and the rows taken come from two queries, and rows that tie in one order must fall the same way in both, or one of
 * them is lost and the other doubled. Rows equal in all of it can stand for each other.
 */
function totalOrder(check: UniqueCheck, schema: Schema): readonly SortKey[] {
  const plain = (check.by ?? []).flatMap(({ expression }) => (expression.kind === "column" ? [expression.name] : []));
  const known = new Set([...plain, ...check.columns]);
  const others = schema.columns.filter(({ name, type }) => !known.has(name) && isOrderable(type));
  return [
    ...(check.by ?? []),
    ...others.map(({ name }): SortKey => ({ expression: column(name) })),
    ...schema.columns.flatMap(({ name, type }): SortKey[] => {
      const exact = exactForm(type);
      return exact === undefined ? [] : [{ expression: { kind: "cast", value: column(name), type: exact } }];
    }),
  ];
}

function isOrderable(type: string): boolean {
  return familyOf(parseType(type)) !== "map";
}

/** What tells values apart that compare as equal: 0.0 and -0.0, a month and 30 days, maps, and whatever holds them. */
function exactForm(type: string): "string" | "json" | undefined {
  switch (familyOf(parseType(type))) {
    case "float":
    case "interval":
      return "string";
    case "list":
    case "struct":
    case "map":
      return "json";
    default:
      return undefined;
  }
}

function withKey(input: Relation, key: readonly string[], schema: Schema): Relation {
  const optional = nullableAmong(key, schema);
  return optional.length === 0 ? input : { kind: "dropNulls", input, columns: optional };
}

function nullableAmong(key: readonly string[], schema: Schema): readonly string[] {
  return key.filter((name) => columnOf(schema, name)?.nullable !== false);
}

function freeName(wanted: string, taken: readonly string[]): string {
  const folded = new Set(taken.map((name) => name.toLowerCase()));
  let name = wanted;
  while (folded.has(name)) name += "_";
  return name;
}
