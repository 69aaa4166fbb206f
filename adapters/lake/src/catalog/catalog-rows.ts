import { SluiceError } from "@sluice/core";

/** The word that programs find our tables by: catalogs of several programs share their tables, told apart by it. */
export const CATALOG_NAME = "sluice";

/** A database with the tables of a catalog. Parameters are written `$1`, `$2`, …; what is selected is text or null. */
export interface CatalogDatabase extends AsyncDisposable {
  /** A column as an expression that every text survives. */
  readonly text: (column: string) => string;
  query(sql: string, parameters?: readonly string[]): Promise<readonly (readonly (string | null)[])[]>;
  /** The number of rows changed; undefined where a row with that key is there already. */
  change(sql: string, parameters: readonly string[]): Promise<number | undefined>;
  /** The columns of a table; empty where there is none. */
  columnsOf(table: string): Promise<readonly string[]>;
  /** Makes tables that are missing, whoever else does it at the same time. */
  define(statements: readonly string[]): Promise<void>;
}

/** The rows of a catalog: the names of its tables, and where their newest metadata lies. */
export interface CatalogRows extends AsyncDisposable {
  find(namespace: string, name: string): Promise<string | undefined>;
  /** False where the name is taken, by a view too. */
  insert(namespace: string, name: string, location: string): Promise<boolean>;
  /** Makes `to` the newest metadata if it is `from` until now; false where another was quicker. */
  swap(namespace: string, name: string, from: string, to: string): Promise<boolean>;
  remove(namespace: string, name: string): Promise<boolean>;
  tables(): Promise<readonly { readonly namespace: string; readonly name: string }[]>;
  namespaces(): Promise<readonly string[]>;
  createNamespace(namespace: string, properties: Readonly<Record<string, string>>): Promise<void>;
}

/** As JdbcCatalog of Iceberg and SqlCatalog of PyIceberg make them, version 1. */
const TABLES = [
  `create table if not exists iceberg_tables (
    catalog_name varchar(255) not null,
    table_namespace varchar(255) not null,
    table_name varchar(255) not null,
    metadata_location varchar(1000),
    previous_metadata_location varchar(1000),
    iceberg_type varchar(5),
    primary key (catalog_name, table_namespace, table_name))`,
  `create table if not exists iceberg_namespace_properties (
    catalog_name varchar(255) not null,
    namespace varchar(255) not null,
    property_key varchar(255) not null,
    property_value varchar(1000),
    primary key (catalog_name, namespace, property_key))`,
];
const MAX_NAME = 255;
const MAX_LOCATION = 1000;

/**
 * The catalog in a database, whoever made its tables. One of version 0 has no column for the kind of a row, and no views:
 * it is used as it is, since its owner may rely on that.
 */
export async function openCatalogRows(database: CatalogDatabase): Promise<CatalogRows> {
  let columns = await database.columnsOf("iceberg_tables");
  const properties = await database.columnsOf("iceberg_namespace_properties");
  if (columns.length === 0 || properties.length === 0) {
    await database.define(TABLES);
    columns = await database.columnsOf("iceberg_tables");
  }
  return createRows(database, columns.includes("iceberg_type"));
}

function createRows(database: CatalogDatabase, hasKind: boolean): CatalogRows {
  const isTable = hasKind ? " and (iceberg_type = 'TABLE' or iceberg_type is null)" : "";
  const { text } = database;
  return {
    find: async (namespace, name) => {
      const [row] = await database.query(
        `select ${text("metadata_location")} from iceberg_tables
         where catalog_name = $1 and table_namespace = $2 and table_name = $3${isTable}`,
        [CATALOG_NAME, namespace, name],
      );
      return row?.[0] ?? undefined;
    },
    insert: async (namespace, name, location) => {
      assertFits(location, MAX_LOCATION, "the location of metadata");
      for (const part of [namespace, name]) assertFits(part, MAX_NAME, "the name");
      const kind = hasKind ? [", iceberg_type", ", 'TABLE'"] : ["", ""];
      const count = await database.change(
        `insert into iceberg_tables (catalog_name, table_namespace, table_name, metadata_location${kind[0]})
         values ($1, $2, $3, $4${kind[1]})`,
        [CATALOG_NAME, namespace, name, location],
      );
      return count === 1;
    },
    swap: async (namespace, name, from, to) => {
      assertFits(to, MAX_LOCATION, "the location of metadata");
      const count = await database.change(
        `update iceberg_tables set metadata_location = $1, previous_metadata_location = $2
         where catalog_name = $3 and table_namespace = $4 and table_name = $5 and metadata_location = $2${isTable}`,
        [to, from, CATALOG_NAME, namespace, name],
      );
      return count === 1;
    },
    remove: async (namespace, name) => {
      const count = await database.change(
        `delete from iceberg_tables
         where catalog_name = $1 and table_namespace = $2 and table_name = $3${isTable}`,
        [CATALOG_NAME, namespace, name],
      );
      return count === 1;
    },
    tables: async () => {
      const rows = await database.query(
        `select ${text("table_namespace")}, ${text("table_name")} from iceberg_tables
         where catalog_name = $1${isTable} order by table_namespace, table_name`,
        [CATALOG_NAME],
      );
      return rows.map(([namespace, name]) => ({ namespace: namespace ?? "", name: name ?? "" }));
    },
    namespaces: async () => {
      // Not every program writes a property for a namespace that it makes a table in.
      const rows = await database.query(
        `select ${text("namespace")} from iceberg_namespace_properties where catalog_name = $1
         union select ${text("table_namespace")} from iceberg_tables where catalog_name = $1`,
        [CATALOG_NAME],
      );
      return rows.map(([namespace]) => namespace ?? "");
    },
    createNamespace: async (namespace, given) => {
      assertFits(namespace, MAX_NAME, "the name");
      for (const [key, value] of Object.entries({ exists: "true", ...given })) {
        // One that is there already keeps its properties.
        await database.change(
          "insert into iceberg_namespace_properties (catalog_name, namespace, property_key, property_value) values ($1, $2, $3, $4)",
          [CATALOG_NAME, namespace, key, value],
        );
      }
    },
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

/** SQLite stores longer texts, and other programs then fail to read them. */
function assertFits(text: string, limit: number, what: string): void {
  if (text.length <= limit) return;
  throw new SluiceError(
    "config",
    `${what} ${JSON.stringify(`${text.slice(0, 60)}…`)} has more than ${limit} characters`,
    {
      offending: text,
      hint: "the catalog's layout holds no more; give a shorter name, or put the lake into a folder with a shorter path",
    },
  );
}
