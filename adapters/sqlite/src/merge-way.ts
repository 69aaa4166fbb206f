import type { Schema } from "@sluice/core";
import { columnList, findTable, type TableInfo } from "./catalog.ts";
import { type Connection, quoted } from "./client.ts";
import { type Ranges, rangesOf, rangesOfTable } from "./ranges.ts";

/** The rows to merge lie in a scratch database of their own, in the table `rows`: its pages need no journal and no sync. */
export const BATCH = "sluice_batch";
export const ROWS = `${BATCH}.rows`;
/** Their keys in order, as `k0`, `k1` and so on, each with the number of its row. */
export const KEYS = `${BATCH}.keys`;
/** The numbers of those whose key the target holds. */
export const PRESENT = `${BATCH}.present`;

/** How rows and target meet: statements with the first and last row number of a range as parameters. */
export interface MergeWay {
  readonly ranges: Ranges;
  /** Fills `PRESENT`; a constraint breaks where the target holds a key twice. */
  readonly present: string;
  /** Updates what differs; absent where there is nothing but the key. */
  readonly update: string | undefined;
  /** Inserts what is not in `PRESENT`, by ranges of the rows to merge. */
  readonly insert: string;
  /** Whether a row updated in one range may be met again in another, so that all are found before any is updated. */
  readonly movesRows: boolean;
}

/**
 * Goes through the target's rows, or through those to merge where an index finds the few that they meet. Which lookups
 * are quick depends on indexes, affinities and collations, so SQLite's own plan is asked: a range that reads a whole
 * table, or builds an index for itself, would do so again and again. Where neither is quick, all is one statement.
 */
export function chooseWay(
  connection: Connection,
  table: string,
  schema: Schema,
  key: readonly string[],
  rows: number,
  signal: AbortSignal,
): MergeWay {
  const target = `main.${quoted(table)}`;
  const info = findTable(connection, table);
  const others = schema.columns.map((column) => column.name).filter((name) => !key.includes(name));
  const set = others.map((name) => `${quoted(name)} = b.${quoted(name)}`).join(", ");
  const differs = others.length === 0 ? "" : anyDiffers(others);
  // An update may set the row number itself, and a trigger may do anything.
  const triggers = hasTriggers(connection, table);
  const movesRows = others.some((name) => isRowNumber(info, name)) || triggers;
  const orFail = triggers || resolvesConflicts(connection, table) ? "" : "or fail ";
  const names = columnList(schema.columns.map((column) => column.name));
  const common = {
    movesRows,
    insert: `insert ${orFail}into ${target} (${names}) select ${names} from ${ROWS} b where b.rowid between ? and ? and b.rowid not in (select number from ${PRESENT}) order by b.rowid`,
  };
  const updating = (sql: string): string | undefined => (others.length === 0 ? undefined : sql);
  // With the plus, SQLite does not look a row number up where a range of them is to be gone through.
  const sameKey = key
    .map((name, index) => `${isRowNumber(info, name) ? "+" : ""}t.${quoted(name)} = k.k${index}`)
    .join(" and ");
  const sameRow = key.map((name) => `t.${quoted(name)} = b.${quoted(name)}`).join(" and ");
  const isQuick = (way: MergeWay, ranged: string, other: string): boolean =>
    [way.present, way.update].every((sql) => sql === undefined || looksUp(connection, sql, ranged, other, key.length));

  const byTarget = (rowid: string): MergeWay => ({
    ...common,
    ranges: rangesOfTable(connection, target, rowid, signal),
    // Not indexed: by its index, a row of the target would be looked up for each key there is.
    present: `insert into ${PRESENT} select k.number from ${target} t not indexed cross join ${KEYS} k on ${sameKey} where t.${rowid} between ? and ?`,
    update: updating(
      `update ${orFail}${target} as t not indexed set ${set} from ${KEYS} k cross join ${ROWS} b where t.${rowid} between ? and ? and ${sameKey} and b.rowid = k.number and ${differs}`,
    ),
  });
  const byRows: MergeWay = {
    ...common,
    ranges: rangesOf(rows, signal),
    present: `insert into ${PRESENT} select b.rowid from ${ROWS} b cross join ${target} t on ${sameRow} where b.rowid between ? and ?`,
    update: updating(
      `update ${orFail}${target} as t set ${set} from ${ROWS} b where b.rowid between ? and ? and ${sameRow} and ${differs}`,
    ),
  };
  const whole: MergeWay = {
    ...common,
    ranges: async (work) => work(0n, 1n),
    present: `insert into ${PRESENT} select k.number from ${KEYS} k join ${target} t on ${sameKey} where ? < ?`,
    update: updating(
      `update ${orFail}${target} as t set ${set} from ${KEYS} k join ${ROWS} b on b.rowid = k.number where ? < ? and ${sameKey} and ${differs}`,
    ),
  };
  const few = info?.rowid === undefined || rows * 2 < mostRows(connection, target, info.rowid);
  const quickByRows = canExplain(connection, table) && isQuick(byRows, "b", "t");
  if (few && quickByRows) return byRows;
  if (info?.rowid !== undefined) {
    const way = byTarget(info.rowid);
    if (isQuick(way, "t", "k")) return way;
  }
  return quickByRows ? byRows : whole;
}

