import { type Connection, openConnection } from "./client.ts";
import { toSluiceError } from "./errors.ts";
import { patiently, type Waiting } from "./patience.ts";

/** Begins a read transaction: all that follows sees one state of the database. */
export async function beginRead(connection: Connection, waiting: Waiting): Promise<void> {
  connection.exec("begin");
  await patiently(() => connection.query("select count(*) from sqlite_master"), connection.path, waiting);
}

/** One look at one state of a database. */
export async function readOnce<T>(
  path: string,
  doing: string,
  waiting: Waiting,
  work: (connection: Connection) => T,
): Promise<T> {
  const connection = await openConnection(path, { mode: "read", ...waiting });
  try {
    await beginRead(connection, waiting);
    return work(connection);
  } catch (error) {
    throw toSluiceError(error, doing);
  } finally {
    connection.close();
  }
}
