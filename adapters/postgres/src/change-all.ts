import { SluiceError } from "@sluice/core";
import { ROWS } from "./arriving-rows.ts";
import type { Connection } from "./client.ts";
import { columnList, quotedTable, shownTable } from "./names.ts";
import type { TargetPlan } from "./target-table.ts";

/** The table and its partitions, whose triggers and constraints are those of its rows. */
export const OWN_TABLES = "select relid from pg_partition_tree($1::oid) union select $1::oid";

/** Enabled, for each row, and before it; and rules, which take the place of a statement. */
const MAY_LEAVE_OUT = `select (exists (select from pg_trigger where tgrelid in (${OWN_TABLES}) and not tgisinternal and tgenabled <> 'D' and tgtype & 3 = 3)
  or exists (select from pg_rewrite where ev_class in (${OWN_TABLES}) and ev_type <> '1'))::text`;

/** Whether triggers or rules of the table may leave rows out of a statement without a word. */
export async function mayLeaveOut(connection: Connection, { existing }: TargetPlan): Promise<boolean> {
  if (existing === undefined) return false;
  const [[found] = []] = await connection.query(MAY_LEAVE_OUT, [existing.oid]);
  return found === "true";
}

/** A row that is in no table, or is still there, and that a load would count as done. */
export function leftOut(plan: TargetPlan, done: string, counts: { taken: number; expected: number }): SluiceError {
  const shown = shownTable(plan.name);
  const { taken, expected } = counts;
  return new SluiceError(
    "data",
    `"${shown}": ${taken} of ${expected} rows were ${done}, a trigger left the others out`,
    {
      offending: shown,
      reason: "left-out",
      hint: "filter such rows before the load, change the trigger, or load into a table beside it",
    },
  );
}

/** Changes the rows of a table, all that `which` counts where something may leave some out. */
export async function changeAll(
  connection: Connection,
  plan: TargetPlan,
  change: { readonly done: string; readonly sql: string; readonly which: string; readonly isWatched: boolean },
): Promise<number> {
  if (!change.isWatched) return await connection.run(change.sql);
  const [[counted] = []] = await connection.query(`select count(*)::text from ${change.which}`);
  const expected = Number(counted);
  const taken = await connection.run(change.sql);
  if (taken !== expected) throw leftOut(plan, change.done, { taken, expected });
  return taken;
}

/** Inserts every row that arrived. */
export async function insertAll(connection: Connection, plan: TargetPlan, isWatched: boolean): Promise<number> {
  const columns = columnList(plan.stored.columns.map((column) => column.name));
  const sql = `insert into ${quotedTable(plan.name)} (${columns}) select ${columns} from ${ROWS}`;
  return await changeAll(connection, plan, { done: "inserted", sql, which: ROWS, isWatched });
}
