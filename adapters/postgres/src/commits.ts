import { type CommitResult, type Json, type Position, SluiceError, type WriteIdentity } from "@sluice/core";
import type { Connection } from "./client.ts";
import { stateOf } from "./errors.ts";
import { quoted, quotedTable, quotedText, shownTable } from "./names.ts";

/**
 * The commit rows of a schema: what each step committed last, written in the transaction of the rows themselves.
 * `made` says that sluice created the table, so that it may also change it; `target_oid` which table that was, since another one may
 * bear its name by now. Null is what a version that did not know it has written; 0 that the position was set while there was no table.
 */
const TABLE = "_sluice_commits";
const COLUMNS = `project text not null, pipeline text not null, step text not null, slice text not null,
  epoch bigint not null, commit_id text not null, position text, result text not null,
  target text not null, made boolean not null, committed_at timestamptz not null, target_oid oid,
  primary key (project, pipeline, step, slice)`;

export interface StoredCommit {
  readonly commitId: string;
  readonly epoch: number;
  readonly result: Json;
  readonly position?: Position;
  /** That its table is not there any more, and that the position is from when it was. */
  readonly isGone?: true;
}

function tableIn(schema: string): string {
  return `${quoted(schema)}.${quoted(TABLE)}`;
}

async function hasCommits(connection: Connection, schema: string): Promise<boolean> {
  const [[found] = []] = await connection.query("select to_regclass($1)", [tableIn(schema)]);
  return found !== null && found !== undefined;
}

/** What was committed last for the step and slice that loads the table. */
export async function findCommit(
  connection: Connection,
  { schema, table }: { readonly schema: string; readonly table: string },
  identity: Pick<WriteIdentity, "project" | "pipeline" | "step" | "slice">,
): Promise<StoredCommit | undefined> {
  if (!(await hasCommits(connection, schema))) return undefined;
  const { project, pipeline, step, slice } = identity;
  const [row] = await connection.query(
    `select commit_id, epoch::text, result, position,
  (to_regclass($5) is null and commit_id <> '' and to_jsonb(c) ->> 'target_oid' is distinct from '0')::text
from ${tableIn(schema)} c where project = $1 and pipeline = $2 and step = $3 and slice = $4`,
    [project, pipeline, step, slice, quotedTable({ schema, table })],
  );
  if (row === undefined) return undefined;
  const [commitId, epoch, result, position, gone] = row;
  return {
    commitId: commitId ?? "",
    epoch: Number(epoch),
    result: JSON.parse(result ?? "null") as Json,
    ...(position === null || position === undefined ? {} : { position: JSON.parse(position) as Json }),
    ...(gone === "true" ? { isGone: true } : {}),
  };
}

/** Whether sluice created the table: this one, and not one before it of the same name. */
export async function isOurs(
  connection: Connection,
  { schema, table }: { readonly schema: string; readonly table: string },
  oid: string,
): Promise<boolean> {
  if (!(await hasCommits(connection, schema))) return false;
  // Through JSON the column may be missing. Rows without it tell only as long as none is there that knows better.
  const [[found] = []] = await connection.query(
    `select coalesce(case when bool_or(oid is not null) then bool_or(oid is not distinct from $2) else count(*) > 0 end, false)::text
from (select to_jsonb(c) ->> 'target_oid' as oid from ${tableIn(schema)} c where target = $1 and made) m`,
    [table, oid],
  );
  return found === "true";
}

/**
 * Gives a table of commits that an earlier version made the columns that it lacks. Not within a load, which would keep all others from it for
 * as long as it takes.
 *
 * @throws SluiceError `denied` where the role may not
 */
export async function evolveCommits(connection: Connection, schema: string): Promise<void> {
  const [[lacks] = []] = await connection.query(
    `select exists (select from pg_class c where c.oid = to_regclass($1)
  and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'target_oid' and not a.attisdropped))::text`,
    [tableIn(schema)],
  );
  if (lacks !== "true") return;
  const sql = `alter table ${tableIn(schema)} add column if not exists target_oid oid`;
  try {
    await connection.run(sql);
  } catch (error) {
    if (stateOf(error) !== "42501") throw error;
    throw new SluiceError("denied", `${shownTable({ schema, table: TABLE })} lacks the column "target_oid"`, {
      cause: error,
      offending: "target_oid",
      hint: `its owner has to run once: ${sql}`,
    });
  }
}

/** Makes the table of commits where there is none; two who do so at once wait for each other. */
export async function keepCommits(connection: Connection, schema: string): Promise<void> {
  if (await hasCommits(connection, schema)) return;
  await alone(connection, tableIn(schema));
  await connection.run(`create table if not exists ${tableIn(schema)} (${COLUMNS})`);
}

