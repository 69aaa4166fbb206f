import type { Expression } from "../ir/expression.ts";
import type { SortKey } from "../ir/relation.ts";
import type {
  Bool,
  Bytes,
  Day,
  Decimal,
  Float,
  Int,
  Interval,
  Json,
  List,
  MapOf,
  Struct,
  Text,
  Time,
  Timestamp,
  Timestamptz,
  Untyped,
  Uuid,
} from "./columns.generated.ts";

// What exists in types only is keyed by symbols, so that no completion list shows it.
export declare const family: unique symbol;
export declare const nullable: unique symbol;
export declare const required: unique symbol;
export declare const optional: unique symbol;

/** The second parameter of a column's type: `Text<null>` may be null, `Text` never is. */
export type Null = null;

/** What a function asks of an argument: its family and whether it may be null. */
export interface Operand<F extends string, out N extends Null> {
  readonly [family]: F;
  // A function, since a bare property of a unit type takes no part in inference.
  readonly [nullable]: () => N;
}

/** Any column or expression, whatever its type. */
export interface AnyColumn {
  readonly [family]: string;
  readonly node: Expression;
}

/** The columns of a relation: what a callback is given, and what `select` returns. */
export type Row = { readonly [column: string]: AnyColumn };

/** Something that is true, false or null. */
export interface Condition extends Operand<"bool", Null> {
  readonly node: Expression;
}

/** A column with a direction, made by `asc()` and `desc()`. */
export interface Order {
  readonly order: SortKey;
}

/** What every column can do, whatever its type. */
export interface Column<F extends string = string, out N extends Null = Null> extends Operand<F, N> {
  readonly node: Expression;
  /** Ascending; nulls last, unless `nulls: "first"`. */
  asc(options?: { readonly nulls?: "first" | "last" }): Order;
  /** Descending; nulls last, unless `nulls: "first"`. */
  desc(options?: { readonly nulls?: "first" | "last" }): Order;
  /**
   * As another type; a value that does not fit fails the run. `c.id.cast("int64")`
   *
   * A float becomes an integer without its fraction (2.7 is 2); a decimal becomes an integer rounded, halves away from
   * zero (2.5 is 3, -2.5 is -3), and a float or a decimal becomes a decimal rounded to its places.
   * Text must be written as the type is: `"1.7"` is no int64, `"infinity"` no date. JSON becomes a list, a struct or a map
   * whose values are of the types: `c.tags.cast("list<int64>")`.
   */
  cast<T extends TypeName>(type: T): TypeNames<N>[T];
  /** As another type, cut and rounded as `cast` does; null where the value does not fit. `c.id.tryCast("int64")` */
  tryCast<T extends TypeName>(type: T): TypeNames<null>[T];
  /** As a float64. */
  toFloat(): Float<N>;
  /** As text. */
  toText(): Text<N>;
}

/** A sentence in place of a type, where TypeScript would show an inscrutable one. */
export interface Problem<Sentence extends string, Names = unknown> {
  readonly problem: Sentence;
  readonly names: Names;
}

/** The types of columns by the names that schema files and YAML use. */
export interface TypeNames<out N extends Null> {
  readonly bool: Bool<N>;
  readonly int8: Int<N>;
  readonly int16: Int<N>;
  readonly int32: Int<N>;
  readonly int64: Int<N>;
  readonly uint8: Int<N>;
  readonly uint16: Int<N>;
  readonly uint32: Int<N>;
  readonly uint64: Int<N>;
  readonly float32: Float<N>;
  readonly float64: Float<N>;
  readonly string: Text<N>;
  readonly bytes: Bytes<N>;
  readonly date: Day<N>;
  readonly time: Time<N>;
  readonly timestamp: Timestamp<N>;
  readonly timestamptz: Timestamptz<N>;
  readonly interval: Interval<N>;
  readonly uuid: Uuid<N>;
  readonly json: Json<N>;
  readonly [decimal: `decimal(${number},${number})`]: Decimal<N>;
  readonly [enumeration: `enum(${string})`]: Text<N>;
  readonly [list: `list<${string}>`]: List<AnyColumn, N>;
  readonly [struct: `struct{${string}}`]: Struct<Row, N>;
  readonly [map: `map<${string}>`]: MapOf<AnyColumn, AnyColumn, N>;
}

