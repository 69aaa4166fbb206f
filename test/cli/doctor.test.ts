import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type TestProject, templateProject, testProject } from "./sluice.ts";

interface Finding {
  readonly name: string;
  readonly status: "ok" | "warn" | "fail";
  readonly message: string;
  readonly hint?: string;
}

function looked(project: TestProject): { readonly status: number | null; finding(name: string): Finding | undefined } {
  const { out, status } = project.run(["doctor", "--json"]);
  const { ok, checks } = JSON.parse(out) as { readonly ok: boolean; readonly checks: readonly Finding[] };
  expect(ok).toBe(status === 0);
  return { status, finding: (name) => checks.find((one) => one.name === name) };
}

describe("sluice doctor", () => {
  test("a sound project", () => {
    using project = templateProject();
    const { status, out } = project.run(["doctor"]);
    expect(status).toBe(0);
    expect(out).toMatch(/^ok +node +\d/m);
    expect(out).toContain("dataset orders    frozen, 5 columns, and its source has them");
    expect(out).toMatch(/\d+ checks: \d+ ok, 0 to look at, 0 failed\n$/);
  });

  test("of a table, that it is there: its columns are compared when it is read", () => {
    using project = testProject({
      "sluice.config.ts": `import { defineConfig, sqlite } from "sluice";
export default defineConfig({ project: "t", datasets: { held: sqlite("w").table("held") }, connections: { w: { type: "sqlite", path: "w.db" } } });
`,
      "one.csv": "id\n1\n",
    });
    expect(project.run(["copy", "one.csv", "sqlite:w.db#held"]).error).toBe("");
    expect(project.run(["sync"]).status).toBe(0);
    expect(project.run(["doctor"]).out).toMatch(/dataset held +frozen, 1 column, and its source is there/);
  });

  test("no project is no failure", () => {
    using project = testProject();
    const { status, finding } = looked(project);
    expect(status).toBe(0);
    expect(finding("project")).toMatchObject({ status: "warn", message: "there is none here" });
    expect(finding("engine")).toMatchObject({ status: "ok" });
  });

  test("what does not work is found, each with what to do, and the rest is looked at all the same", () => {
    using project = templateProject({
      "data/new.csv": "a\n1\n",
      "broken.db": "this is no database, whatever its name says",
    });
    const config = readFileSync(`${project.root}/sluice.config.ts`, "utf8");
    project.write(
      "sluice.config.ts",
      config.replace(
        "datasets: {",
        'connections: { gone: { type: "sqlite", path: "gone.db" }, broken: { type: "sqlite", path: "broken.db" }, odd: { type: "sqlte" } }, datasets: { fresh: csv("data/new.csv"),',
      ),
    );
    const orders = `${project.root}/data/orders.csv`;
    writeFileSync(orders, readFileSync(orders, "utf8").replace("customer", "client"));
    const { status, finding } = looked(project);
    expect(status).toBe(1);
    expect(finding("connection gone")).toMatchObject({ status: "warn", hint: expect.stringContaining("first load") });
    expect(finding("connection broken")).toMatchObject({ status: "fail" });
    expect(finding("connection odd")).toMatchObject({ status: "fail", hint: 'did you mean "sqlite"?' });
    expect(finding("dataset fresh")).toMatchObject({ status: "fail", hint: 'run "sluice sync fresh"' });
    expect(finding("dataset orders")).toMatchObject({
      status: "fail",
      message: expect.stringContaining("customer"),
      hint: 'run "sluice sync orders --accept" to freeze what is there now',
    });
    expect(project.run(["sync", "orders", "--accept"]).status).toBe(0);
    expect(looked(project).finding("dataset orders")).toMatchObject({ status: "ok" });
    expect(finding("runs")).toMatchObject({ status: "ok" });
  });

  test("a configuration that does not load, one that a schema is older than, runs left open", () => {
    using project = templateProject();
    expect(project.run(["run"], { SLUICE_CRASH_AT: "stage.started" }).status).toBeNull();
    const open = looked(project).finding("runs");
    expect(open).toMatchObject({ status: "warn", hint: expect.stringMatching(/sluice run sales --resume \w+/) });
    const config = readFileSync(`${project.root}/sluice.config.ts`, "utf8");
    project.write("sluice.config.ts", config.replace("decimal(10,2)", "decimal(12,2)"));
    expect(looked(project).finding("dataset orders")).toMatchObject({
      status: "fail",
      message: expect.stringContaining("older than the configuration"),
    });
    project.write("schemas/index.ts", "export {};\n");
    project.write("sluice.config.ts", config);
    expect(looked(project).finding("schemas/index.ts")).toMatchObject({ status: "warn" });
    project.write("sluice.config.ts", "export default 7;\n");
    expect(looked(project)).toMatchObject({ status: 1 });
    expect(looked(project).finding("project")).toMatchObject({ status: "fail" });
  });
});
