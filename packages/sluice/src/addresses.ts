import {
  type Address,
  type CsvDialect,
  type Json,
  type OpenRow,
  SluiceError,
  source,
  type TypedRelation,
} from "@sluice/core";
import { type Addressed, type DatasetOptions, markSource } from "./dataset-options.ts";

/** How a text file is written. */
export interface FileTargetOptions {
  /** Known from the name's ending where absent. */
  readonly format?: "csv" | "parquet";
  readonly delimiter?: string;
  readonly header?: boolean;
  readonly quote?: "minimal" | "all" | "none";
  readonly compression?: "snappy" | "zstd" | "gzip" | "none";
}

/** A file that is read: a source for the configuration, and a relation in a query, where its columns are not known yet. */
export type FileSource = TypedRelation<OpenRow> & Addressed;

/** What is known of a text file, for those that mislead the look at them. `quote: ""` says that quotes mean nothing. */
export type CsvOptions = DatasetOptions & Partial<Omit<CsvDialect, "compression">>;

/**
 * Delimited text: one file, a glob (`data/*.csv`) or a template (`data/{day}.csv`), relative to the project's folder.
 * Compressed files are known by their content.
 *
 * @example
 * defineConfig({ project: "p", datasets: { crashes: csv("data/crashes.csv", { required: ["id"], maxRejects: "0.1%" }) } });
 * csv("data/crashes.csv").filter((c) => c.latitude.isNotNull()); // without a name, for a first look
 */
export function csv(path: string, options: CsvOptions = {}): FileSource {
  const { delimiter, quote, escape: escapedBy, header, newline, encoding, quotedEmpty, ...rest } = options;
  return fileSource("csv", path, rest, {
    delimiter,
    quote: quote === "" ? "none" : quote,
    escape: escapedBy,
    header,
    newline,
    encoding,
    quotedEmpty,
  });
}

/**
 * Parquet: one file, a glob or a template.
 *
 * @example
 * defineConfig({ project: "p", datasets: { crashes: parquet("data/crashes-*.parquet") } });
 */
export function parquet(path: string, options: DatasetOptions = {}): FileSource {
  return fileSource("parquet", path, options, {});
}

function fileSource(
  format: "csv" | "parquet",
  path: string,
  options: DatasetOptions,
  members: Readonly<Record<string, Json | undefined>>,
): FileSource {
  const given = Object.entries(members).filter(([, value]) => value !== undefined);
  const address: Address = Object.freeze({ type: "file", path, format, ...Object.fromEntries(given) });
  const relation = source(address);
  const [first] = Object.keys(options);
  if (first !== undefined) {
    // What only a frozen schema can hold would be lost without a word where the rows are read by their path.
    Object.defineProperty(relation, "node", {
      enumerable: false,
      get: () => {
        throw new SluiceError("config", `${format}("${path}") has "${first}", which needs a dataset with a name`, {
          offending: first,
          hint: "put it under datasets in sluice.config.ts, run sluice sync, and import it from schemas/index.ts",
        });
      },
    });
  }
  return markSource(relation, { address, options: Object.freeze({ ...options }) });
}

/**
 * A file to write.
 *
 * @example
 * load({ name: "publish", from: crash, into: file("out/crash.parquet"), mode: "replace" });
 */
export function file(path: string, options: FileTargetOptions = {}): Address {
  return Object.freeze({ type: "file", path, ...(options as Readonly<Record<string, Json>>) });
}

/** Tables of a SQLite database. */
export interface SqliteTables {
  /** A table: a target of a load, and a source for the configuration. */
  table(name: string, options?: DatasetOptions): Address & Addressed;
}

/**
 * A SQLite database, by the name of its connection in the configuration.
 *
 * @example
 * load({ name: "load_crash", from: crash, into: sqlite("warehouse").table("crash"), mode: "merge", key: ["crash_id"] });
 */
export function sqlite(connection: string): SqliteTables {
  return Object.freeze({
    table: (name: string, options: DatasetOptions = {}) => {
      const address: Address = { type: "sqlite", connection, table: name };
      const marked = markSource(address, { address: { ...address }, options: Object.freeze({ ...options }) });
      return Object.freeze(marked);
    },
  });
}
