import { existsSync, readdirSync } from "node:fs";
import { mkdir, readFile, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createPlaces } from "@sluice/conformance";
import { afterAll, describe, expect, it } from "vitest";
import { openCatalog } from "../catalog/open-catalog.ts";
import { pathOf } from "../format/location.ts";
import type { Snapshot } from "../format/model.ts";
import type { Catalog, Table } from "../format/table.ts";
import { localFiles } from "../table/lake-files.ts";
import { append, dataFile, livePaths, newTable } from "../table/table.fixture.ts";
import { expirableSnapshots, expireSnapshots } from "./expire-snapshots.ts";
import { differenceOf, historyOf, schemaOf, snapshotAsOf, snapshotNamed } from "./history.ts";
import { removeOrphans } from "./remove-orphans.ts";

const places = createPlaces("sluice-lake-upkeep-");
afterAll(places.remove);

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

async function lake(): Promise<{ catalog: Catalog; folder: string; clock: { now: number } }> {
  const folder = await places.newFolder();
  const clock = { now: Date.UTC(2026, 0, 1) };
  return { folder, clock, catalog: await openCatalog({ folder, now: () => clock.now }) };
}

/** A real file, so that its removal can be seen. */
async function stored(table: Table, name: string, ageMs = 0, now = Date.now()): Promise<string> {
  const location = `${table.metadata.location}/data/${name}`;
  await mkdir(dirname(pathOf(location)), { recursive: true });
  await writeFile(pathOf(location), "rows");
  await utimes(pathOf(location), (now - ageMs) / 1000, (now - ageMs) / 1000);
  return location;
}
const dataNames = (folder: string) => readdirSync(join(folder, "shop/orders/data")).sort();

describe("history", () => {
  it("finds snapshots by id, by tag and by time, and rolls back", async () => {
    const { catalog, clock } = await lake();
    await using _ = catalog;
    let table = await newTable(catalog);
    const times: number[] = [];
    for (const name of ["a", "b", "c"]) {
      clock.now += HOUR;
      times.push(clock.now);
      table = await table.commit(append(dataFile(`file:///${name}`)));
    }
    const [a, b, c] = table.metadata.snapshots;
    const id = (snapshot: typeof a) => snapshot?.snapshotId as bigint;
    table = await table.commit(async () => ({ refs: { "end of day": { snapshotId: id(a), type: "tag" } } }));
    expect(snapshotNamed(table.metadata, "end of day")).toBe(table.metadata.snapshots[0]);
    expect(snapshotNamed(table.metadata, String(id(b))).snapshotId).toBe(id(b));
    expect(() => snapshotNamed(table.metadata, "toString")).toThrow("names no snapshot");
    expect(() => snapshotNamed(table.metadata, "12")).toThrow("no snapshot 12");
    expect(snapshotAsOf(table.metadata, (times[1] ?? 0) + 1).snapshotId).toBe(id(b));
    expect(() => snapshotAsOf(table.metadata, (times[0] ?? 0) - 1)).toThrow(
      "knows no snapshot of 2026-01-01T00:59:59.999Z",
    );

    clock.now += HOUR;
    table = await table.commit(async () => ({ currentSnapshotId: id(a) }));
    expect(await livePaths(table)).toEqual(["file:///a"]);
    expect(snapshotAsOf(table.metadata, clock.now).snapshotId).toBe(id(a));
    // What a reader saw before the rollback is what it saw.
    expect(snapshotAsOf(table.metadata, clock.now - 1).snapshotId).toBe(id(c));
    expect(historyOf(table.metadata).map((entry) => [entry.isCurrent, entry.isAncestor, entry.refs])).toEqual([
      [false, false, []],
      [false, false, []],
      [true, true, ["main", "end of day"].sort().reverse()],
    ]);
    table = await table.commit(append(dataFile("file:///d")));
    expect(table.currentSnapshot()?.parentSnapshotId).toBe(id(a));
    expect(table.currentSnapshot()?.summary["total-records"]).toBe("20");
    expect(await livePaths(table)).toEqual(["file:///a", "file:///d"]);
    await expect(table.commit(async () => ({ currentSnapshotId: 7n }))).rejects.toMatchObject({ code: "missing" });
  });

  it("has the schema of its time", async () => {
    const { catalog } = await lake();
    await using _ = catalog;
    let table = await (await newTable(catalog)).commit(append(dataFile("file:///a")));
    table = await table.commit(async () => ({
      schema: [{ change: "rename", column: "amount", to: "price" }],
      snapshot: { operation: "append", add: [dataFile("file:///b")] },
    }));
    const names = table.metadata.snapshots.map((snapshot) => schemaOf(table.metadata, snapshot).fields[2]?.name);
    expect(names).toEqual(["amount", "price"]);
  });

  it("says what differs between two snapshots", async () => {
    const { catalog } = await lake();
    await using _ = catalog;
    let table = await (await newTable(catalog)).commit(append(dataFile("file:///a"), dataFile("file:///b")));
    const first = table.currentSnapshot();
    table = await table.commit(async () => ({
      snapshot: {
        operation: "overwrite",
        remove: ["file:///a"],
        add: [dataFile("file:///c", "n", { recordCount: 3 })],
      },
    }));
    const difference = await differenceOf(table, first, table.currentSnapshot());
    expect(difference.addedFiles.map(({ path }) => path)).toEqual(["file:///c"]);
    expect(difference.removedFiles.map(({ path }) => path)).toEqual(["file:///a"]);
    expect([difference.addedRows, difference.removedRows]).toEqual([3, 10]);
    expect((await differenceOf(table, undefined, first)).addedRows).toBe(20);
  });

  it("refuses to write branches", async () => {
    const { catalog } = await lake();
    await using _ = catalog;
    const table = await (await newTable(catalog)).commit(append(dataFile("file:///a")));
    const snapshotId = table.currentSnapshot()?.snapshotId as bigint;
    await expect(table.commit(async () => ({ refs: { audit: { snapshotId, type: "branch" } } }))).rejects.toMatchObject(
      { code: "unsupported" },
    );
    await expect(table.commit(async () => ({ refs: { main: null } }))).rejects.toMatchObject({ code: "unsupported" });
  });
});

