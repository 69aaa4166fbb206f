// Written by `npm run generate` from the function catalogue. Change the catalogue, not this file.

import type { Condition, Families, Null, Operand } from "./columns.ts";
import type { Bool, Float, Int } from "./columns.generated.ts";
import { aggregateCall } from "./expression.ts";

/** Which rows an aggregate takes. */
export interface AggregateOptions {
  /** Only rows for which it is true. */
  readonly where?: Condition;
}

/**
 * The number of rows.
 *
 * SQL: `count(*)`; `count(*)` is `1`.
 */
export function count(options?: AggregateOptions): Int {
  return aggregateCall("count", [], options);
}

/**
 * How many are not null; with `distinct` how many different ones.
 *
 * SQL: `count(value)`; `count(null)` is `0`.
 */
export function countOf(column: Operand<string, Null>, options?: AggregateOptions): Int {
  return aggregateCall("countOf", [column], options);
}

/**
 * The sum. Of whole numbers it is int64, and more than fits is an error.
 *
 * SQL: `sum(value)`; `sum(2)` is `2`.
 */
export function sum<F extends "int" | "decimal" | "float">(column: Operand<F, Null>, options?: AggregateOptions): Families<null>[F] {
  return aggregateCall("sum", [column], options);
}

/**
 * The mean, as a float.
 *
 * SQL: `avg(value)`; `avg(2)` is `2`.
 */
export function avg(column: Operand<"int" | "decimal" | "float", Null>, options?: AggregateOptions): Float<null> {
  return aggregateCall("avg", [column], options);
}

/**
 * The value in the middle, as a float.
 *
 * SQL: `median(value)`; `median(2)` is `2`.
 */
export function median(column: Operand<"int" | "decimal" | "float", Null>, options?: AggregateOptions): Float<null> {
  return aggregateCall("median", [column], options);
}

/**
 * The least.
 *
 * SQL: `min(value)`; `min('a')` is `'a'`.
 */
export function min<F extends "text" | "int" | "decimal" | "float" | "bool" | "date" | "time" | "timestamp" | "timestamptz" | "interval" | "uuid" | "bytes">(column: Operand<F, Null>, options?: AggregateOptions): Families<null>[F] {
  return aggregateCall("min", [column], options);
}

/**
 * The greatest.
 *
 * SQL: `max(value)`; `max('a')` is `'a'`.
 */
export function max<F extends "text" | "int" | "decimal" | "float" | "bool" | "date" | "time" | "timestamp" | "timestamptz" | "interval" | "uuid" | "bytes">(column: Operand<F, Null>, options?: AggregateOptions): Families<null>[F] {
  return aggregateCall("max", [column], options);
}

/**
 * The standard deviation of a sample; null for fewer than two values.
 *
 * SQL: `stddev_samp(value)`; `stddev_samp(2)` is `null`.
 */
export function stddev(column: Operand<"int" | "decimal" | "float", Null>, options?: AggregateOptions): Float<null> {
  return aggregateCall("stddev", [column], options);
}

/**
 * The variance of a sample; null for fewer than two values.
 *
 * SQL: `var_samp(value)`; `var_samp(2)` is `null`.
 */
export function variance(column: Operand<"int" | "decimal" | "float", Null>, options?: AggregateOptions): Float<null> {
  return aggregateCall("variance", [column], options);
}

/**
 * Whether all are true.
 *
 * SQL: `bool_and(value)`; `bool_and(true)` is `true`.
 */
export function boolAnd(column: Operand<"bool", Null>, options?: AggregateOptions): Bool<null> {
  return aggregateCall("boolAnd", [column], options);
}

/**
 * Whether one is true.
 *
 * SQL: `bool_or(value)`; `bool_or(false)` is `false`.
 */
export function boolOr(column: Operand<"bool", Null>, options?: AggregateOptions): Bool<null> {
  return aggregateCall("boolOr", [column], options);
}

/**
 * One of the values that are not null; which one is open.
 *
 * SQL: `any_value(value)`; `any_value('a')` is `'a'`.
 */
export function anyValue<F extends "int" | "decimal" | "float" | "bool" | "text" | "bytes" | "date" | "time" | "timestamp" | "timestamptz" | "interval" | "uuid" | "json">(column: Operand<F, Null>, options?: AggregateOptions): Families<null>[F] {
  return aggregateCall("anyValue", [column], options);
}
