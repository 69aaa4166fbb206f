import { aggregates } from "./aggregates.ts";
import { bits } from "./bits.ts";
import { conditionals } from "./conditionals.ts";
import { encodings } from "./encodings.ts";
import type { FunctionEntry, TextForm } from "./entry.ts";
import { hashes } from "./hashes.ts";
import { jsonFunctions } from "./json-functions.ts";
import { lists } from "./lists.ts";
import { numbers } from "./numbers.ts";
import { operators } from "./operators.ts";
import { statistics } from "./statistics.ts";
import { structsAndMaps } from "./structs-and-maps.ts";
import { text } from "./text.ts";
import { textPatterns } from "./text-patterns.ts";
import { times } from "./times.ts";
import { timesWritten } from "./times-written.ts";
import { trigonometry } from "./trigonometry.ts";
import { windows } from "./windows.ts";

/** Every function, by the name that the builder and the IR use. */
export const catalogue: Readonly<Record<string, FunctionEntry>> = Object.freeze({
  ...operators,
  ...text,
  ...textPatterns,
  ...encodings,
  ...hashes,
  ...numbers,
  ...trigonometry,
  ...bits,
  ...times,
  ...timesWritten,
  ...jsonFunctions,
  ...lists,
  ...structsAndMaps,
  ...conditionals,
  ...aggregates,
  ...statistics,
  ...windows,
});

/** The entry of that name; undefined also for names that every object has, such as `constructor`. */
export function entryOf(name: string): FunctionEntry | undefined {
  return Object.hasOwn(catalogue, name) ? catalogue[name] : undefined;
}

/** Whether the entry of that name computes over many rows. */
export function isAggregate(name: string): boolean {
  return entryOf(name)?.kind === "aggregate";
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
