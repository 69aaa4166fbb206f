import { closest, SluiceError, type TableName } from "@sluice/core";
import type { Connection } from "./client.ts";
import { shownTable } from "./names.ts";
import { FIRST_OF_OTHERS, type PostgresType } from "./types.ts";

/** A relation as the catalogue says it. */
export interface TableInfo {
  readonly oid: string;
  readonly name: Required<TableName>;
  readonly kind: "table" | "partitioned" | "view" | "materialized" | "foreign";
  readonly columns: readonly TableColumn[];
  readonly primaryKey: readonly string[];
  /** The columns of each other unique index that covers all rows and none of whose columns may be null. */
  readonly unique: readonly (readonly string[])[];
  /** As estimated when it was last looked at; below zero where it never was. */
  readonly estimatedRows: number;
  readonly pages: number;
  readonly bytes: number;
  /** Whether its pages can be read by their numbers. */
  readonly isHeap: boolean;
}

export interface TableColumn {
  readonly name: string;
  readonly type: PostgresType;
  readonly notNull: boolean;
  readonly hasDefault: boolean;
  /** Computed by the server: no load may give it. */
  readonly generated: boolean;
  /** Numbered by the server, always or where no value is given. */
  readonly identity: boolean;
}

const KINDS = { r: "table", p: "partitioned", v: "view", m: "materialized", f: "foreign" } as const;

/** Relations that a condition names. An estimate that was never made is below zero, also where the server says 0 for it. */
const RELATIONS = `select c.oid::text, n.nspname, c.relname, c.relkind,
  coalesce((select case when bool_and(l.reltuples >= 0) then sum(l.reltuples) end from pg_partition_tree(c.oid) i
      join pg_class l on l.oid = i.relid where c.relkind = 'p' and i.isleaf),
    case when c.reltuples = 0 and c.relpages = 0 then -1 else c.reltuples end)::bigint::text,
  coalesce((select sum(pg_relation_size(i.relid)) / current_setting('block_size')::int from pg_partition_tree(c.oid) i where c.relkind = 'p'),
    pg_relation_size(c.oid) / current_setting('block_size')::int)::bigint::text,
  coalesce((select sum(pg_table_size(i.relid)) from pg_partition_tree(c.oid) i where c.relkind = 'p'),
    case when c.relkind in ('r', 'm') then pg_table_size(c.oid) else 0 end)::bigint::text,
  coalesce((select a.amname = 'heap' from pg_am a where a.oid = c.relam), false)::text
from pg_class c join pg_namespace n on n.oid = c.relnamespace`;

/** By the search path where no schema is said; our own tables are found too. */
const FIND = `${RELATIONS}
where c.relname = $1 and c.relkind in ('r', 'p', 'v', 'm', 'f')
  and case when $2::text is null then pg_table_is_visible(c.oid) else n.nspname = $2 end`;

/** What people made, tables first, partitions of a table left out. */
const MADE_BY_PEOPLE = `where c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition and c.relname not like '\\_sluice\\_%'
  and case when $1::text is null then n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg\\_%' else n.nspname = $1 end
  and c.relpersistence <> 't' and has_schema_privilege(n.oid, 'usage')
order by c.relkind in ('v', 'm'), n.nspname, c.relname`;

const COLUMNS = `select a.attrelid::text, a.attname, a.atttypid::text, a.atttypmod::text, a.attnotnull::text,
  (a.atthasdef or a.attidentity <> '')::text, (a.attgenerated <> '' or a.attidentity = 'a')::text, (a.attidentity <> '')::text
from pg_attribute a where a.attrelid = any($1::oid[]) and a.attnum > 0 and not a.attisdropped order by a.attrelid, a.attnum`;

const KEYS = `select i.indrelid::text, i.indisprimary::text,
  array_to_json(array(select a.attname from unnest(i.indkey[0:i.indnkeyatts - 1]) with ordinality k (number, place)
    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number order by k.place))::text,
  (not exists (select from unnest(i.indkey[0:i.indnkeyatts - 1]) k (number)
    left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number where a.attnotnull is not true))::text
from pg_index i where i.indrelid = any($1::oid[]) and i.indisunique and i.indisvalid and i.indpred is null
order by not i.indisprimary, i.indexrelid`;

/** What domains are made of, however deep. */
const TYPES = `with recursive given (place, oid, modifier) as (
  select place, oid::oid, modifier::int from unnest($1::text[], $2::text[]) with ordinality t (oid, modifier, place)
), based (place, oid, modifier, shown) as (
  select place, oid, modifier, format_type(oid, modifier) from given
  union all
  select b.place, t.typbasetype, case when t.typtypmod < 0 then b.modifier else t.typtypmod end, b.shown
  from based b join pg_type t on t.oid = b.oid where t.typtype = 'd'
)
select t.typname, t.typtype, t.typcategory, b.modifier::text, b.shown
from based b join pg_type t on t.oid = b.oid where t.typtype <> 'd' order by b.place`;

