import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  accepts,
  type Cell,
  type Engine,
  type FrozenColumn,
  isSluiceError,
  ROWS_DIALECT,
  type ScannableInput,
} from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";

const root = await mkdtemp(join(tmpdir(), "sluice-acceptance-"));
const engine = createDuckDbEngine({ scratch: root, threads: 2 });
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await rm(root, { recursive: true });
});

const COLUMNS: readonly FrozenColumn[] = [
  { name: "id", type: "int64", nullable: true },
  { name: "name", type: "string", nullable: true },
  { name: "cost", type: "decimal(6,2)", nullable: true },
  { name: "rate", type: "float64", nullable: true, trim: true },
  { name: "day", type: "date", nullable: true },
  { name: "flag", type: "bool", nullable: false, trim: true },
];
const NAMES = COLUMNS.map((column) => column.name);

/** Reads a small file field by field as RFC 4180 says, with what DuckDB allows besides; undefined: no sound record. */
function recordsOf(text: string, quote: string): (readonly Field[] | undefined)[] | undefined {
  const records: (readonly Field[] | undefined)[] = [];
  let fields: Field[] = [];
  let at = 0;
  while (at < text.length) {
    const start = text[at] === " " && text[at + 1] === quote ? at + 1 : at;
    if (text[start] === quote) {
      let value = "";
      let end = start + 1;
      for (;;) {
        if (end >= text.length) return undefined;
        if (text[end] === quote && text[end + 1] === quote) {
          value += quote;
          end += 2;
        } else if (text[end] === quote) {
          break;
        } else {
          value += text[end];
          end += 1;
        }
      }
      fields.push({ text: value, quoted: true });
      at = end + 1;
      while (text[at] === " ") at += 1;
      if (at < text.length && text[at] !== "," && text[at] !== "\n") return undefined;
    } else {
      const end = text.slice(at).search(/[,\n]/);
      const value = end < 0 ? text.slice(at) : text.slice(at, at + end);
      fields.push({ text: value, quoted: false });
      at += value.length;
    }
    if (text[at] === ",") {
      at += 1;
      if (at < text.length && text[at] !== "\n") continue;
      fields.push({ text: "", quoted: false });
    }
    const isBlank = fields.length === 1 && fields[0]?.text === "" && !fields[0].quoted;
    if (!isBlank) {
      const extra = fields.slice(COLUMNS.length);
      const isSound = fields.length >= COLUMNS.length && extra.every((field) => field.text === "");
      records.push(isSound ? fields.slice(0, COLUMNS.length) : undefined);
    }
    fields = [];
    at += 1;
  }
  return records;
}

interface Field {
  readonly text: string;
  readonly quoted: boolean;
}

/** The ids of the accepted records, counted from 1, and those of the others. */
function reference(records: readonly (readonly Field[] | undefined)[]): { good: number[]; bad: number[] } {
  const isGood = (fields: readonly Field[] | undefined): boolean =>
    fields?.every((field, index) => {
      const column = COLUMNS[index];
      const text = field.text === "" && !field.quoted ? null : field.text;
      return column !== undefined && accepts(column, text) === undefined;
    }) ?? false;
  const numbers = records.map((_, index) => index + 1);
  return {
    good: numbers.filter((number) => isGood(records[number - 1])),
    bad: numbers.filter((number) => !isGood(records[number - 1])),
  };
}

const clean = fc.record({
  id: fc.oneof(fc.integer().map(String), fc.constant("")),
  name: fc.constantFrom("a", "", '"q,x"', '"l\nm"', '" "', 'b"c', '"d""e"', " f", "é", "''"),
  cost: fc.constantFrom("1", "1.50", "-0.5", "9999.99", "", '"2.0"', ".5"),
  rate: fc.constantFrom("1.5", " -2", "  ", "\t3 ", "1e5", "nan", "", "0.1"),
  day: fc.constantFrom("2024-02-29", "1999-12-31", "", '"2024-01-01"'),
  flag: fc.constantFrom("true", "FALSE", '"true"'),
});
const dirt = fc.constantFrom(
  "1.7",
  "1_000",
  " 1.5 ",
  "0x1F",
  "1e3",
  "x",
  "12.345",
  "99999",
  "2023-02-29",
  "2024-1-1",
  "1e999",
  '""',
  "",
  "yes",
  " true",
  '"a" ',
  ' "1"',
  "+1",
);
const line = fc
  .tuple(
    clean,
    fc.option(fc.tuple(fc.integer({ min: 0, max: 5 }), dirt), { freq: 6 }),
    fc.constantFrom("", "", "", ",", ",,", ",z"),
  )
  .map(([record, bad, tail]) => {
    const fields = Object.values(record);
    if (bad !== null) fields[bad[0]] = bad[1];
    return fields.join(",") + tail;
  });
