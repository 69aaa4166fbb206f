import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { COMMAND } from "./sluice.ts";

const NOBODY = 65534;
const root = realpathSync(mkdtempSync(join(tmpdir(), "sluice-read-only-")));
mkdirSync(join(root, "pipelines"));
writeFileSync(
  join(root, "sluice.config.ts"),
  'import { defineConfig } from "sluice";\nexport default defineConfig({ project: "p" });\n',
);
writeFileSync(join(root, "x.csv"), "id,name\n1,Ada\n");
writeFileSync(
  join(root, "pipelines", "copy.pipeline.yaml"),
  "name: copy\nsteps:\n  all: { transform: { from: { file: x.csv } } }\n  out: { load: { from: all, into: { file: out/x.csv } } }\n",
);
chmodSync(root, 0o555);
afterAll(() => {
  chmodSync(root, 0o755);
  rmSync(root, { recursive: true });
});

/** Runs as somebody who may not write: root may write anywhere. */
function run(...words: string[]): { readonly status: number | null; readonly text: string } {
  const home = mkdtempSync(join(tmpdir(), "sluice-nobody-"));
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(home, NOBODY, NOBODY);
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...words], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", CI: "", TMPDIR: home },
    ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {}),
  });
  rmSync(home, { recursive: true });
  return { status, text: stdout + stderr };
}

test.each([
  [["check"], "1 pipeline"],
  [["list"], "copy"],
  [["plan", "copy"], "plan "],
  [["preview", "copy", "all"], "Ada"],
])("a project that cannot be written can be looked at: %j", (words, shows) => {
  const { status, text } = run(...words);
  expect(text).toContain(shows);
  expect(status).toBe(0);
});

test("where nothing was run yet, a project that cannot be written says so", () => {
  expect(run("runs")).toEqual({ status: 0, text: "no runs yet\n" });
  expect(run("logs", "0abc")).toMatchObject({ status: 2, text: expect.stringContaining('no run is named "0abc"') });
  expect(run("runs", "show", "0abc")).toMatchObject({ status: 2 });
});

test.each([[["run", "copy"]]])("what has to write is denied, with what to do: %j", (words) => {
  const { status, text } = run(...words);
  expect(text).toMatch(/\.sluice may not be written by this user/);
  expect(text).toContain("allow it with chmod");
  expect(status).toBe(1);
});
