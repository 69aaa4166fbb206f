import { literalProblem } from "../catalogue/literal.ts";
import { SluiceError } from "../errors.ts";
import type { Expression, LiteralNode, LiteralType } from "../ir/expression.ts";
import { parseType } from "../schema/types.ts";
import type { AggregateOptions } from "./aggregates.generated.ts";
import type { Bool, Day, Float, Int, Text, Timestamptz, Untyped } from "./columns.generated.ts";
import type {
  AnyColumn,
  ColumnOf,
  Condition,
  Constants,
  DeclaredType,
  Families,
  Null,
  Operand,
  PlainDate,
} from "./columns.ts";
import { typeOf } from "./declared-columns.ts";
import { aggregateCall, callFunction, ExpressionValue, makeExpression, nodeOf } from "./expression.ts";
import { recordMade, recordUse } from "./scope.ts";
import { describe, literalOf } from "./value.ts";

/**
 * Whether all conditions are true; in place of `&&`.
 *
 * @example
 * and(c.latitude.isNotNull(), c.longitude.isNotNull()); // latitude is not null and longitude is not null
 */
export function and<N extends Null = never>(...conditions: readonly Operand<"bool", N>[]): Bool<N> {
  return junction("and", conditions) as unknown as Bool<N>;
}

/** Whether one of the conditions is true; in place of `||`. */
export function or<N extends Null = never>(...conditions: readonly Operand<"bool", N>[]): Bool<N> {
  return junction("or", conditions) as unknown as Bool<N>;
}

function junction(name: "and" | "or", given: readonly unknown[]): ExpressionValue {
  const conditions = given.flat();
  const [first] = conditions;
  if (conditions.length === 0) throw new SluiceError("config", `${name} was given no condition`);
  return conditions.length === 1 && first instanceof ExpressionValue ? first : callFunction(name, conditions);
}

/** The opposite of a condition; in place of `!`. Null stays null. */
export function not<N extends Null>(condition: Operand<"bool", N>): Bool<N> {
  return callFunction("not", [condition]) as unknown as Bool<N>;
}

type Constant = string | number | bigint | boolean;
/** Numbers written out are Int or Float by their look; a number variable can be either. */
export type LiteralColumn<V> = V extends string
  ? Text
  : V extends boolean
    ? Bool
    : V extends bigint
      ? Int
      : number extends V
        ? Int | Float
        : `${V & number}` extends `${bigint}`
          ? Int
          : Float;

/**
 * A constant as a column; with a type, text of that type or null.
 *
 * @example
 * literal("unknown"); // 'unknown'
 * literal("2024-01-31", "date"); // date '2024-01-31'
 * literal(null, "string?"); // cast(null as string)
 */
export function literal<const V extends Constant>(value: V): LiteralColumn<V>;
export function literal<const T extends DeclaredType>(value: Constant | null, type: T): ColumnOf<T>;
export function literal(value: unknown, type?: string): unknown {
  if (type !== undefined) return typedLiteral(value, type);
  const node = literalOf(value, "the value of literal");
  if (node === undefined) {
    throw new SluiceError("config", `literal takes a constant, not ${describe(value)}`, {
      hint:
        value === null
          ? 'give a null its type: literal(null, "string?")'
          : "constants are text, numbers, booleans, dates",
    });
  }
  return makeExpression({ ...node }, []);
}

const WRITTEN: Readonly<Record<string, LiteralType>> = {
  bool: "bool",
  string: "string",
  date: "date",
  time: "time",
  timestamp: "timestamp",
  timestamptz: "timestamptz",
  interval: "interval",
  uuid: "uuid",
  bytes: "bytes",
};

function typedLiteral(value: unknown, declared: string): ExpressionValue {
  const type = typeOf(declared, "literal");
  const isNull = value === null;
  if (isNull && !declared.endsWith("?")) {
    throw new SluiceError("config", `null is not a value of ${declared}`, {
      hint: `write literal(null, "${declared}?")`,
    });
  }
  const found = isNull ? undefined : literalOf(value, "the value of literal");
  if (!isNull && found === undefined)
    throw new SluiceError("config", `literal takes a constant, not ${describe(value)}`);
  const text = found === undefined ? null : found.value;
  const problem = literalProblem(text, parseType(type));
  if (problem !== undefined)
    throw new SluiceError("config", `${describe(value)} ${problem}`, { offending: String(value) });
  const written = WRITTEN[type];
  if (!isNull && written !== undefined) return makeExpression({ kind: "literal", type: written, value: text }, []);
  const node: LiteralNode = found ?? { kind: "literal", type: "null", value: null };
  return makeExpression({ kind: "cast", value: Object.freeze({ ...node }), type }, []);
}

/**
 * A column by a name that is computed, or that no schema knows yet; with a type it is checked when planned.
 *
 * @example
 * crashes.select(() => ({ id: col("Crash Id", "string?") })); // "Crash Id" as id
 */
