import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { type LakeProject, lakeProject, type TextRows } from "./lake-project.ts";
import { openPyIceberg } from "./pyiceberg.ts";
import { pythonEnvironment } from "./python-environment.ts";

const environment = await pythonEnvironment();
const FIXTURE = fileURLToPath(new URL("fixtures/spark-lake", import.meta.url));
/** The folder that its files name, and other folders are made as long as. */
const WRITTEN = `/fixture/${"x".repeat(171)}`;

function sparkLake(): LakeProject {
  const lake = lakeProject();
  onTestFinished(() => lake[Symbol.dispose]());
  const { folder } = lake.place;
  cpSync(FIXTURE, folder, { recursive: true });
  const place = folder.padEnd(WRITTEN.length, "/");
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    writeFileSync(path, readFileSync(path, "latin1").replaceAll(WRITTEN, place), "latin1");
  }
  return lake;
}

/** Inserted, deleted, inserted, deleted. */
const SNAPSHOTS = ["1691274336036864425", "1829111475088531488", "4709577376928558558", "6954230975289675294"];
const LEFT = [0, 1, 2, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15, 16, 17];
const EXPECTED = [
  ...LEFT.map((id) => [`${id}`, `w${id}`, `${id}`]),
  ...[18, 20, 21, 22, 23].map((id) => [`${id}`, `v${id}`, null]),
];
const COLUMNS = ["id", "word", 'point."y z"'];

describe("a table that Spark wrote", () => {
  it("is read without the rows that its position deletes name, now and then", async () => {
    const lake = sparkLake();
    expect(await lake.rows("n.t", COLUMNS, "order by id")).toEqual(EXPECTED);
    expect(await lake.rows("n.t", ["id"], "where id in (3, 4, 18, 19) order by id")).toEqual([["4"], ["18"]]);
    expect(await lake.rows("n.t", ["id"], "where word >= 'v2' and id < 20 order by id")).toEqual(
      LEFT.map((id) => [`${id}`]),
    );
    const counts: string[] = [];
    for (const snapshot of SNAPSHOTS) {
      const [[count] = []] = await lake.rows(`n.t@${snapshot}`, ["count(*)"]);
      counts.push(count ?? "");
    }
    expect(counts).toEqual(["20", "16", "22", "20"]);
  });

  it.skipIf("absent" in environment)("is merged into, and PyIceberg sees the same", async () => {
    if ("absent" in environment) return;
    const lake = sparkLake();
    const { folder } = lake.place;
    await using other = openPyIceberg(environment.python, `sqlite:///${folder}/catalog.db`, folder);
    const theirs = () => other.ask<TextRows>("texts", { table: "n.t", columns: ["id", "word"] });
    const ordered = (rows: TextRows) => [...rows].sort(([left], [right]) => Number(left) - Number(right));
    expect(ordered(await theirs())).toEqual(EXPECTED.map((row) => row.slice(0, 2)));
    const rows = "select i::bigint as id, 'ours' as word from range(17, 20) r(i)";
    await lake.load("n.t", rows, { mode: "merge", key: ["id"] });
    const merged = EXPECTED.map(([id, word]) => [id, id === "17" || id === "18" ? "ours" : word]);
    const expected = ordered([...(merged as TextRows), ["19", "ours"]]);
    expect(await lake.rows("n.t", ["id", "word"], "order by id")).toEqual(expected);
    expect(ordered(await theirs())).toEqual(expected);
    expect(await lake.rows("n.t", ['point."y z"'], "where id in (1, 16, 17) order by id")).toEqual([
      ["1"],
      ["16"],
      ["17"],
    ]);
  });
});
