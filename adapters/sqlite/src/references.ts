import { findTable, type TableInfo } from "./catalog.ts";
import { type Connection, quoted, quotedText } from "./client.ts";
import { createTurns, rangesOfTable } from "./ranges.ts";

/** Columns that refer to those of another table, pair by pair. */
interface Reference {
  readonly parent: string;
  readonly columns: readonly (readonly [child: string, parent: string])[];
}

/** How many rows of a table, or of those that refer to it, point at rows that are not there. */
export async function countBrokenReferences(
  connection: Connection,
  table: string,
  signal: AbortSignal,
): Promise<number> {
  const turns = createTurns(signal);
  const related = new Set<string>([table]);
  const tables = connection.query("select cast(name as blob) from sqlite_master where type = 'table'");
  for (const [value] of tables) {
    const name = connection.decode(value);
    const refers = connection.query(
      `select count(*) from pragma_foreign_key_list(${quotedText(name)}) where "table" = ? collate nocase`,
      [table],
    );
    if (refers[0]?.[0] !== 0n) related.add(name);
  }
  let broken = 0;
  for (const name of related) {
    const child = findTable(connection, name);
    const references = referencesOf(connection, name);
    if (references?.length === 0) continue;
    if (references === undefined || child?.rowid === undefined) {
      const [row] = connection.query(`select count(*) from pragma_foreign_key_check(${quotedText(name)})`);
      broken += Number(row?.[0] ?? 0);
    } else {
      for (const reference of references)
        broken += await countBroken(connection, child, child.rowid, reference, signal);
    }
    await turns.give();
  }
  return broken;
}

/** As `pragma foreign_key_check` does it, which is one statement: 0.4 s for two million rows (November 2026). */
async function countBroken(
  connection: Connection,
  child: TableInfo,
  rowid: string,
  { parent, columns }: Reference,
  signal: AbortSignal,
): Promise<number> {
  const given = columns.map(([from]) => `c.${quoted(from)} is not null`).join(" and ");
  // With the plus, values are compared by the type and collation of the column that they refer to.
  const met = columns.map(([from, to]) => `p.${quoted(to)} = +c.${quoted(from)}`).join(" and ");
  const count = connection.prepare(
    `select count(*) from main.${quoted(child.name)} c where c.${rowid} between ? and ? and ${given} and not exists (select 1 from main.${quoted(parent)} p where ${met})`,
  );
  const ranges = rangesOfTable(connection, `main.${quoted(child.name)}`, rowid, signal);
  let broken = 0;
  await ranges((first, last) => {
    broken += Number(count.all([first, last])[0]?.[0] ?? 0);
  });
  return broken;
}

/** Undefined where one is not to a unique key that is there: what SQLite says of those is its own affair. */
function referencesOf(connection: Connection, table: string): readonly Reference[] | undefined {
  const rows = connection.query(
    `select id, cast("table" as blob), cast("from" as blob), cast("to" as blob), "to" is null from pragma_foreign_key_list(${quotedText(table)}) order by id, seq`,
  );
  const references: Reference[] = [];
  for (const id of new Set(rows.map(([number]) => number))) {
    const pairs = rows.filter(([number]) => number === id);
    const parent = findTable(connection, connection.decode(pairs[0]?.[1]));
    if (parent === undefined || parent.kind === "view") return undefined;
    const named = pairs.map((row, index) =>
      row[4] === 1n ? (parent.primaryKey[index] ?? "") : connection.decode(row[3]),
    );
    const isKey = [parent.primaryKey, ...parent.unique].some((key) => isSame(key, named));
    if (!isKey) return undefined;
    references.push({
      parent: parent.name,
      columns: pairs.map((row, index) => [connection.decode(row[2]), named[index] ?? ""]),
    });
  }
  return references;
}

function isSame(key: readonly string[], names: readonly string[]): boolean {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  return key.length === names.length && key.every((name) => wanted.has(name.toLowerCase()));
}
