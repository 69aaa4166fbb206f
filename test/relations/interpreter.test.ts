import { mapInputs, type Relation, type ScanSource, schemaOf } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
// biome-ignore lint/style/noRestrictedImports: what core tests itself by, here beside an engine
import { interpret, type Table } from "../../packages/core/src/plan/interpret.fixture.ts";
// biome-ignore lint/style/noRestrictedImports: what core tests itself by, here beside an engine
import { fullRequest, relationFrom, tablesFrom } from "../../packages/core/src/plan/relations.fixture.ts";

const engine = createDuckDbEngine({ threads: 2 });
afterAll(() => engine[Symbol.asyncDispose]());

const choices = fc.array(fc.nat(1000), { minLength: 6, maxLength: 60 });
const relations = choices.map((numbers) => relationFrom(numbers, true));
const tables = choices.map(tablesFrom);
const EMPTY: Table = { names: [], rows: [] };

/** The relation over rows written out in place of its scans. */
function overValues(relation: Relation, scanned: (source: ScanSource) => Table): Relation {
  if (relation.kind !== "scan") return mapInputs(relation, (input) => overValues(input, scanned));
  const { columns } = fullRequest.schemaOf(relation.source);
  const rows = scanned(relation.source).rows.map((row) =>
    columns.map(({ name }) => (row.get(name) ?? null) as string | null),
  );
  return { kind: "values", columns, rows };
}

async function rowsOf(relation: Relation): Promise<readonly (readonly unknown[])[]> {
  const query = engine.compile(relation, fullRequest);
  const rows: (readonly unknown[])[] = [];
  const constants = { now: "2024-01-01T00:00:00Z", today: "2024-01-01" };
  const request = { inputs: new Map(), parameters: new Map(), constants, signal: new AbortController().signal };
  for await (const batch of engine.rows(query, request)) rows.push(...batch);
  return rows;
}

const inAnyOrder = (rows: readonly (readonly unknown[])[]): readonly string[] =>
  rows.map((row) => JSON.stringify(row)).toSorted();

it("every relation gives in DuckDB what it means by the plainest means", async () => {
  await fc.assert(
    fc.asyncProperty(relations, tables, async (relation, given) => {
      const scanned = (source: ScanSource): Table => given.get("dataset" in source ? source.dataset : "") ?? EMPTY;
      const wanted = interpret(relation, scanned);
      const names = schemaOf(relation, fullRequest).columns.map(({ name }) => name);
      const rows = wanted.rows.map((row) => names.map((name) => row.get(name)));
      expect(inAnyOrder(await rowsOf(overValues(relation, scanned)))).toEqual(inAnyOrder(rows));
    }),
    { numRuns: 400 },
  );
});
