import { mkdir, open, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readInput } from "@sluice/conformance";
import { createDuckDbEngine } from "@sluice/duckdb";
import { afterAll, describe, expect, it } from "vitest";
import { createProject, type Project, removeFolders } from "./files.fixture.ts";
import { spool } from "./index.ts";
import { readSplit } from "./split.fixture.ts";

const engine = createDuckDbEngine({ threads: 2 });
const surroundings = { engine, readInput };
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await removeFolders();
});
const project = (): Promise<Project> => createProject(surroundings);
// The sizes of the real thing take minutes: npm run test:slow.
const isSlow = process.env.SLUICE_TEST_SLOW === "1";
const MB = 1 << 20;

/** The most resident memory while something runs, above what there was before. */
async function peakOf(action: () => Promise<unknown>): Promise<number> {
  const before = process.memoryUsage.rss();
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 20);
  try {
    await action();
  } finally {
    clearInterval(timer);
  }
  return Math.max(most, process.memoryUsage.rss()) - before;
}

async function writeLongLine(path: string, bytes: number): Promise<void> {
  const piece = Buffer.alloc(8 * MB, "x");
  const handle = await open(path, "w");
  try {
    await handle.writeFile("id,name\n1,Ada\n2,");
    for (let left = bytes; left > 0; left -= piece.length) await handle.writeFile(piece.subarray(0, left));
    await handle.writeFile("\n3,Alan\n");
  } finally {
    await handle.close();
  }
}

