import { describe, expect, it } from "vitest";
import type { PipelineDefinition } from "../definition/definition.ts";
import type { Relation } from "../ir/relation.ts";
import { csvDataset, planRequest, scan } from "./chicago.fixture.ts";
import { createPlan, findProblems } from "./create-plan.ts";

const small = csvDataset("small", ["id: int64!", "name", "amount: decimal(10,2)", "spare"]);
const pipeline = (from: Relation): PipelineDefinition => ({
  name: "p",
  steps: [{ kind: "load", name: "save", from, into: { type: "file", path: "out.csv" }, mode: "replace" }],
});

describe("what raw SQL is declared to give", () => {
  it("is taken where the SQL gives it, in any order; no word of it makes a null impossible", async () => {
    const declared = [
      { name: "amount", type: "decimal(10, 2)", nullable: true },
      { name: "name", type: "string", nullable: false },
      { name: "spare", type: "string", nullable: true },
      { name: "id", type: "int64", nullable: false },
    ];
    const raw: Relation = {
      kind: "sql",
      engine: "duckdb",
      texts: ["select * from ", ""],
      inputs: [scan("small")],
      declared,
    };
    const { stages } = await createPlan(planRequest(pipeline(raw), [small]));
    expect(stages[0]?.schema.columns).toEqual([
      { name: "id", type: "int64", nullable: false },
      { name: "name", type: "string", nullable: true },
      { name: "amount", type: "decimal(10,2)", nullable: true },
      { name: "spare", type: "string", nullable: true },
    ]);
  });

  it("is refused where the SQL gives other columns, each difference told", async () => {
    const raw: Relation = {
      kind: "sql",
      engine: "duckdb",
      texts: ["select * from ", ""],
      inputs: [scan("small")],
      declared: [
        { name: "id", type: "string", nullable: true },
        { name: "nmae", type: "string", nullable: true },
        { name: "total", type: "float64", nullable: true },
      ],
    };
    const [error, ...others] = await findProblems(
      planRequest(pipeline({ kind: "limit", input: raw, count: 1 }), [small]),
    );
    expect(others).toEqual([]);
    expect(error).toMatchObject({
      code: "config",
      message:
        'the SQL gives other columns than declared: "nmae" is missing, and there is "name"; "total" is missing; "id" is int64, not string; "amount" (decimal(10,2)) is given and not declared; "spare" (string) is given and not declared',
      hint: 'declare "id" as int64, or cast it in the SQL',
      offending: "id",
      at: { path: "steps.save.from.sql" },
    });
  });
});
