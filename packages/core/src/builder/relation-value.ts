import { isAggregate } from "../catalogue/catalogue.ts";
import { SluiceError } from "../errors.ts";
import { didYouMean } from "../infer/closest.ts";
import { type Expression, operandsOf, walkExpression } from "../ir/expression.ts";
import type { JoinHow, NamedExpression, Relation as RelationNode } from "../ir/relation.ts";
import { createColumns, expressionFrom, namedFrom, sortKeysFrom } from "./callback.ts";
import { recordProvenance } from "./provenance.ts";
import { queryPort } from "./query-port.ts";
import type { Relation } from "./relation.ts";
import { relationQuery } from "./relation-query.ts";
import { setSteps, stepsOf } from "./steps-behind.ts";
import { describe } from "./value.ts";

const depths = new WeakMap<object, number>();
const DEEPEST = 1000;

/** What stands behind `Relation<R>`: a node, and methods that put others on it. */
export class RelationValue {
  readonly node: RelationNode;

  constructor(node: RelationNode, inputs: readonly object[]) {
    this.node = Object.freeze(node);
    const depth = inputs.reduce((most: number, input) => Math.max(most, depths.get(input) ?? 1), 0) + 1;
    if (depth > DEEPEST) {
      throw new SluiceError("config", `more than ${DEEPEST} operations stand on each other`, {
        hint: "divide the query into several steps",
      });
    }
    depths.set(this, depth);
    recordProvenance(this, inputs);
    const steps = inputs.map(stepsOf).filter((set) => set.size > 0);
    if (steps.length > 0)
      setSteps(this, steps.length === 1 && steps[0] ? steps[0] : new Set(steps.flatMap((set) => [...set])));
  }

  filter(condition: unknown): RelationValue {
    return this.next({
      kind: "filter",
      input: this.node,
      condition: expressionFrom("filter", condition, [createColumns()]),
    });
  }

  select(columns: unknown): RelationValue {
    return this.next({
      kind: "select",
      input: this.node,
      columns: some("select", namedFrom("select", columns, [createColumns()])),
    });
  }

  derive(columns: unknown): RelationValue {
    return this.next({
      kind: "derive",
      input: this.node,
      columns: some("derive", namedFrom("derive", columns, [createColumns()])),
    });
  }

  rename(names: unknown): RelationValue {
    if (typeof names !== "object" || names === null || Array.isArray(names)) {
      throw new SluiceError("config", `rename takes an object of old and new names, not ${describe(names)}`, {
        hint: 'write rename({ crash_record_id: "crash_id" })',
      });
    }
    const pairs = Object.entries(names).map(([from, to]) => Object.freeze([from, name("rename", to)] as const));
    if (pairs.length === 0) throw new SluiceError("config", "rename names no columns");
    const sorted = pairs.sort(([a], [b]) => (a < b ? -1 : 1));
    return this.next({ kind: "rename", input: this.node, names: Object.freeze(sorted) });
  }

  keep(columns: unknown): RelationValue {
    return this.next({ kind: "keep", input: this.node, columns: columnNames("keep", columns) });
  }

  drop(columns: unknown): RelationValue {
    return this.next({ kind: "drop", input: this.node, columns: columnNames("drop", columns) });
  }

  dropNulls(columns: unknown): RelationValue {
    return this.next({ kind: "dropNulls", input: this.node, columns: columnNames("dropNulls", columns) });
  }

  join(right: unknown, options: unknown = {}): RelationValue {
    const other = relationOf("join", right);
    const { how = "inner", using, on, suffix, select, ...rest } = optionsOf("join", options);
    refuseRest("join", rest, ["how", "using", "on", "suffix", "select"]);
    if (!isHow(how))
      throw new SluiceError("config", `join does not know how: ${describe(how)}`, {
        hint: didYouMean(String(how), HOWS, "ways"),
      });
    const sides = [createColumns("left"), createColumns("right")];
    return new RelationValue(
      {
        kind: "join",
        left: this.node,
        right: other.node,
        how,
        ...(using === undefined ? {} : { using: columnNames("join", using) }),
        ...(on === undefined ? {} : { on: expressionFrom("on", on, sides) }),
        ...(suffix === undefined ? {} : { suffix: name("suffix", suffix) }),
        ...(select === undefined ? {} : { select: some("select", namedFrom("select", select, sides)) }),
      },
      [this, other],
    );
  }

  union(right: unknown, options: unknown = {}): RelationValue {
    const other = relationOf("union", right);
    const { distinct, ...rest } = optionsOf("union", options);
    refuseRest("union", rest, ["distinct"]);
    // A union of a union is one of three, so that both spellings have one form.
    const inputs =
      distinct !== true && this.node.kind === "union" && this.node.distinct === undefined
        ? this.node.inputs
        : [this.node];
    return new RelationValue(
      {
        kind: "union",
        inputs: Object.freeze([...inputs, other.node]),
        ...(distinct === true ? { distinct: true as const } : {}),
      },
      [this, other],
    );
  }

  distinct(): RelationValue {
    return this.next({ kind: "distinct", input: this.node });
  }

  group(by: unknown): { readonly aggregate: (columns: unknown) => RelationValue } {
    const keys = columnNames("group", by);
    return Object.freeze({ aggregate: (columns: unknown) => this.aggregateBy(keys, columns) });
  }

  aggregate(columns: unknown): RelationValue {
    return this.aggregateBy(Object.freeze([]), columns);
  }

  sort(by: unknown): RelationValue {
    return this.next({ kind: "sort", input: this.node, by: sortKeysFrom("sort", by, [createColumns()]) });
  }

