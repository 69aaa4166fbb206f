import { readInput } from "@sluice/conformance";
import { createDuckDbEngine } from "@sluice/duckdb";
import { describe, expect, it } from "vitest";
import { columnsOf, lookIn } from "./discover.fixture.ts";

const engine = createDuckDbEngine({ threads: 2 });
const { look } = lookIn({ engine, readInput });

it.each([
  ["0.1234567890123456789", "decimal(38,19)"],
  ["12345678901234567890.12", "decimal(38,2)"],
  ["-12345678901234567890123456789012345.123", "decimal(38,3)"],
  ["99999999999999999", "decimal(38,1)"],
  ["9223372036854775808", "decimal(38,1)"],
  ["9007199254740993", "decimal(38,1)"],
  ["-9007199254740993", "decimal(38,1)"],
  ["9007199254740993.0", "decimal(38,1)"],
  ["9007199254740994", "float64"],
  ["-999999999999999", "float64"],
  ["82.08887549117208", "float64"],
  ["0.008208887549117208", "float64"],
  ["1e300", "float64"],
])("freezes numbers that a float64 would round, such as %s, in a type that keeps them: %s", async (number, type) => {
  const found = await look(`a,b\n1,1.5\n2,${number}\n3,2\n`);
  expect(columnsOf(found)).toEqual(["a int64", `b ${type}`]);
  expect(found.warnings).toEqual([]);
});

it.each([
  ["0.12345678901234567890123456789012345678", "numbers of more than 17 digits"],
  ["9007199254740993\n2,1e5", "whole numbers of more than 15 digits"],
  ["12345678901234567890\n2,1e5", "whole numbers of more than 15 digits"],
])("leaves numbers text that neither a float64 nor a decimal keeps: %s", async (number, what) => {
  const found = await look(`a,b\n1,10.5\n2,${number}\n`);
  expect(columnsOf(found)).toEqual(["a int64", "b string"]);
  expect(found.warnings).toEqual([
    `"b" is string because it holds ${what}, which a float64 rounds, and no decimal holds all its values: declare its type`,
  ]);
});

it("takes the digits of numbers with marks as they are meant", async () => {
  const found = await look("a;b\n1;1,5\n2;1.234.567.890.123.456.789,125\n", { decimal: ",", thousands: "." });
  expect(columnsOf(found)).toEqual(["a int64", "b decimal(38,3)"]);
});

it.each([
  ["id,name", "1,a"],
  ['"id","name"', "x,a"],
])(
  "finds the header %s of files that were put together, and doubts what stands behind the second mark",
  async (header, row) => {
    const found = await look(`\ufeff${header}\n${row}\n2,b\n\ufeff${header}\n3,c\n`);
    expect(found.dialect?.header).toBe(true);
    expect(found.columns.map(({ name }) => name)).toEqual(["id", "name"]);
    expect(found.warnings).toContainEqual(
      expect.stringMatching(/^x\.csv: a byte order mark in line 4: were two files put together\?$/),
    );
  },
);

