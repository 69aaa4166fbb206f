import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { readInput } from "@sluice/conformance";
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
const COLUMNS = [
  ["id", 1, 4],
  ["day", 6, 15],
  ["name", 17, 22],
] as const;
const FIXED = { format: "fixed", columns: COLUMNS.map((column) => [...column]) };
const TABLE = "   1 2024-01-31 Ada   \n  22 2024-02-29 Grace \n 333            Alan T\n";

describe("fixed width", () => {
  it("finds types from the values, with blanks around them left out", async () => {
    const at = await project();
    await at.write("a.txt", TABLE);
    const { columns, dialect, rows, warnings } = await at.discover("a.txt", FIXED);
    expect(columns).toEqual([
      { name: "id", type: "int64", nullable: true, span: [1, 4], comment: 'int64; like "1"' },
      {
        name: "day",
        type: "date",
        nullable: true,
        format: "%Y-%m-%d",
        span: [6, 15],
        comment: 'date; 33 % null; like "2024-01-31"',
      },
      { name: "name", type: "string", nullable: true, span: [17, 22], comment: 'string; like "Ada"' },
    ]);
    expect(dialect).toMatchObject({ delimiter: "", quote: "", header: false, fixed: { short: "reject", trim: true } });
    expect([rows, warnings]).toEqual([3, []]);
    expect(await at.rows(await at.freeze("a.txt", {}, FIXED))).toEqual([
      ["1", "2024-01-31", "Ada"],
      ["22", "2024-02-29", "Grace"],
      ["333", null, "Alan T"],
    ]);
  });

  it("keeps blanks where the author says that they are values", async () => {
    const at = await project();
    await at.write("a.txt", "ab  x \n");
    const untrimmed = await at.freeze(
      "a.txt",
      {},
      {
        format: "fixed",
        trim: false,
        columns: [
          ["a", 1, 4],
          ["b", 5, 6],
        ],
      },
    );
    expect(await at.rows(untrimmed)).toEqual([["ab  ", "x "]]);
  });

  it("rejects lines of another width, and values, by rule, with their place and raw text", async () => {
    const at = await project();
    await at.write("a.txt", TABLE);
    const dataset = await at.freeze("a.txt", {}, FIXED);
    const bad = [
      "   1 2024-01-31 Ada   ",
      "",
      "   2 2024-01-31 Ada",
      "   3 2024-01-31 Ada    !",
      "   4 2024-01-31 Ada         ",
      "  5x 2024-01-31 Ada   ",
      "   6 2024-02-30 Ada   ",
      '  "7 2024-02-01 ,"\u0001\u001f\u0002\u001f',
      "   8 2024-02-01 Zoë 🦆 ",
    ];
    await at.write(
      "a.txt",
      Buffer.concat([Buffer.from(`${bad.join("\n")}\n   9 2024-02-01 A`), Buffer.of(0xff), Buffer.from("      ")]),
    );
    const { accepted, rejected } = await readSplit(surroundings, await at.scan(dataset));
    expect(accepted).toEqual([
      ["1", "2024-01-31", "Ada"],
      ["4", "2024-01-31", "Ada"],
      ["8", "2024-02-01", "Zoë 🦆"],
    ]);
    expect(rejected.map((row) => row.slice(0, 6))).toEqual([
      ["a.txt", "2", "3", "", "has too few characters", bad[2]],
      ["a.txt", "3", "4", "", "has too many characters", bad[3]],
      ["a.txt", "5", "6", "id", "is not an int64", bad[5]],
      ["a.txt", "6", "7", "day", "is no day of the calendar", bad[6]],
      ["a.txt", "7", "8", "id", "is not an int64", bad[7]],
      ["a.txt", "9", "10", "", "is not valid UTF-8", "   9 2024-02-01 A\ufffd      "],
    ]);
    await expect(at.rows(dataset)).rejects.toMatchObject({ code: "data" });
  });

  it("fills short lines up where they are allowed, and says nothing else about them", async () => {
    const at = await project();
    await at.write("a.txt", "   1 2024-01-31 Ada\n  22\n\n 333 2024-01-31\n");
    const padded = { ...FIXED, short: "pad" };
    const dataset = await at.freeze("a.txt", {}, padded);
    const { accepted, rejected } = await readSplit(surroundings, await at.scan(dataset));
    expect(accepted).toEqual([
      ["1", "2024-01-31", "Ada"],
      ["22", null, null],
      ["333", "2024-01-31", null],
    ]);
    expect(rejected).toEqual([]);
    expect((await at.discover("a.txt", FIXED)).warnings).toEqual([
      "3 records of 3 will be rejected: the first, a.txt line 1, has too few characters",
    ]);
  });

  it("counts characters and not bytes, and says what no column covers", async () => {
    const at = await project();
    await at.write("a.txt", gzipSync("é🦆ü12|x\né🦆ü34 x\n"));
    const address = {
      format: "fixed",
      columns: [
        ["word", 1, 3],
        ["n", 4, 5],
        ["x", 7, 7],
      ],
    };
    expect((await at.discover("a.txt", address)).warnings).toEqual([
      "no column covers character 6, not blank in 1 line",
    ]);
    expect(await at.rows(await at.freeze("a.txt", {}, address))).toEqual([
      ["é🦆ü", "12", "x"],
      ["é🦆ü", "34", "x"],
    ]);
  });

  it.each([
    [{ format: "fixed" }, "a file of fixed width needs its columns"],
    [{ format: "fixed", columns: [["a", 3, 1]] }, 'the column "a" ends at 1, before it begins at 3'],
    [
      {
        format: "fixed",
        columns: [
          ["a", 1, 1],
          ["A", 2, 2],
        ],
      },
      'two columns are called "A"',
    ],
    [{ format: "fixed", columns: [["a", 1, 1]], delimiter: "," }, 'a file of fixed width has no "delimiter"'],
    [{ format: "csv", columns: [["a", 1, 1]] }, 'a delimited file has no "columns"'],
    [{ format: "lines", quote: '"' }, 'a file of lines has no "quote"'],
  ])("refuses %j", async (address, says) => {
    const at = await project();
    await at.write("a.txt", TABLE);
    await expect(at.discover("a.txt", address)).rejects.toMatchObject({
      code: "config",
      message: expect.stringContaining(says),
    });
  });
});

