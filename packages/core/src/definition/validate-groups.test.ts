import { describe, expect, it } from "vitest";
import type { AggregateNode, FillNode, SampleNode } from "../ir/relation.ts";
import { call, col, number, scan } from "../plan/chicago.fixture.ts";
import { canonicalRelation } from "./canonical.ts";
import { found, pipeline, transform } from "./definition.fixture.ts";

const sets = (more: Partial<AggregateNode>): AggregateNode => ({
  kind: "aggregate",
  input: scan("d"),
  by: ["a", "b"],
  sets: [["a", "b"], ["a"]],
  columns: [["n", call("count")]],
  ...more,
});
const fill = (more: Partial<FillNode>): FillNode => ({
  kind: "fill",
  input: scan("d"),
  columns: ["a"],
  how: "forward",
  partition: [],
  by: [{ expression: col("t") }],
  ...more,
});
const sample = (more: Partial<SampleNode>): SampleNode => ({ kind: "sample", input: scan("d"), key: [], ...more });

describe("what is wrong with grouping sets, fills and samples", () => {
  it.each<[string, AggregateNode | FillNode | SampleNode, string[]]>([
    ["sets", sets({ grouping: [["b", "isTotal"]] }), []],
    ["a set of no key", sets({ sets: [["a", "c"], ["b"]] }), ['"c" is no key of the aggregate']],
    [
      "a set twice",
      sets({
        sets: [
          ["a", "b"],
          ["b", "a"],
        ],
      }),
      ['the set ["b","a"] stands twice: its rows would be doubled'],
    ],
    [
      "a key in no set",
      sets({ sets: [["a"], []] }),
      ['the key "b" is in none of the sets, so it would be null in every row'],
    ],
    ["sets without keys", sets({ by: [], sets: [[]] }), ["an aggregate has sets and no keys"]],
    [
      "no sets in sets",
      sets({ sets: [] }),
      [
        "an aggregate has sets and none in them",
        'the key "a" is in none of the sets, so it would be null in every row',
        'the key "b" is in none of the sets, so it would be null in every row',
      ],
    ],
    ["a mark of no key", sets({ grouping: [["n", "x"]] }), ['"n" is no key of the aggregate']],
    ["a mark by a taken name", sets({ grouping: [["a", "n"]] }), ['the column "n" stands twice']],
    ["fill", fill({ limit: 2, partition: ["k"] }), []],
    ["fill with a value", fill({ how: "value", value: number("0"), by: [] }), []],
    [
      "fill without an order",
      fill({ by: [] }),
      ["fill goes forward and has no order, in which rows stand before each other"],
    ],
    [
      "fill with value and order",
      fill({ how: "value", value: number("0") }),
      ["fill with a value takes no by: it looks at no other rows"],
    ],
    [
      "fill with a column",
      fill({ how: "value", value: col("b"), by: [] }),
      ['the value of fill is a constant, and "b" is a column'],
    ],
    ["fill with nothing", fill({ how: "value", by: [] }), ["fill has no value"]],
    ["fill by no rows", fill({ limit: 0 }), ["the limit 0 is not a whole number from 1 on"]],
    ["sample", sample({ share: 0.5, seed: -3, key: ["a"] }), []],
    ["a sample of both", sample({ share: 0.5, count: 2 }), ["a sample has either a count of rows or a share of them"]],
    ["a sample of neither", sample({}), ["a sample has either a count of rows or a share of them"]],
    ["a share beyond all", sample({ share: 1.5 }), ["the share 1.5 does not lie between 0 and 1"]],
    ["half a seed", sample({ count: 1, seed: 0.5 }), ["the seed 0.5 is not a whole number"]],
  ])("%s", (_, node, problems) => {
    expect(found(pipeline(transform("t", node))).map((problem) => (problem as string[])[1])).toEqual(problems);
  });
});

it("grouping sets have one form, whatever their order", () => {
  const written = sets({ sets: [[], ["b"], ["b", "a"], ["a"]] });
  expect(canonicalRelation(written)).toMatchObject({ sets: [["a", "b"], ["a"], ["b"], []] });
  expect(canonicalRelation(sets({ sets: [["b", "a"]], grouping: [] }))).toEqual(
    canonicalRelation({ kind: "aggregate", input: scan("d"), by: ["a", "b"], columns: [["n", call("count")]] }),
  );
});
