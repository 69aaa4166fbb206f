import type { AggregateNode, FillNode, Relation, SampleNode } from "@sluice/core";
import { by, call, crashes, keep, name, number, type RelationCase, text } from "./relation-bench.ts";

const first: Relation = { kind: "distinct", input: crashes };
const sets = (node: Partial<AggregateNode>): Relation => ({
  kind: "aggregate",
  input: crashes,
  by: ["kind"],
  sets: [["kind"], []],
  grouping: [["kind", "isTotal"]],
  columns: [["n", call("count")]],
  ...node,
});
const fill = (node: Partial<FillNode>): Relation =>
  keep({ kind: "fill", input: first, columns: ["cost"], how: "forward", partition: [], by: [], ...node }, "id", "cost");
const sample = (node: Partial<SampleNode>): Relation =>
  keep({ kind: "sample", input: first, key: ["id"], ...node }, "id");
const nothing: Relation = { kind: "filter", input: crashes, condition: call("gt", name("id"), number("100")) };
const byId = [by(name("id"))];

const equal = ["1", "2", "3"].map(
  (id): Relation => ({ kind: "values", columns: [{ name: "id", type: "int64", nullable: false }], rows: [[id]] }),
);

/** Subtotals, filled gaps and samples. */
export const groupCases: readonly RelationCase[] = [
  {
    id: "aggregate.sets",
    title: "groups by each set, and tells a subtotal from the group of nulls",
    relation: sets({}),
    rows: [
      ["CAR", 2, false],
      ["BUS", 2, false],
      [null, 1, false],
      [null, 5, true],
    ],
  },
  {
    id: "aggregate.sets.empty",
    title: "of nothing gives the row of the empty set alone",
    relation: sets({ input: nothing }),
    rows: [[null, 0, true]],
  },
  {
    id: "aggregate.sets.several",
    title: "makes keys null that are not in the set; beside aggregates they are null too",
    relation: sets({
      input: first,
      by: ["kind", "day"],
      sets: [["kind"], ["day"]],
      grouping: [["day", "ofKind"]],
      columns: [
        ["most", call("max", name("id"))],
        ["label", call("orElse", name("kind"), text("-"))],
      ],
    }),
    rows: [
      ["CAR", null, 3, "CAR", true],
      ["BUS", null, 2, "BUS", true],
      [null, null, 4, "-", true],
      [null, "2024-01-01", 1, "-", false],
      [null, "2024-01-02", 2, "-", false],
      [null, "2024-01-03", 3, "-", false],
      [null, null, 4, "-", false],
    ],
  },
  {
    id: "fill.value",
    title: "puts a constant where a value is null",
    relation: fill({ how: "value", value: number("0") }),
    rows: [
      [1, "10.50"],
      [2, "0.00"],
      [3, "0.10"],
      [4, "7.00"],
    ],
  },
  {
    id: "fill.forward",
    title: "takes the last value before that is not null, of the whole order",
    relation: fill({ by: [by(name("id"), { descending: true })] }),
    rows: [
      [4, "7.00"],
      [3, "0.10"],
      [2, "0.10"],
      [1, "10.50"],
    ],
  },
  {
    id: "fill.partition",
    title: "looks at no row of another partition",
    relation: fill({ partition: ["kind"], by: byId }),
    rows: [
      [1, "10.50"],
      [2, null],
      [3, "0.10"],
      [4, "7.00"],
    ],
  },
  {
    id: "fill.backward",
    title: "takes the next value behind, no further away than the limit",
    relation: keep(
      {
        kind: "fill",
        input: {
          kind: "values",
          columns: [
            { name: "at", type: "int64", nullable: false },
            { name: "x", type: "string", nullable: true },
          ],
          rows: [
            ["1", null],
            ["2", null],
            ["3", null],
            ["4", "a"],
            ["5", null],
          ],
        },
        columns: ["x"],
        how: "backward",
        partition: [],
        by: [by(name("at"))],
        limit: 2,
      },
      "at",
      "x",
    ),
    rows: [
      [1, null],
      [2, "a"],
      [3, "a"],
      [4, "a"],
      [5, null],
    ],
  },
  {
    id: "sample.count",
    title: "takes the rows whose hash is least: the same ones in every engine, where a key's text is",
    relation: sample({ count: 2 }),
    rows: [[4], [3]],
  },
  {
    id: "sample.seed",
    title: "takes others for another seed",
    relation: sample({ count: 2, seed: 3 }),
    rows: [[2], [1]],
  },
  {
    id: "sample.share",
    title: "takes a share of the keys, rows of one key together",
    relation: {
      kind: "aggregate",
      input: sample({ input: crashes, share: 0.5 }),
      by: ["id"],
      columns: [["n", call("count")]],
    },
    rows: [
      [1, 1],
      [3, 1],
      [4, 1],
    ],
  },
  {
    id: "sample.equal",
    title: "takes each of several equal rows on its own, where there is no key",
    relation: {
      kind: "aggregate",
      input: sample({
        input: { kind: "union", inputs: equal.flatMap((one) => [one, one, one, one]) },
        count: 6,
        key: [],
      }),
      by: ["id"],
      columns: [["n", call("count")]],
    },
    rows: [
      [1, 3],
      [2, 1],
      [3, 2],
    ],
  },
  {
    id: "sample.all",
    title: "takes all where the share is 1, and none where the count is 0",
    relation: { kind: "union", inputs: [sample({ share: 1, key: [] }), sample({ count: 0 })] },
    rows: [[1], [2], [3], [4]],
  },
];