/**
 * Whether SQLite takes a range of one table and looks up the whole key in the other, by an index that is there: one of
 * the key's first columns alone may find half of the table for each row.
 */
function looksUp(connection: Connection, sql: string, ranged: string, other: string, columns: number): boolean {
  const plan = connection.explain(sql, [0n, 0n]).filter((line) => /^(SEARCH|SCAN) /.test(line));
  const [first = "", second = ""] = plan;
  if (!first.startsWith(`SEARCH ${ranged} USING INTEGER PRIMARY KEY (`)) return false;
  return second.startsWith(`SEARCH ${other} `) && !second.includes("AUTOMATIC") && second.split("=?").length > columns;
}

/** A plan names indexes, and the driver ends the process over a name that is not UTF-8. */
function canExplain(connection: Connection, table: string): boolean {
  return connection
    .query("select cast(name as blob) from sqlite_master where type = 'index' and tbl_name = ? collate nocase", [table])
    .every(([name]) => !connection.decode(name).includes("\uFFFD"));
}

function isRowNumber(info: TableInfo | undefined, name: string): boolean {
  const [only = "", ...more] = info?.primaryKey ?? [];
  return more.length === 0 && only.toLowerCase() === name.toLowerCase();
}

/**
 * Whether the table says itself what a broken constraint does. Where it does not, statements say `or fail`: a failed
 * load is taken back as a whole, so none needs to be undone by itself. SQLite would save each page for that, once in
 * every range: with keys in no order, a million inserts by ranges took 4.0 s so and 2.4 s at once (November 2026).
 */
function resolvesConflicts(connection: Connection, table: string): boolean {
  const [row] = connection.query(
    "select exists (select 1 from sqlite_master where type = 'table' and name = ? collate nocase and sql like '%conflict%')",
    [table],
  );
  return row?.[0] === 1n;
}

function hasTriggers(connection: Connection, table: string): boolean {
  const [row] = connection.query(
    "select exists (select 1 from sqlite_master where type = 'trigger' and tbl_name = ? collate nocase)",
    [table],
  );
  return row?.[0] === 1n;
}

/** At least as many as there are, and quick to tell. */
function mostRows(connection: Connection, target: string, rowid: string): number {
  const [[least, greatest] = []] = connection.query(
    `select (select min(${rowid}) from ${target}), (select max(${rowid}) from ${target})`,
  );
  return least === null || greatest === null ? 0 : Number(greatest) - Number(least) + 1;
}

/** A balanced tree: SQLite allows 1,000 levels, and a table 2,000 columns. */
function anyDiffers(names: readonly string[]): string {
  const [only] = names;
  if (names.length === 1 && only !== undefined) return `t.${quoted(only)} is not b.${quoted(only)}`;
  const middle = names.length >> 1;
  return `(${anyDiffers(names.slice(0, middle))} or ${anyDiffers(names.slice(middle))})`;
}
