import { entryOf } from "../catalogue/catalogue.ts";
import { rightNames } from "../infer/join-columns.ts";
import { aggregateOf } from "../infer/reshaped-columns.ts";
import type { CallNode, Expression } from "../ir/expression.ts";
import type {
  AggregateNode,
  ExceptNode,
  FillNode,
  Frame,
  FrameBound,
  IntersectNode,
  JoinNode,
  NamedExpression,
  Relation,
  SampleNode,
  ScanSource,
  SortKey,
  UnpivotNode,
  WindowNode,
} from "../ir/relation.ts";

export type Value = string | number | boolean | null;
export type Row = ReadonlyMap<string, Value>;
export interface Table {
  readonly names: readonly string[];
  readonly rows: readonly Row[];
}

/** Says what a relation means by the plainest means, for tests: enough functions for those, three-valued logic. */
export function interpret(relation: Relation, scanned: (source: ScanSource) => Table): Table {
  const run = (node: Relation): Table => interpret(node, scanned);
  switch (relation.kind) {
    case "scan":
      return scanned(relation.source);
    case "filter":
      return where(run(relation.input), (row) => evaluate(relation.condition, row) === true);
    case "select":
      return computed([], relation.columns, run(relation.input));
    case "derive": {
      const input = run(relation.input);
      const added = relation.columns.map(([name]) => name).filter((name) => !input.names.includes(name));
      const own = computed([], relation.columns, input);
      const rows = input.rows.map((row, index) => new Map([...row, ...(own.rows[index] ?? [])]));
      return { names: [...input.names, ...added], rows };
    }
    case "rename": {
      const names = new Map(relation.names);
      const renamed = (name: string): string => names.get(name) ?? name;
      const input = run(relation.input);
      const rows = input.rows.map((row) => new Map([...row].map(([name, value]) => [renamed(name), value] as const)));
      return { names: input.names.map(renamed), rows };
    }
    case "keep":
      return picked(run(relation.input), relation.columns);
    case "drop": {
      const input = run(relation.input);
      return picked(
        input,
        input.names.filter((name) => !relation.columns.includes(name)),
      );
    }
    case "dropNulls":
      return where(run(relation.input), (row) => relation.columns.every((name) => cell(row, name) !== null));
    case "join":
      return joined(relation, run(relation.left), run(relation.right));
    case "union": {
      const inputs = relation.inputs.map(run);
      const names = [
        ...new Set(inputs.slice(0, relation.missing === undefined ? 1 : undefined).flatMap((one) => one.names)),
      ];
      const rows = inputs.flatMap((one) =>
        one.rows.map((row) => new Map(names.map((name) => [name, row.get(name) ?? null]))),
      );
      const table = { names, rows };
      return relation.distinct ? firstOfEach(table, table.names) : table;
    }
    case "intersect":
    case "except":
      return combined(relation, run(relation.left), run(relation.right));
    case "pivot":
      return grouped(aggregateOf(relation), run(relation.input));
    case "unpivot":
      return unpivoted(relation, run(relation.input));
    case "fill":
      return filled(relation, run(relation.input));
    case "sample":
      return sampled(relation, run(relation.input));
    case "distinct": {
      const input = run(relation.input);
      return firstOfEach(input, input.names);
    }
    case "window":
      return windowed(relation, run(relation.input));
    case "aggregate":
      return grouped(relation, run(relation.input));
    case "sort":
      return sorted(run(relation.input), relation.by);
    case "limit": {
      const { names, rows } = run(relation.input);
      const start = relation.offset ?? 0;
      return { names, rows: rows.slice(start, start + relation.count) };
    }
    case "deduplicate": {
      const input = sorted(run(relation.input), relation.by);
      const ordered = relation.keep === "last" ? { ...input, rows: input.rows.toReversed() } : input;
      const first = firstOfEach(ordered, relation.key);
      return relation.rest ? where(ordered, (row) => !first.rows.includes(row)) : first;
    }
    default:
      throw new Error(`${relation.kind} is not interpreted`);
  }
}

function cell(row: Row, name: string): Value {
  const value = row.get(name);
  if (value === undefined) throw new Error(`no column ${name} among ${[...row.keys()].join(", ")}`);
  return value;
}

function where(table: Table, test: (row: Row) => boolean): Table {
  return { names: table.names, rows: table.rows.filter(test) };
}

function picked(table: Table, names: readonly string[]): Table {
  return { names, rows: table.rows.map((row) => new Map(names.map((name) => [name, cell(row, name)]))) };
}

function computed(keys: readonly string[], columns: readonly NamedExpression[], table: Table): Table {
  const rows = table.rows.map((row) => {
    const own = columns.map(([name, expression]) => [name, evaluate(expression, row)] as const);
    return new Map([...keys.map((name) => [name, cell(row, name)] as const), ...own]);
  });
  return { names: [...keys, ...columns.map(([name]) => name)], rows };
}

