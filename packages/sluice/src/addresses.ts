import {
  type Address,
  type Json,
  type OpenRow,
  SluiceError,
  type Storing,
  source,
  type TypedRelation,
} from "@sluice/core";
import { type Addressed, DATASET_OPTIONS, type DatasetOptions, markSource } from "./dataset-options.ts";
import { refuseOther } from "./refuse-other.ts";

/** How a text file is written. */
export interface FileTargetOptions {
  /** Known from the name's ending where absent. */
  readonly format?: "csv" | "parquet" | "json" | "ndjson";
  readonly delimiter?: string;
  readonly header?: boolean;
  readonly quote?: "minimal" | "all" | "none";
  /** Of zstd in Parquet: 1, which is quick and what is taken where absent, to 22, which is small. */
  readonly level?: number;
  /** The most rows in a row group of Parquet, rounded up to a multiple of 2,048: `3000` gives groups of 4,096. */
  readonly rowGroupRows?: number;
  /** Columns whose values become folders: `year=2024/month=1`. The path is that of a folder then. */
  readonly partitions?: readonly string[];
  /** How large the files of a folder shall be, roughly: `128MB`. The path is that of a folder then. */
  readonly targetSize?: string;
  /** How lines of delimited text end; `lf` where absent. */
  readonly newline?: "lf" | "crlf";
  /** What a null is in delimited text; nothing where absent. */
  readonly nullText?: string;
  /** Whether delimited text begins with a byte order mark, which Excel wants to see UTF-8. */
  readonly bom?: boolean;
  /** What NaN and infinity become in JSON, which has neither: an error, or null. `fail` where absent. */
  readonly nonFinite?: "fail" | "null";
  /** `zstd` where absent for Parquet; gzip for text whose name ends in `.gz`, else none. */
  readonly compression?: "snappy" | "zstd" | "gzip" | "none";
}

/** What stands in a text besides its records, and how its values are written. */
export interface TextOptions {
  /** What a line begins with that is a comment: `"#"`. */
  readonly comment?: string;
  /** How many lines stand above the header. */
  readonly skip?: number;
  /** How many lines that are not blank stand below the last record: sums, remarks. */
  readonly skipEnd?: number;
  /** What stands between whole and fraction of a number; a point where absent. */
  readonly decimal?: string;
  /** What may stand between groups of three digits: `"."`, `" "`, `"'"`. */
  readonly thousands?: string;
  /** Words that mean null where a whole unquoted field is one of them: `["NA", "-"]`. */
  readonly nulls?: readonly string[];
}

/** What is known of the folders in which files lie. */
export interface PathOptions {
  /** Whether folders such as `year=2024` are columns; absent: where all paths of a pattern have the same keys. */
  readonly hive?: boolean;
}

/** What is known of a delimited text. */
export interface CsvOptions extends DatasetOptions, TextOptions, PathOptions {
  /**
   * Whether blanks and tabs around values are left out: of all columns, texts too, or of none. Where absent, of the columns
   * whose blanks mean nothing, as found.
   */
  readonly trim?: boolean;
  /** What a record with too few fields is: a reject, or filled up with nulls. `reject` where absent. */
  readonly ragged?: "reject" | "pad";
}

/** A file that is read: a source for the configuration, and a relation in a query, where its columns are not known yet. */
export type FileSource = TypedRelation<OpenRow> & Addressed;

/**
 * Delimited text: one file, a glob (`data/*.csv`) or a template (`data/{day}.csv`), relative to the project's folder.
 * Compressed files are known by their content.
 *
 * @example
 * defineConfig({ project: "p", datasets: { crashes: csv("data/crashes.csv", { required: ["id"], maxRejects: "0.1%" }) } });
 * csv("data/crashes.csv").filter((c) => c.latitude.isNotNull()); // without a name, for a first look
 * @throws SluiceError `config` for an option that there is not
 */
export function csv(path: string, options: CsvOptions = {}): FileSource {
  const { dialect = {}, comment, skip, skipEnd, decimal, thousands, nulls, hive, trim, ragged, ...rest } = options;
  refuseOther(`the dialect of csv("${path}")`, dialect, DIALECT_MEMBERS);
  const { quote } = dialect;
  const given = { comment, skip, skipEnd, decimal, thousands, nulls, hive, trim, ragged };
  const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return fileSource("csv", path, rest, { ...dialect, ...(quote === "" ? { quote: "none" } : {}), ...said });
}

const DIALECT_MEMBERS = [
  "delimiter",
  "quote",
  "escape",
  "header",
  "newline",
  "encoding",
  "quotedEmpty",
  "compression",
  "comment",
  "skip",
  "skipEnd",
];

