import { describe, expect, it } from "vitest";
import type { PrimitiveType } from "../format/model.ts";
import { hashValue } from "./hash.ts";
import type { Value } from "./primitive.ts";
import { parseTransform, primitive } from "./short-forms.fixture.ts";
import { applyTransform, resultType, transformProblem } from "./transform.ts";
import { valueOfText } from "./value-of-text.ts";

const of = (text: string, type: string): Value => {
  const value = valueOfText(text, primitive(type));
  if (value === undefined) throw new Error(`${text} is no ${type}`);
  return value;
};
const apply = (transform: string, text: string, type: string): Value | null =>
  applyTransform(parseTransform(transform), of(text, type), primitive(type));

describe("hashValue", () => {
  it.each([
    ["34", "int", 2017239379],
    ["34", "long", 2017239379],
    ["14.20", "decimal(9, 2)", -500754589],
    ["2017-11-16", "date", -653330422],
    ["22:31:08", "time", -662762989],
    ["2017-11-16T22:31:08", "timestamp", -2047944441],
    ["2017-11-16T14:31:08-08:00", "timestamptz", -2047944441],
    ["iceberg", "string", 1210000089],
    ["f79c3e09-677c-4bbd-a479-3f349cb785e7", "uuid", 1488055340],
    ["00010203", "fixed[4]", -188683207],
    ["00010203", "binary", -188683207],
  ])("hashes %s as %s as the specification's appendix B says", (text, type, hash) => {
    expect(hashValue(of(text, type), primitive(type))).toBe(hash);
  });

  it("hashes texts of each length of the last block", () => {
    // By PyIceberg 0.12's own hash (mmh3).
    const hashes = ["", "a", "ab", "abc", "abcd", "é😀"].map((text) => hashValue(text, { kind: "string" }));
    expect(hashes).toEqual([0, 1009084850, -1681926305, -1277324294, 1139631978, -609850616]);
  });
});

describe("applyTransform", () => {
  it.each([
    ["year", "1969-12-31", "date", -1],
    ["month", "1969-12-31", "date", -1],
    ["day", "1969-12-31", "date", -1],
    ["year", "1970-01-01", "date", 0],
    ["month", "2017-12-01", "date", 575],
    ["month", "0001-01-01", "date", -23628],
    ["year", "1969-12-31T23:59:59.999999", "timestamp", -1],
    ["month", "1969-12-31T23:59:59.999999", "timestamp", -1],
    ["day", "1969-12-31T23:59:59.999999", "timestamp", -1],
    ["hour", "1969-12-31T23:59:59.999999", "timestamp", -1],
    ["hour", "2017-12-01T10:12:55.038194", "timestamptz", 420034],
    ["day", "2024-02-29T00:30:00+01:00", "timestamptz", 19781],
    ["truncate[10]", "1", "int", 0],
    ["truncate[10]", "-1", "long", -10n],
    ["truncate[1000]", "-9223372036854775001", "long", 9223372036854775616n],
    ["truncate[10]", "-2147483648", "int", 2147483646],
    ["truncate[50]", "10.65", "decimal(9, 2)", 1050n],
    ["truncate[50]", "-0.05", "decimal(9, 2)", -50n],
    ["truncate[3]", "iceberg", "string", "ice"],
    ["truncate[2]", "a😀b", "string", "a😀"],
    ["truncate[5]", "é", "string", "é"],
    ["bucket[16]", "34", "long", 3],
    ["void", "34", "long", null],
    ["identity", "34", "long", 34n],
  ])("%s of %s as %s", (transform, text, type, expected) => {
    expect(apply(transform, text, type)).toEqual(expected);
  });

  it("cuts bytes, and leaves nulls null", () => {
    expect(apply("truncate[1]", "0102", "binary")).toEqual(Uint8Array.of(1));
    expect(applyTransform(parseTransform("bucket[4]"), null, { kind: "long" })).toBeNull();
  });
});

describe("transforms", () => {
  it("knows the types of values, and which columns it takes", () => {
    const decimal: PrimitiveType = { kind: "decimal", precision: 9, scale: 2 };
    expect(resultType({ kind: "day" }, { kind: "timestamp" })).toEqual({ kind: "date" });
    expect(resultType({ kind: "truncate", width: 5 }, decimal)).toEqual(decimal);
    expect(resultType({ kind: "bucket", buckets: 5 }, decimal)).toEqual({ kind: "int" });
    expect(transformProblem({ kind: "hour" }, { kind: "date" })).toBe("is no timestamp");
    expect(transformProblem({ kind: "identity" }, { kind: "double" })).toMatch(/bucket/);
    expect(transformProblem({ kind: "bucket", buckets: 4 }, { kind: "uuid" })).toBeUndefined();
  });
});
