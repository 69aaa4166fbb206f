import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createPlaces } from "@sluice/conformance";
import type { Expression, OpenContext, Relation, Schema } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { adapter, compactTable, deleteRows, existingLake, locationOf, type Table } from "@sluice/lake";
import { afterAll, describe, expect, it } from "vitest";
import { storedColumns } from "../load/rewrite.ts";
import { tableInput } from "../scan/table-input.ts";
import { currentSchema } from "../schema/evolve-schema.ts";

const places = createPlaces("sluice-lake-upkeep-");
afterAll(places.remove);
const engine = createDuckDbEngine({ threads: 2 });
afterAll(() => engine[Symbol.asyncDispose]());

const SCHEMA: Schema = {
  columns: [
    { name: "id", type: "int64", nullable: true },
    { name: "word", type: "string", nullable: true },
  ],
};

describe("compactTable and deleteRows", () => {
  it("put small files together, sorted where asked, and keep the rows", async () => {
    const { table, context } = await filled(["truncate(100, id)"], 6);
    expect(await filesOf(table)).toBe(12);
    const first = await compactTable(table, context);
    expect(first).toMatchObject({ removedFiles: 12, addedFiles: 2, removedRows: 120, addedRows: 120 });
    expect(await filesOf(first.table)).toBe(2);
    expect(await idsOf(first.table, context)).toEqual(await idsOf(table, context));
    expect(first.table.currentSnapshot()?.operation).toBe("replace");
    const again = await compactTable(first.table, context);
    expect(again).toMatchObject({ removedFiles: 0, addedFiles: 0 });
    const sorted = await compactTable(first.table, context, { sortBy: ["word"] });
    expect(sorted).toMatchObject({ removedFiles: 2, addedFiles: 2 });
  });

  it("delete what meets a condition, and touch only files that hold some of it", async () => {
    const { table, context } = await filled([], 3);
    const { table: after, removedFiles, removedRows, addedRows } = await deleteRows(table, context, idsFrom("1025"));
    expect([removedFiles, removedRows - addedRows]).toEqual([1, 5]);
    expect((await idsOf(after, context)).length).toBe(55);
    const none = await deleteRows(after, context, idsFrom("1025"));
    expect(none.removedFiles).toBe(0);
  });

  it("count the rows that were there, not those that other deletes had taken out before", async () => {
    const { table, context } = await filled([], 1);
    const holed = await withDeletes(table, context, [1, 3, 5, 7, 9]);
    expect((await idsOf(holed, context)).length).toBe(15);
    const { table: after, removedRows, addedRows } = await deleteRows(holed, context, idsFrom("1003"));
    expect([removedRows, addedRows]).toEqual([15, 10]);
    expect((await idsOf(after, context)).length).toBe(10);
  });

  it("write files anew of which rows were deleted, and count what was there", async () => {
    const { table, context } = await filled([], 1);
    const holed = await withDeletes(table, context, [0, 19]);
    const { table: after, ...done } = await compactTable(holed, context);
    expect(done).toEqual({ removedFiles: 1, addedFiles: 1, removedRows: 18, addedRows: 18 });
    expect(await idsOf(after, context)).toEqual(await idsOf(holed, context));
  });

  it("refuse to bring rows back that somebody else deleted meanwhile", async () => {
    const { table, context } = await filled([], 3);
    const word: Expression = {
      kind: "call",
      name: "eq",
      arguments: [
        { kind: "column", name: "word" },
        { kind: "literal", type: "string", value: "w7" },
      ],
    };
    const { table: after } = await deleteRows(table, context, word);
    await expect(compactTable(table, context)).rejects.toMatchObject({ code: "conflict" });
    expect((await idsOf(after, context)).length).toBe(57);
  });
});

