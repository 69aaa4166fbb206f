// Written by `npm run generate` from the function catalogue. Change the catalogue, not this file.

import type { Float, Int } from "./columns.generated.ts";
import { windowCall } from "./expression.ts";

/**
 * The place of the row in its partition, from 1 on.
 *
 * SQL: `row_number()`; `row_number()` is `1`.
 */
export function rowNumber(): Int {
  return windowCall("rowNumber", []);
}

/**
 * The place of the row; equal rows share the first one's, and places are left out behind them.
 *
 * SQL: `rank()`; `rank()` is `1`.
 */
export function rank(): Int {
  return windowCall("rank", []);
}

/**
 * The place of the row; equal rows share one, and none is left out.
 *
 * SQL: `dense_rank()`; `dense_rank()` is `1`.
 */
export function denseRank(): Int {
  return windowCall("denseRank", []);
}

/**
 * `(rank - 1) / (rows - 1)`, from 0 to 1; 0 of one row.
 *
 * SQL: `percent_rank()`; `percent_rank()` is `0`.
 */
export function percentRank(): Float {
  return windowCall("percentRank", []);
}

/**
 * The share of rows that stand before the row or are equal to it, up to 1.
 *
 * SQL: `cume_dist()`; `cume_dist()` is `1`.
 */
export function cumeDist(): Float {
  return windowCall("cumeDist", []);
}

/**
 * The number of the row's bucket, from 1 on, of so many equal ones; the first ones are larger by one.
 *
 * SQL: `ntile(buckets)`; `ntile(4)` is `1`.
 */
export function ntile(buckets: number): Int {
  return windowCall("ntile", [buckets]);
}
