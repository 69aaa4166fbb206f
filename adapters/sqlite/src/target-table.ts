import { type ExistingTarget, type Schema, SluiceError, type StageRequest, storedSchema } from "@sluice/core";
import { findTable, type TableInfo } from "./catalog.ts";
import { type Connection, quoted } from "./client.ts";
import { isOurs } from "./commits.ts";
import { fitColumns, mayNotChange } from "./fit-columns.ts";
import { declaredType, typeDeclaredAs } from "./types.ts";

/** How the rows get in: into the table as it is, with columns added, or into a new one in its place. */
export interface TargetPlan {
  readonly table: string;
  readonly way: "keep" | "create" | "swap";
  /** Columns to add to a table of ours, or one taken over. */
  readonly added: readonly string[];
  /** Columns that get a wider type, for which the table is made anew. */
  readonly widened: readonly string[];
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
  request: Pick<StageRequest, "schema" | "mode" | "deleteFlag" | "evolve" | "takeOver" | "partitions">,
): TargetPlan {
  checkRequest(table, request);
  const schema = storedSchema(request.schema, request);
  const { evolve = "add", mode } = request;
  const existing = connection === undefined ? undefined : findTable(connection, table);
  if (connection === undefined || existing === undefined) {
    return { table, way: "create", added: [], widened: [], made: true, existing: undefined };
  }
  if (existing.kind === "view") {
    throw new SluiceError("config", `"${existing.name}" is a view, and a load needs a table`, {
      offending: table,
      hint: "give the load another table name",
    });
  }
  const isMade = isOurs(connection, existing.name);
  const isTaken = request.takeOver?.toLowerCase() === existing.name.toLowerCase();
  const common = { table: existing.name, added: [], widened: [], made: isMade, existing };
  if (mode === "replace") {
    if (isEqual(existing, schema)) return { ...common, way: "keep" };
    if (evolve === "fail") throw mayNotChange(existing.name, differences(existing, schema));
    if (isMade || isTaken) return { ...common, made: true, way: "swap" };
    throw new SluiceError(
      "config",
      `table "${existing.name}" was not made by sluice, or was made another since, and has other columns: ${differences(existing, schema)}`,
      {
        offending: table,
        hint: `load into another table, give the step the same columns, or say takeOver: "${existing.name}" to let it be dropped`,
      },
    );
  }
  const changes = fitColumns(existing, schema, { mayAdd: isMade || isTaken, mayWiden: isMade, evolve });
  return { ...common, ...changes, way: "keep" };
}

/** What the table that is there would take for columns of these names. */
export function existingTarget(
  connection: Connection | undefined,
  table: string,
  names: readonly string[],
): ExistingTarget | undefined {
  const existing = connection === undefined ? undefined : findTable(connection, table);
  if (connection === undefined || existing === undefined) return undefined;
  const there = new Map(existing.columns.map(({ name, declared }) => [name.toLowerCase(), declared]));
  const types = names.flatMap((name) => {
    const declared = there.get(name.toLowerCase());
    return declared === undefined ? [] : [[name, typeDeclaredAs(declared)] as const];
  });
  return { types: new Map(types), others: new Map(), made: isOurs(connection, existing.name) };
}

function checkRequest(table: string, request: Pick<StageRequest, "schema" | "mode" | "partitions">): void {
  const { schema, mode, partitions } = request;
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
  if (mode === "overwrite" && partitions === undefined) {
    throw new SluiceError("config", `the load into "${table}" overwrites, and does not say which partitions`, {
      hint: 'a SQLite table has none of its own: name the columns, partitions: ["day"]',
    });
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

/** `create table` for rows of the schema. */
export function createTableSql(qualified: string, schema: Schema): string {
  const columns = schema.columns.map(
    (column) => `${quoted(column.name)} ${declaredType(column.type)}${column.nullable ? "" : " NOT NULL"}`,
  );
  return `create table ${qualified} (${columns.join(", ")})`;
}
