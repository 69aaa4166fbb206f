import type { FrozenColumn } from "@sluice/core";
import type { TableColumn, TableInfo } from "./catalog.ts";
import type { Connection } from "./client.ts";
import { promiseOf, proposeType } from "./discover.ts";
import { affinityOf } from "./types.ts";

/**
 * The types of frozen columns whose table declares them otherwise now. What a column is read as is told by its values, so those of
 * such a column are looked at again; the values of others are each accepted or rejected by the type that is frozen.
 */
export async function typesNow(
  connection: Connection,
  table: TableInfo,
  frozen: readonly FrozenColumn[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const types = new Map<string, string>();
  for (const column of frozen) {
    const here = table.columns.find(({ name }) => name.toLowerCase() === column.name.toLowerCase());
    if (here === undefined || column.asFound !== true || !isOther(column, here)) continue;
    types.set(column.name, await proposeType(connection, table, here, signal));
  }
  return types;
}

function isOther({ declared, type }: FrozenColumn, here: TableColumn): boolean {
  if (declared !== undefined) return meaningOf(declared) !== meaningOf(here.declared);
  // Frozen by a version that kept no declarations: what it says is only what it cannot have been.
  return !mayBeFoundAs(here.declared, type);
}

/** What `sync` takes from a declaration. */
function meaningOf(declared: string): string {
  const word = declared.toUpperCase();
  return promiseOf(word) ?? affinityOf(word);
}

function mayBeFoundAs(declared: string, type: string): boolean {
  const word = declared.toUpperCase();
  const affinity = affinityOf(word);
  const isNumber = type === "float64" || (type === "int64" && affinity !== "REAL");
  return type === promiseOf(word) || type === "string" || (isNumber && affinity !== "TEXT");
}