export function col(name: string): Untyped;
export function col<const T extends DeclaredType>(name: string, type: T): ColumnOf<T>;
export function col(name: string, type?: string): unknown {
  const column = textOf(name, "col");
  if (type === undefined) return makeExpression({ kind: "column", name: column }, []);
  typeOf(type, "col");
  // As text, since a text keeps its declared type until a plan has verified it; then it is the plain column.
  return makeExpression({ kind: "text", text: `"${column.replaceAll('"', '""')}"`, declared: type }, []);
}

/** A parameter of the pipeline, bound when it runs: `param("since", "timestamp")`. */
export function param<const T extends DeclaredType>(name: string, type: T): ColumnOf<T> {
  const canonical = typeOf(type, "param");
  const made = makeExpression({ kind: "parameter", name: textOf(name, "param") }, []);
  parameterTypes.set(made.node, type.endsWith("?") ? `${canonical}?` : canonical);
  return made as unknown as ColumnOf<T>;
}

const parameterTypes = new WeakMap<Expression, string>();

/** The type that `param` was given for a node. */
export function declaredTypeOf(node: Expression): string | undefined {
  return parameterTypes.get(node);
}

/**
 * An expression as SQL text, of the functions that the builder has; with a type it is checked when planned.
 *
 * @example
 * crashes.filter(() => expr("latitude is not null"));
 * crashes.derive(() => ({ north: expr("latitude + 1", "float64?") }));
 */
export function expr(text: string): Untyped;
export function expr<const T extends DeclaredType>(text: string, type: T): ColumnOf<T>;
export function expr(text: string, type?: string): unknown {
  const written = textOf(text, "expr");
  if (written.trim() === "") throw new SluiceError("config", "expr was given an empty text");
  if (type !== undefined) typeOf(type, "expr");
  return makeExpression({ kind: "text", text: written, ...(type === undefined ? {} : { declared: type }) }, []);
}

function textOf(value: unknown, place: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw new SluiceError("config", `${place} takes a name, not ${describe(value)}`);
}

/** The scheduled instant of the run: the same wherever it stands, and on resume. */
export function now(): Timestamptz {
  return makeExpression({ kind: "constant", name: "now" }, []) as unknown as Timestamptz;
}

/** The day of the run, in the zone of its schedule. */
export function today(): Day {
  return makeExpression({ kind: "constant", name: "today" }, []) as unknown as Day;
}

/** How many different values there are, nulls left aside. */
export function countDistinct(column: Operand<string, Null>, options?: AggregateOptions): Int {
  return aggregateCall("countOf", [column], options, "distinct");
}

type FamilyOf<V> = V extends string
  ? "text"
  : V extends boolean
    ? "bool"
    : V extends bigint
      ? "int"
      : V extends number
        ? `${V}` extends `${bigint}`
          ? "int"
          : "float"
        : V extends Operand<infer F, Null>
          ? F
          : never;
type NullOf<V> = V extends Operand<string, infer N> ? N : never;
type ConstantOf<F> = F extends keyof Constants ? Constants[F] : never;
type FamilyColumn<F, N extends Null> = F extends keyof Families<N> ? Families<N>[F] : AnyColumn;

/** A `case` that is not finished: `otherwise` or `orNull` ends it. */
export interface Case<F extends string, N extends Null> {
  when<A extends Null = never>(condition: Condition, value: ConstantOf<F> | Operand<F, A>): Case<F, N | A>;
  otherwise<A extends Null = never>(value: ConstantOf<F> | Operand<F, A>): FamilyColumn<F, N | A>;
  orNull(): FamilyColumn<F, null>;
}

/**
 * The value of the first condition that is true; in place of `?:` and `if`.
 *
 * @example
 * caseWhen(c.hour.lt(6), "night").when(c.hour.lt(12), "morning").otherwise("day");
 * // case when hour < 6 then 'night' when hour < 12 then 'morning' else 'day' end
 */
export function caseWhen<const V extends Constant | PlainDate | AnyColumn>(
  condition: Condition,
  value: V,
): Case<FamilyOf<V>, NullOf<V>> {
  return createCase([branch(condition, value)]) as unknown as Case<FamilyOf<V>, NullOf<V>>;
}

type Branch = readonly [Expression, Expression];

function branch(condition: unknown, value: unknown): Branch {
  const nodes = [nodeOf(condition, "the condition of caseWhen"), nodeOf(value, "the value of caseWhen")] as const;
  for (const node of nodes) recordUse(node);
  return Object.freeze(nodes);
}

function createCase(branches: readonly Branch[]): object {
  const end = (otherwise?: Expression): ExpressionValue => {
    recordUse(open);
    const children = [...branches.flat(), ...(otherwise === undefined ? [] : [otherwise])];
    const node: Expression = {
      kind: "case",
      branches: Object.freeze(branches),
      ...(otherwise === undefined ? {} : { otherwise }),
    };
    return makeExpression(node, children);
  };
  const open = Object.freeze({
    when: (condition: unknown, value: unknown): object => {
      recordUse(open);
      return createCase([...branches, branch(condition, value)]);
    },
    otherwise: (value: unknown): ExpressionValue => end(nodeOf(value, "otherwise of caseWhen")),
    orNull: (): ExpressionValue => end(),
  });
  recordMade(open, "a caseWhen without otherwise(…) or orNull()");
  return open;
}
