import { join } from "node:path";
import { createPlaces, readInput, type TextRow, writeRows } from "@sluice/conformance";
import type { Address, CommitResult, FrozenDataset, Schema, Staging } from "@sluice/core";
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

/** An overwrite that says no partitions, until its commit. */
async function stage(address: Address, rows: readonly TextRow[]): Promise<Staging> {
  const context = await places.newContext(engine);
  const sink = await adapter.openSink?.(adapter.parseAddress(address), undefined, context);
  if (sink === undefined) throw new Error("no sink");
  const commitId = `c${++commits}`;
  const request = {
    ...{ project: "p", pipeline: "p", step: commitId, slice: "", epoch: 1, commitId, key: [] },
    ...{ schema: SCHEMA, mode: "overwrite" as const, parameters: new Map(), signal: context.signal },
  };
  const files = await writeRows(engine, SCHEMA, rows, await sink.accepts(request));
  const staging = await sink.stage(request);
  await staging.add(files);
  return staging;
}

const load = async (address: Address, rows: readonly TextRow[]): Promise<CommitResult> =>
  (await stage(address, rows)).commit();

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
