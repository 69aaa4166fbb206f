import { SluiceError } from "@sluice/core";
import { type Connection, quoted } from "./client.ts";

/** A table or view as the database declares it. */
export interface TableInfo {
  /** As the database spells it; SQLite compares names without regard to ASCII case. */
  readonly name: string;
  readonly kind: "table" | "view";
  readonly columns: readonly TableColumn[];
  /** The primary key's columns, in its order. */
  readonly primaryKey: readonly string[];
  /** The columns of each other unique index that covers all rows. */
  readonly unique: readonly (readonly string[])[];
  /** How the hidden row number is called, where rows have one and a column does not hide it. */
  readonly rowid: "rowid" | "_rowid_" | "oid" | undefined;
}

export interface TableColumn {
  readonly name: string;
  readonly declared: string;
  readonly notNull: boolean;
  readonly hasDefault: boolean;
  readonly generated: boolean;
}

/** Names of tables and views that people made, tables first, in order of name; sluice's own are left out. */
export function listTables(connection: Connection): readonly string[] {
  const rows = connection.query(
    "select cast(name as blob) from sqlite_master where type in ('table', 'view') and name not like 'sqlite\\_%' escape '\\' and name not like '\\_sluice\\_%' escape '\\' order by type, name",
  );
  return rows.map(([name]) => connection.decode(name));
}

/** What the database declares of a table or view, or undefined. */
export function findTable(connection: Connection, name: string): TableInfo | undefined {
  const [found] = connection.query(
    "select cast(name as blob), cast(type as blob), coalesce(upper(sql), '') like '%WITHOUT%ROWID%' from sqlite_master where type in ('table', 'view') and name = ? collate nocase",
    [name],
  );
  if (found === undefined) return undefined;
  const spelled = connection.decode(found[0]);
  const kind = connection.decode(found[1]) === "view" ? "view" : "table";
  const rows = connection.query(
    'select cast(name as blob), cast(type as blob), "notnull", dflt_value is not null, pk, hidden from pragma_table_xinfo(?) where hidden <> 1',
    [spelled],
  );
  const columns = rows.map((row) => ({
    name: connection.decode(row[0]),
    declared: connection.decode(row[1]),
    notNull: row[2] === 1n,
    hasDefault: row[3] === 1n,
    generated: row[5] !== 0n,
  }));
  const keyed = rows
    .map((row, index) => ({ place: Number(row[4]), name: columns[index]?.name ?? "" }))
    .filter((column) => column.place > 0)
    .sort((a, b) => a.place - b.place);
  const taken = new Set(columns.map((column) => column.name.toLowerCase()));
  const free = (["rowid", "_rowid_", "oid"] as const).find((alias) => !taken.has(alias));
  return {
    name: spelled,
    kind,
    columns,
    primaryKey: keyed.map((column) => column.name),
    unique: uniqueIndexes(connection, spelled),
    // `without rowid` may also stand in a comment: then rows are read one by one, which is slower and as right.
    rowid: kind === "view" || found[2] === 1n ? undefined : free,
  };
}

/** Columns that tell rows apart, the primary key first. */
export function keysOf({ primaryKey, unique }: TableInfo): readonly (readonly string[])[] {
  return [...(primaryKey.length === 0 ? [] : [primaryKey]), ...unique];
}

/** @throws SluiceError `missing` with the closest name */
export function requireTable(connection: Connection, name: string, shown: string): TableInfo {
  const found = findTable(connection, name);
  if (found !== undefined) return found;
  const names = listTables(connection);
  const close = closest(name, names);
  const list = names.length === 0 ? "it holds no table" : `it holds ${names.slice(0, 20).join(", ")}`;
  throw new SluiceError("missing", `${shown} has no table or view "${name}"`, {
    offending: name,
    hint: close === undefined ? list : `did you mean "${close}"?`,
  });
}

function uniqueIndexes(connection: Connection, table: string): readonly (readonly string[])[] {
  const indexes = connection.query(
    `select cast(name as blob) from pragma_index_list(?) where "unique" = 1 and partial = 0 and origin <> 'pk'`,
    [table],
  );
  return indexes
    .map(([index]) =>
      connection
        .query("select cast(name as blob) from pragma_index_info(?) order by seqno", [connection.decode(index)])
        .map(([column]) => (column === null ? "" : connection.decode(column))),
    )
    .filter((columns) => columns.length > 0 && !columns.includes(""));
}

/** The name with the fewest letters to change, where that is less than half of it. */
export function closest(wanted: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.max(1, Math.floor(wanted.length / 2)) + 1;
  for (const name of names) {
    const distance = editDistance(wanted.toLowerCase(), name.toLowerCase());
    if (distance < least) {
      least = distance;
      best = name;
    }
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** Names as a list of SQL identifiers. */
export function columnList(names: readonly string[], prefix = ""): string {
  return names.map((name) => `${prefix}${quoted(name)}`).join(", ");
}
