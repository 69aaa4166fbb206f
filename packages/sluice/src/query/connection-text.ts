import { didYouMean, type Json, SluiceError } from "@sluice/core";
import { ADAPTER_TYPES } from "../adapters.ts";
import type { Session } from "../composition.ts";
import { pathFrom } from "./address-text.ts";
import { isPostgresUrl, postgresConnection } from "./postgres-url.ts";

/** What a connection, and what in it, a text on the command line means. */
export interface ConnectionText {
  readonly type: string;
  /** As configured, its secrets found. */
  readonly connection: () => Json;
  /** As addresses of its tables begin: `postgres.shop`. */
  readonly shown: string;
  /** What stands between that and the name of a table. */
  readonly mark: "." | "#";
  /** A schema or a table. */
  readonly within?: string;
}

/** Whether a text names a database by itself, so that no project is needed. */
export function namesDatabase(text: string): boolean {
  return isPostgresUrl(text) || /^(?:sqlite|lake):/.test(text);
}

/**
 * Reads `shop`, `postgres.shop`, `shop.public`, `postgres.shop.public.orders`, `lake`, `lake.chicago`, `sqlite:file.db`,
 * `lake:folder#chicago.crash`, `postgresql://user@host/db`; undefined for what begins with no connection.
 *
 * @throws SluiceError `config` for a connection that there is not
 */
export function connectionOf(session: Session, text: string, folder: string): ConnectionText | undefined {
  const { config, root } = session.project;
  if (isPostgresUrl(text)) {
    const { shown, fragment } = postgresConnection(session, text);
    return found(session, { type: "postgres", name: shown, shown, mark: "#", within: fragment });
  }
  if (namesDatabase(text)) {
    const [, type = "", place = "", within = ""] = /^(sqlite|lake):([^#]*)(?:#(.*))?$/s.exec(text) ?? [];
    const connection = (): Json => ({ type, path: pathFrom(root, folder, place) });
    return { type, connection, shown: `${type}:${place}`, mark: "#", ...(within === "" ? {} : { within }) };
  }
  const { connections } = config;
  const [first = "", second = ""] = text.split(".");
  const typed = Object.hasOwn(connections, second) && connections[second]?.type === first;
  if (typed) {
    const within = text.slice(first.length + second.length + 2);
    return found(session, { type: first, name: second, shown: `${first}.${second}`, mark: ".", within });
  }
  const type = Object.hasOwn(connections, first) ? connections[first]?.type : undefined;
  const within = text.slice(first.length + 1);
  if (first === "lake" && (type === undefined || type === "lake"))
    return found(session, { type: "lake", name: "lake", shown: "lake", mark: ".", within });
  if (type !== undefined) return found(session, { type, name: first, shown: `${type}.${first}`, mark: ".", within });
  if (second === "" || first === "file" || !ADAPTER_TYPES.includes(first)) return undefined;
  const other = Object.hasOwn(connections, second) ? connections[second]?.type : undefined;
  throw new SluiceError(
    "config",
    other === undefined
      ? `no connection is named "${second}"`
      : `the connection "${second}" is of type ${other}, not ${first}`,
    { offending: second, hint: didYouMean(second, Object.keys(connections), "connections") },
  );
}

function found(
  session: Session,
  {
    name,
    within,
    ...rest
  }: Omit<ConnectionText, "connection" | "within"> & { readonly name: string; readonly within: string },
): ConnectionText {
  return { ...rest, connection: () => session.connection(name) ?? null, ...(within === "" ? {} : { within }) };
}
