import { type ErrorCode, type ErrorDetails, isSluiceError, REFUSAL_MARK, SluiceError } from "@sluice/core";
import { configDetails } from "./config-details.ts";
import { SQL_RULES } from "./sql-errors.ts";
import { VALUE_RULES } from "./value-errors.ts";

/** What a strict scan says of a record that is not certainly right; `errors.ts` knows it again. */
export const STRICT_MARK = "sluice:strict:";
/** What a cast in a query says of a text that is no value of the type. */
export const CAST_MARK = "sluice:cast:";
/** What a scan says of a time stamp that microseconds do not hold. */
export const NANOSECONDS_MARK = "sluice:nanoseconds:";
/** What an unquoted CSV output says of a value that needs quotes. */
export const QUOTE_MARK = "sluice:quote:";

/** What a JSON output says of a number that JSON does not have. */
export const FINITE_MARK = "sluice:finite:";

export interface ErrorContext {
  /** Whether text files are read strictly, so that an error of their reader means "look record by record". */
  readonly readsText?: boolean;
  readonly signal?: AbortSignal;
  /** What people call the files that are read, by the paths they are read from. */
  readonly origins?: ReadonlyMap<string, string>;
}

/** Whether DuckDB gave up on the whole database, so that it has to be opened anew. */
export function isFatal(error: unknown): boolean {
  return error instanceof Error && /^(?:FATAL|INTERNAL) Error/.test(error.message);
}

interface Rule {
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  readonly reason?: string;
  readonly message: (found: RegExpExecArray, text: string) => string;
  readonly hint?: string;
  readonly details?: (text: string) => Pick<ErrorDetails, "hint" | "offending">;
}

const firstLine = (text: string): string => (text.split("\n")[0] ?? text).replace(/^[A-Za-z ]+ Error: /, "");

