import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type TestProject, testProject } from "../cli/sluice.ts";

const small = mkdtempSync(join(tmpdir(), "sluice-full-"));
// A file system of its own, of one megabyte: needs the right to mount.
const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", small]).status === 0;
const why = mounted ? "" : " (skipped: this user may not mount a small file system)";

afterAll(() => {
  if (mounted) spawnSync("umount", [small]);
  rmSync(small, { recursive: true, force: true });
});

function project(into: string): TestProject {
  const made = testProject({
    "sluice.config.ts": `import { csv, defineConfig } from "sluice";
export default defineConfig({ project: "full", datasets: { rows: csv("data/rows.csv") }, connections: { small: { type: "sqlite", path: ${JSON.stringify(join(small, "small.db"))} } } });\n`,
    "data/rows.csv": `id,name\n${Array.from({ length: 60_000 }, (_, index) => `${index},${createHash("sha256").update(String(index)).digest("base64")}`).join("\n")}\n`,
    "pipelines/p.yaml": `name: p\nsteps:\n  load_rows: { load: { from: rows, into: ${into}, mode: replace } }\n`,
  });
  expect(made.run(["sync"]).status).toBe(0);
  return made;
}

describe("a really full disk", () => {
  for (const [name, into] of [
    ["csv", `{ file: ${join(small, "files", "rows.csv")} }`],
    ["parquet", `{ file: ${join(small, "files", "rows.parquet")} }`],
    ["sqlite", "sqlite.small.rows"],
  ] as const) {
    it.skipIf(!mounted)(`${name}: a clear error, nothing left behind${why}`, () => {
      using made = project(into);
      mkdirSync(join(small, "files"), { recursive: true });
      const run = made.run(["run"]);
      expect(run.status).toBe(1);
      expect(run.error).toMatch(/full|no space/i);
      expect(run.error).not.toMatch(/\bat .*\.js:\d+/);
      expect(readdirSync(join(small, "files"))).toEqual([]);
      expect(readdirSync(small).filter((file) => file !== "files")).toEqual([]);
    });
  }

  it("/dev/full as a target is refused with a sentence", () => {
    using made = project("{ file: /dev/full, format: csv }");
    const run = made.run(["run"]);
    expect(run.status).not.toBe(0);
    expect(run.error).toContain("/dev/full");
    expect(run.error).not.toMatch(/\bat .*\.js:\d+/);
  });
});
