import { once } from "node:events";
import { finished } from "node:stream/promises";
import { postgresForTests } from "@sluice/conformance";
import { afterAll, describe, expect, it } from "vitest";
import { type Connection, openConnection } from "./client.ts";
import { openDatabase } from "./database.fixture.ts";
import { toSluiceError } from "./errors.ts";

const url = await postgresForTests();
const database = url === undefined ? undefined : await openDatabase(url);
afterAll(() => database?.[Symbol.asyncDispose]());

describe.skipIf(database === undefined)("rows sent to a server", () => {
  if (database === undefined || url === undefined) return;
  let tables = 0;
  const begun = async (): Promise<{
    readonly connection: Connection;
    readonly table: string;
    readonly pid: string;
  }> => {
    const table = `sent_${++tables}`;
    await database.query(`create table ${table} (id int primary key, v text)`);
    const connection = await openConnection({
      client: { connectionString: url },
      shown: "the server",
      signal: new AbortController().signal,
    });
    const [row] = await connection.query("select pg_backend_pid()::text");
    return { connection, table, pid: row?.[0] ?? "" };
  };

  it("are all there when it is finished", async () => {
    const { connection, table } = await begun();
    await using _ = connection;
    const stream = await connection.copyIn(`copy ${table} from stdin with (format csv)`);
    for (let id = 0; id < 20_000; id += 1) {
      if (!stream.write(`${id},${"x".repeat(200)}\n`)) await once(stream, "drain");
    }
    stream.end();
    await finished(stream);
    expect(stream.rowCount).toBe(20_000);
    expect(await connection.query(`select count(*)::text from ${table}`)).toEqual([["20000"]]);
  });

  it.each([
    ["where none was sent", 0],
    ["where it does not read on", 40],
  ])("break when the session is ended (%s)", async (_case, blocks) => {
    const { connection, table, pid } = await begun();
    await using _ = connection;
    // The first row waits for another transaction, and what follows for the first row.
    await database.query("begin");
    await database.query(`insert into ${table} values (1, 'held')`);
    const stream = await connection.copyIn(`copy ${table} from stdin with (format csv)`);
    const broken = finished(stream).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    const sent = Array.from({ length: blocks }, (_block, index) => {
      const rows = index === 0 ? "1,first\n" : `${index + 1},${"x".repeat(1_000_000)}\n`;
      return new Promise<Error | null | undefined>((resolve) => stream.write(rows, resolve));
    });
    await database.query("select pg_terminate_backend($1)", [pid]);
    const error = await broken;
    await database.query("rollback");
    expect(toSluiceError(error, "loading")).toMatchObject({ code: "unavailable" });
    // Whoever waits for a chunk is told too.
    if (blocks > 0) expect((await Promise.all(sent)).at(-1)).toBeInstanceOf(Error);
    expect(await database.query(`select count(*)::text from ${table}`)).toEqual([["0"]]);
  });

  it("break with what the server says of a row", async () => {
    const { connection, table } = await begun();
    await using _ = connection;
    const stream = await connection.copyIn(`copy ${table} from stdin with (format csv)`);
    stream.write("1,a\nno number,b\n");
    for (let block = 0; block < 20; block += 1) stream.write(`${block + 2},${"x".repeat(1_000_000)}\n`);
    stream.end();
    await expect(finished(stream)).rejects.toThrow(/invalid input syntax for type integer: "no number"/);
    expect(await connection.query("select '1'")).toEqual([["1"]]);
  });

  it("are forgotten by the server when the stream is given up, which the session outlives", async () => {
    const { connection, table } = await begun();
    await using _ = connection;
    for (const rows of ["", "1,a\n"]) {
      const stream = await connection.copyIn(`copy ${table} from stdin with (format csv)`);
      if (rows !== "") stream.write(rows);
      stream.destroy(new Error("given up"));
      await expect(once(stream, "close")).rejects.toThrow("given up");
      expect(await connection.query(`select count(*)::text from ${table}`)).toEqual([["0"]]);
    }
  });
});
