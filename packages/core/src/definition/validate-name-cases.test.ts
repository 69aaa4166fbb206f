import { expect, it } from "vitest";
import { scan } from "../plan/chicago.fixture.ts";
import { found, pipeline, transform } from "./definition.fixture.ts";

const similar = (path: string, one: string, other: string): unknown[] => [
  path,
  `${one} and ${other} differ only by case, which engines ignore`,
  "give one of them another name",
];

it("refuses parameters that only case tells apart: both would have one value", () => {
  const parameters = ["Who", "who", "WHO", "other"].map((name) => ({ name, type: "string" }));
  expect(found({ ...pipeline(transform("t", scan("d"))), parameters })).toEqual([
    similar("parameters.who", 'the parameter "Who"', 'the parameter "who"'),
    similar("parameters.WHO", 'the parameter "Who"', 'the parameter "WHO"'),
  ]);
});

it("refuses steps, and datasets, that only case tells apart: the engine has one name for both", () => {
  expect(found(pipeline(transform("a", scan("d")), transform("A", scan("e"))))).toEqual([
    similar("steps.A", 'the step "a"', 'the step "A"'),
  ]);
  const union = { kind: "union", inputs: [scan("d"), scan("D"), scan("D")] } as const;
  expect(found(pipeline(transform("t", union)))).toEqual([similar("steps.t", 'the dataset "d"', 'the dataset "D"')]);
  expect(found(pipeline(transform("t", scan("d")), transform("u", scan("d"))))).toEqual([]);
});
