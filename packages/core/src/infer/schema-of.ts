import { relationPaths } from "../definition/relation-paths.ts";
import { isSluiceError, locate, SluiceError } from "../errors.ts";
import { inputsOf, type Relation, type ScanSource } from "../ir/relation.ts";
import type { FrozenDataset } from "../schema/frozen.ts";
import type { Column, Schema } from "../schema/schema.ts";
import type { TypeText } from "../schema/types.ts";
import { assertDistinctNames } from "./distinct-names.ts";
import { fillColumns } from "./fill-columns.ts";
import { incrementalColumns } from "./incremental-columns.ts";
import { joinColumns } from "./join-columns.ts";
import {
  aggregated,
  allRequired,
  attempt,
  checkKeys,
  computed,
  dropped,
  type NodeRequest,
  renamed,
  replaced,
  required,
} from "./node-columns.ts";
import { aggregateOf, unnestColumns, unpivotColumns } from "./reshaped-columns.ts";
import { assertCondition } from "./type-of.ts";
import { setColumns, unionColumns } from "./union-columns.ts";
import { windowColumns } from "./window-columns.ts";

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

function columnsOf(node: Relation, below: ColumnsOf, request: SchemaRequest & NodeRequest): readonly Column[] {
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
      return unionColumns(node.inputs.map(below), node.missing);
    case "intersect":
    case "except":
      return setColumns(node.kind, below(node.left), below(node.right));
    case "pivot":
      required(node.on, below(node.input));
      return aggregated(aggregateOf(node), below(node.input), request);
    case "unpivot":
      return unpivotColumns(node, below(node.input), request);
    case "unnest":
      return unnestColumns(node, below(node.input));
    case "fill":
      return fillColumns(node, below(node.input), request);
    case "sample":
      allRequired(node.key, below(node.input), request);
      return below(node.input);
    case "aggregate":
      return aggregated(node, below(node.input), request);
    case "window":
      return windowColumns(node, below(node.input), request);
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
    case "incremental":
      return incrementalColumns(node, below(node.input), parameters);
    case "sql":
      if (node.columns !== undefined) return node.columns;
      throw new SluiceError("internal", "the rows of raw SQL are not known before its engine described it");
    default:
      return node satisfies never;
  }
}
