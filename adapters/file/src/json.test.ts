import { gzipSync } from "node:zlib";
import { readInput } from "@sluice/conformance";
import { createDuckDbEngine } from "@sluice/duckdb";
import { afterAll, expect, test } from "vitest";
import { createProject, removeFolders } from "./files.fixture.ts";

const engine = createDuckDbEngine({ threads: 2 });
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await removeFolders();
});
const newProject = () => createProject({ engine, readInput });

const typesOf = (found: { readonly columns: readonly { readonly name: string; readonly type: string }[] }) =>
  Object.fromEntries(found.columns.map(({ name, type }) => [name, type]));

test("types come from every record: whole numbers, decimals beyond int64, fractions, times, uuids, nesting", async () => {
  const project = await newProject();
  await project.write(
    "x.ndjson",
    [
      '{"i":1,"w":1,"f":1,"b":true,"d":"2024-01-31","t":"31/01/2024 10:00","u":"0b5c5e10-54cf-4ae2-8a37-9d1a0a3a0a3a","s":"5","n":null,"e":[],"o":{}}',
      '{"i":-2,"w":9223372036854775808,"f":1.0,"b":false,"d":"2024-02-29","s":"x","a.b":{"__proto__":1},"l":[{"q":1},{"q":2,"day":"01.02.2024"}]}',
      '{"i":3,"f":1e3,"a.b":{"x y":[1.5,null]},"l":[{"day":"13.02.2024"}]}',
    ].join("\r\n"),
  );
  const found = await project.discover("x.ndjson");
  expect(typesOf(found)).toEqual({
    i: "int64",
    w: "decimal(38,0)",
    f: "float64",
    b: "bool",
    d: "date",
    t: "timestamp",
    u: "uuid",
    s: "string",
    n: "json",
    e: "list<json>",
    o: "json",
    "a.b": 'struct{__proto__: int64, "x y": list<float64>}',
    l: "list<struct{q: int64, day: date}>",
  });
  expect(found.columns.find(({ name }) => name === "t")?.format).toBe("%d/%m/%Y %H:%M");
  expect(found.columns.find(({ name }) => name === "l")?.formats).toEqual([["l[].day", "%d.%m.%Y"]]);
  expect(found.columns.every(({ nullable }) => nullable)).toBe(true);
  expect(found.warnings).toEqual([]);
  expect(found.rows).toBe(3);
});

test("numbers that a float64 would round are decimals, and JSON where no decimal holds them", async () => {
  const project = await newProject();
  await project.write(
    "x.ndjson",
    [
      '{"n":1.50,"l":0.1234567890123456789,"e":1e5,"f":9007199254740992,"o":{"p":[-0.5]}}',
      '{"n":9007199254740993,"l":2,"e":9007199254740993,"f":0.5,"o":{"p":[9007199254740993]}}',
    ].join("\n"),
  );
  const found = await project.discover("x.ndjson");
  expect(typesOf(found)).toEqual({
    n: "decimal(38,2)",
    l: "decimal(38,19)",
    e: "json",
    f: "float64",
    o: "struct{p: list<decimal(38,1)>}",
  });
  expect(found.warnings).toEqual([
    '"e" is json because it holds numbers that a float64 rounds, and no decimal holds all its values: declare its type',
  ]);
});

test("lists that are nested too deep are called that, not a disagreement", async () => {
  const project = await newProject();
  await project.write("x.ndjson", `{"a":${"[".repeat(100_000)}1${"]".repeat(100_000)}}\n`);
  const found = await project.discover("x.ndjson");
  expect(found.warnings).toEqual(['"a[][][][][][]" is json because it is nested too deep, or has too many keys']);
  expect(found.columns).toMatchObject([{ name: "a", type: "list<list<list<list<list<list<json>>>>>>" }]);
});

