import { SluiceError } from "../errors.ts";
import type { Relation as RelationNode } from "../ir/relation.ts";

/** What every way of computing a relation takes; all of it may be absent. */
export interface QueryOptions {
  /** Values of the parameters that it uses. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** The project's folder, or a file in it (`import.meta.url`); found by its datasets, then from the working directory. */
  readonly project?: string;
  /** Aborting it cancels the query. */
  readonly signal?: AbortSignal;
}

/** What `rows` takes besides. */
export interface RowsOptions extends QueryOptions {
  /** Integers as `bigint`; as `number` where absent, and one beyond 2^53 is an error. */
  readonly bigint?: boolean;
}

/** What `toFile` takes besides; what is not named here goes to the file as an option of `file(…)`. */
export interface ToFileOptions extends QueryOptions {
  /** Known from the name's ending where absent. */
  readonly format?: string;
  readonly mode?: "replace" | "append";
  readonly delimiter?: string;
  readonly header?: boolean;
  readonly quote?: "minimal" | "all" | "none";
  readonly compression?: "snappy" | "zstd" | "gzip" | "none";
  readonly [option: string]: unknown;
}

/** Rows that are on their way: all of them when awaited, one after the other with `for await`. */
export interface RowStream<T> extends PromiseLike<T[]>, AsyncIterable<T> {}

/** What a column holds: a row of `describe()`. Values are text, as the command line shows them. */
export interface ColumnSummary {
  readonly column: string;
  readonly type: string;
  readonly rows: number;
  readonly nulls: number;
  /** Different values; about, where `exact` is false. */
  readonly distinct: number;
  readonly exact: boolean;
  readonly min: string | null;
  readonly max: string | null;
  /** For numbers; null for the rest. */
  readonly mean: number | null;
  readonly stddev: number | null;
  /** Quartiles of numbers and times, each a value that occurs; null for the rest. */
  readonly q25: string | null;
  readonly median: string | null;
  readonly q75: string | null;
}

/** A relation as it is handed to what computes it: everything about it that is not its type. */
export interface RelationQuery {
  /** Over datasets and addresses; the steps that it read are put in place of their names. */
  readonly relation: RelationNode;
  /** The types that `param` was given, by name. */
  readonly parameterTypes: ReadonlyMap<string, string>;
  /** The modules that declared its datasets: they lie in its project. */
  readonly modules: readonly string[];
}

/** Something that computes relations. Core has none: the package `sluice` supplies it. */
export interface QueryPort {
  rows(query: RelationQuery, options: RowsOptions): RowStream<unknown>;
  describe(query: RelationQuery, options: QueryOptions): Promise<readonly ColumnSummary[]>;
  toFile(query: RelationQuery, path: string, options: ToFileOptions): Promise<{ readonly rows: number }>;
  count(query: RelationQuery, options: QueryOptions): Promise<number>;
}

let supplied: QueryPort | undefined;

/** Says what computes relations in this process. */
export function supplyQueries(port: QueryPort): void {
  supplied = port;
}

/**
 * What was supplied.
 *
 * @throws SluiceError `unsupported` where nothing was
 */
export function queryPort(): QueryPort {
  if (supplied !== undefined) return supplied;
  throw new SluiceError("unsupported", "nothing here computes relations", { hint: 'import the builder from "sluice"' });
}
