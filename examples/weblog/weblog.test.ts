import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { COMMAND, sluice } from "../../test/cli/sluice.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
let folder: string;

beforeAll(() => {
  // A copy, so that a run leaves nothing in the repository.
  folder = realpathSync(mkdtempSync(join(tmpdir(), "sluice-weblog-")));
  for (const name of ["sluice.config.ts", "data", "pipelines", "schemas"]) {
    cpSync(join(here, name), join(folder, name), { recursive: true });
  }
  const { status, error } = sluice(folder, ["run", "weblog", "--frozen"]);
  expect(error).toBe("");
  expect(status).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The records by plain means: `#` never stands in a value of this file. */
const records = (): readonly (readonly string[])[] =>
  readFileSync(join(here, "data/web-server-access-log.txt"), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .slice(1)
    .map((line) => line.split("#"));

function expectedCounts(): string {
  const counts = new Map<number, number>();
  for (const [, , , , , browser] of records()) counts.set(Number(browser), (counts.get(Number(browser)) ?? 0) + 1);
  const rows = [...counts].toSorted(([a, m], [b, n]) => n - m || a - b);
  return `${["browser_code,visits", ...rows.map((row) => row.join(","))].join("\n")}\n`;
}

const read = (path: string): string => readFileSync(join(folder, path), "utf8");

describe("the web log example", () => {
  it("types the first four columns and writes them as CSV", () => {
    const lines = records().map(([timestamp, latitude, longitude, visitor]) =>
      [timestamp, Number(latitude), Number(longitude), visitor?.toLowerCase()].join(","),
    );
    expect(read("out/visits.csv")).toBe(`${["timestamp,latitude,longitude,visitorid", ...lines].join("\n")}\n`);
  });

  it("writes the same rows as Parquet, with their types", () => {
    const sql =
      "select typeof(timestamp) as a, typeof(latitude) as b, typeof(longitude) as c, typeof(visitorid) as d, count(*) as rows from 'out/visits.parquet' group by all";
    expect(sluice(folder, ["query", sql, "--format", "csv"]).out).toBe(
      "a,b,c,d,rows\nTIMESTAMP,DOUBLE,DOUBLE,UUID,100\n",
    );
    const rows = sluice(folder, ["query", "from 'out/visits.parquet'", "--format", "csv"]).out;
    expect(rows.split("\n").toSorted()).toEqual(read("out/visits.csv").split("\n").toSorted());
  });

  it("counts the visits of each browser", () => {
    expect(read("out/browsers.csv")).toBe(expectedCounts());
  });

  it("does the same in a pipe of the shell", () => {
    const sql = "select browser_code, count(*) as visits from stdin group by 1 order by 2 desc, 1";
    const pipe = `cat data/web-server-access-log.txt | "$NODE" "$SLUICE" query "${sql}" | cat`;
    const { stdout } = spawnSync("sh", ["-c", pipe], {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, NODE: process.execPath, SLUICE: COMMAND },
    });
    expect(stdout).toBe(expectedCounts());
  });

  it("has equal definitions in both forms", () => {
    const definition = (file: string): unknown =>
      (JSON.parse(sluice(folder, ["plan", file, "--json"]).out) as { readonly definition: unknown }).definition;
    expect(definition("pipelines/weblog.yaml")).toEqual(definition("pipelines/weblog.ts"));
  });
});
