import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createPlaces } from "@sluice/conformance";
import { SluiceError } from "@sluice/core";
import { afterAll, describe, expect, it } from "vitest";
import { type CatalogRows, openCatalogRows } from "../catalog/catalog-rows.ts";
import { createCatalog, openCatalog } from "../catalog/open-catalog.ts";
import { openSqliteDatabase } from "../catalog/sqlite-database.ts";
import { pathOf } from "../format/location.ts";
import type { ManifestEntry, ManifestFile, Snapshot } from "../format/model.ts";
import { copyFile } from "../format/stored-file.ts";
import type { Table } from "../format/table.ts";
import { localFiles } from "./lake-files.ts";
import { planFiles } from "./live-files.ts";
import { append, dataFile, ID, livePaths, newTable } from "./table.fixture.ts";

const places = createPlaces("sluice-lake-commit-");
afterAll(places.remove);

const metadataFiles = (folder: string) => readdirSync(join(folder, "shop/orders/metadata"));

describe("a commit", () => {
  it("appends, and counts what it added", async () => {
    const folder = await places.newFolder();
    await using catalog = await openCatalog({ folder });
    const empty = await newTable(catalog);
    const one = await empty.commit(append(dataFile("file:///a"), dataFile("file:///b", "south")));
    const two = await one.commit(append(dataFile("file:///c", null)));
    expect(await livePaths(two)).toEqual(["file:///a", "file:///b", "file:///c"]);
    expect(two.metadata.snapshots.map(({ sequenceNumber }) => sequenceNumber)).toEqual([1, 2]);
    expect(two.currentSnapshot()).toMatchObject({
      parentSnapshotId: one.currentSnapshot()?.snapshotId,
      operation: "append",
      schemaId: 0,
      summary: {
        "added-data-files": "1",
        "added-records": "10",
        "changed-partition-count": "1",
        "total-data-files": "3",
        "total-records": "30",
        "total-files-size": "3000",
        "total-delete-files": "0",
      },
    });
    // What was read before stays what it was.
    expect(await livePaths(one)).toEqual(["file:///a", "file:///b"]);
    expect(await livePaths(empty)).toEqual([]);
    const [manifest] = await two.manifestsOf(two.currentSnapshot() as never);
    expect(manifest?.partitions).toEqual([{ containsNull: true, containsNan: false }]);
    const loaded = await catalog.loadTable(ID);
    expect(loaded?.metadata).toEqual(two.metadata);
  });

  it("replaces files, and marks what went as deleted", async () => {
    await using catalog = await openCatalog({ folder: await places.newFolder() });
    const table = await (await newTable(catalog)).commit(append(dataFile("file:///a"), dataFile("file:///b", "south")));
    const next = await table.commit(async () => ({
      snapshot: { operation: "overwrite", remove: ["file:///a"], add: [dataFile("file:///a2")] },
    }));
    expect(await livePaths(next)).toEqual(["file:///a2", "file:///b"]);
    expect(next.currentSnapshot()?.summary).toMatchObject({ "deleted-records": "10", "total-records": "20" });
    const manifests = await next.manifestsOf(next.currentSnapshot() as never);
    const entries = (await Promise.all(manifests.map(next.entriesOf))).flat();
    expect(
      entries.map(({ status, sequenceNumber, fileSequenceNumber, file }) => [
        file.path,
        status,
        sequenceNumber,
        fileSequenceNumber,
      ]),
    ).toEqual([
      ["file:///a2", "added", 2, 2],
      ["file:///a", "deleted", 1, 1],
      ["file:///b", "existing", 1, 1],
    ]);
    const emptied = await next.commit(async () => ({ snapshot: { operation: "delete", removeAll: true } }));
    expect(await livePaths(emptied)).toEqual([]);
    expect(emptied.currentSnapshot()?.summary).toMatchObject({ "total-data-files": "0", "total-records": "0" });
    const after = await emptied.commit(append(dataFile("file:///z")));
    expect(await after.manifestsOf(after.currentSnapshot() as never)).toHaveLength(1);
  });

  it("refuses to take out what is not there any more", async () => {
    const folder = await places.newFolder();
    await using catalog = await openCatalog({ folder });
    const table = await (await newTable(catalog)).commit(append(dataFile("file:///a")));
    const before = metadataFiles(folder).sort();
    await expect(
      table.commit(async () => ({ snapshot: { operation: "overwrite", remove: ["file:///gone"], add: [] } })),
    ).rejects.toMatchObject({ code: "conflict", reason: "lake-changed" });
    expect(metadataFiles(folder).sort()).toEqual(before);
  });

  it("is rebuilt on what another committed meanwhile", async () => {
    const folder = await places.newFolder();
    await using catalog = await openCatalog({ folder });
    await using other = await openCatalog({ folder });
    const mine = await newTable(catalog);
    const seen: number[] = [];
    const done = await mine.commit(async (table) => {
      seen.push(table.metadata.snapshots.length);
      if (seen.length <= 2) {
        const theirs = (await other.loadTable(ID)) as Table;
        await theirs.commit(append(dataFile(`file:///theirs-${seen.length}`)));
      }
      return { snapshot: { operation: "append", add: [dataFile("file:///mine")] } };
    });
    expect(seen).toEqual([0, 1, 2]);
    expect(await livePaths(done)).toEqual(["file:///mine", "file:///theirs-1", "file:///theirs-2"]);
    // Of the attempts that lost nothing is left: four versions, and for three snapshots a list and a manifest each.
    expect(metadataFiles(folder)).toHaveLength(4 + 3 * 2);
  });

  it("gives up after its retries, and leaves nothing behind", async () => {
    const folder = await places.newFolder();
    await using catalog = await openCatalog({ folder });
    await using other = await openCatalog({ folder });
    const table = await newTable(catalog);
    let count = 0;
    const attempt = table.commit(
      async () => {
        count += 1;
        await ((await other.loadTable(ID)) as Table).commit(append(dataFile(`file:///x${count}`)));
        return { snapshot: { operation: "append", add: [dataFile("file:///mine")] } };
      },
      { retries: 2 },
    );
    await expect(attempt).rejects.toMatchObject({ code: "conflict", reason: "lake-contended" });
    expect(count).toBe(3);
    expect(await livePaths((await catalog.loadTable(ID)) as Table)).toEqual(["file:///x1", "file:///x2", "file:///x3"]);
    expect(metadataFiles(folder)).toHaveLength(4 + 3 * 2);
  });

  it("decides by itself that there is nothing to do", async () => {
    await using catalog = await openCatalog({ folder: await places.newFolder() });
    const table = await newTable(catalog);
    const same = await table.commit(async () => undefined);
    expect(same.metadataLocation).toBe(table.metadataLocation);
  });

  it("lets twenty writers append at once, and loses none", async () => {
    const folder = await places.newFolder();
    await using catalog = await openCatalog({ folder });
    await using other = await openCatalog({ folder });
    await newTable(catalog);
    const writers = Array.from({ length: 20 }, async (_, index) => {
      const table = (await (index % 2 === 0 ? catalog : other).loadTable(ID)) as Table;
      await table.commit(append(dataFile(`file:///f${index}`)), { retries: 100 });
    });
    await Promise.all(writers);
    const table = (await catalog.loadTable(ID)) as Table;
    expect(await livePaths(table)).toHaveLength(20);
    expect(new Set(table.metadata.snapshots.map(({ snapshotId }) => snapshotId)).size).toBe(20);
    expect(table.metadata.lastSequenceNumber).toBe(20);
  });

  it("stops when it is told to", async () => {
    await using catalog = await openCatalog({ folder: await places.newFolder() });
    const table = await newTable(catalog);
    await expect(table.commit(append(dataFile("file:///a")), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "cancelled",
    });
  });
});

