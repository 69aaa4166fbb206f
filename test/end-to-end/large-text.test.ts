import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { jsonLines, testProject } from "../cli/sluice.ts";

const ROWS = 300_000;
const CONFIG = `import { csv, defineConfig } from "sluice";
export default defineConfig({ project: "large", datasets: { rows: csv("data/rows.csv") } });
`;
const PIPELINE = `name: large
steps:
  known: { transform: { from: rows, filter: amount is not null, select: { id: id, day: day, note: note } } }
  load_known: { load: { from: known, into: { file: out/known.parquet }, mode: replace } }
  load_all: { load: { from: rows, into: { file: out/all.csv }, mode: replace } }
`;

const line = (id: number): string =>
  `${id},"2024-0${1 + (id % 9)}-11",${id % 5 === 0 ? "" : `${id % 1000}.25`},"said ""${id}"" ${"x".repeat(id % 17)}",${id % 2 === 0}`;
const lines = Array.from({ length: ROWS }, (_, id) => line(id));
const text = `id,day,amount,note,open\n${lines.join("\n")}\n`;

it("gives every row of a text that is taken apart before, and leaves nothing in scratch space", () => {
  expect(text.length).toBeGreaterThan(8 * 1024 * 1024);
  using project = testProject({ "sluice.config.ts": CONFIG, "pipelines/large.yaml": PIPELINE, "data/rows.csv": text });
  expect(project.run(["sync"]).status).toBe(0);
  const { status, out } = project.run(["run", "--json"]);
  expect(status).toBe(0);
  const { steps } = jsonLines(out).at(-1) as { steps: Record<string, { rowsIn: number; rowsOut: number }> };
  expect(steps.load_known).toMatchObject({ rowsOut: (ROWS * 4) / 5 });
  expect(steps.load_all).toMatchObject({ rowsOut: ROWS });
  const sql = "select count(*) n, sum(id) s, max(note) m from 'out/known.parquet' where note like 'said \"%\" %'";
  const kept = lines.map((_, id) => id).filter((id) => id % 5 > 0);
  expect(JSON.parse(project.run(["query", sql, "--json"]).out)).toMatchObject([
    { n: kept.length, s: kept.reduce((sum, id) => sum + id, 0) },
  ]);
  expect(readdirSync(join(project.root, ".sluice"), { recursive: true }).join("\n")).not.toContain("text-");
});

it("counts a reject at the very end of such a text exactly, with its line", () => {
  using project = testProject({ "sluice.config.ts": CONFIG, "pipelines/large.yaml": PIPELINE, "data/rows.csv": text });
  expect(project.run(["sync"]).status).toBe(0);
  project.write("data/rows.csv", `${text}x,2024-01-01,1,last,true\n`);
  const { status, out } = project.run(["run"]);
  expect(status).toBe(0);
  expect(out).toContain(`1 record of ${(ROWS + 1).toLocaleString("en")} in rows rejected`);
  const { out: all } = project.run(["query", "select count(*) n from 'out/all.csv'", "--json"]);
  expect(JSON.parse(all)).toMatchObject([{ n: ROWS }]);
});

it("uses its threads again, outlives one that fails, and keeps no process alive", () => {
  const folder = mkdtempSync(join(tmpdir(), "sluice-threads-"));
  const compiled = fileURLToPath(new URL("../../adapters/duckdb/dist/text-columns/", import.meta.url));
  try {
    writeFileSync(join(folder, "rows.csv"), text);
    const script = `
      const { convertText } = await import(${JSON.stringify(join(compiled, "convert.js"))});
      const columns = [["id", "int64"], ["day", "date"], ["amount", "float64"], ["note", "string"], ["open", "bool"]]
        .map(([name, type]) => ({ name, type, nullable: true }));
      const dialect = { delimiter: ",", quote: '"', escape: '"', header: true, newline: "lf", encoding: "utf-8", quotedEmpty: "text", compression: "none" };
      const input = (path) => ({ format: "csv", groups: [{ order: columns.map((one) => one.name), files: [{ path, origin: path, bytes: 1 }] }], dialect, columns, validate: "all", identity: null });
      const convert = async (path, signal) => {
        const found = await convertText({ input: input(path), columns: ["id"], folder: ".", signal, threads: 2, partBytes: 1_000_000 });
        const rows = found?.rows;
        await found?.[Symbol.asyncDispose]();
        return rows;
      };
      const { signal } = new AbortController();
      const found = [];
      for (let turn = 0; turn < 3; turn += 1) found.push(await convert("rows.csv", signal));
      found.push(await Promise.all([1, 2, 3].map(() => convert("rows.csv", signal))));
      found.push((await convert("missing.csv", signal)) ?? "none");
      const stop = new AbortController();
      const stopped = convert("rows.csv", stop.signal).catch((error) => error.code);
      setImmediate(() => stop.abort());
      found.push(await stopped, await convert("rows.csv", signal));
      console.log(JSON.stringify(found));`;
    const out = execFileSync(process.execPath, ["--input-type=module", "--eval", script], {
      cwd: folder,
      encoding: "utf8",
      timeout: 60_000,
    });
    expect(JSON.parse(out)).toEqual([ROWS, ROWS, ROWS, [ROWS, ROWS, ROWS], "none", "cancelled", ROWS]);
    expect(readdirSync(folder)).toEqual(["rows.csv"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("leaves a text to the strict read where the process may have no thread", () => {
  const folder = mkdtempSync(join(tmpdir(), "sluice-no-threads-"));
  const compiled = fileURLToPath(new URL("../../adapters/duckdb/dist/text-columns/", import.meta.url));
  try {
    writeFileSync(join(folder, "rows.csv"), "1,a\n");
    const script = `
      import { syncBuiltinESMExports } from "node:module";
      import threads from "node:worker_threads";
      threads.Worker = class { constructor() { throw new Error("no thread"); } };
      syncBuiltinESMExports();
      const { convertText } = await import(${JSON.stringify(join(compiled, "convert.js"))});
      const columns = ["a", "b"].map((name) => ({ name, type: "string", nullable: true }));
      const dialect = { delimiter: ",", quote: '"', escape: '"', header: false, newline: "lf", encoding: "utf-8", quotedEmpty: "text", compression: "none" };
      const input = { format: "csv", groups: [{ order: ["a", "b"], files: [{ path: "rows.csv", origin: "rows.csv", bytes: 4 }] }], dialect, columns, validate: "all", identity: null };
      const { signal } = new AbortController();
      console.log((await convertText({ input, columns: ["a"], folder: ".", signal, threads: 2 })) ?? "none");`;
    const words = ["--input-type=module", "--eval", script];
    expect(execFileSync(process.execPath, words, { cwd: folder, encoding: "utf8", timeout: 60_000 })).toBe("none\n");
    expect(readdirSync(folder)).toEqual(["rows.csv"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
