import { type CommitResult, isSluiceError, type Schema, SluiceError, type StageRequest } from "@sluice/core";
import { isOnceThere, isSortedKey, ROWS, requireKeys, requireOneEach, same } from "./arriving-rows.ts";
import type { TableInfo } from "./catalog.ts";
import { changeAll, insertAll, mayLeaveOut } from "./change-all.ts";
import type { Connection } from "./client.ts";
import type { Sent } from "./followed-load.ts";
import { isMergeable, mergeAtOnce } from "./merge-at-once.ts";
import { columnList, quoted, quotedTable, shownTable } from "./names.ts";
import type { TargetPlan } from "./target-table.ts";

type Counts = Omit<CommitResult, "repeated">;

/** How the rows that have arrived change the target, for every mode that looks at what is there. */
export async function meet(
  connection: Connection,
  plan: TargetPlan,
  request: StageRequest,
  { rows: total, keys }: Sent,
): Promise<Counts> {
  // Sorts and joins of one load, not of the server's many.
  await connection.run("set local work_mem = '128MB'");
  const { mode, key } = request;
  const isWatched = await mayLeaveOut(connection, plan);
  if (mode === "overwrite") return await overwrite(connection, plan, request, isWatched);
  const isAtOnce = mode === "merge" && !isWatched && (await isMergeable(connection, plan, key));
  const analyzed = analyze(connection);
  // The server is busy meanwhile.
  const areApart = keys?.areApart() === true;
  await analyzed;
  const looks = isAtOnce && !areApart && looksOnTheWay(plan, request);
  if (!looks && !areApart) await requireKeys(connection, plan, key, { mayRepeat: mode === "delete+insert" });
  if (mode === "delete+insert") {
    const deleted = await deleteEqual(connection, plan, { columns: key, equal: same(key), isWatched });
    return { deleted, inserted: await insertAll(connection, plan, isWatched) };
  }
  await requireOneEach(connection, plan, key);
  const met = { total, isWatched, isAtOnce, looks };
  if (looks) return await mergeOrLook(connection, plan, request, met);
  return mode === "merge" ? await merge(connection, plan, request, met) : await insertNew(connection, plan, key, met);
}

/** A tenth of the usual sample says how many rows there are, and whether keys are apart, in a tenth of the time. */
async function analyze(connection: Connection): Promise<void> {
  await connection.run(`set local default_statistics_target = 10; analyze ${ROWS}`);
}

/**
 * Whether the statement that merges finds every odd key: it sees all rows, does something with each that has one, and nobody compares
 * the rows of two sides by their keys before.
 */
function looksOnTheWay(plan: TargetPlan, { key, deleteFlag }: StageRequest): boolean {
  const isMore = plan.stored.columns.length > key.length;
  return isMore && deleteFlag === undefined && isOnceThere(plan, key) && isSortedKey(plan, key);
}

/** Merges, and where that fails says of the keys what a look before would have said. */
async function mergeOrLook(connection: Connection, plan: TargetPlan, request: StageRequest, met: Met): Promise<Counts> {
  await connection.run("savepoint sluice_merge");
  try {
    return await merge(connection, plan, request, met);
  } catch (error) {
    if (request.signal.aborted) throw error;
    try {
      await connection.run("rollback to savepoint sluice_merge");
      await requireKeys(connection, plan, request.key, { mayRepeat: false });
    } catch (odd) {
      throw isSluiceError(odd) ? odd : error;
    }
    throw error;
  }
}

interface Met {
  /** All rows that arrived. */
  readonly total: number;
  /** Whether something of the table may leave some out. */
  readonly isWatched: boolean;
  /** Whether one statement may merge them. */
  readonly isAtOnce: boolean;
  /** Whether it looks at the keys too. */
  readonly looks: boolean;
}