describe("the toll records", () => {
  const bed = process.env.SLUICE_TEST_DATA;
  const archive = join(bed ?? "", "toll/tolldata.tgz");
  it.skipIf(bed === undefined || !existsSync(archive))(
    "are read as their description says (SLUICE_TEST_DATA names their folder)",
    async () => {
      const at = await project();
      await at.write("toll.tgz", await readFile(archive));
      const columns = [
        ["row_id", 1, 6],
        ["timestamp", 8, 31],
        ["vehicle_number", 33, 39],
        ["plaza_id", 44, 47],
        ["plaza_code", 49, 57],
        ["payment_type", 59, 61],
        ["vehicle_code", 63, 67],
      ];
      const dataset = await at.freeze("toll.tgz!payment-data.txt", {}, { format: "fixed", columns });
      expect(dataset.warnings).toEqual([]);
      expect(dataset.columns.map(({ type, format }) => [type, format])).toEqual([
        ["int64", undefined],
        ["timestamp", "%a %b %-d %H:%M:%S %Y"],
        ["int64", undefined],
        ["int64", undefined],
        ["string", undefined],
        ["string", undefined],
        ["string", undefined],
      ]);
      const rows = await at.rows(dataset);
      expect(rows).toHaveLength(10_000);
      expect(await at.rows(await at.freeze("toll.tgz!*.csv"))).toHaveLength(10_000);
      expect(rows[0]).toEqual(["1", "2021-08-19 21:54:38", "125094", "4856", "PC7C042B7", "PTE", "VC965"]);
    },
  );
});

describe("lines", () => {
  const LOG = ['a,"b', "", "# it's \"quoted", "x\u0001\u001f\u0002\u001fy", "\ttab "].join("\n");

  it("are texts in which no character means anything; one without a character is null", async () => {
    const at = await project();
    await at.write("x.log", `${LOG}\n`);
    const dataset = await at.freeze("x.log", {}, { format: "lines" });
    expect(dataset.columns).toEqual([
      { name: "line", type: "string", nullable: true, comment: 'string; 20 % null; like "a,\\"b"' },
    ]);
    const { accepted, rejected } = await readSplit(surroundings, await at.scan(dataset));
    expect(accepted).toEqual([['a,"b'], [null], ["# it's \"quoted"], ["x\u0001\u001f\u0002\u001fy"], ["\ttab "]]);
    expect(rejected).toEqual([]);
    await at.write("x.log", LOG.replace("\u0001\u001f\u0002\u001f", ""));
    expect(await at.rows(dataset)).toEqual([['a,"b'], [null], ["# it's \"quoted"], ["xy"], ["\ttab "]]);
  });

  it("that end in two ways are read, blank ones with them", async () => {
    const at = await project();
    await at.write("x.log", "1\r\n\n3\n\n");
    const dataset = await at.freeze("x.log", {}, { format: "lines" });
    expect(dataset.dialect?.newline).toBe("mixed");
    expect(await at.rows(dataset)).toEqual([["1"], [null], ["3"], [null]]);
  });

  it("reject NUL, invalid UTF-8 and a stray return, and nulls where a line is required", async () => {
    const at = await project();
    await at.write("x.log", "1\n2\n");
    const dataset = await at.freeze("x.log", {}, { format: "lines" });
    const required = { ...dataset, columns: dataset.columns.map((column) => ({ ...column, nullable: false })) };
    const long = "x".repeat(1 << 17);
    await at.write("x.log", Buffer.from(`${long}\na\0b\nc\xff\nd\re\n\nok\n`, "latin1"));
    const { accepted, rejected } = await readSplit(surroundings, await at.scan(required));
    expect(accepted.map(([line]) => line?.slice(0, 4))).toEqual(["xxxx", "ok"]);
    expect(rejected.map((row) => row.slice(1, 5))).toEqual([
      ["2", "2", "", "has a NUL byte"],
      ["3", "3", "", "is not valid UTF-8"],
      ["4", "4", "", "has a carriage return outside quotes"],
      ["5", "5", "line", "is null"],
    ]);
  });
});
