import { join } from "node:path";
import { createPlaces, createRowsEngine, requestOf, tracesIn } from "@sluice/conformance";
import type { Cell, CommitResult, Engine, Schema } from "@sluice/core";
import { adapter } from "@sluice/sqlite";
import Database from "libsql";
import { afterAll, describe, expect, it } from "vitest";

const places = createPlaces("sluice-sqlite-ranges-");
afterAll(places.remove);

const SCHEMA: Schema = {
  columns: [
    { name: "id", type: "int64", nullable: true },
    { name: "part", type: "string", nullable: true },
    { name: "name", type: "string", nullable: true },
  ],
};

type Row = readonly [id: number | null, part: string, name: string | null];
type Mode = "append" | "replace" | "merge";

interface Place {
  readonly folder: string;
  readonly query: (sql: string) => readonly unknown[][];
  readonly load: (mode: Mode, key: readonly string[], rows: Iterable<Row>, hooks?: Hooks) => Promise<CommitResult>;
}

interface Hooks {
  readonly signal?: AbortSignal;
  /** As the first row is handed over, and behind the last one. */
  readonly atFirst?: () => void;
  readonly atLast?: () => void;
}

async function newPlace(sql: string): Promise<Place> {
  const folder = await places.newFolder();
  const path = join(folder, "target.db");
  const withDatabase = <T>(work: (database: InstanceType<typeof Database>) => T): T => {
    const database = new Database(path);
    try {
      return work(database);
    } finally {
      database.close();
    }
  };
  withDatabase((database) => database.exec(sql));
  return {
    folder,
    query: (text) =>
      withDatabase((database) =>
        (database.prepare(text) as unknown as { raw(on: boolean): { all(v: unknown[]): unknown[][] } })
          .raw(true)
          .all([]),
      ),
    load: async (mode, key, rows, hooks = {}) => {
      const context = await places.newContext(engineOf(rows, hooks));
      const sink = await adapter.openSink?.({ type: "sqlite", path, table: "t" }, undefined, context);
      if (sink === undefined) throw new Error("no sink");
      const { signal } = hooks;
      const staging = await sink.stage(
        requestOf({ schema: SCHEMA, rows: [], mode, key, ...(signal === undefined ? {} : { signal }) }),
      );
      try {
        await staging.add([{ path: "rows", format: "parquet", rows: 1, bytes: 1 }]);
        return await staging.commit();
      } finally {
        await staging[Symbol.asyncDispose]();
      }
    },
  };
}

/** Hands rows over as they are, and never waits for anything. */
function engineOf(given: Iterable<Row>, hooks: Hooks): Engine {
  const rows: Engine["rows"] = async function* () {
    hooks.atFirst?.();
    let batch: (readonly Cell[])[] = [];
    for (const row of given) {
      if (batch.push(row) < 2_000) continue;
      yield batch;
      batch = [];
    }
    yield batch;
    hooks.atLast?.();
  };
  return { ...createRowsEngine(), rows };
}

/** A row for each number, in an order that is none. */
function* shuffled(from: number, rows: number, name: string): Generator<Row> {
  for (let index = 0; index < rows; index++) {
    const id = from + ((index * 7_919) % rows);
    yield [id, `part ${id % 3}`, `${name} ${id}`];
  }
}

/** An `insert` of rows with the ids 1 … `rows`, each with the name "old" and its id. */
const filled = (rows: number): string =>
  `insert into t (id, part, name) with recursive c(i) as (select 1 union all select i + 1 from c where i < ${rows}) select i, 'part ' || (i % 3), 'old ' || i from c`;

/** Aborts when the event loop has turned so many times; what was worked since the turn before is what one waits at most. */
function abortAfter(turns: number): { signal: AbortSignal; start: () => void; workedMs: () => number } {
  const controller = new AbortController();
  let before: NodeJS.CpuUsage | undefined;
  const next = (left: number): void => {
    if (left === 0) {
      controller.abort();
      return;
    }
    before = process.cpuUsage();
    setImmediate(next, left - 1);
  };
  return {
    signal: controller.signal,
    start: () => next(turns),
    // All of it is work of this thread; a clock would also count what others do on a busy machine.
    workedMs: () => {
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    },
  };
}

