import { type Cell, type Expression, type Relation, schemaOf } from "@sluice/core";
import { expect } from "vitest";
import type { DeclareCase } from "../suite.ts";
import { column, type EngineHarness, executed, rowsOf, textInput, withEngine } from "./bench.ts";
import { groupCases } from "./group-cases.ts";
import { joinCases } from "./join-cases.ts";
import {
  by,
  CRASHES,
  CRASHES_TEXT,
  call,
  crashes,
  KINDS,
  KINDS_TEXT,
  keep,
  kinds,
  name,
  number,
  type RelationCase,
  sorted,
  text,
} from "./relation-bench.ts";
import { reshapeCases } from "./reshape-cases.ts";
import { setCases } from "./set-cases.ts";
import { windowCases } from "./window-cases.ts";

const pair = (fn: Expression): Relation => ({ kind: "aggregate", input: crashes, by: ["kind"], columns: [["x", fn]] });

const CASES: readonly RelationCase[] = [
  {
    id: "filter",
    title: "keeps rows whose condition is true; null is not",
    relation: keep({ kind: "filter", input: crashes, condition: call("ne", name("kind"), text("BUS")) }, "id"),
    rows: [[1], [3]],
  },
  {
    id: "select",
    title: "computes each column from the input, also one that takes the name of another",
    relation: {
      kind: "select",
      input: keep(crashes, "id", "kind"),
      columns: [
        ["kind", name("id")],
        ["id", name("kind")],
      ],
    },
    rows: [
      [1, "CAR"],
      [2, "BUS"],
      [3, "CAR"],
      [4, null],
      [2, "BUS"],
    ],
  },
  {
    id: "derive",
    title: "replaces a column in its place, from the values before",
    relation: {
      kind: "derive",
      input: keep(crashes, "id", "cost"),
      columns: [
        ["id", call("plus", name("id"), number("1"))],
        ["before", name("id")],
      ],
    },
    rows: [
      [2, "10.50", 1],
      [3, null, 2],
      [4, "0.10", 3],
      [5, "7.00", 4],
      [3, null, 2],
    ],
  },
  {
    id: "rename",
    title: "swaps names",
    relation: {
      kind: "rename",
      input: keep(crashes, "id", "kind"),
      names: [
        ["id", "kind"],
        ["kind", "id"],
      ],
    },
    rows: [
      [1, "CAR"],
      [2, "BUS"],
      [3, "CAR"],
      [4, null],
      [2, "BUS"],
    ],
  },
  {
    id: "drop",
    title: "leaves the others",
    relation: { kind: "drop", input: { kind: "limit", input: crashes, count: 1 }, columns: ["kind", "cost", "day"] },
    rows: [[1]],
  },
  {
    id: "drop-nulls",
    title: "drops rows with a null in one of the columns",
    relation: keep({ kind: "dropNulls", input: crashes, columns: ["kind", "cost"] }, "id"),
    rows: [[1], [3]],
  },
  ...joinCases,
  ...setCases,
  ...reshapeCases,
  ...groupCases,
  ...windowCases,
  {
    id: "union",
    title: "matches columns by name, and takes the type that holds both",
    relation: { kind: "union", inputs: [keep(crashes, "id", "kind"), keep(kinds, "kind", "id")] },
    rows: [
      [1, "CAR"],
      [2, "BUS"],
      [3, "CAR"],
      [4, null],
      [2, "BUS"],
      [1, "CAR"],
      [9, "BIKE"],
      [3, "CAR"],
    ],
  },
  {
    id: "union.distinct",
    title: "gives each row once",
    relation: { kind: "union", inputs: [keep(crashes, "kind"), keep(kinds, "kind")], distinct: true },
    rows: [["CAR"], ["BUS"], [null], ["BIKE"]],
  },
  {
    id: "distinct",
    title: "gives each row once, nulls being equal",
    relation: { kind: "distinct", input: keep(crashes, "id", "kind", "cost") },
    rows: [
      [1, "CAR", "10.50"],
      [2, "BUS", null],
      [3, "CAR", "0.10"],
      [4, null, "7.00"],
    ],
  },
  {
    id: "aggregate",
    title: "gives a row per group, keys first, nulls as one",
    relation: {
      kind: "aggregate",
      input: crashes,
      by: ["kind"],
      columns: [
        ["n", call("count")],
        ["cost", call("sum", name("cost"))],
        ["ids", { kind: "call", name: "countOf", arguments: [name("id")], distinct: true }],
        ["late", { kind: "call", name: "count", arguments: [], where: call("gt", name("day"), text("2024-01-01")) }],
      ],
    },
    rows: [
      ["CAR", 2, "10.60", 2, 1],
      ["BUS", 2, null, 1, 2],
      [null, 1, "7.00", 1, 0],
    ],
  },
  {
    id: "aggregate.empty",
    title: "gives one row without keys, also of nothing",
    relation: {
      kind: "aggregate",
      input: { kind: "filter", input: crashes, condition: call("gt", name("id"), number("100")) },
      by: [],
      columns: [
        ["n", call("count")],
        ["most", call("max", name("id"))],
      ],
    },
    rows: [[0, null]],
  },
  {
    id: "aggregate.same-name",
    title: "takes a key and not the column computed under another's name",
    relation: {
      kind: "select",
      input: { ...pair(call("max", name("id"))), columns: [["id", call("max", name("id"))]] } as Relation,
      columns: [["id", name("id")]],
    },
    rows: [[3], [2], [4]],
  },
  {
    id: "sort",
    title: "puts nulls last in both directions unless told, and is kept by what stands above",
    relation: {
      kind: "select",
      input: {
        kind: "filter",
        input: {
          kind: "sort",
          input: crashes,
          by: [by(name("cost"), { descending: true }), by(name("id"))],
        },
        condition: call("lt", name("id"), number("10")),
      },
      columns: [["cost", call("times", name("id"), number("-1"))]],
    },
    rows: [[-1], [-4], [-3], [-2], [-2]],
    isOrdered: true,
  },
  {
    id: "sort.nulls-first",
    title: "puts nulls first where told",
    relation: keep({ kind: "sort", input: crashes, by: [by(name("day"), { nulls: "first" }), by(name("id"))] }, "id"),
    rows: [[4], [1], [2], [2], [3]],
    isOrdered: true,
  },
  {
    id: "limit",
    title: "counts after the offset, and is not undone by what stands above",
    relation: keep(
      {
        kind: "filter",
        input: { kind: "limit", input: sorted(crashes, "id", "kind"), count: 2, offset: 1 },
        condition: call("isNotNull", name("kind")),
      },
      "id",
    ),
    rows: [[2], [2]],
    isOrdered: true,
  },
  {
    id: "deduplicate.first",
    title: "keeps the first of each key",
    relation: keep(
      {
        kind: "deduplicate",
        input: crashes,
        key: ["kind"],
        keep: "first",
        by: [by(name("cost"), { descending: true })],
      },
      "id",
      "kind",
    ),
    rows: [
      [1, "CAR"],
      [2, "BUS"],
      [4, null],
    ],
  },
  {
    id: "deduplicate.last",
    title: "keeps the last of each key, nulls being last",
    relation: keep(
      {
        kind: "deduplicate",
        input: crashes,
        key: ["kind"],
        keep: "last",
        by: [by(name("cost"), { descending: true })],
      },
      "id",
      "kind",
    ),
    rows: [
      [3, "CAR"],
      [2, "BUS"],
      [4, null],
    ],
  },
  {
    id: "deduplicate.rest",
    title: "gives the others where asked",
    relation: keep(
      { kind: "deduplicate", input: crashes, key: ["kind"], keep: "first", by: [by(name("id"))], rest: true },
      "id",
      "kind",
    ),
    rows: [
      [3, "CAR"],
      [2, "BUS"],
    ],
  },
  {
    id: "values",
    title: "holds rows written out",
    relation: {
      kind: "values",
      columns: [column("a", "int64"), column("b", "decimal(5,2)"), column("c", "timestamp"), column("d", "bool")],
      rows: [
        ["-5", "1.20", "2024-01-01T10:00:00", true],
        [null, null, null, null],
      ],
    },
    rows: [
      [-5, "1.20", "2024-01-01 10:00:00", true],
      [null, null, null, null],
    ],
  },
  {
    id: "values.empty",
    title: "may hold no rows at all",
    relation: { kind: "values", columns: [column("a", "int64")], rows: [] },
    rows: [],
  },
  {
    id: "case",
    title: "gives branches one type",
    relation: {
      kind: "select",
      input: sorted(crashes, "id"),
      columns: [
        [
          "x",
          { kind: "case", branches: [[call("gt", name("id"), number("2")), name("cost")]], otherwise: number("0") },
        ],
      ],
    },
    rows: [["0.00"], ["0.00"], ["0.00"], ["0.10"], ["7.00"]],
    isOrdered: true,
  },
];

