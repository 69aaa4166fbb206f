import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, it } from "vitest";

const script = fileURLToPath(new URL("../scripts/count.mjs", import.meta.url));
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Runs the script over these results, in a tree of its own. */
function count(tests: unknown, exits: readonly string[] = ["0", "0"]): { line: string; status: number | null } {
  const folder = mkdtempSync(join(tmpdir(), "sluice-count-"));
  folders.push(folder);
  mkdirSync(join(folder, "scripts"));
  mkdirSync(join(folder, "node_modules/.cache"), { recursive: true });
  cpSync(script, join(folder, "scripts/count.mjs"));
  writeFileSync(join(folder, "node_modules/.cache/check.json"), JSON.stringify({ passed: 6, failed: 0 }));
  if (tests !== undefined) writeFileSync(join(folder, "node_modules/.cache/tests.json"), JSON.stringify(tests));
  const { stdout, status } = spawnSync(process.execPath, [join(folder, "scripts/count.mjs"), ...exits], {
    encoding: "utf8",
  });
  return { line: stdout.trim().split("\n").at(-1) ?? "", status };
}

const result = (more: object = {}): object => ({
  numPassedTests: 10,
  numFailedTests: 0,
  numPendingTests: 1,
  numTodoTests: 0,
  testResults: [],
  ...more,
});

it("sums gates and tests", () => {
  expect(count(result())).toEqual({ line: "16 passed, 0 failed, 1 skipped", status: 0 });
});

it("counts a file that failed without a failing test: not loaded, or its setup failed", () => {
  const testResults = [
    { status: "failed", assertionResults: [] },
    { status: "failed", assertionResults: [{ status: "pending" }] },
    { status: "passed", assertionResults: [{ status: "passed" }] },
  ];
  expect(count(result({ testResults }))).toEqual({ line: "16 passed, 2 failed, 1 skipped", status: 1 });
});

it("is red where a command was red for a reason that stands in no result", () => {
  expect(count(result(), ["0", "1"])).toEqual({ line: "16 passed, 1 failed, 1 skipped", status: 1 });
});

it("is red where a result is missing", () => {
  expect(count(undefined)).toEqual({ line: "6 passed, 1 failed, 0 skipped", status: 1 });
});
