import { readInput } from "@sluice/conformance";
import { type FrozenColumn, type FrozenDataset, isSluiceError, type ScannableInput } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { createProject, removeFolders } from "./files.fixture.ts";
import { readSplit } from "./split.fixture.ts";

const engine = createDuckDbEngine({ threads: 2 });
const surroundings = { engine, readInput };
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await removeFolders();
});

const columns: readonly FrozenColumn[] = ["a", "b", "c"].map((name) => ({ name, type: "string", nullable: true }));
const frozen = (delimiter: string): FrozenDataset => ({
  version: 1,
  name: "t",
  source: { type: "file", path: "t.csv" },
  dialect: {
    delimiter,
    quote: '"',
    escape: '"',
    header: false,
    newline: "lf",
    encoding: "utf-8",
    quotedEmpty: "text",
    compression: "none",
  },
  columns,
  validate: "all",
  drift: "fail",
  reordered: "fail",
  stage: "volatile",
  warnings: [],
});

/** By the strict read alone; undefined where it leaves the input to the split. */
async function strictRows(input: ScannableInput): Promise<readonly unknown[] | undefined> {
  const scan = { kind: "scan", source: { dataset: "t" } } as const;
  const query = engine.compile(scan, { schemaOf: () => ({ columns }), parameters: new Map() });
  const inputs = new Map([["t", { input, columns: ["a", "b", "c"] }]]);
  const constants = { now: "2024-01-01 00:00:00", today: "2024-01-01" };
  const { signal } = new AbortController();
  const rows: unknown[] = [];
  try {
    for await (const batch of engine.rows(query, { inputs, parameters: new Map(), constants, signal })) {
      rows.push(...batch);
    }
    return rows;
  } catch (error) {
    if (isSluiceError(error) && error.reason === "strict") return undefined;
    throw error;
  }
}

const pieces = fc.constantFrom("x", " ", '"', '"y"', '"y, z | q"', ' "y"', '""', ",", "|", ";", "é", "");
const fields = fc.array(pieces, { maxLength: 2 }).map((parts) => parts.join(""));
const records = fc.array(fc.array(fields, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 3 });

describe("a delimiter of several characters", () => {
  it.each([", ", " | ", "||"])("is read by the strict read as by the split, or not at all: %j", async (delimiter) => {
    const project = await createProject(surroundings);
    let strict = 0;
    await fc.assert(
      fc.asyncProperty(records, async (rows) => {
        const text = rows.map((row) => `${row.join(delimiter)}\n`).join("");
        fc.pre(text.trim() !== "");
        await project.write("t.csv", text);
        const input = await project.scan(frozen(delimiter));
        const { accepted, rejected } = await readSplit(surroundings, input);
        const found = await strictRows(input);
        if (found === undefined) return;
        strict += 1;
        expect([found, rejected]).toEqual([accepted, []]);
      }),
      // Only one in ten of them is read strictly, so that of sixty there may be none.
      { numRuns: 60, examples: [[[["x", "y", "z"]]]] },
    );
    expect(strict).toBeGreaterThan(0);
  });

  it("keeps what stands in quotes, and tells a record that has more behind them", async () => {
    const project = await createProject(surroundings);
    await project.write("t.csv", 'x, "y, ""z""", \n"", NA, w\n"x",, "y", z\n');
    const { accepted, rejected } = await readSplit(surroundings, await project.scan(frozen(", ")));
    expect(accepted).toEqual([
      ["x", 'y, "z"', null],
      ["", "NA", "w"],
    ]);
    expect(rejected.map(([, record, , , rule, raw]) => [record, rule, raw])).toEqual([
      ["3", "has text after a closing quote", '"x",, "y", z'],
    ]);
  });
});
