import { openExpressionParser } from "@sluice/duckdb";
import { afterAll, expect, test } from "vitest";
import { errorsOf } from "../failures.ts";
import { jsonSchema } from "./json-schema.ts";
import { readYaml } from "./read-yaml.ts";
import { violations } from "./violations.fixture.ts";

const parser = openExpressionParser();
afterAll(() => parser[Symbol.asyncDispose]());

const intoAddress = (members: string): string =>
  `name: p\nsteps:\n  a: { load: { from: crashes, into: { ${members} }, mode: replace } }\n`;
const fromAddress = (members: string): string => `name: p\nsteps:\n  a: { transform: { from: { ${members} } } }\n`;

async function refusals(yaml: string): Promise<readonly string[]> {
  const options = { file: "p.yaml", parser, known: { datasets: ["crashes"], connections: ["warehouse"] } };
  const thrown = await readYaml(yaml, options).then(
    () => [],
    (error: unknown) => errorsOf(error),
  );
  return thrown.map(({ at, message, hint }) => `${at?.line}:${at?.column} ${message} (${hint})`);
}

const PLACE = "file: a path: data/x.csv, data/*.csv, data/{day}.csv";

test.each([
  ['file: ""', `"file" is ""; expected text (${PLACE})`],
  ["file: 5", '"file" is 5; expected text (put it in quotes: file: "5")'],
  ["file:", `"file" is nothing; expected text (${PLACE})`],
  ["file: [a, b]", `"file" is a list; expected text (${PLACE})`],
  ["type: file, path: 5", '"path" is 5; expected text (put it in quotes: path: "5")'],
  ["sqlite: 5, table: t", '"sqlite" is 5; expected text (put it in quotes: sqlite: "5")'],
  ["sqlite: x.db, table: {}", '"table" is a map; expected text (table: a table)'],
  ["file: out/a.csv, delimiter: {}", '"delimiter" is a map; expected text (delimiter: what stands between two fields)'],
  ['file: out/a.csv, delimiter: ""', '"delimiter" is ""; expected text (delimiter: what stands between two fields)'],
  [
    "file: out/a.csv, header: maybe",
    '"header" is "maybe"; expected true or false (header: whether the first record holds the names)',
  ],
  [
    "file: out/a.csv, skip: 1.5",
    '"skip" is 1.5; expected a whole number (skip: how many lines stand above the header)',
  ],
  [
    "file: out/a.csv, nulls: NA",
    '"nulls" is "NA"; expected a list (nulls: words that mean null where a whole unquoted field is one of them)',
  ],
])("an address is refused where an editor refuses it, in the words of its author: %s", async (members, expected) => {
  for (const yaml of [intoAddress(members), fromAddress(members)]) {
    expect(violations(jsonSchema(), yaml)).not.toEqual([]);
    expect(await refusals(yaml)).toEqual([expect.stringMatching(/^3:\d+ /)]);
    expect((await refusals(yaml))[0]).toContain(` ${expected}`);
  }
});

test("an address that an editor takes is read", async () => {
  const members = 'file: out/a.csv, delimiter: ";", header: false, nullText: "NA"';
  expect(violations(jsonSchema(), intoAddress(members))).toEqual([]);
  expect(await refusals(intoAddress(members))).toEqual([]);
});
