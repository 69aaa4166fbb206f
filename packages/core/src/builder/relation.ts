import type { JoinHow, Relation as RelationNode } from "../ir/relation.ts";
import type {
  AnyColumn,
  Condition,
  NeverNull,
  Null,
  Operand,
  Optional,
  Order,
  Problem,
  Promoted,
  Row,
} from "./columns.ts";
import type { ColumnSummary, QueryOptions, RowStream, RowsOptions, ToFileOptions } from "./query-port.ts";
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
  /** The rows of both, columns matched by name; with `distinct` each row once. `north.union(south)` */
  union<S>(other: Rows<S> & UnionProblem<R, S>, options?: { readonly distinct?: boolean }): Relation<UnionRow<R, S>>;
  /** Each different row once; nulls count as equal. */
  distinct(): Relation<R>;
  /**
   * Groups rows by columns, to be aggregated.
   *
   * @example vehicles.group(["vehicle_type"]).aggregate(() => ({ crashes: count() }))
   */
  group<const K extends keyof R & string>(by: readonly K[]): Grouped<R, K>;
  /** One row over all rows, also of an empty input. `crashes.aggregate((c) => ({ worst: max(c.injuries_total) }))` */
  aggregate<A extends Row>(columns: (columns: R) => A): Relation<A>;
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
export interface Grouped<R, K extends keyof R & string> {
  /** The keys and these columns, one row for each group; nulls form one. */
  aggregate<A extends Row>(columns: (columns: R) => A): Relation<Aggregated<R, K, A>>;
}

/** A source with a name and a frozen schema. */
export interface Dataset<R> extends Relation<R> {
  readonly dataset: string;
}

/** The columns of `derive`: those of R, each one that A names replaced by it. */
export type Added<R, A> = keyof R & keyof A extends never ? R & A : Omit<R, keyof A> & A;
/** The columns of an aggregate: the keys as they are, then the computed ones; without keys only these. */
export type Aggregated<R, K extends keyof R, A> = [K] extends [never] ? A : Pick<R, K> & A;
/** The columns of `dropNulls`: those of R, the named ones never null. */
export type NotNull<R, K extends keyof R> = Omit<R, K> & { readonly [P in K]: NeverNull<R[P]> };
// The `as` clause drops comments and definitions, so that only renamed columns pass it.
/** The columns of `rename`: `Renamed<{ a: Int; b: Text }, { a: "id" }>` is `{ b: Text; id: Int }`. */
export type Renamed<R, M> = Omit<R, keyof M> & { readonly [K in keyof R & keyof M as M[K] & string]: R[K] };
/** What is wrong with the names of a rename: each one that R does not have, with those that there are. */
export type RenameProblem<R, M> = keyof M extends keyof R
  ? unknown
  : { readonly [K in Exclude<keyof M, keyof R>]: Problem<"there is no such column", keyof R> };

/** How two relations are joined: `using` or `on` (neither for a cross join), and what becomes of names on both sides. */
export interface JoinOptions<R, S, H extends JoinHow> {
  /** inner where absent. */
  readonly how?: JoinHow;
  /** Columns that both sides have, compared with `=`; they appear once. */
  readonly using?: readonly Shared<R, S>[];
  readonly on?: (left: R, right: S) => Condition;
  /** Put behind those names of the right side that the left one has too. */
  readonly suffix?: string;
  /** Exactly these columns, of both sides. */
  readonly select?: (left: LeftOf<R, H>, right: RightOf<S, H>) => Row;
}

type Shared<R, S> = [keyof R & keyof S] extends [never]
  ? Problem<"the sides have no column of one name: use on">
  : keyof R & keyof S & string;
type Optionals<R> = { readonly [K in keyof R]: Optional<R[K]> };
/** The left columns as a join gives them: in a right or full one all may be null, since a row may have no left side. */
export type LeftOf<R, H> = H extends "right" | "full" ? Optionals<R> : R;
/** The right columns as a join gives them: in a left or full one all may be null, since a row may have no right side. */
export type RightOf<S, H> = H extends "left" | "full" ? Optionals<S> : S;

/**
 * What is wrong with a join, as a member that is missing. While callbacks are not looked at yet, J is its own constraint,
 * of which every member is optional: nothing can be said then.
 */
export type JoinProblem<R, S, H, J> =
  Record<never, never> extends J
    ? unknown
    : JoinConditionProblem<H, J> & JoinNameProblem<R, S, H, J> & JoinKeyProblem<R, S, J>;

type JoinKeyProblem<R, S, J> = string extends keyof R | keyof S
  ? unknown
  : [UnlikeKeys<R, S, UsedNames<J>>] extends [never]
    ? unknown
    : {
        readonly using: Problem<
          "these keys are of another type on the other side: cast one before the join",
          UnlikeKeys<R, S, UsedNames<J>>
        >;
      };

