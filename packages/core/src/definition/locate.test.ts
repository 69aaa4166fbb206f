import { describe, expect, it } from "vitest";
import { col } from "../plan/chicago.fixture.ts";
import { inFilter, pipeline } from "./definition.fixture.ts";
import { placeError } from "./locate.ts";
import { validateDefinition } from "./validate.ts";

describe("placeError", () => {
  const [error] = validateDefinition(pipeline(inFilter(col("a", "left"))));
  const steps = new Map([["t", { file: "p.yaml", line: 4, column: 3 }]]);
  it("finds the nearest known member, else the step, else the pipeline", () => {
    if (error === undefined) throw new Error("no error");
    const paths = new Map([["steps.t.query", { line: 6, column: 9, text: "l.a" }]]);
    const path = "steps.t.query.filter";
    expect(placeError(error, { file: "p.yaml", steps, paths })).toMatchObject({
      at: { file: "p.yaml", line: 6, column: 9, path },
      offending: "a",
    });
    expect(placeError(error, { file: "p.yaml", steps }).at).toEqual({ file: "p.yaml", line: 4, column: 3, path });
    expect(placeError(error, { file: "p.yaml", steps: new Map() }).at).toEqual({ file: "p.yaml", path });
  });
});
