import { join } from "node:path";
import { createPlaces, readInput, type TextRow, writeRows } from "@sluice/conformance";
import type { Address, FrozenDataset, LoadMode, Schema, StageRequest } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { adapter } from "@sluice/lake";
import { afterAll, describe, expect, it } from "vitest";
import { openPyIceberg, type PyIceberg } from "./pyiceberg.ts";
import { pythonEnvironment } from "./python-environment.ts";

const environment = await pythonEnvironment();
const python = "python" in environment ? environment.python : undefined;

const places = createPlaces("sluice-lake-data-");
afterAll(places.remove);
const engine = createDuckDbEngine({ threads: 2 });
afterAll(() => engine[Symbol.asyncDispose]());

/** Every type that a table holds, with values at their ends. */
const TYPES: readonly (readonly [name: string, type: string, values: readonly (string | boolean | null)[]])[] = [
  ["id", "int64", ["1", "-9223372036854775808", "9223372036854775807", "4"]],
  ["small", "int32", ["1", "-1", "2147483647", null]],
  ["tiny", "int8", ["1", "-128", "127", null]],
  ["big", "uint64", ["1", "0", "18446744073709551615", null]],
  ["price", "decimal(12,2)", ["-0.05", "10.65", "9999999999.99", null]],
  ["share", "float64", ["0.1", "-1e300", "2.5", null]],
  ["single", "float32", ["0.5", "-1.25", "3", null]],
  ["flag", "bool", [true, false, true, null]],
  ["word", "string", ["a/b=å", "😀 longer than sixteen characters", "", null]],
  ["raw", "bytes", ["00ff", "", "0102", null]],
  [
    "uid",
    "uuid",
    [
      "f79c3e09-677c-4bbd-a479-3f349cb785e7",
      "00000000-0000-0000-0000-000000000000",
      "ffffffff-ffff-ffff-ffff-ffffffffffff",
      null,
    ],
  ],
  ["day", "date", ["1969-12-31", "2024-02-29", "0001-01-01", null]],
  ["at", "timestamp", ["1969-12-31 23:59:59.999999", "2024-02-29 12:00:00", "1970-01-01 00:00:00", null]],
  ["zoned", "timestamptz", ["1969-12-31 23:59:59.999999+00", "2024-02-29 12:00:00+00", "1970-01-01 00:00:00+00", null]],
  ["clock", "time", ["22:31:08", "00:00:00", "23:59:59.999999", null]],
];
const SCHEMA: Schema = { columns: TYPES.map(([name, type]) => ({ name, type, nullable: true })) };
const ROWS: readonly TextRow[] = [0, 1, 2, 3].map((index) => TYPES.map(([, , values]) => values[index] ?? null));

const PARTITIONS: readonly (readonly [partition: string, filters: readonly string[]])[] = [
  ["small", ["small = 1", "small < 0", "small is null"]],
  ["flag", ["flag = true"]],
  ["price", ["price = -0.05", "price < 0", "price > 100"]],
  ["word", ["word = ''", "word = 'a/b=å'"]],
  ["day", ["day = '1969-12-31'"]],
  ["year(day)", ["day < '1970-01-01'", "day >= '2024-01-01'"]],
  ["month(at)", ["at < '1970-01-01T00:00:00'", "at = '2024-02-29T12:00:00'"]],
  ["day(zoned)", ["zoned < '1970-01-01T00:00:00+00:00'"]],
  ["hour(at)", ["at = '1969-12-31T23:59:59.999999'", "at >= '1970-01-01T00:00:00'"]],
  ["bucket(5, id)", ["id = 4", "id = -9223372036854775808"]],
  ["bucket(5, word)", ["word = 'a/b=å'"]],
  ["bucket(5, price)", ["price = 10.65"]],
  ["bucket(5, day)", ["day = '0001-01-01'"]],
  ["bucket(5, zoned)", ["zoned = '2024-02-29T12:00:00+00:00'"]],
  ["truncate(10, small)", ["small = -1", "small < 0"]],
  ["truncate(50, price)", ["price = -0.05", "price < 0"]],
  ["truncate(3, word)", ["word = '😀 longer than sixteen characters'"]],
];

