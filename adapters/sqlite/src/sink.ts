import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  assertStageRequest,
  isSluiceError,
  type OpenContext,
  type Sink,
  type SinkCapabilities,
  SluiceError,
} from "@sluice/core";
import type { Connection } from "./client.ts";
import { findCommit, putPosition } from "./commits.ts";
import { waitingFor } from "./patience.ts";
import { readOnce } from "./snapshot.ts";
import { createStaging, type LoadTarget, newerWriter } from "./staging.ts";
import { existingTarget, planTarget } from "./target-table.ts";
import { beginWrite } from "./write-lock.ts";

export const CAPABILITIES: SinkCapabilities = {
  modes: ["append", "replace", "merge", "insert-only", "delete+insert", "overwrite"],
  merge: ["deleteFlag", "newerBy", "missing"],
  evolve: ["fail", "add", "widen"],
  ordered: true,
};

/** A table as a sink: each load is one transaction that also holds its commit row. */
export function createSink(target: LoadTarget, context: OpenContext): Sink {
  let outputs = 0;
  const own = waitingFor(target.shown, context, context.signal);
  const look = async <T>(signal: AbortSignal, work: (connection: Connection | undefined) => T): Promise<T> => {
    try {
      return await readOnce(target.path, `looking at ${target.shown}`, { ...own, signal }, work);
    } catch (error) {
      // The database is made by the first commit.
      if (!isSluiceError(error) || error.code !== "missing") throw error;
      await requireFolder(target);
      return work(undefined);
    }
  };
  return {
    capabilities: CAPABILITIES,
    check: (signal) => look(signal, () => undefined),
    committed: (identity) =>
      look(context.signal, (connection) =>
        connection === undefined ? undefined : findCommit(connection, identity, target.table),
      ),
    reposition: async (asked, position) => {
      const transaction = await beginWrite(target.path, own, () => undefined);
      try {
        const at = new Date(context.now()).toISOString();
        if (!putPosition(transaction.connection, asked, { position, table: target.table, at })) {
          throw newerWriter(target, asked, findCommit(transaction.connection, asked, target.table)?.epoch);
        }
        await transaction.commit();
      } finally {
        await transaction.close();
      }
    },
    existing: (columns, signal) => look(signal, (connection) => existingTarget(connection, target.table, columns)),
    accepts: async (request) => {
      assertStageRequest(request, CAPABILITIES, `table "${target.table}" of ${target.shown}`);
      await look(request.signal, (connection) => planTarget(connection, target.table, request));
      // Read once and removed: compressing it would cost more than it saves.
      return {
        format: "parquet",
        path: join(context.scratch, `output-${++outputs}.parquet`),
        ordered: true,
        compression: "none",
      };
    },
    stage: async (request) => {
      assertStageRequest(request, CAPABILITIES, `table "${target.table}" of ${target.shown}`);
      return createStaging(target, request, context);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function requireFolder(target: LoadTarget): Promise<void> {
  const folder = dirname(target.path);
  try {
    await access(folder, constants.W_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const gone = code === "ENOENT" || code === "ENOTDIR";
    throw new SluiceError(
      gone ? "missing" : "denied",
      gone ? `there is no folder for the database ${target.shown}` : `the folder of ${target.shown} may not be written`,
      // The whole path, and no cause that names its folder: a path may be a secret, and a part of it is not known to be one.
      { offending: target.path, hint: gone ? "create the folder" : "allow writing to it" },
    );
  }
}
