import { join } from "node:path";
import {
  assertStageRequest,
  didYouMean,
  type OpenContext,
  type Sink,
  type SinkCapabilities,
  SluiceError,
  type StageRequest,
} from "@sluice/core";
import { assertOwnRows, assertSeesAll } from "./assert-own-rows.ts";
import { type Connection, throwIfCancelled } from "./client.ts";
import { findCommit } from "./commits.ts";
import { toSluiceError } from "./errors.ts";
import { existingTarget } from "./existing-target.ts";
import { type FollowedLoad, followLoad } from "./followed-load.ts";
import { keepSession } from "./kept-session.ts";
import { assertSameKey } from "./key-index.ts";
import { type LoadTarget, movePosition, type SinkTarget } from "./loading.ts";
import { partitionsOf } from "./merge.ts";
import { askedCondition } from "./overwrite-where.ts";
import { createStaging } from "./staging.ts";
import { planTarget, schemaOf, type TargetPlan } from "./target-table.ts";
import { writtenAs } from "./written-as.ts";

export const CAPABILITIES: SinkCapabilities = {
  modes: ["append", "replace", "merge", "insert-only", "delete+insert", "overwrite"],
  merge: ["deleteFlag", "newerBy", "missing"],
  overwrite: ["where"],
  evolve: ["fail", "add", "widen"],
  ordered: false,
};

/** A table as a sink: each load is one COPY in one transaction that also holds its commit row. */
export function createSink(sinkTarget: SinkTarget, context: OpenContext): Sink {
  const sessions = keepSession(sinkTarget);
  const target: LoadTarget = { ...sinkTarget, sessions };
  let outputs = 0;
  const following = new Map<string, FollowedLoad>();
  const look = async <T>(signal: AbortSignal, work: (connection: Connection) => Promise<T>): Promise<T> => {
    throwIfCancelled(signal);
    try {
      const connection = await sessions.take(signal);
      try {
        await connection.run("begin read only");
        const found = await work(connection);
        await connection.run("commit");
        sessions.keep(connection, signal);
        return found;
      } catch (error) {
        await connection[Symbol.asyncDispose]();
        throw error;
      }
    } catch (error) {
      throwIfCancelled(signal);
      throw toSluiceError(error, `looking at ${target.shown}`);
    }
  };
  return {
    capabilities: CAPABILITIES,
    check: (signal) =>
      look(signal, async (connection) => {
        await schemaOf(connection, target.table);
      }),
    committed: (asked) =>
      look(context.signal, async (connection) =>
        findCommit(connection, { schema: await schemaOf(connection, target.table), table: target.table.table }, asked),
      ),
    reposition: async (asked, position) => {
      throwIfCancelled(context.signal);
      try {
        await movePosition(target, asked, position, context);
      } catch (error) {
        throwIfCancelled(context.signal);
        throw toSluiceError(error, `moving a position in ${target.shown}`);
      }
    },
    existing: (columns, signal) =>
      look(signal, async (connection) => {
        const schema = await schemaOf(connection, target.table);
        return await existingTarget(connection, { schema, table: target.table.table }, columns);
      }),
    accepts: async (request) => {
      assertRequest(request, target);
      const plan = await look(request.signal, async (connection) => {
        const schema = await schemaOf(connection, target.table);
        const found = await planTarget(connection, { schema, table: target.table.table }, request);
        await assertSameKey(connection, found, request);
        await assertSeesAll(connection, found);
        await assertOwnRows(connection, found, request);
        await askedCondition(connection, found, request);
        await requirePartitions(connection, found, request);
        return found;
      });
      outputs += 1;
      const spec = writtenAs(plan, request, join(context.scratch, `output-${outputs}`));
      // What changes the table would keep its readers out for as long as the query takes.
      const isQuiet = plan.existing === undefined || plan.changes.length === 0;
      await following.get(request.commitId)?.stop();
      if (isQuiet) following.set(request.commitId, followLoad(target, request, context, spec));
      return spec;
    },
    stage: async (request) => {
      assertRequest(request, target);
      const followed = following.get(request.commitId);
      following.delete(request.commitId);
      return createStaging(target, request, context, followed);
    },
    [Symbol.asyncDispose]: async () => {
      for (const load of following.values()) await load.stop();
      following.clear();
      await sessions[Symbol.asyncDispose]();
    },
  };
}

async function requirePartitions(connection: Connection, plan: TargetPlan, request: StageRequest): Promise<void> {
  const { mode, partitions, where } = request;
  if (mode !== "overwrite" || partitions !== undefined || where !== undefined) return;
  if ((await partitionsOf(connection, plan.existing)).length > 0) return;
  throw new SluiceError("config", "overwrite needs partitions or where: the table has no partitions of its own", {
    hint: 'name the columns whose arriving values are replaced whole: partitions: ["day"]; or say in where which rows go',
  });
}

/** What no look at the table is needed for. */
function assertRequest(request: StageRequest, target: SinkTarget): void {
  assertStageRequest(request, CAPABILITIES, target.shown);
  const names = request.schema.columns.map((column) => column.name).filter((name) => name !== request.deleteFlag);
  const unknown = target.indexes.flatMap((index) => index.columns).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new SluiceError("config", `an index of ${target.shown} is over "${unknown}", which is no column of the load`, {
    offending: unknown,
    hint: didYouMean(unknown, names, "columns"),
  });
}