/** Every node, its rows, and the types that are declared for them. */
export function relationCases(harness: EngineHarness, declare: DeclareCase): void {
  for (const { id, title, relation, rows, isOrdered } of CASES) {
    declare(`engine.${id}`, title, () =>
      withEngine(harness, async (given) => {
        const inputs = {
          crashes: await textInput(given.folder, { texts: [CRASHES_TEXT], columns: CRASHES }),
          kinds: await textInput(given.folder, { texts: [KINDS_TEXT], columns: KINDS }),
        };
        const used = JSON.stringify(relation);
        const read = Object.fromEntries(Object.entries(inputs).filter(([one]) => used.includes(`"${one}"`)));
        const found = await rowsOf(given.engine, relation, read);
        const order = (list: readonly (readonly Cell[])[]): string[] => {
          const texts = list.map((row) => JSON.stringify(row));
          return isOrdered === true ? texts : texts.sort();
        };
        expect(order(found)).toEqual(order(rows));

        const declared = schemaOf(relation, {
          schemaOf: (source) => ({ columns: "dataset" in source && source.dataset === "kinds" ? KINDS : CRASHES }),
          parameters: new Map(),
        });
        const { path } = await executed(given, relation, read);
        const written = await given.engine.schemaOfFile(path);
        expect(written.columns.map((one) => [one.name, one.type])).toEqual(
          declared.columns.map((one) => [one.name, one.type]),
        );
      }),
    );
  }
}
