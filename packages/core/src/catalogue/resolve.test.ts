import { describe, expect, it } from "vitest";
import type { LiteralNode, LiteralType } from "../ir/expression.ts";
import {
  type CallArgument,
  catalogue,
  commonType,
  decimalTypeOf,
  renderCall,
  resolveCall,
  typeOfLiteral,
} from "./index.ts";

const col = (type: string, nullable: boolean = false): CallArgument => ({ type, nullable });
const lit = (type: LiteralType, value: string | boolean | null): CallArgument => {
  const literal: LiteralNode = { kind: "literal", type, value };
  return { type: typeOfLiteral(literal) ?? "string", nullable: value === null, literal };
};
const number = (text: string): CallArgument => lit("number", text);
const text = (value: string): CallArgument => lit("string", value);

describe("resolveCall", () => {
  it.each<[string, CallArgument[], string, boolean, string[]]>([
    ["length", [col("string", true)], "int64", true, ["string"]],
    ["eq", [col("int32"), number("5")], "bool", false, ["int32", "int32"]],
    ["eq", [col("int32"), number("3000000000")], "bool", false, ["int32", "int64"]],
    ["eq", [number("5"), col("uint8", true)], "bool", true, ["uint8", "uint8"]],
    ["eq", [col("timestamp"), text("2024-01-31")], "bool", false, ["timestamp", "timestamp"]],
    ["eq", [col("decimal(10,2)"), text("12.305")], "bool", false, ["decimal(10,2)", "decimal(5,3)"]],
    ["eq", [col("enum('a')"), text("b")], "bool", false, ["enum('a')", "string"]],
    ["lt", [col("float32"), number("1.1")], "bool", false, ["float32", "float32"]],
    ["lt", [col("int32"), col("decimal(5,2)")], "bool", false, ["int32", "decimal(5,2)"]],
    ["isDistinctFrom", [col("string", true), lit("null", null)], "bool", false, ["string", "string"]],
    ["in", [col("string", true), text("a"), text("b")], "bool", true, ["string", "string", "string"]],
    ["plus", [col("int8"), col("int32", true)], "int64", true, ["int64", "int64"]],
    ["plus", [col("decimal(10,2)"), col("decimal(5,4)")], "decimal(13,4)", false, ["decimal(10,2)", "decimal(5,4)"]],
    ["plus", [col("decimal(10,2)"), number("1.5")], "decimal(11,2)", false, ["decimal(10,2)", "decimal(2,1)"]],
    ["plus", [col("float32"), number("1")], "float64", false, ["float64", "float64"]],
    ["plus", [col("date"), col("interval")], "timestamp", false, ["date", "interval"]],
    ["times", [col("decimal(10,2)"), col("decimal(5,4)")], "decimal(15,6)", false, ["decimal(10,2)", "decimal(5,4)"]],
    ["div", [col("int64"), number("2")], "float64", true, ["float64", "float64"]],
    ["round", [col("decimal(3,2)"), number("1")], "decimal(4,2)", false, ["decimal(4,2)", "int64"]],
    ["sum", [col("decimal(10,2)")], "decimal(38,2)", true, ["decimal(10,2)"]],
    ["sum", [col("int8")], "int64", true, ["int8"]],
    ["avg", [col("int8")], "float64", true, ["int8"]],
    ["count", [], "int64", false, []],
    ["orElse", [col("int32", true), number("0")], "int32", false, ["int32", "int32"]],
    ["orElse", [col("int8", true), col("int32", true)], "int32", true, ["int32", "int32"]],
    ["truncate", [text("month"), col("timestamptz")], "timestamptz", false, ["string", "timestamptz"]],
    ["dateDiff", [text("day"), col("date"), text("2024-01-01")], "int64", false, ["string", "date", "date"]],
    ["and", [col("bool"), col("bool", true), lit("bool", true)], "bool", true, ["bool", "bool", "bool"]],
    ["substring", [col("string"), number("2")], "string", false, ["string", "int64"]],
    ["round", [number("2.345"), number("1")], "float64", false, ["float64", "int64"]],
    ["at", [col("list<int32>"), number("-1")], "int32", true, ["list<int32>", "int64"]],
    ["at", [col("map<string,date>"), text("k")], "date", true, ["map<string,date>", "string"]],
    ["contains", [col("list<int8>"), number("5")], "bool", false, ["list<int8>", "int8"]],
    ["append", [col("list<int64>"), col("int8")], "list<int64>", true, ["list<int64>", "int64"]],
    ["append", [col("list<date>"), text("2024-01-31")], "list<date>", true, ["list<date>", "date"]],
    ["listOf", [col("int8"), number("300"), lit("null", null)], "list<int64>", false, ["int64", "int64", "int64"]],
    ["listOf", [lit("null", null), number("1")], "list<int64>", false, ["int64", "int64"]],
    ["sumItems", [col("list<decimal(5,2)>")], "decimal(38,2)", true, ["list<decimal(5,2)>"]],
    ["flatten", [col("list<list<uuid>>")], "list<uuid>", true, ["list<list<uuid>>"]],
    ["mapOf", [col("list<string>"), col("list<date>")], "map<string,date>", false, ["list<string>", "list<date>"]],
    ["keys", [col("map<int8,date>", true)], "list<int8>", true, ["map<int8,date>"]],
    ["field", [col("struct{a: int8, B: date}"), text("b")], "date", true, ["struct{a: int8, B: date}", "string"]],
    ["structOf", [text("a b"), col("int8")], 'struct{"a b": int8}', false, ["string", "int8"]],
    ["hashKey", [col("int8", true), text("x"), number("1")], "string", false, ["string", "string", "string"]],
    ["quantile", [col("int8"), number("0.5")], "float64", true, ["float64", "float64"]],
    ["arrayAgg", [col("decimal(5,2)")], "list<decimal(5,2)>", true, ["decimal(5,2)"]],
    ["histogram", [col("bool")], "map<bool,int64>", true, ["bool"]],
    ["orElse", [lit("null", null), number("1")], "int64", false, ["int64", "int64"]],
  ])("%s %j gives %s", (name, args, type, nullable, types) => {
    expect(resolveCall(name, args)).toMatchObject({ type, nullable, arguments: types });
  });

  it.each<[string, CallArgument[], string, string | undefined]>([
    ["lowr", [], 'no function is named "lowr"', 'did you mean "lower"?'],
    ["constructor", [], 'no function is named "constructor"', undefined],
    ["lower", [col("float64")], "lower takes text, not float64", "it is lower(self: text) -> string"],
    ["hour", [col("string")], "hour takes time, timestamp or timestamptz, not string", undefined],
    ["substring", [col("string")], "substring takes 2 or 3 arguments, not 1", undefined],
    ["in", [col("string")], "in takes 2 arguments or more, not 1", undefined],
    ["eq", [col("timestamp"), col("int64")], "eq takes values of one kind, not timestamp and int64", undefined],
    [
      "eq",
      [col("int64"), number("1.5")],
      "1.5 is not a whole number, and it meets a value of type int64",
      "compute with floats: cast(x as double), in TypeScript .toFloat() behind the column",
    ],
    [
      "gt",
      [col("date"), text("31.01.2024")],
      "the text '31.01.2024' is not a date (write it as 2024-01-31), and it meets a value of type date",
      undefined,
    ],
    [
      "gt",
      [col("date"), text("2023-02-29")],
      "the text '2023-02-29' is not a date (write it as 2024-01-31), and it meets a value of type date",
      undefined,
    ],
    ["eq", [col("string"), number("5")], "eq takes values of one kind, not string and 5", "write it as text: '5'"],
    [
      "eq",
      [col("int64"), text("5")],
      "eq takes values of one kind, not int64 and the text '5'",
      "write the number without quotes: 5",
    ],
    ["truncate", [text("mont"), col("date")], "truncate knows no unit the text 'mont'", 'did you mean "month"?'],
    [
      "truncate",
      [col("string"), col("date")],
      "truncate takes a constant as its unit, not a computed value",
      undefined,
    ],
    ["plus", [col("string"), number("1")], "plus takes number, date, timestamp or timestamptz, not string", undefined],
    ["orElse", [col("string"), col("int64")], "orElse takes values of one kind, not string and int64", undefined],
    ["at", [col("string"), number("1")], "at takes list or map, not string", undefined],
    [
      "append",
      [col("list<int8>"), col("int64")],
      "append takes values of type int8 as its item, not int64",
      'cast it: .cast("int8")',
    ],
    ["contains", [col("list<int8>"), number("300")], "300 does not fit int8, the type of each item", undefined],
    [
      "joinItems",
      [col("list<int8>"), text(",")],
      "joinItems takes a list of text, not list<int8>",
      "it is joinItems(self: list<text>, separator: literal) -> string",
    ],
    [
      "joinItems",
      [col("list<string>"), col("string")],
      "joinItems takes a constant as its separator, not a computed value",
      undefined,
    ],
    [
      "listOf",
      [number("1"), text("a")],
      "listOf takes values of one kind, not int64 and string: no type holds all of both",
      undefined,
    ],
    [
      "orElse",
      [col("float64"), col("int64")],
      "orElse takes values of one kind, not float64 and int64: a float64 would round values of int64",
      'cast it to "float64" where rounding is no matter, or the other to "decimal(38,6)" or "string" where every digit counts',
    ],
    [
      "field",
      [col("struct{city: string}"), text("cty")],
      'field finds no "cty" in struct{city: string}',
      'did you mean "city"?',
    ],
    [
      "structOf",
      [text("a"), number("1"), text("A"), number("2")],
      'structOf was given two fields named "A"',
      "name each once",
    ],
    ["structOf", [text("a")], 'structOf takes names and values in turn, and "a" has no value', undefined],
    [
      "jsonText",
      [col("json"), text("a.b")],
      "jsonText takes a path that begins with $, not 'a.b'",
      'a path is written $.name, $."a name", $.list[0]; in quotes \\" is a quote and \\\\ a backslash',
    ],
    [
      "jsonText",
      [col("json"), text("$.a[*]")],
      "jsonText does not understand the path '$.a[*]' from character 4 on",
      undefined,
    ],
    ["atZone", [text("Mars/Phobos"), col("timestamp")], "atZone knows no time zone 'Mars/Phobos'", undefined],
    ["atZone", [text("+02:00"), col("timestamp")], "atZone knows no time zone '+02:00'", undefined],
    ["quantile", [col("int8"), number("50")], "quantile takes a fraction from 0 to 1, not 50", undefined],
    [
      "hashKey",
      [col("float64")],
      "hashKey takes text, int, decimal, bool, date, time, timestamp or uuid as its values, not float64",
      undefined,
    ],
    [
      "matches",
      [col("string"), text("a(?=b)")],
      "matches takes no regular expression that looks ahead or behind: 'a(?=b)'",
      "match the whole text and take a group of it",
    ],
    [
      "matches",
      [col("string"), text("\\w+")],
      "matches takes no regular expression that uses \\w: '\\w+'",
      "write [A-Za-z0-9_]",
    ],
    [
      "times",
      [col("decimal(38,20)"), col("decimal(38,20)")],
      "times gives more than 38 decimal places for decimal(38,20) and decimal(38,20)",
      "cast one of them",
    ],
  ])("%s %j is refused: %s", (name, args, message, hint) => {
    expect(() => resolveCall(name, args)).toThrow(
      expect.objectContaining({ code: "config", message, ...(hint === undefined ? {} : { hint }) }),
    );
  });

  it("refuses what is far too large without hanging", () => {
    expect(() => resolveCall("eq", [col("int64"), number("1e9999")])).toThrow("1e9999 does not fit int64");
    expect(decimalTypeOf("1e-7")).toBe("decimal(7,7)");
    expect(decimalTypeOf("1e9999")).toBeUndefined();
  });
});

