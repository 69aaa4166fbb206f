import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Cell, isSluiceError, ROWS_DIALECT, type ScannableInput } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";

const root = await mkdtemp(join(tmpdir(), "sluice-quotes-"));
const engine = createDuckDbEngine({ scratch: root, threads: 2, convertFromBytes: Number.POSITIVE_INFINITY });
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await rm(root, { recursive: true });
});
const COLUMNS = ["a", "b"].map((name) => ({ name, type: "string", nullable: true }));
const NAMES = COLUMNS.map(({ name }) => name);
const signal = new AbortController().signal;
const work = { parameters: new Map(), constants: { now: "", today: "" }, signal };

async function inputOf(text: string): Promise<ScannableInput> {
  const path = join(await mkdtemp(join(root, "in-")), "0001.csv");
  await writeFile(path, text);
  const groups = [{ order: NAMES, files: [{ path, origin: "x.csv", bytes: text.length }] }];
  return { format: "csv", groups, dialect: ROWS_DIALECT, columns: COLUMNS, validate: "all", identity: null };
}

async function rowsOf(input: ScannableInput): Promise<readonly (readonly Cell[])[]> {
  const compile = { schemaOf: () => ({ columns: COLUMNS }), parameters: new Map() };
  const query = engine.compile({ kind: "scan", source: { dataset: "x" } }, compile);
  const rows: (readonly Cell[])[] = [];
  const inputs = new Map([["x", { input, columns: NAMES }]]);
  for await (const some of engine.rows(query, { ...work, inputs })) rows.push(...some);
  return rows;
}

/** What is left to the split is not read by the strict read. */
async function strictly(input: ScannableInput): Promise<"left" | readonly (readonly Cell[])[]> {
  try {
    return await rowsOf(input);
  } catch (error) {
    if (!isSluiceError(error) || error.reason !== "strict") throw error;
    return "left";
  }
}

async function bySplit(input: ScannableInput): Promise<readonly (readonly Cell[])[]> {
  const folder = await mkdtemp(join(root, "split-"));
  const accepted = join(folder, "accepted.parquet");
  await engine.split({ name: "x", input, columns: NAMES, accepted, rejected: join(folder, "r.parquet"), signal });
  const groups = [{ order: NAMES, files: [{ path: accepted, origin: accepted, bytes: 0 }] }];
  return await rowsOf({ format: "parquet", groups, columns: COLUMNS, validate: "all", identity: null });
}

it.each(['"x" "y",1', '"x"  "y" ,1', '"x" "",1', '"x" "1,2",3', '"a," "b",1', '" " "b",1', '"a""" "b",1', '1,"x" "y"'])(
  "a quote that opens again is left to the split: %s",
  async (record) => {
    const input = await inputOf(`p,q\n${record}\np,q\n`);
    expect(await strictly(input)).toBe("left");
    expect(await bySplit(input)).toEqual([
      ["p", "q"],
      ["p", "q"],
    ]);
  },
);

it.each([
  '" ",1',
  '1," "',
  '"a"" ""b",1',
  '" ""b""",1',
  '"""a"" ",1',
  '"a" ,1',
  '"a" ,"b"',
  ' "a",1',
  '5" "x,1',
  '" a b "," "',
])("quotes that are sound are read at once: %s", async (record) => {
  const input = await inputOf(`p,q\n${record}\n`);
  const rows = await strictly(input);
  expect(rows).toHaveLength(2);
  expect(rows).toEqual(await bySplit(input));
});

it("finds one wherever a piece of the file ends", async () => {
  for (let more = 0; more < 8; more += 1) {
    const filler = `${"p,q\n".repeat(262_140)}${"z".repeat(more)}`;
    expect(await strictly(await inputOf(`${filler},q\n"xy"  "z",1\n`))).toBe("left");
  }
});

it("reads no record as the split does not", async () => {
  const part = fc.constantFrom('"', '"', '"', " ", " ", "a", ",", "\n");
  const text = fc.array(part, { maxLength: 14 }).map((parts) => `p,q\n${parts.join("")}\n`);
  await fc.assert(
    fc.asyncProperty(text, async (whole) => {
      const input = await inputOf(whole);
      const rows = await strictly(input);
      if (rows !== "left") expect(rows).toEqual(await bySplit(input));
    }),
    { numRuns: 400 },
  );
});
