import { appendFile, rm, stat, writeFile } from "node:fs/promises";
import { createPlaces, openSink, PEOPLE, postgresForTests, requestOf, type SinkHarness } from "@sluice/conformance";
import type { Schema } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { adapter } from "@sluice/postgres";
import { describe, expect, it } from "vitest";
import { databaseForTests } from "./database.fixture.ts";
import { loadedTables, untilSomebody } from "./loaded-tables.fixture.ts";

const places = createPlaces("sluice-postgres-followed-");
const engine = createDuckDbEngine({ threads: 2 });
const database = await databaseForTests({ url: await postgresForTests(), engine, places });

describe.skipIf(database === undefined)("a load while its file is written", () => {
  if (database === undefined) return;
  const target = loadedTables(database, "followed");
  const harness: SinkHarness = {
    name: "postgres",
    adapter,
    openContext: () => places.newContext(engine),
    createTarget: async () => target(),
  };
  const ROWS = 300_000;
  // Rows with JSON are sent as text.
  const schema: Schema = { columns: [...PEOPLE.columns, { name: "more", type: "json", nullable: true }] };
  const part = (from: number, to: number): string =>
    Array.from(
      { length: to - from },
      (_, index) => `${from + index},name of ${from + index} that is not short,${index}.50,\n`,
    ).join("");

  it("sends rows before the file is complete", async () => {
    const followed = target();
    const sink = await openSink(harness, followed, await harness.openContext());
    const request = requestOf({ schema, rows: [], mode: "append" });
    const { path } = await sink.accepts(request);
    await writeFile(path, part(0, 250_000));
    await untilSomebody(database, "query like 'copy %' and state = 'active'");
    await appendFile(path, part(250_000, ROWS));
    const staging = await sink.stage(request);
    const { size: bytes } = await stat(path);
    await staging.add([{ path, format: "csv", rows: ROWS, bytes }]);
    expect(await staging.commit()).toMatchObject({ inserted: ROWS });
    await sink[Symbol.asyncDispose]();
    expect(await database.query(`select count(*), count(distinct id), sum(id) from ${followed.table}`)).toEqual([
      [String(ROWS), String(ROWS), String((ROWS * (ROWS - 1)) / 2)],
    ]);
  });

  it("begins anew where another file takes its place", async () => {
    const followed = target();
    const sink = await openSink(harness, followed, await harness.openContext());
    const request = requestOf({ schema, rows: [], mode: "append" });
    const { path } = await sink.accepts(request);
    await writeFile(path, part(0, 250_000));
    await untilSomebody(database, "query like 'copy %' and state = 'active'");
    await rm(path);
    await writeFile(path, part(0, 10));
    const staging = await sink.stage(request);
    await staging.add([{ path, format: "csv", rows: 10, bytes: Buffer.byteLength(part(0, 10)) }]);
    expect(await staging.commit()).toMatchObject({ inserted: 10 });
    await sink[Symbol.asyncDispose]();
    expect(await followed.rows()).toHaveLength(10);
  });
});
