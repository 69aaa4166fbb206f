import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import {
  createPlaces,
  openSink,
  PEOPLE,
  PEOPLE_ROWS,
  postgresForTests,
  requestOf,
  type SinkHarness,
  type SinkTarget,
  writeRows,
} from "@sluice/conformance";
import type { Sink, StageRequest } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { adapter } from "@sluice/postgres";
import { afterAll, describe, expect, it } from "vitest";
import { databaseForTests } from "./database.fixture.ts";

const places = createPlaces("sluice-postgres-session-");
const engine = createDuckDbEngine({ threads: 2 });
const database = await databaseForTests({ url: await postgresForTests(), engine, places });

describe.skipIf(database === undefined)("the sessions of a load", async () => {
  if (database === undefined) return;
  const { hostname, port } = new URL(database.url);
  const there = new Set<Socket>();
  let opened = 0;
  /** Between the adapter and the server, to see who comes and goes. */
  const between = createServer((client) => {
    opened += 1;
    there.add(client);
    const server = connect(Number(port), hostname);
    client.pipe(server).pipe(client);
    const end = (): void => {
      there.delete(client);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) socket.on("error", end).on("close", end);
  });
  between.listen(0, "127.0.0.1");
  await once(between, "listening");
  afterAll(() => {
    between.close();
  });
  const url = new URL(database.url);
  url.hostname = "127.0.0.1";
  url.port = String((between.address() as AddressInfo).port);
  const nobodyIsThere = async (): Promise<void> => {
    while (there.size > 0) await new Promise((resolve) => setImmediate(resolve));
  };

  const harness: SinkHarness = {
    name: "postgres",
    adapter,
    openContext: () => places.newContext(engine),
    createTarget: async () => target("unused"),
  };
  const target = (table: string): SinkTarget => ({
    address: { type: "postgres", connection: "main", table },
    connection: { type: "postgres", url: url.href },
    rows: () => database.query(`select * from ${table}`),
    traces: async () => null,
  });
  const begun = async (table: string): Promise<{ readonly sink: Sink; readonly request: StageRequest }> => {
    opened = 0;
    const context = await harness.openContext();
    const sink = await openSink(harness, target(table), context);
    const { signal } = context;
    const request = requestOf({ schema: PEOPLE, rows: PEOPLE_ROWS, mode: "append", signal });
    await sink.committed(request);
    return { sink, request };
  };
  const load = async (sink: Sink, request: StageRequest): Promise<void> => {
    const files = await writeRows(engine, PEOPLE, PEOPLE_ROWS, await sink.accepts(request));
    await using staging = await sink.stage(request);
    await staging.add(files);
    expect(await staging.commit()).toMatchObject({ inserted: PEOPLE_ROWS.length });
  };

  it("are one, which looks before it writes, and is gone with it", async () => {
    const { sink, request } = await begun("one_session");
    await load(sink, request);
    expect(opened).toBe(1);
    await sink[Symbol.asyncDispose]();
    await nobodyIsThere();
  });

  it("are let go of where nothing is written after all", async () => {
    const { sink, request } = await begun("no_session");
    await sink.accepts(request);
    expect([opened, there.size]).toEqual([1, 1]);
    await sink[Symbol.asyncDispose]();
    await nobodyIsThere();
  });

  it("are opened anew where the server has ended the one that was kept", async () => {
    const { sink, request } = await begun("ended_session");
    await database.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'sluice%' and datname = current_database()",
    );
    await nobodyIsThere();
    await load(sink, request);
    expect(opened).toBe(2);
    await sink[Symbol.asyncDispose]();
  });
});
