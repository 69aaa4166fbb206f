import { DuckDBInstance } from "@duckdb/node-api";
import {
  canonicalExpression,
  catalogue,
  type Expression,
  type OrderKey,
  parseSignature,
  printExpression,
  printName,
} from "@sluice/core";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { openExpressionParser } from "../index.ts";

const parser = openExpressionParser();
afterAll(() => parser[Symbol.asyncDispose]());

const letters = fc.string({ unit: "binary" }).map((text) => text.replace(/\0|\p{Surrogate}/gu, "x"));
const names = fc.oneof(
  fc.constantFrom(
    "a",
    "crash_id",
    "Order",
    "order",
    'select"x',
    "then",
    "__proto__",
    "constructor",
    "1",
    "int8",
    "a.b",
    "é",
    "steps",
    "now",
  ),
  letters.filter((name) => name !== ""),
);

const literals: fc.Arbitrary<Expression> = fc.oneof(
  fc.constant(null).map((value) => ({ kind: "literal" as const, type: "null" as const, value })),
  fc.boolean().map((value) => ({ kind: "literal" as const, type: "bool" as const, value })),
  letters.map((value) => ({ kind: "literal" as const, type: "string" as const, value })),
  fc
    .oneof(
      fc.bigInt().map(String),
      fc.integer().map(String),
      fc.tuple(fc.integer(), fc.nat()).map(([whole, places]) => `${whole}.${places}`),
      fc.tuple(fc.integer(), fc.integer({ min: -400, max: 400 })).map(([digits, power]) => `${digits}e${power}`),
      fc.constantFrom("1.50", "-0.1", "1e400", "123456789012345678901234567890123456789012345.678"),
    )
    .map((value) => ({ kind: "literal" as const, type: "number" as const, value })),
  fc
    .constantFrom(
      ["date", "2024-02-29"],
      ["time", "23:59:58.123456"],
      ["timestamp", "2024-01-31T23:59:58"],
      ["timestamp", "2024-01-31 23:59:58.1"],
      ["timestamptz", "2024-01-31T23:59:58Z"],
      ["timestamptz", "2024-01-31T23:59:58.1+02:00"],
      ["interval", "P1Y2M3DT4H5M6.5S"],
      ["interval", "-PT0.000001S"],
      ["uuid", "00000000-0000-4000-8000-00000000000a"],
      ["bytes", ""],
      ["bytes", "00ff27"],
    )
    .map(([type, value]) => ({ kind: "literal", type, value }) as Expression),
);

const types = fc.constantFrom(
  "bool",
  "int8",
  "int16",
  "int32",
  "int64",
  "uint8",
  "uint16",
  "uint32",
  "uint64",
  "float32",
  "float64",
  "decimal(38,10)",
  "string",
  "bytes",
  "date",
  "time",
  "timestamp",
  "timestamptz",
  "interval",
  "uuid",
  "json",
  "list<int8>",
  "list<list<string>>",
  "map<string,decimal(3,1)>",
  'struct{a: int8, "A b": list<json>}',
  "enum('a', 'b''c')",
  "list<enum('a')>",
  "struct{order: enum('\"')}",
);

