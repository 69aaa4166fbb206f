// Written by `npm run generate` from the function catalogue. Change the catalogue, not this file.

import type { Bool, Float, Int, List, MapOf, Text } from "./columns.generated.ts";
import type { AnyColumn, Condition, Families, NeverNull, Null, Operand, Optional, Order } from "./columns.ts";
import { aggregateCall } from "./expression.ts";

/** Which rows an aggregate takes. */
export interface RowOptions {
  /** Only rows for which it is true. */
  readonly where?: Condition;
}

/** Which values an aggregate takes. */
export interface AggregateOptions extends RowOptions {
  /** Equal values once. */
  readonly distinct?: boolean;
}

/** Which values an aggregate takes, and in which order. */
export interface OrderedOptions extends AggregateOptions {
  /** By what they are ordered, ascending where no direction is said; values that stand alike there come in their own order. */
  readonly order?: AnyColumn | Order | readonly (AnyColumn | Order)[];
}

/**
 * The number of rows.
 *
 * SQL: `count(*)`; `count(*)` is `1`.
 */
export function count(options?: RowOptions): Int {
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
export function min<F extends "int" | "decimal" | "float" | "bool" | "text" | "bytes" | "date" | "time" | "timestamp" | "timestamptz" | "interval" | "uuid">(column: Operand<F, Null>, options?: AggregateOptions): Families<null>[F] {
  return aggregateCall("min", [column], options);
}

/**
 * The greatest.
 *
 * SQL: `max(value)`; `max('a')` is `'a'`.
 */
export function max<F extends "int" | "decimal" | "float" | "bool" | "text" | "bytes" | "date" | "time" | "timestamp" | "timestamptz" | "interval" | "uuid">(column: Operand<F, Null>, options?: AggregateOptions): Families<null>[F] {
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

/**
 * In how many rows a condition is true.
 *
 * SQL: `count_if(value)`; `count_if(1 < 2)` is `1`.
 */
export function countIf(column: Operand<"bool", Null>, options?: AggregateOptions): Int {
  return aggregateCall("countIf", [column], options);
}

/**
 * The value of the row with the least `by`, of several such rows the least value; rows where one of the two is null are left aside.
 *
 * SQL: `min_by(value, by)`; `min_by('a', 1)` is `'a'`.
 */
export function minBy<F extends "int" | "decimal" | "float" | "bool" | "text" | "bytes" | "date" | "time" | "timestamp" | "timestamptz" | "interval" | "uuid">(column: Operand<F, Null>, by: Operand<"int" | "decimal" | "float" | "bool" | "text" | "bytes" | "date" | "time" | "timestamp" | "timestamptz" | "interval" | "uuid", Null>, options?: AggregateOptions): Families<null>[F] {
  return aggregateCall("minBy", [column, by], options);
}

/**
 * The value of the row with the greatest `by`, of several such rows the greatest value; rows where one of the two is null are left aside.
 *
 * SQL: `max_by(value, by)`; `max_by('a', 1)` is `'a'`.
 */
export function maxBy<F extends "int" | "decimal" | "float" | "bool" | "text" | "bytes" | "date" | "time" | "timestamp" | "timestamptz" | "interval" | "uuid">(column: Operand<F, Null>, by: Operand<"int" | "decimal" | "float" | "bool" | "text" | "bytes" | "date" | "time" | "timestamp" | "timestamptz" | "interval" | "uuid", Null>, options?: AggregateOptions): Families<null>[F] {
  return aggregateCall("maxBy", [column, by], options);
}

/**
 * The most frequent value, of several the least.
 *
 * SQL: `mode(value)`; `mode('a')` is `'a'`.
 */
export function mode<F extends "int" | "decimal" | "float" | "bool" | "text" | "bytes" | "date" | "time" | "timestamp" | "timestamptz" | "interval" | "uuid">(column: Operand<F, Null>, options?: AggregateOptions): Families<null>[F] {
  return aggregateCall("mode", [column], options);
}

/**
 * The value below which a fraction of the values lies, between two values where it falls between them.
 *
 * SQL: `quantile_cont(value, fraction)`; `quantile_cont(2, 0.5)` is `2`.
 */
export function quantile(column: Operand<"int" | "decimal" | "float", Null>, fraction: number, options?: AggregateOptions): Float<null> {
  return aggregateCall("quantile", [column, fraction], options);
}

/**
 * The least of the values at or below which at least that fraction of them lies.
 *
 * SQL: `quantile_disc(value, fraction)`; `quantile_disc('a', 0.5)` is `'a'`.
 */
export function quantileDiscrete<F extends "int" | "decimal" | "float" | "bool" | "text" | "bytes" | "date" | "time" | "timestamp" | "timestamptz" | "interval" | "uuid">(column: Operand<F, Null>, fraction: number, options?: AggregateOptions): Families<null>[F] {
  return aggregateCall("quantileDiscrete", [column, fraction], options);
}

/**
 * The texts as one, with a separator between them, in the order asked for, else in their own; nulls are left out. In text `string_agg(name, ', ' order by age desc)`.
 *
 * SQL: `string_agg(value, separator order by …)`; `string_agg('a', ', ')` is `'a'`.
 */
export function stringAgg(column: Operand<"text", Null>, separator: string, options?: OrderedOptions): Text<null> {
  return aggregateCall("stringAgg", [column, separator], options);
}

/**
 * The values as a list, in the order asked for, else in their own; nulls are left out, and of none the list is null.
 *
 * SQL: `array_agg(value order by …)`; `array_agg(1)` is `'[1]'`.
 */
export function arrayAgg<C extends AnyColumn>(column: C, options?: OrderedOptions): List<Optional<C>, null> {
  return aggregateCall("arrayAgg", [column], options);
}

/**
 * How often each value is there, as a map; nulls are left out.
 *
 * SQL: `histogram(value)`; `histogram('a')` is `'{"a":1}'`.
 */
export function histogram<C extends AnyColumn>(column: C, options?: AggregateOptions): MapOf<NeverNull<C>, Int<null>, null> {
  return aggregateCall("histogram", [column], options);
}

/**
 * About how many different values there are, in little memory; engines estimate differently, DuckDB by up to a fourth.
 *
 * SQL: `approx_count_distinct(value)`; `approx_count_distinct(1)` is `1`.
 */
export function approxCountDistinct(column: Operand<string, Null>, options?: AggregateOptions): Int {
  return aggregateCall("approxCountDistinct", [column], options);
}

/**
 * The product, as a float.
 *
 * SQL: `product(value)`; `product(2)` is `2`.
 */
export function product(column: Operand<"int" | "decimal" | "float", Null>, options?: AggregateOptions): Float<null> {
  return aggregateCall("product", [column], options);
}

/**
 * The standard deviation of a whole population.
 *
 * SQL: `stddev_pop(value)`; `stddev_pop(2)` is `0`.
 */
export function stddevPop(column: Operand<"int" | "decimal" | "float", Null>, options?: AggregateOptions): Float<null> {
  return aggregateCall("stddevPop", [column], options);
}

/**
 * The variance of a whole population.
 *
 * SQL: `var_pop(value)`; `var_pop(2)` is `0`.
 */
export function variancePop(column: Operand<"int" | "decimal" | "float", Null>, options?: AggregateOptions): Float<null> {
  return aggregateCall("variancePop", [column], options);
}

/**
 * The covariance of a sample of pairs; pairs with a null are left aside, and of fewer than two it is null.
 *
 * SQL: `covar_samp(value, other)`; `covar_samp(1, 2)` is `null`.
 */
export function covariance(column: Operand<"int" | "decimal" | "float", Null>, other: Operand<"int" | "decimal" | "float", Null>, options?: AggregateOptions): Float<null> {
  return aggregateCall("covariance", [column, other], options);
}

/**
 * The covariance of a whole population of pairs; pairs with a null are left aside.
 *
 * SQL: `covar_pop(value, other)`; `covar_pop(1, 2)` is `0`.
 */
export function covariancePop(column: Operand<"int" | "decimal" | "float", Null>, other: Operand<"int" | "decimal" | "float", Null>, options?: AggregateOptions): Float<null> {
  return aggregateCall("covariancePop", [column, other], options);
}

/**
 * The correlation of pairs, from -1 to 1; pairs with a null are left aside, and it is null where one side never changes.
 *
 * SQL: `corr(value, other)`; `corr(1, 2)` is `null`.
 */
export function correlation(column: Operand<"int" | "decimal" | "float", Null>, other: Operand<"int" | "decimal" | "float", Null>, options?: AggregateOptions): Float<null> {
  return aggregateCall("correlation", [column, other], options);
}

/**
 * The slope of the straight line by which the value follows the other; null where the other never changes.
 *
 * SQL: `regr_slope(value, other)`; `regr_slope(1, 2)` is `null`.
 */
export function slope(column: Operand<"int" | "decimal" | "float", Null>, other: Operand<"int" | "decimal" | "float", Null>, options?: AggregateOptions): Float<null> {
  return aggregateCall("slope", [column, other], options);
}

/**
 * Where that straight line stands for 0; null where the other never changes.
 *
 * SQL: `regr_intercept(value, other)`; `regr_intercept(1, 2)` is `null`.
 */
export function intercept(column: Operand<"int" | "decimal" | "float", Null>, other: Operand<"int" | "decimal" | "float", Null>, options?: AggregateOptions): Float<null> {
  return aggregateCall("intercept", [column, other], options);
}

/**
 * How lopsided the values lie, estimated from a sample; null for fewer than three values and where all are equal.
 *
 * SQL: `skewness(value)`; `skewness(2)` is `null`.
 */
export function skewness(column: Operand<"int" | "decimal" | "float", Null>, options?: AggregateOptions): Float<null> {
  return aggregateCall("skewness", [column], options);
}

/**
 * The bits that all values have.
 *
 * SQL: `bit_and(value)`; `bit_and(5)` is `5`.
 */
export function bitAndAll(column: Operand<"int", Null>, options?: AggregateOptions): Int<null> {
  return aggregateCall("bitAndAll", [column], options);
}

/**
 * The bits that one of the values has.
 *
 * SQL: `bit_or(value)`; `bit_or(5)` is `5`.
 */
export function bitOrAll(column: Operand<"int", Null>, options?: AggregateOptions): Int<null> {
  return aggregateCall("bitOrAll", [column], options);
}
