import { describe, expect, it } from "vitest";
import type { Expression } from "../ir/expression.ts";
import type { JoinNode, Relation } from "../ir/relation.ts";
import { call, col, columns, number, scan, schemaText, text } from "../plan/chicago.fixture.ts";
import type { Column, Schema } from "../schema/schema.ts";
import { schemaOf } from "./schema-of.ts";

const SOURCES: Readonly<Record<string, Schema>> = {
  left: schemaText(["id: int32!", "name", "born: date", "flag: bool!"]),
  right: schemaText(["id: int64", "amount: decimal(10,2)!", "name: string!"]),
  other: schemaText(["name!", "id: uint32", "flag: bool", "born: date"]),
};
const request = {
  path: "steps.s.query",
  parameters: new Map([
    ["day", "date"],
    ["until", "date?"],
  ]),
  schemaOf: (source: object): Schema => SOURCES["dataset" in source ? String(source.dataset) : ""] ?? { columns: [] },
};
const shown = (relation: Relation): string[] =>
  schemaOf(relation, request).columns.map(({ name, type, nullable }) => `${name}: ${type}${nullable ? "" : "!"}`);
const left = scan("left");
const select = (expression: Expression): Relation => ({ kind: "select", input: left, columns: [["v", expression]] });
const join = (how: JoinNode["how"], more: Partial<JoinNode> = { using: ["id"], suffix: "_r" }): Relation => ({
  kind: "join",
  left,
  right: scan("right"),
  how,
  ...more,
});
const nothing: Expression = { kind: "literal", type: "null", value: null };
const parameter = (name: string): Expression => ({ kind: "parameter", name });
const values = (columns: Column[]): Relation => ({ kind: "values", columns, rows: [] });
const when = (condition: Expression, result: Expression, otherwise?: Expression): Expression => ({
  kind: "case",
  branches: [[condition, result]],
  ...(otherwise === undefined ? {} : { otherwise }),
});

describe("the rows of each relation", () => {
  it.each<[string, Relation, string[]]>([
    ["scan", left, ["id: int32!", "name: string", "born: date", "flag: bool!"]],
    ["values", { kind: "values", columns: [{ name: "a", type: "date", nullable: true }], rows: [] }, ["a: date"]],
    ["filter", { kind: "filter", input: left, condition: col("flag") }, shown(left)],
    [
      "derive",
      {
        kind: "derive",
        input: left,
        columns: [
          ["new", col("flag")],
          ["name", col("born")],
        ],
      },
      ["id: int32!", "name: date", "born: date", "flag: bool!", "new: bool!"],
    ],
    [
      "rename",
      {
        kind: "rename",
        input: left,
        names: [
          ["id", "name"],
          ["name", "id"],
        ],
      },
      ["name: int32!", "id: string", "born: date", "flag: bool!"],
    ],
    ["keep", { kind: "keep", input: left, columns: ["flag", "id"] }, ["flag: bool!", "id: int32!"]],
    ["drop", { kind: "drop", input: left, columns: ["flag", "id"] }, ["name: string", "born: date"]],
    [
      "dropNulls",
      { kind: "dropNulls", input: left, columns: ["born"] },
      ["id: int32!", "name: string", "born: date!", "flag: bool!"],
    ],
    [
      "inner join",
      join("inner"),
      ["id: int32!", "name: string", "born: date", "flag: bool!", "amount: decimal(10,2)!", "name_r: string!"],
    ],
    [
      "left join",
      join("left"),
      ["id: int32!", "name: string", "born: date", "flag: bool!", "amount: decimal(10,2)", "name_r: string"],
    ],
    [
      "right join",
      join("right"),
      ["id: int64", "name: string", "born: date", "flag: bool", "amount: decimal(10,2)!", "name_r: string!"],
    ],
    [
      "full join",
      join("full"),
      ["id: int64", "name: string", "born: date", "flag: bool", "amount: decimal(10,2)", "name_r: string"],
    ],
    ["semi join", join("semi", { using: ["id"] }), shown(left)],
    ["anti join", join("anti", { using: ["id"] }), shown(left)],
    ["cross join", join("cross", { select: [["n", col("name", "right")]] }), ["n: string!"]],
    [
      "left join on",
      join("left", {
        on: call("eq", col("id", "left"), col("id", "right")),
        select: [
          ["a", col("amount", "right")],
          ["i", col("id", "left")],
        ],
      }),
      ["a: decimal(10,2)", "i: int32!"],
    ],
    [
      "union",
      { kind: "union", inputs: [left, scan("other")] },
      ["id: int64", "name: string", "born: date", "flag: bool"],
    ],
    ["distinct", { kind: "distinct", input: left }, shown(left)],
    [
      "aggregate",
      {
        kind: "aggregate",
        input: left,
        by: ["flag"],
        columns: [
          ["n", call("count")],
          ["most", call("max", col("id"))],
        ],
      },
      ["flag: bool!", "n: int64!", "most: int32"],
    ],
    ["sort", { kind: "sort", input: left, by: [{ expression: col("born") }] }, shown(left)],
    ["limit", { kind: "limit", input: left, count: 1 }, shown(left)],
    ["deduplicate", { kind: "deduplicate", input: left, key: ["id"], keep: "last", by: [] }, shown(left)],
    [
      "sql",
      {
        kind: "sql",
        engine: "duckdb",
        texts: ["select 1 as n"],
        inputs: [],
        columns: [{ name: "n", type: "int32", nullable: true }],
      },
      ["n: int32"],
    ],
  ])("%s", (_, relation, rows) => {
    expect(shown(relation)).toEqual(rows);
  });
});

