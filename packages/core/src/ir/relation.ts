import type { Address } from "../schema/frozen.ts";
import type { Column } from "../schema/schema.ts";
import type { Expression } from "./expression.ts";

/**
 * Relations: what a query means, as a JSON-safe tree without SQL text. Columns are arrays of pairs, never objects,
 * so that order, `__proto__` and `"1"` survive. The meaning of each node is given beside it; `schemaOf` infers rows.
 */
export type Relation =
  | ScanNode
  | ValuesNode
  | FilterNode
  | SelectNode
  | DeriveNode
  | RenameNode
  | KeepNode
  | DropNode
  | DropNullsNode
  | JoinNode
  | UnionNode
  | DistinctNode
  | AggregateNode
  | SortNode
  | LimitNode
  | DeduplicateNode
  | SqlNode;

/** An output column: its name and what it is computed from. */
export type NamedExpression = readonly [name: string, expression: Expression];

/** Reads a dataset, the output of a step, an address that was never frozen, or (in plans only) the output of a stage. */
export interface ScanNode {
  readonly kind: "scan";
  readonly source: ScanSource;
}
/** What a scan reads; a plan knows datasets and stages only. */
export type ScanSource =
  | { readonly dataset: string }
  | { readonly step: string }
  | { readonly inline: Address }
  | { readonly stage: string };

/** Rows written out: each value is the text of a literal of its column's type, a boolean, or null. */
export interface ValuesNode {
  readonly kind: "values";
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly (string | boolean | null)[])[];
}

/** Keeps the rows whose condition is true; false and null go. */
export interface FilterNode {
  readonly kind: "filter";
  readonly input: Relation;
  readonly condition: Expression;
}

/** Exactly these columns, each computed from the input. */
export interface SelectNode {
  readonly kind: "select";
  readonly input: Relation;
  readonly columns: readonly NamedExpression[];
}

/** The input's columns and these; one with an existing name replaces it in place, new ones follow in order. */
export interface DeriveNode {
  readonly kind: "derive";
  readonly input: Relation;
  readonly columns: readonly NamedExpression[];
}

/** Other names, same places: pairs of old and new, sorted by old name. */
export interface RenameNode {
  readonly kind: "rename";
  readonly input: Relation;
  readonly names: readonly (readonly [from: string, to: string])[];
}

/** Only these columns, in this order. */
export interface KeepNode {
  readonly kind: "keep";
  readonly input: Relation;
  readonly columns: readonly string[];
}

/** All but these columns. */
export interface DropNode {
  readonly kind: "drop";
  readonly input: Relation;
  readonly columns: readonly string[];
}

/** Drops rows in which one of these columns is null; afterwards they are not nullable. */
export interface DropNullsNode {
  readonly kind: "dropNulls";
  readonly input: Relation;
  readonly columns: readonly string[];
}

/**
 * Which rows a join gives: matches (`inner`), unmatched ones too (`left`, `right`, `full`), left ones that have a match (`semi`)
 * or none (`anti`), or each left row with each right one (`cross`).
 */
export type JoinHow = "inner" | "left" | "right" | "full" | "semi" | "anti" | "cross";

/**
 * Joins two inputs. Either `using` (equal names, compared with `=`; they appear once, first, coalesced for right and full)
 * or `on` (an expression over both sides), neither for cross. Semi and anti give the left columns only.
 * Names on both sides need `suffix` (put behind the right one) or `select` (exactly these columns, sided).
 */
export interface JoinNode {
  readonly kind: "join";
  readonly left: Relation;
  readonly right: Relation;
  readonly how: JoinHow;
  readonly using?: readonly string[];
  readonly on?: Expression;
  readonly suffix?: string;
  readonly select?: readonly NamedExpression[];
}

/** The rows of all inputs, columns matched by name in the first one's order; with `distinct` each row once. */
export interface UnionNode {
  readonly kind: "union";
  readonly inputs: readonly Relation[];
  readonly distinct?: true;
}

/** Each different row once; nulls count as equal. */
export interface DistinctNode {
  readonly kind: "distinct";
  readonly input: Relation;
}

/** One row per group (nulls form one), the keys first; without `by` one row for all, also of an empty input. */
export interface AggregateNode {
  readonly kind: "aggregate";
  readonly input: Relation;
  readonly by: readonly string[];
  readonly columns: readonly NamedExpression[];
}

