import { createPlaces, postgresForTests } from "@sluice/conformance";
import { type Expression, type FrozenColumn, typedLiterals } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { adapter } from "@sluice/postgres";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { databaseForTests } from "./database.fixture.ts";
import { filterSql } from "./filter.ts";

const engine = createDuckDbEngine({ threads: 1 });
const places = createPlaces("sluice-postgres-filter-");
const database = await databaseForTests({ url: await postgresForTests(), engine, places });

const call = (name: string, ...given: Expression[]): Expression => ({ kind: "call", name, arguments: given });
const column = (name: string): Expression => ({ kind: "column", name });
type Literal = Extract<Expression, { kind: "literal" }>;
const literal = (type: Literal["type"], value: string | boolean): Expression => ({ kind: "literal", type, value });

const VALUES: Readonly<Record<string, readonly (string | null)[]>> = {
  i: ["-3", "0", "1", "2", "9007199254740993", null],
  d: ["0.00", "-1.50", "12.30", "99999.99", null],
  f: ["0", "-0", "1.5", "NaN", "Infinity", "-Infinity", null],
  s: ["", "a", "A", "b", "é", "z", "a b", "ß", "\u{1F600}", null],
  c: ["a", "ab", "", null],
  t: ["2024-01-01 00:00:00", "2024-02-29 12:00:00.5", "1999-12-31 23:59:59.999999", null],
  b: ["true", "false", null],
  o: ["0", "5", "4294967295", null],
};
const LITERALS: Readonly<Record<string, readonly Expression[]>> = {
  i: ["-3", "0", "1", "9007199254740993"].map((value) => literal("number", value)),
  d: ["0", "-1.5", "12.30", "12.3"].map((value) => literal("number", value)),
  f: ["0", "1.5", "-1"].map((value) => literal("number", value)),
  s: ["", "a", "A", "B", "é", "f", "zz"].map((value) => literal("string", value)),
  c: ["a", "ab", "b"].map((value) => literal("string", value)),
  t: [
    ...["2024-01-01 00:00:00", "2024-02-29T12:00:00.5"].map((value) => literal("timestamp", value)),
    ...["2024-01-01", "2024-02-29 12:00"].map((value) => literal("string", value)),
  ],
  b: [literal("bool", true), literal("bool", false)],
  o: ["-1", "5", "5000000000"].map((value) => literal("number", value)),
};
const names = Object.keys(VALUES);
const compared = fc.constantFrom(...names).chain((name) =>
  fc
    .tuple(
      fc.constantFrom(
        "eq",
        "ne",
        "lt",
        "lte",
        "gt",
        "gte",
        "isDistinctFrom",
        "isNotDistinctFrom",
        "in",
        "notIn",
        "between",
        "isNull",
        "isNotNull",
      ),
      fc.constantFrom(...(LITERALS[name] ?? [])),
      fc.constantFrom(...(LITERALS[name] ?? [])),
    )
    .map(([operation, one, other]): Expression => {
      const isOrder = ["lt", "lte", "gt", "gte", "between"].includes(operation);
      if (name === "b" && isOrder) return call("eq", column(name), one);
      if (operation.startsWith("is") && operation.endsWith("ull")) return call(operation, column(name));
      if (["in", "notIn", "between"].includes(operation)) return call(operation, column(name), one, other);
      return call(operation, column(name), one);
    }),
);
const { condition } = fc.letrec<{ condition: Expression }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    compared,
    fc.tuple(tie("condition"), tie("condition")).map(([a, b]) => call("and", a, b)),
    fc.tuple(tie("condition"), tie("condition")).map(([a, b]) => call("or", a, b)),
    tie("condition").map((inner) => call("not", inner)),
  ),
}));

