import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { templateProject } from "./sluice.ts";

const CONFIG = `import { csv, defineConfig } from "sluice";
export default defineConfig({
  project: "test",
  datasets: { orders: csv("data/orders.csv", { required: ["order_id"], types: { amount: "decimal(10,2)" } }) },
  connections: { warehouse: { type: "sqlite", path: "./out/w.db" }, same: { type: "sqlite", path: "out/w.db" } },
});
`;
const yaml = (name: string, ...targets: readonly string[]): string =>
  `name: ${name}\nsteps:\n${targets.map((into, index) => `  l${index}: { load: { from: orders, into: ${into} } }\n`).join("")}`;

test("two pipelines that write one file are refused by check and run, both named", () => {
  using project = templateProject();
  for (const path of ["out/sales.csv", "out/../out//sales.csv", join(project.root, "out/sales.csv")]) {
    project.write("pipelines/other.yaml", yaml("other", `{ file: ${path} }`));
    const both = expect.stringContaining('pipeline "sales"');
    const checked = project.run(["check"]);
    expect([path, checked.status, checked.error]).toEqual([path, 2, both]);
    expect(checked.error).toContain('"l0" of the pipeline "other" write the same target');
    expect(checked.error).toContain("one table has one writer");
    for (const word of ["other", "pipelines/other.yaml"]) {
      expect(project.run(["run", word])).toMatchObject({ status: 2, error: both });
    }
    expect(project.run(["run", "sales"]).error).toContain('pipeline "other"');
  }
  expect(project.has("out/sales.csv")).toBe(false);
  project.write("pipelines/other.yaml", yaml("other", "{ file: out/other.csv }"));
  expect(project.run(["check"]).status).toBe(0);
});

test("one table is one target, whichever way its database is said", () => {
  using project = templateProject({ "sluice.config.ts": CONFIG });
  const ways = ["sqlite.warehouse.T", "sqlite.same.t", "{ sqlite: out/w.db, table: t }"];
  for (const way of ways) {
    project.write("pipelines/a.yaml", yaml("a", "sqlite.warehouse.t"));
    project.write("pipelines/b.yaml", yaml("b", way));
    expect([way, project.run(["check"]).error]).toEqual([way, expect.stringContaining("one table has one writer")]);
  }
  project.write("pipelines/b.yaml", yaml("b", "sqlite.warehouse.u"));
  expect(project.run(["check"])).toMatchObject({ status: 0, error: "" });
});

test("two loads of one pipeline are found in other words too, and said once", () => {
  using project = templateProject({ "sluice.config.ts": CONFIG });
  const absolute = join(project.root, "out/x.csv");
  for (const targets of [
    ["sqlite.warehouse.t", "{ sqlite: out/w.db, table: t }"],
    ["{ file: out/x.csv }", `{ file: ${absolute} }`],
    ["{ file: out/x.csv }", "{ file: ./out/x.csv }"],
  ]) {
    project.write("pipelines/a.yaml", yaml("a", ...targets));
    const { status, error } = project.run(["check"]);
    expect([targets, status]).toEqual([targets, 2]);
    expect(error.split("write the same target; one table has one writer")).toHaveLength(2);
  }
});

test("a load that would replace what the project itself is is refused, and nothing is touched", () => {
  using project = templateProject({ "sluice.config.ts": CONFIG, ".env": "A=1\n" });
  project.write("out/other.txt", "");
  project.write("pipelines/first.yaml", yaml("first", "sqlite.warehouse.t"));
  expect(project.run(["run", "first"]).status).toBe(0);
  const own = [".sluice/state.db", "out/w.db", "sluice.config.ts", "pipelines/sales.ts", "schemas/orders.json", ".env"];
  const before = own.slice(1).map((path) => readFileSync(join(project.root, path)));
  for (const path of [
    ...own,
    ".sluice/logs/x.csv",
    join(project.root, ".sluice/x.csv"),
    "schemas/index.ts",
    "package.json",
  ]) {
    project.write("pipelines/own.yaml", yaml("own", `{ file: ${path}, format: csv }`));
    const { status, error } = project.run(["run", "own"]);
    expect([path, status, error]).toEqual([path, 2, expect.stringContaining('"l0" would write')]);
    expect(error).toContain("pipelines/own.yaml:3:37");
  }
  project.write("pipelines/own.yaml", yaml("own", "{ sqlite: .sluice/state.db, table: mine }"));
  expect(project.run(["check"])).toMatchObject({
    status: 2,
    error: expect.stringContaining("the project's own state"),
  });
  const parameters = "parameters: { folder: { type: string }, name: { type: string, default: state.db } }";
  project.write("pipelines/own.yaml", `${yaml("own", '{ file: "{folder}/{name}", format: csv }')}${parameters}\n`);
  for (const name of ["state.db", "x.csv"]) {
    const { status, error } = project.run(["run", "own", "--param", "folder=.sluice", "--param", `name=${name}`]);
    expect([name, status, error]).toEqual([
      name,
      2,
      expect.stringContaining("into the folder of the project's own state"),
    ]);
  }
  expect(project.run(["run", "own", "--param", "folder=out", "--param", "name=x.csv"]).status).toBe(0);
  expect(own.slice(1).map((path) => readFileSync(join(project.root, path)))).toEqual(before);
  expect(project.run(["runs"]).out).toContain("first");
});
