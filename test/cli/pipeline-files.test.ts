import { spawnSync } from "node:child_process";
import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { COMMAND, templateProject } from "./sluice.ts";

test("convert into the folder of pipelines, by the shell, gives a twin", () => {
  using project = templateProject();
  const command = `"${process.execPath}" "${COMMAND}" convert sales --to yaml > pipelines/sales.yaml`;
  const { status, stderr } = spawnSync("sh", ["-c", command], { cwd: project.root, encoding: "utf8" });
  expect([status, stderr]).toEqual([0, ""]);
  expect(readFileSync(join(project.root, "pipelines/sales.yaml"), "utf8")).toMatch(/^name: sales\n/);
  expect(project.run(["check"])).toMatchObject({ status: 0, out: "ok: 1 pipeline\n" });
});

test("an empty file stops nothing: check and list warn of it", () => {
  using project = templateProject({ "pipelines/sales.yaml": "", "pipelines/more.ts": " \n" });
  const checked = project.run(["check"]);
  expect(checked).toMatchObject({ status: 0, error: "" });
  expect(checked.out).toContain("warning: pipelines/sales.yaml is empty and was left aside");
  expect(checked.out).toContain("warning: pipelines/more.ts is empty and was left aside");
  expect(JSON.parse(project.run(["check", "--json"]).out)).toMatchObject({
    ok: true,
    warnings: [{ pipeline: null }, { pipeline: null, message: "pipelines/sales.yaml is empty and was left aside" }],
  });
  const listed = project.run(["list"]);
  expect(listed).toMatchObject({ status: 0, error: "", out: expect.stringContaining("pipelines/sales.yaml is empty") });
  expect(JSON.parse(project.run(["list", "--json"]).out).warnings).toHaveLength(2);
  expect(project.run(["run"]).status).toBe(0);
  expect(project.run(["run", "pipelines/sales.yaml"])).toMatchObject({
    status: 2,
    error: expect.stringContaining("the document is empty"),
  });
});

test("a pipeline beside the one by default is not read, which check and list say", () => {
  const pipeline = (name: string): string =>
    `definePipeline({ name: "${name}", steps: [transform({ name: "a", query: orders })] })`;
  using project = templateProject({
    "pipelines/two.ts": `import { definePipeline, transform } from "sluice";
import { orders } from "../schemas/index.ts";
import sales from "./sales.ts";
export { sales };
export const more = ${pipeline("more")};
export default ${pipeline("two")};
`,
  });
  const message =
    'pipelines/two.ts exports the pipeline "more" by a name, which nobody reads: give it a file of its own, with export default';
  expect(JSON.parse(project.run(["list", "--json"]).out).warnings).toEqual([message]);
  expect(project.run(["check"])).toMatchObject({ status: 0, out: expect.stringContaining(`warning: ${message}\n`) });
});

test("a link that leads nowhere is said to be one, whatever it would be", () => {
  using project = templateProject();
  symlinkSync("nowhere.ts", join(project.root, "pipelines", "a.ts"));
  symlinkSync("nowhere.yaml", join(project.root, "pipelines", "b.yaml"));
  const { error } = project.run(["check"]);
  for (const file of ["pipelines/a.ts", "pipelines/b.yaml"]) {
    expect(error).toContain(
      `error[missing]: ${file} is a link that leads nowhere\n  --> ${file}\n   = correct the link, or remove it\n`,
    );
  }
});
