import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  accepts,
  type Cell,
  type CsvDialect,
  type Engine,
  type FrozenColumn,
  isSluiceError,
  ROWS_DIALECT,
  type ScannableInput,
} from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { convertText } from "./convert.ts";

const root = await mkdtemp(join(tmpdir(), "sluice-text-columns-"));
const plain = createDuckDbEngine({ scratch: root, threads: 2, convertFromBytes: Number.POSITIVE_INFINITY });
const converting = createDuckDbEngine({ scratch: root, threads: 2, convertFromBytes: 0 });
afterAll(async () => {
  await plain[Symbol.asyncDispose]();
  await converting[Symbol.asyncDispose]();
  await rm(root, { recursive: true });
});

const { signal } = new AbortController();
let files = 0;
const newPath = (): string => {
  files += 1;
  return join(root, String(files));
};

interface Text {
  readonly text: string | Uint8Array;
  readonly columns: readonly FrozenColumn[];
  readonly dialect?: Partial<CsvDialect>;
  readonly validate?: "all" | "used";
}

function inputOf({ text, columns, dialect = {}, validate = "all" }: Text): ScannableInput {
  const path = newPath();
  writeFileSync(path, text);
  const order = columns.map(({ name }) => name);
  return {
    format: "csv",
    groups: [{ order, files: [{ path, origin: "x.csv", bytes: Buffer.byteLength(text) }] }],
    dialect: { ...ROWS_DIALECT, ...dialect },
    columns,
    validate,
    identity: null,
  };
}

/** How many records were taken; undefined where they are left to the strict read. */
async function convert(
  input: ScannableInput,
  wanted: readonly string[],
  sizes: { readonly textBytes?: number; readonly partBytes?: number; readonly threads?: number } = {},
): Promise<number | undefined> {
  await using converted = await convertText({ input, columns: wanted, folder: root, signal, ...sizes });
  return converted?.rows;
}

/** What a query that gives these columns on writes. */
async function rowsBy(
  engine: Engine,
  input: ScannableInput,
  wanted: readonly string[],
): Promise<readonly (readonly Cell[])[]> {
  const compile = { schemaOf: () => ({ columns: input.columns }), parameters: new Map() };
  const scan = { kind: "scan", source: { dataset: "x" } } as const;
  const work = { parameters: new Map(), constants: { now: "2024-01-01T00:00:00Z", today: "2024-01-01" }, signal };
  const path = newPath();
  const query = engine.compile({ kind: "keep", input: scan, columns: wanted }, compile);
  const inputs = new Map([["x", { input, columns: wanted }]]);
  const result = await engine.execute(query, { ...work, inputs, output: { path, format: "parquet", ordered: true } });
  const columns = input.columns.filter(({ name }) => wanted.includes(name));
  const groups = [{ order: wanted, files: [{ path, origin: path, bytes: 0 }] }];
  const written: ScannableInput = { format: "parquet", groups, columns, validate: "all", identity: null };
  const rows: (readonly Cell[])[] = [];
  const reading = { ...work, inputs: new Map([["x", { input: written, columns: wanted }]]) };
  for await (const some of plain.rows(query, reading)) rows.push(...some);
  expect(result.rowsIn.get("x")).toBe(result.rowsOut);
  expect(result.incomplete).toEqual([]);
  return rows;
}

/** As a run reads that takes nothing apart: strictly, and split where that fails. */
async function expectedRows(input: ScannableInput, wanted: readonly string[]): Promise<readonly (readonly Cell[])[]> {
  try {
    return await rowsBy(plain, input, wanted);
  } catch (error) {
    if (!isSluiceError(error) || error.reason !== "strict") throw error;
    const [accepted, rejected] = [newPath(), newPath()];
    await plain.split({ name: "x", input, columns: wanted, accepted, rejected, signal });
    const columns = input.columns.filter(({ name }) => wanted.includes(name));
    const groups = [{ order: wanted, files: [{ path: accepted, origin: accepted, bytes: 0 }] }];
    return await rowsBy(plain, { format: "parquet", groups, columns, validate: "all", identity: null }, wanted);
  }
}