describe("commonType", () => {
  it.each([
    [["int32", "uint32"], "int64"],
    [["uint64", "int8"], undefined],
    [["decimal(5,2)", "int16"], "decimal(7,2)"],
    [["float32", "int8"], "float64"],
    [["list<int8>", "list<int16>"], "list<int16>"],
    [["enum('a')", "string"], "string"],
    [["string", "int8"], undefined],
    [["date", "timestamp"], undefined],
  ])("%j is %s", (types, common) => {
    expect(commonType(types)).toBe(common);
  });
});

describe("renderCall", () => {
  it.each([
    ["$1 + $2", ["a", "b"], "a + b"],
    ["$1 in ($2*)", ["a", "b", "c"], "a in (b, c)"],
    ["$*[ and ]", ["a", "b", "c"], "a and b and c"],
    ["f($1{, $2})", ["a"], "f(a)"],
    ["f($1{, $2})", ["$9", "{$7}"], "f($9, {$7})"],
  ])("%s with %j is %s", (template, args, result) => {
    expect(renderCall(template, args)).toBe(result);
  });
});

it("holds more than 120 functions besides operators, each in one text form of its own", () => {
  const forms = Object.values(catalogue).map((entry) => JSON.stringify(entry.text));
  const shared = forms.filter((form, index) => forms.indexOf(form) !== index);
  expect(shared).toEqual(['{"special":"in"}']);
  expect(Object.values(catalogue).filter((entry) => "function" in entry.text).length).toBeGreaterThanOrEqual(120);
});
