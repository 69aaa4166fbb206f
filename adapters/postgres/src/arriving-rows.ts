import { SluiceError, type StageRequest } from "@sluice/core";
import type { Connection } from "./client.ts";
import { columnList, quoted, quotedTable, shownTable } from "./names.ts";
import type { TargetPlan } from "./target-table.ts";

/** The rows that arrive, where they have to meet those that are there: private to the session, and gone with it. */
export const ROWS = "pg_temp.sluice_rows";

/** Makes the table of arriving rows, with the types of the target: what it does not take is refused on the way in. */
export async function makeRows(connection: Connection, plan: TargetPlan, request: StageRequest): Promise<void> {
  const columns = request.schema.columns.map(({ name }) =>
    name === request.deleteFlag ? `null::boolean as ${quoted(name)}` : quoted(name),
  );
  await connection.run(
    `create temporary table sluice_rows on commit drop as select ${columns.join(", ")} from ${quotedTable(plan.name)} with no data`,
  );
}

/** The condition under which a row of the target `t` has the key of one that arrives, `s`. */
export function same(key: readonly string[]): string {
  return key.map((name) => `t.${quoted(name)} = s.${quoted(name)}`).join(" and ");
}

/** The condition under which a row that arrives has no key. */
export function isNullKey(key: readonly string[]): string {
  return key.map((name) => `${quoted(name)} is null`).join(" or ");
}

/** @throws SluiceError `data` with an example */
export async function requireKeys(
  connection: Connection,
  plan: TargetPlan,
  key: readonly string[],
  { mayRepeat }: { readonly mayRepeat: boolean },
): Promise<void> {
  const isNull = isNullKey(key);
  // One look for both: which of them it was is asked where something was found.
  if (!mayRepeat && !(await hasOddKey(connection, plan, key, isNull))) return;
  const [[nulls] = []] = await connection.query(`select count(*)::text from ${ROWS} where ${isNull}`);
  if (nulls !== "0") throw await nullKey(connection, shownTable(plan.name), key, Number(nulls));
  if (mayRepeat) return;
  const example = await keyExample(connection, key, `group by ${columnList(key)} having count(*) > 1 limit 1`);
  throw duplicateKey(`several rows to load into "${shownTable(plan.name)}" have the same key ${example}`, example, key);
}

/** Types that are one machine word, compared as such. */
const WORDS = ["int2", "int4", "int8", "date", "timestamp", "timestamptz"];

/** Whether rows are quickly put in the order of the key. */
export function isSortedKey({ existing }: TargetPlan, key: readonly string[]): boolean {
  const types = new Map((existing?.columns ?? []).map((column) => [column.name, column.type.name]));
  return key.every((name) => WORDS.includes(types.get(name) ?? ""));
}

/**
 * Whether a key is null, or there twice. Words are told apart by sorting: measured in 2026-11 with a million rows in any order,
 * 0.5 to 0.7 s where the hash that PostgreSQL 18 would take needs 0.9 s. Of texts, the hash takes half as long as sorting.
 */
async function hasOddKey(
  connection: Connection,
  plan: TargetPlan,
  key: readonly string[],
  isNull: string,
): Promise<boolean> {
  const isSorted = isSortedKey(plan, key);
  if (isSorted) await connection.run("set local enable_hashagg = off");
  const [found] = await connection.query(
    `select 1 from ${ROWS} group by ${columnList(key)} having count(*) > 1 or ${isNull} limit 1`,
  );
  if (isSorted) await connection.run("set local enable_hashagg to default");
  return found !== undefined;
}

async function nullKey(
  connection: Connection,
  table: string,
  key: readonly string[],
  nulls: number,
): Promise<SluiceError> {
  const isNull = isNullKey(key);
  const example = await keyExample(connection, key, `where ${isNull} limit 1`);
  return new SluiceError(
    "data",
    `${nulls} of the rows to load into "${table}" have a null key, for example ${example}`,
    {
      offending: example,
      reason: "null-key",
      hint: `filter rows whose ${key.join(" or ")} is null, or add the check notNull`,
    },
  );
}

function duplicateKey(message: string, example: string, key: readonly string[], cause?: unknown): SluiceError {
  return new SluiceError("data", message, {
    offending: example,
    reason: "duplicate-key",
    hint: `deduplicate the rows by ${key.join(", ")}, or add the check unique`,
    ...(cause === undefined ? {} : { cause }),
  });
}

async function keyExample(connection: Connection, key: readonly string[], rest: string): Promise<string> {
  const [row = []] = await connection.query(
    `select ${key.map((name) => `left(${quoted(name)}::text, 60)`).join(", ")} from ${ROWS} ${rest}`,
  );
  return `{ ${key.map((name, index) => `${name}: ${row[index] ?? "null"}`).join(", ")} }`;
}

/** Whether an index says that a key of the target is there once. */
export function isOnceThere({ existing }: TargetPlan, key: readonly string[]): boolean {
  const isKey = (columns: readonly string[]): boolean =>
    columns.length > 0 && columns.every((name) => key.includes(name));
  return existing !== undefined && (isKey(existing.primaryKey) || existing.unique.some(isKey));
}

/** Without an index that says so, a key of the target may be there twice, and would be updated twice. */
export async function requireOneEach(connection: Connection, plan: TargetPlan, key: readonly string[]): Promise<void> {
  if (plan.existing === undefined || isOnceThere(plan, key)) return;
  const twice = `select ${columnList(key, "s.")} from ${ROWS} s join ${quotedTable(plan.name)} t on ${same(key)} group by ${columnList(key, "s.")} having count(*) > 1 limit 1`;
  const [found] = await connection.query(
    `select ${key.map((name) => `left(${quoted(name)}::text, 60)`).join(", ")} from (${twice}) k`,
  );
  if (found === undefined) return;
  const example = `{ ${key.map((name, index) => `${name}: ${found[index] ?? "null"}`).join(", ")} }`;
  throw new SluiceError("data", `table "${shownTable(plan.name)}" holds several rows with the key ${example}`, {
    offending: example,
    reason: "duplicate-key",
    hint: "remove them, or merge by columns that tell rows apart",
  });
}
