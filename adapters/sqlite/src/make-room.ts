import { type OpenContext, type Schema, type StageRequest, storedSchema } from "@sluice/core";
import { columnList, findTable } from "./catalog.ts";
import { type Connection, quoted } from "./client.ts";
import { createTableSql, type TargetPlan } from "./target-table.ts";
import { declaredType } from "./types.ts";

/** Creates, empties or swaps the table; `restore` gives a new one the indexes and triggers of the old. */
export function makeRoom(
  connection: Connection,
  plan: TargetPlan,
  request: StageRequest,
  context: OpenContext,
): { readonly deleted: number; readonly restore: () => void } {
  const table = `main.${quoted(plan.table)}`;
  const schema = storedSchema(request.schema, request);
  const nothing = (): void => {};
  if (plan.way === "create") {
    connection.exec(createTableSql(table, schema));
    return { deleted: 0, restore: nothing };
  }
  for (const name of plan.added) {
    const column = schema.columns.find((candidate) => candidate.name === name);
    // Rows that are there have no value for it, whatever the step says.
    const sql = createTableSql("t", { columns: column === undefined ? [] : [{ ...column, nullable: true }] });
    connection.exec(`alter table ${table} add column ${sql.slice("create table t (".length, -1)}`);
  }
  if (plan.widened.length > 0) return { deleted: 0, restore: widenTable(connection, plan, schema, context) };
  if (request.mode !== "replace") return { deleted: 0, restore: nothing };
  if (plan.way === "keep") return { deleted: connection.prepare(`delete from ${table}`).run([]), restore: nothing };
  const [[deleted] = []] = connection.query(`select count(*) from ${table}`);
  const restore = attachmentsOf(connection, plan.table, context);
  connection.exec(`drop table ${table}; ${createTableSql(table, schema)}`);
  return { deleted: Number(deleted), restore };
}

/** Makes a table of ours anew with wider types and its own rows: SQLite cannot change the type of a column. */
function widenTable(connection: Connection, plan: TargetPlan, schema: Schema, context: OpenContext): () => void {
  const info = findTable(connection, plan.table);
  const wider = new Map(schema.columns.map((column) => [column.name.toLowerCase(), declaredType(column.type)]));
  const widened = new Set(plan.widened.map((name) => name.toLowerCase()));
  const columns = (info?.columns ?? []).map(({ name, declared, notNull }) => {
    const type = widened.has(name.toLowerCase()) ? wider.get(name.toLowerCase()) : declared;
    return `${quoted(name)} ${type}${notNull ? " NOT NULL" : ""}`;
  });
  const restore = attachmentsOf(connection, plan.table, context);
  const aside = `main.${quoted(`_sluice_wide_${plan.table}`)}`;
  const names = columnList((info?.columns ?? []).map((column) => column.name));
  const order = info?.rowid === undefined ? "" : ` order by ${info.rowid}`;
  // A rename looks at views otherwise, and those of the table miss it at this moment.
  connection.exec(
    `create table ${aside} (${columns.join(", ")}); insert into ${aside} (${names}) select ${names} from main.${quoted(plan.table)}${order}; drop table main.${quoted(plan.table)}; pragma legacy_alter_table = on; alter table ${aside} rename to ${quoted(plan.table)}; pragma legacy_alter_table = off`,
  );
  return restore;
}

/** Gives a table that was made anew the indexes and triggers that it has now. */
function attachmentsOf(connection: Connection, table: string, context: OpenContext): () => void {
  const attached = connection
    .query(
      "select cast(sql as blob) from sqlite_master where tbl_name = ? collate nocase and type in ('index', 'trigger') and sql is not null and name not like '\\_sluice\\_%' escape '\\'",
      [table],
    )
    .map(([sql]) => connection.decode(sql));
  return () => {
    for (const sql of attached) {
      try {
        connection.exec(sql);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        context.log("warn", `table "${table}" has other columns now and lost an index or trigger (${reason}): ${sql}`);
      }
    }
  };
}
