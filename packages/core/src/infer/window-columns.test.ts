import { describe, expect, it } from "vitest";
import type { Expression } from "../ir/expression.ts";
import type { WindowNode } from "../ir/relation.ts";
import { call, col, number, scan, schemaText, text } from "../plan/chicago.fixture.ts";
import { schemaOf } from "./schema-of.ts";

const rows = schemaText(["k", "n: int32!", "d: decimal(5,2)", "at: timestamp!", "day: date", "flag: bool"]);
const request = { parameters: new Map<string, string>(), schemaOf: () => rows };
const over = (column: Expression, more: Partial<WindowNode> = {}): WindowNode => ({
  kind: "window",
  input: scan("d"),
  partition: ["k"],
  by: [{ expression: col("at") }],
  columns: [["x", column]],
  ...more,
});
const typeOf = (column: Expression): string => {
  const found = schemaOf(over(column), request).columns.at(-1);
  return `${found?.type}${found?.nullable ? "?" : ""}`;
};

describe("the columns of a window", () => {
  it.each<[Expression, string]>([
    [call("rowNumber"), "int64"],
    [call("cumeDist"), "float64"],
    [call("ntile", number("4")), "int64"],
    [call("lag", col("n")), "int32?"],
    [call("lag", col("n"), number("2")), "int32?"],
    [call("lag", col("n"), number("1"), number("0")), "int32"],
    [call("lag", col("n"), number("1"), col("d")), "decimal(12,2)?"],
    [call("lag", col("d"), number("1"), number("0.5")), "decimal(5,2)?"],
    [call("lastKnown", col("k")), "string?"],
    [call("nthValue", col("n"), number("2")), "int32?"],
    [call("sum", col("n")), "int64?"],
    [call("count"), "int64"],
  ])("%j is %s", (column, type) => {
    expect(typeOf(column)).toBe(type);
  });

  it("keeps those of the input, and replaces in place", () => {
    const { columns } = schemaOf(over(call("rank"), { columns: [["n", call("rank")]] }), request);
    expect(columns.map(({ name, type }) => `${name}: ${type}`)).toEqual([
      "k: string",
      "n: int64",
      "d: decimal(5,2)",
      "at: timestamp",
      "day: date",
      "flag: bool",
    ]);
  });

  it.each<[string, WindowNode, string]>([
    ["partition", over(call("rank"), { partition: ["K"] }), 'there is no column "K"'],
    ["order", over(call("rank"), { by: [{ expression: col("a") }] }), 'there is no column "a"'],
    [
      "constant",
      over(call("rank"), { by: [{ expression: number("1") }] }),
      "a sort key must depend on a column: a constant puts no row before another",
    ],
    ["offset", over(call("lag", col("n"), number("0"))), "lag takes a whole number from 1 on, not 0"],
    ["computed", over(call("lag", col("n"), col("n"))), "lag takes a constant as its offset, not a computed value"],
    [
      "fallback",
      over(call("lag", col("n"), number("1"), text("x"))),
      "lag takes values of one kind, not int32 and the text 'x'",
    ],
    ["buckets", over(call("ntile", number("1.5"))), "ntile takes a whole number from 1 on, not 1.5"],
  ])("refuses a wrong %s", (_, node, message) => {
    expect(() => schemaOf(node, request)).toThrow(expect.objectContaining({ code: "config", message }));
  });

  it.each<[string, string, string | undefined]>([
    ["n", "2", undefined],
    ["d", "0.5", undefined],
    ["at", "PT1H", undefined],
    ["day", "P7D", undefined],
    ["n", "P7D", '"P7D" is no distance between values of type int32'],
    ["day", "7", '"7" is no distance between values of type date'],
    ["k", "7", "a range frame measures distances, and string has none"],
  ])("measures distances of %s in %s", (name, preceding, message) => {
    const frame = { unit: "range", from: { preceding }, to: "current" } as const;
    const infer = () => schemaOf(over(call("count"), { by: [{ expression: col(name) }], frame }), request);
    if (message === undefined) expect(infer).not.toThrow();
    else expect(infer).toThrow(expect.objectContaining({ code: "config", message }));
  });
});
