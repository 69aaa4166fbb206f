import { readFile } from "node:fs/promises";
import { createPlaces, postgresForTests, readSource } from "@sluice/conformance";
import type { FrozenDataset, StreamInfo } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { adapter } from "@sluice/postgres";
import { describe, expect, it } from "vitest";
import { databaseForTests } from "./database.fixture.ts";
import { declaredType } from "./types.ts";

const places = createPlaces("sluice-postgres-types-");
const engine = createDuckDbEngine({ threads: 2 });
const database = await databaseForTests({ url: await postgresForTests(), engine, places });

/** Type in PostgreSQL, a value in its SQL, the type that is read, and what it is read as. */
const READ: readonly (readonly [declared: string, value: string, type: string, read: string | null])[] = [
  ["boolean", "true", "bool", "true"],
  ["smallint", "-32768", "int16", "-32768"],
  ["integer", "2147483647", "int32", "2147483647"],
  ["bigint", "-9223372036854775808", "int64", "-9223372036854775808"],
  ["oid", "4294967295", "uint32", "4294967295"],
  ["real", "'NaN'", "float32", "NaN"],
  ["double precision", "'-Infinity'", "float64", "-Infinity"],
  ["double precision", "0.1", "float64", "0.1"],
  ["double precision", "1.7976931348623157e308", "float64", "1.7976931348623157e+308"],
  ["numeric(10,2)", "-12.30", "decimal(10,2)", "-12.30"],
  ["numeric(3,5)", "0.00123", "decimal(5,5)", "0.00123"],
  ["numeric(3,-2)", "12300", "decimal(5,0)", "12300"],
  [
    "numeric(50,10)",
    "1234567890123456789012345678901234567890.5",
    "string",
    "1234567890123456789012345678901234567890.5000000000",
  ],
  ["numeric", "12345.678", "decimal(38,3)", "12345.678"],
  ["text", "E'a\\nb\\r\"c'", "string", 'a\nb\r"c'],
  ["text", "''", "string", ""],
  ["text", "'\\.'", "string", "\\."],
  ["text", "null", "string", null],
  ["varchar(5)", "' x'", "string", " x"],
  ["char(5)", "'ab'", "string", "ab"],
  ["name", "'n'", "string", "n"],
  ["bytea", "'\\x00ff0a'", "bytes", "00ff0a"],
  ["date", "'0001-01-01'", "date", "0001-01-01"],
  ["time", "'23:59:59.123456'", "time", "23:59:59.123456"],
  ["timestamp", "'2024-02-29 12:00'", "timestamp", "2024-02-29 12:00:00"],
  ["timestamp(3)", "'9999-12-31 23:59:59.999'", "timestamp", "9999-12-31 23:59:59.999"],
  ["timestamptz", "'2024-02-29 12:00:00.5+05:30'", "timestamptz", "2024-02-29 06:30:00.5"],
  ["timetz", "'12:00:00+02'", "string", "12:00:00+02"],
  ["interval", "'-1 year -2 mons +3 days -04:05:06.25'", "string", "-1 years -2 mons 3 days -04:05:06.25"],
  ["uuid", "'0B5A4C4E-6A1B-4F0E-9A53-0A4E3F0A7C11'", "uuid", "0b5a4c4e-6a1b-4f0e-9a53-0a4e3f0a7c11"],
  ["json", '\'{"b": 1, "a": [1.50]}\'', "json", '{"b": 1, "a": [1.50]}'],
  ["jsonb", '\'{"b": 1, "a": null}\'', "json", '{"a": null, "b": 1}'],
  ["mood", "'sad \"x\"'", "string", 'sad "x"'],
  ["price", "1.50", "decimal(10,2)", "1.50"],
  ["address", "row('Main, 1', 2)", "json", '{"street":"Main, 1","number":2}'],
  ["int4range", "'[1,5)'", "string", "[1,5)"],
  ["int4multirange", "'{[1,5),[7,9)}'", "string", "{[1,5),[7,9)}"],
  ["money", "'-12.34'", "decimal(19,2)", "-12.34"],
  ["bit(3)", "B'101'", "string", "101"],
  ["varbit", "B'10'", "string", "10"],
  ["inet", "'192.168.0.1/24'", "string", "192.168.0.1/24"],
  ["cidr", "'10.0.0.0/8'", "string", "10.0.0.0/8"],
  ["macaddr", "'08:00:2b:01:02:03'", "string", "08:00:2b:01:02:03"],
  ["point", "'(1,2.5)'", "string", "(1,2.5)"],
  ["tsvector", "'a b'", "string", "'a' 'b'"],
  ["xml", "'<a>1</a>'", "string", "<a>1</a>"],
  ["integer[]", "'{1,null,3}'", "json", "[1,null,3]"],
  ["text[]", "array['a,b', null, '', 'x\"y']", "json", '["a,b",null,"","x\\"y"]'],
  ["integer[][]", "'{{1,2},{3,4}}'", "json", "[[1,2],[3,4]]"],
  ["timestamptz[]", "array['2024-01-01 00:00+00'::timestamptz]", "json", '["2024-01-01T00:00:00+00:00"]'],
  ["mood[]", "'{ok}'", "json", '["ok"]'],
];

/** What no value of ours is: the row is rejected by name, or the column read as text. */
const REJECTED: readonly (readonly [declared: string, value: string])[] = [
  ["date", "'infinity'"],
  ["date", "'0044-03-15 BC'"],
  ["date", "'12024-01-01'"],
  ["timestamp", "'-infinity'"],
  ["timestamptz", "'infinity'"],
  ["time", "'24:00:00'"],
  ["numeric(10,2)", "'NaN'"],
];

