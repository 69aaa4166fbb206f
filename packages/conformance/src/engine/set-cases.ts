import type { Relation } from "@sluice/core";
import { call, crashes, keep, kinds, name, number, type RelationCase } from "./relation-bench.ts";

const sides = { left: keep(crashes, "id", "kind"), right: keep(kinds, "kind", "id") } as const;
const twice: Relation = { kind: "union", inputs: [keep(crashes, "kind"), keep(crashes, "kind")] };

/** Intersections, differences and unions of unlike inputs. */
export const setCases: readonly RelationCase[] = [
  {
    id: "intersect",
    title: "gives the rows of both sides once, columns matched by name, in the type that holds both",
    relation: { kind: "intersect", ...sides },
    rows: [
      [1, "CAR"],
      [3, "CAR"],
    ],
  },
  {
    id: "intersect.nulls",
    title: "takes nulls for equal",
    relation: { kind: "intersect", left: keep(crashes, "kind"), right: keep(crashes, "kind") },
    rows: [["CAR"], ["BUS"], [null]],
  },
  {
    id: "intersect.all",
    title: "gives each as often as the side that has it less often",
    relation: { kind: "intersect", left: keep(crashes, "kind"), right: keep(kinds, "kind"), all: true },
    rows: [["CAR"], ["CAR"]],
  },
  {
    id: "except",
    title: "gives the rows of the left side that the right one has not, once",
    relation: { kind: "except", ...sides },
    rows: [
      [2, "BUS"],
      [4, null],
    ],
  },
  {
    id: "except.all",
    title: "takes one row away for each of the right side",
    relation: { kind: "except", left: twice, right: keep(crashes, "kind"), all: true },
    rows: [["CAR"], ["BUS"], ["CAR"], [null], ["BUS"]],
  },
  {
    id: "union.missing",
    title: "fills columns that an input lacks with null, those of the first input first",
    relation: {
      kind: "union",
      inputs: [
        keep(
          { kind: "limit", input: { kind: "sort", input: crashes, by: [{ expression: name("id") }] }, count: 1 },
          "kind",
          "cost",
        ),
        keep({ kind: "filter", input: kinds, condition: call("eq", name("id"), number("9")) }, "wheels", "kind"),
      ],
      missing: "null",
    },
    rows: [
      ["CAR", "10.50", null],
      ["BIKE", null, 2],
    ],
  },
];
