import { describe, expect, it } from "vitest";
import { unitedNames, widerType } from "./wider-type.ts";

describe("widerType", () => {
  it.each([
    ["int32", "int64", "int64"],
    ["int64", "int32", "int64"],
    ["int64", "float64", "float64"],
    ["float64", "int64", "float64"],
    ["decimal(6,2)", "decimal(12,2)", "decimal(12,2)"],
    ["int32", "decimal(12,2)", "decimal(12,2)"],
    ["decimal(38,0)", "decimal(38,10)", undefined],
    ["uint64", "int64", undefined],
    ["int64", "string", undefined],
    ["int64", "date", undefined],
    ["list<int32>", "list<int64>", "list<int64>"],
    ["list<int32>", "list<date>", undefined],
    ["map<string,int32>", "map<string,int64>", "map<string,int64>"],
    ["struct{a: int32, b: string}", "struct{c: bool, a: int64}", "struct{a: int64, b: string, c: bool}"],
    ["struct{a: int32}", "struct{a: date}", undefined],
    ["list<struct{a: int64}>", "list<struct{a: int64, b: date}>", "list<struct{a: int64, b: date}>"],
  ])("of %s and %s", (frozen, found, wider) => {
    expect(widerType(frozen, found)?.replaceAll(" ", "")).toBe(wider?.replaceAll(" ", ""));
  });
});

describe("unitedNames", () => {
  it("puts each behind the one before it", () => {
    expect(unitedNames(["a", "b", "c"], ["x", "a", "c", "y", "z"])).toEqual(["x", "a", "b", "c", "y", "z"]);
    expect(unitedNames(["a", "b"], ["b", "n", "a"])).toEqual(["a", "b", "n"]);
  });
});