/** A table of some loads of twenty rows; the ids of odd rows are above a thousand. */
async function filled(
  partitions: readonly string[],
  loads: number,
): Promise<{ readonly table: Table; readonly context: OpenContext }> {
  const folder = await places.newFolder();
  const connection = { type: "lake", path: join(folder, "lake") };
  const address = adapter.parseAddress({
    type: "lake",
    table: "n.t",
    ...(partitions.length === 0 ? {} : { partitions }),
  });
  for (let load = 0; load < loads; load++) {
    const context = await places.newContext(engine);
    const sink = await adapter.openSink?.(address, connection, context);
    if (sink === undefined) throw new Error("no sink");
    const request = {
      ...{ project: "p", pipeline: "p", step: "s", slice: "", epoch: 1, commitId: `c${load}`, key: [] },
      ...{ schema: SCHEMA, mode: "append" as const, parameters: new Map(), signal: context.signal },
    };
    const ids = Array.from({ length: 20 }, (_, index) =>
      index % 2 === 0 ? index : 1000 + load * 10 + (index - 1) / 2,
    );
    const rows = ids.map((id, index) => [String(id), `w${index}`]);
    const relation: Relation = { kind: "values", columns: SCHEMA.columns, rows };
    const query = engine.compile(relation, { schemaOf: () => SCHEMA, parameters: new Map() });
    const constants = { now: "2024-01-01T00:00:00Z", today: "2024-01-01" };
    const output = await sink.accepts(request);
    const { files } = await engine.execute(query, {
      inputs: new Map(),
      parameters: new Map(),
      constants,
      signal: context.signal,
      output,
    });
    const staging = await sink.stage(request);
    await staging.add(files);
    await staging.commit();
    await sink[Symbol.asyncDispose]();
  }
  const catalog = await existingLake(connection, folder);
  const table = await catalog?.loadTable({ namespace: ["n"], name: "t" });
  if (table === undefined) throw new Error("no table");
  return { table, context: await places.newContext(engine) };
}

/** As another program deletes rows: by their places in the table's first file. */
async function withDeletes(table: Table, context: OpenContext, rows: readonly number[]): Promise<Table> {
  const snapshot = table.currentSnapshot();
  const [first] = snapshot === undefined ? [] : (await table.filesOf(snapshot)).files;
  const of = first?.entry.file.path ?? "";
  const columns = [
    { name: "file_path", type: "string", nullable: false },
    { name: "pos", type: "int64", nullable: false },
  ];
  const path = join(context.scratch, "deletes");
  await mkdir(path, { recursive: true });
  const query = engine.compile(
    { kind: "values", columns, rows: rows.map((row) => [of, String(row)]) },
    { schemaOf: () => ({ columns }), parameters: new Map() },
  );
  const fieldIds = [
    { name: "file_path", id: 2147483546 },
    { name: "pos", id: 2147483545 },
  ];
  const { files } = await engine.execute(query, {
    inputs: new Map(),
    parameters: new Map(),
    constants: { now: "2024-01-01T00:00:00Z", today: "2024-01-01" },
    signal: context.signal,
    output: { format: "parquet", path, ordered: true, compression: "zstd", table: { fieldIds, partitions: [] } },
  });
  const add = files.map((file) => ({
    ...{ content: "position-deletes" as const, path: locationOf(file.path), format: "parquet" as const },
    ...{ specId: 0, partition: [], recordCount: file.rows, sizeBytes: file.bytes },
  }));
  return table.commit(async () => ({ snapshot: { operation: "overwrite", add } }));
}

async function filesOf(table: Table): Promise<number> {
  const snapshot = table.currentSnapshot();
  return snapshot === undefined ? 0 : (await table.filesOf(snapshot)).files.length;
}

function idsFrom(value: string): Expression {
  return {
    kind: "call",
    name: "gte",
    arguments: [
      { kind: "column", name: "id" },
      { kind: "literal", type: "number", value },
    ],
  };
}

async function idsOf(table: Table, context: OpenContext): Promise<readonly string[]> {
  const snapshot = table.currentSnapshot();
  const files = snapshot === undefined ? [] : (await table.filesOf(snapshot)).files;
  const columns = storedColumns(currentSchema(table.metadata).fields);
  const input = tableInput({ shown: "t", files, columns, properties: table.metadata.properties, identity: null });
  const query = engine.compile(
    { kind: "scan", source: { dataset: "t" } },
    { schemaOf: () => SCHEMA, parameters: new Map() },
  );
  const constants = { now: "2024-01-01T00:00:00Z", today: "2024-01-01" };
  const found: string[] = [];
  const inputs = new Map([["t", { input, columns: ["id", "word"] }]]);
  for await (const rows of engine.rows(query, { inputs, parameters: new Map(), constants, signal: context.signal })) {
    found.push(...rows.map((row) => row.join(" ")));
  }
  return found.sort();
}
