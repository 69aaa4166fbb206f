import type { PivotNode, Relation, UnpivotNode } from "@sluice/core";
import { call, crashes, keep, name, type RelationCase } from "./relation-bench.ts";

const CAR = { kind: "literal", type: "string", value: "CAR" } as const;
const NONE = { kind: "literal", type: "null", value: null } as const;
const first: Relation = { kind: "distinct", input: crashes };
const pivot = (node: Partial<PivotNode>): Relation => ({
  kind: "pivot",
  input: crashes,
  by: [],
  on: "kind",
  values: [
    ["CAR", CAR],
    ["none", NONE],
    ["BIKE", { kind: "literal", type: "string", value: "BIKE" }],
  ],
  columns: [
    ["n", call("count")],
    ["cost", call("sum", name("cost"))],
  ],
  ...node,
});
const unpivot = (node: Partial<UnpivotNode>): Relation => ({
  kind: "unpivot",
  input: keep(first, "kind", "id", "cost"),
  columns: ["cost", "id"],
  name: "what",
  value: "much",
  ...node,
});

/** Columns of values, and values of columns. */
export const reshapeCases: readonly RelationCase[] = [
  {
    id: "pivot",
    title: "computes each column for each value, null being one; of a value without rows a count is 0 and a sum null",
    relation: pivot({}),
    rows: [[2, "10.60", 1, "7.00", 0, null]],
  },
  {
    id: "pivot.by",
    title: "gives a row per group, and values of another type are read as the column's",
    relation: pivot({
      by: ["kind"],
      on: "day",
      values: [["first", { kind: "literal", type: "string", value: "2024-01-01" }]],
      columns: [["n", { kind: "call", name: "count", arguments: [], where: call("isNotNull", name("cost")) }]],
    }),
    rows: [
      ["CAR", 1],
      ["BUS", 0],
      [null, 0],
    ],
  },
  {
    id: "unpivot",
    title: "gives a row for each column, in the type that holds all, without nulls",
    relation: unpivot({}),
    rows: [
      ["CAR", "cost", "10.50"],
      ["CAR", "id", "1.00"],
      ["BUS", "id", "2.00"],
      ["CAR", "cost", "0.10"],
      ["CAR", "id", "3.00"],
      [null, "cost", "7.00"],
      [null, "id", "4.00"],
    ],
  },
  {
    id: "unpivot.nulls",
    title: "keeps values that are null where told",
    relation: unpivot({ columns: ["cost"], nulls: "keep" }),
    rows: [
      ["CAR", 1, "cost", "10.50"],
      ["BUS", 2, "cost", null],
      ["CAR", 3, "cost", "0.10"],
      [null, 4, "cost", "7.00"],
    ],
  },
];
