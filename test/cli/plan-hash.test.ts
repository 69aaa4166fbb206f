import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { templateProject, testProject } from "./sluice.ts";

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
