import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Cell, type Engine, type FrozenColumn, isSluiceError, type ScannableInput } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";

const root = await mkdtemp(join(tmpdir(), "sluice-json-"));
const engine = createDuckDbEngine({ scratch: root, threads: 2 });
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await rm(root, { recursive: true });
});

const column = (name: string, type: string, more: Partial<FrozenColumn> = {}): FrozenColumn => ({
  name,
  type,
  nullable: true,
  ...more,
});
const COLUMNS: readonly FrozenColumn[] = [
  column("id", "int64", { nullable: false }),
  column("n", "int8"),
  column("u", "uint64"),
  column("x", "float64"),
  column("f", "float32"),
  column("cost", "decimal(10,2)"),
  column("wide", "decimal(38,4)"),
  column("flag", "bool"),
  column("text", "string"),
  column("day", "date"),
  column("at", "timestamp", { format: "%Y-%m-%dT%H:%M:%S" }),
  column("zoned", "timestamptz", { format: "%Y-%m-%dT%H:%M:%S%z" }),
  column("uid", "uuid"),
  column("level", "enum('low', 'high')"),
  column("tags", "list<string>"),
  column("a.b", 'struct{__proto__: int64, "x y": list<int32>}'),
  column("lines", "list<struct{sku: string, qty: int32}>"),
  column("any", "json"),
];

let files = 0;
async function inputOf(text: string | Buffer, columns: readonly FrozenColumn[], more: Partial<ScannableInput> = {}) {
  const path = join(root, `${++files}.ndjson`);
  await writeFile(path, text);
  const file = { path, origin: "data/x.ndjson", bytes: text.length };
  const order = columns.map(({ name }) => name);
  const input: ScannableInput = {
    format: "ndjson",
    groups: [{ order, files: [file] }],
    columns,
    validate: "all",
    identity: path,
    ...more,
  };
  return input;
}

async function rowsOf(input: ScannableInput, on: Engine = engine): Promise<readonly (readonly Cell[])[]> {
  const schema = { columns: input.columns };
  const query = on.compile(
    { kind: "scan", source: { dataset: "d" } },
    { schemaOf: () => schema, parameters: new Map() },
  );
  const names = input.columns.map(({ name }) => name);
  const rows: (readonly Cell[])[] = [];
  const request = {
    inputs: new Map([["d", { input, columns: names }]]),
    parameters: new Map(),
    constants: { now: "2024-01-01T00:00:00Z", today: "2024-01-01" },
    signal: new AbortController().signal,
  };
  for await (const batch of on.rows(query, request)) rows.push(...batch);
  return rows;
}

/** The rows of a strict read; undefined where it refuses. */
async function strictly(input: ScannableInput): Promise<readonly (readonly Cell[])[] | undefined> {
  try {
    return await rowsOf(input);
  } catch (error) {
    if (isSluiceError(error) && error.code === "data") return undefined;
    throw error;
  }
}

async function exactly(input: ScannableInput) {
  const [accepted, rejected] = [join(root, `${++files}-a.parquet`), join(root, `${files}-r.parquet`)];
  const columns = input.columns.map(({ name }) => name);
  const { signal } = new AbortController();
  const result = await engine.split({ name: "d", input, columns, accepted, rejected, signal });
  const parquet = (path: string, of: readonly FrozenColumn[]): ScannableInput => ({
    format: "parquet",
    groups: [{ order: of.map(({ name }) => name), files: [{ path, origin: path, bytes: 0 }] }],
    columns: of,
    validate: "used",
    identity: path,
  });
  const rejects = [
    column("file", "string"),
    column("record", "int64"),
    column("line", "int64"),
    column("column", "string"),
    column("rule", "string"),
    column("raw", "string"),
    column("bytes", "int64"),
  ];
  return {
    result,
    rows: await rowsOf(parquet(accepted, input.columns)),
    rejects: (await rowsOf(parquet(rejected, rejects))).map((row) => row.slice(1, -2)),
  };
}

