import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Cell,
  type CsvDialect,
  type Engine,
  type FrozenColumn,
  isSluiceError,
  ROWS_DIALECT,
  type ScannableInput,
} from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { afterAll, expect } from "vitest";
import { convertText } from "./convert.ts";

export const root = await mkdtemp(join(tmpdir(), "sluice-text-columns-"));
const plain = createDuckDbEngine({ scratch: root, threads: 2, convertFromBytes: Number.POSITIVE_INFINITY });
export const converting = createDuckDbEngine({ scratch: root, threads: 2, convertFromBytes: 0 });
afterAll(async () => {
  await plain[Symbol.asyncDispose]();
  await converting[Symbol.asyncDispose]();
  await rm(root, { recursive: true });
});

const { signal } = new AbortController();
let files = 0;
const newPath = (): string => {
  files += 1;
  return join(root, String(files));
};

interface Text {
  readonly text: string | Uint8Array;
  readonly columns: readonly FrozenColumn[];
  readonly dialect?: Partial<CsvDialect>;
  readonly validate?: "all" | "used";
}

export function inputOf({ text, columns, dialect = {}, validate = "all" }: Text): ScannableInput {
  const path = newPath();
  writeFileSync(path, text);
  const order = columns.map(({ name }) => name);
  return {
    format: "csv",
    groups: [{ order, files: [{ path, origin: "x.csv", bytes: Buffer.byteLength(text) }] }],
    dialect: { ...ROWS_DIALECT, ...dialect },
    columns,
    validate,
    identity: null,
  };
}

/** How many records were taken; undefined where they are left to the strict read. */
export async function convert(
  input: ScannableInput,
  wanted: readonly string[],
  sizes: { readonly textBytes?: number; readonly partBytes?: number; readonly threads?: number } = {},
): Promise<number | undefined> {
  await using converted = await convertText({ input, columns: wanted, folder: root, signal, ...sizes });
  return converted?.rows;
}

/** What a query that gives these columns on writes. */
export async function rowsBy(
  engine: Engine,
  input: ScannableInput,
  wanted: readonly string[],
): Promise<readonly (readonly Cell[])[]> {
  const compile = { schemaOf: () => ({ columns: input.columns }), parameters: new Map() };
  const scan = { kind: "scan", source: { dataset: "x" } } as const;
  const work = { parameters: new Map(), constants: { now: "2024-01-01T00:00:00Z", today: "2024-01-01" }, signal };
  const path = newPath();
  const query = engine.compile({ kind: "keep", input: scan, columns: wanted }, compile);
  const inputs = new Map([["x", { input, columns: wanted }]]);
  const result = await engine.execute(query, { ...work, inputs, output: { path, format: "parquet", ordered: true } });
  const columns = input.columns.filter(({ name }) => wanted.includes(name));
  const groups = [{ order: wanted, files: [{ path, origin: path, bytes: 0 }] }];
  const written: ScannableInput = { format: "parquet", groups, columns, validate: "all", identity: null };
  const rows: (readonly Cell[])[] = [];
  const reading = { ...work, inputs: new Map([["x", { input: written, columns: wanted }]]) };
  for await (const some of plain.rows(query, reading)) rows.push(...some);
  expect(result.rowsIn.get("x")).toBe(result.rowsOut);
  expect(result.incomplete).toEqual([]);
  return rows;
}

/** As a run reads that takes nothing apart: strictly, and split where that fails. */
export async function expectedRows(
  input: ScannableInput,
  wanted: readonly string[],
): Promise<readonly (readonly Cell[])[]> {
  try {
    return await rowsBy(plain, input, wanted);
  } catch (error) {
    if (!isSluiceError(error) || error.reason !== "strict") throw error;
    const [accepted, rejected] = [newPath(), newPath()];
    await plain.split({ name: "x", input, columns: wanted, accepted, rejected, signal });
    const columns = input.columns.filter(({ name }) => wanted.includes(name));
    const groups = [{ order: wanted, files: [{ path: accepted, origin: accepted, bytes: 0 }] }];
    return await rowsBy(plain, { format: "parquet", groups, columns, validate: "all", identity: null }, wanted);
  }
}

export const column = (name: string, type: string, more: Partial<FrozenColumn> = {}): FrozenColumn => ({
  name,
  type,
  nullable: true,
  ...more,
});
