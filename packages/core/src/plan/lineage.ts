import { rightNames } from "../infer/join-columns.ts";
import { aggregateOf } from "../infer/reshaped-columns.ts";
import { type Expression, walkExpression } from "../ir/expression.ts";
import { inputsOf, type JoinNode, type NamedExpression, type Relation, type ScanSource } from "../ir/relation.ts";
import type { NamesOf } from "./columns-used.ts";

/** A column of a dataset. */
export interface Origin {
  readonly dataset: string;
  readonly column: string;
}

/** By output column, the columns of datasets that its value is computed from. */
export type Origins = ReadonlyMap<string, readonly Origin[]>;

/**
 * Where the values of a relation's columns come from. Conditions of filters and joins decide which rows there are, not
 * the values, and do not count, and what a window orders and parts its rows by does; of raw SQL every column comes from all of its inputs.
 *
 * @example
 * originsOf(relation, namesOf, origins).get("total"); // [{ dataset: "crashes", column: "injuries_total" }]
 */
export function originsOf(
  relation: Relation,
  namesOf: NamesOf,
  scanned: (source: ScanSource, column: string) => readonly Origin[],
): Origins {
  const below = inputsOf(relation).map((input) => originsOf(input, namesOf, scanned));
  const [first = new Map<string, readonly Origin[]>(), second = first] = below;
  const computed = (pairs: readonly NamedExpression[]): [string, readonly Origin[]][] =>
    pairs.map(([name, expression]) => [name, originsIn(expression, first, second)]);
  switch (relation.kind) {
    case "scan":
      return new Map(namesOf(relation).map((name) => [name, scanned(relation.source, name)]));
    case "values":
      return new Map(namesOf(relation).map((name) => [name, []]));
    case "pivot":
      return new Map([...picked(relation.by, first), ...computed(aggregateOf(relation).columns)]);
    case "unpivot": {
      const value = merged(relation.columns.map((name) => first.get(name) ?? []));
      return new Map([...picked(namesOf(relation), first), [relation.name, []], [relation.value, value]]);
    }
    case "unnest": {
      const parts = first.get(relation.column) ?? [];
      const others = new Set(namesOf(relation.input).filter((name) => name !== relation.column));
      return new Map(
        namesOf(relation).map((name) => [
          name,
          others.has(name) ? (first.get(name) ?? []) : name === relation.ordinality ? [] : parts,
        ]),
      );
    }
    case "select":
      return new Map(computed(relation.columns));
    case "derive":
      return new Map([...first, ...computed(relation.columns)]);
    case "window": {
      // Which rows a value is computed over, and in which order, makes it what it is: a rank has nothing else.
      const around = [
        ...relation.partition.map((name) => first.get(name) ?? []),
        ...relation.by.map(({ expression }) => originsIn(expression, first, second)),
      ];
      const columns = computed(relation.columns).map(([name, own]): [string, readonly Origin[]] => [
        name,
        merged([own, ...around]),
      ]);
      return new Map([...first, ...columns]);
    }
    case "rename": {
      const names = new Map(relation.names);
      return new Map([...first].map(([name, origins]) => [names.get(name) ?? name, origins]));
    }
    case "aggregate":
      return new Map([
        ...picked(relation.by, first),
        ...computed(relation.columns),
        ...(relation.grouping ?? []).map(([, name]): [string, readonly Origin[]] => [name, []]),
      ]);
    case "join":
      return relation.select === undefined
        ? joined(relation, first, second, namesOf)
        : new Map(computed(relation.select));
    case "union":
    case "intersect":
      return new Map(namesOf(relation).map((name) => [name, merged(below.map((one) => one.get(name) ?? []))]));
    case "sql": {
      const all = merged(below.flatMap((one) => [...one.values()]));
      return new Map(namesOf(relation).map((name) => [name, all]));
    }
    case "filter":
    case "keep":
    case "drop":
    case "dropNulls":
    case "distinct":
    case "sort":
    case "limit":
    case "deduplicate":
    case "except":
    case "fill":
    case "sample":
    case "incremental":
      return new Map(picked(namesOf(relation), first));
    default:
      return relation satisfies never;
  }
}

function joined(node: JoinNode, left: Origins, right: Origins, namesOf: NamesOf): Origins {
  const using = node.using ?? [];
  const isCoalesced = node.how === "right" || node.how === "full";
  const others = rightNames(
    node,
    namesOf(node.right).filter((name) => !using.includes(name)),
    namesOf(node.left),
  );
  const all = new Map<string, readonly Origin[]>([
    ...left,
    ...using.map((name): [string, readonly Origin[]] => [
      name,
      merged(isCoalesced ? [left.get(name) ?? [], right.get(name) ?? []] : [left.get(name) ?? []]),
    ]),
  ]);
  const isHalf = node.how === "semi" || node.how === "anti";
  if (!isHalf) for (const [from, to] of others) all.set(to, right.get(from) ?? []);
  return new Map(picked(namesOf(node), all));
}

function picked(names: readonly string[], origins: Origins): [string, readonly Origin[]][] {
  return names.map((name) => [name, origins.get(name) ?? []]);
}

function originsIn(expression: Expression, left: Origins, right: Origins): readonly Origin[] {
  const found: (readonly Origin[])[] = [];
  walkExpression(expression, (node) => {
    if (node.kind === "column") found.push((node.side === "right" ? right : left).get(node.name) ?? []);
  });
  return merged(found);
}

/** Sorted by dataset, then column, each once. */
function merged(all: readonly (readonly Origin[])[]): readonly Origin[] {
  const once = new Map(all.flat().map((origin) => [JSON.stringify([origin.dataset, origin.column]), origin]));
  return [...once].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, origin]) => origin);
}
