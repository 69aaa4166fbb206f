import { SluiceError } from "../errors.ts";
import { didYouMean } from "../infer/closest.ts";
import type { Expression } from "../ir/expression.ts";
import type { AggregateNode, JoinHow, Relation as RelationNode } from "../ir/relation.ts";
import { createColumns, expressionFrom, namedFrom, sortKeysFrom } from "./callback.ts";
import { fillNode } from "./fill.ts";
import { groupingOf, refuseUnaggregated } from "./group.ts";
import { incrementalNode } from "./incremental.ts";
import { columnNames, name, optionsOf, refuseRest, some, wholeNumber } from "./options.ts";
import { recordProvenance } from "./provenance.ts";
import { queryPort } from "./query-port.ts";
import type { Relation } from "./relation.ts";
import { relationQuery } from "./relation-query.ts";
import { pivotNode, unnestNode, unpivotNode } from "./reshape.ts";
import { sampleNode } from "./sample.ts";
import { setSteps, stepsOf } from "./steps-behind.ts";
import { describe } from "./value.ts";
import { windowNode } from "./window.ts";

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
    const { distinct, missing, ...rest } = optionsOf("union", options);
    refuseRest("union", rest, ["distinct", "missing"]);
    if (missing !== undefined && missing !== "null") {
      throw new SluiceError("config", `missing of union is ${describe(missing)}`, {
        hint: 'write missing: "null": a column that one side lacks is null in its rows',
      });
    }
    // A union of a union is one of three, so that both spellings have one form.
    const inputs =
      distinct !== true &&
      this.node.kind === "union" &&
      this.node.distinct === undefined &&
      this.node.missing === missing
        ? this.node.inputs
        : [this.node];
    return new RelationValue(
      {
        kind: "union",
        inputs: Object.freeze([...inputs, other.node]),
        ...(distinct === true ? { distinct: true as const } : {}),
        ...(missing === undefined ? {} : { missing }),
      },
      [this, other],
    );
  }

  intersect(right: unknown, options: unknown = {}): RelationValue {
    return this.combine("intersect", right, options);
  }

  except(right: unknown, options: unknown = {}): RelationValue {
    return this.combine("except", right, options);
  }

  fill(columns: unknown, options: unknown): RelationValue {
    return this.next(fillNode(this.node, columns, options));
  }

  pivot(options: unknown): RelationValue {
    return this.next(pivotNode(this.node, options));
  }

  unpivot(columns: unknown, options: unknown): RelationValue {
    return this.next(unpivotNode(this.node, columns, options));
  }

  unnest(column: unknown, options: unknown = {}): RelationValue {
    return this.next(unnestNode(this.node, column, options));
  }

  split(condition: unknown): { readonly yes: RelationValue; readonly no: RelationValue } {
    const yes = expressionFrom("split", condition, [createColumns()]);
    const isTrue: Expression = Object.freeze({ kind: "literal", type: "bool", value: true });
    const others: Expression = Object.freeze({
      kind: "call",
      name: "isDistinctFrom",
      arguments: Object.freeze([yes, isTrue]),
    });
    return Object.freeze({
      yes: this.next({ kind: "filter", input: this.node, condition: yes }),
      no: this.next({ kind: "filter", input: this.node, condition: others }),
    });
  }

  sample(options: unknown): RelationValue {
    return this.next(sampleNode(this.node, options));
  }

  incremental(options: unknown): RelationValue {
    return this.next(incrementalNode(this.node, options));
  }

  distinct(): RelationValue {
    return this.next({ kind: "distinct", input: this.node });
  }

  group(by: unknown, options: unknown = {}): { readonly aggregate: (columns: unknown) => RelationValue } {
    const keys = columnNames("group", by);
    const sets = groupingOf(keys, options);
    return Object.freeze({ aggregate: (columns: unknown) => this.aggregateBy(keys, columns, sets) });
  }

  aggregate(columns: unknown): RelationValue {
    return this.aggregateBy(Object.freeze([]), columns);
  }

  window(options: unknown, columns: unknown): RelationValue {
    return this.next(windowNode(this.node, options, columns));
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

  private combine(kind: "intersect" | "except", right: unknown, options: unknown): RelationValue {
    const other = relationOf(kind, right);
    const { all, ...rest } = optionsOf(kind, options);
    refuseRest(kind, rest, ["all"]);
    const node = { kind, left: this.node, right: other.node, ...(all === true ? { all: true as const } : {}) };
    return new RelationValue(node, [this, other]);
  }

  private aggregateBy(
    by: readonly string[],
    columns: unknown,
    sets: Pick<AggregateNode, "sets" | "grouping"> = {},
  ): RelationValue {
    const named = namedFrom("aggregate", columns, [createColumns()], { aggregates: true });
    for (const [column, expression] of named) refuseUnaggregated(column, expression, by);
    return this.next({ kind: "aggregate", input: this.node, by, ...sets, columns: named });
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
