import type { Int, List, Struct, Text, Untyped } from "./columns.generated.ts";
import type { Families, Null, Operand, Optional, Problem, Promoted, Row } from "./columns.ts";

/** The values of a column that become columns: a list, or each under the name that its columns begin with. */
export type PivotValues = readonly PivotValue[] | { readonly [name: string]: PivotValue };
type PivotValue = string | number | boolean | null;

type PivotNames<V> = V extends readonly (infer T)[] ? `${T & PivotValue}` : keyof V & string;
type Each<N extends string, A> = { readonly [C in keyof A & string as `${N}_${C}`]: A[C] };
type AllOf<N extends string, A> = (N extends string ? (each: Each<N, A>) => void : never) extends (all: infer I) => void
  ? I
  : never;
/** The columns of a pivot: the keys, then each aggregate for each value. */
export type Pivoted<R, K extends keyof R, V, A> = ([K] extends [never] ? unknown : Pick<R, K>) &
  AllOf<PivotNames<V>, A>;

type FamilyOf<C> = C extends Operand<infer F, Null> ? F : never;
type NullOf<C> = C extends Operand<string, infer N> ? N : never;
type IsOne<F, G = F> = F extends unknown ? ([G] extends [F] ? true : false) : never;
/** What is wrong with the columns of an unpivot, in place of the argument. */
export type UnpivotProblem<R, K extends keyof R> = string extends keyof R
  ? unknown
  : [FamilyOf<R[K]>] extends ["int" | "decimal" | "float"]
    ? unknown
    : false extends IsOne<FamilyOf<R[K]>>
      ? Problem<"these columns are of different types: cast them to one", K>
      : unknown;

/** The columns of an unpivot: the others, the name, and the value in a type that holds all. */
export type Unpivoted<R, K extends keyof R, N extends string, V extends string, L> = Omit<R, K> & {
  readonly [P in N]: Text;
} & { readonly [P in V]: Spread<FamilyOf<R[K]>, L extends "keep" ? NullOf<R[K]> : never> };
type Spread<F extends string, N extends Null> = [F] extends ["int" | "decimal" | "float"]
  ? Promoted<F, F, N>
  : F extends keyof Families<N>
    ? Families<N>[F]
    : Untyped;

/** How a list or a struct is taken apart. */
export interface UnnestOptions {
  /** Of a list: an empty one, or null, gives one row in which it is null. */
  readonly outer?: boolean;
  /** Of a list: the name of a column with the item's place, from 1 on. */
  readonly ordinality?: string;
  /** Of a struct: put before the names of its fields. */
  readonly prefix?: string;
}
/** What is wrong with the column of an unnest, in place of its name. */
export type UnnestProblem<R, K extends keyof R> = string extends keyof R
  ? unknown
  : FamilyOf<R[K]> extends "list" | "struct"
    ? unknown
    : Problem<"this column is neither a list nor a struct", K>;

/** The columns of an unnest: the item under the name of its list, or the fields of a struct; both may be null. */
export type Unnested<R, K extends keyof R & string, O> =
  R[K] extends List<infer I, Null>
    ? Omit<R, K> & { readonly [P in K]: Optional<I> } & Ordinality<O>
    : R[K] extends Struct<infer F, Null>
      ? Omit<R, K> & Fields<F, O>
      : Row;
type Ordinality<O> = O extends { readonly ordinality: infer P }
  ? { readonly [Q in P & string]: O extends { readonly outer: true } ? Int<null> : Int }
  : unknown;
type Fields<F, O> = O extends { readonly prefix: infer P }
  ? { readonly [Q in keyof F & string as `${P & string}${Q}`]: Optional<F[Q]> }
  : { readonly [Q in keyof F]: Optional<F[Q]> };