test("where shapes disagree, the value is kept as JSON, and a warning says which", async () => {
  const project = await newProject();
  await project.write("x.ndjson", '{"a":1,"o":{"k":[1]}}\n{"a":"1","o":{"k":2}}\n{"a":{"x":1},"o":{"K":1,"k":3}}\n');
  const found = await project.discover("x.ndjson");
  expect(typesOf(found)).toEqual({ a: "json", o: "json" });
  expect(found.warnings).toEqual([
    '"a" is json because its values disagree: whole numbers (1), texts (1), objects (1)',
    '"o" is json because its keys "K" and "k" differ only by case',
  ]);
});

test("keys that no column can be called are refused, unless other columns are chosen", async () => {
  const project = await newProject();
  await project.write("case.ndjson", '{"id":1,"Id":2,"x":3}\n');
  await expect(project.discover("case.ndjson")).rejects.toMatchObject({
    code: "data",
    reason: "keys",
    message: 'case.ndjson cannot be a table: the keys "id" and "Id" differ only by case',
  });
  expect(await project.discover("case.ndjson", {}, { columns: ["x"] })).toMatchObject({ partial: true, warnings: [] });
  await project.write("empty.ndjson", '{"":1}\n');
  await expect(project.discover("empty.ndjson")).rejects.toThrow("there is a key without a name");
});

test("what is declared wins, maps among it, and what will be rejected is said", async () => {
  const project = await newProject();
  await project.write(
    "x.ndjson",
    '{"id":1,"m":{"a":"2024-01-01"},"n":"1.50"}\n{"id":2.5,"m":{"b":null},"n":"x"}\n{"m":{}}\n',
  );
  const found = await project.discover(
    "x.ndjson",
    {},
    {
      types: new Map([
        ["id", "int64"],
        ["m", "map<string,date>"],
        ["n", "decimal(10,2)"],
      ]),
      required: ["id"],
    },
  );
  expect(typesOf(found)).toEqual({ id: "int64", m: "map<string,date>", n: "decimal(10,2)" });
  expect(found.warnings).toEqual([
    '1 record of 3 will be rejected: the first, x.ndjson line 2, "id" is not an int64',
    '1 record of 3 will be rejected: the first, x.ndjson line 3, "id" is missing',
  ]);
});

const DOCUMENT = `{
  "next": null, "skip": {"items": [9, "]"], "q": "\\""},
  "result": {"line items": [
    {"id": 1,
     "text": "a \\" ] } , [ b"},

    {"id": 2, "list": [ 1, 2 ]}
  ], "total": 2},
  "after": [{}]
}
`;

test("what will be rejected of a document is said by the line of the document", async () => {
  const project = await newProject();
  await project.write("x.json", '{"items": [\n{\n"id": 1\n},\n\n{\n"id": 2.5\n}]}');
  const found = await project.discover("x.json", { at: "$.items" }, { types: new Map([["id", "int64"]]) });
  expect(found.warnings).toEqual(['1 record of 2 will be rejected: the first, x.json line 6, "id" is not an int64']);
});

test("a document is cut at a path, and rejects know their lines", async () => {
  const project = await newProject();
  await project.write("x.json", DOCUMENT);
  const dataset = await project.freeze("x.json", {}, { at: '$.result["line items"]' });
  expect(typesOf(dataset)).toEqual({ id: "int64", text: "string", list: "list<int64>" });
  expect(await project.rows(dataset)).toEqual([
    ["1", 'a " ] } , [ b', null],
    ["2", null, "[1,2]"],
  ]);
  await project.write("x.json", DOCUMENT.replace('"id": 2', '"id": 2 3').replace("]}\n", "]},\n"));
  const input = await project.scan(dataset);
  const columns = ["id"];
  const [accepted, rejected] = [`${project.context.scratch}/a.parquet`, `${project.context.scratch}/r.parquet`];
  const { signal } = new AbortController();
  const result = await engine.split({ name: "things", input, columns, accepted, rejected, signal });
  expect(result).toMatchObject({ accepted: 1, rejected: 2, reasons: [{ rule: "is not JSON", rows: 2 }] });
  const rejects = ["line", "raw"].map((name) => ({ name, type: name === "line" ? "int64" : "string", nullable: true }));
  const read = await readInput(engine, {
    format: "parquet",
    groups: [{ order: ["line", "raw"], files: [{ path: rejected, origin: "r", bytes: 0 }] }],
    columns: rejects,
    validate: "used",
    identity: 1,
  });
  expect(read).toEqual([
    ["7", '{"id":2 3,"list":[1,2]}'],
    ["8", ","],
  ]);
});

