import type { SluiceError } from "@sluice/core";

/** 0 done, 1 the run failed, 2 wrong use or definition, 3 checks failed, 130 cancelled. */
export type ExitCode = 0 | 1 | 2 | 3 | 130;

/** Of several that apply, the first of 130, 2, 1, 3. */
export function exitCodeOf(errors: readonly SluiceError[]): ExitCode {
  const codes = errors.map(exitCodeOfError);
  return ([130, 2, 1, 3] as const).find((code) => codes.includes(code)) ?? 0;
}

function exitCodeOfError(error: SluiceError): ExitCode {
  switch (error.code) {
    case "cancelled":
      return 130;
    case "config":
    case "unsupported":
      return 2;
    default:
      return error.reason === "checks" ? 3 : 1;
  }
}