const odd = fc.constantFrom("", "1", "1,2,3", ",,,,,true", ",,,,,");
const file = fc.array(fc.oneof({ weight: 8, arbitrary: line }, { weight: 1, arbitrary: odd }), { maxLength: 12 });

async function inputOf(text: string): Promise<ScannableInput> {
  const path = join(await mkdtemp(join(root, "in-")), "0001.csv");
  await writeFile(path, text);
  return {
    format: "csv",
    groups: [{ order: NAMES, files: [{ path, origin: "x.csv", bytes: text.length }] }],
    dialect: ROWS_DIALECT,
    columns: COLUMNS,
    validate: "all",
    identity: null,
  };
}

async function read(input: ScannableInput, columns: readonly string[]): Promise<readonly (readonly Cell[])[]> {
  const relation = { kind: "keep", input: { kind: "scan", source: { dataset: "x" } }, columns } as const;
  const query = engine.compile(relation, { schemaOf: () => ({ columns: COLUMNS }), parameters: new Map() });
  const rows: (readonly Cell[])[] = [];
  const request = {
    inputs: new Map([["x", { input, columns }]]),
    parameters: new Map(),
    constants: { now: "2024-01-01T00:00:00Z", today: "2024-01-01" },
    signal: new AbortController().signal,
  };
  for await (const batch of engine.rows(query, request)) rows.push(...batch);
  return rows;
}

/** As a run reads: strictly, and split where that fails. */
async function strictOrSplit(input: ScannableInput, columns: readonly string[]): Promise<readonly (readonly Cell[])[]> {
  try {
    return await read(input, columns);
  } catch (error) {
    if (!isSluiceError(error) || error.reason !== "strict") throw error;
    const landed = await partedOf(engine, input, columns);
    return read(landed.input, columns);
  }
}

async function partedOf(
  by: Engine,
  input: ScannableInput,
  columns: readonly string[],
): Promise<{ input: ScannableInput; rejected: string }> {
  const folder = await mkdtemp(join(root, "split-"));
  const accepted = join(folder, "accepted.parquet");
  const rejected = join(folder, "rejected.parquet");
  const signal = new AbortController().signal;
  await by.split({ name: "x", input, columns, accepted, rejected, signal });
  const own = COLUMNS.filter((column) => columns.includes(column.name));
  const groups = [{ order: columns, files: [{ path: accepted, origin: accepted, bytes: 0 }] }];
  return { input: { format: "parquet", groups, columns: own, validate: "all", identity: null }, rejected };
}

it("gives the same accepted rows for every projection, strictly or split, as a plain reader finds them", async () => {
  await fc.assert(
    fc.asyncProperty(
      file.map((lines) => lines.map((one) => `${one}\n`).join("")),
      fc.subarray(NAMES, { minLength: 1 }),
      async (text, columns) => {
        const records = recordsOf(text, '"');
        fc.pre(records !== undefined);
        const { good, bad } = reference(records);
        const input = await inputOf(text);
        const all = await strictOrSplit(input, NAMES);
        expect(all.length).toBe(good.length);
        // Text columns hold just what was read.
        expect(all.map((row) => row[1])).toEqual(good.map((number) => textOf(records[number - 1]?.[1])));
        const some = await strictOrSplit(input, columns);
        expect(some).toEqual(all.map((row) => columns.map((name) => row[NAMES.indexOf(name)] ?? null)));
        const { input: landed, rejected } = await partedOf(engine, input, NAMES);
        expect(await read(landed, NAMES)).toEqual(all);
        expect(await recordNumbers(rejected)).toEqual(bad);
      },
    ),
    { numRuns: 40 },
  );
});

function textOf(field: Field | undefined): string | null {
  if (field === undefined || (field.text === "" && !field.quoted)) return null;
  return field.text;
}

async function recordNumbers(path: string): Promise<readonly Cell[]> {
  const schema = { columns: [{ name: "record", type: "int64", nullable: true }] };
  const relation = { kind: "scan", source: { dataset: "r" } } as const;
  const query = engine.compile(relation, { schemaOf: () => schema, parameters: new Map() });
  const groups = [{ order: ["record"], files: [{ path, origin: path, bytes: 0 }] }];
  const input: ScannableInput = { format: "parquet", groups, columns: schema.columns, validate: "all", identity: null };
  const found: Cell[] = [];
  for await (const batch of engine.rows(query, {
    inputs: new Map([["r", { input, columns: ["record"] }]]),
    parameters: new Map(),
    constants: { now: "", today: "" },
    signal: new AbortController().signal,
  })) {
    found.push(...batch.map(([record]) => record ?? null));
  }
  return found;
}