/**
 * Parquet: one file, a glob or a template.
 *
 * @example
 * defineConfig({ project: "p", datasets: { crashes: parquet("data/crashes-*.parquet") } });
 */
export function parquet(path: string, options: Omit<DatasetOptions, "dialect"> & PathOptions = {}): FileSource {
  const { hive, ...rest } = options;
  return fileSource("parquet", path, rest, { hive });
}

/** Where a column of a file of fixed width stands: its first and its last character, counted from 1. */
export type Span = readonly [first: number, last: number];

/** What is known of a file whose records are whole lines. */
export interface LineOptions
  extends Omit<DatasetOptions, "dialect" | "columns">,
    Pick<TextOptions, "comment" | "skip" | "skipEnd">,
    PathOptions {
  /** A WHATWG name; found where absent. */
  readonly encoding?: string;
  readonly newline?: "lf" | "crlf" | "cr" | "mixed";
}

/** What is known of a file of fixed width. */
export interface FixedOptions extends LineOptions, TextOptions {
  /** Every column with its place, as an object or as pairs: `{ row_id: [1, 6] }`. Characters between them are not read. */
  readonly columns: Readonly<Record<string, Span>> | readonly (readonly [name: string, span: Span])[];
  /** What a line that ends before the last column does is: a reject, or filled up with blanks. `reject` where absent. */
  readonly short?: "reject" | "pad";
  /** Whether blanks around a value are left out, which is so where absent. */
  readonly trim?: boolean;
}

/**
 * Text of fixed width: every column stands at the same characters of each line. Types are found from the values.
 *
 * @example
 * fixed("data/payment.txt", { columns: { row_id: [1, 6], timestamp: [8, 31], payment_type: [59, 61] } });
 * // a line `     1 Thu Aug 19 21:54:38 2021 … PTE` gives row_id 1, timestamp 2021-08-19 21:54:38, payment_type "PTE"
 * @throws SluiceError `config` for an option that there is not
 */
export function fixed(path: string, options: FixedOptions): FileSource {
  const { columns, short, trim, encoding, newline, comment, skip, skipEnd, decimal, thousands, nulls, hive, ...rest } =
    options;
  const spans = spansOf(path, columns);
  return fileSource("fixed", path, rest, {
    columns: spans,
    short,
    trim,
    encoding,
    newline,
    comment,
    skip,
    skipEnd,
    decimal,
    thousands,
    nulls,
    hive,
  });
}

function spansOf(path: string, columns: FixedOptions["columns"]): readonly (readonly [string, number, number])[] {
  const refuse = (says: string): never => {
    throw new SluiceError("config", says, { hint: "name every column with its place: columns: { id: [1, 6] }" });
  };
  if (columns === undefined || columns === null) return refuse(`fixed("${path}") needs its columns`);
  const pairs: readonly (readonly [string, Span])[] = Array.isArray(columns) ? columns : Object.entries(columns);
  return pairs.map(([name, span]) => {
    if (!Array.isArray(span) || span.length !== 2) {
      refuse(`fixed("${path}"): "${name}" stands at ${JSON.stringify(span)}, not at [first, last]`);
    }
    return [name, span[0], span[1]];
  });
}

/**
 * Text line by line: one column `line`, in which no character means anything. A line without a character is null.
 *
 * @example
 * lines("logs/*.log").filter((l) => l.line.startsWith("ERROR"));
 * // line
 * // ERROR disk full
 */
export function lines(path: string, options: LineOptions = {}): FileSource {
  const { encoding, newline, comment, skip, skipEnd, hive, ...rest } = options;
  return fileSource("lines", path, rest, { encoding, newline, comment, skip, skipEnd, hive });
}

/** What a source of JSON takes: the layouts of nested times by their path (`lines[].day`). */
export interface JsonOptions extends Omit<DatasetOptions, "dialect" | "reordered"> {
  /** Of what is no UTF-8 and has no byte order mark: a name of the WHATWG encoding standard. */
  readonly encoding?: string;
}

/**
 * JSON documents: one file, a glob or a template. The records are the items of the array that a document is, or of the one
 * at a path; or the one object there. Compressed files are known by their content.
 *
 * @example
 * defineConfig({ project: "p", datasets: { orders: json("data/orders.json", { at: "$.result.orders", required: ["id"] }) } });
 * @throws SluiceError `config` for an option that there is not
 */
export function json(path: string, options: JsonOptions & { readonly at?: string } = {}): FileSource {
  const { at, encoding, ...rest } = options;
  return fileSource("json", path, rest, { at, encoding });
}

