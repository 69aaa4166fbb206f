import { type ErrorCode, isSluiceError, SluiceError } from "@sluice/core";

/** What the driver throws: `SqliteError` with SQLite's code, or a plain error where a file could not be opened. */
interface DriverError extends Error {
  readonly code?: unknown;
}

/**
 * The driver's error as one of ours; `doing` opens the message.
 *
 * @example
 * toSluiceError(error, 'writing table "crash" of chicago.db').message;
 * // 'writing table "crash" of chicago.db failed: database is locked'
 */
export function toSluiceError(error: unknown, doing: string): SluiceError {
  if (isSluiceError(error)) return error;
  if (!(error instanceof Error))
    return new SluiceError("internal", `${doing} failed: ${String(error)}`, { cause: error });
  const code = sqliteCode(error);
  const meaning = meaningOf(code);
  return new SluiceError(meaning.code, `${doing} failed: ${error.message}`, {
    cause: error,
    ...(meaning.hint === undefined ? {} : { hint: meaning.hint }),
    ...(meaning.reason === undefined ? {} : { reason: meaning.reason }),
  });
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
  if (code === "SQLITE_FULL") return { code: "denied", reason: "disk-full", hint: "free some space on the disk" };
  if (code.startsWith("SQLITE_IOERR"))
    return { code: "unavailable", hint: "the disk failed to answer; look at its state" };
  if (code === "SQLITE_INTERRUPT") return { code: "cancelled" };
  return { code: "internal" };
}
