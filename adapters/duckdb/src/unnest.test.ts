import { type Column, type Relation, schemaOf, type UnnestNode } from "@sluice/core";
import { afterAll, describe, expect, it } from "vitest";
import { createDuckDbEngine } from "./engine.ts";

const engine = createDuckDbEngine({ threads: 2 });
afterAll(() => engine[Symbol.asyncDispose]());

const request = { schemaOf: () => ({ columns: [] }), parameters: new Map<string, string>() };
const column = (name: string, type: string): Column => ({ name, type, nullable: true });

/** Rows of nested values, which no text file holds. */
const rows = (text: string, ...columns: readonly Column[]): Relation => ({
  kind: "sql",
  engine: "duckdb",
  texts: [text],
  inputs: [],
  columns,
});
const lists = rows(
  "select * from (values (1, [10, null]), (2, []), (3, null)) as v(id, l)",
  column("id", "int64"),
  column("l", "list<int32>"),
);
const structs = rows(
  "select * from (values (1, {'a': 5, 'b ''\"': 'x'}), (2, null)) as v(id, s)",
  column("id", "int64"),
  column("s", `struct{a: int32, "b '""": string}`),
);

async function found(node: Omit<UnnestNode, "kind">): Promise<{ names: string[]; rows: unknown[] }> {
  const relation: Relation = { kind: "unnest", ...node };
  const all: unknown[] = [];
  const constants = { now: "2024-01-01T00:00:00Z", today: "2024-01-01" };
  const signal = new AbortController().signal;
  const query = engine.compile(relation, request);
  for await (const batch of engine.rows(query, { inputs: new Map(), parameters: new Map(), constants, signal })) {
    all.push(...batch);
  }
  const names = schemaOf(relation, request).columns.map(
    ({ name, type, nullable }) => `${name} ${type}${nullable ? "?" : ""}`,
  );
  return { names, rows: all };
}

describe("unnest", () => {
  it("gives a row for each item, in its place", async () => {
    expect(await found({ input: lists, column: "l", ordinality: "at" })).toEqual({
      names: ["id int64?", "l int32?", "at int64"],
      rows: [
        [1, 10, 1],
        [1, null, 2],
      ],
    });
  });

  it("with outer gives a row for a list without items too", async () => {
    expect(await found({ input: lists, column: "l", outer: true, ordinality: "at" })).toEqual({
      names: ["id int64?", "l int32?", "at int64?"],
      rows: [
        [1, 10, 1],
        [1, null, 2],
        [2, null, null],
        [3, null, null],
      ],
    });
  });

  it("gives the fields of a struct, null where it is", async () => {
    expect(await found({ input: structs, column: "s", prefix: "s_" })).toEqual({
      names: ["id int64?", "s_a int32?", `s_b '" string?`],
      rows: [
        [1, 5, "x"],
        [2, null, null],
      ],
    });
  });

  it("is limited, filtered and sorted by what stands below and above it", async () => {
    const below: Relation = {
      kind: "limit",
      input: { kind: "sort", input: lists, by: [{ expression: { kind: "column", name: "id" } }] },
      count: 1,
    };
    const unnested: Relation = { kind: "unnest", input: below, column: "l" };
    const condition = { kind: "call", name: "isNotNull", arguments: [{ kind: "column", name: "l" }] } as const;
    const above: Relation = { kind: "filter", input: unnested, condition };
    expect(
      await found({
        input: { kind: "select", input: above, columns: [["l", { kind: "column", name: "id" }]] } as Relation,
        column: "l",
      }).catch((error: Error) => error.message),
    ).toBe('"l" is int64, and unnest takes a list or a struct apart');
    const query = engine.compile(above, request);
    const all: unknown[] = [];
    const constants = { now: "2024-01-01T00:00:00Z", today: "2024-01-01" };
    for await (const batch of engine.rows(query, {
      inputs: new Map(),
      parameters: new Map(),
      constants,
      signal: new AbortController().signal,
    }))
      all.push(...batch);
    expect(all).toEqual([[1, 10]]);
  });

  it("refuses options of the other kind", () => {
    const infer = (node: Omit<UnnestNode, "kind">) => () => schemaOf({ kind: "unnest", ...node }, request);
    expect(infer({ input: lists, column: "l", prefix: "x_" })).toThrow(
      'unnest of "l" has prefix, which goes with a struct, and it is list<int32>',
    );
    expect(infer({ input: structs, column: "s", outer: true })).toThrow(
      'unnest of "s" has outer, which goes with a list',
    );
    expect(infer({ input: lists, column: "x" })).toThrow('there is no column "x"');
    expect(infer({ input: lists, column: "l", ordinality: "ID" })).toThrow(
      'the columns "id" and "ID" differ only by case',
    );
  });
});