describe("the type of an expression", () => {
  it.each<[string, Expression, string]>([
    ["a literal takes the type it meets", call("eq", col("id"), number("1")), "bool!"],
    ["text beside a date is a date", call("gt", col("born"), text("2024-01-31")), "bool"],
    ["whole and broken numbers", call("plus", col("id"), number("1")), "int64!"],
    ["a parameter has a value", call("lt", parameter("day"), { kind: "constant", name: "today" }), "bool!"],
    ["a parameter whose default is null", call("lt", parameter("until"), parameter("day")), "bool"],
    ["a large number of a type", { kind: "cast", value: number("9223372036854775808"), type: "uint64" }, "uint64!"],
    ["now", { kind: "constant", name: "now" }, "timestamptz!"],
    ["case without else", when(col("flag"), text("x")), "string"],
    ["case with else", when(col("flag"), text("x"), text("y")), "string!"],
    ["case over null", when(col("flag"), nothing, number("1")), "int64"],
    ["case takes the type of what is computed", when(col("flag"), col("id"), number("0")), "int32!"],
    ["cast", { kind: "cast", value: col("id"), type: "string" }, "string!"],
    ["safe cast", { kind: "cast", value: col("id"), type: "int8", safe: true }, "int8"],
    ["cast of null", { kind: "cast", value: nothing, type: "date" }, "date"],
    ["orElse", call("orElse", col("name"), text("")), "string!"],
  ])("%s", (_, expression, type) => {
    expect(shown(select(expression))).toEqual([`v: ${type}`]);
  });
});

