import { expect, test } from "vitest";
import { jsonLines, type TestProject, testProject } from "./sluice.ts";

const CONFIG = `import { csv, defineConfig } from "sluice";
export default defineConfig({
  project: "test",
  datasets: { rain: csv("data/rain.csv") },
  connections: { w: { type: "sqlite", path: "w.db" } },
});
`;
const days = (into = "{ lake: town.rain }", more = ""): string => `name: days
parameters: { from: { type: string, format: date }, to: { type: string, format: date } }
steps:
  asked: { transform: { from: rain, filter: "day between $from and $to" } }
  load_rain:
    load: { from: asked, into: ${into}, mode: overwrite, where: "day between $from and $to" }${more}
`;
const RAIN = "day,station,mm\n2024-01-01,A,1\n2024-01-01,B,2\n2024-01-02,A,3\n2024-01-03,A,4\n";

function scene(pipeline = days()): TestProject {
  const project = testProject({ "sluice.config.ts": CONFIG, "data/rain.csv": RAIN, "pipelines/days.yaml": pipeline });
  expect(project.run(["sync"])).toMatchObject({ status: 0 });
  return project;
}

const runDays = (project: TestProject, from: string, to: string) =>
  project.run(["run", "days", "--param", `from=${from}`, "--param", `to=${to}`]);
const rows = (project: TestProject): readonly string[] =>
  jsonLines(project.run(["query", "from 'lake.town.rain' order by day, station", "--format", "ndjson"]).out).map(
    ({ day, station, mm }) => `${day} ${station} ${mm}`,
  );

test("a pipeline replaces the days that it is asked for, whatever arrives for them, and twice the same is once", () => {
  using project = scene();
  expect(runDays(project, "2024-01-01", "2024-01-03")).toMatchObject({ status: 0 });
  expect(rows(project)).toHaveLength(4);
  // A station reports no more, and one day has no rows at all.
  project.write("data/rain.csv", "day,station,mm\n2024-01-01,A,10\n2024-01-03,A,40\n");
  for (let times = 0; times < 2; times += 1) {
    expect(runDays(project, "2024-01-01", "2024-01-02")).toMatchObject({ status: 0 });
    expect(rows(project)).toEqual(["2024-01-01 A 10", "2024-01-03 A 4"]);
  }
});

test("a row outside ends the load, and the table stays as it was", () => {
  using project = scene(days().replace('filter: "day between $from and $to"', 'filter: "day >= $from"'));
  expect(runDays(project, "2024-01-01", "2024-01-03").status).toBe(0);
  const { status, error } = runDays(project, "2024-01-02", "2024-01-02");
  expect(status).toBe(1);
  expect(error).toContain(
    "error[data: outside]: 1 of 2 rows to load into lake.town.rain does not meet where: " +
      "day between date '2024-01-02' and date '2024-01-02'",
  );
  expect(rows(project)).toHaveLength(4);
});

test("a check that fails leaves the table as it was", () => {
  using project = scene(days("{ lake: town.rain }", "\n    checks: [{ range: { column: mm, max: 9 } }]"));
  expect(runDays(project, "2024-01-01", "2024-01-03").status).toBe(0);
  project.write("data/rain.csv", "day,station,mm\n2024-01-01,A,10\n");
  expect(runDays(project, "2024-01-01", "2024-01-02")).toMatchObject({ status: 3 });
  expect(rows(project)).toHaveLength(4);
});

test("plan says which rows go, and what is wrong is said where it stands", () => {
  using project = scene();
  expect(project.run(["plan", "days"]).out).toContain("lake.town.rain (overwrite where day between $from and $to)");
  for (const [pipeline, message, place] of [
    [days().replace('where: "day between', 'where: "dy between'), 'there is no column "dy"', "days.yaml:6"],
    [days().replace('where: "day between $from', 'where: "day between $since'), '"since"', "days.yaml:6"],
    [days().replace('where: "day between $from and $to"', "where: mm + 1"), "has to be true or false", "days.yaml:6"],
    [days("sqlite.w.rain"), 'a target of type "sqlite" cannot overwrite by a condition', "days.yaml:6"],
    [days().replace("mode: overwrite", "mode: append"), "only overwrite replaces rows by a condition", "days.yaml:6"],
  ] as const) {
    project.write("pipelines/days.yaml", pipeline);
    const { error, status } = project.run(["check"]);
    expect([message, status]).toEqual([message, 2]);
    expect(error).toContain(message);
    expect(error).toContain(place);
  }
});
