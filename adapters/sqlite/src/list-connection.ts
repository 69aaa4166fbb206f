import { isSluiceError, type Json, type ListedTable, type Listing, type ListRequest } from "@sluice/core";
import { keysOf, listTables, requireTable, type TableInfo } from "./catalog.ts";
import { type Connection, quoted } from "./client.ts";
import { resolveTarget } from "./config.ts";
import { cursorsOf, isRowNumber } from "./discover.ts";
import { toSluiceError } from "./errors.ts";
import { throwIfCancelled } from "./patience.ts";
import { readOnce } from "./snapshot.ts";

/** SQLite keeps no number of rows and no sizes: all of the file is read for them, which is done where that is quick. */
const QUICKLY_READ = 500_000_000;

/** What a database file holds, as its declarations say it: one table, or all of them. */
export async function listConnection(connection: Json | undefined, request: ListRequest): Promise<Listing> {
  const { within, shown, root, signal } = request;
  throwIfCancelled(signal);
  const { path } = resolveTarget({ type: "sqlite", connection: "listed" }, connection, root);
  return await readOnce(path, `looking at ${shown}`, { signal }, (opened): Listing => {
    const [[size] = []] = opened.query("select page_count * page_size from pragma_page_count(), pragma_page_size()");
    const sizes = Number(size) <= QUICKLY_READ ? sizesOf(opened) : undefined;
    if (within === undefined) return { tables: listTables(opened).map((name) => listedOrWhyNot(opened, name, sizes)) };
    return { tables: [listed(opened, requireTable(opened, within, shown), sizes)], isOne: true };
  });
}

/** The bytes of each table, without its indexes. */
function sizesOf(connection: Connection): ReadonlyMap<string, number> {
  const rows = connection.query("select cast(name as blob), sum(pgsize) from dbstat('main', 1) group by 1");
  return new Map(rows.map(([name, bytes]) => [connection.decode(name), Number(bytes)]));
}

/** A view may name tables that are gone; the others are listed all the same. */
function listedOrWhyNot(connection: Connection, name: string, sizes: Sizes): ListedTable {
  try {
    return listed(connection, requireTable(connection, name, name), sizes);
  } catch (thrown) {
    const error = toSluiceError(thrown, `looking at ${name}`);
    if (!isSluiceError(error) || error.code === "cancelled") throw error;
    return { name, kind: "view", columns: [], cursors: [], problem: error.message };
  }
}

type Sizes = ReadonlyMap<string, number> | undefined;

function listed(connection: Connection, table: TableInfo, sizes: Sizes): ListedTable {
  const isCounted = sizes !== undefined && table.kind === "table";
  const [[rows] = []] = isCounted ? connection.query(`select count(*) from ${quoted(table.name)}`) : [];
  const bytes = sizes?.get(table.name);
  return {
    name: table.name,
    kind: table.kind,
    columns: table.columns.map((column) => ({
      name: column.name,
      type: column.declared,
      nullable: !column.notNull && !isRowNumber(table, column),
    })),
    keys: keysOf(table),
    cursors: cursorsOf(table, (column) => column.declared),
    ...(rows === undefined ? {} : { rows: Number(rows) }),
    ...(bytes === undefined ? {} : { bytes }),
  };
}
