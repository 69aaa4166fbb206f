import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createPlaces, readInput, type TextRow, writeRows } from "@sluice/conformance";
import type { Address, CommitResult, Expression, FrozenDataset, Schema, Staging } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { adapter } from "@sluice/lake";
import { afterAll, describe, expect, it } from "vitest";

const places = createPlaces("sluice-lake-overwrite-");
afterAll(places.remove);
const engine = createDuckDbEngine({ threads: 2 });
afterAll(() => engine[Symbol.asyncDispose]());

const SCHEMA: Schema = {
  columns: [
    { name: "id", type: "int64", nullable: true },
    { name: "at", type: "timestamp", nullable: true },
  ],
};
const STORED: readonly TextRow[] = [
  ["1", "1969-12-31 23:00:00"],
  ["2", "1970-01-01 00:30:00"],
  ["3", "1970-01-01 22:00:00"],
  ["4", null],
];

async function addressOf(...partitions: readonly string[]): Promise<Address> {
  const path = join(await places.newFolder(), "lake");
  return { type: "lake", path, table: "n.t", ...(partitions.length === 0 ? {} : { partitions }) };
}

let commits = 0;

interface More {
  readonly where?: Expression;
  readonly schema?: Schema;
  readonly evolve?: "fail";
}

/** An overwrite that says no partitions, until its commit. */
async function stage(
  address: Address,
  rows: readonly TextRow[],
  { schema = SCHEMA, ...more }: More = {},
): Promise<Staging> {
  const context = await places.newContext(engine);
  const sink = await adapter.openSink?.(adapter.parseAddress(address), undefined, context);
  if (sink === undefined) throw new Error("no sink");
  const commitId = `c${++commits}`;
  const request = {
    ...{ project: "p", pipeline: "p", step: commitId, slice: "", epoch: 1, commitId, key: [] },
    ...{ schema, mode: "overwrite" as const, parameters: new Map(), signal: context.signal, ...more },
  };
  const files = await writeRows(engine, schema, rows, await sink.accepts(request));
  const staging = await sink.stage(request);
  await staging.add(files);
  return staging;
}

const load = async (address: Address, rows: readonly TextRow[], more: More = {}): Promise<CommitResult> =>
  (await stage(address, rows, more)).commit();

async function read(address: Address): Promise<readonly string[]> {
  const context = await places.newContext(engine);
  const source = await adapter.openSource?.(adapter.parseAddress(address), undefined, context);
  if (source?.scan === undefined) throw new Error("no source");
  const dataset: FrozenDataset = {
    ...{ version: 1, name: "t", source: address, validate: "used", drift: "fail", reordered: "fail" },
    ...{ stage: "volatile", warnings: [], columns: SCHEMA.columns },
  };
  const columns = SCHEMA.columns.map(({ name }) => name);
  const request = { dataset, columns, parameters: new Map(), signal: context.signal, warn: () => undefined };
  return (await readInput(engine, await source.scan(request), columns)).map(([id]) => String(id)).toSorted();
}

describe("an overwrite that says no partitions", () => {
  it.each([
    ["day(at)", ["1", "4", "7"], 2],
    ["year(at)", ["1", "4", "7"], 2],
    ["hour(at)", ["1", "3", "4", "7"], 1],
    ["bucket(1, at)", ["4", "7"], 3],
    ["at", ["1", "2", "3", "4", "7"], 0],
  ] as const)("takes those of the table, here %s", async (partition, left, deleted) => {
    const address = await addressOf(partition);
    expect(await load(address, STORED)).toMatchObject({ inserted: 4, deleted: 0 });
    expect(await load(address, [["7", "1970-01-01 00:10:00"]])).toMatchObject({ inserted: 1, deleted });
    expect(await read(address)).toEqual(left);
  });

  it("takes null for a partition, and nothing where nothing arrives", async () => {
    const address = await addressOf("day(at)");
    await load(address, STORED);
    expect(await load(address, [["5", null]])).toMatchObject({ inserted: 1, deleted: 1 });
    expect(await load(address, [])).toMatchObject({ inserted: 0, deleted: 0 });
    expect(await read(address)).toEqual(["1", "2", "3", "5"]);
  });

  it("is refused, before any row is read, where the table has none", async () => {
    await expect(load(await addressOf(), STORED)).rejects.toThrow(/overwrite needs partitions/);
  });

  it("meets another that adds to the same partition since, and not one that adds to others", async () => {
    const address = await addressOf("day(at)");
    await load(address, STORED);
    const [same, other, first] = await Promise.all([
      stage(address, [["8", "2024-01-01 01:00:00"]]),
      stage(address, [["9", "2024-01-02 01:00:00"]]),
      stage(address, [["7", "2024-01-01 00:00:00"]]),
    ]);
    // What they found there was read before the other one came.
    for (const staging of [same, other]) await staging.scan(["id"]);
    await first.commit();
    await expect(same.commit()).rejects.toMatchObject({ code: "conflict" });
    await other.commit();
    expect(await read(address)).toEqual(["1", "2", "3", "4", "7", "9"]);
  });

  it("says which number lies below all that its partition could be called", async () => {
    const address = await addressOf("truncate(1000, id)");
    await expect(load(address, [["-9223372036854775001", null]])).rejects.toThrow(
      'the partition value -9223372036854776000 of "id_trunc" does not fit the type long',
    );
  });
});

