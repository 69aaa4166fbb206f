import type { CheckDefinition, Expression, LoadDefinition, Relation, StepDefinition } from "@sluice/core";
import { describe, expect, test } from "vitest";
import {
  adults,
  BAD,
  column,
  GOOD,
  load,
  PEOPLE,
  parquet,
  people,
  peopleProject,
  planAndRun,
  stepOf,
  transform,
} from "./people-project.ts";

const ageIs = (name: string, value: string): Expression => ({
  kind: "call",
  name,
  arguments: [column("age"), { kind: "literal", type: "number", value }],
});

describe("a merge that deletes what did not arrive", () => {
  const merge: Partial<LoadDefinition> = { mode: "merge", key: ["id"], missing: "delete" };

  test("is refused where rows were left out, and leaves the target as it was", async () => {
    await using project = await peopleProject("id,name,age\n1,Ada,36\n2,Tim,7\n");
    const steps = (from: Relation): StepDefinition[] => [load("all", from, merge)];
    await planAndRun(project, steps(people));
    project.write("data/people.csv", BAD);
    for (const plan of [
      steps(people),
      // Far behind it, in a stage that is landed for two readers.
      [...steps(adults), load("grown", adults, { into: parquet("grown.parquet") })],
      [
        transform("named", people, [{ kind: "accepted", column: "name", values: ["Ada"], otherwise: "divert" }]),
        ...steps(stepOf("named")),
      ],
    ]) {
      const { finished } = await planAndRun(project, plan);
      expect(finished.error).toMatchObject({ code: "data", reason: "incomplete" });
      expect(project.table("out.db", `select id, name from "all" order by id`)).toEqual([
        [1, "Ada"],
        [2, "Tim"],
      ]);
    }
  });

  test("deletes them where everything arrived", async () => {
    await using project = await peopleProject(GOOD);
    await planAndRun(project, [load("all", people, merge)]);
    project.write("data/people.csv", "id,name,age\n3,Grace,85\n5,Eve,1\n");
    await planAndRun(project, [load("all", people, merge)]);
    expect(project.table("out.db", `select id, name from "all" order by id`)).toEqual([
      [3, "Grace"],
      [5, "Eve"],
    ]);
  });
});

describe("a flag of deletions", () => {
  const flagged: Relation = {
    kind: "derive",
    input: people,
    columns: [["gone", ageIs("eq", "7")]],
  };
  const merge: Partial<LoadDefinition> = { mode: "merge", key: ["id"], deleteFlag: "gone" };

  test("is not stored, and not seen by the checks of the load", async () => {
    await using project = await peopleProject(GOOD);
    const checks: CheckDefinition[] = [
      { kind: "rowCount", max: 2 },
      { kind: "notNull", columns: ["id", "name", "age"] },
    ];
    const { finished } = await planAndRun(project, [load("all", flagged, { ...merge, checks })]);
    expect(finished.error).toBeUndefined();
    expect(project.table("out.db", `select * from "all" order by id`)).toEqual([
      [1, "Ada", 36],
      [3, "Grace", 85],
    ]);
    const wrong = [load("all", flagged, { ...merge, checks: [{ kind: "notNull", columns: ["gone"] }] })];
    await expect(project.plan(wrong, [PEOPLE])).rejects.toMatchObject({ message: expect.stringContaining('"gone"') });
  });
});

describe("a folder of Parquet files", () => {
  const into: LoadDefinition["into"] = { type: "file", format: "parquet", path: "out/people", partitions: ["age"] };
  const append = (checks: readonly CheckDefinition[]): StepDefinition[] => [
    load("all", people, { into, mode: "append", checks }),
  ];

  test("is checked as it would be, when rows are added to it", async () => {
    await using project = await peopleProject(GOOD);
    const atMost: CheckDefinition[] = [{ kind: "rowCount", max: 5 }];
    expect((await planAndRun(project, append(atMost))).status).toBe("succeeded");
    const before = project.files("out");
    const { finished } = await planAndRun(project, append(atMost));
    expect(finished.error).toMatchObject({ reason: "checks", message: expect.stringContaining("6") });
    expect(project.files("out")).toEqual(before);
    expect((await planAndRun(project, append([{ kind: "rowCount", max: 6 }]))).status).toBe("succeeded");
  });

  test("takes the place of partitions, run after run", async () => {
    await using project = await peopleProject(GOOD);
    const overwrite = [load("all", people, { into, mode: "overwrite" })];
    for (let run = 1; run <= 3; run++) expect((await planAndRun(project, overwrite)).status).toBe("succeeded");
    // Newer Nodes list what the link leads to once more.
    const there = project
      .files("out")
      .filter((name) => name.startsWith(".people.sluice/") && name.endsWith(".parquet"));
    // Two versions of three folders: the one that readers see, and the one before.
    expect(there).toHaveLength(6);
  });
});

describe("the report of a load", () => {
  const into = { mode: "replace" } as const;

  test.each<[string, Partial<LoadDefinition>, object]>([
    ["append", { mode: "append" }, { inserted: 3, updated: 0, deleted: 0, unchanged: 0 }],
    ["replace", into, { inserted: 3, updated: 0, deleted: 3, unchanged: 0 }],
    ["merge", { mode: "merge", key: ["id"] }, { inserted: 1, updated: 1, deleted: 0, unchanged: 1 }],
    [
      "merge of everything",
      { mode: "merge", key: ["id"], missing: "delete" },
      { inserted: 1, updated: 1, deleted: 1, unchanged: 1 },
    ],
    ["insert-only", { mode: "insert-only", key: ["id"] }, { inserted: 1, updated: 0, deleted: 0, unchanged: 2 }],
    ["delete+insert", { mode: "delete+insert", key: ["id"] }, { inserted: 3, updated: 0, deleted: 2, unchanged: 0 }],
    ["overwrite", { mode: "overwrite", partitions: ["id"] }, { inserted: 3, updated: 0, deleted: 2, unchanged: 0 }],
  ])("of %s counts what it did", async (_, mode, counts) => {
    await using project = await peopleProject(GOOD);
    await planAndRun(project, [load("all", people, { mode: "append" })]);
    project.write("data/people.csv", "id,name,age\n1,Ada,36\n3,Grace,86\n5,Eve,1\n");
    const { finished } = await planAndRun(project, [load("all", people, mode)]);
    expect(finished.error).toBeUndefined();
    expect(finished.steps.all?.load).toEqual({ read: 3, rejected: 0, ...counts });
  });

  test("of a file says what it replaced, and nothing of what somebody else had put there", async () => {
    await using project = await peopleProject(GOOD);
    const steps = [load("all", people, { ...into, into: parquet("out.parquet") })];
    project.write("out.parquet", "theirs");
    const reports = [];
    for (let run = 1; run <= 2; run++) reports.push((await planAndRun(project, steps)).finished.steps.all?.load);
    expect(reports.map((report) => [report?.inserted, report?.deleted])).toEqual([
      [3, null],
      [3, 3],
    ]);
  });

  test("counts the records that were left out", async () => {
    await using project = await peopleProject(BAD);
    const { finished } = await planAndRun(project, [load("all", people)]);
    expect(finished.steps.all?.load).toMatchObject({ read: 2, inserted: 2, rejected: 2 });
  });
});