describe.skipIf(database === undefined)("types of a server", () => {
  if (database === undefined) return;
  const connection = { type: "postgres", url: database.url };
  let tables = 0;
  const create = async (columns: readonly string[], values: readonly string[]): Promise<string> => {
    await database.query(
      `do $$ begin create type mood as enum ('sad "x"', 'ok'); create domain price as numeric(10,2) check (value >= 0); create type address as (street text, number int); exception when duplicate_object then null; end $$`,
    );
    tables += 1;
    const table = `t${tables}`;
    await database.query(`create table ${table} (${columns.map((type, index) => `"C ${index}" ${type}`).join(", ")})`);
    await database.query(`insert into ${table} values (${values.join(", ")})`);
    return table;
  };
  const look = async (address: object): Promise<StreamInfo> => {
    const source = await adapter.openSource?.(
      { type: "postgres", connection: "main", ...address },
      connection,
      await places.newContext(engine),
    );
    const request = {
      types: new Map(),
      required: [],
      dialect: {},
      parameters: new Map(),
      signal: new AbortController().signal,
    };
    for await (const stream of source?.discover(request) ?? []) return stream;
    throw new Error("nothing was found");
  };
  const read = async (address: object, stream: StreamInfo): Promise<readonly (readonly (string | null)[])[]> => {
    const context = await places.newContext(engine);
    const full = { type: "postgres", connection: "main", ...address };
    const source = await adapter.openSource?.(full, connection, context);
    if (source === undefined) throw new Error("no source");
    const frozen: FrozenDataset = {
      version: 1,
      name: "d",
      source: full,
      columns: stream.columns,
      validate: "all",
      drift: "fail",
      reordered: "fail",
      stage: "volatile",
      warnings: [],
    };
    return await readSource(engine, source, frozen);
  };

  it("reads each as the table of the documentation says", async () => {
    const table = await create(
      READ.map(([declared]) => declared),
      READ.map(([declared, value]) => `(${value})::${declared}`),
    );
    const stream = await look({ table });
    expect(stream.columns.map(({ type }, index) => [READ[index]?.[0], type])).toEqual(
      READ.map(([declared, , type]) => [declared, type]),
    );
    const [row] = await read({ table }, stream);
    expect(row?.map((value, index) => [READ[index]?.[0], value])).toEqual(
      READ.map(([declared, , , value]) => [declared, value]),
    );
  });

  it.each(REJECTED)("rejects %s %s, and never makes a null of it", async (declared, value) => {
    const table = await create([declared], [`(${value})::${declared}`]);
    await expect(read({ table }, await look({ table }))).rejects.toMatchObject({ code: "data" });
  });

  it("says of a numeric without digits what it found, and reads NaN as text", async () => {
    const table = await create(["numeric", "numeric"], ["1.25", "'NaN'"]);
    const stream = await look({ table });
    expect(stream.columns.map((column) => column.type)).toEqual(["decimal(38,2)", "string"]);
    expect(stream.warnings).toEqual([
      'column "C 0" (numeric) says no digits, and none of its values needs more than 2 behind the point: it is read as decimal(38,2), which rejects others',
      'column "C 1" (numeric) says no digits and holds 1 times NaN or infinity, which no decimal is; it is read as text',
    ]);
    expect(await read({ table }, stream)).toEqual([["1.25", "NaN"]]);
  });

  it("reads a query, whose casts are the author's", async () => {
    const query = "select 1 as id, 'infinity'::date::text as day, array[1,2]::text as list";
    const stream = await look({ query });
    expect(await read({ query }, stream)).toEqual([["1", "infinity", "{1,2}"]]);
    await expect(look({ query: "select 1, 2" })).rejects.toMatchObject({ code: "config", offending: "?column?" });
    await expect(look({ query: "select 1 as a, 2 as a" })).rejects.toMatchObject({ code: "config", offending: "a" });
    await expect(look({ query: "selec 1" })).rejects.toMatchObject({ code: "config" });
    await expect(
      look({ query: "select 1 as a) q; commit; drop table t1; select * from (select 1 as a" }),
    ).rejects.toMatchObject({
      code: "config",
    });
  });
});

const WRITTEN: readonly (readonly [type: string, declared: string])[] = [
  ["bool", "boolean"],
  ["int8", "smallint"],
  ["uint16", "integer"],
  ["uint32", "bigint"],
  ["uint64", "numeric(20,0)"],
  ["float32", "real"],
  ["decimal(38,9)", "numeric(38,9)"],
  ["enum('a')", "text"],
  ["bytes", "bytea"],
  ["list<string>", "text[]"],
  ["list<list<int64>>", "json"],
  ["struct{a: int64}", "json"],
  ["map<string,int64>", "json"],
  ["json", "json"],
];

it.each(WRITTEN)("makes of %s a column of type %s", (type, declared) => {
  expect(declaredType(type)).toBe(declared);
});

it("has every type of both tables in the documentation", async () => {
  const page = await readFile(new URL("../../../docs/postgres.md", import.meta.url), "utf8");
  const missing = [
    ...READ.map(([declared]) => declared.replace(/\(.*\)|\[\]/g, "").trim()).filter(
      (name) => !["mood", "price", "address"].includes(name),
    ),
    ...WRITTEN.map(([, declared]) => declared.replace(/\(.*\)|\[\]/g, "")),
  ].filter((name) => !page.includes(name));
  expect([...new Set(missing)]).toEqual([]);
});
