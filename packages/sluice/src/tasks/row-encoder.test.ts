import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Column } from "@sluice/core";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { readBatches } from "./read-rows.ts";
import { createRowEncoder, problemText } from "./row-encoder.ts";

const folder = mkdtempSync(join(tmpdir(), "sluice-rows-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const column = (type: string): Column => ({ name: "x", type: type.replace(/\?$/, ""), nullable: type.endsWith("?") });

/** What becomes of a value: its field, or the sentence that refuses it. */
function encoded(type: string, value: unknown): string {
  const line = createRowEncoder([column(type), { name: "y", type: "int64", nullable: true }])({ x: value, y: null });
  return typeof line === "string" ? line.replace(/,\n$/, "") : problemText(line);
}

describe("values of an output", () => {
  it.each<[string, unknown, string]>([
    ["int64", 1, "1"],
    ["int64", -0, "0"],
    ["int64", 2n ** 63n - 1n, "9223372036854775807"],
    ["int64", 1.7, '1.7 in column "x" is not an int64'],
    ["int64", true, 'true in column "x" is a boolean, not an int64'],
    ["int64", "1", '"1" in column "x" is text, not an int64'],
    ["int64", 2 ** 53, '9007199254740992 in column "x" is beyond what a number holds exactly: give it as a bigint'],
    ["int64", 2n ** 63n, '9223372036854775808n in column "x" is out of range for int64'],
    ["int64", Number.NaN, 'NaN in column "x" is not an int64'],
    ["int8", 128, '128 in column "x" is out of range for int8'],
    ["uint8", -1, '-1 in column "x" is out of range for uint8'],
    ["uint64", 2n ** 64n - 1n, "18446744073709551615"],
    ["uint64", -1, '-1 in column "x" is out of range for uint64'],
    ["float64", 1.5, "1.5"],
    ["float64", -0, "-0"],
    ["float64", Number.POSITIVE_INFINITY, "inf"],
    ["float64", Number.NaN, "nan"],
    ["float64", 1n, '1n in column "x" is a bigint, not a float64'],
    ["float32", 1e39, '1e+39 in column "x" is out of range for float32'],
    ["bool", false, "false"],
    ["bool", 0, '0 in column "x" is a number, not bool'],
    ["string", "a", "a"],
    ["string", "", '""'],
    ["string", 'a"b,c\nd', '"a""b,c\nd"'],
    ["string", " a", '" a"'],
    ["string", 1, '1 in column "x" is a number, not text'],
    ["string", "\ud800", '"\\ud800" in column "x" holds half of a surrogate pair'],
    ["string", "a\0", '"a\\u0000" in column "x" holds a NUL'],
    ["decimal(5,2)", "12.30", "12.30"],
    ["decimal(5,2)", 12.3, "12.3"],
    ["decimal(5,2)", 5n, "5"],
    ["decimal(5,2)", 0.1 + 0.2, '0.30000000000000004 in column "x" has more than 2 decimal places'],
    ["decimal(5,2)", "", '"" in column "x" is not a decimal(5,2)'],
    ["date", "2024-02-29", "2024-02-29"],
    ["date", "2023-02-29", '"2023-02-29" in column "x" is no day of the calendar'],
    ["time", "10:00:00", "10:00:00.0"],
    ["timestamp", "2024-01-31T10:00:00", "2024-01-31 10:00:00.0"],
    ["timestamp", "2024-01-31 10:00:00.5", "2024-01-31 10:00:00.5"],
    ["timestamp", "2024-01-31T10:00:00Z", '"2024-01-31T10:00:00Z" in column "x" has an offset'],
    ["timestamptz", new Date(0), "1970-01-01 00:00:00.000+00:00"],
    ["timestamptz", "2024-01-31 10:00:00+02", "2024-01-31 10:00:00.0+02"],
    ["timestamptz", "2024-01-31 10:00:00", '"2024-01-31 10:00:00" in column "x" does not fit %Y-%m-%d %H:%M:%S.%f%z'],
    ["timestamptz", new Date(Number.NaN), 'null in column "x" is an object, not text of a timestamptz'],
    ["uuid", "x", '"x" in column "x" is not a uuid'],
    ["json", { a: [1, null] }, '"{""a"":[1,null]}"'],
    ["json", "[1]", "[1]"],
    ["json", "{", '"{" in column "x" is not JSON'],
    ["json", 1, '1 in column "x" is a number, not JSON text or an object'],
    ["string?", null, ""],
    ["string", null, 'column "x" is null'],
    ["string?", undefined, 'column "x" is missing'],
  ])("%s %o", (type, value, expected) => {
    expect(encoded(type, value)).toBe(expected);
  });
});

describe("rows of an output", () => {
  const encode = createRowEncoder([column("int64"), { name: "__proto__", type: "string", nullable: true }]);
  const said = (row: unknown): string => {
    const line = encode(row);
    return typeof line === "string" ? line : problemText(line);
  };
  class Made {
    readonly x = 1;
    get y(): number {
      return 2;
    }
  }

  it.each<[unknown, string]>([
    [Object.assign(Object.create(null), { x: 1 }), 'column "__proto__" is missing'],
    [JSON.parse('{"x":1,"__proto__":"p"}'), "1,p\n"],
    [{ x: 1, ["__proto__"]: "p", z: 3 }, '"z" is no column of the output'],
    [Object.setPrototypeOf({ x: 1 }, { z: 1 }), 'column "__proto__" was set, which JavaScript takes for no column'],
    [[1], "[1] is no object of columns"],
    [null, "null is no object of columns"],
    ["x", '"x" is no object of columns'],
    [new Made(), 'column "__proto__" is missing'],
    [{}, 'column "x" is missing'],
  ])("%o", (row, expected) => {
    expect(said(row)).toBe(expected);
  });
});

describe("what is written is read back", () => {
  const columns: readonly Column[] = [
    { name: "text", type: "string", nullable: true },
    { name: "int", type: "int64", nullable: true },
    { name: "float", type: "float64", nullable: true },
    { name: "flag", type: "bool", nullable: true },
  ];
  const text = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("", '"', ",", "\n", "\r\n", '","', " "));
  const rows = fc.array(
    fc.record({
      text: fc.option(text.map((one) => one.replace(/[\0\p{Surrogate}]/gu, "x"))),
      int: fc.option(fc.maxSafeInteger()),
      float: fc.option(fc.double()),
      flag: fc.option(fc.boolean()),
    }),
    { minLength: 1, maxLength: 30 },
  );

  it("over any text, number and boolean", () => {
    const file = join(folder, "rows.csv");
    fc.assert(
      fc.property(rows, (written) => {
        const encode = createRowEncoder(columns);
        writeFileSync(file, written.map((row) => encode(row)).join(""));
        const read = [...readBatches(file, columns, { bigint: false, input: "rows" })].flat();
        expect(read.map((row) => ({ ...row }))).toEqual(
          written.map((row) => ({ ...row, int: row.int === 0 ? 0 : row.int })),
        );
        expect(read.every((row) => Object.getPrototypeOf(row) === null)).toBe(true);
      }),
      { numRuns: 200 },
    );
    expect(readFileSync(file, "utf8")).not.toBe("");
  });

  it("refuses an integer that no number holds, unless bigints are asked for", () => {
    const file = join(folder, "big.csv");
    writeFileSync(file, "9007199254740993\n\n");
    const read = (bigint: boolean): unknown =>
      [...readBatches(file, [column("int64?")], { bigint, input: "rows" })].flat().map((row) => row.x);
    expect(() => read(false)).toThrow('9007199254740993 in column "x" of the input "rows" is beyond');
    expect(read(true)).toEqual([9007199254740993n, null]);
  });
});

describe("nested columns", () => {
  const nested = "struct{tags: list<string>, at: timestamptz, price: decimal(10,2), big: int64}";
  const line = (type: string, value: unknown): string => {
    const written = createRowEncoder([column(type)])({ x: value });
    return typeof written === "string" ? written.trimEnd() : problemText(written);
  };
  it.each<[string, unknown, string]>([
    ["list<int64>", [1, null, 2n ** 60n], '{"x":[1,null,1152921504606846976]}'],
    ["list<int64>", [], '{"x":[]}'],
    ["list<int64>", [1.7], '1.7 in column "x[]" is not an int64'],
    ["list<int64>", [1, true], 'true in column "x[]" is a boolean, not an int64'],
    ["list<int64>", { 0: 1 }, '{"0":1} in column "x" is an object, not an array'],
    ["list<float64>", [Number.NaN], 'NaN in column "x[]" is not finite, and beside nested columns has to be'],
    ["list<list<string>>", [["a\nb"], null, [""]], '{"x":[["a\\nb"],null,[""]]}'],
    [
      nested,
      { big: 5, price: "1.50", at: new Date(0), tags: ["a"] },
      '{"x":{"tags":["a"],"at":"1970-01-01 00:00:00.000+00:00","price":"1.50","big":5}}',
    ],
    [
      nested,
      { big: 2 ** 53, price: null, at: null, tags: null },
      expect.stringContaining('column "x.big" is beyond what'),
    ],
    [
      nested,
      { big: 1, price: 1.234, at: null, tags: null },
      '1.234 in column "x.price" has more than 2 decimal places',
    ],
    [nested, { big: 1, price: null, at: null }, 'column "x.tags" is missing'],
    [nested, { big: 1, price: null, at: null, tags: [], more: 1 }, '1 in column "x.more" is no field of the struct'],
    [nested, { big: 1, price: null, at: null, tags: [1] }, '1 in column "x.tags[]" is a number, not text'],
    ["map<string,int64>", new Map([["a", 1n]]), '{"x":{"a":1}}'],
    ["map<string,int64>", { a: 1, b: null }, '{"x":{"a":1,"b":null}}'],
    ["map<string,int64>", new Map([[1, 1]]), '1 in column "x[]" is a number, not text as a key'],
    ["enum('a', 'b')", "c", '"c" in column "x" is text, not one of a, b'],
    ["list<json>", [{ a: 1 }, "[1,\n2]"], '{"x":[{"a":1},[1, 2]]}'],
  ])("%s: %#", (type, value, text) => {
    expect(line(type, value)).toEqual(text);
  });
});
