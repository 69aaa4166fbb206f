import { join } from "node:path";
import { createPlaces, createRowsEngine, type Load, runLoad } from "@sluice/conformance";
import type { Schema } from "@sluice/core";
import { adapter } from "@sluice/sqlite";
import Database from "libsql";
import { afterAll, describe, expect, it } from "vitest";

const places = createPlaces("sluice-sqlite-own-");
afterAll(places.remove);

const columns = (...names: readonly string[]): Schema => ({
  columns: names.map((name) => ({ name, type: name === "id" ? "int64" : "string", nullable: true })),
});
const one = (mode: Load["mode"], more: Partial<Load> = {}): Load => ({
  schema: columns("id", "v"),
  rows: [["1", "one"]],
  mode,
  ...more,
});
const WIDER: Partial<Load> = { schema: columns("id", "v", "w"), rows: [["2", "two", "more"]] };

interface Place {
  readonly query: (sql: string) => readonly unknown[][];
  readonly exec: (sql: string) => void;
  readonly load: (load: Load, table?: string) => Promise<unknown>;
}

async function newPlace(): Promise<Place> {
  const path = join(await places.newFolder(), "target.db");
  const using = <T>(work: (database: InstanceType<typeof Database>) => T): T => {
    const database = new Database(path);
    try {
      return work(database);
    } finally {
      database.close();
    }
  };
  const harness = {
    name: "sqlite",
    adapter,
    openContext: () => places.newContext(createRowsEngine()),
    createTarget: () => Promise.reject(new Error("has one")),
  };
  return {
    exec: (sql) => using((database) => void database.exec(sql)),
    query: (sql) =>
      using((database) =>
        (database.prepare(sql) as unknown as { raw(on: boolean): { all(v: unknown[]): unknown[][] } })
          .raw(true)
          .all([]),
      ),
    load: (load, table = "t") => {
      const address = { type: "sqlite", path, table };
      const target = { address, rows: () => Promise.resolve(undefined), traces: () => Promise.resolve(null) };
      return runLoad(harness, target, load);
    },
  };
}

describe("whether a table is sluice's own", () => {
  const refused = { code: "config", hint: expect.stringContaining('takeOver: "t"') };

  it.each([
    ["dropped", "drop table t"],
    ["renamed away", "alter table t rename to before"],
  ])("is not said of another one after it was %s", async (_, goes) => {
    const { load, query, exec } = await newPlace();
    await load(one("replace"));
    exec(`${goes}; create table t (id INTEGER, precious TEXT); insert into t values (7, 'kept')`);
    for (const mode of ["replace", "append"] as const) await expect(load(one(mode))).rejects.toMatchObject(refused);
    expect(query("select * from t")).toEqual([[7, "kept"]]);
    await load(one("replace", { takeOver: "t" }));
    await load(one("append", WIDER));
    expect(query("select * from t")).toEqual([
      [1, "one", null],
      [2, "two", "more"],
    ]);
  });

  it("stays so through what loads of several steps change, a vacuum, indexes, and another name for a while", async () => {
    const { load, query, exec } = await newPlace();
    await load(one("append"));
    await load(one("append", { ...WIDER, step: "another" }));
    // The step that changed the table last loads another one now.
    await load(one("append", { ...WIDER, step: "another" }), "elsewhere");
    exec("create index by_v on t (v); alter table t rename to u; alter table u rename to t");
    exec("vacuum");
    await load(one("replace"), "T");
    await load(one("append", WIDER));
    expect(query("select * from t")).toEqual([
      [1, "one", null],
      [2, "two", "more"],
    ]);
  });

  it.each([
    ["added", "alter table t add column mine TEXT"],
    ["renamed", "alter table t rename column v to mine"],
  ])("is not said once somebody %s a column", async (_, sql) => {
    const { load, query, exec } = await newPlace();
    await load(one("replace"));
    exec(`${sql}; update t set mine = 'kept'`);
    await expect(load(one("replace"))).rejects.toMatchObject(refused);
    expect(query("select mine from t")).toEqual([["kept"]]);
  });

  it("is said by commits of a version that did not know how it was declared", async () => {
    const { load, query, exec } = await newPlace();
    await load(one("replace"));
    exec("alter table _sluice_commits drop column target_sql");
    await load(one("append", { ...WIDER, step: "another" }));
    expect(query("select count(*) from _sluice_commits where target_sql like '%\"w\"%'")).toEqual([[2]]);
    exec("drop table t; create table t (id INTEGER, precious TEXT)");
    await expect(load(one("replace"))).rejects.toMatchObject(refused);
  });
});
