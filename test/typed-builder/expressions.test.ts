import {
  caseWhen,
  catalogue,
  col,
  expr,
  literal,
  now,
  parseSignature,
  source,
  type TypedRelation,
  today,
} from "@sluice/core";
import { describe, expect, it } from "vitest";
import { column, crashes } from "./tables.ts";

const text = (value: string) => ({ kind: "literal", type: "string", value });
const number = (value: string) => ({ kind: "literal", type: "number", value });
const call = (name: string, ...args: readonly unknown[]) => ({ kind: "call", name, arguments: args });

describe("an expression makes its node", () => {
  const instant = "2024-01-31T23:59:58.000Z";
  it.each<[string, () => unknown, unknown]>([
    [
      "case",
      () => caseWhen(col("a").gt(1), "x").when(col("b").isNull(), "y").otherwise("z"),
      {
        kind: "case",
        branches: [
          [call("gt", column("a"), number("1")), text("x")],
          [call("isNull", column("b")), text("y")],
        ],
        otherwise: text("z"),
      },
    ],
    [
      "case without otherwise",
      () => caseWhen(col("a").gt(1), 1).orNull(),
      { kind: "case", branches: [[call("gt", column("a"), number("1")), number("1")]] },
    ],
    ["a column of a type", () => col('a "b"', "int64?"), { kind: "text", text: '"a ""b"""', declared: "int64?" }],
    ["cast", () => col("a").cast("decimal(10,2)"), { kind: "cast", value: column("a"), type: "decimal(10,2)" }],
    ["tryCast", () => col("a").tryCast("int64"), { kind: "cast", value: column("a"), type: "int64", safe: true }],
    ["self that is not first", () => col("a").truncate("month"), call("truncate", text("month"), column("a"))],
    ["in", () => col("a").in(["x", "y"]), call("in", column("a"), text("x"), text("y"))],
    [
      "constants of the run",
      () => now().lt(today().cast("timestamptz")),
      call(
        "lt",
        { kind: "constant", name: "now" },
        { kind: "cast", value: { kind: "constant", name: "today" }, type: "timestamptz" },
      ),
    ],
    ["text", () => expr("a + 1", "float64?"), { kind: "text", text: "a + 1", declared: "float64?" }],
    ["a bigint", () => literal(9007199254740993n), number("9007199254740993")],
    ["minus zero", () => literal(-0), number("0")],
    ["a small number", () => literal(1e-7), number("1e-7")],
    ["a large number", () => literal(1e300), number("1e300")],
    [
      "a Date",
      () => col("a").lt(new Date(instant)),
      call("lt", column("a"), { kind: "literal", type: "timestamptz", value: instant }),
    ],
    [
      "bytes",
      () => col("a").eq(new Uint8Array([1, 255])),
      call("eq", column("a"), { kind: "literal", type: "bytes", value: "01ff" }),
    ],
    ["a typed literal", () => literal("2024-01-31", "date"), { kind: "literal", type: "date", value: "2024-01-31" }],
    ["a typed number", () => literal(5, "int8"), { kind: "cast", value: number("5"), type: "int8" }],
    [
      "a typed null",
      () => literal(null, "string?"),
      { kind: "cast", value: { kind: "literal", type: "null", value: null }, type: "string" },
    ],
  ])("%s", (_name, build, node) => {
    expect((build() as { node: unknown }).node).toEqual(node);
  });

  it("every scalar function of the catalogue that has a self is a method, after whose name the call is named", () => {
    for (const [name, entry] of Object.entries(catalogue)) {
      const signature = parseSignature(entry.signatures[0] ?? "");
      if (entry.kind === "aggregate" || signature.self < 0) continue;
      const given = signature.parameters
        .filter((parameter) => parameter.name !== "self" && !parameter.optional)
        .map(() => "day");
      const method = (col("a") as unknown as Record<string, (...args: unknown[]) => { node: unknown }>)[name];
      const isList = "special" in entry.text && entry.text.special === "in";
      const node = method?.call(col("a"), ...(isList ? [given] : given)).node as {
        name: string;
        arguments: readonly unknown[];
      };
      expect(node.name).toBe(name);
      expect(node.arguments[signature.self]).toEqual(column("a"));
    }
  });
});

it("any name is a column, also those that objects have", () => {
  const names = ["then", "__proto__", "constructor", "toString", "isNull", 'select"x', "Crash Id", "1", "toJSON"];
  const open: TypedRelation<Record<string, never>> = source({ type: "file", path: "x.csv" }) as never;
  for (const name of names) {
    const filtered = source({ type: "file", path: "x.csv" }).filter((c) => c[name].isNull());
    expect(filtered.node).toMatchObject({ condition: call("isNull", column(name)) });
  }
  const selected = source({ type: "file", path: "x.csv" }).select((c) => ({
    ["__proto__"]: c.a,
    // biome-ignore lint/suspicious/noThenProperty: a column may be called so
    then: c.b,
    constructor: c.c,
    'select"x': c.d,
  }));
  expect(selected.node).toMatchObject({
    columns: [
      ["__proto__", column("a")],
      ["then", column("b")],
      ["constructor", column("c")],
      ['select"x', column("d")],
    ],
  });
  const renamed = open.rename({ ["__proto__"]: "2" } as never);
  expect(renamed.node).toMatchObject({ names: [["__proto__", "2"]] });
});

it("what was built cannot be changed", () => {
  const relation = crashes.filter((c) => c.hour.in([1, 2])).select((c) => ({ a: c.hour }));
  const frozen = (value: unknown): boolean =>
    typeof value !== "object" || value === null || (Object.isFrozen(value) && Object.values(value).every(frozen));
  expect(frozen(relation.node)).toBe(true);
});
