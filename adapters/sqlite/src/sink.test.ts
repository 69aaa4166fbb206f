import { readdir, symlink, unlink } from "node:fs/promises";
import { join } from "node:path";
import {
  createPlaces,
  createRowsEngine,
  type Load,
  type Loaded,
  requestOf,
  runLoad,
  type SinkHarness,
  type TextRow,
} from "@sluice/conformance";
import type { OpenContext, Schema } from "@sluice/core";
import { adapter } from "@sluice/sqlite";
import Database from "libsql";
import { afterAll, describe, expect, it } from "vitest";

const places = createPlaces("sluice-sqlite-sink-");
afterAll(places.remove);

const SCHEMA: Schema = {
  columns: [
    { name: "id", type: "int64", nullable: false },
    { name: "name", type: "string", nullable: true },
  ],
};
const ROWS: readonly TextRow[] = [
  ["1", "Ada"],
  ["2", "Grace"],
];
const REPLACE: Load = { schema: SCHEMA, rows: ROWS, mode: "replace" };

interface Place {
  readonly path: string;
  readonly folder: string;
  /** SQL by the driver itself. */
  readonly query: (sql: string) => readonly unknown[][];
  readonly load: (load: Load, table?: string, changes?: Partial<OpenContext>) => Promise<Loaded>;
}

async function newPlace(sql?: string): Promise<Place> {
  const folder = await places.newFolder();
  const path = join(folder, "target.db");
  const query = (text: string): readonly unknown[][] => {
    const database = new Database(path);
    try {
      const statement = database.prepare(text) as unknown as {
        raw(on: boolean): { all(values: unknown[]): unknown[][] };
      };
      return statement.raw(true).all([]);
    } finally {
      database.close();
    }
  };
  if (sql !== undefined) {
    const database = new Database(path);
    database.exec(sql);
    database.close();
  }
  return {
    path,
    folder,
    query,
    load: (load, table = "t", changes = {}) => {
      const openContext = (): Promise<OpenContext> => places.newContext(createRowsEngine(), changes);
      const target = { address: { type: "sqlite", path, table }, rows: async () => [], traces: async () => null };
      const harness: SinkHarness = { name: "sqlite", adapter, openContext, createTarget: async () => target };
      return runLoad(harness, target, load);
    },
  };
}

