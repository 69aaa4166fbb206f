import { rightNames } from "../infer/join-columns.ts";
import { aggregateOf } from "../infer/reshaped-columns.ts";
import { mapInputs, type Relation, type ScanSource } from "../ir/relation.ts";
import { keptColumns, keptNames, keptPairs, type NamesOf, type Needed, neededBelow } from "./columns-used.ts";

/**
 * The columns of each dataset that can influence the output of a relation: its values, or which rows there are.
 *
 * @example
 * datasetColumns(relation, namesOf); // Map { "crashes" → Set { "crash_record_id", "latitude" } }; of count(*) an empty set
 */
export function datasetColumns(relation: Relation, namesOf: NamesOf): ReadonlyMap<string, ReadonlySet<string>> {
  const used = new Map<string, Set<string>>();
  const visit = (node: Relation, needed: Needed): void => {
    if (node.kind === "scan" && "dataset" in node.source) {
      const before = used.get(node.source.dataset) ?? new Set<string>();
      for (const name of needed) before.add(name);
      used.set(node.source.dataset, before);
    }
    const below = neededBelow(node, needed, namesOf);
    let place = 0;
    mapInputs(node, (input) => {
      visit(input, below[place++] ?? new Set());
      return input;
    });
  };
  visit(relation, new Set(namesOf(relation)));
  return used;
}

/**
 * The same relation over scans that hold fewer columns: names and computed columns that nothing looks at are taken out.
 * Its output is the same, to the order of columns.
 */
export function pruneRelation(
  relation: Relation,
  namesOf: NamesOf,
  scanned: (source: ScanSource) => readonly string[],
): Relation {
  return prune(relation, new Set(namesOf(relation)), namesOf, scanned).relation;
}

/** A pruned relation and the columns that it has: all that are needed, others of the original, none besides. */
interface Pruned {
  readonly relation: Relation;
  readonly names: readonly string[];
}

function prune(
  node: Relation,
  needed: Needed,
  namesOf: NamesOf,
  scanned: (source: ScanSource) => readonly string[],
): Pruned {
  const below = neededBelow(node, needed, namesOf);
  const inputs: Pruned[] = [];
  const changed = mapInputs(node, (input) => {
    const pruned = prune(input, below[inputs.length] ?? new Set(), namesOf, scanned);
    inputs.push(pruned);
    return pruned.relation;
  });
  const [first = { relation: node, names: [] }, second = first] = inputs;
  const after = namesOf(node);
  const before = node.kind === "unnest" ? namesOf(node.input) : [];
  return inOrder(narrow(changed, needed, { first, second, inputs, scanned, before, after }), after);
}

/** A derived column stands where the one that it replaces stood, also where that one is not read any more. */
function inOrder({ relation, names }: Pruned, original: readonly string[]): Pruned {
  const places = new Map(original.map((name, place) => [name, place]));
  const placeOf = (name: string): number => places.get(name) ?? original.length;
  const ordered = names.toSorted((a, b) => placeOf(a) - placeOf(b));
  if (ordered.every((name, index) => names[index] === name)) return { relation, names };
  return { relation: { kind: "keep", input: relation, columns: ordered }, names: ordered };
}