describe("a plan that others made old", () => {
  async function planned() {
    const catalog = await openCatalog({ folder: await places.newFolder() });
    const table = await (await newTable(catalog)).commit(
      append(dataFile("file:///n1", "north"), dataFile("file:///s1", "south")),
    );
    const since = { snapshotId: table.currentSnapshot()?.snapshotId };
    const rewrite = (matters?: (file: { readonly partition: readonly unknown[] }) => boolean) =>
      table.commit(async () => ({
        snapshot: {
          operation: "overwrite",
          remove: ["file:///n1"],
          add: [dataFile("file:///n2", "north")],
          since: { ...since, ...(matters === undefined ? {} : { matters }) },
        },
      }));
    return { catalog, table, rewrite };
  }

  it("is committed where nothing happened, or what happened does not matter", async () => {
    const { catalog, table, rewrite } = await planned();
    await using _ = catalog;
    await table.commit(append(dataFile("file:///s2", "south")));
    const done = await rewrite(({ partition }) => partition[0] === "north");
    expect(await livePaths(done)).toEqual(["file:///n2", "file:///s1", "file:///s2"]);
  });

  it("is a conflict where files were added that it should have seen", async () => {
    const { catalog, table, rewrite } = await planned();
    await using _ = catalog;
    await table.commit(append(dataFile("file:///n9", "north")));
    await expect(rewrite(({ partition }) => partition[0] === "north")).rejects.toMatchObject({
      code: "conflict",
      reason: "lake-changed",
      message: expect.stringContaining("file:///n9") as string,
    });
    await expect(rewrite()).rejects.toMatchObject({ code: "conflict" });
  });

  it("is a conflict where rows of its files were deleted meanwhile", async () => {
    const { catalog, table, rewrite } = await planned();
    await using _ = catalog;
    await table.commit(append(dataFile("file:///d1", "north", { content: "position-deletes" })));
    await expect(rewrite()).rejects.toMatchObject({ code: "conflict" });
  });

  it("is a conflict where its files were rewritten meanwhile, though the rows are the same", async () => {
    const { catalog, table, rewrite } = await planned();
    await using _ = catalog;
    await table.commit(async () => ({
      snapshot: { operation: "replace", remove: ["file:///n1"], add: [dataFile("file:///compacted", "north")] },
    }));
    await expect(rewrite()).rejects.toThrow("file:///n1 is not part of it any more");
  });

  it("is a conflict where the table was rolled back below it", async () => {
    const { catalog, table, rewrite } = await planned();
    await using _ = catalog;
    const first = table.currentSnapshot()?.snapshotId as bigint;
    const later = await table.commit(append(dataFile("file:///s3", "south")));
    const since = { snapshotId: later.currentSnapshot()?.snapshotId };
    await later.commit(async () => ({ currentSnapshotId: first }));
    await expect(
      later.commit(async () => ({ snapshot: { operation: "overwrite", remove: ["file:///n1"], since } })),
    ).rejects.toThrow("rolled back");
    await expect(rewrite(() => false)).resolves.toBeDefined();
  });
});