const number = fc.constantFrom(
  "0",
  "-0",
  "1",
  "-7",
  "127",
  "128",
  "300",
  "1.0",
  "1.5",
  "12.30",
  "12.345",
  "1e3",
  "0.1",
  "-0.0",
  "1e400",
  "1E-2",
  "9223372036854775807",
  "9223372036854775808",
  "18446744073709551615",
  "12345678901234567.89",
  "1234567890123456789012",
  "99999999.99",
  "123456789.1",
  "0.00001",
  "NaN",
  "01",
  "+1",
  "1.",
  ".5",
  "16777217",
);
const text = fc.constantFrom(
  '""',
  '"a"',
  '"caf\\u00e9"',
  '"é\u2028"',
  '"a\\/b"',
  '"x\\u0000y"',
  '"\\\\u0000"',
  '"\\ud83d\\ude00"',
  '"\\ud800"',
  '"5"',
  '"12.34"',
  '"true"',
  '"2024-02-29"',
  '"2023-02-29"',
  '"2024-1-1"',
  '"2024-01-01T10:00:00"',
  '"2024-01-01T10:00:00Z"',
  '"2024-01-01T10:00:00+02:00"',
  '"2024-01-01 10:00:00"',
  '"low"',
  '"LOW"',
  '"0b5c5e10-54cf-4ae2-8a37-9d1a0a3a0a3a"',
  '"\t"',
  '"\\x"',
  '"\u001f"',
  '"unfinished',
);
const scalar = fc.oneof(number, text, fc.constantFrom("true", "false", "null", "nul", ""));
const blank = fc.constantFrom("", "", "", " ", "\t");
const value: fc.Memo<string> = fc.memo((depth) =>
  depth <= 1
    ? scalar
    : fc.oneof(
        { weight: 3, arbitrary: scalar },
        {
          weight: 1,
          arbitrary: fc
            .tuple(fc.array(value(), { maxLength: 3 }), blank, fc.constantFrom("", "", ","))
            .map(([items, gap, tail]) => `[${items.join(`,${gap}`)}${tail}]`),
        },
        { weight: 1, arbitrary: members(fc.constantFrom("sku", "qty", "__proto__", "x y", "z"), value(), 3) },
      ),
);
function members(key: fc.Arbitrary<string>, of: fc.Arbitrary<string>, most: number): fc.Arbitrary<string> {
  return fc
    .tuple(fc.array(fc.tuple(key, of), { maxLength: most }), blank, blank, fc.constantFrom("", "", "", ","))
    .map(
      ([list, before, after, tail]) =>
        `{${list.map(([name, it]) => `"${name}":${before}${it}`).join(`,${after}`)}${tail}}`,
    );
}
const right: Readonly<Record<string, readonly string[]>> = {
  id: ["1", "-9223372036854775808"],
  n: ["5", "-128"],
  u: ["7", "18446744073709551615"],
  x: ["1.5", "2", "1e3"],
  f: ["0.5", "0.1"],
  cost: ["12.3", "12.30", '"7.25"'],
  wide: ["1.5", "12345678901234567.89", '"12345678901234567.8901"'],
  flag: ["true", "false"],
  text: ['"a"', '"caf\\u00e9"', '""'],
  day: ['"2024-02-29"'],
  at: ['"2024-01-01T10:00:00"'],
  zoned: ['"2024-01-01T10:00:00+02:00"'],
  uid: ['"0b5c5e10-54cf-4ae2-8a37-9d1a0a3a0a3a"'],
  level: ['"low"'],
  tags: ["[]", '["a","b"]', '["a",null]'],
  "a.b": ["{}", '{"__proto__":1}', '{"x y":[1, 2]}'],
  lines: ["[]", '[{"sku":"a","qty":1},{"qty":2}]'],
  any: ["1", "1.10", '{"a":[1,{"b":null}]}', '{"a": 1}', '"x"', "12345678901234567.89"],
};
/** Records most of whose values are right, so that many are accepted, and their keys in the frozen order or in any. */
const record = fc
  .tuple(
    fc.subarray(
      COLUMNS.map(({ name }) => name),
      { minLength: 1 },
    ),
    fc.infiniteStream(fc.nat(100)),
    fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value(3) }),
    fc.constantFrom(["", ""], [" ", " "], ["", " "], ["\t", ""], ["", ""]),
    fc.constantFrom("", "", "", "", "", "", "", "", ",", "x", "}", "\r"),
    fc.nat(9),
  )
  .map(([some, stream, wrong, [colon = "", comma = ""], tail, luck]) => {
    const names = luck < 8 && !some.includes("id") ? ["id", ...some] : some;
    const keys = luck === 7 ? names.toReversed() : names;
    const at = wrong === undefined ? -1 : (stream.next().value ?? 0) % keys.length;
    const pairs = keys.map((name, index) => {
      const choices = right[name] ?? ["null"];
      const chance = stream.next().value ?? 0;
      const own = index === at ? wrong : choices[chance < 85 ? 0 : chance % choices.length];
      return `${JSON.stringify(name)}:${colon}${own}`;
    });
    return `{${pairs.join(`,${comma}`)}}${tail}`;
  });

