import { join } from "node:path";
import { createPlaces, createRowsEngine, runLoad } from "@sluice/conformance";
import { adapter } from "@sluice/sqlite";
import Database from "libsql";
import { afterAll, expect, it, vi } from "vitest";

/** Time passes at once: what is waited for is counted, and no clock is asked. */
vi.mock("node:timers/promises", () => ({ setTimeout: () => Promise.resolve() }));

const places = createPlaces("sluice-sqlite-patience-");
afterAll(places.remove);

it.each(["exclusive", "immediate"])(
  "a load says once what it waits for, after five seconds, and goes on (%s)",
  async (kind) => {
    const path = join(await places.newFolder(), "target.db");
    const other = new Database(path);
    other.exec("create table t (id integer)");
    const said: unknown[] = [];
    const log = (level: string, message: string): void => {
      said.push([level, message]);
      other.exec("rollback");
    };
    const harness = {
      ...{ name: "sqlite", adapter, createTarget: () => Promise.reject(new Error("has one")) },
      openContext: () => places.newContext(createRowsEngine(), { log }),
    };
    const address = { type: "sqlite", path, table: "t" };
    const target = { address, rows: () => Promise.resolve(undefined), traces: () => Promise.resolve(null) };
    const schema = { columns: [{ name: "id", type: "int64", nullable: true }] };
    other.exec(`begin ${kind}`);
    await runLoad(harness, target, { schema, rows: [["1"]], mode: "append" });
    expect(said).toEqual([["warn", expect.stringMatching(/^waits for another program that has locked .*target\.db$/)]]);
    other.close();
  },
);
