import { readdirSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { createPlaces } from "@sluice/conformance";
import { afterAll, describe, expect, it } from "vitest";
import { openCatalog } from "../catalog/open-catalog.ts";
import { pathOf } from "../format/location.ts";
import type { DataFile } from "../format/model.ts";
import type { Table } from "../format/table.ts";
import { append, dataFile, ID, newTable } from "./table.fixture.ts";

const places = createPlaces("sluice-lake-scale-");
afterAll(places.remove);

/** Commits as a stream makes them: 5,000 where slow tests are asked for. */
const COMMITS = process.env.SLUICE_TEST_SLOW === "1" ? 5000 : 120;
const LIMIT = Math.min(500, COMMITS / 5);

/** A file as a real one is: twenty columns, with counts and bounds of each. */
function wideFile(index: number): DataFile {
  const counts = new Map(Array.from({ length: 20 }, (_, column) => [column + 1, 1000 + index] as const));
  const bounds = new Map(
    Array.from({ length: 20 }, (_, column) => [column + 1, Buffer.alloc(8, index % 256)] as const),
  );
  return dataFile(`file:///lake/shop/orders/data/${String(index).padStart(36, "0")}.parquet`, `region-${index % 100}`, {
    columnSizes: counts,
    valueCounts: counts,
    nullCounts: counts,
    lowerBounds: bounds,
    upperBounds: bounds,
  });
}

describe("many commits", () => {
  it(`leave metadata and manifests bounded (${COMMITS} commits)`, { timeout: 1_800_000 }, async () => {
    const folder = await places.newFolder();
    await using catalog = await openCatalog({ folder });
    let table = await newTable(catalog, {
      properties: { "sluice.history.max-snapshots": String(LIMIT), "history.expire.min-snapshots-to-keep": "10" },
    });
    let largest = 0;
    let manifests = 0;
    const started = performance.now();
    for (let index = 0; index < COMMITS; index += 1) {
      table = await table.commit(append(dataFile(`file:///f${index}`, `r${index % 7}`)));
      largest = Math.max(largest, (await stat(pathOf(table.metadataLocation))).size);
      manifests = Math.max(manifests, (await table.manifestsOf(table.currentSnapshot() as never)).length);
    }
    const seconds = (performance.now() - started) / 1000;
    const planning = await planned(folder);
    console.log(
      `${COMMITS} commits in ${seconds.toFixed(1)} s, metadata at most ${largest} bytes, at most ${manifests} manifests, planned in ${planning.milliseconds.toFixed(0)} ms`,
    );
    expect(planning.files).toBe(COMMITS);
    expect(manifests).toBeLessThan(100);
    // A snapshot is some 800 bytes, and a fifth more than the limit are kept between two expiries; the log is a hundred.
    expect(largest).toBeLessThan(LIMIT * 1.3 * 900 + 40_000);
    const names = readdirSync(join(folder, "shop/orders/metadata"));
    expect(names.filter((name) => name.endsWith(".metadata.json")).length).toBeLessThanOrEqual(101);
    // For each snapshot a list and a manifest, and those manifests of the newest that are not merged yet.
    expect(names.length).toBeLessThan(101 + 2 * (LIMIT + Math.max(20, LIMIT / 5)) + 120);
  });
});

describe("a table of 10,000 files", () => {
  it("is planned from few bytes of its manifests", async () => {
    const folder = await places.newFolder();
    await using catalog = await openCatalog({ folder });
    let table: Table = await newTable(catalog);
    for (let part = 0; part < 20; part += 1) {
      const files = Array.from({ length: 500 }, (_, index) => wideFile(part * 500 + index));
      table = await table.commit(append(...files));
    }
    const { files, milliseconds } = await planned(folder);
    expect(files).toBe(10_000);
    // What is asked for, for the few files that a filter leaves, is decoded then.
    const kept = await table.filesOf(table.currentSnapshot() as never, {
      keepFile: ({ partition }) => partition[0] === "region-7",
    });
    expect(kept.files).toHaveLength(100);
    expect(kept.files[0]?.entry.file.lowerBounds?.size).toBe(20);
    console.log(`10,000 files planned in ${milliseconds.toFixed(0)} ms`);
  });
});

/** Plans the whole table as a new process does: with an empty cache. */
async function planned(folder: string): Promise<{ readonly files: number; readonly milliseconds: number }> {
  await using catalog = await openCatalog({ folder });
  const started = performance.now();
  const table = (await catalog.loadTable(ID)) as Table;
  const { files } = await table.filesOf(table.currentSnapshot() as never);
  return { files: files.length, milliseconds: performance.now() - started };
}
