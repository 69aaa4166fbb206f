import type { CommitResult, Json, Position, WriteIdentity } from "@sluice/core";
import type { Connection } from "./client.ts";

/**
 * The commit rows of a database: what each step committed last, written in the transaction of the rows themselves.
 * `made` says that sluice created the table, so that it may also change or replace it; `target_sql` how it was declared when sluice last left
 * it, since another one may bear its name by now. Null is what a version that did not know it has written,
 * and empty that the position was set while there was no table.
 */
const CREATE = `create table if not exists _sluice_commits (
  project text not null, pipeline text not null, step text not null, slice text not null,
  epoch integer not null, commit_id text not null, position text, result text not null,
  target text not null, made integer not null, committed_at text not null, target_sql text,
  primary key (project, pipeline, step, slice))`;

const SELECT = `select cast(commit_id as blob), epoch, cast(result as blob), cast(position as blob) from _sluice_commits
where project = ? and pipeline = ? and step = ? and slice = ?`;

/** Changes nothing where a higher epoch is stored: then the writer lost its lease long ago. */
const UPSERT = `insert into _sluice_commits (project, pipeline, step, slice, epoch, commit_id, position, result, target, made, committed_at, target_sql)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, null)
on conflict (project, pipeline, step, slice) do update set
  epoch = excluded.epoch, commit_id = excluded.commit_id, position = excluded.position, result = excluded.result,
  target = excluded.target, made = excluded.made, committed_at = excluded.committed_at
where excluded.epoch >= epoch`;

export interface StoredCommit {
  readonly commitId: string;
  readonly epoch: number;
  readonly result: Json;
  readonly position?: Position;
  /** That its table is not there any more, and that the position is from when it was. */
  readonly isGone?: true;
}

/** What was committed last for the step and slice that loads the table. */
export function findCommit(connection: Connection, identity: WriteIdentity, table: string): StoredCommit | undefined {
  if (!hasCommits(connection)) return undefined;
  const { project, pipeline, step, slice } = identity;
  const slot = [project, pipeline, step, slice];
  const [row] = connection.query(SELECT, slot);
  if (row === undefined) return undefined;
  const commitId = connection.decode(row[0]);
  const isGone = commitId !== "" && !isThere(connection, table) && !wasSetWithout(connection, slot);
  return {
    commitId,
    epoch: Number(row[1]),
    result: JSON.parse(connection.decode(row[2])) as Json,
    ...(row[3] === null ? {} : { position: JSON.parse(connection.decode(row[3])) as Position }),
    ...(isGone ? { isGone } : {}),
  };
}

function isThere(connection: Connection, table: string): boolean {
  const [row] = connection.query(
    "select exists (select 1 from main.sqlite_master where type in ('table', 'view') and name = ? collate nocase)",
    [table],
  );
  return row?.[0] === 1n;
}

function wasSetWithout(connection: Connection, slot: readonly string[]): boolean {
  if (!knowsTables(connection)) return false;
  const [row] = connection.query(
    "select exists (select 1 from _sluice_commits where project = ? and pipeline = ? and step = ? and slice = ? and target_sql = '')",
    slot,
  );
  return row?.[0] === 1n;
}

/** How a table is declared: who drops it and makes another, or changes its columns, changes this text. */
const DECLARED = "(select sql from main.sqlite_master where type = 'table' and name = ? collate nocase)";

/** Whether sluice created the table, and nobody has made it another since. */
export function isOurs(connection: Connection, table: string): boolean {
  if (!hasCommits(connection)) return false;
  if (!knowsTables(connection)) {
    const [row] = connection.query(
      "select exists (select 1 from _sluice_commits where target = ? collate nocase and made = 1)",
      [table],
    );
    return row?.[0] === 1n;
  }
  // Rows without the text tell only as long as none is there that knows better.
  const [row] = connection.query(
    `select coalesce(case when count(target_sql) > 0 then max(target_sql is ${DECLARED}) else count(*) > 0 end, 0)
from _sluice_commits where target = ? collate nocase and made = 1`,
    [table, table],
  );
  return row?.[0] === 1n;
}

function knowsTables(connection: Connection): boolean {
  const [row] = connection.query(
    "select exists (select 1 from pragma_table_info('_sluice_commits') where name = 'target_sql')",
  );
  return row?.[0] === 1n;
}

/** Makes the table of commits, or gives that of an earlier version what it lacks. */
function keepCommits(connection: Connection): void {
  connection.exec(CREATE);
  if (!knowsTables(connection)) connection.exec("alter table _sluice_commits add column target_sql text");
}

/** False where a higher epoch was there before. */
export function putCommit(
  connection: Connection,
  identity: WriteIdentity,
  commit: {
    readonly result: CommitResult;
    readonly position: Position | undefined;
    readonly table: string;
    readonly made: boolean;
    readonly at: string;
  },
): boolean {
  keepCommits(connection);
  const { project, pipeline, step, slice, epoch, commitId } = identity;
  const position = commit.position === undefined ? null : JSON.stringify(commit.position);
  const changes = connection
    .prepare(UPSERT)
    .run([
      project,
      pipeline,
      step,
      slice,
      epoch,
      commitId,
      position,
      JSON.stringify(commit.result),
      commit.table,
      commit.made ? 1 : 0,
      commit.at,
    ]);
  if (commit.made) {
    // Of several steps that load the table, each knows how this one leaves it.
    connection
      .prepare(`update _sluice_commits set target_sql = ${DECLARED} where target = ? collate nocase and made = 1`)
      .run([commit.table, commit.table]);
  }
  return changes === 1;
}

/** Writes a position beside what was committed, or where nothing was; false where a higher epoch is there. */
export function putPosition(
  connection: Connection,
  identity: WriteIdentity,
  { position, table, at }: { readonly position: Position; readonly table: string; readonly at: string },
): boolean {
  keepCommits(connection);
  const { project, pipeline, step, slice, epoch } = identity;
  const text = JSON.stringify(position);
  const slot = [project, pipeline, step, slice];
  const [found] = connection.query(
    "select epoch from _sluice_commits where project = ? and pipeline = ? and step = ? and slice = ?",
    slot,
  );
  if (found === undefined) {
    connection.prepare(UPSERT).run([...slot, epoch, "", text, "null", table, 0, at]);
    return true;
  }
  const changes = connection
    .prepare(
      "update _sluice_commits set position = ?, epoch = ?, target_sql = iif(?, target_sql, '') where project = ? and pipeline = ? and step = ? and slice = ? and epoch <= ?",
    )
    .run([text, epoch, isThere(connection, table) ? 1 : 0, ...slot, epoch]);
  return changes === 1;
}

function hasCommits(connection: Connection): boolean {
  const [row] = connection.query("select exists (select 1 from sqlite_master where name = '_sluice_commits')");
  return row?.[0] === 1n;
}
