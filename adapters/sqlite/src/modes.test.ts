import { join } from "node:path";
import {
  createPlaces,
  createRandom,
  createRowsEngine,
  type Load,
  type Loaded,
  type ReferenceLoad,
  referenceLoad,
  runLoad,
  type TextRow,
} from "@sluice/conformance";
import type { Schema } from "@sluice/core";
import { adapter } from "@sluice/sqlite";
import Database from "libsql";
import { afterAll, describe, expect, it } from "vitest";

const places = createPlaces("sluice-sqlite-modes-");
afterAll(places.remove);

const SCHEMA: Schema = {
  columns: [
    { name: "id", type: "int64", nullable: true },
    { name: "part", type: "string", nullable: true },
    { name: "amount", type: "decimal(10,2)", nullable: true },
  ],
};
const FLAGGED: Schema = { columns: [...SCHEMA.columns, { name: "gone", type: "bool", nullable: true }] };
const COLUMNS = "id INTEGER, part TEXT, amount TEXT DECIMAL(10,2)";

interface Place {
  readonly query: (sql: string) => readonly unknown[][];
  readonly exec: (sql: string) => void;
  readonly load: (load: Load) => Promise<Loaded>;
}

async function newPlace(sql?: string): Promise<Place> {
  const path = join(await places.newFolder(), "target.db");
  const using = <T>(work: (database: InstanceType<typeof Database>) => T): T => {
    const database = new Database(path);
    try {
      return work(database);
    } finally {
      database.close();
    }
  };
  const exec = (text: string): void => using((database) => void database.exec(text));
  if (sql !== undefined) exec(sql);
  const harness = {
    name: "sqlite",
    adapter,
    openContext: () => places.newContext(createRowsEngine()),
    createTarget: () => Promise.reject(new Error("has one")),
  };
  const target = {
    address: { type: "sqlite", path, table: "t" },
    rows: () => Promise.resolve(undefined),
    traces: () => Promise.resolve(null),
  };
  return {
    exec,
    query: (text) =>
      using((database) =>
        (database.prepare(text) as unknown as { raw(on: boolean): { all(v: unknown[]): unknown[][] } })
          .raw(true)
          .all([]),
      ),
    load: (load) => runLoad(harness, target, load),
  };
}

/** Rows whose keys are among the first `most` numbers, each once, in no order. */
function randomRows(seed: number, count: number, most: number): TextRow[] {
  const next = createRandom(seed);
  const ids = new Set<number>();
  while (ids.size < count) ids.add(1 + Math.floor(next() * most));
  return [...ids].map((id) => [
    String(id),
    next() < 0.1 ? null : `part ${Math.floor(next() * 7)}`,
    next() < 0.2 ? null : `${Math.floor(next() * 3) - 1}.50`,
  ]);
}

const flagged = (rows: readonly TextRow[]): TextRow[] =>
  rows.map((row, index) => [...row, index % 3 === 0 ? true : index % 3 === 1 ? false : null]);

const KINDS: readonly (readonly [string, string])[] = [
  ["a table of sluice", ""],
  ["no index", `create table t (${COLUMNS})`],
  ["an index of the key", `create table t (${COLUMNS}); create index t_id on t (id)`],
  ["an index of the part", `create table t (${COLUMNS}); create index t_part on t (part)`],
  ["the key as row number", "create table t (id INTEGER primary key, part TEXT, amount TEXT DECIMAL(10,2))"],
  ["no row numbers", "create table t (id INTEGER primary key, part TEXT, amount TEXT DECIMAL(10,2)) without rowid"],
  [
    "no row numbers and another key",
    `create table t (${COLUMNS}, n INTEGER not null default (random()), primary key (n)) without rowid`,
  ],
  ["a key that may be any type", "create table t (id NUMERIC, part BLOB, amount BLOB)"],
];

type Way = Omit<ReferenceLoad, "rows" | "schema">;
const WAYS: readonly (readonly [string, Way])[] = [
  ["merge", { mode: "merge", key: ["id"] }],
  ["merge by two columns", { mode: "merge", key: ["id", "part"] }],
  ["merge with a flag", { mode: "merge", key: ["id"], deleteFlag: "gone" }],
  ["merge of newer rows", { mode: "merge", key: ["id"], newerBy: "amount" }],
  ["merge of newer rows with a flag", { mode: "merge", key: ["id"], newerBy: "amount", deleteFlag: "gone" }],
  ["merge of all", { mode: "merge", key: ["id"], missing: "delete" }],
  ["merge of all with a flag", { mode: "merge", key: ["id"], missing: "delete", deleteFlag: "gone" }],
  ["insert-only", { mode: "insert-only", key: ["id"] }],
  ["delete+insert", { mode: "delete+insert", key: ["part"] }],
  ["delete+insert of single rows", { mode: "delete+insert", key: ["id"] }],
  ["overwrite", { mode: "overwrite", partitions: ["part"] }],
];

