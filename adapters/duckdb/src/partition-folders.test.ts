import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Engine, FrozenColumn, InputFile, ScannableInput } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { expect, it } from "vitest";
import { openDuckDb } from "./duckdb.fixture.ts";

const { folder, engine, duckdb } = await openDuckDb();

const COLUMNS: readonly FrozenColumn[] = [
  { name: "id", type: "int64", nullable: true },
  { name: "year", type: "int64", nullable: true, partition: true },
  { name: "word", type: "string", nullable: true, partition: true },
  { name: "day", type: "date", nullable: true, partition: true, format: "%d.%m.%Y" },
];

type Values = readonly [year: string | null, word: string | null, day: string | null];

let inputs = 0;

/** A file of one row for each: its number, and what its path says. */
async function inputOf(all: readonly Values[]): Promise<ScannableInput> {
  const scratch = join(folder, `in-${++inputs}`);
  await mkdir(scratch);
  const files: InputFile[] = [];
  for (const [index, values] of all.entries()) {
    const path = join(scratch, `${index}.parquet`);
    await duckdb.run(`copy (select ${index} as id) to '${path}'`);
    files.push({ path, origin: `data/${index}.parquet`, bytes: 1, values });
  }
  return { format: "parquet", groups: [{ order: ["id"], files }], columns: COLUMNS, validate: "used", identity: null };
}

function requestOf(input: ScannableInput, sql: { readonly before: string; readonly after: string }, by: Engine) {
  const query = by.compile(
    {
      kind: "sql",
      engine: "duckdb",
      texts: [sql.before, sql.after],
      inputs: [{ kind: "scan", source: { dataset: "x" } }],
    },
    { schemaOf: () => ({ columns: input.columns }), parameters: new Map() },
  );
  const request = {
    inputs: new Map([["x", { input, columns: input.columns.map(({ name }) => name) }]]),
    parameters: new Map(),
    constants: { now: "2024-01-01T00:00:00Z", today: "2024-01-01" },
    signal: new AbortController().signal,
  };
  return { query, request };
}

/** `select … from x where …`, and the plan of it. */
async function ask(input: ScannableInput, terms: string, where: string, by = engine) {
  const { query, request } = requestOf(input, { before: `select ${terms} from `, after: ` where ${where}` }, by);
  const rows: (readonly unknown[])[] = [];
  for await (const batch of by.rows(query, request)) rows.push(...batch);
  return { rows, plan: await by.explain(query, request) };
}

it("files that a condition on their partitions does not want are left out", async () => {
  const values = [2020, 2021, 2022, 2023].flatMap((year) =>
    ["a", "b"].map((word): Values => [String(year), word, `0${year - 2019}.02.2024`]),
  );
  const input = await inputOf(values);
  const read = async (where: string) => {
    const { rows, plan } = await ask(input, "id", where);
    const [, files = "all"] = /Scanning Files: (\S+)/.exec(plan) ?? [];
    return [
      files,
      ...rows
        .flat()
        .map(Number)
        .toSorted((a, b) => a - b),
    ];
  };
  expect(await read("year = 2021")).toEqual(["2/8", 2, 3]);
  expect(await read("year between 2022 and 2023 and word <> 'a'")).toEqual(["2/8", 5, 7]);
  expect(await read("year = 2020 or word = 'b'")).toEqual(["5/8", 0, 1, 3, 5, 7]);
  expect(await read("year = 2021 and id > 2")).toEqual(["2/8", 3]);
  // Of a day in another layout nothing is left out, and the rows are right.
  expect(await read("day = date '2024-02-03'")).toEqual(["all", 4, 5]);
});

const ODD = ["a=b", "a/b", "100%", "%41", "ü '\"", "null", "NULL", "__x", " ", "\n", "x".repeat(70)];

it.each([
  ["short texts", ODD],
  ["texts that make no folder", [...ODD, "ü".repeat(100)]],
])("what paths say is given as it is said: %s", async (_, words) => {
  const values = [...words.map((word): Values => ["7", word, null]), [null, null, "01.02.2024"] as const];
  const input = await inputOf(values);
  const { rows } = await ask(input, "year::varchar, word, day::varchar", "id >= 0 order by id");
  expect(rows).toEqual([...words.map((word) => ["7", word, null]), [null, null, "2024-02-01"]]);
  const found = await Promise.all(
    words.map(async (word) => (await ask(input, "word", `word = '${word.replaceAll("'", "''")}'`)).rows),
  );
  expect(found).toEqual(words.map((word) => [[word]]));
  expect((await ask(input, "id::varchar", "word is null")).rows).toEqual([[String(words.length)]]);
});

it("the engine's own folder may be called as a partition is", async () => {
  const scratch = join(folder, "id=5");
  await mkdir(scratch);
  await using other = createDuckDbEngine({ scratch });
  const input = await inputOf([
    ["2020", "a", null],
    ["2021", "b", null],
  ]);
  const { rows } = await ask(input, "id::varchar, year::varchar", "year = 2021", other);
  expect(rows).toEqual([["1", "2021"]]);
});

it("a broken file is named as people know it", async () => {
  const input = await inputOf([
    ["2020", "a", null],
    ["2021", "b", null],
  ]);
  await writeFile(input.groups[0]?.files[1]?.path ?? "", "PAR1 no more");
  await expect(ask(input, "id", "id >= 0")).rejects.toMatchObject({
    message: expect.stringContaining("data/1.parquet"),
  });
});
