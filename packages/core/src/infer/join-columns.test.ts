import { expect, it } from "vitest";
import type { JoinNode, Relation } from "../ir/relation.ts";
import { schemaOf } from "./schema-of.ts";

const rows = (type: string): Relation => ({
  kind: "values",
  columns: [{ name: "key", type, nullable: false }],
  rows: [],
});
const keyOf = (left: string, right: string, how: JoinNode["how"]): string | undefined => {
  const join: Relation = { kind: "join", left: rows(left), right: rows(right), how, using: ["key"] };
  return schemaOf(join, { schemaOf: () => ({ columns: [] }), parameters: new Map() }).columns[0]?.type;
};

it.each([
  ["int64", "float64"],
  ["float32", "decimal(10,2)"],
  ["int64", "string"],
  ["int64", "uint64"],
  ["decimal(38,0)", "decimal(38,10)"],
  ["list<int64>", "list<float64>"],
  ["date", "timestamp"],
])("refuses keys of %s and %s, in whatever join", (left, right) => {
  for (const how of ["inner", "left", "right", "full", "semi", "anti"] as const) {
    expect(() => keyOf(left, right, how)).toThrow(
      expect.objectContaining({
        code: "config",
        message: `the join key "key" is ${left} on the left and ${right} on the right`,
        hint: "cast one of them before the join",
      }),
    );
  }
});

it.each([
  ["int32", "int64", "int64"],
  ["uint32", "int8", "int64"],
  ["int64", "decimal(10,2)", "decimal(21,2)"],
  ["decimal(10,2)", "decimal(12,4)", "decimal(12,4)"],
  ["float32", "float64", "float64"],
  ["string", "enum('a')", "string"],
  ["list<int8>", "list<int64>", "list<int64>"],
])("keys of %s and %s meet as %s, which holds both", (left, right, common) => {
  expect(keyOf(left, right, "full")).toBe(common);
  expect(keyOf(left, right, "right")).toBe(common);
  expect(keyOf(left, right, "left")).toBe(left);
});
