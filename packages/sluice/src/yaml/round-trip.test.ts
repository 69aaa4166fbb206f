import { canonicalDefinition, type StepDefinition } from "@sluice/core";
import { openExpressionParser } from "@sluice/duckdb";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { definitions } from "./arbitrary-definitions.fixture.ts";
import { jsonSchema } from "./json-schema.ts";
import { readYaml } from "./read-yaml.ts";
import { violations } from "./violations.fixture.ts";
import { writeYaml } from "./write-yaml.ts";

const parser = openExpressionParser();
afterAll(() => parser[Symbol.asyncDispose]());

/** `header` is an option of the file that is read, not of the one that the command gets. */
const headerlessInput = canonicalDefinition({
  name: "p",
  steps: [
    {
      kind: "shell",
      name: "s",
      command: "sort {a}",
      inputs: [
        { name: "a", from: { kind: "scan", source: { inline: { type: "file", path: "a.csv", header: false } } } },
      ],
    },
  ],
});

test("definition → YAML → definition is the identity, over all relations, checks and steps", async () => {
  const schema = jsonSchema();
  await fc.assert(
    fc.asyncProperty(definitions, async (definition) => {
      const yaml = writeYaml(definition);
      const read = await readYaml(yaml, { file: "p.yaml", parser });
      expect(read.definition, yaml).toEqual(definition);
      expect(violations(schema, yaml), yaml).toEqual([]);
    }),
    { numRuns: 250, examples: [[headerlessInput]] },
  );
});

test("the generator reaches every kind of relation", () => {
  const seen = new Set<string>();
  for (const definition of fc.sample(definitions, { numRuns: 300, seed: 7 })) {
    JSON.stringify(definition.steps satisfies readonly StepDefinition[], (key, value: unknown) => {
      if (key === "kind" && typeof value === "string") seen.add(value);
      return value;
    });
  }
  const kinds =
    "scan values filter select derive rename keep drop dropNulls join union distinct " +
    "aggregate sort limit deduplicate window intersect except fill sample incremental pivot unpivot unnest sql task shell";
  expect(kinds.split(" ").filter((kind) => !seen.has(kind))).toEqual([]);
});
