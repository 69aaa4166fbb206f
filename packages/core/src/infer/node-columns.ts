import { SluiceError } from "../errors.ts";
import { walkExpression } from "../ir/expression.ts";
import type { AggregateNode, NamedExpression, RenameNode, SortKey } from "../ir/relation.ts";
import { printExpression } from "../print/print-expression.ts";
import type { Column } from "../schema/schema.ts";
import type { TypeText } from "../schema/types.ts";
import { findColumn } from "./find-column.ts";
import { columnTypeOf, typeOf, unknownColumn } from "./type-of.ts";

export interface NodeRequest {
  readonly parameters: ReadonlyMap<string, TypeText>;
  /** Throws where nobody collects. */
  readonly onProblem: (error: unknown) => void;
}

/** Each of these, whatever is wrong with another. */
export function attempt({ onProblem }: NodeRequest, works: readonly (() => unknown)[]): void {
  for (const work of works) {
    try {
      work();
    } catch (error) {
      onProblem(error);
    }
  }
}

/** The column of that name, or the error that there is none. */
export function required(name: string, columns: readonly Column[]): Column {
  const found = findColumn(columns, name);
  if (found === undefined) throw unknownColumn(name, columns);
  return found;
}

/** Without these columns nothing behind can be looked at: the last mistake ends it, those before it are told. */
export function every<T, R>(items: readonly T[], request: NodeRequest, of: (item: T) => R): readonly R[] {
  const problems: unknown[] = [];
  const results = items.flatMap((item) => {
    try {
      return [of(item)];
    } catch (error) {
      problems.push(error);
      return [];
    }
  });
  const last = problems.pop();
  for (const problem of problems) request.onProblem(problem);
  if (last !== undefined) throw last;
  return results;
}

/** The columns of these names. */
export function allRequired(
  names: readonly string[],
  columns: readonly Column[],
  request: NodeRequest,
): readonly Column[] {
  return every(names, request, (name) => required(name, columns));
}

/** The columns of named expressions. */
export function computed(
  pairs: readonly NamedExpression[],
  columns: readonly Column[],
  request: NodeRequest,
): readonly Column[] {
  const { parameters } = request;
  return every(pairs, request, ([name, expression]) => ({
    name,
    ...columnTypeOf(expression, { columns, parameters }),
  }));
}

/** The columns with others in place of those of their name, new ones behind. */
export function replaced(columns: readonly Column[], changed: readonly Column[]): readonly Column[] {
  const before = new Set(columns.map((column) => column.name));
  return [
    ...columns.map((column) => findColumn(changed, column.name) ?? column),
    ...changed.filter((one) => !before.has(one.name)),
  ];
}

/** The columns of a rename. */
export function renamed(node: RenameNode, columns: readonly Column[], request: NodeRequest): readonly Column[] {
  every(node.names, request, ([from]) => required(from, columns));
  const names = new Map(node.names);
  return columns.map((column) => ({ ...column, name: names.get(column.name) ?? column.name }));
}

/** The columns of a drop. */
export function dropped(names: readonly string[], columns: readonly Column[], request: NodeRequest): readonly Column[] {
  allRequired(names, columns, request);
  const gone = new Set(names);
  const rest = columns.filter((column) => !gone.has(column.name));
  if (rest.length === 0) throw new SluiceError("config", "drop leaves no columns");
  return rest;
}

/** The columns of an aggregate: a key may be null in the rows of a set that it is not in. */
export function aggregated(node: AggregateNode, columns: readonly Column[], request: NodeRequest): readonly Column[] {
  const optional = new Set(node.by.filter((name) => node.sets?.some((set) => !set.includes(name))));
  const seen =
    optional.size === 0 ? columns : columns.map((one) => (optional.has(one.name) ? { ...one, nullable: true } : one));
  const all = [
    ...node.by.map((name) => () => required(name, seen)),
    ...node.columns.map((pair) => () => computed([pair], seen, request)[0] as Column),
    ...(node.grouping ?? []).map(([, name]) => () => ({ name, type: "bool", nullable: false })),
  ];
  return every(all, request, (column) => column());
}

/** Tells of what is wrong with an order. */
export function checkKeys(by: readonly SortKey[], columns: readonly Column[], request: NodeRequest): void {
  const { parameters } = request;
  attempt(
    request,
    by.map(({ expression }) => () => {
      typeOf(expression, { columns, parameters });
      let isOfRow = false;
      walkExpression(expression, (node) => {
        if (node.kind === "column") isOfRow = true;
      });
      if (isOfRow) return;
      throw new SluiceError("config", "a sort key must depend on a column: a constant puts no row before another", {
        offending: printExpression(expression),
        ...(expression.kind === "literal" && expression.type === "string"
          ? { hint: `the name of a column stands without quotes: ${expression.value}` }
          : {}),
      });
    }),
  );
}