it("accepts strictly only what it accepts exactly, with the same values", async () => {
  let certain = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof({ weight: 5, arbitrary: record }, { weight: 1, arbitrary: value(3) }), {
        minLength: 1,
        maxLength: 2,
      }),
      async (lines) => {
        const input = await inputOf(`${lines.join("\n")}\n`, COLUMNS, { unknownKeys: "leave" });
        const strict = await strictly(input);
        if (strict === undefined) return;
        certain += strict.length;
        const { rows, rejects } = await exactly(input);
        expect(rejects).toEqual([]);
        expect(rows).toEqual(strict);
      },
    ),
    { numRuns: 150 },
  );
  expect(certain).toBeGreaterThan(20);
});

it("takes plain records the fast way, whether keys are absent or blanks stand between", async () => {
  const plain = COLUMNS.filter(({ name }) => name !== "wide");
  const all = (keys: readonly string[]): string =>
    `{${plain
      .filter(({ name }) => keys.includes(name))
      .map(({ name }) => `${JSON.stringify(name)}: ${right[name]?.[0]}`)
      .join(", ")}}`;
  const names = plain.map(({ name }) => name);
  const lines = [all(names), all(["id"]), all(["id", "text", "lines"]), all(names.slice(0, 9))];
  const input = await inputOf(lines.join("\r\n"), plain);
  expect(await strictly(input)).toHaveLength(4);
});

it.each([
  ['{"id": 1.0}', "id", "is not an int64"],
  ['{"id": "1"}', "id", "is a string, not an int64"],
  ['{"id": true}', "id", "is a boolean, not an int64"],
  ['{"id": 9223372036854775808}', "id", "is out of range for int64"],
  ['{"id": 1e3}', "id", "is not an int64"],
  ['{"text": "x"}', "id", "is missing"],
  ['{"id": null}', "id", "is null"],
  ['{"id":1,"id":2}', "id", "stands twice in one object"],
  ['{"id":1,"cost":12.345}', "cost", "has more than 2 decimal places"],
  ['{"id":1,"x":NaN}', "", 'is not JSON: "NaN" at character 13'],
  ['{"id":1,}', "", 'is not JSON: "}" at character 9'],
  ['{"id":1 /* one */}', "", 'is not JSON: "/" at character 9'],
  ['{"id":1', "", "is not JSON: it ends too early"],
  ["[1]", "", "is an array, not an object"],
  ['{"id":1,"day":"2023-02-29"}', "day", "is no day of the calendar"],
  ['{"id":1,"day":""}', "day", "does not fit %Y-%m-%d"],
  ['{"id":1,"text":"a\\u0000b"}', "text", "has a NUL character"],
  ['{"id":1,"text":"\\ud800"}', "", "is not JSON: half a character in a string"],
  ['{"id":1,"lines":[{"qty":1},{"qty":1.5}]}', "lines[1].qty", "is not an int32"],
  ['{"id":1,"a.b":{"x y":[1,"2"]}}', 'a.b["x y"][1]', "is a string, not an int32"],
  ['{"id":1,"a.b":{"__proto__":{}}}', "a.b.__proto__", "is an object, not an int64"],
])("rejects %s", async (line, place, rule) => {
  const input = await inputOf(`{"id":1}\n\n${line}\n{"id":2}\n`, COLUMNS);
  expect(await strictly(input)).toBeUndefined();
  const { rows, rejects, result } = await exactly(input);
  expect(rejects).toEqual([[2, 3, place, rule]]);
  expect(rows.map(([id]) => id)).toEqual([1, 2]);
  expect(result).toMatchObject({ accepted: 2, rejected: 1 });
});

it("keeps every digit of decimals and of JSON", async () => {
  const columns = [column("d", "decimal(38,4)"), column("j", "json"), column("l", "list<decimal(38,4)>")];
  const input = await inputOf(
    '{"d":12345678901234567.89,"j":{"n": 1.10, "m": 12345678901234567.89},"l":["0.0001"]}\n',
    columns,
  );
  const { rows } = await exactly(input);
  expect(rows).toEqual([["12345678901234567.8900", '{"n":1.10,"m":12345678901234567.89}', "[0.0001]"]]);
});

