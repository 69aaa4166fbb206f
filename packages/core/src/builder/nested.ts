import type { List, MapOf, Struct, Text } from "./columns.generated.ts";
import type { AnyColumn, NeverNull, Null, Optional, Row } from "./columns.ts";
import { callFunction } from "./expression.ts";

/**
 * A list of values of one kind.
 *
 * @example
 * listOf(c.first_name, c.last_name); // [first_name, last_name]
 */
export function listOf<C extends AnyColumn>(...items: readonly C[]): List<Optional<C>>;
export function listOf(...items: readonly string[]): List<Text<null>>;
export function listOf(...items: readonly unknown[]): unknown {
  return callFunction("listOf", items);
}

/**
 * A struct of named values.
 *
 * @example
 * structOf({ city: c.city, zip: c.zip }); // {'city': city, 'zip': zip}
 */
export function structOf<const F extends Row>(fields: F): Struct<{ readonly [K in keyof F]: Optional<F[K]> }> {
  const given = Object.entries(fields).flat();
  return callFunction("structOf", given) as unknown as Struct<{ readonly [K in keyof F]: Optional<F[K]> }>;
}

/**
 * A map of keys and the values at the same places. A key that is null or there twice is an error.
 *
 * @example
 * mapOf(listOf("a", "b"), c.amounts); // map(['a', 'b'], amounts)
 */
export function mapOf<K extends AnyColumn, V extends AnyColumn, N extends Null = never, M extends Null = never>(
  keys: List<K, N>,
  values: List<V, M>,
): MapOf<NeverNull<K>, Optional<V>, N | M> {
  return callFunction("mapOf", [keys, values]) as unknown as MapOf<NeverNull<K>, Optional<V>, N | M>;
}
