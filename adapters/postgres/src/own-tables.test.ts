import {
  createPlaces,
  type Load,
  openSink,
  postgresForTests,
  requestOf,
  runLoad,
  type SinkHarness,
  writeRows,
} from "@sluice/conformance";
import type { Schema, Sink } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { adapter } from "@sluice/postgres";
import { describe, expect, it } from "vitest";
import { databaseForTests } from "./database.fixture.ts";
import { loadedTables } from "./loaded-tables.fixture.ts";

const places = createPlaces("sluice-postgres-own-");
const engine = createDuckDbEngine({ threads: 2 });
const database = await databaseForTests({ url: await postgresForTests(), engine, places });

const columns = (...names: readonly string[]): Schema => ({
  columns: names.map((name) => ({ name, type: name === "id" ? "int32" : "string", nullable: true })),
});
const one = (mode: Load["mode"], more: Partial<Load> = {}): Load => ({
  schema: columns("id", "v"),
  rows: [["1", "one"]],
  mode,
  ...more,
});
const WIDER: Partial<Load> = { schema: columns("id", "v", "w"), rows: [["2", "two", "more"]] };

describe.skipIf(database === undefined)("whether a table is sluice's own", () => {
  if (database === undefined) return;
  const target = loadedTables(database, "own");
  const harness: SinkHarness = {
    name: "postgres",
    adapter,
    openContext: () => places.newContext(engine),
    createTarget: async () => target(),
  };
  const load = (table: string, what: Load): Promise<unknown> => runLoad(harness, target(table), what);

  it.each([
    ["dropped", (table: string) => `drop table ${table}`],
    ["renamed away", (table: string) => `alter table ${table} rename to ${table}_before`],
  ])("is not said of another one after it was %s", async (_, goes) => {
    const { table } = target();
    await load(table, one("replace"));
    await database.query(goes(table));
    await database.query(`create table ${table} (id int, precious text)`);
    await database.query(`insert into ${table} values (7, 'kept')`);
    for (const mode of ["replace", "append"] as const) {
      await expect(load(table, one(mode))).rejects.toMatchObject({
        code: "config",
        offending: "v",
        hint: expect.stringContaining(`takeOver: "public.${table}"`),
      });
    }
    expect(await database.query(`select * from ${table}`)).toEqual([["7", "kept"]]);
    await load(table, one("replace", { takeOver: table }));
    await load(table, one("append", WIDER));
    expect(await database.query(`select id, v, w from ${table} order by id`)).toEqual([
      ["1", "one", null],
      ["2", "two", "more"],
    ]);
  });

  it("stays so through what loads of several steps change, and what people do to its columns", async () => {
    const { table } = target();
    await load(table, one("append"));
    await load(table, one("append", { ...WIDER, step: "another" }));
    const small = { schema: { columns: [{ name: "id", type: "int64", nullable: true }] }, rows: [["3"]] } as const;
    await load(table, one("append", { ...small, evolve: "widen", step: "a third" }));
    await load(table, one("replace"));
    await load(table, one("replace", { ...WIDER, step: "another" }));
    await database.query(`alter table ${table} rename column w to x`);
    await database.query(`vacuum full ${table}`);
    await load(table, one("append", WIDER));
    expect(await database.query(`select id, v, x, w from ${table} order by x`)).toEqual([
      ["2", "two", "more", null],
      ["2", "two", null, "more"],
    ]);
  });

  it("is said by commits of a version that did not know which table it was", async () => {
    const made = target(undefined, { schema: "older" });
    await runLoad(harness, made, one("replace"));
    await database.query("alter table older._sluice_commits drop column target_oid");
    await runLoad(harness, target(made.table, { schema: "older" }), one("append", { ...WIDER, step: "another" }));
    const rows = await database.query(
      "select step, target_oid = $1::regclass from older._sluice_commits where target = $2 order by step = 'another'",
      [`older.${made.table}`, made.table],
    );
    expect(rows.map(([, isIt]) => isIt)).toEqual([null, "t"]);
    await database.query(`drop table older.${made.table}`);
    await database.query(`create table older.${made.table} (id int, precious text)`);
    await expect(runLoad(harness, target(made.table, { schema: "older" }), one("replace"))).rejects.toMatchObject({
      code: "config",
      offending: "v",
    });
  });

  it("is asked of a table that rows go on in: that it is gone is said until a position is set without it", async () => {
    const { table } = target();
    const first = { ...one("append"), position: { from: 1 }, commitId: "a" };
    await load(table, first);
    const opened = async (): Promise<Sink> => openSink(harness, target(table), await harness.openContext());
    await using sink = await opened();
    expect(await sink.committed(requestOf(first))).not.toHaveProperty("isGone");
    await database.query(`drop table ${table}`);
    expect(await sink.committed(requestOf(first))).toMatchObject({ commitId: "a", isGone: true });
    expect((await runLoad(harness, target(table), first)).result).toMatchObject({ repeated: true });
    const next = { ...one("append"), commitId: "b", follows: "a" };
    const attempt = async (): Promise<unknown> => {
      const request = { ...requestOf(next), goesOn: true } as const;
      await using late = await opened();
      const output = await late.accepts(request);
      await using staging = await late.stage(request);
      await staging.add(await writeRows(engine, next.schema, next.rows, output));
      return await staging.commit({ from: 2 });
    };
    await expect(attempt()).rejects.toMatchObject({ code: "conflict", reason: "position" });
    await sink.reposition?.(requestOf(first), { from: 0 });
    expect(await sink.committed(requestOf(first))).not.toHaveProperty("isGone");
    await expect(attempt()).resolves.toMatchObject({ inserted: 1 });
  });

  it.each([
    ["append", {}],
    ["replace", {}],
    ["merge", { key: ["id"], missing: "delete" }],
    ["insert-only", { key: ["id"] }],
    ["delete+insert", { key: ["id"] }],
    ["overwrite", { partitions: ["v"] }],
    ["overwrite", { where: { kind: "call", name: "isNotNull", arguments: [{ kind: "column", name: "id" }] } }],
  ] as const)(
    "is not loaded by %s where policies may hide rows from the role: those would stay",
    async (mode, more) => {
      const { table } = target();
      const [schema, role] = [`guarded_${table}`, `guest_${table}`];
      const into = target(table, { schema });
      for (const statement of [
        `create schema ${schema}`,
        `create role ${role}`,
        `grant usage on schema ${schema} to ${role}`,
        `create table ${schema}.${table} (id int, v text)`,
        `alter table ${schema}.${table} enable row level security`,
        `grant all on ${schema}.${table} to ${role}`,
      ]) {
        await database.query(statement);
      }
      const url = new URL(database.url);
      url.searchParams.set("options", `-c role=${role}`);
      const guest = { ...into, connection: { ...into.connection, url: url.href.replaceAll("+", "%20") } };
      const refused = { code: "unsupported", reason: "row-security" };
      await using sink = await openSink(harness, guest, await places.newContext(engine));
      await expect(sink.accepts(requestOf(one(mode, more)))).rejects.toMatchObject(refused);
      await expect(runLoad(harness, into, one(mode, more))).resolves.toMatchObject({ result: { inserted: 1 } });
    },
  );
});