const leaves: fc.Arbitrary<Expression> = fc.oneof(
  { weight: 3, arbitrary: names.map((name) => ({ kind: "column" as const, name })) },
  { weight: 2, arbitrary: literals },
  names.map((name) => ({
    kind: "parameter" as const,
    name: name.replaceAll(/[\s"]/gu, "_").replace(/^(\d+)$/, "p$1"),
  })),
  fc.constantFrom("now" as const, "today" as const).map((name) => ({ kind: "constant" as const, name })),
  fc.record({
    kind: fc.constant("metric" as const),
    step: names,
    name: fc.constantFrom("rowsIn", "rowsOut", "rejected"),
  }),
);

function orderKeys(below: fc.Arbitrary<Expression>): fc.Arbitrary<OrderKey> {
  return fc.tuple(below, fc.boolean(), fc.boolean()).map(([expression, descending, first]) => ({
    expression,
    ...(descending ? { descending: true as const } : {}),
    ...(first ? { nulls: "first" as const } : {}),
  }));
}

/** Any number of arguments that a signature of the function takes; `in` needs a value, `and` and `or` two. */
function callsOf(name: string, below: fc.Arbitrary<Expression>): fc.Arbitrary<Expression> {
  const entry = catalogue[name];
  if (entry === undefined) throw new Error(name);
  const counts = entry.signatures.map(parseSignature).map(({ parameters }) => {
    const least = parameters.filter(({ optional, rest }) => !optional && !rest).length;
    const rest = parameters.some((parameter) => parameter.rest);
    return rest ? { least: least + 1, most: least + 3 } : { least, most: parameters.length };
  });
  const isAggregate = entry.kind === "aggregate";
  return fc.constantFrom(...counts).chain(({ least, most }) =>
    fc
      .tuple(
        fc.array(below, { minLength: least, maxLength: most }),
        fc.boolean(),
        fc.option(below, { nil: undefined }),
        entry.ordered === true ? fc.array(orderKeys(below), { maxLength: 2 }) : fc.constant([]),
      )
      .map(([operands, distinct, where, order]) => ({
        kind: "call" as const,
        name,
        arguments: operands,
        ...(isAggregate && distinct && operands.length > 0 ? { distinct: true as const } : {}),
        ...(isAggregate && where !== undefined ? { where } : {}),
        ...(order.length > 0 ? { order } : {}),
      })),
  );
}

const expressions: fc.Arbitrary<Expression> = fc.letrec<{ node: Expression }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, depthIdentifier: "expression" },
    leaves,
    fc.constantFrom(...Object.keys(catalogue)).chain((name) => callsOf(name, tie("node"))),
    fc
      .tuple(tie("node"), types, fc.boolean())
      .map(([value, type, safe]) => ({ kind: "cast" as const, value, type, ...(safe ? { safe: true as const } : {}) })),
    fc
      .tuple(
        fc.array(fc.tuple(tie("node"), tie("node")), { minLength: 1, maxLength: 2 }),
        fc.option(tie("node"), { nil: undefined }),
      )
      .map(([branches, otherwise]) => ({
        kind: "case" as const,
        branches,
        ...(otherwise === undefined ? {} : { otherwise }),
      })),
  ),
})).node;

test("every expression over the catalogue comes back from its text", async () => {
  await fc.assert(
    fc.asyncProperty(expressions.map(canonicalExpression), async (expression) => {
      expect(await parser.parse(printExpression(expression))).toEqual(expression);
    }),
    { numRuns: 500 },
  );
});

/** Of the functions one is as good as another; operators and what is written in its own way, all. */
const outermost = Object.entries(catalogue).flatMap(([name, { text }]) =>
  "function" in text && text.short === undefined ? [] : [name],
);

test.each([...outermost, "lower", "sum", "stringAgg"])("every operand of %s may be any other call", async (name) => {
  const simple = fc.constantFrom<Expression>({ kind: "column", name: "a" }, { kind: "parameter", name: "p" });
  for (const inner of [...outermost, "lower", "sum"]) {
    const nested = fc.sample(callsOf(name, callsOf(inner, simple)), { numRuns: 2, seed: 1 });
    for (const expression of nested.map(canonicalExpression)) {
      expect(await parser.parse(printExpression(expression)), printExpression(expression)).toEqual(expression);
    }
  }
});

test("every keyword is a name", async () => {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const rows = await connection.runAndReadAll("select distinct keyword_name from duckdb_keywords()");
  const keywords = rows.getRows().map((row) => String(row[0]));
  connection.closeSync();
  instance.closeSync();
  expect(keywords.length).toBeGreaterThan(400);
  for (const name of [...keywords, "current_date", "user", "l", "r", "steps", "now", "date", "bytes"]) {
    const plus: Expression = {
      kind: "call",
      name: "plus",
      arguments: [
        { kind: "column", name },
        { kind: "column", name },
      ],
    };
    expect(await parser.parse(printExpression(plus))).toEqual(plus);
    const fields = { kind: "cast" as const, value: plus, type: `struct{${name}: int8}` };
    expect(await parser.parse(printExpression(fields))).toEqual(fields);
    const sided: Expression = { kind: "column", name, side: "right" };
    expect(await parser.parse(printExpression(sided), { sides: true })).toEqual(sided);
  }
  expect(printName("crash_id")).toBe("crash_id");
});
