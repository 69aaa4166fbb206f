import type { Writable } from "node:stream";
import {
  assertFollows,
  type CommitResult,
  type OpenContext,
  type OutputSpec,
  type Position,
  SluiceError,
  type StageRequest,
  type TableName,
  type WriteIdentity,
} from "@sluice/core";
import { makeRows, ROWS } from "./arriving-rows.ts";
import { assertOwnRows, assertSeesAll } from "./assert-own-rows.ts";
import { kindOf } from "./catalog.ts";
import { changeAll, mayLeaveOut } from "./change-all.ts";
import type { Connection } from "./client.ts";
import {
  alone,
  evolveCommits,
  findCommit,
  keepCommits,
  newerWriter,
  putCommit,
  putPosition,
  takeTurn,
} from "./commits.ts";
import type { IndexSpec, Target } from "./config.ts";
import type { Sent } from "./followed-load.ts";
import type { KeptSession } from "./kept-session.ts";
import { assertSameKey, dropOtherIndexes, makeIndexes } from "./key-index.ts";
import { meet } from "./merge.ts";
import { columnList, quoted, quotedTable, shownTable } from "./names.ts";
import { type AskedCondition, askedCondition, assertInside, overwriteWhere } from "./overwrite-where.ts";
import { planTarget, schemaOf, type TargetPlan } from "./target-table.ts";
import { takesBinary } from "./written-as.ts";

/** Where a load goes. */
export interface SinkTarget extends Pick<Target, "client" | "shown"> {
  readonly table: TableName;
  readonly indexes: readonly IndexSpec[];
}

/** And by which sessions. */
export interface LoadTarget extends SinkTarget {
  readonly sessions: KeptSession;
}

/** A load inside its one transaction, which ends with `commit` or is rolled back with the session. */
export interface Loading extends AsyncDisposable {
  readonly connection: Connection;
  readonly plan: TargetPlan;
  /** Present where this very write was committed before: then nothing is to be done. */
  readonly repeated: CommitResult | undefined;
  /** Takes rows as CSV, or in binary those that were written as Parquet; ended once. */
  openCopy(format: OutputSpec["format"]): Promise<Writable & { readonly rowCount: number }>;
  /** Once all rows are in: what they do to the target. */
  meetTarget(sent: Sent): Promise<Omit<CommitResult, "repeated">>;
  commit(result: CommitResult, position: Position | undefined): Promise<void>;
}

/** After so long, a person is told what a load waits for. */
const PATIENCE_MS = 5_000;

/** Begins a load: takes the step's turn, locks the target, makes it fit, and makes room for the rows. */
export async function beginLoading(target: LoadTarget, request: StageRequest, context: OpenContext): Promise<Loading> {
  const { signal } = request;
  const connection = await target.sessions.take(signal);
  try {
    await evolveCommits(connection, await schemaOf(connection, target.table));
    await beginDurably(connection);
    await takeTurn(connection, request, signal);
    const schema = await schemaOf(connection, target.table);
    const name = { schema, table: target.table.table };
    const stored = await findCommit(connection, name, request);
    if (stored !== undefined && stored.commitId !== request.commitId && stored.epoch > request.epoch) {
      throw newerWriter(request, stored.epoch);
    }
    assertFollows(request, stored, `"${target.table.table}"`);
    const repeated =
      stored?.commitId === request.commitId
        ? { ...(stored.result as unknown as CommitResult), repeated: true }
        : undefined;
    if (repeated !== undefined) {
      const plan = { name, stored: request.schema, existing: undefined, made: true, changes: [], isReshaped: false };
      return loadingOf(connection, { target, request, context, plan, repeated, deleted: 0, where: undefined });
    }
    await makeSchema(connection, schema);
    await keepCommits(connection, schema);
    await lock(connection, name, request, context);
    const plan = await planTarget(connection, name, request);
    // Whoever dropped the table may have done so while this waited for it.
    if (plan.existing === undefined)
      assertFollows(request, await findCommit(connection, name, request), `"${name.table}"`);
    await assertSameKey(connection, plan, request);
    await assertSeesAll(connection, plan);
    await assertOwnRows(connection, plan, request);
    const where = await askedCondition(connection, plan, request);
    await dropOtherIndexes(connection, plan, request, target.indexes);
    const deleted =
      request.mode === "replace" && plan.existing !== undefined
        ? await changeAll(connection, plan, {
            done: "deleted",
            sql: `delete from ${quotedTable(name)}`,
            which: quotedTable(name),
            isWatched: await mayLeaveOut(connection, plan),
          })
        : 0;
    for (const change of plan.changes) await connection.run(change);
    return loadingOf(connection, { target, request, context, plan, repeated, deleted, where });
  } catch (error) {
    await connection[Symbol.asyncDispose]();
    throw error;
  }
}

/** Moves where a step goes on, beside what it committed: in one transaction, and in the step's turn. */
export async function movePosition(
  target: LoadTarget,
  asked: WriteIdentity,
  position: Position,
  context: OpenContext,
): Promise<void> {
  const { sessions, table } = target;
  await using connection = await sessions.take(context.signal);
  await evolveCommits(connection, await schemaOf(connection, table));
  await beginDurably(connection);
  await takeTurn(connection, asked, context.signal);
  const schema = await schemaOf(connection, table);
  await makeSchema(connection, schema);
  await keepCommits(connection, schema);
  const at = new Date(context.now()).toISOString();
  if (!(await putPosition(connection, schema, asked, { position, table: table.table, at }))) {
    throw newerWriter(asked, (await findCommit(connection, { schema, table: table.table }, asked))?.epoch);
  }
  await connection.run("commit");
}

