import { open, stat, unlink } from "node:fs/promises";
import { SluiceError } from "@sluice/core";
import { type Connection, openConnection } from "./client.ts";
import { collectStatements } from "./collect-statements.ts";
import { isBusy, toSluiceError } from "./errors.ts";
import { patiently, throwIfCancelled, type Waiting } from "./patience.ts";

/** The last writer of each database in this process: SQLite would block the thread that the holder needs to go on. */
const writers = new Map<string, Promise<void>>();

const GONE = "gone";

/** An open write transaction, alone in its database. */
export interface WriteTransaction {
  readonly connection: Connection;
  /** Makes everything durable and visible; waits for readers in the way. */
  commit(): Promise<void>;
  /** Takes everything back, the file too where this transaction made it. No-op after a commit. */
  close(): Promise<void>;
}

/**
 * Waits for the database and begins to write, creating the file where it is missing.
 *
 * @param prepare runs on the connection before the transaction begins: attaching is impossible within
 * @throws SluiceError `unavailable` where another process holds it too long, `missing` where its folder is
 */
export async function beginWrite(
  path: string,
  waiting: Waiting,
  prepare: (connection: Connection) => void,
): Promise<WriteTransaction> {
  const { signal } = waiting;
  const release = await takeTurn(path, signal);
  try {
    for (;;) {
      throwIfCancelled(signal);
      const created = await createEmpty(path);
      const identity = await identityOf(path);
      let connection: Connection | undefined;
      try {
        connection = await openConnection(path, { mode: "write", ...waiting });
        await begin(connection, waiting, prepare);
        if (identity === (await identityOf(path)))
          return createTransaction(connection, path, created, waiting, release);
      } catch (error) {
        if (identity !== GONE && identity === (await identityOf(path))) {
          if (created && connection !== undefined) await takeAwayIfEmpty(connection);
          else connection?.close();
          throw error;
        }
      }
      // Another load that failed took its new, empty file away while this one waited for it.
      connection?.close();
    }
  } catch (error) {
    release();
    throw error;
  }
}

async function begin(
  connection: Connection,
  waiting: Waiting,
  prepare: (connection: Connection) => void,
): Promise<void> {
  // EXTRA also syncs the folder after the journal is gone, without which a power cut may undo a commit (sqlite.org/pragma.html#pragma_synchronous).
  // References are compared before and after as a whole; row by row, a replace would cascade into other tables.
  connection.exec("pragma synchronous = extra; pragma foreign_keys = off; pragma cache_size = -65536");
  prepare(connection);
  await patiently(() => connection.exec("begin immediate"), connection.path, waiting);
}

/** Removes the new file of a failed load, locked: whoever waits for the lock finds that it is gone, see above. */
async function takeAwayIfEmpty(connection: Connection): Promise<void> {
  try {
    // A large load has spilled into the file by now; its rollback makes it empty again.
    if (connection.inTransaction) connection.exec("rollback");
    connection.exec("begin immediate");
    if ((await stat(connection.path)).size === 0) await unlink(connection.path);
  } catch (error) {
    // Then somebody else has begun to use it, and it is theirs.
    if (!isBusy(error)) throw toSluiceError(error, `removing the empty ${connection.path}`);
  } finally {
    connection.close();
  }
}

function createTransaction(
  connection: Connection,
  path: string,
  created: boolean,
  waiting: Waiting,
  release: () => void,
): WriteTransaction {
  let open = true;
  let committed = false;
  const close = async (): Promise<void> => {
    if (!open) return;
    open = false;
    try {
      // A full disk has ended the transaction by itself.
      if (created && !committed) await takeAwayIfEmpty(connection);
      else connection.close();
      if (!committed) await collectStatements();
    } finally {
      release();
    }
  };
  return {
    connection,
    commit: async () => {
      await patiently(() => connection.exec("commit"), path, waiting);
      committed = true;
      await close();
    },
    close,
  };
}

async function takeTurn(path: string, signal: AbortSignal): Promise<() => void> {
  const before = writers.get(path) ?? Promise.resolve();
  let release = (): void => {};
  const mine = new Promise<void>((resolve) => {
    release = resolve;
  });
  const turn = before.then(() => mine);
  writers.set(path, turn);
  const done = (): void => {
    release();
    if (writers.get(path) === turn) writers.delete(path);
  };
  try {
    await unlessAborted(before, signal);
  } catch (error) {
    done();
    throw error;
  }
  return done;
}

async function unlessAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** True where the file was missing and is an empty one now. */
async function createEmpty(path: string): Promise<boolean> {
  try {
    await (await open(path, "wx")).close();
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "EEXIST") return false;
    if (code === "ENOENT" || code === "ENOTDIR") {
      throw new SluiceError("missing", `there is no folder for the database ${path}`, {
        offending: path,
        hint: "create the folder",
      });
    }
    if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
      throw new SluiceError("denied", `${path} may not be created`, { cause: error, offending: path });
    }
    throw toSluiceError(error, `creating ${path}`);
  }
}

async function identityOf(path: string): Promise<string> {
  try {
    const found = await stat(path, { bigint: true });
    return `${found.dev}:${found.ino}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return GONE;
    throw toSluiceError(error, `looking at ${path}`);
  }
}
