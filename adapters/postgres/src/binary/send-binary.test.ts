import { copyFile, mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import {
  createPlaces,
  openSink,
  postgresForTests,
  requestOf,
  runLoad,
  type SinkHarness,
  type TextRow,
  writeRows,
} from "@sluice/conformance";
import type { Column, OutputSpec, Schema, TypeText } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { adapter } from "@sluice/postgres";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { databaseForTests } from "../database.fixture.ts";
import { type LoadedTable, loadedTables, untilSomebody } from "../loaded-tables.fixture.ts";
import { declaredType } from "../types.ts";
import { EDGES, typesAndRows } from "./sent-values.fixture.ts";

const engine = createDuckDbEngine({ threads: 2 });
const places = createPlaces("sluice-postgres-send-");
const database = await databaseForTests({ url: await postgresForTests(), engine, places });

const JSON_COLUMN: Column = { name: "json", type: "json", nullable: true };

describe.skipIf(database === undefined)("rows sent in binary", () => {
  if (database === undefined) return;
  const target = loadedTables(database, "sent");
  const harness: SinkHarness = {
    name: "postgres",
    adapter,
    openContext: () => places.newContext(engine),
    createTarget: async () => target(),
  };
  const schemaOf = (types: readonly TypeText[]): Schema => ({
    columns: types.map((type, index) => ({ name: `c${index}`, type, nullable: true })),
  });
  /** Which file the engine would be asked for. */
  const formatFor = async (one: LoadedTable, schema: Schema): Promise<OutputSpec["format"]> => {
    await using sink = await openSink(harness, one, await harness.openContext());
    return (await sink.accepts(requestOf({ schema, rows: [], mode: "append" }))).format;
  };
  /** The rows in a new table, as PostgreSQL prints them; with a column of JSON they are sent as text. */
  const loaded = async (schema: Schema, rows: readonly TextRow[], isText = false): Promise<unknown> => {
    const one = target();
    const columns = isText ? [...schema.columns, JSON_COLUMN] : schema.columns;
    expect(await formatFor(one, { columns })).toBe(isText ? "csv" : "parquet");
    const given = isText ? rows.map((row) => [...row, null]) : rows;
    const { result } = await runLoad(harness, one, { schema: { columns }, rows: given, mode: "append" });
    expect(result?.inserted).toBe(rows.length);
    const list = schema.columns.map(({ name }) => `${name}::text`);
    return await database.query(`select ${list.join(", ")} from ${one.table} order by ${list.slice(0, 30).join(", ")}`);
  };

  it("are what is sent as text, of each type, with nulls", async () => {
    const types = Object.keys(EDGES);
    const most = Math.max(...types.map((type) => EDGES[type]?.length ?? 0));
    const rows = Array.from({ length: most + 1 }, (_, row) => types.map((type) => EDGES[type]?.[row] ?? null));
    const sent = await loaded(schemaOf(types), rows);
    expect(sent).toHaveLength(most + 1);
    expect(sent).toEqual(await loaded(schemaOf(types), rows, true));
  });

  it("are what is sent as text, whatever values of their types they have", async () => {
    await fc.assert(
      fc.asyncProperty(typesAndRows, async ([types, given]) => {
        expect(await loaded(schemaOf(types), given)).toEqual(await loaded(schemaOf(types), given, true));
      }),
      { numRuns: 40 },
    );
  });

  it("are exact decimals of any number of digits", async () => {
    const type = fc
      .integer({ min: 1, max: 38 })
      .chain((precision) => fc.tuple(fc.constant(precision), fc.integer({ min: 0, max: precision })));
    const digit = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 9 }));
    const digits = fc.array(digit, { minLength: 38, maxLength: 38 });
    const value = fc.tuple(fc.boolean(), digits, fc.nat({ max: 38 }));
    await fc.assert(
      fc.asyncProperty(type, fc.array(value, { minLength: 1, maxLength: 30 }), async ([precision, scale], values) => {
        const numbers = values.map(([isNegative, all, zeros]) => {
          const text = `${"0".repeat(zeros)}${all.join("")}`.slice(0, precision).padStart(scale + 1, "0");
          const [whole, places] = [text.slice(0, text.length - scale), text.slice(text.length - scale)];
          const isZero = !/[1-9]/.test(text);
          return `${isNegative && !isZero ? "-" : ""}${BigInt(whole)}${scale === 0 ? "" : `.${places}`}`;
        });
        const rows = numbers.map((one, index) => [String(index + 100), one]);
        expect(await loaded(schemaOf(["int32", `decimal(${precision},${scale})`]), rows)).toEqual(rows);
      }),
      { numRuns: 30 },
    );
  });

  it("may be none, more than a row group holds, longer than a block, of many columns", async () => {
    expect(await loaded(schemaOf(["int32", "string"]), [])).toEqual([]);
    const schema = schemaOf(["int32", "string", "bool"]);
    const many = Array.from({ length: 10_001 }, (_, n) => [
      String(n + 10_000),
      n % 7 === 0 ? null : `${n}`,
      n % 5 === 0 ? null : n % 3 === 0,
    ]);
    expect(await loaded(schema, many)).toEqual(many.map(([n, text, is]) => [n, text, is === null ? null : String(is)]));
    const long = ["a", "b", "c"].map((letter, index) => [String(index), letter.repeat((index + 1) * 1_500_001), true]);
    expect(await loaded(schema, long)).toEqual(long.map(([n, text]) => [n, text, "true"]));
    const types = Array.from({ length: 1000 }, (_, index) => (index % 3 === 0 ? "string" : "int64"));
    const wide = Array.from({ length: 20 }, (_, row) => types.map((_type, index) => String(1000 + row + index)));
    expect(await loaded(schemaOf(types), wide)).toEqual(wide);
  });

  it.each([
    ["varchar(5)", "string"],
    ["numeric(9,2)", "decimal(8,1)"],
    ["bigint", "int32"],
    ["timestamp", "date"],
    ["short_text", "string"],
    ["json", "json"],
  ])("are text where the column is %s and the value %s", async (column, type) => {
    if (column === "short_text") await database.query("create domain short_text as text check (length(value) < 5)");
    const there = target();
    await database.query(`create table ${there.table} (c0 ${column})`);
    expect(await formatFor(there, schemaOf([type]))).toBe("csv");
    const exact = target();
    await database.query(`create table ${exact.table} (c0 ${declaredType(type)}, other int)`);
    expect(await formatFor(exact, schemaOf([type]))).toBe(type === "json" ? "csv" : "parquet");
  });

  it("are text where a type of somebody's own is found before PostgreSQL's by its name", async () => {
    const value = "80ff0123-4567-89ab-cdef-0123456789ff";
    await database.query("create schema own_types");
    await database.query(`create type own_types.uuid as enum ('${value}')`);
    const url = new URL(database.url);
    url.searchParams.set("options", "-csearch_path=own_types,pg_catalog");
    const connection = { type: "postgres", url: url.href } as const;
    const load = { schema: schemaOf(["uuid"]), rows: [[value], [null]], mode: "append" } as const;
    const there = { ...target("own_types.there"), connection };
    await database.query("create table own_types.there (c0 own_types.uuid)");
    expect(await formatFor(there, load.schema)).toBe("csv");
    await runLoad(harness, there, load);
    expect(await database.query("select c0::text from own_types.there order by 1")).toEqual([[value], [null]]);
    const made = { ...target("own_types.made"), connection };
    await runLoad(harness, made, load);
    expect(await database.query("select c0, pg_typeof(c0) from own_types.made order by 1")).toEqual([
      [value, "uuid"],
      [null, "uuid"],
    ]);
  });

  it("are refused where a column became another while they were computed", async () => {
    const there = target();
    await database.query(`create table ${there.table} (c0 numeric(8,1))`);
    const load = { schema: schemaOf(["decimal(8,1)"]), rows: [["1.5"]], mode: "append" } as const;
    await using sink = await openSink(harness, there, await harness.openContext());
    const request = requestOf(load);
    const spec = await sink.accepts(request);
    await database.query(`alter table ${there.table} alter column c0 type numeric(12,4)`);
    const files = await writeRows(engine, load.schema, load.rows, spec);
    await using staging = await sink.stage(request);
    await staging.add(files);
    await expect(staging.commit()).rejects.toMatchObject({ code: "conflict", reason: "changed" });
    expect(await there.rows()).toEqual([]);
  });

  it.each([
    ["timestamp", "int64"],
    ["decimal(9,2)", "decimal(9,3)"],
    ["uint32", "int32"],
  ])("are refused where the engine was to write %s and wrote %s", async (type, other) => {
    const there = target();
    await using sink = await openSink(harness, there, await harness.openContext());
    const request = requestOf({ schema: schemaOf([type]), rows: [], mode: "append" });
    const files = await writeRows(engine, schemaOf([other]), [["1"]], await sink.accepts(request));
    await using staging = await sink.stage(request);
    await staging.add(files);
    await expect(staging.commit()).rejects.toMatchObject({
      code: "internal",
      message: expect.stringMatching(/wrote "c0" as another type/),
    });
    expect(await database.query("select 1 from pg_tables where tablename = $1", [there.table])).toEqual([]);
  });

  it("are refused with the column where PostgreSQL has no such value", async () => {
    const zero = runLoad(harness, target(), {
      schema: schemaOf(["int32", "string"]),
      rows: [
        ["1", "a"],
        ["2", "b\u0000c"],
      ],
      mode: "append",
    });
    await expect(zero).rejects.toMatchObject({
      code: "data",
      message: expect.stringMatching(/invalid byte sequence for encoding "UTF8": 0x00 .*line \d, column c1/),
    });
  });

  it.each([
    ["date", "5000-01-01 (BC)"],
    ["date", "5881000-01-01"],
    ["timestamp", "5000-01-01 (BC) 10:00:00"],
    ["timestamptz", "290309-12-22 (BC) 00:00:00Z"],
    // Counted from 2000, it is the number that stands for -infinity.
    ["timestamp", "290279-12-22 (BC) 19:59:05.224192"],
  ])("are refused with the column where PostgreSQL has no such %s: %s", async (type, value) => {
    const there = target();
    const rows = [
      ["1", null],
      ["2", value],
    ];
    const load = runLoad(harness, there, { schema: schemaOf(["int32", type]), rows, mode: "append" });
    const message = expect.stringMatching(/(?:date|timestamp) out of range .*line 2, column c1/);
    await expect(load).rejects.toMatchObject({ code: "data", message });
    expect(await database.query("select 1 from pg_tables where tablename = $1", [there.table])).toEqual([]);
  });

  it("meet the rows that are there by their key", async () => {
    const there = target();
    const schema: Schema = {
      columns: [
        { name: "id", type: "int32", nullable: false },
        { name: "name", type: "string", nullable: true },
        { name: "gone", type: "bool", nullable: true },
      ],
    };
    const load = { schema, mode: "merge", key: ["id"], deleteFlag: "gone" } as const;
    const first = ["1", "2", "3"].map((id) => [id, `first ${id}`, false]);
    await runLoad(harness, there, { ...load, rows: first });
    const rows = [
      ["2", "second", false],
      ["3", null, true],
      ["4", null, null],
    ];
    expect(await formatFor(there, schema)).toBe("parquet");
    const { result } = await runLoad(harness, there, { ...load, rows, step: "another" });
    expect(result).toMatchObject({ inserted: 1, updated: 1, deleted: 1 });
    expect(await database.query(`select id, name from ${there.table} order by id`)).toEqual([
      ["1", "first 1"],
      ["2", "second"],
      ["4", null],
    ]);
  });

  describe("while their files are written", () => {
    const schema = schemaOf(["int32", "string"]);
    const load = { schema, rows: [], mode: "append" } as const;
    const rowsFrom = (from: number, count: number): readonly TextRow[] =>
      Array.from({ length: count }, (_, index) => [String(from + index), "x"]);
    /** Has the engine write rows as one file, and puts it where a load looks for it. */
    const put = async (spec: OutputSpec, name: string, rows: readonly TextRow[]): Promise<number> => {
      const folder = join((await harness.openContext()).scratch, "aside");
      await writeRows(engine, schema, rows, { ...spec, path: folder });
      const [written = ""] = await readdir(folder);
      await mkdir(spec.path, { recursive: true });
      await copyFile(join(folder, written), join(spec.path, name));
      return (await stat(join(spec.path, name))).size;
    };
    const sending = (): Promise<void> => untilSomebody(database, "query like 'copy %binary%' and state = 'active'");

    it("go before the last is whole", async () => {
      const followed = target();
      await using sink = await openSink(harness, followed, await harness.openContext());
      const request = requestOf(load);
      const spec = await sink.accepts(request);
      const first = await put(spec, "a.parquet", rowsFrom(0, 500));
      await sending();
      const second = await put(spec, "b.parquet", rowsFrom(500, 20));
      await using staging = await sink.stage(request);
      await staging.add([{ path: spec.path, format: "parquet", rows: 520, bytes: first + second }]);
      expect(await staging.commit()).toMatchObject({ inserted: 520 });
      expect(await database.query(`select count(*), sum(c0) from ${followed.table}`)).toEqual([["520", "134940"]]);
    });

    it("are sent as text where the engine wrote that instead, whatever was sent before", async () => {
      const followed = target();
      await using sink = await openSink(harness, followed, await harness.openContext());
      const request = requestOf(load);
      const spec = await sink.accepts(request);
      await put(spec, "a.parquet", rowsFrom(0, 500));
      await sending();
      if (spec.instead === undefined) throw new Error("nothing may be written instead");
      const files = await writeRows(engine, schema, rowsFrom(0, 700), spec.instead);
      await using staging = await sink.stage(request);
      await staging.add(files);
      expect(await staging.commit()).toMatchObject({ inserted: 700 });
      expect(await database.query(`select count(*), max(c0) from ${followed.table}`)).toEqual([["700", "699"]]);
    });

    it("are sent anew where others take their place", async () => {
      const followed = target();
      await using sink = await openSink(harness, followed, await harness.openContext());
      const request = requestOf(load);
      const spec = await sink.accepts(request);
      await put(spec, "a.parquet", rowsFrom(0, 500));
      await sending();
      await rm(spec.path, { recursive: true });
      const bytes = await put(spec, "a.parquet", rowsFrom(1000, 500));
      await using staging = await sink.stage(request);
      await staging.add([{ path: spec.path, format: "parquet", rows: 500, bytes }]);
      expect(await staging.commit()).toMatchObject({ inserted: 500 });
      expect(await database.query(`select min(c0), max(c0) from ${followed.table}`)).toEqual([["1000", "1499"]]);
    });
  });
});
