import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { SluiceError } from "@sluice/core";
import type { CatalogDatabase } from "./catalog-rows.ts";

interface DriverStatement {
  readonly reader: boolean;
  raw(on: boolean): DriverStatement;
  run(parameters: readonly unknown[]): { readonly changes: number };
  all(parameters: readonly unknown[]): readonly (readonly unknown[])[];
}
interface Driver {
  readonly inTransaction: boolean;
  exec(sql: string): void;
  prepare(sql: string): DriverStatement;
  close(): void;
}
type DriverConstructor = new (path: string, options: { readonly timeout: number }) => Driver;

/** Longer is for the caller's retry to decide. */
const WAIT_MS = 60_000;

/** A catalog in a SQLite file, which is made where it is missing. Only programs of one machine may share it. */
export async function openSqliteDatabase(path: string, signal?: AbortSignal): Promise<CatalogDatabase> {
  await mkdir(dirname(path), { recursive: true });
  const { default: Database } = (await import("libsql")) as unknown as { readonly default: DriverConstructor };
  const attempt = <T>(act: () => T) => patiently(act, path, signal);
  let driver: Driver;
  try {
    // As a URI, every character of a name is taken as it is. SQLite's own waiting would block the thread.
    driver = new Database(`${pathToFileURL(path).href}?mode=rwc`, { timeout: 0 });
  } catch (cause) {
    throw new SluiceError("denied", `the catalog ${path} could not be opened`, {
      cause,
      offending: path,
      hint: "look at the rights of the file and of its folder",
    });
  }
  const database = createDatabase(driver, path, attempt);
  try {
    // Readers and one writer at a time, over several programs; a commit is on the disk when it is said to be.
    await attempt(() => driver.exec("pragma journal_mode = wal"));
    await attempt(() => driver.exec("pragma synchronous = full"));
    return database;
  } catch (error) {
    driver.close();
    throw toSluiceError(error, path);
  }
}

/**
 * A statement that finds the database locked is not reset by the driver (libsql 0.5.29): whatever the connection writes
 * afterwards is said to be done, and never committed. So locks are taken by `exec`, which leaves nothing behind, and
 * statements run under them.
 */
const LOCKS = {
  read: "begin; select count(*) from sqlite_master",
  write: "begin immediate",
} as const;

function createDatabase(driver: Driver, path: string, attempt: <T>(act: () => T) => Promise<T>): CatalogDatabase {
  const prepare = (sql: string) => driver.prepare(sql.replaceAll(/\$(\d+)/g, "?$1"));
  const locked = <T>(lock: keyof typeof LOCKS, act: () => T): Promise<T> =>
    attempt(() => {
      try {
        driver.exec(LOCKS[lock]);
        const result = act();
        driver.exec("commit");
        return result;
      } catch (error) {
        if (driver.inTransaction) driver.exec("rollback");
        throw error;
      }
    });
  const guarded = async <T>(lock: keyof typeof LOCKS, act: () => T): Promise<T> => {
    try {
      return await locked(lock, act);
    } catch (error) {
      throw toSluiceError(error, path);
    }
  };
  return {
    // The driver ends the process over a text that is not UTF-8 (libsql 0.5.29), so others' texts come as bytes.
    text: (column) => `cast(${column} as blob)`,
    query: (sql, parameters = []) =>
      guarded("read", () =>
        prepare(sql)
          .raw(true)
          .all(parameters)
          .map((row) => row.map((value) => (value === null ? null : textOf(value)))),
      ),
    change: async (sql, parameters) => {
      try {
        return await locked("write", () => prepare(sql).run(parameters).changes);
      } catch (error) {
        if (codeOf(error).startsWith("SQLITE_CONSTRAINT")) return undefined;
        throw toSluiceError(error, path);
      }
    },
    columnsOf: async (table) => {
      const rows = await guarded("read", () => driver.prepare(`pragma table_info(${table})`).raw(true).all([]));
      return rows.map((row) => textOf(row[1]));
    },
    define: (statements) =>
      guarded("write", () => {
        for (const statement of statements) driver.exec(statement);
      }),
    [Symbol.asyncDispose]: async () => {
      // The driver closes for good when its statements are collected; the file holds everything from here on.
      try {
        driver.exec("pragma wal_checkpoint(truncate)");
      } catch (error) {
        if (!isBusy(error)) throw toSluiceError(error, path);
      } finally {
        driver.close();
      }
    },
  };
}

function textOf(value: unknown): string {
  if (value instanceof Uint8Array)
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("utf8");
  // A blob comes as an ArrayBuffer from some versions of the driver.
  return value instanceof ArrayBuffer ? Buffer.from(value).toString("utf8") : String(value);
}

async function patiently<T>(attempt: () => T, path: string, signal: AbortSignal | undefined): Promise<T> {
  let waitMs = 2;
  for (let waited = 0; ; waited += waitMs, waitMs = Math.min(50, waitMs * 2)) {
    if (signal?.aborted === true) throw new SluiceError("cancelled", "told to stop", { cause: signal.reason });
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
    // Several that wait do not all come back at once.
    await sleep(waitMs * (0.5 + Math.random()));
  }
}

function isBusy(error: unknown): boolean {
  return /^SQLITE_(BUSY|LOCKED)/.test(codeOf(error));
}

function codeOf(error: unknown): string {
  const code = error instanceof Error ? (error as { readonly code?: unknown }).code : undefined;
  return typeof code === "string" ? code : "";
}

function toSluiceError(error: unknown, path: string): SluiceError {
  if (error instanceof SluiceError) return error;
  const code = codeOf(error);
  const message = `the catalog ${path} failed: ${error instanceof Error ? error.message : String(error)}`;
  if (code === "SQLITE_FULL") {
    return new SluiceError("denied", message, { cause: error, reason: "disk-full", hint: "free some space" });
  }
  if (code === "SQLITE_NOTADB") {
    return new SluiceError("config", `${path} is not a SQLite database`, {
      cause: error,
      offending: path,
      hint: "name a SQLite database, or a file that does not exist yet",
    });
  }
  if (/^SQLITE_(READONLY|PERM|AUTH|CANTOPEN)/.test(code)) {
    return new SluiceError("denied", message, { cause: error, hint: "allow writing to the file and to its folder" });
  }
  if (code.startsWith("SQLITE_CORRUPT")) return new SluiceError("data", message, { cause: error });
  if (code.startsWith("SQLITE_IOERR")) return new SluiceError("unavailable", message, { cause: error });
  return new SluiceError("internal", message, { cause: error });
}
