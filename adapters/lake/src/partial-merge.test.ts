import { join } from "node:path";
import { createPlaces, readInput, type TextRow, writeRows } from "@sluice/conformance";
import type { Address, Column, CommitResult, FrozenDataset } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { adapter } from "@sluice/lake";
import { afterAll, describe, expect, it } from "vitest";

const places = createPlaces("sluice-lake-merge-");
afterAll(places.remove);
const engine = createDuckDbEngine({ threads: 2 });
afterAll(() => engine[Symbol.asyncDispose]());

const ALL: readonly Column[] = [
  { name: "id", type: "int64", nullable: true },
  { name: "word", type: "string", nullable: true },
  { name: "more", type: "struct{x: int32, y: list<string>}", nullable: true },
  { name: "price", type: "decimal(9, 2)", nullable: true },
];
const only = (...names: readonly string[]): readonly Column[] => ALL.filter(({ name }) => names.includes(name));

const APPEND = { mode: "append", key: [] };

let commits = 0;

async function load(
  address: Address,
  columns: readonly Column[],
  rows: readonly TextRow[],
  merge: Record<string, unknown> = {},
): Promise<CommitResult> {
  const context = await places.newContext(engine);
  const sink = await adapter.openSink?.(adapter.parseAddress(address), undefined, context);
  if (sink === undefined) throw new Error("no sink");
  const commitId = `c${++commits}`;
  const request = {
    ...{ project: "p", pipeline: "p", step: commitId, slice: "", epoch: 1, commitId, key: ["id"] },
    ...{ schema: { columns }, mode: "merge" as const, parameters: new Map(), signal: context.signal },
    ...merge,
  };
  const files = await writeRows(engine, { columns }, rows, await sink.accepts(request));
  const staging = await sink.stage(request);
  await staging.add(files);
  return staging.commit();
}

async function read(address: Address): Promise<readonly string[]> {
  const context = await places.newContext(engine);
  const source = await adapter.openSource?.(adapter.parseAddress(address), undefined, context);
  if (source?.scan === undefined) throw new Error("no source");
  const dataset: FrozenDataset = {
    ...{ version: 1, name: "t", source: address, validate: "used", drift: "fail", reordered: "fail" },
    ...{ stage: "volatile", warnings: [], columns: ALL },
  };
  const columns = ALL.map(({ name }) => name);
  const request = { dataset, columns, parameters: new Map(), signal: context.signal, warn: () => undefined };
  return (await readInput(engine, await source.scan(request), columns)).map((row) => row.join(" ")).toSorted();
}

const STORED: readonly TextRow[] = [
  ["1", "one", "{'x': 1, 'y': [a]}", "1.00"],
  ["2", "two", "{'x': 2, 'y': [b]}", "2.00"],
  ["3", "three", "{'x': 3, 'y': [c]}", "3.00"],
];

async function stored(): Promise<Address> {
  const address = { type: "lake", path: join(await places.newFolder(), "lake"), table: "n.t" } as const;
  await load(address, ALL, STORED);
  await load(address, ALL, [["4", "four", "{'x': 4, 'y': []}", "4.00"]], APPEND);
  return address;
}

describe("a merge of rows that lack columns of the table", () => {
  it("leaves those columns of an updated row as they are, and null in an inserted one", async () => {
    const address = await stored();
    const result = await load(address, only("id", "word"), [
      ["2", "zwei"],
      ["3", "three"],
      ["4", "vier"],
      ["5", "five"],
    ]);
    expect(result).toMatchObject({ inserted: 1, updated: 2, unchanged: 1, deleted: 0 });
    expect(await read(address)).toEqual([
      '1 one {"x":1,"y":["a"]} 1.00',
      '2 zwei {"x":2,"y":["b"]} 2.00',
      '3 three {"x":3,"y":["c"]} 3.00',
      '4 vier {"x":4,"y":[]} 4.00',
      "5 five  ",
    ]);
  });

  it("inserts where nothing is updated", async () => {
    const address = await stored();
    expect(await load(address, only("id"), [["6"]])).toMatchObject({ inserted: 1, updated: 0, unchanged: 0 });
    expect((await read(address)).at(-1)).toBe("6   ");
  });

  it("deletes by a flag, updates and inserts at once, and leaves what is not newer", async () => {
    const address = await stored();
    const columns = [...only("id", "price"), { name: "gone", type: "bool", nullable: true } as const];
    const rows: readonly TextRow[] = [
      ["1", "9.00", "true"],
      ["2", "9.00", "false"],
      ["3", "0.50", "false"],
      ["7", "7.00", "false"],
      ["8", "8.00", "true"],
    ];
    const result = await load(address, columns, rows, { deleteFlag: "gone", newerBy: "price" });
    expect(result).toMatchObject({ inserted: 1, updated: 1, deleted: 1, unchanged: 2 });
    expect(await read(address)).toEqual([
      '2 two {"x":2,"y":["b"]} 9.00',
      '3 three {"x":3,"y":["c"]} 3.00',
      '4 four {"x":4,"y":[]} 4.00',
      "7   7.00",
    ]);
  });

  it("refuses a key that more than one stored row has, whatever becomes of it", async () => {
    const address = await stored();
    await load(address, ALL, STORED.slice(0, 1), APPEND);
    await expect(load(address, only("id", "word"), [["1", "one"]])).rejects.toMatchObject({ reason: "duplicate-key" });
  });
});