describe("an answer of the catalog that was lost", () => {
  async function lossy(change: (rows: CatalogRows) => CatalogRows) {
    const folder = await places.newFolder();
    const rows = await openCatalogRows(await openSqliteDatabase(join(folder, "catalog.db")));
    return { folder, catalog: createCatalog({ rows: change(rows), files: localFiles, folder, now: Date.now }) };
  }
  const lost = new SluiceError("unavailable", "the connection was lost");

  it("counts as committed where the row says so", async () => {
    const { catalog } = await lossy((rows) => ({
      ...rows,
      swap: async (...names) => {
        await rows.swap(...names);
        throw lost;
      },
    }));
    await using _ = catalog;
    const table = await (await newTable(catalog)).commit(append(dataFile("file:///a")));
    expect(await livePaths((await catalog.loadTable(ID)) as Table)).toEqual(["file:///a"]);
    expect(existsSync(pathOf(table.metadataLocation))).toBe(true);
  });

  it("removes nothing where the row does not say so yet", async () => {
    const { catalog, folder } = await lossy((rows) => ({ ...rows, swap: () => Promise.reject(lost) }));
    await using _ = catalog;
    const table = await newTable(catalog);
    await expect(table.commit(append(dataFile("file:///a")))).rejects.toMatchObject({ code: "unavailable" });
    expect(metadataFiles(folder)).toHaveLength(4);
  });

  it("is told as unknown where the catalog cannot be asked", async () => {
    let isDown = false;
    const { catalog } = await lossy((rows) => ({
      ...rows,
      find: (...names) => (isDown ? Promise.reject(lost) : rows.find(...names)),
      swap: () => {
        isDown = true;
        return Promise.reject(lost);
      },
    }));
    await using _ = catalog;
    const table = await newTable(catalog);
    await expect(table.commit(append(dataFile("file:///a")))).rejects.toMatchObject({ reason: "commit-unknown" });
  });
});

