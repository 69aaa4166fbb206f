import type { Frame, JoinHow, Relation as RelationNode } from "../ir/relation.ts";
import type { AnyColumn, Condition, Order, Row } from "./columns.ts";
import type { JoinOptions, JoinProblem, JoinRow } from "./join-types.ts";
import type { ColumnSummary, QueryOptions, RowStream, RowsOptions, ToFileOptions } from "./query-port.ts";
import type {
  Pivoted,
  PivotValues,
  Unnested,
  UnnestOptions,
  UnnestProblem,
  Unpivoted,
  UnpivotProblem,
} from "./reshape-types.ts";
import type {
  Added,
  Aggregated,
  ExceptRow,
  Filled,
  FillOptions,
  GroupOptions,
  Incremental,
  IncrementalOptions,
  IntersectRow,
  NotNull,
  Renamed,
  RenameProblem,
  SampleOptions,
  SetProblem,
  UnionProblem,
  UnionRow,
} from "./row-types.ts";
import type { RowOf } from "./row-values.ts";

export declare const row: unique symbol;

/** Rows of a type, from wherever: what a step, a join or a union takes. */
export interface Rows<out R> {
  readonly [row]: R;
  readonly node: RelationNode;
}

/** What rows are sorted by: `c.hour` is ascending, `c.hour.desc()` descending; the first one decides. */
export type Sorting = Order | AnyColumn | readonly (Order | AnyColumn)[];

/**
 * A query: rows of a type, described and not computed yet. Every operation gives a new one.
 *
 * @example
 * crashes
 *   .filter((c) => c.latitude.isNotNull())
 *   .select((c) => ({ crash_id: c.crash_record_id, hour: c.crash_date.hour() }));
 * // columns crash_id string, hour int64
 */
