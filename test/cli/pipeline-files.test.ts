import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
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
