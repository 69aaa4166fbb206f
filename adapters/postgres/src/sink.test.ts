import {
  createPlaces,
  type Load,
  openSink,
  PEOPLE,
  PEOPLE_ROWS,
  postgresForTests,
  requestOf,
  runLoad,
  type SinkHarness,
  writeRows,
} from "@sluice/conformance";
import type { Schema } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { adapter } from "@sluice/postgres";
import { describe, expect, it } from "vitest";
import { databaseForTests } from "./database.fixture.ts";
import { loadedTables } from "./loaded-tables.fixture.ts";
import { quoted } from "./names.ts";

const places = createPlaces("sluice-postgres-sink-");
const engine = createDuckDbEngine({ threads: 2 });
const database = await databaseForTests({ url: await postgresForTests(), engine, places });

const people = (mode: Load["mode"], rows = PEOPLE_ROWS): Load => ({
  schema: PEOPLE,
  rows,
  mode,
  ...(mode === "merge" ? { key: ["id"] } : {}),
});

describe.skipIf(database === undefined)("a load into a server", () => {
  if (database === undefined) return;
  const target = loadedTables(database, "load");
  const harness: SinkHarness = {
    name: "postgres",
    adapter,
    openContext: () => places.newContext(engine),
    createTarget: async () => target(),
  };
  const count = async (table: string): Promise<number> =>
    Number((await database.query(`select count(*) from ${quoted(table)}`))[0]?.[0]);

  it("keeps a position that is set before the first load, and takes the load after it", async () => {
    const first = target(undefined, { schema: "a schema of no table" });
    const load = people("append");
    const sink = await openSink(harness, first, await harness.openContext());
    await sink.reposition?.(requestOf(load), { from: 7 });
    expect(await sink.committed(requestOf(load))).toMatchObject({ commitId: "", position: { from: 7 } });
    await sink[Symbol.asyncDispose]();
    const { result } = await runLoad(harness, first, { ...load, position: { from: 9 } });
    expect(result).toMatchObject({ repeated: false, inserted: PEOPLE_ROWS.length });
    const again = await openSink(harness, first, await harness.openContext());
    expect(await again.committed(requestOf(load))).toMatchObject({ result, position: { from: 9 } });
    await again[Symbol.asyncDispose]();
  });

  const indexesOf = async (table: string): Promise<readonly string[]> => {
    const rows = await database.query("select indexdef from pg_indexes where tablename = $1", [table]);
    return rows.map(([definition]) => String(definition).replace(/.* ON [^(]*/, "")).sort();
  };

  it("keeps the key as primary key, and the indexes that are asked for", async () => {
    const first = target(undefined, { indexes: [["name"], { columns: ["amount", "id"], unique: true }] });
    await runLoad(harness, first, people("merge"));
    expect(await indexesOf(first.table)).toEqual(["(amount, id)", "(id)", "(name)"]);
    await runLoad(harness, target(first.table, { indexes: [["id", "name"]] }), people("merge"));
    expect(await indexesOf(first.table)).toEqual(["(amount, id)", "(id)", "(id, name)", "(name)"]);
  });

  it.each([
    ["append", {}],
    ["replace", {}],
    ["delete+insert", { key: ["name"] }],
    ["delete+insert", { key: ["id"] }],
    ["overwrite", { partitions: ["name"] }],
  ] as const)("keeps the key and the indexes that are there through a load by %s %j", async (mode, more) => {
    const keyed = target(undefined, { indexes: [["name"], { columns: ["amount"], unique: true }] });
    await runLoad(harness, keyed, people("merge", [["1", "first", "1.00"]]));
    const plain = target(keyed.table);
    const fits = { ...people(mode, [["2", "second", "2.00"]]), ...more, step: "another" };
    await runLoad(harness, plain, fits);
    expect(await indexesOf(keyed.table)).toEqual(["(amount)", "(id)", "(name)"]);
    const twice = runLoad(harness, plain, {
      ...fits,
      step: "doubling",
      rows: [
        ["3", "third", "3.00"],
        ["3", "third", "4.00"],
      ],
    });
    await expect(twice).rejects.toMatchObject({ code: "data", reason: "duplicate-key" });
    const nothing = runLoad(harness, plain, { ...fits, step: "emptying", rows: [[null, "third", "3.00"]] });
    await expect(nothing).rejects.toMatchObject({
      code: "data",
      message: expect.stringMatching(/"id"|key \(id\)|null key/),
    });
    await runLoad(harness, keyed, people("merge", [["2", "merged", "2.00"]]));
    expect((await database.query(`select name from ${keyed.table} where id = 2`))[0]).toEqual(["merged"]);
  });

  it("lets go of keys and indexes by a replace that makes the table anew, and by one that names it", async () => {
    const wider: Schema = { columns: [...PEOPLE.columns, { name: "seen", type: "date", nullable: true }] };
    const rows = [
      ["1", "a", "1.00", "2024-01-01"],
      ["1", "b", "1.00", "2024-01-02"],
    ];
    const anew = target(undefined, { indexes: [["name"], { columns: ["amount"], unique: true }] });
    await runLoad(harness, anew, people("merge", [["1", "first", "1.00"]]));
    await runLoad(harness, target(anew.table, { indexes: [["seen"]] }), { schema: wider, rows, mode: "replace" });
    expect(await indexesOf(anew.table)).toEqual(["(seen)"]);
    const named = target(undefined, { indexes: [["amount"]] });
    await runLoad(harness, named, people("merge", [["1", "first", "1.00"]]));
    const load = people("replace", [
      ["1", "a", "1.00"],
      ["1", "b", "1.00"],
    ]);
    await expect(runLoad(harness, target(named.table), load)).rejects.toMatchObject({
      hint: expect.stringContaining(`takeOver: "public.${named.table}"`),
    });
    await runLoad(harness, target(named.table), { ...load, takeOver: named.table });
    expect(await indexesOf(named.table)).toEqual([]);
  });

  it("gives a table another key only where the load names the table", async () => {
    const keyed = target();
    await runLoad(harness, keyed, people("merge", [["1", "first", "1.00"]]));
    const other = { ...people("merge", [["1", "another", "2.00"]]), key: ["id", "name"] };
    for (const mode of ["merge", "insert-only"] as const) {
      await expect(runLoad(harness, keyed, { ...other, mode })).rejects.toMatchObject({
        code: "config",
        offending: "id, name",
        message: expect.stringContaining("has the key id, and the load has the key id, name"),
        hint: expect.stringContaining(`takeOver: "public.${keyed.table}"`),
      });
    }
    expect(await count(keyed.table)).toBe(1);
    await runLoad(harness, keyed, { ...other, takeOver: keyed.table });
    expect(await count(keyed.table)).toBe(2);
    await runLoad(harness, keyed, { ...other, key: ["name", "id"] });
    expect(await indexesOf(keyed.table)).toEqual(["(id, name)"]);
  });

  it("never drops or retypes a table that somebody else made, unless told by name", async () => {
    await database.query("create table theirs (id bigint, other text)");
    const theirs = target("theirs");
    await expect(runLoad(harness, theirs, people("append"))).rejects.toMatchObject({
      code: "config",
      offending: "name",
      hint: expect.stringContaining('takeOver: "public.theirs"'),
    });
    await expect(runLoad(harness, theirs, people("replace"))).rejects.toMatchObject({ code: "config" });
    await runLoad(harness, theirs, { ...people("replace"), takeOver: "theirs" });
    expect(await count("theirs")).toBe(4);
  });

  it("fills a table that somebody else made where it fits, and keeps what else it has", async () => {
    await database.query(
      "create table fits (n serial primary key, id numeric, name varchar(10), amount numeric, made timestamptz default now())",
    );
    await runLoad(harness, target("fits"), people("replace"));
    await runLoad(harness, target("fits"), people("replace"));
    expect(await database.query("select count(*), count(made), max(n) from fits")).toEqual([["4", "4", "8"]]);
  });

  it.each([
    ["numeric(10,1)", "would round to 1 places"],
    ["double precision", "does not hold every decimal"],
    ["date", "is date"],
  ])("refuses a column that is %s before any row is read", async (type, why) => {
    const refused = target();
    await database.query(`create table ${refused.table} (id bigint, name text, amount ${type})`);
    const sink = await openSink(harness, refused, await harness.openContext());
    await expect(sink.accepts(requestOf(people("append")))).rejects.toMatchObject({
      code: "config",
      offending: "amount",
      message: expect.stringContaining(why),
    });
    await sink[Symbol.asyncDispose]();
  });

  it("lets readers see the old rows until a replace commits, and keeps grants, views and comments", async () => {
    const replaced = target();
    await runLoad(harness, replaced, people("replace"));
    await database.query(`create view seen_${replaced.table} as select id from ${replaced.table}`);
    await database.query(`comment on table ${replaced.table} is 'kept'`);
    const sink = await openSink(harness, replaced, await harness.openContext());
    const request = requestOf(people("replace", [["9", "new", "1.00"]]));
    const output = await sink.accepts(request);
    const staging = await sink.stage(request);
    await staging.add(await writeRows(engine, PEOPLE, [["9", "new", "1.00"]], output));
    await staging.scan(["id"]);
    expect(await database.query(`select count(*) from seen_${replaced.table}`)).toEqual([["4"]]);
    await staging.commit();
    await sink[Symbol.asyncDispose]();
    expect(await database.query(`select id from seen_${replaced.table}`)).toEqual([["9"]]);
    expect(await database.query(`select obj_description('${replaced.table}'::regclass)`)).toEqual([["kept"]]);
    // A replace that would take a column from the view is refused, and nobody is told to drop the view with it.
    const fewer: Schema = { columns: [{ name: "name", type: "string", nullable: true }] };
    const refused = runLoad(harness, replaced, { schema: fewer, rows: [["x"]], mode: "replace" });
    await expect(refused).rejects.toMatchObject({ reason: "dependents", hint: expect.not.stringContaining("CASCADE") });
    expect(await database.query(`select id from seen_${replaced.table}`)).toEqual([["9"]]);
  });

  it("writes arrays, bytes and floats that are no numbers", async () => {
    const columns = [
      ["id", "int64"],
      ["list", "list<string>"],
      ["numbers", "list<int64>"],
      ["nested", "list<list<int64>>"],
      ["blob", "bytes"],
      ["float", "float64"],
      ["span", "interval"],
    ].map(([name = "", type = ""]) => ({ name, type, nullable: true }));
    const written = target();
    const schema: Schema = { columns };
    const request = requestOf({ schema, rows: [], mode: "replace" });
    const sink = await openSink(harness, written, await harness.openContext());
    const output = await sink.accepts(request);
    const sql = `select * from (values (1::bigint, ['a,b', null, '', 'x"y\\', 'null', '{}'], [1, null], [[1], []], '\\x00\\xff'::blob, 'nan'::double, interval '1 month -3 days'),
      (2, [], null, null, ''::blob, '-inf'::double, null)) t (id, list, numbers, nested, blob, float, span)`;
    const query = { engine: "duckdb", sql, inputs: [], parameters: [], schema, ordered: false };
    const constants = { now: "2024-01-01T00:00:00Z", today: "2024-01-01" };
    const { files } = await engine.execute(query, {
      inputs: new Map(),
      parameters: new Map(),
      constants,
      signal: new AbortController().signal,
      output,
    });
    const staging = await sink.stage(request);
    await staging.add(files);
    await staging.commit();
    await sink[Symbol.asyncDispose]();
    expect(
      await database.query(
        `select list[4], list[2] is null, cardinality(list), numbers::text, nested::text, blob::text, float::text, span::text from ${written.table} order by id`,
      ),
    ).toEqual([
      ['x"y\\', "t", "6", "{1,NULL}", "[[1],[]]", "\\x00ff", "NaN", "1 mon -3 days"],
      [null, "t", "0", null, null, "\\x", "-Infinity", null],
    ]);
  });

  it("says in which row a value does not fit, and leaves nothing", async () => {
    const checked = target();
    await database.query(
      `create table ${checked.table} (id bigint, name text check (name <> 'bad'), amount numeric(10,2))`,
    );
    await expect(runLoad(harness, checked, people("append", [["1", "bad", null]]))).rejects.toMatchObject({
      code: "data",
      message: expect.stringContaining("1, bad"),
    });
    const nul = runLoad(harness, checked, people("append", [["1", "a\u0000b", null]]));
    await expect(nul).rejects.toMatchObject({ code: "data" });
    expect(await count(checked.table)).toBe(0);
  });

  it("cuts no name, and refuses those that every table has", async () => {
    const named = (name: string): Promise<unknown> =>
      runLoad(harness, target(), {
        schema: { columns: [{ name, type: "int64", nullable: true }] },
        rows: [],
        mode: "append",
      });
    await expect(named("x".repeat(64))).rejects.toMatchObject({ code: "config" });
    await expect(named("ctid")).rejects.toMatchObject({ code: "config", offending: "ctid" });
    await named('Ünï "quoted" \\ $1');
  });
});
