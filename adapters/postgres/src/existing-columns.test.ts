import { createPlaces, postgresForTests, runLoad, type SinkHarness } from "@sluice/conformance";
import { createDuckDbEngine } from "@sluice/duckdb";
import { adapter } from "@sluice/postgres";
import { describe, expect, it } from "vitest";
import { databaseForTests } from "./database.fixture.ts";

const places = createPlaces("sluice-postgres-existing-");
const engine = createDuckDbEngine({ threads: 2 });
const database = await databaseForTests({ url: await postgresForTests(), engine, places });

describe.skipIf(database === undefined)("columns of a table that is there", () => {
  if (database === undefined) return;
  let tables = 0;
  const load = async (column: string, type: string, value: string): Promise<unknown> => {
    tables += 1;
    const table = `existing_${tables}`;
    await database.query(`create table ${table} (c ${column})`);
    const harness: SinkHarness = {
      name: "postgres",
      adapter,
      openContext: () => places.newContext(engine),
      createTarget: () => Promise.reject(new Error("the table is there")),
    };
    const target = {
      address: { type: "postgres", connection: "main", table },
      connection: { type: "postgres", url: database.url },
      rows: () => database.query(`select * from ${table}`),
      traces: async () => null,
    };
    const schema = { columns: [{ name: "c", type, nullable: true }] };
    await runLoad(harness, target, { schema, rows: [[value]], mode: "append" });
    return (await database.query(`select c::text from ${table}`))[0]?.[0];
  };

  it.each([
    ["bit(3)", "string", "101"],
    ["bit varying(4)", "string", "10"],
    ["oid", "uint32", "4294967295"],
    ["numeric", "string", "1234567890123456789012345678901234567890.5000000000"],
    ["numeric", "string", "NaN"],
    ["int4range", "string", "[1,5)"],
    ["inet", "string", "192.168.0.1/24"],
    ["interval", "string", "-1 years -2 mons 3 days -04:05:06.25"],
    ["jsonb", "json", '{"a": 1.50}'],
    ["char(4)", "string", "ab"],
    ["char(2)", "string", "ab"],
  ])("%s takes the %s that is read of it, %s", async (column, type, value) => {
    const held = await load(column, type, value);
    const [[same] = []] = await database.query(`select $1::${column} = $2::${column}`, [value, held]);
    expect(same).toBe("t");
  });

  it.each([
    ["double precision", "float32", "2.1", "2.0999999046325684"],
    ["double precision", "float32", "-0.0", "-0"],
    ["double precision", "float32", "NaN", "NaN"],
    ["wide_float", "float32", "2.1", "2.0999999046325684"],
    ["real", "float32", "2.1", "2.1"],
  ])("%s holds the very number of the %s %s", async (column, type, value, held) => {
    await database.query("drop domain if exists wide_float cascade");
    await database.query("create domain wide_float as double precision");
    expect(await load(column, type, value)).toBe(held);
  });

  it.each([
    ["bit(3)", "string", "1010"],
    ["bit varying(3)", "string", "1010"],
    ["numeric", "string", "many"],
    ["char(2)", "string", "abc"],
  ])("%s refuses the %s %s aloud", async (column, type, value) => {
    await expect(load(column, type, value)).rejects.toMatchObject({ code: "data" });
  });

  it.each([
    ["oid", "int64", "is oid"],
    ["numeric(50,10)", "string", "is numeric(50,10): cast it in the step"],
    ["integer[]", "json", "is integer[]: cast it to a list in the step"],
  ])("%s is no column for %s, and says what to do", async (column, type, why) => {
    const message = expect.stringContaining(why);
    await expect(load(column, type, "1")).rejects.toMatchObject({ code: "config", offending: "c", message });
  });

  it.each([
    ["money", "decimal(10,2)"],
    ["money", "string"],
    ["name", "string"],
    ['"char"', "string"],
  ])("%s takes no %s however it is cast, and the advice is another", async (column, type) => {
    const hint = "give the column another type in PostgreSQL, or load into another table";
    await expect(load(column, type, "1")).rejects.toMatchObject({ code: "config", offending: "c", hint });
  });
});