interface Below {
  readonly first: Pruned;
  readonly second: Pruned;
  readonly inputs: readonly Pruned[];
  readonly scanned: (source: ScanSource) => readonly string[];
  /** The columns of the node's input (of an unnest only), and its own, before anything was taken out. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

function narrow(node: Relation, needed: Needed, below: Below): Pruned {
  const { first } = below;
  switch (node.kind) {
    case "scan":
      return { relation: node, names: below.scanned(node.source) };
    case "values":
      return { relation: node, names: node.columns.map((column) => column.name) };
    case "select": {
      const columns = keptPairs(node.columns, needed);
      return { relation: { ...node, columns }, names: columns.map(([name]) => name) };
    }
    case "derive":
    case "window": {
      const columns = node.columns.filter(([name]) => needed.has(name));
      const before = new Set(first.names);
      const added = columns.map(([name]) => name).filter((name) => !before.has(name));
      return {
        relation: columns.length === 0 ? first.relation : { ...node, columns },
        names: [...first.names, ...added],
      };
    }
    case "rename": {
      const before = new Set(first.names);
      const names = node.names.filter(([from]) => before.has(from));
      const after = new Map(names);
      const relation = names.length === 0 ? first.relation : { ...node, names };
      return { relation, names: first.names.map((name) => after.get(name) ?? name) };
    }
    case "keep": {
      const columns = keptNames(node.columns, needed);
      return { relation: { ...node, columns }, names: columns };
    }
    case "drop": {
      const before = new Set(first.names);
      const columns = node.columns.filter((name) => before.has(name));
      const gone = new Set(columns);
      const relation = columns.length === 0 ? first.relation : { ...node, columns };
      return { relation, names: first.names.filter((name) => !gone.has(name)) };
    }
    case "aggregate": {
      const columns = keptColumns(node.by, node.columns, needed);
      const grouping = (node.grouping ?? []).filter(([, name]) => needed.has(name));
      return {
        relation: { ...node, columns, ...(node.grouping === undefined ? {} : { grouping }) },
        names: [...node.by, ...columns.map(([name]) => name), ...grouping.map(([, name]) => name)],
      };
    }
    case "join":
      return narrowJoin(node, needed, below);
    case "union":
      return narrowUnion(node, needed, below);
    case "pivot":
      return narrow(aggregateOf(node), needed, below);
    case "unpivot": {
      const names = first.names.filter((name) => !node.columns.includes(name));
      return { relation: node, names: [...names, node.name, node.value] };
    }
    case "unnest": {
      // What the input lost is gone; all that the column gives is there.
      const lost = new Set(below.before.filter((name) => !first.names.includes(name)));
      return { relation: node, names: below.after.filter((name) => !lost.has(name)) };
    }
    case "fill": {
      const columns = node.columns.filter((name) => needed.has(name));
      return { relation: columns.length === 0 ? first.relation : { ...node, columns }, names: first.names };
    }
    case "incremental":
      return { relation: node, names: node.deleted === undefined ? first.names : [...first.names, node.deleted] };
    case "sql":
      return { relation: node, names: node.columns?.map((column) => column.name) ?? [] };
    case "filter":
    case "dropNulls":
    case "distinct":
    case "sort":
    case "limit":
    case "deduplicate":
    case "intersect":
    case "except":
    case "sample":
      return { relation: node, names: first.names };
    default:
      return node satisfies never;
  }
}

function narrowJoin(node: Extract<Relation, { kind: "join" }>, needed: Needed, { first, second }: Below): Pruned {
  if (node.how === "semi" || node.how === "anti") return { relation: node, names: first.names };
  if (node.select !== undefined) {
    const select = keptPairs(node.select, needed);
    return { relation: { ...node, select }, names: select.map(([name]) => name) };
  }
  const using = node.using ?? [];
  const rest = (names: readonly string[]): readonly string[] => names.filter((name) => !using.includes(name));
  const right = rightNames(node, rest(second.names), first.names).map(([, to]) => to);
  return { relation: node, names: [...using, ...rest(first.names), ...right] };
}

/**
 * All inputs get the same columns: those that one of them still has beyond the needed ones go, since what replaced them may be
 * gone too. Where columns may be missing each gets those that it has, or one where it has none.
 */
function narrowUnion(
  node: Extract<Relation, { kind: "union" }>,
  needed: Needed,
  { first, inputs, after }: Below,
): Pruned {
  const names = node.distinct ? after : keptNames(node.missing === undefined ? first.names : after, needed);
  const wanted = new Set(names);
  const kept = inputs.map((input) => (node.missing === undefined ? names : keptNames(input.names, wanted)));
  const pruned = inputs.map((input, index): Relation => {
    const columns = kept[index] ?? names;
    const own = new Set(input.names);
    if (own.size === columns.length && columns.every((name) => own.has(name))) return input.relation;
    return { kind: "keep", input: input.relation, columns };
  });
  return { relation: { ...node, inputs: pruned }, names: [...new Set(kept.flat())] };
}
