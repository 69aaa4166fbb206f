import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
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
const project = (): Promise<Project> => createProject(surroundings);
const typesOf = ({ columns }: Pick<FrozenDataset, "columns">): unknown[] =>
  columns.map(({ name, type, partition }) => [name, type, partition === true]);

async function partitioned(): Promise<Project> {
  const at = await project();
  await at.write("d/year=2023/city=S%C3%A3o%20Paulo/m=01/day=2024-01-31/a.csv", "id,n\n1,x\n2,y\n");
  await at.write("d/year=2024/city=__HIVE_DEFAULT_PARTITION__/m=12/day=2024-02-29/a.csv", "id,n\n3,z\n");
  await at.write("d/year=2024/city=100%/m=12/day=2024-02-29/b.csv", "n,id\nv,4\n");
  return at;
}

const ROWS = [
  ["1", "x", "2023", "São Paulo", "01", "2024-01-31"],
  ["2", "y", "2023", "São Paulo", "01", "2024-01-31"],
  ["4", "v", "2024", "100%", "12", "2024-02-29"],
  ["3", "z", "2024", null, "12", "2024-02-29"],
];

describe("folders of keys and values", () => {
  it("are typed columns where all paths agree", async () => {
    const at = await partitioned();
    const dataset = await at.freeze("d/**/*.csv", { reordered: "accept" });
    expect(typesOf(dataset)).toEqual([
      ["id", "int64", false],
      ["n", "string", false],
      ["year", "int64", true],
      ["city", "string", true],
      ["m", "string", true],
      ["day", "date", true],
    ]);
    expect(dataset.warnings).toEqual([
      '"m" is string, since 01 begins with a zero: declare types: { m: "int64" } to have numbers',
    ]);
    const sorted = (rows: readonly unknown[]): unknown[] => rows.map(String).toSorted();
    expect(sorted(await at.rows(dataset))).toEqual(sorted(ROWS));
    await at.write("d/year=2025/city=x/m=1/day=2025-01-01/c.csv", "id,n\n5,ok\nbad,x\n");
    const { accepted, rejected } = await readSplit(surroundings, await at.scan(dataset));
    expect(sorted(accepted)).toEqual(sorted([...ROWS, ["5", "ok", "2025", "x", "1", "2025-01-01"]]));
    expect(rejected.map((row) => row.slice(0, 5))).toEqual([
      ["d/year=2025/city=x/m=1/day=2025-01-01/c.csv", "2", "3", "id", "is not an int64"],
    ]);
  });

  it("have the types, layouts and columns that are declared", async () => {
    const at = await partitioned();
    const request = {
      types: new Map([
        ["m", "int32"],
        ["id", "string"],
      ]),
      required: ["year"],
    };
    const found = await at.discover("d/**/*.csv", {}, { ...request, columns: ["id", "m", "year"] });
    expect(found.columns.map(({ name, type, nullable }) => [name, type, nullable])).toEqual([
      ["id", "string", true],
      ["year", "int64", false],
      ["m", "int32", true],
    ]);
    expect(found.partial).toBe(true);
    const columns = found.columns;
    const dataset = {
      ...(await at.freeze("d/**/*.csv")),
      columns,
      partial: true as const,
      reordered: "accept" as const,
    };
    expect((await at.rows(dataset)).map(String).toSorted()).toEqual(["1,2023,1", "2,2023,1", "3,2024,12", "4,2024,12"]);
    const fewer = await at.discover("d/**/*.csv", { hive: false });
    expect(typesOf(fewer)).toEqual([
      ["id", "int64", false],
      ["n", "string", false],
    ]);
  });

  it("that a path lacks, has more of, or fills with nonsense are drift", async () => {
    for (const [to, says] of [
      ["d/year=2024/x.csv", 'its path has no "m="'],
      ["d/year=2024/m=1/q=1/x.csv", 'its path has the key "q", which is not frozen'],
      ["d/year=ten/m=1/x.csv", '"year" in its path is not an int64: "ten"'],
    ] as const) {
      const at = await project();
      await at.write("d/year=2024/m=1/x.csv", "id\n1\n");
      const dataset = await at.freeze("d/**/*.csv");
      await mkdir(dirname(join(at.root, to)), { recursive: true });
      await rename(join(at.root, "d/year=2024/m=1/x.csv"), join(at.root, to));
      await expect(at.scan(dataset)).rejects.toMatchObject({
        code: "data",
        reason: "drift",
        message: `${to} is not what was frozen as "things": ${says}`,
      });
      if (to.includes("q=1")) expect(await at.rows({ ...dataset, drift: "warn" })).toEqual([["1", "2024", "1"]]);
    }
  });

  it("are left alone where paths differ or the files have the column, and refused where they were asked for", async () => {
    const at = await project();
    await at.write("d/a=1/x.csv", "id\n1\n");
    await at.write("d/x.csv", "id\n2\n");
    expect(typesOf(await at.freeze("d/**/*.csv"))).toEqual([["id", "int64", false]]);
    await expect(at.discover("d/**/*.csv", { hive: true })).rejects.toMatchObject({ reason: "drift" });
    await expect(at.discover("d/x.csv", { hive: true })).rejects.toMatchObject({ reason: "drift" });
    await rm(join(at.root, "d/x.csv"));
    expect(typesOf(await at.freeze("d/a=1/x.csv", {}, { hive: true }))).toEqual([
      ["id", "int64", false],
      ["a", "int64", true],
    ]);
    expect(typesOf(await at.freeze("d/a=1/x.csv"))).toEqual([["id", "int64", false]]);
    await at.write("d/a=1/x.csv", "A\n1\n");
    expect((await at.discover("d/**/*.csv")).warnings).toEqual([
      '"a" is a column of the files and a key of their folders, which are left out',
    ]);
    await expect(at.discover("d/**/*.csv", { hive: true })).rejects.toMatchObject({ code: "config" });
  });

  it("are columns of NDJSON and JSON too, in the strict read and in the split", async () => {
    for (const [ending, text] of [
      ["ndjson", (id: string) => `{"id":${id},"n":"x"}\n`],
      ["json", (id: string) => `[\n{"id":${id},"n":"x"}\n]`],
    ] as const) {
      const at = await project();
      await at.write(`j/year=2023/a.${ending}`, text("1"));
      await at.write(`j/year=__HIVE_DEFAULT_PARTITION__/a.${ending}`, text("2"));
      const dataset = await at.freeze(`j/*/a.${ending}`);
      expect(typesOf(dataset).at(-1)).toEqual(["year", "int64", true]);
      expect(await at.rows(dataset)).toEqual([
        ["1", "x", "2023"],
        ["2", "x", null],
      ]);
      await at.write(`j/year=2024/a.${ending}`, text('"bad"'));
      const { accepted, rejected } = await readSplit(surroundings, await at.scan(dataset));
      expect(accepted.map(String)).toEqual(["1,x,2023", "2,x,"]);
      expect(rejected.map((row) => row.slice(0, 2))).toEqual([[`j/year=2024/a.${ending}`, "1"]]);
    }
  });

  it("are columns of Parquet, lines and fixed width too", async () => {
    const at = await project();
    for (const [year, name] of [
      ["2023", "Ada"],
      ["2024", "Alan"],
    ] as const) {
      await at.write(`t/year=${year}/x.txt`, `${name.padEnd(5)}1\n`);
      const [rows] = await at.rows(await at.freeze(`t/year=${year}/x.txt`, {}, { format: "lines" }));
      expect(rows).toEqual([`${name.padEnd(5)}1`]);
    }
    expect(await at.rows(await at.freeze("t/*/x.txt", {}, { format: "lines" }))).toEqual([
      ["Ada  1", "2023"],
      ["Alan 1", "2024"],
    ]);
    const fixed = await at.freeze(
      "t/*/x.txt",
      {},
      {
        format: "fixed",
        columns: [
          ["name", 1, 5],
          ["n", 6, 6],
        ],
      },
    );
    expect(await at.rows(fixed)).toEqual([
      ["Ada", "1", "2023"],
      ["Alan", "1", "2024"],
    ]);
    const { accepted } = await readSplit(surroundings, await at.scan(fixed));
    expect(accepted).toEqual(await at.rows(fixed));
    const { signal } = new AbortController();
    for (const year of ["2023", "2024"]) {
      const query = engine.compile(
        { kind: "values", columns: [{ name: "id", type: "int64", nullable: true }], rows: [[year]] },
        { schemaOf: () => ({ columns: [] }), parameters: new Map() },
      );
      const path = join(at.root, `p/year=${year}/x.parquet`);
      await mkdir(dirname(path), { recursive: true });
      await engine.execute(query, {
        inputs: new Map(),
        parameters: new Map(),
        constants: { now: "1970-01-01T00:00:00Z", today: "1970-01-01" },
        signal,
        output: { format: "parquet", path, ordered: true },
      });
    }
    expect(await at.rows(await at.freeze("p/*/x.parquet"))).toEqual([
      ["2023", "2023"],
      ["2024", "2024"],
    ]);
  });
});
