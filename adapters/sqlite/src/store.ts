import { basename } from "node:path";
import type { LeaseHolder, LeaseRequest, Store } from "@sluice/core";
import { SluiceError } from "@sluice/core";
import { type Connection, openConnection, type Statement, type Value } from "./client.ts";
import { sqliteCode, toSluiceError } from "./errors.ts";
import { migrations } from "./migrations/migrations.ts";
import { patiently } from "./patience.ts";
import { holderOf, optionalJson, runOf, stageOf } from "./store-records.ts";

export interface StoreOptions {
  /** The file, made where it is missing; its folder exists. */
  readonly path: string;
  readonly signal?: AbortSignal;
}

const PUT_RUN = `insert into runs (project, id, pipeline, plan_hash, plan, parameters, now, status, created_at, started_at, finished_at, error, epoch, generation)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
on conflict (project, id) do update set pipeline = excluded.pipeline, plan_hash = excluded.plan_hash, plan = excluded.plan,
  parameters = excluded.parameters, now = excluded.now, status = excluded.status, created_at = excluded.created_at,
  started_at = excluded.started_at, finished_at = excluded.finished_at, error = excluded.error, epoch = excluded.epoch,
  generation = excluded.generation`;

const RUN =
  "project, id, pipeline, plan_hash, plan, parameters, now, status, created_at, started_at, finished_at, error, epoch, generation";
const GET_RUN = `select ${RUN} from runs where project = ? and id = ?`;
const GET_RUNS_BY_PREFIX = `select ${RUN} from runs where project = ? and substr(id, 1, length(?)) = ? order by id limit 2`;
const LATEST_RUN = `select ${RUN} from runs where project = ? and pipeline = ? and epoch is not null order by epoch desc limit 1`;
const LIST_RUNS = `select ${RUN} from runs where project = ? order by created_at desc, rowid desc limit ?`;
const LIST_RUNS_OF_PIPELINE = `select ${RUN} from runs where project = ? and pipeline = ? order by created_at desc, rowid desc limit ?`;

const PUT_STAGE = `insert into stages (project, run, stage, attempt, status, started_at, finished_at, output, rows_in, rows_out, rejected, sources, checks, error)
select project, id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? from runs where id = ?
on conflict (run, stage) do update set attempt = excluded.attempt, status = excluded.status, started_at = excluded.started_at,
  finished_at = excluded.finished_at, output = excluded.output, rows_in = excluded.rows_in, rows_out = excluded.rows_out,
  rejected = excluded.rejected, sources = excluded.sources, checks = excluded.checks, error = excluded.error`;
const STAGES_OF = `select run, stage, attempt, status, started_at, finished_at, output, rows_in, rows_out, rejected, sources, checks, error
from stages where run = ? order by rowid`;

const GET_LEASE = "select epoch, run, host, pid, since, expires_at from leases where project = ? and pipeline = ?";
const PUT_LEASE = `insert into leases (project, pipeline, epoch, run, host, pid, since, expires_at) values (?, ?, ?, ?, ?, ?, ?, ?)
on conflict (project, pipeline) do update set epoch = excluded.epoch, run = excluded.run, host = excluded.host,
  pid = excluded.pid, since = excluded.since, expires_at = excluded.expires_at`;
const RENEW_LEASE = "update leases set expires_at = ? where project = ? and pipeline = ? and run = ?";
/** The epoch stays: it only ever grows. */
const RELEASE_LEASE = `update leases set run = null, host = null, pid = null, since = null, expires_at = null
where project = ? and pipeline = ? and run = ?`;

/**
 * Opens the memory of runs, bringing its schema up to date. Several processes may have it open; each write is synced
 * before its promise resolves.
 *
 * @throws SluiceError `config` where a newer sluice wrote it
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { path, signal = new AbortController().signal } = options;
  const connection = await openConnection(path, { mode: "create", signal }).catch((error: unknown) => {
    throw stateError(error, `opening the state in ${path}`, path);
  });
  try {
    await migrate(connection, signal);
    return createStore(connection, signal);
  } catch (error) {
    connection.close();
    throw stateError(error, `opening the state in ${path}`, path);
  }
}

/** A file that is no state any more takes nothing with it that a target does not know: it may be put aside. */
function stateError(error: unknown, doing: string, path: string): SluiceError {
  const found = toSluiceError(error, doing, { path });
  const code = sqliteCode(found.cause);
  const lacks = code === "SQLITE_ERROR" && /^no such (table|column)/.test(String((found.cause as Error).message));
  if (!lacks && code !== "SQLITE_NOTADB" && !code.startsWith("SQLITE_CORRUPT")) return found;
  const why = lacks ? (found.cause as Error).message : "it is not a SQLite database, or no longer a whole one";
  return new SluiceError("config", `the state in ${path} cannot be used: ${why}`, {
    cause: error,
    offending: path,
    hint: `move the file away (with ${basename(path)}-wal and -shm, if they are there): the next command begins a new one; runs so far are forgotten, what they committed is known to their targets`,
  });
}

