import { existsSync } from "node:fs";
import { join } from "node:path";
import { createPlaces, describeSink, describeSource, readInput, tracesIn, writeRows } from "@sluice/conformance";
import type { Address, FrozenDataset, Json, OpenContext, Schema } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { adapter, existingLake } from "@sluice/lake";
import { afterAll } from "vitest";
import { columnTypeOf, typeTextOf } from "./types.ts";

const places = createPlaces("sluice-lake-");
afterAll(places.remove);
const engine = createDuckDbEngine({ threads: 2 });
afterAll(() => engine[Symbol.asyncDispose]());

const openContext = (): Promise<OpenContext> => places.newContext(engine);

describeSink({
  name: "lake",
  report: "lake",
  adapter,
  openContext,
  createTarget: async () => {
    const folder = await places.newFolder();
    const path = join(folder, "lake's [1] ü%41?");
    const address = { type: "lake", path, table: "ns.the table" } as const;
    return {
      address,
      rows: async (schema) => (existsSync(path) ? rowsOf(address, schema) : undefined),
      // SQLite tidies its files up when it likes: what the catalog says is looked at apart.
      traces: async () => [await tracesIn(folder, "catalog.db"), await tablesIn(path)],
    };
  },
  takeAway: async ({ address }) => {
    await using catalog = await existingLake({ type: "lake", path: String(address.path) }, String(address.path));
    for (const id of (await catalog?.listTables()) ?? []) await catalog?.dropTable(id);
  },
});

describeSource({
  name: "lake",
  adapter,
  openContext,
  create: async (schema, rows) => {
    const address: Address = { type: "lake", path: join(await places.newFolder(), "lake"), table: "main.rows" };
    const context = await openContext();
    await using sink = await openSink(address, context);
    const request = {
      ...{ project: "p", pipeline: "p", step: "s", slice: "", epoch: 1, commitId: "c", key: [] },
      schema,
      mode: "append" as const,
      parameters: new Map(),
      signal: new AbortController().signal,
    };
    const files = await writeRows(engine, schema, rows, await sink.accepts(request));
    await using staging = await sink.stage(request);
    await staging.add(files);
    await staging.commit();
    return { address };
  },
  missing: async () => ({
    address: { type: "lake", path: join(await places.newFolder(), "absent"), table: "main.rows" },
  }),
});

async function openSink(address: Address, context: OpenContext) {
  const sink = await adapter.openSink?.(adapter.parseAddress(address), undefined, context);
  if (sink === undefined) throw new Error("no sink");
  return sink;
}

async function rowsOf(address: Address, schema: Schema): Promise<readonly (readonly unknown[])[] | undefined> {
  const context = await openContext();
  const source = await adapter.openSource?.(adapter.parseAddress(address), undefined, context);
  if (source?.scan === undefined) throw new Error("no source");
  const columns = schema.columns.map(({ name, type }) => ({
    name,
    type: typeTextOf(columnTypeOf(type)),
    nullable: true,
  }));
  const dataset: FrozenDataset = {
    ...{ version: 1, name: "rows", source: address, validate: "used", drift: "warn", reordered: "fail" },
    ...{ stage: "volatile", warnings: [], columns },
  };
  try {
    const names = columns.map(({ name }) => name);
    const request = { dataset, columns: names, parameters: new Map(), signal: context.signal, warn: () => undefined };
    return await readInput(engine, await source.scan(request), names);
  } finally {
    await source[Symbol.asyncDispose]();
  }
}

async function tablesIn(path: string): Promise<Json> {
  await using catalog = await existingLake({ type: "lake", path }, path);
  const tables = (await catalog?.listTables()) ?? [];
  return Promise.all(tables.map(async (id) => (await catalog?.loadTable(id))?.metadataLocation ?? null));
}
