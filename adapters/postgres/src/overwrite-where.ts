import {
  type CommitResult,
  type Expression,
  familyOf,
  parseType,
  printExpression,
  rowsOutside,
  SluiceError,
  type StageRequest,
  type TypeText,
  walkExpression,
} from "@sluice/core";
import { changeAll, insertAll, mayLeaveOut } from "./change-all.ts";
import type { Connection } from "./client.ts";
import { type FilterColumn, filterSql } from "./filter.ts";
import { madeType } from "./made-type.ts";
import { quotedTable, shownTable } from "./names.ts";
import type { TargetPlan } from "./target-table.ts";
import { isDeclared, isOpenNumeric, misfitOf, type PostgresType, readingOf } from "./types.ts";

/** The condition of an overwrite, as it was given and as PostgreSQL is asked for it. */
export interface AskedCondition {
  readonly where: Expression;
  readonly sql: string;
}

/**
 * The condition of a load over the columns of its target, as these will be once the table fits; undefined for loads that have none.
 *
 * @throws SluiceError `unsupported` where PostgreSQL cannot be asked exactly this
 */
export async function askedCondition(
  connection: Connection,
  plan: TargetPlan,
  { where, schema }: StageRequest,
): Promise<AskedCondition | undefined> {
  if (where === undefined) return undefined;
  const shown = shownTable(plan.name);
  const columns = new Map<string, FilterColumn>();
  walkExpression(where, (node) => {
    const column = node.kind === "column" ? schema.columns.find(({ name }) => name === node.name) : undefined;
    if (column === undefined) return;
    const kept = keptType(plan, column.name, column.type);
    if (!isAlike(kept, column.type)) {
      const message = `"${shown}" keeps "${column.name}" as ${kept.shown}, and where asks for ${column.type}`;
      const hint = "name other columns in where, or cast the column before the load";
      throw new SluiceError("unsupported", message, { offending: column.name, hint });
    }
    // The values of an enumeration are texts there, and compared as such.
    const type = parseType(column.type).kind === "enum" ? "string" : column.type;
    // A type of somebody's own may be called as one of PostgreSQL's; whether it is null can be asked all the same.
    columns.set(column.name, {
      frozen: { ...column, type },
      type: kept.kind === "b" ? kept : { ...kept, name: "" },
    });
  });
  const [[encoding] = []] = await connection.query("select current_setting('server_encoding')");
  const ask = (condition: Expression): string | undefined => {
    const { sql, isWhole } = filterSql(condition, columns, { isUtf8: encoding === "UTF8", isAlone: true });
    return isWhole ? sql : undefined;
  };
  const sql = ask(where);
  if (sql !== undefined) return { where, sql };
  const odd = printExpression(oddPart(where, ask));
  const more = encoding === "UTF8" ? "" : ` (texts have an order only in a database of UTF8, and this is ${encoding})`;
  throw new SluiceError("unsupported", `PostgreSQL cannot be asked exactly this of "${shown}": ${odd}`, {
    offending: odd,
    hint: `compare columns with constants by =, <, between, in or is null${more}; or overwrite by partitions, or delete+insert by a key`,
  });
}

/**
 * Refuses rows that do not meet the condition as they are stored: the next load would not replace them.
 *
 * @throws SluiceError `data` that says how many
 */
export async function assertInside(
  connection: Connection,
  plan: TargetPlan,
  { where, sql }: AskedCondition,
  { from, rows }: { readonly from: string; readonly rows: number },
): Promise<void> {
  const [[outside] = []] = await connection.query(`select count(*)::text from ${from} where (${sql}) is not true`);
  if (outside !== "0") throw rowsOutside(`"${shownTable(plan.name)}"`, { where, outside: Number(outside), rows });
}

/** Whatever is stored and meets the condition goes, and all that arrived comes. */
export async function overwriteWhere(
  connection: Connection,
  plan: TargetPlan,
  { sql }: AskedCondition,
): Promise<Pick<CommitResult, "inserted" | "deleted">> {
  const isWatched = await mayLeaveOut(connection, plan);
  const which = `${quotedTable(plan.name)} where ${sql}`;
  const deleted = await changeAll(connection, plan, { done: "deleted", sql: `delete from ${which}`, which, isWatched });
  return { deleted, inserted: await insertAll(connection, plan, isWatched) };
}

/** What a column is once the table fits: it is added, or made wider, where it is not as the load has it. */
function keptType({ existing }: TargetPlan, name: string, type: TypeText): PostgresType {
  const there = existing?.columns.find((column) => column.name === name)?.type;
  return there === undefined || misfitOf(type, there) !== undefined ? madeType(type) : there;
}

/** Whether values are of the same family there, so that comparisons mean the same. */
function isAlike(kept: PostgresType, type: TypeText): boolean {
  if (isDeclared(kept, type)) return true;
  const family = familyOf(parseType(type));
  return isOpenNumeric(kept) ? family === "decimal" : family === familyOf(parseType(readingOf(kept).type));
}

/** The smallest part that cannot be asked. */
function oddPart(condition: Expression, ask: (part: Expression) => string | undefined): Expression {
  if (condition.kind !== "call" || !["and", "or", "not"].includes(condition.name)) return condition;
  const odd = condition.arguments.find((part) => ask(part) === undefined);
  return odd === undefined ? condition : oddPart(odd, ask);
}
