import { catalogue, type Expression, type FunctionEntry, type Relation, schemaOf } from "@sluice/core";
import { expect } from "vitest";
import type { DeclareCase } from "../suite.ts";
import { column, type EngineHarness, executed, rowsOf, withEngine } from "./bench.ts";

const ONE_ROW: Relation = { kind: "values", columns: [column("one", "int64")], rows: [["1"]] };

/** Times around the ends of months, those of February and of a year among them. */
const MONTH_ENDS = [
  "2023-01-31",
  "2023-02-28",
  "2023-12-31",
  "2024-01-01",
  "2024-01-30",
  "2024-01-31",
  "2024-02-29",
  "2024-03-30",
  "2024-04-30",
  "2025-02-28",
].flatMap((day) => ["00:00:00", "11:00:00", "23:59:59.999999"].map((clock) => `${day}T${clock}`));

function relationOf(expression: Expression, kind: FunctionEntry["kind"]): Relation {
  if (kind === "window") {
    const by = [{ expression: { kind: "column", name: "one" } }] as const;
    const input: Relation = { kind: "window", input: ONE_ROW, partition: [], by, columns: [["x", expression]] };
    return { kind: "keep", input, columns: ["x"] };
  }
  return kind === "scalar"
    ? { kind: "select", input: ONE_ROW, columns: [["x", expression]] }
    : { kind: "aggregate", input: ONE_ROW, by: [], columns: [["x", expression]] };
}

