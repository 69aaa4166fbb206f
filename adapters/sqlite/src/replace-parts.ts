import type { Schema } from "@sluice/core";
import { columnList, findTable } from "./catalog.ts";
import { type Connection, quoted } from "./client.ts";
import { BATCH, canExplain, looksUp, type RangedStatement, ROWS } from "./merge-way.ts";
import { rangesOf, rangesOfTable } from "./ranges.ts";
import { declaredType } from "./types.ts";

/** The keys or partitions that arrive, each once, as `k0`, `k1` and so on. */
const PARTS = `${BATCH}.parts`;

/** Which rows a load replaces: those that agree with one that arrives in these columns. */
export interface Parts {
  readonly columns: readonly string[];
  /** Whether null agrees with null. */
  readonly withNulls: boolean;
}

/**
 * Deletes the rows of the keys or partitions that arrive, then inserts those that do. Rows come in by `ROWS`; both go a
 * range at a time.
 */
export async function replaceParts(
  connection: Connection,
  table: string,
  schema: Schema,
  parts: Parts,
  rows: number,
  signal: AbortSignal,
): Promise<{ readonly inserted: number; readonly deleted: number }> {
  const target = `main.${quoted(table)}`;
  const count = await collectParts(connection, schema, parts, rows, signal);
  const { sql, ranges } = chooseRemoval(connection, table, parts, count, signal);
  const removing = connection.prepare(sql);
  let deleted = 0;
  await ranges((first, last) => {
    deleted += removing.run([first, last]);
  });
  const names = columnList(schema.columns.map((column) => column.name));
  const inserting = connection.prepare(
    `insert into ${target} (${names}) select ${names} from ${ROWS} where rowid between ? and ? order by rowid`,
  );
  let inserted = 0;
  const toInsert = rangesOf(rows, signal);
  await toInsert((first, last) => {
    inserted += inserting.run([first, last]);
  });
  return { inserted, deleted };
}

async function collectParts(
  connection: Connection,
  schema: Schema,
  { columns }: Parts,
  rows: number,
  signal: AbortSignal,
): Promise<number> {
  const types = new Map(schema.columns.map((column) => [column.name, declaredType(column.type)]));
  const keys = columns.map((_, index) => `k${index}`);
  const declared = columns.map((name, index) => `${keys[index]} ${types.get(name) ?? ""}`);
  connection.exec(
    `create table ${PARTS} (${declared.join(", ")}); create index ${PARTS}_key on parts (${keys.join(", ")})`,
  );
  // A unique index would take each null for another value.
  const isThere = columns.map((name, index) => `p.k${index} is b.${quoted(name)}`).join(" and ");
  const collecting = connection.prepare(
    `insert into ${PARTS} select distinct ${columnList(columns, "b.")} from ${ROWS} b where b.rowid between ? and ? and not exists (select 1 from ${PARTS} p where ${isThere})`,
  );
  let count = 0;
  const ranges = rangesOf(rows, signal);
  await ranges((first, last) => {
    count += collecting.run([first, last]);
  });
  return count;
}

/** Looks the few parts up in the target where an index finds them; else goes through the target. */
function chooseRemoval(
  connection: Connection,
  table: string,
  { columns, withNulls }: Parts,
  count: number,
  signal: AbortSignal,
): RangedStatement {
  const target = `main.${quoted(table)}`;
  const rowid = findTable(connection, table)?.rowid;
  const agree = columns.map((name, index) => `t.${quoted(name)} ${withNulls ? "is" : "="} k.k${index}`).join(" and ");
  if (rowid === undefined) {
    const sql = `delete from ${target} as t where ? < ? and exists (select 1 from ${PARTS} k where ${agree})`;
    return { sql, ranges: async (work) => work(0n, 1n) };
  }
  const found = `select t.${rowid} from ${PARTS} k cross join ${target} t on ${agree} where k.rowid between ? and ?`;
  if (canExplain(connection, table) && looksUp(connection, found, "k", "t", columns.length)) {
    return { sql: `delete from ${target} where ${rowid} in (${found})`, ranges: rangesOf(count, signal) };
  }
  const sql = `delete from ${target} as t not indexed where t.${rowid} between ? and ? and exists (select 1 from ${PARTS} k where ${agree})`;
  return { sql, ranges: rangesOfTable(connection, target, rowid, signal) };
}
