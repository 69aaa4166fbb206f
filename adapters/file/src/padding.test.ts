import { readInput } from "@sluice/conformance";
import type { Address, FrozenDataset } from "@sluice/core";
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

interface Read {
  readonly dataset: FrozenDataset;
  readonly rows: readonly unknown[];
  readonly rejected: readonly (readonly [line: unknown, column: unknown, rule: unknown])[];
  readonly project: Project;
}

/** What sync makes of a text, and how it reads then; strictly too where nothing is rejected. */
async function read(text: string, more: Partial<Address> = {}): Promise<Read> {
  const project = await createProject(surroundings);
  await project.write("a.csv", text);
  const dataset = await project.freeze("a.csv", {}, more);
  const { accepted, rejected } = await readSplit(surroundings, await project.scan(dataset));
  if (rejected.length === 0) expect(await project.rows(dataset)).toEqual(accepted);
  return {
    project,
    dataset,
    rows: accepted,
    rejected: rejected.map(([, , line, column, rule]) => [line, column, rule]),
  };
}

const shape = ({ columns }: FrozenDataset): unknown[] => columns.map(({ type, trim = false }) => [type, trim]);

describe("blanks around values", () => {
  it("are left out of a column whose values need none, and frozen with it alone", async () => {
    const { dataset, rows } = await read("id#longitude#name\n1# -132.9# Ada\n2# 41.2#Grace\n3##\n");
    expect(shape(dataset)).toEqual([
      ["int64", false],
      ["float64", true],
      ["string", false],
    ]);
    expect(dataset.warnings).toEqual([]);
    expect(rows).toEqual([
      ["1", "-132.9", " Ada"],
      ["2", "41.2", "Grace"],
      ["3", null, null],
    ]);
  });

  it("make a value of the column refused where they were not frozen, and nothing else refused where they were", async () => {
    const { project, dataset } = await read("id,n\n1,1.5 \n2,2\n");
    await project.write("a.csv", "id,n\n 1,1.5\n2,\t2.5 \n3,x \n4,   \n5,1 5\n");
    const { accepted, rejected } = await readSplit(surroundings, await project.scan(dataset));
    expect(accepted).toEqual([
      ["2", "2.5"],
      ["4", null],
    ]);
    expect(rejected.map(([, record, , column, rule, raw]) => [record, column, rule, raw])).toEqual([
      ["1", "id", "has blanks around it", " 1,1.5"],
      ["3", "n", "is not a float64", "3,x "],
      ["5", "n", "is not a float64", "5,1 5"],
    ]);
  });

  it("are what the author says: of no column, or of all, texts too", async () => {
    const text = 'id,name,n\n1, Ada ,1\n2,"  ", 2\n3,"",3\n4,,4\n';
    const none = await read(text, { trim: false });
    expect(shape(none.dataset)).toEqual([
      ["int64", false],
      ["string", false],
      ["string", false],
    ]);
    expect(none.rows[0]).toEqual(["1", " Ada ", "1"]);
    const all = await read(text, { trim: true });
    expect(shape(all.dataset)).toEqual([
      ["int64", true],
      ["string", true],
      ["int64", true],
    ]);
    expect(all.rows).toEqual([
      ["1", "Ada", "1"],
      ["2", null, "2"],
      ["3", "", "3"],
      ["4", null, "4"],
    ]);
  });

  it("are no part of a word for null", async () => {
    const { dataset, rows } = await read("id,n\n1, 5\n2, NA\n3,NA\n", { nulls: ["NA"] });
    expect(shape(dataset)[1]).toEqual(["int64", true]);
    expect(rows).toEqual([
      ["1", "5"],
      ["2", null],
      ["3", null],
    ]);
  });

  it.each([
    ["int64", { types: new Map([["v", "int64"]]) }, [" 1", "2"], "int64"],
    ["bool", { types: new Map([["v", "bool"]]) }, [" yes", "no "], "bool"],
    ["date", { types: new Map([["v", "date"]]) }, [" 31.12.2024"], "date"],
  ])("are found where the type was declared: %s", async (_, request, values, type) => {
    const project = await createProject(surroundings);
    await project.write("a.csv", `k,v\n${values.map((value) => `1,${value}\n`).join("")}`);
    const found = await project.discover("a.csv", {}, request);
    expect([found.columns[1]?.type, found.columns[1]?.trim, found.warnings]).toEqual([type, true, []]);
  });
});

describe("blanks beside delimiters", () => {
  it.each([
    [", ", 'id, name, n\n1, Ada, 2\n2, "Hopper, Grace", 3\n3, , \n'],
    [" | ", "id | name | n\n1 | Ada | 2\n2 | Hopper, Grace | 3\n3 |  | \n"],
    ["; ", 'id; name; n\n1; Ada; 2\n2; "Hopper, Grace"; 3\n3; ; \n'],
  ])("are part of the delimiter where they always stand there: %j", async (delimiter, text) => {
    const { dataset, rows } = await read(text);
    expect(dataset.dialect?.delimiter).toBe(delimiter);
    expect(dataset.columns.map(({ name, type }) => `${name} ${type}`)).toEqual(["id int64", "name string", "n int64"]);
    expect(rows).toEqual([
      ["1", "Ada", "2"],
      ["2", "Hopper, Grace", "3"],
      ["3", null, null],
    ]);
  });

  it("belong to the values where they stand there sometimes", async () => {
    const { dataset, rows } = await read("id,name,n\n1, Ada, 2\n2,Grace,3\n");
    expect(dataset.dialect?.delimiter).toBe(",");
    expect(rows).toEqual([
      ["1", " Ada", "2"],
      ["2", "Grace", "3"],
    ]);
  });

  it("belong to the values where the start of a long file misleads", async () => {
    const start = "1, Ada, 2\n".repeat(20_000);
    const { dataset, rejected, rows } = await read(`id, name, n\n${start}2,Grace,3\n`);
    expect(dataset.dialect?.delimiter).toBe(",");
    expect(rejected).toEqual([]);
    expect(rows).toHaveLength(20_001);
  });

  it("are part of it even where a record is wrong for another reason", async () => {
    const { dataset, rejected } = await read(`id, name\n${"1, Ada\n".repeat(20)}2\n`);
    expect(dataset.dialect?.delimiter).toBe(", ");
    expect(rejected).toEqual([["22", "", "has too few fields"]]);
  });
});

describe("an apostrophe", () => {
  it("is the quote where it encloses a column, though some of its values break off at another", async () => {
    const { dataset, rows, rejected } = await read(
      `id,text\n${"1,'a, b'\n".repeat(5)}2,'it won't, no'\n${"3,'c, d, e'\n".repeat(4)}`,
    );
    expect([dataset.dialect?.delimiter, dataset.dialect?.quote]).toEqual([",", "'"]);
    expect(rows[0]).toEqual(["1", "a, b"]);
    expect(rejected).toEqual([["7", "", "has text after a closing quote"]]);
    expect(dataset.warnings).toHaveLength(1);
  });
});