/** Every entry of the catalogue: its example gives its result, in the type that is declared. */
export function functionCases(harness: EngineHarness, declare: DeclareCase): void {
  for (const [name, entry] of Object.entries(catalogue)) {
    declare(`engine.function.${name}`, `${entry.example.text} is ${entry.example.result}`, () =>
      withEngine(harness, async (given) => {
        const relation = relationOf(await harness.parser.parse(entry.example.text), entry.kind);
        const [row] = await rowsOf(given.engine, relation);
        const found = row?.[0] ?? null;
        expect(typeof entry.example.result === "string" ? String(found) : found).toEqual(entry.example.result);

        const declared = schemaOf(relation, { schemaOf: () => ({ columns: [] }), parameters: new Map() });
        const { path } = await executed(given, relation, {}, { coarseIntervals: true });
        const written = await given.engine.schemaOfFile(path);
        expect(written.columns[0]?.type).toBe(declared.columns[0]?.type);
      }),
    );
  }

  const casts: readonly (readonly [text: string, result: string | number | boolean | null])[] = [
    ["cast('12' as bigint)", 12],
    ["try_cast('1.7' as bigint)", null],
    ["try_cast('1_000' as bigint)", null],
    ["try_cast(' 12' as bigint)", null],
    ["try_cast('300' as tinyint)", null],
    ["try_cast('12.345' as decimal(10, 2))", null],
    ["cast('12.30' as decimal(10, 2))", "12.30"],
    ["try_cast('1_000' as double)", null],
    ["try_cast('2024-01-01 10:00:00+02' as timestamp)", null],
    ["cast('2024-01-01 10:00:00' as timestamp)", "2024-01-01 10:00:00"],
    ["cast(2.5 as bigint)", 2],
    ["cast(-2.5 as bigint)", -2],
    ["cast(1 as varchar)", "1"],
    ["cast(true as bigint)", 1],
    ["try_cast('maybe' as boolean)", null],
    ["cast(null as date)", null],
    ["cast(timestamptz '2024-01-01 00:30:00+02' as date)", "2023-12-31"],
    ["try_cast('infinity' as date)", null],
    ["try_cast('-inf' as timestamp)", null],
    ["try_cast('inf' as timestamptz)", null],
    ["try_cast('epoch' as date)", null],
    ["try_cast('2024-01-01 25:00:00' as date)", null],
    ["try_cast('2024-01-01 10:61:00' as date)", null],
    ["try_cast('2024-01-01 24:00:00' as timestamp)", null],
    ["try_cast('24:00:00' as time)", null],
    ["try_cast('10:00:00+02' as time)", null],
    ["try_cast('2024-02-30' as date)", null],
    ["try_cast('2024-01-01T10:00:00' as date)", "2024-01-01"],
    ["date_diff('week', date '2024-01-07', date '2024-01-08')", 1],
    ["date_diff('week', date '2023-12-31', date '2024-01-08')", 2],
    ["date_diff('week', date '2024-01-08', date '2024-01-07')", -1],
    ["date_diff('week', timestamp '2024-01-08 00:00:00', timestamp '2024-01-14 23:59:59')", 0],
    ["date_diff('hour', timestamp '2024-01-08 00:59:59', timestamp '2024-01-08 01:00:00')", 1],
    ["cast(cast(2.7 as double) as bigint)", 2],
    ["cast(cast(2.5 as decimal(3, 1)) as bigint)", 3],
    ["cast(cast(-2.5 as decimal(3, 1)) as bigint)", -3],
    ["cast(cast(0.126 as double) as decimal(10, 2))", "0.13"],
  ];
  for (const [text, result] of casts) {
    declare(`engine.cast ${text}`, `is ${result}`, () =>
      withEngine(harness, async ({ engine }) => {
        const relation = relationOf(await harness.parser.parse(text), "scalar");
        expect((await rowsOf(engine, relation))[0]?.[0]).toBe(result);
      }),
    );
  }

  const exact: readonly (readonly [text: string, result: string])[] = [
    ...["floor", "ceil", "round", "abs"].flatMap((name) => [
      [`${name}(9007199254740993)`, "9007199254740993"] as const,
      [`${name}(9223372036854775807)`, "9223372036854775807"] as const,
    ]),
    ["floor(-9223372036854775808)", "-9223372036854775808"],
    ["ceil(-9223372036854775808)", "-9223372036854775808"],
    ["floor(cast(9223372036854775807 as ubigint))", "9223372036854775807"],
    ["floor(cast(-9007199254740993.5 as decimal(20, 1)))", "-9007199254740994.0"],
    [
      "ceil(cast('9999999999999999999999999999999999998.1' as decimal(38, 1)))",
      "9999999999999999999999999999999999999.0",
    ],
    [
      "floor(cast('99999999999999999999999999999999999999' as decimal(38, 0)))",
      "99999999999999999999999999999999999999",
    ],
    ["floor(cast('-0.0' as double))", "0"],
    ["cast('12345678901234567890123456789.123' as decimal(38, 3)) % cast('7' as decimal(38, 0))", "0.123"],
    ["intdiv(9223372036854775807, 1)", "9223372036854775807"],
    ["9223372036854775807 % 9223372036854775806", "1"],
    ["-9223372036854775808 % -1", "0"],
    ["cast('-7.5' as decimal(5,2)) % cast('-1' as decimal(5,2))", "-0.50"],
    ["substring('hello', -4000000000000, 3999999999998)", "hel"],
    ["substring('hello', 2, 9223372036854775807)", "ello"],
    ["left('hello', -9223372036854775808)", ""],
    ["right('hello', 9223372036854775807)", "hello"],
    ["lpad('hello', -9223372036854775808, 'x')", ""],
    ["epoch_seconds(timestamp '9999-12-31 23:59:59.999999')", "253402300799"],
    ["epoch_seconds(timestamp '1969-12-31 23:59:59.999999')", "-1"],
    ["epoch_seconds(date '1969-12-31')", "-86400"],
    ["epoch_seconds(timestamptz '1969-12-31 23:59:58.5+00')", "-2"],
  ];
  for (const [text, result] of exact) {
    declare(`engine.exact ${text}`, `is ${result}, computed by no float`, () =>
      withEngine(harness, async ({ engine }) => {
        const relation = relationOf(await harness.parser.parse(text), "scalar");
        expect(String((await rowsOf(engine, relation))[0]?.[0])).toBe(result);
      }),
    );
  }

  for (const [unit, months] of [
    ["month", 1],
    ["quarter", 3],
    ["year", 12],
  ] as const) {
    declare(`engine.whole-units.${unit}`, "so many can be added and not pass the other, one more does", () =>
      withEngine(harness, async ({ engine }) => {
        const after = (count: string): string => `add_months(a, (${count}) * ${months})`;
        const whole = `date_diff_full('${unit}', a, b)`;
        const condition = await harness.parser.parse(
          `not case when a <= b then ${whole} >= 0 and ${after(whole)} <= b and ${after(`${whole} + 1`)} > b
           else ${whole} <= 0 and ${after(whole)} >= b and ${after(`${whole} - 1`)} < b end`,
        );
        const rows = MONTH_ENDS.flatMap((a) => MONTH_ENDS.map((b) => [a, b]));
        const input: Relation = { kind: "values", columns: [column("a", "timestamp"), column("b", "timestamp")], rows };
        expect(await rowsOf(engine, { kind: "filter", input, condition })).toEqual([]);
      }),
    );
  }

  const failing: readonly (readonly [text: string, message: RegExp])[] = [
    [`cast(cast('{"a":[1,"x"]}' as json) as struct(a bigint[]))`, /cannot be cast to struct\{a: ?list<int64>\}/],
    ["cast('1.7' as bigint)", /"1\.7" cannot be cast to int64/],
    ["cast('12.345' as decimal(10, 2))", /"12\.345" cannot be cast to decimal\(10,2\)/],
    ["9223372036854775807 + 1", /9223372036854775807 \+ 1 does not fit int64/],
    ["lpad('7', 4000000000000, '0')", /no text is filled up to 4000000000000 characters: 268435456 are the most/],
    ["to_json(cast('nan' as double))", /JSON has no NaN and no infinity/],
    ["to_json({'a': [1.5, cast('-inf' as double)]})", /JSON has no NaN and no infinity/],
    ["repeat('ab', 4000000000000)", /no text is repeated 4000000000000 times: 268435456 bytes are the most/],
    ["add_days(date '2024-01-31', 4000000000000)", /nothing lies 4000000000000 days away/],
  ];
  for (const [text, message] of failing) {
    declare(`engine.fails ${text}`, "with an error of data that is not one of a strict read", () =>
      withEngine(harness, async ({ engine }) => {
        const relation = relationOf(await harness.parser.parse(text), "scalar");
        await expect(rowsOf(engine, relation)).rejects.toMatchObject({
          code: "data",
          reason: undefined,
          message: expect.stringMatching(message),
        });
      }),
    );
  }
}
