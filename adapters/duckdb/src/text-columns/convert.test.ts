import { readdirSync } from "node:fs";
import { accepts, type FrozenColumn } from "@sluice/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { column, convert, converting, expectedRows, inputOf, root, rowsBy } from "./converted-text.fixture.ts";

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
