import type { ExistingTarget, TypeText } from "@sluice/core";
import { findTable } from "./catalog.ts";
import type { Connection } from "./client.ts";
import { isOurs } from "./commits.ts";
import { declaredType, isOpenNumeric, misfitOf, type PostgresType, readingOf } from "./types.ts";

/** What the table that is there would take for columns of these names. */
export async function existingTarget(
  connection: Connection,
  name: { readonly schema: string; readonly table: string },
  columns: readonly string[],
): Promise<ExistingTarget | undefined> {
  const table = await findTable(connection, name);
  if (table === undefined) return undefined;
  const asked = table.columns.filter((column) => columns.includes(column.name));
  const types = new Map<string, TypeText>();
  const others = new Map<string, string>();
  for (const { name: column, type } of asked) {
    const taken = takenBy(type);
    if (taken === undefined) others.set(column, type.shown);
    else types.set(column, taken);
  }
  return { types, others, made: await isOurs(connection, name, table.oid) };
}

/** The type whose values a column takes as they are, so that it stays what it is. */
function takenBy(column: PostgresType): TypeText | undefined {
  const item = /^_(.+)$/.exec(column.name)?.[1];
  const { type: read } = readingOf(column);
  const likely =
    column.name === "interval"
      ? "interval"
      : isOpenNumeric(column)
        ? "decimal(38,0)"
        : column.category === "A" && item !== undefined
          ? `list<${readingOf({ ...column, name: item, category: "X" }).type}>`
          : read;
  return fits(likely, column) ? likely : undefined;
}

function fits(type: TypeText, column: PostgresType): boolean {
  return declaredType(type) === column.shown || misfitOf(type, column) === undefined;
}
