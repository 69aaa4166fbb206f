import { existsSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { createPlaces, PEOPLE, PEOPLE_ROWS, runLoad, type SinkHarness, type SinkTarget } from "@sluice/conformance";
import { createDuckDbEngine } from "@sluice/duckdb";
import { adapter } from "@sluice/sqlite";
import Database from "libsql";
import { afterAll, describe, expect, it } from "vitest";

const OPEN_FILES = "/proc/self/fd";

const places = createPlaces("sluice-sqlite-failed-");
const engine = createDuckDbEngine({ threads: 2 });
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await places.remove();
});

function openFilesBelow(folder: string): readonly string[] {
  return readdirSync(OPEN_FILES).flatMap((file) => {
    try {
      const path = readlinkSync(join(OPEN_FILES, file));
      return path.startsWith(folder) ? [path] : [];
    } catch {
      // The listing's own, which is closed by now.
      return [];
    }
  });
}

function execute(path: string, sql: string): void {
  const database = new Database(path, { timeout: 0 });
  database.exec(sql);
  database.close();
}

describe.skipIf(!existsSync(OPEN_FILES))("a load that failed", () => {
  it("keeps neither the file open nor its locks while the process goes on", async () => {
    const folder = await places.newFolder();
    const path = join(folder, "w.db");
    // The driver closes what is no longer known, its own object too.
    execute(path, "create table people (id integer, name text check (name <> 'Grace'), amount text)");
    const target: SinkTarget = {
      address: { type: "sqlite", path, table: "people" },
      rows: async () => [],
      traces: async () => null,
    };
    const harness: SinkHarness = {
      name: "sqlite",
      adapter,
      openContext: () => places.newContext(engine),
      createTarget: async () => target,
    };
    const load = { schema: PEOPLE, rows: PEOPLE_ROWS, mode: "append" } as const;
    await expect(runLoad(harness, target, load)).rejects.toMatchObject({ code: "data" });
    expect(openFilesBelow(folder)).toEqual([]);
    execute(path, "begin exclusive; rollback");
  });
});
