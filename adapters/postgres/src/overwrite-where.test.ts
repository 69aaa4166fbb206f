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
import type { Expression, LiteralNode, Schema } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { adapter } from "@sluice/postgres";
import { describe, expect, it } from "vitest";
import { databaseForTests, openDatabase } from "./database.fixture.ts";
import { type LoadedTable, loadedTables } from "./loaded-tables.fixture.ts";
import { quoted } from "./names.ts";

const places = createPlaces("sluice-postgres-where-");
const engine = createDuckDbEngine({ threads: 2 });
const database = await databaseForTests({ url: await postgresForTests(), engine, places });

const call = (name: string, ...given: readonly Expression[]): Expression => ({ kind: "call", name, arguments: given });
const column = (name: string): Expression => ({ kind: "column", name });
const literal = (type: LiteralNode["type"], value: LiteralNode["value"]): Expression => ({
  kind: "literal",
  type,
  value,
});
const number = (value: string): Expression => literal("number", value);
const text = (value: string): Expression => literal("string", value);
const NOTHING = literal("null", null);

/** Columns `id` and `v`, of which the second has the type. */
const schemaOf = (type: string): Schema => ({
  columns: [
    { name: "id", type: "int64", nullable: true },
    { name: "v", type, nullable: true },
  ],
});
const overwrite = (type: string, where: Expression, rows: Load["rows"] = [], more: Partial<Load> = {}): Load => ({
  schema: schemaOf(type),
  rows,
  mode: "overwrite",
  where,
  ...more,
});

