import { createReadStream } from "node:fs";
import { readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { readInput } from "@sluice/conformance";
import { createAccepter, createRecordSplitter, parseFields, type StreamInfo, type TextRecord } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { createProject, type Project, removeFolders } from "./files.fixture.ts";

const engine = createDuckDbEngine({ threads: 2 });
const surroundings = { engine, readInput };
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await removeFolders();
});
const project = (): Promise<Project> => createProject(surroundings);
const look = async (content: string, ...more: readonly object[]): Promise<StreamInfo> => {
  const at = await project();
  await at.write("x.csv", content);
  return await at.discover("x.csv", ...more);
};
/** Name, type, layout. */
const columnsOf = (found: StreamInfo): string[] =>
  found.columns.map((column) =>
    [column.name, column.type, column.format, column.trim === true ? "trimmed" : undefined]
      .filter((part) => part !== undefined)
      .join(" "),
  );

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

describe("the dialect", () => {
  it.each([",", ";", "\t", "|", "#", "^", "~", ":", " "])("is found for the delimiter %j", async (delimiter) => {
    const line = (...fields: string[]): string => `${fields.join(delimiter)}\n`;
    const found = await look(
      line("id", "name", "size") + line("1", "Ada", "1.5") + line("2", `"Gr${delimiter}ace"`, "2.5"),
    );
    expect(found.dialect).toMatchObject({ delimiter, quote: '"', header: true });
    expect(columnsOf(found)).toEqual(["id int64", "name string", "size float64"]);
  });

  it.each([
    ["apostrophes that enclose every value", "id,name\n1,'a,b'\n2,'c'\n", "'"],
    ["apostrophes inside text", "id,name\n1,it's\n2,'tis\n3,rock 'n' roll\n", '"'],
    ["quotes", 'id,name\n1,"a,b"\n', '"'],
    ["one stray quote among many", `a,b\n${'"1","x"\n'.repeat(20)}"2","y"z\n`, '"'],
    ["inches", 'id,size\n1,5" pipe\n2,"\n3,"7\n', ""],
  ])("is found for %s", async (_, content, quote) => {
    expect((await look(content)).dialect?.quote).toBe(quote);
  });

  it.each([
    ["id||name\n1||Ada\n2||\n||\n", "||", ["id", "name"]],
    ['id||name||note\n1||"a||b"||x|y\n2||||\n', "||", ["id", "name", "note"]],
    ["1||2\n3||4\n", "||", ["column1", "column2"]],
    ["id;;name;;note\n1;;Ada;;x\n2;;;;y\n", ";;", ["id", "name", "note"]],
    // Of a comma, an empty column is likelier, and one of several that are not empty throughout says that it is single.
    ["1,,2\n3,,4\n", ",", ["column1", "column2", "column3"]],
    ["id||name\n1||Ada\n2|x|Grace\n", "|", ["id", "column2", "name"]],
    ["id||a||\n1||2||\n", "||", ["id", "a"]],
  ])("is doubled where every second field would be empty: %j", async (content, delimiter, names) => {
    const found = await look(content);
    expect(found.dialect?.delimiter).toBe(delimiter);
    expect(found.columns.map(({ name }) => name)).toEqual(names);
  });

  it("is found for backslashes before quotes", async () => {
    const found = await look('id,name\n1,"a \\"b\\" c"\n2,"d, \\"e\\""\n');
    expect(found.dialect).toMatchObject({ quote: '"', escape: "\\" });
    expect(columnsOf(found)).toEqual(["id int64", "name string"]);
  });

  it.each([
    ["a,b\n1,2\n", "lf"],
    ["a,b\r\n1,2\r\n", "crlf"],
    ["a,b\r1,2\r", "cr"],
    ["a,b\r\n1,2\n", "mixed"],
    ['a,b\n1,"2\r\n"\n', "lf"],
  ])("says how lines end: %j", async (content, newline) => {
    expect((await look(content)).dialect?.newline).toBe(newline);
  });

  it("takes what was said before what is found", async () => {
    const found = await look("id;name\n1;a,b\n", { delimiter: "," });
    expect(columnsOf(found)).toEqual(["id;name string"]);
    expect(found.warnings).toEqual(["1 record of 1 will be rejected: the first, x.csv line 2, has too many fields"]);
    const dialect = { delimiter: ";", header: false } as const;
    expect(columnsOf(await look("id;name\n1;a,b\n", {}, { dialect }))).toEqual(["column1 string", "column2 string"]);
  });

  it("is doubted where one column holds a regular separator", async () => {
    const found = await look("a§b§c\n1§2§3\n4§5§6\n");
    expect(found.warnings).toEqual([
      'the file has one column, and every record holds "§" 2 times: declare the delimiter if that stands between fields',
    ]);
    expect(columnsOf(await look("a§b§c\n1§2§3\n4§5§6\n", { delimiter: "§" }))).toEqual([
      "a int64",
      "b int64",
      "c int64",
    ]);
  });

  it("is doubted where records have this and that many fields, and so are read as one", async () => {
    const ragged = "a,b,c\n1,2\n1,2,3,4\n5\n6,7,8,9,10\n";
    expect((await look(ragged)).warnings).toEqual([
      'the file has one column, though its records hold "," 0 to 4 times: declare the delimiter if that stands between fields',
    ]);
    expect((await look("note\nyes, of course\nno\nperhaps\n")).warnings).toEqual([]);
    expect((await look("a,b\n1\n2,3,4\n", { delimiter: ";" })).warnings).toEqual([]);
  });

  it.each([
    ["name\nAda Lovelace\nGrace Hopper\nAlan Turing\n", "name string"],
    ["at\n2024-03-31 02:30:00\n2024-03-31 02:31:00\n", "at timestamp %Y-%m-%d %H:%M:%S"],
    ["at\n2024-01-01 10:00:00+00\n2024-01-01 12:30:00+02\n", "at timestamptz %Y-%m-%d %H:%M:%S%z"],
    ["url\nhttp://a.b\nhttp://c.d\n", "url string"],
  ])("is one column where blanks and colons stand in no name: %j", async (text, column) => {
    const found = await look(text);
    expect(columnsOf(found)).toEqual([column]);
    expect(found.rows).toBe(text.split("\n").length - 2);
    expect(columnsOf(await look("id name\n1 Ada\n2 Grace\n"))).toEqual(["id int64", "name string"]);
  });

  it("is doubted where one word above several fields is taken for a title", async () => {
    const found = await look("name\nLovelace, Ada\nHopper, Grace\nTuring, Alan\n");
    expect(found.warnings).toEqual([expect.stringContaining('the first line, "name", is taken for a title')]);
    expect((await look("Sales of May\nid,name\n1,Ada\n2,Grace\n")).warnings).toEqual([]);
    expect((await look("sep=;\nid;name\n1;Ada\n2;Grace\n")).warnings).toEqual([]);
    const declared = { skip: 0, delimiter: "\t" };
    expect((await look("name\nLovelace, Ada\nHopper, Grace\nTuring, Alan\n", declared)).rows).toBe(3);
  });

  it.each(['{"a":1,"b":"x"}\n{"a":2,"b":"y"}\n', '[{"a":1},{"a":2}]\n', '[ { "a": 1 },\n{ "a": 2 } ]\n'])(
    "is doubted where it is JSON: %j",
    async (text) => {
      expect((await look(text)).warnings).toContainEqual(expect.stringContaining("begins as JSON does"));
      expect((await look('a,b\n1,"{""k"":1}"\n')).warnings).toEqual([]);
    },
  );

  it("is doubted where a byte order mark stands behind the header", async () => {
    const found = await look("a,b\n\ufeff1,2\n3,4\n");
    expect(found.warnings).toContainEqual(expect.stringContaining("a byte order mark in line 2"));
    expect((await look("\ufeffa,b\n1,2\n3,4\n")).warnings).toEqual([]);
    expect((await look("\ufeff1,2\n3,4\n")).warnings).toEqual([]);
  });

  it.each([
    ["nulls as nothing, empty text in quotes", 'a,b\n1,""\n2,\n', "text"],
    ["everything in quotes", '"a","b"\n"1",""\n"2","x"\n', "null"],
    ["everything in quotes, and one column", '"a"\n"x"\n""\n', "null"],
    ["a value without quotes", 'a\n"x"\n""\ny\n', "text"],
    ["a number without quotes", '"a","b"\n1,""\n2,"x"\n', "text"],
    ["a name without quotes", 'a\n"x"\n""\n', "text"],
    ["empty text alone", 'a\n""\n""\n', "text"],
    ["everything in quotes but for a blank line", '"a"\n"x"\n""\n\n', "text"],
    ["an escaped quote in a value without quotes around", 'a,b\n"1",""\n"2",x"y\n', "text"],
    ["no empty fields", "a,b\n1,2\n", "text"],
  ])("says what a quoted empty field is: %s", async (_, content, quotedEmpty) => {
    expect((await look(content)).dialect?.quotedEmpty).toBe(quotedEmpty);
  });
});