describe("manifests", () => {
  it("are merged at a hundred, and keep what each file is", async () => {
    await using catalog = await openCatalog({ folder: await places.newFolder() });
    let table = await newTable(catalog);
    const counts: number[] = [];
    for (let index = 1; index <= 205; index += 1) {
      table = await table.commit(append(dataFile(`file:///f${String(index).padStart(3, "0")}`, `r${index % 3}`)));
      counts.push((await table.manifestsOf(table.currentSnapshot() as never)).length);
    }
    expect(Math.max(...counts)).toBe(99);
    expect(counts[99]).toBe(1);
    expect(await livePaths(table)).toHaveLength(205);
    const { files } = await table.filesOf(table.currentSnapshot() as never);
    for (const { entry } of files) {
      const number = Number(entry.file.path.slice(-3));
      expect([entry.sequenceNumber, entry.fileSequenceNumber]).toEqual([number, number]);
      expect(entry.snapshotId).toBe(table.metadata.snapshots[number - 1]?.snapshotId);
    }
    table = await table.commit(async () => ({
      snapshot: { operation: "delete", remove: ["file:///f001", "file:///f205"] },
    }));
    const one = await table.commit(async () => ({ snapshot: { operation: "replace", mergeManifests: true } }));
    expect(await one.manifestsOf(one.currentSnapshot() as never)).toHaveLength(1);
    expect(await livePaths(one)).toEqual(await livePaths(table));
    expect(await livePaths(one)).toHaveLength(203);
  });
});

describe("versions of metadata", () => {
  it("are kept as many as the table says", async () => {
    const folder = await places.newFolder();
    await using catalog = await openCatalog({ folder });
    let table = await newTable(catalog, { properties: { "write.metadata.previous-versions-max": "3" } });
    for (let index = 0; index < 7; index += 1) {
      table = await table.commit(async () => ({ properties: { set: { step: String(index) } } }));
    }
    expect(table.metadata.metadataLog).toHaveLength(3);
    const kept = metadataFiles(folder)
      .sort()
      .map((name) => name.slice(0, 5));
    expect(kept).toEqual(["00004", "00005", "00006", "00007"]);
  });
});

