import { createPlaces, describeSource, postgresForTests } from "@sluice/conformance";
import { createDuckDbEngine } from "@sluice/duckdb";
import { adapter } from "@sluice/postgres";
import { afterAll, describe } from "vitest";
import { createTable, openDatabase } from "./database.fixture.ts";

const places = createPlaces("sluice-postgres-");
const engine = createDuckDbEngine({ threads: 2 });
const url = await postgresForTests();
const database = url === undefined ? undefined : await openDatabase(url);
afterAll(async () => {
  await database?.[Symbol.asyncDispose]();
  await engine[Symbol.asyncDispose]();
  await places.remove();
});

describe.skipIf(database === undefined)("with a server", () => {
  if (database === undefined) return;
  const connection = { type: "postgres", url: database.url };

  describeSource({
    name: "postgres",
    adapter,
    openContext: () => places.newContext(engine),
    create: async (schema, rows) => {
      const table = database.newName();
      await createTable(database, table, schema, rows);
      return { address: { type: "postgres", connection: "main", schema: "public", table }, connection };
    },
    missing: async () => ({
      address: { type: "postgres", connection: "main", schema: "public", table: "absent" },
      connection,
    }),
    foundAs: { int8: "int16", uint8: "int16", uint16: "int32", uint32: "int64", uint64: "decimal(20,0)" },
  });
});
