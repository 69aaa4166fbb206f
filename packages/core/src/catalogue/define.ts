import type { FunctionEntry } from "./entry.ts";

type Rest = Partial<Omit<FunctionEntry, "kind" | "signatures" | "doc" | "render" | "example">>;

/** What stands before the result of an example: `["lower('A')", "a"]`. */
export type Example = readonly [text: string, result: FunctionEntry["example"]["result"]];

/** A function of single values; null where an argument is, if nothing else is said. */
export function scalar(
  word: string,
  signatures: string | readonly string[],
  duckdb: string | readonly string[],
  doc: string,
  [text, result]: Example,
  rest: Rest = {},
): FunctionEntry {
  return {
    kind: "scalar",
    signatures: typeof signatures === "string" ? [signatures] : signatures,
    nulls: "propagate",
    doc,
    render: { duckdb },
    text: { function: word },
    example: { text, result },
    ...rest,
  };
}

/** A function over rows; null over none, if nothing else is said. */
export function aggregate(
  word: string,
  signatures: string | readonly string[],
  duckdb: string,
  doc: string,
  example: Example,
  rest: Rest = {},
): FunctionEntry {
  return { ...scalar(word, signatures, duckdb, doc, example), kind: "aggregate", nulls: "empty", ...rest };
}
