import { aggregates } from "./aggregates.ts";
import { conditionals } from "./conditionals.ts";
import type { FunctionEntry, TextForm } from "./entry.ts";
import { numbers } from "./numbers.ts";
import { operators } from "./operators.ts";
import { text } from "./text.ts";
import { times } from "./times.ts";

/** Every function, by the name that the builder and the IR use. */
export const catalogue: Readonly<Record<string, FunctionEntry>> = Object.freeze({
  ...operators,
  ...text,
  ...numbers,
  ...times,
  ...conditionals,
  ...aggregates,
});

/** The entry of that name; undefined also for names that every object has, such as `constructor`. */
export function entryOf(name: string): FunctionEntry | undefined {
  return Object.hasOwn(catalogue, name) ? catalogue[name] : undefined;
}

const functionNames: ReadonlyMap<string, string> = namesBy((form) => ("function" in form ? form.function : undefined));
const infixNames: ReadonlyMap<string, string> = namesBy((form) => ("infix" in form ? form.infix : undefined));

function namesBy(wordOf: (form: TextForm) => string | undefined): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [name, entry] of Object.entries(catalogue)) {
    const word = wordOf(entry.text);
    if (word !== undefined) names.set(word, name);
  }
  return names;
}

/**
 * The catalogue name of a function as SQL text writes it, or undefined.
 *
 * @example
 * nameOfFunction("starts_with"); // "startsWith"
 */
export function nameOfFunction(word: string): string | undefined {
  return functionNames.get(word.toLowerCase());
}

/** The catalogue name of a binary operator as SQL text writes it: `nameOfOperator("<>")` is `"ne"`. */
export function nameOfOperator(symbol: string): string | undefined {
  return infixNames.get(symbol.toLowerCase());
}

/** How the functions are written in SQL text, for suggestions. */
export function functionWords(): readonly string[] {
  return [...functionNames.keys()];
}