describe("expiry", () => {
  it("keeps what is young, the newest, and what a tag names", async () => {
    const { catalog, clock } = await lake();
    await using _ = catalog;
    let table = await newTable(catalog);
    for (let day = 0; day < 60; day += 1) {
      table = await table.commit(append(dataFile(`file:///${day}`)));
      clock.now += DAY;
    }
    const ids = table.metadata.snapshots.map(({ snapshotId }) => snapshotId);
    const expirable = (options = {}) =>
      expirableSnapshots(table.metadata, clock.now, options).map((s) => ids.indexOf(s.snapshotId));
    expect(expirable()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(expirable({ minSnapshots: 5 })).toEqual([...Array(53).keys()]);
    expect(expirable({ maxAgeMs: 100 * DAY })).toEqual([]);
    expect(expirable({ maxAgeMs: 100 * DAY, maxSnapshots: 58 })).toEqual([0, 1]);
    expect(expirable({ maxAgeMs: 0, minSnapshots: 0 })).toEqual([...Array(59).keys()]);
    table = await table.commit(async () => ({ refs: { keep: { snapshotId: ids[3] as bigint, type: "tag" } } }));
    expect(expirable()).toEqual([0, 1, 2, 4, 5, 6, 7, 8, 9]);
    await expect(table.commit(async () => ({ removeSnapshotIds: [ids[3] as bigint] }))).rejects.toThrow(
      'kept by the tag "keep"',
    );
    await expect(table.commit(async () => ({ removeSnapshotIds: [ids[59] as bigint] }))).rejects.toThrow(
      'the branch "main"',
    );
  });

  it("removes the files that no kept snapshot reaches, and only those", async () => {
    const { catalog, folder, clock } = await lake();
    await using _ = catalog;
    let table = await newTable(catalog);
    const [a, b, c, d] = (await Promise.all(["a", "b", "c", "d"].map((name) => stored(table, name)))) as [
      string,
      string,
      string,
      string,
    ];
    table = await table.commit(append(dataFile(a), dataFile(b)));
    const tagged = table.currentSnapshot()?.snapshotId as bigint;
    table = await table.commit(async () => ({ snapshot: { operation: "overwrite", remove: [a], add: [dataFile(c)] } }));
    table = await table.commit(async () => ({ snapshot: { operation: "overwrite", remove: [c], add: [dataFile(d)] } }));
    clock.now += 30 * DAY;
    const policy = { minSnapshots: 1 };
    const withTag = await table.commit(async () => ({ refs: { t: { snapshotId: tagged, type: "tag" } } }));
    const first = await expireSnapshots(withTag, localFiles, clock.now, policy);
    expect(first.expired).toHaveLength(1);
    expect(dataNames(folder)).toEqual(["a", "b", "d"]);
    const untagged = await first.table.commit(async () => ({ refs: { t: null } }));
    const second = await expireSnapshots(untagged, localFiles, clock.now, policy);
    expect(second.expired.map(({ snapshotId }) => snapshotId)).toEqual([tagged]);
    expect(second.failedFiles).toBe(0);
    expect(dataNames(folder)).toEqual(["b", "d"]);
    expect(await livePaths(second.table)).toEqual([b, d]);
    // One snapshot is left: its list, its manifests, and the versions.
    const names = readdirSync(join(folder, "shop/orders/metadata"));
    const manifests = await second.table.manifestsOf(second.table.currentSnapshot() as never);
    expect(names.filter((name) => name.endsWith(".avro"))).toHaveLength(1 + manifests.length);
    expect(second.table.metadata.snapshotLog).toHaveLength(1);
    expect((await expireSnapshots(second.table, localFiles, clock.now, policy)).expired).toEqual([]);
  });
});

describe("a table that is committed to again and again", () => {
  it("forgets by itself what it need not keep", async () => {
    const { catalog, clock } = await lake();
    await using _ = catalog;
    let table = await newTable(catalog, {
      properties: { "sluice.history.max-snapshots": "60", "history.expire.min-snapshots-to-keep": "10" },
    });
    let most = 0;
    for (let index = 0; index < 130; index += 1) {
      clock.now += 1000;
      table = await table.commit(append(dataFile(`file:///${index}`)));
      most = Math.max(most, table.metadata.snapshots.length);
    }
    expect(most).toBe(79);
    expect(table.metadata.snapshots.length).toBeGreaterThanOrEqual(60);
    expect(await livePaths(table)).toHaveLength(130);
  });

  it("forgets no snapshot as long as the current one cannot be read: people go back to an older one", async () => {
    const { catalog, clock, folder } = await lake();
    let table = await newTable(catalog);
    for (const name of ["a", "b", "c"]) table = await table.commit(append(dataFile(`file:///${name}`)));
    const manifests = await table.manifestsOf(table.metadata.snapshots[2] as Snapshot);
    const own = manifests.find(({ addedSnapshotId }) => addedSnapshotId === table.metadata.currentSnapshotId);
    const manifest = pathOf(own?.path ?? "");
    await writeFile(manifest, (await readFile(manifest)).subarray(0, 100));
    await catalog[Symbol.asyncDispose]();
    await using later = await openCatalog({ folder, now: () => clock.now + 9 * DAY });
    const found = (await later.loadTable(table.id)) as Table;
    const expiry = expireSnapshots(found, localFiles, clock.now + 9 * DAY, { minSnapshots: 1 });
    await expect(expiry).rejects.toMatchObject({ code: "data", hint: expect.stringContaining("older snapshot") });
    const again = (await later.loadTable(table.id)) as Table;
    expect(again.metadata.snapshots).toHaveLength(3);
    expect((await again.filesOf(again.metadata.snapshots[1] as Snapshot)).files).toHaveLength(2);
  });

  it("is left alone where it does not ask for it, or where its files are another's too", async () => {
    const { catalog, clock } = await lake();
    await using _ = catalog;
    let table = await newTable(catalog, { properties: { "gc.enabled": "false" } });
    for (let index = 0; index < 25; index += 1) table = await table.commit(append(dataFile(`file:///${index}`)));
    await expect(expireSnapshots(table, localFiles, clock.now, { maxAgeMs: 0, minSnapshots: 1 })).rejects.toMatchObject(
      { code: "denied" },
    );
    await expect(removeOrphans(table, localFiles, clock.now)).rejects.toMatchObject({ code: "denied" });
    await expect(catalog.dropTable(table.id, { purge: true })).rejects.toMatchObject({ code: "denied" });
  });
});

describe("orphans", () => {
  it("are removed when they are old and nothing names them", async () => {
    const { catalog, folder } = await lake();
    await using _ = catalog;
    let table = await newTable(catalog);
    const now = Date.now();
    const live = await stored(table, "live.parquet", 9 * DAY, now);
    const removed = await stored(table, "removed.parquet", 9 * DAY, now);
    await stored(table, "å orphan %20.parquet", 9 * DAY, now);
    await stored(table, "young.parquet", 2 * HOUR, now);
    // Java writes the same place with one slash.
    table = await table.commit(append(dataFile(live.replace("file:///", "file:/")), dataFile(removed)));
    table = await table.commit(async () => ({ snapshot: { operation: "delete", remove: [removed] } }));
    const metadata = readdirSync(join(folder, "shop/orders/metadata")).length;
    const dry = await removeOrphans(table, localFiles, now, { dryRun: true });
    expect(dry).toEqual({ paths: [join(folder, "shop/orders/data/å orphan %20.parquet")], sizeBytes: 4 });
    expect(dataNames(folder)).toHaveLength(4);
    await removeOrphans(table, localFiles, now);
    expect(dataNames(folder)).toEqual(["live.parquet", "removed.parquet", "young.parquet"]);
    await removeOrphans(table, localFiles, now + 9 * DAY, { olderThanMs: HOUR });
    expect(dataNames(folder)).toEqual(["live.parquet", "removed.parquet"]);
    expect(readdirSync(join(folder, "shop/orders/metadata"))).toHaveLength(metadata);
    expect(existsSync(pathOf(table.metadataLocation))).toBe(true);
    await expect(removeOrphans(table, localFiles, now, { olderThanMs: 0 })).rejects.toMatchObject({ code: "config" });
  });
});
