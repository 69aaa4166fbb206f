import { rightNames } from "../infer/join-columns.ts";
import type { CallNode, Expression } from "../ir/expression.ts";
import type { JoinNode, NamedExpression, Relation, ScanSource, SortKey } from "../ir/relation.ts";

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
      const [first = { names: [], rows: [] }, ...others] = relation.inputs.map(run);
      const all = [first, ...others.map((one) => picked(one, first.names))];
      const table = { names: first.names, rows: all.flatMap((one) => one.rows) };
      return relation.distinct ? firstOfEach(table, table.names) : table;
    }
    case "distinct": {
      const input = run(relation.input);
      return firstOfEach(input, input.names);
    }
    case "aggregate":
      return aggregated(relation.by, relation.columns, run(relation.input));
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
  const rows = table.rows.toSorted((a, b) => {
    for (const { expression, descending } of by) {
      const order = compare(evaluate(expression, a), evaluate(expression, b));
      if (order !== 0) return descending ? -order : order;
    }
    return 0;
  });
  return { names: table.names, rows };
}

function joined(node: JoinNode, left: Table, right: Table): Table {
  const using = node.using ?? [];
  const others = right.names.filter((name) => !using.includes(name));
  const names = new Map(rightNames(node, others, left.names));
  const matches = (a: Row, b: Row): boolean =>
    using.every((name) => cell(a, name) !== null && cell(a, name) === cell(b, name));
  const pairs = left.rows.flatMap((a): (readonly [Row, Row | undefined])[] => {
    const found = right.rows.filter((b) => matches(a, b));
    if (node.how === "semi") return found.length > 0 ? [[a, undefined]] : [];
    if (node.how === "anti") return found.length > 0 ? [] : [[a, undefined]];
    if (found.length === 0) return node.how === "left" ? [[a, undefined]] : [];
    return found.map((b) => [a, b]);
  });
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
          ...a,
          ...own.map((name) => [names.get(name) ?? name, b === undefined ? null : cell(b, name)] as const),
        ]),
    ),
  };
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

function evaluate(expression: Expression, row: Row, group?: readonly Row[]): Value {
  switch (expression.kind) {
    case "column":
      return cell(row, expression.name);
    case "literal":
      return expression.type === "number" && typeof expression.value === "string"
        ? Number(expression.value)
        : expression.value;
    case "call":
      return ["count", "sum", "min"].includes(expression.name) && group !== undefined
        ? overGroup(expression, group)
        : scalar(
            expression.name,
            expression.arguments.map((argument) => evaluate(argument, row, group)),
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
