import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "sluice-package-"));

/** Runs in the empty folder, as somebody who has installed nothing else. */
function inFolder(
  command: string,
  words: readonly string[],
  cwd: string = folder,
): { status: number | null; out: string; error: string } {
  const { NODE_PATH: _, INIT_CWD: __, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(command, words, {
    cwd,
    encoding: "utf8",
    env: { ...env, NO_COLOR: "1", CI: "" },
  });
  return { status, out: stdout, error: stderr };
}

describe("the packed tarball, installed alone", () => {
  beforeAll(() => {
    const packed = spawnSync(process.execPath, [join(root, "scripts/pack.mjs"), folder], { encoding: "utf8" });
    expect(packed.stderr).toBe("");
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
    const installed = inFolder("npm", [
      "install",
      "--no-audit",
      "--no-fund",
      "--prefer-offline",
      "--loglevel=error",
      packed.stdout.trim(),
    ]);
    expect(installed.status, installed.error).toBe(0);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("init, then run", () => {
    const init = inFolder("npx", ["sluice", "init", "my-project"]);
    expect(init.status, init.error).toBe(0);
    const run = inFolder("npx", ["sluice", "run"], join(folder, "my-project"));
    expect(run.status, run.error + run.out).toBe(0);
    expect(run.out).toContain("succeeded");
  });

  it("keeps what was compiled with the program, and does without what is broken", () => {
    const project = join(folder, "my-project");
    const cache = join(folder, "node_modules/sluice/.cache");
    const kept = () => readdirSync(cache).filter((name) => name.endsWith(".code"));
    expect(kept().length).toBe(1);
    const file = join(cache, kept()[0] ?? "");
    const run = () => inFolder(join(folder, "node_modules/.bin/sluice"), ["run"], project);
    // What was just compiled, and what is taken as it was kept.
    const before = readFileSync(file);
    expect(run()).toMatchObject({ status: 0, error: "" });
    expect(readFileSync(file).equals(before)).toBe(true);
    writeFileSync(file, before.subarray(0, before.length / 2));
    expect(run()).toMatchObject({ status: 0, error: "" });
    expect(readFileSync(file).length).toBeGreaterThan(before.length / 2);
    expect(kept().length).toBe(1);
  });

  it("carries the JSON Schema that editors read", () => {
    const schema = readFileSync(join(folder, "node_modules/sluice/pipeline.schema.json"), "utf8");
    expect(JSON.parse(schema).title).toBe("A sluice pipeline");
  });

  it("the project type-checks against the published types", () => {
    const tsc = inFolder(
      process.execPath,
      [join(root, "node_modules/typescript/bin/tsc"), "--noEmit", "-p", "."],
      join(folder, "my-project"),
    );
    expect(tsc.out).toBe("");
    expect(tsc.status).toBe(0);
  });

  it("a pipeline runs as a library", () => {
    const project = join(folder, "my-project");
    const pipeline = JSON.parse(inFolder("npx", ["sluice", "list", "--json"], project).out) as {
      pipelines: readonly { name: string }[];
    };
    mkdirSync(join(project, "scripts"), { recursive: true });
    writeFileSync(
      join(project, "scripts/run.mjs"),
      `import { definePipeline, file, load, run, values } from "sluice";
const rows = values({ id: "int64", name: "string?" }, [{ id: 1, name: "a" }, { id: 2, name: null }]);
const result = await run(definePipeline({ name: "small", steps: [load({ name: "out", from: rows, into: file("out/small.csv") })] }), { project: ${JSON.stringify(project)} });
console.log(result.status, result.finished.steps.out.rowsOut);\n`,
    );
    const run = inFolder(process.execPath, ["scripts/run.mjs"], project);
    expect(run.error).toBe("");
    expect(run.out).toBe("succeeded 2\n");
    expect(readFileSync(join(project, "out/small.csv"), "utf8")).toBe("id,name\n1,a\n2,\n");
    expect(pipeline.pipelines.length).toBe(1);
  });

  it("queries, copies and profiles files in a folder without a project and without node_modules", () => {
    const bare = mkdtempSync(join(tmpdir(), "sluice-bare-"));
    try {
      writeFileSync(join(bare, "x.csv"), "id,name\n1,a\n2,b\n");
      const command = join(folder, "node_modules/.bin/sluice");
      const ask = (...words: readonly string[]) => inFolder(command, words, bare);
      const query = inFolder("npx", ["--prefix", folder, "sluice", "query", "select max(id) as m from 'x.csv'"], bare);
      expect([query.status, query.out]).toEqual([0, "m\n2\n"]);
      expect(ask("copy", "x.csv", "x.parquet").status).toBe(0);
      expect(ask("profile", "x.parquet").out).toContain("possible-key: id");
      expect(ask("doctor").status).toBe(0);
      expect(readdirSync(bare).sort()).toEqual(["x.csv", "x.parquet"]);
    } finally {
      rmSync(bare, { recursive: true, force: true });
    }
  });

  it("holds only what runs", () => {
    const installed = join(folder, "node_modules/sluice");
    expect(existsSync(join(installed, "LICENSE"))).toBe(true);
    expect(existsSync(join(installed, "README.md"))).toBe(true);
    const listed = spawnSync(
      "find",
      [installed, "-name", "*.test.*", "-o", "-name", "*.fixture.*", "-o", "-name", "*.tsbuildinfo"],
      { encoding: "utf8" },
    );
    expect(listed.stdout).toBe("");
  });

  it("runs few files, and says whose they are", () => {
    const installed = join(folder, "node_modules/sluice");
    const programs = readdirSync(installed, { recursive: true, encoding: "utf8" }).filter((path) =>
      path.endsWith(".js"),
    );
    expect(programs.length).toBeLessThan(20);
    expect(programs.filter((path) => path.includes("@sluice"))).toEqual([]);
    expect(readFileSync(join(installed, "dist/LICENSES.txt"), "utf8")).toContain("zod 4");
  });
});
