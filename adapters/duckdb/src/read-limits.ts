import { STRICT_LINE_BYTES } from "./scan.ts";

/** What the strict read of text takes, by the memory of the engine. */
export interface ReadLimits {
  /** A longer line is left to the split. Reading holds a few buffers, each of the longest line. */
  readonly lineBytes: number;
  /** Whether NDJSON is read strictly at all, not left to the split whatever it holds. */
  readonly takesJson: boolean;
}

/**
 * @example
 * readLimits(32 * 1024 ** 2); // { lineBytes: 1048576, takesJson: false }
 */
export function readLimits(memoryBytes: number = Number.POSITIVE_INFINITY): ReadLimits {
  return {
    lineBytes: Math.max(1024 * 1024, Math.min(STRICT_LINE_BYTES, 2 ** Math.floor(Math.log2(memoryBytes / 64)))),
    takesJson: memoryBytes >= JSON_BYTES,
  };
}

/**
 * Each thread of DuckDB's reader of JSON holds 32 MiB, however short the lines and whatever it is asked for (1.5.6), and
 * the query needs some besides: a file of 34 MB failed with 46 MiB, and not with 56. The split needs less, and takes four
 * times the processor time.
 */
const JSON_BYTES = 56 * 1024 * 1024;
