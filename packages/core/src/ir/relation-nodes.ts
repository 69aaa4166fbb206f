import type { Address } from "../schema/frozen.ts";
import type { Column } from "../schema/schema.ts";
import type { Expression, LiteralNode } from "./expression.ts";

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
  | WindowNode
  | IntersectNode
  | ExceptNode
  | FillNode
  | SampleNode
  | PivotNode
  | UnpivotNode
  | UnnestNode
  | IncrementalNode
  | SqlNode;

/** An output column: its name and what it is computed from. */
export type NamedExpression = readonly [name: string, expression: Expression];

/** Reads a dataset, the output of a step, a table that a load writes, an address that was never frozen, or (in plans only) the output of a stage. */
export interface ScanNode {
  readonly kind: "scan";
  readonly source: ScanSource;
}
/** What a scan reads; a plan knows datasets and stages only. */
export type ScanSource =
  | { readonly dataset: string }
  | { readonly step: string }
  | { readonly inline: Address }
  | { readonly table: Address }
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

/**
 * The rows of all inputs, columns matched by name in the first one's order; with `distinct` each row once. All inputs have the
 * same columns, unless `missing` says that one which an input lacks is null in its rows; those that the first lacks follow.
 */
export interface UnionNode {
  readonly kind: "union";
  readonly inputs: readonly Relation[];
  readonly distinct?: true;
  readonly missing?: "null";
}

/**
 * The rows that both sides have, columns matched by name in the left one's order, nulls being equal: each once, or with `all`
 * as often as the side has it that has it less often.
 */
export interface IntersectNode {
  readonly kind: "intersect";
  readonly left: Relation;
  readonly right: Relation;
  readonly all?: true;
}

/**
 * The rows of the left side that the right one has not, columns matched by name, nulls being equal: each once, or with `all`
 * as many times as the left side has it more often.
 */
export interface ExceptNode {
  readonly kind: "except";
  readonly left: Relation;
  readonly right: Relation;
  readonly all?: true;
}

/** Each different row once; nulls count as equal. */
export interface DistinctNode {
  readonly kind: "distinct";
  readonly input: Relation;
}

/**
 * One row per group (nulls form one), the keys first; without `by` one row for all, also of an empty input.
 * With `sets` the rows are grouped once by each of these sets of keys, and the others are null in its rows; the empty set
 * gives one row, also of an empty input. `grouping` names columns behind the others that are true where the key is null
 * for that reason, so that a subtotal differs from the group of nulls.
 */
