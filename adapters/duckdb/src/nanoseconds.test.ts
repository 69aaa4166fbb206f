import { join } from "node:path";
import type { ScannableInput } from "@sluice/core";
import { expect, it } from "vitest";
import { openDuckDb } from "./duckdb.fixture.ts";
import { scanSql } from "./scan.ts";

const { folder, engine, duckdb } = await openDuckDb();

async function parquet(name: string, values: string): Promise<{ path: string; input: ScannableInput }> {
  const path = join(folder, `${name}.parquet`);
  await duckdb.run(`copy (select ${values}) to '${path}'`);
  const columns = [{ name: "t", type: "timestamp", nullable: true }];
  const groups = [{ order: ["t"], files: [{ path, origin: `data/${name}.parquet`, bytes: 1 }] }];
  return { path, input: { format: "parquet", groups, columns, validate: "all", identity: null } };
}

async function read(input: ScannableInput): Promise<unknown> {
  const query = engine.compile(
    { kind: "scan", source: { dataset: "x" } },
    { schemaOf: () => ({ columns: input.columns }), parameters: new Map() },
  );
  const rows: unknown[] = [];
  for await (const batch of engine.rows(query, {
    inputs: new Map([["x", { input, columns: ["t"] }]]),
    parameters: new Map(),
    constants: { now: "2024-01-01T00:00:00Z", today: "2024-01-01" },
    signal: new AbortController().signal,
  })) {
    rows.push(...batch.map(([cell]) => cell));
  }
  return rows;
}

it("a file tells which of its columns hold nanoseconds", async () => {
  const { path } = await parquet(
    "mixed",
    "timestamp_ns '2024-01-01' as t, timestamp '2024-01-01' as u, [timestamp_ns '2024-01-01'] as l",
  );
  expect((await engine.schemaOfFile(path)).nanoseconds).toEqual(["t", "l"]);
  const plain = await parquet("plain", "timestamp '2024-01-01' as t, timestamptz '2024-01-01' as z");
  expect(await engine.schemaOfFile(plain.path)).not.toHaveProperty("nanoseconds");
});

it("nanoseconds that would be cut are refused, others are read", async () => {
  const whole = await parquet("whole", "timestamp_ns '2024-01-01 10:00:00.123456000' as t");
  expect(await read(whole.input)).toEqual([expect.stringContaining("10:00:00.123456")]);
  const finer = await parquet("finer", "timestamp_ns '2024-01-01 10:00:00.123456789' as t");
  await expect(read(finer.input)).rejects.toMatchObject({
    code: "data",
    message:
      '2024-01-01 10:00:00.123456789 in "t" of data/finer.parquet holds nanoseconds, and sluice keeps microseconds',
  });
  const files = [whole, finer].flatMap(({ input }) => input.groups.flatMap((group) => group.files));
  await expect(read({ ...finer.input, groups: [{ order: ["t"], files }] })).rejects.toMatchObject({
    message: expect.stringContaining('.123456789 in "t" of data/finer.parquet holds'),
  });
});

it("microseconds beyond what nanoseconds reach are read, and conditions on them skip what they can", async () => {
  const { input } = await parquet("early", "timestamp '0001-01-01 00:00:00' as t");
  expect(await read(input)).toEqual([expect.stringContaining("0001-01-01")]);
  const sql = `explain select * from (${scanSql("x", input, ["t"])}) where t > timestamp '2025-01-01'`;
  const [plan] = (await duckdb.runAndReadAll(sql)).getRows();
  expect(String(plan?.[1])).not.toContain("CASE");
});
