import type { DatasetDrift } from "./schema/column-drift.ts";

/**
 * The one error of sluice. Its code answers a single question: who acts next?
 *
 * | code | means | retried | for |
 * |---|---|---|---|
 * | `config` | a definition is wrong | never | author |
 * | `unsupported` | an ability is missing, known when planning | never | author |
 * | `data` | rows break the contract | never | author |
 * | `denied`, `missing` | credentials, quota; object gone | never | operator |
 * | `unavailable` | network, overload | with backoff | operator |
 * | `conflict` | an optimistic commit lost, a source changed | stage again | nobody |
 * | `timeout` | the step's own time limit | as the step says | author |
 * | `cancelled` | told to stop; not a failure | never | nobody |
 * | `internal` | a defect of sluice | never | maintainer |
 */
export type ErrorCode =
  | "config"
  | "unsupported"
  | "data"
  | "denied"
  | "missing"
  | "unavailable"
  | "conflict"
  | "timeout"
  | "cancelled"
  | "internal";

/** A place in a file that a person wrote; lines and columns start at 1. */
export interface SourceLocation {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  /** Where inside the definition, for example `steps.crash.query.filter`. */
  readonly path?: string;
}

/** What an error says beside its code and message; all of it may be absent. */
export interface ErrorDetails {
  /** What to do next, as one sentence: `did you mean "crash_date"?` */
  readonly hint?: string;
  readonly at?: SourceLocation;
  /** The text that is wrong, as its author wrote it. */
  readonly offending?: string;
  readonly retryAfterMs?: number;
  /** A closed word that tells two errors of one code apart, for example `drift` or `max-rejects`. */
  readonly reason?: string;
  /** Of reason `drift`: which columns, and how. */
  readonly drift?: DatasetDrift;
  readonly cause?: unknown;
}

/**
 * What failed, the offending value, and what was expected, in one sentence; `hint` says what to do next.
 *
 * @example
 * throw new SluiceError("config", 'no dataset is named "crashs"', { hint: 'did you mean "crashes"?' });
 */
export class SluiceError extends Error {
  override readonly name: string = "SluiceError";
  readonly brand: "sluice-error" = "sluice-error";
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly at: SourceLocation | undefined;
  readonly offending: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly reason: string | undefined;
  readonly drift: DatasetDrift | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
    this.at = details.at;
    this.offending = details.offending;
    this.retryAfterMs = details.retryAfterMs;
    this.reason = details.reason;
    this.drift = details.drift;
  }
}

/** Tells a `SluiceError` of any loaded copy of this package from other thrown values. */
export function isSluiceError(value: unknown): value is SluiceError {
  return value instanceof Error && (value as { brand?: unknown }).brand === "sluice-error";
}

/** The same error with a location, where it has none yet. */
export function locate(error: SluiceError, at: SourceLocation): SluiceError {
  if (error.at !== undefined) return error;
  return new SluiceError(error.code, error.message, { ...detailsOf(error), at });
}

/** The details an error was made with, to make another from it. */
export function detailsOf(error: SluiceError): ErrorDetails {
  return {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.at === undefined ? {} : { at: error.at }),
    ...(error.offending === undefined ? {} : { offending: error.offending }),
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
    ...(error.reason === undefined ? {} : { reason: error.reason }),
    ...(error.drift === undefined ? {} : { drift: error.drift }),
    ...(error.cause === undefined ? {} : { cause: error.cause }),
  };
}
