import { existsSync, readdirSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createPlaces } from "@sluice/conformance";
import Database from "libsql";
import { afterAll, describe, expect, it } from "vitest";
import { pathOf } from "../format/location.ts";
import type { NewField } from "../format/table.ts";
import { openCatalogRows } from "./catalog-rows.ts";
import { openCatalog } from "./open-catalog.ts";
import { openSqliteDatabase } from "./sqlite-database.ts";

const places = createPlaces("sluice-lake-");
afterAll(places.remove);

const SCHEMA: readonly NewField[] = [
  { name: "id", type: { kind: "long" }, required: true },
  { name: "region", type: { kind: "string" } },
  {
    name: "tags",
    type: { kind: "list", elementId: 0, element: { kind: "string" }, elementRequired: false },
  },
];
const CRASH = { namespace: ["chicago"], name: "crash" };

function rowsOf(path: string, sql: string): unknown[] {
  const database = new Database(path);
  try {
    return database.prepare(sql).all() as unknown[];
  } finally {
    database.close();
  }
}

describe("a catalog", () => {
  it("makes tables, lists them, and drops them", async () => {
    const folder = await places.newFolder();
    await using catalog = await openCatalog({ folder });
    const table = await catalog.createTable(CRASH, {
      schema: SCHEMA,
      spec: [{ column: "region", transform: { kind: "identity" } }],
      properties: { owner: "me" },
    });
    expect(table.metadata.schemas[0]?.fields.map(({ id, name }) => [id, name])).toEqual([
      [1, "id"],
      [2, "region"],
      [3, "tags"],
    ]);
    expect(table.metadata.lastColumnId).toBe(4);
    expect(table.metadata.location).toBe(`file://${folder}/chicago/crash`);
    expect((await catalog.loadTable(CRASH))?.metadata).toEqual(table.metadata);
    expect(await catalog.loadTable({ namespace: ["chicago"], name: "other" })).toBeUndefined();
    expect(await catalog.listTables()).toEqual([CRASH]);
    expect(await catalog.listTables(["elsewhere"])).toEqual([]);
    await catalog.createNamespace(["a", "b"]);
    expect(await catalog.listNamespaces()).toEqual([["a"], ["a", "b"], ["chicago"]]);

    await expect(catalog.createTable(CRASH, { schema: SCHEMA })).rejects.toMatchObject({
      code: "conflict",
      reason: "table-exists",
    });
    // The metadata of the table that was refused is gone, that of the first stays.
    expect(readdirSync(join(folder, "chicago/crash/metadata"))).toHaveLength(1);

    expect(await catalog.dropTable(CRASH)).toBe(true);
    expect(await catalog.dropTable(CRASH)).toBe(false);
    expect(existsSync(pathOf(table.metadataLocation))).toBe(true);
    await expect(table.refresh()).rejects.toMatchObject({ code: "missing" });
    const again = await catalog.createTable(CRASH, { schema: SCHEMA });
    await expect(table.refresh()).rejects.toMatchObject({ code: "conflict" });
    await catalog.dropTable(CRASH, { purge: true });
    expect(existsSync(pathOf(again.metadataLocation))).toBe(false);
  });

  it("keeps the layout that other programs read", async () => {
    const folder = await places.newFolder();
    {
      await using catalog = await openCatalog({ folder });
      const table = await catalog.createTable(CRASH, { schema: SCHEMA });
      await table.commit(async () => ({ properties: { set: { a: "b" } } }));
    }
    expect(rowsOf(join(folder, "catalog.db"), "select * from iceberg_tables")).toMatchObject([
      {
        catalog_name: "sluice",
        table_namespace: "chicago",
        table_name: "crash",
        iceberg_type: "TABLE",
        metadata_location: expect.stringContaining("/metadata/00001-") as string,
        previous_metadata_location: expect.stringContaining("/metadata/00000-") as string,
      },
    ]);
    expect(rowsOf(join(folder, "catalog.db"), "select * from iceberg_namespace_properties")).toMatchObject([
      { catalog_name: "sluice", namespace: "chicago", property_key: "exists", property_value: "true" },
    ]);
  });

  it("shares its tables with other catalogs and with views", async () => {
    const folder = await places.newFolder();
    const path = join(folder, "catalog.db");
    await using catalog = await openCatalog({ folder });
    await catalog.createTable(CRASH, { schema: SCHEMA });
    const other = new Database(path);
    other.exec(`insert into iceberg_tables values ('spark', 'x', 't', 'file:/m.json', null, 'TABLE');
      insert into iceberg_tables values ('sluice', 'chicago', 'v', 'file:/v.json', null, 'VIEW')`);
    other.close();
    expect(await catalog.listTables()).toEqual([CRASH]);
    expect(await catalog.loadTable({ namespace: ["chicago"], name: "v" })).toBeUndefined();
    expect(await catalog.dropTable({ namespace: ["chicago"], name: "v" })).toBe(false);
    await expect(catalog.createTable({ namespace: ["chicago"], name: "v" }, { schema: SCHEMA })).rejects.toMatchObject({
      reason: "table-exists",
    });
    expect(await catalog.listNamespaces()).toEqual([["chicago"]]);
  });

  it("uses a catalog of version 0 as it is", async () => {
    const folder = await places.newFolder();
    const path = join(folder, "catalog.db");
    const old = new Database(path);
    old.exec(`create table iceberg_tables (catalog_name varchar(255) not null, table_namespace varchar(255) not null,
        table_name varchar(255) not null, metadata_location varchar(1000), previous_metadata_location varchar(1000),
        primary key (catalog_name, table_namespace, table_name));
      create table iceberg_namespace_properties (catalog_name varchar(255) not null, namespace varchar(255) not null,
        property_key varchar(255), property_value varchar(1000), primary key (catalog_name, namespace, property_key))`);
    old.close();
    {
      await using catalog = await openCatalog({ folder });
      const table = await catalog.createTable(CRASH, { schema: SCHEMA });
      await table.commit(async () => ({ properties: { set: { a: "b" } } }));
      expect((await catalog.loadTable(CRASH))?.metadata.properties.a).toBe("b");
      expect(await catalog.listTables()).toEqual([CRASH]);
    }
    expect(Object.keys(rowsOf(path, "select * from iceberg_tables")[0] ?? {})).not.toContain("iceberg_type");
  });

  it("puts tables where every program finds them, whatever their names are", async () => {
    const folder = await places.newFolder();
    await using catalog = await openCatalog({ folder });
    const odd = await catalog.createTable({ namespace: ["größe 1"], name: "50% of C#?" }, { schema: SCHEMA });
    const even = await catalog.createTable({ namespace: ["größe 1"], name: "50* of C#?" }, { schema: SCHEMA });
    expect(odd.metadata.location).toMatch(/\/größe 1\/50_ of C__-[0-9a-f]{8}$/);
    expect(even.metadata.location).not.toBe(odd.metadata.location);
    const given = await catalog.createTable(
      { namespace: ["n"], name: "t" },
      { schema: SCHEMA, location: `${folder}/x y` },
    );
    expect(given.metadata.location).toBe(`file://${folder}/x y`);
    expect(await catalog.listTables()).toHaveLength(3);
    expect((await catalog.loadTable(odd.id))?.metadata).toEqual(odd.metadata);
  });

  it("waits for another program that writes, and what it wrote is there for all", async () => {
    const folder = await places.newFolder();
    await using catalog = await openCatalog({ folder });
    const { metadataLocation } = await catalog.createTable(CRASH, { schema: SCHEMA });
    const path = join(folder, "catalog.db");
    await using rows = await openCatalogRows(await openSqliteDatabase(path));
    const other = new Database(path);
    other.exec("begin immediate");
    // It finds the lock at once, and waits.
    const swap = rows.swap("chicago", "crash", metadataLocation, "file:///next");
    other.exec("rollback");
    expect(await swap).toBe(true);
    expect(other.prepare("select metadata_location as at from iceberg_tables").all()).toMatchObject([
      { at: "file:///next" },
    ]);
    other.close();
  });

  it("refuses names that would be read as others, and what is no database", async () => {
    const folder = await places.newFolder();
    await using catalog = await openCatalog({ folder });
    for (const name of ["a.b", "../up", "", " x", "a\nb"]) {
      await expect(catalog.createTable({ namespace: ["n"], name }, { schema: SCHEMA })).rejects.toMatchObject({
        code: "config",
      });
    }
    await expect(catalog.createTable({ namespace: [], name: "t" }, { schema: SCHEMA })).rejects.toThrow("namespace");
    await expect(
      catalog.createTable({ namespace: ["n"], name: "x".repeat(256) }, { schema: SCHEMA }),
    ).rejects.toMatchObject({ code: "config" });
    const noDatabase = join(folder, "other.db");
    await writeFile(noDatabase, "this is some text that is long enough to be looked at".repeat(40));
    await expect(openCatalog({ folder, catalog: noDatabase })).rejects.toMatchObject({ code: "config" });
  });

  it("says what is wrong with metadata that is lost or damaged", async () => {
    const folder = await places.newFolder();
    await using catalog = await openCatalog({ folder });
    const table = await catalog.createTable(CRASH, { schema: SCHEMA });
    const path = pathOf(table.metadataLocation);
    const text = await readFile(path, "utf8");
    await writeFile(path, text.slice(0, 40));
    await expect(catalog.loadTable(CRASH)).rejects.toMatchObject({ code: "data" });
    await writeFile(path, text.replace('"format-version":2', '"format-version":3'));
    await expect(catalog.loadTable(CRASH)).rejects.toMatchObject({ code: "unsupported" });
  });
});
