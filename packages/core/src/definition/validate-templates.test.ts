import { describe, expect, it } from "vitest";
import type { Relation } from "../ir/relation.ts";
import { csvDataset, planRequest, scan } from "../plan/chicago.fixture.ts";
import { findProblems } from "../plan/create-plan.ts";
import type { Address } from "../schema/frozen.ts";
import type { ParameterDefinition, PipelineDefinition } from "./definition.ts";
import { validateDefinition } from "./validate.ts";

const file = (path: string): Address => ({ type: "file", path });
const inline = (path: string): Relation => ({ kind: "scan", source: { inline: file(path) } });
const day: ParameterDefinition = { name: "day", type: "date" };
const pipeline = (from: Relation, into: Address, parameters: readonly ParameterDefinition[]): PipelineDefinition => ({
  name: "p",
  parameters,
  steps: [{ kind: "load", name: "save", from, into, mode: "replace" }],
});
const found = (definition: PipelineDefinition): unknown[] =>
  validateDefinition(definition).map((error) => [error.at?.path, error.message, error.offending, error.hint]);

describe("the template of an address", () => {
  it("may hold parameters of the pipeline, and a database's path may hold braces", () => {
    expect(found(pipeline(inline("data/{day}.csv"), file("out/{day}/{day}.csv"), [day]))).toEqual([]);
    const database: Address = { type: "sqlite", path: "a{b}.db", table: "t" };
    expect(found(pipeline(scan("d"), database, []))).toEqual([]);
  });

  it("names the parameter that was meant, for sources and targets", () => {
    expect(found(pipeline(inline("data/{dya}.csv"), file("out/{region}.csv"), [day]))).toEqual([
      [
        "steps.save.from.scan",
        'data/{dya}.csv needs the parameter "dya", which the pipeline does not declare',
        "{dya}",
        'did you mean "day"?',
      ],
      [
        "steps.save.into",
        'out/{region}.csv needs the parameter "region", which the pipeline does not declare',
        "{region}",
        "parameters are day",
      ],
    ]);
  });

  it("always needs a value", () => {
    expect(found(pipeline(scan("d"), file("out/{day}.csv"), [{ ...day, default: null }]))).toEqual([
      [
        "steps.save.into",
        'out/{day}.csv needs a value of the parameter "day", whose default is null',
        "{day}",
        "give it another default, or none: then it has to be given",
      ],
    ]);
  });

  it("of a dataset asks for parameters of the pipeline that reads it", async () => {
    const daily = { ...csvDataset("daily", ["id"]), source: file("data/{day}.csv") };
    const problems = async (parameters: readonly ParameterDefinition[]): Promise<unknown[]> =>
      (await findProblems(planRequest(pipeline(scan("daily"), file("out.csv"), parameters), [daily]))).map((error) => [
        error.at?.path,
        error.message,
        error.hint,
      ]);
    expect(await problems([day])).toEqual([]);
    expect(await problems([])).toEqual([
      [
        "steps.save.from.scan",
        'dataset "daily": data/{day}.csv needs the parameter "day", which the pipeline does not declare',
        "there are no parameters",
      ],
    ]);
  });
});
