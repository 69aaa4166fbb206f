import { join } from "node:path";
import { createPlaces, readInput, writeRows } from "@sluice/conformance";
import type { Address, Expression, FrozenDataset, Relation, ScannableInput, Schema } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { adapter } from "@sluice/lake";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { filter, NAMES, type Row, row, sampleOf } from "./pruning/random-files.fixture.ts";
import { typeTextOf } from "./types.ts";

const places = createPlaces("sluice-lake-filters-");
afterAll(places.remove);
const engine = createDuckDbEngine({ threads: 2 });
afterAll(() => engine[Symbol.asyncDispose]());

const SCHEMA: Schema = {
  columns: NAMES.map((name) => ({ name, type: typeTextOf(sampleOf(name).type), nullable: true })),
};
const SPECS = [
  ["month(at)", "bucket(3, small)"],
  ["truncate(2, word)"],
  ["year(day)", "flag", "truncate(50, price)"],
  ["hour(at)", "bucket(2, word)"],
  [],
];

const literal = (name: string, text: string | null | undefined) =>
  text === null || text === undefined ? null : sampleOf(name).literal === "bool" ? text === "true" : text;

/** Loads rows, several times, so that there are files of several loads. */
async function load(address: Address, batches: readonly (readonly Row[])[]): Promise<void> {
  for (const [index, rows] of batches.entries()) {
    const context = await places.newContext(engine);
    const sink = await adapter.openSink?.(adapter.parseAddress(address), undefined, context);
    if (sink === undefined) throw new Error("no sink");
    const request = {
      ...{ project: "p", pipeline: "p", step: "s", slice: "", epoch: 1, commitId: `c${index}`, key: [] },
      ...{ schema: SCHEMA, mode: "append" as const, parameters: new Map(), signal: context.signal },
    };
    const texts = rows.map((one) => NAMES.map((name) => literal(name, one[name])));
    const files = await writeRows(engine, SCHEMA, texts, await sink.accepts(request));
    const staging = await sink.stage(request);
    await staging.add(files);
    await staging.commit();
    await staging[Symbol.asyncDispose]();
    await sink[Symbol.asyncDispose]();
  }
}

async function scan(address: Address, wanted: Expression | undefined): Promise<ScannableInput> {
  const context = await places.newContext(engine);
  const source = await adapter.openSource?.(adapter.parseAddress(address), undefined, context);
  if (source?.scan === undefined) throw new Error("no source");
  const dataset: FrozenDataset = {
    ...{ version: 1, name: "rows", source: address, validate: "used", drift: "fail", reordered: "fail" },
    ...{ stage: "volatile", warnings: [], columns: SCHEMA.columns },
  };
  const asked = wanted === undefined ? {} : { filter: wanted };
  const request = { dataset, columns: NAMES, parameters: new Map(), signal: context.signal, warn: () => undefined };
  try {
    return await source.scan({ ...request, ...asked });
  } finally {
    await source[Symbol.asyncDispose]();
  }
}

/** The rows that the engine itself finds by a filter. */
async function matching(input: ScannableInput, condition: Expression): Promise<readonly string[]> {
  const relation: Relation = { kind: "filter", input: { kind: "scan", source: { dataset: "rows" } }, condition };
  const query = engine.compile(relation, { schemaOf: () => SCHEMA, parameters: new Map() });
  const found: string[] = [];
  const { signal } = new AbortController();
  const constants = { now: "2024-01-01T00:00:00Z", today: "2024-01-01" };
  const inputs = new Map([["rows", { input, columns: NAMES }]]);
  for await (const rows of engine.rows(query, { inputs, parameters: new Map(), constants, signal })) {
    found.push(...rows.map((cells) => JSON.stringify(cells.map(String))));
  }
  return found.sort();
}

/** Without the function that there is not. */
const known = filter.filter((condition) => !JSON.stringify(condition).includes("unheardOf"));

describe("filters on tables", () => {
  it.each(SPECS.map((partitions) => [partitions] as const))(
    "parted by %j give what the whole table gives",
    async (partitions) => {
      const [batches] = fc.sample(
        fc.array(fc.array(row, { minLength: 1, maxLength: 25 }), { minLength: 3, maxLength: 3 }),
        {
          seed: 7,
          numRuns: 1,
        },
      );
      const path = join(await places.newFolder(), "lake");
      const address = { type: "lake", path, table: "n.t", ...(partitions.length === 0 ? {} : { partitions }) };
      await load(address, batches ?? []);
      const whole = await scan(address, undefined);
      const total = (await readInput(engine, whole, NAMES)).length;
      expect(total).toBe((batches ?? []).flat().length);
      const count = (input: ScannableInput): number => input.groups.flatMap(({ files }) => files).length;
      let skipped = 0;
      await fc.assert(
        fc.asyncProperty(known, async (condition) => {
          const input = await scan(address, condition);
          skipped += count(whole) - count(input);
          expect(await matching(input, condition)).toEqual(await matching(whole, condition));
        }),
        { numRuns: 40 },
      );
      expect(skipped).toBeGreaterThan(0);
    },
  );
});
