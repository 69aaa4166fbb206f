import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createInference, type SchemaRequest, schemaOf } from "../infer/schema-of.ts";
import type { JoinHow, NamedExpression, Relation, ScanSource } from "../ir/relation.ts";
import { call, col, columns, scan, schemaText } from "./chicago.fixture.ts";
import { interpret, type Row, type Table, type Value } from "./interpret.fixture.ts";
import { type Origins, originsOf } from "./lineage.ts";
import { datasetColumns, pruneRelation } from "./prune.ts";

const SCHEMAS = {
  a: schemaText(["id", "x", "y", "z"]),
  b: schemaText(["id", "y", "w"]),
};

/** Two datasets of nullable text. */
const fullRequest: SchemaRequest = {
  parameters: new Map(),
  schemaOf: (source) => ("dataset" in source && source.dataset === "b" ? SCHEMAS.b : SCHEMAS.a),
};

const value = fc.constantFrom<Value>("p", "q", null);

function table(names: readonly string[]): fc.Arbitrary<Table> {
  const row = fc
    .tuple(...names.map(() => value))
    .map((cells): Row => new Map(names.map((name, index) => [name, cells[index] ?? null])));
  return fc.array(row, { maxLength: 6 }).map((rows) => ({ names, rows }));
}

/** Rows for both datasets. */
const tables: fc.Arbitrary<ReadonlyMap<string, Table>> = fc
  .tuple(table(["id", "x", "y", "z"]), table(["id", "y", "w"]))
  .map(
    ([a, b]) =>
      new Map([
        ["a", a],
        ["b", b],
      ]),
  );

/** Any relation that is right: choices are numbers, each taken modulo what is possible where it stands. */
const relations: fc.Arbitrary<Relation> = fc.array(fc.nat(1000), { minLength: 6, maxLength: 60 }).map((choices) => {
  let place = 0;
  const choose = (count: number): number => (choices[place++ % choices.length] ?? 0) % count;
  let relation = build(choose);
  for (let left = 2 + choose(6); left > 0; left--) relation = grow(relation, choose);
  return relation;
});

type Choose = (count: number) => number;

function build(choose: Choose): Relation {
  return scan(choose(2) === 0 ? "a" : "b");
}

function namesOf(relation: Relation): readonly string[] {
  return schemaOf(relation, fullRequest).columns.map((column) => column.name);
}

function some(names: readonly string[], choose: Choose): readonly string[] {
  const picked = names.filter(() => choose(2) === 0);
  return picked.length > 0 ? picked : names.slice(0, 1);
}

function one(names: readonly string[], choose: Choose): string {
  return names[choose(names.length)] ?? "";
}

function grow(input: Relation, choose: Choose): Relation {
  const names = namesOf(input);
  const texts = schemaOf(input, fullRequest)
    .columns.filter((column) => column.type === "string")
    .map((column) => column.name);
  const pairs = (targets: readonly string[]): readonly NamedExpression[] =>
    targets.map((name) => [
      name,
      texts.length > 0 && choose(2) === 0 ? call("upper", col(one(texts, choose))) : col(one(names, choose)),
    ]);
  switch (choose(13)) {
    case 0:
      return {
        kind: "filter",
        input,
        condition: call(choose(2) === 0 ? "isNull" : "isNotNull", col(one(names, choose))),
      };
    case 1:
      return { kind: "select", input, columns: pairs(some(["id", "x", "s", "t"], choose)) };
    case 2:
      return { kind: "derive", input, columns: pairs(some(["id", "y", "u"], choose)) };
    case 3: {
      const from = one(names, choose);
      const to = names.includes("r") ? from : "r";
      return { kind: "rename", input, names: [[from, to]] };
    }
    case 4:
      return { kind: "keep", input, columns: some(names.toReversed(), choose) };
    case 5:
      return names.length < 2 ? input : { kind: "drop", input, columns: [one(names, choose)] };
    case 6:
      return { kind: "dropNulls", input, columns: some(names, choose) };
    case 7:
      return joinWith(input, names, choose);
    case 8:
      return { kind: "union", inputs: [input, input], ...(choose(2) === 0 ? { distinct: true } : {}) };
    case 9:
      return { kind: "distinct", input };
    case 10: {
      const by = choose(3) === 0 ? [] : some(names, choose);
      const columns: NamedExpression[] = [
        ["n", call("count")],
        ["least", call("min", col(one(names, choose)))],
      ];
      return {
        kind: "aggregate",
        input,
        by,
        columns: by.some((name) => name === "n" || name === "least") ? [] : columns,
      };
    }
    case 11:
      return {
        kind: "limit",
        count: 1 + choose(4),
        input: { kind: "sort", input, by: [{ expression: col(one(names, choose)) }] },
      };
    default:
      return {
        kind: "deduplicate",
        input,
        key: some(names, choose),
        keep: choose(2) === 0 ? "first" : "last",
        by: [{ expression: col(one(names, choose)) }],
      };
  }
}

