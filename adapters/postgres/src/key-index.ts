import { createHash } from "node:crypto";
import { SluiceError, type StageRequest } from "@sluice/core";
import type { Connection } from "./client.ts";
import type { IndexSpec } from "./config.ts";
import { stateOf } from "./errors.ts";
import { columnList, quoted, quotedTable, shownTable } from "./names.ts";
import type { TargetPlan } from "./target-table.ts";

const KEYED = ["merge", "insert-only"];

function nameStart(prefix: string): string {
  return `_sluice_${prefix}_`;
}

function nameOf(prefix: string, parts: readonly string[]): string {
  return `${nameStart(prefix)}${createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16)}`;
}

interface Kept {
  readonly name: string;
  readonly isConstraint: boolean;
  readonly columns: readonly string[];
}

/** The indexes of the table that sluice made: those of keys and those that were asked for. */
async function keptOf(connection: Connection, { name }: TargetPlan): Promise<readonly Kept[]> {
  const rows = await connection.query(
    `select c.relname, (exists (select from pg_constraint k where k.conindid = c.oid))::text,
  array_to_json(array(select a.attname from pg_attribute a where a.attrelid = i.indrelid and a.attnum = any (i.indkey::int2[])))::text
from pg_index i join pg_class c on c.oid = i.indexrelid
where i.indrelid = to_regclass($1) and c.relname like '\\_sluice\\_%'`,
    [quotedTable(name)],
  );
  return rows.map(([index, constraint, columns]) => ({
    name: index ?? "",
    isConstraint: constraint === "true",
    columns: JSON.parse(columns ?? "[]") as string[],
  }));
}

/**
 * The key of a table of ours tells its rows apart for all who load it: another one would let in what the first forbids.
 *
 * @throws SluiceError `config` where the load has another key than the table, and does not name it in `takeOver`
 */
export async function assertSameKey(connection: Connection, plan: TargetPlan, request: StageRequest): Promise<void> {
  const { mode, key, takeOver } = request;
  if (!plan.made || plan.existing === undefined || !KEYED.includes(mode) || isNamed(plan, takeOver)) return;
  const shown = shownTable(plan.name);
  const other = (await keptOf(connection, plan)).find((kept) => isKey(kept) && !isOver(kept, key));
  if (other === undefined) return;
  throw new SluiceError(
    "config",
    `table "${shown}" has the key ${other.columns.join(", ")}, and the load has the key ${key.join(", ")}`,
    {
      offending: key.join(", "),
      hint: `load by ${other.columns.join(", ")}; to give the table the other key, say takeOver: "${shown}"`,
    },
  );
}

function isNamed({ name }: TargetPlan, takeOver: string | undefined): boolean {
  return takeOver === name.table || takeOver === shownTable(name);
}

function isKey({ name }: Kept): boolean {
  return name.startsWith(nameStart("key"));
}

/** The order of a key's columns does not change what it forbids. */
function isOver({ columns }: Kept, key: readonly string[]): boolean {
  return [...columns].sort().join("\n") === [...key].sort().join("\n");
}

/**
 * Lets a table of ours go of the keys and indexes that the load does not ask for, where the table becomes the load's own: by a
 * replace that makes it anew, or because the load names it. Others load the table too, and rely on them.
 */
export async function dropOtherIndexes(
  connection: Connection,
  plan: TargetPlan,
  request: StageRequest,
  indexes: readonly IndexSpec[],
): Promise<void> {
  if (!plan.made || plan.existing === undefined) return;
  const { mode, key, takeOver } = request;
  const keyed = KEYED.includes(mode);
  const isOwn = plan.isReshaped || ((keyed || mode === "replace") && isNamed(plan, takeOver));
  if (!isOwn) return;
  const wanted = new Set(indexes.map((index) => indexNameOf(plan, index)));
  const alter = `alter table ${quotedTable(plan.name)}`;
  for (const kept of await keptOf(connection, plan)) {
    if (wanted.has(kept.name) || (keyed && isKey(kept) && isOver(kept, key))) continue;
    if (!kept.isConstraint) {
      await connection.run(`drop index ${quoted(plan.name.schema)}.${quoted(kept.name)}`);
      continue;
    }
    const nullable = kept.columns.filter(
      (column) => plan.stored.columns.find(({ name }) => name === column)?.nullable !== false,
    );
    await connection.run(
      [
        `${alter} drop constraint ${quoted(kept.name)}`,
        ...nullable.map((column) => `alter column ${quoted(column)} drop not null`),
      ].join(", "),
    );
  }
}

/** @throws SluiceError `data` where rows that are there have a key twice, or none */
export async function makeIndexes(
  connection: Connection,
  plan: TargetPlan,
  request: StageRequest,
  indexes: readonly IndexSpec[],
): Promise<void> {
  if (!plan.made || (!KEYED.includes(request.mode) && indexes.length === 0)) return;
  const kept = await keptOf(connection, plan);
  const there = new Set(kept.map(({ name }) => name));
  const { mode, key } = request;
  const shown = shownTable(plan.name);
  if (KEYED.includes(mode) && !kept.some((one) => isKey(one) && isOver(one, key))) {
    const keyName = nameOf("key", [plan.name.table, ...key]);
    const hasPrimary = (plan.existing?.primaryKey ?? []).some(() => true) && !(await isFreeOfPrimary(connection, plan));
    const sql = hasPrimary
      ? `create unique index ${quoted(keyName)} on ${quotedTable(plan.name)} (${columnList(key)})`
      : `alter table ${quotedTable(plan.name)} add constraint ${quoted(keyName)} primary key (${columnList(key)})`;
    try {
      await connection.run(sql);
    } catch (error) {
      throw brokenKey(error, shown, key);
    }
  }
  for (const index of indexes) {
    const name = indexNameOf(plan, index);
    if (there.has(name)) continue;
    try {
      await connection.run(
        `create ${index.unique ? "unique " : ""}index ${quoted(name)} on ${quotedTable(plan.name)} (${columnList(index.columns)})`,
      );
    } catch (error) {
      throw stateOf(error) === "23505" ? brokenKey(error, shown, index.columns) : error;
    }
  }
}

async function isFreeOfPrimary(connection: Connection, plan: TargetPlan): Promise<boolean> {
  const [[found] = []] = await connection.query(
    "select exists (select from pg_constraint where conrelid = to_regclass($1) and contype = 'p')::text",
    [quotedTable(plan.name)],
  );
  return found !== "true";
}

function indexNameOf(plan: TargetPlan, index: IndexSpec): string {
  return nameOf(index.unique ? "unique" : "index", [plan.name.table, ...index.columns]);
}

function brokenKey(error: unknown, table: string, key: readonly string[]): unknown {
  const state = stateOf(error);
  if (state !== "23505" && state !== "23502") return error;
  const detail = (error as { readonly detail?: unknown }).detail;
  const found = typeof detail === "string" ? detail : error instanceof Error ? error.message : "";
  return state === "23505"
    ? new SluiceError("data", `table "${table}" would hold several rows with the same ${key.join(", ")}: ${found}`, {
        cause: error,
        offending: found,
        reason: "duplicate-key",
        hint: `deduplicate the rows by ${key.join(", ")}, or remove those that are there`,
      })
    : new SluiceError("data", `a row for "${table}" has a null key (${key.join(", ")}): ${found}`, {
        cause: error,
        offending: key.join(", "),
        reason: "null-key",
        hint: `filter rows whose ${key.join(" or ")} is null, or add the check notNull`,
      });
}