test.each([
  ["an array", '\ufeff[{"a":1},\n{"a":2}]', ["1", "2"]],
  ["one object", '{"a": 1}', ["1"]],
  ["an empty array among records elsewhere", "[ ]", []],
  ["gzip", gzipSync('[{"a":1}]'), ["1"]],
  ["UTF-16 with a mark", Buffer.from('\ufeff[{"a":1}]', "utf16le"), ["1"]],
] as const)("reads a document that is %s", async (_, content, expected) => {
  const project = await newProject();
  await project.write("one.json", '[{"a":7}]');
  const dataset = await project.freeze("one.json", { source: { type: "file", path: "x.json" } });
  await project.write("x.json", content);
  expect(await project.rows(dataset)).toEqual(expected.map((text) => [text]));
});

test.each([
  ["half of it", '[{"a":1},{"a":', "is not a whole JSON document: it ends in line 1, in the middle"],
  ["nothing", " \n", "is empty: expected a JSON document"],
  ["no object", "5", "holds at $ neither an array of objects nor an object (line 1)"],
  ["no JSON", "\n id,name\n1,a\n", 'is not JSON: "i" in line 2 begins no value'],
  ["a comment", '[\n// c\n{"a":1}]', "holds a slash outside of strings in line 2: JSON has no comments"],
  ["several values", '{"a":1}\n{"a":2}\n', "holds more than one value: the second begins in line 2"],
  ["Parquet", "PAR1xxxxPAR1", "is a Parquet file, not text"],
  ["binary", '{"a":"\0"}', "is not text: byte 7 is NUL"],
  ["broken gzip", gzipSync('[{"a":1}]').subarray(0, 20), "is not a whole gzip file"],
] as const)("refuses a document that is %s", async (_, content, says) => {
  const project = await newProject();
  await project.write("x.json", content);
  await expect(project.discover("x.json")).rejects.toMatchObject({
    code: "data",
    message: expect.stringContaining(says),
  });
});

test("a path that leads nowhere is named", async () => {
  const project = await newProject();
  await project.write("x.json", '{"a":{"b":[]}}');
  const discover = (at: string) => project.discover("x.json", { at });
  await expect(discover("$.a.c")).rejects.toThrow('x.json has no "c" at $.a');
  await expect(discover("$.a.b.c")).rejects.toThrow("x.json holds at $.a.b no object (line 1)");
  await expect(discover("$.a.")).rejects.toMatchObject({ code: "config" });
  await expect(discover("$.a.b")).rejects.toThrow("x.json holds no record");
});

test("NDJSON that is none says what to do", async () => {
  const project = await newProject();
  await project.write("x.ndjson", '[\n{"a":1},\n{"a":2}\n]\n');
  const error = { hint: 'where the file is one document, say format: "json"' };
  await expect(project.discover("x.ndjson")).rejects.toMatchObject(error);
});

test("new keys are drift, a warning, or left aside with the columns that nobody chose", async () => {
  const project = await newProject();
  await project.write("x.ndjson", '\ufeff{"a":1}\n');
  const dataset = await project.freeze("x.ndjson");
  expect((await project.scan(dataset)).unknownKeys).toBe("fail");
  expect((await project.scan({ ...dataset, drift: "warn" })).unknownKeys).toBe("warn");
  expect((await project.scan({ ...dataset, partial: true })).unknownKeys).toBe("leave");
  expect(await project.rows(dataset)).toEqual([["1"]]);
});