describe.skipIf(database === undefined)("an overwrite by a condition", () => {
  if (database === undefined) return;
  const target = loadedTables(database, "where");
  const harness: SinkHarness = {
    name: "postgres",
    adapter,
    openContext: () => places.newContext(engine),
    createTarget: async () => target(),
  };
  /** A table of somebody's own with a column `v` of the type, whose rows are numbered from 1. */
  const madeOf = async (type: string, values: readonly (string | null)[]): Promise<LoadedTable> => {
    const made = target();
    await database.query(`create table ${made.table} (id bigint, v ${type})`);
    for (const [index, value] of values.entries()) {
      await database.query(`insert into ${made.table} values ($1, $2)`, [index + 1, value]);
    }
    return made;
  };
  const ids = async ({ table }: LoadedTable): Promise<readonly number[]> =>
    (await database.query(`select id from ${table} order by id`)).map(([id]) => Number(id));
  const accepts = async (into: LoadedTable, load: Load): Promise<string> => {
    await using sink = await openSink(harness, into, await harness.openContext());
    return (await sink.accepts(requestOf(load))).format;
  };

  it.each<
    [column: string, type: string, values: readonly (string | null)[], where: Expression, stay: readonly number[]]
  >([
    ['text collate "und-x-icu"', "string", ["a", "B", "b", null], call("lt", column("v"), text("a")), [1, 3, 4]],
    ["text collate same_letters", "string", ["abc", "ABC"], call("eq", column("v"), text("abc")), [2]],
    ["text collate same_letters", "string", ["abc", "ABC"], call("ne", column("v"), text("abc")), [1]],
    ["varchar(5)", "string", ["a", "ab", "B"], call("gte", column("v"), text("a")), [3]],
    ["char(4)", "string", ["ab", "abc", null], call("eq", column("v"), text("ab")), [2, 3]],
    ["char(4)", "string", ["ab", "abc", null], call("lt", text("ab"), column("v")), [1, 3]],
    ["text", "enum('x', 'a')", ["x", "a"], call("lt", column("v"), text("b")), [1]],
    ["numeric", "decimal(38,0)", ["1", "10", "NaN", null], call("gt", column("v"), number("9")), [1, 4]],
    ["numeric(38,2)", "decimal(38,2)", ["0.10", "0.11"], call("eq", column("v"), number("0.1")), [2]],
    ["numeric(38,2)", "decimal(30,2)", ["0.10", "0.11"], call("eq", column("v"), text("0.1")), [2]],
    ["numeric(20,0)", "uint64", ["1", "18446744073709551615"], call("gt", column("v"), number("1")), [1]],
    ["bigint", "int32", ["-1", "9223372036854775807"], call("lt", column("v"), number("1e18")), [2]],
    ["oid", "uint32", ["1", "4294967295"], call("gt", column("v"), number("-1")), []],
    ["float8", "float64", ["1.5", "NaN", "-Infinity", null], call("gt", column("v"), number("1.5")), [1, 3, 4]],
    ["real", "float32", ["0.1", "0.2"], call("eq", column("v"), number("0.1")), [2]],
    ["date", "date", ["infinity", "-infinity", "2024-01-02"], call("gte", column("v"), text("2024-01-02")), [2]],
    ["timestamptz", "timestamptz", ["2024-01-01 00:00+02"], call("lt", column("v"), text("2024-01-01T00:00Z")), []],
    ["time", "time", ["10:00", "11:00"], call("between", column("v"), text("09:30"), text("10:30:00")), [2]],
    ["boolean", "bool", ["true", "false", null], call("not", column("v")), [1, 3]],
    ["boolean", "bool", ["true", "false", null], call("ne", column("v"), literal("bool", true)), [1, 3]],
  ])("takes from a column of %s, that is %s in the load, the rows %# that meet it", async (...given) => {
    const [type, loaded, values, where, stay] = given;
    await database.query(
      "create collation if not exists same_letters (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
    );
    const into = await madeOf(type, values);
    const { result } = await runLoad(harness, into, overwrite(loaded, where));
    expect(await ids(into)).toEqual(stay);
    expect(result).toMatchObject({ inserted: 0, deleted: values.length - stay.length });
  });

  it.each<[what: string, where: Expression, stay: readonly number[]]>([
    ["a comparison", call("gte", column("v"), NOTHING), [1, 2, 3]],
    ["its opposite", call("not", call("gte", column("v"), NOTHING)), [1, 2, 3]],
    ["one of several", call("or", call("eq", column("v"), NOTHING), call("eq", column("v"), number("1"))), [2, 3]],
    ["a list", call("in", column("v"), NOTHING, number("1")), [2, 3]],
    ["a list that is not met", call("notIn", column("v"), NOTHING, number("1")), [1, 2, 3]],
    ["an end of a range", call("between", column("v"), number("0"), NOTHING), [1, 2, 3]],
    ["what null is not distinct from", call("isNotDistinctFrom", column("v"), NOTHING), [1, 2]],
    ["what null is distinct from", call("isDistinctFrom", NOTHING, column("v")), [3]],
    ["a question", call("or", call("isNull", NOTHING), call("eq", column("v"), NOTHING)), []],
    ["the condition", NOTHING, [1, 2, 3]],
  ])("takes a parameter that is null for unknown: %s", async (_what, where, stay) => {
    const into = await madeOf("bigint", ["1", "2", null]);
    await runLoad(harness, into, overwrite("int64", where));
    expect(await ids(into)).toEqual(stay);
  });

  it.each<[what: string, type: string, loaded: string, where: Expression, odd: string]>([
    ["a function", "text", "string", call("eq", call("lower", column("v")), text("a")), "lower(v) = 'a'"],
    ["two columns", "bigint", "int64", call("lt", column("id"), column("v")), "id < v"],
    ["a pattern", "text", "string", call("startsWith", column("v"), text("a")), "starts_with(v, 'a')"],
    ["the order of an enum", "mood", "string", call("lt", column("v"), text("ok")), "v < 'ok'"],
    ["an enum that is called as a text", 'other."text"', "string", call("eq", column("v"), text("ok")), "v = 'ok'"],
    ["an address of a network", "inet", "string", call("eq", column("v"), text("1.1.1.1")), "v = '1.1.1.1'"],
    ["a float that is kept with more digits", "float8", "float32", call("eq", column("v"), number("0.1")), "v = 0.1"],
  ])("refuses %s before any row is read, and says what it is", async (_what, type, loaded, where, odd) => {
    await database.query("create schema if not exists other");
    await database.query('drop type if exists mood, other."text" cascade');
    await database.query("create type mood as enum ('ok', 'bad')");
    await database.query("create type other.\"text\" as enum ('ok', 'bad')");
    const into = await madeOf(type, []);
    const more = call("and", call("gt", column("id"), number("1")), call("not", call("or", where, column("b"))));
    for (const condition of [where, more]) {
      await expect(accepts(into, overwrite(loaded, condition))).rejects.toMatchObject({
        code: "unsupported",
        offending: odd,
        message: expect.stringContaining(`"public.${into.table}": ${odd}`),
        hint: expect.stringContaining("delete+insert"),
      });
    }
    expect(await accepts(into, overwrite(loaded, call("isNull", column("v"))))).toMatch(/csv|parquet/);
  });

  it("refuses it again where the table became another one before the first row", async () => {
    const into = await madeOf("varchar(5)", []);
    const request = requestOf(overwrite("string", call("lt", column("v"), text("a"))));
    await using sink = await openSink(harness, into, await harness.openContext());
    const output = await sink.accepts(request);
    await database.query(`alter table ${into.table} alter column v type inet using null`);
    await using staging = await sink.stage(request);
    await staging.add(await writeRows(engine, request.schema, [], output));
    await expect(staging.commit()).rejects.toMatchObject({ code: "unsupported", offending: "v < 'a'" });
  });

  it.each([
    ["text", "int64", number("1")],
    ["text", "date", text("2024-01-01")],
    ["timestamp", "date", text("2024-01-01")],
    ["numeric(10,0)", "int32", number("1")],
    ["uuid", "string", text("x")],
    ["numeric", "string", text("1")],
  ] as const)("refuses a column that is %s there and %s here", async (type, loaded, value) => {
    const into = await madeOf(type, []);
    await expect(accepts(into, overwrite(loaded, call("eq", column("v"), value)))).rejects.toMatchObject({
      code: "unsupported",
      offending: "v",
      message: expect.stringContaining(`keeps "v" as ${type}`),
    });
    await accepts(into, overwrite(loaded, call("eq", column("id"), number("1"))));
  });

  it.each([
    ["as CSV", "varchar(5)", "csv"],
    ["in binary", "text", "parquet"],
    ["into a new table", undefined, "parquet"],
  ])("counts rows outside that arrive %s, and changes nothing", async (_what, type, format) => {
    const into = type === undefined ? target() : await madeOf(type, ["a", "b", "c"]);
    const before = type === undefined ? [] : [1, 2, 3];
    const load = overwrite("string", call("gte", column("v"), text("b")), [
      ["4", "b"],
      ["5", "B"],
      ["6", null],
    ]);
    expect(await accepts(into, load)).toBe(format);
    await expect(runLoad(harness, into, load)).rejects.toMatchObject({
      code: "data",
      reason: "outside",
      offending: "v >= 'b'",
      message: `2 of 3 rows to load into "public.${into.table}" do not meet where: v >= 'b'`,
    });
    const [[there] = []] = await database.query("select to_regclass($1)", [into.table]);
    expect(there === null ? [] : await ids(into)).toEqual(before);
    const { result } = await runLoad(harness, into, { ...load, rows: [["4", "b"]] });
    expect(result).toMatchObject({ inserted: 1, deleted: Math.max(before.length - 1, 0) });
  });

  it("judges a row as it is stored: what a varchar cuts at its end is not there", async () => {
    const into = await madeOf("varchar(2)", ["ab", "cd"]);
    const load = overwrite("string", call("eq", column("v"), text("ab")), [["3", "ab  "]]);
    await runLoad(harness, into, load);
    expect(await ids(into)).toEqual([2, 3]);
  });

  it("adds a column that it asks about, which is null in the rows that are there", async () => {
    const into = target();
    const small: Schema = { columns: schemaOf("date").columns.slice(0, 1) };
    await runLoad(harness, into, { schema: small, rows: [["1"], ["2"]], mode: "append" });
    const rows = [["3", "2024-01-01"]];
    const later = overwrite("date", call("gte", column("v"), text("2024-01-01")), rows);
    expect((await runLoad(harness, into, later)).result).toMatchObject({ inserted: 1, deleted: 0 });
    expect((await runLoad(harness, into, later)).result).toMatchObject({ inserted: 1, deleted: 1 });
    const none = overwrite("date", call("isNull", column("v")));
    expect((await runLoad(harness, into, none)).result).toMatchObject({ inserted: 0, deleted: 2 });
    expect(await ids(into)).toEqual([3]);
  });

  it("widens a column that it asks about first", async () => {
    const into = target();
    await runLoad(harness, into, { schema: schemaOf("int32"), rows: [["1", "7"]], mode: "append" });
    const where = call("in", column("v"), number("7"), number("8.25"));
    const load = overwrite("decimal(12,2)", where, [["2", "8.25"]], { evolve: "widen" });
    expect((await runLoad(harness, into, load)).result).toMatchObject({ inserted: 1, deleted: 1 });
  });

  it("takes rows from all partitions of a table, by a condition of its own", async () => {
    const into = target();
    const { table } = into;
    await database.query(`create table ${table} (id bigint, v text) partition by list (v)`);
    await database.query(`create table ${table}_a partition of ${table} for values in ('a')`);
    await database.query(`create table ${table}_b partition of ${table} default`);
    await database.query(`insert into ${table} values (1, 'a'), (2, 'b'), (3, 'a'), (4, null)`);
    const load = overwrite("string", call("gte", column("id"), number("2")), [["5", "a"]]);
    expect((await runLoad(harness, into, load)).result).toMatchObject({ inserted: 1, deleted: 3 });
    expect(await ids(into)).toEqual([1, 5]);
  });

  it("refuses a table that another refers to on delete cascade, unless the load names it", async () => {
    const into = await madeOf("text", ["a"]);
    const { table } = into;
    await database.query(`alter table ${table} add primary key (id)`);
    await database.query(`create table ${table}_hangs (id bigint references ${table} on delete cascade)`);
    await database.query(`insert into ${table}_hangs values (1)`);
    const load = overwrite("string", call("eq", column("v"), text("a")), [["1", "a"]]);
    await expect(accepts(into, load)).rejects.toMatchObject({ code: "config", reason: "dependents" });
    await runLoad(harness, into, { ...load, takeOver: table });
    expect(await database.query(`select count(*) from ${table}_hangs`)).toEqual([["0"]]);
  });

  it.each([
    ["deleted", "delete", "return case when old.id = 1 then null else old end"],
    ["inserted", "insert", "return case when new.id = 9 then null else new end"],
  ])("ends where a trigger keeps a row from being %s, and changes nothing", async (done, event, does) => {
    const into = await madeOf("text", ["a", "a", "b"]);
    const { table } = into;
    await database.query(
      `create function keeps_${table}() returns trigger language plpgsql as $$ begin ${does}; end $$`,
    );
    await database.query(
      `create trigger keeps before ${event} on ${table} for each row execute function keeps_${table}()`,
    );
    const load = overwrite("string", call("eq", column("v"), text("a")), [
      ["8", "a"],
      ["9", "a"],
    ]);
    const message = expect.stringContaining(`1 of 2 rows were ${done}`);
    await expect(runLoad(harness, into, load)).rejects.toMatchObject({ code: "data", reason: "left-out", message });
    expect(await ids(into)).toEqual([1, 2, 3]);
  });

  it("has no order of texts in a database of other letters, and finds equal ones", async () => {
    const name = database.newName();
    await database.query(
      `create database ${quoted(name)} encoding 'LATIN1' lc_collate 'C' lc_ctype 'C' template template0`,
    );
    try {
      const url = new URL(database.url);
      url.pathname = `/${encodeURIComponent(name)}`;
      await using latin = await openDatabase(url.href);
      await latin.query("create table l (id bigint, v text)");
      await latin.query("insert into l values (1, 'é'), (2, 'e')");
      const into = { ...target("l"), connection: { type: "postgres" as const, url: url.href } };
      await expect(accepts(into, overwrite("string", call("lt", column("v"), text("f"))))).rejects.toMatchObject({
        code: "unsupported",
        hint: expect.stringContaining("this is LATIN1"),
      });
      const { result } = await runLoad(harness, into, overwrite("string", call("eq", column("v"), text("é"))));
      expect(result).toMatchObject({ deleted: 1 });
      expect(await latin.query("select id from l")).toEqual([["2"]]);
    } finally {
      await database.query(`drop database ${quoted(name)} with (force)`);
    }
  });
});
