import { relationPaths } from "../definition/relation-paths.ts";
import { isSluiceError, locate, SluiceError } from "../errors.ts";
import {
  type AggregateNode,
  inputsOf,
  type NamedExpression,
  type Relation,
  type RenameNode,
  type ScanSource,
  type SortKey,
} from "../ir/relation.ts";
import type { FrozenDataset } from "../schema/frozen.ts";
import type { Column, Schema } from "../schema/schema.ts";
import type { TypeText } from "../schema/types.ts";
import { assertDistinctNames } from "./distinct-names.ts";
import { findColumn } from "./find-column.ts";
import { joinColumns } from "./join-columns.ts";
import { assertCondition, typeOf, unknownColumn } from "./type-of.ts";
import { unionColumns } from "./union-columns.ts";

/** What inference asks for; the `CompileRequest` of an engine is one. */
export interface SchemaRequest {
  /** The schema of what a scan reads. */
  readonly schemaOf: (source: ScanSource) => Schema;
  readonly parameters: ReadonlyMap<string, TypeText>;
  /** What the paths in errors begin with, for example `steps.crash.query`. */
  readonly path?: string;
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
    try {
      const columns = columnsOf(node, (input) => infer(input).columns, request);
      assertDistinctNames(columns);
      const schema = { columns };
      known.set(node, schema);
      return schema;
    } catch (error) {
      const path = paths?.get(node);
      throw isSluiceError(error) && path !== undefined ? locate(error, { file: "", path }) : error;
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

function columnsOf(node: Relation, below: ColumnsOf, request: SchemaRequest): readonly Column[] {
  const { parameters } = request;
  switch (node.kind) {
    case "scan":
      return request.schemaOf(node.source).columns;
    case "values":
      return node.columns;
    case "filter":
      assertCondition(node.condition, { columns: below(node.input), parameters }, "a filter");
      return below(node.input);
    case "select":
      return computed(node.columns, below(node.input), request);
    case "derive":
      return replaced(below(node.input), computed(node.columns, below(node.input), request));
    case "rename":
      return renamed(node, below(node.input));
    case "keep":
      return node.columns.map((name) => required(name, below(node.input)));
    case "drop":
      return dropped(node.columns, below(node.input));
    case "dropNulls":
      for (const name of node.columns) required(name, below(node.input));
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
      for (const name of node.key) required(name, below(node.input));
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

function computed(
  pairs: readonly NamedExpression[],
  columns: readonly Column[],
  { parameters }: SchemaRequest,
): readonly Column[] {
  return pairs.map(([name, expression]) => ({ name, ...typeOf(expression, { columns, parameters }) }));
}

function replaced(columns: readonly Column[], changed: readonly Column[]): readonly Column[] {
  const before = new Set(columns.map((column) => column.name));
  return [
    ...columns.map((column) => findColumn(changed, column.name) ?? column),
    ...changed.filter((one) => !before.has(one.name)),
  ];
}

function renamed(node: RenameNode, columns: readonly Column[]): readonly Column[] {
  for (const [from] of node.names) required(from, columns);
  const names = new Map(node.names);
  return columns.map((column) => ({ ...column, name: names.get(column.name) ?? column.name }));
}

function dropped(names: readonly string[], columns: readonly Column[]): readonly Column[] {
  for (const name of names) required(name, columns);
  const gone = new Set(names);
  const rest = columns.filter((column) => !gone.has(column.name));
  if (rest.length === 0) throw new SluiceError("config", "drop leaves no columns");
  return rest;
}

function aggregated(node: AggregateNode, columns: readonly Column[], request: SchemaRequest): readonly Column[] {
  return [...node.by.map((name) => required(name, columns)), ...computed(node.columns, columns, request)];
}

function checkKeys(by: readonly SortKey[], columns: readonly Column[], { parameters }: SchemaRequest): void {
  for (const key of by) typeOf(key.expression, { columns, parameters });
}