describe("hostile sizes", () => {
  const columns = isSlow ? 10_000 : 1000;
  it(`a table of ${columns} columns`, { timeout: 600_000 }, async () => {
    const at = await project();
    const names = Array.from({ length: columns }, (_, index) => `c${index}`);
    const row = (value: (index: number) => unknown): string => names.map((_, index) => value(index)).join(",");
    await at.write("a.csv", `${names.join(",")}\n${row((index) => index)}\n${row((index) => -index)}\n`);
    const dataset = await at.freeze("a.csv");
    expect(dataset.columns).toHaveLength(columns);
    const rows = await at.rows(dataset);
    expect(rows.map((cells) => [cells.length, cells.at(-1)])).toEqual([
      [columns, String(columns - 1)],
      [columns, String(1 - columns)],
    ]);
    const bad = row((index) => (index === columns - 1 ? "x" : index));
    await at.write("a.csv", `${names.join(",")}\n${bad}\n${row((index) => index)}\n`);
    const { accepted, rejected } = await readSplit(surroundings, await at.scan(dataset));
    expect(accepted).toHaveLength(1);
    expect(rejected.map((cells) => cells.slice(1, 5))).toEqual([["1", "2", `c${columns - 1}`, "is not an int64"]]);
  });

  const files = isSlow ? 100_000 : 500;
  it(`a glob of ${files} files`, { timeout: 1_200_000 }, async () => {
    const at = await project();
    await mkdir(join(at.root, "d"));
    for (let from = 0; from < files; from += 500) {
      const batch = Array.from({ length: Math.min(500, files - from) }, (_, index) => from + index);
      await Promise.all(batch.map((index) => writeFile(join(at.root, `d/${index}.csv`), `id,n\n${index},x\n`)));
    }
    const dataset = await at.freeze("d/*.csv");
    const rows = await at.rows(dataset);
    expect(new Set(rows.map(([id]) => id)).size).toBe(files);
    await at.write("d/0.csv", "id,n\nzero,x\n");
    const { accepted, rejected } = await readSplit(surroundings, await at.scan(dataset));
    expect(accepted).toHaveLength(files - 1);
    expect(rejected.map((cells) => cells.slice(0, 5))).toEqual([["d/0.csv", "1", "2", "id", "is not an int64"]]);
  });

  const line = isSlow ? 2048 * MB : 96 * MB;
  it(`a line of ${line / MB} MB, in a file and through a stream`, { timeout: 600_000 }, async () => {
    const at = await project();
    await at.write("a.csv", "id,name\n1,Ada\n");
    const dataset = await at.freeze("a.csv");
    const path = join(at.root, "a.csv");
    await writeLongLine(path, line);
    const peak = await peakOf(async () => {
      const found = await at.discover("a.csv");
      expect(found.warnings).toEqual(["1 record of 3 will be rejected: the first, a.csv line 3, is too long"]);
      const { accepted, rejected } = await readSplit(surroundings, await at.scan(dataset));
      expect(accepted).toEqual([
        ["1", "Ada"],
        ["3", "Alan"],
      ]);
      expect(rejected.map((cells) => [...cells.slice(1, 5), cells[5]?.length, cells[6]])).toEqual([
        ["2", "3", "", "is too long", 64 * 1024, String(line + 2)],
      ]);
      const lines = await at.freeze("a.csv", {}, { format: "lines" });
      expect((await readSplit(surroundings, await at.scan(lines))).rejected).toHaveLength(1);
    });
    expect(peak).toBeLessThan(400 * MB);
    const folder = join(at.root, "scratch");
    await mkdir(folder);
    const stream = (await open(path)).createReadStream();
    const { signal } = new AbortController();
    expect(await peakOf(() => spool(stream, { folder, origin: "-", signal }))).toBeLessThan(100 * MB);
    expect(await readdir(folder)).toEqual(["spooled"]);
  });

  it("JSON whose keys are values", async () => {
    const at = await project();
    const keys = (from: number, count: number): string =>
      JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${from + index}`, index])));
    await at.write("wide.ndjson", `{"k0":1}\n${keys(0, 300)}\n`);
    const wide = await at.freeze("wide.ndjson", {}, { format: "ndjson" });
    const rows = await at.rows(wide);
    expect(rows.map((cells) => [cells.length, cells.at(-1)])).toEqual([
      [300, null],
      [300, "299"],
    ]);
    await at.write("one.ndjson", `{"id":1}\n${keys(0, 200_000)}\n`);
    await expect(at.discover("one.ndjson")).rejects.toMatchObject({
      reason: "keys",
      message: expect.stringContaining("by line 2 its records have more than 10000 different keys"),
    });
    await at.write("many.json", `[${Array.from({ length: 30 }, (_, index) => keys(index * 500, 500)).join(",")}]`);
    await expect(at.discover("many.json")).rejects.toMatchObject({ reason: "keys" });
  });

  it("JSON of 10,000 levels, and lines of 40 MB of it", async () => {
    const at = await project();
    const deep = `${"[".repeat(10_000)}${"]".repeat(10_000)}`;
    const record = (id: number, value: string): string => `{"id":${id},"v":${value}}`;
    await at.write("deep.ndjson", `${record(1, "[1]")}\n${record(2, deep)}\n`);
    const dataset = await at.freeze("deep.ndjson", {}, { format: "ndjson" });
    expect((await at.rows(dataset)).map(([id]) => id)).toEqual(["1", "2"]);
    await at.write("deep.ndjson", `${record(1, "[1]")}\n${record(2, "[".repeat(10_000))}\n${record(3, "[]")}\n`);
    const broken = await readSplit(surroundings, await at.scan(dataset));
    expect(broken.rejected.map(([, number, line]) => [number, line])).toEqual([["2", "2"]]);
    const long = "x".repeat(40 * MB);
    const ends: readonly (readonly [string, string])[] = [
      ["sound", '"'],
      ["broken", ""],
    ];
    for (const [name, end] of ends) {
      const text = `${record(1, '"a"')}\n${record(2, `"${long}${end}`)}\n${record(3, '"c"')}\n`;
      await at.write(`${name}.ndjson`, text);
      const peak = await peakOf(async () => {
        const found = await at.freeze(`${name}.ndjson`, {}, { format: "ndjson" });
        const { accepted, rejected } = await readSplit(surroundings, await at.scan(found));
        expect(accepted.map(([id]) => id)).toEqual(["1", "3"]);
        expect(rejected.map((cells) => cells.slice(1, 5))).toEqual([["2", "2", "", "is too long"]]);
      });
      expect(peak).toBeLessThan(400 * MB);
    }
  });

  it("lines that never end around a table", async () => {
    const at = await project();
    await at.write("a.csv", `# ${"x".repeat(40 * MB)}\nid,name\n1,Ada\n`);
    const dataset = await at.freeze("a.csv", {}, { comment: "#" });
    expect(await at.rows(dataset)).toEqual([["1", "Ada"]]);
    await at.write("a.csv", `${"x".repeat(20 * MB)}\nid,name\n1,Ada\n${"y".repeat(20 * MB)}`);
    const around = await at.freeze("a.csv", {}, { skip: 1, skipEnd: 1 });
    expect(await at.rows(around)).toEqual([["1", "Ada"]]);
  });

  it("bytes that are no UTF-8 in every record", async () => {
    const at = await project();
    await at.write("a.csv", "id,name\n1,Ada\n");
    const dataset = await at.freeze("a.csv");
    const record = Buffer.from("1,\xff\xfe\xc0\x80\n", "latin1");
    await at.write("a.csv", Buffer.concat([Buffer.from("id,name\n"), ...Array<Buffer>(20_000).fill(record)]));
    const { accepted, rejected } = await readSplit(surroundings, await at.scan(dataset));
    expect([accepted.length, rejected.length]).toEqual([0, 20_000]);
    expect(rejected[19_999]?.slice(1, 5)).toEqual(["20000", "20001", "", "is not valid UTF-8"]);
  });

  it("folders in a circle", async () => {
    const at = await project();
    await at.write("d/e/a.csv", "id\n1\n");
    await symlink("..", join(at.root, "d/e/up"));
    expect(await at.rows(await at.freeze("d/**/*.csv"))).toEqual([["1"]]);
  });
});
