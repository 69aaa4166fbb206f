import { type Connection, openConnection } from "./client.ts";
import { toSluiceError } from "./errors.ts";
import { patiently } from "./patience.ts";

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
  const connection = await openConnection(path, { mode: "read", signal });
  try {
    await beginRead(connection, signal);
    return work(connection);
  } catch (error) {
    throw toSluiceError(error, doing);
  } finally {
    connection.close();
  }
}
