import { rightNames } from "../infer/join-columns.ts";
import { aggregateOf } from "../infer/reshaped-columns.ts";
import { type Expression, walkExpression } from "../ir/expression.ts";
import {
  expressionsOf,
  inputsOf,
  type JoinNode,
  type NamedExpression,
  type Relation,
  type SortKey,
} from "../ir/relation.ts";

/** The names of a relation's columns, in order. */
export type NamesOf = (relation: Relation) => readonly string[];
/** Columns of a relation's output that something above it looks at. */
export type Needed = ReadonlySet<string>;

/**
 * Which columns of each input decide the needed columns of a relation's output, or which rows there are.
 *
 * @example
 * neededBelow(filter("latitude is not null"), new Set(["crash_id"]), namesOf); // [Set { "crash_id", "latitude" }]
 */
export function neededBelow(node: Relation, needed: Needed, namesOf: NamesOf): readonly Needed[] {
  switch (node.kind) {
    case "scan":
    case "values":
      return [];
    case "limit":
      return [needed];
    case "filter":
    case "sort":
      return [union(needed, ...expressionsOf(node).map((one) => columnsIn(one)))];
    case "deduplicate":
      return [union(needed, node.key, ...node.by.map(columnsOfKey))];
    case "dropNulls":
      return [union(needed, node.columns)];
    case "select":
      return [columnsOfPairs(keptPairs(node.columns, needed))];
    case "derive": {
      const kept = node.columns.filter(([name]) => needed.has(name));
      const names = new Set(kept.map(([name]) => name));
      return [union(without(needed, names), columnsOfPairs(kept))];
    }
    case "window": {
      const kept = node.columns.filter(([name]) => needed.has(name));
      if (kept.length === 0) return [needed];
      const names = new Set(kept.map(([name]) => name));
      return [union(without(needed, names), columnsOfPairs(kept), node.partition, ...node.by.map(columnsOfKey))];
    }
    case "rename": {
      const before = new Map(node.names.map(([from, to]) => [to, from]));
      return [new Set([...needed].map((name) => before.get(name) ?? name))];
    }
    case "keep":
      return [new Set(keptNames(node.columns, needed))];
    case "drop":
      return [new Set(keptNames(namesOf(node), needed))];
    case "distinct":
      return [new Set(namesOf(node.input))];
    case "aggregate":
      return [union(new Set(node.by), columnsOfPairs(keptColumns(node.by, node.columns, needed)))];
    case "union": {
      const names = new Set(node.distinct ? namesOf(node) : keptNames(namesOf(node), needed));
      return node.inputs.map((input) =>
        node.missing === undefined ? names : new Set(keptNames(namesOf(input), names)),
      );
    }
    case "intersect":
    case "except":
      return [new Set(namesOf(node.left)), new Set(namesOf(node.right))];
    case "pivot":
      return neededBelow(aggregateOf(node), needed, namesOf);
    case "unpivot":
      // Each of them makes rows.
      return [union(keptOf(namesOf(node.input), needed), node.columns)];
    case "unnest":
      return [union(keptOf(namesOf(node.input), needed), [node.column])];
    case "fill":
      if (!node.columns.some((name) => needed.has(name))) return [needed];
      return [union(needed, node.partition, ...node.by.map(columnsOfKey))];
    case "sample":
      // A count breaks ties of keys by all columns.
      if (node.key.length === 0 || node.count !== undefined) return [new Set(namesOf(node.input))];
      return [union(needed, node.key)];
    case "incremental": {
      const own = [...(node.cursor === undefined ? [] : [node.cursor]), ...(node.key ?? [])];
      // Whether a row is another than it was is asked of the columns that are used.
      return [union(keptOf(namesOf(node.input), needed), own)];
    }
    case "join":
      return neededOfSides(node, needed, namesOf);
    case "sql":
      return inputsOf(node).map((input) => new Set(namesOf(input)));
    default:
      return node satisfies never;
  }
}

/** The names that are needed; the first where none is, since a relation has columns. */
export function keptNames(names: readonly string[], needed: Needed): readonly string[] {
  const kept = names.filter((name) => needed.has(name));
  return kept.length > 0 ? kept : names.slice(0, 1);
}

/** The pairs that are needed; one where none is. */
export function keptPairs(pairs: readonly NamedExpression[], needed: Needed): readonly NamedExpression[] {
  const kept = pairs.filter(([name]) => needed.has(name));
  if (kept.length > 0) return kept;
  const cheap = pairs.find(([, expression]) => columnsIn(expression).size === 0);
  return cheap === undefined ? pairs.slice(0, 1) : [cheap];
}

/** The computed columns of an aggregate that are needed; its keys are columns too. */
export function keptColumns(
  by: readonly string[],
  pairs: readonly NamedExpression[],
  needed: Needed,
): readonly NamedExpression[] {
  return by.length > 0 ? pairs.filter(([name]) => needed.has(name)) : keptPairs(pairs, needed);
}

/** The columns that an expression mentions; in a join those of one side. */
export function columnsIn(expression: Expression, side?: "left" | "right"): ReadonlySet<string> {
  const found = new Set<string>();
  walkExpression(expression, (node) => {
    if (node.kind === "column" && node.side === side) found.add(node.name);
  });
  return found;
}

function neededOfSides(node: JoinNode, needed: Needed, namesOf: NamesOf): readonly Needed[] {
  const using = node.using ?? [];
  const conditions = node.on === undefined ? [] : [node.on];
  const expressions = node.select === undefined ? [] : keptPairs(node.select, needed).map(([, one]) => one);
  const sides = (["left", "right"] as const).map((side) =>
    union(new Set(using), ...[...conditions, ...expressions].map((one) => columnsIn(one, side))),
  );
  const [left = new Set<string>(), right = new Set<string>()] = sides;
  if (node.select !== undefined) return [left, right];
  const leftNames = namesOf(node.left);
  const own = leftNames.filter((name) => needed.has(name));
  if (node.how === "semi" || node.how === "anti") return [union(left, own), right];
  const others = namesOf(node.right).filter((name) => !using.includes(name));
  const wanted = rightNames(node, others, leftNames).filter(([, to]) => needed.has(to));
  // The suffix is there because the left side has the name: without that column the right one would be called otherwise.
  const met = wanted.flatMap(([from, to]) =>
    from === to ? [] : leftNames.filter((name) => name.toLowerCase() === from.toLowerCase()),
  );
  const ofLeft = union(left, own, met);
  const ofRight = union(
    right,
    wanted.map(([from]) => from),
  );
  // A cross join of which only rows are counted: it has to give a column.
  if (ofLeft.size + ofRight.size === 0) return [new Set(leftNames.slice(0, 1)), ofRight];
  return [ofLeft, ofRight];
}

function columnsOfPairs(pairs: readonly NamedExpression[]): ReadonlySet<string> {
  return union(new Set<string>(), ...pairs.map(([, expression]) => columnsIn(expression)));
}

function columnsOfKey(key: SortKey): ReadonlySet<string> {
  return columnsIn(key.expression);
}

function union(first: Iterable<string>, ...others: readonly Iterable<string>[]): Set<string> {
  return new Set([first, ...others].flatMap((names) => [...names]));
}

function keptOf(names: readonly string[], needed: Needed): readonly string[] {
  return names.filter((name) => needed.has(name));
}

function without(names: Needed, taken: ReadonlySet<string>): Set<string> {
  return new Set([...names].filter((name) => !taken.has(name)));
}