async function beginDurably(connection: Connection): Promise<void> {
  await connection.run("begin isolation level read committed, read write");
  // Committed is on disk, whatever the server is content with otherwise.
  await connection.query(
    "select set_config('synchronous_commit', 'on', true) where current_setting('synchronous_commit') = 'off'",
  );
}

interface Begun {
  readonly target: LoadTarget;
  readonly request: StageRequest;
  readonly context: OpenContext;
  readonly plan: TargetPlan;
  readonly repeated: CommitResult | undefined;
  readonly deleted: number;
  readonly where: AskedCondition | undefined;
}

function loadingOf(connection: Connection, begun: Begun): Loading {
  const { target, request, context, plan, repeated, deleted, where } = begun;
  const { mode, key, deleteFlag } = request;
  const isNew = plan.existing === undefined;
  // Into a new table, rows need not meet any: its key is looked at when its index is made.
  const isDirect = mode === "append" || mode === "replace" || (isNew && deleteFlag === undefined);
  const into = isDirect ? quotedTable(plan.name) : ROWS;
  return {
    connection,
    plan,
    repeated,
    openCopy: async (format) => {
      const isBinary = format === "parquet";
      if (isBinary && !takesBinary(plan, request)) throw changedTable(plan);
      if (!isDirect) await makeRows(connection, plan, request);
      const columns = columnList(request.schema.columns.map((column) => column.name));
      // Nobody sees a table that this transaction made, so its rows may be written as old ones, which nobody visits again.
      const isOwn = isNew || !isDirect;
      return await connection.copyIn(
        `copy ${into} (${columns}) from stdin with (format ${isBinary ? "binary" : "csv"}${isOwn ? ", freeze" : ""})`,
      );
    },
    meetTarget: async (sent) => {
      let counts: Omit<CommitResult, "repeated"> = { inserted: sent.rows, updated: 0, deleted, unchanged: 0 };
      if (isDirect && mode === "delete+insert") await requireNoNulls(connection, plan, key);
      if (where !== undefined) await assertInside(connection, plan, where, { from: into, rows: sent.rows });
      if (!isDirect) {
        const met =
          where === undefined ? meet(connection, plan, request, sent) : overwriteWhere(connection, plan, where);
        counts = { updated: 0, deleted: 0, unchanged: 0, ...(await met) };
      }
      await makeIndexes(connection, plan, request, target.indexes);
      return counts;
    },
    commit: async (result, position) => {
      const { schema, table } = plan.name;
      const at = new Date(context.now()).toISOString();
      const commit = { result, position, table, made: plan.made, at };
      if (!(await putCommit(connection, schema, request, commit))) {
        throw newerWriter(request, (await findCommit(connection, plan.name, request))?.epoch);
      }
      context.checkpoint("load.committing");
      await connection.run("commit");
    },
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  };
}

/** In binary, a value for another type would be another value. */
function changedTable(plan: TargetPlan): SluiceError {
  return new SluiceError("conflict", `the columns of "${shownTable(plan.name)}" changed while its rows were computed`, {
    reason: "changed",
    hint: "run again",
  });
}

async function makeSchema(connection: Connection, schema: string): Promise<void> {
  const [found] = await connection.query("select 1 from pg_namespace where nspname = $1", [schema]);
  if (found !== undefined) return;
  await alone(connection, quoted(schema));
  await connection.run(`create schema if not exists ${quoted(schema)}`);
}

/** Readers are never in the way. Of two loads that look at what is there, the later one waits for the earlier. */
async function lock(
  connection: Connection,
  name: { readonly schema: string; readonly table: string },
  request: StageRequest,
  context: OpenContext,
): Promise<void> {
  let kind = await kindOf(connection, name);
  if (kind === undefined) {
    await alone(connection, quotedTable(name));
    kind = await kindOf(connection, name);
  }
  if (kind !== "table" && kind !== "partitioned") return;
  const mode = request.mode === "append" ? "row exclusive" : "share row exclusive";
  const timer = setTimeout(() => {
    context.log("warn", `step "${request.step}" waits for another transaction that writes "${shownTable(name)}"`);
  }, PATIENCE_MS);
  try {
    await connection.run(`lock table ${quotedTable(name)} in ${mode} mode`);
  } finally {
    clearTimeout(timer);
  }
}

async function requireNoNulls(connection: Connection, plan: TargetPlan, key: readonly string[]): Promise<void> {
  const isNull = key.map((column) => `${quoted(column)} is null`).join(" or ");
  const [[nulls] = []] = await connection.query(`select count(*)::text from ${quotedTable(plan.name)} where ${isNull}`);
  if (nulls === "0") return;
  throw new SluiceError("data", `${nulls} of the rows to load into "${shownTable(plan.name)}" have a null key`, {
    offending: key.join(", "),
    reason: "null-key",
    hint: `filter rows whose ${key.join(" or ")} is null, or add the check notNull`,
  });
}
