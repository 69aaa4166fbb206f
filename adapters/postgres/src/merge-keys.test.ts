import { createPlaces, type Load, postgresForTests, runLoad, type SinkHarness } from "@sluice/conformance";
import type { Schema } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { adapter } from "@sluice/postgres";
import { describe, expect, it } from "vitest";
import { databaseForTests } from "./database.fixture.ts";
import { loadedTables, untilSomebody } from "./loaded-tables.fixture.ts";

const places = createPlaces("sluice-postgres-merge-keys-");
const engine = createDuckDbEngine({ threads: 2 });
const database = await databaseForTests({ url: await postgresForTests(), engine, places });

/** Columns of a key: their types here and there, a key of old, one that is new, and how that may be written too. */
const KEYS: readonly (readonly [type: string, column: string, old: string, fresh: string, again: string])[] = [
  ["int16", "smallint", "1", "77", "77"],
  ["int64", "bigint", "1", "77", "77"],
  ["int64", "numeric", "1", "77", "77"],
  ["int32", "numeric(14,3)", "1", "77", "77"],
  ["date", "date", "2024-01-01", "2024-07-07", "2024-07-07"],
  ["date", "timestamp", "2024-01-01", "2024-07-07", "2024-07-07"],
  ["timestamp", "timestamp", "2024-01-01 00:00:00", "2024-07-07 00:00:00.000001", "2024-07-07 00:00:00.000001"],
  ["timestamptz", "timestamptz", "2024-01-01 00:00:00+00:00", "2024-07-07 00:00:00+00:00", "2024-07-07 00:00:00+00:00"],
  [
    "uuid",
    "uuid",
    "00000000-0000-0000-0000-000000000001",
    "00000000-0000-0000-0000-000000000077",
    "00000000-0000-0000-0000-000000000077",
  ],
  ["decimal(9,2)", "numeric(9,2)", "1.00", "77.00", "77.00"],
  ["bool", "boolean", "true", "false", "false"],
  ["string", "text", "a", "k77", "k77"],
  ["string", "varchar(9)", "a", "k77", "k77"],
  ["string", "char(9)", "a", "k77", "k77 "],
  ["string", "text collate same_letters", "a", "k77", "K77"],
  ["string", "letters", "a", "k77", "K77"],
  ["string", "numeric", "1", "77", "77.0"],
  ["interval", "interval", "P1D", "P1M", "P30D"],
  ["float64", "double precision", "1", "0.0", "-0.0"],
];

