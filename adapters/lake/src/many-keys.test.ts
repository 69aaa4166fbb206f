import { join } from "node:path";
import {
  createPlaces,
  type LoadedTable,
  type ReferenceLoad,
  readInput,
  referenceLoad,
  writeRows,
} from "@sluice/conformance";
import type { Address, Column, CommitResult, FrozenDataset, TypeText } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { adapter } from "@sluice/lake";
import { afterAll, describe, expect, it } from "vitest";

// So many keys that they are not looked for one by one, but by the range in which they lie.
const MANY = 300;

const places = createPlaces("sluice-lake-many-keys-");
afterAll(places.remove);
const engine = createDuckDbEngine({ threads: 2 });
afterAll(() => engine[Symbol.asyncDispose]());

const columnsOf = (key: TypeText): readonly Column[] => [
  { name: "id", type: key, nullable: true },
  { name: "part", type: "int32", nullable: true },
  { name: "word", type: "string", nullable: true },
];
const FLAG: Column = { name: "gone", type: "bool", nullable: true };

type Row = readonly (string | boolean | null)[];

const rowsOf = (from: bigint, count: number, step = 1n): readonly Row[] =>
  Array.from({ length: count }, (_, index) => [String(from + BigInt(index) * step), String(index % 3), "a"]);

let commits = 0;

async function load(address: Address, given: ReferenceLoad): Promise<CommitResult> {
  const context = await places.newContext(engine);
  const sink = await adapter.openSink?.(adapter.parseAddress(address), undefined, context);
  if (sink === undefined) throw new Error("no sink");
  const commitId = `c${++commits}`;
  const { rows, ...settings } = given;
  const request = {
    ...{ project: "p", pipeline: "p", step: commitId, slice: "", epoch: 1, commitId, key: [] },
    ...{ parameters: new Map(), signal: context.signal },
    ...settings,
  };
  const files = await writeRows(engine, given.schema, rows, await sink.accepts(request));
  await using staging = await sink.stage(request);
  await staging.add(files);
  return await staging.commit();
}

const texts = (rows: readonly (readonly unknown[])[]): readonly string[] => rows.map((row) => row.join(" ")).toSorted();

/** All rows, and the files that hold them. */
async function read(
  address: Address,
  columns: readonly Column[],
): Promise<{ readonly rows: readonly string[]; readonly files: readonly string[] }> {
  const context = await places.newContext(engine);
  const source = await adapter.openSource?.(adapter.parseAddress(address), undefined, context);
  if (source?.scan === undefined) throw new Error("no source");
  const dataset: FrozenDataset = {
    ...{ version: 1, name: "t", source: address, validate: "used", drift: "fail", reordered: "fail" },
    ...{ stage: "volatile", warnings: [], columns },
  };
  const names = columns.map(({ name }) => name);
  const request = { dataset, columns: names, parameters: new Map(), signal: context.signal, warn: () => undefined };
  const input = await source.scan(request);
  const files = input.groups.flatMap((group) => group.files.map(({ path }) => path));
  return { rows: texts(await readInput(engine, input, names)), files };
}

/** Loads one after the other, each of which gives the counts and the rows that its rules say. */
async function loadAll(columns: readonly Column[], loads: readonly ReferenceLoad[]): Promise<readonly CommitResult[]> {
  const address = { type: "lake", path: join(await places.newFolder(), "lake"), table: "n.t" } as const;
  let table: LoadedTable | undefined;
  const results: CommitResult[] = [];
  for (const given of loads) {
    const expected = referenceLoad(table, given);
    const { repeated: _, ...counts } = await load(address, given);
    expect(expected.counts).toMatchObject(counts);
    if (given.mode === "merge") expect(counts).toEqual(expected.counts);
    expect((await read(address, columns)).rows).toEqual(texts(expected.table.rows));
    table = expected.table;
    results.push({ repeated: false, ...counts });
  }
  return results;
}

const LEAST = -(2n ** 63n);
const GREATEST = 2n ** 63n - 1n;