describe.skipIf(python === undefined)("tables that loads write, seen by PyIceberg", () => {
  let sharing: Promise<{ readonly path: string; readonly other: PyIceberg }> | undefined;
  let tables = 0;
  /** One lake and one process for the tables of many cases: Python takes seconds to start. */
  const shared = (): NonNullable<typeof sharing> => {
    sharing ??= places.newFolder().then(async (folder) => {
      const path = join(folder, "lake");
      await load({ type: "lake", path, table: "n.first" }, "append", ID, []);
      return { path, other: openPyIceberg(python ?? "", `sqlite:///${path}/catalog.db`, path) };
    });
    return sharing;
  };
  afterAll(async () => (await sharing)?.other[Symbol.asyncDispose]());

  it.each(PARTITIONS)("parted by %s hold what they should, for every filter", async (partition, filters) => {
    const { path, other } = await shared();
    const table = `n.t${++tables}`;
    const address: Address = { type: "lake", path, table, partitions: [partition] };
    await load(address, "append", SCHEMA, ROWS);
    const all = await other.ask<readonly Record<string, unknown>[]>("rows", { table });
    expect(ids(all)).toEqual(["-9223372036854775808", "1", "4", "9223372036854775807"]);
    const first = all.find(({ id }) => id === "1");
    expect(first).toMatchObject({
      ...{ small: "1", tiny: "1", big: "1", price: "-0.05", share: "0.1", single: "0.5", flag: true, word: "a/b=å" },
      ...{ raw: "00ff", uid: "f79c3e09-677c-4bbd-a479-3f349cb785e7", day: "1969-12-31", clock: "22:31:08" },
      ...{ at: "1969-12-31 23:59:59.999999", zoned: "1969-12-31 23:59:59.999999+00:00" },
    });
    for (const filter of filters) {
      const found = await other.ask<readonly Record<string, unknown>[]>("rows", { table, filter });
      expect([filter, ids(found)]).toEqual([filter, await ours(address, filter)]);
      expect(found.length).toBeGreaterThan(0);
      expect(found.length).toBeLessThan(ROWS.length);
    }
  });

  it("take what PyIceberg appends and deletes, and are merged after that", async () => {
    const path = join(await places.newFolder(), "lake");
    const schema: Schema = {
      columns: [
        { name: "id", type: "int64", nullable: true },
        { name: "name", type: "string", nullable: true },
      ],
    };
    const address: Address = { type: "lake", path, table: "n.t", partitions: ["truncate(10, id)"] };
    await load(address, "append", schema, [
      ["1", "a"],
      ["2", "b"],
      ["25", "c"],
    ]);
    await using other = openPyIceberg(python ?? "", `sqlite:///${path}/catalog.db`, path);
    const before = await other.ask<{ readonly current: string }>("describe", { table: "n.t" });
    await other.ask("append", {
      table: "n.t",
      batches: [
        [
          { id: 3, name: "d" },
          { id: 33, name: null },
        ],
      ],
    });
    expect(await read(address, schema)).toEqual([
      ["1", "a"],
      ["2", "b"],
      ["25", "c"],
      ["3", "d"],
      ["33", null],
    ]);
    await other.ask("delete", { table: "n.t", filter: "id = 2" });
    expect(await read(address, schema)).toEqual([
      ["1", "a"],
      ["25", "c"],
      ["3", "d"],
      ["33", null],
    ]);
    await load(address, "merge", schema, [
      ["3", "D"],
      ["4", "e"],
    ]);
    const merged = [
      ["1", "a"],
      ["25", "c"],
      ["3", "D"],
      ["33", null],
      ["4", "e"],
    ];
    expect(await read(address, schema)).toEqual(merged);
    const rows = await other.ask<readonly { readonly id: string; readonly name: string | null }[]>("rows", {
      table: "n.t",
    });
    expect(rows.map(({ id, name }) => [id, name]).sort()).toEqual([...merged].sort());
    expect(await read({ ...address, table: `n.t@${before.current}` }, schema)).toEqual([
      ["1", "a"],
      ["2", "b"],
      ["25", "c"],
    ]);
    await other.ask("evolve", {
      table: "n.t",
      changes: [
        ["add", "more", "string"],
        ["rename", "name", "title"],
      ],
    });
    const wide: Schema = {
      columns: [...schema.columns.slice(0, 1), { name: "title", type: "string", nullable: true }],
    };
    expect(await read(address, wide)).toEqual(merged);
  });
});