describe("live files", () => {
  it("have the deletes that are about them, of their partition, and not older than they are", async () => {
    await using catalog = await openCatalog({ folder: await places.newFolder() });
    let table = await newTable(catalog);
    const deletes = (path: string, region: string, referencedDataFile?: string) =>
      dataFile(path, region, {
        content: "position-deletes",
        ...(referencedDataFile === undefined ? {} : { referencedDataFile }),
      });
    table = await table.commit(append(dataFile("file:///n1"), dataFile("file:///n2"), dataFile("file:///s1", "south")));
    table = await table.commit(async () => ({
      snapshot: {
        operation: "delete",
        add: [deletes("file:///d-n", "north"), deletes("file:///d-n2", "north", "file:///n2")],
      },
    }));
    table = await table.commit(append(dataFile("file:///n3")));
    const { files } = await table.filesOf(table.currentSnapshot() as never);
    const found = Object.fromEntries(
      files.map(({ entry, deletes: applied }) => [entry.file.path, applied.map(({ file }) => file.path).sort()]),
    );
    expect(found).toEqual({
      "file:///n1": ["file:///d-n"],
      "file:///n2": ["file:///d-n", "file:///d-n2"],
      "file:///n3": [],
      "file:///s1": [],
    });
    // Deletes of one commit apply to the files of the same commit.
    const together = await table.commit(append(dataFile("file:///e1", "east"), deletes("file:///d-e", "east")));
    const east = (await together.filesOf(together.currentSnapshot() as never)).files.find(
      ({ entry }) => entry.file.path === "file:///e1",
    );
    expect(east?.deletes.map(({ file }) => file.path)).toEqual(["file:///d-e"]);
    // Deletes about one file go with it.
    const next = await table.commit(async () => ({
      snapshot: { operation: "overwrite", remove: ["file:///n2"], add: [dataFile("file:///n4")] },
    }));
    expect(next.currentSnapshot()?.summary).toMatchObject({ "removed-delete-files": "1", "total-delete-files": "2" });
  });

  it("are left out by manifest, then by file, and counted", async () => {
    await using catalog = await openCatalog({ folder: await places.newFolder() });
    let table = await newTable(catalog);
    table = await table.commit(append(dataFile("file:///n1"), dataFile("file:///n2")));
    table = await table.commit(append(dataFile("file:///s1", "south"), dataFile("file:///s2", "south")));
    const { files, skippedFiles, skippedManifests } = await table.filesOf(table.currentSnapshot() as never, {
      keepManifest: ({ partitions }) => Buffer.from(partitions?.[0]?.upperBound ?? []).toString() >= "south",
      keepFile: ({ path }) => path.endsWith("2"),
    });
    expect(files.map(({ entry }) => entry.file.path)).toEqual(["file:///s2"]);
    expect([skippedFiles, skippedManifests]).toEqual([3, 1]);
  });

  it("of a manifest that is damaged or lost are told with its name", async () => {
    const folder = await places.newFolder();
    await using catalog = await openCatalog({ folder });
    const table = await (await newTable(catalog)).commit(append(dataFile("file:///a")));
    const snapshot = table.currentSnapshot() as Snapshot;
    const [manifest] = await table.manifestsOf(snapshot);
    const path = pathOf(manifest?.path ?? "");
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.subarray(0, bytes.length - 30));
    await expect(table.filesOf(snapshot)).rejects.toMatchObject({
      code: "data",
      message: expect.stringContaining(manifest?.path ?? "") as string,
    });
    rmSync(path);
    await expect(table.filesOf(snapshot)).rejects.toMatchObject({ code: "missing" });
    // What could not be read is read again.
    writeFileSync(path, bytes);
    expect(await livePaths(table)).toEqual(["file:///a"]);
  });

  it("with deletes by equality are refused, and so is a commit by an unknown transform", async () => {
    await using catalog = await openCatalog({ folder: await places.newFolder() });
    const table = await (await newTable(catalog)).commit(append(dataFile("file:///a")));
    const snapshot = table.currentSnapshot() as Snapshot;
    const [manifest] = (await table.manifestsOf(snapshot)) as [ManifestFile];
    const [entry] = (await table.entriesOf(manifest)) as [ManifestEntry];
    const equality = { ...entry, file: copyFile(entry.file, { content: "equality-deletes" as const }) };
    const source = {
      metadata: table.metadata,
      manifests: [manifest, { ...manifest, content: "deletes" as const }],
      entriesOf: async ({ content }: ManifestFile) => (content === "data" ? [entry] : [equality]),
    };
    await expect(planFiles(source)).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining("equality deletes") as string,
    });
    const file = pathOf(table.metadataLocation);
    writeFileSync(file, readFileSync(file, "utf8").replace('"transform":"identity"', '"transform":"zorder(3)"'));
    const odd = (await catalog.loadTable(ID)) as Table;
    expect(await livePaths(odd)).toEqual(["file:///a"]);
    await expect(odd.commit(append(dataFile("file:///b")))).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining("zorder(3)") as string,
    });
  });

  it("of kinds that cannot be read are refused by name", async () => {
    for (const [file, message] of [
      [dataFile("file:///v", "north", { content: "position-deletes", format: "puffin" }), "deletion vector"],
      [dataFile("file:///o", "north", { format: "orc" }), "the orc file"],
      [dataFile("file:///k", "north", { keyMetadata: Buffer.from("k") }), "encrypted"],
    ] as const) {
      await using catalog = await openCatalog({ folder: await places.newFolder() });
      const table = await (await newTable(catalog)).commit(append(file));
      await expect(table.filesOf(table.currentSnapshot() as never)).rejects.toMatchObject({
        code: "unsupported",
        message: expect.stringContaining(message) as string,
      });
    }
  });
});
