import { relationPaths } from "../definition/relation-paths.ts";
import { isSluiceError, locate, SluiceError } from "../errors.ts";
import { walkExpression } from "../ir/expression.ts";
import {
  type AggregateNode,
  inputsOf,
  type NamedExpression,
  type Relation,
  type RenameNode,
  type ScanSource,
  type SortKey,
} from "../ir/relation.ts";
import { printExpression } from "../print/print-expression.ts";
import type { FrozenDataset } from "../schema/frozen.ts";
import type { Column, Schema } from "../schema/schema.ts";
import type { TypeText } from "../schema/types.ts";
import { assertDistinctNames } from "./distinct-names.ts";
import { findColumn } from "./find-column.ts";
import { joinColumns } from "./join-columns.ts";
import { assertCondition, columnTypeOf, typeOf, unknownColumn } from "./type-of.ts";
import { unionColumns } from "./union-columns.ts";

/** What inference asks for; the `CompileRequest` of an engine is one. */
export interface SchemaRequest {
  /** The schema of what a scan reads. */
  readonly schemaOf: (source: ScanSource) => Schema;
  readonly parameters: ReadonlyMap<string, TypeText>;
  /** What the paths in errors begin with, for example `steps.crash.query`. */
  readonly path?: string;
  /**
   * Told of a mistake behind which the rest can be looked at all the same: in a filter, or in one of several expressions.
   * Where absent, the first is thrown.
   */
  readonly onProblem?: (problem: SluiceError) => void;
}

/**
 * The rows that a relation gives: names in order, exact types, and what may be null.
 *
 * @example
 * schemaOf({ kind: "keep", input: crashes, columns: ["latitude"] }, request);
 * // { columns: [{ name: "latitude", type: "float64", nullable: true }] }
 * @throws SluiceError `config` for unknown columns, names that meet, and types that do not fit
 */
export function schemaOf(relation: Relation, request: SchemaRequest): Schema {
  return createInference(relation, request)(relation);
}

/**
 * Like `schemaOf` for the relation and everything inside it, each node inferred once: for those who ask node by node.
 *
 * @example
 * const infer = createInference(relation, request);
 * infer(relation.input).columns.length; // 49
 */
export function createInference(relation: Relation, request: SchemaRequest): (node: Relation) => Schema {
  const known = new Map<Relation, Schema>();
  const paths = request.path === undefined ? undefined : relationPaths(relation, request.path);
  const infer = (node: Relation): Schema => {
    const before = known.get(node);
    if (before !== undefined) return before;
    for (const input of inputsOf(node)) infer(input);
    const path = paths?.get(node);
    const located = (error: unknown): unknown =>
      isSluiceError(error) && path !== undefined ? locate(error, { file: "", path }) : error;
    const onProblem = (error: unknown): void => {
      const problem = located(error);
      if (request.onProblem === undefined || !isSluiceError(problem)) throw problem;
      request.onProblem(problem);
    };
    try {
      const columns = columnsOf(node, (input) => infer(input).columns, { ...request, onProblem });
      assertDistinctNames(columns);
      const schema = { columns };
      known.set(node, schema);
      return schema;
    } catch (error) {
      throw located(error);
    }
  };
  return infer;
}

/**
 * The schema of a dataset: its frozen columns without what only a reader needs; all of them, or those named.
 *
 * @example
 * schemaOfDataset(crashes, ["latitude"]); // { columns: [{ name: "latitude", type: "float64", nullable: true }] }
 */
export function schemaOfDataset(dataset: FrozenDataset, names?: readonly string[]): Schema {
  const wanted = names === undefined ? undefined : new Set(names);
  const columns = dataset.columns.filter((column) => wanted === undefined || wanted.has(column.name));
  return { columns: columns.map(({ name, type, nullable }) => ({ name, type, nullable })) };
}

type ColumnsOf = (input: Relation) => readonly Column[];

interface NodeRequest extends SchemaRequest {
  /** Throws where nobody collects. */
  readonly onProblem: (error: unknown) => void;
}

