import { join } from "node:path";
import type { FrozenColumn, ScannableInput } from "@sluice/core";
import { expect, it } from "vitest";
import { openDuckDb } from "./duckdb.fixture.ts";

const { folder, engine, duckdb } = await openDuckDb();

const ROWS = 300_000;

/** One file of a table, whose columns are called otherwise than in the table. */
async function tableOf(more: Partial<ScannableInput>): Promise<ScannableInput> {
  const path = join(folder, "rows.parquet");
  await duckdb.run(
    `copy (select range as old_id, range % 7 as old_day from range(${ROWS})) to '${path}' (format parquet, field_ids {old_id: 4, old_day: 9})`,
  );
  const columns: readonly FrozenColumn[] = [
    { name: "day", type: "int64", nullable: true },
    { name: "id", type: "int64", nullable: true },
    { name: "later", type: "string", nullable: true },
    { name: "file", type: "string", nullable: false, partition: true },
  ];
  const file = { path, origin: path, bytes: 1, rows: ROWS, values: [`file://${path}`] };
  return {
    format: "parquet",
    groups: [{ order: ["day", "id", "later"], files: [file] }],
    columns,
    fieldIds: [9, 4, 12, -1],
    validate: "used",
    identity: null,
    ...more,
  };
}

async function ask(input: ScannableInput, sql: string): Promise<readonly unknown[]> {
  const query = engine.compile(
    {
      kind: "sql",
      engine: "duckdb",
      texts: [`select ${sql} from `, ""],
      inputs: [{ kind: "scan", source: { dataset: "x" } }],
    },
    { schemaOf: () => ({ columns: input.columns }), parameters: new Map() },
  );
  const rows: (readonly unknown[])[] = [];
  for await (const batch of engine.rows(query, {
    inputs: new Map([["x", { input, columns: input.columns.map(({ name }) => name) }]]),
    parameters: new Map(),
    constants: { now: "2024-01-01T00:00:00Z", today: "2024-01-01" },
    signal: new AbortController().signal,
  })) {
    rows.push(...batch);
  }
  return rows[0] ?? [];
}

const COUNTS =
  "count(*)::varchar, sum(id)::varchar, count(later)::varchar, count(distinct file)::varchar, bool_and(starts_with(file, 'file:///'))";

it("a large file of a table that is alone gives its own rows and no others, with their file", async () => {
  const sum = (ROWS * (ROWS - 1)) / 2;
  expect(await ask(await tableOf({}), COUNTS)).toEqual([String(ROWS), String(sum), "0", "1", true]);
});

it("and without those that another file deletes", async () => {
  const path = join(folder, "deletes.parquet");
  const { groups } = await tableOf({});
  const name = groups[0]?.files[0]?.path ?? "";
  await duckdb.run(
    `copy (select '${name}' as file_path, range * 3 as pos from range(${ROWS / 3})) to '${path}' (format parquet, field_ids {file_path: 2147483546, pos: 2147483545})`,
  );
  const input = await tableOf({ deletes: [{ path, of: [{ name, path: name }] }] });
  expect((await ask(input, "count(*)::varchar, min(id)::varchar"))[0]).toBe(String((ROWS * 2) / 3));
});
