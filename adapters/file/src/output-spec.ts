import type { OutputSpec } from "@sluice/core";
import type { FileAddress } from "./config.ts";

/** How a target is written: what its address says, else what the ending of its name says. */
export function outputSpec(address: FileAddress, path: string): OutputSpec {
  const { format, delimiter, header, quote, compression } = address;
  if (format === "parquet") {
    const { level, rowGroupRows } = address;
    const parquet = {
      ...(level === undefined ? {} : { level }),
      ...(rowGroupRows === undefined ? {} : { rowGroupRows }),
    };
    return {
      format,
      path,
      ordered: true,
      unsignedZeros: true,
      coarseIntervals: true,
      ...(compression === undefined ? {} : { compression }),
      ...(Object.keys(parquet).length === 0 ? {} : { parquet }),
    };
  }
  const isCompressed = compression === "gzip" || (compression === undefined && /\.gz$/i.test(address.path));
  if (format === "json" || format === "ndjson") {
    const json = { nonFinite: address.nonFinite ?? "fail" } as const;
    return { format, path, ordered: true, json, compression: isCompressed ? "gzip" : "none" };
  }
  return {
    format: "csv",
    path,
    ordered: true,
    csv: {
      delimiter: delimiter ?? (/\.(?:tsv|tab)(?:\.gz)?$/i.test(address.path) ? "\t" : ","),
      header: header ?? true,
      quote: quote === "all" || quote === "none" ? quote : "minimal",
      ...(address.nullText === undefined ? {} : { nullText: address.nullText }),
      ...(address.newline === "crlf" ? { newline: "crlf" as const } : {}),
    },
    compression: isCompressed ? "gzip" : "none",
  };
}

/**
 * A size as people write it, in bytes.
 *
 * @example
 * sizeInBytes("128MB"); // 128000000
 */
export function sizeInBytes(text: string): number {
  const [, count = "0", unit = ""] = /^(\d+) ?(MB|GB)$/.exec(text) ?? [];
  return Number(count) * (unit === "GB" ? 1e9 : 1e6);
}
