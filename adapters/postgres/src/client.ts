import type { Readable, Writable } from "node:stream";
import { SluiceError } from "@sluice/core";
import type { Client, QueryArrayResult, QueryConfig } from "pg";
import type { ClientOptions } from "./config.ts";
import { CopyIn } from "./copy-in.ts";
import { CopyOut } from "./copy-out.ts";
import { toSluiceError } from "./errors.ts";

/** A value as PostgreSQL prints it, or null. */
export type Cell = string | null;

/** A column of a result: its name and its type. */
export interface ResultField {
  readonly name: string;
  readonly oid: number;
  readonly modifier: number;
}

/**
 * An open session, in UTC and ISO whatever the server's settings are. When its signal is aborted, the server is told to end
 * the statement, and where it does not answer the connection is cut.
 */
export interface Connection extends AsyncDisposable {
  /** As `server_version_num` says it: 180004. */
  readonly version: number;
  /** Whether it can still be asked, as far as is known. */
  isOpen(): boolean;
  /** All rows of a statement. */
  query(sql: string, parameters?: readonly Cell[]): Promise<readonly (readonly Cell[])[]>;
  /** Runs a statement and gives the number of rows that it changed. */
  run(sql: string, parameters?: readonly Cell[]): Promise<number>;
  /** The columns of a query, without its rows. */
  fieldsOf(sql: string): Promise<readonly ResultField[]>;
  /** A `COPY … TO STDOUT`, in blocks. `rowCount` of the stream counts when it has ended. */
  copyOut(sql: string): Readable & { readonly rowCount: number };
  /** A `COPY … FROM STDIN`. It has ended when it is finished. */
  copyIn(sql: string): Promise<Writable & { readonly rowCount: number }>;
}

export interface OpenOptions {
  readonly client: ClientOptions;
  /** How messages call it. */
  readonly shown: string;
  readonly signal: AbortSignal;
}

const CONNECT_MS = 15_000;
/** How long a server may take to end a statement that was cancelled. */
const CANCEL_MS = 500;

const SETTINGS = {
  application_name: "sluice",
  client_encoding: "UTF8",
  client_min_messages: "warning",
  timezone: "UTC",
  datestyle: "ISO, YMD",
  intervalstyle: "postgres",
  bytea_output: "hex",
  extra_float_digits: "1",
  standard_conforming_strings: "on",
  statement_timeout: "0",
  lock_timeout: "0",
  idle_in_transaction_session_timeout: "0",
  // A scan that joins another half-way would give the rows in another order each time.
  synchronize_seqscans: "off",
  // Where the client was killed, its locks go within a second (PostgreSQL 14 and later).
  client_connection_check_interval: "1s",
} as const;

/**
 * Opens a session; the driver is loaded now.
 *
 * @throws SluiceError `denied`, `missing` or `unavailable`
 */
export async function openConnection({ client: options, shown, signal }: OpenOptions): Promise<Connection> {
  throwIfCancelled(signal);
  const { default: pg } = await import("pg");
  const create = (): Client =>
    new pg.Client({
      ...options,
      connectionTimeoutMillis: CONNECT_MS,
      keepAlive: true,
      // Every value stays the text that the server printed.
      types: { getTypeParser: () => (text: unknown) => text },
    } as ConstructorParameters<typeof pg.Client>[0]);
  const client = create();
  // A connection may break between two statements, which the next one is told: the driver only knows that it is gone.
  let lost: Error | undefined;
  client.on("error", (error: Error) => {
    lost ??= error;
  });
  const cut = (): void => {
    streamOf(client)?.destroy();
  };
  const onAbort = (): void => void cancelStatement(create, client).finally(() => setTimeout(cut, CANCEL_MS).unref());
  try {
    signal.addEventListener("abort", cut, { once: true });
    await client.connect();
    signal.removeEventListener("abort", cut);
    throwIfCancelled(signal);
    signal.addEventListener("abort", onAbort, { once: true });
    const names = Object.entries(SETTINGS).map(([name, value]) => `('${name}', '${value}')`);
    const { rows } = await client.query<Cell[]>({
      text: `select current_setting('server_version_num'), set_config(s.name, v.value, false) from (values ${names.join(", ")}) v (name, value) join pg_catalog.pg_settings s on lower(s.name) = v.name`,
      rowMode: "array",
    });
    return createConnection(client, Number(rows[0]?.[0]), {
      lost: () => lost,
      onClose: () => signal.removeEventListener("abort", onAbort),
    });
  } catch (error) {
    signal.removeEventListener("abort", cut);
    signal.removeEventListener("abort", onAbort);
    cut();
    throwIfCancelled(signal);
    throw toSluiceError(error, `connecting to ${shown}`);
  }
}

