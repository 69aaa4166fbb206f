import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createPlaces } from "@sluice/conformance";
import { openStore } from "@sluice/sqlite";
import Database from "libsql";
import { afterAll, describe, expect, it } from "vitest";

const places = createPlaces("sluice-sqlite-store-");
afterAll(places.remove);

describe("the state database", () => {
  it("of a newer sluice is refused, and left alone", async () => {
    const path = join(await places.newFolder(), "state.db");
    const newer = new Database(path);
    newer.exec("create table future (n); pragma user_version = 99");
    newer.close();
    await expect(openStore({ path })).rejects.toMatchObject({
      code: "config",
      message: expect.stringContaining("written by a newer sluice: its schema is version 99"),
    });
    const database = new Database(path);
    expect(database.prepare("select name from sqlite_master").all([])).toEqual([{ name: "future" }]);
    database.close();
  });

  it.each([
    [
      "is no database",
      (path: string) => writeFile(path, "x".repeat(5000)),
      "it is not a SQLite database, or no longer a whole one",
    ],
    [
      "lacks a table",
      async (path: string) => {
        await (await openStore({ path }))[Symbol.asyncDispose]();
        const database = new Database(path);
        database.exec("drop table stages");
        database.close();
      },
      "no such table: stages",
    ],
  ])("that %s is refused, with what to do", async (_, spoil, why) => {
    const path = join(await places.newFolder(), "state.db");
    await spoil(path);
    const use = async (): Promise<unknown> => {
      await using store = await openStore({ path });
      return await store.stagesOf("0abc");
    };
    await expect(use()).rejects.toMatchObject({
      code: "config",
      message: `the state in ${path} cannot be used: ${why}`,
      hint: expect.stringContaining("move the file away (with state.db-wal and -shm"),
    });
  });

  it("is brought up to date once, however many open it at the same time", async () => {
    const path = join(await places.newFolder(), "state.db");
    const stores = await Promise.all([1, 2, 3, 4].map(() => openStore({ path })));
    expect(await stores[3]?.listRuns({ project: "p", limit: 1 })).toEqual([]);
    await Promise.all(stores.map((store) => store[Symbol.asyncDispose]()));
  });

  it("is written through a write-ahead log", async () => {
    const path = join(await places.newFolder(), "state.db");
    const store = await openStore({ path });
    const database = new Database(path);
    expect(database.prepare("pragma journal_mode").all([])).toEqual([{ journal_mode: "wal" }]);
    database.close();
    await store[Symbol.asyncDispose]();
  });

  it("a file that is no database is refused by name", async () => {
    const path = join(await places.newFolder(), "absent", "state.db");
    await expect(openStore({ path })).rejects.toMatchObject({ offending: path });
  });
});
