import type { CsvDialect } from "@sluice/core";

/** How the first line of a sample ends; `lf` where none does. */
export function guessNewline(sample: Uint8Array): CsvDialect["newline"] {
  const feed = sample.indexOf(10);
  if (feed < 0) return sample.includes(13) ? "cr" : "lf";
  return feed > 0 && sample[feed - 1] === 13 ? "crlf" : "lf";
}
