import { existsSync } from "node:fs";
import { join } from "node:path";
import { createPlaces, openSink, readSource, requestOf, type SinkHarness, type SinkTarget } from "@sluice/conformance";
import type { FrozenDataset, OpenContext, ScannableInput, Schema, Source, StreamInfo } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { adapter } from "@sluice/sqlite";
import Database from "libsql";
import { afterAll, describe, expect, it } from "vitest";

const data = process.env.SLUICE_TEST_DATA;
const places = createPlaces("sluice-sqlite-real-");
const engine = createDuckDbEngine({ threads: 2 });
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await places.remove();
});

/** Rows, and sums that change with any value: of numbers, and of the lengths of texts. */
const KNOWN = {
  "Chinook_Sqlite.sqlite": {
    tables: 11,
    sums: [
      [
        "Track",
        "count(*), sum(TrackId), sum(length(Name)), sum(length(Composer)), count(GenreId), sum(Milliseconds), total(UnitPrice)",
      ],
      ["Invoice", "count(*), sum(length(InvoiceDate)), sum(length(BillingState)), round(total(Total), 2)"],
      ["Employee", "count(*), sum(ReportsTo), min(BirthDate), max(HireDate)"],
    ],
  },
  "movies.sqlite": {
    tables: 2,
    sums: [
      [
        "movies",
        "count(*), sum(budget), sum(revenue), total(vote_average), sum(length(overview)), count(tagline), sum(length(release_date))",
      ],
      ["directors", "count(*), sum(gender), sum(length(name)), count(distinct uid)"],
    ],
  },
} as const;

describe.each(Object.entries(KNOWN))("%s", (file, known) => {
  if (data === undefined) {
    it.skip("is not there: SLUICE_TEST_DATA names no folder", () => {});
    return;
  }
  const path = join(data, "sqlite", file);
  if (!existsSync(path)) {
    it.skip(`is not there: SLUICE_TEST_DATA has no sqlite/${file}`, () => {});
    return;
  }

  it("is read whole, table by table, and written to a fresh database equal", async () => {
    const target = join(await places.newFolder(), "copy.db");
    const found = await discover(await openSource(path));
    expect(found).toHaveLength(known.tables);
    for (const stream of found) {
      const context = await places.newContext(engine);
      const source = await openSource(path, stream.name, context);
      await copy(source, datasetOf(path, stream), target, context);
      const before = await readSource(engine, source, datasetOf(path, stream));
      const copied = await openSource(target, stream.name);
      const [again] = await discover(copied);
      expect(again?.columns.map((column) => [column.name, column.type])).toEqual(
        stream.columns.map((column) => [column.name, column.type]),
      );
      if (again !== undefined) expect(await readSource(engine, copied, datasetOf(target, again))).toEqual(before);
      expect(before).toHaveLength(stream.rows ?? -1);
    }
    for (const [table, sums] of known.sums) expect(queryAt(target, table, sums)).toEqual(queryAt(path, table, sums));
  });
});

async function openSource(path: string, table?: string, context?: OpenContext): Promise<Source> {
  const address = { type: "sqlite", path, ...(table === undefined ? {} : { table }) };
  const source = await adapter.openSource?.(address, undefined, context ?? (await places.newContext(engine)));
  if (source === undefined) throw new Error("no source");
  return source;
}

async function discover(source: Source): Promise<readonly StreamInfo[]> {
  const found: StreamInfo[] = [];
  const { signal } = new AbortController();
  const request = {
    types: new Map<string, string>(),
    required: [],
    dialect: {},
    parameters: new Map<string, string>(),
    signal,
  };
  for await (const stream of source.discover(request)) found.push(stream);
  return found;
}

function datasetOf(path: string, stream: StreamInfo): FrozenDataset {
  const source = { type: "sqlite", path, table: stream.name };
  const policies = { validate: "all", drift: "fail", reordered: "fail", stage: "volatile" } as const;
  return { version: 1, name: stream.name, source, columns: stream.columns, ...policies, warnings: [] };
}

/** One replace, as the runtime does it. */
async function copy(source: Source, dataset: FrozenDataset, path: string, context: OpenContext): Promise<void> {
  const { signal } = context;
  const schema: Schema = { columns: dataset.columns.map(({ name, type, nullable }) => ({ name, type, nullable })) };
  const names = schema.columns.map((column) => column.name);
  const place: SinkTarget = {
    address: { type: "sqlite", path, table: dataset.name },
    rows: async () => [],
    traces: async () => null,
  };
  const harness: SinkHarness = {
    name: "copy",
    adapter,
    openContext: async () => context,
    createTarget: async () => place,
  };
  const sink = await openSink(harness, place, context);
  const request = requestOf({ schema, rows: [], mode: "replace", step: dataset.name });
  const output = await sink.accepts(request);
  for await (const { batch } of source.read?.({
    dataset,
    columns: names,
    parameters: new Map(),
    signal,
    warn: () => {},
  }) ?? []) {
    const input: ScannableInput = {
      format: batch.format,
      ...(batch.dialect === undefined ? {} : { dialect: batch.dialect }),
      groups: [{ order: batch.schema.columns.map((column) => column.name), files: batch.files }],
      columns: dataset.columns,
      validate: "all",
      identity: null,
    };
    const scan = { kind: "scan", source: { dataset: "input" } } as const;
    const query = engine.compile(scan, { schemaOf: () => schema, parameters: new Map() });
    const { files } = await engine.execute(query, {
      inputs: new Map([["input", { input, columns: names }]]),
      parameters: new Map(),
      constants: { now: "2024-02-29T12:00:00.000Z", today: "2024-02-29" },
      signal,
      output,
    });
    const staging = await sink.stage(request);
    await staging.add(files);
    await staging.commit();
    await staging[Symbol.asyncDispose]();
  }
}

function queryAt(path: string, table: string, columns: string): unknown {
  const database = new Database(path);
  try {
    return database.prepare(`select ${columns} from "${table}"`).all([]);
  } finally {
    database.close();
  }
}
