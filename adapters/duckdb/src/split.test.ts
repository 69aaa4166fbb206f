import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readInput } from "@sluice/conformance";
import type { CsvDialect, FrozenColumn, ScannableInput } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { afterAll, expect, it } from "vitest";

const root = await mkdtemp(join(tmpdir(), "sluice-split-"));
const engine = createDuckDbEngine({ scratch: root, threads: 2 });
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await rm(root, { recursive: true });
});

const COLUMNS: readonly FrozenColumn[] = [
  { name: "id", type: "int64", nullable: true },
  { name: "text", type: "string", nullable: true },
];
const DIALECT: CsvDialect = {
  ...{ delimiter: ",", quote: '"', escape: '"', header: true, newline: "lf" },
  ...{ encoding: "utf-8", quotedEmpty: "null", compression: "none" },
};
/** So that there are several copies of sound records, and many pieces of the file. */
const RECORDS = 400_000;
const FILLING = "x".repeat(90);

interface Expected {
  readonly ids: string[];
  readonly rejects: (readonly string[])[];
}

/** A large text, and what a reader of it finds. */
function large(lineEnd: (index: number) => string): { readonly text: string; readonly expected: Expected } {
  const lines: string[] = ["id,text\n"];
  const expected: Expected = { ids: [], rejects: [] };
  let line = 2;
  for (let index = 1; index <= RECORDS; index++) {
    // One of the copies in the middle holds nothing to refuse.
    const isClean = index > 150_000 && index < 350_000;
    const isRefused = (!isClean && index % 7_001 === 5) || index === RECORDS;
    const record = index % 60_007 === 3 ? "few" : isRefused ? `${index}x,${FILLING}` : undefined;
    const text = index === 100_000 ? "y".repeat(3_000_000) : index % 1009 === 0 ? `"a\nb${FILLING}"` : FILLING;
    const whole = record ?? `${index},${text}`;
    if (record === undefined) expected.ids.push(String(index));
    else {
      const [column, rule] = record === "few" ? ["", "has too few fields"] : ["id", "is not an int64"];
      expected.rejects.push([String(index), String(line), column, rule, record, String(record.length)]);
    }
    line += record === undefined && index % 1009 === 0 && index !== 100_000 ? 2 : 1;
    lines.push(whole, index === RECORDS ? "" : lineEnd(index));
  }
  return { text: lines.join(""), expected };
}

it.each([
  ["line feeds", "lf", () => "\n"],
  ["both line ends", "mixed", (index: number) => (Math.floor(index / 5000) % 2 === 0 ? "\n" : "\r\n")],
] as const)(
  "tells which records of a large text with %s are refused, and keeps the order of all others",
  async (_, newline, lineEnd) => {
    const folder = await mkdtemp(join(root, "large-"));
    const path = join(folder, "in.csv");
    const { text, expected } = large(lineEnd);
    await writeFile(path, text);
    const files = [{ path, origin: "in.csv", bytes: (await stat(path)).size }];
    const order = COLUMNS.map(({ name }) => name);
    const input: ScannableInput = {
      ...{ format: "csv", dialect: { ...DIALECT, newline }, columns: COLUMNS, validate: "all", identity: null },
      groups: [{ order, files }],
    };
    const [accepted, rejected] = [join(folder, "accepted.parquet"), join(folder, "rejected.parquet")];
    const { signal } = new AbortController();
    const result = await engine.split({ name: "in", input, columns: ["id"], accepted, rejected, signal });
    expect(result).toMatchObject({ accepted: expected.ids.length, rejected: expected.rejects.length });
    const read = async (file: string): Promise<readonly (readonly unknown[])[]> => {
      const { columns } = await engine.schemaOfFile(file);
      const groups = [{ order: columns.map(({ name }) => name), files: [{ path: file, origin: file, bytes: 0 }] }];
      return await readInput(engine, { format: "parquet", groups, columns, validate: "all", identity: null });
    };
    expect(await read(rejected)).toEqual(expected.rejects.map((reject) => ["in.csv", ...reject]));
    expect((await read(accepted)).map(([id]) => id)).toEqual(expected.ids);
  },
);
