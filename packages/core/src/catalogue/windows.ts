import type { FunctionEntry } from "./entry.ts";

function ranking(name: string, signature: string, doc: string, example: FunctionEntry["example"]): FunctionEntry {
  return {
    kind: "window",
    signatures: [signature],
    nulls: "never",
    doc,
    render: { duckdb: `${name}($*)` },
    text: { function: name },
    example,
  };
}

function neighbour(name: string, word: string, doc: string, known: boolean): FunctionEntry {
  return {
    kind: "window",
    signatures: ["(self: any, offset?: ordinal) -> same", "(self: any, offset: ordinal, fallback: self) -> common"],
    nulls: "outside",
    doc,
    render: { duckdb: `${name}($*${known ? " ignore nulls" : ""})` },
    text: { function: word },
    example: { text: `${word}('a', 1, 'b')`, result: "b" },
  };
}

function ofFrame(name: string, word: string, signature: string, doc: string, known: boolean): FunctionEntry {
  const isNth = signature.includes("position");
  return {
    kind: "window",
    signatures: [signature],
    nulls: "always",
    doc,
    render: { duckdb: `${name}($*${known ? " ignore nulls" : ""})` },
    text: { function: word },
    example: isNth ? { text: `${word}('a', 2)`, result: null } : { text: `${word}('a')`, result: "a" },
  };
}

const SAME = "(self: any) -> same";
const NTH = "(self: any, position: ordinal) -> same";

/**
 * Over the rows around a row, in the order of its `window`. Rows that are equal in the order have no order among them: what
 * `rowNumber`, `ntile`, `lag`, `lead` and the values of a frame give for them is not the same in every run, unless
 * the order ends with a key. `rank`, `denseRank`, `percentRank` and `cumeDist` give equal rows one result.
 */
export const windows: Readonly<Record<string, FunctionEntry>> = {
  rowNumber: ranking("row_number", "() -> int64", "The place of the row in its partition, from 1 on.", {
    text: "row_number()",
    result: 1,
  }),
  rank: ranking(
    "rank",
    "() -> int64",
    "The place of the row; equal rows share the first one's, and places are left out behind them.",
    {
      text: "rank()",
      result: 1,
    },
  ),
  denseRank: ranking("dense_rank", "() -> int64", "The place of the row; equal rows share one, and none is left out.", {
    text: "dense_rank()",
    result: 1,
  }),
  percentRank: ranking("percent_rank", "() -> float64", "`(rank - 1) / (rows - 1)`, from 0 to 1; 0 of one row.", {
    text: "percent_rank()",
    result: 0,
  }),
  cumeDist: ranking(
    "cume_dist",
    "() -> float64",
    "The share of rows that stand before the row or are equal to it, up to 1.",
    {
      text: "cume_dist()",
      result: 1,
    },
  ),
  ntile: ranking(
    "ntile",
    "(buckets: ordinal) -> int64",
    "The number of the row's bucket, from 1 on, of so many equal ones; the first ones are larger by one.",
    {
      text: "ntile(4)",
      result: 1,
    },
  ),
  lag: neighbour(
    "lag",
    "lag",
    "The value in the row before, or in the one so many rows before; the fallback where there is no such row.",
    false,
  ),
  lead: neighbour(
    "lead",
    "lead",
    "The value in the row behind, or in the one so many rows behind; the fallback where there is no such row.",
    false,
  ),
  lagKnown: neighbour("lag", "lag_known", "As `lag`, over the rows where the value is not null.", true),
  leadKnown: neighbour("lead", "lead_known", "As `lead`, over the rows where the value is not null.", true),
  firstValue: ofFrame("first_value", "first_value", SAME, "The value in the first row of the frame.", false),
  lastValue: ofFrame(
    "last_value",
    "last_value",
    SAME,
    "The value in the last row of the frame, which ends at the row itself where no frame is given.",
    false,
  ),
  nthValue: ofFrame("nth_value", "nth_value", NTH, "The value in a row of the frame by its place, from 1 on.", false),
  firstKnown: ofFrame("first_value", "first_known", SAME, "The first value of the frame that is not null.", true),
  lastKnown: ofFrame(
    "last_value",
    "last_known",
    SAME,
    "The last value of the frame that is not null: a gap filled from before.",
    true,
  ),
  nthKnown: ofFrame(
    "nth_value",
    "nth_known",
    NTH,
    "A value of the frame by its place among those that are not null.",
    true,
  ),
};

/** Those that look at a frame; to the others it means nothing, and some engines refuse it there. */
export const framedFunctions: ReadonlySet<string> = new Set([
  "firstValue",
  "lastValue",
  "nthValue",
  "firstKnown",
  "lastKnown",
  "nthKnown",
]);