describe("the header", () => {
  it.each([
    ["names over numbers", "a,b\n1,x\n", ["a", "b"]],
    ["names over text", "name,city\nAda,London\nAda,Paris\n", ["name", "city"]],
    ["numbers alone", "1,x\n2,y\n", ["column1", "column2"]],
    ["text that comes again", "x,y\nx,z\n", ["column1", "column2"]],
    ["a header alone", "a,b\n", ["a", "b"]],
    ["years over numbers", "country,1990,1991\nA,1,2\nB,3,4\n", ["column1", "column2", "column3"]],
    ["a log", "1 at 10:00 of 2024\n2 at 11:00 of 2024\n", ["column1"]],
    ["no name over a number", '"","b","c"\n1,x,1\n', ["column1", "b", "c"]],
  ])("is told from values: %s", async (_, content, names) => {
    const found = await look(content, { delimiter: "," });
    expect(found.columns.map((column) => column.name)).toEqual(names);
  });

  it("gives every column a name of its own, and says so", async () => {
    const found = await look("id,ID,a,a,a_2, b ,\n1,2,3,4,5,6,7\n");
    expect(found.columns.map((column) => column.name)).toEqual(["id", "ID_2", "a", "a_3", "a_2", "b", "column7"]);
    expect(found.warnings).toEqual([
      'column 2, "ID", differs from "id" only by case and is called "ID_2"',
      'column 4, "a", stands in the header before and is called "a_3"',
      'column 7 has no name in the header and is called "column7"',
    ]);
  });

  it("keeps strange names, and finds them again", async () => {
    const at = await project();
    await at.write("x.csv", '"select""x",then,__proto__,"a\nb",1a\n1,2,3,4,5\n');
    const dataset = await at.freeze("x.csv");
    expect(dataset.columns.map((column) => column.name)).toEqual(['select"x', "then", "__proto__", "a\nb", "1a"]);
    expect(await at.rows(dataset)).toEqual([["1", "2", "3", "4", "5"]]);
  });

  it("may be left out or in part: columns", async () => {
    const names = ["id", "name"];
    expect(columnsOf(await look("1,x\n2,y\n", {}, { columns: names }))).toEqual(["id int64", "name string"]);
    const part = await look("id,name,zip\n1,x,00501\n", {}, { columns: ["zip", "id"] });
    expect(part).toMatchObject({ partial: true, columns: [{ name: "id" }, { name: "zip" }] });
    await expect(look("1,x,y\n", {}, { columns: names })).rejects.toMatchObject({ code: "data", reason: "header" });
    await expect(look("id,name\n1,x\n", {}, { columns: ["id", "nam"] })).rejects.toMatchObject({
      code: "config",
      hint: 'did you mean "name"?',
    });
    await expect(look("id,name\n1,x\n", {}, { required: ["idd"] })).rejects.toMatchObject({ offending: "idd" });
  });
});

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

