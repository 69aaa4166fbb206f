import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accepts, type Cell, type FrozenColumn, isSluiceError, type ScannableInput } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { afterAll, describe, expect, it } from "vitest";

const root = await mkdtemp(join(tmpdir(), "sluice-printed-"));
const engine = createDuckDbEngine({ scratch: root, threads: 2 });
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await rm(root, { recursive: true });
});

const DATE = { format: "%Y-%m-%d" };
const TIMESTAMP = { format: "%Y-%m-%d %H:%M:%S%.f" };
const ZONED = { format: "%Y-%m-%d %H:%M:%S%.f%z" };

/** What PostgreSQL prints for values of a type, those that sluice refuses among them. */
const PRINTED: readonly (readonly [Omit<FrozenColumn, "name" | "nullable">, readonly string[]])[] = [
  [{ type: "bool", words: [["t"], ["f"]] }, ["t", "f"]],
  [{ type: "int16" }, ["-32768", "32767", "0"]],
  [{ type: "int64" }, ["-9223372036854775808", "9223372036854775807"]],
  [{ type: "uint32" }, ["4294967295"]],
  [{ type: "float32" }, ["1e-45", "3.4028235e+38", "-0", "0.1", "NaN", "Infinity", "-Infinity"]],
  [{ type: "float64" }, ["5e-324", "1.7976931348623157e+308", "-0", "0.1", "1e+20", "NaN", "Infinity", "-Infinity"]],
  [{ type: "decimal(4,2)" }, ["99.99", "-99.99", "0.00", "NaN"]],
  [{ type: "decimal(2,2)" }, ["0.99", "-0.99", "NaN"]],
  [{ type: "decimal(38,0)" }, [`-${"9".repeat(38)}`, "7", "NaN"]],
  [
    { type: "date", ...DATE },
    [
      "0001-01-01",
      "9999-12-31",
      "2024-02-29",
      "infinity",
      "-infinity",
      "10000-01-01",
      "5874897-12-31",
      "0044-03-15 BC",
    ],
  ],
  [{ type: "time", format: "%H:%M:%S%.f" }, ["00:00:00", "23:59:59.999999", "24:00:00"]],
  [
    { type: "timestamp", ...TIMESTAMP },
    [
      ...["0001-01-01 00:00:00", "9999-12-31 23:59:59.999999", "2024-02-29 12:00:00.5", "infinity", "-infinity"],
      ...["10000-01-01 00:00:00", "294276-12-31 23:59:59.999999", "0044-03-15 00:00:00 BC", "0044-03-15 00:00:00.5 BC"],
    ],
  ],
  [
    { type: "timestamptz", ...ZONED },
    [
      ...["0001-01-01 00:00:00+00", "9999-12-31 23:59:59.999999+00", "2024-02-29 12:00:00.5+00", "infinity"],
      ...["-infinity", "10000-01-01 00:00:00+00", "0044-03-15 00:00:00+00 BC", "0044-03-15 00:00:00.5+00 BC"],
    ],
  ],
  [{ type: "uuid" }, ["11111111-2222-3333-4444-555555555555"]],
  [{ type: "json" }, ['"{""a"": [1, null]}"']],
  [{ type: "bytes" }, ["\\x00ff"]],
  [{ type: "string" }, ['""', '"a,""b"""', "infinity"]],
];

let files = 0;

/** The values of two records, of which the second is null; undefined where one is refused. */
async function read(
  column: FrozenColumn,
  text: string,
  more: Pick<ScannableInput, "printed" | "validate">,
  columns: readonly string[],
): Promise<readonly (readonly Cell[])[] | undefined> {
  files += 1;
  const path = join(root, `${files}.csv`);
  await writeFile(path, column.nullable ? `1,${text}\n2,\n` : `1,${text}\n`);
  const id: FrozenColumn = { name: "id", type: "int64", nullable: true };
  const input: ScannableInput = {
    format: "csv",
    dialect: {
      ...{ delimiter: ",", quote: '"', escape: '"', header: false, newline: "lf" },
      ...{ encoding: "utf-8", quotedEmpty: "text", compression: "none" },
    },
    groups: [{ order: ["id", "value"], files: [{ path, origin: "values.csv", bytes: 0 }] }],
    columns: [id, column],
    identity: null,
    ...more,
  };
  const schema = { columns: [id, column].filter(({ name }) => columns.includes(name)) };
  const query = engine.compile(
    { kind: "scan", source: { dataset: "values" } },
    { schemaOf: () => schema, parameters: new Map() },
  );
  const rows: (readonly Cell[])[] = [];
  try {
    const request = {
      inputs: new Map([["values", { input, columns }]]),
      parameters: new Map(),
      constants: { now: "2026-11-21T00:00:00Z", today: "2026-11-21" },
      signal: new AbortController().signal,
    };
    for await (const part of engine.rows(query, request)) rows.push(...part);
  } catch (error) {
    if (isSluiceError(error) && error.code === "data") return undefined;
    throw error;
  }
  return rows;
}

describe("text that a database printed", () => {
  for (const [type, texts] of PRINTED) {
    it(`gives the values and refuses the records that the exact rule does: ${type.type}`, async () => {
      const column: FrozenColumn = { name: "value", nullable: true, ...type };
      for (const text of texts) {
        const looked = await read(column, text, { validate: "all" }, ["id", "value"]);
        const printed = { validate: "all", printed: ["id", "value"] } as const;
        const trusted = await read(column, text, printed, ["id", "value"]);
        const value = text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;
        expect(trusted === undefined, text).toBe(accepts(column, value) !== undefined);
        // The quick rule over letters leaves some that are right to the exact one: then there is nothing to compare with.
        if (looked !== undefined) expect(trusted, text).toEqual(looked);
        const unread = await read(column, text, printed, ["id"]);
        expect(unread === undefined, `${text}, of which nothing is used`).toBe(trusted === undefined);
      }
    });
  }

  it("refuses a null where none was frozen", async () => {
    const column: FrozenColumn = { name: "value", type: "int64", nullable: false };
    expect(await read(column, "", { validate: "all", printed: ["value"] }, ["id"])).toBeUndefined();
    expect(await read(column, "7", { validate: "all", printed: ["value"] }, ["id"])).toHaveLength(1);
  });
});
