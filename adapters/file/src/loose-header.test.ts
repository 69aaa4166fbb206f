import { readInput } from "@sluice/conformance";
import type { FrozenDataset } from "@sluice/core";
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

const RECORDS = '1,"Hopper, Grace",x\n2,"Ada",y\n';
const ROWS = [
  ["1", "Hopper, Grace", "x"],
  ["2", "Ada", "y"],
];

/** The rows by the strict read and by the split, which must agree. */
async function bothWays(at: Project, dataset: FrozenDataset): Promise<readonly unknown[]> {
  const rows = await at.rows(dataset);
  const { accepted, rejected } = await readSplit(surroundings, await at.scan(dataset));
  expect([rejected, accepted]).toEqual([[], rows]);
  return rows;
}

describe("a header that is not sound", () => {
  it.each([
    ["a quote before a name", '"id,"name",note\n', ['"id', "name", "note"], "has text after a closing quote"],
    ["a quote before the last name", 'id,"name","note\n', ["id", "name", '"note'], "has an unterminated quote"],
    ["a quote too many", 'id,""name",note\n', ["id", '"name', "note"], "has text after a closing quote"],
    ["an empty name in front", ",id,name,note\n", ["id", "name", "note"], "field 1, is left out"],
    ["an empty name between", "id,name,,note\n", ["id", "name", "note"], "field 3, is left out"],
  ])("gives its names all the same, with a doubt: %s", async (_, header, names, says) => {
    const at = await createProject(surroundings);
    await at.write("a.csv", header + RECORDS);
    const dataset = await at.freeze("a.csv");
    expect(dataset.dialect?.looseHeader).toBe(true);
    expect(dataset.columns.map(({ name }) => name)).toEqual(names);
    expect(dataset.warnings).toEqual([expect.stringMatching(new RegExp(`^a.csv line 1, the header, .*${says}`))]);
    expect(await bothWays(at, dataset)).toEqual(ROWS);
    // The next file may have a sound one.
    await at.write("a.csv", `${names.map((name) => `"${name.replaceAll('"', '""')}"`).join(",")}\n${RECORDS}`);
    expect(await bothWays(at, dataset)).toEqual(ROWS);
    await at.write("a.csv", `id,other,note\n${RECORDS}`);
    await expect(at.scan(dataset)).rejects.toMatchObject({ code: "data", reason: "drift" });
  });

  it("keeps its lines' numbers", async () => {
    const at = await createProject(surroundings);
    await at.write("a.csv", `\n\n"id,"name",note\n${RECORDS}3\n`);
    const { rejected } = await readSplit(surroundings, await at.scan(await at.freeze("a.csv")));
    expect(rejected.map(([, record, line, , rule]) => [record, line, rule])).toEqual([
      ["3", "6", "has too few fields"],
    ]);
  });

  it("is an error where nobody can tell its names", async () => {
    const at = await createProject(surroundings);
    await at.write("a.csv", `"id,"na,me",note\n${RECORDS}`);
    await expect(at.discover("a.csv")).rejects.toMatchObject({ code: "data", reason: "header" });
  });

  it.each([
    ["an empty name over values", `id,,note\n${RECORDS}`, ["id", "column2", "note"]],
    ["an empty name over nothing", "id,,note\n1,,x\n2,,y\n", ["id", "column2", "note"]],
    ["delimiters at the end", `id,name,note,,\n${RECORDS}`, ["id", "name", "note"]],
  ])("is none with %s", async (_, text, names) => {
    const at = await createProject(surroundings);
    await at.write("a.csv", text);
    const { dialect, columns } = await at.discover("a.csv");
    expect([dialect?.looseHeader, columns.map(({ name }) => name)]).toEqual([undefined, names]);
  });

  it("is a doubt where records are longer, though they end in nothing", async () => {
    const at = await createProject(surroundings);
    await at.write("a.csv", "id,note\n1,x,\n2,y,\n");
    const { warnings } = await at.discover("a.csv");
    expect(warnings).toEqual([
      "a.csv line 1, the header, has 2 fields and most records 3: names are taken in their order, look whether they are those of their columns",
    ]);
  });
});
