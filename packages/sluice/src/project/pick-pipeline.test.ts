import type { PipelineDefinition } from "@sluice/core";
import { expect, test } from "vitest";
import { SluiceErrors } from "../failures.ts";
import { firstDifference } from "./first-difference.ts";
import { type LoadedPipeline, type LoadedPipelines, pickPipeline } from "./pick-pipeline.ts";

function pipeline(file: string, name: string, description?: string): LoadedPipeline {
  const definition: PipelineDefinition = { name, steps: [], ...(description === undefined ? {} : { description }) };
  return { name, file: `/p/${file}`, definition, locations: { file: `/p/${file}`, steps: new Map() } };
}

const short = (path: string): string => path.replace("/p/", "");
const pick = (word: string | undefined, ...found: readonly LoadedPipeline[]): string => {
  const loaded: LoadedPipelines = { found, errors: [], empty: [], unread: [] };
  return short(pickPipeline({ word, folder: "/p", root: "/p", loaded, short }).file);
};

test("a name means the TypeScript of equal twins, a file means itself", () => {
  const twins = [pipeline("a.ts", "a"), pipeline("a.yaml", "a")];
  expect(pick("a", ...twins)).toBe("a.ts");
  expect(pick(undefined, ...twins)).toBe("a.ts");
  expect(pick("a.yaml", ...twins)).toBe("a.yaml");
});

test("unequal twins are an error that names both and their first difference", () => {
  expect(() => pick("a", pipeline("a.ts", "a", "one"), pipeline("a.yaml", "a", "two"))).toThrow(
    'a.ts and a.yaml share the name "a" but are not equal: "description" is "one" in a.ts and "two" in a.yaml',
  );
});

test("two files of one kind may not share a name, and hide no other pipeline", () => {
  const found = [pipeline("a.ts", "a"), pipeline("b.ts", "a"), pipeline("c.ts", "c")];
  expect(() => pick("a", ...found)).toThrow('a.ts and b.ts share the name "a"');
  expect(pick("c", ...found)).toBe("c.ts");
});

test("without a word there must be exactly one", () => {
  expect(() => pick(undefined)).toThrow("there is no pipeline");
  expect(() => pick(undefined, pipeline("a.ts", "a"), pipeline("b.ts", "b"))).toThrow("there are several pipelines");
});

test("an unknown name is said with the closest one, beside what could not be read", () => {
  expect(() => pick("crahs", pipeline("a.ts", "crash"))).toThrow(
    expect.objectContaining({ message: 'no pipeline is named "crahs"', hint: 'did you mean "crash"?' }),
  );
  const twins = [pipeline("a.ts", "a", "one"), pipeline("a.yaml", "a", "two")];
  expect(() => pick("b", ...twins)).toThrow(SluiceErrors);
});

test("a difference is named by step", () => {
  const left = { steps: [{ name: "a", mode: "append" }, { name: "b" }] };
  const right = { steps: [{ name: "a", mode: "replace" }] };
  expect(firstDifference(left, right)).toEqual({ path: "steps.a.mode", left: '"append"', right: '"replace"' });
  expect(firstDifference({ steps: [{ name: "b" }] }, { steps: [] })).toMatchObject({
    path: "steps.b",
    right: "nothing",
  });
  expect(firstDifference(left, left)).toBeUndefined();
});
