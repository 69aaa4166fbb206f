import { describe, expect, it } from "vitest";
import type { PipelineDefinition, StepDefinition } from "../definition/definition.ts";
import type { Relation } from "../ir/relation.ts";
import { col, columns, planRequest, scan, scanStep } from "./chicago.fixture.ts";
import { createPlan } from "./create-plan.ts";
import { load, pipeline, plan, small, transform } from "./small-plan.fixture.ts";

describe("warnings", () => {
  const sorted: Relation = { kind: "sort", input: scan("small"), by: [{ expression: col("name") }] };
  const grouped = (input: Relation): Relation => ({ kind: "aggregate", input, by: ["name"], columns: [] });
  const warningsOf = async (...steps: StepDefinition[]) => (await plan(...steps)).warnings;

  it("tells of a sort that has no effect, also across steps", async () => {
    const said = ['the sort in "s" has no effect: what follows does not keep the order of rows'];
    expect(await warningsOf(transform("s", sorted), load(grouped(scanStep("s"))))).toEqual(said);
    expect(await warningsOf(transform("s", grouped(sorted)))).toEqual(said);
    expect(await warningsOf(transform("s", { kind: "sort", input: sorted, by: [{ expression: col("id") }] }))).toEqual(
      said,
    );
    const unique = { checks: [{ kind: "unique", columns: ["id"], otherwise: "divert" }] } as const;
    expect(await warningsOf(transform("s", sorted, unique), load(scanStep("s")))).toEqual(said);
  });

  it("says nothing of a sort that is kept to the end, or that a limit needs", async () => {
    const kept: Relation = { kind: "select", input: scanStep("s"), columns: columns("name") };
    expect(await warningsOf(transform("s", sorted), load(kept))).toEqual([]);
    expect(await warningsOf(transform("s", grouped({ kind: "limit", input: sorted, count: 3 })))).toEqual([]);
  });

  it("tells of landing that only a retry asks for, of unused parameters, of an open deduplication and of checks that will fail", async () => {
    const open: Relation = { kind: "deduplicate", input: scan("small"), key: ["id"], keep: "first", by: [] };
    const definition: PipelineDefinition = {
      ...pipeline(
        transform("s", open, { retry: { attempts: 2 } }),
        load(scanStep("s"), {
          checks: [{ kind: "schema", columns: [{ name: "id", type: "string", nullable: false }] }],
        }),
      ),
      parameters: [{ name: "day", type: "date" }],
    };
    expect((await createPlan(planRequest(definition, [small]))).warnings).toEqual([
      '"s" deduplicates without an order: which of several rows stays is open',
      'the check "schema" of "save" will fail: "name" is not expected; "amount" is not expected; "spare" is not expected; "id" is int64, not string',
      '"s" is written to disk only because it has a retry of its own: give that to the step that reads it instead',
      'the parameter "day" is not used',
    ]);
  });
});