const RULES: readonly Rule[] = [
  {
    pattern: /sluice:strict:([^\n]*)/,
    code: "data",
    reason: "strict",
    message: (found) => `"${found[1]}" holds records that its frozen schema does not accept`,
  },
  {
    pattern: /sluice:cast:([^\n:]*):([\s\S]*)/,
    code: "data",
    message: (found) => `${JSON.stringify(found[2])} cannot be cast to ${found[1]?.replaceAll("\u0001", ":")}`,
    hint: "cast it safely to get null instead of an error",
  },
  {
    pattern: /sluice:nanoseconds:([0-9-]+ [0-9:.]+):([^\n]*):([^\n:]*)/,
    code: "data",
    message: ([, value, column, file]) =>
      `${value} in "${column}"${file ? ` of ${file}` : ""} holds nanoseconds, and sluice keeps microseconds`,
    hint: "write the file with time stamps in microseconds",
  },
  {
    pattern: /sluice:quote:([^\n:]*):([\s\S]*)/,
    code: "data",
    message: (found) => `the value ${JSON.stringify(found[2])} of "${found[1]}" cannot be written without quotes`,
    hint: 'write the file with quote "minimal"',
  },
  {
    pattern: /sluice:finite:([^\n:]*):([^\n]*)/,
    code: "data",
    message: (found) => `"${found[2]}" holds ${found[1]}, which JSON does not have`,
    hint: 'write it as null with nonFinite: "null", or replace it in a step',
  },
  {
    pattern: new RegExp(`${REFUSAL_MARK}([^\\n]*)`),
    code: "data",
    message: (found) => found[1] ?? "",
  },
  ...VALUE_RULES,
  {
    pattern: /max_temp_directory_size|could not allocate block of size .* temp|failed to offload data block/i,
    code: "denied",
    reason: "scratch-full",
    message: () => "the scratch space of the engine is used up",
    hint: "raise the limit of the scratch folder, or give the engine more memory",
  },
  {
    pattern: /No space left on device|Disk quota exceeded/i,
    code: "denied",
    reason: "disk-full",
    message: (_, text) => `the disk is full: ${firstLine(text)}`,
    hint: "free some space and run it again",
  },
  {
    pattern: /^Out of Memory Error/,
    code: "denied",
    reason: "memory",
    message: (_, text) => `the engine needs more memory than it may use: ${firstLine(text)}`,
    hint: "raise the memory limit, or let it use scratch space",
  },
  { pattern: /^INTERRUPT Error/, code: "cancelled", message: () => "the query was cancelled" },
  {
    pattern: /No files found that match the pattern "([^"]*)"|Cannot open file "([^"]*)": No such file or directory/,
    code: "missing",
    message: (found) => `the file ${found[1] ?? found[2]} is not there`,
  },
  {
    pattern: /Permission denied/,
    code: "denied",
    message: (_, text) => firstLine(text),
  },
  {
    pattern:
      /(?:No magic bytes found|Footer length error|too small to be a Parquet file|Corrupt|Snappy|ZSTD|GZIP)[\s\S]*/,
    code: "data",
    reason: "corrupt",
    message: (_, text) => firstLine(text),
  },
  ...SQL_RULES.map(
    ({ pattern, message, hint, offending }): Rule => ({
      pattern,
      code: "config",
      message,
      details: (text) => {
        const found = pattern.exec(text);
        const own = found === null ? undefined : { hint: hint?.(found, text), offending: offending?.(found) };
        return {
          ...configDetails(text),
          ...(own?.hint === undefined ? {} : { hint: own.hint }),
          ...(own?.offending === undefined ? {} : { offending: own.offending }),
        };
      },
    }),
  ),
  {
    pattern: /^(?:Conversion|Out of Range|Invalid Input|Constraint|Sequence) Error/,
    code: "data",
    message: (_, text) => firstLine(text),
  },
  {
    pattern: /^(?:Parser|Syntax|Binder|Catalog) Error/,
    code: "config",
    message: (_, text) => firstLine(text),
    details: configDetails,
  },
  { pattern: /^Not implemented Error/, code: "unsupported", message: (_, text) => firstLine(text) },
  {
    pattern: /^IO Error: Parquet files do not support negative intervals/,
    code: "data",
    message: () => "Parquet holds no negative interval",
    details: () => ({ hint: "write it as text: cast(x as string)" }),
  },
  { pattern: /^(?:IO|HTTP|Connection) Error/, code: "unavailable", message: (_, text) => firstLine(text) },
  {
    pattern: /^(?:FATAL|INTERNAL) Error/,
    code: "internal",
    message: (_, text) => `DuckDB failed: ${firstLine(text)}`,
  },
];

function withOrigins(text: string, origins: ReadonlyMap<string, string> = new Map()): string {
  return [...origins].reduce((result, [path, origin]) => result.split(path).join(origin), text);
}

/** What the CSV reader says where a record is not sound. */
const READER =
  /^Invalid Input Error: (?:CSV Error|The CSV Parser|Invalid unicode)|Maximum line size|The Parallel CSV Reader/;

/**
 * An error of DuckDB as one of sluice: the code tells who acts next.
 *
 * @example
 * toSluiceError(new Error("Out of Range Error: Overflow in addition of INT64 (…)!")).code; // "data"
 */
export function toSluiceError(error: unknown, context: ErrorContext = {}): SluiceError {
  if (isSluiceError(error)) return error;
  if (context.signal?.aborted) return new SluiceError("cancelled", "the query was cancelled", { cause: error });
  const text = withOrigins(error instanceof Error ? error.message : String(error), context.origins);
  if (context.readsText === true && READER.test(text)) {
    return new SluiceError("data", "a text input holds a record that is not sound", { reason: "strict", cause: error });
  }
  for (const rule of RULES) {
    const found = rule.pattern.exec(text);
    if (found === null) continue;
    return new SluiceError(rule.code, rule.message(found, text), {
      ...(rule.hint === undefined ? {} : { hint: rule.hint }),
      ...(rule.reason === undefined ? {} : { reason: rule.reason }),
      ...rule.details?.(text),
      cause: error,
    });
  }
  return new SluiceError("internal", `DuckDB failed: ${firstLine(text)}`, { cause: error });
}
