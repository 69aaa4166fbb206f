import { closest, type Schema, SluiceError, type StageRequest, type TableName } from "@sluice/core";
import { findTable, type TableColumn, type TableInfo } from "./catalog.ts";
import type { Connection } from "./client.ts";
import { isOurs } from "./commits.ts";
import { quoted, quotedTable, shownTable } from "./names.ts";
import { declaredSql, isDeclared, isOutOfReach, isWider, misfitOf } from "./types.ts";

/** Where rows go, and what has to become of the table before. */
export interface TargetPlan {
  readonly name: { readonly schema: string; readonly table: string };
  /** The columns that are stored: all that arrive but the flag of deletions. */
  readonly stored: Schema;
  readonly existing: TableInfo | undefined;
  /** Whether sluice made the table, or does now. */
  readonly made: boolean;
  /** Statements that make the table fit, once it holds what it may keep. */
  readonly changes: readonly string[];
  /** Whether its rows go before the changes: their columns are others. */
  readonly isReshaped: boolean;
}

type Asked = Pick<StageRequest, "schema" | "mode" | "deleteFlag" | "evolve" | "takeOver">;

/** The schema that a table is in, or will be made in. */
export async function schemaOf(connection: Connection, table: TableName): Promise<string> {
  if (table.schema !== undefined) return table.schema;
  const found = await findTable(connection, table);
  if (found !== undefined) return found.name.schema ?? "public";
  const [[schema] = []] = await connection.query("select current_schema()");
  if (schema !== null && schema !== undefined) return schema;
  throw new SluiceError("config", `no schema of the search path is there for "${table.table}"`, {
    offending: table.table,
    hint: `name one: "public.${table.table}"`,
  });
}

/**
 * Compares what is to be written with the table that is there.
 *
 * @throws SluiceError `config` or `unsupported` where it cannot take the rows
 */
export async function planTarget(
  connection: Connection,
  name: { readonly schema: string; readonly table: string },
  asked: Asked,
): Promise<TargetPlan> {
  const stored = { columns: asked.schema.columns.filter((column) => column.name !== asked.deleteFlag) };
  checkNames(name, stored);
  const existing = await findTable(connection, name);
  const common = { name, stored, existing, isReshaped: false };
  if (existing === undefined) return { ...common, made: true, changes: [createTableSql(name, stored)] };
  const shown = shownTable(name);
  if (existing.kind === "view" || existing.kind === "materialized") {
    throw new SluiceError("config", `"${shown}" is a view, and a load needs a table`, {
      offending: shown,
      hint: "give the load another table name",
    });
  }
  const isNamed = asked.takeOver === name.table || asked.takeOver === shown;
  const made = isNamed || (await isOurs(connection, name, existing.oid));
  const differences = compare(existing, stored);
  const given = new Set(stored.columns.map((column) => column.name));
  const mayChange = made && asked.evolve !== "fail";
  if (asked.mode === "replace" && mayChange) {
    const isOther = differences.length > 0 || existing.columns.some((column) => !given.has(column.name));
    if (isOther) return { ...common, made, changes: reshape(existing, stored), isReshaped: true };
  }
  const changes = differences.flatMap((difference) => {
    const { change, message, offending, hint, isWidening = false, isSoft = false } = difference;
    if (change !== undefined && mayChange && (asked.evolve === "widen" || !isWidening)) return [change];
    // The table itself says where a null arrives.
    if (isSoft) return [];
    const advice =
      change === undefined
        ? hint
        : !made
          ? `${hint}; or let sluice change the table, which it did not make: takeOver: "${shown}"`
          : asked.evolve === "fail"
            ? `${hint}; evolve: "add" would add columns`
            : 'evolve: "widen" lets the load change the column, which may write the whole table anew';
    throw new SluiceError("config", `table "${shown}": ${message}`, { offending, hint: advice });
  });
  return { ...common, made, changes };
}

function checkNames(name: TableName, stored: Schema): void {
  const shown = shownTable(name);
  if (stored.columns.length === 0) throw new SluiceError("config", `nothing to load into "${shown}": no columns`);
  if (stored.columns.length > 1600) {
    throw new SluiceError(
      "unsupported",
      `a table of PostgreSQL has at most 1,600 columns, and this one ${stored.columns.length}`,
    );
  }
  const names = [name.schema ?? "", name.table, ...stored.columns.map((column) => column.name)];
  for (const one of names) {
    if (Buffer.byteLength(one) > 63) {
      throw new SluiceError("config", `PostgreSQL would cut the name "${one}" after 63 bytes`, {
        offending: one,
        hint: "give it a shorter name",
      });
    }
    if (one.includes("\u0000")) throw new SluiceError("config", "a name holds NUL, which PostgreSQL does not");
  }
  const odd = stored.columns.find((column) => SYSTEM_COLUMNS.includes(column.name));
  if (odd === undefined) return;
  throw new SluiceError("config", `every table of PostgreSQL has a column "${odd.name}" of its own`, {
    offending: odd.name,
    hint: "rename the column in the step",
  });
}

const SYSTEM_COLUMNS = ["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"];

