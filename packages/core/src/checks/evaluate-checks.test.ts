import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CheckDefinition } from "../definition/definition.ts";
import { schemaOf } from "../infer/schema-of.ts";
import type { Relation } from "../ir/relation.ts";
import { call, col, number, schemaText } from "../plan/chicago.fixture.ts";
import { interpret, type Table, type Value } from "../plan/interpret.fixture.ts";
import { type CountQuery, type Counts, runChecks } from "./evaluate-checks.ts";

const input: Relation = { kind: "scan", source: { stage: "crash" } };
const schema = schemaText(["id", "age: int64", "kind", "stamp: int64!"]);
const names = schema.columns.map((column) => column.name);

function tableOf(rows: readonly (readonly Value[])[]): Table {
  return { names, rows: rows.map((cells) => new Map(names.map((name, index) => [name, cells[index] ?? null]))) };
}

const shown = (table: Table): (readonly (Value | undefined)[])[] =>
  table.rows.map((row) => table.names.map((name) => row.get(name)));

/** Runs checks over rows, every query verified to type and to give whole counts. */
async function check(rows: readonly (readonly Value[])[], ...checks: readonly CheckDefinition[]) {
  const table = tableOf(rows);
  const queries: CountQuery[] = [];
  const run = (relation: Relation): Table => {
    schemaOf(relation, { schemaOf: () => schema, parameters: new Map() });
    return interpret(relation, () => table);
  };
  const outcome = await runChecks(
    { step: "crash", checks, input, schema, parameters: new Map() },
    (query): Promise<Counts> => {
      queries.push(query);
      expect(schemaOf(query.relation, { schemaOf: () => schema, parameters: new Map() }).columns).toEqual(
        query.columns.map((name) => ({ name, type: "int64", nullable: false })),
      );
      return Promise.resolve(Object.fromEntries(run(query.relation).rows[0] ?? []) as Counts);
    },
  );
  return { ...outcome, queries, run, remainingTable: outcome.remaining === undefined ? table : run(outcome.remaining) };
}

const ROWS = [
  ["a", 10, "car", 1],
  ["b", null, "bus", 2],
  ["a", 200, null, 3],
  [null, 30, "van", 4],
  [null, -1, "car", 5],
] as const;

describe("each check", () => {
  it.each<[CheckDefinition, number, string]>([
    [{ kind: "notNull", columns: ["id"] }, 2, "id is null in 2 of 5 rows"],
    [{ kind: "notNull", columns: ["id", "age"] }, 3, "id or age is null in 3 of 5 rows"],
    [{ kind: "notNull", columns: ["stamp"] }, 0, "stamp is never null in 5 rows"],
    [{ kind: "unique", columns: ["id"] }, 1, "1 of 5 rows repeats the id of another row"],
    [{ kind: "unique", columns: ["id", "kind"] }, 0, "no two rows share id and kind in 5 rows"],
    [{ kind: "accepted", column: "kind", values: ["car", "bus"] }, 1, "kind is none of car, bus in 1 of 5 rows"],
    [{ kind: "range", column: "age", min: "0", max: "120" }, 2, "age is outside 0 to 120 in 2 of 5 rows"],
    [{ kind: "range", column: "age", min: "0" }, 1, "age is below 0 in 1 of 5 rows"],
    [{ kind: "pattern", column: "kind", pattern: "^.a" }, 1, "kind does not match ^.a in 1 of 5 rows"],
    [{ kind: "expression", condition: call("gt", col("age"), number("0")) }, 1, "age > 0 is false in 1 of 5 rows"],
  ])("%j", async (definition, failing, message) => {
    const { results, status, run } = await check(ROWS, definition);
    expect(results[0]).toMatchObject({ status: failing === 0 ? "passed" : "failed", rows: 5, failing, message });
    expect(status).toBe(failing === 0 ? "passed" : "failed");
    const sample = results[0]?.sample;
    expect(sample === undefined ? 0 : run(sample).rows.length).toBe(
      definition.kind === "unique" ? failing * 2 : failing,
    );
  });

  it.each<[CheckDefinition, string, string]>([
    [{ kind: "rowCount", min: 5, max: 5 }, "passed", "5 rows"],
    [{ kind: "rowCount", min: 1000 }, "failed", "5 rows, at least 1,000 expected"],
    [{ kind: "rowCount", max: 4, otherwise: "warn" }, "warned", "5 rows, at most 4 expected"],
    [{ kind: "schema", columns: schema.columns.toReversed() }, "passed", "the columns are those expected"],
    [
      { kind: "schema", columns: schemaText(["id!", "age: string", "kind", "stamps: int64"]).columns },
      "failed",
      '"stamps" is missing, and there is "stamp"; "id" may be null; "age" is int64, not string',
    ],
  ])("%j", async (definition, status, message) => {
    expect((await check(ROWS, definition)).results[0]).toMatchObject({ status, message, rows: 5, failing: 0 });
  });
});

