import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { COMMAND, type TestProject, templateProject } from "./sluice.ts";

const hasScript = spawnSync("script", ["--version"], { encoding: "utf8" }).stdout?.includes("util-linux") === true;
if (!hasScript) console.warn("SKIPPED: the display on a terminal; script of util-linux is not installed");

/** What a terminal of this width is sent by a run. */
function onTerminal(project: TestProject, columns: number, environment: Readonly<Record<string, string>> = {}): string {
  const command = `stty cols ${columns} rows 24; exec "${process.execPath}" "${COMMAND}" run`;
  const { NO_COLOR: _noColor, FORCE_COLOR: _forced, ...inherited } = process.env;
  const { stdout } = spawnSync("script", ["-qec", command, "/dev/null"], {
    cwd: project.root,
    encoding: "utf8",
    env: { ...inherited, TERM: "xterm-256color", CI: "", ...environment },
  });
  return stdout.replaceAll("\r\n", "\n");
}

/** What a terminal obeys and does not show. */
const CODES = new RegExp(`${"\u001b"}\\[\\??[\\d;]*[A-Za-z]`, "g");
const CURSOR = /\[(\?25[lh]|\d+A|0J)$/;

test.skipIf(!hasScript).each([80, 60])("a terminal of %i columns is drawn on again and again", (columns) => {
  using project = templateProject();
  const shown = onTerminal(project, columns);
  expect(shown.split("\u001b[2A\u001b[0J").length).toBeGreaterThan(4);
  expect(shown.startsWith("\u001b[?25l")).toBe(true);
  expect(shown.split("\u001b[?25h")).toHaveLength(2);
  expect(shown).toContain("\u001b[32m");
  const lines = shown.replaceAll(CODES, "").split("\n");
  expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(columns);
  const [, last = ""] = shown.split("\u001b[?25h");
  const end = last.replaceAll(CODES, "");
  expect(end).toMatch(/^step +status +/m);
  expect(end).toMatch(/^publish +succeeded/m);
  expect(end.trim().split("\n").at(-1)).toMatch(/^succeeded in .* \(run \w+\)$/);
});

test.skipIf(!hasScript)("with NO_COLOR only the cursor is moved", () => {
  using project = templateProject();
  const codes = onTerminal(project, 80, { NO_COLOR: "1" }).match(CODES) ?? [];
  expect(codes.length).toBeGreaterThan(4);
  expect(codes.filter((code) => !CURSOR.test(code))).toEqual([]);
});
