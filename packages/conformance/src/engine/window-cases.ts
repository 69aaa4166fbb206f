import type { NamedExpression, Relation, WindowNode } from "@sluice/core";
import { by, call, crashes, keep, name, number, type RelationCase, text } from "./relation-bench.ts";

const first: Relation = { kind: "distinct", input: crashes };

function over(columns: readonly NamedExpression[], node: Partial<WindowNode>): Relation {
  return keep(
    { kind: "window", input: first, partition: [], by: [], columns, ...node },
    "id",
    ...columns.map(([one]) => one),
  );
}

const byId = [by(name("id"))];

/** Functions over the rows around a row: partitions, orders, frames. */
export const windowCases: readonly RelationCase[] = [
  {
    id: "window.partition",
    title: "keeps the rows, and computes over those of the partition; nulls are one",
    relation: over(
      [
        ["n", call("count")],
        ["most", call("max", name("id"))],
      ],
      { partition: ["kind"] },
    ),
    rows: [
      [1, 2, 3],
      [2, 1, 2],
      [3, 2, 3],
      [4, 1, 4],
    ],
  },
  {
    id: "window.ranking",
    title: "counts in the order, nulls last in both directions unless told",
    relation: over(
      [
        ["place", call("rowNumber")],
        ["part", call("ntile", number("2"))],
      ],
      { by: [by(name("cost"), { descending: true })] },
    ),
    rows: [
      [1, 1, 1],
      [4, 2, 1],
      [3, 3, 2],
      [2, 4, 2],
    ],
  },
  {
    id: "window.ties",
    title: "gives equal rows one rank, and leaves places out behind them or does not",
    relation: over(
      [
        ["rank", call("rank")],
        ["dense", call("denseRank")],
        ["percent", call("percentRank")],
        ["share", call("cumeDist")],
      ],
      { by: [by(name("kind"))] },
    ),
    rows: [
      [2, 1, 1, 0, 0.25],
      [1, 2, 2, 1 / 3, 0.75],
      [3, 2, 2, 1 / 3, 0.75],
      [4, 4, 3, 1, 1],
    ],
  },
  {
    id: "window.neighbours",
    title: "looks at rows before and behind, and takes the fallback only where there is none",
    relation: over(
      [
        ["before", call("lag", name("cost"))],
        ["second", call("lead", name("cost"), number("2"), number("0"))],
        ["known", call("lagKnown", name("cost"), number("1"))],
      ],
      { by: byId },
    ),
    rows: [
      [1, null, "0.10", null],
      [2, "10.50", "7.00", "10.50"],
      [3, null, "0.00", "10.50"],
      [4, "0.10", "0.00", "0.10"],
    ],
  },
  {
    id: "window.default-frame",
    title: "with an order an aggregate sees the rows up to the last that is equal to its own",
    relation: over(
      [
        ["n", call("count")],
        ["last", call("lastValue", name("kind"))],
      ],
      { by: [by(name("kind"))] },
    ),
    rows: [
      [2, 1, "BUS"],
      [1, 3, "CAR"],
      [3, 3, "CAR"],
      [4, 4, null],
    ],
  },
  {
    id: "window.rows",
    title: "counts the rows of a frame; of an empty one a sum is null and a count 0",
    relation: over(
      [
        ["sum", call("sum", name("id"))],
        ["n", call("count")],
        ["first", call("firstValue", name("id"))],
      ],
      { by: byId, frame: { unit: "rows", from: { following: "1" }, to: { following: "2" } } },
    ),
    rows: [
      [1, 5, 2, 2],
      [2, 7, 2, 3],
      [3, 4, 1, 4],
      [4, null, 0, null],
    ],
  },
  {
    id: "window.groups",
    title: "counts equal rows as one",
    relation: over([["n", call("count")]], {
      by: [by(name("kind"))],
      frame: { unit: "groups", from: { preceding: "1" }, to: "current" },
    }),
    rows: [
      [2, 1],
      [1, 3],
      [3, 3],
      [4, 3],
    ],
  },
  {
    id: "window.range.numbers",
    title: "goes by the distance of numbers",
    relation: over([["sum", call("sum", name("id"))]], {
      by: byId,
      frame: { unit: "range", from: { preceding: "1" }, to: { following: "0" } },
    }),
    rows: [
      [1, 1],
      [2, 3],
      [3, 5],
      [4, 7],
    ],
  },
  {
    id: "window.range.days",
    title: "goes by the distance of days; nulls are a group of their own",
    relation: over([["n", call("count")]], {
      by: [by(name("day"))],
      frame: { unit: "range", from: { preceding: "P1D" }, to: "current" },
    }),
    rows: [
      [1, 1],
      [2, 2],
      [3, 2],
      [4, 1],
    ],
  },
  {
    id: "window.aggregates",
    title: "takes where and distinct of an aggregate, inside an expression too",
    relation: over(
      [
        ["kinds", { kind: "call", name: "countOf", arguments: [name("kind")], distinct: true }],
        ["cars", { kind: "call", name: "count", arguments: [], where: call("eq", name("kind"), text("CAR")) }],
        ["rest", call("minus", call("sum", name("id")), name("id"))],
      ],
      {},
    ),
    rows: [
      [1, 2, 2, 9],
      [2, 2, 2, 8],
      [3, 2, 2, 7],
      [4, 2, 2, 6],
    ],
  },
  {
    id: "window.replaces",
    title: "replaces a column in its place, from the values before; a limit and a filter below come first",
    relation: {
      kind: "window",
      input: {
        kind: "limit",
        input: { kind: "sort", input: keep(first, "id", "kind"), by: byId },
        count: 3,
      },
      partition: ["kind"],
      by: byId,
      columns: [["id", call("lead", name("id"))]],
    },
    rows: [
      [3, "CAR"],
      [null, "BUS"],
      [null, "CAR"],
    ],
  },
  {
    id: "window.filtered",
    title: "is computed before what stands above it",
    relation: {
      kind: "filter",
      input: over([["place", call("rowNumber")]], { by: byId }),
      condition: call("gt", name("place"), number("2")),
    },
    rows: [
      [3, 3],
      [4, 4],
    ],
  },
];
