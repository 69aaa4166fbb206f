import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { COMMAND, type TestProject, testProject } from "../cli/sluice.ts";
import { query } from "./reading.ts";

const GOOD = "id,name\n1,a\n2,b\n";

function project(path: string, text: string | Buffer = GOOD): TestProject {
  const made = testProject({
    "sluice.config.ts": `import { csv, defineConfig } from "sluice";\nexport default defineConfig({ project: "files", datasets: { rows: csv(${JSON.stringify(path)}) } });\n`,
    "pipelines/p.yaml":
      "name: p\nsteps:\n  copy: { load: { from: rows, into: { file: out/rows.parquet }, mode: replace } }\n",
  });
  put(made, path, text);
  const synced = made.run(["sync"]);
  expect(synced.error).toBe("");
  expect(synced.status).toBe(0);
  return made;
}

function put(made: TestProject, path: string, text: string | Buffer): void {
  mkdirSync(join(made.root, path, ".."), { recursive: true });
  writeFileSync(join(made.root, path), text);
}

/** Runs, expects a failure that names the file and leaves nothing of an output behind. */
function fails(made: TestProject, status: number, message: RegExp, words: readonly string[] = ["run"]): void {
  const run = made.run(words);
  expect(run.error).toMatch(message);
  expect(run.error).not.toMatch(/\bat .*\.js:\d+/);
  expect(run.status).toBe(status);
  expect(made.has("out") ? readdirSync(join(made.root, "out")) : []).toEqual([]);
}

describe("files that cannot be read", () => {
  it("half a .csv.gz is exit 1 and leaves no file", () => {
    const whole = gzipSync(
      `id,name\n${Array.from({ length: 20_000 }, (_, index) => `${index},name ${index * 7919}`).join("\n")}\n`,
    );
    using made = project("data/rows.csv.gz", whole);
    expect(made.run(["run"]).status).toBe(0);
    made.run(["run"]);
    using half = project("data/rows.csv.gz", whole);
    put(half, "data/rows.csv.gz", whole.subarray(0, whole.length / 2));
    fails(half, 1, /rows\.csv\.gz/);
  });

  it("a .csv.gz with a wrong checksum", () => {
    const whole = gzipSync(GOOD);
    using made = project("data/rows.csv.gz", whole);
    const bad = Buffer.from(whole);
    bad[bad.length - 8] = (bad[bad.length - 8] ?? 0) ^ 0xff;
    put(made, "data/rows.csv.gz", bad);
    fails(made, 1, /rows\.csv\.gz/);
  });

  it("an empty file", () => {
    using made = project("data/rows.csv");
    put(made, "data/rows.csv", "");
    fails(made, 1, /data\/rows\.csv.*empty/s);
  });

  it("a header only gives no rows", async () => {
    using made = project("data/rows.csv");
    put(made, "data/rows.csv", "id,name\n");
    expect(made.run(["run"]).status).toBe(0);
    expect(await query(`select count(*)::int from '${made.root}/out/rows.parquet'`)).toEqual([[0]]);
  });

  it("a binary", () => {
    using made = project("data/rows.csv");
    put(made, "data/rows.csv", Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 37) % 256)));
    fails(made, 1, /data\/rows\.csv/);
  });

  it("a directory", () => {
    using made = project("data/rows.csv");
    spawnSync("rm", [join(made.root, "data/rows.csv")]);
    mkdirSync(join(made.root, "data/rows.csv"));
    // The address has to name its files: the author acts next.
    fails(made, 2, /data\/rows\.csv.*(directory|folder)/s);
  });

  it("a missing file names the closest one", () => {
    using made = project("data/rows.csv");
    spawnSync("mv", [join(made.root, "data/rows.csv"), join(made.root, "data/rovs.csv")]);
    fails(made, 1, /data\/rows\.csv[\s\S]*rovs\.csv/);
  });

  it.skipIf(process.getuid?.() === 0 && spawnSync("setpriv", ["--version"]).status !== 0)("no permission", () => {
    using made = project("data/rows.csv");
    chmodSync(join(made.root, "data/rows.csv"), 0o000);
    if (process.getuid?.() === 0) {
      // Root reads everything: drop the right to, for the command alone.
      const run = spawnSync(
        "setpriv",
        [
          "--bounding-set=-dac_override,-dac_read_search",
          "--inh-caps=-all",
          "--reuid=65534",
          "--clear-groups",
          process.execPath,
          COMMAND,
          "run",
        ],
        {
          cwd: made.root,
          encoding: "utf8",
          env: { ...process.env, NO_COLOR: "1" },
        },
      );
      expect(run.status).not.toBe(0);
      return;
    }
    fails(made, 1, /data\/rows\.csv.*(denied|permission)/s);
  });
});

describe("folders that cannot be made", () => {
  it("a target below /proc is refused, not tried for ever", () => {
    using made = project("data/rows.csv");
    made.write(
      "pipelines/p.yaml",
      "name: p\nsteps:\n  copy: { load: { from: rows, into: { file: /proc/x/y.csv }, mode: replace } }\n",
    );
    fails(made, 1, /\/proc\/x\/y\.csv cannot be written: its folder takes no new file/);
    fails(made, 1, /: \/proc\/y\.csv cannot be written: its folder takes no new file/, ["copy", "rows", "/proc/y.csv"]);
    const parted = ["copy", "rows", "/proc/z", "--partitions", "name"];
    fails(made, 1, /: \/proc\/z cannot be written: its folder takes no new file/, parted);
  });

  it("a project below /proc is refused, not tried for ever", () => {
    using made = project("data/rows.csv");
    fails(made, 1, /\/proc\/x.*cannot be made/, ["init", "/proc/x"]);
  });
});

describe("names", () => {
  it("a file named a'b [1] ü.csv beside a'b 1 ü.csv", async () => {
    using made = project("data/a'b [1] ü.csv", "id,name\n1,brackets\n");
    put(made, "data/a'b 1 ü.csv", "id,name\n2,plain\n");
    expect(made.run(["run"]).status).toBe(0);
    expect(await query(`select name from '${made.root}/out/rows.parquet'`)).toEqual([["brackets"]]);
  });

  it('columns named select"x, then, __proto__', async () => {
    using made = project("data/rows.csv", '"select""x",then,__proto__,constructor\n1,2,3,4\n');
    const run = made.run(["run"]);
    expect(run.error).toBe("");
    expect(run.status).toBe(0);
    expect(await query(`select * from '${made.root}/out/rows.parquet'`)).toEqual([["1", "2", "3", "4"]]);
    expect(await query(`select name from parquet_schema('${made.root}/out/rows.parquet') offset 1`)).toEqual([
      ['select"x'],
      ["then"],
      ["__proto__"],
      ["constructor"],
    ]);
  });

  it("2,000 columns", async () => {
    const columns = Array.from({ length: 2000 }, (_, index) => `c${index}`);
    using made = project("data/rows.csv", `${columns.join(",")}\n${columns.map((_, index) => index).join(",")}\n`);
    expect(made.run(["run"]).status).toBe(0);
    expect(await query(`select c0::int, c1999::int from '${made.root}/out/rows.parquet'`)).toEqual([[0, 1999]]);
  });
});