describe("tables that sluice did not make", () => {
  it("are replaced in place when the columns are equal, and keep what hangs on them", async () => {
    const { query, load } = await newPlace(
      "create table t (id INTEGER NOT NULL, name TEXT); create index people on t (name); insert into t values (9, 'old')",
    );
    expect((await load(REPLACE)).result).toEqual({ repeated: false, inserted: 2, deleted: 1 });
    expect(query("select * from t")).toEqual([
      [1, "Ada"],
      [2, "Grace"],
    ]);
    expect(query("select name from sqlite_master where type = 'index' and name = 'people'")).toEqual([["people"]]);
  });

  it("are not replaced when the columns differ, even after an append", async () => {
    const { query, load } = await newPlace("create table t (id INTEGER, name TEXT); insert into t values (9, 'old')");
    await expect(load(REPLACE)).rejects.toMatchObject({
      code: "config",
      message: expect.stringContaining('"id" is INTEGER, not INTEGER NOT NULL'),
    });
    await load({ ...REPLACE, mode: "append" });
    await expect(load(REPLACE)).rejects.toMatchObject({ code: "config" });
    expect(query("select count(*) from t")).toEqual([[3]]);
  });

  it.each([
    ["a column is missing", "create table t (id INTEGER, nme TEXT)", 'did you mean "nme"?'],
    [
      "a column would change the values",
      "create table t (id INTEGER, name NUMERIC)",
      "cast it, or load into another table",
    ],
    ["a column is computed", "create table t (id INTEGER, name TEXT as ('x'))", "leave it out of the step"],
    [
      "a column that is not given must be",
      "create table t (id INTEGER, name TEXT, age INTEGER NOT NULL)",
      "add it to the step",
    ],
  ])("are not appended to when %s", async (_, sql, hint) => {
    const { load } = await newPlace(sql);
    await expect(load({ ...REPLACE, mode: "append" })).rejects.toMatchObject({ code: "config", hint });
  });

  it("take an append where the other columns have a value of their own", async () => {
    const { query, load } = await newPlace(
      "create table t (number INTEGER PRIMARY KEY, NAME TEXT, id BIGINT, at TEXT NOT NULL DEFAULT 'now', seen INTEGER)",
    );
    await load({ ...REPLACE, mode: "append" });
    expect(query("select number, NAME, id, at, seen from t")).toEqual([
      [1, "Ada", 1, "now", null],
      [2, "Grace", 2, "now", null],
    ]);
  });

  it("are merged into without an index of ours, and refused where a key is there twice", async () => {
    const { query, load } = await newPlace(
      "create table t (id INTEGER, name TEXT); insert into t values (2, 'old'), (7, 'kept')",
    );
    const merge: Load = { ...REPLACE, mode: "merge", key: ["id"] };
    expect((await load(merge)).result).toEqual({ repeated: false, inserted: 1, updated: 1, deleted: 0, unchanged: 0 });
    expect(query("select count(*) from sqlite_master where type = 'index' and tbl_name = 't'")).toEqual([[0]]);
    expect(query("select id, name from t order by id")).toEqual([
      [1, "Ada"],
      [2, "Grace"],
      [7, "kept"],
    ]);
    const twice = await newPlace("create table t (id INTEGER, name TEXT); insert into t values (2, 'a'), (2, 'b')");
    await expect(twice.load(merge)).rejects.toMatchObject({ code: "data", offending: "{ id: 2 }" });
    expect(twice.query("select name from t")).toEqual([["a"], ["b"]]);
  });

  it("views, reserved names and columns that SQLite takes for one are refused", async () => {
    const { load } = await newPlace("create view v as select 1 as id");
    await expect(load(REPLACE, "v")).rejects.toMatchObject({
      code: "config",
      message: expect.stringContaining("is a view"),
    });
    await expect(load(REPLACE, "_sluice_commits")).rejects.toMatchObject({ code: "config" });
    await expect(load(REPLACE, "sqlite_master")).rejects.toMatchObject({ code: "config" });
    const columns = [...SCHEMA.columns, { name: "ID", type: "int64", nullable: true }];
    await expect(load({ ...REPLACE, schema: { columns } })).rejects.toMatchObject({ code: "config", offending: "ID" });
  });

  it("a row that a constraint refuses is named", async () => {
    const { query, load } = await newPlace(
      "create table t (id INTEGER PRIMARY KEY, name TEXT); insert into t values (2, 'there')",
    );
    await expect(load({ ...REPLACE, mode: "append" })).rejects.toMatchObject({
      code: "data",
      message: expect.stringContaining("{ id: 2, name: Grace }"),
    });
    expect(query("select * from t")).toEqual([[2, "there"]]);
  });
});

