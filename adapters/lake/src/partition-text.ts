import { type PartitionTransform, SluiceError } from "@sluice/core";
import type { Transform } from "./format/model.ts";
import type { NewPartitionField } from "./format/table.ts";

/**
 * How a table is parted, as people write it.
 *
 * @example
 * parsePartition("bucket(16, id)"); // { column: "id", transform: { kind: "bucket", buckets: 16 } }
 * parsePartition("region"); // { column: "region", transform: { kind: "identity" } }
 * @throws SluiceError `config`
 */
export function parsePartition(text: string): NewPartitionField {
  const [, word = "", width, inside = ""] = /^\s*(\w+)\s*\(\s*(?:(\d+)\s*,\s*)?(.+?)\s*\)\s*$/s.exec(text) ?? [];
  if (word === "") return { column: nameOf(text.trim(), text), transform: { kind: "identity" } };
  const column = nameOf(inside, text);
  const count = Number(width);
  switch (word) {
    case "identity":
    case "year":
    case "month":
    case "day":
    case "hour":
      if (width === undefined) return { column, transform: { kind: word } };
      break;
    case "bucket":
      if (count > 0) return { column, transform: { kind: "bucket", buckets: count } };
      break;
    case "truncate":
      if (count > 0) return { column, transform: { kind: "truncate", width: count } };
  }
  return refuse(text);
}

function nameOf(written: string, text: string): string {
  if (/^"(?:[^"]|"")+"$/.test(written)) return written.slice(1, -1).replaceAll('""', '"');
  return /^[^()",\s]+$/.test(written) ? written : refuse(text);
}

function refuse(text: string): never {
  throw new SluiceError("config", `"${text}" does not say how a table is parted`, {
    offending: text,
    hint: 'write a column, year(c), month(c), day(c), hour(c), bucket(16, c) or truncate(10, c); in quotes where a name is no word: day("crash date")',
  });
}

/** What the engine is asked to part rows by; undefined for a transform that is not known here. */
export function engineTransform(column: string, transform: Transform): PartitionTransform | undefined {
  switch (transform.kind) {
    case "bucket":
      return { column, transform: "bucket", width: transform.buckets };
    case "truncate":
      return { column, transform: "truncate", width: transform.width };
    case "unknown":
      return undefined;
    default:
      return { column, transform: transform.kind };
  }
}
