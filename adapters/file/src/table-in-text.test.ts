import { readInput } from "@sluice/conformance";
import { accepts, type FrozenColumn, type FrozenDataset } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { afterAll, describe, expect, it } from "vitest";
import { createProject, type Project, removeFolders } from "./files.fixture.ts";
import { readSplit } from "./split.fixture.ts";

const engine = createDuckDbEngine({ threads: 2 });
const surroundings = { engine, readInput };
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await removeFolders();
});
const project = (): Promise<Project> => createProject(surroundings);
const typesOf = ({ columns }: Pick<FrozenDataset, "columns">): unknown[] =>
  columns.map(({ name, type }) => [name, type]);

/** The rows by the strict read and by the split, which must agree. */
async function bothWays(at: Project, dataset: FrozenDataset): Promise<readonly unknown[]> {
  const rows = await at.rows(dataset);
  const { accepted, rejected } = await readSplit(surroundings, await at.scan(dataset));
  expect(rejected).toEqual([]);
  expect(accepted).toEqual(rows);
  return rows;
}

describe("what stands around a table", () => {
  it.each([
    ["comments", "# made today, by hand\n# x\nid,name\n1,Ada\n2,Grace\n", { comment: "#" }],
    ["a shell's first line", "#!/bin/sh, not\nid,name\n1,Ada\n2,Grace\n", { comment: "#" }],
    ["two kinds of mark", "##v=4,2\n##x\n#id,name\n1,Ada\n2,Grace\n", { comment: "##" }],
    ["titles", "Report\n\nof 2024\nid,name\n1,Ada\n2,Grace\n", { skip: 3 }],
    ["titles with empty cells", "Report,\n,\nid,name\n1,Ada\n2,Grace\n", { skip: 2 }],
    ["the separator of a spreadsheet", "\ufeffsep=;\r\nid;name\r\n1;Ada\r\n2;Grace\r\n", { skip: 1, delimiter: ";" }],
  ])("is found where it is clear: %s", async (_, text, dialect) => {
    const at = await project();
    await at.write("a.csv", text);
    const dataset = await at.freeze("a.csv");
    expect(dataset.dialect).toMatchObject(dialect);
    expect(dataset.columns.map(({ name }) => name.replace("#", ""))).toEqual(["id", "name"]);
    expect(dataset.warnings).toEqual([]);
    expect(await bothWays(at, dataset)).toEqual([
      ["1", "Ada"],
      ["2", "Grace"],
    ]);
  });

  it("is left out where it is longer than what is looked at of a file", async () => {
    const at = await project();
    const above = Array.from({ length: 9_000 }, (_, index) => `words of a preamble, and ${index} more\n`).join("");
    await at.write("a.csv", `${above}id;name\n1;Ada\n2;Grace\n`);
    const dataset = await at.freeze("a.csv", {}, { skip: 9_000 });
    expect(dataset.dialect).toMatchObject({ delimiter: ";", skip: 9_000 });
    expect(await bothWays(at, dataset)).toEqual([
      ["1", "Ada"],
      ["2", "Grace"],
    ]);
  });

  it.each([
    ["a header with a mark", "#id,name\n1,Ada\n2,Grace\n", ["#id", "name"]],
    ["a first record that is short", "x\n1,2\n3,4\n5,6\n", undefined],
    ["a file of comments' marks", "#a\n#b\n#c\n", undefined],
  ])("is not taken for what it may not be: %s", async (_, text, names) => {
    const at = await project();
    await at.write("a.csv", text);
    const { dialect, columns } = await at.discover("a.csv");
    expect([dialect?.comment, dialect?.skip]).toEqual([undefined, undefined]);
    if (names !== undefined) expect(columns.map(({ name }) => name)).toEqual(names);
  });

  const AROUND = [
    "Report",
    "",
    '// a, "b',
    "id,name",
    "// one",
    '1,"Ada',
    "// not a comment",
    '"',
    "",
    "x,Bad",
    '// "quoted, never closed',
    "2,Grace",
    "3",
    'Sum,"of all',
    "",
    "Source: us",
    "  ",
  ];

  it("is left out, and lines keep their numbers", async () => {
    for (const newline of ["\n", "\r\n", "\r"]) {
      const at = await project();
      const known = { comment: "//", skip: 1, skipEnd: 2, quote: '"', delimiter: "," };
      await at.write("a.csv", ["Report", "id,name", "1,Ada", "Sum", "Source"].join(newline));
      const dataset = await at.freeze("a.csv", {}, known);
      expect(typesOf(dataset)).toEqual([
        ["id", "int64"],
        ["name", "string"],
      ]);
      await at.write("a.csv", AROUND.join(newline));
      const { accepted, rejected } = await readSplit(surroundings, await at.scan(dataset));
      expect(accepted).toEqual([
        ["1", `Ada${newline}// not a comment${newline}`],
        ["2", "Grace"],
      ]);
      expect(rejected.map((row) => row.slice(1, 6))).toEqual([
        ["2", "10", "id", "is not an int64", "x,Bad"],
        ["4", "13", "", "has too few fields", "3"],
      ]);
    }
  });

  it("is counted the same by sync: the line of a doubt, the records", async () => {
    const at = await project();
    await at.write("a.csv", AROUND.join("\n"));
    const found = await at.discover(
      "a.csv",
      { comment: "//", skip: 1, skipEnd: 2 },
      { types: new Map([["id", "int64"]]) },
    );
    expect(found.rows).toBe(3);
    expect(found.warnings).toEqual([
      '"id" is declared int64: 1 of 3 values are none and will be rejected, the first "x" in line 10',
      "1 record of 4 will be rejected: the first, a.csv line 13, has too few fields",
    ]);
  });

  it("may be all there is", async () => {
    const at = await project();
    await at.write("a.csv", "id,name\n1,Ada\n");
    const dataset = await at.freeze("a.csv", {}, { skipEnd: 1 });
    await at.write("a.csv", "id,name\n");
    await expect(at.rows(dataset)).rejects.toMatchObject({ code: "data", reason: "empty" });
    await at.write("a.csv", "id,name\nsum\n");
    expect(await at.rows(dataset)).toEqual([]);
  });

  it("leaves no rows behind in a file of one column", async () => {
    const at = await project();
    await at.write("a.csv", '# x\nname\n"a"\n# y\n""\n\nb\n');
    const dataset = await at.freeze("a.csv", {}, { comment: "#", header: true, delimiter: ",", quotedEmpty: "text" });
    const rows = [["a"], [""], ["b"]];
    expect((await readSplit(surroundings, await at.scan(dataset))).accepted).toEqual(rows);
    expect(await at.rows(dataset)).toEqual(rows);
    await at.write("a.log", "# x\nA\n\n# y\nB\n");
    const lines = await at.freeze("a.log", {}, { format: "lines", comment: "#", skip: 0 });
    expect((await readSplit(surroundings, await at.scan(lines))).accepted).toEqual([["A"], ["B"]]);
    const fixed = { format: "fixed", columns: [["id", 1, 3]], skip: 1, skipEnd: 1, comment: "#", nulls: ["--"] };
    await at.write("a.txt", "Title\n  1\n# c\n -- \n  x\nEnd\n");
    const dirty = await at.freeze("a.txt", {}, fixed);
    const numbers = { ...dirty, columns: dirty.columns.map((column) => ({ ...column, type: "int64" })) };
    const { accepted, rejected } = await readSplit(surroundings, await at.scan(numbers));
    expect(accepted).toEqual([["1"], [null]]);
    expect(rejected.map((row) => row.slice(1, 5))).toEqual([["3", "5", "id", "is not an int64"]]);
  });
});

