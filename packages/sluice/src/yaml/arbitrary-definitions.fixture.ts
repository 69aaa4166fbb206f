import {
  type CheckDefinition,
  canonicalDefinition,
  EVOLUTIONS,
  type Expression,
  LOAD_MODES,
  type PipelineDefinition,
} from "@sluice/core";
import fc from "fast-check";
import { relations } from "./arbitrary-relations.fixture.ts";
import {
  addresses,
  defined,
  expressions,
  maybe,
  names,
  sortKeys,
  texts,
  typedColumns,
  uniqueNames,
} from "./arbitrary-values.fixture.ts";

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
      { kind: "metric", step: "first", name: "value" },
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
    value: maybe(fc.record({ type: fc.constantFrom("int64", "string", "decimal(10,2)"), nullable: fc.boolean() })),
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
        mode: fc.constantFrom(...LOAD_MODES),
        key: maybe(uniqueNames()),
        deleteFlag: maybe(names),
        newerBy: maybe(names),
        missing: maybe(fc.constant("delete")),
        partitions: maybe(uniqueNames()),
        where: maybe(expressions()),
        evolve: maybe(fc.constantFrom(...EVOLUTIONS)),
        takeOver: maybe(texts),
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
export const definitions: fc.Arbitrary<PipelineDefinition> = fc
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
