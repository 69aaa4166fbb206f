/**
 * The grouping sets that a word stands for: `rollup` groups by all keys, then by all but the last, down to none; `cube` by
 * every set of keys.
 *
 * @example
 * groupingSetsOf("rollup", ["region", "city"]); // [["region", "city"], ["region"], []]
 */
export function groupingSetsOf(
  sets: "rollup" | "cube" | readonly (readonly string[])[],
  by: readonly string[],
): readonly (readonly string[])[] {
  if (typeof sets !== "string") return sets;
  if (sets === "rollup") return [...by.keys(), by.length].map((left) => by.slice(0, by.length - left));
  // Beyond what validation takes, so that it is said there and not computed here.
  if (by.length > 8) return Array.from({ length: 257 }, () => by);
  return Array.from({ length: 2 ** by.length }, (_, choice) =>
    by.filter((_key, index) => (choice & (1 << index)) === 0),
  );
}