const column = (name: string, type: string, more: Partial<FrozenColumn> = {}): FrozenColumn => ({
  name,
  type,
  nullable: true,
  ...more,
});

/** For each type, texts that are taken at once, texts that are accepted as well but only looked at later, and others. */
const TEXTS: readonly (readonly [column: FrozenColumn, taken: readonly string[], others: readonly string[]])[] = [
  [column("s", "string"), ["a", "é", " b ", "\t", "'", "\\N", "nan"], []],
  [column("i8", "int8"), ["0", "-0", "127", "-127", "007"], ["-128", "128", "1.0", "1e1", "+1", " 1", "x", "-", "0x1"]],
  [column("u8", "uint8"), ["0", "255"], ["256", "-1", "-0", "+1", ""]],
  [column("i16", "int16"), ["32767", "-32767"], ["32768", "40000", "-40000"]],
  [column("i32", "int32"), ["2147483647", "-2147483647"], ["2147483648", "21474836470"]],
  [column("u32", "uint32"), ["4294967295"], ["4294967296"]],
  [
    column("i64", "int64"),
    ["999999999999999999", "-1"],
    ["9223372036854775807", "9223372036854775808", "1_000", "1,5"],
  ],
  [column("u64", "uint64"), ["999999999999999999"], ["18446744073709551615", "18446744073709551616"]],
  [
    column("d", "decimal(6,2)"),
    ["0", "-9999.99", "1.5", "12"],
    ["1.", ".5", "12.345", "10000", "1e2", "1.5-", "+1", "00001.5"],
  ],
  [column("d0", "decimal(4,0)"), ["9999", "-1"], ["1.0", "1.", "99999"]],
  [
    column("f", "float64"),
    ["0.1", "-1.5e-7", "1E5", "1.", "12345678901234567.5"],
    ["nan", "inf", ".5", "1e400", "1e", "e5", "--1", "+2"],
  ],
  [column("f32", "float32"), ["0.25", "-3"], ["1e5", "x"]],
  [column("b", "bool"), ["true", "FALSE", "True"], ["yes", "1", "truee", "tru"]],
  [
    column("w", "bool", {
      words: [
        ["y", "on"],
        ["n", "off!"],
      ],
    }),
    ["Y", "on", "OFF!", "n"],
    ["o", "off", "true"],
  ],
  [
    column("day", "date"),
    ["2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"],
    [
      "2023-02-29",
      "1900-02-29",
      "0000-01-01",
      "2024-13-01",
      "2024-04-31",
      "2024-1-1",
      "2024-01-01 ",
      "24-01-01",
      "2024-02-30",
    ],
  ],
  [
    column("dmy", "date", { format: "%d.%m.%Y" }),
    ["29.02.2024", "31.12.1999"],
    ["31.04.2024", "2024-01-01", "1.1.2024"],
  ],
  // Without a year it is one that DuckDB supplies: 1900, which has no 29th of February.
  [column("md", "date", { format: "%m-%d" }), ["02-28", "12-31"], ["02-29", "04-31", "13-01"]],
  [column("t", "time"), ["00:00:00", "23:59:59"], ["24:00:00", "12:60:00", "1:00:00", "12:00"]],
  [
    column("at", "timestamp", { format: "%Y-%m-%dT%H:%M:%S.%g" }),
    ["2024-02-29T23:59:59.999"],
    ["2024-02-29T23:59:59.9999", "2024-02-29T23:59:59", "2024-02-29 23:59:59.999", "2024-02-29T23:59:60.000"],
  ],
  [
    column("af", "timestamp", { format: "%Y-%m-%d %H:%M:%S.%f" }),
    ["2024-01-31 00:00:00.1", "2024-01-31 00:00:00.123456"],
    ["2024-01-31 00:00:00.", "2024-01-31 00:00:00.1234567"],
  ],
  [
    column("ao", "timestamp", { format: "%Y-%m-%d %H:%M:%S%.f" }),
    ["2024-01-31 00:00:00", "2024-01-31 00:00:00.5"],
    ["2024-01-31 00:00:00.", "2024-01-31 00:00:00.1234567"],
  ],
  [
    column("id", "uuid"),
    ["00000000-aAfF-4000-8000-0123456789ab"],
    ["00000000-aAfF-4000-8000-0123456789a", "g0000000-aaff-4000-8000-0123456789ab", "00000000aaff400080000123456789ab"],
  ],
];
const OTHER = column("other", "string");