interface Difference {
  readonly message: string;
  readonly offending: string;
  readonly hint: string;
  /** The clause of `alter table` that would mend it; absent where nothing does. */
  readonly change?: string;
  /** Whether that writes the table anew. */
  readonly isWidening?: boolean;
  /** Whether rows can be loaded all the same. */
  readonly isSoft?: boolean;
}

function compare(existing: TableInfo, stored: Schema): readonly Difference[] {
  const alter = `alter table ${quotedTable(existing.name)}`;
  const there = new Map(existing.columns.map((column) => [column.name, column]));
  const found: Difference[] = [];
  for (const { name, type, nullable } of stored.columns) {
    const column = there.get(name);
    if (column === undefined) {
      const close = closest(name, there.keys());
      const hint =
        close === undefined ? "add it to the table, or leave it out of the step" : `did you mean "${close}"?`;
      // Rows that are there have no value for it, whatever the step says.
      const change = `${alter} add column ${quoted(name)} ${declaredSql(type)}`;
      found.push({ message: `it has no column "${name}"`, offending: name, hint, change });
      continue;
    }
    if (column.generated) {
      const message = `"${name}" is computed by PostgreSQL`;
      found.push({ message, offending: name, hint: "leave it out of the step" });
      continue;
    }
    const misfit = misfitOf(type, column.type);
    if (misfit !== undefined) {
      const change = `${alter} alter column ${quoted(name)} type ${declaredSql(type)}`;
      found.push({
        message: `"${name}" is ${type} here, and the column ${misfit}`,
        offending: name,
        hint: isOutOfReach(column.type)
          ? "give the column another type in PostgreSQL, or load into another table"
          : "cast it in the step, or load into another table",
        ...(isWider(type, column.type) ? { change, isWidening: true } : {}),
      });
    }
    if (nullable && column.notNull && !existing.primaryKey.includes(name)) {
      const message = `"${name}" must not be null there, and may be here`;
      const change = `${alter} alter column ${quoted(name)} drop not null`;
      found.push({ message, offending: name, hint: "", change, isSoft: true });
    }
  }
  const given = new Set(stored.columns.map((column) => column.name));
  for (const column of existing.columns) {
    if (given.has(column.name) || !column.notNull || column.hasDefault || column.generated) continue;
    const message = `"${column.name}" must not be null, and the step does not give it`;
    const change = `${alter} alter column ${quoted(column.name)} drop not null`;
    const hint = "add it to the step";
    found.push({
      message,
      offending: column.name,
      hint,
      ...(existing.primaryKey.includes(column.name) ? {} : { change }),
    });
  }
  return found;
}

/**
 * A table of ours that holds other columns becomes the new one by changes and not by another in its place: so it keeps
 * grants, triggers, comments, its primary key, and the indexes of columns that stay.
 */
function reshape(existing: TableInfo, stored: Schema): readonly string[] {
  const alter = `alter table ${quotedTable(existing.name)}`;
  const wanted = new Set(stored.columns.map((column) => column.name));
  // What is computed cannot be given, and becomes a plain column in its place; it goes before what it is computed of.
  const gone = [
    ...existing.columns.filter(isComputed),
    ...existing.columns.filter((column) => !isComputed(column) && !wanted.has(column.name)),
  ];
  const there = new Map(existing.columns.filter((column) => !gone.includes(column)).map((one) => [one.name, one]));
  // A key stays with all of its columns or not at all.
  const key = existing.primaryKey.every((name) => there.has(name)) ? existing.primaryKey : [];
  const numbered: string[] = [];
  const clauses = stored.columns.flatMap(({ name, type, nullable }) => {
    const column = there.get(name);
    const declared = declaredSql(type);
    if (column === undefined) return [`add column ${quoted(name)} ${declared}${nullable ? "" : " not null"}`];
    const isOther = !isDeclared(column.type, type);
    const retyped = isOther ? [`alter column ${quoted(name)} type ${declared} using null`] : [];
    const isFreed = nullable && column.notNull && !key.includes(name);
    const nulls = isFreed ? ["drop"] : !nullable && !column.notNull ? ["set"] : [];
    // A column that numbers rows is a whole number and never null; one that always does takes no other numbers.
    const isNumbered = column.identity && (isOther || isFreed || column.generated);
    if (isNumbered) numbered.push(`alter column ${quoted(name)} drop identity`);
    const isDefault = isOther && column.hasDefault && !column.identity;
    const defaults = isDefault ? [`alter column ${quoted(name)} drop default`] : [];
    return [...defaults, ...retyped, ...nulls.map((word) => `alter column ${quoted(name)} ${word} not null`)];
  });
  const before = [...gone.map((column) => `drop column ${quoted(column.name)}`), ...numbered];
  // A statement of its own: within one, types change before numbering ends.
  return [before, clauses].filter((some) => some.length > 0).map((some) => `${alter} ${some.join(", ")}`);
}

function isComputed({ generated, identity }: TableColumn): boolean {
  return generated && !identity;
}

/** `create table` for rows of the schema. */
export function createTableSql(name: TableName, schema: Schema): string {
  const columns = schema.columns.map(
    (column) => `${quoted(column.name)} ${declaredSql(column.type)}${column.nullable ? "" : " not null"}`,
  );
  return `create table ${quotedTable(name)} (${columns.join(", ")})`;
}