describe("a merge of more keys than are looked for one by one", () => {
  const columns = columnsOf("int64");
  const schema = { columns };
  const append = (rows: readonly Row[]): ReferenceLoad => ({ schema, rows, mode: "append", key: [] });
  const merge = (rows: readonly Row[], key: readonly string[] = ["id"]): ReferenceLoad => ({
    ...{ schema, rows, mode: "merge" },
    key,
  });

  it.each([
    ["after those that are there", 300n],
    ["before those that are there", -300n],
    ["that are the last ones and some more", 299n],
    ["that are the first ones and some before", -299n],
    ["that are partly there", 150n],
    ["that are there", 0n],
  ])("takes keys %s", async (_, from) => {
    const changed = rowsOf(from, MANY).map(([id = null, part = null]) => [id, part, Number(id) % 2 === 0 ? "a" : "b"]);
    await loadAll(columns, [append(rowsOf(0n, MANY)), merge(changed), merge(changed)]);
  });

  it("takes keys that lie around those of several files", async () => {
    const files = [append(rowsOf(100n, 50)), append(rowsOf(400n, 50)), append(rowsOf(700n, 50))];
    const around = rowsOf(0n, MANY, 3n).map(([id = null, part = null]) => [id, part, "b"]);
    await loadAll(columns, [...files, merge(around), merge(around)]);
  });

  it("takes the least and the greatest numbers", async () => {
    const ends = [...rowsOf(LEAST, MANY), ...rowsOf(GREATEST - 9n, 10)];
    const others = ends.map(([id = null, part = null], index) => [id, part, index % 2 === 0 ? "a" : "b"]);
    await loadAll(columns, [append(ends), merge(others)]);
  });

  it("takes keys of several columns", async () => {
    const stored = rowsOf(0n, MANY);
    const rows = rowsOf(150n, MANY).map(([id = null, part = null]) => [id, part === "2" ? "5" : part, "b"]);
    await loadAll(columns, [append(stored), merge(rows, ["id", "part"])]);
  });

  it("takes keys beside a file whose keys are all null", async () => {
    const nothing = Array.from({ length: 3 }, (): Row => [null, "1", "n"]);
    const rows = rowsOf(200n, MANY).map(([id = null, part = null]) => [id, part, "b"]);
    await loadAll(columns, [append(nothing), append(rowsOf(0n, MANY)), merge(rows)]);
  });

  it("takes rows out by a flag, there or not", async () => {
    const flagged = { columns: [...columns, FLAG] };
    const rows = rowsOf(150n, MANY).map((row, index) => [...row, index % 2 === 0]);
    const gone = rowsOf(500n, MANY).map((row) => [...row, true]);
    const settings = { schema: flagged, mode: "merge", key: ["id"], deleteFlag: "gone" } as const;
    await loadAll(columns, [append(rowsOf(0n, MANY)), { ...settings, rows }, { ...settings, rows: gone }]);
  });

  it("leaves files without a change", async () => {
    const address = { type: "lake", path: join(await places.newFolder(), "lake"), table: "n.t" } as const;
    await load(address, append(rowsOf(0n, MANY)));
    const before = await read(address, columns);
    const result = await load(address, merge(rowsOf(150n, MANY)));
    expect(result).toMatchObject({ inserted: 150, updated: 0, deleted: 0, unchanged: 150 });
    expect((await read(address, columns)).files).toEqual(expect.arrayContaining([...before.files]));
  });

  it("refuses a key that more than one stored row has", async () => {
    const address = { type: "lake", path: join(await places.newFolder(), "lake"), table: "n.t" } as const;
    await load(address, append([...rowsOf(0n, MANY), ["299", "1", "again"]]));
    const refused = load(address, merge(rowsOf(299n, MANY)));
    await expect(refused).rejects.toMatchObject({ code: "data", reason: "duplicate-key", offending: "299" });
  });
});

describe("keys of a merge that are null or come twice", () => {
  const merged = async (type: TypeText, rows: readonly Row[]): Promise<CommitResult> => {
    const columns = columnsOf(type);
    const address = { type: "lake", path: join(await places.newFolder(), "lake"), table: "n.t" } as const;
    return load(address, { schema: { columns }, rows, mode: "merge", key: ["id"] });
  };
  const MORE_THAN_LONG = 2n ** 63n;

  it.each<readonly [string, TypeText, bigint, bigint]>([
    ["that follow each other", "int64", 0n, 1n],
    ["that follow each other below zero", "int32", -1000n, 1n],
    ["that lie far from each other", "int64", 0n, 1_000_000_007n],
    ["that no long holds", "uint64", MORE_THAN_LONG, 1n],
  ])("are refused among numbers %s", async (_, type, from, step) => {
    const rows = rowsOf(from, MANY, step);
    await expect(merged(type, rows)).resolves.toMatchObject({ inserted: MANY });
    const [first = [], last = []] = [rows[0], rows.at(-1)];
    for (const twice of [first, last]) {
      const error = { code: "data", reason: "duplicate-key", offending: `id = ${twice[0]}` };
      await expect(merged(type, [...rows, twice])).rejects.toMatchObject(error);
    }
    const error = { code: "data", reason: "null-key", offending: "id = null" };
    await expect(merged(type, [...rows, [null, "1", "a"]])).rejects.toMatchObject(error);
    await expect(merged(type, [...rows, first, [null, "1", "a"]])).rejects.toMatchObject(error);
  });
});