describe("told to stop", () => {
  const UNIQUE = "create table t (id INTEGER, part TEXT, name TEXT); create unique index t_id on t (id)";

  // The rows are all there; from then on nothing but the merge itself gives way.
  it.each([
    ["as it sorts the keys, without an index", "create table t (id INTEGER, part TEXT, name TEXT)", 1],
    ["as it updates, without an index", "create table t (id INTEGER, part TEXT, name TEXT)", 8],
    ["as it updates, with an index", UNIQUE, 8],
    ["as it inserts", UNIQUE, 14],
    [
      "as it updates, without row numbers",
      "create table t (id INTEGER primary key, part TEXT, name TEXT) without rowid",
      8,
    ],
  ])("in the middle of a large merge, %s, it stops within a second and leaves the table", async (_, table, turns) => {
    const { folder, load } = await newPlace(`${table}; begin; ${filled(150_000)}; commit`);
    const before = await tracesIn(folder);
    const { signal, start, workedMs } = abortAfter(turns);
    const loading = load("merge", ["id"], shuffled(75_000, 150_000, "new"), { signal, atLast: start });
    await expect(loading).rejects.toMatchObject({ code: "cancelled" });
    expect(workedMs()).toBeLessThan(1_000);
    expect(await tracesIn(folder)).toEqual(before);
  });

  it.each(["append", "replace"] as const)(
    "in the middle of a large load with mode %s, it stops within a second and leaves the table",
    async (mode) => {
      const { folder, load } = await newPlace(
        `create table t (id INTEGER, part TEXT, name TEXT); begin; ${filled(100_000)}; commit`,
      );
      const before = await tracesIn(folder);
      const { signal, start, workedMs } = abortAfter(1);
      // More than any machine has loaded when the loop turns for the first time.
      const loading = load(mode, [], shuffled(1, 10_000_000, "new"), { signal, atFirst: start });
      await expect(loading).rejects.toMatchObject({ code: "cancelled" });
      expect(workedMs()).toBeLessThan(1_000);
      expect(await tracesIn(folder)).toEqual(before);
    },
  );
});

describe("references between tables", () => {
  const CHILD =
    "pragma foreign_keys = off; create table child (part TEXT, t_id TEXT, note TEXT, foreign key (t_id) references t (id) on delete cascade)";
  const TARGET = `create table t (id INTEGER PRIMARY KEY, part TEXT, name TEXT); ${filled(4_000)}`;

  it("are counted over several ranges, by the type of what is referred to", async () => {
    const { query, load } = await newPlace(
      `${TARGET}; ${CHILD}; insert into child select part, cast(id as text), name from t; insert into child values ('x', null, 'y'), ('x', '9000', 'broken before')`,
    );
    await load("merge", ["id"], shuffled(1, 4_000, "new"));
    expect(query("select count(*) from t where name like 'new%'")).toEqual([[4_000]]);
    const loading = load("replace", [], shuffled(1, 3_999, "newer"));
    await expect(loading).rejects.toMatchObject({ code: "data", message: expect.stringContaining("break references") });
    expect(query("select count(*) from t where name like 'new %'")).toEqual([[4_000]]);
  });

  it("of two columns, without a key named, and to the same table", async () => {
    const { query, load } = await newPlace(
      `create table t (id INTEGER, part TEXT collate nocase, name TEXT, up INTEGER references t (id), primary key (part, id), unique (id)); ${filled(4_000)}; update t set up = id - 1 where id > 1; create table child (p TEXT, i INTEGER, foreign key (p, i) references t); insert into child select upper(part), id from t`,
    );
    await load("merge", ["part", "id"], shuffled(1, 4_000, "new"));
    expect(query("select count(*) from t where name like 'new%'")).toEqual([[4_000]]);
    await expect(load("replace", [], shuffled(1, 4_000, "x"))).rejects.toMatchObject({ code: "config" });
  });

  it("to what is no key are left to SQLite", async () => {
    const { load } = await newPlace(
      `pragma foreign_keys = off; create table t (id INTEGER, part TEXT, name TEXT); create table child (i INTEGER references t (id)); insert into child values (1)`,
    );
    await expect(load("append", [], shuffled(1, 10, "new"))).rejects.toMatchObject({
      message: expect.stringContaining("foreign key mismatch"),
    });
  });
});