describe.skipIf(database === undefined)("a condition that is pushed down", () => {
  if (database === undefined) return;
  it("gives the rows that the engine takes of all rows", async () => {
    await database
      .query(
        `create table rows (n int, i bigint, d numeric(10,2), f double precision, s text collate "und-x-icu", c char(4), t timestamp, b boolean, o oid)`,
      )
      .catch(() =>
        database.query(
          "create table rows (n int, i bigint, d numeric(10,2), f double precision, s text, c char(4), t timestamp, b boolean, o oid)",
        ),
      );
    for (let n = 0; n < 60; n++) {
      const row = names.map(
        (name, index) => VALUES[name]?.[(n * (index + 3) + Math.floor(n / 7)) % (VALUES[name]?.length ?? 1)] ?? null,
      );
      await database.query("insert into rows values ($1, $2, $3, $4, $5, $6, $7, $8, $9)", [n, ...row]);
    }
    const address = { type: "postgres", connection: "main", table: "rows" };
    const context = await places.newContext(engine);
    const source = await adapter.openSource?.(address, { type: "postgres", url: database.url }, context);
    if (source?.read === undefined) throw new Error("no source");
    const { signal } = new AbortController();
    const columns: FrozenColumn[] = [];
    for await (const stream of source.discover({
      types: new Map(),
      required: [],
      dialect: {},
      parameters: new Map(),
      signal,
    })) {
      columns.push(...stream.columns);
    }
    const dataset = {
      version: 1,
      name: "rows",
      source: address,
      columns,
      validate: "all",
      drift: "fail",
      reordered: "fail",
      stage: "volatile",
      warnings: [],
    } as const;
    const numbers = async (filter?: Expression): Promise<readonly number[]> => {
      const request = {
        dataset,
        columns: columns.map((one) => one.name),
        parameters: new Map(),
        signal,
        warn: () => {},
        ...(filter === undefined ? {} : { filter: typedLiterals(filter, { columns, parameters: new Map() }) }),
      };
      const scan = { kind: "scan", source: { dataset: "rows" } } as const;
      const found: number[] = [];
      for await (const { batch } of source.read?.(request) ?? []) {
        const input = {
          format: batch.format,
          groups: [{ order: batch.schema.columns.map((one) => one.name), files: batch.files }],
          ...(batch.dialect === undefined ? {} : { dialect: batch.dialect }),
          columns,
          validate: "used",
          identity: null,
        } as const;
        const relation = filter === undefined ? scan : ({ kind: "filter", input: scan, condition: filter } as const);
        const query = engine.compile(
          { kind: "keep", input: relation, columns: ["n"] },
          { schemaOf: () => ({ columns }), parameters: new Map() },
        );
        const inputs = new Map([["rows", { input, columns: columns.map((one) => one.name) }]]);
        const constants = { now: "2024-01-01T00:00:00Z", today: "2024-01-01" };
        for await (const rows of engine.rows(query, { inputs, parameters: new Map(), constants, signal })) {
          found.push(...rows.map(([n]) => Number(n)));
        }
      }
      return found.sort((a, b) => a - b);
    };
    /** The engine over all rows, with nothing pushed. */
    const whole = async (filter: Expression): Promise<readonly number[]> => {
      const never = call("or", filter, call("eq", call("lower", column("s")), literal("string", "no such text")));
      return await numbers(never);
    };
    const plain = { i: "bigint", d: "numeric", f: "double", s: "text", c: "char", t: "timestamp", b: "bool", o: "oid" };
    expect(Object.keys(plain)).toEqual(names);
    await fc.assert(
      fc.asyncProperty(condition, async (filter) => {
        expect(await numbers(filter)).toEqual(await whole(filter));
      }),
      { numRuns: 60 },
    );
  });
});

const int = { name: "int8", kind: "b", category: "N", modifier: -1, shown: "bigint", isBuiltIn: true } as const;
const frozen = { name: "id", type: "int64", nullable: true };
const columns = new Map([
  ["id", { frozen, type: int }],
  [
    "city",
    {
      frozen: { name: "city", type: "string", nullable: true },
      type: { ...int, name: "text", category: "S", shown: "text" },
    },
  ],
]);

it("asks for what it can say exactly, and leaves the rest to the engine", () => {
  const id = call("gte", column("id"), literal("number", "5"));
  const city = call("eq", column("city"), literal("string", "O'slo"));
  const other = call("eq", call("lower", column("city")), literal("string", "x"));
  const sql = (filter: Expression): unknown => filterSql(filter, columns, { isUtf8: true });
  expect(sql(id)).toEqual({ sql: '"id" >= 5', isWhole: true });
  expect(sql(call("and", id, city))).toEqual({
    sql: `"id" >= 5 and ("city" = 'O''slo' and "city" collate "C" = 'O''slo')`,
    isWhole: true,
  });
  expect(sql(call("and", id, other))).toEqual({ sql: '"id" >= 5', isWhole: false });
  expect(sql(call("or", id, other))).toEqual({ isWhole: false });
  expect(sql(call("not", call("and", id, other)))).toEqual({ isWhole: false });
  expect(sql(call("lt", column("city"), literal("string", "m")))).toEqual({
    sql: `"city" collate "C" < 'm'`,
    isWhole: true,
  });
  expect(filterSql(call("lt", column("city"), literal("string", "m")), columns, { isUtf8: false })).toEqual({
    isWhole: false,
  });
  expect(sql(call("eq", column("id"), literal("number", "1.5")))).toEqual({ isWhole: false });
  expect(sql(call("lt", literal("number", "1"), column("id")))).toEqual({ sql: '"id" > 1', isWhole: true });
  const nothing: Expression = { kind: "literal", type: "null", value: null };
  expect(sql(call("eq", column("city"), nothing))).toEqual({ sql: "null::boolean", isWhole: true });
  expect(sql(call("isNotDistinctFrom", nothing, column("city")))).toEqual({ sql: '"city" is null', isWhole: true });
  expect(sql(call("or", call("isNull", nothing), id))).toEqual({ sql: '(true or "id" >= 5)', isWhole: true });
  expect(sql(call("gt", column("id"), literal("number", "9223372036854775807")))).toEqual({ isWhole: false });
  expect(
    filterSql(call("gt", column("id"), literal("number", "9223372036854775807")), columns, {
      isUtf8: true,
      isAlone: true,
    }),
  ).toEqual({ sql: `"id" > '9223372036854775807'::numeric`, isWhole: true });
});
