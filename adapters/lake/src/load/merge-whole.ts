import type { StageRequest } from "@sluice/core";
import { type Asked, from, joined, type Question, quoted, sql, texts } from "./ask-engine.ts";
import { within } from "./key-range.ts";
import {
  columnsOf,
  differing,
  FILE_COLUMN,
  heldTwice,
  isFlagged,
  keyFields,
  list,
  on,
  type Rewrite,
  type RewriteRequest,
} from "./rewrite.ts";
import { together } from "./together.ts";

const STORED = from("stored");
const BATCH = from("batch");
// The same by another name: of what a statement uses by one name more than once, the engine keeps all rows.
const PUT_ROWS = from("put");
const STAYING = from("staying");

/** What becomes of the rows that arrive, those whose keys one file holds together; no file where they are new. */
interface Found {
  readonly location: string | null;
  readonly rows: number;
  readonly deleted: number;
  readonly updated: number;
}

/**
 * Whether what is stored in the place of an arriving row never matters to what is stored afterwards: then nothing has to be
 * kept of each row between looking and writing.
 */
export async function knowsWithoutStored(
  asked: Asked,
  request: StageRequest,
  { fields, arriving }: Pick<RewriteRequest, "fields" | "arriving">,
): Promise<boolean> {
  const { mode, newerBy, missing, deleteFlag } = request;
  if (mode !== "merge" || newerBy !== undefined || missing === "delete") return false;
  const arrived = new Set(arriving.map(({ field }) => field.id));
  if (fields.every(({ id }) => arrived.has(id))) return true;
  if (deleteFlag === undefined) return false;
  const kept = sql`select 'kept' as n from ${BATCH} as b where not ${isFlagged(request)} limit 1`;
  return (await asked.rows({ ...kept, columns: texts("n") })).length === 0;
}

/**
 * Merges rows of all columns, or rows that are only taken out. The join that counts what changes in each file gives its counts
 * alone: a file that is written anew loses every key that arrives and is given every row that does. A million rows of ten
 * columns are compared in 0.28 s, where a file of what becomes of each row took 0.38 (2026-11, two cores). Only keys of the range
 * in which both sides have some are compared: where that is half of a million rows, it takes 0.4 s of processor time, not 0.7.
 *
 * @param sound settles when it is known that each row has a key of its own: nothing is counted or written before
 */
export async function mergeWhole(given: RewriteRequest, sound: Promise<void>): Promise<Rewrite> {
  const { request, shown, arriving, fields, ask, arrived } = given;
  const same = on(arriving, request.key, false);
  const [found] = await together(look(given, same), sound);
  const sum = (count: (one: Found) => number): number => found.reduce((total, one) => total + count(one), 0);
  // Each arriving row is counted once, unless more than one stored row has its key.
  if (sum(({ rows }) => rows) !== arrived) {
    const keys = keyFields(arriving, request.key).map(({ name }) => `s.${quoted(name)}`);
    const all = keys.join(", ");
    const [twice] = await ask().rows(
      sql`select ${all} from ${STORED} as s semi join ${BATCH} as b on ${same} group by ${all} having count(*) > 1 limit 1`,
    );
    throw heldTwice(shown, request.key, twice?.[0]);
  }
  const inserted = sum(({ location, rows, deleted }) => (location === null ? rows - deleted : 0));
  const updated = sum((one) => one.updated);
  const deleted = sum((one) => (one.location === null ? 0 : one.deleted));
  const counts = { inserted, updated, deleted, unchanged: arrived - inserted - updated - deleted };
  const held = found.flatMap(({ location, ...rest }) => (location === null ? [] : [{ ...rest, location }]));
  const isTouched = (one: Found): boolean => one.deleted > 0 || one.updated > 0;
  const removed = held.filter(isTouched).map(({ location }) => location);
  const staying = held.filter((one) => !isTouched(one)).map(({ location }) => location);
  const puts = inserted + updated > 0;
  if (removed.length === 0 && !puts) return { added: [], removed, counts };
  const goes = puts ? "true" : isFlagged(request);
  const going = sql`(select * from ${BATCH} as b where ${within(given.ranges, "b")} and ${goes})`;
  const kept = joined([sql`select ${list(fields, "s")} from ${STORED} as s anti join `, going, sql` as b on ${same}`]);
  const parts = [...(removed.length === 0 ? [] : [kept]), ...(puts ? [putRows(given, same, staying.length > 0)] : [])];
  const question = { ...joined(parts, " union all "), columns: columnsOf(fields) };
  const added = await ask({ stored: removed, staying }).write(question, given.output());
  return { added, removed, counts };
}

async function look({ request, arriving, ask, ranges }: RewriteRequest, same: string): Promise<readonly Found[]> {
  const file = `s.${quoted(FILE_COLUMN)}`;
  const flag = isFlagged(request);
  const differs = differing(request, arriving) ?? "false";
  const counted = [
    "count(*)",
    `count(*) filter (${flag})`,
    `count(*) filter (${file} is not null and not ${flag} and (${differs}))`,
  ];
  const terms = counted.map((term, index) => `cast(${term} as varchar) as n${index}`).join(", ");
  const rows = sql`(select * from ${BATCH} as b where ${within(ranges, "b")}) as b`;
  const held = sql`(select * from ${STORED} as s where ${within(ranges, "s")}) as s`;
  const compared = joined([
    joined([sql`select ${file} as f, ${terms} from `, rows, sql` left join `, held]),
    sql` on ${same} group by ${file}`,
  ]);
  const others = `select null, cast(count(*) as varchar), cast(count(*) filter (${flag}) as varchar), '0'`;
  const outside = sql` union all ${others} from ${PUT_ROWS} as b where not (${within(ranges, "b")})`;
  const isAll = !ranges.some(({ leavesOut }) => leavesOut);
  const question = isAll ? compared : joined([compared, outside]);
  const found = await ask().rows({ ...question, columns: texts("f", "n0", "n1", "n2") });
  return found.map(([location, rows, deleted, updated]) => ({
    location: location === null || location === undefined ? null : String(location),
    rows: Number(rows),
    deleted: Number(deleted),
    updated: Number(updated),
  }));
}

/** The rows that arrive to stay, without those that a file holds which stays as it is: there they are unchanged. */
function putRows({ request, arriving, fields }: RewriteRequest, same: string, isHeld: boolean): Question {
  const names = new Map(arriving.map(({ name, field }) => [field.id, name]));
  const terms = fields.map(({ id, name }) => `b.${quoted(names.get(id) ?? name)} as ${quoted(name)}`);
  const held = isHeld ? sql` anti join ${STAYING} as s on ${same}` : sql``;
  const rows = sql`select ${terms.join(", ")} from ${PUT_ROWS} as b`;
  return joined([rows, held, sql` where not ${isFlagged(request)}`]);
}
