import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { COMMAND, type TestProject, testProject } from "../cli/sluice.ts";

const small = mkdtempSync(join(tmpdir(), "sluice-full-"));
// A file system of its own, of one megabyte: needs the right to mount.
const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", small]).status === 0;
const why = mounted ? "" : " (skipped: this user may not mount a small file system)";

afterAll(() => {
  // Fails where a process that goes on keeps a file of it open.
  if (mounted) expect(spawnSync("umount", [small], { encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
  rmSync(small, { recursive: true, force: true });
});

/** What no compression makes smaller. */
const hashOf = (index: number): string => createHash("sha256").update(String(index)).digest("base64");

let rows: string | undefined;

function project(into: string): TestProject {
  rows ??= `id,kind,name\n${Array.from({ length: 60_000 }, (_, index) => `${index},${index % 5},${hashOf(index)}`).join("\n")}\n`;
  const made = testProject({
    "sluice.config.ts": `import { csv, defineConfig } from "sluice";
export default defineConfig({ project: "full", datasets: { rows: csv("data/rows.csv") }, connections: { small: { type: "sqlite", path: ${JSON.stringify(join(small, "small.db"))} } } });\n`,
    "data/rows.csv": rows,
    "pipelines/p.yaml": `name: p\nsteps:\n  load_rows: { load: { from: rows, into: ${into}, mode: replace } }\n`,
  });
  expect(made.run(["sync"]).status).toBe(0);
  return made;
}

const files = join(small, "files");

function assertRefused(run: { readonly status: number | null; readonly error: string }): void {
  expect(run.status).toBe(1);
  expect(run.error).toMatch(/full|no space/i);
  expect(run.error).not.toMatch(/\bat .*\.js:\d+/);
  expect(readdirSync(files)).toEqual([]);
  expect(readdirSync(small).filter((file) => file !== "files")).toEqual([]);
}

describe("a really full disk", () => {
  for (const [name, into] of [
    ["csv", `{ file: ${join(files, "rows.csv")} }`],
    ["csv.gz", `{ file: ${join(files, "rows.csv.gz")} }`],
    ["json", `{ file: ${join(files, "rows.json")} }`],
    ["ndjson", `{ file: ${join(files, "rows.ndjson")} }`],
    ["ndjson.gz", `{ file: ${join(files, "rows.ndjson.gz")} }`],
    ["parquet", `{ file: ${join(files, "rows.parquet")} }`],
    ["partitions", `{ file: ${join(files, "rows")}, format: parquet, partitions: [kind] }`],
    ["partitions of csv", `{ file: ${join(files, "rows")}, format: csv, partitions: [kind] }`],
    ["targetSize", `{ file: ${join(files, "rows")}, format: parquet, targetSize: 1MB }`],
    [
      "partitions of a size",
      `{ file: ${join(files, "rows")}, format: parquet, partitions: [kind], targetSize: 1MB, rowGroupRows: 2048 }`,
    ],
    ["sqlite", "sqlite.small.rows"],
  ] as const) {
    it.skipIf(!mounted)(`${name}: a clear error, nothing left behind${why}`, () => {
      using made = project(into);
      mkdirSync(files, { recursive: true });
      assertRefused(made.run(["run"]));
    });
  }

  it.skipIf(!mounted)(`what was there stays${why}`, () => {
    using made = project(`{ file: ${join(files, "rows")}, format: parquet, partitions: [kind] }`);
    mkdirSync(files, { recursive: true });
    try {
      made.write("data/rows.csv", "id,kind,name\n1,1,Ada\n2,2,Grace\n");
      expect(made.run(["run"]).status).toBe(0);
      const before = readdirSync(files, { recursive: true }).toSorted();
      made.write("data/rows.csv", rows ?? "");
      const run = made.run(["run"]);
      expect(run.status).toBe(1);
      expect(run.error).toMatch(/full|no space/i);
      expect(readdirSync(files, { recursive: true }).toSorted()).toEqual(before);
    } finally {
      rmSync(files, { recursive: true });
    }
  });

  it.skipIf(!mounted)(`what a command prints is not cut short, though its last program saw nothing of it${why}`, () => {
    using made = project("{ file: out/unused.csv }");
    made.write(
      "pipelines/printed.yaml",
      `name: printed
steps:
  s: { shell: { command: "seq 1 300000; true", output: { n: int64 }, header: false } }
  load_s: { load: { from: s, into: { file: out/s.csv } } }
`,
    );
    const state = join(small, "state");
    mkdirSync(state);
    try {
      rmSync(join(made.root, ".sluice"), { recursive: true, force: true });
      symlinkSync(state, join(made.root, ".sluice"));
      // A process of its own, which lets go of the state when it ends.
      const run = spawnSync(process.execPath, [COMMAND, "run", "printed"], { cwd: made.root, encoding: "utf8" });
      expect(run.stderr).toContain('the output of "s" cannot be written: no space left on the device');
      expect(run.status).toBe(1);
      expect(made.has("out/s.csv")).toBe(false);
    } finally {
      rmSync(state, { recursive: true });
    }
  });

  for (const name of ["rows.csv", "rows.csv.gz", "rows.json", "rows.ndjson", "rows.parquet"]) {
    it.skipIf(!mounted)(`copy and query --out, ${name}: a clear error, nothing left behind${why}`, () => {
      using made = project("{ file: out/unused.csv }");
      mkdirSync(files, { recursive: true });
      assertRefused(made.run(["copy", "data/rows.csv", join(files, name)]));
      assertRefused(made.run(["query", "select * from 'data/rows.csv'", "--out", join(files, name)]));
    });
  }

  it("/dev/full as standard output ends with a sentence", () => {
    using made = project("{ file: out/unused.csv }");
    const full = openSync("/dev/full", "w");
    try {
      for (const words of [
        ["query", "select * from 'data/rows.csv'"],
        ["query", "select * from 'data/rows.csv'", "--format", "ndjson"],
        ["copy", "data/rows.csv", "-"],
        ["copy", "data/rows.csv", "json:-"],
      ]) {
        const run = spawnSync(process.execPath, [COMMAND, ...words], {
          cwd: made.root,
          stdio: ["ignore", full, "pipe"],
          encoding: "utf8",
        });
        expect([words, run.status]).toEqual([words, 1]);
        expect(run.stderr).toMatch(/no space/i);
        expect(run.stderr).not.toMatch(/\bat .*\.js:\d+/);
      }
    } finally {
      closeSync(full);
    }
  });

  it("/dev/full as a target is refused with a sentence", () => {
    using made = project("{ file: /dev/full, format: csv }");
    const run = made.run(["run"]);
    expect(run.status).not.toBe(0);
    expect(run.error).toContain("/dev/full");
    expect(run.error).not.toMatch(/\bat .*\.js:\d+/);
  });
});
