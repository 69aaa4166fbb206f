import type { Bool } from "./columns.generated.ts";
import type { AnyColumn, AnyValue, NeverNull, Null, Operand, Optional, Problem, Promoted } from "./columns.ts";
import type { Sorting } from "./relation.ts";

/** The columns of `derive`: those of R, each one that A names replaced by it. */
export type Added<R, A> = keyof R & keyof A extends never ? R & A : Omit<R, keyof A> & A;
/** The columns of an aggregate: the keys as they are, then the computed ones; without keys only these. */
export type Aggregated<R, K extends keyof R, A, O = Record<never, never>> = [K] extends [never]
  ? A
  : O extends { readonly sets: infer S }
    ? KeysOfSets<R, K, S> & A & Marks<O>
    : Pick<R, K> & A;

/** By which sets of keys rows are grouped, and the columns that are true where a key is not in the row's set. */
export interface GroupOptions<K extends string> {
  /** `rollup`: by all keys, all but the last, down to none; `cube`: by every set of keys. */
  readonly sets?: "rollup" | "cube" | readonly (readonly K[])[];
  readonly grouping?: { readonly [P in K]?: string };
}

// A key that is in every set is null only where it was.
type KeysOfSets<R, K extends keyof R, S> = S extends readonly (readonly unknown[])[]
  ? { readonly [P in K]: [P] extends [InAll<S>] ? R[P] : Optional<R[P]> }
  : { readonly [P in K]: Optional<R[P]> };
type InAll<S extends readonly (readonly unknown[])[]> = (
  S[number] extends infer X
    ? X extends readonly (infer U)[]
      ? (each: U) => void
      : never
    : never
) extends (each: infer I) => void
  ? I
  : never;
type Marks<O> = O extends { readonly grouping: infer G } ? { readonly [P in keyof G as G[P] & string]: Bool } : unknown;

/** A constant, or the value of another row. */
export type FillOptions<R> =
  | { readonly value: AnyValue }
  | {
      readonly how: "forward" | "backward";
      readonly partition?: readonly (keyof R & string)[];
      readonly by: (columns: R) => Sorting;
      /** At most so many rows away. */
      readonly limit?: number;
    };
/** The columns of `fill`: with a value that is never null the filled ones are not either. */
export type Filled<R, K extends keyof R, O> = Omit<R, K> & { readonly [P in K]: FilledColumn<R[P], O> };
// By column: a conditional row would be taken apart where R is inferred from a relation.
type FilledColumn<C, O> = O extends { readonly value: infer V }
  ? V extends Operand<string, infer N>
    ? [N] extends [never]
      ? NeverNull<C>
      : C
    : NeverNull<C>
  : C;

/** How what is new in a dataset is told: exactly one of `cursor`, `files` and `key`. */
export type IncrementalOptions<K extends string> =
  | {
      /** A column whose values grow. */
      readonly cursor: K;
      /** Rows from it on, before anything was committed. */
      readonly initial?: Bound;
      /** Rows below it. */
      readonly end?: Bound;
      /** So much below the greatest value seen is read again: `"2 days"`, or a number. The loads have to merge. */
      readonly lag?: string | number;
      /** What a null in the cursor does: `fail` where absent; `include` gives such rows each time. */
      readonly nulls?: "fail" | "include" | "exclude";
    }
  | {
      /** Files whose names are new; with `changed` also those of which size or time of change are others. */
      readonly files: "new" | "changed";
    }
  | {
      /** The columns that tell rows apart: rows that are new, or other than they were. */
      readonly key: readonly K[];
      /** The name of a column that is true for keys that are gone. */
      readonly deleted?: string;
    };
/** A bound of a cursor: text, a number, or a parameter. */
export type Bound = string | number | bigint | AnyColumn;

/** The rows of an incremental read. */
export type Incremental<R, O> = O extends {
  readonly deleted: infer D extends string;
  readonly key: readonly (infer K)[];
}
  ? { readonly [C in keyof R]: C extends K ? R[C] : Optional<R[C]> } & { readonly [C in D]: Bool<never> }
  : R;

