import { mkdir, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type {
  Cell,
  ExecutionResult,
  FieldId,
  FrozenColumn,
  PartitionTransform,
  Relation,
  ScannableInput,
  TableOutput,
} from "@sluice/core";
import { expect } from "vitest";
import type { DeclareCase } from "../suite.ts";
import { column, type EngineHarness, executed, type Given, rowsOf, scan, withEngine } from "./bench.ts";

type Value = string | boolean | null;

/** Tables whose columns are known by numbers: their files, their partitions, their deleted rows. */
export function tableCases(harness: EngineHarness, declare: DeclareCase): void {
  declare("engine.table.files", "writes flat files of a table with numbers and statistics", () =>
    withEngine(harness, async (given) => {
      const columns = [column("id", "int64"), column("st", "struct{x: int64, y: string}"), column('a "b".c', "string")];
      const rows: Value[][] = [
        ["1", null, "x"],
        ["-5", null, null],
      ];
      const fieldIds = [
        { name: "id", id: 4 },
        {
          name: "st",
          id: 7,
          children: [
            { name: "x", id: 8 },
            { name: "y", id: 9 },
          ],
        },
        { name: 'a "b".c', id: 2 },
      ];
      const result = await written(given, columns, rows, { fieldIds, partitions: [] });
      const [file] = result.files;
      expect(result.files).toHaveLength(1);
      expect(await readdir(dirname(file?.path ?? ""))).toHaveLength(1);
      expect(file).toMatchObject({ format: "parquet", rows: 2, partition: [] });
      const statistics = new Map(file?.columns?.map((one) => [JSON.stringify(one.path), one]));
      expect(statistics.get('["id"]')).toMatchObject({ values: 2, nulls: 0, min: "-5", max: "1" });
      expect(statistics.get('["a \\"b\\".c"]')).toMatchObject({ values: 2, nulls: 1, min: "x", max: "x" });
      expect([...statistics.keys()]).toEqual(expect.arrayContaining(['["st","x"]', '["st","y"]']));
      const nothing = await written(given, columns, [], { fieldIds, partitions: [] });
      expect(nothing).toMatchObject({ files: [], rowsOut: 0 });
    }),
  );

  const partitioned: readonly (readonly [
    PartitionTransform["transform"],
    number | undefined,
    string,
    string,
    Value,
  ])[] = [
    ["identity", undefined, "string", "a/b=å", "a/b=å"],
    ["identity", undefined, "string", "NULL", "NULL"],
    ["identity", undefined, "string", "", ""],
    ["identity", undefined, "string", "x".repeat(300), "x".repeat(300)],
    ["identity", undefined, "decimal(9,2)", "-0.05", "-0.05"],
    ["identity", undefined, "bool", "true", "true"],
    ["year", undefined, "date", "1969-12-31", "-1"],
    ["month", undefined, "timestamp", "1969-12-31T23:59:59.999999", "-1"],
    ["day", undefined, "timestamptz", "1970-01-01T00:30:00+01:00", "-1"],
    ["hour", undefined, "timestamp", "1969-12-31T23:59:59.999999", "-1"],
    ["hour", undefined, "timestamptz", "2017-12-01T10:12:55.038194Z", "420034"],
    ["bucket", 2147483647, "int32", "34", "2017239379"],
    ["bucket", 16, "int64", "34", "3"],
    ["bucket", 2147483647, "decimal(9,2)", "14.20", "1646729059"],
    ["bucket", 2147483647, "date", "2017-11-16", "1494153226"],
    ["bucket", 2147483647, "time", "22:31:08", "1484720659"],
    ["bucket", 2147483647, "timestamp", "2017-11-16T22:31:08", "99539207"],
    ["bucket", 2147483647, "timestamptz", "2017-11-16T14:31:08-08:00", "99539207"],
    ["bucket", 2147483647, "string", "iceberg", "1210000089"],
    ["bucket", 2147483647, "uuid", "f79c3e09-677c-4bbd-a479-3f349cb785e7", "1488055340"],
    ["bucket", 2147483647, "bytes", "00010203", "1958800441"],
    ["truncate", 10, "int32", "-1", "-10"],
    ["truncate", 50, "decimal(9,2)", "10.65", "10.50"],
    ["truncate", 50, "decimal(9,2)", "-0.05", "-0.50"],
    ["truncate", 2, "string", "a😀b", "a😀"],
    ["truncate", 1, "bytes", "0102", "01"],
    ["void", undefined, "string", "x", null],
  ];
  declare(
    "engine.table.partitions",
    "computes partition values as Iceberg does, and keeps nulls apart from texts",
    () =>
      withEngine(harness, async (given) => {
        for (const [transform, width, type, value, expected] of partitioned) {
          const partition = { column: "c", transform, ...(width === undefined ? {} : { width }) };
          const table = { fieldIds: [{ name: "c", id: 1 }], partitions: [partition] };
          const cell = type === "bool" ? value === "true" : value;
          const { files } = await written(given, [column("c", type)], [[cell], [null], [cell]], table);
          const found = files.map((file) => [file.partition?.[0] ?? null, file.rows]);
          const whole =
            transform === "void"
              ? [[null, 3]]
              : [
                  [expected, 2],
                  [null, 1],
                ];
          expect([transform, type, new Set(found)]).toEqual([transform, type, new Set(whole)]);
        }
      }),
  );

  declare("engine.table.sizes", "cuts files of partitions that grow too large, and loses no row", () =>
    withEngine(harness, async (given) => {
      const columns = [column("id", "int64"), column("text", "string")];
      const lines = Array.from({ length: 20_000 }, (_, index): Value[] => [
        String(index),
        `${(index * 7919) % 20_011} ${index}`,
      ]);
      const partitions: PartitionTransform[] = [{ column: "id", transform: "truncate", width: 15_000 }];
      const fieldIds = columns.map(({ name }, index) => ({ name, id: index + 1 }));
      const { files, rowsOut } = await written(
        given,
        columns,
        lines,
        { fieldIds, partitions, targetBytes: 30_000 },
        2048,
      );
      expect(rowsOut).toBe(20_000);
      expect(files.length).toBeGreaterThan(2);
      const rows = new Map<string, number>();
      for (const { partition = [], rows: more } of files) {
        rows.set(String(partition[0]), (rows.get(String(partition[0])) ?? 0) + more);
      }
      expect(rows).toEqual(
        new Map([
          ["0", 15_000],
          ["15000", 5_000],
        ]),
      );
    }),
  );

  declare("engine.table.read", "finds columns by their numbers, and by name in files that have none", () =>
    withEngine(harness, async (given) => {
      const before = [column("key", "int32"), column("name", "string")];
      const ids = (...names: readonly string[]): TableOutput => ({
        fieldIds: names.map((name, index) => ({ name, id: index + 1 })),
        partitions: [],
      });
      const first = await written(given, before, [["1", "a"]], ids("key", "name"));
      const now = [column("Id", "int64"), column("other", "date"), column("name", "string")];
      const second = await written(given, [column("name", "string"), column("Id", "int64")], [["b", "2"]], {
        fieldIds: [
          { name: "name", id: 2 },
          { name: "Id", id: 1 },
        ],
        partitions: [],
      });
      const bare = await executed(
        given,
        { kind: "values", columns: [column("name", "string"), column("Id", "int32")], rows: [["c", "3"]] },
        {},
        { path: join(given.folder, "bare [1].parquet") },
      );
      const input = table(
        now,
        [1, 9, 2],
        [...first.files, ...second.files, { path: bare.path }].map(({ path }) => path),
      );
      expect(sorted(await rowsOf(given.engine, scan("input"), { input }))).toEqual([
        [1, null, "a"],
        [2, null, "b"],
        [3, null, "c"],
      ]);
      const counted: Relation = {
        kind: "aggregate",
        input: scan("input"),
        by: [],
        columns: [["n", { kind: "call", name: "count", arguments: [] }]],
      };
      expect(await rowsOf(given.engine, counted, { input: { input, columns: [] } })).toEqual([[3]]);
    }),
  );

  declare("engine.table.names", "reads files without numbers by the names that the table keeps for each number", () =>
    withEngine(harness, async (given) => {
      const bare = async (
        columns: readonly FrozenColumn[],
        ...rows: readonly (readonly Value[])[]
      ): Promise<string> => {
        const path = join(given.folder, `bare [${++outputs}].parquet`);
        await executed(given, { kind: "values", columns, rows }, {}, { path });
        return path;
      };
      const now = [
        column("id", "int64"),
        column("s2", "string"),
        column("gone", "string"),
        column("st", "struct{new: int64, y: list<struct{n: string}>, z: string}"),
        column("m", "map<string, struct{w: int32}>"),
      ];
      const st: FieldId = {
        ...{ name: "st", id: 4 },
        children: [
          { name: "new", id: 5 },
          { name: "y", id: 6, children: [{ name: "element", id: 7, children: [{ name: "n", id: 8 }] }] },
          { name: "z", id: 9 },
        ],
      };
      const m: FieldId = {
        ...{ name: "m", id: 10 },
        children: [
          { name: "key", id: 11 },
          { name: "value", id: 12, children: [{ name: "w", id: 13 }] },
        ],
      };
      const fieldNames = [
        { id: 1, names: ["id"] },
        { id: 2, names: ["s", "s2"] },
        { id: 4, names: ["st"] },
        { id: 5, names: ["old", "new"] },
        { id: 6, names: ["y"] },
        { id: 7, names: ["element"] },
        { id: 8, names: ["was"] },
        { id: 10, names: ["m"] },
        { id: 11, names: ["key"] },
        { id: 12, names: ["value"] },
        { id: 13, names: ["v"] },
      ];
      const old = [
        column("s", "string"),
        column("gone", "string"),
        column("m", "map<string, struct{v: int32}>"),
        column("st", "struct{old: int32, y: list<struct{was: string, n: string}>, z: string}"),
        column("id", "int32"),
      ];
      const st1 = "{'old': 5, 'y': [{'was': a, 'n': b}, null], 'z': 'z'}";
      const first = await bare(old, ["a", "x", "{k={'v': 7}}", st1, "1"], [null, "x", null, null, "2"]);
      const later = [column("id", "int64"), column("s2", "string"), column("st", "struct{new: int64}")];
      const second = await bare(later, ["4000000000", "b", "{'new': 6}"]);
      const numbered = await written(given, [column("id", "int64"), column("q", "string")], [["9", "c"]], {
        fieldIds: [
          { name: "id", id: 1 },
          { name: "q", id: 2 },
        ],
        partitions: [],
      });
      const ids = [1, 2, 3, 4, 10];
      const paths = [first, second, ...numbered.files.map(({ path }) => path)];
      const input = { ...table(now, ids, paths), nested: [st, m], fieldNames };
      const texts = (await rowsOf(given.engine, scan("input"), { input })).map((cells) => cells.map(String));
      expect(texts.sort()).toEqual([
        ["1", "a", "null", `{"new":5,"y":[{"n":"a"},null],"z":null}`, `{"k":{"w":7}}`],
        ["2", "null", "null", "null", "null"],
        ["4000000000", "b", "null", `{"new":6,"y":null,"z":null}`, "null"],
        ["9", "c", "null", "null", "null"],
      ]);
      const both = await bare([column("id", "int64"), column("s", "string"), column("s2", "string")], ["1", "a", "b"]);
      await expect(
        rowsOf(given.engine, scan("input"), { input: { ...table(now, ids, [both]), nested: [st, m], fieldNames } }),
      ).rejects.toThrow(/both "s" and "s2"/);
    }),
  );

  declare("engine.table.nested", "finds what is nested by number too, whatever a file calls it", () =>
    withEngine(harness, async (given) => {
      const list = (name: string, id: number, ...children: readonly FieldId[]): FieldId => ({
        ...{ name, id },
        children: [{ name: "element", id: id + 1, children }],
      });
      const before = [
        column("id", "int64"),
        column("st", "struct{a_x20b: int32, old: string}"),
        column("l", "list<struct{x: int32, m: map<string, struct{y: int32}>}>"),
      ];
      const row = ["1", "{'a_x20b': 5, 'old': 'word'}", "[{'x': 1, 'm': {k={'y': 7}}}, null]"];
      const y = (name: string): FieldId => ({
        ...{ name: "m", id: 13 },
        children: [
          { name: "key", id: 14 },
          { name: "value", id: 15, children: [{ name, id: 16 }] },
        ],
      });
      const first = await written(given, before, [row, ["2", null, null]], {
        fieldIds: [
          { name: "id", id: 1 },
          {
            ...{ name: "st", id: 2 },
            children: [
              { name: "a_x20b", id: 3 },
              { name: "old", id: 4 },
            ],
          },
          list("l", 10, { name: "x", id: 12 }, y("y")),
        ],
        partitions: [],
      });
      // `old` was renamed, and another field came that has its name.
      const st: FieldId = {
        ...{ name: "st", id: 2 },
        children: [
          { name: "old", id: 5 },
          { name: "a b", id: 3 },
          { name: "new", id: 4 },
        ],
      };
      const l = list("l", 10, y("why"), { name: "x", id: 12 });
      const now = [
        column("id", "int64"),
        column("st", 'struct{old: int64, "a b": int64, new: string}'),
        column("l", "list<struct{m: map<string, struct{why: int64}>, x: int64}>"),
      ];
      const second = await written(given, now, [["3", "{'old': 9, 'a b': 8, 'new': 'n'}", "[{'m': {}, 'x': 2}]"]], {
        fieldIds: [{ name: "id", id: 1 }, st, l],
        partitions: [],
      });
      const paths = [...first.files, ...second.files].map(({ path }) => path);
      const input: ScannableInput = { ...table(now, [1, 2, 10], paths), nested: [st, l] };
      const texts = (await rowsOf(given.engine, scan("input"), { input })).map((cells) => cells.map(String));
      expect(texts.sort()).toEqual([
        ["1", `{"old":null,"a b":5,"new":"word"}`, `[{"m":{"k":{"why":7}},"x":1},null]`],
        ["2", "null", "null"],
        ["3", `{"old":9,"a b":8,"new":"n"}`, `[{"m":{},"x":2}]`],
      ]);
    }),
  );

  declare(
    "engine.table.deletes",
    "leaves out the rows that position deletes name, of the files that they are about",
    () =>
      withEngine(harness, async (given) => {
        const columns = [column("id", "int64")];
        const fieldIds = [{ name: "id", id: 1 }];
        const write = async (...numbers: readonly string[]): Promise<string> => {
          const { files } = await written(
            given,
            columns,
            numbers.map((one) => [one]),
            { fieldIds, partitions: [] },
          );
          return files[0]?.path ?? "";
        };
        const [one, two, three] = [await write("0", "1", "2"), await write("10", "11"), await write("20")];
        const deleting = async (...rows: readonly (readonly [string, string])[]): Promise<string> => {
          const named = [column("file_path", "string"), column("pos", "int64")];
          const numbers = [
            { name: "file_path", id: 2147483546 },
            { name: "pos", id: 2147483545 },
          ];
          const { files } = await written(
            given,
            named,
            rows.map((row) => [...row]),
            { fieldIds: numbers, partitions: [] },
          );
          return files[0]?.path ?? "";
        };
        const both = await deleting(["file:/lake/one", "0"], ["file:/lake/one", "2"], ["file:/lake/two", "1"]);
        const again = await deleting(["file:/lake/one", "2"], ["file:/lake/two", "0"]);
        const input: ScannableInput = {
          ...table(columns, [1], [one, two, three]),
          deletes: [
            {
              path: both,
              of: [
                { name: "file:/lake/one", path: one },
                { name: "file:/lake/two", path: two },
              ],
            },
            // Of `two` it may not delete: it is the newer one.
            { path: again, of: [{ name: "file:/lake/one", path: one }] },
          ],
        };
        expect(sorted(await rowsOf(given.engine, scan("input"), { input }))).toEqual([[1], [10], [20]]);
        const result = await executed(given, scan("input"), { input });
        expect(result).toMatchObject({ rowsOut: 3, rowsIn: new Map([["input", 3]]) });
        const { fieldIds: _ids, ...byName } = input;
        expect(sorted(await rowsOf(given.engine, scan("input"), { input: byName }))).toEqual([[1], [10], [20]]);
      }),
  );
}

let outputs = 0;

async function written(
  given: Given,
  columns: readonly FrozenColumn[],
  rows: readonly (readonly Value[])[],
  table: TableOutput,
  rowGroupRows?: number,
): Promise<ExecutionResult> {
  const path = join(given.folder, `table [${++outputs}]`);
  await mkdir(path);
  return executed(
    given,
    { kind: "values", columns, rows },
    {},
    {
      path,
      table,
      ordered: false,
      ...(rowGroupRows === undefined ? {} : { parquet: { rowGroupRows } }),
    },
  );
}

function table(
  columns: readonly FrozenColumn[],
  fieldIds: readonly number[],
  paths: readonly string[],
): ScannableInput {
  const files = paths.map((path) => ({ path, origin: path, bytes: 0 }));
  const order = columns.map(({ name }) => name);
  return { format: "parquet", groups: [{ order, files }], columns, fieldIds, validate: "used", identity: null };
}

function sorted(rows: readonly (readonly Cell[])[]): readonly (readonly Cell[])[] {
  return [...rows].sort((a, b) => Number(a[0]) - Number(b[0]));
}
