import {
  createPlaces,
  type Load,
  openSink,
  PEOPLE,
  PEOPLE_ROWS,
  postgresForTests,
  requestOf,
  runLoad,
  type SinkHarness,
  type SinkTarget,
  writeRows,
} from "@sluice/conformance";
import { createDuckDbEngine } from "@sluice/duckdb";
import { adapter } from "@sluice/postgres";
import { describe, expect, it } from "vitest";
import { databaseForTests, openDatabase } from "./database.fixture.ts";
import { loadedTables, untilSomebody } from "./loaded-tables.fixture.ts";
import { quoted } from "./names.ts";

const places = createPlaces("sluice-postgres-others-");
const engine = createDuckDbEngine({ threads: 2 });
const database = await databaseForTests({ url: await postgresForTests(), engine, places });

const people = (mode: Load["mode"], rows = PEOPLE_ROWS): Load => ({
  schema: PEOPLE,
  rows,
  mode,
  ...(mode === "merge" ? { key: ["id"] } : {}),
});

describe.skipIf(database === undefined)("a load beside others", () => {
  if (database === undefined) return;
  const target = loadedTables(database, "shared");
  const harness: SinkHarness = {
    name: "postgres",
    adapter,
    openContext: () => places.newContext(engine),
    createTarget: async () => target(),
  };
  const count = async (table: string): Promise<number> =>
    Number((await database.query(`select count(*) from ${quoted(table)}`))[0]?.[0]);

  /** A load that has sent its rows and holds its locks. */
  const begun = async (
    into: SinkTarget,
    load: Load,
  ): Promise<{ commit(): Promise<unknown>; close(): Promise<void> }> => {
    const sink = await openSink(harness, into, await harness.openContext());
    const request = requestOf(load);
    const output = await sink.accepts(request);
    const staging = await sink.stage(request);
    await staging.add(await writeRows(engine, load.schema, load.rows, output));
    await staging.scan(["id"]);
    return {
      commit: () => staging.commit(),
      close: async () => {
        await staging[Symbol.asyncDispose]();
        await sink[Symbol.asyncDispose]();
      },
    };
  };
  const waiting = (): Promise<void> => untilSomebody(database, "wait_event_type = 'Lock'");

  const QUIET_SESSION_MS = 20;
  /** How many times longer a new session takes than where nothing else runs; to cancel is to open one. */
  const slowness = async (): Promise<number> => {
    const before = performance.now();
    await using _ = await openDatabase(database.url);
    return Math.max(1, (performance.now() - before) / QUIET_SESSION_MS);
  };

  it("waits for a load into the same table, and then sees its rows", async () => {
    const shared = target();
    await runLoad(harness, shared, people("merge"));
    const first = await begun(shared, { ...people("merge", [["5", "five", "5.00"]]), step: "first" });
    const second = runLoad(harness, shared, { ...people("merge", [["5", "five", "6.00"]]), step: "second" });
    await waiting();
    await first.commit();
    await first.close();
    expect((await second).result).toMatchObject({ inserted: 0, updated: 1 });
  });

  it("ends within a second when it is told to stop while it waits", async () => {
    const shared = target();
    await runLoad(harness, shared, people("merge"));
    const first = await begun(shared, { ...people("merge"), step: "first" });
    const controller = new AbortController();
    const second = runLoad(harness, shared, { ...people("merge"), step: "second", signal: controller.signal });
    await waiting();
    const slower = [await slowness()];
    const before = performance.now();
    controller.abort();
    await expect(second).rejects.toMatchObject({ code: "cancelled" });
    const took = performance.now() - before;
    slower.push(await slowness());
    expect(took).toBeLessThan(1000 * Math.max(...slower));
    await first.close();
    expect(await count(shared.table)).toBe(4);
  });

  it("takes the place of a writer that lost its lease, which cannot write any more", async () => {
    const shared = target();
    await runLoad(harness, shared, people("append"));
    const zombie = await begun(shared, { ...people("append", [["8", "old", "1.00"]]), step: "lost", epoch: 1 });
    await runLoad(harness, shared, { ...people("append", [["9", "new", "1.00"]]), step: "lost", epoch: 2 });
    await expect(zombie.commit()).rejects.toMatchObject({ code: "unavailable" });
    await zombie.close();
    const late = runLoad(harness, shared, { ...people("append", [["8", "old", "1.00"]]), step: "lost", epoch: 1 });
    await expect(late).rejects.toMatchObject({ code: "conflict", reason: "epoch" });
    expect(await count(shared.table)).toBe(5);
  });

  it("may be tried again where the connection breaks, and has left nothing", async () => {
    const shared = target();
    const load = people("append");
    const broken = await begun(shared, load);
    await database.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'sluice%' and datname = current_database()",
    );
    await expect(broken.commit()).rejects.toMatchObject({ code: "unavailable" });
    await broken.close();
    expect(await database.query("select to_regclass($1)", [shared.table])).toEqual([[null]]);
  });
});
