import type { JoinHow } from "../ir/relation.ts";
import type { Condition, NeverNull, Null, Operand, Optional, Problem, Promoted, Row } from "./columns.ts";
import type { Either } from "./row-types.ts";

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
