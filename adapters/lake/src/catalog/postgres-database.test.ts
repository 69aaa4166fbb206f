import { createPlaces, postgresForTests } from "@sluice/conformance";
import pg from "pg";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import type { Table } from "../format/table.ts";
import { append, dataFile, ID, livePaths, newTable, SCHEMA } from "../table/table.fixture.ts";
import { openCatalog } from "./open-catalog.ts";

const places = createPlaces("sluice-lake-postgres-");
afterAll(places.remove);
const url = await postgresForTests();

async function query(sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe.skipIf(url === undefined)("a catalog in PostgreSQL", () => {
  afterEach(() => query("drop table if exists iceberg_tables, iceberg_namespace_properties"));
  const open = async (folder: string) => openCatalog({ folder, catalog: url as string });

  it("makes, lists, commits to and drops tables, in the layout of others", async () => {
    await using catalog = await open(await places.newFolder());
    const table = await (await newTable(catalog)).commit(append(dataFile("file:///a")));
    expect(await livePaths((await catalog.loadTable(ID)) as Table)).toEqual(["file:///a"]);
    await query("insert into iceberg_tables values ('sluice', 'shop', 'v', 'file:/v.json', null, 'VIEW')");
    expect(await catalog.listTables()).toEqual([ID]);
    await expect(catalog.createTable({ namespace: ["shop"], name: "v" }, { schema: SCHEMA })).rejects.toMatchObject({
      reason: "table-exists",
    });
    expect(await query("select * from iceberg_tables where iceberg_type = 'TABLE'")).toEqual([
      {
        catalog_name: "sluice",
        table_namespace: "shop",
        table_name: "orders",
        metadata_location: table.metadataLocation,
        previous_metadata_location: expect.stringContaining("/00000-") as string,
        iceberg_type: "TABLE",
      },
    ]);
    expect(await catalog.dropTable(ID)).toBe(true);
    expect(await catalog.loadTable(ID)).toBeUndefined();
  });

  it("is opened by several at once, who lose nothing", async () => {
    const folder = await places.newFolder();
    const catalogs = await Promise.all([0, 1, 2, 3].map(() => open(folder)));
    await newTable(catalogs[0] as (typeof catalogs)[0]);
    await Promise.all(
      catalogs.map(async (catalog, writer) => {
        let table = (await catalog.loadTable(ID)) as Table;
        for (let index = 0; index < 5; index += 1) {
          table = await table.commit(append(dataFile(`file:///${writer}-${index}`)), { retries: 200 });
        }
      }),
    );
    const table = (await catalogs[0]?.loadTable(ID)) as Table;
    expect(await livePaths(table)).toHaveLength(20);
    expect(table.metadata.snapshots).toHaveLength(20);
    for (const catalog of catalogs) await catalog[Symbol.asyncDispose]();
  });

  it("is made by several at once", async () => {
    for (let round = 0; round < 10; round += 1) {
      const folder = await places.newFolder();
      const catalogs = await Promise.all([0, 1, 2, 3, 4, 5].map(() => open(folder)));
      for (const catalog of catalogs) {
        expect(await catalog.listTables()).toEqual([]);
        await catalog[Symbol.asyncDispose]();
      }
      await query("drop table iceberg_tables, iceberg_namespace_properties");
    }
  });

  it("uses a catalog of version 0 as it is", async () => {
    await query(`create table iceberg_tables (catalog_name varchar(255) not null, table_namespace varchar(255) not null,
      table_name varchar(255) not null, metadata_location varchar(1000), previous_metadata_location varchar(1000),
      primary key (catalog_name, table_namespace, table_name));
      create table iceberg_namespace_properties (catalog_name varchar(255) not null, namespace varchar(255) not null,
      property_key varchar(255), property_value varchar(1000), primary key (catalog_name, namespace, property_key))`);
    await using catalog = await open(await places.newFolder());
    await (await newTable(catalog)).commit(append(dataFile("file:///a")));
    expect(await catalog.listTables()).toEqual([ID]);
    expect(Object.keys((await query("select * from iceberg_tables"))[0] as object)).toHaveLength(5);
  });

  it("goes on after its connections were ended", async () => {
    await using catalog = await open(await places.newFolder());
    const table = await newTable(catalog);
    await query(
      "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()",
    );
    // A connection that was found broken fails once; the commit can be done again.
    const committed = await table
      .commit(append(dataFile("file:///a")))
      .catch(() => table.commit(append(dataFile("file:///a"))));
    expect(await livePaths(committed)).toEqual(["file:///a"]);
  });
});

describe("a catalog that cannot be reached", () => {
  it("is unavailable", async () => {
    const folder = await places.newFolder();
    await expect(openCatalog({ folder, catalog: "postgresql://nobody@127.0.0.1:1/none" })).rejects.toMatchObject({
      code: "unavailable",
    });
  });
});