export interface Relation<R> extends Rows<R> {
  /**
   * Keeps the rows for which the condition is true; false and null go. It does not change types: to drop nulls and
   * have columns that are never null, use `dropNulls`.
   *
   * @example crashes.filter((c) => and(c.latitude.isNotNull(), c.injuries_total.gt(0)))
   */
  filter(condition: (columns: R) => Condition): Relation<R>;
  /**
   * Exactly these columns, each computed from a row; the keys are their names.
   *
   * @example crashes.select((c) => ({ crash_id: c.crash_record_id, make: c.make.upper() }))
   */
  select<O extends Row>(columns: (columns: R) => O): Relation<O>;
  /**
   * All columns and these; one with an existing name is replaced in its place.
   *
   * @example crashes.derive((c) => ({ hour: c.crash_date.hour() }))
   */
  derive<A extends Row>(columns: (columns: R) => A): Relation<Added<R, A>>;
  /**
   * Other names, in the same places.
   *
   * @example crashes.rename({ crash_record_id: "crash_id" })
   */
  rename<const M extends { readonly [K in keyof R]?: string }>(names: M & RenameProblem<R, M>): Relation<Renamed<R, M>>;
  /** Only these columns, in this order. `crashes.keep(["crash_record_id", "crash_date"])` */
  keep<const K extends keyof R & string>(columns: readonly K[]): Relation<Pick<R, K>>;
  /** All but these columns. `crashes.drop(["rd_no"])` */
  drop<const K extends keyof R & string>(columns: readonly K[]): Relation<Omit<R, K>>;
  /** Drops the rows in which one of these columns is null; afterwards they are never null. `crashes.dropNulls(["latitude"])` */
  dropNulls<const K extends keyof R & string>(columns: readonly K[]): Relation<NotNull<R, K>>;
  /**
   * Joins the rows of another relation: `using` for columns of one name, `on` for any condition. Columns that both
   * sides have need a `suffix` (put behind the right one) or a `select`.
   *
   * @example
   * crashes.join(vehicles, { how: "left", using: ["crash_record_id"], suffix: "_vehicle" });
   * crashes.join(vehicles, {
   *   on: (crash, vehicle) => crash.crash_record_id.eq(vehicle.crash_record_id),
   *   select: (crash, vehicle) => ({ crash_id: crash.crash_record_id, make: vehicle.make }),
   * });
   */
  join<S, const J extends JoinOptions<R, S, H>, const H extends JoinHow = "inner">(
    right: Rows<S>,
    options: J & { readonly how?: H } & JoinProblem<R, S, H, J>,
  ): Relation<JoinRow<R, S, H, J>>;
  /**
   * The rows of both, columns matched by name; with `distinct` each row once. With `missing: "null"` a column that one side
   * lacks is null in its rows; without it both have the same columns.
   *
   * @example north.union(south, { missing: "null" })
   */
  union<S, const M extends "null" | undefined = undefined>(
    other: Rows<S> & UnionProblem<R, S, M>,
    options?: { readonly distinct?: boolean; readonly missing?: M },
  ): Relation<UnionRow<R, S, M>>;
  /**
   * The rows that the other side has too, columns matched by name, nulls being equal: each once, or with `all` as often as both
   * have it. `today.intersect(yesterday)`
   */
  intersect<S>(other: Rows<S> & SetProblem<R, S>, options?: { readonly all?: boolean }): Relation<IntersectRow<R, S>>;
  /**
   * The rows that the other side has not, columns matched by name, nulls being equal: each once, or with `all` as many times as
   * this side has it more often. `today.except(yesterday)`
   */
  except<S>(other: Rows<S> & SetProblem<R, S>, options?: { readonly all?: boolean }): Relation<ExceptRow<R, S>>;
  /**
   * Puts a value where one of these columns is null: a constant, or the one of the last row before (`forward`), or the next
   * behind (`backward`), that has one: within the partition, at most `limit` rows away.
   *
   * @example
   * prices.fill(["currency"], { value: "USD" }).fill(["price"], { how: "forward", partition: ["shop"], by: (p) => p.day });
   */
  fill<const K extends keyof R & string, const O extends FillOptions<R>>(
    columns: readonly K[],
    options: O,
  ): Relation<Filled<R, K, O>>;
  /**
   * The rows for which the condition is true, and all others, false and null: no row is lost, and none is in both. Where both
   * are read, split the rows of a step: it is computed once.
   *
   * @example const { yes: paid, no: open } = orders.split((o) => o.status.eq("paid"));
   */
  split(condition: (columns: R) => Condition): { readonly yes: Relation<R>; readonly no: Relation<R> };
  /**
   * One row per group, with these aggregates once for each of the values of a column, named `<value>_<name>`. The values are
   * written out, so that the columns are known.
   *
   * @example
   * vehicles.pivot({ by: ["make"], on: "unit_type", values: ["DRIVER", "PARKED"], columns: () => ({ n: count() }) });
   * // make, DRIVER_n, PARKED_n
   */
  pivot<const V extends PivotValues, A extends Row, const K extends keyof R & string = never>(options: {
    readonly by?: readonly K[];
    readonly on: keyof R & string;
    readonly values: V;
    readonly columns: (columns: R) => A;
  }): Relation<Pivoted<R, K, V, A>>;
  /**
   * One row for each of these columns, with its name and its value; values that are null are left out, unless `nulls` keeps them.
   *
   * @example crashes.unpivot(["injuries_fatal", "injuries_total"], { name: "what", value: "people" })
   */
  unpivot<
    const K extends keyof R & string,
    const N extends string,
    const V extends string,
    const L extends "keep" | undefined = undefined,
  >(
    columns: readonly K[] & UnpivotProblem<R, K>,
    options: { readonly name: N; readonly value: V; readonly nulls?: L },
  ): Relation<Unpivoted<R, K, N, V, L>>;
  /**
   * Takes a column apart, in its place: a list gives one row for each item, with `ordinality` its place too, and none where it
   * is empty or null, unless `outer`; a struct gives its fields as columns, with a `prefix`.
   *
   * @example orders.unnest("items", { ordinality: "line" }).unnest("items", { prefix: "item_" })
   */
  unnest<const K extends keyof R & string, const O extends UnnestOptions = Record<never, never>>(
    column: K & UnnestProblem<R, K>,
    options?: O,
  ): Relation<Unnested<R, K, O>>;
  /**
   * Some of the rows, the same in every run: so many, or this share of them, by a hash of the `key` or of all columns. Rows
   * with the same key are taken or left together by a share.
   *
   * @example people.sample({ share: 0.1, key: ["crash_record_id"], seed: 7 })
   */
  sample(options: SampleOptions<keyof R & string>): Relation<R>;
  /** Each different row once; nulls count as equal. */
  distinct(): Relation<R>;
  /**
   * Groups rows by columns, to be aggregated. With `sets` they are grouped several times, and keys that a set lacks are null in its
   * rows; `grouping` names a column per key that is true there.
   *
   * @example
   * vehicles.group(["vehicle_type"]).aggregate(() => ({ crashes: count() }));
   * vehicles.group(["make", "model"], { sets: "rollup", grouping: { model: "of_make" } }).aggregate(() => ({ n: count() }));
   */
  group<const K extends keyof R & string, const O extends GroupOptions<K> = Record<never, never>>(
    by: readonly K[],
    options?: O,
  ): Grouped<R, K, O>;
  /** One row over all rows, also of an empty input. `crashes.aggregate((c) => ({ worst: max(c.injuries_total) }))` */
  aggregate<A extends Row>(columns: (columns: R) => A): Relation<A>;
  /**
   * All columns and these, computed over the rows around each row: over all rows with the same values in `partition`, in the
   * order `by`, of them those of the frame. Window functions need an order; without one an aggregate sees the whole
   * partition, with one and no frame the rows up to its own. Rows that are equal in the order have none among them: end it with a key.
   *
   * @example
   * crashes.window({ partition: ["beat"], by: (c) => [c.crash_date, c.crash_record_id] }, (c) => ({
   *   n: rowNumber(),
   *   before: c.crash_date.lag(1),
   *   injured: sum(c.injuries_total),
   * }));
   */
  window<A extends Row, const K extends keyof R & string = never>(
    options: {
      readonly partition?: readonly K[];
      readonly by?: (columns: R) => Sorting;
      /** `rowsBetween`, `rangeBetween` or `groupsBetween`. */
      readonly frame?: Frame;
    },
    columns: (columns: R) => A,
  ): Relation<Added<R, A>>;
  /** In this order. `crashes.sort((c) => [c.injuries_total.desc(), c.crash_record_id])` */
  sort(by: (columns: R) => Sorting): Relation<R>;
  /** At most so many rows, after the first `offset` ones. */
  limit(count: number, options?: { readonly offset?: number }): Relation<R>;
  /**
   * One row for each value of the key: the first or the last by an order.
   *
   * @example people.deduplicate({ key: ["person_id"], keep: "last", by: (p) => p.crash_date })
   */
  deduplicate<const K extends keyof R & string>(options: {
    readonly key: readonly K[];
    readonly keep: "first" | "last";
    readonly by: (columns: R) => Sorting;
  }): Relation<R>;
  /**
   * Computes the rows, now: an array where it is awaited, one after the other with `for await`, which reads on as fast as
   * the loop does. Checks of steps are not made, and nothing is written.
   *
   * @example
   * await crashes.keep(["hour"]).limit(2).rows(); // [{ hour: 13 }, { hour: 2 }]
   * for await (const crash of crashes.rows()) console.log(crash.hour);
   * @throws SluiceError what a run of the query would fail with
   */
  rows(options: RowsOptions & { readonly bigint: true }): RowStream<RowOf<R, bigint>>;
  rows(options?: RowsOptions): RowStream<RowOf<R>>;
  /** The first rows, ten where no number is given. `await crashes.head(3)` */
  head(count?: number, options?: RowsOptions): RowStream<RowOf<R>>;
  /**
   * What each column holds, a row for each: its type, nulls, distinct values, least and greatest, quartiles.
   *
   * @example console.table(await crashes.describe());
   */
  describe(options?: QueryOptions): Promise<readonly ColumnSummary[]>;
  /**
   * Writes the rows to a file, whole or not at all; its ending says the format. The path starts from the project's folder.
   *
   * @example await crashes.toFile("out/crashes.parquet"); // { rows: 1000 }
   */
  toFile(path: string, options?: ToFileOptions): Promise<{ readonly rows: number }>;
  /** How many rows there are. `await crashes.count()` */
  count(options?: QueryOptions): Promise<number>;
}

/** Rows in groups; `aggregate` gives one row for each. */
export interface Grouped<R, K extends keyof R & string, O = Record<never, never>> {
  /** The keys and these columns, one row for each group; nulls form one. */
  aggregate<A extends Row>(columns: (columns: R) => A): Relation<Aggregated<R, K, A, O>>;
}

/** A source with a name and a frozen schema. */
export interface Dataset<R> extends Relation<R> {
  readonly dataset: string;
  /**
   * What is new since the last commit of the load that reads it: by a `cursor` that grows, by `files`, or by `key`. Where
   * nothing was committed yet, and in a query that no load reads, all of it from `initial` on.
   *
   * @example
   * orders.incremental({ cursor: "updated_at", initial: "2024-01-01", lag: "2 days" });
   * trips.incremental({ files: "new" });
   * customers.incremental({ key: ["id"], deleted: "is_gone" });
   */
  incremental<const O extends IncrementalOptions<keyof R & string>>(options: O): Relation<Incremental<R, O>>;
}