/** Rows of the target that equal one that arrived in these columns. */
async function deleteEqual(
  connection: Connection,
  plan: TargetPlan,
  by: {
    readonly columns: readonly string[];
    readonly equal: string;
    readonly among?: string;
    readonly isWatched: boolean;
  },
): Promise<number> {
  const target = quotedTable(plan.name);
  const among = by.among === undefined ? "" : ` where ${by.among}`;
  const arrived = `(select distinct ${columnList(by.columns)} from ${ROWS}${among}) s`;
  return await changeAll(connection, plan, {
    done: "deleted",
    sql: `delete from ${target} t using ${arrived} where ${by.equal}`,
    which: `${target} t where exists (select from ${arrived} where ${by.equal})`,
    isWatched: by.isWatched,
  });
}

async function insertNew(
  connection: Connection,
  plan: TargetPlan,
  key: readonly string[],
  { total, isWatched }: Met,
): Promise<Counts> {
  const columns = columnList(plan.stored.columns.map((column) => column.name));
  const target = quotedTable(plan.name);
  const which = `${ROWS} s where not exists (select from ${target} t where ${same(key)})`;
  const sql = `insert into ${target} (${columns}) select ${columns} from ${which}`;
  const inserted = await changeAll(connection, plan, { done: "inserted", sql, which, isWatched });
  return { inserted, updated: 0, deleted: 0, unchanged: total - inserted };
}

/** An update of what differs and an insert of what is new: by one statement, or each one join over all rows. */
async function merge(
  connection: Connection,
  plan: TargetPlan,
  request: StageRequest,
  { total, isWatched, isAtOnce, looks }: Met,
): Promise<Counts> {
  const { key, deleteFlag, newerBy, missing } = request;
  const target = quotedTable(plan.name);
  const names = plan.stored.columns.map((column) => column.name);
  const columns = columnList(names);
  const newer = newerBy === undefined ? [] : [isNewer(newerBy, plan.stored)];
  const [gone, stays] =
    deleteFlag === undefined ? [[], []] : [[`s.${quoted(deleteFlag)}`], [`s.${quoted(deleteFlag)} is not true`]];
  const change = (done: string, sql: string, which: string): Promise<number> =>
    changeAll(connection, plan, { done, sql, which, isWatched });
  const isGone = [same(key), ...gone, ...newer].join(" and ");
  const flagged =
    deleteFlag === undefined
      ? 0
      : await change(
          "deleted",
          `delete from ${target} t using ${ROWS} s where ${isGone}`,
          `${target} t join ${ROWS} s on ${isGone}`,
        );
  const absentees = `${target} t where not exists (select from ${ROWS} s where ${same(key)})`;
  const absent = missing === "delete" ? await change("deleted", `delete from ${absentees}`, absentees) : 0;
  const others = names.filter((name) => !key.includes(name));
  if (isAtOnce) {
    const isOther = others.length === 0 ? undefined : [...newer, differs(others, plan)];
    const { inserted, updated } = await mergeAtOnce(connection, plan, { key, stays, isOther, looks });
    return { inserted, updated, deleted: flagged + absent, unchanged: total - inserted - updated - flagged };
  }
  const set = others.map((name) => `${quoted(name)} = s.${quoted(name)}`).join(", ");
  const isOther = others.length === 0 ? "" : [same(key), ...stays, ...newer, differs(others, plan)].join(" and ");
  const updated =
    others.length === 0
      ? 0
      : await change(
          "updated",
          `update ${target} t set ${set} from ${ROWS} s where ${isOther}`,
          `${target} t join ${ROWS} s on ${isOther}`,
        );
  const fresh = [`not exists (select from ${target} t where ${same(key)})`, ...stays];
  const which = `${ROWS} s where ${fresh.join(" and ")}`;
  const insert = `insert into ${target} (${columns}) select ${columnList(names, "s.")} from ${which}`;
  const inserted = await change("inserted", insert, which);
  return { inserted, updated, deleted: flagged + absent, unchanged: total - inserted - updated - flagged };
}

/** A null never replaces, and is always replaced. Text in the order of its bytes, as everywhere in sluice. */
function isNewer(name: string, { columns }: Schema): string {
  const isText = columns.find((column) => column.name === name)?.type === "string";
  const collated = isText ? ' collate "C"' : "";
  return `(t.${quoted(name)} is null and s.${quoted(name)} is not null or s.${quoted(name)} > t.${quoted(name)}${collated})`;
}