describe("tables that sluice made", () => {
  const wider: Schema = { columns: [...SCHEMA.columns, { name: "age", type: "int32", nullable: false }] };

  it("are swapped for other columns, with their views, and the indexes that still fit", async () => {
    const { path, query, load } = await newPlace();
    await load(REPLACE);
    const database = new Database(path);
    database.exec(
      "create index by_name on t (name); create index by_both on t (id, name); create view v as select id from t",
    );
    database.close();
    const logged: string[] = [];
    const schema: Schema = {
      columns: [
        { name: "id", type: "string", nullable: true },
        { name: "age", type: "int32", nullable: true },
      ],
    };
    const log = (_: string, line: string): unknown => logged.push(line);
    await load({ schema, rows: [["007", "36"]], mode: "replace" }, "t", { log });
    expect(query("select id from v")).toEqual([["007"]]);
    expect(logged).toHaveLength(2);
    expect(logged[0]).toContain("lost an index or trigger");
  });

  it("get the columns that they lack", async () => {
    const { query, load } = await newPlace();
    await load(REPLACE);
    await load({ schema: wider, rows: [["3", "Edsger", "72"]], mode: "append" });
    await load({ schema: wider, rows: [["1", "Ada", "36"]], mode: "merge", key: ["id"] });
    expect(query("select * from t order by id")).toEqual([
      [1, "Ada", 36],
      [2, "Grace", null],
      [3, "Edsger", 72],
    ]);
  });

  it("are merged into by an index of their key, which goes when the mode or key changes", async () => {
    const { query, load } = await newPlace();
    const indexes = (): readonly unknown[][] =>
      query("select name from sqlite_master where type = 'index' and tbl_name = 't'");
    await load({ ...REPLACE, mode: "merge", key: ["id"] });
    expect(indexes()).toEqual([['_sluice_key_["t","id"]']]);
    await load({ ...REPLACE, mode: "append" });
    expect(indexes()).toEqual([]);
    await expect(load({ ...REPLACE, mode: "merge", key: ["id"] })).rejects.toMatchObject({
      code: "data",
      reason: "duplicate-key",
    });
  });
});

