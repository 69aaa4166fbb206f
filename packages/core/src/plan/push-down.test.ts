import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Relation, ScanSource } from "../ir/relation.ts";
import { call, col, csvDataset, number, planRequest, scan, scanStep, text } from "./chicago.fixture.ts";
import { createPlan } from "./create-plan.ts";
import { interpret, type Table } from "./interpret.fixture.ts";
import { pushedInto } from "./push-down.ts";
import { relationFrom, tablesFrom } from "./relations.fixture.ts";
import { load, pipeline, transform } from "./small-plan.fixture.ts";

const choices = fc.array(fc.nat(1000), { minLength: 6, maxLength: 60 });
const EMPTY: Table = { names: [], rows: [] };

/** What a source gives that does all that it is told. */
function narrowed(table: Table, dataset: string, relation: Relation): Table {
  const { filter, limit } = pushedInto(dataset, [relation]);
  const input: Relation = scan(dataset);
  const kept = filter === undefined ? table : interpret({ kind: "filter", input, condition: filter }, () => table);
  return limit === undefined ? kept : { ...kept, rows: kept.rows.slice(0, limit) };
}

it("leaves out only what no relation would notice", () => {
  let left = 0;
  fc.assert(
    fc.property(choices, choices, fc.boolean(), (numbers, values, isTotal) => {
      const relation = relationFrom(numbers, isTotal);
      const tables = tablesFrom(values);
      const of = (source: ScanSource): Table => tables.get("dataset" in source ? source.dataset : "") ?? EMPTY;
      const narrow = new Map(["a", "b"].map((name) => [name, narrowed(of({ dataset: name }), name, relation)]));
      for (const [name, { rows }] of narrow) left += (tables.get(name)?.rows.length ?? 0) - rows.length;
      const whole = interpret(relation, of);
      expect(interpret(relation, (source) => narrow.get("dataset" in source ? source.dataset : "") ?? EMPTY)).toEqual(
        whole,
      );
    }),
    { numRuns: 1000 },
  );
  expect(left).toBeGreaterThan(100);
});

describe("of a plan", () => {
  const orders = { ...csvDataset("orders", ["id: int64!", "name", "total: float64"]), source: { type: "sqlite" } };
  const { dialect: _dialect, ...inDatabase } = orders;
  const large: Relation = { kind: "filter", input: scan("orders"), condition: call("gt", col("total"), number("5")) };
  const request = (datasets = [inDatabase], ...steps: Parameters<typeof pipeline>) => ({
    ...planRequest(pipeline(...steps), datasets),
    sourceOf: (type: string) =>
      type === "sqlite" ? ({ pushesFilters: true, pushesLimits: true } as const) : undefined,
  });
  const readsOf = async (...steps: Parameters<typeof pipeline>) =>
    (await createPlan(request([inDatabase], ...steps))).stages.flatMap(({ reads }) =>
      reads.flatMap((read) => ("dataset" in read ? [{ filter: read.filter, limit: read.limit }] : [])),
    );

  it("says what a source is told, in its own columns", async () => {
    const renamed: Relation = { kind: "rename", input: large, names: [["name", "who"]] };
    const condition = call("and", call("eq", col("who"), text("x")), call("isNotNull", call("upper", col("who"))));
    const query: Relation = { kind: "limit", count: 10, input: { kind: "filter", input: renamed, condition } };
    const [read] = await readsOf(load(query));
    expect(read).toEqual({
      limit: 10,
      filter: call(
        "and",
        call("eq", col("name"), text("x")),
        call("isNotNull", call("upper", col("name"))),
        call("gt", col("total"), number("5")),
      ),
    });
  });

  it("gives the source a text that stands for a time as that, and leaves texts alone", async () => {
    const dated = { ...csvDataset("orders", ["id: int64!", "name", "at: timestamp"]), source: { type: "sqlite" } };
    const { dialect: _, ...inTable } = dated;
    const condition = call(
      "and",
      call("between", col("at"), text("2024-01-01"), text("2024-01-31T12:00:00")),
      call("eq", text("2024-01-01"), col("name")),
    );
    const { stages } = await createPlan(request([inTable], load({ kind: "filter", input: scan("orders"), condition })));
    const moment = (value: string) => ({ kind: "literal", type: "timestamp", value });
    expect(stages[0]?.reads[0]).toMatchObject({
      filter: {
        arguments: [
          { name: "between", arguments: [col("at"), moment("2024-01-01"), moment("2024-01-31T12:00:00")] },
          call("eq", text("2024-01-01"), col("name")),
        ],
      },
    });
  });

  it("asks for the rows of either of two readers, and for all where one needs them", async () => {
    const small: Relation = { kind: "filter", input: scan("orders"), condition: call("lt", col("total"), number("1")) };
    const into = (path: string) => ({ name: `load_${path}`, into: { type: "file", path } });
    expect(await readsOf(load(large, into("a")), load(small, into("b")))).toEqual([
      {
        filter: call("or", call("gt", col("total"), number("5")), call("lt", col("total"), number("1"))),
        limit: undefined,
      },
    ]);
    expect(await readsOf(load(large, into("a")), load(scan("orders"), into("b")))).toEqual([
      { filter: undefined, limit: undefined },
    ]);
  });

  it("keeps a limit above a sort, a group or a computed condition to itself", async () => {
    const over = (input: Relation): Relation => ({ kind: "limit", count: 3, input });
    const sorted: Relation = { kind: "sort", input: scan("orders"), by: [{ expression: col("id") }] };
    const grouped: Relation = { kind: "aggregate", input: large, by: ["name"], columns: [] };
    const computed: Relation = {
      kind: "filter",
      input: { kind: "derive", input: scan("orders"), columns: [["upper", call("upper", col("name"))]] },
      condition: call("eq", col("upper"), text("X")),
    };
    const nothing = { filter: undefined, limit: undefined };
    expect(await readsOf(load(over(sorted)))).toEqual([nothing]);
    expect(await readsOf(load(over(computed)))).toEqual([nothing]);
    expect(await readsOf(load(over(grouped)))).toEqual([
      { filter: call("gt", col("total"), number("5")), limit: undefined },
    ]);
  });

  it("follows conditions into the steps that are fused, and pushes nothing into text", async () => {
    const steps = [transform("all", scan("orders")), load({ ...large, input: scanStep("all") } as Relation)] as const;
    expect((await readsOf(...steps))[0]?.filter).toEqual(call("gt", col("total"), number("5")));
    const { stages } = await createPlan(request([orders], ...steps));
    expect(stages[0]?.reads[0]).not.toHaveProperty("filter");
  });
});
