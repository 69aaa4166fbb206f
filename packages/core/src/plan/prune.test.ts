import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createInference, type SchemaRequest, schemaOf } from "../infer/schema-of.ts";
import type { Relation, ScanSource } from "../ir/relation.ts";
import { call, col, columns, scan } from "./chicago.fixture.ts";
import { interpret, type Table } from "./interpret.fixture.ts";
import { type Origins, originsOf } from "./lineage.ts";
import { datasetColumns, pruneRelation } from "./prune.ts";
import { fullRequest, relationFrom, tablesFrom } from "./relations.fixture.ts";

const choices = fc.array(fc.nat(1000), { minLength: 6, maxLength: 60 });
const relations = choices.map((numbers) => relationFrom(numbers, false));
const tables = choices.map(tablesFrom);

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
      "all that become rows, where only the others are looked at",
      {
        kind: "keep",
        input: { kind: "unpivot", input: scan("a"), columns: ["x", "y"], name: "n", value: "v" },
        columns: ["z"],
      },
      { a: ["x", "y", "z"] },
    ],
    [
      "what a pivot is on, its keys and what is looked at of it",
      {
        kind: "keep",
        input: {
          kind: "pivot",
          input: scan("a"),
          by: ["id"],
          on: "x",
          values: [["p", { kind: "literal", type: "string", value: "p" }]],
          columns: [
            ["n", call("count")],
            ["least", call("min", col("z"))],
          ],
        },
        columns: ["p_n"],
      },
      { a: ["id", "x"] },
    ],
    [
      "nothing for a window, a fill or a mark in vain",
      {
        kind: "keep",
        input: {
          kind: "fill",
          input: {
            kind: "window",
            input: scan("a"),
            partition: ["x"],
            by: [{ expression: col("y") }],
            columns: [["place", call("rank")]],
          },
          columns: ["y"],
          how: "forward",
          partition: ["x"],
          by: [{ expression: col("place") }],
        },
        columns: ["z"],
      },
      { a: ["z"] },
    ],
    [
      "the key of a sample by share, and all for one by count",
      {
        kind: "keep",
        input: { kind: "sample", input: scan("a"), share: 0.5, key: ["x"] },
        columns: ["z"],
      },
      { a: ["x", "z"] },
    ],
    [
      "all that a difference compares",
      {
        kind: "keep",
        input: { kind: "except", left: scan("b"), right: scan("b") },
        columns: ["w"],
      },
      { b: ["id", "w", "y"] },
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
