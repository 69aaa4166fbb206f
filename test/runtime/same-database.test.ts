import type { FrozenDataset, LoadDefinition, Relation } from "@sluice/core";
import type { RunResult } from "@sluice/runtime";
import { expect, test } from "vitest";
import { csvDataset, type RealProject, realProject } from "./real-project.ts";

const PEOPLE = csvDataset("people", [
  { name: "id", type: "int64", nullable: true },
  { name: "name", type: "string", nullable: true },
]);
const { dialect: _dialect, ...bare } = PEOPLE;
const STORED: FrozenDataset = { ...bare, name: "stored", source: { type: "sqlite", path: "one.db", table: "table_1" } };
const load = (name: string, dataset: string): LoadDefinition => ({
  kind: "load",
  name,
  from: { kind: "scan", source: { dataset } } satisfies Relation,
  into: { type: "sqlite", path: "one.db", table: name },
  mode: "replace",
});

async function fill(project: RealProject, text: string): Promise<void> {
  project.write("data/people.csv", text);
  const { status } = await project.run(await project.plan([load("table_1", "people")], [PEOPLE]), [PEOPLE]);
  expect(status).toBe("succeeded");
}

/** Reads one table of a database and writes two beside it; the read breaks, and after it the file changes. */
async function breakHalfway(project: RealProject): Promise<() => Promise<RunResult>> {
  await fill(project, "id,name\n1,Ada\n2,Tim\n");
  const plan = await project.plan([load("copy", "stored"), load("more", "people")], [STORED, PEOPLE]);
  let staged = 0;
  const checkpoint = (name: string): void => {
    if (name === "load.staged" && ++staged === 1) throw new Error("broken");
  };
  const { run, finished } = await project.run(plan, [STORED, PEOPLE], { parallel: 1, checkpoint });
  expect([finished.steps.copy?.status, finished.steps.more?.status]).toEqual(["failed", "succeeded"]);
  return () => project.run(plan, [STORED, PEOPLE], { resume: run, parallel: 1 });
}

test("a run that writes to the database it reads can be resumed", async () => {
  await using project = await realProject();
  const resume = await breakHalfway(project);
  const { status, finished } = await resume();
  expect([status, finished.error]).toEqual(["succeeded", undefined]);
  expect(project.table("one.db", "select id, name from copy order by id")).toEqual([
    [1, "Ada"],
    [2, "Tim"],
  ]);
});

test("a change of the very table it reads is still a conflict", async () => {
  await using project = await realProject();
  const resume = await breakHalfway(project);
  project.change("one.db", "update table_1 set name = 'Tom' where id = 2");
  expect((await resume()).finished.error).toMatchObject({ code: "conflict", reason: "source-changed" });
});
