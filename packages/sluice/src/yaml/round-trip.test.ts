import {
  type CheckDefinition,
  type Column,
  canonicalDefinition,
  type Expression,
  type Frame,
  type FrameBound,
  type LiteralNode,
  type NamedExpression,
  type PipelineDefinition,
  type Relation,
  type SortKey,
  type StepDefinition,
} from "@sluice/core";
import { openExpressionParser } from "@sluice/duckdb";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { jsonSchema } from "./json-schema.ts";
import { readYaml } from "./read-yaml.ts";
import { violations } from "./violations.fixture.ts";
import { writeYaml } from "./write-yaml.ts";

const parser = openExpressionParser();
afterAll(() => parser[Symbol.asyncDispose]());

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
const names = fc.oneof({ weight: 3, arbitrary: odd.filter((name) => name !== "") }, { weight: 1, arbitrary: unicode });
const texts = fc.oneof(
  odd,
  unicode,
  fc.string({ unit: "grapheme" }).map((text) => text.replace(/\p{Surrogate}|\0/gu, "x")),
);
const uniqueNames = (minLength = 1): fc.Arbitrary<string[]> =>
  fc.uniqueArray(names, { minLength, maxLength: 3, selector: (name) => name.toLowerCase() });

const defined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });

function expressions(side?: "left" | "right"): fc.Arbitrary<Expression> {
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

const named = (minLength = 0, side?: "left"): fc.Arbitrary<NamedExpression[]> =>
  fc
    .tuple(uniqueNames(minLength), fc.array(expressions(side), { minLength: 3, maxLength: 3 }))
    .map(([keys, values]) => keys.map((key, index) => [key, values[index] ?? { kind: "column", name: key }] as const));
const sortKeys: fc.Arbitrary<SortKey[]> = fc.array(
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
const frames: fc.Arbitrary<Frame> = fc.record({
  unit: fc.constantFrom("rows", "range", "groups"),
  from: bounds,
  to: bounds,
});
const pivotValues = fc.oneof(
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
const typedColumns: fc.Arbitrary<Column[]> = uniqueNames().chain((keys) =>
  fc.tuple(...keys.map((name) => fc.record({ name: fc.constant(name), type: types, nullable: fc.boolean() }))),
);
const json = fc.oneof(
  texts,
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constant({ a: [1, "x"] }),
  fc.constant([]),
);
const addresses = fc.oneof(
  fc.record({
    type: fc.constant("sqlite"),
    connection: fc.constant("warehouse"),
    table: fc.oneof(fc.constant("crash"), texts),
  }),
  fc.record({
    type: fc.constant("file"),
    path: fc.oneof(fc.constant("data/{day}.csv"), texts),
    header: fc.boolean(),
    options: json,
  }),
  fc.record({
    type: fc.constant("file"),
    path: texts,
    format: fc.constantFrom("fixed", "lines"),
    columns: fc.array(fc.tuple(names, fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 99 }))),
    short: fc.constantFrom("reject", "pad"),
  }),
  fc.record({ type: fc.constant("sqlite"), path: texts, table: names, file: texts }),
  fc.record({ type: fc.constant("http"), url: texts }),
);

/** Operations on an input, six ways to begin, all of them anywhere. */
const relations: fc.Arbitrary<Relation> = fc.letrec<{ relation: Relation }>((tie) => {
  const input = tie("relation");
  const how = fc.constantFrom("inner", "left", "right", "full", "semi", "anti", "cross");
  const scans: fc.Arbitrary<Relation> = fc
    .oneof(
      fc.constantFrom(
        { dataset: "crashes" },
        { step: "first" },
        { dataset: "first" },
        { step: "gone" },
        { dataset: "a b" },
      ),
      addresses.map((inline) => ({ inline })),
    )
    .map((source): Relation => ({ kind: "scan", source: source as never }));
  const values = typedColumns.chain((columns) =>
    fc
      .array(
        fc.tuple(
          ...columns.map((column) =>
            column.type === "bool"
              ? fc.constantFrom(true, false, null)
              : fc.oneof(texts, fc.constantFrom("1", "1.0", "true", null)),
          ),
        ),
        { maxLength: 2 },
      )
      .map((rows): Relation => ({ kind: "values", columns, rows })),
  );
  const sql = fc.array(fc.tuple(texts, input), { maxLength: 2 }).chain((parts) =>
    fc.tuple(texts, fc.constantFrom("duckdb", "postgres"), maybe(typedColumns)).map(([last, engine, declared]) =>
      defined<Relation>({
        kind: "sql",
        engine,
        texts: [...parts.map(([text]) => text), last],
        inputs: parts.map(([, relation]) => relation),
        ...(declared === undefined ? {} : { declared }),
      }),
    ),
  );
  const node = (make: fc.Arbitrary<object>): fc.Arbitrary<Relation> =>
    fc.tuple(input, make).map(([below, rest]) => defined({ ...rest, input: below }) as unknown as Relation);
  const kind = <K extends string>(name: K): fc.Arbitrary<K> => fc.constant(name);
  return {
    relation: fc.oneof(
      { maxDepth: 6, depthSize: "medium", withCrossShrink: true },
      scans,
      values,
      sql,
      fc
        .record({
          kind: kind("union"),
          inputs: fc.array(input, { maxLength: 2 }),
          distinct: maybe(fc.constant(true)),
          missing: maybe(fc.constant("null")),
        })
        .map((union) => defined(union) as Relation),
      fc
        .record({
          kind: kind("join"),
          left: input,
          right: input,
          how,
          using: maybe(uniqueNames()),
          on: maybe(expressions("left")),
          suffix: maybe(texts),
          select: maybe(named(0, "left")),
        })
        .map((join) => defined(join) as unknown as Relation),
      node(fc.record({ kind: kind("filter"), condition: expressions() })),
      node(fc.record({ kind: fc.constantFrom("select", "derive"), columns: named() })),
      node(
        fc.record({
          kind: kind("rename"),
          names: fc.tuple(uniqueNames(), texts).map(([from, to]) => from.map((name) => [name, to])),
        }),
      ),
      node(fc.record({ kind: fc.constantFrom("keep", "drop", "dropNulls"), columns: uniqueNames() })),
      node(fc.record({ kind: kind("distinct") })),
      node(fc.record({ kind: kind("aggregate"), by: uniqueNames(0), columns: named() })),
      node(
        fc.tuple(uniqueNames(2), named(), names, fc.boolean()).map(([by, columns, mark, isMarked]) => ({
          kind: "aggregate",
          by,
          sets: [by.slice(0, 1), by, []],
          ...(isMarked ? { grouping: [[by[1], mark]] } : {}),
          columns,
        })),
      ),
      fc
        .record({
          kind: fc.constantFrom("intersect", "except"),
          left: input,
          right: input,
          all: maybe(fc.constant(true)),
        })
        .map((sides) => defined(sides) as Relation),
      node(
        fc.record({
          kind: kind("fill"),
          columns: uniqueNames(),
          how: fc.constantFrom("forward", "backward"),
          partition: uniqueNames(0),
          by: sortKeys,
          limit: maybe(fc.integer({ min: 1 })),
        }),
      ),
      node(
        fc.record({
          kind: kind("fill"),
          columns: uniqueNames(),
          how: kind("value"),
          value: expressions(),
          partition: fc.constant([]),
          by: fc.constant([]),
        }),
      ),
      node(
        fc.record({
          kind: kind("pivot"),
          by: uniqueNames(0),
          on: names,
          values: fc.oneof(
            fc.uniqueArray(fc.tuple(names, pivotValues), { maxLength: 3, selector: ([name]) => name }),
            fc.array(pivotValues, { maxLength: 2 }).map((all) => all.map((value) => [String(value.value), value])),
          ),
          columns: named(1),
        }),
      ),
      node(
        fc.record({
          kind: kind("unpivot"),
          columns: uniqueNames(),
          name: names,
          value: names,
          nulls: maybe(fc.constant("keep")),
        }),
      ),
      node(
        fc.record({
          kind: kind("unnest"),
          column: names,
          outer: maybe(fc.constant(true)),
          ordinality: maybe(names),
          prefix: maybe(names),
        }),
      ),
      node(
        fc.record({
          kind: kind("sample"),
          count: maybe(fc.nat()),
          share: maybe(fc.constantFrom(0.1, 1)),
          key: uniqueNames(0),
          seed: maybe(fc.integer({ min: -9, max: 9 })),
        }),
      ),
      node(fc.record({ kind: kind("sort"), by: sortKeys })),
      node(fc.record({ kind: kind("limit"), count: fc.nat(), offset: maybe(fc.integer({ min: 1 })) })),
      node(
        fc.record({
          kind: kind("deduplicate"),
          key: uniqueNames(),
          keep: fc.constantFrom("first", "last"),
          by: sortKeys,
        }),
      ),
      node(
        fc.record({
          kind: kind("window"),
          partition: uniqueNames(0),
          by: fc.oneof(sortKeys, fc.constant([])),
          frame: maybe(frames),
          columns: named(1),
        }),
      ),
    ),
  };
}).relation;

const checks: fc.Arbitrary<CheckDefinition> = fc
  .tuple(
    fc.oneof(
      fc.record({ kind: fc.constant("notNull"), columns: uniqueNames() }),
      fc.record({ kind: fc.constant("unique"), columns: uniqueNames(), by: maybe(sortKeys) }),
      fc.record({
        kind: fc.constant("accepted"),
        column: names,
        values: fc.array(fc.oneof(texts, fc.boolean(), fc.constant("1.0"))),
      }),
      fc.record({
        kind: fc.constant("range"),
        column: names,
        min: maybe(fc.constantFrom("1", "1.0", "2024-01-01")),
        max: maybe(texts),
      }),
      fc.record({ kind: fc.constant("pattern"), column: names, pattern: texts }),
      fc.record({ kind: fc.constant("rowCount"), min: maybe(fc.nat()), max: maybe(fc.nat()) }),
      fc.record({ kind: fc.constant("expression"), condition: expressions() }),
      fc.record({ kind: fc.constant("schema"), columns: typedColumns }),
    ),
    fc.record({
      name: maybe(texts),
      otherwise: maybe(fc.constantFrom("warn", "divert")),
      mostly: maybe(fc.constantFrom(0.5, 0.999)),
    }),
  )
  .map(([check, common]) => defined({ ...check, ...common }) as unknown as CheckDefinition);

const common = fc.record({
  description: maybe(texts),
  checks: maybe(fc.array(checks, { minLength: 1, maxLength: 2 })),
  when: maybe(
    fc.constantFrom<Expression>(
      { kind: "metric", step: "first", name: "rowsOut" },
      { kind: "literal", type: "bool", value: true },
    ),
  ),
  after: maybe(fc.constant(["first"])),
  retry: maybe(
    fc
      .record({
        attempts: fc.integer({ min: 2, max: 9 }),
        initialMs: maybe(fc.nat()),
        maxMs: maybe(fc.nat()),
        jitter: maybe(fc.constantFrom(0, 0.5)),
      })
      .map(defined),
  ),
  timeoutMs: maybe(fc.oneof(fc.nat(), fc.constantFrom(300_000, 86_400_000, 5_400_000))),
});
const work = {
  output: maybe(typedColumns),
  maxRejects: maybe(fc.oneof(fc.nat(), fc.constantFrom("0.5%", "10"))),
  stallMs: maybe(fc.constantFrom(1, 90_000)),
};
const formats = fc.constantFrom("ndjson", "parquet");
const noHeader = maybe(fc.constant(false as const));
const inputsOf = <T extends object>(more: fc.Arbitrary<T>): fc.Arbitrary<object[]> =>
  fc
    .tuple(uniqueNames(), fc.array(fc.tuple(relations, more), { minLength: 3, maxLength: 3 }))
    .map(([keys, values]) =>
      keys.map((name, index) => defined({ name, from: values[index]?.[0], ...values[index]?.[1] })),
    );
const tasks = fc
  .record({
    kind: fc.constant("task"),
    run: fc.record({ module: fc.oneof(fc.constant("tasks/score.ts#score"), texts) }),
    inputs: maybe(inputsOf(fc.constant({}))),
    ...work,
    bigint: maybe(fc.constant(true as const)),
    memoryMb: maybe(fc.integer({ min: 1, max: 512 })),
  })
  .map(defined);
const commands = fc
  .record({
    kind: fc.constant("shell"),
    command: fc.oneof(texts, fc.array(texts)),
    inputs: maybe(inputsOf(fc.record({ format: maybe(formats), header: noHeader }))),
    stdin: maybe(names),
    ...work,
    format: maybe(formats),
    header: noHeader,
    env: maybe(
      fc
        .tuple(uniqueNames(), texts)
        .map(([variables, value]) => variables.map((variable) => [variable, value] as const)),
    ),
  })
  .map(defined);
const steps: fc.Arbitrary<object> = fc
  .tuple(
    common,
    fc.oneof(
      relations.map((query) => ({ kind: "transform", query })),
      fc.record({
        kind: fc.constant("load"),
        from: relations,
        into: addresses,
        mode: fc.constantFrom("append", "replace", "merge"),
        key: maybe(uniqueNames()),
      }),
      tasks,
      commands,
    ),
  )
  .map(([shared, own]) => defined({ ...shared, ...own }));
const parameters = fc.record({
  name: names,
  type: fc.constantFrom(
    "string",
    "int64",
    "int32",
    "float64",
    "decimal(10,2)",
    "bool",
    "date",
    "timestamp",
    "timestamptz",
    "time",
    "uuid",
    "json",
  ),
  default: maybe(fc.oneof(texts, fc.constantFrom("1", "1.0", "true", "2024-01-01", null))),
  description: maybe(texts),
  values: maybe(fc.array(fc.oneof(texts, fc.constantFrom("1", "1.0", "true")), { minLength: 1 })),
});
const definitions: fc.Arbitrary<PipelineDefinition> = fc
  .record({
    name: texts,
    description: maybe(texts),
    schedule: maybe(
      fc.record({ cron: fc.constant("0 3 * * *"), zone: maybe(fc.constant("America/Chicago")) }).map(defined),
    ),
    parameters: maybe(
      fc.uniqueArray(parameters.map(defined), { maxLength: 2, selector: (parameter) => parameter.name }),
    ),
    steps: fc.tuple(fc.array(steps, { minLength: 1, maxLength: 2 }), uniqueNames(2)).map(([bodies, others]) =>
      bodies.map((body, index) => ({
        ...body,
        name: index === 0 ? "first" : (others.find((name) => name !== "first") ?? "x"),
      })),
    ),
  })
  .map((definition) => canonicalDefinition(defined(definition) as unknown as PipelineDefinition));

test("definition → YAML → definition is the identity, over all relations, checks and steps", async () => {
  const schema = jsonSchema();
  await fc.assert(
    fc.asyncProperty(definitions, async (definition) => {
      const yaml = writeYaml(definition);
      const read = await readYaml(yaml, { file: "p.yaml", parser });
      expect(read.definition, yaml).toEqual(definition);
      expect(violations(schema, yaml), yaml).toEqual([]);
    }),
    { numRuns: 250 },
  );
});

test("the generator reaches every kind of relation", () => {
  const seen = new Set<string>();
  for (const definition of fc.sample(definitions, { numRuns: 300, seed: 7 })) {
    JSON.stringify(definition.steps satisfies readonly StepDefinition[], (key, value: unknown) => {
      if (key === "kind" && typeof value === "string") seen.add(value);
      return value;
    });
  }
  const kinds =
    "scan values filter select derive rename keep drop dropNulls join union distinct " +
    "aggregate sort limit deduplicate window intersect except fill sample pivot unpivot unnest sql task shell";
  expect(kinds.split(" ").filter((kind) => !seen.has(kind))).toEqual([]);
});