describe("words for null", () => {
  it("are null where a whole unquoted field is one, in columns of any type", async () => {
    const at = await project();
    await at.write("a.csv", 'n,t\n1,NA\nNA,"NA"\n-,x NA\n"2",\\N\n3,""\n4,\n');
    const known = { nulls: ["NA", "-", "\\N"] };
    const dataset = await at.freeze("a.csv", {}, known);
    expect(typesOf(dataset)).toEqual([
      ["n", "int64"],
      ["t", "string"],
    ]);
    expect(dataset.columns.map(({ nulls }) => nulls)).toEqual([known.nulls, known.nulls]);
    const texts = [null, "NA", "x NA", null];
    expect((await bothWays(at, dataset)).map((row) => (row as string[])[1])).toEqual([...texts, "", null]);
    const dialect = { ...(dataset.dialect as never as object), quotedEmpty: "null" } as never;
    expect((await bothWays(at, { ...dataset, dialect })).map((row) => (row as string[])[1])).toEqual([
      ...texts,
      null,
      null,
    ]);
    await at.write("a.csv", 'n,t\n"NA",x\n NA,x\nna,x\n');
    const { rejected } = await readSplit(surroundings, await at.scan(dataset));
    expect(rejected.map((row) => row[4])).toEqual(Array(3).fill("is not an int64"));
    const required = { ...dataset, columns: dataset.columns.map((column) => ({ ...column, nullable: false })) };
    await at.write("a.csv", "n,t\nNA,x\n1,NA\n1,x\n");
    const strict = await readSplit(surroundings, await at.scan(required));
    expect(strict.rejected.map((row) => row.slice(3, 5))).toEqual([
      ["n", "is null"],
      ["t", "is null"],
    ]);
    expect(strict.accepted).toEqual([["1", "x"]]);
  });

  it("must be the same in all columns", async () => {
    const at = await project();
    await at.write("a.csv", "a,b\n1,2\n");
    const dataset = await at.freeze("a.csv");
    const columns = dataset.columns.map((column, index) => ({ ...column, nulls: [`x${index}`] }));
    await expect(at.scan({ ...dataset, columns })).rejects.toMatchObject({
      code: "config",
      message: '"b" has other words for null than "a"',
    });
  });
});