// The first range has a thousand rows: three thousand are several ranges.
describe.each(KINDS)("into %s", (kind, sql) => {
  it.each(WAYS)("%s gives what the reference says", async (_, way) => {
    for (const [seed, there, given, most] of [
      [1, 3_000, 2_500, 4_000],
      [2, 20, 2_500, 4_000],
      [3, 3_000, 20, 3_000],
    ] as const) {
      const { load, query } = await newPlace(sql === "" ? undefined : sql);
      const keyed = way.key?.includes("part") === true;
      const known = (rows: TextRow[]): TextRow[] => (keyed ? rows.filter((row) => row[1] !== null) : rows);
      const stored = known(randomRows(seed, there, most));
      // What a replaced key brings must not meet another one's row.
      const arriving = known(randomRows(seed + 10, given, most)).map((row) =>
        way.partitions !== undefined || way.key?.[0] === "part"
          ? [String(Number(row[0]) + most), ...row.slice(1)]
          : row,
      );
      const first: Load = { schema: SCHEMA, rows: stored, mode: "append" };
      await load(first);
      const rows = way.deleteFlag === undefined ? arriving : flagged(arriving);
      const schema = way.deleteFlag === undefined ? SCHEMA : FLAGGED;
      if (kind.includes("row number") && way.key?.length === 2) continue;
      const { result } = await load({ schema, rows, ...way });
      const wanted = referenceLoad({ schema: SCHEMA, rows: stored }, { schema, rows, ...way });
      expect(result, `seed ${seed}`).toMatchObject({ repeated: false });
      const { inserted = 0, updated = 0, deleted = 0, unchanged = 0 } = result ?? {};
      expect({ inserted, updated, deleted, unchanged }, `seed ${seed}`).toEqual(wanted.counts);
      const found = query("select cast(id as text), part, amount from t");
      expect(found.map((row) => JSON.stringify(row)).sort()).toEqual(
        wanted.table.rows.map((row) => JSON.stringify(row)).sort(),
      );
    }
  });
});

describe("newer", () => {
  it.each([
    ["int64", "9", "10"],
    ["uint64", "9", "18446744073709551615"],
    ["decimal(38,9)", "-10.000000000", "-9.000000000"],
    ["decimal(38,9)", "-0.000000001", "0.000000000"],
    ["decimal(38,9)", "9.999999999", "12345678901234567890123456789.000000000"],
    ["float64", "9.5", "1e300"],
    ["string", "Z", "a"],
    ["date", "2024-09-30", "2024-10-01"],
    ["date", "9999-12-31", "10000-01-01"],
    ["timestamp", "2024-01-01 00:00:00", "2024-01-01 00:00:00.000001"],
    ["timestamptz", "2024-01-01 00:00:00+00", "2024-01-01 00:00:00.5+00"],
    ["time", "09:00:00", "10:00:00"],
  ])("of %s, %s is less than %s", async (type, less, more) => {
    const schema: Schema = {
      columns: [
        { name: "id", type: "int64", nullable: true },
        { name: "at", type, nullable: true },
      ],
    };
    const { load, query } = await newPlace();
    const merge = (rows: readonly TextRow[]) => load({ schema, rows, mode: "merge", key: ["id"], newerBy: "at" });
    await merge([
      ["1", less],
      ["2", more],
      ["3", less],
    ]);
    const { result } = await merge([
      ["1", more],
      ["2", less],
      ["3", less],
    ]);
    expect(result).toMatchObject({ inserted: 0, updated: 1, unchanged: 2 });
    expect(query("select count(*) from t a join t b on a.at = b.at and a.id = 1 and b.id = 2")).toEqual([[1]]);
  });
});