/** `name >= 'value'`, or another comparison. */
const that = (name: string, value: string, compare = "gte"): Expression => ({
  kind: "call",
  name: compare,
  arguments: [
    { kind: "column", name },
    { kind: "literal", type: name === "at" ? "timestamp" : "number", value },
  ],
});
const dataFiles = ({ path }: Address): readonly string[] =>
  readdirSync(join(String(path), "n/t/data"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".parquet"))
    .toSorted();
const EPOCH_DAY = "1970-01-01 00:00:00";

describe("an overwrite by a condition", () => {
  it("leaves files alone that hold no row which meets it, and reads none that cannot", async () => {
    const address = await addressOf("day(at)");
    await load(address, STORED.slice(0, 1));
    const [first = ""] = dataFiles(address);
    await load(address, STORED.slice(1));
    const before = dataFiles(address);
    rmSync(join(String(address.path), "n/t/data", first));
    expect(await load(address, [["7", "1970-01-01 12:00:00"]], { where: that("at", EPOCH_DAY) })).toMatchObject({
      inserted: 1,
      deleted: 2,
    });
    // What went was all that its file had: nothing was written but what arrived.
    expect(dataFiles(address)).toHaveLength(before.length);
  });

  it("writes anew what stays of a file, with every column of the table", async () => {
    const address = await addressOf();
    await load(address, STORED, { where: that("id", "0") });
    const ids: Schema = { columns: SCHEMA.columns.filter(({ name }) => name === "id") };
    expect(await load(address, [["3"]], { where: that("id", "3"), schema: ids })).toMatchObject({
      inserted: 1,
      deleted: 2,
    });
    expect(await read(address)).toEqual(["1", "2", "3"]);
    expect(await load(address, [], { where: that("at", EPOCH_DAY) })).toMatchObject({ inserted: 0, deleted: 1 });
    expect(await read(address)).toEqual(["1", "3"]);
  });

  it("may be about a column that the table does not have yet, which is null in all that is stored", async () => {
    const address = await addressOf();
    await load(address, STORED, { where: that("id", "0") });
    const column = { name: "more", type: "int32", nullable: true } as const;
    const schema: Schema = { columns: [...SCHEMA.columns, column] };
    const where: Expression = { kind: "call", name: "isNotNull", arguments: [{ kind: "column", name: "more" }] };
    await expect(load(address, [["8", null, "1"]], { where, schema, evolve: "fail" })).rejects.toThrow(/"more"/);
    expect(await load(address, [["8", null, "1"]], { where, schema })).toMatchObject({ inserted: 1, deleted: 0 });
    expect(await load(address, [["9", null, "2"]], { where, schema })).toMatchObject({ inserted: 1, deleted: 1 });
    expect(await load(address, [], { where, schema })).toMatchObject({ inserted: 0, deleted: 1 });
  });

  it("knows columns whose names differ in case alone", async () => {
    const address = await addressOf();
    await load(address, STORED, { where: that("id", "0") });
    const schema: Schema = {
      columns: SCHEMA.columns.map((column) => ({ ...column, name: column.name.toUpperCase() })),
    };
    expect(await load(address, [["2", null]], { where: that("ID", "2"), schema })).toMatchObject({
      inserted: 1,
      deleted: 3,
    });
    expect(await read(address)).toEqual(["1", "2"]);
  });

  it("is refused, before any row is read, on a column that the table keeps as something else", async () => {
    const address = await addressOf();
    const schema: Schema = { columns: [{ name: "id", type: "interval", nullable: true }] };
    const where: Expression = { kind: "call", name: "isNotNull", arguments: [{ kind: "column", name: "id" }] };
    await expect(load(address, [], { where, schema })).rejects.toMatchObject({ code: "unsupported", offending: "id" });
  });

  it("meets rows that meet it and that another added since, and not others", async () => {
    const address = await addressOf();
    await load(address, STORED, { where: that("id", "0") });
    const where = that("id", "50");
    const [same, other] = await Promise.all([
      stage(address, [["60", null]], { where }),
      stage(address, [["70", null]], { where: that("id", "70") }),
    ]);
    for (const staging of [same, other]) await staging.scan(["id"]);
    await load(address, [["55", null]], { where: that("id", "55", "eq") });
    await expect(same.commit()).rejects.toMatchObject({ code: "conflict" });
    await other.commit();
    expect(await load(address, [["61", null]], { where })).toMatchObject({ inserted: 1, deleted: 2 });
    expect(await read(address)).toEqual(["1", "2", "3", "4", "61"]);
  });
});
