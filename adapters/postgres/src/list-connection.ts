import { type Json, type ListedTable, type Listing, type ListRequest, parseTableName } from "@sluice/core";
import { findTable, readTables, requireTable, type TableInfo } from "./catalog.ts";
import { type Connection, openConnection, throwIfCancelled } from "./client.ts";
import { resolveTarget } from "./config.ts";
import { cursorsOf, keysOf } from "./discover.ts";
import { toSluiceError } from "./errors.ts";
import { quotedTable, quotedText, shownTable } from "./names.ts";
import { isOpenNumeric, type PostgresType, readingOf } from "./types.ts";

const KINDS = {
  table: "table",
  partitioned: "partitioned table",
  view: "view",
  materialized: "materialized view",
  foreign: "foreign table",
} as const;

/** A table that the server never estimated is counted where it is not larger. */
const QUICKLY_COUNTED = 16_000_000;

/** What a database holds, by its catalogue; of one schema, of one table by the search path, or all of it. */
export async function listConnection(connection: Json | undefined, request: ListRequest): Promise<Listing> {
  const { within, shown, signal } = request;
  throwIfCancelled(signal);
  const { client } = resolveTarget({ type: "postgres", connection: shown }, connection);
  const doing = `looking at ${shown}`;
  try {
    await using session = await openConnection({ client, shown, signal });
    await session.run("begin isolation level repeatable read, read only");
    const { tables, isOne } = await asked(session, within, shown);
    const counted = await countUnknown(session, tables);
    return {
      tables: tables.map((table) => listed(table, counted.get(table.oid))),
      ...(isOne ? { isOne: true as const } : {}),
    };
  } catch (error) {
    throwIfCancelled(signal);
    throw toSluiceError(error, doing);
  }
}

async function asked(
  session: Connection,
  within: string | undefined,
  shown: string,
): Promise<{ readonly tables: readonly TableInfo[]; readonly isOne: boolean }> {
  if (within === undefined) return { tables: await readTables(session, undefined), isOne: false };
  const name = parseTableName(within);
  if (name.schema === undefined && (await findTable(session, name)) === undefined) {
    const [known] = await session.query("select 1 from pg_namespace where nspname = $1", [name.table]);
    if (known !== undefined) return { tables: await readTables(session, name.table), isOne: false };
  }
  return { tables: [await requireTable(session, name, shown)], isOne: true };
}

function listed(table: TableInfo, counted: number | undefined): ListedTable {
  const estimated = table.kind === "view" || table.estimatedRows < 0 ? undefined : table.estimatedRows;
  const { schema = "" } = table.name;
  return {
    name: shownTable(table.name),
    schema,
    kind: KINDS[table.kind],
    columns: table.columns.map(({ name, type, notNull }) => {
      const readAs = readAsOf(type);
      return { name, type: type.shown, ...(readAs === undefined ? {} : { readAs }), nullable: !notNull };
    }),
    keys: keysOf(table),
    cursors: cursorsOf(table.columns, table),
    ...(counted !== undefined
      ? { rows: counted }
      : estimated === undefined
        ? {}
        : { rows: estimated, isEstimated: true as const }),
    ...(table.kind === "view" || table.kind === "foreign" ? {} : { bytes: table.bytes }),
  };
}

/** Of money the server's locale decides, of a numeric without digits its values. */
function readAsOf(type: PostgresType): string | undefined {
  return type.name === "money" || isOpenNumeric(type) ? undefined : readingOf(type).type;
}

/** Tables are estimated when they are analyzed; a small one that never was, or that nothing was said of, is counted. */
async function countUnknown(session: Connection, tables: readonly TableInfo[]): Promise<ReadonlyMap<string, number>> {
  const unknown = tables.filter(
    ({ kind, estimatedRows, bytes }) =>
      kind !== "view" && kind !== "foreign" && estimatedRows < 0 && bytes <= QUICKLY_COUNTED,
  );
  if (unknown.length === 0) return new Map();
  const allowed = await session.query(
    "select c.oid::text from pg_class c where c.oid = any($1::oid[]) and has_table_privilege(c.oid, 'select') and (c.relkind <> 'm' or c.relispopulated)",
    [`{${unknown.map(({ oid }) => oid).join(",")}}`],
  );
  const countable = unknown.filter(({ oid }) => allowed.some(([one]) => one === oid));
  const counts = countable.map(
    ({ oid, name }) => `select ${quotedText(oid)}, count(*)::text from ${quotedTable(name)}`,
  );
  const found = new Map<string, number>();
  // A statement over all tables of a large database would lock them all at once.
  for (let at = 0; at < counts.length; at += 50) {
    for (const [oid, count] of await session.query(counts.slice(at, at + 50).join(" union all ")))
      found.set(oid ?? "", Number(count));
  }
  return found;
}