/** The name of a type. */
export type TypeName = keyof TypeNames<never>;

/** The name of a type; with `?` behind it the value may be null. */
export type DeclaredType = TypeName | `${TypeName}?`;

/** The column that a declared type stands for: `ColumnOf<"int64?">` is `Int<null>`. */
export type ColumnOf<T> = T extends TypeName
  ? TypeNames<never>[T]
  : T extends `${infer Name}?`
    ? Name extends TypeName
      ? TypeNames<null>[Name]
      : never
    : never;

/** The columns by family. */
export interface Families<out N extends Null> {
  readonly bool: Bool<N>;
  readonly text: Text<N>;
  readonly int: Int<N>;
  readonly decimal: Decimal<N>;
  readonly float: Float<N>;
  readonly date: Day<N>;
  readonly time: Time<N>;
  readonly timestamp: Timestamp<N>;
  readonly timestamptz: Timestamptz<N>;
  readonly interval: Interval<N>;
  readonly uuid: Uuid<N>;
  readonly bytes: Bytes<N>;
  readonly json: Json<N>;
}

/** What arithmetic over two families of numbers gives. */
export type Promoted<F extends string, G extends string, N extends Null> = "float" extends F | G
  ? Float<N>
  : "decimal" extends F | G
    ? Decimal<N>
    : Int<N>;

/** The column where it may be null. */
export type Optional<C> = C extends { readonly [optional]: infer Same } ? Same : C;

/** The column where it is never null. */
export type NeverNull<C> = C extends { readonly [required]: infer Same } ? Same : C;

/** What constants each family takes in place of a column. */
export interface Constants {
  readonly bool: boolean;
  readonly text: string;
  readonly int: number | bigint;
  readonly decimal: number | bigint | `${number}`;
  readonly float: number;
  readonly date: `${number}-${number}-${number}` | PlainDate;
  readonly time: `${number}:${string}` | PlainTime;
  readonly timestamp: `${number}-${number}-${string}` | PlainDateTime;
  readonly timestamptz: `${number}-${number}-${string}` | Instant | Moment;
  readonly interval: `P${string}`;
  readonly uuid: string;
  readonly bytes: Uint8Array;
  readonly json: never;
}

/** Anything that can stand as an argument where types are not known. */
export type AnyValue =
  | string
  | number
  | bigint
  | boolean
  | Uint8Array
  | PlainDate
  | PlainTime
  | PlainDateTime
  | Instant
  | Moment
  | AnyColumn;

/** `Temporal.PlainDate`, by what tells it from its like. */
export interface PlainDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  toPlainDateTime(time?: never): unknown;
  toString(): string;
}

/** `Temporal.PlainTime`. */
export interface PlainTime {
  readonly hour: number;
  readonly minute: number;
  readonly nanosecond: number;
  toString(): string;
}

/** `Temporal.PlainDateTime`. */
export interface PlainDateTime {
  readonly year: number;
  readonly hour: number;
  toPlainDate(): unknown;
  toPlainTime(): unknown;
  toString(): string;
}

/** `Temporal.Instant`. */
export interface Instant {
  readonly epochNanoseconds: bigint;
  toString(): string;
}

/** A JavaScript `Date`. */
export interface Moment {
  getTime(): number;
  toISOString(): string;
}

/**
 * The row of a source that was never synced: every name is taken. Names made by `select` are known again.
 */
export interface OpenRow {
  // biome-ignore lint/suspicious/noExplicitAny: with noUncheckedIndexedAccess every other type makes each column "possibly undefined"
  readonly [column: string]: any;
}

export type { Untyped };