describe("text that is taken apart in one pass", () => {
  it.each(TEXTS.map(([one, taken, others]) => [one.type + (one.format ?? ""), one, taken, others] as const))(
    "takes of %s what is certainly accepted, in quotes or not, and leaves all else to the strict read",
    async (_, one, taken, others) => {
      const columns = [one, OTHER];
      for (const text of taken) {
        const input = inputOf({ text: `${text},x\n"${text}","y"\n,\n`, columns });
        expect([text, await convert(input, [one.name])]).toEqual([text, 3]);
        expect(await rowsBy(converting, input, [one.name])).toEqual(await expectedRows(input, [one.name]));
      }
      for (const text of others) {
        const field = text.includes(",") ? `"${text}"` : text;
        const input = inputOf({ text: `${field},x\n`, columns: [{ ...one, nullable: false }, OTHER] });
        expect([text, await convert(input, [one.name])]).toEqual([text, undefined]);
        // Who does not want the column still looks at it, unless only what is used is validated.
        expect(await convert(input, ["other"])).toBe(undefined);
        expect(await convert({ ...input, validate: "used" }, ["other"])).toBe(1);
      }
    },
  );

  it("counts numbers, days and times as the engine reads them", async () => {
    const digits = (most: number): fc.Arbitrary<string> => fc.stringMatching(new RegExp(`^[0-9]{1,${most}}$`));
    const sign = fc.constantFrom("", "-");
    const two = (most: number): fc.Arbitrary<string> =>
      fc.integer({ min: 0, max: most }).map((value) => String(value).padStart(2, "0"));
    const day = fc
      .date({ min: new Date("0001-01-01T00:00:00Z"), max: new Date("9999-12-31T00:00:00Z"), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10));
    const time = fc.tuple(two(23), two(59), two(59)).map((parts) => parts.join(":"));
    const kinds: readonly (readonly [FrozenColumn, fc.Arbitrary<string>])[] = [
      [column("i", "int64"), fc.tuple(sign, digits(18)).map((parts) => parts.join(""))],
      [column("u", "uint16"), fc.integer({ min: 0, max: 65_535 }).map(String)],
      [column("d", "decimal(18,6)"), fc.tuple(sign, digits(12), digits(6)).map(([s, a, b]) => `${s}${a}.${b}`)],
      [column("l", "decimal(20,2)"), fc.tuple(sign, digits(18)).map((parts) => parts.join(""))],
      [column("day", "date"), day],
      [column("at", "timestamp"), fc.tuple(day, time).map((parts) => parts.join(" "))],
      [
        column("af", "timestamp", { format: "%d/%m/%Y %H:%M:%S.%f" }),
        fc.tuple(day, time, digits(6)).map(([d, t, f]) => `${d.split("-").toReversed().join("/")} ${t}.${f}`),
      ],
      [column("t", "time", { format: "%H:%M:%S.%f" }), fc.tuple(time, digits(6)).map((parts) => parts.join("."))],
      [column("hm", "timestamp", { format: "%Y-%m-%d %H:%M" }), fc.tuple(day, two(23)).map(([d, h]) => `${d} ${h}:07`)],
    ];
    const columns = kinds.map(([one]) => one);
    const wanted = columns.map(({ name }) => name);
    const field = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
      fc.oneof({ weight: 8, arbitrary: text }, { weight: 1, arbitrary: fc.constantFrom("", '""') });
    const line = fc.tuple(...kinds.map(([, text]) => field(text))).map((fields) => fields.join(","));
    const text = fc.array(line, { minLength: 1, maxLength: 400, size: "max" }).map((lines) => `${lines.join("\n")}\n`);
    await fc.assert(
      fc.asyncProperty(text, async (whole) => {
        const input = inputOf({ text: whole, columns });
        expect(await convert(input, wanted)).toBe(whole.split("\n").length - 1);
        expect(await rowsBy(converting, input, wanted)).toEqual(await expectedRows(input, wanted));
      }),
      { numRuns: 20 },
    );
  });

  const clean = TEXTS.filter(([{ name }]) => ["s", "i32", "d", "f", "day", "w"].includes(name));
  const columns = [...clean.map(([one]) => one), OTHER];
  const names = columns.map(({ name }) => name);
  const field = (taken: readonly string[], others: readonly string[]): fc.Arbitrary<string> =>
    fc.oneof(
      { weight: 20, arbitrary: fc.constantFrom(...taken) },
      { weight: 10, arbitrary: fc.constantFrom(...taken).map((text) => `"${text}"`) },
      { weight: 8, arbitrary: fc.constantFrom("", '""') },
      { weight: 1, arbitrary: fc.constantFrom("a", ...others) },
    );
  const text = fc.oneof(
    {
      weight: 20,
      arbitrary: fc.constantFrom(
        "a",
        "",
        '""',
        '"q,x"',
        '"l\nm"',
        '"d""e"',
        '""""',
        '"""a"""',
        " f",
        "é\u{1F600}",
        "''",
        "x".repeat(17),
        "x".repeat(40),
      ),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom('b"c', ' "a"', '"a" ', '"a"b', '"a" "b"', "\r", "a\rb", '"', "\0", '"l\r\nm"'),
    },
  );
  const line = fc
    .tuple(
      fc.tuple(...clean.map(([, taken, others]) => field(taken, others))),
      text,
      fc.constantFrom("", "", "", "", "", "", "", "", ",", ",z"),
    )
    .map(([fields, last, tail]) => `${[...fields, last].join(",")}${tail}`);
  const odd = fc.constantFrom("", "1", "1,2,3", ",,,,,,", "\r");
  const lines = fc.array(fc.oneof({ weight: 30, arbitrary: line }, { weight: 1, arbitrary: odd }), { maxLength: 12 });

  it("gives what the strict read or a split gives, and takes nothing that is not accepted", async () => {
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(
        lines,
        fc.subarray(names, { minLength: 1 }),
        fc.record({
          header: fc.boolean(),
          newline: fc.constantFrom("lf" as const, "crlf" as const),
          quotedEmpty: fc.constantFrom("text" as const, "null" as const),
        }),
        fc.record({
          isEnded: fc.boolean(),
          textBytes: fc.integer({ min: 90, max: 600 }),
          partBytes: fc.integer({ min: 60, max: 2000 }),
        }),
        async (all, wanted, dialect, { isEnded, ...sizes }) => {
          const end = dialect.newline === "lf" ? "\n" : "\r\n";
          const whole = [...(dialect.header ? [names.join(",")] : []), ...all].join(end);
          const input = inputOf({ text: isEnded && whole !== "" ? `${whole}${end}` : whole, columns, dialect });
          const found = await convert(input, wanted, { ...sizes, threads: 3 });
          expect(readdirSync(root).filter((name) => name.endsWith(".parquet"))).toEqual([]);
          if (found === undefined) return;
          taken += 1;
          const records = recordsOf(all.join("\n").replaceAll("\r\n", "\n"));
          expect(found).toBe(records.length);
          for (const fields of records) {
            expect(fields.map((one, index) => columns[index] && accepts(columns[index], one))).toEqual(
              columns.map(() => undefined),
            );
          }
          expect(await rowsBy(converting, input, wanted)).toEqual(await expectedRows(input, wanted));
        },
      ),
      { numRuns: 400 },
    );
    // Most are not sound; of those that are, none may be left out for nothing.
    expect(taken).toBeGreaterThan(60);
  });

  it("refuses bytes that are no UTF-8 wherever they stand, also at the edge of what is looked at", async () => {
    const two = [column("a", "string"), column("b", "string")];
    for (let at = 0; at < 40; at += 1) {
      const bytes = Buffer.from("é,aaaaaaa\n".repeat(5));
      expect(await convert(inputOf({ text: bytes, columns: two }), ["a"], { textBytes: 16 })).toBe(5);
      if (bytes[at] === 10 || bytes[at] === 44) continue;
      bytes[at] = 0xff;
      expect(await convert(inputOf({ text: bytes, columns: two }), ["b"], { textBytes: 16 })).toBe(undefined);
    }
  });

  it("leaves what it has no rule for to the strict read", async () => {
    const text = "1,x\n2,y\n";
    const [one, other] = [column("a", "int64"), column("b", "string")];
    expect(await convert(inputOf({ text, columns: [one, other] }), ["a"])).toBe(2);
    const more: readonly Partial<FrozenColumn>[] = [
      { trim: true },
      { nulls: ["NA"] },
      { decimal: "," },
      { thousands: "." },
      { partition: true },
    ];
    for (const change of more) {
      const changed = [one, other].map((each) => ({ ...each, ...change }));
      expect([change, await convert(inputOf({ text, columns: changed }), ["a"])]).toEqual([change, undefined]);
    }
    for (const type of ["json", "bytes", "enum('x', 'y')", "timestamptz"]) {
      const changed = [one, column("b", type)];
      expect([type, await convert(inputOf({ text, columns: changed }), ["a"])]).toEqual([type, undefined]);
    }
    const dialects: readonly Partial<CsvDialect>[] = [
      { delimiter: "||" },
      { quote: "" },
      { quote: " " },
      { escape: "\\" },
      { newline: "mixed" },
      { newline: "cr" },
      { comment: "#" },
      { skip: 1 },
      { ragged: "pad" },
    ];
    for (const dialect of dialects) {
      const input = inputOf({ text, columns: [one, other], dialect });
      expect([dialect, await convert(input, ["a"])]).toEqual([dialect, undefined]);
    }
    // Of several byte order marks, one is left out when a file is made ready to be read, and DuckDB leaves out another.
    const marked = inputOf({ text: `\u{FEFF}x,y\n\u{FEFF}z,y\n`, columns: [column("a", "string"), other] });
    expect(await convert(marked, ["b"])).toBe(undefined);
    const gone = inputOf({ text, columns: [one, other] });
    await rm(gone.groups[0]?.files[0]?.path ?? "");
    expect(await convert(gone, ["a"])).toBe(undefined);
  });

  it("keeps the order of many records and files, and nothing of them when the query is over", async () => {
    const columns = [column("n", "int64"), column("s", "string")];
    const [first, second] = [0, 150_000].map((from) =>
      inputOf({
        text: Array.from(
          { length: 150_000 },
          (_, n) => `${from + n},${n % 5 === 0 ? "" : `"${"v".repeat(n % 30)}"`}\n`,
        ).join(""),
        columns,
        dialect: { delimiter: "," },
      }),
    );
    if (first === undefined || second === undefined) throw new Error("no input");
    const group = first.groups[0];
    const both = {
      ...first,
      groups: [{ order: group?.order ?? [], files: [first, second].flatMap((one) => one.groups[0]?.files ?? []) }],
    };
    const rows = await rowsBy(converting, both, ["n", "s"]);
    expect(rows).toEqual(await expectedRows(both, ["n", "s"]));
    expect(rows.map(([n]) => Number(n))).toEqual(Array.from({ length: 300_000 }, (_, n) => n));
    const folders = readdirSync(root).filter((name) => name.startsWith("duckdb-"));
    const left = folders.flatMap((folder) => (existsSync(join(root, folder)) ? readdirSync(join(root, folder)) : []));
    expect(left.filter((name) => name.startsWith("text-"))).toEqual([]);
  });

  it("stops when it is told to", async () => {
    const columns = [column("a", "int64"), column("b", "string")];
    const input = inputOf({ text: "1,x\n", columns });
    const stopped = convertText({ input, columns: ["a"], folder: root, signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ code: "cancelled" });
    expect(readdirSync(root).filter((name) => name.endsWith(".parquet"))).toEqual([]);
  });
});

/** The fields of sound text, field by field. */
function recordsOf(text: string): readonly (readonly (string | null)[])[] {
  const records: (string | null)[][] = [];
  let fields: (string | null)[] = [];
  for (const [whole, quoted, bare = "", mark] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|$)/g)) {
    if (whole === "" && fields.length === 0) break;
    fields.push(quoted === undefined ? (bare === "" ? null : bare) : quoted.replaceAll('""', '"'));
    if (mark === ",") continue;
    records.push(fields);
    fields = [];
  }
  return records;
}
