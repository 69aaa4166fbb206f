import { setTimeout as sleep } from "node:timers/promises";
import { SluiceError } from "@sluice/core";
import { type Connection, openConnection } from "./client.ts";
import { isBusy, toSluiceError } from "./errors.ts";

/** How long one waits for another program; longer is for the step's retry to decide. */
const WAIT_MS = 60_000;

/**
 * Tries again while another connection is in the way. SQLite's own waiting blocks the thread, and whoever holds the
 * lock may need that thread to let go of it.
 *
 * @throws SluiceError `unavailable` when it took too long
 */
export async function patiently<T>(attempt: () => T, path: string, signal: AbortSignal): Promise<T> {
  let waitMs = 5;
  for (let waited = 0; ; waited += waitMs, waitMs = Math.min(100, waitMs * 2)) {
    throwIfCancelled(signal);
    try {
      return attempt();
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (waited >= WAIT_MS) {
        throw new SluiceError("unavailable", `${path} was locked by another program for ${WAIT_MS / 1000} seconds`, {
          cause: error,
          hint: "close the other program or run again later",
        });
      }
    }
    await sleep(waitMs, undefined, { signal }).catch((cause: unknown) => {
      throw new SluiceError("cancelled", "told to stop", { cause });
    });
  }
}

/** Begins a read transaction: all that follows sees one state of the database. */
export async function beginRead(connection: Connection, signal: AbortSignal): Promise<void> {
  connection.exec("begin");
  await patiently(() => connection.query("select count(*) from sqlite_master"), connection.path, signal);
}

/** One look at one state of a database. */
export async function readOnce<T>(
  path: string,
  doing: string,
  signal: AbortSignal,
  work: (connection: Connection) => T,
): Promise<T> {
  throwIfCancelled(signal);
  const connection = await openConnection(path, { mode: "read", busyMs: 0 });
  try {
    await beginRead(connection, signal);
    return work(connection);
  } catch (error) {
    throw toSluiceError(error, doing);
  } finally {
    connection.close();
  }
}

/** @throws SluiceError `cancelled` */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new SluiceError("cancelled", "told to stop", { cause: signal.reason });
}
