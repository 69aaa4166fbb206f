import { expect, test } from "vitest";
import { jsonLines, type TestProject, testProject } from "./sluice.ts";

const config = (driftOf: string): string => `import { csv, defineConfig } from "sluice";

export default defineConfig({
  project: "test",
  datasets: { people: csv("data/people.csv", { required: ["id"], driftOf: ${driftOf} }) },
  connections: { w: { type: "sqlite", path: "w.db" } },
});
`;
const PIPELINE = `name: people
steps:
  adults: { transform: { from: people, filter: age is null or age >= 18, select: { id: id, years: age } } }
  load_adults: { load: { from: adults, into: sqlite.w.adults, mode: replace } }
`;

function scene(driftOf: string): TestProject {
  const project = testProject({
    "sluice.config.ts": config("{}"),
    "pipelines/people.yaml": PIPELINE,
    "data/people.csv": "id,age,born\n1,30,2000-01-01\n2,40,2001-01-01\n",
  });
  expect(project.run(["sync"]).status).toBe(0);
  project.write("sluice.config.ts", config(driftOf));
  project.write("data/people.csv", "id,age,born\n1,thirty,2000-01-01\n2,40,soon\n3,,2001-01-01\n4,44,2001-01-01\n");
  return project;
}

const rows = (project: TestProject): unknown => jsonLines(project.run(["copy", "sqlite:w.db#adults", "ndjson:-"]).out);

test("discardValue makes a value null and counts it; other columns reject as ever", () => {
  using project = scene('{ age: "discardValue" }');
  const { status, out } = project.run(["run"]);
  expect(status).toBe(0);
  expect(out).toContain('1 value of "age" in dataset "people" is null, being of another type, for example "thirty"');
  expect(out).toContain("! 1 record of 4 in people rejected");
  expect(rows(project)).toEqual([
    { id: 1, years: null },
    { id: 3, years: null },
    { id: 4, years: 44 },
  ]);
  const reaches =
    "people.age: a value of another type is null there; it reaches adults.years, load_adults.years (sqlite.w.adults)";
  expect(project.run(["plan"]).out).toContain(reaches);
  expect(project.run(["check"]).out).toContain(`drift: ${reaches}`);
});

test("fail ends the run for this column and for no other, and nothing is published", () => {
  using project = scene('{ age: "fail", born: "discardValue" }');
  const { status, error } = project.run(["run"]);
  expect([status, error]).toEqual([
    1,
    expect.stringContaining('"age" of dataset "people" is not an int64 in 1 record'),
  ]);
  expect(project.has("w.db") ? rows(project) : []).toEqual([]);
});

test.each([
  ['{ id: "discardValue" }', "the column is required, so that its values cannot be null"],
  ['{ agee: "fail" }', "it has no such column"],
])("what a policy cannot mean is refused: %s", (driftOf, why) => {
  using project = scene(driftOf);
  const { status, error } = project.run(["run"]);
  expect([status, error]).toEqual([2, expect.stringContaining(why)]);
});
