import { createServer } from "node:http";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { startPostgres } from "./postgres-server.ts";

/**
 * Real systems for tests, started when the first test asks for one and removed when all have ended. Tests run in other
 * processes, so they ask over a port of this machine: see `@sluice/conformance`, `postgresForTests`.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const postgres = createPostgres();
  const lobby = createServer((request, response) => {
    const answer = (body: unknown): void => {
      response.end(JSON.stringify(body));
    };
    if (request.url !== "/postgres") answer({ absent: `no system is named ${request.url}` });
    else postgres.newDatabase().then(answer, (error: unknown) => answer({ absent: messageOf(error) }));
  });
  await new Promise<void>((resolve) => lobby.listen(0, "127.0.0.1", resolve));
  const address = lobby.address();
  if (address === null || typeof address === "string") throw new Error("the lobby has no port");
  project.provide("systems", `http://127.0.0.1:${address.port}`);
  return async () => {
    lobby.closeAllConnections();
    lobby.close();
    await postgres.stop();
  };
}

interface Databases {
  newDatabase(): Promise<{ readonly url: string } | { readonly absent: string }>;
  stop(): Promise<void>;
}

/** A server that is there already, or one of our own; each who asks gets a database. */
function createPostgres(): Databases {
  const given = process.env.SLUICE_TEST_POSTGRES_URL;
  const made: string[] = [];
  let server: Promise<{ readonly url: string; stop(): Promise<void> }> | undefined;
  let absent: string | undefined;
  const start = async (): Promise<string> => {
    if (given !== undefined && given !== "") return given;
    server ??= startPostgres();
    return (await server).url;
  };
  return {
    newDatabase: async () => {
      try {
        const url = await start();
        const name = `sluice_test_${process.pid}_${made.length + 1}`;
        made.push(name);
        await ask(url, `create database ${name}`);
        const own = new URL(url);
        own.pathname = `/${name}`;
        return { url: own.href };
      } catch (error) {
        absent = messageOf(error);
        return { absent };
      }
    },
    stop: async () => {
      if (absent !== undefined) {
        console.warn(`\nSKIPPED, all tests against PostgreSQL: ${absent}\nSLUICE_TEST_REQUIRE=1 makes it a failure.\n`);
      }
      if (given !== undefined && absent === undefined) {
        for (const name of made) await ask(given, `drop database if exists ${name} with (force)`);
      }
      await server?.then(
        (running) => running.stop(),
        () => undefined,
      );
    },
  };
}

async function ask(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