describe("what is refused", () => {
  const path = (end: string): string => `steps.s.query.${end}`;
  it.each<[string, Relation, string, string, string | undefined]>([
    [
      "an order by what has none",
      {
        kind: "aggregate",
        input: left,
        by: [],
        columns: [
          [
            "v",
            {
              kind: "call",
              name: "arrayAgg",
              arguments: [col("name")],
              order: [{ expression: call("listOf", col("id")) }],
            },
          ],
        ],
      },
      path("aggregate"),
      "arrayAgg cannot be ordered by a value of type list<int32>",
      "order it by a part that is text, a number or a time",
    ],
    [
      "the name of a table before a column",
      select(call("field", col("crashes"), text("name"))),
      path("select"),
      'there is no column "crashes" that could have a field "name"',
      "columns have no table here: write name",
    ],
    [
      "an unknown column",
      { kind: "keep", input: left, columns: ["naem"] },
      path("keep"),
      'there is no column "naem"',
      'did you mean "name"?',
    ],
    [
      "a name in another case",
      { kind: "keep", input: left, columns: ["Name"] },
      path("keep"),
      'there is no column "Name"',
      'did you mean "name"?',
    ],
    [
      "an unknown column of a side",
      join("inner", { on: call("eq", col("id", "left"), col("idd", "right")) }),
      path("join"),
      'there is no column "idd" on the right side',
      'did you mean "id"?',
    ],
    [
      "a key that one side lacks",
      join("inner", { using: ["born"] }),
      path("join"),
      'there is no column "born" on the right side of the join',
      expect.any(String) as unknown as string,
    ],
    [
      "keys of two kinds",
      {
        kind: "join",
        left,
        right: { kind: "select", input: left, columns: [["id", col("name")]] },
        how: "inner",
        using: ["id"],
      },
      path("join"),
      'the join key "id" is int32 on the left and string on the right',
      "cast one of them before the join",
    ],
    [
      "a union of int64 and uint64",
      {
        kind: "union",
        inputs: ["int64", "uint64"].map((type) => values([{ name: "key", type, nullable: false }])),
      },
      path("union"),
      'the column "key" of a union is int64 and uint64',
      "cast it to one type in each input",
    ],
    [
      "a number beyond int64",
      select(number("9223372036854775808")),
      path("select"),
      "9223372036854775808 does not fit int64, the type of a whole number alone",
      'say its type: cast(9223372036854775808 as decimal(38,0)), in TypeScript literal(9223372036854775808n, "decimal(38,0)")',
    ],
    [
      "a call over a number beyond int64",
      select(call("abs", number("-9223372036854775809"))),
      path("select"),
      "-9223372036854775809 does not fit int64, the type of a whole number alone",
      undefined,
    ],
    [
      "a comparison with null",
      { kind: "filter", input: left, condition: call("eq", col("name"), nothing) },
      path("filter"),
      "name = null is never true: nothing is known to compare with null",
      "write name is null",
    ],
    [
      "a difference from null, inside",
      select(call("and", col("flag"), call("ne", nothing, call("plus", col("id"), number("1"))))),
      path("select"),
      "null <> id + 1 is never true: nothing is known to compare with null",
      "write id + 1 is not null",
    ],
    [
      "a constant as a sort key",
      { kind: "sort", input: left, by: [{ expression: text("name") }] },
      path("sort"),
      "a sort key must depend on a column: a constant puts no row before another",
      "the name of a column stands without quotes: name",
    ],
    [
      "names on both sides",
      join("inner", { using: ["id"] }),
      path("join"),
      'both sides of a join have the columns "name"',
      "give suffix (put behind the right names) or select (exactly these columns)",
    ],
    [
      "a suffix that meets another name",
      {
        kind: "join",
        left: { kind: "derive", input: left, columns: [["name_r", text("")]] },
        right: scan("right"),
        how: "inner",
        using: ["id"],
        suffix: "_r",
      },
      path("join"),
      'the column "name_r" stands twice',
      "rename or drop one of them",
    ],
    [
      "names that differ by case",
      { kind: "derive", input: left, columns: [["NAME", col("id")]] },
      path("derive"),
      'the columns "name" and "NAME" differ only by case, which engines ignore',
      "rename or drop one of them",
    ],
    [
      "a union of int64 and float64",
      {
        kind: "union",
        inputs: ["int64", "float64"].map((type) => values([{ name: "key", type, nullable: false }])),
      },
      path("union"),
      'the column "key" of a union is int64 and float64: a float64 would round values of int64',
      'cast it to "float64" where rounding is no matter, or the other to "decimal(38,6)" or "string" where every digit counts',
    ],
    [
      "unions that lack a column",
      { kind: "union", inputs: [left, { kind: "rename", input: left, names: [["born", "borne"]] }] },
      path("union"),
      'input 2 of a union lacks "born" and has "borne", which the first has not',
      'rename "borne" to "born"',
    ],
    [
      "unions of two kinds",
      { kind: "union", inputs: [left, { kind: "derive", input: left, columns: [["name", col("id")]] }] },
      path("union"),
      'the column "name" of a union is string and int32',
      "cast it to one type in each input",
    ],
    [
      "a filter that is no condition",
      { kind: "filter", input: left, condition: col("name") },
      path("filter"),
      "a filter has to be true or false, but it is string",
      "compare it with something, for example isNotNull",
    ],
    [
      "a second filter, by its number",
      { kind: "filter", input: { kind: "filter", input: left, condition: col("flag") }, condition: col("nme") },
      path("filter[2]"),
      'there is no column "nme"',
      'did you mean "name"?',
    ],
    [
      "a null without a type",
      select(nothing),
      path("select"),
      "null has no type of its own here",
      "say which: cast(null as string)",
    ],
    [
      "results of two kinds",
      select(when(col("flag"), col("id"), text("x"))),
      path("select"),
      "the results of a case are of different kinds: int32 and string",
      "cast them to one type",
    ],
    [
      "a cast that cannot be",
      select({ kind: "cast", value: col("born"), type: "int64" }),
      path("select"),
      "date cannot be cast to int64",
      "date can become timestamp, timestamptz, text",
    ],
    [
      "a text that is no date",
      select(call("eq", col("born"), text("31.01.2024"))),
      path("select"),
      "the text '31.01.2024' is not a date (write it as 2024-01-31), and it meets a value of type date",
      undefined,
    ],
    [
      "an unknown parameter",
      select({ kind: "parameter", name: "dya" }),
      path("select"),
      'the pipeline declares no parameter "dya"',
      'did you mean "day"?',
    ],
    [
      "dropping all",
      { kind: "drop", input: left, columns: ["id", "name", "born", "flag"] },
      path("drop"),
      "drop leaves no columns",
      undefined,
    ],
  ])("%s", (_, relation, at, message, hint) => {
    expect(() => schemaOf(relation, request)).toThrow(
      expect.objectContaining({
        message,
        at: { file: "", path: at },
        code: "config",
        ...(hint === undefined ? {} : { hint }),
      }),
    );
  });
});

it("infers a thousand operations on each other, and two thousand columns, at once", () => {
  let deep: Relation = left;
  for (let count = 0; count < 1000; count++) deep = { kind: "filter", input: deep, condition: col("flag") };
  expect(shown(deep)).toEqual(shown(left));
  const names = Array.from({ length: 2000 }, (_, index) => `c${index}`);
  const wide: Relation = { kind: "select", input: left, columns: names.map((name) => [name, col("id")]) };
  expect(shown({ kind: "drop", input: wide, columns: names.slice(1) })).toEqual(["c0: int32!"]);
  expect(shown({ kind: "select", input: left, columns: columns("__proto__ = id", "constructor = name") })).toEqual([
    "__proto__: int32!",
    "constructor: string",
  ]);
});
