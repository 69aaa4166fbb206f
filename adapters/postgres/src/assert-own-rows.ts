import { SluiceError, type StageRequest } from "@sluice/core";
import { OWN_TABLES } from "./change-all.ts";
import type { Connection } from "./client.ts";
import { ROW_SECURITY } from "./errors.ts";
import { shownTable } from "./names.ts";
import type { TargetPlan } from "./target-table.ts";

/** Rows that come again are deleted first by these, and what hangs on them goes with the old ones. */
const DELETING = ["replace", "delete+insert", "overwrite"];

const CASCADES = `select n.nspname, c.relname, k.confdeltype
from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
where k.contype = 'f' and k.conparentid = 0 and k.confrelid in (${OWN_TABLES}) and k.confdeltype in ('c', 'n', 'd')
  and ($2 or k.conrelid not in (${OWN_TABLES})) order by 1, 2 limit 1`;

/** Tables of their own whose rows a statement about the target reaches too. */
const CHILDREN = `select n.nspname, c.relname
from pg_inherits i join pg_class p on p.oid = i.inhparent join pg_class c on c.oid = i.inhrelid join pg_namespace n on n.oid = c.relnamespace
where i.inhparent = $1::oid and p.relkind = 'r' order by 1, 2 limit 1`;

/**
 * Refuses a table of which policies may hide rows: a load would leave alone what it does not see, and count without it.
 *
 * @throws SluiceError `unsupported`
 */
export async function assertSeesAll(connection: Connection, { name, existing }: TargetPlan): Promise<void> {
  if (existing === undefined) return;
  const [[hides] = []] = await connection.query("select row_security_active($1::oid)::text", [existing.oid]);
  if (hides !== "true") return;
  const shown = shownTable(name);
  const { code, hint, reason } = ROW_SECURITY;
  const message = `"${shown}" has row-level security, which may hide rows from the role of the connection`;
  throw new SluiceError(code, message, { offending: shown, reason, hint });
}

/**
 * To delete a row and insert it again is nothing to the table, and empties those that refer to it `on delete cascade`; of
 * tables that inherit from it, the rows would be deleted and come back as its own.
 *
 * @throws SluiceError `config` where rows of another table would go or change, and `takeOver` does not name the target
 */
export async function assertOwnRows(connection: Connection, plan: TargetPlan, request: StageRequest): Promise<void> {
  const { mode, takeOver } = request;
  const shown = shownTable(plan.name);
  if (plan.existing === undefined || !DELETING.includes(mode) || [plan.name.table, shown].includes(takeOver ?? ""))
    return;
  const [child] = await connection.query(CHILDREN, [plan.existing.oid]);
  if (child !== undefined) throw dependents(shown, mode, child, "inherits from", "would lose the rows of its own that");
  // Of a table that is emptied whole, no row is left that could refer to another.
  const [found] = await connection.query(CASCADES, [plan.existing.oid, String(mode !== "replace")]);
  if (found === undefined) return;
  const loses = found[2] === "c" ? "would lose the rows" : "would lose the references of the rows";
  throw dependents(shown, mode, found, "refers to", `${loses} that refer to what`);
}

function dependents(
  shown: string,
  mode: string,
  [schema, table]: readonly (string | null)[],
  hangs: string,
  loses: string,
): SluiceError {
  const other = shownTable({ schema: schema ?? "", table: table ?? "" });
  return new SluiceError(
    "config",
    `"${other}" ${hangs} "${shown}", and ${loses} a load with the mode "${mode}" deletes, be it inserted again`,
    {
      offending: other,
      reason: "dependents",
      hint: `load with the mode "merge" (missing: "delete" deletes what is gone); or, where that is meant, say takeOver: "${shown}"`,
    },
  );
}
