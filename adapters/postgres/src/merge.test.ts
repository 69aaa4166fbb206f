import {
  createPlaces,
  type Load,
  openSink,
  postgresForTests,
  requestOf,
  runLoad,
  type SinkHarness,
  type SinkTarget,
} from "@sluice/conformance";
import type { Schema } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { adapter } from "@sluice/postgres";
import { describe, expect, it } from "vitest";
import { databaseForTests } from "./database.fixture.ts";

const places = createPlaces("sluice-postgres-merge-");
const engine = createDuckDbEngine({ threads: 2 });
const database = await databaseForTests({ url: await postgresForTests(), engine, places });

const VALUES: Schema = {
  columns: [
    { name: "id", type: "int64", nullable: false },
    { name: "value", type: "string", nullable: true },
  ],
};

describe.skipIf(database === undefined)("a load into a table that has ways of its own", () => {
  if (database === undefined) return;
  const harness: SinkHarness = {
    name: "postgres",
    adapter,
    openContext: () => places.newContext(engine),
    createTarget: async () => target("unused"),
  };
  const target = (table: string): SinkTarget => ({
    address: { type: "postgres", connection: "main", table },
    connection: { type: "postgres", url: database.url },
    rows: () => database.query(`select * from ${table} order by id`),
    traces: async () => null,
  });
  const values = (mode: Load["mode"], rows: Load["rows"]): Load => ({
    schema: VALUES,
    rows,
    mode,
    ...(["append", "replace"].includes(mode) ? {} : { key: ["id"] }),
  });

  it.each([
    ["text collate same_letters", "abc", "ABC"],
    ["varchar(9) collate same_letters", "abc", "ABC"],
    ["char(3) collate same_letters", "abc", "ABC"],
    ["letters", "abc", "ABC"],
    ["interval", "1 mon", "30 days"],
    ["interval", "1 day", "24:00:00"],
  ])("stores what arrives where a column of %s calls %s and %s equal", async (type, old, arriving) => {
    await database.query(
      "create collation if not exists same_letters (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
    );
    await database.query("drop domain if exists letters cascade");
    await database.query("create domain letters as text collate same_letters");
    await database.query("drop table if exists equal_values");
    await database.query(`create table equal_values (id bigint primary key, value ${type}, other int)`);
    await database.query(`insert into equal_values values (1, '${old}'), (2, '${old}')`);
    const load = values("merge", [
      ["1", arriving],
      ["2", old],
    ]);
    const { result } = await runLoad(harness, target("equal_values"), load);
    expect(result).toMatchObject({ updated: 1, unchanged: 1 });
    expect(await database.query("select value::text from equal_values order by id")).toEqual([[arriving], [old]]);
  });

  it.each([
    ["json", '{"a": 1}', '{"a":1}'],
    ["xml", "<a/>", "<b/>"],
    ["jsonpath", '$."a"', '$."b"'],
    ["pg_snapshot", "1:1:", "2:2:"],
    ["txid_snapshot", "1:1:", "2:2:"],
    ["point", "(1,2)", "(1,3)"],
    ["point[]", '{"(1,2)"}', '{"(1,3)"}'],
    ["box", "(2,2),(1,1)", "(1,4),(0,0)"],
  ])("compares values of %s, which has no equality of its own, as they are printed", async (type, old, arriving) => {
    await database.query("drop table if exists unequalled");
    await database.query(`create table unequalled (id bigint primary key, value ${type})`);
    await database.query(`insert into unequalled values (1, '${old}'), (2, '${old}')`);
    const rows = [
      ["1", arriving],
      ["2", old],
    ];
    const { result } = await runLoad(harness, target("unequalled"), values("merge", rows));
    expect(result).toMatchObject({ updated: 1, unchanged: 1 });
    expect(await database.query("select value::text from unequalled order by id")).toEqual([[arriving], [old]]);
  });

  it.each([
    "name",
    '"char"',
    "interval(0)",
    "interval year to month",
    "timetz(0)",
    "numeric(6,2)[]",
    "timestamp(0)[]",
    "name[]",
  ])("refuses text for a column of %s, which would cut it, before any row is read", async (type) => {
    await database.query("drop table if exists cut_values");
    await database.query(`create table cut_values (id bigint primary key, value ${type})`);
    const sink = await openSink(harness, target("cut_values"), await harness.openContext());
    await expect(sink.accepts(requestOf(values("append", [])))).rejects.toMatchObject({
      code: "config",
      offending: "value",
      message: expect.stringContaining("cut or round"),
    });
    await sink[Symbol.asyncDispose]();
  });

  it.each([
    ["append", "insert"],
    ["merge", "insert"],
    ["merge", "update"],
    ["insert-only", "insert"],
    ["delete+insert", "delete"],
    ["delete+insert", "insert"],
    ["replace", "delete"],
  ] as const)("says of a %s that a trigger left rows out of an %s, and changes nothing", async (mode, event) => {
    await database.query("drop table if exists guarded");
    await database.query("create table guarded (id bigint, value text)");
    await database.query("insert into guarded values (1, 'old'), (2, 'old')");
    await database.query(`create or replace function guard() returns trigger language plpgsql as
      $$ begin if tg_op = 'DELETE' then return case when old.id = 2 then null else old end; end if;
      if new.value = 'out' then return null; end if; return new; end $$`);
    await database.query(`create trigger guard before ${event} on guarded for each row execute function guard()`);
    const load = values(mode, [
      ["1", "new"],
      ["2", "out"],
      ["3", "out"],
    ]);
    await expect(runLoad(harness, target("guarded"), load)).rejects.toMatchObject({ code: "data", reason: "left-out" });
    expect(await database.query("select * from guarded order by id")).toEqual([
      ["1", "old"],
      ["2", "old"],
    ]);
    // A load that the trigger has nothing against goes as ever.
    if (event !== "delete") await runLoad(harness, target("guarded"), values(mode, [["4", "new"]]));
  });

  const family = async (action: string): Promise<void> => {
    await database.query("drop table if exists child, parent");
    await database.query("create table parent (id bigint primary key, value text)");
    await database.query(
      `create table child (id bigint, parent bigint references parent on delete ${action} deferrable initially deferred)`,
    );
    await database.query("insert into parent values (1, 'a'), (2, 'b')");
    await database.query("insert into child values (10, 1), (20, 2)");
  };
  const children = (): Promise<readonly (readonly (string | null)[])[]> =>
    database.query("select id, parent from child order by id");

  it.each([
    ["replace", "cascade"],
    ["delete+insert", "cascade"],
    ["overwrite", "cascade"],
    ["replace", "set null"],
    ["replace", "set default"],
  ] as const)(
    "takes no row from another table by a %s with on delete %s, unless told by name",
    async (mode, action) => {
      await family(action);
      const rows = [
        ["1", "a"],
        ["2", "c"],
      ];
      const load = { ...values(mode, rows), ...(mode === "overwrite" ? { key: [], partitions: ["id"] } : {}) };
      await expect(runLoad(harness, target("parent"), load)).rejects.toMatchObject({
        code: "config",
        reason: "dependents",
        offending: "public.child",
      });
      expect(await children()).toEqual([
        ["10", "1"],
        ["20", "2"],
      ]);
      await runLoad(harness, target("parent"), { ...load, takeOver: "public.parent" });
      expect(await children()).not.toEqual([
        ["10", "1"],
        ["20", "2"],
      ]);
    },
  );

  it("replaces no rows of a table that inherits from the target", async () => {
    await database.query("drop table if exists heir, ancestor");
    await database.query("create table ancestor (id bigint, value text, other int)");
    await database.query("create table heir (more int) inherits (ancestor)");
    await database.query("insert into heir values (9, 'kept', 1, 2)");
    const load = runLoad(harness, target("ancestor"), values("replace", [["1", "a"]]));
    await expect(load).rejects.toMatchObject({ code: "config", reason: "dependents", offending: "public.heir" });
    expect(await database.query("select id, more from heir")).toEqual([["9", "2"]]);
  });

  it("merges into a table that others refer to, and replaces it where they refer to it without an action", async () => {
    await family("cascade");
    await runLoad(harness, target("parent"), values("merge", [["2", "c"]]));
    await family("no action");
    const rows = [
      ["1", "a"],
      ["2", "c"],
    ];
    await runLoad(harness, target("parent"), values("replace", rows));
    expect(await database.query("select value from parent order by id")).toEqual([["a"], ["c"]]);
    expect(await children()).toEqual([
      ["10", "1"],
      ["20", "2"],
    ]);
  });
});
