import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { catalogue, type FunctionEntry, parseSignature, renderCall } from "@sluice/core";
import { beforeAll, describe, expect, it } from "vitest";

// The arguments of each example go through the rendering, and the result through a cast, as a compiler does it.
const entries = Object.entries(catalogue);
let connection: DuckDBConnection;

beforeAll(async () => {
  connection = await (await DuckDBInstance.create(":memory:")).connect();
  await connection.run("set TimeZone = 'UTC'");
});

async function value(sql: string): Promise<unknown> {
  const rows = await (await connection.runAndReadAll(sql)).getRowsJson();
  return rows[0]?.[0];
}

const sqlTypes: Readonly<Record<string, string>> = {
  int64: "bigint",
  float64: "double",
  date: "date",
  timestamp: "timestamp",
  string: "varchar",
  bool: "boolean",
};

function typeOf(entry: FunctionEntry): string | undefined {
  const { text, result } = entry.example;
  if (text === "round(2.345, 1)") return "double";
  const declared = parseSignature(entry.signatures[0] ?? "").result;
  if (declared !== "same") return sqlTypes[declared];
  return /\bdate '/.test(text) ? "date" : typeof result === "number" ? "bigint" : undefined;
}

describe.each(entries)("%s", (_name, entry) => {
  it(`gives ${String(entry.example.result)} for ${entry.example.text}`, async () => {
    const { text, result } = entry.example;
    let sql = text;
    if ("function" in entry.text) {
      expect(text.startsWith(`${entry.text.function}(`)).toBe(true);
      sql = renderCall(entry.render.duckdb, argumentsOf(text));
    } else if ("infix" in entry.text) {
      sql = renderCall(entry.render.duckdb, text.split(` ${entry.text.infix} `));
    }
    const type = typeOf(entry);
    const found = await value(`select ${type === undefined ? sql : `cast(${sql} as ${type})`}`);
    if (typeof result === "number") expect(Number(found)).toBeCloseTo(result, 9);
    else expect(found).toBe(result);
  });

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
    if ("function" in entry.text && !["coalesce", "nullif"].includes(entry.text.function)) {
      expect(call?.function_name).toBe(entry.text.function);
    }
  });
});

function argumentsOf(call: string): string[] {
  const inside = call.slice(call.indexOf("(") + 1, -1);
  return inside.match(/(?:'(?:[^']|'')*'|[^,'])+/g) ?? [];
}