// The first range has a thousand rows.
describe("a merge over several ranges gives what one range would", () => {
  const COLUMNS = "id INTEGER, part TEXT, name TEXT";

  it.each([
    ["a table without an index", `create table t (${COLUMNS})`, ["id"]],
    ["a table with an index", `create table t (${COLUMNS}); create unique index t_id on t (id)`, ["id"]],
    ["a key of two columns", `create table t (${COLUMNS}); create index t_key on t (part, id)`, ["part", "id"]],
    ["an index of half the key", `create table t (${COLUMNS}); create index t_part on t (part)`, ["part", "id"]],
    ["a row number as the key", "create table t (id INTEGER primary key, part TEXT, name TEXT)", ["id"]],
    ["no row numbers", "create table t (id INTEGER primary key, part TEXT, name TEXT) without rowid", ["id"]],
    ["no row numbers and no index", `create table t (${COLUMNS}, primary key (name)) without rowid`, ["id"]],
    ["a column called rowid", `create table t (rowid TEXT, ${COLUMNS})`, ["id"]],
    ["all names of row numbers taken", `create table t (rowid, _rowid_, oid, ${COLUMNS})`, ["id"]],
    ["a key without case", `create table t (id INTEGER, part TEXT, name TEXT collate nocase)`, ["name"]],
    ["a key that may be any type", `create table t (id NUMERIC, part BLOB, name BLOB)`, ["id"]],
    [
      "a trigger",
      `create table t (${COLUMNS}, seen); create trigger changed after update on t when new.seen is null begin update t set seen = 1 where id = new.id; end`,
      ["id"],
    ],
  ])("into %s", async (_, table, key) => {
    for (const [there, given] of [
      [6_000, 6_000],
      [40_000, 3_000],
    ] as const) {
      const { query, load } = await newPlace(`${table}; begin; ${filled(there)}; commit`);
      const first = there - given / 2 + 1;
      // By name, half of the rows are the same; by the rest, half of these differ.
      const byName = key[0] === "name";
      const rows = [...shuffled(first, given, "old")].map(
        ([id, part, name]): Row =>
          id !== null && id % 2 === 0 ? [id, byName ? "x" : part, byName ? name : "new"] : [id, part, name],
      );
      if (table.includes("primary key (name)"))
        rows.forEach(([id, part], index) => {
          rows[index] = [id, part, `n${id}`];
        });
      const old = (id: number): Row => [id, `part ${id % 3}`, `old ${id}`];
      const expected = new Map(Array.from({ length: there }, (_, index) => [index + 1, old(index + 1)]));
      let updated = 0;
      for (const row of rows) {
        const found = expected.get(Number(row[0]));
        if (found !== undefined && JSON.stringify(found) !== JSON.stringify(row)) updated += 1;
        expected.set(Number(row[0]), row);
      }
      const result = await load("merge", key, rows);
      expect(result).toEqual({
        repeated: false,
        inserted: given / 2,
        updated,
        deleted: 0,
        unchanged: given / 2 - updated,
      });
      const wanted = [...expected.values()].sort((a, b) => Number(a[0]) - Number(b[0]));
      expect(query("select id, part, name from t order by id")).toEqual(wanted);
    }
  });

  it("where the update sets the row number itself", async () => {
    const { query, load } = await newPlace(
      `create table t (id INTEGER primary key, part TEXT, name TEXT); begin; ${filled(5_000)}; update t set id = id * -2; update t set id = -id; commit`,
    );
    // The first half goes in between the second, where later ranges are.
    const rows = Array.from({ length: 5_000 }, (_, index): Row => {
      const id = 2 * (index + 1);
      return [id > 5_000 ? id : id + 5_001, "moved", `old ${index + 1}`];
    });
    expect(await load("merge", ["name"], rows)).toMatchObject({ inserted: 0, updated: 5_000, unchanged: 0 });
    expect(query("select id, part, name from t order by name")).toEqual(
      rows.toSorted(([, , a], [, , b]) => (String(a) < String(b) ? -1 : 1)),
    );
  });

  it("rows keep their order where they are new", async () => {
    const { query, load } = await newPlace(`create table t (${COLUMNS})`);
    const rows = [...shuffled(1, 5_000, "new")];
    await load("merge", ["id"], rows);
    expect(query("select id from t order by rowid")).toEqual(rows.map(([id]) => [id]));
  });

  it.each([
    ["a null key", "null-key", `create table t (${COLUMNS})`, [[null, "x", "y"]] as Row[], "{ id: null }"],
    ["a key given twice", "duplicate-key", `create table t (${COLUMNS})`, [[1, "x", "y"]] as Row[], "{ id: 1 }"],
    [
      "a null key before one given twice",
      "null-key",
      `create table t (${COLUMNS})`,
      [
        [1, "x", "y"],
        [null, "x", "y"],
      ] as Row[],
      "{ id: null }",
    ],
    [
      "a key that the table holds twice",
      "duplicate-key",
      `create table t (${COLUMNS}); ${filled(4_000)}; insert into t values (3, 'x', 'y')`,
      [] as Row[],
      "{ id: 3 }",
    ],
  ])("%s is refused, however far apart", async (_, reason, table, more, offending) => {
    const { folder, load } = await newPlace(table);
    const before = await tracesIn(folder);
    const loading = load("merge", ["id"], [...shuffled(1, 4_000, "new"), ...more]);
    await expect(loading).rejects.toMatchObject({ code: "data", reason, offending });
    expect(await tracesIn(folder)).toEqual(before);
  });
});
