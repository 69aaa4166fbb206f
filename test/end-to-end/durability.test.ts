import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { COMMAND, testProject } from "../cli/sluice.ts";

const present = spawnSync("strace", ["-V"]).status === 0;

describe("an output is synced before its stage is recorded", () => {
  it.skipIf(!present)(`by strace${present ? "" : " (skipped: strace is not installed)"}`, () => {
    using made = testProject({
      "sluice.config.ts": `import { csv, defineConfig } from "sluice";\nexport default defineConfig({ project: "sync", datasets: { rows: csv("data/rows.csv") } });\n`,
      "data/rows.csv": "id,name\n1,a\n2,b\n",
      "pipelines/p.yaml":
        "name: p\nsteps:\n  clean: { transform: { from: rows }, checks: [{ notNull: id }] }\n  load_rows: { load: { from: clean, into: { file: out/rows.csv }, mode: replace } }\n",
    });
    expect(made.run(["sync"]).status).toBe(0);
    const trace = `${made.root}/trace`;
    const run = spawnSync(
      "strace",
      [
        "-f",
        "-y",
        "-s",
        "300",
        "-e",
        "trace=fsync,fdatasync,rename,renameat,renameat2,write,pwrite64",
        "-o",
        trace,
        process.execPath,
        COMMAND,
        "run",
      ],
      { cwd: made.root, encoding: "utf8" },
    );
    expect(run.stderr).toBe("");
    expect(run.status).toBe(0);
    const calls = spawnSync("cat", [trace], { encoding: "utf8", maxBuffer: 1 << 28 }).stdout.split("\n");
    const first = (has: RegExp, from = 0): number => calls.findIndex((line, index) => index >= from && has.test(line));

    // The landed file: synced, renamed, its folder synced, then the state database.
    const landedSync = first(/f(data)?sync\(\d+<[^>]*\/stage\/[^>]*clean[^>]*>/);
    const landedRename = first(/rename.*stage\/.*clean.*clean\.parquet/);
    expect(landedSync).toBeGreaterThan(-1);
    expect(landedRename).toBeGreaterThan(landedSync);
    const landedFolder = first(/fsync\(\d+<[^>]*\/stage\/[^/>]+>/, landedRename);
    expect(landedFolder).toBeGreaterThan(landedRename);
    expect(first(/(fsync|fdatasync)\(\d+<[^>]*state\.db(-wal)?>/, landedFolder)).toBeGreaterThan(landedFolder);

    // The target: the same.
    const targetSync = first(/f(data)?sync\(\d+<[^>]*\/out\/[^>]*rows\.csv[^>]*>/);
    const targetRename = first(/rename.*out\/.*"[^"]*out\/rows\.csv"/);
    expect(targetSync).toBeGreaterThan(-1);
    expect(targetRename).toBeGreaterThan(targetSync);
    const targetFolder = first(/fsync\(\d+<[^>]*\/out>/, targetRename);
    expect(targetFolder).toBeGreaterThan(targetRename);
    expect(first(/(fsync|fdatasync)\(\d+<[^>]*state\.db(-wal)?>/, targetFolder)).toBeGreaterThan(targetFolder);
  });
});
