import { type Schema, SluiceError } from "@sluice/core";
import { columnList } from "./catalog.ts";
import { type Connection, quoted } from "./client.ts";
import { isConstraint } from "./errors.ts";
import { showValue } from "./insert.ts";

/** The rows to merge lie in a scratch database of their own, in the table `rows`: its pages need no journal and no sync. */
export const BATCH = "sluice_batch";
const ROWS = `${BATCH}.rows`;
const PRESENT = `${BATCH}.present`;

/**
 * Refuses null and duplicate keys among the rows to merge, and makes their key quick to look up.
 *
 * @throws SluiceError `data` with an example
 */
export function requireKeys(connection: Connection, key: readonly string[], table: string): void {
  const isNull = key.map((name) => `${quoted(name)} is null`).join(" or ");
  const [found] = connection.query(`select count(*), min(rowid) from ${ROWS} where ${isNull}`);
  const nulls = Number(found?.[0] ?? 0);
  if (nulls > 0) {
    const example = keyExample(connection, ROWS, key, `where rowid = ${found?.[1]}`);
    throw new SluiceError(
      "data",
      `${nulls} of the rows to merge into "${table}" have a null key, for example ${example}`,
      {
        offending: example,
        reason: "null-key",
        hint: `filter rows whose ${key.join(" or ")} is null, or add the check notNull`,
      },
    );
  }
  try {
    connection.exec(`create unique index ${BATCH}.key on rows (${columnList(key)})`);
  } catch (error) {
    if (!isConstraint(error)) throw error;
    const example = keyExample(connection, ROWS, key, `group by ${columnList(key)} having count(*) > 1`);
    throw new SluiceError("data", `several rows to merge into "${table}" have the same key ${example}`, {
      cause: error,
      offending: example,
      reason: "duplicate-key",
      hint: `deduplicate the rows by ${key.join(", ")}, or add the check unique`,
    });
  }
}

function keyExample(connection: Connection, from: string, key: readonly string[], rest: string): string {
  const columns = key.map((name) => `cast(${quoted(name)} as blob), typeof(${quoted(name)})`).join(", ");
  const [row = []] = connection.query(`select ${columns} from ${from} ${rest} limit 1`);
  const values = key.map((name, index) => {
    const value = row[index * 2] ?? null;
    return `${name}: ${row[index * 2 + 1] === "blob" || value === null ? showValue(value) : showValue(connection.decode(value))}`;
  });
  return `{ ${values.join(", ")} }`;
}

export interface MergeCounts {
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
}

/** Updates what differs, inserts what is new, leaves alone what is equal. */
export function mergeRows(
  connection: Connection,
  table: string,
  schema: Schema,
  key: readonly string[],
  rows: number,
): MergeCounts {
  const target = `main.${quoted(table)}`;
  const sameKey = key.map((name) => `t.${quoted(name)} = b.${quoted(name)}`).join(" and ");
  const others = schema.columns.map((column) => column.name).filter((name) => !key.includes(name));
  // Which rows are there already is asked once, by a join whose order SQLite chooses: the table may have no index.
  connection.exec(`create table ${PRESENT} (number integer primary key)`);
  try {
    connection.exec(`insert into ${PRESENT} select b.rowid from ${ROWS} b join ${target} t on ${sameKey}`);
  } catch (error) {
    if (!isConstraint(error)) throw error;
    const again = `where rowid in (select b.rowid from ${ROWS} b join ${target} t on ${sameKey} group by b.rowid having count(*) > 1)`;
    const example = keyExample(connection, ROWS, key, again);
    throw new SluiceError("data", `table "${table}" holds several rows with the key ${example}`, {
      cause: error,
      offending: example,
      reason: "duplicate-key",
      hint: "remove them, or merge by columns that tell rows apart",
    });
  }
  let updated = 0;
  if (others.length > 0) {
    const set = others.map((name) => `${quoted(name)} = b.${quoted(name)}`).join(", ");
    const differs = anyDiffers(others);
    updated = connection
      .prepare(`update ${target} as t set ${set} from ${ROWS} b where ${sameKey} and ${differs}`)
      .run([]);
  }
  const names = columnList(schema.columns.map((column) => column.name));
  const inserted = connection
    .prepare(
      `insert into ${target} (${names}) select ${names} from ${ROWS} b where b.rowid not in (select number from ${PRESENT}) order by b.rowid`,
    )
    .run([]);
  return { inserted, updated, unchanged: rows - inserted - updated };
}

/** A balanced tree: SQLite allows 1,000 levels, and a table 2,000 columns. */
function anyDiffers(names: readonly string[]): string {
  const [only] = names;
  if (names.length === 1 && only !== undefined) return `t.${quoted(only)} is not b.${quoted(only)}`;
  const middle = names.length >> 1;
  return `(${anyDiffers(names.slice(0, middle))} or ${anyDiffers(names.slice(middle))})`;
}

/**
 * The unique index of a key on a table of ours, without which each merge would read the whole table. Indexes of earlier
 * keys go: they would forbid rows that are right now.
 */
export function keepKeyIndex(connection: Connection, table: string, key: readonly string[] | undefined): void {
  const wanted = key === undefined ? undefined : `_sluice_key_${JSON.stringify([table, ...key])}`;
  const indexes = connection
    .query("select cast(name as blob) from sqlite_master where type = 'index' and tbl_name = ? collate nocase", [table])
    .map(([value]) => connection.decode(value));
  for (const index of indexes) {
    if (index.startsWith("_sluice_key_") && index !== wanted) connection.exec(`drop index main.${quoted(index)}`);
  }
  if (key === undefined || wanted === undefined || indexes.includes(wanted)) return;
  try {
    connection.exec(`create unique index main.${quoted(wanted)} on ${quoted(table)} (${columnList(key)})`);
  } catch (error) {
    if (!isConstraint(error)) throw error;
    throw new SluiceError("data", `table "${table}" already holds several rows with the same ${key.join(", ")}`, {
      cause: error,
      offending: key.join(", "),
      reason: "duplicate-key",
      hint: "remove them, or merge by columns that tell rows apart",
    });
  }
}
