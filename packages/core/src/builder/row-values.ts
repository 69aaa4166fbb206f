import type { List, MapOf, Struct } from "./columns.generated.ts";
import type { Null, Operand } from "./columns.ts";

/** What a value of each family is in JavaScript; `I` is what integers are. */
interface ValueByFamily<I> {
  readonly bool: boolean;
  readonly text: string;
  readonly int: I;
  readonly decimal: string;
  readonly float: number;
  readonly date: string;
  readonly time: string;
  readonly timestamp: string;
  readonly timestamptz: string;
  readonly interval: string;
  readonly uuid: string;
  readonly bytes: Uint8Array;
  readonly json: string;
}

/**
 * The JavaScript value of a column: `ValueOf<Int<null>>` is `number | null`. Decimals and times are text, so that nothing
 * of them is lost; what has no type yet is `unknown`.
 */
export type ValueOf<C, I = number> =
  C extends Operand<infer F, infer N>
    ? (F extends keyof ValueByFamily<I> ? ValueByFamily<I>[F] : Nested<C, I>) | N
    : unknown;

type Nested<C, I> =
  C extends List<infer E, Null>
    ? ValueOf<E, I>[]
    : C extends Struct<infer S, Null>
      ? RowOf<S, I>
      : C extends MapOf<infer K, infer V, Null>
        ? Map<ValueOf<K, I>, ValueOf<V, I>>
        : unknown;

/**
 * A row as `rows()` gives it, an object without a prototype.
 *
 * @example
 * type Crash = RowOf<{ id: Int; at: Timestamp<null> }>; // { id: number; at: string | null }
 */
export type RowOf<R, I = number> = { -readonly [K in keyof R]: ValueOf<R[K], I> };
