import { type Schema, SluiceError, type StageRequest } from "@sluice/core";
import { closest, findTable, type TableInfo } from "./catalog.ts";
import { type Connection, quoted } from "./client.ts";
import { isOurs } from "./commits.ts";
import { declaredType, misfitOf } from "./types.ts";

/** How the rows get in: into the table as it is, with columns added, or into a new one in its place. */
export interface TargetPlan {
  readonly table: string;
  readonly way: "keep" | "create" | "swap";
  /** Columns to add to a table of ours. */
  readonly added: readonly string[];
  /** Whether sluice made the table, or does now. */
  readonly made: boolean;
  readonly existing: TableInfo | undefined;
}

/**
 * Compares what is to be written with the table that is there.
 *
 * @throws SluiceError `config` or `unsupported` where it cannot take the rows
 */
export function planTarget(
  connection: Connection | undefined,
  table: string,
  request: Pick<StageRequest, "schema" | "mode">,
): TargetPlan {
  checkRequest(table, request);
  const existing = connection === undefined ? undefined : findTable(connection, table);
  if (connection === undefined || existing === undefined) {
    return { table, way: "create", added: [], made: true, existing: undefined };
  }
  if (existing.kind === "view") {
    throw new SluiceError("config", `"${existing.name}" is a view, and a load needs a table`, {
      offending: table,
      hint: "give the load another table name",
    });
  }
  const made = isOurs(connection, existing.name);
  const common = { table: existing.name, made, existing };
  if (request.mode === "replace") {
    if (isEqual(existing, request.schema)) return { ...common, way: "keep", added: [] };
    if (made) return { ...common, way: "swap", added: [] };
    throw new SluiceError(
      "config",
      `table "${existing.name}" was not made by sluice and has other columns: ${differences(existing, request.schema)}`,
      { offending: table, hint: "load into another table, give the step the same columns, or drop the table yourself" },
    );
  }
  const added = requireFit(existing, request.schema, made);
  return { ...common, way: "keep", added };
}

function checkRequest(table: string, request: Pick<StageRequest, "schema">): void {
  const { schema } = request;
  if (/^(sqlite_|_sluice_)/i.test(table)) {
    throw new SluiceError("config", `"${table}" is a reserved table name`, {
      offending: table,
      hint: "give it another name",
    });
  }
  if (schema.columns.length === 0) throw new SluiceError("config", `nothing to load into "${table}": no columns`);
  if (schema.columns.length > 2000) {
    throw new SluiceError(
      "unsupported",
      `a SQLite table has at most 2,000 columns, and this one has ${schema.columns.length}`,
    );
  }
  const folded = new Map<string, string>();
  for (const { name } of schema.columns) {
    const other = folded.get(name.toLowerCase());
    if (other !== undefined) {
      throw new SluiceError("config", `columns "${other}" and "${name}" have the same name in SQLite`, {
        offending: name,
        hint: "rename one of them",
      });
    }
    folded.set(name.toLowerCase(), name);
  }
}

function isEqual(existing: TableInfo, schema: Schema): boolean {
  if (existing.columns.length !== schema.columns.length) return false;
  return schema.columns.every((column, index) => {
    const there = existing.columns[index];
    return (
      there?.name === column.name &&
      !there.generated &&
      there.declared.toUpperCase() === declaredType(column.type) &&
      there.notNull === !column.nullable
    );
  });
}

function differences(existing: TableInfo, schema: Schema): string {
  const there = new Map(existing.columns.map((column) => [column.name, column]));
  const wanted = new Set(schema.columns.map((column) => column.name));
  const missing = schema.columns.filter((column) => !there.has(column.name)).map((column) => `no "${column.name}"`);
  const more = existing.columns
    .filter((column) => !wanted.has(column.name))
    .map((column) => `"${column.name}" besides`);
  const other = schema.columns.flatMap((column) => {
    const found = there.get(column.name);
    if (found === undefined) return [];
    const shape = `${declaredType(column.type)}${column.nullable ? "" : " NOT NULL"}`;
    const present = `${found.declared || "no type"}${found.notNull ? " NOT NULL" : ""}`;
    return present.toUpperCase() === shape ? [] : [`"${column.name}" is ${present}, not ${shape}`];
  });
  const all = [...missing, ...more, ...other];
  return all.length === 0 ? "the same ones in another order" : all.slice(0, 5).join(", ");
}

/** The columns that a table of ours lacks; anything else that does not fit is refused. */
function requireFit(existing: TableInfo, schema: Schema, made: boolean): readonly string[] {
  const there = new Map(existing.columns.map((column) => [column.name.toLowerCase(), column]));
  const refuse = (column: string, message: string, hint: string): never => {
    throw new SluiceError("config", `table "${existing.name}": ${message}`, { offending: column, hint });
  };
  const added: string[] = [];
  for (const column of schema.columns) {
    const found = there.get(column.name.toLowerCase());
    if (found === undefined) {
      if (!made) {
        const close = closest(
          column.name,
          existing.columns.map((other) => other.name),
        );
        const hint =
          close === undefined ? "add it to the table, or leave it out of the step" : `did you mean "${close}"?`;
        refuse(column.name, `it has no column "${column.name}"`, hint);
      }
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
  }
  const given = new Set(schema.columns.map((column) => column.name.toLowerCase()));
  for (const column of existing.columns) {
    if (given.has(column.name.toLowerCase()) || !column.notNull || column.hasDefault || column.generated) continue;
    if (existing.primaryKey.includes(column.name) && column.declared.toUpperCase() === "INTEGER") continue;
    refuse(column.name, `"${column.name}" must not be null, and the step does not give it`, "add it to the step");
  }
  return added;
}

/** `create table` for rows of the schema. */
export function createTableSql(qualified: string, schema: Schema): string {
  const columns = schema.columns.map(
    (column) => `${quoted(column.name)} ${declaredType(column.type)}${column.nullable ? "" : " NOT NULL"}`,
  );
  return `create table ${qualified} (${columns.join(", ")})`;
}
