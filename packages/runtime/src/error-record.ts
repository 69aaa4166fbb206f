import { diskFull, isSluiceError, SluiceError } from "@sluice/core";
import type { ErrorRecord } from "./events.ts";

/** A `SluiceError` as data, for events, records and logs. */
export function errorRecord(error: SluiceError): ErrorRecord {
  return {
    code: error.code,
    message: error.message,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.reason === undefined ? {} : { reason: error.reason }),
    ...(error.offending === undefined ? {} : { offending: error.offending }),
    ...(error.at === undefined ? {} : { at: error.at }),
    ...(error.drift === undefined ? {} : { drift: error.drift }),
  };
}

/** Any thrown value as a `SluiceError`: a full disk and missing rights are the operator's, the rest is a defect. */
export function toSluiceError(thrown: unknown): SluiceError {
  if (isSluiceError(thrown)) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const full = diskFull(codeOf(thrown) ?? "", pathOf(thrown) ?? "a file of the run", thrown);
  if (full !== undefined) return full;
  switch (codeOf(thrown)) {
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new SluiceError("denied", `not permitted: ${message}`, { cause: thrown });
    case "ENOENT":
      return new SluiceError("missing", `not found: ${message}`, { cause: thrown });
    case "EMFILE":
    case "ENFILE":
    case "EBUSY":
      return new SluiceError("unavailable", message, { cause: thrown });
    default:
      return new SluiceError("internal", message, { cause: thrown });
  }
}

/** The error of an attempt: once it was told to stop, why it was told so is what counts. */
export function errorOfAttempt(thrown: unknown, signal: AbortSignal): SluiceError {
  return signal.aborted ? stopReason(signal) : toSluiceError(thrown);
}

/** Why a signal was aborted: its reason where that is ours (a time limit, a lost lease), else `cancelled`. */
export function stopReason(signal: AbortSignal): SluiceError {
  const reason: unknown = signal.reason;
  return isSluiceError(reason) ? reason : new SluiceError("cancelled", "the run was cancelled");
}

/** Throws `stopReason` where the signal is aborted. */
export function throwIfStopped(signal: AbortSignal): void {
  if (signal.aborted) throw stopReason(signal);
}

function codeOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !("code" in thrown)) return undefined;
  return typeof thrown.code === "string" ? thrown.code : undefined;
}

function pathOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error)) return undefined;
  // Of a copy it is the target that cannot be written.
  const { path, dest = path } = thrown as { readonly path?: unknown; readonly dest?: unknown };
  return typeof dest === "string" ? dest : undefined;
}