it("says which keys are new: drift, a warning, or nothing", async () => {
  const lines = '{"id":1,"new":2}\n{"id":2,"a.b":{"z":1}}\n';
  const failing = await inputOf(lines, COLUMNS);
  expect(await strictly(failing)).toBeUndefined();
  await expect(exactly(failing)).rejects.toMatchObject({ code: "data", reason: "drift", offending: "new" });
  const { result, rows } = await exactly(await inputOf(lines, COLUMNS, { unknownKeys: "warn" }));
  expect(rows).toHaveLength(2);
  expect(result.warnings?.[0]).toContain('"new" (1), "a.b.z" (1)');
});

it("survives what is deep, long, broken or no text", async () => {
  const columns = [column("id", "int64"), column("any", "json")];
  const deep = `${"[".repeat(10_000)}${"]".repeat(10_000)}`;
  const lines: readonly (string | Buffer)[] = [
    '{"id":1}\n',
    `{"id":2,"any":${deep}}\n`,
    `{"id":3,"any":"${"x".repeat(20_000_000)}"}\n`,
    Buffer.from('{"id":4,"any":"\xff"}\n', "latin1"),
    '{"id":5,"any":"\0"}\n',
    `${"[".repeat(100_000)}\n`,
    '{"id":6}',
  ];
  const input = await inputOf(Buffer.concat(lines.map((line) => Buffer.from(line))), columns);
  expect(await strictly(input)).toBeUndefined();
  const { rows, rejects } = await exactly(input);
  expect(rows.map(([id]) => id)).toEqual([1, 2, 6]);
  expect(rows[1]?.[1]).toBe(deep);
  expect(rejects).toEqual([
    [3, 3, "", "is too long"],
    [4, 4, "", "is not valid UTF-8"],
    [5, 5, "", "has a NUL byte"],
    [6, 6, "", "is not JSON: it ends too early"],
  ]);
});

it.each([
  ['{"id":"no","text":"y"}', '"no"'],
  ['{"id": {"a": [1, 2]} ,"text":"y"}', '{"a": [1, 2]}'],
  ['{"id":1,"text":true,"n":2}', "true"],
  ['{"id":1,"id":[2],"text":"y"}', "[2]"],
  [`{"id":"${"z".repeat(200)}","text":"y"}`, `"${"z".repeat(79)}`],
  ['{"id":1.5,"text":"y"}', "1.5"],
  [`{"id":1,"text":"${"x".repeat(20_000_000)}"}`, `{"id":1,"text":"${"x".repeat(64)}`],
])("an example of what is rejected is the value and nothing behind it: case %#", async (line, example) => {
  const columns = [column("id", "int64"), column("text", "string")];
  const { result } = await exactly(await inputOf(`${line}\n`, columns));
  expect(result.reasons).toMatchObject([{ rows: 1, example }]);
});

it("reads maps, whose keys may not stand twice", async () => {
  const columns = [column("m", "map<string,date>")];
  const { rows, rejects } = await exactly(
    await inputOf('{"m":{"a":"2024-01-01","b":null}}\n{"m":{"a":null,"a":null}}', columns),
  );
  expect(rows).toEqual([['{"a":"2024-01-01","b":null}']]);
  expect(rejects).toEqual([[2, 2, "m.a", "stands twice in one object"]]);
});

it("has what the paths of its files say as columns, read one way or the other", async () => {
  const columns = [column("id", "int64"), column("year", "int64", { partition: true }), column("d", "decimal(38,2)")];
  const [one, two] = [await inputOf('{"id":1}\n', columns), await inputOf('{"id":2,"d":1.5}\n', columns)];
  const files = [one, two].flatMap(({ groups }) => groups.flatMap((group) => group.files));
  const order = columns.map(({ name }) => name);
  const input: ScannableInput = {
    ...one,
    groups: [{ order, files: files.map((file, index) => ({ ...file, values: [index === 0 ? "2023" : null] })) }],
  };
  const expected = [
    [1, 2023, null],
    [2, null, "1.50"],
  ];
  expect(await strictly(input)).toEqual(expected);
  expect((await exactly(input)).rows).toEqual(expected);
});

it.each(["NaN", "Infinity", "-Infinity"])(
  "the strict read takes no %s, which its printer would give back",
  async (word) => {
    const columns = [column("x", "float64"), column("list", "list<float64>")];
    for (const text of [`{"x":${word},"list":[1.5]}\n`, `{"x":1.5,"list":[${word}]}\n`]) {
      const input = await inputOf(text, columns);
      await expect(engine.validate(input, new AbortController().signal)).rejects.toMatchObject({ reason: "strict" });
    }
  },
);
