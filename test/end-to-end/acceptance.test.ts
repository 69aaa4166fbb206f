import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type TestProject, testProject } from "../cli/sluice.ts";
import { lastEvent } from "./events.ts";
import { query } from "./reading.ts";

/** Ten records; which are accepted does not depend on who reads what: 1, 4, 8 and 10 are. */
const DIRTY = [
  "id,amount,price,seen,note",
  '1,10,1.50,2024-01-01T00:00:00,"first',
  'line"',
  "2,1.7,1.00,2024-01-02T00:00:00,an integer with a fraction",
  "3,3,12.345,2024-01-03T00:00:00,three places",
  "4,4,4.00,2024-01-04T00:00:00,good",
  "5,5,5.00,2024-01-05T00:00:00+02,an offset",
  "6,0x1F,6.00,2024-01-06T00:00:00,hex",
  "7,1_000,7.00,2024-01-07T00:00:00,underscore",
  "8,,,,nulls",
  "9,9,9.00,2024-01-09T00:00:00Z,zulu",
  "10,-10,10.1,2024-01-10T00:00:00,good",
  "",
].join("\n");
const ACCEPTED = [["1"], ["4"], ["8"], ["10"]];

function dirtyProject(options: string, steps: string, more: Readonly<Record<string, string>> = {}): TestProject {
  const project = testProject({
    "sluice.config.ts": `import { csv, defineConfig } from "sluice";
export default defineConfig({ project: "dirty", datasets: { rows: csv("data/rows.csv", { types: { id: "int64", amount: "int64", price: "decimal(10,2)", seen: "timestamp" }${options} }) } });\n`,
    // What is frozen is frozen from clean rows; the dirty ones arrive later.
    "data/rows.csv": "id,amount,price,seen,note\n1,10,1.50,2024-01-01T00:00:00,x\n",
    "pipelines/p.yaml": `name: p\nsteps:\n${steps}`,
    ...more,
  });
  const synced = project.run(["sync"]);
  expect(synced.error).toBe("");
  expect(synced.status).toBe(0);
  project.write("data/rows.csv", DIRTY);
  return project;
}

const load = (name: string, from: string): string =>
  `  load_${name}: { load: { from: ${from}, into: { file: out/${name}.parquet }, mode: replace } }\n`;

