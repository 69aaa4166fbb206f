import type { Adapter, Address, FrozenDataset, Json, OpenContext, Schema, Source, StreamInfo } from "@sluice/core";
import { expect } from "vitest";
import { PEOPLE, PEOPLE_ROWS, typesTable, WICKED, WICKED_ROWS, wideTable } from "../fixtures.ts";
import { plainRows, readSource, sortedRows, type TextRow } from "../rows.ts";
import { describeSuite, type Gaps } from "../suite.ts";

/** What the source suite needs from whoever calls it. */
export interface SourceHarness {
  readonly name: string;
  readonly adapter: Adapter;
  /** Fresh: an empty scratch folder, and an engine that reads what the source gives. */
  readonly openContext: () => Promise<OpenContext>;
  /** A place that holds these rows, put there without the adapter where possible. */
  readonly create: (schema: Schema, rows: readonly TextRow[]) => Promise<SourcePlace>;
  /** An address at which there is nothing. */
  readonly missing: () => Promise<SourcePlace>;
  /** Types that the source does not hold. */
  readonly withoutTypes?: readonly string[];
  /** Types that discovery finds for those it cannot tell, for example `{ int32: "int64" }`; by default the same. */
  readonly foundAs?: { readonly [type: string]: string };
  readonly mostColumns?: number;
  readonly gaps?: Gaps;
}

export interface SourcePlace {
  readonly address: Address;
  readonly connection?: Json;
}