describe("several files", () => {
  it("are one dataset; types come from all of them", async () => {
    const at = await project();
    await at.write("1.csv", "id,v\n1,5\n");
    await at.write("2.csv", "v,id\n5.5,2\n");
    const found = await at.discover("?.csv");
    expect(columnsOf(found)).toEqual(["id int64", "v float64"]);
    expect(found.rows).toBe(2);
    await at.write("3.csv", "id,w\n1,5\n");
    await expect(at.discover("?.csv")).rejects.toMatchObject({
      reason: "drift",
      message: '3.csv has a column "w" and lacks "v", other than 1.csv',
    });
  });

  it("say what will be rejected", async () => {
    const found = await look('a,b\n1,"2"\n1\n1,2,3\n1,"x"y\n1,"3"\n');
    expect(found.rows).toBe(2);
    expect(found.warnings).toEqual([
      "1 record of 5 will be rejected: the first, x.csv line 3, has too few fields",
      "1 record of 5 will be rejected: the first, x.csv line 4, has too many fields",
      "1 record of 5 will be rejected: the first, x.csv line 5, has text after a closing quote",
    ]);
  });
});

it("freezes what accepts every record it saw", async () => {
  const value = fc.oneof(
    fc.integer().map(String),
    fc.double({ noNaN: true }).map(String),
    fc.constantFrom(
      "",
      "true",
      "007",
      "2024-01-02",
      "01/02/2024",
      "2024-01-02 03:04:05",
      "x",
      ' "q" ',
      "a,b",
      "NA",
      "é",
    ),
    fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((date) => date.toISOString()),
  );
  const column = fc
    .array(value, { minLength: 3, maxLength: 3 })
    .chain((pool) => fc.array(fc.constantFrom(...pool), { minLength: 5, maxLength: 5 }));
  await fc.assert(
    fc.asyncProperty(fc.array(column, { minLength: 2, maxLength: 4 }), async (columns) => {
      const at = await project();
      const rows = [0, 1, 2, 3, 4].map((row) =>
        columns.map((values) => `"${(values[row] ?? "").replaceAll('"', '""')}"`).join(","),
      );
      await at.write("x.csv", `${columns.map((_, index) => `n${index}x`).join(",")}\n${rows.join("\n")}\n`);
      const dataset = await at.freeze("x.csv", {}, { header: true, delimiter: ",", quote: '"' });
      expect(await at.rows(dataset)).toHaveLength(5);
    }),
    { numRuns: 25 },
  );
});