function createConnection(
  client: Client,
  version: number,
  { lost, onClose }: { readonly lost: () => Error | undefined; readonly onClose: () => void },
): Connection {
  const assertThere = (): void => {
    const error = lost();
    if (error !== undefined) throw error;
  };
  const query = async (sql: string, parameters: readonly Cell[]): Promise<QueryArrayResult<Cell[]>> => {
    assertThere();
    return await client.query<Cell[]>({
      text: sql,
      rowMode: "array",
      // Without parameters by the simple protocol, in which one text may hold several statements.
      ...(parameters.length === 0 ? {} : { values: [...parameters] }),
    });
  };
  return {
    version,
    isOpen: () => lost() === undefined,
    query: async (sql, parameters = []) => (await query(sql, parameters)).rows,
    run: async (sql, parameters = []) => (await query(sql, parameters)).rowCount ?? 0,
    fieldsOf: async (sql) => {
      // Prepared, a text is one statement: what an author wrote cannot end the transaction that only reads.
      const { fields } = await client.query({ text: sql, rowMode: "array", queryMode: "extended" } as QueryConfig);
      return fields.map((field) => ({ name: field.name, oid: field.dataTypeID, modifier: field.dataTypeModifier }));
    },
    copyOut: (sql) => heard(client.query(new CopyOut(sql))),
    copyIn: async (sql) => {
      assertThere();
      return heard(client.query(new CopyIn(sql)));
    },
    [Symbol.asyncDispose]: async () => {
      onClose();
      const stream = streamOf(client);
      // A connection that is broken never says that it ended.
      const patience = setTimeout(() => stream?.destroy(), CANCEL_MS);
      await client.end().catch(() => undefined);
      clearTimeout(patience);
    },
  };
}

/** A stream may break when nobody waits for it any more, which would end the process; who does wait is told. */
function heard<S extends CopyIn | CopyOut>(stream: S): S {
  stream.on("error", () => undefined);
  return stream;
}

function streamOf(client: Client): { destroy(): void } | undefined {
  return (client as unknown as { readonly connection?: { readonly stream?: { destroy(): void } } }).connection?.stream;
}

/** Another session asks for it, since this one is busy. */
async function cancelStatement(create: () => Client, client: Client): Promise<void> {
  const pid = (client as unknown as { readonly processID?: number | null }).processID;
  if (pid === undefined || pid === null) return;
  const other = create();
  other.on("error", () => undefined);
  const patience = setTimeout(() => streamOf(other)?.destroy(), CANCEL_MS);
  patience.unref();
  try {
    await other.connect();
    await other.query("select pg_cancel_backend($1)", [pid]);
    await other.end();
  } catch {
    // The connection is cut then, which the server notices by itself.
    streamOf(other)?.destroy();
  } finally {
    clearTimeout(patience);
  }
}

/** @throws SluiceError `cancelled` */
export function throwIfCancelled(signal: AbortSignal): void {
  if (!signal.aborted) return;
  throw new SluiceError("cancelled", "told to stop", { cause: signal.reason });
}
