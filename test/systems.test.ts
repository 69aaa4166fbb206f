import { postgresForTests } from "@sluice/conformance";
import pg from "pg";
import { describe, expect, it } from "vitest";

const [first, second] = [await postgresForTests(), await postgresForTests()];

describe.skipIf(first === undefined)("a real PostgreSQL", () => {
  it("gives each who asks an empty database", async () => {
    expect(second).not.toBe(first);
    const client = new pg.Client({ connectionString: first });
    await client.connect();
    try {
      const { rows } = await client.query("select count(*)::int as tables from pg_tables where schemaname = 'public'");
      expect(rows).toEqual([{ tables: 0 }]);
    } finally {
      await client.end();
    }
  });
});
