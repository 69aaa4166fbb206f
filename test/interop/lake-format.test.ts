import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createPlaces, postgresForTests } from "@sluice/conformance";
import {
  type DataFile,
  expireSnapshots,
  localFiles,
  type NewField,
  openCatalog,
  type PartitionValue,
  pathOf,
  type Snapshot,
  type Table,
  type Transform,
} from "@sluice/lake";
import { afterAll, describe, expect, it } from "vitest";
import { openPyIceberg } from "./pyiceberg.ts";
import { pythonEnvironment } from "./python-environment.ts";

const environment = await pythonEnvironment();
const python = "python" in environment ? environment.python : "";
const postgres = await postgresForTests();
const places = createPlaces("sluice-interop-");
afterAll(places.remove);

const ID = { namespace: ["shop"], name: "orders" };
const NAME = "shop.orders";
const SCHEMA: readonly NewField[] = [
  { name: "id", type: { kind: "long" }, required: true, doc: "größe" },
  { name: "region", type: { kind: "string" } },
  { name: "small", type: { kind: "int" } },
  { name: "amount", type: { kind: "decimal", precision: 9, scale: 2 } },
  { name: "real", type: { kind: "float" } },
  { name: "day", type: { kind: "date" } },
  { name: "at", type: { kind: "timestamptz" } },
  { name: "local", type: { kind: "timestamp" } },
  { name: "clock", type: { kind: "time" } },
  { name: "flag", type: { kind: "boolean" } },
  { name: "key", type: { kind: "uuid" } },
  { name: "raw", type: { kind: "binary" } },
  { name: "hash", type: { kind: "fixed", length: 4 } },
  {
    name: "tags",
    type: { kind: "list", elementId: 0, element: { kind: "string" }, elementRequired: true },
  },
  {
    name: "sizes",
    type: { kind: "map", keyId: 0, key: { kind: "string" }, valueId: 0, value: { kind: "int" }, valueRequired: false },
  },
  {
    name: "address",
    type: { kind: "struct", fields: [{ id: 0, name: "zip code", required: false, type: { kind: "int" } }] },
  },
];
const ROWS: readonly NewField[] = [
  { name: "id", type: { kind: "int" }, required: true },
  { name: "name", type: { kind: "string" } },
];

function file(path: string, partition: readonly PartitionValue[] = [], changes: Partial<DataFile> = {}): DataFile {
  return {
    content: "data",
    path: `file:///nowhere/a b%20å/${path}`,
    format: "parquet",
    specId: 0,
    partition,
    recordCount: 10,
    sizeBytes: 1000,
    ...changes,
  };
}
const add =
  (...files: readonly DataFile[]) =>
  async () => ({ snapshot: { operation: "append" as const, add: files } });
const currentOf = (table: Table) => table.currentSnapshot() as Snapshot;
const pathsOf = async (table: Table, snapshot = currentOf(table)) =>
  (await table.filesOf(snapshot)).files
    .map(({ entry, deletes }) => [entry.file.path, deletes.map((one) => one.file.path).sort()] as const)
    .sort(([left], [right]) => (left < right ? -1 : 1));

async function open(folder: string, catalogUrl?: string) {
  const catalog = await openCatalog({ folder, ...(catalogUrl === undefined ? {} : { catalog: catalogUrl }) });
  const uri =
    catalogUrl?.replace(/^postgres(ql)?:/, "postgresql+psycopg2:") ?? `sqlite:///${join(folder, "catalog.db")}`;
  const py = openPyIceberg(python, uri, folder);
  return {
    catalog,
    py,
    [Symbol.asyncDispose]: async () => {
      await py[Symbol.asyncDispose]();
      await catalog[Symbol.asyncDispose]();
    },
  };
}

interface Described {
  readonly schema: {
    readonly fields: readonly { readonly id: number; readonly name: string; readonly type: unknown }[];
  };
  readonly spec: { readonly fields: readonly unknown[] };
  readonly current: string | null;
  readonly location: string;
  readonly snapshots: readonly { readonly id: string; readonly sequence: number; readonly records: string }[];
  readonly history: readonly string[];
  readonly refs: Readonly<Record<string, string>>;
  readonly properties: Readonly<Record<string, string>>;
}