describe("numbers with marks", () => {
  it("are found where they are certain", async () => {
    const at = await project();
    const rows = ["1,5;1.234,56;1,234;7;1,234,567", "-2,25;999,00;5,678;8;12"];
    await at.write("a.csv", `a;b;c;d;e\n${rows.join("\n")}\n`);
    const dataset = await at.freeze("a.csv");
    expect(dataset.columns.map(({ name, type, decimal, thousands }) => [name, type, decimal, thousands])).toEqual([
      ["a", "float64", ",", undefined],
      ["b", "float64", ",", "."],
      ["c", "string", undefined, undefined],
      ["d", "int64", undefined, undefined],
      ["e", "int64", undefined, ","],
    ]);
    expect(dataset.warnings).toEqual([
      '"c" is string: all its values may be numbers with marks, for example "1,234": declare decimal: "," if they are',
    ]);
    expect(await bothWays(at, dataset)).toEqual([
      ["1.5", "1234.56", "1,234", "7", "1234567"],
      ["-2.25", "999", "5,678", "8", "12"],
    ]);
    await at.write("b.csv", 'a,b\n"1,5",1\n"2,5",2\n');
    const { columns, warnings } = await at.discover("b.csv");
    expect(columns.map(({ type }) => type)).toEqual(["string", "int64"]);
    expect(warnings).toHaveLength(1);
  });

  it("are declared for all columns of numbers, and no other", async () => {
    const at = await project();
    await at.write("a.csv", "a;b;c\n1'234;x;1\n0,5;1,5;2\n");
    const dataset = await at.freeze("a.csv", {}, { decimal: ",", thousands: "'" });
    expect(dataset.columns.map(({ type, decimal, thousands }) => [type, decimal, thousands])).toEqual([
      ["float64", ",", "'"],
      ["string", undefined, undefined],
      ["int64", ",", "'"],
    ]);
    expect(await bothWays(at, dataset)).toEqual([
      ["1234", "x", "1"],
      ["0.5", "1,5", "2"],
    ]);
  });

  const VALUES = [
    "1",
    "-1",
    "+1",
    "1,5",
    "1.5",
    ",5",
    "5,",
    "1.234",
    "1.234,5",
    "12.34",
    "1234.567",
    "1.234.567",
    "0.001.234",
  ]
    .concat([
      "1,5,5",
      "1.234,567",
      "1e3",
      "1,5e3",
      "nan",
      "-inf",
      " 1,5",
      "1,5 ",
      "",
      "x",
      "127",
      "128",
      "-128",
      "-129",
    ])
    .concat(["256", "2.147.483.647", "2.147.483.648", "99.999.999,99", "999.999.999,99", "9.223.372.036.854.775.808"])
    .concat([
      "18.446.744.073.709.551.615",
      "18.446.744.073.709.551.616",
      "000.001",
      "1..234",
      ".5",
      "-,5",
      "1.234.",
      "007",
    ]);
  const MARKS = [{ decimal: "," }, { decimal: ",", thousands: "." }, { thousands: ".", decimal: "'" }];
  const TYPES = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64"];

  it.each([...TYPES, "decimal(10,2)", "decimal(4,4)", "decimal(38,0)"])(
    "are accepted by the engine as by the rule: %s",
    async (type) => {
      for (const marks of MARKS) {
        const at = await project();
        await at.write("a.csv", `n;t\n1;a\n`);
        const dataset = await at.freeze("a.csv");
        const column: FrozenColumn = { name: "n", type, nullable: true, ...marks };
        const columns = [column, { name: "t", type: "string", nullable: true }];
        await at.write("a.csv", `n;t\n${VALUES.map((value, index) => `${value};${index}`).join("\n")}\n`);
        const frozen = { ...dataset, columns };
        const { accepted, rejected } = await readSplit(surroundings, await at.scan(frozen));
        const rules = VALUES.map((value) => accepts(column, value === "" ? null : value));
        const sound = VALUES.flatMap((_, index) => (rules[index] === undefined ? [String(index)] : []));
        expect(accepted.map(([, index]) => index)).toEqual(sound);
        expect(rejected.map((row) => row[4])).toEqual(rules.filter((rule) => rule !== undefined));
        // What is accepted is the same number by the strict read, or refused there.
        for (const index of marks === MARKS[1] ? sound : []) {
          await at.write("a.csv", `n;t\n${VALUES[Number(index)]};${index}\n`);
          const [row] = await at.rows(frozen);
          expect(row).toEqual(accepted.find(([, other]) => other === index));
        }
      }
    },
  );
});
