import { statfsSync } from "node:fs";
import { dirname } from "node:path";
import { type ErrorCode, isSluiceError, SluiceError } from "@sluice/core";

/** What the driver throws: `SqliteError` with SQLite's code, or a plain error where a file could not be opened. */
interface DriverError extends Error {
  readonly code?: unknown;
}

/**
 * The driver's error as one of ours; `doing` opens the message. SQLite calls a full disk an I/O error where it cannot
 * grow what it shares between processes: with the path of the database, its disk is asked.
 *
 * @example
 * toSluiceError(error, 'writing table "crash" of chicago.db').message;
 * // 'writing table "crash" of chicago.db failed: database is locked'
 */
export function toSluiceError(error: unknown, doing: string, disk: Disk = {}): SluiceError {
  if (isSluiceError(error)) return error;
  if (!(error instanceof Error))
    return new SluiceError("internal", `${doing} failed: ${String(error)}`, { cause: error });
  const code = sqliteCode(error);
  if (code === "SQLITE_FULL" || (code.startsWith("SQLITE_IOERR") && isFull(disk))) {
    const where = disk.path === undefined ? "the disk" : `the disk of ${dirname(disk.path)}`;
    return new SluiceError("denied", `${doing} failed: no space left on ${where}`, {
      cause: error,
      reason: "disk-full",
      hint: "free some space and run it again",
    });
  }
  const meaning = meaningOf(code);
  return new SluiceError(meaning.code, `${doing} failed: ${error.message}`, {
    cause: error,
    ...(meaning.hint === undefined ? {} : { hint: meaning.hint }),
    ...(meaning.reason === undefined ? {} : { reason: meaning.reason }),
  });
}

/** Where the database lies. */
export interface Disk {
  readonly path?: string;
  /** How many bytes are free in a folder. */
  readonly freeBytes?: (folder: string) => number;
}

/** What SQLite shares between processes grows by this much at once. */
const SHARED_BYTES = 32 * 1024;

function isFull({ path, freeBytes = freeBytesOf }: Disk): boolean {
  return path !== undefined && freeBytes(dirname(path)) < SHARED_BYTES;
}

function freeBytesOf(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    // A disk that does not answer is not known to be full: SQLite's own word stands.
    return Number.POSITIVE_INFINITY;
  }
}

/** SQLite's own word for an error, for example `SQLITE_BUSY`; "" where it is none of SQLite's. */
export function sqliteCode(error: unknown): string {
  const code = error instanceof Error ? (error as DriverError).code : undefined;
  return typeof code === "string" ? code : "";
}

/** Whether another connection stands in the way for now. */
export function isBusy(error: unknown): boolean {
  return /^SQLITE_(BUSY|LOCKED)/.test(sqliteCode(error));
}

/** Whether a row broke a constraint of its table. */
export function isConstraint(error: unknown): boolean {
  return sqliteCode(error).startsWith("SQLITE_CONSTRAINT") || sqliteCode(error) === "SQLITE_MISMATCH";
}

interface Meaning {
  readonly code: ErrorCode;
  readonly hint?: string;
  readonly reason?: string;
}

function meaningOf(code: string): Meaning {
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) {
    return { code: "unavailable", hint: "another program holds the database; close it or run again later" };
  }
  if (code.startsWith("SQLITE_CONSTRAINT") || code === "SQLITE_MISMATCH" || code === "SQLITE_TOOBIG")
    return { code: "data" };
  if (/^SQLITE_(READONLY|PERM|AUTH)/.test(code)) {
    return { code: "denied", hint: "allow writing to the file and to its folder" };
  }
  if (code.startsWith("SQLITE_CANTOPEN")) return { code: "missing", hint: "the file or its folder cannot be opened" };
  if (code === "SQLITE_NOTADB") return { code: "config", hint: "name a SQLite database" };
  if (code.startsWith("SQLITE_CORRUPT")) {
    return { code: "data", hint: "the database is damaged; `sqlite3 file 'pragma integrity_check'` says where" };
  }
  if (code.startsWith("SQLITE_IOERR"))
    return { code: "unavailable", hint: "the disk failed to answer; look at its state" };
  if (code === "SQLITE_INTERRUPT") return { code: "cancelled" };
  return { code: "internal" };
}
