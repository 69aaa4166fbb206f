import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Relation } from "@sluice/core";
import { expect } from "vitest";
import type { DeclareCase } from "../suite.ts";
import {
  COMMA,
  column,
  compile,
  type EngineHarness,
  executed,
  landed,
  rowsOf,
  scan,
  textInput,
  withEngine,
} from "./bench.ts";

const COLUMNS = [column("id", "int64"), column("name", "string")];
const isOver = (value: string): Relation => ({
  kind: "filter",
  input: scan("input"),
  condition: {
    kind: "call",
    name: "gt",
    arguments: [
      { kind: "column", name: "id" },
      { kind: "literal", type: "number", value },
    ],
  },
});
const values = (...names: readonly (string | null)[]): Relation => ({
  kind: "values",
  columns: COLUMNS,
  rows: names.map((name, index) => [String(index), name]),
});

/** What is written, counted and left behind. */
export function outputCases(harness: EngineHarness, declare: DeclareCase): void {
  declare("engine.counts", "counts what it read of each input and what it wrote, exactly", () =>
    withEngine(harness, async (given) => {
      const lines = Array.from({ length: 5000 }, (_, index) => `${index},n${index % 7}`);
      const input = await textInput(given.folder, {
        texts: [`id,name\n${lines.join("\n")}\n`, "id,name\n7000,x\n", "id,name\n", ""],
        columns: COLUMNS,
      });
      const result = await executed(given, isOver("4990"), { input });
      expect(result).toMatchObject({ rowsOut: 10, rowsIn: new Map([["input", 5001]]), incomplete: [] });
      expect(result.files).toEqual([
        { path: result.path, format: "parquet", rows: 10, bytes: (await stat(result.path)).size },
      ]);
      const schema = { columns: COLUMNS };
      const again = await executed(
        given,
        isOver("4995"),
        { input: landed(result.path, schema) },
        { path: join(given.folder, "b.parquet") },
      );
      expect(again).toMatchObject({ rowsOut: 5, rowsIn: new Map([["input", 10]]), incomplete: [] });
    }),
  );

  declare("engine.incomplete", "says which inputs it may not have read to the end", () =>
    withEngine(harness, async (given) => {
      const lines = Array.from({ length: 200_000 }, (_, index) => `${index},n${index % 7}`);
      const input = await textInput(given.folder, { texts: [`id,name\n${lines.join("\n")}\n`], columns: COLUMNS });
      const nothing: Relation = { kind: "values", columns: COLUMNS, rows: [] };
      const never: Relation = {
        kind: "filter",
        input: scan("input"),
        condition: { kind: "literal", type: "bool", value: false },
      };
      const stopping: readonly Relation[] = [
        { kind: "limit", input: scan("input"), count: 3 },
        { kind: "join", left: scan("input"), right: nothing, how: "inner", using: ["id", "name"] },
        { kind: "join", left: scan("input"), right: nothing, how: "semi", using: ["id"] },
        never,
      ];
      for (const relation of stopping) {
        const result = await executed(given, relation, { input });
        expect([relation.kind, result.incomplete]).toEqual([relation.kind, ["input"]]);
      }
      expect(await given.engine.validate(input, new AbortController().signal)).toBe(200_000);
      const whole: Relation = {
        kind: "limit",
        input: { kind: "sort", input: scan("input"), by: [{ expression: { kind: "column", name: "id" } }] },
        count: 3,
      };
      const result = await executed(given, whole, { input });
      expect(result.rowsIn.get("input")).toBe(200_000);
    }),
  );

  declare("engine.csv", "writes CSV with quotes where they are needed, everywhere, or refuses", () =>
    withEngine(harness, async (given) => {
      const write = async (relation: Relation, quote: "minimal" | "all" | "none", header = true): Promise<string> => {
        const csv = { delimiter: ";", header, quote };
        const { path } = await executed(given, relation, {}, { format: "csv", csv, ordered: true });
        return readFile(path, "utf8");
      };
      const plain = values("a", null, "c d");
      expect(await write(plain, "minimal")).toBe("id;name\n0;a\n1;\n2;c d\n");
      expect(await write(plain, "none", false)).toBe("0;a\n1;\n2;c d\n");
      expect(await write(values("a", null), "all")).toBe('"id";"name"\n"0";"a"\n"1";\n');
      expect(await write(values("a;b", 'q"', "l\nm", ""), "minimal", false)).toBe('0;"a;b"\n1;"q"""\n2;"l\nm"\n3;""\n');
      for (const text of ["a;b", 'q"', "l\nm", "r\r", ""]) {
        await expect(write(values("fine", text), "none")).rejects.toMatchObject({
          code: "data",
          message: expect.stringContaining(JSON.stringify(text)),
        });
      }
      expect(await readdir(join(given.folder, "out"))).toEqual([]);
    }),
  );

  declare("engine.fractions", "writes a zero before the point of decimals without a digit there", () =>
    withEngine(harness, async (given) => {
      const columns = [column("rate", "decimal(4,4)"), column("long", "decimal(38,38)")];
      const long = `0.${"12345678901234567890".repeat(2).slice(0, 38)}`;
      const relation: Relation = {
        kind: "values",
        columns,
        rows: [
          ["0.0525", long],
          ["-0.5", `-${long}`],
        ],
      };
      const written = async (format: "csv" | "ndjson"): Promise<string> =>
        readFile((await executed(given, relation, {}, { format, ordered: true })).path, "utf8");
      expect(await written("csv")).toBe(`rate,long\n0.0525,${long}\n-0.5000,-${long}\n`);
      expect(await written("ndjson")).toBe(`{"rate":0.0525,"long":${long}}\n{"rate":-0.5000,"long":-${long}}\n`);
      expect(await rowsOf(given.engine, relation)).toEqual([
        ["0.0525", long],
        ["-0.5000", `-${long}`],
      ]);
    }),
  );

  declare("engine.csv.round-trip", "reads back what it wrote", () =>
    withEngine(harness, async (given) => {
      const relation = values("a,b", 'q""', " x ", "l\r\nm", "", null, "é🎉", "'", "\\");
      const { path } = await executed(given, relation, {}, { format: "csv", ordered: true });
      const text = await readFile(path);
      const input = await textInput(given.folder, { texts: [text], columns: COLUMNS, dialect: COMMA });
      expect(await rowsOf(given.engine, scan("input"), { input })).toEqual(await rowsOf(given.engine, relation));
    }),
  );

  declare("engine.ordered", "keeps the order of a sort in its file", () =>
    withEngine(harness, async (given) => {
      const lines = Array.from({ length: 300_000 }, (_, index) => `${(index * 7919) % 300_007},n`);
      const input = await textInput(given.folder, { texts: [`id,name\n${lines.join("\n")}\n`], columns: COLUMNS });
      const relation: Relation = {
        kind: "keep",
        input: {
          kind: "sort",
          input: scan("input"),
          by: [{ expression: { kind: "column", name: "id" }, descending: true }],
        },
        columns: ["id"],
      };
      for (const format of ["parquet", "csv"] as const) {
        const { path } = await executed(given, relation, { input }, { format });
        const schema = { columns: [column("id", "int64")] };
        const own =
          format === "parquet"
            ? landed(path, schema)
            : await textInput(given.folder, { texts: [await readFile(path)], ...schema });
        const ids = (await rowsOf(given.engine, scan("input"), { input: own })).map(([id]) => Number(id));
        expect(ids.length).toBe(300_000);
        expect(ids.every((id, index) => index === 0 || id < (ids[index - 1] ?? 0))).toBe(true);
      }
    }),
  );

  declare("engine.explain", "says in words how it would go about a query", () =>
    withEngine(harness, async (given) => {
      const input = await textInput(given.folder, { texts: ["id,name\n1,a\n"], columns: COLUMNS });
      const { query, request } = compile(given.engine, isOver("1"), { input });
      expect(await given.engine.explain(query, request)).toMatch(/filter/i);
    }),
  );

  declare("engine.parameters", "binds parameters and constants, whatever stands in them", () =>
    withEngine(harness, async ({ engine }) => {
      const relation: Relation = {
        kind: "select",
        input: values("a"),
        columns: [
          ["text", { kind: "parameter", name: "text" }],
          [
            "number",
            {
              kind: "call",
              name: "plus",
              arguments: [
                { kind: "parameter", name: "n-1" },
                { kind: "literal", type: "number", value: "1" },
              ],
            },
          ],
          ["nothing", { kind: "parameter", name: "nothing" }],
          ["flag", { kind: "parameter", name: "flag" }],
          ["now", { kind: "constant", name: "now" }],
          ["today", { kind: "constant", name: "today" }],
        ],
      };
      const parameters = new Map([
        ["text", { type: "string", value: "'; drop table x; --" }],
        ["n-1", { type: "int32", value: "41" }],
        ["nothing", { type: "date", value: null }],
        ["flag", { type: "bool", value: true }],
      ]);
      const { query } = compile(engine, relation, {}, parameters);
      expect(query.sql).not.toContain("drop table");
      expect(await rowsOf(engine, relation, {}, parameters)).toEqual([
        ["'; drop table x; --", 42, null, true, "2024-02-29 12:00:00+00", "2024-02-29"],
      ]);
    }),
  );

  declare("engine.parquet.exact", "writes Parquet in which equal values stay as they are", () =>
    withEngine(harness, async (given) => {
      const columns = [column("id", "int64"), column("zero", "float64"), column("small", "float32")];
      // So few different values that a dictionary pays.
      const ids = Array.from({ length: 600 }, (_, index) => index);
      const rows = ids.map((id) => [String(id), ...(id % 2 === 0 ? ["0", "-0"] : ["-0.0", "0"])]);
      const relation: Relation = { kind: "values", columns, rows };
      const { path } = await executed(given, relation, {}, { format: "parquet", ordered: true });
      const input = landed(path, { columns });
      const zeros = (await rowsOf(given.engine, scan("input"), { input })).map((row) => row.slice(1));
      expect(zeros).toEqual(ids.map((id) => (id % 2 === 0 ? [0, -0] : [-0, 0])));
      const lasting = [column("id", "int64"), column("lasts", "interval")];
      const spans: Relation = {
        kind: "values",
        columns: lasting,
        rows: ids.map((id) => [String(id), id % 2 === 0 ? "P30D" : "P1M"]),
      };
      for (const unsignedZeros of [false, true]) {
        const written = await executed(
          given,
          spans,
          {},
          { format: "parquet", ordered: true, unsignedZeros, coarseIntervals: true },
        );
        const read = await rowsOf(given.engine, scan("input"), { input: landed(written.path, { columns: lasting }) });
        expect(read.map(([, lasts]) => lasts)).toEqual(ids.map((id) => (id % 2 === 0 ? "30 days" : "1 month")));
      }
    }),
  );

  declare("engine.parquet.intervals", "keeps every interval in a Parquet file for itself", () =>
    withEngine(harness, async (given) => {
      const texts = [
        "00:00:00.000001",
        "-00:00:00.000001",
        "1 month -3 days -02:00:00.5",
        "-1 year -1 month",
        "40 days",
      ];
      const columns = [column("id", "int64"), column("text", "string")];
      const rows = texts.map((text, index) => [String(index), text]);
      const lasts = { kind: "cast", value: { kind: "column", name: "text" }, type: "interval" } as const;
      const spans: Relation = {
        kind: "derive",
        input: { kind: "values", columns, rows },
        columns: [
          ["lasts", lasts],
          ["many", { kind: "call", name: "listOf", arguments: [lasts, lasts] }],
        ],
      };
      const { path } = await executed(given, spans, {}, { format: "parquet", ordered: true });
      const written = [...columns, column("lasts", "interval"), column("many", "list<interval>")];
      const read = await rowsOf(given.engine, scan("input"), { input: landed(path, { columns: written }) });
      expect(read.map((row) => row.slice(1))).toEqual(texts.map((text) => [text, text, JSON.stringify([text, text])]));
    }),
  );

  declare("engine.cells", "gives cells without loss", () =>
    withEngine(harness, async ({ engine }) => {
      const typed: readonly (readonly [type: string, value: string, cell: string | number | bigint])[] = [
        ["int64", "9007199254740991", 9007199254740991],
        ["int64", "9007199254740993", 9007199254740993n],
        ["uint64", "18446744073709551615", 18446744073709551615n],
        ["decimal(38,10)", "1234567890123456789012345678.0123456789", "1234567890123456789012345678.0123456789"],
        ["float64", "0.1", 0.1],
        ["timestamp", "2021-12-31T14:00:00", "2021-12-31 14:00:00"],
        ["timestamp", "2021-12-31T14:00:00.123456", "2021-12-31 14:00:00.123456"],
        ["timestamptz", "2021-12-31T14:00:00+02", "2021-12-31 12:00:00+00"],
        ["date", "2021-12-31", "2021-12-31"],
        ["time", "14:00:00", "14:00:00"],
        ["bytes", "00FF", "00ff"],
        ["uuid", "0b5a4c4e-6a1b-4f0e-9a53-0a4e3f0a7c11", "0b5a4c4e-6a1b-4f0e-9a53-0a4e3f0a7c11"],
        ["json", '{"a": 1}', '{"a": 1}'],
        ["interval", "P1DT2H", "1 day 02:00:00"],
        ["enum('a', 'b')", "b", "b"],
        ["string", "\uFEFF\uFEFFa", "\uFEFF\uFEFFa"],
        ["string", "a\uFEFF", "a\uFEFF"],
        ["enum('\uFEFFa', 'b')", "\uFEFFa", "\uFEFFa"],
      ];
      const columns = typed.map(([type], index) => column(`c${index}`, type));
      const relation: Relation = { kind: "values", columns, rows: [typed.map(([, value]) => value)] };
      expect(await rowsOf(engine, relation)).toEqual([typed.map(([, , cell]) => cell)]);
    }),
  );
}
