import { type Schema, storedSchema } from "@sluice/core";
import { columnList, findTable, type TableInfo } from "./catalog.ts";
import { type Connection, quoted } from "./client.ts";
import { newerCondition } from "./newer.ts";
import { type Ranges, rangesOf, rangesOfTable } from "./ranges.ts";

/** The rows to merge lie in a scratch database of their own, in the table `rows`: its pages need no journal and no sync. */
export const BATCH = "sluice_batch";
export const ROWS = `${BATCH}.rows`;
/** Their keys in order, as `k0`, `k1` and so on, each with the number of its row. */
export const KEYS = `${BATCH}.keys`;
/** The numbers of those whose key the target holds. */
export const PRESENT = `${BATCH}.present`;

/** What a merge does beside inserting; for `insert-only` nothing. */
export interface MergeRules {
  readonly key: readonly string[];
  readonly updates: boolean;
  readonly deleteFlag?: string;
  readonly newerBy?: string;
}

/** A statement with the first and last number of a range as parameters, and its ranges. */
export interface RangedStatement {
  readonly sql: string;
  readonly ranges: Ranges;
}

/** How rows and target meet: statements with the first and last row number of a range as parameters. */
export interface MergeWay {
  readonly ranges: Ranges;
  /** Fills `PRESENT`; a constraint breaks where the target holds a key twice, unless nothing is to be updated. */
  readonly present: string;
  /** Deletes what the flag says; absent where there is none. It goes through all rows at once where `ranges` cannot. */
  readonly remove: RangedStatement | undefined;
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
  rules: MergeRules,
  rows: number,
  signal: AbortSignal,
): MergeWay {
  const { key, deleteFlag, updates } = rules;
  const target = `main.${quoted(table)}`;
  const info = findTable(connection, table);
  const stored = storedSchema(schema, rules);
  const columns = stored.columns.map((column) => column.name);
  const others = columns.filter((name) => !key.includes(name));
  const set = others.map((name) => `${quoted(name)} = b.${quoted(name)}`).join(", ");
  const isNewer = newerCondition(schema, rules.newerBy);
  const isGone = deleteFlag === undefined ? "0" : `coalesce(b.${quoted(deleteFlag)}, 0)`;
  const stays = deleteFlag === undefined ? "" : ` and not ${isGone}`;
  const goes = `${isGone}${isNewer}`;
  const differs = others.length === 0 ? "" : `${anyDiffers(others)}${isNewer}${stays}`;
  // An update may set the row number itself, and a trigger may do anything.
  const triggers = hasTriggers(connection, table);
  const movesRows = others.some((name) => isRowNumber(info, name)) || triggers;
  const orFail = triggers || resolvesConflicts(connection, table) ? "" : "or fail ";
  const names = columnList(columns);
  // Two stored rows of one key are an error where one of them would be updated.
  const intoPresent = updates ? "insert into" : "insert or ignore into";
  const common = {
    movesRows,
    insert: `insert ${orFail}into ${target} (${names}) select ${names} from ${ROWS} b where b.rowid between ? and ?${stays} and b.rowid not in (select number from ${PRESENT}) order by b.rowid`,
  };
  const updating = (sql: string): string | undefined => (others.length === 0 || !updates ? undefined : sql);
  const removing = (sql: string, ranges: Ranges): MergeWay["remove"] =>
    deleteFlag === undefined ? undefined : { sql, ranges };
  const once: Ranges = async (work) => work(0n, 1n);
  // With the plus, SQLite does not look a row number up where a range of them is to be gone through.
  const sameKey = key
    .map((name, index) => `${isRowNumber(info, name) ? "+" : ""}t.${quoted(name)} = k.k${index}`)
    .join(" and ");
  const sameRow = key.map((name) => `t.${quoted(name)} = b.${quoted(name)}`).join(" and ");
  const isQuick = (way: MergeWay, ranged: string, other: string): boolean =>
    [way.present, way.update].every((sql) => sql === undefined || looksUp(connection, sql, ranged, other, key.length));

  const toRemove = `select 1 from ${KEYS} k cross join ${ROWS} b on b.rowid = k.number where ${sameKey} and ${goes}`;
  const removeAtOnce = removing(`delete from ${target} as t where ? < ? and exists (${toRemove})`, once);

  const byTarget = (rowid: string): MergeWay => ({
    ...common,
    ranges: rangesOfTable(connection, target, rowid, signal),
    remove: removing(
      `delete from ${target} as t not indexed where t.${rowid} between ? and ? and exists (${toRemove})`,
      rangesOfTable(connection, target, rowid, signal),
    ),
    // Not indexed: by its index, a row of the target would be looked up for each key there is.
    present: `${intoPresent} ${PRESENT} select k.number from ${target} t not indexed cross join ${KEYS} k on ${sameKey} where t.${rowid} between ? and ?`,
    update: updating(
      `update ${orFail}${target} as t not indexed set ${set} from ${KEYS} k cross join ${ROWS} b where t.${rowid} between ? and ? and ${sameKey} and b.rowid = k.number and ${differs}`,
    ),
  });
  const byRows: MergeWay = {
    ...common,
    ranges: rangesOf(rows, signal),
    remove:
      info?.rowid === undefined
        ? removeAtOnce
        : removing(
            `delete from ${target} where ${info.rowid} in (select t.${info.rowid} from ${ROWS} b cross join ${target} t on ${sameRow} where b.rowid between ? and ? and ${goes})`,
            rangesOf(rows, signal),
          ),
    present: `${intoPresent} ${PRESENT} select b.rowid from ${ROWS} b cross join ${target} t on ${sameRow} where b.rowid between ? and ?`,
    update: updating(
      `update ${orFail}${target} as t set ${set} from ${ROWS} b where b.rowid between ? and ? and ${sameRow} and ${differs}`,
    ),
  };
  const whole: MergeWay = {
    ...common,
    ranges: once,
    remove: removeAtOnce,
    present: `${intoPresent} ${PRESENT} select k.number from ${KEYS} k join ${target} t on ${sameKey} where ? < ?`,
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
export function looksUp(connection: Connection, sql: string, ranged: string, other: string, columns: number): boolean {
  const plan = connection.explain(sql, [0n, 0n]).filter((line) => /^(SEARCH|SCAN) /.test(line));
  const [first = "", second = ""] = plan;
  if (!first.startsWith(`SEARCH ${ranged} USING INTEGER PRIMARY KEY (`)) return false;
  return second.startsWith(`SEARCH ${other} `) && !second.includes("AUTOMATIC") && second.split("=?").length > columns;
}

/**
 * How stored rows are found whose key did not arrive: a range of them at a time, where their key is looked up quickly; else
 * all at once.
 */
export function chooseMissing(
  connection: Connection,
  table: string,
  key: readonly string[],
  signal: AbortSignal,
): RangedStatement {
  const target = `main.${quoted(table)}`;
  const info = findTable(connection, table);
  const sameKey = key
    .map((name, index) => `${isRowNumber(info, name) ? "+" : ""}t.${quoted(name)} = k.k${index}`)
    .join(" and ");
  const arrived = `select 1 from ${KEYS} k where ${sameKey}`;
  if (info?.rowid === undefined) {
    const sql = `delete from ${target} as t where ? < ? and not exists (${arrived})`;
    return { sql, ranges: async (work) => work(0n, 1n) };
  }
  const inRange = `t.${info.rowid} between ? and ?`;
  const met = `select t.${info.rowid} from ${target} t not indexed cross join ${KEYS} k on ${sameKey} where ${inRange}`;
  if (looksUp(connection, met, "t", "k", key.length)) {
    const sql = `delete from ${target} as t not indexed where ${inRange} and not exists (${arrived})`;
    return { sql, ranges: rangesOfTable(connection, target, info.rowid, signal) };
  }
  const sql = `delete from ${target} where ? < ? and ${info.rowid} not in (select t.${info.rowid} from ${KEYS} k join ${target} t on ${sameKey})`;
  return { sql, ranges: async (work) => work(0n, 1n) };
}

/** A plan names indexes, and the driver ends the process over a name that is not UTF-8. */
export function canExplain(connection: Connection, table: string): boolean {
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
