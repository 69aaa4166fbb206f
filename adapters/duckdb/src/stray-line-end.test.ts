import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Cell, type CsvDialect, isSluiceError, ROWS_DIALECT, type ScannableInput } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { afterAll, expect, it } from "vitest";

const root = await mkdtemp(join(tmpdir(), "sluice-stray-"));
const engine = createDuckDbEngine({ scratch: root, threads: 2 });
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await rm(root, { recursive: true });
});
const COLUMNS = [
  { name: "id", type: "int64", nullable: true },
  { name: "name", type: "string", nullable: true },
];
const NAMES = COLUMNS.map(({ name }) => name);
const signal = new AbortController().signal;

async function inputOf(text: string, newline: CsvDialect["newline"]): Promise<ScannableInput> {
  const path = join(await mkdtemp(join(root, "in-")), "0001.csv");
  await writeFile(path, text);
  const dialect = { ...ROWS_DIALECT, newline };
  const groups = [{ order: NAMES, files: [{ path, origin: "x.csv", bytes: text.length }] }];
  return { format: "csv", groups, dialect, columns: COLUMNS, validate: "all", identity: null };
}

async function read(input: ScannableInput): Promise<readonly (readonly Cell[])[]> {
  const relation = { kind: "scan", source: { dataset: "x" } } as const;
  const query = engine.compile(relation, { schemaOf: () => ({ columns: COLUMNS }), parameters: new Map() });
  const inputs = new Map([["x", { input, columns: NAMES }]]);
  const rows: (readonly Cell[])[] = [];
  const constants = { now: "", today: "" };
  for await (const batch of engine.rows(query, { inputs, parameters: new Map(), constants, signal }))
    rows.push(...batch);
  return rows;
}

async function split(input: ScannableInput): Promise<readonly (readonly Cell[])[]> {
  const folder = await mkdtemp(join(root, "split-"));
  const accepted = join(folder, "accepted.parquet");
  await engine.split({
    name: "x",
    input,
    columns: NAMES,
    accepted,
    rejected: join(folder, "rejected.parquet"),
    signal,
  });
  const groups = [{ order: NAMES, files: [{ path: accepted, origin: accepted, bytes: 0 }] }];
  return read({ format: "parquet", groups, columns: COLUMNS, validate: "all", identity: null });
}

/** The strict read takes it as the split does, or leaves it to the split. */
async function readStrictly(input: ScannableInput): Promise<"refused" | readonly (readonly Cell[])[]> {
  try {
    return await read(input);
  } catch (error) {
    if (!isSluiceError(error) || error.reason !== "strict") throw error;
    return "refused";
  }
}

const FILLER = `${"1,abcdefgh\n".repeat(120_000)}`;
it.each([
  ["a CR behind a delimiter", "1,\r2,b\n", "lf"],
  ["one in front of a record", "\r1,a\n2,b\n", "lf"],
  ["one in front of a later record", "1,a\n\r2,b\n", "lf"],
  ["one behind an empty field in front of a quoted one", '1,\r2,"b\n"\n3,c\n', "lf"],
  ["an LF behind a delimiter", "1,\n2,b\r", "cr"],
  ["an LF behind a last delimiter", "1,a\r2,\n\r", "cr"],
  // A piece of the file ends after the delimiter, or after the CR.
  ...[0, 1, 2, 3, 4].map(
    (more) =>
      [
        `a CR at the end of a piece (${more})`,
        `${FILLER.slice(0, 1_048_576 - 8)}${"z".repeat(more)}\n7,\r8,b\n`,
        "lf",
      ] as const,
  ),
] as const)("%s is taken for no line end", async (_, text, newline) => {
  const input = await inputOf(text, newline);
  expect(await readStrictly(input)).toBe("refused");
});

it.each([
  ["a CR at the end", "1,a\n2,\r", "lf"],
  ["CRLF", "1,a\r\n2,\r\n\r\n3,c\r\n", "crlf"],
  ["a CR in quotes", '1,"a\r"\n2,b\n', "lf"],
  ["CRLF where a piece ends", `${FILLER.slice(0, 1_048_576 - 8)}zz\n7,\r\n8,b\n`, "lf"],
] as const)("%s is read at once, and as the split reads it", async (_, text, newline) => {
  const input = await inputOf(text, newline);
  expect(await readStrictly(input)).toEqual(await split(input));
});
