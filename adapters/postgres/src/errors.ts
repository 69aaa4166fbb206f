import { type ErrorCode, isSluiceError, SluiceError } from "@sluice/core";

/** What the driver throws: PostgreSQL's own error with its SQLSTATE, or one of the network with the system's code. */
interface DriverError extends Error {
  readonly code?: unknown;
  readonly detail?: unknown;
  readonly where?: unknown;
  readonly hint?: unknown;
  readonly schema?: unknown;
  readonly table?: unknown;
  readonly constraint?: unknown;
}

/**
 * The driver's error as one of ours; `doing` opens the message.
 *
 * @example
 * toSluiceError(error, 'loading table "crash"').message;
 * // 'loading table "crash" failed: value "x" is out of range for type integer (COPY crash, line 3, column id)'
 */
export function toSluiceError(error: unknown, doing: string): SluiceError {
  if (isSluiceError(error)) return error;
  if (!(error instanceof Error)) {
    return new SluiceError("internal", `${doing} failed: ${String(error)}`, { cause: error });
  }
  const state = stateOf(error);
  const meaning = state === "23505" ? repeatedKey(error) : meaningOf(state, error.message);
  const detail = textOf((error as DriverError).detail);
  const place = textOf((error as DriverError).where).split("\n")[0] ?? "";
  const more = [detail, place].filter((part) => part !== "").join("; ");
  const hint = meaning.hint ?? (textOf((error as DriverError).hint) || undefined);
  return new SluiceError(meaning.code, `${doing} failed: ${messageOf(error)}${more === "" ? "" : ` (${more})`}`, {
    cause: error,
    ...(hint === undefined ? {} : { hint }),
    ...(meaning.reason === undefined ? {} : { reason: meaning.reason }),
  });
}

/** PostgreSQL's five letters for an error, or the system's word; "" where it is neither. */
export function stateOf(error: unknown): string {
  const code = error instanceof Error ? (error as DriverError).code : undefined;
  return typeof code === "string" ? code : "";
}

/** Several addresses of one host fail together, with a message that says nothing; the driver's own of passwords says too much. */
function messageOf(error: Error): string {
  if (error.message.includes(NO_PASSWORD)) return "the server asks for a password, and the connection gives none";
  if (error.message !== "" || !(error instanceof AggregateError)) return error.message;
  return error.errors.map((one) => (one instanceof Error ? one.message : String(one))).join("; ");
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

interface Meaning {
  readonly code: ErrorCode;
  readonly hint?: string;
  readonly reason?: string;
}

const NO_PASSWORD = "client password must be a";
const NETWORK = /^(?:ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;
const LOST = /connection terminated|connection ended|timeout expired|client has encountered a connection error/i;

/** Classes of SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html. */
function meaningOf(state: string, message: string): Meaning {
  if (state === "0A000" && message.includes("COPY FROM not supported with row-level security")) return ROW_SECURITY;
  const known = STATES[state];
  if (known !== undefined) return known;
  if (NETWORK.test(state) || (state === "" && LOST.test(message))) {
    return { code: "unavailable", hint: "look whether the server runs and can be reached from here" };
  }
  if (state === "ENOENT") return { code: "unavailable", hint: "there is no socket of a server: look whether it runs" };
  if (/SCRAM|password must be a (?:non-empty )?string|no password/i.test(message) && state === "") {
    return { code: "denied", hint: 'give the connection a password: secret("NAME")' };
  }
  if (/^(SELF_SIGNED|DEPTH_ZERO|UNABLE_TO|CERT_|ERR_TLS)/.test(state) || /SSL|certificate/i.test(message)) {
    return { code: "denied", hint: "look at `ssl` of the connection: true, false, or { ca, rejectUnauthorized }" };
  }
  return CLASSES[state.slice(0, 2)] ?? { code: "internal" };
}

/** Keys and indexes that sluice made stay through loads that know nothing of them, which should hear how they go. */
function repeatedKey({ schema, table, constraint }: DriverError): Meaning {
  const isOurs = textOf(constraint).startsWith("_sluice_");
  const letGo = `; a replace that names the table lets go of its keys: takeOver: "${textOf(schema)}.${textOf(table)}"`;
  return {
    code: "data",
    reason: "duplicate-key",
    hint: `deduplicate the rows before the load, or merge them by the key${isOurs ? letGo : ""}`,
  };
}

/** The server's own hint names INSERT, which nobody here can choose. */
export const ROW_SECURITY = {
  code: "unsupported",
  reason: "row-security",
  hint: "load by the table's owner or a role with bypassrls, or into a table without policies, and let the server move the rows on from there",
} as const;

const RETRY = "another transaction stood in the way; a retry does it again: retry: { attempts: 3 }";

const STATES: Readonly<Record<string, Meaning>> = {
  "40001": { code: "conflict", reason: "serialization", hint: RETRY },
  "40P01": { code: "conflict", reason: "deadlock", hint: RETRY },
  "55P03": { code: "conflict", reason: "locked", hint: RETRY },
  "53300": { code: "unavailable", hint: "the server has no connection left; run again later" },
  "53100": { code: "denied", reason: "disk-full", hint: "free some space on the server" },
  "57014": { code: "timeout", hint: "the server ended the statement: look at its statement_timeout" },
  "57P01": { code: "unavailable", hint: "the server is shutting down or somebody ended the connection; run again" },
  "57P02": { code: "unavailable", hint: "the server crashed; run again when it is back" },
  "57P03": { code: "unavailable", hint: "the server starts up or shuts down; run again later" },
  "57P05": { code: "unavailable", hint: "the server ended an idle connection: look at its idle_session_timeout" },
  "25P03": { code: "unavailable", hint: "look at the server's idle_in_transaction_session_timeout" },
  "3D000": { code: "missing", hint: "create the database, or name another" },
  "3F000": { code: "missing", hint: "create the schema, or name another" },
  "42P01": { code: "missing" },
  "42501": { code: "denied", hint: "grant the role of the connection what it needs" },
  "25006": { code: "denied", hint: "the server only reads: name the primary" },
  "0A000": { code: "unsupported" },
  "54011": { code: "unsupported", hint: "a table of PostgreSQL has at most 1,600 columns" },
  // The server would have everything that depends dropped too.
  "2BP01": {
    code: "config",
    reason: "dependents",
    hint: "load the columns that the table has, or drop what depends on them first",
  },
};

const CLASSES: Readonly<Record<string, Meaning>> = {
  "08": { code: "unavailable", hint: "the connection broke; run again" },
  "22": { code: "data", hint: "filter or cast such rows before the load, or add a check that diverts them" },
  "23": { code: "data", hint: "filter such rows before the load, or add a check that diverts them" },
  "28": { code: "denied", hint: "look at user and password of the connection, and at the server's pg_hba.conf" },
  "40": { code: "conflict", hint: RETRY },
  "42": { code: "config" },
  "44": { code: "data" },
  "53": { code: "unavailable", hint: "the server lacks resources; run again later" },
  "54": { code: "unsupported" },
  "57": { code: "unavailable" },
  "58": { code: "unavailable" },
};