describe("a table that sluice did not make", () => {
  const theirs = "create table t (id INTEGER, label TEXT); insert into t values (1, 'theirs')";
  const replace: Load = { schema: SCHEMA, rows: [["7", "a", "1.00"]], mode: "replace" };

  it("is dropped only where it is named", async () => {
    const { load, query } = await newPlace(theirs);
    const hint = expect.stringContaining('takeOver: "t"');
    await expect(load(replace)).rejects.toMatchObject({ code: "config", hint });
    await expect(load({ ...replace, takeOver: "other" })).rejects.toMatchObject({ code: "config" });
    expect(query("select * from t")).toEqual([[1, "theirs"]]);
    expect((await load({ ...replace, takeOver: "t" })).result).toMatchObject({ inserted: 1, deleted: 1 });
    expect(query("select * from t")).toEqual([[7, "a", "1.00"]]);
    // From now on it is sluice's own.
    await load({ ...replace, schema: { columns: SCHEMA.columns.slice(0, 1) }, rows: [["8"]] });
    expect(query("select * from t")).toEqual([[8]]);
  });

  it("gets columns only where it is named, and stays theirs", async () => {
    const { load, query } = await newPlace(theirs);
    const append: Load = { schema: SCHEMA, rows: [["7", "a", "1.00"]], mode: "append" };
    await expect(load(append)).rejects.toMatchObject({ code: "config", offending: "part" });
    await load({ ...append, takeOver: "t" });
    expect(query("select id, label, part, amount from t")).toEqual([
      [1, "theirs", null, null],
      [7, null, "a", "1.00"],
    ]);
    await expect(load(replace)).rejects.toMatchObject({ code: "config" });
  });

  it("is emptied and filled where its columns are the same", async () => {
    const { load, query } = await newPlace(
      `create table t (${COLUMNS}, check (id > 0)); insert into t values (1, 'x', null)`,
    );
    expect((await load(replace)).result).toMatchObject({ inserted: 1, deleted: 1 });
    expect(query("select * from t")).toEqual([[7, "a", "1.00"]]);
    expect(query("select sql like '%check%' from sqlite_master where name = 't'")).toEqual([[1]]);
  });
});

it("a wider type keeps rows in order, indexes, triggers and views", async () => {
  const { load, query, exec } = await newPlace();
  const rows = Array.from({ length: 50 }, (_, index): TextRow => [String(50 - index), "a", `${index}.00`]);
  await load({ schema: SCHEMA, rows, mode: "append" });
  exec(
    "create index by_part on t (part); create view v as select id from t; create table log (id INTEGER); create trigger told after insert on t begin insert into log values (new.id); end",
  );
  const wider: Schema = {
    columns: SCHEMA.columns.map((column) => (column.name === "amount" ? { ...column, type: "decimal(20,4)" } : column)),
  };
  const more: Load = { schema: wider, rows: [["99", "b", "1234567890123456.7890"]], mode: "append" };
  await expect(load(more)).rejects.toMatchObject({ code: "config", hint: expect.stringContaining('evolve: "widen"') });
  await load({ ...more, evolve: "widen" });
  expect(query("select id from t order by rowid")).toEqual([...rows.map(([id]) => [Number(id)]), [99]]);
  expect(query("select amount from t where id = 99")).toEqual([["1234567890123456.7890"]]);
  expect(query("select type from pragma_table_info('t') where name = 'amount'")).toEqual([["TEXT DECIMAL(20,4)"]]);
  expect(query("select count(*) from v")).toEqual([[51]]);
  expect(
    query("select name from sqlite_master where tbl_name = 't' and type in ('index', 'trigger') order by name"),
  ).toEqual([["by_part"], ["told"]]);
});

it("an overwrite has to say which partitions", async () => {
  const { load } = await newPlace();
  const without: Load = { schema: SCHEMA, rows: [], mode: "overwrite" };
  await expect(load(without)).rejects.toMatchObject({ code: "config", hint: expect.stringContaining("partitions") });
});

it("the modes of one table may change from run to run", async () => {
  const { load, query } = await newPlace();
  const row = (id: string): TextRow => [id, "a", null];
  await load({ schema: SCHEMA, rows: [row("1")], mode: "merge", key: ["id"] });
  await load({ schema: SCHEMA, rows: [row("1")], mode: "append" });
  await load({ schema: SCHEMA, rows: [row("1"), row("2")], mode: "insert-only", key: ["id"] });
  await load({ schema: SCHEMA, rows: [row("1"), row("1"), row("1")], mode: "delete+insert", key: ["id"] });
  await load({ schema: SCHEMA, rows: [row("3")], mode: "insert-only", key: ["id"] });
  expect(query("select id from t order by id")).toEqual([[1], [1], [1], [2], [3]]);
  const merge: Load = { schema: SCHEMA, rows: [row("1")], mode: "merge", key: ["id"] };
  await expect(load(merge)).rejects.toMatchObject({ code: "data", reason: "duplicate-key" });
});
