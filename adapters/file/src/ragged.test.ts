import { readInput } from "@sluice/conformance";
import { createDuckDbEngine } from "@sluice/duckdb";
import { afterAll, describe, expect, it } from "vitest";
import { createProject, removeFolders } from "./files.fixture.ts";
import { readSplit } from "./split.fixture.ts";

const engine = createDuckDbEngine({ threads: 2 });
const surroundings = { engine, readInput };
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await removeFolders();
});

const RAGGED = 'id,name,n\n1,Ada,1\n2,"a\nb"\n\n3\n4,x,4,\n5,x,5,5\n6,"x,6\n7,y,x\n';

describe("records with too few fields", () => {
  it("are rejects where nothing else was said", async () => {
    const project = await createProject(surroundings);
    await project.write("a.csv", RAGGED);
    const dataset = await project.freeze("a.csv");
    expect(dataset.dialect?.ragged).toBeUndefined();
    expect(dataset.warnings[0]).toBe("2 records of 7 will be rejected: the first, a.csv line 3, has too few fields");
    const { accepted } = await readSplit(surroundings, await project.scan(dataset));
    expect(accepted.map(([id]) => id)).toEqual(["1", "4", "7"]);
  });

  it("are filled up with nulls where that was asked for, and frozen; what is wrong in another way stays a reject", async () => {
    const project = await createProject(surroundings);
    await project.write("a.csv", RAGGED);
    const types = { n: "int64" };
    const found = await project.discover("a.csv", { ragged: "pad" }, { types: new Map(Object.entries(types)) });
    expect(found.warnings).toEqual([
      '"n" is declared int64: 1 of 3 values are none and will be rejected, the first "x" in line 10',
      expect.stringContaining("has too many fields"),
      expect.stringContaining("has an unterminated quote"),
    ]);
    const { columns } = found;
    const dataset = await project.freeze("a.csv", { columns }, { ragged: "pad" });
    expect(dataset.dialect?.ragged).toBe("pad");
    const { accepted, rejected } = await readSplit(surroundings, await project.scan(dataset));
    expect(accepted).toEqual([
      ["1", "Ada", "1"],
      ["2", "a\nb", null],
      ["3", null, null],
      ["4", "x", "4"],
    ]);
    expect(rejected.map(([, record, line, column, rule]) => [record, line, column, rule])).toEqual([
      ["5", "8", "", "has too many fields"],
      ["6", "9", "", "has an unterminated quote"],
      ["7", "10", "n", "is not an int64"],
    ]);
  });

  it("are refused as such in a column that is required", async () => {
    const project = await createProject(surroundings);
    await project.write("a.csv", "id,n\n1,1\n2\n");
    const found = await project.discover("a.csv", { ragged: "pad" }, { required: ["n"] });
    expect(found.warnings).toEqual(['"n" is required and null in 1 record, which is rejected']);
    const dataset = await project.freeze("a.csv", { columns: found.columns }, { ragged: "pad" });
    const { rejected } = await readSplit(surroundings, await project.scan(dataset));
    expect(rejected.map(([, , line, column, rule]) => [line, column, rule])).toEqual([["3", "n", "is null"]]);
  });

  it("are read strictly too", async () => {
    const project = await createProject(surroundings);
    await project.write("a.csv", "id; name; n\n1; Ada; 1\n2; b\n3\n");
    const dataset = await project.freeze("a.csv", {}, { ragged: "pad" });
    expect(await project.rows(dataset)).toEqual([
      ["1", "Ada", "1"],
      ["2", "b", null],
      ["3", null, null],
    ]);
  });
});