/** Each of these, whatever is wrong with another. */
function attempt({ onProblem }: NodeRequest, works: readonly (() => unknown)[]): void {
  for (const work of works) {
    try {
      work();
    } catch (error) {
      onProblem(error);
    }
  }
}

function columnsOf(node: Relation, below: ColumnsOf, request: NodeRequest): readonly Column[] {
  const { parameters } = request;
  switch (node.kind) {
    case "scan":
      return request.schemaOf(node.source).columns;
    case "values":
      return node.columns;
    case "filter":
      attempt(request, [() => assertCondition(node.condition, { columns: below(node.input), parameters }, "a filter")]);
      return below(node.input);
    case "select":
      return computed(node.columns, below(node.input), request);
    case "derive":
      return replaced(below(node.input), computed(node.columns, below(node.input), request));
    case "rename":
      return renamed(node, below(node.input), request);
    case "keep":
      return allRequired(node.columns, below(node.input), request);
    case "drop":
      return dropped(node.columns, below(node.input), request);
    case "dropNulls":
      attempt(
        request,
        node.columns.map((name) => () => required(name, below(node.input))),
      );
      return below(node.input).map((column) =>
        node.columns.includes(column.name) ? { ...column, nullable: false } : column,
      );
    case "join":
      return joinColumns(node, below(node.left), below(node.right), parameters);
    case "union":
      return unionColumns(node.inputs.map(below));
    case "aggregate":
      return aggregated(node, below(node.input), request);
    case "sort":
      checkKeys(node.by, below(node.input), request);
      return below(node.input);
    case "deduplicate":
      attempt(
        request,
        node.key.map((name) => () => required(name, below(node.input))),
      );
      checkKeys(node.by, below(node.input), request);
      return below(node.input);
    case "distinct":
    case "limit":
      return below(node.input);
    case "sql":
      if (node.columns !== undefined) return node.columns;
      throw new SluiceError("internal", "the rows of raw SQL are not known before its engine described it");
    default:
      return node satisfies never;
  }
}

function required(name: string, columns: readonly Column[]): Column {
  const found = findColumn(columns, name);
  if (found === undefined) throw unknownColumn(name, columns);
  return found;
}

/** Without these columns nothing behind can be looked at: the last mistake ends it, those before it are told. */
function every<T, R>(items: readonly T[], request: NodeRequest, of: (item: T) => R): readonly R[] {
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

function allRequired(names: readonly string[], columns: readonly Column[], request: NodeRequest): readonly Column[] {
  return every(names, request, (name) => required(name, columns));
}

function computed(
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

function replaced(columns: readonly Column[], changed: readonly Column[]): readonly Column[] {
  const before = new Set(columns.map((column) => column.name));
  return [
    ...columns.map((column) => findColumn(changed, column.name) ?? column),
    ...changed.filter((one) => !before.has(one.name)),
  ];
}

function renamed(node: RenameNode, columns: readonly Column[], request: NodeRequest): readonly Column[] {
  every(node.names, request, ([from]) => required(from, columns));
  const names = new Map(node.names);
  return columns.map((column) => ({ ...column, name: names.get(column.name) ?? column.name }));
}

function dropped(names: readonly string[], columns: readonly Column[], request: NodeRequest): readonly Column[] {
  allRequired(names, columns, request);
  const gone = new Set(names);
  const rest = columns.filter((column) => !gone.has(column.name));
  if (rest.length === 0) throw new SluiceError("config", "drop leaves no columns");
  return rest;
}

function aggregated(node: AggregateNode, columns: readonly Column[], request: NodeRequest): readonly Column[] {
  const all = [
    ...node.by.map((name) => () => required(name, columns)),
    ...node.columns.map((pair) => () => computed([pair], columns, request)[0] as Column),
  ];
  return every(all, request, (column) => column());
}

function checkKeys(by: readonly SortKey[], columns: readonly Column[], request: NodeRequest): void {
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
