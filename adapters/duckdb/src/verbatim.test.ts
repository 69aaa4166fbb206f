import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { FrozenColumn, Relation, ScannableInput } from "@sluice/core";
import { expect, it } from "vitest";
import { openDuckDb } from "./duckdb.fixture.ts";

const { folder, engine } = await openDuckDb();

const COLUMNS: readonly FrozenColumn[] = [
  { name: "id", type: "int32", nullable: true },
  { name: "day", type: "date", nullable: true, format: "%Y-%m-%d" },
  { name: "paid", type: "date", nullable: true, format: "%d.%m.%Y" },
  { name: "at", type: "timestamp", nullable: true, format: "%Y-%m-%dT%H:%M:%S.%f" },
  { name: "amount", type: "decimal(9,2)", nullable: true },
  { name: "rate", type: "float64", nullable: true },
  { name: "total", type: "float64", nullable: true, decimal: "," },
  { name: "word", type: "string", nullable: true },
];
const TEXT = `id;day;paid;at;amount;rate;total;word
007;2024-01-31;31.01.2024;2024-01-31T10:00:00.5;01.5;1e3;1,50;a "b"
;;;;;;;
-0;2024-02-29;29.02.2024;2024-02-29T00:00:00.000000;-2;.5;-0,5;x
`;

async function written(relation: Relation, verbatim?: readonly string[]): Promise<string> {
  const path = join(folder, "in.csv");
  await writeFile(path, TEXT);
  const input: ScannableInput = {
    format: "csv",
    dialect: {
      encoding: "utf-8",
      compression: "none",
      delimiter: ";",
      quote: '"',
      escape: '"',
      header: true,
      newline: "lf",
      quotedEmpty: "null",
    },
    groups: [{ order: COLUMNS.map(({ name }) => name), files: [{ path, origin: "in.csv", bytes: TEXT.length }] }],
    columns: COLUMNS,
    validate: "all",
    identity: null,
  };
  const query = engine.compile(relation, { schemaOf: () => ({ columns: COLUMNS }), parameters: new Map() });
  const out = join(folder, "out.csv");
  await engine.execute(query, {
    inputs: new Map([["x", { input, columns: COLUMNS.map(({ name }) => name) }]]),
    parameters: new Map(),
    constants: { now: "2024-01-01T00:00:00Z", today: "2024-01-01" },
    signal: new AbortController().signal,
    output: {
      format: "csv",
      path: out,
      ordered: true,
      csv: { delimiter: ";", header: false, quote: "minimal", ...(verbatim === undefined ? {} : { verbatim }) },
    },
  });
  return await readFile(out, "utf8");
}

const SCAN: Relation = { kind: "scan", source: { dataset: "x" } };
const NAMES = COLUMNS.map(({ name }) => name);
const CANONICAL = `7;2024-01-31;2024-01-31;2024-01-31 10:00:00.5;1.50;1000.0;1.5;"a ""b"""
;;;;;;;
0;2024-02-29;2024-02-29;2024-02-29 00:00:00;-2.00;0.5;-0.5;x
`;

it("values are written as their types print them, unless their reader takes text as it was accepted", async () => {
  expect(await written(SCAN)).toBe(CANONICAL);
  expect(await written(SCAN, NAMES)).toBe(`007;2024-01-31;2024-01-31;2024-01-31T10:00:00.5;01.5;1e3;1.5;"a ""b"""
;;;;;;;
-0;2024-02-29;2024-02-29;2024-02-29T00:00:00.000000;-2;.5;-0.5;x
`);
  expect(await written(SCAN, ["id"])).toBe(CANONICAL.replace(/^7/, "007").replace("\n0;", "\n-0;"));
});

it("of what is computed with, nothing stays as it was", async () => {
  const column = (name: string) => ({ kind: "column", name }) as const;
  const call = (name: string, ...args: readonly unknown[]) => ({ kind: "call", name, arguments: args }) as never;
  const computed: Relation = {
    kind: "drop",
    columns: ["word", "paid", "total", "day"],
    input: {
      kind: "rename",
      names: [["at", "moment"]],
      input: {
        kind: "derive",
        columns: [
          ["twice", call("plus", column("rate"), column("rate"))],
          ["same", column("amount")],
        ],
        input: { kind: "filter", condition: call("isNotNull", column("id")), input: SCAN },
      },
    },
  };
  expect(await written(computed, ["id", "moment", "amount", "same", "rate", "twice"])).toBe(
    `7;2024-01-31T10:00:00.5;01.5;1000.0;2000.0;01.5
0;2024-02-29T00:00:00.000000;-2;0.5;1.0;-2
`,
  );
  // One of its two columns has another reader.
  expect(await written(computed, ["same", "moment"])).toContain(";1.50;1000.0;2000.0;1.50\n");
});

it("a query of more than one input prints all", async () => {
  const both: Relation = { kind: "union", inputs: [SCAN, SCAN], by: "position" } as never;
  expect(await written(both, NAMES)).toBe(CANONICAL + CANONICAL);
});