function keyOf(row: Row, names: readonly string[]): string {
  return JSON.stringify(names.map((name) => cell(row, name)));
}

function firstOfEach(table: Table, key: readonly string[]): Table {
  const seen = new Set<string>();
  return where(table, (row) => seen.size < seen.add(keyOf(row, key)).size);
}

function compare(a: Value, b: Value): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return a < b ? -1 : a > b ? 1 : 0;
}

function sorted(table: Table, by: readonly SortKey[]): Table {
  return { names: table.names, rows: table.rows.toSorted((a, b) => compareBy(a, b, by)) };
}

/** Nulls stand last in both directions, unless they are put first. */
function compareBy(first: Row, second: Row, by: readonly SortKey[]): number {
  for (const { expression, descending, nulls } of by) {
    const [a, b] = [evaluate(expression, first), evaluate(expression, second)];
    if (a === b) continue;
    if (a === null || b === null) return (a === null) === (nulls === "first") ? -1 : 1;
    return (a < b ? -1 : 1) * (descending ? -1 : 1);
  }
  return 0;
}

function joined(node: JoinNode, left: Table, right: Table): Table {
  const using = node.using ?? [];
  const others = right.names.filter((name) => !using.includes(name));
  const names = new Map(rightNames(node, others, left.names));
  const matches = (a: Row, b: Row): boolean =>
    using.every((name) => cell(a, name) !== null && cell(a, name) === cell(b, name));
  const pairs = left.rows.flatMap((a): (readonly [Row | undefined, Row | undefined])[] => {
    const found = right.rows.filter((b) => matches(a, b));
    if (node.how === "semi") return found.length > 0 ? [[a, undefined]] : [];
    if (node.how === "anti") return found.length > 0 ? [] : [[a, undefined]];
    if (found.length === 0) return node.how === "left" || node.how === "full" ? [[a, undefined]] : [];
    return found.map((b) => [a, b]);
  });
  if (node.how === "right" || node.how === "full") {
    for (const b of right.rows) if (!left.rows.some((a) => matches(a, b))) pairs.push([undefined, b]);
  }
  const isHalf = node.how === "semi" || node.how === "anti";
  const own = isHalf ? [] : others;
  return {
    names: isHalf
      ? left.names
      : [
          ...using,
          ...left.names.filter((name) => !using.includes(name)),
          ...own.map((name) => names.get(name) ?? name),
        ],
    rows: pairs.map(
      ([a, b]) =>
        new Map([
          ...left.names.map((name) => [name, a === undefined ? null : cell(a, name)] as const),
          ...(a === undefined && b !== undefined ? using.map((name) => [name, cell(b, name)] as const) : []),
          ...own.map((name) => [names.get(name) ?? name, b === undefined ? null : cell(b, name)] as const),
        ]),
    ),
  };
}

/** Counted by what a row holds: of equal rows the first ones are taken. */
function combined(node: IntersectNode | ExceptNode, left: Table, right: Table): Table {
  const rest = new Map<string, number>();
  for (const row of right.rows) rest.set(keyOf(row, left.names), (rest.get(keyOf(row, left.names)) ?? 0) + 1);
  const kept = where(left, (row) => {
    const count = rest.get(keyOf(row, left.names)) ?? 0;
    if (node.all) rest.set(keyOf(row, left.names), count - 1);
    return count > 0 === (node.kind === "intersect");
  });
  return node.all ? kept : firstOfEach(kept, kept.names);
}

function unpivoted(node: UnpivotNode, input: Table): Table {
  const names = input.names.filter((name) => !node.columns.includes(name));
  const rows = input.rows.flatMap((row) =>
    node.columns.flatMap((name): readonly Row[] => {
      const value = cell(row, name);
      if (value === null && node.nulls !== "keep") return [];
      const others = names.map((other) => [other, cell(row, other)] as const);
      return [new Map<string, Value>([...others, [node.name, name], [node.value, value]])];
    }),
  );
  return { names: [...names, node.name, node.value], rows };
}

function filled(node: FillNode, input: Table): Table {
  const { value, limit = Number.POSITIVE_INFINITY } = node;
  if (value !== undefined) {
    const constant = evaluate(value, new Map());
    const rows = input.rows.map(
      (row) => new Map([...row].map(([name, one]) => [name, node.columns.includes(name) ? (one ?? constant) : one])),
    );
    return { names: input.names, rows };
  }
  const frame: Frame =
    node.how === "forward"
      ? { unit: "rows", from: "unbounded", to: "current" }
      : { unit: "rows", from: "current", to: "unbounded" };
  const bounded: Frame = Number.isFinite(limit)
    ? node.how === "forward"
      ? { ...frame, from: { preceding: String(limit) } }
      : { ...frame, to: { following: String(limit) } }
    : frame;
  const columns = node.columns.map(
    (name): NamedExpression => [
      name,
      {
        kind: "call",
        name: node.how === "forward" ? "lastKnown" : "firstKnown",
        arguments: [{ kind: "column", name }],
      },
    ],
  );
  const { partition, by } = node;
  const over = windowed({ kind: "window", input: node.input, partition, by, frame: bounded, columns }, input);
  return picked(over, input.names);
}

