import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { catalogue } from "@sluice/core";
import { beforeAll, describe, expect, it } from "vitest";

// What the examples give is tested where engines are: `engine.function.…` of the conformance suite.
const entries = Object.entries(catalogue);
let connection: DuckDBConnection;

beforeAll(async () => {
  connection = await (await DuckDBInstance.create(":memory:")).connect();
});

describe.each(entries)("%s", (_name, entry) => {
  it("is written as SQL that DuckDB parses to one call of that name", async () => {
    const [row] = await (
      await connection.runAndReadAll("select json_serialize_sql($1::varchar)", [`select ${entry.example.text}`])
    ).getRowsJson();
    const tree = JSON.parse(String(row?.[0])) as {
      error: boolean;
      statements: { node: { select_list: { function_name?: string }[] } }[];
    };
    expect(tree.error).toBe(false);
    const call = tree.statements[0]?.node.select_list[0];
    const isCall = "function" in entry.text && entry.text.short === undefined;
    if (isCall && !["coalesce", "nullif"].includes(entry.text.function)) {
      expect(call?.function_name).toBe(entry.text.function);
      expect(entry.example.text.startsWith(`${entry.text.function}(`)).toBe(true);
    }
  });
});
