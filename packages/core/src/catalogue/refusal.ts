/** What the error of a rendering begins with where sluice, and not the engine, says what is wrong. */
export const REFUSAL_MARK = "sluice:refused:";

/**
 * SQL of DuckDB that fails with a sentence; `$1` and its like are arguments in it.
 *
 * @example
 * refusal("repeat gives no text of", "$2", "times"); // an error: repeat gives no text of 4000000000000 times
 */
export function refusal(...parts: readonly string[]): string {
  const terms = parts.map((part) => (part.startsWith("$") ? part : `'${part}'`));
  return `error(concat_ws(' ', '${REFUSAL_MARK}' || ${terms.join(", ")}))`;
}