async function migrate(connection: Connection, signal: AbortSignal): Promise<void> {
  const version = (): number => Number(connection.query("pragma user_version")[0]?.[0]);
  await patiently(() => connection.exec("pragma journal_mode = wal; pragma synchronous = full"), connection.path, {
    signal,
  });
  const found = await patiently(version, connection.path, { signal });
  if (found === migrations.length) return;
  if (found > migrations.length) {
    throw new SluiceError(
      "config",
      `${connection.path} was written by a newer sluice: its schema is version ${found}, and this one knows up to ${migrations.length}`,
      { hint: "run the newer sluice, or remove the file to begin without its history" },
    );
  }
  await patiently(() => connection.exec("begin immediate"), connection.path, { signal });
  try {
    // Another process may have done it while this one waited.
    for (let next = version(); next < migrations.length; next++) connection.exec(migrations[next] ?? "");
    connection.exec(`pragma user_version = ${Math.max(version(), migrations.length)}; commit`);
  } catch (error) {
    if (connection.inTransaction) connection.exec("rollback");
    throw error;
  }
}

function createStore(connection: Connection, signal: AbortSignal): Store {
  const statements = new Map<string, Statement>();
  const prepared = (sql: string): Statement => {
    let statement = statements.get(sql);
    if (statement === undefined) {
      statement = connection.prepare(sql);
      statements.set(sql, statement);
    }
    return statement;
  };
  const attempt = async <T>(doing: string, work: () => T): Promise<T> => {
    try {
      return await patiently(work, connection.path, { signal });
    } catch (error) {
      throw stateError(error, doing, connection.path);
    }
  };
  const write = (doing: string, sql: string, parameters: readonly Value[]): Promise<number> =>
    attempt(doing, () => prepared(sql).run(parameters));
  const read = (doing: string, sql: string, parameters: readonly Value[]): Promise<readonly (readonly Value[])[]> =>
    attempt(doing, () => prepared(sql).all(parameters));

  return {
    acquireLease: async (request) => {
      const doing = `taking the lease of pipeline "${request.pipeline}"`;
      return attempt(doing, () => {
        connection.exec("begin immediate");
        try {
          const outcome = takeLease(prepared, request);
          connection.exec("commit");
          return outcome;
        } catch (error) {
          if (connection.inTransaction) connection.exec("rollback");
          throw error;
        }
      });
    },
    renewLease: async ({ project, pipeline, run, now, ttlMs }) => {
      const doing = `renewing the lease of pipeline "${pipeline}"`;
      return (await write(doing, RENEW_LEASE, [now + ttlMs, project, pipeline, run])) === 1;
    },
    releaseLease: async ({ project, pipeline, run }) => {
      await write(`releasing the lease of pipeline "${pipeline}"`, RELEASE_LEASE, [project, pipeline, run]);
    },
    putRun: async (run) => {
      await write(`recording run ${run.id}`, PUT_RUN, [
        run.project,
        run.id,
        run.pipeline,
        run.planHash,
        JSON.stringify(run.plan),
        JSON.stringify(run.parameters),
        run.now,
        run.status,
        run.createdAt,
        run.startedAt ?? null,
        run.finishedAt ?? null,
        optionalJson(run.error),
        run.epoch ?? null,
        run.generation,
      ]);
    },
    getRun: async (project, id) => {
      const [exact] = await read(`reading run ${id}`, GET_RUN, [project, id]);
      if (exact !== undefined) return runOf(exact);
      if (id.length < 4) return undefined;
      const [first, second] = await read(`reading run ${id}`, GET_RUNS_BY_PREFIX, [project, id, id]);
      if (first !== undefined && second !== undefined) {
        throw new SluiceError("config", `"${id}" begins the names of several runs: ${first[1]}, ${second[1]}, …`, {
          offending: id,
          hint: "give more of the name",
        });
      }
      return first === undefined ? undefined : runOf(first);
    },
    latestRun: async (project, pipeline) => {
      const [found] = await read(`reading the runs of ${pipeline}`, LATEST_RUN, [project, pipeline]);
      return found === undefined ? undefined : runOf(found);
    },
    listRuns: async ({ project, pipeline, limit }) => {
      const rows =
        pipeline === undefined
          ? await read("listing runs", LIST_RUNS, [project, limit])
          : await read("listing runs", LIST_RUNS_OF_PIPELINE, [project, pipeline, limit]);
      return rows.map(runOf);
    },
    putStage: async (stage) => {
      const changes = await write(`recording stage "${stage.stage}" of run ${stage.run}`, PUT_STAGE, [
        stage.stage,
        stage.attempt,
        stage.status,
        stage.startedAt,
        stage.finishedAt ?? null,
        JSON.stringify(stage.output),
        stage.rowsIn,
        stage.rowsOut,
        stage.rejected,
        JSON.stringify(stage.sources),
        JSON.stringify(stage.checks),
        optionalJson(stage.error),
        stage.run,
      ]);
      if (changes === 0)
        throw new SluiceError("missing", `there is no run ${stage.run} to record stage "${stage.stage}" of`);
    },
    stagesOf: async (run) => (await read(`reading the stages of run ${run}`, STAGES_OF, [run])).map(stageOf),
    [Symbol.asyncDispose]: async () => connection.close(),
  };
}

function takeLease(
  prepared: (sql: string) => Statement,
  request: LeaseRequest,
): { readonly epoch: number } | { readonly holder: LeaseHolder } {
  const { project, pipeline, run, host, pid, now, ttlMs, minimumEpoch = 1 } = request;
  const [row] = prepared(GET_LEASE).all([project, pipeline]);
  const held = row === undefined || row[1] === null ? undefined : holderOf(row);
  if (held !== undefined && held.expiresAt > now && (held.host !== host || request.isAlive(held.pid))) {
    return { holder: held };
  }
  const epoch = Math.max(Number(row?.[0] ?? 0) + 1, minimumEpoch);
  prepared(PUT_LEASE).run([project, pipeline, epoch, run, host, pid, now, now + ttlMs]);
  return { epoch };
}
