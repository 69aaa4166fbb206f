import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { type TestProject, testProject } from "../cli/sluice.ts";
import { lastEvent } from "./events.ts";
import { query } from "./reading.ts";

const CONFIG = `import { csv, defineConfig, fixed, lines } from "sluice";
export default defineConfig({
  project: "texts",
  datasets: {
    payments: fixed("data/payments.txt", { columns: { id: [1, 4], day: [6, 15], kind: [17, 19] }, comment: "#" }),
    sales: csv("data/year=*/sales.csv", { skip: 2, skipEnd: 1, comment: "#", decimal: ",", thousands: ".", nulls: ["NA"] }),
    log: lines("data/app.log.gz"),
  },
});
`;
const FILES = {
  "sluice.config.ts": CONFIG,
  "data/payments.txt": "# made by hand\n   1 2024-01-31 PTE\n  22 2024-02-29 PTP\n",
  "data/year=2023/sales.csv": "Sales\n\nid;amount\n1;1.234,50\n2;NA\nsum;1.234,50\n",
  "data/year=2024/sales.csv": "Sales\n\nid;amount\n# late\n3;0,5\nsum;0,50\n",
  "data/app.log.gz": gzipSync("ERROR a, b\n\nok\n"),
  "pipelines/p.yaml": `name: p
steps:
  all:
    transform:
      from: payments
      join: { with: sales, on: l.id = r.id, how: full, select: { id: "coalesce(l.id, r.id)", kind: l.kind, amount: r.amount, year: r.year } }
  errors: { transform: { from: log, filter: "line = 'ERROR a, b'" } }
  write: { load: { from: all, into: { file: out/all.parquet }, mode: replace } }
  write_errors: { load: { from: errors, into: { file: out/errors.parquet }, mode: replace } }
`,
} as const;

function texts(): TestProject {
  const project = testProject(FILES as unknown as Readonly<Record<string, string>>);
  const synced = project.run(["sync"]);
  expect(synced.error).toBe("");
  expect(synced.status).toBe(0);
  return project;
}

describe("texts of other forms", () => {
  it("are synced, planned, run, and frozen as they were found", async () => {
    using project = texts();
    const checked = project.run(["check", "--frozen"]);
    expect([checked.status, checked.error]).toEqual([0, ""]);
    expect(project.run(["run"]).status).toBe(0);
    const rows = await query(
      `select id::varchar, kind, amount::varchar, year::varchar from '${project.root}/out/all.parquet' order by id`,
    );
    expect(rows).toEqual([
      ["1", "PTE", "1234.5", "2023"],
      ["2", null, null, "2023"],
      ["3", null, "0.5", "2024"],
      ["22", "PTP", null, null],
    ]);
    expect(await query(`select * from '${project.root}/out/errors.parquet'`)).toEqual([["ERROR a, b"]]);
    const again = project.run(["sync"]);
    expect(again.status).toBe(0);
    expect(again.out).not.toContain(": changed");
  });

  it("reject what does not fit, under the names and lines of their files", async () => {
    using project = texts();
    project.write("data/payments.txt", "# x\n   1 2024-01-31 PTE\n\n   2 2024-02-30 PTE\n  3\n");
    project.write("data/year=2024/sales.csv", "Sales\n\nid;amount\n3;0.5\n4;5,5\nsum;x\n");
    const { status, out } = project.run(["run", "--json"]);
    expect(status).toBe(0);
    const finished = lastEvent(out);
    expect(Object.values(finished.steps).reduce((sum, each) => sum + each.rejected, 0)).toBe(3);
    const [folder = ""] = readdirSync(join(project.root, ".sluice/stage")).filter((name) => name !== "persistent");
    const at = `${project.root}/.sluice/stage/${folder}/quarantine`;
    const columns = 'file, record::int, line::int, "column", rule, raw';
    expect(await query(`select ${columns} from '${at}/payments.parquet' order by record`)).toEqual([
      ["data/payments.txt", 2, 4, "day", "is no day of the calendar", "   2 2024-02-30 PTE"],
      ["data/payments.txt", 3, 5, "", "has too few characters", "  3"],
    ]);
    expect(await query(`select ${columns} from '${at}/sales.parquet' order by record`)).toEqual([
      ["data/year=2024/sales.csv", 1, 4, "amount", "is not a float64", "3;0.5"],
    ]);
  });

  it("stop a run where a frozen key of their paths is gone", () => {
    using project = texts();
    project.write("data/year=old/sales.csv", "Sales\n\nid;amount\n1;1,0\nsum;1\n");
    const { status, error } = project.run(["run"]);
    expect(status).toBe(1);
    expect(error).toContain('error[data: drift]: data/year=old/sales.csv is not what was frozen as "sales"');
    expect(error).toContain('"year" in its path is not an int64: "old"');
  });
});

describe("a text that was told nothing of", () => {
  it("has its blanks frozen with the column that they mean nothing in, and its short records filled up where asked", async () => {
    const records =
      "2021-02-07 13:55:01#-16.2# -132.9#Yes\n2020-07-16 15:36:41#-34.1# 41.1#No\n2021-01-01 00:00:00#1.5\n";
    using project = testProject({
      "sluice.config.ts": `import { csv, defineConfig } from "sluice";
export default defineConfig({ project: "p", datasets: { visits: csv("data/visits.txt", { ragged: "pad" }), all: csv("data/visits.txt") } });
`,
      "data/visits.txt": `timestamp#latitude#longitude#mobile\n${records}`,
      "pipelines/p.yaml":
        "name: p\nsteps: { write: { load: { from: visits, into: { file: out/visits.parquet }, mode: replace } } }\n",
    });
    const synced = project.run(["sync"]);
    expect([synced.status, synced.error]).toEqual([0, ""]);
    const frozen = JSON.parse(readFileSync(join(project.root, "schemas/visits.json"), "utf8"));
    expect(frozen.dialect).toMatchObject({ delimiter: "#", ragged: "pad" });
    expect(frozen.columns[2]).toEqual({
      name: "longitude",
      type: "float64",
      nullable: true,
      trim: true,
      comment: 'float64; 33 % null; like "-132.9"',
    });
    expect(frozen.warnings).toEqual([]);
    const { dialect, warnings } = JSON.parse(readFileSync(join(project.root, "schemas/all.json"), "utf8"));
    expect(dialect.ragged).toBeUndefined();
    expect(warnings).toEqual(["1 record of 3 will be rejected: the first, data/visits.txt line 4, has too few fields"]);
    expect(project.run(["run"]).status).toBe(0);
    expect(await query(`select longitude::varchar, mobile from '${project.root}/out/visits.parquet'`)).toEqual([
      ["-132.9", "Yes"],
      ["41.1", "No"],
      [null, null],
    ]);
  });
});
