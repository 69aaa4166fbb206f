import { cpSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sluice, templateProject, testProject } from "./sluice.ts";

const hashOf = (
  project: { run(words: readonly string[], environment?: Record<string, string>): { out: string } },
  zone = "UTC",
): string => JSON.parse(project.run(["plan", "--json"], { TZ: zone }).out).hash;

test("the plan's hash is the same in another folder, zone and layout of the text, and another for another meaning", () => {
  using project = templateProject();
  const hash = hashOf(project);
  expect(hashOf(project, "America/Chicago")).toBe(hash);
  using copy = testProject();
  cpSync(project.root, copy.root, { recursive: true });
  expect(hashOf(copy)).toBe(hash);
  const text = readFileSync(join(project.root, "pipelines/sales.ts"), "utf8");
  copy.write("pipelines/sales.ts", `\n\n${text}`);
  expect(hashOf(copy)).toBe(hash);
  copy.write("pipelines/sales.ts", text.replace('"paid"', '"open"'));
  expect(hashOf(copy)).not.toBe(hash);
  copy.write("pipelines/sales.ts", text);
  copy.write(
    "schemas/orders.json",
    readFileSync(join(copy.root, "schemas/orders.json"), "utf8").replace('"drift": "fail"', '"drift": "warn"'),
  );
  copy.write(
    "sluice.config.ts",
    readFileSync(join(copy.root, "sluice.config.ts"), "utf8").replace("required:", 'drift: "warn", required:'),
  );
  expect(hashOf(copy)).not.toBe(hash);
});

test("no path of the machine is in a plan: of sources and targets, named or written in the pipeline", () => {
  using project = templateProject({
    "sluice.config.ts": `import { csv, defineConfig } from "sluice";
export default defineConfig({ project: "test", datasets: { orders: csv("./data/orders.csv") }, connections: { w: { type: "sqlite", path: "w.db" } } });
`,
    "pipelines/sales.ts": `import { csv, definePipeline, file, load, sqlite } from "sluice";
import { orders } from "../schemas/index.ts";
export default definePipeline({ name: "sales", steps: [
  load({ name: "a", from: csv("data/orders.csv"), into: file("out/a.csv") }),
  load({ name: "b", from: csv("./data/*.csv"), into: file("./out/b.parquet") }),
  load({ name: "c", from: orders, into: sqlite("w").table("c") }),
] });
`,
  });
  expect(project.run(["sync"]).status).toBe(0);
  for (const folder of ["", "pipelines"]) {
    const { status, out } = sluice(join(project.root, folder), ["plan", "--json"]);
    expect(status).toBe(0);
    expect(JSON.parse(out).stages.length).toBeGreaterThan(2);
    expect(out).not.toContain(project.root);
    expect(out).not.toContain(tmpdir());
  }
});
