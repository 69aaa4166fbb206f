import { type Connection, openConnection } from "./client.ts";
import type { Target } from "./config.ts";

/**
 * The session of a sink between its looks, and until its load. A server starts a process for each session, which learns the
 * catalogue anew: measured in 2026-11, a load of one row took 50 ms of the server's time with four sessions, and 25 ms with two.
 */
export interface KeptSession extends AsyncDisposable {
  /** The session that was kept, or a new one; the caller's own from now on. */
  take(signal: AbortSignal): Promise<Connection>;
  /** Takes back a session that is in no transaction. */
  keep(connection: Connection, signal: AbortSignal): void;
}

/** From a look to the first rows of a quick query: during a slow one, no place on the server is taken. */
const KEPT_MS = 5_000;

export function keepSession({ client, shown }: Pick<Target, "client" | "shown">): KeptSession {
  let kept:
    | { readonly connection: Connection; readonly signal: AbortSignal; readonly timer: NodeJS.Timeout }
    | undefined;
  let isOver = false;
  const letGo = async (): Promise<void> => {
    const last = kept;
    kept = undefined;
    clearTimeout(last?.timer);
    await last?.connection[Symbol.asyncDispose]();
  };
  return {
    take: async (signal) => {
      // A session obeys the signal that it was opened with.
      if (kept?.signal === signal && kept.connection.isOpen()) {
        const { connection, timer } = kept;
        kept = undefined;
        clearTimeout(timer);
        return connection;
      }
      await letGo();
      return await openConnection({ client, shown, signal });
    },
    keep: (connection, signal) => {
      void letGo();
      const timer = setTimeout(() => void letGo(), KEPT_MS);
      timer.unref();
      kept = { connection, signal, timer };
      if (isOver) void letGo();
    },
    [Symbol.asyncDispose]: async () => {
      isOver = true;
      await letGo();
    },
  };
}
