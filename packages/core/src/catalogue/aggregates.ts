import { aggregate as aggregateOf } from "./define.ts";
import type { FunctionEntry } from "./entry.ts";

function aggregate(
  word: string,
  signatures: readonly string[],
  doc: string,
  { text, result }: FunctionEntry["example"],
): FunctionEntry {
  return aggregateOf(word, signatures, `${word}($1)`, doc, [text, result]);
}

/** Over the rows of a group. Nulls are left aside, and of nothing the result is null, but for counts: 0. */
export const aggregates: Readonly<Record<string, FunctionEntry>> = {
  count: {
    kind: "aggregate",
    signatures: ["() -> int64"],
    nulls: "never",
    doc: "The number of rows.",
    render: { duckdb: "count(*)" },
    text: { special: "countRows" },
    example: { text: "count(*)", result: 1 },
  },
  countOf: {
    ...aggregate("count", ["(self: any) -> int64"], "How many are not null; with `distinct` how many different ones.", {
      text: "count(null)",
      result: 0,
    }),
    nulls: "never",
  },
  sum: aggregate(
    "sum",
    ["(self: int) -> int64", "(self: decimal) -> decimal38", "(self: float) -> float64"],
    "The sum. Of whole numbers it is int64, and more than fits is an error.",
    { text: "sum(2)", result: 2 },
  ),
  avg: aggregate("avg", ["(self: number) -> float64"], "The mean, as a float.", { text: "avg(2)", result: 2 }),
  median: aggregate("median", ["(self: number) -> float64"], "The value in the middle, as a float.", {
    text: "median(2)",
    result: 2,
  }),
  min: aggregate("min", [`(self: ordered) -> same`], "The least.", { text: "min('a')", result: "a" }),
  max: aggregate("max", [`(self: ordered) -> same`], "The greatest.", { text: "max('a')", result: "a" }),
  stddev: aggregate(
    "stddev_samp",
    ["(self: real) -> float64"],
    "The standard deviation of a sample; null for fewer than two values.",
    { text: "stddev_samp(2)", result: null },
  ),
  variance: aggregate(
    "var_samp",
    ["(self: real) -> float64"],
    "The variance of a sample; null for fewer than two values.",
    { text: "var_samp(2)", result: null },
  ),
  boolAnd: aggregate("bool_and", ["(self: bool) -> bool"], "Whether all are true.", {
    text: "bool_and(true)",
    result: true,
  }),
  boolOr: aggregate("bool_or", ["(self: bool) -> bool"], "Whether one is true.", {
    text: "bool_or(false)",
    result: false,
  }),
  anyValue: aggregate("any_value", ["(self: any) -> same"], "One of the values that are not null; which one is open.", {
    text: "any_value('a')",
    result: "a",
  }),
};
