import { SluiceError } from "@sluice/core";
import { isNullKey, isSortedKey, ROWS, same } from "./arriving-rows.ts";
import { OWN_TABLES } from "./change-all.ts";
import type { Connection } from "./client.ts";
import { columnList, quoted, quotedTable, shownTable } from "./names.ts";
import type { TargetPlan } from "./target-table.ts";

/** The first version whose `merge` says of each row what became of it. */
const TELLING_VERSION = 170_000;

/** Foreign tables `merge` does not take; where rows have owners, it fails where an update passes them by. */
const IS_OTHER_TABLE = `select from pg_class where oid in (${OWN_TABLES})
  and (relkind not in ('r', 'p') or row_security_active(oid) or (relkind = 'r' and relhassubclass))`;

/** What else is unique: an update may let go of a value that a new row has, and has to come before it. */
const IS_UNIQUE_ELSEWHERE = `select from pg_index i, unnest(i.indkey[0:i.indnkeyatts - 1]) k (number)
  left join lateral (select attname::text, attgenerated from pg_attribute where attrelid = i.indrelid and attnum = k.number) a on true
  where i.indrelid in (${OWN_TABLES}) and (i.indisunique or i.indisexclusion)
  and (i.indpred is not null or a.attname is null or a.attgenerated <> '' or a.attname in (select json_array_elements_text($2)))`;

/** Whether one statement may change the table, and comes to what an update and then an insert come to. */
export async function isMergeable(
  connection: Connection,
  { existing, stored }: TargetPlan,
  key: readonly string[],
): Promise<boolean> {
  if (existing === undefined || connection.version < TELLING_VERSION) return false;
  const changed = stored.columns.map(({ name }) => name).filter((name) => !key.includes(name));
  const [[other] = []] = await connection.query(
    `select (exists (${IS_OTHER_TABLE}) or exists (${IS_UNIQUE_ELSEWHERE}))::text`,
    [existing.oid, JSON.stringify(changed)],
  );
  return other === "false";
}

/** What is merged, as SQL over the target `t` and the rows that arrive, `s`. */
export interface Merged {
  readonly key: readonly string[];
  /** Which of the rows that arrive are stored. */
  readonly stays: readonly string[];
  /** Which rows of the target become others; absent where nothing but the key is stored. */
  readonly isOther: readonly string[] | undefined;
  /** Whether keys that are null, or there twice, are looked for on the way; else they were before. */
  readonly looks: boolean;
}

/**
 * An update of what differs and an insert of what is new, by one join, in the order of the key: so the pages of its index are met one
 * after another. Measured in 2026-11 with a million rows in any order, of which half were there, processor time of the server: 3.9 s, where
 * a look at the keys, an update and an insert take 7.1 s. In this order the look costs next to nothing.
 *
 * @throws SluiceError `internal` where a key is odd: `requireKeys` tells which
 */
export async function mergeAtOnce(
  connection: Connection,
  plan: TargetPlan,
  { key, stays, isOther, looks }: Merged,
): Promise<{ readonly inserted: number; readonly updated: number }> {
  const names = plan.stored.columns.map((column) => column.name);
  const odd = quoted(unusedName(names));
  const isFound = looks ? `row_number() over (partition by ${columnList(key)}) > 1 or ${isNullKey(key)}` : "false";
  const order = !looks && isSortedKey(plan, key) ? ` order by ${columnList(key)}` : "";
  const which = stays.length === 0 ? "" : ` where ${stays.join(" and ")}`;
  const others = names.filter((name) => !key.includes(name));
  const set = others.map((name) => `${quoted(name)} = s.${quoted(name)}`).join(", ");
  // A key that comes again is told by what becomes of its row, so something has to.
  const update =
    isOther === undefined ? "" : ` when matched and (s.${odd} or (${isOther.join(" and ")})) then update set ${set}`;
  const [[inserted, updated, isOdd] = []] = await connection.query(
    `with done (action, odd) as (
  merge into ${quotedTable(plan.name)} t using (select ${columnList(names, "s.")}, ${isFound} as ${odd} from ${ROWS} s${which}${order}) s on ${same(key)}${update}
  when not matched then insert (${columnList(names)}) values (${columnList(names, "s.")})
  returning merge_action(), s.${odd})
select count(*) filter (where action = 'INSERT'), count(*) filter (where action = 'UPDATE'), coalesce(bool_or(odd), false)::text from done`,
  );
  if (isOdd !== "false") {
    throw new SluiceError(
      "internal",
      `keys of the rows to load into "${shownTable(plan.name)}" are null, or come twice`,
    );
  }
  return { inserted: Number(inserted), updated: Number(updated) };
}

function unusedName(names: readonly string[]): string {
  let name = "sluice_odd";
  while (names.includes(name)) name += "_";
  return name;
}