/** Types without an equality of their own, and those that call different values equal, are compared as they are printed. */
const UNEQUALLED = [
  ...["json", "xml", "jsonpath", "pg_snapshot", "txid_snapshot"],
  ...["point", "polygon", "box", "circle", "lseg", "path", "line"],
];

/** Texts, of which a collation of the column may call different ones equal. */
const COLLATED = ["text", "varchar", "bpchar", "_text", "_varchar", "_bpchar"];

function differs(names: readonly string[], plan: TargetPlan): string {
  const types = new Map((plan.existing?.columns ?? []).map((column) => [column.name, column.type.name]));
  const declared = new Map(plan.stored.columns.map((column) => [column.name, column.type]));
  const term = (side: string, name: string): string => {
    const type = types.get(name) ?? declared.get(name) ?? "";
    const isPrinted =
      UNEQUALLED.includes(type.replace(/^_/, "")) ||
      (!types.has(name) && /^(?:json|struct|map|list<(?:list|struct|map|json))/.test(type));
    // Equal numbers may be written with other zeros, equal texts with other letters, where a collation says so, and a
    // month is as long as 30 days.
    if (isPrinted || ["citext", "jsonb", "interval"].includes(type)) return `${side}.${quoted(name)}::text`;
    if (type === "_interval" || type === "list<interval>") return `${side}.${quoted(name)}::text[]`;
    if (COLLATED.includes(type)) return `${side}.${quoted(name)} collate "C"`;
    return `${side}.${quoted(name)}`;
  };
  const row = (side: string): string => `(${names.map((name) => term(side, name)).join(", ")})`;
  return names.length === 1
    ? `${term("t", names[0] ?? "")} is distinct from ${term("s", names[0] ?? "")}`
    : `${row("t")} is distinct from ${row("s")}`;
}

/** Whatever has a partition that arrives goes; null is a partition too. */
async function overwrite(
  connection: Connection,
  plan: TargetPlan,
  request: StageRequest,
  isWatched: boolean,
): Promise<Counts> {
  const partitions = request.partitions ?? (await partitionsOf(connection, plan.existing));
  if (partitions.length === 0) {
    throw new SluiceError("config", `overwrite needs partitions: "${shownTable(plan.name)}" has none of its own`, {
      hint: 'name the columns whose arriving values are replaced whole: partitions: ["day"]',
    });
  }
  await analyze(connection);
  // A hash finds equal values only, and a comparison of each with each takes for ever: those that are null together go at once.
  const areNull = partitions.map((name) => `(${quoted(name)} is null)::text`).join(", ");
  let deleted = 0;
  for (const nulls of await connection.query(`select distinct ${areNull} from ${ROWS}`)) {
    const isNull = (_: string, index: number): boolean => nulls[index] === "true";
    const among = partitions.map((name, index) => `${quoted(name)} is ${isNull(name, index) ? "" : "not "}null`);
    const equal = partitions.map((name, index) => (isNull(name, index) ? `t.${quoted(name)} is null` : same([name])));
    const by = { columns: partitions, equal: equal.join(" and "), among: among.join(" and "), isWatched };
    deleted += await deleteEqual(connection, plan, by);
  }
  return { deleted, inserted: await insertAll(connection, plan, isWatched) };
}

/** The columns by which the table is partitioned itself, where they are plain. */
export async function partitionsOf(connection: Connection, table: TableInfo | undefined): Promise<readonly string[]> {
  if (table?.kind !== "partitioned") return [];
  const rows = await connection.query(
    `select a.attname from pg_partitioned_table p, unnest(p.partattrs::int2[]) with ordinality k (number, place), pg_attribute a
where p.partrelid = $1::oid and a.attrelid = p.partrelid and a.attnum = k.number and not 0 = any (p.partattrs::int2[]) order by k.place`,
    [table.oid],
  );
  return rows.map(([name]) => name ?? "");
}
