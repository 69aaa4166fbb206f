import { describe, expect, it } from "vitest";
import type { Expression } from "../ir/expression.ts";
import type { FillNode, Relation } from "../ir/relation.ts";
import { call, col, number, scan, schemaText, text } from "../plan/chicago.fixture.ts";
import type { Schema } from "../schema/schema.ts";
import { schemaOf } from "./schema-of.ts";

const SOURCES: Readonly<Record<string, Schema>> = {
  left: schemaText(["id: int32!", "name", "part: decimal(5,2)"]),
  right: schemaText(["name!", "id: int64", "part: int16!"]),
  float: schemaText(["id: float64", "name", "part: decimal(5,2)"]),
  other: schemaText(["id: int64!", "extra: date!"]),
};
const request = {
  parameters: new Map([["who", "string?"]]),
  schemaOf: (source: object): Schema => SOURCES["dataset" in source ? String(source.dataset) : ""] ?? { columns: [] },
};
const shown = (relation: Relation): string[] =>
  schemaOf(relation, request).columns.map(({ name, type, nullable }) => `${name}: ${type}${nullable ? "" : "!"}`);
const failing = (relation: Relation) => expect(() => schemaOf(relation, request));
const left = scan("left");
const fill = (columns: string[], value: Expression): FillNode => ({
  kind: "fill",
  input: left,
  columns,
  how: "value",
  value,
  partition: [],
  by: [],
});

describe("sets of rows", () => {
  it("meet in the type that holds both; null is where it can be", () => {
    expect(shown({ kind: "intersect", left, right: scan("right") })).toEqual([
      "id: int64!",
      "name: string!",
      "part: decimal(7,2)!",
    ]);
    expect(shown({ kind: "except", left, right: scan("right") })).toEqual([
      "id: int64!",
      "name: string",
      "part: decimal(7,2)",
    ]);
  });

  it("are refused beside a float, and with other columns", () => {
    failing({ kind: "intersect", left, right: scan("float") }).toThrow(
      'the column "id" is int32 on one side of intersect and float64 on the other',
    );
    failing({ kind: "except", left, right: scan("other") }).toThrow(
      'the other side of except lacks "name", "part" and has "extra", which the first has not',
    );
  });

  it("a union fills what is missing with null", () => {
    expect(shown({ kind: "union", inputs: [left, scan("other")], missing: "null" })).toEqual([
      "id: int64!",
      "name: string",
      "part: decimal(5,2)",
      "extra: date",
    ]);
  });
});

describe("grouping sets", () => {
  it("make keys null that are not in every set", () => {
    const by = ["id", "name"];
    const columns = [["n", call("count")] as const, ["k", col("id")] as const];
    const node = { kind: "aggregate", input: left, by, columns } as const;
    expect(shown({ ...node, sets: [["id", "name"], ["id"]], grouping: [["name", "total"]] })).toEqual([
      "id: int32!",
      "name: string",
      "n: int64!",
      "k: int32!",
      "total: bool!",
    ]);
    expect(shown({ ...node, sets: [["id", "name"], []] })).toEqual([
      "id: int32",
      "name: string",
      "n: int64!",
      "k: int32",
    ]);
  });
});

describe("fill", () => {
  it("keeps types, and takes null away where its value is never null", () => {
    expect(shown(fill(["name"], text("x")))).toEqual(["id: int32!", "name: string!", "part: decimal(5,2)"]);
    expect(shown(fill(["part"], number("0.5")))).toEqual(["id: int32!", "name: string", "part: decimal(5,2)!"]);
    expect(shown(fill(["name"], { kind: "parameter", name: "who" }))).toEqual([
      "id: int32!",
      "name: string",
      "part: decimal(5,2)",
    ]);
  });

  it("refuses a value that the column cannot hold", () => {
    failing(fill(["part"], number("0.125"))).toThrow('the column "part" is decimal(5,2) and cannot hold 0.125');
    failing(fill(["name"], number("1"))).toThrow("orElse takes values of one kind, not string and 1");
    failing(fill(["name"], { kind: "literal", type: "null", value: null })).toThrow(
      "fill puts null where a value is null already",
    );
    failing(fill(["nam"], text("x"))).toThrow('there is no column "nam"');
  });
});