/** Types by their numbers, in the order given. */
export async function typesOf(
  connection: Connection,
  given: readonly { readonly oid: number | string; readonly modifier: number | string }[],
): Promise<readonly PostgresType[]> {
  const array = (values: readonly (number | string)[]): string => `{${values.join(",")}}`;
  const rows = await connection.query(TYPES, [
    array(given.map((type) => type.oid)),
    array(given.map((type) => type.modifier)),
  ]);
  return rows.map(([name, kind, category, modifier, shown], index) => ({
    name: name ?? "",
    kind: (kind ?? "b") as PostgresType["kind"],
    category: category ?? "",
    modifier: Number(modifier),
    shown: shown ?? "",
    isBuiltIn: Number(given[index]?.oid) < FIRST_OF_OTHERS,
  }));
}

/** What the catalogue says of a relation, or undefined. */
export async function findTable(connection: Connection, name: TableName): Promise<TableInfo | undefined> {
  const [found] = await connection.query(FIND, [name.table, name.schema ?? null]);
  if (found === undefined || found[0] === null) return undefined;
  const [table] = await describe(connection, [found]);
  return table;
}

/** What a relation is, without its columns. */
export async function kindOf(connection: Connection, name: TableName): Promise<TableInfo["kind"] | undefined> {
  const [found] = await connection.query(FIND, [name.table, name.schema ?? null]);
  return found === undefined || found[0] === null ? undefined : KINDS[found[3] as keyof typeof KINDS];
}

/** All relations that people made, in one schema or in all of them, in as many queries as one takes. */
export async function readTables(connection: Connection, schema: string | undefined): Promise<readonly TableInfo[]> {
  return await describe(connection, await connection.query(`${RELATIONS}\n${MADE_BY_PEOPLE}`, [schema ?? null]));
}

async function describe(
  connection: Connection,
  found: readonly (readonly (string | null)[])[],
): Promise<readonly TableInfo[]> {
  if (found.length === 0) return [];
  const oids = `{${found.map(([oid]) => oid).join(",")}}`;
  const rows = await connection.query(COLUMNS, [oids]);
  const types = await typesOf(
    connection,
    rows.map((row) => ({ oid: row[2] ?? "0", modifier: row[3] ?? "-1" })),
  );
  const columns = new Map<string | null, TableColumn[]>();
  for (const [index, row] of rows.entries()) {
    const type = types[index];
    if (type === undefined) continue;
    const [is, has, made, numbered] = [row[4], row[5], row[6], row[7]].map((word) => word === "true");
    const column = {
      name: row[1] ?? "",
      type,
      notNull: is === true,
      hasDefault: has === true,
      generated: made === true,
      identity: numbered === true,
    };
    listIn(columns, row[0] ?? null).push(column);
  }
  const keys = new Map<string | null, { readonly isPrimary: boolean; readonly columns: readonly string[] }[]>();
  for (const [oid = null, primary, names, full] of await connection.query(KEYS, [oids])) {
    const isPrimary = primary === "true";
    if (isPrimary || full === "true")
      listIn(keys, oid).push({ isPrimary, columns: JSON.parse(names ?? "[]") as string[] });
  }
  return found.map(([oid = null, schema, table, kind, tuples, pages, bytes, heap]): TableInfo => {
    const own = keys.get(oid) ?? [];
    return {
      oid: oid ?? "",
      name: { schema: schema ?? "", table: table ?? "" },
      kind: KINDS[(kind ?? "r") as keyof typeof KINDS],
      columns: columns.get(oid) ?? [],
      primaryKey: own.find((key) => key.isPrimary)?.columns ?? [],
      unique: own.filter((key) => !key.isPrimary).map((key) => key.columns),
      estimatedRows: Number(tuples),
      pages: Number(pages),
      bytes: Number(bytes),
      isHeap: heap === "true",
    };
  });
}

function listIn<K, V>(lists: Map<K, V[]>, key: K): V[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}

/** Names of all relations that people made, tables first, partitions of a table left out. */
export async function listTables(connection: Connection, schema: string | undefined): Promise<readonly TableName[]> {
  const from = "select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace";
  const rows = await connection.query(`${from}\n${MADE_BY_PEOPLE}`, [schema ?? null]);
  return rows.map(([space, table]) => ({ schema: space ?? "", table: table ?? "" }));
}

/** @throws SluiceError `missing` with the closest name */
export async function requireTable(connection: Connection, name: TableName, shown: string): Promise<TableInfo> {
  const found = await findTable(connection, name);
  if (found !== undefined) return found;
  throw await missingTable(connection, name, shown);
}

async function missingTable(connection: Connection, name: TableName, shown: string): Promise<SluiceError> {
  const all = await listTables(connection, undefined);
  const wanted = shownTable(name);
  // The name in another schema, or in other letters, is what was meant more often than a similar one.
  const same = all.find(({ table }) => table.toLowerCase() === name.table.toLowerCase());
  const names = all.flatMap((one) => [shownTable(one), ...(name.schema === undefined ? [one.table] : [])]);
  const close = same === undefined ? closest(wanted, names) : shownTable(same);
  const list = all.length === 0 ? "it holds no table" : `it holds ${all.slice(0, 20).map(shownTable).join(", ")}`;
  return new SluiceError("missing", `there is no table or view "${wanted}": ${shown}`, {
    offending: wanted,
    hint: close === undefined ? list : `did you mean "${close}"?`,
  });
}