describe("how often rows are read", () => {
  it("once for all row checks together, once more for each uniqueness", async () => {
    const rowChecks: CheckDefinition[] = [
      { kind: "notNull", columns: ["id"], otherwise: "divert" },
      { kind: "range", column: "age", min: "0" },
      { kind: "accepted", column: "kind", values: ["car"], otherwise: "warn" },
    ];
    expect((await check(ROWS, ...rowChecks, { kind: "rowCount", min: 1 })).queries).toHaveLength(1);
    expect((await check(ROWS, ...rowChecks, { kind: "unique", columns: ["id"] })).queries).toHaveLength(2);
  });
});

describe("mostly", () => {
  it.each([
    [0.6, "passed", "id is null in 2 of 5 rows (60 % pass, at least 60 % must)"],
    [0.61, "failed", "id is null in 2 of 5 rows (60 % pass, at least 61 % must)"],
  ])("%d", async (mostly, status, message) => {
    const { results } = await check(ROWS, { kind: "notNull", columns: ["id"], mostly });
    expect(results[0]).toMatchObject({ status, message });
  });

  it("passes over no rows at all", async () => {
    const { results, status } = await check(
      [],
      { kind: "notNull", columns: ["id"] },
      { kind: "unique", columns: ["id"] },
    );
    expect(results.map((one) => [one.status, one.message])).toEqual([
      ["passed", "id is never null in 0 rows"],
      ["passed", "no two rows share id in 0 rows"],
    ]);
    expect(status).toBe("passed");
  });

  it("leaves failing rows where they are while enough pass, and diverts them else", async () => {
    const lenient = { kind: "notNull", columns: ["id"], otherwise: "divert", mostly: 0.5 } as const;
    expect(await check(ROWS, lenient)).toMatchObject({
      remainingRows: 5,
      diverted: [],
      results: [{ status: "passed" }],
    });
    expect(await check(ROWS, { ...lenient, mostly: 0.9 })).toMatchObject({ remainingRows: 3, diverted: [{ rows: 2 }] });
  });
});

