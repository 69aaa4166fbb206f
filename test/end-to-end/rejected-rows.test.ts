import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { testProject } from "../cli/sluice.ts";
import { query, querySqlite } from "./reading.ts";

type Rows = readonly (readonly unknown[])[];

/** What a load may be written into, and how its rows are read again by another reader. */
const TARGETS: Readonly<Record<string, readonly [into: string, read: (root: string) => Promise<Rows> | Rows]>> = {
  "a file of Parquet": ["{ file: out/x.parquet }", (root) => query(`from '${root}/out/x.parquet'`)],
  "a file of text": ["{ file: out/x.csv }", (root) => query(`from '${root}/out/x.csv'`)],
  "a folder of Parquet": [
    "{ file: out/x, format: parquet, partitions: [name] }",
    (root) => query(`from read_parquet('${root}/out/x/**/*.parquet', hive_partitioning = true)`),
  ],
  "a folder of text": [
    "{ file: out/x, format: csv, partitions: [name] }",
    (root) => query(`from read_csv('${root}/out/x/**/*.csv', hive_partitioning = true)`),
  ],
  "a table of SQLite": ["sqlite.w.x", (root) => querySqlite(join(root, "w.db"), "select id, name from x")],
  "a table of the lake": [
    "{ lake: main.x, partitions: [name] }",
    (root) => query(`from read_parquet('${root}/lake/**/*.parquet')`),
  ],
};

/**
 * A record that nobody saw when the columns were frozen: the engine throws away what it wrote until it met it, and writes
 * again, in the very place that the target gave it.
 */
describe("a record that does not fit", () => {
  it.each(Object.keys(TARGETS))("stays behind alone where rows go into %s", async (target) => {
    const [into, read] = TARGETS[target] ?? ["", () => []];
    using project = testProject({
      "sluice.config.ts": `import { csv, defineConfig } from "sluice";
export default defineConfig({
  project: "rejects",
  datasets: { rows: csv("rows.csv") },
  connections: { w: { type: "sqlite", path: "w.db" } },
});
`,
      "rows.csv": "id,name\n1,a\n2,b\n",
      "pipelines/p.yaml": `name: p\nsteps:\n  copy: { load: { from: rows, into: ${into}, mode: replace } }\n`,
    });
    expect(project.run(["sync"])).toMatchObject({ status: 0 });
    project.write("rows.csv", "id,name\n1,a\nx,b\n3,b\n");
    const run = project.run(["run"]);
    expect(run).toMatchObject({ status: 0, error: "", out: expect.stringContaining("1 record of 3 in rows rejected") });
    expect((await read(project.root)).map(([id, name]) => [Number(id), name]).toSorted()).toEqual([
      [1, "a"],
      [3, "b"],
    ]);
  });

  it.each(["load.staged", "load.committed"])("is counted by a run that was killed at %s and resumed", (point) => {
    using project = testProject({
      "sluice.config.ts": `import { csv, defineConfig } from "sluice";
export default defineConfig({ project: "rejects", datasets: { rows: csv("rows.csv") } });
`,
      "rows.csv": "id,name\n1,a\n2,b\n",
      "pipelines/p.yaml": "name: p\nsteps:\n  copy: { load: { from: rows, into: { lake: main.x }, mode: append } }\n",
    });
    expect(project.run(["sync"])).toMatchObject({ status: 0 });
    project.write("rows.csv", "id,name\n1,a\nx,b\n3,b\n");
    expect(project.run(["run"], { SLUICE_CRASH_AT: point })).toMatchObject({ status: null });
    const [run] = JSON.parse(project.run(["runs", "--json"]).out) as readonly { readonly id: string }[];
    expect(project.run(["run", "--resume", run?.id ?? ""])).toMatchObject({ status: 0 });
    const shown = JSON.parse(project.run(["runs", "show", run?.id ?? "", "--json"]).out) as {
      readonly steps: Readonly<Record<string, unknown>>;
    };
    expect(shown.steps.copy).toMatchObject({ rejected: 1, load: { inserted: 2, rejected: 1 } });
  });
});
