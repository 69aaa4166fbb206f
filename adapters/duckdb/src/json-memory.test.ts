import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Cell, type Engine, type FrozenColumn, isSluiceError, type ScannableInput } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { afterAll, expect, it } from "vitest";

const MEBIBYTE = 1024 ** 2;
/** What an engine has at the least memory that a project may give, which the process and it share. */
const LEAST_BYTES = 32e6;

const root = await mkdtemp(join(tmpdir(), "sluice-json-memory-"));
afterAll(() => rm(root, { recursive: true }));

const COLUMNS: readonly FrozenColumn[] = [
  { name: "id", type: "int64", nullable: false },
  { name: "text", type: "string", nullable: true },
];
const { signal } = new AbortController();

let files = 0;
async function inputOf(
  texts: readonly string[],
  columns: readonly FrozenColumn[] = COLUMNS,
  values?: readonly string[],
): Promise<ScannableInput> {
  const places = texts.map((text, index) => {
    const path = join(root, `${++files}.ndjson`);
    const own = values === undefined ? {} : { values: [values[index] ?? null] };
    return { path, origin: `data/${index}.ndjson`, bytes: text.length, ...own };
  });
  await Promise.all(texts.map((text, index) => writeFile(places[index]?.path ?? "", text)));
  const order = columns.map(({ name }) => name);
  return { format: "ndjson", groups: [{ order, files: places }], columns, validate: "all", identity: `${files}` };
}

async function rowsOf(engine: Engine, input: ScannableInput): Promise<readonly (readonly Cell[])[]> {
  const query = engine.compile(
    { kind: "scan", source: { dataset: "d" } },
    { schemaOf: () => ({ columns: input.columns }), parameters: new Map() },
  );
  const columns = input.columns.map(({ name }) => name);
  const request = {
    inputs: new Map([["d", { input, columns }]]),
    parameters: new Map(),
    constants: { now: "2024-01-01T00:00:00Z", today: "2024-01-01" },
    signal,
  };
  const rows: (readonly Cell[])[] = [];
  for await (const batch of engine.rows(query, request)) rows.push(...batch);
  return rows;
}

async function splitOf(engine: Engine, input: ScannableInput) {
  const [accepted, rejected] = [join(root, `${++files}-a.parquet`), join(root, `${files}-r.parquet`)];
  const columns = input.columns.map(({ name }) => name);
  const result = await engine.split({ name: "d", input, columns, accepted, rejected, signal });
  const own = input.columns.map(({ partition: _partition, ...column }) => column);
  const file = { path: accepted, origin: accepted, bytes: 0 };
  const taken: ScannableInput = {
    format: "parquet",
    groups: [{ order: columns, files: [file] }],
    columns: own,
    validate: "used",
    identity: accepted,
  };
  return { result, rows: await rowsOf(engine, taken) };
}

/** The rows as a run gets them: strictly, and record by record where that is refused. */
async function taken(engine: Engine, input: ScannableInput): Promise<readonly (readonly Cell[])[]> {
  try {
    return await rowsOf(engine, input);
  } catch (error) {
    if (!isSluiceError(error) || error.reason !== "strict") throw error;
    return (await splitOf(engine, input)).rows;
  }
}

it.each([250, 128, 64, 31])("a bad record among short ones is a reject with %d MiB", async (mebibytes) => {
  await using engine = createDuckDbEngine({ scratch: root, threads: 2, memoryBytes: mebibytes * MEBIBYTE });
  const { result, rows } = await splitOf(engine, await inputOf(['{"id":1,"text":"a"}\n{"id":"x","text":"a"}\n']));
  expect(result).toMatchObject({ accepted: 1, rejected: 1 });
  expect(rows).toEqual([[1, "a"]]);
});

it("sound records are read with the least memory", async () => {
  await using engine = createDuckDbEngine({ scratch: root, threads: 2, memoryBytes: LEAST_BYTES });
  const input = await inputOf(['{"id":1,"text":"a"}\r\n\n {"id":2}\n']);
  expect(await taken(engine, input)).toEqual([
    [1, "a"],
    [2, null],
  ]);
  await expect(engine.validate(input, signal)).rejects.toMatchObject({ code: "data", reason: "strict" });
});

it("no record, and none that is sound, are no rows", async () => {
  await using engine = createDuckDbEngine({ scratch: root, threads: 2, memoryBytes: LEAST_BYTES });
  expect((await splitOf(engine, await inputOf([""]))).result).toMatchObject({ accepted: 0, rejected: 0 });
  expect((await splitOf(engine, await inputOf(["{}\n[]\n"]))).result).toMatchObject({ accepted: 0, rejected: 2 });
});

it("the order of records stays, over many files and more of them than one thread reads", async () => {
  await using engine = createDuckDbEngine({ scratch: root, threads: 4, memoryBytes: 512 * MEBIBYTE });
  const columns: readonly FrozenColumn[] = [
    ...COLUMNS,
    { name: "of", type: "string", nullable: true, partition: true },
  ];
  const filler = "é\u2028\\u0001".repeat(55);
  const texts = [0, 1, 2].map((file) =>
    Array.from({ length: 25_000 }, (_, index) => `{"id":${file * 25_000 + index},"text":"${filler}"}\n`).join(""),
  );
  const input = await inputOf(["{}\n", ...texts], columns, ["none", "a", "b", "c"]);
  const { result, rows } = await splitOf(engine, input);
  expect(result).toMatchObject({ accepted: 75_000, rejected: 1 });
  const value = filler.replaceAll("\\u0001", "\u0001");
  expect(
    rows.findIndex(
      ([id, text, of], index) => id !== index || text !== value || of !== "abc"[Math.floor(index / 25_000)],
    ),
  ).toBe(-1);
});

it("a record as long as one may be is taken still, and those around it", async () => {
  await using engine = createDuckDbEngine({ scratch: root, threads: 2, memoryBytes: 600 * MEBIBYTE });
  // Every character is longer once it is normalised.
  const long = "\\u0001".repeat(2_600_000);
  const plain = "x".repeat(16_000_000);
  const input = await inputOf([
    `{"id":1}\n{"id":2,"text":"${long}"}\n{"id":3,"text":"a"}\n{"id":4,"text":"${plain}"}\n{"id":"x"}\n`,
  ]);
  const { result, rows } = await splitOf(engine, input);
  expect(result).toMatchObject({ accepted: 4, rejected: 1 });
  expect(rows.map(([id, text]) => [id, text?.toString().length])).toEqual([
    [1, undefined],
    [2, 2_600_000],
    [3, 1],
    [4, 16_000_000],
  ]);
});
