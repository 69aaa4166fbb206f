import {
  createPlaces,
  postgresForTests,
  runLoad,
  type SinkHarness,
  type SinkTarget,
  typesTable,
} from "@sluice/conformance";
import type { Address, Column, FrozenColumn } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { adapter } from "@sluice/postgres";
import { describe, expect, it } from "vitest";
import { databaseForTests } from "./database.fixture.ts";

const places = createPlaces("sluice-postgres-read-back-");
const engine = createDuckDbEngine({ threads: 2 });
const database = await databaseForTests({ url: await postgresForTests(), engine, places });

const NESTED = [
  "interval",
  "enum('a', 'b')",
  "list<int64>",
  "list<string>",
  "list<list<int64>>",
  "list<struct{a: int64}>",
  "struct{a: int64, b: decimal(10,2)}",
  "map<string, int64>",
];
const COLUMNS: readonly Column[] = [
  ...typesTable().schema.columns,
  ...NESTED.map((type, index) => ({ name: `nested_${index}`, type, nullable: true })),
  { name: "required", type: "int64", nullable: false },
];

const into: Address = {
  type: "postgres",
  connection: "main",
  schema: "public",
  table: "written",
  indexes: [["required"]],
};

describe("what a load writes, as it is read without a look", () => {
  it("is read by the address of the table, without what only a load needs", () => {
    const { source } = adapter.readBack?.(into, COLUMNS) ?? {};
    expect(source).toEqual({ type: "postgres", connection: "main", schema: "public", table: "written" });
  });

  it("is read as the types that docs/postgres.md names", () => {
    const types = new Map(adapter.readBack?.(into, COLUMNS).columns.map(({ name, type }) => [name, type]));
    expect([types.get("c_int8"), types.get("c_uint64"), types.get("c_uuid"), types.get("nested_0")]).toEqual([
      "int16",
      "decimal(20,0)",
      "uuid",
      "string",
    ]);
    expect([types.get("nested_2"), types.get("nested_6")]).toEqual(["json", "json"]);
  });

  it.skipIf(database === undefined)("is what a look at the table finds, for every type", async () => {
    const target: SinkTarget = {
      address: into,
      connection: { type: "postgres", url: database?.url ?? "" },
      rows: async () => [],
      traces: async () => null,
    };
    const harness: SinkHarness = {
      name: "postgres",
      adapter,
      openContext: () => places.newContext(engine),
      createTarget: async () => target,
    };
    await runLoad(harness, target, { schema: { columns: COLUMNS }, rows: [], mode: "append" });
    const back = adapter.readBack?.(into, COLUMNS);
    if (back === undefined || adapter.openSource === undefined) throw new Error("the adapter reads nothing back");
    const source = await adapter.openSource(back.source, target.connection, await places.newContext(engine));
    const request = {
      types: new Map<string, string>(),
      required: [],
      dialect: {},
      parameters: new Map<string, string>(),
      signal: new AbortController().signal,
    };
    const found: FrozenColumn[] = [];
    for await (const stream of source.discover(request)) found.push(...stream.columns);
    await source[Symbol.asyncDispose]();
    expect(back.columns).toEqual(found);
  });
});
