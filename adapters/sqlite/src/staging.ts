import { join } from "node:path";
import {
  assertFollows,
  type CommitResult,
  type OpenContext,
  type Position,
  SluiceError,
  type StageRequest,
  type Staging,
  type WriteIdentity,
  type WrittenFile,
} from "@sluice/core";
import { writeOutTrace } from "./collect-statements.ts";
import { findCommit, putCommit } from "./commits.ts";
import { toSluiceError } from "./errors.ts";
import { loadRows, needsBatch } from "./load-rows.ts";
import { makeRoom } from "./make-room.ts";
import { BATCH } from "./merge-way.ts";
import { throwIfCancelled, waitingFor } from "./patience.ts";
import { countBrokenReferences } from "./references.ts";
import { exportTable, requireColumn, rowsOf, scanStaged } from "./staged-rows.ts";
import { planTarget, type TargetPlan } from "./target-table.ts";
import { beginWrite, type WriteTransaction } from "./write-lock.ts";

/** Where a load goes. */
export interface LoadTarget {
  readonly path: string;
  readonly shown: string;
  readonly table: string;
}

/** The table as it will be, inside a transaction that is still open. */
interface Prepared {
  readonly transaction: WriteTransaction;
  readonly plan: TargetPlan;
  readonly result: CommitResult;
}

let staged = 0;

/**
 * One load in one transaction. Nothing touches the database before `scan` of an append or merge, or `commit`; from then
 * on it is locked until `commit` or disposal.
 */
export function createStaging(target: LoadTarget, request: StageRequest, context: OpenContext): Staging {
  const files: WrittenFile[] = [];
  const name = `staging-${++staged}`;
  let prepared: Prepared | undefined;
  let ended = false;
  let exports = 0;

  const prepare = async (): Promise<Prepared> => {
    prepared ??= await write(target, request, context, files, join(context.scratch, `${name}.db`));
    return prepared;
  };
  const giveUp = async (): Promise<void> => {
    ended = true;
    const open = prepared;
    prepared = undefined;
    await open?.transaction.close();
  };
  const guarded = async <T>(doing: string, work: () => Promise<T>): Promise<T> => {
    if (ended) throw new SluiceError("internal", `${doing} after the load into "${target.table}" had ended`);
    try {
      throwIfCancelled(request.signal);
      return await work();
    } catch (error) {
      writeOutTrace(error);
      await giveUp();
      throwIfCancelled(request.signal);
      throw toSluiceError(error, `${doing} table "${target.table}" of ${target.shown}`);
    }
  };

  return {
    add: (more) =>
      guarded("adding to", async () => {
        const odd = more.find((file) => file.format !== "parquet");
        if (odd !== undefined)
          throw new SluiceError("internal", `SQLite loads Parquet, not ${odd.format}: ${odd.path}`);
        files.push(...more);
      }),
    scan: (columns) =>
      guarded("scanning", async () => {
        const wanted = columns.map((column) => requireColumn(request, column));
        if (request.mode === "replace") return scanStaged(request, files);
        const { transaction, plan } = await prepare();
        const path = join(context.scratch, `${name}-scan-${++exports}.csv`);
        return exportTable(transaction.connection, plan.table, wanted, path, request.signal);
      }),
    commit: (position?: Position) =>
      guarded("loading", async () => {
        const { transaction, plan, result } = await prepare();
        const repeated = result.repeated;
        if (!repeated) {
          const { connection } = transaction;
          const at = new Date(context.now()).toISOString();
          if (!putCommit(connection, request, { result, position, table: plan.table, made: plan.made, at })) {
            throw newerWriter(target, request, findCommit(connection, request, target.table)?.epoch);
          }
          context.checkpoint("load.committing");
          await transaction.commit();
        }
        await giveUp();
        return result;
      }),
    [Symbol.asyncDispose]: giveUp,
  };
}

async function write(
  target: LoadTarget,
  request: StageRequest,
  context: OpenContext,
  files: readonly WrittenFile[],
  batchPath: string,
): Promise<Prepared> {
  const { mode, signal } = request;
  const transaction = await beginWrite(target.path, waitingFor(target.shown, context, signal), (connection) => {
    if (!needsBatch(mode)) return;
    // A new attachment is empty and has the encoding of the main database, which it must have.
    connection.prepare(`attach ? as ${BATCH}`).run([batchPath]);
    connection.exec(
      `pragma ${BATCH}.journal_mode = off; pragma ${BATCH}.synchronous = off; pragma ${BATCH}.cache_size = -65536`,
    );
  });
  const { connection } = transaction;
  try {
    const stored = findCommit(connection, request, target.table);
    if (stored?.commitId === request.commitId) {
      const plan: TargetPlan = {
        table: target.table,
        way: "keep",
        added: [],
        widened: [],
        made: true,
        existing: undefined,
      };
      return { transaction, plan, result: { ...(stored.result as unknown as CommitResult), repeated: true } };
    }
    if (stored !== undefined && stored.epoch > request.epoch) throw newerWriter(target, request, stored.epoch);
    assertFollows(request, stored, `"${target.table}" of ${target.shown}`);
    const plan = planTarget(connection, target.table, request);
    const broken = plan.existing === undefined ? 0 : await countBrokenReferences(connection, plan.table, signal);
    const { deleted, restore } = makeRoom(connection, plan, request, context);
    const counts = await loadRows(connection, plan, request, rowsOf(files, request, context));
    restore();
    if (plan.existing !== undefined && (await countBrokenReferences(connection, plan.table, signal)) > broken) {
      throw new SluiceError("data", `the load into "${plan.table}" would break references between tables`, {
        offending: plan.table,
        hint: `\`pragma foreign_key_check\` names the tables; load what they refer to first`,
      });
    }
    const gone = mode === "replace" ? { deleted } : {};
    return { transaction, plan, result: { repeated: false, ...counts, ...gone } };
  } catch (error) {
    writeOutTrace(error);
    await transaction.close();
    throw error;
  }
}

export function newerWriter(target: LoadTarget, request: WriteIdentity, epoch: number | undefined): SluiceError {
  const seen = epoch === undefined ? "a later one" : `epoch ${epoch}`;
  return new SluiceError(
    "conflict",
    `step "${request.step}" may not write "${target.table}" with epoch ${request.epoch}: ${target.shown} has seen ${seen}`,
    { reason: "epoch", hint: "another run of this pipeline took over; look at `sluice runs`" },
  );
}
