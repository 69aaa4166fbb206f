import type { Json } from "../json.ts";
import type { Column } from "./schema.ts";

/** How the records and fields of a delimited text file are told apart. Frozen by `sluice sync`, never guessed again. */
export interface CsvDialect {
  /** What stands between two fields; "" where a record is a whole line: fixed width, or lines as they are. */
  readonly delimiter: string;
  /** The quote character, or "" where quotes have no meaning. */
  readonly quote: string;
  /** The character that escapes a quote inside quotes; the quote itself by default. */
  readonly escape: string;
  readonly header: boolean;
  /** `mixed`: LF and CRLF in one file; it is read by way of a normalised copy. */
  readonly newline: "lf" | "crlf" | "cr" | "mixed";
  readonly encoding: string;
  /** What a quoted empty field is in a text column; in every other column it is null. An unquoted one is always null. */
  readonly quotedEmpty: "text" | "null";
  readonly compression: "none" | "gzip";
  /** What a line begins with that is no record but a comment; blank lines are no records then either. */
  readonly comment?: string;
  /** How many lines stand above the header, or above the first record where there is none. */
  readonly skip?: number;
  /** How many lines that are not blank stand below the last record. */
  readonly skipEnd?: number;
  /** Whether the header is not sound: quotes in it that end nothing are letters, and empty names are none. */
  readonly looseHeader?: true;
  /** Whether records with too few fields are filled up with nulls; absent, they are rejects. */
  readonly ragged?: "pad";
  /** For fixed width: see `FixedWidth`. */
  readonly fixed?: FixedWidth;
}

/** How the lines of a file of fixed width are read; where each column stands is its `span`. */
export interface FixedWidth {
  /** What a line that ends before the last column does is: a reject, or filled up with blanks. */
  readonly short: "reject" | "pad";
  /** Whether blanks around a value belong to the layout and not to the value. */
  readonly trim: boolean;
}

/** A column of a dataset as frozen: its type, and how its text is read where the source is text. */
export interface FrozenColumn extends Column {
  /** For date, time, timestamp and timestamptz: the one layout accepted, in strftime letters (`%Y-%m-%dT%H:%M:%S.%g`). */
  readonly format?: string;
  /** For what is nested in a column of JSON: the layouts by path (`order.lines[].day`). */
  readonly formats?: readonly (readonly [path: string, layout: string])[];
  /** For bool: the accepted words, in lower case; `[["true"], ["false"]]` where absent. */
  readonly words?: readonly [readonly string[], readonly string[]];
  /** For numbers: what stands between whole and fraction; a point where absent. */
  readonly decimal?: string;
  /** For numbers: what may stand between groups of three digits; nothing where absent. */
  readonly thousands?: string;
  /** The words that mean null where a whole unquoted field is one of them; every column of a dataset has the same. */
  readonly nulls?: readonly string[];
  /** Present where the value stands in the path of a file (`year=2024/`), not in the file. */
  readonly partition?: true;
  /** Whether blanks and tabs around a value do not belong to it; what is nothing else is null then. */
  readonly trim?: true;
  /** For fixed width: the first and the last character, counted from 1 in code points. */
  readonly span?: readonly [first: number, last: number];
  /**
   * For delimited text, a policy and never in a file: what a value that the column does not accept is. `null`: null, and counted;
   * `fail`: the end of the run, as drift; `target`: the same, since what the rows are for does not hold it. A reject where absent.
   */
  readonly misfit?: "null" | "fail" | "target";
  /**
   * A policy and never in a file: whether files and tables may lack the column, which is null then where it may be, and may have
   * a narrower type for it.
   */
  readonly evolves?: true;
  /** A policy and never in a file: its author left its type to the source, where another one is drift. */
  readonly asFound?: true;
  /** For a table that holds values of any type in any column: the type that it declared. Never part of the hash. */
  readonly declared?: string;
  /** What a person sees when hovering; never part of the hash. */
  readonly comment?: string;
}

/** A place that an adapter can read from or write to: its type names the adapter, the rest is the adapter's to check. */
export interface Address {
  readonly type: string;
  /** The name of a connection of the configuration. */
  readonly connection?: string;
  readonly [option: string]: Json | undefined;
}

/**
 * What a change of a source's columns means: `fail` stops the run, `warn` leaves new columns aside, and one that is gone fails;
 * `evolve` takes up new columns and wider types before the run is planned, and one that is gone is null.
 */
export type DriftPolicy = "fail" | "warn" | "evolve";

/**
 * How numbers have to be written so that a look at all of a text would find these types too: expressions without anchors for the
 * whole text, in what RE2 and JavaScript share.
 */
export interface NumberForms {
  readonly int64: string;
  readonly float64: string;
}

/** `schemas/<name>.json`: a source as `sluice sync` saw it, reviewed and committed like a lock file. */
export interface FrozenDataset {
  readonly version: 1;
  readonly name: string;
  readonly source: Address;
  /** For text files only. */
  readonly dialect?: CsvDialect;
  readonly columns: readonly FrozenColumn[];
  /** Rejects above it fail the run: a count, or a share of all records such as "0.5%". Absent: no limit. */
  readonly maxRejects?: number | string;
  /** `all` parses every typed column whatever is used of it; `used` is the visible opt-out. */
  readonly validate: "all" | "used";
  readonly drift: DriftPolicy;
  /** What a header with the frozen names in another order means. */
  readonly reordered: "fail" | "warn" | "accept";
  readonly stage: "volatile" | "persistent";
  /** Which copies of a persistent dataset are kept: so many, or those of so long (`P7D`); the newest always. Three where absent. */
  readonly keep?: number | string;
  /** Present where the author chose some of the source's columns: the others are no drift, and are never read. */
  readonly partial?: true;
  /** Never in a file. Present where the types are those of the start of a text: see `ScannableInput.early`. */
  readonly early?: NumberForms;
  /** Present where the columns are known from the load that writes it, and never in a file. */
  readonly writer?: TableWriter;
  /** Doubts that a person should resolve, for example two layouts that fit a column. */
  readonly warnings: readonly string[];
}

/** The load that writes a table. */
export interface TableWriter {
  readonly pipeline: string;
  readonly step: string;
  /** Present where the table is read on the way to its own load: as it was before, without rows where there is none yet. */
  readonly isOwn?: true;
}

/**
 * The members that decide what is read; comments, warnings, how long copies are kept and what tells of drift do not. Its canonical
 * JSON is what is hashed.
 */
export function frozenIdentity(dataset: FrozenDataset): Json {
  const { columns, warnings: _warnings, keep: _keep, ...rest } = dataset;
  const bare = columns.map(({ comment: _comment, asFound: _asFound, declared: _declared, ...column }) => column);
  return { ...rest, columns: bare } as unknown as Json;
}