/** By any hash at all: which rows it takes, the suite of engines says. */
function sampled(node: SampleNode, input: Table): Table {
  const key = node.key.length === 0 ? input.names : node.key;
  const hash = (row: Row, names: readonly string[]): number =>
    [...keyOf(row, names)].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1009, node.seed ?? 0);
  if (node.share !== undefined) return where(input, (row) => hash(row, key) < (node.share ?? 1) * 1009);
  const rows = input.rows.toSorted(
    (a, b) => hash(a, key) - hash(b, key) || hash(a, input.names) - hash(b, input.names),
  );
  return { names: input.names, rows: rows.slice(0, node.count) };
}

function grouped({ by, sets, grouping = [], columns }: AggregateNode, table: Table): Table {
  const names = [...by, ...columns.map(([name]) => name), ...grouping.map(([, name]) => name)];
  const rows = (sets ?? [by]).flatMap((set) => {
    const own = aggregated(set, columns, table);
    return own.rows.map((row): Row => {
      const keys = by.map((name) => [name, set.includes(name) ? cell(row, name) : null] as const);
      const marks = grouping.map(([key, name]) => [name, !set.includes(key)] as const);
      return new Map<string, Value>([...keys, ...columns.map(([name]) => [name, cell(row, name)] as const), ...marks]);
    });
  });
  return { names, rows };
}