describe.skipIf(!("python" in environment))("PyIceberg and the format", () => {
  it("sees our tables of every type, our specs, snapshots, tags and manifests", async () => {
    await using lake = await open(await places.newFolder());
    const spec = [
      { column: "region", transform: { kind: "identity" } },
      { column: "amount", transform: { kind: "truncate", width: 50 } },
      { column: "at", transform: { kind: "hour" } },
      { column: "address.zip code", transform: { kind: "bucket", buckets: 16 } },
    ] as const;
    let table = await lake.catalog.createTable(ID, { schema: SCHEMA, spec, properties: { owner: "me" } });
    const first = file("one", ["å north", -1050n, 480000, 3], {
      nullCounts: new Map([[1, 0]]),
      lowerBounds: new Map([[1, Buffer.from("0100000000000000", "hex")]]),
      splitOffsets: [4],
    });
    table = await table.commit(add(first, file("two", [null, null, null, null])));
    table = await table.commit(async () => ({
      refs: { "v 1": { snapshotId: currentOf(table).snapshotId, type: "tag" } },
    }));
    table = await table.commit(async () => ({
      snapshot: { operation: "overwrite", remove: [first.path], add: [file("three", ["z", 5000n, -1, 0])] },
    }));

    expect(await lake.py.ask("listing")).toEqual({ namespaces: [["shop"]], tables: [["shop", "orders"]] });
    const seen = await lake.py.ask<Described>("describe", { table: NAME });
    const metadata = JSON.parse(readFileSync(pathOf(table.metadataLocation), "utf8")) as Record<string, unknown[]>;
    expect(seen.schema).toMatchObject(metadata.schemas?.[0] as object);
    expect(seen.spec).toMatchObject(metadata["partition-specs"]?.[0] as object);
    expect(seen.location).toBe(table.metadata.location);
    expect(seen.properties.owner).toBe("me");
    expect(seen.current).toBe(String(currentOf(table).snapshotId));
    expect(seen.snapshots).toEqual(
      table.metadata.snapshots.map((snapshot) => ({
        id: String(snapshot.snapshotId),
        parent: snapshot.parentSnapshotId === undefined ? null : String(snapshot.parentSnapshotId),
        sequence: snapshot.sequenceNumber,
        operation: snapshot.operation,
        records: "20",
        schema: 0,
      })),
    );
    expect(seen.refs["v 1"]).toBe(String(table.metadata.snapshots[0]?.snapshotId));
    const entries = await lake.py.ask<Record<string, unknown>[]>("entries", { table: NAME });
    expect(entries.map((entry) => [entry.path, entry.status, entry.sequence, entry.partition])).toEqual([
      [file("three").path, 1, 2, ["z", "50.00", "-1", "0"]],
      [first.path, 2, 1, ["å north", "-10.50", "480000", "3"]],
      [file("two").path, 0, 1, [null, null, null, null]],
    ]);
    expect(entries[1]).toMatchObject({ nulls: [[1, 0]], lower: [[1, "0100000000000000"]], splits: [4], size: 1000 });
    // Each snapshot as it was.
    for (const snapshot of table.metadata.snapshots) {
      expect(await lake.py.ask("plan", { table: NAME, snapshot: String(snapshot.snapshotId) })).toEqual(
        await pathsOf(table, snapshot),
      );
    }
  });

  it("finds files by our partitions and summaries, whatever the values are", async () => {
    await using lake = await open(await places.newFolder());
    const cases: readonly [string, Transform, readonly (readonly [PartitionValue, string])[]][] = [
      [
        "small",
        { kind: "identity" },
        [
          [-5, "small = -5"],
          [0, "small = 0"],
          [2147483647, "small = 2147483647"],
          [null, "small is null"],
        ],
      ],
      [
        "id",
        { kind: "identity" },
        [
          [-9223372036854775808n, "id = -9223372036854775808"],
          [255n, "id = 255"],
          [256n, "id = 256"],
        ],
      ],
      [
        "amount",
        { kind: "identity" },
        [
          [-1n, "amount = -0.01"],
          [-99999n, "amount = -999.99"],
          [12800n, "amount = 128.00"],
          [null, "amount is null"],
        ],
      ],
      [
        "region",
        { kind: "identity" },
        [
          ["", "region = ''"],
          ["a'b", "region = 'a''b'"],
          ["ÿ€😀", "region = 'ÿ€😀'"],
          [null, "region is null"],
        ],
      ],
      [
        "flag",
        { kind: "identity" },
        [
          [true, "flag = true"],
          [false, "flag = false"],
        ],
      ],
      [
        "day",
        { kind: "identity" },
        [
          [-1, "day = '1969-12-31'"],
          [19000, "day = '2022-01-08'"],
        ],
      ],
      [
        "day",
        { kind: "month" },
        [
          [-1, "day = '1969-12-31'"],
          [624, "day = '2022-01-08'"],
        ],
      ],
      [
        "at",
        { kind: "day" },
        [
          [-1, "at = '1969-12-31T23:00:00+00:00'"],
          [19000, "at = '2022-01-08T01:00:00+00:00'"],
        ],
      ],
      [
        "local",
        { kind: "identity" },
        [
          [-1000000n, "local = '1969-12-31T23:59:59'"],
          [1641600000000000n, "local = '2022-01-08T00:00:00'"],
        ],
      ],
      [
        "region",
        { kind: "truncate", width: 2 },
        [
          ["ab", "region = 'abc'"],
          ["å€", "region = 'å€x'"],
        ],
      ],
    ];
    for (const [index, [column, transform, values]] of cases.entries()) {
      const id = { namespace: ["p"], name: `t${index}` };
      let table = await lake.catalog.createTable(id, { schema: SCHEMA, spec: [{ column, transform }] });
      // A manifest for each file, so that summaries decide; then all in one, so that entries do.
      for (const [number, [value]] of values.entries()) table = await table.commit(add(file(`${number}`, [value])));
      const ask = () =>
        lake.py.ask<string[][]>("plans", { table: `p.t${index}`, filters: values.map(([, filter]) => filter) });
      const expected = values.map((_, number) => [file(`${number}`).path]);
      expect(await ask()).toEqual(expected);
      await table.commit(async () => ({ snapshot: { operation: "replace", mergeManifests: true } }));
      expect(await ask()).toEqual(expected);
    }
  });

  it("pairs our position deletes with our files as we do", async () => {
    await using lake = await open(await places.newFolder());
    let table = await lake.catalog.createTable(ID, {
      schema: SCHEMA,
      spec: [{ column: "small", transform: { kind: "identity" } }],
    });
    table = await table.commit(add(file("a", [1]), file("b", [2])));
    table = await table.commit(async () => ({
      snapshot: { operation: "delete", add: [file("d", [1], { content: "position-deletes" })] },
    }));
    table = await table.commit(add(file("c", [1])));
    const pairs = await lake.py.ask("plan", { table: NAME });
    expect(pairs).toEqual(await pathsOf(table));
    expect(pairs).toEqual([
      [file("a").path, [file("d").path]],
      [file("b").path, []],
      [file("c").path, []],
    ]);
  });

  it("appends to our tables and deletes from them, and we read and commit after it", async () => {
    await using lake = await open(await places.newFolder());
    let table = await lake.catalog.createTable(ID, {
      schema: ROWS,
      spec: [{ column: "name", transform: { kind: "identity" } }],
    });
    const batch = [1, 2, 3].map((id) => ({ id, name: id === 3 ? null : `n${id}` }));
    const snapshot = await lake.py.ask<string>("append", { table: NAME, batches: [batch, batch] });
    table = await table.refresh();
    // Its ids have 63 bits.
    expect(String(currentOf(table).snapshotId)).toBe(snapshot);
    const { files } = await table.filesOf(currentOf(table));
    expect(files.map(({ entry }) => String(entry.file.partition[0])).sort()).toEqual([
      "n1",
      "n1",
      "n2",
      "n2",
      "null",
      "null",
    ]);
    expect(files.every(({ entry }) => entry.file.lowerBounds?.has(1) === true)).toBe(true);
    table = await table.commit(async () => ({ properties: { set: { "write.metadata.compression-codec": "gzip" } } }));
    expect(table.metadataLocation).toMatch(/\.gz\.metadata\.json$/);
    await lake.py.ask("delete", { table: NAME, filter: "name = 'n1'" });
    table = await table.refresh();
    expect((await table.filesOf(currentOf(table))).files).toHaveLength(4);
    expect(await lake.py.ask("rows", { table: NAME, filter: "id > 1" })).toHaveLength(4);
    // Its files go through our rewriting of manifests.
    const [gone] = (await table.filesOf(currentOf(table))).files;
    table = await table.commit(async () => ({
      snapshot: { operation: "delete", remove: [gone?.entry.file.path as string], mergeManifests: true },
    }));
    expect(await lake.py.ask("rows", { table: NAME })).toHaveLength(3);
    expect(await lake.py.ask("plan", { table: NAME })).toEqual(await pathsOf(table));
    const ids = table.metadata.snapshots.map(({ snapshotId }) => String(snapshotId));
    expect((await lake.py.ask<Described>("describe", { table: NAME })).snapshots.map(({ id }) => id)).toEqual(ids);
    await table.commit(async () => ({ currentSnapshotId: BigInt(snapshot) }));
    expect(await lake.py.ask("rows", { table: NAME })).toHaveLength(6);
  });

  it("evolves a schema in turn with us, and rows stay what they were", async () => {
    await using lake = await open(await places.newFolder());
    let table = await lake.catalog.createTable(ID, { schema: ROWS });
    await lake.py.ask("append", { table: NAME, batches: [[{ id: 1, name: "one" }]] });
    table = await (await table.refresh()).commit(async () => ({
      schema: [
        { change: "rename", column: "name", to: "title" },
        { change: "add", field: { name: "price", type: { kind: "decimal", precision: 9, scale: 2 } }, first: true },
        { change: "widen", column: "id", to: { kind: "long" } },
      ],
    }));
    await lake.py.ask("append", { table: NAME, batches: [[{ id: 9_000_000_000, title: "two", price: null }]] });
    await lake.py.ask("evolve", { table: NAME, changes: [["widen", "price", "decimal(18, 2)"]] });
    const changes = [
      ["rename", "title", "name"],
      ["add", "note", "string"],
      ["drop", "price"],
      ["first", "note"],
    ];
    await lake.py.ask("evolve", { table: NAME, changes });
    table = await table.refresh();
    const ours = table.metadata.schemas.find(({ schemaId }) => schemaId === table.metadata.currentSchemaId);
    expect(ours?.fields.map(({ id, name, type }) => [id, name, type.kind])).toEqual([
      [4, "note", "string"],
      [1, "id", "long"],
      [2, "name", "string"],
    ]);
    table = await table.commit(async () => ({
      schema: [{ change: "add", field: { name: "price", type: { kind: "double" } } }],
    }));
    const theirs = await lake.py.ask<Described>("describe", { table: NAME });
    expect(theirs.schema.fields.map(({ id, name }) => [id, name])).toEqual([
      [4, "note"],
      [1, "id"],
      [2, "name"],
      [5, "price"],
    ]);
    expect(await lake.py.ask("rows", { table: NAME })).toEqual([
      { note: null, id: "9000000000", name: "two", price: null },
      { note: null, id: "1", name: "one", price: null },
    ]);
  });

  it("makes tables in our catalog, which we read, and reads on after we expire", async () => {
    await using lake = await open(await places.newFolder());
    await lake.py.ask("create", { table: "theirs.t" });
    const one = Array.from({ length: 6 }, (_, id) => [{ id, name: "x" }]);
    await lake.py.ask("append", { table: "theirs.t", batches: one });
    expect(await lake.catalog.listNamespaces()).toEqual([["theirs"]]);
    let table = (await lake.catalog.loadTable({ namespace: ["theirs"], name: "t" })) as Table;
    expect(table.metadata.snapshots).toHaveLength(6);
    table = await table.commit(async () => ({ snapshot: { operation: "replace", mergeManifests: true } }));
    const {
      expired,
      failedFiles,
      table: after,
    } = await expireSnapshots(table, localFiles, Date.now(), { maxAgeMs: 0, minSnapshots: 1 });
    expect([expired.length, failedFiles]).toEqual([6, 0]);
    expect(await lake.py.ask("rows", { table: "theirs.t" })).toHaveLength(6);
    expect((await lake.py.ask<Described>("describe", { table: "theirs.t" })).history).toEqual([
      String(currentOf(after).snapshotId),
    ]);
  });

  it("commits at the same time as we do, and neither loses anything", async () => {
    await using lake = await open(await places.newFolder());
    const table = await lake.catalog.createTable(ID, { schema: ROWS });
    const batches = Array.from({ length: 6 }, (_, id) => [{ id, name: "py" }]);
    const theirs = lake.py.ask("append", { table: NAME, batches }).then(
      () => 6,
      // It does not plan anew: what it was refused is not there.
      async () => undefined,
    );
    let mine = 0;
    for (; mine < 12; mine += 1) await table.commit(add(file(`mine-${mine}`)), { retries: 100 });
    const count = await theirs;
    const last = await table.refresh();
    const { files } = await last.filesOf(currentOf(last));
    const ours = files.filter(({ entry }) => entry.file.path.includes("mine-"));
    expect(ours).toHaveLength(12);
    expect(files.length - ours.length).toBe(count ?? last.metadata.snapshots.length - 12);
  });

  it.skipIf(postgres === undefined)("shares a catalog in PostgreSQL with us", async () => {
    await using lake = await open(await places.newFolder(), postgres);
    let table = await lake.catalog.createTable(ID, { schema: ROWS });
    await lake.py.ask("append", { table: NAME, batches: [[{ id: 1, name: "one" }]] });
    table = await (await table.refresh()).commit(add(file("x")));
    expect(await lake.py.ask("plan", { table: NAME })).toEqual(await pathsOf(table));
    await lake.py.ask("create", { table: "theirs.t" });
    expect(await lake.catalog.listTables()).toEqual([ID, { namespace: ["theirs"], name: "t" }]);
    await expect(lake.catalog.createTable(ID, { schema: ROWS })).rejects.toMatchObject({ reason: "table-exists" });
    expect(await lake.catalog.dropTable(ID)).toBe(true);
    expect(await lake.py.ask("listing")).toMatchObject({ tables: [["theirs", "t"]] });
  });
});