/** The cases that every source passes. */
export function describeSource(harness: SourceHarness): void {
  const { adapter } = harness;
  const open = async (place: SourcePlace, context?: OpenContext): Promise<Source> => {
    if (adapter.openSource === undefined) throw new Error(`adapter ${adapter.type} has no source`);
    return adapter.openSource(
      adapter.parseAddress(place.address),
      place.connection,
      context ?? (await harness.openContext()),
    );
  };
  const discover = async (
    source: Source,
    types: ReadonlyMap<string, string> = new Map(),
  ): Promise<readonly StreamInfo[]> => {
    const found: StreamInfo[] = [];
    const request = {
      types,
      required: [],
      dialect: {},
      parameters: new Map<string, string>(),
      signal: new AbortController().signal,
    };
    for await (const stream of source.discover(request)) found.push(stream);
    return found;
  };
  const freeze = (place: SourcePlace, stream: StreamInfo): FrozenDataset => ({
    version: 1,
    name: stream.name,
    source: adapter.parseAddress(place.address),
    ...(stream.dialect === undefined ? {} : { dialect: stream.dialect }),
    columns: stream.columns,
    validate: "all",
    drift: "fail",
    reordered: "fail",
    stage: "volatile",
    warnings: [],
  });
  /** Looks, freezes, reads, and compares with what was put there. */
  const roundTrip = async (
    schema: Schema,
    rows: readonly TextRow[],
    types?: ReadonlyMap<string, string>,
  ): Promise<void> => {
    const place = await harness.create(schema, rows);
    const context = await harness.openContext();
    const source = await open(place, context);
    const [stream] = await discover(source, types);
    if (stream === undefined) throw new Error("nothing was discovered");
    expect(stream.columns.map((column) => column.name)).toEqual(schema.columns.map((column) => column.name));
    const found = await readSource(context.local, source, freeze(place, stream));
    await source[Symbol.asyncDispose]();
    const asFound = { columns: stream.columns };
    expect(sortedRows(found)).toEqual(sortedRows(plainRows(asFound, plainRows(schema, rows))));
  };

  describeSuite("source", harness.name, harness.gaps ?? {}, (declare) => {
    declare("source.check.present", "what is there can be checked", async () => {
      const source = await open(await harness.create(PEOPLE, PEOPLE_ROWS));
      await source.check(new AbortController().signal);
      await source[Symbol.asyncDispose]();
    });

    declare("source.check.missing", "what is not there is missing, by name", async () => {
      const attempt = async (): Promise<void> => {
        const source = await open(await harness.missing());
        await source.check(new AbortController().signal);
      };
      await expect(attempt()).rejects.toMatchObject({ code: "missing", offending: expect.stringMatching(/./) });
    });

    declare("source.gives.one-way", "it gives `scan` or `read`, not both", async () => {
      const source = await open(await harness.create(PEOPLE, PEOPLE_ROWS));
      expect([source.scan, source.read].filter((way) => way !== undefined)).toHaveLength(1);
      await source[Symbol.asyncDispose]();
    });

    declare("source.discover.columns", "names, order and types are found", async () => {
      const source = await open(await harness.create(PEOPLE, PEOPLE_ROWS));
      const [stream] = await discover(source);
      const as = (type: string): string => harness.foundAs?.[type] ?? type;
      expect(stream?.columns.map(({ name, type }) => [name, type])).toEqual(
        PEOPLE.columns.map(({ name, type }) => [name, as(type)]),
      );
      await source[Symbol.asyncDispose]();
    });

    declare("source.discover.declared", "what the author declared wins", async () => {
      const source = await open(await harness.create(PEOPLE, PEOPLE_ROWS));
      const [stream] = await discover(source, new Map([["id", "string"]]));
      expect(stream?.columns[0]?.type).toBe("string");
      await source[Symbol.asyncDispose]();
    });

    declare("source.read.all", "every row arrives as it is; null is not empty text", () =>
      roundTrip(PEOPLE, PEOPLE_ROWS),
    );
    declare("source.read.empty", "no rows are no error", () =>
      roundTrip(PEOPLE, [], new Map(PEOPLE.columns.map(({ name, type }) => [name, type]))),
    );
    declare("source.read.types", "every type keeps its values", () => {
      const { schema, rows } = typesTable(harness.withoutTypes);
      return roundTrip(schema, rows);
    });
    declare("source.read.wicked-names", "columns may be called anything", () => roundTrip(WICKED, WICKED_ROWS));
    declare("source.read.many-columns", "a table may be wide", () => {
      const { schema, rows } = wideTable(Math.min(500, harness.mostColumns ?? 500));
      return roundTrip(schema, rows);
    });
    declare("source.read.many-rows", "more rows than fit one batch arrive once each", () =>
      roundTrip(
        PEOPLE,
        Array.from({ length: 5_003 }, (_, index) => [String(index), `n${index}`, `${index}.25`]),
      ),
    );

    declare("source.read.twice", "reading again gives the same rows", async () => {
      const place = await harness.create(PEOPLE, PEOPLE_ROWS);
      const context = await harness.openContext();
      const source = await open(place, context);
      const [stream] = await discover(source);
      if (stream === undefined) throw new Error("nothing was discovered");
      const first = await readSource(context.local, source, freeze(place, stream));
      const second = await readSource(context.local, source, freeze(place, stream));
      expect(second).toEqual(first);
      await source[Symbol.asyncDispose]();
    });

    declare("source.drift.removed", "a frozen column that is gone is drift, by name", async () => {
      const place = await harness.create(PEOPLE, PEOPLE_ROWS);
      const context = await harness.openContext();
      const source = await open(place, context);
      const [stream] = await discover(source);
      if (stream === undefined) throw new Error("nothing was discovered");
      const frozen = freeze(place, stream);
      const columns = [...frozen.columns, { name: "absent", type: "string", nullable: true }];
      const attempt = readSource(context.local, source, { ...frozen, columns });
      await expect(attempt).rejects.toMatchObject({ code: "data", reason: "drift" });
      await source[Symbol.asyncDispose]();
    });

    declare("source.read.cancelled", "told to stop, it stops", async () => {
      const place = await harness.create(PEOPLE, PEOPLE_ROWS);
      const source = await open(place);
      const [stream] = await discover(source);
      if (stream === undefined) throw new Error("nothing was discovered");
      const controller = new AbortController();
      controller.abort();
      const dataset = freeze(place, stream);
      const columns = dataset.columns.map((column) => column.name);
      const request = {
        dataset,
        columns,
        parameters: new Map<string, string>(),
        signal: controller.signal,
        warn: () => {},
      };
      const attempt = async (): Promise<void> => {
        if (source.scan !== undefined) await source.scan(request);
        for await (const _ of source.read?.(request) ?? []) throw new Error("it went on");
      };
      await expect(attempt()).rejects.toMatchObject({ code: "cancelled" });
      await source[Symbol.asyncDispose]();
    });
  });
}