/** Lets one transaction at a time make what is not there yet: `if not exists` fails where two do so at once. */
export async function alone(connection: Connection, made: string): Promise<void> {
  await connection.query("select pg_advisory_xact_lock(hashtextextended($1, 0))", [`sluice makes ${made}`]);
}

/** False where a higher epoch was there before: then the writer lost its lease long ago. */
export async function putCommit(
  connection: Connection,
  schema: string,
  identity: WriteIdentity,
  commit: {
    readonly result: CommitResult;
    readonly position: Position | undefined;
    readonly table: string;
    readonly made: boolean;
    readonly at: string;
  },
): Promise<boolean> {
  const { project, pipeline, step, slice, epoch, commitId } = identity;
  const changed = await connection.run(
    `insert into ${tableIn(schema)} as c (project, pipeline, step, slice, epoch, commit_id, position, result, target, made, committed_at, target_oid)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, to_regclass($12)::oid)
on conflict (project, pipeline, step, slice) do update set
  epoch = excluded.epoch, commit_id = excluded.commit_id, position = excluded.position, result = excluded.result,
  target = excluded.target, made = excluded.made, committed_at = excluded.committed_at,
  target_oid = excluded.target_oid
where excluded.epoch >= c.epoch`,
    [
      project,
      pipeline,
      step,
      slice,
      String(epoch),
      commitId,
      commit.position === undefined ? null : JSON.stringify(commit.position),
      JSON.stringify(commit.result),
      commit.table,
      String(commit.made),
      commit.at,
      quotedTable({ schema, table: commit.table }),
    ],
  );
  return changed === 1;
}

/** Writes a position beside what was committed, or where nothing was; false where a higher epoch is there. */
export async function putPosition(
  connection: Connection,
  schema: string,
  { project, pipeline, step, slice, epoch }: Omit<WriteIdentity, "commitId">,
  { position, table, at }: { readonly position: Position; readonly table: string; readonly at: string },
): Promise<boolean> {
  const changed = await connection.run(
    `insert into ${tableIn(schema)} as c (project, pipeline, step, slice, epoch, commit_id, position, result, target, made, committed_at)
values ($1, $2, $3, $4, $5, '', $6, 'null', $7, false, $8)
on conflict (project, pipeline, step, slice) do update set epoch = excluded.epoch, position = excluded.position,
  target_oid = case when to_regclass($9) is null then 0 else c.target_oid end
where excluded.epoch >= c.epoch`,
    [
      ...[project, pipeline, step, slice, String(epoch), JSON.stringify(position), table, at],
      quotedTable({ schema, table }),
    ],
  );
  return changed === 1;
}

/** How often one looks whether the writer in the way has gone. */
const LOOK_MS = 100;

/**
 * Lets one writer of a step in at a time. A writer of a lower epoch that still stands here has lost its lease, though it may
 * not know it (a process that was stopped and went on): its session is ended. One of a higher epoch ends us.
 *
 * @throws SluiceError `conflict`
 */
export async function takeTurn(connection: Connection, identity: WriteIdentity, signal: AbortSignal): Promise<void> {
  const { project, pipeline, step, slice, epoch } = identity;
  const key = `sluice ${JSON.stringify([project, pipeline, step, slice])}`;
  await connection.run(`set application_name = ${quotedText(`sluice epoch ${epoch}`)}`);
  const lock = "select pg_try_advisory_xact_lock(hashtextextended($1, 0))::text";
  const holders = `select a.pid::text, substring(a.application_name from '^sluice epoch (\\d+)$')
from pg_locks l join pg_stat_activity a on a.pid = l.pid
where l.locktype = 'advisory' and l.granted and l.objsubid = 1 and a.pid <> pg_backend_pid()
  and l.database = (select oid from pg_database where datname = current_database())
  and (l.classid::bigint << 32 | l.objid::bigint) = hashtextextended($1, 0)`;
  for (;;) {
    const [[taken] = []] = await connection.query(lock, [key]);
    if (taken === "true") return;
    for (const [pid = null, other] of await connection.query(holders, [key])) {
      if (Number(other) > epoch) throw newerWriter(identity, Number(other));
      if (pid !== null && other !== null && other !== undefined && Number(other) < epoch) {
        await connection.query("select pg_terminate_backend($1)", [pid]);
      }
    }
    await pause(LOOK_MS, signal);
  }
}

export function newerWriter(identity: WriteIdentity, seen: number | undefined): SluiceError {
  const other = seen === undefined ? "a later one" : `epoch ${seen}`;
  return new SluiceError(
    "conflict",
    `step "${identity.step}" may not write with epoch ${identity.epoch}: its target has seen ${other}`,
    { reason: "epoch", hint: "another run of this pipeline took over; look at `sluice runs`" },
  );
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
  });
}
