import { isTypeText } from "@sluice/core";
import { describe, expect, it } from "vitest";
import { affinityOf, binderOf, declaredType, misfitOf } from "./types.ts";

const TYPES = [
  "bool",
  "int8",
  "int64",
  "uint32",
  "uint64",
  "float32",
  "float64",
  "decimal(10,2)",
  "string",
  "bytes",
  "date",
  "time",
  "timestamp",
  "timestamptz",
  "interval",
  "uuid",
  "json",
  "list<int64>",
  "struct{a: int64}",
  "map<string,int64>",
  "enum('a', 'b')",
] as const;

describe("types", () => {
  it.each(TYPES)("a %s survives in the column that is declared for it", (type) => {
    expect(isTypeText(type)).toBe(true);
    expect(misfitOf(type, declaredType(type))).toBeUndefined();
  });

  // The examples of https://www.sqlite.org/datatype3.html, section 3.1.1, and what surprises people.
  it.each([
    ["BIGINT", "INTEGER"],
    ["FLOATING POINT", "INTEGER"],
    ["NVARCHAR(160)", "TEXT"],
    ["CHARINT", "INTEGER"],
    ["TEXT DECIMAL(10,2)", "TEXT"],
    ["", "BLOB"],
    ["double precision", "REAL"],
    ["DECIMAL(10,5)", "NUMERIC"],
    ["STRING", "NUMERIC"],
    ["TIMESTAMPTZ", "NUMERIC"],
  ])("a column declared %j has affinity %s", (declared, affinity) => {
    expect(affinityOf(declared)).toBe(affinity);
  });

  it.each([
    ["decimal(10,2)", "NUMERIC(10,2)"],
    ["string", "STRING"],
    ["int64", "TEXT"],
    ["float64", "INTEGER"],
    ["date", "INTEGER"],
  ])("a %s is refused by a column declared %s", (type, declared) => {
    expect(misfitOf(type, declared)).toContain(declared);
  });

  it("NaN is refused, infinity is stored", () => {
    const bind = binderOf("share", "float64");
    expect(bind?.(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    expect(bind?.("-inf")).toBe(Number.NEGATIVE_INFINITY);
    expect(() => bind?.(Number.NaN)).toThrow('column "share" holds NaN, which SQLite would store as null');
  });

  it("booleans, which would end the process, are bound as numbers", () => {
    const bind = binderOf("flag", "bool");
    expect([true, false, null].map((cell) => bind?.(cell))).toEqual([1, 0, null]);
  });
});
