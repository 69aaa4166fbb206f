import { join } from "node:path";
import type { FrozenColumn, Relation, ScannableInput } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { expect, it } from "vitest";
import { openDuckDb } from "./duckdb.fixture.ts";

const { folder, duckdb } = await openDuckDb();
const COLUMNS: readonly FrozenColumn[] = [{ name: "id", type: "int64", nullable: true }];

/** Numbers from 0 on, in two files: of 64 bits, then of 32. */
async function unlike(fieldIds?: readonly number[]): Promise<ScannableInput> {
  const numbers = fieldIds === undefined ? "" : ", field_ids {id: 1}";
  const files = await Promise.all(
    ["bigint", "int"].map(async (type, index) => {
      const path = join(folder, `${type}${fieldIds === undefined ? "" : "-numbered"}.parquet`);
      const rows = `range(${index * 2000}, ${(index + 1) * 2000}) as t(i)`;
      await duckdb.run(`copy (select i::${type} as id from ${rows}) to '${path}' (format parquet${numbers})`);
      return { path, origin: path, bytes: 1, rows: 2000 };
    }),
  );
  const groups = [{ order: ["id"], files }];
  const input = { format: "parquet", groups, columns: COLUMNS, validate: "used", identity: null } as const;
  return fieldIds === undefined ? input : { ...input, fieldIds };
}

async function few(): Promise<ScannableInput> {
  const path = join(folder, "few.parquet");
  await duckdb.run(`copy (select i * 40 as id from range(100) as t(i)) to '${path}'`);
  const groups = [{ order: ["id"], files: [{ path, origin: path, bytes: 1 }] }];
  return { format: "parquet", groups, columns: COLUMNS, validate: "used", identity: null };
}

const scan = (dataset: string): Relation => ({ kind: "scan", source: { dataset } });
/** Of the many, those that are among the few of a range: the engine looks at the few first, and then for these. */
const found: Relation = {
  kind: "join",
  left: scan("many"),
  right: {
    kind: "filter",
    input: scan("few"),
    condition: {
      kind: "call",
      name: "between",
      arguments: [
        { kind: "column", name: "id" },
        { kind: "literal", type: "number", value: "0" },
        { kind: "literal", type: "number", value: "3000" },
      ],
    },
  },
  how: "semi",
  using: ["id"],
};

it.each([
  ["files of a dataset", undefined],
  ["files of a table", [1]],
] as const)("joins %s whose types are not the same, written and given as rows", async (_, fieldIds) => {
  const inputs = new Map([
    ["many", { input: await unlike(fieldIds), columns: ["id"] }],
    ["few", { input: await few(), columns: ["id"] }],
  ]);
  const request = {
    inputs,
    parameters: new Map(),
    constants: { now: "2024-01-01T00:00:00Z", today: "2024-01-01" },
    signal: new AbortController().signal,
  };
  const schemas = { schemaOf: () => ({ columns: COLUMNS }), parameters: new Map() };
  for (const isOwn of [false, true]) {
    // Whoever met it once does without it: each is an engine of its own.
    await using writing = createDuckDbEngine({ scratch: folder, threads: 2 });
    const path = join(folder, `out-${isOwn}-${fieldIds?.length ?? 0}.parquet`);
    const output = { format: "parquet", path, ordered: false } as const;
    const query = writing.compile(found, { ...schemas, isOwn });
    expect(await writing.execute(query, { ...request, output })).toMatchObject({ rowsOut: 76 });
    await using reading = createDuckDbEngine({ scratch: folder, threads: 2 });
    const rows: unknown[] = [];
    for await (const batch of reading.rows(reading.compile(found, { ...schemas, isOwn }), request)) rows.push(...batch);
    expect(rows).toHaveLength(76);
  }
});
