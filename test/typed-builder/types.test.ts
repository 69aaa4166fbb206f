import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createProject, type Project } from "./compile.ts";
import { writePipelines } from "./pipelines.ts";

let project: Project;
beforeAll(() => {
  project = createProject();
});
afterAll(() => project.remove());

it("infers the row of every operation", () => {
  expect(project.check(["rows.ts"])).toBe("");
});

it("answers each mistake with the message on record", async () => {
  const lines = readFileSync(join(project.folder, "messages.ts"), "utf8").split("\n");
  const found = project.check(["messages.ts"]);
  const blamed = new Set<number>();
  const text = found.replace(/^messages\.ts\((\d+),\d+\): error /gm, (_, line: string) => {
    blamed.add(Number(line));
    return `\n${lines[Number(line) - 1]}\n`;
  });
  const mistakes = lines.map((line, index) => ({ line, number: index + 1 })).slice(lines.indexOf(FIRST_MISTAKE));
  expect(mistakes.filter(({ line, number }) => line !== "" && !blamed.has(number))).toEqual([]);
  expect(Math.min(...blamed)).toBe(mistakes[0]?.number);
  await expect(text).toMatchFileSnapshot("messages.golden.txt");
});

const FIRST_MISTAKE = "crashes.filter((c) => c.latitud.isNull());";

it("emits declarations that name what they need from sluice", () => {
  expect(project.check(["exports.ts"], "--declaration", "--emitDeclarationOnly")).toBe("");
  const declared = readFileSync(join(project.folder, "exports.d.ts"), "utf8");
  expect(declared).toContain('crash_id: import("sluice").Text<never>');
  expect(declared).not.toContain("core/");
  expect(declared.length).toBeLessThan(1500);
});

it("stays within its budget of instantiations: 60 pipelines of 15 operations", () => {
  const files = writePipelines(project.folder, 60);
  const found = project.check(files, "--extendedDiagnostics");
  expect(found).not.toContain("error");
  const instantiations = Number(/Instantiations:\s+(\d+)/.exec(found)?.[1]);
  expect(instantiations).toBeGreaterThan(50_000);
  expect(instantiations).toBeLessThanOrEqual(400_000);
});
