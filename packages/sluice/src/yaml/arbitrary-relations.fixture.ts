import { placeOf, type Relation } from "@sluice/core";
import fc from "fast-check";
import {
  addresses,
  defined,
  expressions,
  frames,
  maybe,
  named,
  names,
  pivotValues,
  sortKeys,
  texts,
  typedColumns,
  uniqueNames,
} from "./arbitrary-values.fixture.ts";

const bounds = fc.oneof(
  fc
    .oneof(texts, fc.constantFrom("5", "2024-01-01", "$day", "$$", "true", "1e3"))
    .map((value) => ({ kind: "literal", type: "string", value })),
  fc.constantFrom("day", "from_id").map((name) => ({ kind: "parameter", name })),
);

export const relations: fc.Arbitrary<Relation> = fc.letrec<{ relation: Relation }>((tie) => {
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
      addresses.map((address) => ({ table: placeOf(address) })),
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
      node(
        fc.record({
          kind: kind("incremental"),
          cursor: maybe(names),
          initial: maybe(bounds),
          end: maybe(bounds),
          lag: maybe(fc.constantFrom("P2D", "PT36H", "PT1S", "5", "0.5")),
          nulls: maybe(fc.constantFrom("include", "exclude")),
          files: maybe(fc.constantFrom("new", "changed")),
          key: maybe(uniqueNames()),
          deleted: maybe(names),
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
