import { type ErrorCode, SluiceError } from "../errors.ts";

/** Collects what is wrong with a definition, each with its path inside it. */
export interface Problems {
  readonly found: SluiceError[];
  /** Adds a `config` error. */
  add(path: string, message: string, details?: ProblemDetails): void;
}

export interface ProblemDetails {
  readonly hint?: string;
  readonly offending?: string;
  readonly code?: ErrorCode;
  readonly reason?: string;
}

/** An empty collection. */
export function createProblems(): Problems {
  const found: SluiceError[] = [];
  return {
    found,
    add: (path, message, details) => {
      found.push(problemAt(path, message, details));
    },
  };
}

/** An error at a path inside a definition; `placeError` finds the file. */
export function problemAt(path: string, message: string, details: ProblemDetails = {}): SluiceError {
  const { code = "config", ...rest } = details;
  return new SluiceError(code, message, { ...rest, at: { file: "", path } });
}
