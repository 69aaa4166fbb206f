import { readdirSync } from "node:fs";
import { join } from "node:path";
import { createPlaces, readInput, type TextRow, writeRows } from "@sluice/conformance";
import type { Address, FrozenDataset, LoadMode, Schema, Staging } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { adapter } from "@sluice/lake";
import { afterAll, describe, expect, it } from "vitest";

const places = createPlaces("sluice-lake-concurrent-");
afterAll(places.remove);
const engine = createDuckDbEngine({ threads: 2 });
afterAll(() => engine[Symbol.asyncDispose]());

const newAddress = async (): Promise<Address> => ({
  type: "lake",
  path: join(await places.newFolder(), "lake"),
  table: "n.t",
});

const schemaOf = (columns: readonly string[]): Schema => ({
  columns: columns.map((name) => ({ name, type: name === "id" ? "int64" : "string", nullable: true })),
});

let commits = 0;

/** A load whose rows are written, until its commit. */
async function stage(
  address: Address,
  mode: LoadMode,
  columns: readonly string[],
  ...rows: readonly TextRow[]
): Promise<Staging> {
  const context = await places.newContext(engine);
  const sink = await adapter.openSink?.(adapter.parseAddress(address), undefined, context);
  if (sink === undefined) throw new Error("no sink");
  const commitId = `c${++commits}`;
  const schema = schemaOf(columns);
  const request = {
    ...{ project: "p", pipeline: "p", step: commitId, slice: "", epoch: 1, commitId },
    ...{ key: mode === "append" ? [] : ["id"], schema, mode, parameters: new Map(), signal: context.signal },
  };
  const files = await writeRows(engine, schema, rows, await sink.accepts(request));
  const staging = await sink.stage(request);
  await staging.add(files);
  return staging;
}

async function read(address: Address, ...columns: readonly string[]): Promise<readonly string[]> {
  const context = await places.newContext(engine);
  const source = await adapter.openSource?.(adapter.parseAddress(address), undefined, context);
  if (source?.scan === undefined) throw new Error("no source");
  const dataset: FrozenDataset = {
    ...{ version: 1, name: "t", source: address, validate: "used", drift: "fail", reordered: "fail" },
    ...{ stage: "volatile", warnings: [], columns: schemaOf(columns).columns },
  };
  const request = { dataset, columns, parameters: new Map(), signal: context.signal, warn: () => undefined };
  return (await readInput(engine, await source.scan(request), columns)).map((row) => row.join()).toSorted();
}

const dataFiles = ({ path }: Address): number => readdirSync(join(String(path), "n/t/data")).length;

describe("loads at once into one table", () => {
  it("that both make it, both arrive", async () => {
    const address = await newAddress();
    const [first, second] = await Promise.all([
      stage(address, "append", ["id"], ["1"]),
      stage(address, "append", ["id"], ["2"]),
    ]);
    expect(await Promise.all([first.commit(), second.commit()])).toMatchObject([{ inserted: 1 }, { inserted: 1 }]);
    expect(await read(address, "id")).toEqual(["1", "2"]);
    expect(dataFiles(address)).toBe(2);
  });

  it.each(["merge", "append"] as const)("that bring the same new column, all arrive (%s)", async (mode) => {
    const address = await newAddress();
    await (await stage(address, "append", ["id"], ["0"])).commit();
    const loads = await Promise.all(
      ["1", "2", "3", "4"].map((id) => stage(address, mode, ["id", "v"], [id, `v${id}`])),
    );
    expect(await Promise.all(loads.map((load) => load.commit()))).toHaveLength(4);
    expect(await read(address, "id", "v")).toEqual(["0,", "1,v1", "2,v2", "3,v3", "4,v4"]);
  });

  it("that change the same rows, change them one after the other", async () => {
    const address = await newAddress();
    await (await stage(address, "append", ["id", "v"], ["1", "a"], ["2", "a"])).commit();
    const [first, second] = await Promise.all([
      stage(address, "merge", ["id", "v"], ["1", "b"], ["3", "b"]),
      stage(address, "merge", ["id", "v"], ["1", "c"], ["3", "c"]),
    ]);
    const results = await Promise.all([first.commit(), second.commit()]);
    const inserted = results.map((result) => result.inserted).toSorted();
    expect(inserted).toEqual([0, 1]);
    const last = results[0]?.inserted === 1 ? "c" : "b";
    expect(await read(address, "id", "v")).toEqual([`1,${last}`, "2,a", `3,${last}`]);
  });

  it("whose column another gave its number to, does not arrive in that one", async () => {
    const address = await newAddress();
    await (await stage(address, "append", ["id"], ["0"])).commit();
    const late = await stage(address, "append", ["id", "v"], ["1", "of v"]);
    await (await stage(address, "append", ["id", "w"], ["2", "of w"])).commit();
    await expect(late.commit()).rejects.toMatchObject({ code: "conflict", reason: "lake-columns-changed" });
    expect(await read(address, "id", "w")).toEqual(["0,", "2,of w"]);
    expect(dataFiles(address)).toBe(2);
  });

  it("that was looked at before its commit, publishes what was seen or nothing", async () => {
    const address = await newAddress();
    await (await stage(address, "append", ["id", "v"], ["1", "a"])).commit();
    const seen = await stage(address, "merge", ["id", "v"], ["1", "b"]);
    await seen.scan(["id", "v"]);
    await (await stage(address, "merge", ["id", "v"], ["1", "c"])).commit();
    await expect(seen.commit()).rejects.toMatchObject({ code: "conflict" });
    expect(await read(address, "id", "v")).toEqual(["1,c"]);
  });
});