function aggregated(by: readonly string[], columns: readonly NamedExpression[], table: Table): Table {
  const groups = new Map<string, Row[]>(by.length === 0 ? [["[]", []]] : []);
  for (const row of table.rows) {
    const key = keyOf(row, by);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const rows = [...groups.values()].map((rowsOfGroup) => {
    const keys = by.map((name) => [name, cell(rowsOfGroup[0] ?? new Map(), name)] as const);
    return new Map([...keys, ...columns.map(([name, one]) => [name, evaluate(one, new Map(), rowsOfGroup)] as const)]);
  });
  return { names: [...by, ...columns.map(([name]) => name)], rows };
}

/** The rows around a row: those of its partition in their order, its place among them, and those of its frame. */
interface Around {
  readonly rows: readonly Row[];
  readonly at: number;
  readonly frame: readonly Row[];
  /** The place of each row's group of equals. */
  readonly groups: readonly number[];
}

function windowed(node: WindowNode, input: Table): Table {
  const partitions = new Map<string, Row[]>();
  // Copies, since a row may stand twice in the input, and has a place for each.
  const own = input.rows.map((row): Row => new Map(row));
  for (const row of own) {
    const key = keyOf(row, node.partition);
    partitions.set(key, [...(partitions.get(key) ?? []), row]);
  }
  const computedOf = new Map<Row, Row>();
  for (const partition of partitions.values()) {
    const ordered = sorted({ names: input.names, rows: partition }, node.by).rows;
    const groups: number[] = [];
    for (const [index, row] of ordered.entries()) {
      const before = ordered[index - 1];
      const isEqual = before !== undefined && compareBy(before, row, node.by) === 0;
      groups.push(index === 0 ? 0 : (groups[index - 1] ?? 0) + (isEqual ? 0 : 1));
    }
    for (const [at, row] of ordered.entries()) {
      const around = { rows: ordered, at, groups, frame: frameOf(node, ordered, at, groups) };
      const columns = node.columns.map(([name, one]) => [name, evaluate(one, row, around.frame, around)] as const);
      computedOf.set(row, new Map([...row, ...columns]));
    }
  }
  const rows = own.map((row) => computedOf.get(row) ?? row);
  const added = node.columns.map(([name]) => name).filter((name) => !input.names.includes(name));
  return { names: [...input.names, ...added], rows };
}

function frameOf(node: WindowNode, rows: readonly Row[], at: number, groups: readonly number[]): readonly Row[] {
  if (node.by.length === 0) return rows;
  const { unit, from, to }: Frame = node.frame ?? { unit: "range", from: "unbounded", to: "current" };
  const placeOf = (index: number): number => (unit === "rows" ? index : (groups[index] ?? 0));
  const edge = (bound: FrameBound, end: number): number => {
    if (bound === "unbounded") return end;
    if (bound === "current") return placeOf(at);
    return placeOf(at) + ("preceding" in bound ? -Number(bound.preceding) : Number(bound.following));
  };
  const [first, last] = [edge(from, Number.NEGATIVE_INFINITY), edge(to, Number.POSITIVE_INFINITY)];
  return rows.filter((_, index) => placeOf(index) >= first && placeOf(index) <= last);
}

function overWindow(node: CallNode, { rows, at, frame, groups }: Around): Value {
  const [argument, second, fallback] = node.arguments;
  const row = rows[at] ?? new Map();
  const valueIn = (one: Row | undefined): Value =>
    one === undefined || argument === undefined ? null : evaluate(argument, one);
  const known = (list: readonly Row[]): readonly Row[] => list.filter((one) => valueIn(one) !== null);
  const count = second === undefined ? 1 : Number(evaluate(second, row));
  const rank = groups.indexOf(groups[at] ?? 0) + 1;
  const from = (list: readonly Row[]): Value => {
    const found = list[count - 1];
    return found === undefined && fallback !== undefined ? evaluate(fallback, row) : valueIn(found);
  };
  switch (node.name) {
    case "rowNumber":
      return at + 1;
    case "rank":
      return rank;
    case "denseRank":
      return (groups[at] ?? 0) + 1;
    case "percentRank":
      return rows.length === 1 ? 0 : (rank - 1) / (rows.length - 1);
    case "cumeDist":
      return (groups.lastIndexOf(groups[at] ?? 0) + 1) / rows.length;
    case "ntile": {
      const buckets = Number(argument === undefined ? 1 : evaluate(argument, row));
      const size = Math.floor(rows.length / buckets);
      const larger = (rows.length % buckets) * (size + 1);
      return at < larger
        ? Math.floor(at / (size + 1)) + 1
        : (rows.length % buckets) + Math.floor((at - larger) / size) + 1;
    }
    case "lag":
      return from(rows.slice(0, at).toReversed());
    case "lagKnown":
      return from(known(rows.slice(0, at)).toReversed());
    case "lead":
      return from(rows.slice(at + 1));
    case "leadKnown":
      return from(known(rows.slice(at + 1)));
    case "firstValue":
      return valueIn(frame[0]);
    case "lastValue":
      return valueIn(frame.at(-1));
    case "nthValue":
      return valueIn(frame[count - 1]);
    case "firstKnown":
      return valueIn(known(frame)[0]);
    case "lastKnown":
      return valueIn(known(frame).at(-1));
    case "nthKnown":
      return valueIn(known(frame)[count - 1]);
    default:
      throw new Error(`${node.name} is not interpreted`);
  }
}

function evaluate(expression: Expression, row: Row, group?: readonly Row[], around?: Around): Value {
  switch (expression.kind) {
    case "column":
      return cell(row, expression.name);
    case "literal":
      return expression.type === "number" && typeof expression.value === "string"
        ? Number(expression.value)
        : expression.value;
    case "call":
      if (around !== undefined && entryOf(expression.name)?.kind === "window") return overWindow(expression, around);
      return ["count", "countOf", "sum", "min"].includes(expression.name) && group !== undefined
        ? overGroup(expression, group)
        : scalar(
            expression.name,
            expression.arguments.map((argument) => evaluate(argument, row, group, around)),
          );
    default:
      throw new Error(`${expression.kind} is not interpreted`);
  }
}

function overGroup(node: CallNode, group: readonly Row[]): Value {
  const {
    where: condition,
    arguments: [argument],
  } = node;
  const rows = condition === undefined ? group : group.filter((row) => evaluate(condition, row) === true);
  if (argument === undefined) return rows.length;
  const values = rows.map((row) => evaluate(argument, row)).filter((value) => value !== null);
  if (node.name === "countOf") return values.length;
  if (values.length === 0) return null;
  if (node.name === "min") return values.toSorted(compare)[0] ?? null;
  return values.reduce<number>((sum, value) => sum + Number(value), 0);
}

function scalar(name: string, args: readonly Value[]): Value {
  const [a = null, b = null] = args;
  switch (name) {
    case "and":
      return args.includes(false) ? false : args.includes(null) ? null : true;
    case "or":
      return args.includes(true) ? true : args.includes(null) ? null : false;
    case "isNull":
      return a === null;
    case "isNotNull":
      return a !== null;
    case "isDistinctFrom":
      return a !== b;
    case "isNotDistinctFrom":
      return a === b;
    case "orElse":
      return a ?? b;
  }
  if (args.includes(null)) return null;
  switch (name) {
    case "not":
      return !a;
    case "eq":
      return a === b;
    case "lt":
      return compare(a, b) < 0;
    case "gt":
      return compare(a, b) > 0;
    case "notIn":
      return !args.slice(1).includes(a);
    case "matches":
      return new RegExp(String(b)).test(String(a));
    case "upper":
      return String(a).toUpperCase();
    default:
      throw new Error(`${name} is not interpreted`);
  }
}
