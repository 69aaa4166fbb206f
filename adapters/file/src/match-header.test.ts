import { join } from "node:path";
import { readInput, writeRows } from "@sluice/conformance";
import { createDuckDbEngine } from "@sluice/duckdb";
import { afterAll, describe, expect, it } from "vitest";
import { createProject, type Project, removeFolders } from "./files.fixture.ts";

const engine = createDuckDbEngine({ threads: 2 });
const surroundings = { engine, readInput };
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await removeFolders();
});
const project = (): Promise<Project> => createProject(surroundings);

describe("headers", () => {
  const frozen = async () => {
    const at = await project();
    await at.write("x.csv", "id,name,zip\n1,Ada,00501\n");
    return { at, dataset: await at.freeze("x.csv") };
  };

  it("in another order are drift, or each file is read by its own", async () => {
    const { at, dataset } = await frozen();
    await at.write("x.csv", "zip,id,name\n00501,1,Ada\n");
    await expect(at.rows(dataset)).rejects.toMatchObject({
      code: "data",
      reason: "drift",
      message: expect.stringContaining("stand in another order"),
    });
    expect(at.warnings).toEqual([]);
    expect(await at.rows({ ...dataset, reordered: "warn" })).toEqual([["1", "Ada", "00501"]]);
    expect(at.warnings).toEqual([expect.stringContaining("it is read by its own header")]);
    expect(await at.rows({ ...dataset, reordered: "accept" })).toEqual([["1", "Ada", "00501"]]);
    expect(at.warnings).toHaveLength(1);
    await at.write("y.csv", "id,name,zip\n2,Grace,00502\n");
    const both = { ...dataset, reordered: "accept", source: { type: "file", path: "?.csv" } } as const;
    const { groups } = await at.scan(both);
    expect(groups.map((group) => group.order)).toEqual([
      ["zip", "id", "name"],
      ["id", "name", "zip"],
    ]);
    expect(await at.rows(both)).toHaveLength(2);
  });

  it.each([
    ["id,name\n1,Ada\n", ['"zip" (string) is gone']],
    ["id,name,zip,city\n1,Ada,00501,x\n", ['"city" (string) is new']],
    ["id,nome,zip\n1,Ada,00501\n", ['"name" is now called "nome"']],
    ["ID,name,zip\n1,Ada,00501\n", ['"id" is now called "ID"']],
    ["1,Ada,00501\n", ['"id"', '"1"']],
  ])("that differ are drift: %j", async (content, says) => {
    const { at, dataset } = await frozen();
    await at.write("x.csv", content);
    for (const text of says) {
      await expect(at.rows({ ...dataset, reordered: "accept" })).rejects.toMatchObject({
        code: "data",
        reason: "drift",
        offending: "x.csv",
        message: expect.stringContaining(text),
        hint: 'run "sluice sync things --accept" to freeze what is there now',
      });
    }
  });

  it("with more columns than frozen are read without them where drift is a warning or columns were chosen", async () => {
    const { at, dataset } = await frozen();
    await at.write("x.csv", "id,city,name,zip,\n1,x,Ada,00501,\n");
    const warned = { ...dataset, drift: "warn" } as const;
    expect(await at.rows(warned)).toEqual([["1", "Ada", "00501"]]);
    expect(at.warnings).toEqual(['x.csv has columns that are not frozen and are not read: "city"']);
    expect(await at.rows({ ...dataset, partial: true })).toEqual([["1", "Ada", "00501"]]);
    expect(at.warnings).toHaveLength(1);
    await at.write("x.csv", "id,city\n1,x\n");
    await expect(at.rows(warned)).rejects.toMatchObject({ reason: "drift" });
  });

  it("of Parquet files are compared by name and type", async () => {
    const at = await project();
    const write = async (name: string, columns: readonly (readonly [string, string])[]): Promise<void> => {
      const schema = { columns: columns.map(([column, type]) => ({ name: column, type, nullable: true })) };
      await writeRows(engine, schema, [columns.map(() => "1")], {
        format: "parquet",
        path: join(at.root, name),
        ordered: true,
      });
    };
    await write("a.parquet", [
      ["id", "int64"],
      ["name", "string"],
    ]);
    const dataset = await at.freeze("a.parquet");
    await write("a.parquet", [
      ["name", "string"],
      ["id", "int64"],
    ]);
    expect(await at.rows(dataset)).toEqual([["1", "1"]]);
    await write("a.parquet", [
      ["name", "string"],
      ["id", "int32"],
    ]);
    await expect(at.rows(dataset)).rejects.toMatchObject({
      reason: "drift",
      message: expect.stringContaining('"id" was int64 and is int32'),
    });
    await write("a.parquet", [
      ["name", "string"],
      ["id", "int64"],
      ["more", "string"],
    ]);
    await expect(at.rows(dataset)).rejects.toMatchObject({ reason: "drift" });
    expect(await at.rows({ ...dataset, drift: "warn" })).toEqual([["1", "1"]]);
    await at.write("a.parquet", "PAR1");
    const failure = await at.rows(dataset).catch((error: Error) => error.message);
    expect(failure).toContain("a.parquet");
    expect(failure).not.toContain("0001");
    await expect(at.discover("a.parquet")).rejects.toMatchObject({ code: "data", message: failure });
    await at.write("a.parquet", "id,name\n");
    await expect(at.rows(dataset)).rejects.toMatchObject({ code: "data", reason: "corrupt" });
    await at.write("a.parquet", "");
    await expect(at.rows(dataset)).rejects.toMatchObject({ code: "data", reason: "empty" });
  });

  it("may be 2,000 names long, and any of them strange", async () => {
    const at = await project();
    const names = [
      'select"x',
      "then",
      "__proto__",
      "constructor",
      ...Array.from({ length: 1996 }, (_, index) => `c${index}`),
    ];
    const line = (values: readonly string[]): string =>
      `${values.map((value) => `"${value.replaceAll('"', '""')}"`).join(",")}\n`;
    await at.write("wide.csv", line(names) + line(names.map((_, index) => String(index))));
    const dataset = await at.freeze("wide.csv");
    expect(dataset.columns.map((column) => column.name)).toEqual(names);
    expect(dataset.columns.every((column) => column.type === "int64")).toBe(true);
    expect(await at.rows(dataset)).toEqual([names.map((_, index) => String(index))]);
  });
});
