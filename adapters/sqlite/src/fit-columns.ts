import { type Evolution, exactCommonType, parseType, type Schema, SluiceError, type TypeText } from "@sluice/core";
import { closest, type TableColumn, type TableInfo } from "./catalog.ts";
import { misfitOf } from "./types.ts";

/** What has to change of a table so that it takes the rows. */
export interface TableChanges {
  readonly added: readonly string[];
  readonly widened: readonly string[];
}

/**
 * The columns that a table lacks and those that are too narrow, where they may be changed; anything that does not fit is
 * refused.
 */
export function fitColumns(
  existing: TableInfo,
  schema: Schema,
  { mayAdd, mayWiden, evolve }: { readonly mayAdd: boolean; readonly mayWiden: boolean; readonly evolve: Evolution },
): TableChanges {
  const there = new Map(existing.columns.map((column) => [column.name.toLowerCase(), column]));
  const refuse = (column: string, message: string, hint: string): never => {
    throw new SluiceError("config", `table "${existing.name}": ${message}`, { offending: column, hint });
  };
  const added: string[] = [];
  const widened: string[] = [];
  for (const column of schema.columns) {
    const found = there.get(column.name.toLowerCase());
    if (found === undefined) {
      if (!mayAdd) refuse(column.name, `it has no column "${column.name}"`, hintOfMissing(existing, column.name));
      if (evolve === "fail") throw mayNotChange(existing.name, `no "${column.name}"`, column.name);
      added.push(column.name);
      continue;
    }
    if (found.generated) refuse(column.name, `"${column.name}" is computed by SQLite`, "leave it out of the step");
    const misfit = misfitOf(column.type, found.declared);
    if (misfit !== undefined) {
      refuse(
        column.name,
        `"${column.name}" is ${column.type} here, and the column ${misfit}`,
        "cast it, or load into another table",
      );
    }
    if (!isTooNarrow(column.type, found)) continue;
    if (mayWiden && evolve === "widen") widened.push(column.name);
    else {
      const hint = mayWiden
        ? 'say evolve: "widen" to make the column wider, or cast it'
        : "cast it, or change the table";
      refuse(column.name, `"${column.name}" is ${column.type} here, and the column is ${found.declared}`, hint);
    }
  }
  requireGiven(existing, schema, refuse);
  return { added, widened };
}

/** That a table would have to be changed, and may not be. */
export function mayNotChange(table: string, says: string, offending: string = table): SluiceError {
  return new SluiceError("config", `table "${table}" has other columns, and may not be changed: ${says}`, {
    offending,
    hint: 'give the step the same columns, or allow the change: evolve: "add" or "widen"',
  });
}

/** Integers of all widths are declared alike; of decimals the declaration says how many digits there are. */
function isTooNarrow(type: TypeText, { declared }: TableColumn): boolean {
  const [, stored] = /^TEXT (DECIMAL\(\d+,\d+\))$/i.exec(declared) ?? [];
  if (stored === undefined) return false;
  const given = parseType(type).kind === "uint64" ? "decimal(20,0)" : type;
  if (parseType(given).kind !== "decimal") return false;
  return exactCommonType(stored.toLowerCase(), given) !== stored.toLowerCase();
}

function hintOfMissing({ columns, name }: TableInfo, column: string): string {
  const close = closest(
    column,
    columns.map((other) => other.name),
  );
  if (close !== undefined) return `did you mean "${close}"?`;
  return `add it to the table, leave it out of the step, or say takeOver: "${name}" to let it be added`;
}

function requireGiven(
  existing: TableInfo,
  schema: Schema,
  refuse: (column: string, message: string, hint: string) => void,
): void {
  const given = new Set(schema.columns.map((column) => column.name.toLowerCase()));
  for (const column of existing.columns) {
    if (given.has(column.name.toLowerCase()) || !column.notNull || column.hasDefault || column.generated) continue;
    if (existing.primaryKey.includes(column.name) && column.declared.toUpperCase() === "INTEGER") continue;
    refuse(column.name, `"${column.name}" must not be null, and the step does not give it`, "add it to the step");
  }
}