describe.skipIf(database === undefined)("keys of rows that are merged", () => {
  if (database === undefined) return;
  const target = loadedTables(database, "merged_keys");
  const harness: SinkHarness = {
    name: "postgres",
    adapter,
    openContext: () => places.newContext(engine),
    createTarget: async () => target(),
  };
  const schemaOf = (...types: readonly string[]): Schema => ({
    columns: [
      ...types.map((type, index) => ({ name: index === 0 ? "id" : `id${index + 1}`, type, nullable: true })),
      { name: "value", type: "string", nullable: true },
    ],
  });
  const made = async (columns: string, ...rows: readonly string[]): Promise<ReturnType<typeof target>> => {
    const into = target();
    await database.query(`create table ${into.table} (${columns})`);
    for (const row of rows) await database.query(`insert into ${into.table} values (${row})`);
    return into;
  };
  const load = (schema: Schema, rows: Load["rows"], more: Partial<Load> = {}): Load => ({
    schema,
    rows,
    mode: "merge",
    key: ["id"],
    ...more,
  });

  for (const mode of ["merge", "insert-only"] as const) {
    it.each(KEYS)(
      `finds a %s for a column of %s that is there twice or not at all, in a ${mode}`,
      async (type, column, old, fresh, again) => {
        await database.query(
          "create collation if not exists same_letters (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
        );
        await database.query(
          "do $$ begin create domain letters as text collate same_letters; exception when duplicate_object then null; end $$",
        );
        for (const unique of [" primary key", ""]) {
          const into = await made(`id ${column}${unique}, value text`, `'${old}', 'old'`);
          const before = await into.rows();
          const refuses = async (rows: Load["rows"], error: object): Promise<void> => {
            await expect(runLoad(harness, into, load(schemaOf(type), rows, { mode }))).rejects.toMatchObject(error);
            expect(await into.rows()).toEqual(before);
          };
          const twice = { code: "data", reason: "duplicate-key", hint: expect.stringContaining("deduplicate") };
          const several = `several rows to load into "public.${into.table}" have the same key { id: `;
          await refuses(
            [
              [old, "same"],
              [fresh, "a"],
              [again, "b"],
            ],
            { ...twice, message: expect.stringContaining(several) },
          );
          // Those that are there: both change it, the one or the other, none.
          for (const [one, two] of [
            ["a", "b"],
            ["old", "a"],
            ["a", "old"],
            ["old", "old"],
          ]) {
            await refuses(
              [
                [old, one ?? ""],
                [old, two ?? ""],
                [fresh, "a"],
              ],
              { ...twice, message: expect.stringContaining(several) },
            );
          }
          await refuses(
            [
              [null, "a"],
              [old, "b"],
              [null, "c"],
            ],
            {
              code: "data",
              reason: "null-key",
              message: `2 of the rows to load into "public.${into.table}" have a null key, for example { id: null }`,
            },
          );
          const { result } = await runLoad(
            harness,
            into,
            load(
              schemaOf(type),
              [
                [old, "new"],
                [fresh, "a"],
              ],
              { mode },
            ),
          );
          expect(result).toMatchObject({ inserted: 1, updated: mode === "merge" ? 1 : 0 });
        }
      },
    );
  }

  it("tells keys of several columns apart by all of them", async () => {
    const into = await made("id bigint, id2 date, value text, primary key (id2, id)", "1, '2024-01-01', 'old'");
    const schema = schemaOf("int64", "date");
    const key = { key: ["id", "id2"] };
    const rows = [
      ["1", "2024-01-01", "new"],
      ["1", "2024-01-02", "new"],
      ["2", "2024-01-01", "new"],
    ];
    await expect(runLoad(harness, into, load(schema, [...rows, ["1", "2024-01-02", "b"]], key))).rejects.toMatchObject({
      reason: "duplicate-key",
      offending: "{ id: 1, id2: 2024-01-02 }",
    });
    await expect(runLoad(harness, into, load(schema, [...rows, ["1", null, "b"]], key))).rejects.toMatchObject({
      reason: "null-key",
      offending: "{ id: 1, id2: null }",
    });
    expect((await runLoad(harness, into, load(schema, rows, key))).result).toMatchObject({ inserted: 2, updated: 1 });
  });

  it("stores new rows in the order of the key, in which its index is filled", async () => {
    const into = await made("id bigint primary key, value text", "50, 'old'");
    await database.query(`analyze ${into.table}`);
    const ids = Array.from({ length: 100 }, (_, index) => String((index * 37) % 101));
    await runLoad(
      harness,
      into,
      load(
        schemaOf("int64"),
        ids.map((id) => [id, "new"]),
      ),
    );
    const stored = (await database.query(`select id from ${into.table} where id <> 50 order by ctid`)).map(([id]) =>
      Number(id),
    );
    expect(stored).toEqual(
      ids
        .map(Number)
        .filter((id) => id !== 50)
        .sort((a, b) => a - b),
    );
  });

  it("says of the keys what is wrong with them where something else fails too", async () => {
    const into = await made("id bigint primary key, value text check (value <> 'bad')", "1, 'old'", "2, 'old'");
    const rows = [
      ["1", "bad"],
      ["3", "new"],
    ];
    await expect(runLoad(harness, into, load(schemaOf("int64"), [...rows, ["3", "b"]]))).rejects.toMatchObject({
      reason: "duplicate-key",
    });
    // A key that others refer to may not go either.
    await database.query(`create table child_of_${into.table} (parent bigint references ${into.table})`);
    await database.query(`insert into child_of_${into.table} values (2)`);
    const missing = { missing: "delete" as const };
    await expect(
      runLoad(
        harness,
        into,
        load(
          schemaOf("int64"),
          [
            ["1", "a"],
            [null, "b"],
          ],
          missing,
        ),
      ),
    ).rejects.toMatchObject({ reason: "null-key" });
    await expect(runLoad(harness, into, load(schemaOf("int64"), [["1", "a"]], missing))).rejects.toThrow(
      "violates foreign key",
    );
    await expect(runLoad(harness, into, load(schemaOf("int64"), rows))).rejects.toThrow("violates check constraint");
    expect(await into.rows()).toEqual([
      ["1", "old"],
      ["2", "old"],
    ]);
  });

  it("finds a key that comes twice where a row is kept for being newer, and where it is to be deleted", async () => {
    const into = await made("id bigint primary key, value text", "1, 'old'");
    const older = [
      ["1", "a"],
      ["1", "b"],
    ];
    const attempt = runLoad(harness, into, load(schemaOf("int64"), older, { newerBy: "value" }));
    await expect(attempt).rejects.toMatchObject({ reason: "duplicate-key" });
    const flagged: Schema = { columns: [...schemaOf("int64").columns, { name: "gone", type: "bool", nullable: true }] };
    const deleting = runLoad(
      harness,
      into,
      load(
        flagged,
        [
          ["1", "a", true],
          ["1", "b", false],
        ],
        { deleteFlag: "gone" },
      ),
    );
    await expect(deleting).rejects.toMatchObject({ reason: "duplicate-key" });
    expect(await into.rows()).toEqual([["1", "old"]]);
  });

  it("merges rows of nothing but a key, and columns of any name", async () => {
    const only = await made("id bigint primary key", "1");
    const schema: Schema = { columns: [{ name: "id", type: "int64", nullable: false }] };
    await expect(runLoad(harness, only, load(schema, [["1"], ["1"]]))).rejects.toMatchObject({
      reason: "duplicate-key",
    });
    expect((await runLoad(harness, only, load(schema, [["1"], ["2"]]))).result).toMatchObject({
      inserted: 1,
      unchanged: 1,
    });
    const odd = await made('id bigint primary key, sluice_odd text, "t.s" text', "1, 'old', 'old'");
    const named: Schema = {
      columns: ["id", "sluice_odd", "t.s"].map((name) => ({
        name,
        type: name === "id" ? "int64" : "string",
        nullable: true,
      })),
    };
    const { result } = await runLoad(
      harness,
      odd,
      load(named, [
        ["1", "new", "old"],
        ["2", "new", null],
      ]),
    );
    expect(result).toMatchObject({ inserted: 1, updated: 1 });
    expect(await odd.rows()).toEqual([
      ["1", "new", "old"],
      ["2", "new", null],
    ]);
    const flagged: Schema = {
      columns: [...schemaOf("int64").columns, { name: "sluice_odd", type: "bool", nullable: true }],
    };
    const into = await made("id bigint primary key, value text", "1, 'old'");
    const gone = [
      ["1", "a", true],
      ["2", "new", null],
    ];
    const deleted = await runLoad(harness, into, load(flagged, gone, { deleteFlag: "sluice_odd" }));
    expect(deleted.result).toMatchObject({ inserted: 1, deleted: 1 });
  });

  it("merges into a partitioned table, and into one that another inherits", async () => {
    const parts = await made("id bigint, value text, primary key (id)) partition by range (id");
    await database.query(`create table ${parts.table}_low partition of ${parts.table} for values from (0) to (10)`);
    await database.query(`create table ${parts.table}_high partition of ${parts.table} for values from (10) to (100)`);
    const heirs = await made("id bigint primary key, value text");
    await database.query(`create table ${heirs.table}_heir () inherits (${heirs.table})`);
    await database.query(`insert into ${parts.table} values (1, 'old'), (20, 'same')`);
    await database.query(`insert into ${heirs.table} values (1, 'old')`);
    await database.query(`insert into ${heirs.table}_heir values (20, 'same')`);
    for (const into of [parts, heirs]) {
      const { result } = await runLoad(
        harness,
        into,
        load(schemaOf("int64"), [
          ["20", "same"],
          ["30", "new"],
          ["1", "new"],
        ]),
      );
      expect(result).toMatchObject({ inserted: 1, updated: 1, unchanged: 1 });
      expect(await database.query(`select * from ${into.table} order by id`)).toEqual([
        ["1", "new"],
        ["20", "same"],
        ["30", "new"],
      ]);
    }
  });

  it.each([
    ["unique (value)", ""],
    ["check (true)", "create unique index on TABLE (lower(value))"],
    ["check (true)", "create unique index on TABLE ((1)) where value = 'x'"],
    ["check (true)", "create unique index on TABLE (group_id) where value = 'x'"],
    ["made text generated always as (value || '!') stored unique", ""],
    ["exclude (value with =)", ""],
  ])("lets a new row have what is unique and what an updated row lets go of: %s %s", async (clause, index) => {
    const into = await made(`id bigint primary key, value text, group_id int default 1, ${clause}`);
    await database.query(`insert into ${into.table} (id, value) values (5, 'x')`);
    if (index !== "") await database.query(index.replace("TABLE", into.table));
    const rows = [
      ["5", "y"],
      ["1", "x"],
    ];
    const { result } = await runLoad(harness, into, load(schemaOf("int64"), rows));
    expect(result).toMatchObject({ inserted: 1, updated: 1 });
    expect(await database.query(`select id, value from ${into.table} order by id`)).toEqual([
      ["1", "x"],
      ["5", "y"],
    ]);
  });

  it("merges by a key beside a number that the table counts itself", async () => {
    const into = await made(
      "number bigint generated always as identity primary key, id bigint not null unique, value text",
    );
    await database.query(`insert into ${into.table} (id, value) values (5, 'old')`);
    const rows = [
      ["5", "new"],
      ["1", "new"],
    ];
    await expect(runLoad(harness, into, load(schemaOf("int64"), [...rows, ["1", "b"]]))).rejects.toMatchObject({
      reason: "duplicate-key",
    });
    expect((await runLoad(harness, into, load(schemaOf("int64"), rows))).result).toMatchObject({
      inserted: 1,
      updated: 1,
    });
  });

  it("stops while the server merges, and changes nothing", async () => {
    const into = await made("id bigint primary key, value text", "1, 'old'");
    await database.query(
      `create or replace function wait_there() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock(4242); return null; end $$`,
    );
    await database.query(
      `create trigger waits after insert on ${into.table} for each row execute function wait_there()`,
    );
    await database.query("select pg_advisory_lock(4242)");
    try {
      const controller = new AbortController();
      const rows = [
        ["1", "new"],
        ["2", "new"],
      ];
      const loading = runLoad(harness, into, load(schemaOf("int64"), rows, { signal: controller.signal }));
      const refused = expect(loading).rejects.toMatchObject({ code: "cancelled" });
      await untilSomebody(database, "wait_event_type = 'Lock' and wait_event = 'advisory'");
      controller.abort();
      await refused;
    } finally {
      await database.query("select pg_advisory_unlock(4242)");
    }
    expect(await into.rows()).toEqual([["1", "old"]]);
  });
});
