import { createPlaces, describeSink, describeSource, postgresForTests } from "@sluice/conformance";
import { createDuckDbEngine } from "@sluice/duckdb";
import { adapter } from "@sluice/postgres";
import { describe } from "vitest";
import { createTable, databaseForTests, tracesOf } from "./database.fixture.ts";
import { quoted } from "./names.ts";

const places = createPlaces("sluice-postgres-");
const engine = createDuckDbEngine({ threads: 2 });
const database = await databaseForTests({ url: await postgresForTests(), engine, places });

describe.skipIf(database === undefined)("with a server", () => {
  if (database === undefined) return;
  const connection = { type: "postgres", url: database.url };

  describeSink({
    name: "postgres",
    report: "postgres",
    adapter,
    openContext: () => places.newContext(engine),
    createTarget: async () => {
      const schema = database.newName();
      const table = database.newName();
      await database.query(`create schema ${quoted(schema)}`);
      const name = `${quoted(schema)}.${quoted(table)}`;
      return {
        address: { type: "postgres", connection: "main", schema, table },
        connection,
        rows: async (columns) => {
          const [[found] = []] = await database.query("select to_regclass($1)", [name]);
          if (found === null) return undefined;
          const list = columns.columns.map(({ name: column, type }) =>
            type === "bytes"
              ? `encode(${quoted(column)}, 'hex')`
              : type === "bool"
                ? `${quoted(column)}::text`
                : quoted(column),
          );
          return await database.query(`select ${list.join(", ")} from ${name}`);
        },
        traces: () => tracesOf(database, schema),
      };
    },
    takeAway: async ({ address }) => {
      await database.query(`drop table ${quoted(String(address.schema))}.${quoted(String(address.table))}`);
    },
  });

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
