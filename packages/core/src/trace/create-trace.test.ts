import { describe, expect, it } from "vitest";
import type { CheckDefinition, PipelineDefinition } from "../definition/definition.ts";
import type { Expression } from "../ir/expression.ts";
import type { Relation } from "../ir/relation.ts";
import {
  call,
  chicago,
  col,
  columns,
  crashes,
  people,
  planRequest,
  scan,
  scanStep,
  text,
  vehicles,
} from "../plan/chicago.fixture.ts";
import { inferSteps } from "../plan/infer-steps.ts";
import { printExpression } from "../print/print-expression.ts";
import { createTrace, type Trace, type TraceRequest } from "./create-trace.ts";

async function trace(
  definition: PipelineDefinition,
  step: string,
  condition: Expression,
  more: Partial<TraceRequest> = {},
): Promise<Trace> {
  const request = planRequest(definition, [crashes, people, vehicles]);
  const { steps, problems } = await inferSteps(request);
  expect(problems).toEqual([]);
  const { datasets } = request;
  return createTrace({ steps, datasets, parameters: new Map(), step, condition, isDiverting: () => true, ...more });
}

const is = (name: string, value: string): Expression => call("eq", col(name), text(value));
const asked = ({ sources }: Trace): Record<string, string> =>
  Object.fromEntries(
    sources.map(({ dataset, demand }) => [
      dataset,
      `${demand.condition === undefined ? "all" : printExpression(demand.condition)}${demand.exact ? "" : " ?"}`,
    ]),
  );

describe("a condition followed through the steps of a pipeline", () => {
  it("goes from a load through its step to the dataset; operations stand in order, each with its place", async () => {
    const found = await trace(chicago, "load_vehicle", is("vehicle_make", "FORD"));
    expect(asked(found)).toEqual({ vehicles: "upper(make) = 'FORD'" });
    expect(found.steps.map(({ step }) => step.name)).toEqual(["vehicle", "load_vehicle"]);
    expect(found.steps[0]?.operations.map(({ path, inputs, demand }) => [path, inputs.length, demand.exact])).toEqual([
      ["steps.vehicle.query.dropNulls", 1, true],
      ["steps.vehicle.query.select", 1, true],
    ]);
    expect(found.sources[0]?.columns).toEqual(
      "crash_unit_id crash_record_id crash_date vehicle_id make model vehicle_year vehicle_type".split(" "),
    );
  });

  it("is either of two where two steps read one", async () => {
    const part = (name: string, value: string): PipelineDefinition["steps"][number] => ({
      kind: "transform",
      name,
      query: { kind: "select", input: scanStep("crash"), columns: [["id", call("upper", col(value))]] },
    });
    const both: Relation = { kind: "union", inputs: [scanStep("one"), scanStep("two")] };
    const definition: PipelineDefinition = {
      name: "p",
      steps: [
        { kind: "transform", name: "crash", query: scan("crashes") },
        part("one", "rd_no"),
        part("two", "report_type"),
        { kind: "transform", name: "both", query: both },
      ],
    };
    const found = await trace(definition, "both", is("id", "X"));
    expect(asked(found)).toEqual({ crashes: "upper(report_type) = 'X' or upper(rd_no) = 'X' ?" });
    expect(found.sources[0]?.demand.because).toEqual([expect.stringContaining("read in several places")]);
  });

  it("meets the other side of a join by what was found on the one", async () => {
    const on = call("eq", col("crash_record_id", "left"), col("crash_record_id", "right"));
    const select = [
      ["id", col("crash_record_id", "left")],
      ["make", col("make", "right")],
    ] as const;
    const join: Relation = { kind: "join", left: scan("crashes"), right: scan("vehicles"), how: "inner", on, select };
    const definition: PipelineDefinition = { name: "p", steps: [{ kind: "transform", name: "j", query: join }] };
    expect(asked(await trace(definition, "j", is("make", "FORD")))).toEqual({
      crashes: "all ?",
      vehicles: "make = 'FORD'",
    });
    const meetings = new Map([["steps.j.query.join", { input: 0 as const, condition: is("crash_record_id", "c1") }]]);
    expect(asked(await trace(definition, "j", is("make", "FORD"), { meetings }))).toEqual({
      crashes: "crash_record_id = 'c1' ?",
      vehicles: "make = 'FORD'",
    });
  });

  it("passes checks that divert, uniqueness last; those that do not are no operations", async () => {
    const checks: readonly CheckDefinition[] = [
      { kind: "unique", columns: ["rd_no"], otherwise: "divert" },
      { kind: "notNull", columns: ["latitude"], otherwise: "divert", mostly: 0.9 },
      { kind: "notNull", columns: ["longitude"], otherwise: "divert" },
      { kind: "notNull", columns: ["crash_date"] },
    ];
    const query: Relation = {
      kind: "select",
      input: scan("crashes"),
      columns: columns("rd_no", "latitude", "longitude", "crash_date"),
    };
    const definition: PipelineDefinition = {
      name: "p",
      steps: [
        { kind: "transform", name: "crash", query, checks },
        { kind: "transform", name: "next", query: scanStep("crash") },
      ],
    };
    const checksOf = (found: Trace): readonly (string | undefined)[] =>
      found.steps.flatMap(({ operations }) => operations.map(({ check }) => check));
    const all = await trace(definition, "next", is("rd_no", "x"));
    expect(checksOf(all)).toEqual([undefined, "notNull(longitude)", "notNull(latitude)", "unique(rd_no)"]);
    expect(JSON.stringify(all.steps.at(-1)?.relation)).toContain('"deduplicate"');
    const some = await trace(definition, "next", is("rd_no", "x"), {
      isDiverting: (_, check) => !check.includes("latitude"),
    });
    expect(checksOf(some)).toEqual([undefined, "notNull(longitude)", "unique(rd_no)"]);
  });
});
