import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openDuckDb } from "./duckdb.fixture.ts";

const { folder, engine, duckdb } = await openDuckDb();

const TERMS = [
  "1 as a, 'x' as b",
  "2 as a, null::varchar as b",
  "'x' as b, 1 as a",
  "1 as a, 'x' as c",
  "1 as a, 'x'::blob as b",
  "1::smallint as a, 'x' as b",
  "1::decimal(9,2) as a",
  "1::decimal(9,3) as a",
  "{'x': 1, 'y': 2} as s",
  "{'x': 1, 'z': 2} as s",
  "[1] as l",
  "timestamp '2024-01-01' as t",
  "timestamptz '2024-01-01' as t",
  "timestamp_ns '2024-01-01' as t",
  "7 as a, 'y' as b",
];

it("of many files each schema is that of the file alone, in their order", async () => {
  const paths: string[] = [];
  for (const [index, terms] of TERMS.entries()) {
    const path = join(folder, `${index}'.parquet`);
    paths.push(path);
    await duckdb.run(`copy (select ${terms}) to '${path.replaceAll("'", "''")}'`);
  }
  const alone = [];
  for (const path of paths) alone.push(await engine.schemaOfFile(path));
  expect(await engine.schemasOfFiles(paths)).toEqual(alone);
  expect(new Set(alone.map((schema) => JSON.stringify(schema))).size).toBe(TERMS.length - 2);
  expect(await engine.schemasOfFiles([])).toEqual([]);
});

it("one that is no Parquet is an error", async () => {
  const path = join(folder, "broken.parquet");
  await writeFile(path, "PAR1 no more");
  await duckdb.run(`copy (select 1 as a) to '${join(folder, "sound.parquet")}'`);
  await expect(engine.schemasOfFiles([join(folder, "sound.parquet"), path])).rejects.toMatchObject({ code: "data" });
});
