import { readdirSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { createPlaces, postgresForTests } from "@sluice/conformance";
import type { FrozenColumn, FrozenDataset, OpenContext, ScannableInput } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { adapter } from "@sluice/postgres";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { databaseForTests, openDatabase } from "../database.fixture.ts";
import { quoted, quotedText } from "../names.ts";

const engine = createDuckDbEngine({ threads: 2 });
const places = createPlaces("sluice-postgres-binary-");
const database = await databaseForTests({ url: await postgresForTests(), engine, places });

interface Read {
  readonly format: "csv" | "parquet" | "ndjson";
  readonly rows: readonly (readonly unknown[])[];
}

interface ReadOptions {
  readonly beforeRead?: () => Promise<void>;
  readonly context?: OpenContext;
  readonly signal?: AbortSignal;
  readonly change?: (column: FrozenColumn) => FrozenColumn;
}

/** A table as the engine sees what the adapter gives. */
async function readTable(url: string, table: string, options: ReadOptions = {}): Promise<Read> {
  const { signal = new AbortController().signal, change = (column) => column } = options;
  const address = { type: "postgres", connection: "main", table: quoted(table) };
  const context = options.context ?? (await places.newContext(engine));
  const source = await adapter.openSource?.(address, { type: "postgres", url }, context);
  if (source?.read === undefined) throw new Error("no source");
  const parameters = new Map<string, string>();
  const found: FrozenColumn[] = [];
  const request = { types: new Map(), required: [], dialect: {}, parameters, signal: new AbortController().signal };
  for await (const stream of source.discover(request)) found.push(...stream.columns);
  const columns = found.map(change);
  const dataset: FrozenDataset = {
    version: 1,
    name: "rows",
    source: address,
    columns,
    validate: "all",
    drift: "fail",
    reordered: "fail",
    stage: "volatile",
    warnings: [],
  };
  await options.beforeRead?.();
  const names = columns.map(({ name }) => name);
  const rows: (readonly unknown[])[] = [];
  let format: Read["format"] = "ndjson";
  for await (const { batch } of source.read({ dataset, columns: names, parameters, signal, warn: () => {} })) {
    ({ format } = batch);
    const input: ScannableInput = {
      format,
      groups: [{ order: batch.schema.columns.map((one) => one.name), files: batch.files }],
      ...(batch.dialect === undefined ? {} : { dialect: batch.dialect }),
      ...(batch.printed === undefined ? {} : { printed: batch.printed }),
      columns,
      validate: "all",
      identity: null,
    };
    const query = engine.compile(
      { kind: "scan", source: { dataset: "rows" } },
      { schemaOf: () => ({ columns }), parameters: new Map() },
    );
    const constants = { now: "2024-01-01T00:00:00Z", today: "2024-01-01" };
    const inputs = new Map([["rows", { input, columns: names }]]);
    const work = { inputs, parameters: new Map(), constants, signal };
    for await (const some of engine.rows(query, work)) rows.push(...some);
  }
  return { format, rows };
}

/** A value of each type that is read in binary, at both ends and where bytes change their sign. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  boolean: ["true", "false"],
  smallint: ["-32768", "-1", "0", "255", "256", "32767"],
  integer: ["-2147483648", "-1", "0", "65535", "2147483647"],
  bigint: ["-9223372036854775808", "-4294967297", "-1", "0", "4294967295", "4294967296", "9223372036854775807"],
  oid: ["0", "2147483648", "4294967295"],
  real: ["-0", "0", "1.5", "3.4028235e38", "1e-45", "NaN", "Infinity", "-Infinity"],
  "double precision": ["-0", "0", "0.1", "1.7976931348623157e308", "5e-324", "NaN", "Infinity", "-Infinity"],
  text: ["", "a", "é\u{1F600}", 'x,"y"\n', "\\N", "null", "x".repeat(23), "x".repeat(24), "x".repeat(70)],
  "varchar(5)": ["", "abc  "],
  "char(5)": ["", "abc"],
  uuid: ["00000000-0000-0000-0000-000000000000", "80ff0123-4567-89ab-cdef-0123456789ff"],
  bytea: ["\\x", "\\x00ff80", `\\x${"ab".repeat(40)}`],
  date: ["0001-01-01", "1969-12-31", "1970-01-01", "1999-12-31", "2000-01-01", "9999-12-31"],
  time: ["00:00:00", "00:00:00.000001", "01:11:34.967296", "23:59:59.999999"],
  timestamp: [
    "0001-01-01 00:00:00",
    "0001-01-01 01:30:00",
    "1969-12-31 23:59:59.999999",
    "1999-12-31 23:59:59.999999",
    "2000-01-01 00:00:00",
    "2026-11-20 10:11:12.345678",
    "9999-12-31 22:30:00",
    "9999-12-31 23:59:59.999999",
  ],
  timestamptz: ["0001-01-01 00:00:00+00", "2024-02-29 12:00:00.5+05:30", "9999-12-31 23:59:59.999999+00"],
  "numeric(9,2)": ["-9999999.99", "-0.01", "0", "0.1", "0.10", "100", "1234567.8", "9999999.99"],
  "numeric(15,0)": ["-999999999999999", "0", "10000", "100000000", "999999999999999"],
  "numeric(15,15)": ["-0.999999999999999", "0.000000000000001", "0.0001", "0.1"],
  "numeric(18,3)": ["-999999999999999.999", "-0.001", "0", "123456789012345.678", "999999999999999.999"],
  "numeric(38,10)": ["-9999999999999999999999999999.9999999999", "-0.0000000001", "0", "18446744073709551616.5"],
  "numeric(38,0)": ["-99999999999999999999999999999999999999", "0", "10000000000000000000000000000000000000"],
  "numeric(20,4)": ["-9223372036854775.8080", "0.0001", "1844674407370955.1616"],
  "numeric(3,-2)": ["-99900", "0", "100", "12300"],
  "numeric(2,4)": ["-0.0099", "0.0001", "0"],
  inet: ["10.0.0.1/8", "::1"],
  interval: ["1 year 2 mons -3 days 04:05:06.7"],
};

describe.skipIf(database === undefined)("rows read in binary", () => {
  if (database === undefined) return;
  const create = async (columns: string, rows: string): Promise<string> => {
    const table = database.newName();
    await database.query(`create table ${quoted(table)} (${columns})`);
    if (rows !== "") await database.query(`insert into ${quoted(table)} ${rows}`);
    return table;
  };

  it("are what PostgreSQL prints, of each type, with nulls", async () => {
    const types = Object.keys(VALUES).filter((type) => type !== "numeric(3,-2)" && type !== "numeric(2,4)");
    const [[version] = []] = await database.query("select current_setting('server_version_num')");
    if (Number(version) >= 150_000) types.push("numeric(3,-2)", "numeric(2,4)");
    const most = Math.max(...types.map((type) => VALUES[type]?.length ?? 0));
    const literal = (type: string, row: number): string => {
      const value = VALUES[type]?.[row];
      return value === undefined ? "null" : `${quotedText(value)}::${type}`;
    };
    const rows = Array.from({ length: most + 1 }, (_, row) => types.map((type) => literal(type, row)).join(", "));
    const columns = types.map((type, index) => `c${index} ${type}`).join(", ");
    const table = await create(columns, `values ${rows.map((row) => `(${row})`).join(", ")}`);
    // With a column of JSON the same rows come as text.
    const withJson = await create(`${columns}, j json`, `select *, null from ${quoted(table)}`);
    const binary = await readTable(database.url, table);
    const text = await readTable(database.url, withJson);
    expect([binary.format, text.format]).toEqual(["parquet", "csv"]);
    expect(binary.rows).toEqual(text.rows.map((row) => row.slice(0, -1)));
    expect(binary.rows).toHaveLength(most + 1);
    expect(binary.rows.at(-1)).toEqual(types.map(() => null));
  });

  it("are exact decimals of any number of digits", async () => {
    const digits = fc.integer({ min: 1, max: 38 });
    const type = digits.chain((precision) => fc.tuple(fc.constant(precision), fc.integer({ min: 0, max: precision })));
    const value = fc.tuple(
      fc.boolean(),
      fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 38, maxLength: 38 }),
      fc.nat({ max: 38 }),
    );
    await fc.assert(
      fc.asyncProperty(type, fc.array(value, { minLength: 1, maxLength: 30 }), async ([precision, scale], values) => {
        const numbers = values.map(([isNegative, all, zeros]) => {
          const text = `${"0".repeat(zeros)}${all.join("")}`.slice(0, precision).padStart(scale + 1, "0");
          const whole = text.slice(0, text.length - scale);
          return `${isNegative ? "-" : ""}${whole}${scale === 0 ? "" : `.${text.slice(-scale)}`}`;
        });
        const table = await create(
          `n int, v numeric(${precision},${scale})`,
          `values ${numbers.map((one, n) => `(${n}, ${one})`).join(", ")}`,
        );
        const printed = await database.query(`select v::text from ${quoted(table)} order by n`);
        const { format, rows } = await readTable(database.url, table);
        expect(format).toBe("parquet");
        // The engine leaves out a zero before the point where no other digit may stand there.
        expect(rows.map(([, v]) => String(v).replace(/^(-?)\./, "$10."))).toEqual(printed.map(([v]) => v));
      }),
      { numRuns: 40 },
    );
  });

  it("are the decimals that a numeric without digits was frozen as, and text where one does not fit", async () => {
    const table = await create("id int, v numeric", "values (1, 1.25), (2, -1e27), (3, null), (4, 0.0001), (5, 12)");
    const fitting = await readTable(database.url, table);
    expect(fitting).toMatchObject({
      format: "parquet",
      rows: [
        ["1", "1.2500"],
        ["2", `-1${"0".repeat(27)}.0000`],
        ["3", null],
        ["4", "0.0001"],
        ["5", "12.0000"],
      ].map(([id, v]) => [Number(id), v]),
    });
    for (const value of ["1.23456", "1.50000", "1e34", "NaN", "Infinity"]) {
      const later = await create("id int, v numeric", "values (1, 1.25), (2, 0.0001)");
      const change = async (): Promise<void> =>
        void (await database.query(`insert into ${quoted(later)} values (3, '${value}')`));
      await expect(readTable(database.url, later, { beforeRead: change }), value).rejects.toMatchObject({
        code: "data",
      });
    }
  });

  it("come as text where a numeric without digits was declared as something else, and as decimals of so few digits that fit", async () => {
    const table = await create("v numeric", "values (1), (-2), (null), (300)");
    const declared = (type: string) => (column: FrozenColumn) => ({ name: column.name, type, nullable: true });
    for (const type of ["int64", "int32", "int16", "float64"]) {
      const read = await readTable(database.url, table, { change: declared(type) });
      expect([type, read]).toEqual([type, { format: "csv", rows: [[1], [-2], [null], [300]] }]);
    }
    for (const type of ["bool", "uuid", "date"]) {
      await expect(readTable(database.url, table, { change: declared(type) }), type).rejects.toMatchObject({
        code: "data",
      });
    }
    for (const type of ["decimal(3,0)", "decimal(17,0)", "decimal(20,0)"]) {
      const read = await readTable(database.url, table, { change: declared(type) });
      expect([type, read]).toEqual([type, { format: "parquet", rows: [["1"], ["-2"], [null], ["300"]] }]);
    }
    for (const [type, value] of [
      ["decimal(2,0)", "300"],
      ["decimal(10,2)", "123456789012345678901"],
      ["decimal(10,2)", "-1e300"],
      ["decimal(18,3)", "123456789012345678901"],
      ["decimal(18,3)", "-1000000000000000"],
    ] as const) {
      const large = await create("v numeric", `values (${value})`);
      await expect(readTable(database.url, large, { change: declared(type) }), type).rejects.toMatchObject({
        code: "data",
        reason: "strict",
      });
    }
  });

  it("are text where somebody's own type is called as one of PostgreSQL's", async () => {
    const schema = database.newName();
    await database.query(`create schema ${quoted(schema)}`);
    for (const [name, type, value, is] of [
      ["uuid", "enum ('0123456789abcdef')", "0123456789abcdef", "0123456789abcdef"],
      ["int4", "enum ('abcd')", "abcd", "abcd"],
      ["numeric", "enum ('12345678')", "12345678", "12345678"],
      ["name", "(first text, last text)", "(a,b)", '{"first":"a","last":"b"}'],
      ["bytea", "range (subtype = int4)", "[1,2)", "[1,2)"],
    ] as const) {
      await database.query(`create type ${quoted(schema)}.${name} as ${type}`);
      const table = await create(`v ${quoted(schema)}.${name}`, `values (${quotedText(value)}), (null)`);
      const { rows } = await readTable(database.url, table);
      expect([name, rows]).toEqual([name, [[is], [null]]]);
    }
  });

  it.each([
    ["another length", "int8"],
    ["the same length", "float4"],
  ])("come as text where a view with a type of %s took the place of the one that was looked at", async (_, type) => {
    const view = quoted(database.newName());
    await database.query(`create view ${view} as select 7::int4 as n`);
    await using other = await openDatabase(database.url);
    let swapped: Promise<void> | undefined;
    const beforeRead = async (): Promise<void> => {
      const [[oid] = []] = await other.query("select $1::regclass::oid::text", [view]);
      await other.query("begin");
      await other.query(`drop view ${view}`);
      await other.query(`create view ${view} as select 7::${type} as n`);
      const isAwaited = "select count(*)::text from pg_locks where not granted and relation = $1::oid";
      swapped = (async () => {
        while ((await database.query(isAwaited, [oid]))[0]?.[0] === "0") await setImmediate();
        await other.query("commit");
      })();
    };
    const name = view.slice(1, -1).replaceAll('""', '"');
    expect(await readTable(database.url, name, { beforeRead })).toEqual({ format: "csv", rows: [[7]] });
    await swapped;
  });

  it("come as text where a value is none of its type, so that it is a reject", async () => {
    for (const [type, value] of [
      ["date", "infinity"],
      ["date", "0001-12-31 BC"],
      ["date", "10000-01-01"],
      ["timestamp", "-infinity"],
      ["timestamp", "infinity"],
      ["timestamp", "0001-12-31 23:59:59.999999 BC"],
      ["timestamp", "10000-01-01 00:00:00"],
      ["timestamptz", "10000-01-01 00:00:00+00"],
      ["time", "24:00:00"],
      ["numeric(10,2)", "NaN"],
      ["numeric(30,2)", "NaN"],
    ] as const) {
      const table = await create(`id int, v ${type}`, `values (1, null), (2, ${quotedText(value)}), (3, null)`);
      await expect(readTable(database.url, table), `${type} ${value}`).rejects.toMatchObject({ code: "data" });
    }
    const table = await create("id int, v text", "values (1, 'a'), (2, null)");
    const change = (column: FrozenColumn): FrozenColumn => ({ ...column, nullable: false });
    await expect(readTable(database.url, table, { change })).rejects.toMatchObject({ code: "data" });
  });

  it("may be none, of one column, more than are held at a time, longer than a block", async () => {
    expect(await readTable(database.url, await create("a int, b text", ""))).toMatchObject({
      format: "parquet",
      rows: [],
    });
    const one = await create('"ü ""x""" text', "values (''), (null), ('b')");
    expect((await readTable(database.url, one)).rows).toEqual([[""], [null], ["b"]]);
    const many = await create(
      "n int, v text, b boolean",
      "select n, case when n % 7 > 0 then n::text end, n % 3 = 0 from generate_series(1, 250001) n",
    );
    const { rows } = await readTable(database.url, many);
    expect(rows).toHaveLength(250_001);
    const wrong = rows.filter(
      ([n, v, b]) => v !== (Number(n) % 7 > 0 ? String(n) : null) || b !== (Number(n) % 3 === 0),
    );
    expect(wrong).toEqual([]);
    const long = await create(
      "n int, v text",
      "select n, repeat(chr(96 + n), n * 3000001) from generate_series(1, 6) n",
    );
    const read = (await readTable(database.url, long)).rows.map(([n, v]) => [
      n,
      String(v).length,
      new Set(String(v)).size,
    ]);
    expect(read).toEqual([1, 2, 3, 4, 5, 6].map((n) => [n, n * 3_000_001, 1]));
    const names = Array.from({ length: 1200 }, (_, index) => `c${index}`);
    const wide = await create(
      names.map((name) => `${name} int`).join(", "),
      `select ${names.map((_, index) => `n + ${index}`).join(", ")} from generate_series(1, 700) n`,
    );
    const cells = (await readTable(database.url, wide)).rows;
    expect(cells).toEqual(Array.from({ length: 700 }, (_, row) => names.map((_, index) => row + 1 + index)));
  });

  it("leave no file behind where the read is cancelled", async () => {
    const table = await create("n int, v text", "select n, repeat('x', 200) from generate_series(1, 200000) n");
    const controller = new AbortController();
    const context = await places.newContext(engine);
    const reading = readTable(database.url, table, { signal: controller.signal, context });
    const outcome = expect(reading).rejects.toMatchObject({ code: "cancelled" });
    while (readdirSync(context.scratch).length === 0) await setImmediate();
    controller.abort();
    await outcome;
    expect(readdirSync(context.scratch)).toEqual([]);
  });
});
