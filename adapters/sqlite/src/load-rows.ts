import type { Cell, CommitResult, LoadMode, StageRequest } from "@sluice/core";
import { type Connection, quoted } from "./client.ts";
import { insertRows } from "./insert.ts";
import { keepKeyIndex, mergeRows, refuseNulls, requireKeys } from "./merge.ts";
import { ROWS } from "./merge-way.ts";
import { replaceParts } from "./replace-parts.ts";
import { createTableSql, type TargetPlan } from "./target-table.ts";

/** Whether a mode compares what arrives with what is there, so that it first lies in a scratch database. */
export function needsBatch(mode: LoadMode): boolean {
  return mode !== "append" && mode !== "replace";
}

/** Rows into a table that has room for them, by the mode of the load. */
export async function loadRows(
  connection: Connection,
  plan: TargetPlan,
  request: StageRequest,
  rows: AsyncIterable<readonly (readonly Cell[])[]>,
): Promise<Omit<CommitResult, "repeated">> {
  const { schema, mode, key, signal } = request;
  const { table, made } = plan;
  if (!needsBatch(mode)) {
    if (made && plan.way === "keep") keepKeyIndex(connection, table, undefined);
    return { inserted: await insertRows(connection, `main.${quoted(table)}`, schema, rows, signal) };
  }
  // Of rows that are only compared, nothing has to be there.
  const columns = schema.columns.map((column) => ({ ...column, nullable: true }));
  connection.exec(createTableSql(ROWS, { columns }));
  const total = await insertRows(connection, ROWS, schema, rows, signal);
  if (mode === "overwrite") {
    if (made) keepKeyIndex(connection, table, undefined);
    const parts = { columns: request.partitions ?? [], withNulls: true };
    return replaceParts(connection, table, schema, parts, total, signal);
  }
  if (mode === "delete+insert") {
    await refuseNulls(connection, table, key, total, signal);
    if (made) keepKeyIndex(connection, table, key, { unique: false });
    return replaceParts(connection, table, schema, { columns: key, withNulls: false }, total, signal);
  }
  await requireKeys(connection, table, schema, key, total, signal);
  const updates = mode === "merge";
  if (made) keepKeyIndex(connection, table, key, { unique: updates });
  const { deleteFlag, newerBy, missing } = request;
  const rules = {
    key,
    updates,
    ...(deleteFlag === undefined ? {} : { deleteFlag }),
    ...(newerBy === undefined ? {} : { newerBy }),
    ...(missing === undefined ? {} : { missing }),
  };
  return mergeRows(connection, table, schema, rules, total, signal);
}
