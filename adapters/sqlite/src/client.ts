import { constants } from "node:fs";
import { access, readdir, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { didYouMean, isSluiceError, SluiceError } from "@sluice/core";
import { sqliteCode, toSluiceError } from "./errors.ts";
import { patiently, throwIfCancelled, type Waiting } from "./patience.ts";

/** What SQLite gives: integers as bigint always, text as it is, blobs as bytes. */
export type Value = string | number | bigint | null | Uint8Array;

/** A prepared statement. Parameters go in as one array: a lone object, null among them, would be taken for named ones. */
export interface Statement {
  /** The number of rows changed. */
  run(parameters: readonly Value[]): number;
  /** Text must be known to be valid UTF-8 without NUL; see `Connection`. */
  all(parameters?: readonly Value[]): readonly (readonly Value[])[];
  iterate(parameters?: readonly Value[]): Iterable<readonly Value[]>;
}

/**
 * An open database. The driver ends the whole process when a text it fetches is not UTF-8, and cuts one at its first
 * NUL (libsql 0.5.29), so text that others wrote is fetched as `cast(… as blob)` and decoded here with `decode`.
 * A boolean bound ends the process too: `Value` has none.
 */
export interface Connection {
  readonly path: string;
  readonly inTransaction: boolean;
  exec(sql: string): void;
  prepare(sql: string): Statement;
  /** All rows of a query. */
  query(sql: string, parameters?: readonly Value[]): readonly (readonly Value[])[];
  /**
   * How SQLite would run a statement: the lines of its query plan, indexes by name. Names of this database must be
   * known to be valid text.
   */
  explain(sql: string, parameters: readonly Value[]): readonly string[];
  /** Text of this database that was fetched as a blob; "" for null. */
  decode(value: Value | undefined): string;
  /** How the database stores text. */
  readonly encoding: "utf-8" | "utf-16le" | "utf-16be";
  close(): void;
}

export interface OpenOptions extends Waiting {
  /** `create` makes the file where it is missing. */
  readonly mode: "read" | "write" | "create";
}

interface DriverStatement {
  raw(on: boolean): DriverStatement;
  safeIntegers(on: boolean): DriverStatement;
  run(parameters: readonly Value[]): { readonly changes: number };
  get(parameters: readonly Value[]): unknown;
  all(parameters: readonly Value[]): readonly (readonly Value[])[];
  iterate(parameters: readonly Value[]): Iterable<readonly Value[]>;
  readonly reader: boolean;
}
interface Driver {
  readonly inTransaction: boolean;
  exec(sql: string): void;
  prepare(sql: string): DriverStatement;
  close(): void;
}
type DriverConstructor = new (path: string, options: { readonly timeout: number }) => Driver;

const MODES = { read: "ro", write: "rw", create: "rwc" } as const;

/**
 * Opens a database; the driver is loaded now. Where a program died in the middle of a write, what it wrote is taken back first,
 * as every program does that opens the database to write.
 *
 * @throws SluiceError `missing`, `denied` or `config` (a folder, not a database)
 */
export async function openConnection(path: string, options: OpenOptions): Promise<Connection> {
  throwIfCancelled(options.signal);
  await requireFile(path, options.mode);
  try {
    return await openWhole(path, options);
  } catch (error) {
    if (sqliteCode(error) === "SQLITE_NOTADB") {
      throw new SluiceError("config", `${path} is not a SQLite database`, {
        cause: error,
        offending: path,
        hint: "name a SQLite database, or a file that does not exist yet",
      });
    }
    throw toSluiceError(error, `opening ${path}`, { path });
  }
}

async function openWhole(path: string, options: OpenOptions): Promise<Connection> {
  try {
    return await open(path, options);
  } catch (error) {
    if (options.mode !== "read" || !isHalfWritten(error)) throw error;
    await takeBack(path, options);
    return await open(path, options);
  }
}

async function open(path: string, options: OpenOptions): Promise<Connection> {
  const { default: Database } = (await import("libsql")) as unknown as { readonly default: DriverConstructor };
  let driver: Driver;
  try {
    // As a URI, every character of a name is taken as it is.
    driver = new Database(`${pathToFileURL(path).href}?mode=${MODES[options.mode]}`, { timeout: 0 });
  } catch (error) {
    throw new SluiceError("denied", `${path} could not be opened`, {
      cause: error,
      offending: path,
      hint: "look at the rights of the file and of its folder",
    });
  }
  try {
    const encoding = await patiently(() => readEncoding(driver), path, options);
    return createConnection(path, driver, encoding);
  } catch (error) {
    driver.close();
    throw error;
  }
}

/** A journal lies beside the database that no living program writes: who only reads may not apply it. */
function isHalfWritten(error: unknown): boolean {
  return /^SQLITE_READONLY_(ROLLBACK|RECOVERY)$/.test(sqliteCode(error));
}

/** Opened to write, SQLite takes back what was half written at the first look. */
async function takeBack(path: string, options: OpenOptions): Promise<void> {
  try {
    const connection = await open(path, { ...options, mode: "write" });
    connection.close();
  } catch (cause) {
    if (isSluiceError(cause) && cause.code === "cancelled") throw cause;
    throw new SluiceError(
      "denied",
      `a program died while it wrote ${path}, and what it wrote cannot be taken back here`,
      {
        cause,
        offending: path,
        hint: "allow writing to the file and to its folder, or open it once where that is allowed",
      },
    );
  }
}

async function requireFile(path: string, mode: OpenOptions["mode"]): Promise<void> {
  try {
    const found = await stat(path);
    if (!found.isFile()) {
      throw new SluiceError("config", `${path} is not a file`, { offending: path, hint: "name a SQLite database" });
    }
    await access(path, mode === "read" ? constants.R_OK : constants.R_OK | constants.W_OK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" && mode === "create") return;
    if (code === "ENOENT" || code === "ENOTDIR") {
      const hint = await nearestName(path);
      throw new SluiceError("missing", `there is no database ${path}`, { cause: error, offending: path, hint });
    }
    if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
      const ability = mode === "read" ? "read" : "written";
      throw new SluiceError("denied", `${path} may not be ${ability}`, { cause: error, offending: path });
    }
    throw toSluiceError(error, `opening ${path}`, { path });
  }
}

/** What to say of a database that is not there: the nearest name in its folder. */
async function nearestName(path: string): Promise<string> {
  const names = await readdir(dirname(path)).catch(() => undefined);
  if (names === undefined) return `the folder ${dirname(path)} does not exist either, or may not be opened`;
  return didYouMean(basename(path), names, "files of its folder");
}

function readEncoding(driver: Driver): Connection["encoding"] {
  // The first look at the file: this is where it turns out to be no database.
  driver.prepare("select count(*) from sqlite_master").raw(true).all([]);
  const found = String(driver.prepare("pragma encoding").raw(true).all([])[0]?.[0]).toLowerCase();
  return found === "utf-16le" || found === "utf-16be" ? found : "utf-8";
}

function createConnection(path: string, driver: Driver, encoding: Connection["encoding"]): Connection {
  const decoder = new TextDecoder(encoding, { ignoreBOM: true });
  const prepare = (sql: string): Statement => {
    const statement = driver.prepare(sql);
    if (statement.reader) statement.raw(true).safeIntegers(true);
    return {
      run: (parameters) => statement.run(parameters).changes,
      all: (parameters = []) => statement.all(parameters),
      iterate: (parameters = []) => statement.iterate(parameters),
    };
  };
  return {
    path,
    encoding,
    get inTransaction() {
      return driver.inTransaction;
    },
    exec: (sql) => driver.exec(sql),
    prepare,
    query: (sql, parameters = []) => prepare(sql).all(parameters),
    explain: (sql, parameters) => {
      const statement = driver.prepare(`explain query plan ${sql}`).raw(true);
      const lines = statement.all(parameters).map((row) => String(row[3]));
      // An explained write counts as running until it is reset, and no commit gets past it: only `get` resets.
      statement.get(parameters);
      return lines;
    },
    decode: (value) => {
      if (value === null || value === undefined) return "";
      return value instanceof Uint8Array ? decoder.decode(value) : String(value);
    },
    close: () => {
      // The driver closes for good when its statements are collected: until then a transaction would keep its locks.
      if (driver.inTransaction) driver.exec("rollback");
      driver.close();
    },
  };
}

/** A name as SQL. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text constant as SQL. */
export function quotedText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
