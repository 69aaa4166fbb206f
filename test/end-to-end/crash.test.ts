import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jsonLines, type TestProject, testProject } from "../cli/sluice.ts";
import { lastEvent } from "./events.ts";
import { query, querySqlite } from "./reading.ts";

/** Around a load, where what its mode and target do makes a difference. */
const OF_A_LOAD = ["load.staged:1", "load.committing:1", "load.committed:1", "stage.recorded:2"];
/** Wherever the command can be killed. A stage comes first (the check ends it), so a point of stages is met twice. */
const POINTS = [
  "run.recorded:1",
  "stage.started:1",
  "stage.started:2",
  "stage.executed:1",
  "stage.executed:2",
  "stage.recorded:1",
  ...OF_A_LOAD,
];
const ROWS = 500;

function project(into: string, mode: string): TestProject {
  const made = testProject({
    "sluice.config.ts": `import { csv, defineConfig } from "sluice";
export default defineConfig({ project: "crash", datasets: { rows: csv("data/rows.csv") }, connections: { warehouse: { type: "sqlite", path: "warehouse.db" } } });\n`,
    "data/rows.csv": `id,name,kind\n${Array.from({ length: ROWS }, (_, index) => `${index},name ${index},${index % 3}`).join("\n")}\n`,
    "pipelines/p.yaml": `name: p
steps:
  clean: { transform: { from: rows, filter: id >= 0 }, checks: [{ notNull: id }] }
  load_rows: { load: { from: clean, into: ${into}, mode: ${mode}${mode === "merge" ? ", key: [id]" : ""} } }\n`,
  });
  expect(made.run(["sync"]).status).toBe(0);
  return made;
}

async function counts(made: TestProject, into: string): Promise<readonly unknown[]> {
  const sql = "select count(*), count(distinct id), sum(id)";
  const row = into.startsWith("sqlite")
    ? querySqlite(`${made.root}/warehouse.db`, `${sql} from rows`)[0]
    : (await query(`${sql} from '${made.root}/out/${into.includes("partitions") ? "rows/**/*" : "rows"}.parquet'`))[0];
  return (row ?? []).map(Number);
}

describe("kill -9 at every named point, then run --resume", () => {
  for (const [into, mode, points] of [
    ["sqlite.warehouse.rows", "append", POINTS],
    ["sqlite.warehouse.rows", "replace", OF_A_LOAD],
    ["sqlite.warehouse.rows", "merge", OF_A_LOAD],
    ["{ file: out/rows.parquet }", "replace", POINTS],
    ["{ file: out/rows, format: parquet, partitions: [kind] }", "replace", OF_A_LOAD],
  ] as const) {
    describe(`${into} ${mode}`, () => {
      let synced: TestProject;
      beforeAll(() => {
        synced = project(into, mode);
      });
      afterAll(() => synced[Symbol.dispose]());

      it.each(points)("%s", async (point) => {
        using made = synced.copy();
        const killed = made.run(["run", "--json"], { SLUICE_CRASH_AT: point });
        expect(killed.status).toBe(null);
        const run = runIdOf(made, killed.out);
        const resumed = made.run(["run", "--resume", run, "--json"]);
        expect(resumed.error).toBe("");
        expect(resumed.status).toBe(0);
        expect(lastEvent(resumed.out).status).toBe("succeeded");
        expect(await counts(made, into)).toEqual([ROWS, ROWS, (ROWS * (ROWS - 1)) / 2]);
        // Resuming once more changes nothing.
        expect(made.run(["run", "--resume", run]).status).toBe(0);
        expect(await counts(made, into)).toEqual([ROWS, ROWS, (ROWS * (ROWS - 1)) / 2]);
      });
    });
  }
});

function runIdOf(made: TestProject, out: string): string {
  const event = jsonLines(out).find((line) => typeof line.run === "string");
  if (event !== undefined) return String(event.run);
  const listed = JSON.parse(made.run(["runs", "--json"]).out) as readonly {
    readonly id?: string;
    readonly run?: string;
  }[];
  return String(listed[0]?.id ?? listed[0]?.run);
}