describe("divert", () => {
  it("takes the failing rows out, each under the first check that it fails", async () => {
    const { results, diverted, remainingTable, run, status } = await check(
      ROWS,
      { kind: "range", column: "age", min: "0", otherwise: "divert" },
      { kind: "notNull", columns: ["id"], otherwise: "divert" },
    );
    expect(status).toBe("passed");
    expect(results.map((one) => [one.status, one.failing])).toEqual([
      ["diverted", 1],
      ["diverted", 2],
    ]);
    expect(diverted.map((one) => [one.check, one.rows, shown(run(one.relation))])).toEqual([
      ["range(age)", 1, [[null, -1, "car", 5]]],
      ["notNull(id)", 1, [[null, 30, "van", 4]]],
    ]);
    expect(shown(remainingTable)).toEqual([ROWS[0], ROWS[1], ROWS[2]]);
  });

  it("does not hold a diverted row against other checks", async () => {
    const { results } = await check(
      ROWS,
      { kind: "range", column: "age", min: "0", max: "150" },
      { kind: "notNull", columns: ["kind"], otherwise: "divert" },
    );
    expect(results[0]).toMatchObject({ rows: 4, failing: 1 });
  });

  it("of uniqueness keeps the first by the order, and rows without a whole key", async () => {
    const newest = { expression: col("stamp"), descending: true } as const;
    const { remainingTable, diverted, run, remainingRows } = await check(ROWS, {
      kind: "unique",
      columns: ["id"],
      by: [newest],
      otherwise: "divert",
    });
    expect(shown(remainingTable).toSorted((a, b) => Number(a[3]) - Number(b[3]))).toEqual([
      ROWS[1],
      ROWS[2],
      ROWS[3],
      ROWS[4],
    ]);
    expect(diverted.map((one) => shown(run(one.relation)))).toEqual([[ROWS[0]]]);
    expect(remainingRows).toBe(4);
  });

  it("of uniqueness looks at what row checks left, so that a bad row never takes a good one out", async () => {
    const { remainingTable } = await check(
      [
        ["a", -5, "car", 1],
        ["a", 5, "car", 2],
      ],
      { kind: "unique", columns: ["id"], by: [{ expression: col("stamp") }], otherwise: "divert" },
      { kind: "range", column: "age", min: "0", otherwise: "divert" },
    );
    expect(shown(remainingTable)).toEqual([["a", 5, "car", 2]]);
  });

  it("is done before rows are counted for rowCount", async () => {
    const { results, status } = await check(
      ROWS,
      { kind: "rowCount", min: 4 },
      { kind: "notNull", columns: ["id"], otherwise: "divert" },
    );
    expect(results[0]).toMatchObject({ status: "failed", message: "3 rows, at least 4 expected" });
    expect(status).toBe("failed");
  });
});

describe("any rows and any diverting checks", () => {
  const value = fc.constantFrom<Value>("a", "b", null);
  const age = fc.constantFrom<Value>(-1, 5, 300, null);
  const rows = fc.array(fc.tuple(value, age, value, fc.constantFrom<Value>(1, 2)), { maxLength: 12 });
  const checks = fc.subarray<CheckDefinition>([
    { kind: "notNull", columns: ["id"], otherwise: "divert" },
    { kind: "range", column: "age", min: "0", otherwise: "divert", mostly: 0.8 },
    { kind: "accepted", column: "kind", values: ["a"], otherwise: "divert", mostly: 0.7 },
    { kind: "range", name: "high", column: "age", max: "100", otherwise: "divert" },
    { kind: "unique", columns: ["id", "age"], otherwise: "divert" },
    { kind: "unique", columns: ["kind"], by: [{ expression: col("age") }], otherwise: "divert", mostly: 0.5 },
  ]);
  const texts = (table: Table): string[] => shown(table).map((row) => JSON.stringify(row));

  it("every row stays or is diverted exactly once, counted right", async () => {
    await fc.assert(
      fc.asyncProperty(rows, checks, async (all, some) => {
        if (some.length === 0) return;
        const { remainingTable, diverted, run, remainingRows } = await check(all, ...some);
        const taken = diverted.flatMap((one) => texts(run(one.relation)));
        expect([...texts(remainingTable), ...taken].sort()).toEqual(texts(tableOf(all)).sort());
        expect(diverted.map((one) => run(one.relation).rows.length)).toEqual(diverted.map((one) => one.rows));
        expect(remainingRows).toBe(remainingTable.rows.length);
      }),
      { numRuns: 500 },
    );
  });

  it("the same checks pass over what is left, where all of them divert without mostly", async () => {
    await fc.assert(
      fc.asyncProperty(rows, checks, async (all, some) => {
        const strict = some.map(({ mostly: _, ...one }) => one as CheckDefinition);
        if (strict.length === 0) return;
        const { remainingTable } = await check(all, ...strict);
        const again = await check(
          shown(remainingTable).map((row) => row.map((cell) => cell ?? null)),
          ...strict,
        );
        expect(again.results.map((one) => one.status)).toEqual(strict.map(() => "passed"));
      }),
      { numRuns: 300 },
    );
  });
});