describe("what a load may meet", () => {
  it("three loads into one new database at once take turns", async () => {
    const { query, load } = await newPlace();
    const rows = Array.from({ length: 3_000 }, (_, index) => [String(index), "x"]);
    await Promise.all(
      ["a", "b", "c"].map((table) => load({ ...REPLACE, rows, step: table, scan: ["id"], mode: "append" }, table)),
    );
    expect(query("select (select count(*) from a), (select count(*) from b), (select count(*) from c)")).toEqual([
      [3000, 3000, 3000],
    ]);
    expect(query("select step, epoch, made from _sluice_commits order by step")).toEqual([
      ["a", 1, 1],
      ["b", 1, 1],
      ["c", 1, 1],
    ]);
  });

  it("a load that fails takes its new file away, and one that waited makes it again", async () => {
    const { folder, query, load } = await newPlace();
    const checkpoint = (): void => {
      throw new Error("killed on purpose");
    };
    const [failed, done] = await Promise.allSettled([load({ ...REPLACE, checkpoint }, "a"), load(REPLACE, "b")]);
    expect([failed.status, done.status]).toEqual(["rejected", "fulfilled"]);
    expect(await readdir(folder)).toEqual(["target.db"]);
    expect(query("select count(*) from b")).toEqual([[2]]);
  });

  it("a database that went away while a load waited for it is made again", async () => {
    const { folder, path, query, load } = await newPlace();
    const context = await places.newContext(createRowsEngine());
    const first = await adapter.openSink?.({ type: "sqlite", path, table: "a" }, undefined, context);
    const staging = await first?.stage(requestOf({ ...REPLACE, mode: "append" }));
    await staging?.scan(["id"]);
    // By another path, as from another process: the file's own lock is all that they share.
    const alias = `${folder}-alias`;
    await symlink(folder, alias);
    const other = await adapter.openSink?.(
      { type: "sqlite", path: join(alias, "target.db"), table: "b" },
      undefined,
      context,
    );
    const waiting = await other?.stage(requestOf(REPLACE));
    const committing = waiting?.commit();
    for (let round = 0; round < 100; round++) await new Promise(setImmediate);
    await staging?.[Symbol.asyncDispose]();
    expect(await committing).toMatchObject({ inserted: 0 });
    await unlink(alias);
    expect(query("select count(*) from b")).toEqual([[0]]);
    await load(REPLACE, "b");
    expect(query("select count(*) from b")).toEqual([[2]]);
  });

  it("a reader in the way of the commit is waited for", async () => {
    const { path, query, load } = await newPlace("create table other (n); insert into other values (1)");
    const reader = new Database(path);
    reader.exec("begin");
    reader.prepare("select * from other").get([]);
    const loading = load({
      ...REPLACE,
      checkpoint: () => setImmediate(() => reader.exec("rollback")),
    });
    expect((await loading).result).toMatchObject({ inserted: 2 });
    reader.close();
    expect(query("select count(*) from t")).toEqual([[2]]);
  });

  it("told to stop while it waits for a lock, it stops", async () => {
    const { path, load } = await newPlace("create table other (n)");
    const writer = new Database(path);
    writer.exec("begin immediate");
    const controller = new AbortController();
    const loading = load({ ...REPLACE, mode: "append", signal: controller.signal, scan: ["id"] });
    setImmediate(() => controller.abort());
    await expect(loading).rejects.toMatchObject({ code: "cancelled" });
    writer.exec("rollback");
    writer.close();
  });

  it("a database in UTF-16 is merged into", async () => {
    const { query, load } = await newPlace("pragma encoding = 'UTF-16le'; create table other (n)");
    await load({ ...REPLACE, rows: [["1", "né"]], mode: "merge", key: ["id"] });
    await load({
      ...REPLACE,
      rows: [
        ["1", "né"],
        ["2", "ü"],
      ],
      mode: "merge",
      key: ["name"],
    });
    expect(query("select name from t order by id")).toEqual([["né"], ["ü"]]);
  });

  it("rows that others refer to are replaced, unless they would be missed", async () => {
    const { query, load } = await newPlace(
      "create table t (id INTEGER NOT NULL, name TEXT, unique (id)); create table child (id INTEGER references t (id) on delete cascade); insert into t values (1, 'old'); insert into child values (1)",
    );
    await load(REPLACE);
    expect(query("select * from child")).toEqual([[1]]);
    await expect(load({ ...REPLACE, rows: [["2", "Grace"]] })).rejects.toMatchObject({
      code: "data",
      message: expect.stringContaining("break references"),
    });
    expect(query("select count(*) from t")).toEqual([[2]]);
  });

  it("a database with a write-ahead log is loaded as it is", async () => {
    const { path, query, load } = await newPlace("pragma journal_mode = wal; create table other (n)");
    const reader = new Database(path);
    reader.exec("begin");
    reader.prepare("select * from other").all([]);
    // Here a reader stands in nobody's way.
    await load(REPLACE);
    await load({ ...REPLACE, mode: "merge", key: ["id"] });
    reader.exec("rollback");
    reader.close();
    expect(query("select count(*) from t")).toEqual([[2]]);
    expect(query("pragma journal_mode")).toEqual([["wal"]]);
  });

  it("NaN is refused by column, and nothing is left", async () => {
    const { folder, load } = await newPlace();
    const schema: Schema = { columns: [{ name: "share", type: "float64", nullable: true }] };
    await expect(load({ schema, rows: [["1.5"], ["nan"]], mode: "replace" })).rejects.toMatchObject({
      code: "data",
      message: expect.stringContaining('column "share" holds NaN'),
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it("a folder that is not there is missing, before any row is read", async () => {
    const folder = await places.newFolder();
    const context = await places.newContext(createRowsEngine());
    const path = join(folder, "absent", "t.db");
    const sink = await adapter.openSink?.({ type: "sqlite", path, table: "t" }, undefined, context);
    await expect(sink?.check(context.signal)).rejects.toMatchObject({ code: "missing", hint: "create the folder" });
  });

  it("times, booleans and decimals are stored as people read them", async () => {
    const { query, load } = await newPlace();
    const columns = ["bool", "decimal(10,2)", "timestamp", "timestamptz", "string", "int64", "float64"].map(
      (type, index) => ({
        name: `c${index}`,
        type,
        nullable: true,
      }),
    );
    const row = [true, "12.30", "2024-02-29 10:00:00", "2024-02-29 10:00:00+00", "007", "5", "5"];
    await load({ schema: { columns }, rows: [row], mode: "replace" });
    expect(query("select c0, c1, c2, c3, c4, typeof(c5), typeof(c6) from t")).toEqual([
      [1, "12.30", "2024-02-29 10:00:00", "2024-02-29 10:00:00+00:00", "007", "integer", "real"],
    ]);
    expect(query("select datetime(c3) from t")).toEqual([["2024-02-29 10:00:00"]]);
  });
});
