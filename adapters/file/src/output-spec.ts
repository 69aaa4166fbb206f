import type { OutputSpec } from "@sluice/core";
import type { FileAddress } from "./config.ts";

/** How a target is written: what its address says, else what the ending of its name says. */
export function outputSpec(address: FileAddress, path: string): OutputSpec {
  const { format, delimiter, header, quote, compression } = address;
  if (format === "parquet") {
    return { format, path, ordered: true, unsignedZeros: true, ...(compression === undefined ? {} : { compression }) };
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
    },
    compression: isCompressed ? "gzip" : "none",
  };
}