/** How many rows of a sample, and by what they are chosen. */
export type SampleOptions<K extends string> = (
  | { readonly count: number; readonly share?: never }
  | { readonly share: number; readonly count?: never }
) & {
  /** All columns where absent. */
  readonly key?: readonly K[];
  /** 0 where absent; another one gives other rows. */
  readonly seed?: number;
};
/** The columns of `dropNulls`: those of R, the named ones never null. */
export type NotNull<R, K extends keyof R> = Omit<R, K> & { readonly [P in K]: NeverNull<R[P]> };
// The `as` clause drops comments and definitions, so that only renamed columns pass it.
/** The columns of `rename`: `Renamed<{ a: Int; b: Text }, { a: "id" }>` is `{ b: Text; id: Int }`. */
export type Renamed<R, M> = Omit<R, keyof M> & { readonly [K in keyof R & keyof M as M[K] & string]: R[K] };
/** What is wrong with the names of a rename: each one that R does not have, with those that there are. */
export type RenameProblem<R, M> = keyof M extends keyof R
  ? unknown
  : { readonly [K in Exclude<keyof M, keyof R>]: Problem<"there is no such column", keyof R> };

/** What is wrong with a union, in place of its argument. */
export type UnionProblem<R, S, M = undefined> = string extends keyof R | keyof S
  ? unknown
  : M extends "null"
    ? [Unlike<R, S>] extends [never]
      ? unknown
      : Problem<"these columns are of another type on the other side", Unlike<R, S>>
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

/**
 * The columns of a union: those of the first side, each of a type that holds both, null where it may be on either; with
 * `missing` those of the other side too, all that one side lacks being null there.
 */
export type UnionRow<R, S, M = undefined> = string extends keyof R | keyof S
  ? R
  : M extends "null"
    ? { readonly [K in keyof R]: K extends keyof S ? Either<R[K], S[K]> : Optional<R[K]> } & {
        readonly [K in Exclude<keyof S, keyof R>]: Optional<S[K]>;
      }
    : { readonly [K in keyof R]: K extends keyof S ? Either<R[K], S[K]> : R[K] };

/** What is wrong with the other side of an intersection or a difference, in place of the argument. */
export type SetProblem<R, S> = string extends keyof R | keyof S
  ? unknown
  : [Exclude<keyof R, keyof S>] extends [never]
    ? [Exclude<keyof S, keyof R>] extends [never]
      ? [UnlikeExactly<R, S>] extends [never]
        ? unknown
        : Problem<"these columns are of another type on the other side", UnlikeExactly<R, S>>
      : Problem<"this side lacks these columns of the other one", Exclude<keyof S, keyof R>>
    : Problem<"the other side lacks these columns", Exclude<keyof R, keyof S>>;

// Beside a float, different integers are equal.
type UnlikeExactly<R, S> = {
  [K in keyof R & keyof S]: R[K] extends Operand<infer F, Null>
    ? S[K] extends Operand<infer G, Null>
      ? [F | G] extends [F & G] | ["int" | "decimal"]
        ? never
        : K
      : never
    : never;
}[keyof R & keyof S];

/** The columns of an intersection: a value that is null on one side only is in no row. */
export type IntersectRow<R, S> = string extends keyof R | keyof S
  ? R
  : { readonly [K in keyof R]: K extends keyof S ? Both<R[K], S[K]> : R[K] };
/** The columns of a difference: those of the left side, each of a type that holds both. */
export type ExceptRow<R, S> = string extends keyof R | keyof S
  ? R
  : { readonly [K in keyof R]: K extends keyof S ? Widened<R[K], S[K], NullOf<R[K]>> : R[K] };

type NullOf<C> = C extends Operand<string, infer N> ? N : never;
type Both<A, B> = Widened<A, B, NullOf<A> & NullOf<B> & Null>;
type Widened<A, B, N> =
  A extends Operand<infer F, Null>
    ? B extends Operand<infer G, Null>
      ? [F] extends [G]
        ? [N] extends [never]
          ? NeverNull<A>
          : Optional<A>
        : Promoted<F, G, N & Null>
      : never
    : never;

/** A column that comes from one of two. */
export type Either<A, B> =
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
