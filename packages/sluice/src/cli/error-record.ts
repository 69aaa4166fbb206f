import type { Json, SluiceError } from "@sluice/core";
import { shortPath } from "../project/short-path.ts";

/** An error as one JSON object; paths stand as a person would type them from the folder. */
export function errorRecord(error: SluiceError, folder: string): { readonly [key: string]: Json } {
  return {
    code: error.code,
    message: error.message,
    ...(error.reason === undefined ? {} : { reason: error.reason }),
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.offending === undefined ? {} : { offending: error.offending }),
    ...(error.drift === undefined ? {} : { drift: error.drift as unknown as Json }),
    ...(error.at === undefined
      ? {}
      : {
          at: {
            file: shortPath(error.at.file, folder),
            ...(error.at.line === undefined ? {} : { line: error.at.line }),
            ...(error.at.column === undefined ? {} : { column: error.at.column }),
            ...(error.at.path === undefined ? {} : { path: error.at.path }),
          },
        }),
  };
}

/** One object for all that went wrong: `error` is the first, `errors` are all of them. */
export function errorsRecord(errors: readonly SluiceError[], folder: string): { readonly [key: string]: Json } {
  const records = errors.map((error) => errorRecord(error, folder));
  return { error: records[0] ?? null, errors: records };
}
