import type { Relation } from "@sluice/core";
import { call, crashes, keep, kinds, left, type RelationCase, right } from "./relation-bench.ts";

const idsOf = (how: "inner" | "left" | "right" | "full" | "semi" | "anti"): Relation => ({
  kind: "join",
  left: keep(crashes, "id", "kind"),
  right: keep(kinds, "kind", "wheels"),
  how,
  using: ["kind"],
});

/** Every kind of join, and how its columns are named. */
export const joinCases: readonly RelationCase[] = [
  {
    id: "join.inner",
    title: "matches keys; nulls match nothing",
    relation: idsOf("inner"),
    rows: [
      ["CAR", 1, 4],
      ["CAR", 1, 3],
      ["CAR", 3, 4],
      ["CAR", 3, 3],
    ],
  },
  {
    id: "join.left",
    title: "keeps all of the left",
    relation: idsOf("left"),
    rows: [
      ["CAR", 1, 4],
      ["CAR", 1, 3],
      ["CAR", 3, 4],
      ["CAR", 3, 3],
      ["BUS", 2, null],
      ["BUS", 2, null],
      [null, 4, null],
    ],
  },
  {
    id: "join.right",
    title: "keeps all of the right, with its keys",
    relation: idsOf("right"),
    rows: [
      ["CAR", 1, 4],
      ["CAR", 1, 3],
      ["CAR", 3, 4],
      ["CAR", 3, 3],
      ["BIKE", null, 2],
    ],
  },
  {
    id: "join.full",
    title: "keeps all of both",
    relation: idsOf("full"),
    rows: [
      ["CAR", 1, 4],
      ["CAR", 1, 3],
      ["CAR", 3, 4],
      ["CAR", 3, 3],
      ["BUS", 2, null],
      ["BUS", 2, null],
      [null, 4, null],
      ["BIKE", null, 2],
    ],
  },
  {
    id: "join.semi",
    title: "gives the left rows that match, once",
    relation: idsOf("semi"),
    rows: [
      [1, "CAR"],
      [3, "CAR"],
    ],
  },
  {
    id: "join.anti",
    title: "gives the left rows that do not match, nulls among them",
    relation: idsOf("anti"),
    rows: [
      [2, "BUS"],
      [2, "BUS"],
      [4, null],
    ],
  },
  {
    id: "join.on",
    title: "joins by an expression, and suffixes shared names",
    relation: {
      kind: "join",
      left: keep(crashes, "id", "kind"),
      right: kinds,
      how: "inner",
      on: call("and", call("eq", left("id"), right("id")), call("eq", left("kind"), right("kind"))),
      suffix: "_right",
    },
    rows: [
      [1, "CAR", "CAR", 4, 1],
      [3, "CAR", "CAR", 3, 3],
    ],
  },
  {
    id: "join.select",
    title: "selects sided columns, keys of two widths compared as numbers",
    relation: {
      kind: "join",
      left: crashes,
      right: kinds,
      how: "full",
      using: ["id"],
      select: [
        ["mine", left("id")],
        ["theirs", right("id")],
      ],
    },
    rows: [
      [1, 1],
      [3, 3],
      [2, null],
      [2, null],
      [4, null],
      [null, 9],
    ],
  },
  {
    id: "join.cross",
    title: "pairs every row with every row",
    relation: {
      kind: "join",
      left: keep({ kind: "limit", input: crashes, count: 1 }, "id"),
      right: keep(kinds, "wheels"),
      how: "cross",
    },
    rows: [
      [1, 4],
      [1, 2],
      [1, 3],
    ],
  },
];
