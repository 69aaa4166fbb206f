import type { Column, Expression, Frame, FrameBound, LiteralNode, NamedExpression, SortKey } from "@sluice/core";
import fc from "fast-check";

const unicode = fc.string({ unit: "binary", minLength: 1 }).map((text) => text.replace(/\p{Surrogate}|\0/gu, "x"));
const odd = fc.constantFrom(
  "a",
  "crash_id",
  "__proto__",
  "constructor",
  "1",
  "true",
  "null",
  "~",
  'select"x',
  "<<",
  "a: b",
  "- c",
  "#",
  " d ",
  "0x1F",
  "1e3",
  "no",
  "'",
  "\n",
  "*a",
  "&b",
  "{x}",
  "a,b",
  "l",
  "from",
  "",
);
export const names = fc.oneof(
  { weight: 3, arbitrary: odd.filter((name) => name !== "") },
  { weight: 1, arbitrary: unicode },
);
export const texts = fc.oneof(
  odd,
  unicode,
  fc.string({ unit: "grapheme" }).map((text) => text.replace(/\p{Surrogate}|\0/gu, "x")),
);
export const uniqueNames = (minLength = 1): fc.Arbitrary<string[]> =>
  fc.uniqueArray(names, { minLength, maxLength: 3, selector: (name) => name.toLowerCase() });

export const defined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
export const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });

export function expressions(side?: "left" | "right"): fc.Arbitrary<Expression> {
  const column = names.map((name): Expression => ({ kind: "column", name, ...(side === undefined ? {} : { side }) }));
  const literal = fc.oneof(
    texts.map((value): Expression => ({ kind: "literal", type: "string", value })),
    fc
      .oneof(fc.integer().map(String), fc.constantFrom("1.50", "0.00000001", "1e21", "0.1", "9007199254740993", "-3"))
      .map((value): Expression => ({ kind: "literal", type: "number", value })),
    fc.constantFrom<Expression>(
      { kind: "literal", type: "bool", value: true },
      { kind: "literal", type: "null", value: null },
      { kind: "literal", type: "date", value: "2024-01-31" },
      { kind: "parameter", name: "since" },
      { kind: "constant", name: "today" },
      { kind: "call", name: "count", arguments: [] },
      { kind: "call", name: "rowNumber", arguments: [] },
      { kind: "call", name: "lagKnown", arguments: [{ kind: "literal", type: "string", value: "a" }] },
    ),
  );
  const leaf = fc.oneof(column, literal);
  const pair = (name: string): fc.Arbitrary<Expression> =>
    fc.tuple(leaf, leaf).map((operands): Expression => ({ kind: "call", name, arguments: operands }));
  return fc.oneof(
    leaf,
    fc.constantFrom("eq", "and", "concat", "isDistinctFrom", "like", "round", "orElse").chain(pair),
    fc.constantFrom("at", "jsonAt", "jsonText", "listOf", "mapOf", "bitAnd", "hashKey").chain(pair),
    fc
      .tuple(
        leaf,
        texts.filter((name) => name !== ""),
        leaf,
      )
      .map(([owner, value, other]): Expression => {
        const name = { kind: "literal", type: "string", value } as const;
        const made: Expression = { kind: "call", name: "structOf", arguments: [name, owner] };
        const field: Expression = { kind: "call", name: "field", arguments: [owner, name] };
        return {
          kind: "call",
          name: "at",
          arguments: [{ kind: "call", name: "listOf", arguments: [made, field] }, other],
        };
      }),
    fc.tuple(leaf, leaf, fc.boolean(), fc.boolean()).map(
      ([value, by, descending, first]): Expression => ({
        kind: "call",
        name: "stringAgg",
        arguments: [value, { kind: "literal", type: "string", value: ", " }],
        order: [
          defined({
            expression: by,
            descending: descending || undefined,
            nulls: first ? ("first" as const) : undefined,
          }) as SortKey,
        ],
      }),
    ),
    leaf.map((value): Expression => ({ kind: "cast", value, type: "decimal(10,2)", safe: true })),
    fc
      .tuple(leaf, leaf)
      .map(([when, then]): Expression => ({ kind: "case", branches: [[when, then]], otherwise: when })),
  );
}