export interface AggregateNode {
  readonly kind: "aggregate";
  readonly input: Relation;
  readonly by: readonly string[];
  readonly sets?: readonly (readonly string[])[];
  readonly grouping?: readonly (readonly [key: string, name: string])[];
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

/**
 * Puts a value where one of these columns is null: a constant (`value`), or the one of the last row before that has one
 * (`forward`), or of the next behind (`backward`), within the partition in the order `by`, at most `limit` rows away. Of rows
 * that are equal in the order, any may be the nearest.
 */
export interface FillNode {
  readonly kind: "fill";
  readonly input: Relation;
  readonly columns: readonly string[];
  readonly how: "value" | "forward" | "backward";
  readonly value?: Expression;
  readonly partition: readonly string[];
  readonly by: readonly SortKey[];
  readonly limit?: number;
}

/**
 * Some of the rows, the same in every run: those whose hash is among the least. It is the MD5 of the seed and of the values of
 * `key`, or of all columns without one. `share` takes each key with this probability, rows of one key together; `count`
 * takes so many rows, the keys with the least hash first, within a key by the hash of all columns. Without a key each of
 * several equal rows has a hash of its own: of the second one on, the MD5 of theirs, `;` and its number among them.
 */
export interface SampleNode {
  readonly kind: "sample";
  readonly input: Relation;
  readonly count?: number;
  readonly share?: number;
  readonly key: readonly string[];
  /** 0 where absent. */
  readonly seed?: number;
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

/**
 * The input's columns and these, each computed over the rows of its partition (nulls form one; without `partition` all rows
 * are in one): functions of the catalogue's kind `window`, which need an order, and aggregates. One with an existing name
 * replaces it in place. Where rows are equal in the order, those that tell them apart give any of the results that fit.
 */
export interface WindowNode {
  readonly kind: "window";
  readonly input: Relation;
  readonly partition: readonly string[];
  readonly by: readonly SortKey[];
  /** Which rows an aggregate, `firstValue`, `lastValue` and `nthValue` see. Absent: `range` from unbounded to current. */
  readonly frame?: Frame;
  readonly columns: readonly NamedExpression[];
}

/**
 * A part of the partition around each row. `rows` counts rows; `groups` counts rows that are equal in the order as one;
 * `range` goes by the distance of values in the order, which then has one key. Without an order there is no frame: all rows
 * of the partition are seen.
 */
export interface Frame {
  readonly unit: "rows" | "range" | "groups";
  readonly from: FrameBound;
  readonly to: FrameBound;
}
/**
 * `unbounded` is the start of the partition in `from` and its end in `to`. `current` is the row itself, in `range` and
 * `groups` with all that are equal to it. A distance is a number as decimal text; in `range` over times an ISO 8601 duration.
 */
export type FrameBound = "unbounded" | "current" | { readonly preceding: string } | { readonly following: string };

/**
 * One row per group, as an aggregate gives it, with its columns once for each of these values of a column: over the rows in
 * which it has the value (null being one). Their names are those of the value and of the column with `_` between. The
 * values are written out, so that the columns are known before the data is.
 */
export interface PivotNode {
  readonly kind: "pivot";
  readonly input: Relation;
  readonly by: readonly string[];
  readonly on: string;
  /** Literals of the types string, number, bool and null; a text stands for a value of the column's type. */
  readonly values: readonly (readonly [name: string, value: LiteralNode])[];
  readonly columns: readonly NamedExpression[];
}

/**
 * One row for each of these columns of a row: the others, then the column's name and its value, in the type that holds all
 * of them. Values that are null are left out, unless `nulls` keeps them.
 */
export interface UnpivotNode {
  readonly kind: "unpivot";
  readonly input: Relation;
  readonly columns: readonly string[];
  readonly name: string;
  readonly value: string;
  readonly nulls?: "keep";
}

/**
 * Takes a column apart, in its place. Of a list: one row for each item, under the column's name, with `ordinality` its place
 * from 1 on behind all columns; a row whose list is empty or null gives none, or with `outer` one with null. Of a struct: its
 * fields, each with the `prefix`; they may be null.
 */
export interface UnnestNode {
  readonly kind: "unnest";
  readonly input: Relation;
  readonly column: string;
  readonly outer?: true;
  readonly ordinality?: string;
  readonly prefix?: string;
}

/**
 * What is new in a dataset since the last commit of the load that reads it; where nothing was committed, and in a query that
 * no load reads, all of it from `initial` on. One of three members says how that is told:
 * - `cursor`: a column that grows. Rows from the greatest value seen on; of those that have the very value, the ones that
 *   were not there. With `lag`, also rows by so much below, which arrive again.
 * - `files`: files that are new by name, or (`changed`) also those of which size or time of change are others.
 * - `key`: rows with a key that was not there, or with other values under it; with `deleted`, a column of that name says which
 *   keys are gone, and is false for all others.
 */
export interface IncrementalNode {
  readonly kind: "incremental";
  /** A scan of a dataset. */
  readonly input: Relation;
  readonly cursor?: string;
  /** A literal or a parameter; rows from it on. */
  readonly initial?: Expression;
  /** A literal or a parameter; rows below it. */
  readonly end?: Expression;
  /** An ISO 8601 duration of days and less, or a number as decimal text. */
  readonly lag?: string;
  /** What a null in the cursor does: it fails the run where absent, comes each time, or is left out. */
  readonly nulls?: "include" | "exclude";
  readonly files?: "new" | "changed";
  readonly key?: readonly string[];
  readonly deleted?: string;
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