function joinWith(left: Relation, names: readonly string[], choose: Choose): Relation {
  const right = build(choose);
  const types = new Map(schemaOf(left, fullRequest).columns.map((column) => [column.name, column.type]));
  const shared = namesOf(right).filter((name) => types.get(name) === "string");
  if (shared.length === 0 || names.some((name) => name.endsWith("_r"))) return left;
  const how = (["inner", "left", "semi", "anti"] as const satisfies readonly JoinHow[])[choose(4)] ?? "inner";
  const isHalf = how === "semi" || how === "anti";
  return { kind: "join", left, right, how, using: [one(shared, choose)], ...(isHalf ? {} : { suffix: "_r" }) };
}

/** The relation over scans that hold the used columns only, or those and some more. */
function pruned(relation: Relation, more: ReadonlySet<string> = new Set()) {
  const infer = createInference(relation, fullRequest);
  const namesOf = (node: Relation): readonly string[] => infer(node).columns.map((column) => column.name);
  const used = datasetColumns(relation, namesOf);
  const request: SchemaRequest = {
    ...fullRequest,
    schemaOf: (source) => ({
      columns: fullRequest
        .schemaOf(source)
        .columns.filter(
          ({ name }) => more.has(name) || ("dataset" in source && used.get(source.dataset)?.has(name) === true),
        ),
    }),
  };
  const scanned = (source: Parameters<typeof request.schemaOf>[0]): readonly string[] =>
    request.schemaOf(source).columns.map((column) => column.name);
  return { used, request, scanned, relation: pruneRelation(relation, namesOf, scanned) };
}

const usedOf = (relation: Relation): Record<string, string[]> =>
  Object.fromEntries([...pruned(relation).used].map(([name, names]) => [name, [...names].sort()]));