  limit(count: unknown, options: unknown = {}): RelationValue {
    const { offset = 0, ...rest } = optionsOf("limit", options);
    refuseRest("limit", rest, ["offset"]);
    const rows = wholeNumber("limit", count);
    const skipped = wholeNumber("offset", offset);
    return this.next({ kind: "limit", input: this.node, count: rows, ...(skipped === 0 ? {} : { offset: skipped }) });
  }

  deduplicate(options: unknown): RelationValue {
    const { key, keep, by, ...rest } = optionsOf("deduplicate", options);
    refuseRest("deduplicate", rest, ["key", "keep", "by"]);
    if (keep !== "first" && keep !== "last") {
      throw new SluiceError("config", `deduplicate keeps the "first" or the "last", not ${describe(keep)}`);
    }
    const order = sortKeysFrom("deduplicate", by, [createColumns()]);
    return this.next({ kind: "deduplicate", input: this.node, key: columnNames("deduplicate", key), keep, by: order });
  }

  rows(options: unknown = {}): unknown {
    return queryPort().rows(relationQuery(this), optionsOf("rows", options));
  }

  head(count: unknown = 10, options: unknown = {}): unknown {
    return this.limit(count).rows(options);
  }

  describe(options: unknown = {}): unknown {
    return queryPort().describe(relationQuery(this), optionsOf("describe", options));
  }

  toFile(path: unknown, options: unknown = {}): unknown {
    return queryPort().toFile(relationQuery(this), name("toFile", path), optionsOf("toFile", options));
  }

  count(options: unknown = {}): unknown {
    return queryPort().count(relationQuery(this), optionsOf("count", options));
  }

  private aggregateBy(by: readonly string[], columns: unknown): RelationValue {
    const named = namedFrom("aggregate", columns, [createColumns()], { aggregates: true });
    for (const [column, expression] of named) refuseUnaggregated(column, expression, by);
    return this.next({ kind: "aggregate", input: this.node, by, columns: named });
  }

  private next(node: RelationNode): RelationValue {
    return new RelationValue(node, [this]);
  }
}

/** A relation over a node, with the steps that it reads. */
export function createRelation<R>(node: RelationNode, inputs: readonly object[] = []): Relation<R> {
  return new RelationValue(node, inputs) as unknown as Relation<R>;
}

/** The relation that was given, or an error that says what was. */
export function relationOf(operation: string, value: unknown): RelationValue {
  if (value instanceof RelationValue) return value;
  const hint =
    typeof value === "string"
      ? { hint: 'write source("…") for a file, or import the dataset from schemas/index.ts' }
      : {};
  throw new SluiceError("config", `${operation} takes a relation, not ${describe(value)}`, hint);
}

const HOWS: readonly JoinHow[] = ["inner", "left", "right", "full", "semi", "anti", "cross"];

function isHow(how: unknown): how is JoinHow {
  return HOWS.some((known) => known === how);
}

/** In a group a column has many values: outside aggregates only the keys may stand. */
function refuseUnaggregated(column: string, expression: Expression, by: readonly string[]): void {
  if (expression.kind === "call" && isAggregate(expression.name)) {
    for (const operand of operandsOf(expression)) refuseNested(column, operand);
    return;
  }
  if (expression.kind === "column" && !by.includes(expression.name)) {
    throw new SluiceError(
      "config",
      `the column "${expression.name}" has many values in a group (in "${column}" of aggregate)`,
      {
        hint: `take one of them, for example max(c.${expression.name}), or group by it`,
        offending: expression.name,
      },
    );
  }
  for (const operand of operandsOf(expression)) refuseUnaggregated(column, operand, by);
}

function refuseNested(column: string, expression: Expression): void {
  walkExpression(expression, (node) => {
    if (node.kind !== "call" || !isAggregate(node.name)) return;
    throw new SluiceError(
      "config",
      `the aggregate ${node.name} stands inside another one (in "${column}" of aggregate)`,
      {
        hint: "aggregate twice: the second time over the columns of the first",
        offending: node.name,
      },
    );
  });
}

/** The members of an options object. */
export function optionsOf(operation: string, options: unknown): Readonly<Record<string, unknown>> {
  if (typeof options === "object" && options !== null && !Array.isArray(options)) return { ...options };
  throw new SluiceError("config", `${operation} takes an object of options, not ${describe(options)}`);
}

/** Refuses options that do not exist. */
export function refuseRest(operation: string, rest: object, known: readonly string[]): void {
  const [unknownName] = Object.keys(rest);
  if (unknownName === undefined) return;
  throw new SluiceError("config", `${operation} has no option "${unknownName}"`, {
    hint: didYouMean(unknownName, known, "options"),
    offending: unknownName,
  });
}

function name(operation: string, value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  throw new SluiceError("config", `${operation} takes a name, not ${describe(value)}`);
}

/** A list of column names. */
export function columnNames(operation: string, columns: unknown): readonly string[] {
  if (!Array.isArray(columns)) {
    const shown = typeof columns === "string" ? { hint: `write ${operation}(["${columns}"])` } : {};
    throw new SluiceError("config", `${operation} takes an array of column names, not ${describe(columns)}`, shown);
  }
  if (columns.length === 0) throw new SluiceError("config", `${operation} names no columns`);
  return Object.freeze(columns.map((column) => name(operation, column)));
}

function some(operation: string, columns: readonly NamedExpression[]): readonly NamedExpression[] {
  if (columns.length > 0) return columns;
  throw new SluiceError("config", `the callback of ${operation} returned no columns`);
}

function wholeNumber(what: string, value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw new SluiceError("config", `${what} takes a whole number of rows, not ${describe(value)}`);
}
