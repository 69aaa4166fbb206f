import type { Json, Text } from "./columns.generated.ts";
import type { Null, Operand, Optional } from "./columns.ts";

declare const stored: unique symbol;

/** An address that knows which families of columns its target does not keep: those are text, or JSON, to a reader. */
export interface Storing<T extends string = never, J extends string = never> {
  // Never there: it only tells the types.
  readonly [stored]?: { readonly text: T; readonly json: J };
}

/** The rows of a table that a load writes: the columns that are stored, as who reads the table sees them. */
export type TableRow<R, M, K, F, A> = {
  readonly [P in keyof Omit<R, F & PropertyKey>]: P extends keyof R
    ? M extends "replace"
      ? StoredColumn<R[P], A>
      : P extends K
        ? StoredColumn<R[P], A>
        : Optional<StoredColumn<R[P], A>>
    : never;
};

type StoredColumn<C, A> = A extends { readonly [stored]?: infer S }
  ? S extends { readonly text: infer T; readonly json: infer J }
    ? C extends Operand<infer G, infer N>
      ? AsStored<C, G, N, T, J>
      : C
    : C
  : C;
type AsStored<C, G, N extends Null, T, J> = G extends T ? Text<N> : G extends J ? Json<N> : C;
