import { describe, expect, it } from "vitest";
import { canonicalRelation } from "../definition/canonical.ts";
import { found, pipeline, transform } from "../definition/definition.fixture.ts";
import type { LiteralNode } from "../ir/expression.ts";
import type { PivotNode, Relation, UnpivotNode } from "../ir/relation.ts";
import { call, col, scan, schemaText } from "../plan/chicago.fixture.ts";
import { schemaOf } from "./schema-of.ts";

const rows = schemaText(["id: int64!", "kind", "n: int32!", "d: decimal(5,2)", "day: date", "tags: list<string>!"]);
const request = { parameters: new Map<string, string>(), schemaOf: () => rows };
const shown = (relation: Relation): string[] =>
  schemaOf(relation, request).columns.map(({ name, type, nullable }) => `${name}: ${type}${nullable ? "" : "!"}`);
const literal = (type: LiteralNode["type"], value: string): LiteralNode => ({ kind: "literal", type, value });
const pivot = (more: Partial<PivotNode>): PivotNode => ({
  kind: "pivot",
  input: scan("d"),
  by: ["id"],
  on: "kind",
  values: [["car", literal("string", "CAR")]],
  columns: [["n", call("count")]],
  ...more,
});
const unpivot = (more: Partial<UnpivotNode>): UnpivotNode => ({
  kind: "unpivot",
  input: scan("d"),
  columns: ["n", "d"],
  name: "what",
  value: "much",
  ...more,
});
const problems = (node: Relation): unknown[] =>
  found(pipeline(transform("t", node))).map((problem) => (problem as string[])[1]);

describe("pivot", () => {
  it("has its keys, and each aggregate for each value", () => {
    const columns = [["n", call("count")] as const, ["most", call("max", col("n"))] as const];
    const values = [["a", literal("string", "2024-01-01")] as const, ["b", literal("string", "2024-01-02")] as const];
    expect(shown(pivot({ on: "day", values, columns }))).toEqual([
      "id: int64!",
      "a_n: int64!",
      "a_most: int32",
      "b_n: int64!",
      "b_most: int32",
    ]);
  });

  it("refuses values that the column cannot have, and columns that are not there", () => {
    const infer = (more: Partial<PivotNode>) => () => schemaOf(pivot(more), request);
    expect(infer({ on: "n" })).toThrow("isNotDistinctFrom takes values of one kind, not int32 and the text 'CAR'");
    expect(infer({ on: "day" })).toThrow("'CAR' is not a date");
    expect(infer({ on: "knd" })).toThrow('there is no column "knd"');
    expect(infer({ by: ["idd"] })).toThrow('there is no column "idd"');
  });

  it.each<[string, Partial<PivotNode>, string[]]>([
    ["nothing", {}, []],
    ["no values", { values: [] }, ["a pivot has no values: its columns have to be known before the data is read"]],
    ["no columns", { columns: [] }, ["a pivot computes no columns"]],
    ["a key that it is on", { by: ["kind"] }, ['"kind" is what the pivot is on, and cannot be a key too']],
    [
      "a value twice",
      {
        values: [
          ["a", literal("string", "x")],
          ["b", literal("string", "x")],
        ],
      },
      ["the value x stands twice"],
    ],
    [
      "a name twice",
      {
        values: [
          ["a", literal("string", "x")],
          ["a", literal("string", "y")],
        ],
      },
      ['the column "a_n" stands twice'],
    ],
    [
      "a key for each value",
      { columns: [["n", col("id")]] },
      ['"n" is the same for every value: it aggregates nothing'],
    ],
    [
      "a bare column",
      { columns: [["n", call("plus", col("n"), call("count"))]] },
      ['the column "n" stands outside an aggregate and is no key of the group'],
    ],
  ])("is refused for %s", (_, more, messages) => {
    expect(problems(pivot(more))).toEqual(messages);
  });

  it("has one form: a day is its text", () => {
    expect(canonicalRelation(pivot({ on: "day", values: [["a", literal("date", "2024-01-01")]] }))).toEqual(
      canonicalRelation(pivot({ on: "day", values: [["a", literal("string", "2024-01-01")]] })),
    );
  });
});

describe("unpivot", () => {
  it("has the others, the name and the value in the type that holds all", () => {
    expect(shown(unpivot({}))).toEqual([
      "id: int64!",
      "kind: string",
      "day: date",
      "tags: list<string>!",
      "what: string!",
      "much: decimal(12,2)!",
    ]);
    expect(shown(unpivot({ nulls: "keep" })).at(-1)).toBe("much: decimal(12,2)");
    expect(shown(unpivot({ columns: ["n"], nulls: "keep" })).at(-1)).toBe("much: int32!");
  });

  it("refuses columns of different types, and names that are taken", () => {
    const infer = (more: Partial<UnpivotNode>) => () => schemaOf(unpivot(more), request);
    expect(infer({ columns: ["n", "kind"] })).toThrow(
      "unpivot puts values of int32 and string into one column, which none holds",
    );
    const input: Relation = { kind: "derive", input: scan("d"), columns: [["f", call("sqrt", col("n"))]] };
    expect(infer({ input, columns: ["id", "f"] })).toThrow(
      "unpivot puts values of int64 and float64 into one column: a float64 would round values of int64",
    );
    expect(shown(unpivot({ input, columns: ["n", "f"] })).at(-1)).toMatch(/^much: float64/);
    expect(infer({ name: "id" })).toThrow('the column "id" stands twice');
    expect(problems(unpivot({ columns: [], value: "what" }))).toEqual([
      "unpivot names no columns",
      'the column "what" stands twice',
    ]);
  });
});

describe("unnest", () => {
  it("puts the item in the place of its list", () => {
    expect(shown({ kind: "unnest", input: scan("d"), column: "tags", ordinality: "at" }).slice(-2)).toEqual([
      "tags: string",
      "at: int64!",
    ]);
  });
});