describe("types", () => {
  it.each<[string, string[], string]>([
    ["whole numbers", ["1", "-2", "9223372036854775807"], "int64"],
    ["whole numbers beyond int64", ["1", "9223372036854775808"], "decimal(38,0)"],
    ["whole numbers beyond 38 digits", ["1".repeat(39)], "string"],
    ["leading zeros", ["007", "10"], "string"],
    ["one zero", ["0", "10"], "int64"],
    ["a plus sign", ["+49123", "1"], "string"],
    ["fractions", ["1", "2.5", ".5", "1e5", "-0.1"], "float64"],
    ["a number beyond float64", ["1e999", "1.5"], "string"],
    ["true and false", ["true", "FALSE", "True"], "bool"],
    ["Y and N are text", ["Y", "N"], "string"],
    ["dates", ["2024-02-29", "2023-01-01"], "date %Y-%m-%d"],
    ["no day of the calendar", ["2024-02-30", "2024-01-01"], "string"],
    ["day first", ["13/02/2024", "01/02/2024"], "date %d/%m/%Y"],
    ["month first where only that fits", ["02/13/2024", "01/02/2024"], "date %m/%d/%Y"],
    ["unpadded", ["3/14/2024", "12/1/2024"], "date %-m/%-d/%Y"],
    ["names of months", ["Jan 1 2000", "Dec 31 2000"], "date %b %-d %Y"],
    ["eight digits are a number", ["20240229"], "int64"],
    ["milliseconds", ["2024-01-01T10:00:00.000"], "timestamp %Y-%m-%dT%H:%M:%S.%g"],
    [
      "milliseconds, then microseconds",
      ["2024-01-01 10:00:00.000", "2024-01-01 10:00:00.123456"],
      "timestamp %Y-%m-%d %H:%M:%S.%f",
    ],
    ["nanoseconds of zeros", ["2024-01-01 10:00:00.000000000"], "timestamp %Y-%m-%d %H:%M:%S.%n"],
    ["Z", ["2024-01-01T10:00:00Z"], "timestamptz %Y-%m-%dT%H:%M:%SZ"],
    ["offsets", ["2024-01-01 10:00:00+02:00", "2024-01-01 10:00:00-0500"], "timestamptz %Y-%m-%d %H:%M:%S%z"],
    ["some with an offset", ["2024-01-01 10:00:00+02:00", "2024-01-01 10:00:00"], "string"],
    ["half days", ["01/31/2024 09:05:00 PM"], "timestamp %m/%d/%Y %I:%M:%S %p"],
    ["times", ["9:05", "23:59"], "time %-H:%M"],
    ["uuid", ["5b7b2f6e-0c1d-4a8f-9d5b-2f3c4d5e6f70"], "uuid"],
    ["JSON is text", ['{"a":1}'], "string"],
    ["nothing", [""], "string"],
    ["blanks around", [" 1", "2 "], "int64 trimmed"],
    ["blanks around text", [" a", "b "], "string"],
    ["blanks around digits that are no number", [" 007", "012"], "string"],
    ["blanks for nothing", ["1.5", "  "], "float64 trimmed"],
    ["blanks only", [" ", "  "], "string"],
  ])("%s", async (_, values, expected) => {
    const quoted = values.map((value) => `1,"${value.replaceAll('"', '""')}"\n`);
    const found = await look(`k,v\n${quoted.join("")}`);
    expect(columnsOf(found)[1]).toBe(`v ${expected}`);
  });

  it("are decided by every value, however late", async () => {
    const found = await look(`a,b\n${"1,x\n".repeat(50_000)}1.5,x\n`);
    expect(columnsOf(found)).toEqual(["a float64", "b string"]);
  });

  it("are described", async () => {
    const { columns } = await look(`a,b,c,d\n${"41.5,,x,1\n".repeat(97)}${`,,${"long ".repeat(20)},2\n`.repeat(3)}`);
    expect(columns.map((column) => column.comment)).toEqual([
      'float64; 3 % null; like "41.5"',
      "string; all null",
      'string; like "x"',
      'int64; like "1"',
    ]);
  });

  it("where two layouts fit, the day comes first, with a warning that names both", async () => {
    const found = await look("k,day\n1,01/02/2024\n2,03/04/2024\n");
    expect(columnsOf(found)[1]).toBe("day date %d/%m/%Y");
    expect(found.warnings).toEqual([
      '"day" fits two layouts: every value can be read as %d/%m/%Y (day first, which was taken) and as %m/%d/%Y (month first), for example "01/02/2024": declare formats: { "day": "%m/%d/%Y" } if that is meant',
    ]);
    const declared = { types: new Map([["day", "date"]]), formats: new Map([["day", "%m/%d/%Y"]]) };
    const chosen = await look("k,day\n1,01/02/2024\n2,03/04/2024\n", {}, declared);
    expect(columnsOf(chosen)[1]).toBe("day date %m/%d/%Y");
    expect(chosen.warnings).toEqual([]);
  });

  it("are doubted where a few values, a word for nothing or blanks make text of them", async () => {
    const rows = (value: string, count: number): string => `1,${value}\n`.repeat(count);
    const doubts = async (content: string): Promise<readonly string[]> => (await look(`k,v\n${content}`)).warnings;
    expect(await doubts(rows("5", 99) + rows("1.7x", 1))).toEqual([
      '"v" is string because 1 of 100 values is no int64, the first "1.7x" in line 101: declare its type to reject them',
    ]);
    expect(await doubts(rows("5", 30) + rows("\ufeff2", 1))).toEqual([
      '"v" is string because 1 of 31 values is no int64, the first "\\ufeff2" in line 32: declare its type to reject them',
    ]);
    expect(await doubts(rows("2024-01-01", 30) + rows("soon", 1))).toEqual([
      '"v" is string because 1 of 31 values is no date, the first "soon" in line 32: declare its type to reject them',
    ]);
    expect(await doubts(rows("5", 20) + rows("NA", 30))).toEqual([
      expect.stringContaining('because of "NA" in 30 of 50 values'),
    ]);
    expect(await doubts(rows("x", 30) + rows("5", 30))).toEqual([]);
  });

  it("are doubted where few values are one short of another type", async () => {
    const doubts = async (...values: readonly string[]): Promise<readonly string[]> =>
      (await look(`k,v\n${values.map((value) => `1,${value}\n`).join("")}`)).warnings;
    expect(await doubts("10", "11", "x", "12")).toEqual([
      '"v" is string because 1 of 4 values is no int64, the first "x" in line 4: declare its type to reject them',
    ]);
    expect(await doubts("2024-01-01", "2024-01-02", "2024-01-03", "2024-13-01")).toEqual([
      '"v" is string because 1 of 4 values is no date, the first "2024-13-01" in line 5: declare its type to reject them',
    ]);
    expect(await doubts("1.5", "-", "2.5", "-", "3.5")).toEqual([expect.stringContaining('because of "-" in 2 of 5')]);
    // Of two or three, any may be the odd one; and codes are no numbers.
    for (const values of [
      ["1", "x"],
      ["1", "x", "2"],
      ["1", "x", "2", "y", "3", "4"],
      ["60601", "07302", "60602", "60603"],
    ]) {
      expect(await doubts(...values)).toEqual([]);
    }
  });

  it("that were declared win, and what they will reject is said", async () => {
    const declare = (types: Record<string, string>, required: string[] = []) => ({
      types: new Map(Object.entries(types)),
      required,
    });
    const found = await look("k,v\n1,5\n2,1.7\n3,\n", {}, declare({ v: "int32" }, ["v"]));
    expect(found.columns[1]).toMatchObject({ type: "int32", nullable: false });
    expect(found.warnings).toEqual([
      '"v" is declared int32: 1 of 2 values are none and will be rejected, the first "1.7" in line 3',
      '"v" is required and null in 1 record, which is rejected',
    ]);
    expect((await look("k,v\n1,Yes\n2,no\n", {}, declare({ v: "bool" }))).columns[1]).toMatchObject({
      words: [["yes"], ["no"]],
    });
    expect((await look("k,v\n1,1\n2,0\n", {}, declare({ v: "bool" }))).columns[1]).toMatchObject({
      words: [["1"], ["0"]],
    });
    expect(columnsOf(await look("k,v\n1,20240229\n", {}, declare({ v: "date" })))[1]).toBe("v date %Y%m%d");
    const late = await look(
      "k,v\n1,2024-01-01 10:00:00\n2,2024-01-01 10:00:00+02\n3,2024-01-01 10:00:00\n",
      {},
      declare({ v: "timestamp" }),
    );
    expect(columnsOf(late)[1]).toBe("v timestamp %Y-%m-%d %H:%M:%S");
    expect(late.warnings).toEqual([expect.stringContaining("1 of 3 values are none")]);
    await expect(look("k,v\n1,soon\n", {}, declare({ v: "date" }))).rejects.toMatchObject({
      code: "config",
      offending: "date",
    });
  });
});