describe("what is read of a dataset", () => {
  it.each<[string, Relation, Record<string, string[]>]>([
    ["what is selected", { kind: "select", input: scan("a"), columns: columns("n = x") }, { a: ["x"] }],
    [
      "what decides the rows",
      {
        kind: "keep",
        input: { kind: "filter", input: scan("a"), condition: call("isNull", col("y")) },
        columns: ["x"],
      },
      { a: ["x", "y"] },
    ],
    [
      "nothing of what is only counted",
      { kind: "aggregate", input: scan("a"), by: [], columns: [["n", call("count")]] },
      { a: [] },
    ],
    [
      "all that distinct compares",
      { kind: "keep", input: { kind: "distinct", input: scan("b") }, columns: ["w"] },
      { b: ["id", "w", "y"] },
    ],
    [
      "all that raw SQL may use",
      {
        kind: "keep",
        input: {
          kind: "sql",
          engine: "duckdb",
          texts: ["", ""],
          inputs: [scan("b")],
          columns: [{ name: "n", type: "string", nullable: true }],
        },
        columns: ["n"],
      },
      { b: ["id", "w", "y"] },
    ],
    [
      "key and order of a deduplication",
      {
        kind: "keep",
        input: { kind: "deduplicate", input: scan("a"), key: ["x"], keep: "first", by: [{ expression: col("y") }] },
        columns: ["z"],
      },
      { a: ["x", "y", "z"] },
    ],
    [
      "nothing that is dropped, renamed or derived in vain",
      {
        kind: "keep",
        input: {
          kind: "rename",
          input: {
            kind: "derive",
            input: { kind: "drop", input: scan("a"), columns: ["x"] },
            columns: [["u", col("y")]],
          },
          names: [["y", "v"]],
        },
        columns: ["z"],
      },
      { a: ["z"] },
    ],
    [
      "nothing that a derived column replaces",
      { kind: "keep", input: { kind: "derive", input: scan("a"), columns: [["x", col("y")]] }, columns: ["x"] },
      { a: ["y"] },
    ],
    [
      "the condition of a semi join",
      {
        kind: "keep",
        input: { kind: "join", left: scan("a"), right: scan("b"), how: "semi", using: ["id"] },
        columns: ["z"],
      },
      { a: ["id", "z"], b: ["id"] },
    ],
    [
      "one column of a cross join that is only counted",
      {
        kind: "aggregate",
        input: { kind: "join", left: scan("a"), right: scan("b"), how: "cross", suffix: "_r" },
        by: [],
        columns: [["n", call("count")]],
      },
      { a: ["id"], b: [] },
    ],
    [
      "the left column whose name the right one meets",
      {
        kind: "keep",
        input: { kind: "join", left: scan("a"), right: scan("b"), how: "left", using: ["id"], suffix: "_r" },
        columns: ["y_r"],
      },
      { a: ["id", "y"], b: ["id", "y"] },
    ],
  ])("%s", (_, relation, used) => {
    expect(usedOf(relation)).toEqual(used);
    expect(schemaOf(pruned(relation).relation, pruned(relation).request)).toEqual(schemaOf(relation, fullRequest));
  });
});

const more = fc.uniqueArray(fc.constantFrom("id", "x", "y", "z", "w")).map((names) => new Set(names));

describe("a pruned relation", () => {
  it("gives the same columns, over the used columns and over more", () => {
    fc.assert(
      fc.property(relations, more, (relation, others) => {
        const { relation: smaller, request } = pruned(relation, others);
        expect(schemaOf(smaller, request)).toEqual(schemaOf(relation, fullRequest));
      }),
      { numRuns: 1000 },
    );
  });

  it("gives the same rows", () => {
    fc.assert(
      fc.property(relations, more, tables, (relation, others, rows) => {
        const { relation: smaller, scanned } = pruned(relation, others);
        const full = (source: ScanSource): Table =>
          rows.get("dataset" in source ? source.dataset : "") ?? { names: [], rows: [] };
        const wanted = interpret(relation, full);
        const found = interpret(smaller, (source) => {
          const kept = scanned(source);
          const names = full(source);
          return {
            names: kept,
            rows: names.rows.map((row) => new Map([...row].filter(([name]) => kept.includes(name)))),
          };
        });
        const shown = (table: typeof wanted) => table.rows.map((row) => table.names.map((name) => row.get(name)));
        expect(found.names).toEqual(wanted.names);
        expect(shown(found)).toEqual(shown(wanted));
      }),
      { numRuns: 1000 },
    );
  });

  it("has the same lineage", () => {
    fc.assert(
      fc.property(relations, (relation) => {
        const lineage = (one: Relation, request: SchemaRequest): Origins => {
          const infer = createInference(one, request);
          const namesOf = (node: Relation): readonly string[] => infer(node).columns.map((column) => column.name);
          return originsOf(one, namesOf, (source, column) =>
            "dataset" in source ? [{ dataset: source.dataset, column }] : [],
          );
        };
        const { relation: smaller, request } = pruned(relation);
        expect(lineage(smaller, request)).toEqual(lineage(relation, fullRequest));
      }),
      { numRuns: 500 },
    );
  });
});
