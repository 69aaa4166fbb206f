import { afterAll, expect, it } from "vitest";
import { createClient } from "./client.ts";
import { duckDbTypeOf, logicalTypeOf } from "./types.ts";

const client = createClient();
afterAll(() => client[Symbol.asyncDispose]());

const described = async (type: string): Promise<string> =>
  String((await client.use((session) => session.run(`describe select null::${type} as x`))).rows[0]?.[1]);

it.each([
  "bool",
  "int8",
  "int16",
  "int32",
  "int64",
  "uint8",
  "uint16",
  "uint32",
  "uint64",
  "float32",
  "float64",
  "decimal(10,2)",
  "decimal(38,38)",
  "string",
  "bytes",
  "date",
  "time",
  "timestamp",
  "timestamptz",
  "interval",
  "uuid",
  "json",
  "list<list<int64>>",
  "map<string,list<decimal(5,1)>>",
  `struct{a: int64, "b ""c""": list<string>, d: struct{e: bool}}`,
  "enum('a', 'it''s', ', b)')",
])("%s survives the way to DuckDB and back", async (type) => {
  expect(logicalTypeOf(await described(duckDbTypeOf(type)))).toBe(type);
});

it.each([
  ["hugeint", "decimal(38,0)"],
  ["timestamp_ns", "timestamp"],
  ["timestamp_s", "timestamp"],
  ["integer[3]", "list<int32>"],
  ["bit", "string"],
])("%s becomes %s, as the table says", async (type, logical) => {
  expect(logicalTypeOf(await described(type))).toBe(logical);
});

it.each(["union(a int, b varchar)", "timetz"])("%s is refused with a hint", async (type) => {
  const text = await described(type);
  expect(() => logicalTypeOf(text)).toThrow(expect.objectContaining({ code: "unsupported", offending: text }));
});
