import { join } from "node:path";
import { expect, it } from "vitest";
import { type TestProject, testProject } from "../cli/sluice.ts";
import { query } from "./reading.ts";

/** A table whose first file has floats of 32 bits, and whose second has the same column with 64: 2.1 is less than 2.1 there. */
async function scene(): Promise<TestProject> {
  const project = testProject({ "sluice.config.ts": "export default { project: 'floats' };\n" });
  const write = (name: string, rows: string): Promise<unknown> =>
    query(`copy (${rows}) to '${join(project.root, name)}.parquet' (format parquet)`);
  await write("narrow", "from (values (1::bigint, 2.1::float), (3, 5.5::float), (4, null)) t(id, f)");
  await write("wide", "select 2::bigint as id, 0.5::double as f");
  await write("new", "select 9::bigint as id, 7::double as f");
  for (const name of ["narrow", "wide"]) {
    const words = ["copy", `${name}.parquet`, "lake.n.t", "--mode", "append", "--evolve", "widen"];
    expect(project.run(words)).toMatchObject({ status: 0, error: "" });
  }
  return project;
}

const idsOf = (project: TestProject, where: string): string =>
  project.run(["query", `select id from 'lake.n.t' where ${where} order by id`, "--format", "csv"]).out.trim();

it("a filter compares what floats became that were widened since, in files of either width", async () => {
  using project = await scene();
  expect(
    [
      "f >= 2.1",
      "f < 2.1",
      "f = 2.1",
      "f between 2.1 and 3",
      "f in (2.1, 0.5)",
      "f is not distinct from 5.5",
      "f is null",
    ].map((where) => idsOf(project, where)),
  ).toEqual(["id\n3", "id\n1\n2", "id", "id", "id\n2", "id\n3", "id\n4"]);
});

it("overwrite and delete take the rows that meet their condition, and count them", async () => {
  using project = await scene();
  const overwrite = ["copy", "new.parquet", "lake.n.t", "--mode", "overwrite", "--where", "f >= 2.1"];
  expect(project.run(overwrite).out).toContain("1 inserted, 0 updated, 1 deleted");
  expect(idsOf(project, "true")).toBe("id\n1\n2\n4\n9");
  expect(project.run(["table", "delete", "n.t", "--where", "f < 2.1"])).toMatchObject({ status: 0 });
  expect(idsOf(project, "true")).toBe("id\n4\n9");
});
