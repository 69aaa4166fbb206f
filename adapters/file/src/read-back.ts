import {
  type Address,
  type Column,
  type CsvDialect,
  DEFAULT_LAYOUTS,
  type FrozenColumn,
  parseType,
  type ReadBack,
  SluiceError,
  type TypeText,
  templateParameters,
} from "@sluice/core";
import { type FileAddress, nameOf, parseAddress } from "./config.ts";
import { outputSpec } from "./output-spec.ts";

/**
 * How rows of these columns are read from the file, or the folder of files, that a load wrote them to.
 *
 * @throws SluiceError `unsupported` for a template: it is many files, each run knowing one
 */
export function readBack(into: Address, columns: readonly Column[]): ReadBack {
  const address = parseAddress(into);
  const [parameter] = templateParameters(into);
  if (parameter !== undefined) {
    throw new SluiceError("unsupported", `${nameOf(into)} is another file for each {${parameter}}`, {
      offending: parameter,
      hint: "name the files in datasets, and run sluice sync",
    });
  }
  const { format, path, partitions = [] } = address;
  const isFolder = address.partitions !== undefined || address.targetSize !== undefined;
  const source: Address = isFolder
    ? { type: "file", path: `${path}/**/*`, format, ...(partitions.length === 0 ? {} : { hive: true }) }
    : { type: "file", path, format };
  const parted = columns.filter(({ name }) => partitions.includes(name));
  const own = columns.filter(({ name }) => !partitions.includes(name));
  const spec = outputSpec(address, path);
  return {
    source,
    columns: [
      ...own.map((column): FrozenColumn => ({ ...column, ...readingOf(column.type, address) })),
      ...parted.map((column): FrozenColumn => ({ ...column, ...textReading(column.type), partition: true })),
    ],
    ...(spec.csv === undefined ? {} : { dialect: dialectOf(spec.csv, spec.compression === "gzip") }),
  };
}

function dialectOf(
  { delimiter, header, quote, newline = "lf" }: NonNullable<ReturnType<typeof outputSpec>["csv"]>,
  isCompressed: boolean,
): CsvDialect {
  return {
    delimiter,
    quote: quote === "none" ? "" : '"',
    escape: quote === "none" ? "" : '"',
    header,
    newline,
    encoding: "utf-8",
    quotedEmpty: "text",
    compression: isCompressed ? "gzip" : "none",
  };
}

type ColumnReading = Pick<FrozenColumn, "type" | "format" | "nulls">;

function readingOf(text: TypeText, { format, nullText }: FileAddress): ColumnReading {
  const { kind } = parseType(text);
  if (format === "parquet") return { type: kind === "enum" ? "string" : text };
  if (format === "json" || format === "ndjson") return jsonReading(text);
  return { ...textReading(text), ...(nullText === undefined ? {} : { nulls: [nullText] }) };
}

/** A fraction of a second is written only where there is one. */
const LAYOUTS = {
  date: DEFAULT_LAYOUTS.date,
  time: "%H:%M:%S%.f",
  timestamp: "%Y-%m-%d %H:%M:%S%.f",
  timestamptz: "%Y-%m-%d %H:%M:%S%.f%z",
} as const;

function textReading(text: TypeText): ColumnReading {
  const { kind } = parseType(text);
  switch (kind) {
    case "date":
    case "time":
    case "timestamp":
    case "timestamptz":
      return { type: kind, format: LAYOUTS[kind] };
    case "bytes":
    case "interval":
    case "json":
    case "list":
    case "struct":
    case "map":
    case "enum":
      return { type: "string" };
    default:
      return { type: text };
  }
}

function jsonReading(text: TypeText): ColumnReading {
  const { kind } = parseType(text);
  switch (kind) {
    case "date":
    case "time":
      return { type: kind, format: LAYOUTS[kind] };
    case "timestamp":
      return { type: kind, format: "%Y-%m-%dT%H:%M:%S%.f" };
    case "timestamptz":
      return { type: kind, format: "%Y-%m-%dT%H:%M:%S%.fZ" };
    case "bytes":
    case "interval":
    case "enum":
      return { type: "string" };
    case "list":
    case "struct":
    case "map":
      return { type: "json" };
    default:
      return { type: text };
  }
}