let commits = 0;

async function load(address: Address, mode: LoadMode, schema: Schema, rows: readonly TextRow[]): Promise<void> {
  const context = await places.newContext(engine);
  const sink = await adapter.openSink?.(adapter.parseAddress(address), undefined, context);
  if (sink === undefined) throw new Error("no sink");
  const request: StageRequest = {
    ...{ project: "p", pipeline: "p", step: "s", slice: "", epoch: 1, commitId: `c${++commits}` },
    ...{ schema, mode, key: mode === "merge" ? ["id"] : [], parameters: new Map(), signal: context.signal },
  };
  const files = await writeRows(engine, schema, rows, await sink.accepts(request));
  const staging = await sink.stage(request);
  await staging.add(files);
  await staging.commit();
  await staging[Symbol.asyncDispose]();
  await sink[Symbol.asyncDispose]();
}

/** What the table holds, in the order of its texts. */
async function read(address: Address, { columns }: Schema): Promise<readonly (readonly (string | null)[])[]> {
  const context = await places.newContext(engine);
  const source = await adapter.openSource?.(adapter.parseAddress(address), undefined, context);
  if (source?.scan === undefined) throw new Error("no source");
  const dataset: FrozenDataset = {
    ...{ version: 1, name: "t", source: address, validate: "used", drift: "warn", reordered: "fail" },
    ...{ stage: "volatile", warnings: [], columns },
  };
  const names = columns.map(({ name }) => name);
  const request = { dataset, columns: names, parameters: new Map(), signal: context.signal, warn: () => undefined };
  try {
    const input = await source.scan(request);
    return [...(await readInput(engine, input, names))].sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
  } finally {
    await source[Symbol.asyncDispose]();
  }
}

const ID: Schema = { columns: [{ name: "id", type: "int64", nullable: true }] };

/** The ids that our engine finds by the same filter, over all files. */
async function ours(address: Address, filter: string): Promise<readonly string[]> {
  const wanted = /^(\w+)/.exec(filter)?.[1] ?? "";
  const type = TYPES.find(([name]) => name === wanted)?.[1] ?? "string";
  const columns = wanted === "id" ? ID.columns : [...ID.columns, { name: wanted, type: stored(type), nullable: true }];
  const relation = { kind: "values", columns, rows: await read(address, { columns }) } as const;
  const typed = filter.replace(wanted, `"${wanted}"`).replace(/'(\d{4}-[^']*)'/, `cast('$1' as ${type})`);
  const query = engine.compile(
    { kind: "sql", engine: "duckdb", texts: ["select id from ", ` as t where ${typed}`], inputs: [relation] },
    { schemaOf: () => ID, parameters: new Map() },
  );
  const rows: string[] = [];
  const { signal } = new AbortController();
  const constants = { now: "2024-01-01T00:00:00Z", today: "2024-01-01" };
  for await (const batch of engine.rows(query, { inputs: new Map(), parameters: new Map(), constants, signal })) {
    rows.push(...batch.map(([id]) => String(id)));
  }
  return rows.sort();
}

const stored = (type: string): string => (type === "int8" ? "int32" : type === "uint64" ? "decimal(20,0)" : type);

function ids(rows: readonly Record<string, unknown>[]): readonly string[] {
  return rows.map(({ id }) => String(id)).sort();
}
