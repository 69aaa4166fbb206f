import { readInput } from "@sluice/conformance";
import { createDuckDbEngine } from "@sluice/duckdb";
import { describe, expect, it } from "vitest";
import { columnsOf, lookIn } from "./discover.fixture.ts";

const engine = createDuckDbEngine({ threads: 2 });
const { project, look } = lookIn({ engine, readInput });

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
