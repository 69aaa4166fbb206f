import { type Address, parseTableName, SluiceError } from "@sluice/core";
import type { Session } from "../composition.ts";

/** Whether a text on the command line is the address of a PostgreSQL server. */
export function isPostgresUrl(text: string): boolean {
  return /^postgres(?:ql)?:\/\//i.test(text);
}

/**
 * The connection of `postgresql://user@host/db#fragment`, which lasts as long as the process and is called by its URL. A password
 * becomes a secret, so that it is taken out of whatever is shown or kept.
 *
 * @throws SluiceError `config`
 */
export function postgresConnection(
  session: Session,
  text: string,
): { readonly shown: string; readonly fragment: string } {
  const { config, secrets } = session.project;
  const [written = "", ...rest] = text.split("#");
  const fragment = rest.join("#");
  const url = URL.canParse(written) && isEncoded(text) ? new URL(written) : undefined;
  if (url === undefined) {
    // Not shown: a password may be in it.
    throw new SluiceError("config", "the address of a PostgreSQL server is no URL", {
      hint: "write postgresql://user@host:5432/database#schema.table, and percent-encode what is special in user and password",
    });
  }
  const password = url.password === "" ? url.searchParams.get("password") : decodeURIComponent(url.password);
  url.password = "";
  url.searchParams.delete("password");
  const shown = url.href;
  if (password !== null) secrets.hide(written, shown);
  const connection = {
    type: "postgres",
    url: shown,
    ...(password === null ? {} : { password: secrets.remember(`password of ${shown}`, password) }),
  };
  (config.connections as Record<string, unknown>)[shown] = connection;
  return { shown, fragment: decodeURIComponent(fragment) };
}

/**
 * The address of `postgresql://user@host/db#schema.table`: a table of its connection.
 *
 * @throws SluiceError `config`
 */
export function postgresAddress(session: Session, text: string): Address {
  const { shown, fragment } = postgresConnection(session, text);
  if (fragment === "") {
    throw new SluiceError("config", `${shown} names no table`, {
      offending: shown,
      hint: `write ${shown}#schema.table`,
    });
  }
  const { schema, table } = parseTableName(fragment);
  return { type: "postgres", connection: shown, ...(schema === undefined ? {} : { schema }), table };
}

/** Whether each percent sign begins the bytes of a character. */
function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