describe("real files", async () => {
  const bed = process.env.SLUICE_TEST_DATA;
  if (bed === undefined) {
    it.skip("are not there: SLUICE_TEST_DATA names no folder", () => {});
    return;
  }
  const names = await readdir(bed, { recursive: true });
  it("are where SLUICE_TEST_DATA says", () => expect(names).not.toEqual([]));
  it.each(names.filter((name) => /\.(?:csv|tsv)$/.test(name)))("%s", async (name) => {
    const at = await project();
    await symlink(join(bed, name), join(at.root, "x.csv"));
    const dataset = await at.freeze("x.csv");
    const { dialect, columns } = dataset;
    if (dialect === undefined) throw new Error("no dialect");
    const input = await at.scan(dataset);
    const accepters = columns.map(createAccepter);
    const splitter = createRecordSplitter({ dialect, header: dialect.header, fields: columns.length });
    let records = 0;
    const keep = (record: TextRecord): void => {
      if (record.problem !== undefined) throw new Error(`line ${record.line} ${record.problem}`);
      if (record.record === 0) return;
      records += 1;
      for (const [index, field] of parseFields(record.bytes(), dialect).entries()) {
        const rule = accepters[index]?.(field.text);
        if (rule !== undefined) throw new Error(`line ${record.line}: ${field.text} ${rule}`);
      }
    };
    for (const file of input.groups.flatMap((group) => group.files)) {
      for await (const chunk of createReadStream(file.path)) splitter.push(chunk as Buffer, keep);
    }
    splitter.end(keep);
    expect(await engine.validate(input, new AbortController().signal)).toBe(records);
  });
});