/**
 * NDJSON, also called JSON lines: one object to a line. One file, a glob or a template.
 *
 * @example
 * defineConfig({ project: "p", datasets: { events: ndjson("data/events-*.ndjson.gz", { maxRejects: 10 }) } });
 * @throws SluiceError `config` for an option that there is not
 */
export function ndjson(path: string, options: JsonOptions = {}): FileSource {
  const { encoding, ...rest } = options;
  return fileSource("ndjson", path, rest, { encoding });
}

function fileSource(
  format: "csv" | "parquet" | "fixed" | "lines" | "json" | "ndjson",
  path: string,
  options: DatasetOptions,
  members: Readonly<Record<string, Json | undefined>>,
): FileSource {
  refuseOther(`${format}("${path}")`, options, DATASET_OPTIONS);
  refuseEmpty(format, path);
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

function refuseEmpty(what: string, path: unknown): void {
  if (typeof path === "string" && path.trim() !== "") return;
  throw new SluiceError("config", `${what}(${JSON.stringify(path) ?? String(path)}) names no file`, {
    hint: `give it a path: ${what}("data/x.csv")`,
  });
}

/**
 * A file to write.
 *
 * @example
 * load({ name: "publish", from: crash, into: file("out/crash.parquet"), mode: "replace" });
 */
export function file<const P extends string, const F extends FileTargetOptions["format"] = undefined>(
  path: P,
  options: FileTargetOptions & { readonly format?: F } = {},
): FileTarget<P, F> {
  refuseEmpty("file", path);
  const address = { type: "file", path, ...(options as Readonly<Record<string, Json>>) };
  return Object.freeze(address) as unknown as FileTarget<P, F>;
}

/** A file to write; what it keeps of types, its format says. */
export type FileTarget<P, F> = Address & Storing<TextOfFile<P, F>, JsonOfFile<P, F>>;
type FormatOf<P, F> = [F] extends [string]
  ? F
  : P extends `${string}.parquet` | `${string}.pq`
    ? "parquet"
    : P extends `${string}json${string}`
      ? "json"
      : "csv";
type TextOfFile<P, F> =
  FormatOf<P, F> extends "parquet"
    ? never
    : FormatOf<P, F> extends "csv"
      ? "bytes" | "interval" | "json" | "list" | "struct" | "map"
      : "bytes" | "interval";
type JsonOfFile<P, F> = FormatOf<P, F> extends "csv" | "parquet" ? never : "list" | "struct" | "map";

/** Tables of a SQLite database. */
export interface SqliteTables {
  /** A table: a target of a load, and a source for the configuration. */
  table(
    name: string,
    options?: Omit<DatasetOptions, "dialect">,
  ): Address & Addressed & Storing<"bytes" | "interval" | "uuid" | "json" | "list" | "struct" | "map">;
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
      refuseOther(`sqlite("${connection}").table("${name}")`, options, DATASET_OPTIONS);
      const address: Address = { type: "sqlite", connection, table: name };
      const marked = markSource(address, { address: { ...address }, options: Object.freeze({ ...options }) });
      return Object.freeze(marked);
    },
  });
}

/** How a table of the lake is made. */
export interface LakeTableOptions extends Omit<DatasetOptions, "dialect"> {
  /** What its rows are parted by: `["day(crash_date)", "bucket(16, id)"]`; a table that is there keeps what it has. */
  readonly partitions?: readonly string[];
  /** How large its files shall be, roughly: `128MB`. */
  readonly targetSize?: string;
}

/** The tables of the project's lake. */
export const lake: {
  /**
   * A table, with its namespace: a target of a load, and a source for the configuration; `@` and the number of a snapshot,
   * or a time, read an old version.
   *
   * @example
   * load({ name: "load_crash", from: crash, into: lake.table("chicago.crash", { partitions: ["day(crash_date)"] }) });
   */
  table(name: string, options?: LakeTableOptions): Address & Addressed & Storing<"interval" | "json">;
} = Object.freeze({
  table: (name: string, options: LakeTableOptions = {}) => {
    const { partitions, targetSize, ...rest } = options;
    refuseOther(`lake.table("${name}")`, rest, DATASET_OPTIONS);
    const address: Address = {
      type: "lake",
      table: name,
      ...(partitions === undefined ? {} : { partitions }),
      ...(targetSize === undefined ? {} : { targetSize }),
    };
    const marked = markSource(address, { address: { ...address }, options: Object.freeze({ ...rest }) });
    return Object.freeze(marked);
  },
});