describe("acceptance does not depend on the consumer", () => {
  const projections: Readonly<Record<string, string>> = {
    "all columns": "  a: { transform: { from: rows } }\n",
    "the key alone": "  a: { transform: { from: rows, select: { id: id } } }\n",
    "a bad column": "  a: { transform: { from: rows, select: { id: id, amount: amount } } }\n",
    "another bad column": "  a: { transform: { from: rows, select: { id: id, price: price } } }\n",
    "behind a filter": "  a: { transform: { from: rows, filter: id > 0, select: { id: id, note: note } } }\n",
    checked: "  a: { transform: { from: rows, select: { id: id } }, checks: [{ notNull: id }] }\n",
  };
  for (const [name, step] of Object.entries(projections)) {
    for (const [how, options] of [
      ["fused", ""],
      ["persistent", ', stage: "persistent"'],
    ] as const) {
      it(`${name}, ${how}`, async () => {
        using project = dirtyProject(options, step + load("a", "a"));
        const { status, out } = project.run(["run", "--json"]);
        expect(status).toBe(0);
        const finished = lastEvent(out);
        expect(finished.status).toBe("succeeded");
        expect(Object.values(finished.steps).reduce((sum, each) => sum + each.rejected, 0)).toBe(6);
        expect(await query(`select id::varchar from '${project.root}/out/a.parquet' order by id`)).toEqual(ACCEPTED);
      });
    }
  }

  it("landed, because two stages read it", async () => {
    using project = dirtyProject(
      "",
      `  a: { transform: { from: rows, select: { id: id } } }\n  b: { transform: { from: rows, select: { id: id, n: amount } } }\n${load("a", "a")}${load("b", "b")}`,
    );
    expect(project.run(["run"]).status).toBe(0);
    for (const name of ["a", "b"])
      expect(await query(`select id::varchar from '${project.root}/out/${name}.parquet' order by id`)).toEqual(
        ACCEPTED,
      );
  });

  it("count(*) counts the accepted records", async () => {
    using project = dirtyProject(
      "",
      `  a: { transform: { from: rows, aggregate: { by: [], columns: { n: count(*) } } } }\n${load("a", "a")}`,
    );
    expect(project.run(["run"]).status).toBe(0);
    expect(await query(`select n::varchar from '${project.root}/out/a.parquet'`)).toEqual([["4"]]);
  });

  it("a limit neither hides rejects nor lets them through", async () => {
    using project = dirtyProject("", `  a: { transform: { from: rows, limit: 1 } }\n${load("a", "a")}`);
    const { status, out } = project.run(["run", "--json"]);
    expect(status).toBe(0);
    expect(Object.values(lastEvent(out).steps).reduce((sum, each) => sum + each.rejected, 0)).toBe(6);
  });

  it("rejects name file, record, line, rule and raw text", async () => {
    using project = dirtyProject("", `  a: { transform: { from: rows, select: { id: id } } }\n${load("a", "a")}`);
    expect(project.run(["run"]).status).toBe(0);
    const [folder = ""] = readdirSync(join(project.root, ".sluice/stage")).filter((name) => name !== "persistent");
    const rejects = await query(
      `select file, record::int, line::int, "column", rule, raw from '${project.root}/.sluice/stage/${folder}/quarantine/rows.parquet' order by record`,
    );
    expect(rejects.map((row) => row.slice(0, 4))).toEqual([
      ["data/rows.csv", 2, 4, "amount"],
      ["data/rows.csv", 3, 5, "price"],
      ["data/rows.csv", 5, 7, "seen"],
      ["data/rows.csv", 6, 8, "amount"],
      ["data/rows.csv", 7, 9, "amount"],
      ["data/rows.csv", 9, 11, "seen"],
    ]);
    expect(rejects[0]?.[5]).toBe("2,1.7,1.00,2024-01-02T00:00:00,an integer with a fraction");
  });

  for (const [limit, status] of [
    ["6", 0],
    ["5", 1],
    ['"60%"', 0],
    ['"59%"', 1],
    ["0", 1],
  ] as const) {
    it(`maxRejects ${limit} of 6 in 10 ends with ${status}`, () => {
      using project = dirtyProject(`, maxRejects: ${limit}`, `  a: { transform: { from: rows } }\n${load("a", "a")}`);
      const run = project.run(["run"]);
      expect(run.status).toBe(status);
      expect(project.has("out/a.parquet")).toBe(status === 0);
      if (status === 1) {
        expect(run.error + run.out).toContain("6");
        expect(project.has("out") ? readdirSync(join(project.root, "out")) : []).toEqual([]);
      }
    });
  }
});

describe("files that are not what was frozen", () => {
  it("a swapped header is drift and never exit 0", () => {
    using project = dirtyProject("", `  a: { transform: { from: rows } }\n${load("a", "a")}`);
    project.write("data/rows.csv", "amount,id,price,seen,note\n10,1,1.50,2024-01-01T00:00:00,x\n");
    const { status, error } = project.run(["run"]);
    expect(status).toBe(1);
    expect(error).toContain("data/rows.csv");
    expect(error).toMatch(/amount/);
    expect(project.has("out/a.parquet")).toBe(false);
  });

  it("a swapped header is read by name where the dataset accepts it", async () => {
    using project = dirtyProject(', reordered: "accept"', `  a: { transform: { from: rows } }\n${load("a", "a")}`);
    project.write("data/rows.csv", "amount,id,price,seen,note\n10,1,1.50,2024-01-01T00:00:00,x\n");
    expect(project.run(["run"]).status).toBe(0);
    expect(await query(`select id::int, amount::int from '${project.root}/out/a.parquet'`)).toEqual([[1, 10]]);
  });

  it("a 40 MB line is one reject", async () => {
    using project = dirtyProject("", `  a: { transform: { from: rows } }\n${load("a", "a")}`);
    project.write(
      "data/rows.csv",
      `id,amount,price,seen,note\n1,1,1.00,2024-01-01T00:00:00,good\n2,2,2.00,2024-01-01T00:00:00,${"x".repeat(40_000_000)}\n3,3,3.00,2024-01-01T00:00:00,good\n`,
    );
    const { status, out } = project.run(["run", "--json"]);
    expect(status).toBe(0);
    expect(Object.values(lastEvent(out).steps).reduce((sum, each) => sum + each.rejected, 0)).toBe(1);
    expect(await query(`select id::int from '${project.root}/out/a.parquet' order by id`)).toEqual([[1], [3]]);
  });
});