export const named = (minLength = 0, side?: "left"): fc.Arbitrary<NamedExpression[]> =>
  fc
    .tuple(uniqueNames(minLength), fc.array(expressions(side), { minLength: 3, maxLength: 3 }))
    .map(([keys, values]) => keys.map((key, index) => [key, values[index] ?? { kind: "column", name: key }] as const));
export const sortKeys: fc.Arbitrary<SortKey[]> = fc.array(
  fc
    .record({
      expression: expressions(),
      descending: maybe(fc.constant(true as const)),
      nulls: maybe(fc.constant("first" as const)),
    })
    .map((key) => defined(key) as SortKey),
  { minLength: 1, maxLength: 2 },
);
const bounds = fc.constantFrom<FrameBound>(
  "unbounded",
  "current",
  { preceding: "3" },
  { following: "1.50" },
  { preceding: "P7D" },
  { following: "0" },
);
export const frames: fc.Arbitrary<Frame> = fc.record({
  unit: fc.constantFrom("rows", "range", "groups"),
  from: bounds,
  to: bounds,
});
export const pivotValues = fc.oneof(
  texts.map((value): LiteralNode => ({ kind: "literal", type: "string", value })),
  fc.constantFrom<LiteralNode>(
    { kind: "literal", type: "number", value: "1.50" },
    { kind: "literal", type: "number", value: "-3" },
    { kind: "literal", type: "number", value: "9007199254740993" },
    { kind: "literal", type: "number", value: "-0.1234567890123456789" },
    { kind: "literal", type: "number", value: "1e-7" },
    { kind: "literal", type: "string", value: "2" },
    { kind: "literal", type: "bool", value: true },
    { kind: "literal", type: "null", value: null },
  ),
);
const types = fc.constantFrom(
  "int64",
  "string",
  "bool",
  "decimal(10,2)",
  "list<string>",
  'struct{"A b": int8}',
  "enum('a?')",
);
export const typedColumns: fc.Arbitrary<Column[]> = uniqueNames().chain((keys) =>
  fc.tuple(...keys.map((name) => fc.record({ name: fc.constant(name), type: types, nullable: fc.boolean() }))),
);
export const json = fc.oneof(
  texts,
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constant({ a: [1, "x"] }),
  fc.constant([]),
);
/** An address has no empty text. */
const filled = texts.filter((text) => text !== "");

export const addresses = fc.oneof(
  fc.record({
    type: fc.constant("sqlite"),
    connection: fc.constant("warehouse"),
    table: fc.oneof(fc.constant("crash"), filled),
  }),
  fc.record(
    {
      type: fc.constant("postgres"),
      connection: fc.oneof(fc.constant("warehouse"), filled),
      schema: fc.oneof(fc.constant("public"), filled),
      table: fc.oneof(fc.constant("crash"), filled),
      indexes: fc.array(fc.array(texts)),
    },
    { requiredKeys: ["type", "connection", "table"] },
  ),
  fc.record({ type: fc.constant("postgres"), connection: filled, query: filled }),
  fc.record({
    type: fc.constant("file"),
    path: fc.oneof(fc.constant("data/{day}.csv"), filled),
    header: fc.boolean(),
    options: json,
  }),
  fc.record({
    type: fc.constant("file"),
    path: filled,
    format: fc.constantFrom("fixed", "lines"),
    columns: fc.array(fc.tuple(names, fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 99 }))),
    short: fc.constantFrom("reject", "pad"),
  }),
  fc.record({ type: fc.constant("sqlite"), path: filled, table: names, file: filled }),
  fc.record(
    {
      type: fc.constant("lake"),
      table: fc.oneof(fc.constantFrom("chicago.crash", "a.b.c", "day(crash)", "chicago.crash@2024-01-31"), filled),
      path: filled,
      connection: names,
      partitions: fc.array(texts, { minLength: 1 }),
    },
    { requiredKeys: ["type", "table"] },
  ),
  fc.record({ type: fc.constant("http"), url: texts }),
);

/** Operations on an input, six ways to begin, all of them anywhere. */
