import { spawnSync } from "node:child_process";
import { dirname } from "node:path";
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

    // Each output: written aside and synced, renamed, its folder synced, and only then the state database.
    for (const output of ["clean.parquet", "out/rows.csv"]) {
      const name = output.replace(".", "\\.");
      const renamed = first(new RegExp(`rename.*"[^"]*/${name}"`));
      expect(renamed, `rename of ${output}`).toBeGreaterThan(-1);
      const [, aside = "", target = ""] = /"([^"]+)", (?:AT_FDCWD[^,]*, )?"([^"]+)"/.exec(calls[renamed] ?? "") ?? [];
      const synced = calls.findIndex((line) => /f(data)?sync/.test(line) && line.includes(`<${aside}>`));
      expect(synced, `sync of ${aside}`).toBeGreaterThan(-1);
      expect(synced).toBeLessThan(renamed);
      const folder = calls.findIndex(
        (line, index) => index > renamed && line.includes(`fsync(`) && line.includes(`<${dirname(target)}>`),
      );
      expect(folder, `sync of the folder of ${output}`).toBeGreaterThan(renamed);
      expect(first(/f(data)?sync\(\d+<[^>]*state\.db(-wal)?>/, folder)).toBeGreaterThan(folder);
    }
  });
});