/** One key of an order: ascending, nulls last, where nothing else is said. */
export interface SortKey {
  readonly expression: Expression;
  readonly descending?: true;
  /** Last where absent, in both directions. */
  readonly nulls?: "first";
}

/** In this order; ties in any. Order is kept by select, derive, rename, keep, drop, filter and limit above it. */
export interface SortNode {
  readonly kind: "sort";
  readonly input: Relation;
  readonly by: readonly SortKey[];
}

/** At most `count` rows after the first `offset` ones. */
export interface LimitNode {
  readonly kind: "limit";
  readonly input: Relation;
  readonly count: number;
  readonly offset?: number;
}

/** One row for each value of the key (nulls count as equal): the first or the last by the order. */
export interface DeduplicateNode {
  readonly kind: "deduplicate";
  readonly input: Relation;
  readonly key: readonly string[];
  readonly keep: "first" | "last";
  readonly by: readonly SortKey[];
  /** In plans only: gives the rows that it would take out instead. Checks make it, for the quarantine. */
  readonly rest?: true;
}

/** Raw SQL, bound to its engine: texts and inputs alternate, `texts.length === inputs.length + 1`. One SELECT. */
export interface SqlNode {
  readonly kind: "sql";
  readonly engine: string;
  readonly texts: readonly string[];
  readonly inputs: readonly Relation[];
  /** What its author says that it gives; verified when planned. */
  readonly declared?: readonly Column[];
  /** In plans only: its rows as the engine described them. */
  readonly columns?: readonly Column[];
}

/** The direct inputs of a relation, in order. */
export function inputsOf(relation: Relation): readonly Relation[] {
  switch (relation.kind) {
    case "scan":
    case "values":
      return [];
    case "join":
      return [relation.left, relation.right];
    case "union":
    case "sql":
      return relation.inputs;
    case "filter":
    case "select":
    case "derive":
    case "rename":
    case "keep":
    case "drop":
    case "dropNulls":
    case "distinct":
    case "aggregate":
    case "sort":
    case "limit":
    case "deduplicate":
      return [relation.input];
    default:
      return relation satisfies never;
  }
}

/** The relation with each direct input replaced. */
export function mapInputs(relation: Relation, change: (input: Relation) => Relation): Relation {
  switch (relation.kind) {
    case "scan":
    case "values":
      return relation;
    case "join":
      return { ...relation, left: change(relation.left), right: change(relation.right) };
    case "union":
    case "sql":
      return { ...relation, inputs: relation.inputs.map(change) };
    case "filter":
    case "select":
    case "derive":
    case "rename":
    case "keep":
    case "drop":
    case "dropNulls":
    case "distinct":
    case "aggregate":
    case "sort":
    case "limit":
    case "deduplicate":
      return { ...relation, input: change(relation.input) };
    default:
      return relation satisfies never;
  }
}

/** The relation with every expression in it (not below it) replaced. */
export function mapExpressions(relation: Relation, change: (expression: Expression) => Expression): Relation {
  const pairs = (columns: readonly NamedExpression[]): NamedExpression[] =>
    columns.map(([name, expression]) => [name, change(expression)] as const);
  const keys = (by: readonly SortKey[]): SortKey[] => by.map((key) => ({ ...key, expression: change(key.expression) }));
  switch (relation.kind) {
    case "filter":
      return { ...relation, condition: change(relation.condition) };
    case "select":
    case "derive":
    case "aggregate":
      return { ...relation, columns: pairs(relation.columns) };
    case "sort":
    case "deduplicate":
      return { ...relation, by: keys(relation.by) };
    case "join":
      return {
        ...relation,
        ...(relation.on === undefined ? {} : { on: change(relation.on) }),
        ...(relation.select === undefined ? {} : { select: pairs(relation.select) }),
      };
    case "scan":
    case "values":
    case "rename":
    case "keep":
    case "drop":
    case "dropNulls":
    case "union":
    case "distinct":
    case "limit":
    case "sql":
      return relation;
    default:
      return relation satisfies never;
  }
}

/** The expressions in a relation, not those below it. */
export function expressionsOf(relation: Relation): readonly Expression[] {
  const found: Expression[] = [];
  mapExpressions(relation, (expression) => {
    found.push(expression);
    return expression;
  });
  return found;
}

/** Visits a relation and all below it, parents first. */
export function walkRelation(relation: Relation, visit: (node: Relation) => void): void {
  visit(relation);
  for (const input of inputsOf(relation)) walkRelation(input, visit);
}