// Keys of a float and an integer would meet as floats, in which different integers are equal.
type UnlikeKeys<R, S, U> = {
  [K in keyof R & keyof S & U]: R[K] extends Operand<infer F, Null>
    ? S[K] extends Operand<infer G, Null>
      ? [F | G] extends [F & G] | ["int" | "decimal"]
        ? never
        : K
      : never
    : never;
}[keyof R & keyof S & U];

type JoinConditionProblem<H, J> = H extends "cross"
  ? unknown
  : J extends { readonly using: unknown }
    ? J extends { readonly on: unknown }
      ? { readonly using: Problem<"a join takes using or on, not both"> }
      : unknown
    : J extends { readonly on: unknown }
      ? unknown
      : { readonly using: Problem<"a join needs using (columns of one name) or on (a condition)"> };

type JoinNameProblem<R, S, H, J> = H extends "semi" | "anti"
  ? unknown
  : J extends { readonly suffix: string } | { readonly select: unknown }
    ? unknown
    : string extends keyof R | keyof S
      ? unknown
      : [Exclude<keyof R & keyof S, UsedNames<J>>] extends [never]
        ? unknown
        : {
            readonly suffix: Problem<
              "both sides have these columns: give suffix or select",
              Exclude<keyof R & keyof S, UsedNames<J>>
            >;
          };

type UsedNames<J> = J extends { readonly using: readonly (infer U)[] } ? U & string : never;
type SuffixOf<J> = J extends { readonly suffix: infer X } ? X & string : never;

/**
 * The columns of a join: what `select` gives, else the `using` columns once, the left ones, and the right ones with their suffix;
 * of a semi or anti join the left ones only.
 */
export type JoinRow<R, S, H, J> = J extends { readonly select: (...sides: never[]) => infer O }
  ? O
  : H extends "semi" | "anti"
    ? R
    : J extends { readonly using: readonly (infer U)[] }
      ? Used<R, S, H, U> &
          Omit<LeftOf<R, H>, U & string> &
          Suffixed<Omit<R, U & string>, Omit<RightOf<S, H>, U & string>, SuffixOf<J>>
      : LeftOf<R, H> & Suffixed<R, RightOf<S, H>, SuffixOf<J>>;

// An inner join never matches nulls; of a full one a row may come from either side.
type Used<R, S, H, U> = H extends "right"
  ? { readonly [K in keyof R & keyof S & U]: Keyed<R[K], S[K]> }
  : H extends "full"
    ? { readonly [K in keyof R & keyof S & U]: Either<R[K], S[K]> }
    : H extends "inner"
      ? { readonly [K in keyof R & U]: NeverNull<R[K]> }
      : { readonly [K in keyof R & U]: R[K] };

/** The key of a right join: null where it may be on the right, of a type that holds both. */
type Keyed<A, B> =
  A extends Operand<infer F, Null>
    ? B extends Operand<infer G, infer M>
      ? [F] extends [G]
        ? B
        : Promoted<F, G, M & Null>
      : never
    : never;

type Suffixed<R, S, X> = keyof R & keyof S extends never
  ? S
  : Omit<S, keyof R> & { readonly [K in keyof R & keyof S & string as `${K}${X & string}`]: S[K] };

/** What is wrong with a union, in place of its argument. */
export type UnionProblem<R, S> = string extends keyof R | keyof S
  ? unknown
  : [Exclude<keyof R, keyof S>] extends [never]
    ? [Exclude<keyof S, keyof R>] extends [never]
      ? [Unlike<R, S>] extends [never]
        ? unknown
        : Problem<"these columns are of another type on the other side", Unlike<R, S>>
      : Problem<"this side lacks these columns of the other one", Exclude<keyof S, keyof R>>
    : Problem<"the other side lacks these columns", Exclude<keyof R, keyof S>>;

type Unlike<R, S> = {
  [K in keyof R & keyof S]: Either<R[K], S[K]> extends never ? K : never;
}[keyof R & keyof S];

/** The columns of a union: those of the first side, each of a type that holds both, null where it may be on either. */
export type UnionRow<R, S> = string extends keyof R | keyof S
  ? R
  : { readonly [K in keyof R]: K extends keyof S ? Either<R[K], S[K]> : R[K] };

/** A column that comes from one of two. */
type Either<A, B> =
  A extends Operand<infer F, infer N>
    ? B extends Operand<infer G, infer M>
      ? [F] extends [G]
        ? N | M extends never
          ? A
          : Optional<A>
        : [F | G] extends ["int" | "decimal" | "float"]
          ? Promoted<F, G, (N | M) & Null>
          : never
      : never
    : never;
